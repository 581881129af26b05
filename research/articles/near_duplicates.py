"""Find near-identical texts: across a split, or wire copy within one archive."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.files import Progress


class Pair(NamedTuple):
    """Two near-identical texts: their positions and the Jaccard similarity of their character 5-grams."""

    left: int
    right: int
    similarity: float


_MARKS = re.compile(r"[\W_]+")
_SHINGLE = 5
_TWINS = "near-identical texts"
_MIX = np.array([0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1], dtype=np.uint32)


def near_duplicates(
    left: Sequence[str],
    right: Sequence[str],
    threshold: float = 0.8,
    progress: Progress | None = None,
) -> list[Pair]:
    """Return the pairs of a *left* and a *right* text whose character 5-grams agree (Jaccard ≥ *threshold*).

    Candidates come from MinHash with locality-sensitive hashing (Broder 1997; datasketch), and each is
    confirmed exactly, so no pair that is returned is wrong. Punctuation and spaces do not count.
    """
    index = _Index(threshold)
    total = len(left) + len(right)
    for i, text in enumerate(left):
        index.add(i, index.sketch(text))
        if progress and i % 500 == 0:
            progress(_TWINS, i, total)
    pairs = []
    for j, text in enumerate(right):
        if progress and j % 500 == 0:
            progress(_TWINS, len(left) + j, total)
        pairs += [
            Pair(i, j, similarity) for i, similarity in index.like(text, index.sketch(text), left)
        ]
    if progress:
        progress(_TWINS, total, total)
    return pairs


def repeated(
    texts: Sequence[str], threshold: float = 0.8, progress: Progress | None = None
) -> list[list[int]]:
    """Return groups of near-identical texts (wire copy), positions rising, the group with the earliest text first.

    A text joins a group when it nearly repeats one of it, as :func:`near_duplicates` has it. Texts that nothing repeats are in no group.
    """
    index = _Index(threshold)
    first = list(range(len(texts)))

    def root(i: int) -> int:
        while first[i] != i:
            i = first[i] = first[first[i]]
        return i

    for j, text in enumerate(texts):
        sketch = index.sketch(text)
        for i, _ in index.like(text, sketch, texts):
            one, other = sorted((root(i), root(j)))
            first[other] = one
        index.add(j, sketch)
        if progress and (j % 500 == 0 or j + 1 == len(texts)):
            progress(_TWINS, j + 1, len(texts))
    groups: dict[int, list[int]] = {}
    for j in range(len(texts)):
        groups.setdefault(root(j), []).append(j)
    return [group for group in groups.values() if len(group) > 1]


class _Index:
    """Finds candidates for near-identical texts."""

    def __init__(self, threshold: float) -> None:
        from datasketch import MinHash, MinHashLSH

        self.threshold = threshold
        self.lsh = MinHashLSH(threshold=max(0.1, threshold - 0.1), num_perm=64)
        self.blank = MinHash(num_perm=64, hashfunc=int)

    def sketch(self, text: str) -> Any:
        """Return the MinHash of a text, None for one without a letter."""
        if not (bare := _MARKS.sub("", text)):
            return None
        found = self.blank.copy()
        found.update_batch(_hashed(bare).tolist())
        return found

    def add(self, key: int, sketch: Any) -> None:
        if sketch is not None:
            self.lsh.insert(key, sketch)

    def like(self, text: str, sketch: Any, texts: Sequence[str]) -> Iterator[tuple[int, float]]:
        """Yield which texts added so far, out of *texts*, truly agree, and how far."""
        candidates = [] if sketch is None else sorted(self.lsh.query(sketch))
        grams = _grams(text) if candidates else frozenset()
        for i in candidates:
            twin = _grams(texts[i])
            similarity = len(grams & twin) / len(grams | twin)
            if similarity >= self.threshold:
                yield i, round(similarity, 4)


def _hashed(bare: str) -> NDArray[np.uint32]:
    """Return 32-bit hashes of a text's 5-grams, all at once."""
    codes = np.frombuffer(
        bare.encode("utf-32-le").ljust(4 * _SHINGLE, b"\0"), dtype=np.uint32
    ) * np.uint32(0x01000193)
    codes ^= codes >> np.uint32(15)
    n = len(codes) - _SHINGLE + 1
    mixed = np.zeros(n, dtype=np.uint32)
    for place, factor in enumerate(_MIX):
        mixed += codes[place : place + n] * factor
    return mixed ^ (mixed >> np.uint32(13))


def _grams(text: str) -> frozenset[str]:
    bare = _MARKS.sub("", text)
    return frozenset(
        bare[i : i + _SHINGLE] for i in range(max(1, len(bare) - _SHINGLE + 1)) if bare
    )
