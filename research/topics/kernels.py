"""The inner loops of CVB0, compiled by numba; nothing here knows of a model.

Each kernel goes over a range of documents or words and writes to rows of its own, so ranges may run in any
threads at any time: the sums inside a row always run in the same order (what a loop writes stands apart from
all else in memory, see ``_apart``). No ``parallel=True``: a thread pool over ranges needs no threading layer,
and survives forks and Ctrl-C. The loops stand written out, however long: a call inside them would keep the
compiler from vectors.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

_f = np.float32
_FAR = 320  # Floats: more than the widest vectors, unrolled eight times.


def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    options: dict[str, Any] = {
        "nogil": True,
        "error_model": "numpy",
        "fastmath": {"reassoc", "contract", "nsz", "arcp"},
    }
    try:
        compiled: Callable[..., Any] = njit(cache=True, **options)(function)
    except RuntimeError:  # No folder to keep the compiled code in.
        compiled = njit(**options)(function)
    return compiled


@_compiled
def _apart(n: int) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return three rows of *n* floats and more, far from each other and from all other memory.

    Where two arrays stand within a few vectors of each other, compiled loops fall back to one sum after
    another: the last bits would hang on where the memory happened to be.
    """
    rows = np.empty((5, n + _FAR), np.float32)
    return rows[1], rows[2], rows[3]


@_compiled
def sweep_documents(
    documents: tuple[int, int],
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    data: NDArray[np.float32],
    words: NDArray[np.float32],
    totals: NDArray[np.float32],
    alpha: NDArray[np.float32],
    shares: NDArray[np.float32],
    used: NDArray[np.float32],
    norms: NDArray[np.float32],
    factors: NDArray[np.float32],
    inner: int,
    stride: float,
    judged: bool,
) -> float:
    """Update the topic counts of documents; return the log likelihood of their words where *judged*, else 0.

    *stride* over 1 goes further than the update says (over-relaxation).

    The update of CVB0 takes a token's own share out of the counts it meets (Asuncion et al. 2009, eq. 11):
    g = (a − g)(b − g) / (m z). Its solution is, but for terms in g², g = a b / (a + b + m z): so no share of
    a token is kept, only its *norm* z, and that from sweep to sweep.
    """
    n_topics = words.shape[1]
    b, g, sums = _apart(n_topics)
    bound = 0.0
    stride32 = _f(stride)
    for j in range(documents[0], documents[1]):
        length = _f(0)
        for k in range(n_topics):
            b[k] = shares[j, k]
            length += b[k]
        for turn in range(inner):
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
                if turn + 1 < inner:
                    norms[i] = z * s
                else:
                    norms[i] = z
                    factors[i] = c
                    if judged:
                        bound += data[i] * np.log(z * s / length)
            if turn + 1 == inner:
                for k in range(n_topics):
                    used[j, k] = b[k]
            length = _f(0)
            for k in range(n_topics):
                b[k] = max(b[k] + stride32 * (alpha[k] + sums[k] - b[k]), alpha[k])
                length += b[k]
        for k in range(n_topics):
            shares[j, k] = b[k]
    return bound


@_compiled
def sweep_words(
    columns: tuple[int, int],
    word_of: NDArray[np.int32],
    start_of: NDArray[np.int32],
    rows: NDArray[np.int32],
    places: NDArray[np.int32],
    data: NDArray[np.float32],
    words: NDArray[np.float32],
    totals: NDArray[np.float32],
    used: NDArray[np.float32],
    norms: NDArray[np.float32],
    factors: NDArray[np.float32],
    new: NDArray[np.float32],
) -> None:
    """Add the shares of the words' tokens, as ``sweep_documents`` had them, to the words' new topic counts."""
    n_topics = words.shape[1]
    sums, _, _ = _apart(n_topics)
    for column in range(columns[0], columns[1]):
        w = word_of[column]
        a = words[w]
        for k in range(n_topics):
            sums[k] = _f(0)
        for x in range(start_of[column], start_of[column + 1]):
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
def blend(
    words: tuple[int, int],
    counts: NDArray[np.float32],
    new: NDArray[np.float32],
    keep: float,
    gain: float,
    ahead: float,
    prior: NDArray[np.float32],
    smoothed: NDArray[np.float32],
) -> None:
    """Set counts = keep · counts + gain · new, and smoothed = those, *ahead* in their direction, + prior; empty *new*.

    *prior* is words × topics, or words × 1 where topics share it.
    """
    own = prior.shape[1] > 1
    keep32, gain32, ahead32 = _f(keep), _f(gain), _f(ahead)
    for w in range(words[0], words[1]):
        for k in range(counts.shape[1]):
            had = counts[w, k]
            value = keep32 * had + gain32 * new[w, k]
            counts[w, k] = value
            smoothed[w, k] = max(value + ahead32 * (value - had), _f(0)) + (
                prior[w, k] if own else prior[w, 0]
            )
            new[w, k] = _f(0)


@_compiled
def infer_documents(
    documents: tuple[int, int],
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    data: NDArray[np.float32],
    topic_word: NDArray[np.float32],
    alpha: NDArray[np.float32],
    shares: NDArray[np.float32],
    turns: int,
    tolerance: float,
) -> None:
    """Set the topic counts (with *alpha*) of new documents under fixed topics; *topic_word* is words × topics."""
    n_topics = topic_word.shape[1]
    b, sums, _ = _apart(n_topics)
    for j in range(documents[0], documents[1]):
        total = _f(0)
        for i in range(indptr[j], indptr[j + 1]):
            total += data[i]
        for k in range(n_topics):
            b[k] = alpha[k] + total / n_topics
        for _ in range(turns):
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
            shares[j, k] = b[k]


@_compiled
def fit_rows(
    rows: tuple[int, int],
    weights: NDArray[np.float32],
    target: NDArray[np.float32],
    gram: NDArray[np.float32],
) -> None:
    """One round of hierarchical alternating least squares (Cichocki & Phan 2009): weights · gram ≈ target, weights ≥ 0."""
    n = weights.shape[1]
    slope, _, _ = _apart(n)
    for r in range(rows[0], rows[1]):
        w = weights[r]
        for k in range(n):
            slope[k] = -target[r, k]
        for q in range(n):
            if w[q] != _f(0):
                for k in range(n):
                    slope[k] += w[q] * gram[q, k]
        for k in range(n):
            value = max(w[k] - slope[k] / (gram[k, k] + _f(1e-12)), _f(0))
            step = value - w[k]
            if step != _f(0):
                w[k] = value
                for q in range(n):
                    slope[q] += step * gram[k, q]


@_compiled
def count_words(
    columns: tuple[int, int],
    indptr: NDArray[np.int32],
    rows: NDArray[np.int32],
    data: NDArray[np.float32],
    words: NDArray[np.float32],
    shares: NDArray[np.float32],
    counts: NDArray[np.float32],
) -> None:
    """Share out the tokens of words (columns of a CSC matrix) among topics held fixed: each in proportion to share times word."""
    n_topics = words.shape[1]
    g, _, _ = _apart(n_topics)
    for column in range(columns[0], columns[1]):
        for i in range(indptr[column], indptr[column + 1]):
            s = _f(0)
            for k in range(n_topics):
                g[k] = words[column, k] * shares[rows[i], k]
                s += g[k]
            if s > _f(0):
                c = data[i] / s
                for k in range(n_topics):
                    counts[column, k] += c * g[k]
