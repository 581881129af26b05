"""N-grams of characters or tokens, counted by numbers instead of strings: several times faster than a dictionary of strings.

Every n-gram has a 64-bit key, folded from its units' keys. Two n-grams share one by chance only: among a million the odds that any
two do are one in forty million.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Literal, NamedTuple, Self, cast

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.preprocessing import normalize

BEGIN, END = "⟨", "⟩"  # The edges of a text.
_FOLD = np.uint64(0x9E3779B97F4A7C15)
_AT_ONCE = 1_000_000  # Units of texts that are counted together: memory stays small however many texts there are.
_SIEVE = np.uint64(2**22 - 1)  # The bits of a key by which most unknown n-grams are told before they are counted.
Keys = NDArray[np.uint64]


class _Part(NamedTuple):
    """Counts of some texts: a column a key, with the text, place and length of the key's first occurrence (where nothing was sieved)."""

    counts: sparse.csr_matrix
    keys: Keys
    first: NDArray[np.int64]


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

    def fit_transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Learn the n-grams of texts and return their matrix; raise ValueError where none is left."""
        parts = list(self._count(texts))
        keys, first = np.unique(np.concatenate([part.keys for part in parts]), return_index=True)
        counts = sparse.vstack([_laid(part.counts, np.searchsorted(keys, part.keys), len(keys)) for part in parts], format="csr")
        occurs = np.bincount(counts.indices, minlength=len(keys))
        kept = np.flatnonzero((occurs >= self.min_df) & (occurs <= self.max_df * len(texts)))
        if self.max_features is not None and len(kept) > self.max_features:
            total = np.bincount(counts.indices, weights=counts.data, minlength=len(keys))[kept]
            kept = np.sort(kept[np.argsort(-total, kind="stable")[: self.max_features]])
        if not len(kept):
            raise ValueError(f"no n-gram is left of {len(keys)} in {len(texts)} texts")
        if len(kept) < len(keys):
            counts = counts[:, kept]
        self._learn(self._names(texts, np.concatenate([part.first for part in parts])[first[kept]]), keys[kept])
        self.idf = (np.log((1 + len(texts)) / (1 + occurs[kept])) + 1).astype(np.float32)
        return self._weighed(counts)

    def restore(self, names: Sequence[str], idf: NDArray[np.float32] | None) -> Self:
        """Become what learned these n-grams."""
        keys = np.zeros(len(names), dtype=np.uint64)
        split = list(names) if self.units == "characters" else [name.split(" ") for name in names]
        lengths = np.array([len(units) for units in split])
        for n in np.unique(lengths):
            mine = np.flatnonzero(lengths == n)
            keys[mine] = _folded(self._keys_of([unit for i in mine for unit in split[i]]).reshape(-1, n).T)
        self._learn(list(names), keys)
        self.idf = np.ones(len(names), np.float32) if idf is None else idf
        return self

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return the matrix of texts over the n-grams that were learned."""
        if not len(texts):
            return sparse.csr_matrix((0, len(self.names)), dtype=np.float32)
        parts = []
        for part in self._count(texts, self._sieve):
            place = np.minimum(np.searchsorted(self._sorted, part.keys), len(self._sorted) - 1)
            known = self._sorted[place] == part.keys
            parts.append(_laid(part.counts[:, known], self._order[place[known]], len(self.names)))
        return self._weighed(sparse.vstack(parts, format="csr"))

    def grams(self, text: str) -> list[str]:
        """Return the n-grams of a text, known or not."""
        units = self._cut(text)
        between = "" if self.units == "characters" else " "
        return [between.join(units[i : i + n]) for n in range(self.ngrams[0], self.ngrams[1] + 1) for i in range(len(units) - n + 1)]

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """N-grams → columns."""
        return {name: column for column, name in enumerate(self.names)}

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
        return normalize(counts, copy=False)

    def _count(self, texts: Sequence[str], sieve: NDArray[np.bool_] | None = None) -> Iterator[_Part]:
        """Count the n-grams of texts, a part of the texts at a time; with a *sieve*, those that may be known."""
        done = 0
        while done < len(texts):
            cut: list[Sequence[str]] = []
            size = 0
            while done + len(cut) < len(texts) and (not cut or size < _AT_ONCE):
                cut.append(self._cut(texts[done + len(cut)]))
                size += len(cut[-1])
            yield self._counted(cut, done, sieve)
            done += len(cut)

    def _counted(self, cut: Sequence[Sequence[str]], done: int, sieve: NDArray[np.bool_] | None) -> _Part:
        lengths = np.array([len(units) for units in cut])
        row = np.repeat(np.arange(len(cut)), lengths)
        begins = np.cumsum(lengths) - lengths
        left = np.repeat(begins + lengths, lengths) - np.arange(len(row))  # Units from here to the text's end.
        units = self._keys_of("".join(cut) if self.units == "characters" else [unit for text in cut for unit in text])  # type: ignore[arg-type]
        keys, starts = [], []
        folded = units
        for n in range(1, self.ngrams[1] + 1):
            if n > 1:
                folded = _folded([folded[:-1], units[n - 1 :]])
            if n >= self.ngrams[0]:
                starts.append(np.flatnonzero(left[: len(folded)] >= n))
                keys.append(folded[starts[-1]])
        start, found = np.concatenate(starts), np.concatenate(keys)
        if sieve is not None:
            maybe = np.flatnonzero(sieve[found & _SIEVE])
            start, found = start[maybe], found[maybe]
        known, at, column = np.unique(found, return_index=True, return_inverse=True)
        counts = sparse.csr_matrix((np.ones(len(column), dtype=np.float32), (row[start], column)), shape=(len(cut), len(known)))
        n_units = self.ngrams[0] + np.searchsorted(np.cumsum([len(mine) for mine in starts]), at, side="right")
        text = row[start[at]]
        return _Part(counts, known, ((text + done) << 39) | ((start[at] - begins[text]) << 3) | n_units)

    def _cut(self, text: str) -> Sequence[str]:
        if self.units == "characters":
            return f"{BEGIN}{text}{END}" if self.edges else text
        return [BEGIN, *text.split(), END] if self.edges else text.split()

    def _keys_of(self, units: Sequence[str]) -> Keys:
        if self.units == "characters":
            return _mixed(
                np.frombuffer((units if isinstance(units, str) else "".join(units)).encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
            )
        key = {unit: int.from_bytes(hashlib.blake2b(unit.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little") for unit in set(units)}
        return np.fromiter(map(key.__getitem__, units), dtype=np.uint64, count=len(units))

    def _names(self, texts: Sequence[str], first: NDArray[np.int64]) -> list[str]:
        """Return n-grams as strings from where they first stand: text, place and length in one number."""
        order = np.argsort(first)
        names = np.empty(len(first), dtype=object)
        names[order] = list(self._slices(texts, first[order]))
        return names.tolist()

    def _slices(self, texts: Sequence[str], first: NDArray[np.int64]) -> Iterator[str]:
        last, units = -1, cast(Sequence[str], "")
        for text, place, n in zip((first >> 39).tolist(), ((first >> 3) & 0xFFFFFFFFF).tolist(), (first & 7).tolist(), strict=True):
            if text != last:
                last, units = text, self._cut(texts[text])
            gram = units[place : place + n]
            yield gram if isinstance(gram, str) else " ".join(gram)


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


def _laid(counts: sparse.csr_matrix, columns: NDArray[np.intp], width: int) -> sparse.csr_matrix:
    """Return the same counts with their columns where *columns* says."""
    return sparse.csr_matrix((counts.data, columns[counts.indices], counts.indptr), shape=(counts.shape[0], width))
