"""What new documents hold that a topic model does not explain.

Nothing here fits or changes a model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.topics.inference import entry_probabilities

_MAX_LISTED = 50  # Words, and documents.
_DOCUMENTS_PER_PIECE = 2000  # Bounds the memory of entries × topics.


@dataclass(frozen=True, slots=True)
class Novelty:
    """Words and documents that topics do not explain.

    Attributes
    ----------
    words
        Columns of at most 50 words that occur more often than predicted, the most striking first.
    observed, expected
        Their counts, and the predicted ones, in tokens.
    documents
        Rows of at most 50 documents, the least explained first.
    perplexity
        Their perplexity.
    excess
        Share of all tokens that occur beyond the predicted count of their word.
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
    """Compare counts with what topic shares and topics predict of them.

    Words are ordered by (observed − expected) / √(expected + 1), documents by the perplexity of
    their words.

    Parameters
    ----------
    X
        CSR counts, n_documents × n_words.
    shares
        Topic shares, n_documents × n_topics.
    topic_word
        Probability of each word in each topic, n_topics × n_words.
    """
    lengths = _sums(X, axis=1)
    observed = _sums(X, axis=0)
    expected = (lengths @ shares) @ topic_word
    words = _words_above_expectation(observed, expected)
    perplexities = _perplexities(X, shares, topic_word)
    documents = np.argsort(-perplexities, kind="stable")[:_MAX_LISTED]
    beyond = np.maximum(observed - expected, 0)
    return Novelty(
        words=words,
        observed=observed[words],
        expected=expected[words],
        documents=documents,
        perplexity=perplexities[documents],
        excess=float(beyond.sum() / observed.sum()),
    )


def _words_above_expectation(
    observed: NDArray[np.float64], expected: NDArray[np.float64]
) -> NDArray[np.intp]:
    excess = observed - expected
    spread = np.sqrt(expected + 1)
    deviations = excess / spread
    words = np.argsort(-deviations, kind="stable")
    words = words[:_MAX_LISTED]
    above = excess[words] > 0
    return words[above]


def _log_likelihoods(
    X: sparse.csr_matrix, shares: NDArray[np.float64], topic_word: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the log likelihood of each document's tokens, (n_documents,)."""
    n_documents = X.shape[0]
    sums = np.zeros(n_documents)
    for first in range(0, n_documents, _DOCUMENTS_PER_PIECE):
        last = first + _DOCUMENTS_PER_PIECE
        piece = X[first:last].tocoo()
        probabilities = entry_probabilities(
            piece,
            shares[first:last],
            topic_word,
        )
        terms = piece.data * np.log(probabilities)
        rows = piece.row + first
        np.add.at(sums, rows, terms)
    return sums


def _sums(X: sparse.csr_matrix, axis: int) -> NDArray[np.float64]:
    sums = X.sum(axis=axis)
    return np.asarray(sums, dtype=np.float64).ravel()


def _perplexities(
    X: sparse.csr_matrix, shares: NDArray[np.float64], topic_word: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the perplexity of each document's tokens, (n_documents,); 1 without tokens."""
    lengths = _sums(X, axis=1)
    surprise = -_log_likelihoods(X, shares, topic_word)
    mean_surprise = np.zeros_like(surprise)
    np.divide(
        surprise,
        lengths,
        out=mean_surprise,
        where=lengths > 0,
    )
    perplexities: NDArray[np.float64] = np.exp(mean_surprise)
    return perplexities
