"""The inner loops that fit rows while topics, or one factor, are fixed; compiled by numba.

Nothing here knows of a model, a file or a date. See :mod:`research.topics.compiled` for the rules
of the loops.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.topics.compiled import SparseCounts, compiled, scratch_rows
from research.topics.parallel import Range

_f = np.float32
_LEAST_CURVATURE = 1e-12  # Keeps a factor that is all zero from a division by zero.


class InferenceOptions(NamedTuple):
    """When the inference of a document ends.

    Attributes
    ----------
    max_turns : int
        Most updates of a document.
    tolerance : float
        Change of a document's topic counts that ends its updates, as a share of its tokens.
    """

    max_turns: int
    tolerance: float


@compiled
def infer_documents(
    documents: Range,
    counts: SparseCounts,
    topic_word: NDArray[np.float32],
    alpha: NDArray[np.float32],
    inferred: NDArray[np.float32],
    options: InferenceOptions,
) -> None:
    """Set the topic counts of new documents under fixed topics.

    Parameters
    ----------
    documents
        Range of rows of *counts*.
    counts
        Tokens, CSR.
    topic_word
        Probability of each word in each topic, n_words × n_topics.
    alpha
        Prior counts of the topics of a document, (n_topics,).
    inferred
        Expected counts of topics by document, alpha included, n_documents × n_topics, in tokens;
        written.
    options
        When the updates of a document end.
    """
    indptr, indices, data = counts
    max_turns, tolerance = options
    n_topics = topic_word.shape[1]
    b, sums, _ = scratch_rows(n_topics)
    for j in range(documents[0], documents[1]):
        total = _f(0)
        for i in range(indptr[j], indptr[j + 1]):
            total += data[i]
        for k in range(n_topics):
            b[k] = alpha[k] + total / n_topics
        for _ in range(max_turns):
            for k in range(n_topics):
                sums[k] = _f(0)
            for i in range(indptr[j], indptr[j + 1]):
                p = topic_word[indices[i]]
                z = _f(0)
                for k in range(n_topics):
                    z += p[k] * b[k]
                c = data[i] / z
                for k in range(n_topics):
                    sums[k] += c * p[k]
            change = _f(0)
            for k in range(n_topics):
                value = alpha[k] + b[k] * sums[k]
                change += abs(value - b[k])
                b[k] = value
            if change <= tolerance * total:
                break
        for k in range(n_topics):
            inferred[j, k] = b[k]


@compiled
def fit_rows(
    rows: Range,
    weights: NDArray[np.float32],
    target: NDArray[np.float32],
    gram: NDArray[np.float32],
) -> None:
    """Take one round of hierarchical alternating least squares: weights · gram ≈ target.

    Weights stay 0 or more.

    The method is that of Cichocki & Phan, "Fast local algorithms for large scale nonnegative matrix
    and tensor factorizations", 2009.

    Parameters
    ----------
    rows
        Range of rows of *weights*.
    weights
        One factor, n_rows × n_topics; updated.
    target
        The factorised matrix times the other factor, n_rows × n_topics.
    gram
        The other factor's inner products, n_topics × n_topics.
    """
    n = weights.shape[1]
    slope, _, _ = scratch_rows(n)
    for r in range(rows[0], rows[1]):
        w = weights[r]
        for k in range(n):
            slope[k] = -target[r, k]
        for q in range(n):
            if w[q] != _f(0):
                for k in range(n):
                    slope[k] += w[q] * gram[q, k]
        for k in range(n):
            value = max(w[k] - slope[k] / (gram[k, k] + _f(_LEAST_CURVATURE)), _f(0))
            step = value - w[k]
            if step != _f(0):
                w[k] = value
                for q in range(n):
                    slope[q] += step * gram[k, q]


@compiled
def count_words(
    columns: Range,
    counts: SparseCounts,
    word_weights: NDArray[np.float32],
    shares: NDArray[np.float32],
    topic_counts: NDArray[np.float32],
) -> None:
    """Divide the tokens of words among fixed topics.

    Each token is divided in proportion to its document's topic shares times its word's weights.

    Parameters
    ----------
    columns
        Range of words.
    counts
        Tokens, CSC.
    word_weights
        Probability of each word in each topic, n_words × n_topics.
    shares
        Topic shares, n_documents × n_topics.
    topic_counts
        Counts of words by topic, n_words × n_topics, in tokens; added to.
    """
    indptr, rows, data = counts
    n_topics = word_weights.shape[1]
    g, _, _ = scratch_rows(n_topics)
    for column in range(columns[0], columns[1]):
        for i in range(indptr[column], indptr[column + 1]):
            s = _f(0)
            for k in range(n_topics):
                g[k] = word_weights[column, k] * shares[rows[i], k]
                s += g[k]
            if s > _f(0):
                c = data[i] / s
                for k in range(n_topics):
                    topic_counts[column, k] += c * g[k]
