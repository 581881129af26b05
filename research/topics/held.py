"""What a topic's prior holds beside eta, as an array that a run's folder can keep.

Nothing here knows a model or a file.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse


def as_triples(held: sparse.csr_matrix) -> NDArray[np.float64]:
    """Return a topic, a word and a count per row, (n_entries, 3)."""
    entries = held.tocoo()
    triples = np.column_stack([entries.row, entries.col, entries.data])
    return triples.astype(np.float64)


def from_triples(triples: NDArray[np.float64], shape: tuple[int, int]) -> sparse.csr_matrix:
    """Return the matrix of :func:`as_triples`, n_topics × n_words.

    Raises
    ------
    IndexError
        If a topic or a word is outside the matrix, or a count is negative.
    """
    n_topics, n_words = shape
    columns = triples.T
    topics = columns[0].astype(int)
    words = columns[1].astype(int)
    counts = columns[2].astype(np.float32)
    is_inside = _are_below(topics, n_topics) and _are_below(words, n_words)
    is_negative = counts.min(initial=0) < 0
    if is_negative or not is_inside:
        raise IndexError(f"held counts do not fit {n_topics} topics and {n_words} words")
    places = (topics, words)
    return sparse.csr_matrix((counts, places), shape=shape)


def _are_below(numbers: NDArray[np.int_], bound: int) -> bool:
    """Return whether all numbers are from 0 up to, not including, *bound*."""
    lowest = numbers.min(initial=0)
    highest = numbers.max(initial=0)
    return bool(lowest >= 0 and highest < bound)
