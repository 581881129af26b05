"""Whether topics that one period has and the next lacks really came or went.

Topics learned from two periods differ by chance alone: from other articles of the same kind a model
finds some other topics. So a topic that has no match in the period before counts as born only if
the articles of its period hold more of it than those before, by more than topics without a match do
where the articles of both periods are shuffled, and topics are learned from the shuffled periods
too. The same the other way round for topics that died.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse, stats

from research.themes.chance import significant_tests
from research.themes.matching import TopicMatching, distances, match_topics
from research.themes.movement import mean_difference
from research.topics.model import TopicModel

_SEED = 0
_MIN_SHUFFLES = 4  # Of pairs of periods, all together.
_MIN_CHANCE_TOPICS = 8  # Without a match, that show what chance gives; else all topics do.
_CHANCE_QUANTILE = 0.05  # Of the distance from a topic to the nearest other one of its period.
_LEAST_SPREAD = 1.0  # Of z values: articles alone spread them so.


class LearnedPeriod(NamedTuple):
    """The articles of a period (n_articles × n_words) and the model learned from them."""

    counts: sparse.csr_matrix
    model: TopicModel


class Turnover(NamedTuple):
    """Which topics came and went beyond chance.

    Attributes
    ----------
    max_distance : float
        Up to this distance topics of two periods count as one: few topics of one period, which are
        different by their making, have another so near.
    came : list[NDArray[np.bool_]]
        For each period which of its topics are new since the period before (n_topics,).
    went : list[NDArray[np.bool_]]
        For each period which of its topics are gone in the period after (n_topics,).
    """

    max_distance: float
    came: list[NDArray[np.bool_]]
    went: list[NDArray[np.bool_]]


class _Pair(NamedTuple):
    """The topics of two periods by how much more of them their own articles hold.

    ``new`` and ``old`` are z values of the topics of the later and of the earlier period;
    ``born`` and ``died`` are those without a match.
    """

    new: NDArray[np.float64]
    old: NDArray[np.float64]
    born: tuple[int, ...]
    died: tuple[int, ...]


def chance_distance(periods: Sequence[NDArray[np.float64]], largest: float) -> float:
    """Return the distance up to which topics of two periods are one, *largest* at most.

    *periods* are topics, n_topics × n_words each. A topic that vanished has a nearest one too: as
    near as the nearest other topic of a period is.
    """
    nearest: list[float] = []
    for topics in periods:
        table = distances(topics, topics)
        np.fill_diagonal(table, np.inf)
        if len(table) > 1:
            nearest += table.min(axis=1).tolist()
    if not nearest:
        return largest
    return min(largest, float(np.quantile(nearest, _CHANCE_QUANTILE)))


def measure_turnover(
    periods: Sequence[LearnedPeriod],
    unfitted: TopicModel,
    largest_distance: float,
    report: Callable[[int, int], None],
) -> Turnover:
    """Return which topics of successive periods came and went beyond chance.

    Parameters
    ----------
    periods : Sequence[LearnedPeriod]
        Articles and model of each period, over the same words.
    unfitted : TopicModel
        What the shuffled periods' models take their parameters from.
    largest_distance : float
        Topics farther apart are never one.
    report : Callable
        Called with how many shuffled pairs are done, and how many there are.
    """
    topics = [period.model.topic_word_ for period in periods]
    max_distance = chance_distance(topics, largest_distance)
    pairs = [_compare(old, new, max_distance) for old, new in pairwise(periods)]
    chance = _by_chance(periods, unfitted, max_distance, report)
    came = [np.zeros(len(table), dtype=bool) for table in topics]
    went = [np.zeros(len(table), dtype=bool) for table in topics]
    _mark(came[1:], [(pair.new, pair.born) for pair in pairs], chance)
    _mark(went[:-1], [(pair.old, pair.died) for pair in pairs], chance)
    return Turnover(max_distance, came, went)


def _by_chance(
    periods: Sequence[LearnedPeriod],
    unfitted: TopicModel,
    max_distance: float,
    report: Callable[[int, int], None],
) -> NDArray[np.float64]:
    """Return z values of topics without a match where the articles of two periods are shuffled."""
    rng = np.random.default_rng(_SEED)
    n_pairs = len(periods) - 1
    rounds = -(-_MIN_SHUFFLES // n_pairs)
    unmatched: list[float] = []
    everything: list[float] = []
    for n in range(rounds * n_pairs):
        report(n, rounds * n_pairs)
        old, new = periods[n % n_pairs], periods[n % n_pairs + 1]
        pair = _compare(*_shuffled(old, new, unfitted, rng), max_distance)
        everything += [*pair.new.tolist(), *pair.old.tolist()]
        unmatched += [*pair.new[list(pair.born)].tolist(), *pair.old[list(pair.died)].tolist()]
    report(rounds * n_pairs, rounds * n_pairs)
    return np.array(unmatched if len(unmatched) >= _MIN_CHANCE_TOPICS else everything)


def _shuffled(
    old: LearnedPeriod, new: LearnedPeriod, unfitted: TopicModel, rng: np.random.Generator
) -> tuple[LearnedPeriod, LearnedPeriod]:
    """Return two periods of the same sizes, with the articles of both shuffled."""
    together = sparse.vstack([old.counts, new.counts], format="csr")
    order = rng.permutation(together.shape[0])
    n_old = old.counts.shape[0]
    parts = []
    for rows in (order[:n_old], order[n_old:]):
        counts = together[np.sort(rows)]
        model = TopicModel(**unfitted.get_params())
        parts.append(LearnedPeriod(counts, model.fit_quietly(counts)))
    return parts[0], parts[1]


def _compare(old: LearnedPeriod, new: LearnedPeriod, max_distance: float) -> _Pair:
    matching: TopicMatching = match_topics(
        old.model.topic_word_, new.model.topic_word_, max_distance
    )
    return _Pair(
        new=_excess(new, old),
        old=_excess(old, new),
        born=matching.born,
        died=matching.died,
    )


def _excess(own: LearnedPeriod, other: LearnedPeriod) -> NDArray[np.float64]:
    """Return how many standard errors more of a model's topics its own articles hold."""
    own_shares = own.model.transform(own.counts)
    other_shares = own.model.transform(other.counts)
    usual_variance = np.concatenate([own_shares, other_shares]).var(axis=0)
    difference = mean_difference(other_shares, own_shares, usual_variance)
    p = np.clip(difference.p, np.finfo(float).tiny, 1)
    z: NDArray[np.float64] = np.sign(difference.change) * stats.norm.isf(p / 2)
    return z


def _mark(
    tables: Sequence[NDArray[np.bool_]],
    candidates: Sequence[tuple[NDArray[np.float64], tuple[int, ...]]],
    chance: NDArray[np.float64],
) -> None:
    """Mark in *tables* the candidates whose z value is larger than chance gives."""
    places = [(n, topic) for n, (_, topics) in enumerate(candidates) for topic in topics]
    if not places:
        return
    z = np.array([candidates[n][0][topic] for n, topic in places])
    spread = max(float(chance.std(ddof=1)), _LEAST_SPREAD)
    # Few topics show what chance gives: a t distribution knows how few.
    p = stats.t.sf((z - chance.mean()) / spread, len(chance) - 1)
    for (n, topic), significant in zip(places, significant_tests(p), strict=True):
        tables[n][topic] = significant
