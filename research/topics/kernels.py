"""The inner loops of CVB0, compiled by numba; nothing here knows of a model, a file or a date.

Each kernel works on a range of documents or words and writes to rows of its own, so ranges may run in any
threads at any time: the sums inside a row always run in the same order (what a loop writes lies far from all
other memory, see ``_scratch_rows``). There is no ``parallel=True``: a thread pool over ranges needs no
threading layer, and survives forks and Ctrl-C.

Two rules keep the compiled loops fast and their bytes the same. The loops are written out, however long: a call
inside them would keep the compiler from vectors. And a kernel binds the fields of its NamedTuples to local names
first, so that the loops read plain arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, ParamSpec, TypeVar

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import sparse

from research.topics.parallel import Range

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")

_f = np.float32
# More than the widest vectors (16 floats), unrolled eight times, with room to spare.
_FLOATS_BETWEEN_ROWS = 320
_LEAST_CURVATURE = 1e-12  # Keeps a factor that is all zero from a division by zero.


class SparseCounts(NamedTuple):
    """Counts of tokens: CSR, where rows are documents, or CSC, where the major axis is words.

    Attributes
    ----------
    indptr : int32 array of shape (n_rows + 1,)
        Where the entries of each row begin in the other two; rows are columns where CSC.
    indices : int32 array of shape (n_entries,)
        Column of each entry (row where CSC).
    data : float32 array of shape (n_entries,)
        Tokens, above 0.
    """

    indptr: NDArray[np.int32]
    indices: NDArray[np.int32]
    data: NDArray[np.float32]

    @classmethod
    def of(cls, X: sparse.csr_matrix | sparse.csc_matrix) -> SparseCounts:
        """Return a matrix's arrays in the types that kernels take."""
        indptr, indices = X.indptr.astype(np.int32), X.indices.astype(np.int32)
        return cls(indptr, indices, X.data.astype(np.float32))


class WordIndex(NamedTuple):
    """The entries of a block of documents, in the order of their words.

    Attributes
    ----------
    words : int32 array of shape (n_block_words,)
        Columns of the words that occur in the block, rising.
    starts : int32 array of shape (n_block_words + 1,)
        Where the entries of each of these words begin in the next two.
    rows : int32 array of shape (n_entries,)
        Row in the block of each entry's document.
    places : int32 array of shape (n_entries,)
        Place of each entry in the block's :class:`SparseCounts`, which are in the order of documents.
    """

    words: NDArray[np.int32]
    starts: NDArray[np.int32]
    rows: NDArray[np.int32]
    places: NDArray[np.int32]


class TopicState(NamedTuple):
    """The topics, fixed while a block is updated; all in tokens.

    Attributes
    ----------
    word_counts : float32 array of shape (n_words, n_topics)
        Expected counts of words by topic, prior included.
    totals : float32 array of shape (n_topics,)
        Sums of ``word_counts`` over words.
    alpha : float32 array of shape (n_topics,)
        Prior counts of the topics of a document.
    """

    word_counts: NDArray[np.float32]
    totals: NDArray[np.float32]
    alpha: NDArray[np.float32]


class BlockState(NamedTuple):
    """What the update of a block's documents leaves for the update of its words.

    Attributes
    ----------
    document_counts : float32 array of shape (n_block_documents or more, n_topics)
        Expected counts of topics by document as the last turn met them, in tokens; written.
    norms : float32 array of shape (n_entries,)
        Norm z of each entry's shares, kept from sweep to sweep, in shares of a token; 0 before the first
        sweep; read and written.
    factors : float32 array of shape (n_entries or more,)
        Tokens of each entry over the sum of its unnormed shares; written.
    """

    document_counts: NDArray[np.float32]
    norms: NDArray[np.float32]
    factors: NDArray[np.float32]


class SweepOptions(NamedTuple):
    """How documents are updated.

    Attributes
    ----------
    turns : int
        Updates of each document, 1 or more.
    stride : float
        Length of a step, as a multiple of what the update asks for; above 1 is over-relaxation.
    with_bound : bool
        Whether the log likelihood is computed.
    """

    turns: int
    stride: float
    with_bound: bool


class WordCounts(NamedTuple):
    """Counts of words by topic, in tokens.

    Attributes
    ----------
    expected : float32 array of shape (n_words, n_topics)
        Expected counts without the prior; read and written.
    new : float32 array of shape (n_words, n_topics)
        What the blocks added up since the last blend; read, and set to 0.
    prior : float32 array of shape (n_words, n_topics), or (n_words, 1) where the topics share it
        Prior counts.
    smoothed : float32 array of shape (n_words, n_topics)
        Counts with the prior, which the next block meets; written.
    """

    expected: NDArray[np.float32]
    new: NDArray[np.float32]
    prior: NDArray[np.float32]
    smoothed: NDArray[np.float32]


class BlendWeights(NamedTuple):
    """How new counts replace old ones: expected = keep · expected + gain · new.

    Attributes
    ----------
    keep, gain : float
        Weights of the old and the new counts.
    ahead : float
        How far the smoothed counts go beyond the expected ones, as a multiple of the change (momentum).
    """

    keep: float
    gain: float
    ahead: float


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


def _compiled(function: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Compile a kernel, and keep the compiled code beside this file or in the user's cache."""
    options: dict[str, Any] = {
        "nogil": True,
        "error_model": "numpy",
        "fastmath": {"reassoc", "contract", "nsz", "arcp"},
    }
    compiled: Callable[_Parameters, _Result]
    try:
        compiled = njit(cache=True, **options)(function)
    except RuntimeError:  # No folder to keep the compiled code in.
        compiled = njit(**options)(function)
    return compiled


@_compiled
def _scratch_rows(n: int) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return three rows of *n* floats and more, far from each other and from all other memory.

    Where two arrays lie within a few vectors of each other, compiled loops fall back to one sum after
    another: the last bits would depend on where the memory happened to be.
    """
    rows = np.empty((5, n + _FLOATS_BETWEEN_ROWS), np.float32)
    return rows[1], rows[2], rows[3]


@_compiled
def sweep_documents(
    documents: Range,
    counts: SparseCounts,
    topics: TopicState,
    own_counts: NDArray[np.float32],
    block: BlockState,
    options: SweepOptions,
) -> float:
    """Update the topic counts of documents; return the log likelihood of their tokens, 0 without the bound.

    The update of CVB0 takes a token's own share out of the counts it meets (Asuncion et al. 2009, eq. 11):
    g = (a − g)(b − g) / (m z). Its solution is, but for terms in g², g = a b / (a + b + m z): so no share of
    a token is kept, only its *norm* z, and that from sweep to sweep.

    Parameters
    ----------
    documents
        Range of rows of the block.
    counts
        The block's tokens, CSR.
    topics
        The topics, fixed.
    own_counts
        Expected counts of topics by document, alpha included, n_block_documents × n_topics; updated.
    block
        Norms of the entries are updated; counts and factors are set for :func:`sweep_words`.
    options
        Turns, stride, and whether the bound is computed.
    """
    indptr, indices, data = counts
    words, totals, alpha = topics
    used, norms, factors = block
    turns, stride, with_bound = options
    n_topics = words.shape[1]
    b, g, sums = _scratch_rows(n_topics)
    bound = 0.0
    stride32 = _f(stride)
    for j in range(documents[0], documents[1]):
        length = _f(0)
        for k in range(n_topics):
            b[k] = own_counts[j, k]
            length += b[k]
        for turn in range(turns):
            for k in range(n_topics):
                sums[k] = _f(0)
            for i in range(indptr[j], indptr[j + 1]):
                a = words[indices[i]]
                z = norms[i]
                if z == _f(0):
                    for k in range(n_topics):
                        z += a[k] * b[k] / totals[k]
                s = _f(0)
                for k in range(n_topics):
                    value = a[k] * b[k] / (a[k] + b[k] + totals[k] * z)
                    g[k] = value
                    s += value
                c = data[i] / s
                for k in range(n_topics):
                    sums[k] += c * g[k]
                if turn + 1 < turns:
                    norms[i] = z * s
                else:
                    norms[i] = z
                    factors[i] = c
                    if with_bound:
                        bound += data[i] * np.log(z * s / length)
            if turn + 1 == turns:
                for k in range(n_topics):
                    used[j, k] = b[k]
            length = _f(0)
            for k in range(n_topics):
                b[k] = max(b[k] + stride32 * (alpha[k] + sums[k] - b[k]), alpha[k])
                length += b[k]
        for k in range(n_topics):
            own_counts[j, k] = b[k]
    return bound


@_compiled
def sweep_words(
    word_range: Range,
    index: WordIndex,
    data: NDArray[np.float32],
    topics: TopicState,
    block: BlockState,
    new: NDArray[np.float32],
) -> None:
    """Add the shares of a block's tokens to the topic counts of their words.

    Parameters
    ----------
    word_range
        Range of the words of *index*.
    index
        The block's entries by word.
    data
        Tokens of the entries in the order of documents, (n_entries,).
    topics, block
        What :func:`sweep_documents` used, and what it left; norms are updated.
    new
        Counts of words by topic, n_words × n_topics, in tokens; added to.
    """
    word_of, starts, rows, places = index
    words, totals, _ = topics
    used, norms, factors = block
    n_topics = words.shape[1]
    sums, _, _ = _scratch_rows(n_topics)
    for column in range(word_range[0], word_range[1]):
        w = word_of[column]
        a = words[w]
        for k in range(n_topics):
            sums[k] = _f(0)
        for x in range(starts[column], starts[column + 1]):
            i = places[x]
            b = used[rows[x]]
            z = norms[i]
            c = factors[i]
            for k in range(n_topics):
                sums[k] += c * (a[k] * b[k] / (a[k] + b[k] + totals[k] * z))
            norms[i] = z * data[i] / c
        row = new[w]
        for k in range(n_topics):
            row[k] += sums[k]


@_compiled
def blend(words: Range, counts: WordCounts, weights: BlendWeights) -> None:
    """Set the expected and the smoothed counts of words from the old and the new ones; set the new ones to 0.

    Parameters
    ----------
    words
        Range of words.
    counts
        Counts of words by topic; updated.
    weights
        Weights of old and new counts, and the momentum.
    """
    expected, new, prior, smoothed = counts
    keep, gain, ahead = _f(weights.keep), _f(weights.gain), _f(weights.ahead)
    prior_by_topic = prior.shape[1] > 1
    for w in range(words[0], words[1]):
        for k in range(expected.shape[1]):
            before = expected[w, k]
            value = keep * before + gain * new[w, k]
            expected[w, k] = value
            smoothed[w, k] = max(value + ahead * (value - before), _f(0)) + (
                prior[w, k] if prior_by_topic else prior[w, 0]
            )
            new[w, k] = _f(0)


@_compiled
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
        Expected counts of topics by document, alpha included, n_documents × n_topics, in tokens; written.
    options
        When the updates of a document end.
    """
    indptr, indices, data = counts
    max_turns, tolerance = options
    n_topics = topic_word.shape[1]
    b, sums, _ = _scratch_rows(n_topics)
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


@_compiled
def fit_rows(
    rows: Range,
    weights: NDArray[np.float32],
    target: NDArray[np.float32],
    gram: NDArray[np.float32],
) -> None:
    """Take one round of hierarchical alternating least squares: weights · gram ≈ target, weights ≥ 0.

    The method is that of Cichocki & Phan, "Fast local algorithms for large scale nonnegative matrix and tensor
    factorizations", 2009.

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
    slope, _, _ = _scratch_rows(n)
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


@_compiled
def count_words(
    columns: Range,
    counts: SparseCounts,
    word_weights: NDArray[np.float32],
    shares: NDArray[np.float32],
    topic_counts: NDArray[np.float32],
) -> None:
    """Divide the tokens of words among fixed topics, each in proportion to document share times word weight.

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
    g, _, _ = _scratch_rows(n_topics)
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
