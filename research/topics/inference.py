"""Topic shares of documents under fixed topics, and what these predict.

Nothing here changes a model.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.errors import InputError
from research.files import Progress, report_progress
from research.topics import entrance, fixed_topics
from research.topics.compiled import SparseCounts
from research.topics.fixed_topics import InferenceOptions
from research.topics.parallel import Threads, even_work

# Further turns, or a smaller change of a document's counts (as a share of its tokens), move no
# share visibly.
_OPTIONS = InferenceOptions(max_turns=100, tolerance=1e-3)
_LEAST_TOKENS = 1e-7  # Of a half; less is rounding, since counts are 1e-6 or more.
_DOCUMENTS_PER_PIECE = (
    5000  # From one report of progress to the next; bounds the memory of entries × topics.
)


def infer_shares(
    X: sparse.csr_matrix,
    topic_word: NDArray[np.float64],
    alpha: NDArray[np.float32],
    n_jobs: int | None,
    progress: Progress | None,
) -> NDArray[np.float64]:
    """Return topic shares, n_documents × n_topics; rows sum to 1.

    The updates are those of expectation–maximisation for a document's shares with a Dirichlet
    prior.

    Parameters
    ----------
    X
        CSR counts, n_documents × n_words.
    topic_word
        Probability of each word in each topic, n_topics × n_words.
    alpha
        Prior of the topics of a document, (n_topics,).
    n_jobs
        Threads; one per core where None. The result does not depend on it.
    progress
        Called with "topic shares", documents done and documents to do.
    """
    n_documents = X.shape[0]
    n_topics = len(topic_word)
    by_word = np.ascontiguousarray(topic_word.T, dtype=np.float32)
    alpha = np.array(alpha, np.float32)
    counts = np.empty((n_documents, n_topics), np.float32)
    entrance.check_inference(by_word, alpha, counts, n_words=X.shape[1])
    with Threads(n_jobs) as threads:
        for first in range(0, n_documents, _DOCUMENTS_PER_PIECE):
            last = min(first + _DOCUMENTS_PER_PIECE, n_documents)
            piece = SparseCounts.of(X[first:last])
            threads(
                fixed_topics.infer_documents,
                even_work(piece.indptr),
                piece,
                by_word,
                alpha,
                counts[first:last],
                _OPTIONS,
            )
            report_progress(progress, "topic shares", last, n_documents)
    return parts_of_rows(counts)


def parts_of_rows(counts: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Return counts as parts of the sum of their row, in double precision."""
    exact = np.asarray(counts, dtype=np.float64)
    totals = exact.sum(axis=1, keepdims=True)
    parts: NDArray[np.float64] = exact / totals
    return parts


def entry_probabilities(
    counts: sparse.coo_matrix, shares: NDArray[np.float64], topic_word: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the probability of each entry's word in its document, (n_entries,).

    *shares* has a row for each document of *counts*, or more; *topic_word* is n_topics × n_words.
    """
    probabilities: NDArray[np.float64] = np.einsum(
        "ik,ki->i", shares[counts.row], topic_word[:, counts.col]
    )
    return probabilities


def perplexity(
    X: sparse.csr_matrix, shares: NDArray[np.float64], topic_word: NDArray[np.float64]
) -> float:
    """Return the perplexity of all tokens, exp of minus their mean log likelihood.

    Parameters
    ----------
    X
        CSR counts, n_documents × n_words, not all 0.
    shares
        Topic shares, n_documents × n_topics.
    topic_word
        Probability of each word in each topic, n_topics × n_words.
    """
    n_documents = X.shape[0]
    log_likelihood = 0.0
    for first in range(0, n_documents, _DOCUMENTS_PER_PIECE):
        last = first + _DOCUMENTS_PER_PIECE
        piece = X[first:last].tocoo()
        probabilities = entry_probabilities(piece, shares[first:last], topic_word)
        log_probabilities = np.log(probabilities)
        log_likelihood += float(piece.data @ log_probabilities)
    n_tokens = X.data.sum()
    return float(np.exp(-log_likelihood / n_tokens))


def halves(X: sparse.csr_matrix) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Divide the tokens of every document in turn: first, third, … and second, fourth, …

    The tokens of a document stand on a line, in the order of words; where counts are not whole
    numbers, a word has the part of each token that lies between its ends.

    Raises
    ------
    InputError
        If no document has more than one token.
    """
    counts = np.asarray(X.data, dtype=np.float64)
    ends = np.cumsum(counts)
    edges = np.concatenate([[0], ends])
    row_starts = edges[X.indptr[:-1]]
    entries_per_row = np.diff(X.indptr)
    ends_in_row = ends - np.repeat(row_starts, entries_per_row)
    starts_in_row = ends_in_row - counts
    odd_tokens = _odd_tokens(ends_in_row) - _odd_tokens(starts_in_row)
    even_tokens = counts - odd_tokens
    odd = _with_data(X, odd_tokens)
    even = _with_data(X, even_tokens)
    if not even.nnz:
        raise InputError(
            "no document has two tokens, so none has a half to be predicted; give longer documents"
        )
    return odd, even


def _odd_tokens(ends: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much of the first, third, … token lies before each place on a document's line."""
    pairs = np.floor(ends / 2)
    rest = ends - 2 * pairs
    tokens: NDArray[np.float64] = pairs + np.minimum(rest, 1)
    return tokens


def _with_data(X: sparse.csr_matrix, data: NDArray[np.float64]) -> sparse.csr_matrix:
    """Return a copy with other counts, without those of 0 and what rounding left of them."""
    rounded = np.where(data < _LEAST_TOKENS, 0, data)
    arrays = (rounded.astype(np.float32), X.indices, X.indptr)
    matrix = sparse.csr_matrix(arrays, X.shape, copy=True)
    matrix.eliminate_zeros()
    return matrix
