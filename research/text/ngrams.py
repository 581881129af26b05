"""N-grams of characters or tokens, counted by numbers instead of strings: more than twice as fast as a dictionary of strings.

Every n-gram has a 64-bit key, folded from its units' keys. Two n-grams share one by chance only: among a million the odds that any
two do are one in forty million.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import Literal, NamedTuple, Self, cast

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.preprocessing import normalize

from research.errors import InputError

BEGIN, END = "⟨", "⟩"  # The edges of a text.
_FOLD = np.uint64(0x9E3779B97F4A7C15)
_AT_ONCE = 1_000_000  # Units of texts that are counted together: memory stays small however many texts there are.
_SIEVE = np.uint64(
    2**22 - 1
)  # The bits of a key by which most unknown n-grams are told before they are counted.
Keys = NDArray[np.uint64]


class _Occurrences(NamedTuple):
    """Every n-gram of some texts, the short ones first: its key, its text's position, and where among all their units it begins."""

    keys: Keys
    rows: NDArray[np.intp]
    starts: NDArray[np.intp]
    sizes: list[int]  # How many have the fewest units, one more, …


class NGrams:
    """The vectorizer of n-grams of a text's characters or, apart by spaces, its tokens: texts → n_texts × n_ngrams, float32.

    ``weigh`` is ``"count"`` or ``"tfidf"``, by scikit-learn's formulas (smoothed inverse document frequency, rows of length 1), with
    1 + ln(count) for the count where *sublinear*. With *edges*, a text's beginning and end are units too. *min_df* and *max_df* are the
    fewest texts and the largest share of texts that an n-gram may stand in; of the rest, the *max_features* commonest stay.
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
        self.units, self.ngrams, self.edges = units, ngrams, edges
        self.weigh, self.sublinear = weigh, sublinear
        self.min_df, self.max_df, self.max_features = min_df, max_df, max_features

    def fit_transform(self, texts: Sequence[str], y: object = None) -> sparse.csr_matrix:
        """Learn the n-grams of texts and return their matrix; raise ValueError where none is left."""
        tables, keys_of, first_of = [], [], []
        for done, cut in self._batches(texts):
            found = self._occurrences(cut)
            known, at, column = np.unique(found.keys, return_index=True, return_inverse=True)
            tables.append(_table(found.rows, column, (len(cut), len(known))))
            keys_of.append(known)
            first_of.append(self._first(cut, done, found, at))
        keys, first = np.unique(np.concatenate(keys_of), return_index=True)
        laid = (
            _laid(table, np.searchsorted(keys, known), len(keys))
            for table, known in zip(tables, keys_of, strict=True)
        )
        counts = sparse.vstack(list(laid), format="csr")
        occurs = np.bincount(counts.indices, minlength=len(keys))
        kept = np.flatnonzero((occurs >= self.min_df) & (occurs <= self.max_df * len(texts)))
        if self.max_features is not None and len(kept) > self.max_features:
            total = np.bincount(counts.indices, weights=counts.data, minlength=len(keys))[kept]
            kept = np.sort(kept[np.argsort(-total, kind="stable")[: self.max_features]])
        if not len(kept):
            raise ValueError(f"no n-gram is left of {len(keys)} in {len(texts)} texts")
        if len(kept) < len(keys):
            counts = counts[:, kept]
        self._learn(self._names(texts, np.concatenate(first_of)[first[kept]]), keys[kept])
        self.idf = (np.log((1 + len(texts)) / (1 + occurs[kept])) + 1).astype(np.float32)
        return self._weighed(counts)

    def restore(self, names: Sequence[str], idf: NDArray[np.float32] | None) -> Self:
        """Become what learned these n-grams; raise InputError for one of too few or too many units."""
        keys = np.zeros(len(names), dtype=np.uint64)
        for mine, units in self._units_of(names):
            if not self.ngrams[0] <= len(units) <= self.ngrams[1]:
                least, most = self.ngrams
                raise InputError(
                    f"n-gram {names[mine[0]]!r} has {len(units)} {self.units}, expected {least} to {most}; train the run again"
                )
            keys[mine] = _folded(units)
        self._learn(list(names), keys)
        self.idf = np.ones(len(names), np.float32) if idf is None else idf
        return self

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return the matrix of texts over the n-grams that were learned."""
        if not len(texts):
            return sparse.csr_matrix((0, len(self.names))).astype(np.float32)
        tables = []
        for _, cut in self._batches(texts):
            found = self._occurrences(cut)
            known, columns = self._known(found.keys)
            tables.append(_table(found.rows[known], columns, (len(cut), len(self.names))))
        return self._weighed(sparse.vstack(tables, format="csr"))

    def places(
        self, texts: Sequence[str]
    ) -> Iterator[tuple[NDArray[np.intp], list[NDArray[np.intp]]]]:
        """Yield, of some texts at a time, each unit's text and, for every n, the column of the n-gram that begins there; -1 for none."""
        for done, cut in self._batches(texts):
            found = self._occurrences(cut)
            rows = np.repeat(np.arange(done, done + len(cut)), [len(units) for units in cut])
            known, columns = self._known(found.keys)
            column = np.full(len(found.keys), -1)
            column[known] = columns
            begins = []
            for last, size in zip(np.cumsum(found.sizes), found.sizes, strict=True):
                begins.append(np.full(len(rows), -1))
                begins[-1][found.starts[last - size : last]] = column[last - size : last]
            yield rows, begins

    def parts(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the columns of what each n-gram is without its last unit, and without its first; -1 for none."""
        before, after = np.full(len(self.names), -1), np.full(len(self.names), -1)
        for mine, units in self._units_of(self.names):
            for part, kept in ((before, units[:-1]), (after, units[1:])):
                if len(kept):
                    known, columns = self._known(_folded(kept))
                    part[mine[known]] = columns
        return before, after

    def grams(self, text: str) -> list[str]:
        """Return the n-grams of a text, known or not."""
        units = self._cut(text)
        return [
            _joined(units[i : i + n])
            for n in range(self.ngrams[0], self.ngrams[1] + 1)
            for i in range(len(units) - n + 1)
        ]

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """N-grams → columns."""
        return {name: column for column, name in enumerate(self.names)}

    def _known(self, keys: Keys) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return where among keys those of learned n-grams stand, and the columns of these."""
        maybe = np.flatnonzero(self._sieve[keys & _SIEVE])
        place = np.minimum(np.searchsorted(self._sorted, keys[maybe]), len(self._sorted) - 1)
        known = self._sorted[place] == keys[maybe]
        return maybe[known], self._order[place[known]]

    def _learn(self, names: list[str], keys: Keys) -> None:
        self.names = names
        self.__dict__.pop("vocabulary", None)
        self._order = np.argsort(keys)
        self._sorted = keys[self._order]
        self._sieve = np.zeros(int(_SIEVE) + 1, dtype=bool)
        self._sieve[keys & _SIEVE] = True

    def _weighed(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        if self.weigh == "count":
            return counts
        if self.sublinear:
            counts.data = 1 + np.log(counts.data)
        counts.data *= self.idf[counts.indices]
        weighted: sparse.csr_matrix = normalize(counts, copy=False)
        return weighted

    def _batches(self, texts: Sequence[str]) -> Iterator[tuple[int, list[Sequence[str]]]]:
        """Yield how many texts came before, and the units of the next ones, so many that they are counted together."""
        done = 0
        while done < len(texts):
            cut: list[Sequence[str]] = []
            size = 0
            while done + len(cut) < len(texts) and (not cut or size < _AT_ONCE):
                cut.append(self._cut(texts[done + len(cut)]))
                size += len(cut[-1])
            yield done, cut
            done += len(cut)

    def _occurrences(self, cut: Sequence[Sequence[str]]) -> _Occurrences:
        lengths = np.array([len(units) for units in cut])
        row = np.repeat(np.arange(len(cut)), lengths)
        left = np.repeat(np.cumsum(lengths), lengths) - np.arange(
            len(row)
        )  # Units from here to the text's end.
        folded = units = self._keys_of(cut)
        keys, starts = [], []
        for n in range(1, self.ngrams[1] + 1):
            if n > 1:
                folded = _folded([folded[:-1], units[n - 1 :]])
            if n >= self.ngrams[0]:
                starts.append(np.flatnonzero(left[: len(folded)] >= n))
                keys.append(folded[starts[-1]])
        start = np.concatenate(starts)
        return _Occurrences(np.concatenate(keys), row[start], start, [len(mine) for mine in starts])

    def _first(
        self, cut: Sequence[Sequence[str]], done: int, found: _Occurrences, at: NDArray[np.intp]
    ) -> NDArray[np.int64]:
        """Return where n-grams stand that occur *at* these positions: text, place in it and number of units in one number."""
        lengths = np.array([len(units) for units in cut])
        begins = np.cumsum(lengths) - lengths
        rows = found.rows[at]
        n_units = self.ngrams[0] + np.searchsorted(np.cumsum(found.sizes), at, side="right")
        first: NDArray[np.int64] = (
            ((rows + done) << 39) | ((found.starts[at] - begins[rows]) << 3) | n_units
        )
        return first

    def _cut(self, text: str) -> Sequence[str]:
        if self.units == "characters":
            return f"{BEGIN}{text}{END}" if self.edges else text
        return [BEGIN, *text.split(), END] if self.edges else text.split()

    def _keys_of(self, cut: Sequence[Sequence[str]]) -> Keys:
        """Return the keys of all texts' units, one text after the other."""
        if self.units == "characters":
            codes = "".join(cast(Sequence[str], cut)).encode("utf-32-le", "surrogatepass")
            return _mixed(np.frombuffer(codes, dtype=np.uint32).astype(np.uint64))
        units = list(chain.from_iterable(cut))
        key = {
            unit: int.from_bytes(
                hashlib.blake2b(unit.encode("utf-8", "surrogatepass"), digest_size=8).digest(),
                "little",
            )
            for unit in set(units)
        }
        return np.fromiter(map(key.__getitem__, units), dtype=np.uint64, count=len(units))

    def _units_of(
        self, names: Sequence[str]
    ) -> Iterator[tuple[NDArray[np.intp], NDArray[np.uint64]]]:
        """Yield which n-grams have 1, 2, … units, and their units' keys, n × n_ngrams."""
        split = list(names) if self.units == "characters" else [name.split(" ") for name in names]
        lengths = np.fromiter(map(len, split), np.intp, len(split))
        for n in np.unique(lengths):
            mine = np.flatnonzero(lengths == n)
            yield mine, self._keys_of([split[i] for i in mine]).reshape(len(mine), n).T

    def _names(self, texts: Sequence[str], first: NDArray[np.int64]) -> list[str]:
        """Return n-grams as strings from where they first stand: text, place and length in one number."""
        if self.units == "characters":
            cut = [cast(str, self._cut(text)) for text in texts]
            lengths = np.array([len(text) for text in cut])
            start = (np.cumsum(lengths) - lengths)[first >> 39] + ((first >> 3) & 0xFFFFFFFFF)
            whole = "".join(cut)
            return [
                whole[i:j]
                for i, j in zip(start.tolist(), (start + (first & 7)).tolist(), strict=True)
            ]
        order = np.argsort(first)
        names = np.empty(len(first), dtype=object)
        names[order] = list(self._slices(texts, first[order]))
        return names.tolist()

    def _slices(self, texts: Sequence[str], first: NDArray[np.int64]) -> Iterator[str]:
        last, units = -1, cast(Sequence[str], "")
        for text, place, n in zip(
            (first >> 39).tolist(),
            ((first >> 3) & 0xFFFFFFFFF).tolist(),
            (first & 7).tolist(),
            strict=True,
        ):
            if text != last:
                last, units = text, self._cut(texts[text])
            yield _joined(units[place : place + n])


def _joined(units: Sequence[str]) -> str:
    """Return an n-gram as a string; characters are one already."""
    return units if isinstance(units, str) else " ".join(units)


def _mixed(values: Keys) -> Keys:
    """Return 64-bit numbers in which every bit of *values* has a part (Steele, Lea & Flood 2014, splitmix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9) + _FOLD
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Keys = values ^ (values >> np.uint64(31))
    return mixed


def _folded(units: Sequence[Keys] | NDArray[np.uint64]) -> Keys:
    """Return the keys of n-grams from those of their first, second, … units."""
    keys = units[0]
    for unit in units[1:]:
        keys = _mixed(keys[: len(unit)] * _FOLD + unit)
    return keys


def _table(
    rows: NDArray[np.intp], columns: NDArray[np.intp], shape: tuple[int, int]
) -> sparse.csr_matrix:
    """Count how often each row and column come together."""
    return sparse.csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=shape)


def _laid(counts: sparse.csr_matrix, columns: NDArray[np.intp], width: int) -> sparse.csr_matrix:
    """Return the same counts with their columns where *columns* says."""
    return sparse.csr_matrix(
        (counts.data, columns[counts.indices], counts.indptr), shape=(counts.shape[0], width)
    )
