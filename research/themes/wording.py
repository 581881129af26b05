"""How the words of a theme change from period to period, with the topics themselves held fixed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.topics import kernels
from research.topics.parallel import Threads, even_work

_PRIOR = (
    0.5  # Tokens of the period before that count in a period, as a multiple of a usual period's.
)
_INFORMED = (
    500.0  # Tokens that the whole corpus's use of a word counts for, when two periods are compared.
)
_SURE = 1.96


class Change(NamedTuple):
    """A word that a topic used more (``z`` above 0) or less in one period than in another before: how far beyond chance, and its share of
    the topic's words then and now."""

    topic: int
    word: int
    z: float
    share_before: float
    share_after: float


def words_by_period(
    X: sparse.csr_matrix,
    shares: NDArray[np.float64],
    topic_word: NDArray[np.float64],
    rows: Sequence[NDArray[np.intp]],
    n_jobs: int | None = None,
) -> Iterator[NDArray[np.float64]]:
    """Yield for each period, which has the documents *rows*, how many tokens of each word belong to each topic (n_topics × n_words).

    *X* is n_documents × n_words counts, *shares* n_documents × n_topics, *topic_word* n_topics × n_words. The bytes are the same for any
    *n_jobs*.
    """
    words = np.ascontiguousarray(topic_word.T, dtype=np.float32)
    with Threads(n_jobs) as threads:
        for mine in rows:
            part = X[mine].tocsc()
            part.sort_indices()
            counts = np.zeros_like(words)
            threads(
                kernels.count_words,
                even_work(part.indptr),
                kernels.SparseCounts.of(part),
                words,
                np.ascontiguousarray(shares[mine], dtype=np.float32),
                counts,
            )
            yield counts.T.astype(np.float64)


def smoothed(
    found: NDArray[np.float64], usual: NDArray[np.float64], before: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return a period's topic–word distributions (n_topics × n_words) from its counts, with those of the period *before* as prior.

    *usual* (n_topics,) is how many tokens a topic has in a usual period; half as many are the prior's.
    """
    weight = _PRIOR * np.maximum(usual, 1)[:, None]
    shares: NDArray[np.float64] = (found + weight * before) / (
        found.sum(axis=1, keepdims=True) + weight
    )
    return shares


def changed_words(
    earlier: NDArray[np.float64],
    later: NDArray[np.float64],
    all_counts: NDArray[np.float64],
    most: int = 8,
) -> Iterator[Change]:
    """Yield what each topic's words gained and lost between the counts of two periods (n_topics × n_words each), at most *most* of either.

    Log-odds ratio with an informative Dirichlet prior, the topic's words over all periods (Monroe, Colaresi & Quinn 2008, eq. 16 and 22).
    """
    for topic, (old, new, whole) in enumerate(zip(earlier, later, all_counts, strict=True)):
        total = whole.sum()
        if min(old.sum(), new.sum()) < 1 or not total:
            continue
        prior = _INFORMED * whole / total + 1e-9
        odds = [
            np.log((side + prior) / (side.sum() + _INFORMED - side - prior)) for side in (old, new)
        ]
        z = (odds[1] - odds[0]) / np.sqrt(1 / (old + prior) + 1 / (new + prior))
        for ranks in (-z, z):
            sure = np.flatnonzero(ranks <= -_SURE)
            for word in sure[np.argsort(ranks[sure], kind="stable")][:most]:
                yield Change(
                    topic,
                    int(word),
                    float(z[word]),
                    float(old[word] / old.sum()),
                    float(new[word] / new.sum()),
                )
