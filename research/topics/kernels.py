"""The inner loops of CVB0, compiled by numba.

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
        Place of each entry in the block's :class:`SparseCounts`, which are in the order of
        documents.
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
        Norm z of each entry's shares, kept from sweep to sweep, in shares of a token; 0 before the
        first sweep; read and written.
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
        How far the smoothed counts go beyond the expected ones, as a multiple of the change
        (momentum).
    """

    keep: float
    gain: float
    ahead: float


@compiled
def sweep_documents(
    documents: Range,
    counts: SparseCounts,
    topics: TopicState,
    own_counts: NDArray[np.float32],
    block: BlockState,
    options: SweepOptions,
) -> float:
    """Update the topic counts of documents; return the log likelihood of their tokens.

    The update of CVB0 takes a token's own share out of the counts it meets (Asuncion et al. 2009,
    eq. 11): g = (a − g)(b − g) / (m z), for the word's count a, the document's count b, the topic's
    total m and the norm z of the token's shares. Its solution is, but for terms in g²,
    g = a b / (a + b + m z): so no share of a token is kept, only its norm, from sweep to sweep.

    Parameters
    ----------
    documents
        Range of rows of the block.
    counts
        The block's tokens, CSR.
    topics
        The topics, fixed.
    own_counts
        Expected counts of topics by document, alpha included, n_block_documents × n_topics;
        updated.
    block
        Norms of the entries are updated; counts and factors are set for :func:`sweep_words`.
    options
        Turns, stride, and whether the bound is computed; without it the result is 0.
    """
    indptr, indices, data = counts
    words, totals, alpha = topics
    used, norms, factors = block
    turns, stride, with_bound = options
    n_topics = words.shape[1]
    b, g, sums = scratch_rows(n_topics)
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


@compiled
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
    sums, _, _ = scratch_rows(n_topics)
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


@compiled
def blend(words: Range, counts: WordCounts, weights: BlendWeights) -> None:
    """Set the expected and the smoothed counts of words from old and new ones; empty the new ones.

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
