"""N-grams of characters or tokens, counted by numbers instead of strings.

That is more than twice as fast as a dictionary of strings. Does not segment: texts of tokens have
spaces between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.preprocessing import normalize

from research.errors import InputError
from research.text.ngram_keys import Keys, folded
from research.text.ngram_units import (
    Batch,
    Occurrences,
    Places,
    TextUnits,
    Units,
    joined,
    occurrences_in,
)

# Texts of so many units are counted together: memory stays small however many texts there are.
_UNITS_PER_BATCH = 1_000_000
# The lowest bits of a key: they sort out most unknown n-grams before the search among known keys.
_SIEVE_BITS = 22
_SIEVE = np.uint64(2**_SIEVE_BITS - 1)
_NO_COLUMN = -1


class NGrams:
    """The vectorizer of n-grams: texts → n_texts × n_ngrams, float32.

    The weights are those of scikit-learn's formulas (smoothed inverse document frequency, rows of
    length 1).

    Parameters
    ----------
    units : "characters" or "tokens"
        Of what an n-gram consists; tokens stand between spaces.
    ngrams : (int, int), default (1, 1)
        Fewest and most units of an n-gram; at most 7.
    edges : bool, default False
        Whether a text's beginning and end are units too.
    weigh : "count" or "tfidf", default "tfidf"
    sublinear : bool, default True
        Whether tf–idf takes 1 + ln(count) in the place of the count.
    min_df : int, default 1
        Fewest texts in which an n-gram occurs.
    max_df : float, default 1.0
        Largest share of texts in which an n-gram occurs.
    max_features : int, default None
        Of the n-grams between the two, so many of the most frequent stay.

    Attributes
    ----------
    names : list of str
        The n-grams, by column.
    idf : array of shape (n_ngrams,), float32
        Their inverse document frequencies.

    Examples
    --------
    >>> vectorizer = NGrams("characters", (1, 2), weigh="count")
    >>> vectorizer.fit_transform(["水质", "水费"]).shape
    (2, 5)
    """

    def __init__(
        self,
        units: Literal["characters", "tokens"],
        ngrams: tuple[int, int] = (1, 1),
        *,
        edges: bool = False,
        weigh: Literal["count", "tfidf"] = "tfidf",
        sublinear: bool = True,
        min_df: int = 1,
        max_df: float = 1.0,
        max_features: int | None = None,
    ) -> None:
        self.units = units
        self.ngrams = ngrams
        self.edges = edges
        self.weigh = weigh
        self.sublinear = sublinear
        self.min_df = min_df
        self.max_df = max_df
        self.max_features = max_features
        self._text_units = TextUnits(units, edges)

    def fit_transform(self, texts: Sequence[str], y: object = None) -> sparse.csr_matrix:
        """Learn the n-grams of texts and return their matrix.

        Raises ValueError where no n-gram is left.
        """
        fewest_units, _ = self.ngrams
        tables = []
        keys_of_tables = []
        positions_of_tables = []
        for batch in self._batches(texts):
            occurrences = self._occurrences(batch)
            keys, first, columns = np.unique(
                occurrences.keys,
                return_index=True,
                return_inverse=True,
            )
            shape = (len(batch.texts), len(keys))
            table = _table(occurrences.rows, columns, shape)
            positions = occurrences.positions(batch, first, fewest_units)
            tables.append(table)
            keys_of_tables.append(keys)
            positions_of_tables.append(positions)
        all_keys = np.concatenate(keys_of_tables)
        keys, first = np.unique(all_keys, return_index=True)
        counts = _stacked(tables, keys_of_tables, keys)
        n_keys = len(keys)
        document_frequency = np.bincount(counts.indices, minlength=n_keys)
        columns = self._selected(counts, document_frequency)
        if not len(columns):
            raise ValueError(f"no n-gram is left of {n_keys} in {len(texts)} texts")
        if len(columns) < n_keys:
            counts = counts[:, columns]
        positions = np.concatenate(positions_of_tables)
        first_positions = positions[first[columns]]
        names = self._text_units.names_at(texts, first_positions)
        self._learn(names, keys[columns])
        self.idf = _smoothed_idf(document_frequency[columns], len(texts))
        return self._weighed(counts)

    def restore(self, names: Sequence[str], idf: NDArray[np.float32] | None) -> Self:
        """Become the vectorizer that learned these n-grams.

        Raises InputError for an n-gram of too few or too many units.
        """
        keys = np.zeros(len(names), dtype=np.uint64)
        fewest, most = self.ngrams
        for places, units in self._text_units.by_length(names):
            n_units = len(units)
            if not fewest <= n_units <= most:
                name = names[places[0]]
                raise InputError(
                    f"n-gram {name!r} has {n_units} {self.units}, expected {fewest} to {most}; "
                    "train the run again"
                )
            keys[places] = folded(units)
        self._learn(list(names), keys)
        if idf is None:
            idf = np.ones(len(names), np.float32)
        self.idf = idf
        return self

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return the matrix of texts over the n-grams that were learned."""
        n_columns = len(self.names)
        if not len(texts):
            return sparse.csr_matrix((0, n_columns)).astype(np.float32)
        tables = []
        for batch in self._batches(texts):
            occurrences = self._occurrences(batch)
            known, columns = self._known(occurrences.keys)
            rows = occurrences.rows[known]
            shape = (len(batch.texts), n_columns)
            table = _table(rows, columns, shape)
            tables.append(table)
        counts = sparse.vstack(tables, format="csr")
        return self._weighed(counts)

    def places(self, texts: Sequence[str]) -> Iterator[tuple[Places, list[Places]]]:
        """Yield, of some texts at a time, the n-grams that begin at each unit.

        Yields the number of each unit's text, (n_units,), and for every number of units that an
        n-gram may have the column of the n-gram that begins there, (n_units,); -1 for none.
        """
        for batch in self._batches(texts):
            occurrences = self._occurrences(batch)
            known, known_columns = self._known(occurrences.keys)
            columns = _no_columns(len(occurrences.keys))
            columns[known] = known_columns
            rows = batch.rows() + batch.first_text
            columns_of_size = []
            for of_size in occurrences.slices():
                begins = _no_columns(len(rows))
                starts = occurrences.starts[of_size]
                begins[starts] = columns[of_size]
                columns_of_size.append(begins)
            yield rows, columns_of_size

    def parts(self) -> tuple[Places, Places]:
        """Return the columns of every n-gram's beginning and of its end; -1 for none.

        The beginning is the n-gram without its last unit, the end the n-gram without its first.
        """
        n_ngrams = len(self.names)
        beginnings = _no_columns(n_ngrams)
        ends = _no_columns(n_ngrams)
        for places, units in self._text_units.by_length(self.names):
            if len(units) == 1:
                continue
            without_last = units[:-1]
            without_first = units[1:]
            self._look_up(without_last, places, beginnings)
            self._look_up(without_first, places, ends)
        return beginnings, ends

    def _look_up(self, units: NDArray[np.uint64], places: Places, columns: Places) -> None:
        """Set *columns* at *places* to those of the n-grams of these units, where known."""
        keys = folded(units)
        known, known_columns = self._known(keys)
        known_places = places[known]
        columns[known_places] = known_columns

    def grams(self, text: str) -> list[str]:
        """Return the n-grams of a text, known or not.

        >>> NGrams("characters", (1, 2)).grams("水质")
        ['水', '质', '水质']
        """
        units = self._text_units.split(text)
        fewest, most = self.ngrams
        ngrams = []
        for n in range(fewest, most + 1):
            last = len(units) - n
            for start in range(last + 1):
                ngram = units[start : start + n]
                ngrams.append(joined(ngram))
        return ngrams

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """N-grams → columns."""
        return {name: column for column, name in enumerate(self.names)}

    def _known(self, keys: Keys) -> tuple[Places, Places]:
        """Return where among keys those of learned n-grams stand, and the columns of these."""
        passes = self._sieve[keys & _SIEVE]
        candidates = np.flatnonzero(passes)
        candidate_keys = keys[candidates]
        last = len(self._sorted) - 1
        ranks = np.searchsorted(self._sorted, candidate_keys)
        ranks = np.minimum(ranks, last)
        is_known = self._sorted[ranks] == candidate_keys
        known_ranks = ranks[is_known]
        known = candidates[is_known]
        return known, self._order[known_ranks]

    def _learn(self, names: list[str], keys: Keys) -> None:
        self.names = names
        self.__dict__.pop("vocabulary", None)
        self._order = np.argsort(keys)
        self._sorted = keys[self._order]
        low_bits = keys & _SIEVE
        self._sieve = np.zeros(2**_SIEVE_BITS, dtype=bool)
        self._sieve[low_bits] = True

    def _selected(self, counts: sparse.csr_matrix, document_frequency: Places) -> Places:
        """Return the columns of the n-grams that are neither too rare nor too frequent."""
        n_texts, n_columns = counts.shape
        is_frequent = document_frequency >= self.min_df
        is_distinctive = document_frequency <= self.max_df * n_texts
        columns = np.flatnonzero(is_frequent & is_distinctive)
        if self.max_features is None or len(columns) <= self.max_features:
            return columns
        totals = np.bincount(
            counts.indices,
            weights=counts.data,
            minlength=n_columns,
        )
        order = np.argsort(-totals[columns], kind="stable")
        ranked = columns[order]
        most_frequent = ranked[: self.max_features]
        return np.sort(most_frequent)

    def _weighed(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        if self.weigh == "count":
            return counts
        if self.sublinear:
            counts.data = 1 + np.log(counts.data)
        counts.data *= self.idf[counts.indices]
        weighted: sparse.csr_matrix = normalize(counts, copy=False)
        return weighted

    def _batches(self, texts: Sequence[str]) -> Iterator[Batch]:
        """Yield texts, so many at a time that they are counted together."""
        n_texts = len(texts)
        first_text = 0
        while first_text < n_texts:
            batch: list[Units] = []
            n_units = 0
            following = first_text
            while following < n_texts and (not batch or n_units < _UNITS_PER_BATCH):
                units = self._text_units.split(texts[following])
                batch.append(units)
                n_units += len(units)
                following += 1
            yield Batch(first_text, batch)
            first_text = following

    def _occurrences(self, batch: Batch) -> Occurrences:
        unit_keys = self._text_units.keys(batch.texts)
        return occurrences_in(batch, unit_keys, self.ngrams)


def _no_columns(n: int) -> Places:
    return np.full(n, _NO_COLUMN)


def _smoothed_idf(document_frequency: Places, n_texts: int) -> NDArray[np.float32]:
    """Return inverse document frequencies as if one more text had every n-gram."""
    ratio = (1 + n_texts) / (1 + document_frequency)
    idf = np.log(ratio) + 1
    single: NDArray[np.float32] = idf.astype(np.float32)
    return single


def _table(rows: Places, columns: Places, shape: tuple[int, int]) -> sparse.csr_matrix:
    """Count how often each row and column occur together."""
    ones = np.ones(len(rows), dtype=np.float32)
    cells = (rows, columns)
    return sparse.csr_matrix((ones, cells), shape=shape)


def _stacked(
    tables: Sequence[sparse.csr_matrix], keys_of_tables: Sequence[Keys], keys: Keys
) -> sparse.csr_matrix:
    """Return the rows of all tables over the columns of *keys*, which are sorted."""
    n_columns = len(keys)
    widened = []
    for table, table_keys in zip(tables, keys_of_tables, strict=True):
        columns = np.searchsorted(keys, table_keys)
        parts = (table.data, columns[table.indices], table.indptr)
        shape = (table.shape[0], n_columns)
        wide = sparse.csr_matrix(parts, shape=shape)
        widened.append(wide)
    counts: sparse.csr_matrix = sparse.vstack(widened, format="csr")
    return counts
