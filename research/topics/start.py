"""Where a topic model starts from: a non-negative factorisation of TF-IDF, so that no luck decides.

TF-IDF is brought to few dimensions by a randomised singular value decomposition (Halko, Martinsson & Tropp
2011) and factorised there, from the decomposition's own non-negative parts (NNDSVD; Boutsidis & Gallopoulos
2008), by alternating least squares (HALS; Cichocki & Phan 2009).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.cluster.hierarchy import cut_tree, linkage
from scipy.optimize import linear_sum_assignment
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.utils.extmath import randomized_svd

from research.topics import kernels
from research.topics.parallel import Each, Threads, even_ranges, in_turn

Floats = NDArray[np.float32]
_MOST_WORDS, _MOST_DOCUMENTS, _MOST_FOR_CONSENSUS = 10_000, 20_000, 60_000
_SPARE, _SPARE_FOR_CONSENSUS = 20, 100
_ROUNDS = 20
_SHARE, _SAME = (
    0.6,
    0.4,
)  # Of a consensus: documents in each factorisation, and the cosine distance within a topic.
_FEWEST_SAMPLES, _MOST_SAMPLES, _CLUSTERED = (
    10,
    100,
    4_000,
)  # Topics clustered: time grows with their square.
# Of a consensus topic: words that stay in its prior, and their share of the tokens that it has in at most so many documents.
_HELD_WORDS, _HELD_SHARE, _HELD_DOCUMENTS = 20, 1 / 16, 20_000
_COMMON_SHARE = 0.3  # Of all tokens, that a topic for common words starts with.
_EVERYWHERE = 1e-3  # Counts that every word has of every topic, so that none is shut out.


def random_start(n_words: int, n_topics: int, seed: int) -> Floats:
    """Return words × topics, each drawn alone."""
    return np.random.default_rng(seed).gamma(1.0, 1.0, (n_words, n_topics)).astype(np.float32)


def factorised_start(
    X: sparse.csr_matrix, n_topics: int, seed: int, threads: Threads, consensus: bool = False
) -> Floats:
    """Return words × topics expected counts, from a factorisation of the commonest words' TF-IDF in a sample of documents.

    With *consensus*, more documents are taken, many samples of them factorised (forty for 100 topics), and the topics
    that come back in the most of these taken (in the spirit of Kotliar et al., "Identifying gene expression programs", eLife 2019):
    slower, and more the same from one corpus to the next.
    """
    rng = np.random.default_rng(seed)
    rows = np.sort(
        rng.choice(
            X.shape[0],
            min(X.shape[0], _MOST_FOR_CONSENSUS if consensus else _MOST_DOCUMENTS),
            replace=False,
        )
    )
    sample = X[rows]
    columns = np.sort(
        np.argsort(-np.bincount(sample.indices, minlength=X.shape[1]), kind="stable")[:_MOST_WORDS]
    )
    weighted = TfidfTransformer(sublinear_tf=True).fit_transform(
        sample[:, columns].astype(np.float32)
    )
    rank = min(n_topics + (_SPARE_FOR_CONSENSUS if consensus else _SPARE), *weighted.shape)
    left, strengths, right = randomized_svd(weighted, rank, n_iter=2, random_state=seed)
    left, right = (
        (left * strengths).astype(np.float32),
        np.ascontiguousarray(right, dtype=np.float32),
    )
    if consensus:
        samples = min(_MOST_SAMPLES, max(_FEWEST_SAMPLES, _CLUSTERED // n_topics))
        parts = [
            np.sort(rng.choice(len(left), max(1, int(_SHARE * len(left))), replace=False))
            for _ in range(samples)
        ]
        factors = _recurring(
            threads(lambda part: _factorise(left[part], right, n_topics, seed, in_turn), parts)
        )
    else:
        factors = _factorise(left, right, n_topics, seed, threads)
    gram = factors.T @ factors
    shares = np.full((len(rows), n_topics), 0.1, np.float32)
    target = np.ascontiguousarray(weighted @ factors)
    for _ in range(_ROUNDS):
        threads(kernels.fit_rows, even_ranges(len(rows)), shares, target, gram)
    shares /= shares.sum(axis=1, keepdims=True) + np.float32(1e-9)
    return np.asarray(sample.T @ shares, dtype=np.float32) + np.float32(_EVERYWHERE)


def given_start(
    X: sparse.csr_matrix, topics: NDArray[np.floating], n_topics: int, seed: int, threads: Threads
) -> Floats:
    """Return words × topics expected counts that begin with *topics*, n_given × n_words counts of an earlier corpus.

    Words that they lack stand in each as they stand in X. Further topics, up to *n_topics*, are those of a factorisation of X that
    are least like any given one.
    """
    totals = np.asarray(X.sum(axis=0), dtype=np.float32).ravel()
    given = np.ascontiguousarray(topics.T, dtype=np.float32)
    known = given.sum(axis=1) > 0
    given *= totals[known].sum() / given.sum()
    given[~known] = np.outer(totals[~known], given.sum(axis=0) / given.sum())
    more = n_topics - given.shape[1]
    if not more:
        return given
    found = factorised_start(X, n_topics, seed, threads)
    alike = (_of_length_one(given).T @ _of_length_one(found)).max(axis=0)
    return np.hstack([given, found[:, np.sort(np.argsort(alike, kind="stable")[:more])]])


def _recurring(factorisations: Sequence[Floats]) -> Floats:
    """Cluster the topics of all factorisations and return the means of the largest clusters, as many as one factorisation has."""
    n_topics = factorisations[0].shape[1]
    pool = np.hstack(factorisations)
    alike = pool.T @ pool
    distances = np.concatenate([1 - row[i + 1 :] for i, row in enumerate(alike)])
    tree = linkage(np.maximum(distances, 0), "average")
    merged = min(int((tree[:, 2] <= _SAME).sum()), len(alike) - n_topics)
    cluster = cut_tree(tree, len(alike) - merged).ravel()
    largest = np.argsort(-np.bincount(cluster), kind="stable")[:n_topics]
    return _of_length_one(np.stack([pool[:, cluster == k].mean(axis=1) for k in largest], axis=1))


def _factorise(left: Floats, right: Floats, n_topics: int, seed: int, each: Each) -> Floats:
    """Return the words' side of a non-negative factorisation of left · right, n_words × n_topics, columns of length 1.

    *right* has orthonormal rows.
    """
    squares, turn = np.linalg.eigh((left.T @ left).astype(np.float64))
    strengths, turn = np.sqrt(np.maximum(squares[::-1], 1e-12)), turn[:, ::-1]
    documents, words = _first_factors(
        (left @ turn / strengths).astype(np.float32),
        strengths,
        (turn.T @ right).astype(np.float32),
        n_topics,
        seed,
    )
    for _ in range(_ROUNDS):
        each(
            kernels.fit_rows,
            even_ranges(len(documents)),
            documents,
            left @ (right @ words),
            words.T @ words,
        )
        each(
            kernels.fit_rows,
            even_ranges(len(words)),
            words,
            right.T @ (left.T @ documents),
            documents.T @ documents,
        )
    return _of_length_one(words)


def _of_length_one(columns: Floats) -> Floats:
    lengths = np.linalg.norm(columns, axis=0)
    return np.ascontiguousarray(columns / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def _first_factors(
    left: Floats, strengths: NDArray[np.floating], right: Floats, n_topics: int, seed: int
) -> tuple[Floats, Floats]:
    """Take each pair of singular vectors' stronger side, positive or negative."""
    # A little chance where there are more topics than singular vectors: topics that start alike stay alike.
    rng = np.random.default_rng(seed)
    documents, words = (
        rng.uniform(0.5e-4, 1.5e-4, (n, n_topics)).astype(np.float32)
        for n in (len(left), right.shape[1])
    )
    for k in range(min(n_topics, len(strengths))):
        sides = [
            (np.maximum(sign * left[:, k], 0), np.maximum(sign * right[k], 0)) for sign in (1, -1)
        ]
        lengths = [(float(np.linalg.norm(u)), float(np.linalg.norm(v))) for u, v in sides]
        best = int(lengths[1][0] * lengths[1][1] > lengths[0][0] * lengths[0][1])
        (u, v), (nu, nv) = sides[best], lengths[best]
        if nu * nv > 0:
            scale = np.sqrt(strengths[k] * nu * nv)
            documents[:, k], words[:, k] = scale * u / nu, scale * v / nv
    return documents, words


def seeded(
    X: sparse.csr_matrix, start: Floats, seeds: Sequence[Sequence[int]], strength: float
) -> tuple[Floats, Floats]:
    """Give the first topics to seed words: return a start and the counts to hold, both words × topics.

    Each set of seeds takes the topic of the start that has most of it, which then stands at the seeds' place,
    half of its words drawn from the documents that the seeds stand in.
    """
    columns = [list(words) for words in seeds]
    mass = np.array(
        [
            (start[words] / start[words].sum(axis=1, keepdims=True)).mean(axis=0)
            if words
            else np.zeros(start.shape[1])
            for words in columns
        ]
    )
    taken = linear_sum_assignment(-mass)[1]
    rest = np.setdiff1d(np.arange(start.shape[1]), taken)
    ordered = np.ascontiguousarray(start[:, np.concatenate([taken, rest])])
    totals = np.asarray(X.sum(axis=0), dtype=np.float32).ravel()
    held = np.zeros_like(ordered)
    for k, words in enumerate(columns):
        held[words, k] = strength * totals[words]
        weights = np.asarray(X[:, words].sum(axis=1)).ravel()
        near = np.asarray(
            X.T @ (weights / max(float(weights.max(initial=0)), 1.0)), dtype=np.float32
        ).ravel()
        if near.sum() > 0:
            ordered[:, k] = ordered[:, k] / 2 + near * (ordered[:, k].sum() / near.sum() / 2)
    return ordered, held


def held_words(X: sparse.csr_matrix, start: Floats) -> Floats:
    """Return counts to hold, words × topics, so that a fit keeps to the leading words of its start.

    Every topic gets the same tokens: a sixteenth of what it has on average in 20,000 documents, fewer where X has fewer.
    """
    n_topics = start.shape[1]
    tokens = _HELD_SHARE * float(X.sum()) / n_topics * min(1.0, _HELD_DOCUMENTS / X.shape[0])
    held = np.zeros_like(start)
    for k in range(n_topics):
        words = np.argsort(-start[:, k], kind="stable")[:_HELD_WORDS]
        weights = np.sqrt(start[words, k])
        held[words, k] = tokens * weights / weights.sum()
    return held


def with_common_words(X: sparse.csr_matrix, start: Floats) -> Floats:
    """Add a last topic with the words of the whole corpus, as common as they are there."""
    totals = np.asarray(X.sum(axis=0), dtype=np.float32).ravel()
    common = totals * (_COMMON_SHARE * start.sum() / totals.sum())
    return np.hstack([start * np.float32(1 - _COMMON_SHARE), common[:, None]]).astype(np.float32)
