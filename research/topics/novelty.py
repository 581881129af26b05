"""What new documents hold that a topic model cannot explain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

_MOST = 50
_PIECE = 2000


@dataclass(frozen=True, slots=True)
class Novelty:
    """Words and documents that topics do not explain.

    ``words`` are columns that stand more often than foretold, the most striking first; ``observed`` and
    ``expected`` their counts. ``documents`` are rows, the least explained first; ``perplexity`` theirs.
    ``excess`` is the share of all tokens that stand beyond what was expected of their word.
    """

    words: NDArray[np.intp]
    observed: NDArray[np.float64]
    expected: NDArray[np.float64]
    documents: NDArray[np.intp]
    perplexity: NDArray[np.float64]
    excess: float


def novelty(
    X: sparse.csr_matrix, shares: NDArray[np.float64], topic_word: NDArray[np.float64]
) -> Novelty:
    """Compare counts (n_documents × n_words) with what topic shares and topics foretell of them.

    Words are ordered by (observed − expected) / √(expected + 1), documents by the perplexity of their words.
    """
    lengths = np.asarray(X.sum(axis=1), dtype=np.float64).ravel()
    observed = np.asarray(X.sum(axis=0), dtype=np.float64).ravel()
    expected = (lengths @ shares) @ topic_word
    words = np.argsort(-(observed - expected) / np.sqrt(expected + 1), kind="stable")[:_MOST]
    words = words[observed[words] > expected[words]]
    surprise = np.zeros(X.shape[0])
    for first in range(0, X.shape[0], _PIECE):
        part = X[first : first + _PIECE].tocoo()
        p = np.einsum("ik,ki->i", shares[first : first + _PIECE][part.row], topic_word[:, part.col])
        np.add.at(surprise, part.row + first, -part.data * np.log(p))
    perplexity = np.exp(
        np.divide(surprise, lengths, out=np.zeros_like(surprise), where=lengths > 0)
    )
    documents = np.argsort(-perplexity, kind="stable")[:_MOST]
    excess = float(np.maximum(observed - expected, 0).sum() / observed.sum())
    return Novelty(
        words, observed[words], expected[words], documents, perplexity[documents], excess
    )
