"""Find near-duplicates: across a split, or among the articles of one archive.

Two texts are near-duplicates where their character 5-grams agree (Jaccard). Candidates come from
MinHash with locality-sensitive hashing (Broder 1997; datasketch), and each is confirmed exactly, so
no near-duplicate that is returned is wrong. Punctuation and spaces do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.files import Progress, report_progress

_STAGE = "near-duplicates"
_TEXTS_PER_REPORT = 500
_PUNCTUATION = re.compile(r"[\W_]+")
_GRAM_LENGTH = 5  # characters
_N_PERMUTATIONS = 64  # hash functions of a MinHash
# The index looks this much below the threshold, because a MinHash only estimates the similarity.
_CANDIDATE_MARGIN = 0.1
# Odd constants that mix bits, one per character of a 5-gram (as in xxHash).
_MIX = np.array([0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1], dtype=np.uint32)
_FIRST_SHIFT, _LAST_SHIFT = np.uint32(15), np.uint32(13)  # bits
_FNV_PRIME = np.uint32(0x01000193)


class NearDuplicatePair(NamedTuple):
    """Two near-duplicates: their positions and the Jaccard similarity of their 5-grams."""

    left: int
    right: int
    similarity: float


def near_duplicates(
    left: Sequence[str],
    right: Sequence[str],
    threshold: float = 0.8,
    progress: Progress | None = None,
) -> list[NearDuplicatePair]:
    """Return the pairs of a *left* and a *right* text that are near-duplicates.

    Parameters
    ----------
    left, right : texts; both may be the same list.
    threshold : the least Jaccard similarity of the character 5-grams, 0 to 1.
    progress : called with stage, texts done and texts in all.
    """
    index = _Index(threshold)
    total = len(left) + len(right)
    for i, text in enumerate(left):
        sketch = index.sketch(text)
        index.add(i, sketch)
        if i % _TEXTS_PER_REPORT == 0:
            report_progress(progress, _STAGE, i, total)
    pairs = []
    for j, text in enumerate(right):
        if j % _TEXTS_PER_REPORT == 0:
            report_progress(progress, _STAGE, len(left) + j, total)
        sketch = index.sketch(text)
        for i, similarity in index.near_duplicates_of(text, sketch, left):
            pairs.append(NearDuplicatePair(i, j, similarity))
    report_progress(progress, _STAGE, total, total)
    return pairs


def near_duplicate_groups(
    texts: Sequence[str], threshold: float = 0.8, progress: Progress | None = None
) -> list[list[int]]:
    """Return groups of near-duplicates (one report of an agency, printed again and again).

    A text joins a group when it is a near-duplicate of one text in it; see
    :func:`near_duplicates`. A text without near-duplicates is in no group. Positions rise within a
    group, and groups are in the order of their first texts.
    """
    index = _Index(threshold)
    groups = _Groups(len(texts))
    total = len(texts)
    for j, text in enumerate(texts):
        sketch = index.sketch(text)
        for i, _ in index.near_duplicates_of(text, sketch, texts):
            groups.join(i, j)
        index.add(j, sketch)
        done = j + 1
        if j % _TEXTS_PER_REPORT == 0 or done == total:
            report_progress(progress, _STAGE, done, total)
    return groups.of_several()


class _Groups:
    """Positions in groups that grow together (union–find); a group's first position names it."""

    def __init__(self, size: int) -> None:
        self.first = list(range(size))

    def first_of(self, i: int) -> int:
        first = self.first[i]
        while first != i:
            self.first[i] = self.first[first]  # Shortens the way for later calls.
            i = self.first[i]
            first = self.first[i]
        return i

    def join(self, i: int, j: int) -> None:
        one, other = self.first_of(i), self.first_of(j)
        earlier, later = min(one, other), max(one, other)
        self.first[later] = earlier

    def of_several(self) -> list[list[int]]:
        groups: dict[int, list[int]] = {}
        size = len(self.first)
        for i in range(size):
            group = groups.setdefault(self.first_of(i), [])
            group.append(i)
        return [group for group in groups.values() if len(group) > 1]


class _Index:
    """Texts by their MinHash."""

    def __init__(self, threshold: float) -> None:
        from datasketch import MinHash, MinHashLSH

        self.threshold = threshold
        lowest = max(0.1, threshold - _CANDIDATE_MARGIN)
        self.lsh = MinHashLSH(threshold=lowest, num_perm=_N_PERMUTATIONS)
        self.blank = MinHash(num_perm=_N_PERMUTATIONS, hashfunc=int)

    def sketch(self, text: str) -> Any:
        """Return the MinHash of a text, None for a text without a letter."""
        letters = _letters(text)
        if not letters:
            return None
        sketch = self.blank.copy()
        sketch.update_batch(_hashed_grams(letters).tolist())
        return sketch

    def add(self, position: int, sketch: Any) -> None:
        if sketch is not None:
            self.lsh.insert(position, sketch)

    def near_duplicates_of(
        self, text: str, sketch: Any, texts: Sequence[str]
    ) -> Iterator[tuple[int, float]]:
        """Yield the near-duplicates of a text among the *texts* added so far, with similarities."""
        if sketch is None:
            return
        candidates = sorted(self.lsh.query(sketch))
        grams = _grams(text) if candidates else frozenset()
        for i in candidates:
            similarity = _jaccard(grams, _grams(texts[i]))
            if similarity >= self.threshold:
                yield i, round(similarity, 4)


def _jaccard(grams: frozenset[str], other: frozenset[str]) -> float:
    shared = len(grams & other)
    return shared / (len(grams) + len(other) - shared)


def _letters(text: str) -> str:
    return _PUNCTUATION.sub("", text)


def _hashed_grams(letters: str) -> NDArray[np.uint32]:
    """Return 32-bit hashes of a text's 5-grams, all at once."""
    encoded = letters.encode("utf-32-le")
    padded = encoded.ljust(4 * _GRAM_LENGTH, b"\0")
    codes = np.frombuffer(padded, dtype=np.uint32) * _FNV_PRIME
    codes ^= codes >> _FIRST_SHIFT
    n_grams = len(codes) - _GRAM_LENGTH + 1
    hashes = np.zeros(n_grams, dtype=np.uint32)
    for place, factor in enumerate(_MIX):
        characters = codes[place : place + n_grams]
        hashes += characters * factor
    hashes ^= hashes >> _LAST_SHIFT
    return hashes


def _grams(text: str) -> frozenset[str]:
    letters = _letters(text)
    if not letters:
        return frozenset()
    last = max(0, len(letters) - _GRAM_LENGTH)
    starts = range(last + 1)
    return frozenset(letters[i : i + _GRAM_LENGTH] for i in starts)
