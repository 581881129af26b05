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

    @classmethod
    def learn(cls, counts: sparse.csr_matrix, unfitted: TopicModel) -> LearnedPeriod:
        """Learn topics from articles, n_articles × n_words; *unfitted* has their parameters."""
        model = TopicModel(**unfitted.get_params())
        return cls(counts, model.fit_quietly(counts))


class Turnover(NamedTuple):
    """Which topics came and went beyond chance.

    Attributes
    ----------
    came : list[NDArray[np.bool_]]
        For each period which of its topics are new since the period before (n_topics,).
    went : list[NDArray[np.bool_]]
        For each period which of its topics are gone in the period after (n_topics,).
    """

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

    def z_values(self) -> list[float]:
        """Return the z values of all topics."""
        return [*self.new.tolist(), *self.old.tolist()]

    def unmatched_z_values(self) -> list[float]:
        """Return the z values of the topics without a match."""
        born = self.new[list(self.born)]
        died = self.old[list(self.died)]
        return [*born.tolist(), *died.tolist()]


class _Candidates(NamedTuple):
    """The z values of a period's topics (n_topics,), and the topics without a match."""

    z: NDArray[np.float64]
    topics: tuple[int, ...]


def chance_distance(periods: Sequence[NDArray[np.float64]], largest: float) -> float:
    """Return the distance up to which topics of two periods are one, *largest* at most.

    *periods* are topics, n_topics × n_words each. Few topics of one period, which are different by
    their making, have another so near. A topic that vanished has a nearest one too: as near as the
    nearest other topic of a period is.
    """
    nearest: list[float] = []
    for topics in periods:
        if len(topics) < 2:
            continue
        table = distances(topics, topics)
        np.fill_diagonal(table, np.inf)
        to_nearest = table.min(axis=1)
        nearest += to_nearest.tolist()
    if not nearest:
        return largest
    quantile = float(np.quantile(nearest, _CHANCE_QUANTILE))
    return min(largest, quantile)


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
    born = [_Candidates(pair.new, pair.born) for pair in pairs]
    died = [_Candidates(pair.old, pair.died) for pair in pairs]
    _mark(came[1:], born, chance)
    _mark(went[:-1], died, chance)
    return Turnover(came, went)


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
    shuffles = list(pairwise(periods)) * rounds
    unmatched: list[float] = []
    everything: list[float] = []
    for n, (old, new) in enumerate(shuffles):
        report(n, len(shuffles))
        shuffled_old, shuffled_new = _shuffled(old, new, unfitted, rng)
        pair = _compare(shuffled_old, shuffled_new, max_distance)
        everything += pair.z_values()
        unmatched += pair.unmatched_z_values()
    report(len(shuffles), len(shuffles))
    is_enough = len(unmatched) >= _MIN_CHANCE_TOPICS
    return np.array(unmatched if is_enough else everything)


def _shuffled(
    old: LearnedPeriod, new: LearnedPeriod, unfitted: TopicModel, rng: np.random.Generator
) -> tuple[LearnedPeriod, LearnedPeriod]:
    """Return two periods of the same sizes, with the articles of both shuffled."""
    together = sparse.vstack([old.counts, new.counts], format="csr")
    n_old, _ = old.counts.shape
    n_both, _ = together.shape
    order = rng.permutation(n_both)
    old_rows = np.sort(order[:n_old])
    new_rows = np.sort(order[n_old:])
    shuffled_old = LearnedPeriod.learn(together[old_rows], unfitted)
    shuffled_new = LearnedPeriod.learn(together[new_rows], unfitted)
    return shuffled_old, shuffled_new


def _compare(old: LearnedPeriod, new: LearnedPeriod, max_distance: float) -> _Pair:
    old_topics = old.model.topic_word_
    new_topics = new.model.topic_word_
    matching: TopicMatching = match_topics(old_topics, new_topics, max_distance)
    return _Pair(
        new=_excess(new, old),
        old=_excess(old, new),
        born=matching.born,
        died=matching.died,
    )


def _excess(period: LearnedPeriod, other: LearnedPeriod) -> NDArray[np.float64]:
    """Return how many standard errors more of a period's topics its articles hold than others."""
    shares = period.model.transform(period.counts)
    other_shares = period.model.transform(other.counts)
    all_shares = np.concatenate([shares, other_shares])
    usual_variance = all_shares.var(axis=0)
    difference = mean_difference(other_shares, shares, usual_variance)
    smallest = np.finfo(float).tiny
    p = np.clip(difference.p, smallest, 1)
    size = stats.norm.isf(p / 2)
    z: NDArray[np.float64] = np.sign(difference.value) * size
    return z


def _mark(
    tables: Sequence[NDArray[np.bool_]],
    candidates: Sequence[_Candidates],
    chance: NDArray[np.float64],
) -> None:
    """Mark in *tables* the candidates whose z value is larger than chance gives."""
    places: list[tuple[int, int]] = []
    z_values: list[float] = []
    for n, (z, topics) in enumerate(candidates):
        places += [(n, topic) for topic in topics]
        z_values += z[list(topics)].tolist()
    if not places:
        return
    spread = max(float(chance.std(ddof=1)), _LEAST_SPREAD)
    beyond_mean = np.array(z_values) - chance.mean()
    # Few topics show what chance gives: a t distribution knows how few.
    p = stats.t.sf(beyond_mean / spread, len(chance) - 1)
    significant = significant_tests(p)
    for (n, topic), is_significant in zip(places, significant, strict=True):
        tables[n][topic] = is_significant
