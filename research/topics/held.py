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
    return np.column_stack([entries.row, entries.col, entries.data]).astype(np.float64)


def from_triples(triples: NDArray[np.float64], shape: tuple[int, int]) -> sparse.csr_matrix:
    """Return the matrix of :func:`as_triples`, n_topics × n_words.

    Raises
    ------
    IndexError
        If a topic or a word is outside the matrix, or a count is negative.
    """
    topics, words = triples[:, 0].astype(int), triples[:, 1].astype(int)
    counts = triples[:, 2].astype(np.float32)
    lowest = min(topics.min(initial=0), words.min(initial=0), counts.min(initial=0))
    if lowest < 0 or topics.max(initial=0) >= shape[0] or words.max(initial=0) >= shape[1]:
        raise IndexError(f"held counts do not fit {shape[0]} topics and {shape[1]} words")
    return sparse.csr_matrix((counts, (topics, words)), shape=shape)
