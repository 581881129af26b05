"""Where a topic model starts from: a non-negative factorisation of TF-IDF, so that no luck decides.

TF-IDF is brought to few dimensions by a randomised singular value decomposition (Halko, Martinsson & Tropp
2011), factorised there from the decomposition's own non-negative parts (NNDSVD; Boutsidis & Gallopoulos
2008) by alternating least squares (HALS; Cichocki & Phan 2009).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.utils.extmath import randomized_svd

from research.topics import kernels
from research.topics.threads import Threads, even_ranges

Floats = NDArray[np.float32]
_MOST_WORDS, _MOST_DOCUMENTS = 10_000, 20_000
_SPARE = 20
_ROUNDS = 20
_EVERYWHERE = 1e-3  # Counts that every word has of every topic, so that none is shut out.


def random_start(n_words: int, n_topics: int, seed: int) -> Floats:
    """Return words × topics, each drawn alone."""
    return np.random.default_rng(seed).gamma(1.0, 1.0, (n_words, n_topics)).astype(np.float32)


def factorised_start(X: sparse.csr_matrix, n_topics: int, seed: int, threads: Threads) -> Floats:
    """Return words × topics expected counts, from a factorisation of the commonest words' TF-IDF in a sample of documents."""
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.choice(X.shape[0], min(X.shape[0], _MOST_DOCUMENTS), replace=False))
    sample = X[rows]
    columns = np.sort(np.argsort(-np.bincount(sample.indices, minlength=X.shape[1]), kind="stable")[:_MOST_WORDS])
    weighted = TfidfTransformer(sublinear_tf=True).fit_transform(sample[:, columns].astype(np.float32))
    factors = _factorise(weighted, n_topics, seed, threads)
    gram = factors.T @ factors
    shares = np.full((len(rows), n_topics), 0.1, np.float32)
    target = np.ascontiguousarray(weighted @ factors)
    for _ in range(_ROUNDS):
        threads(kernels.fit_rows, even_ranges(len(rows)), shares, target, gram)
    shares /= shares.sum(axis=1, keepdims=True) + np.float32(1e-9)
    return np.asarray(sample.T @ shares, dtype=np.float32) + np.float32(_EVERYWHERE)


def _factorise(weighted: sparse.csr_matrix, n_topics: int, seed: int, threads: Threads) -> Floats:
    """Return the words' side of a non-negative factorisation, n_words × n_topics, columns of length 1."""
    rank = min(n_topics + _SPARE, *weighted.shape)
    left, strengths, right = randomized_svd(weighted, rank, n_iter=2, random_state=seed)
    left, right = (left * strengths).astype(np.float32), np.ascontiguousarray(right, dtype=np.float32)
    documents, words = _first_factors(left / strengths.astype(np.float32), strengths, right, n_topics, seed)
    for _ in range(_ROUNDS):
        threads(kernels.fit_rows, even_ranges(len(documents)), documents, left @ (right @ words), words.T @ words)
        threads(kernels.fit_rows, even_ranges(len(words)), words, right.T @ (left.T @ documents), documents.T @ documents)
    lengths = np.linalg.norm(words, axis=0)
    return np.asarray(words / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def _first_factors(left: Floats, strengths: NDArray[np.floating], right: Floats, n_topics: int, seed: int) -> tuple[Floats, Floats]:
    """Take each pair of singular vectors' stronger side, positive or negative."""
    # A little chance where there are more topics than singular vectors: topics that start alike stay alike.
    rng = np.random.default_rng(seed)
    documents, words = (rng.uniform(0.5e-4, 1.5e-4, (n, n_topics)).astype(np.float32) for n in (len(left), right.shape[1]))
    for k in range(min(n_topics, len(strengths))):
        sides = [(np.maximum(sign * left[:, k], 0), np.maximum(sign * right[k], 0)) for sign in (1, -1)]
        lengths = [(float(np.linalg.norm(u)), float(np.linalg.norm(v))) for u, v in sides]
        best = int(lengths[1][0] * lengths[1][1] > lengths[0][0] * lengths[0][1])
        (u, v), (nu, nv) = sides[best], lengths[best]
        if nu * nv > 0:
            scale = np.sqrt(strengths[k] * nu * nv)
            documents[:, k], words[:, k] = scale * u / nu, scale * v / nv
    return documents, words


def seeded(X: sparse.csr_matrix, start: Floats, seeds: Sequence[Sequence[int]], strength: float) -> tuple[Floats, Floats]:
    """Give the first topics to seed words: return a start and the counts to hold, both words × topics.

    Each set of seeds takes the topic of the start that has most of it, which then stands at the seeds' place,
    half of its words drawn from the documents that the seeds stand in.
    """
    columns = [list(words) for words in seeds]
    mass = np.array([(start[words] / start[words].sum(axis=1, keepdims=True)).mean(axis=0) if words else np.zeros(start.shape[1]) for words in columns])
    taken = linear_sum_assignment(-mass)[1]
    rest = np.setdiff1d(np.arange(start.shape[1]), taken)
    ordered = np.ascontiguousarray(start[:, np.concatenate([taken, rest])])
    totals = np.asarray(X.sum(axis=0), dtype=np.float32).ravel()
    held = np.zeros_like(ordered)
    for k, words in enumerate(columns):
        held[words, k] = strength * totals[words]
        weights = np.asarray(X[:, words].sum(axis=1)).ravel()
        near = np.asarray(X.T @ (weights / max(float(weights.max(initial=0)), 1.0)), dtype=np.float32).ravel()
        if near.sum() > 0:
            ordered[:, k] = ordered[:, k] / 2 + near * (ordered[:, k].sum() / near.sum() / 2)
    return ordered, held
