"""Periods in which a series is above the year around them, and runs of such periods.

A series may be a topic's share or the share of documents with a word; this module knows neither.
What counts as a peak or a burst is decided by chance: the same articles with shuffled dates.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.themes.chance import ChanceMaxima, significant_tests
from research.themes.panel import PeriodSums

_NEIGHBOURS = 2  # Periods on either side that a peak is higher than.
_MIN_PERIODS_AROUND = 6  # On either side, for the usual share, where a year has fewer.
_MIN_ARTICLES_OF_PEAK = 3.0  # Its share times its articles: fewer say nothing of a period.
_BURST_RATE = 2.0  # A burst's rate as a multiple of the usual one (Kleinberg's s).
_BURST_START_COST = 1.0  # In units of ln n (Kleinberg's gamma).
_MIN_RATE, _MAX_RATE = 1e-9, 0.9999  # So that logarithms of rates are finite.
_MIN_PERIODS_FOR_BURSTS = 3
_TINY = 1e-12


class BurstSpan(NamedTuple):
    """Successive periods with a rate far above the usual one.

    ``first`` and ``last`` are positions of periods; ``weight`` is how much likelier (in nats) the
    burst's rate makes the articles than the usual rate.
    """

    first: int
    last: int
    weight: float


def find_peaks(
    observed: PeriodSums, shuffled: Iterable[PeriodSums], periods_per_year: float
) -> list[list[int]]:
    """Return the positions of each series' peaks, the one farthest above the usual first.

    A peak is at least as high as the two periods on either side, has at least three articles' worth
    of the series, and exceeds the articles of a year on either side by more than the largest excess
    that one series in twenty has by chance. Series are first tested as a whole, with a false
    discovery rate of one in twenty among all. So one theme may peak at every congress.

    Parameters
    ----------
    observed : PeriodSums
        The n_topics series over n_periods.
    shuffled : Iterable[PeriodSums]
        The same articles with shuffled dates, about 200 times.
    periods_per_year : float
        How many periods a year has.
    """
    reach = max(_MIN_PERIODS_AROUND, round(periods_per_year))
    scores = _peak_scores(observed, reach)
    chance = ChanceMaxima(np.stack([_peak_scores(sums, reach).max(axis=0) for sums in shuffled]))
    passed = significant_tests(chance.p_values(scores.max(axis=0)))
    critical = chance.critical_values()
    peaks: list[list[int]] = []
    for series, threshold, significant in zip(scores.T, critical, passed, strict=True):
        positions = np.flatnonzero(series > threshold) if significant else np.empty(0, dtype=int)
        order = np.argsort(-series[positions], kind="stable")
        peaks.append(positions[order].tolist())
    return peaks


def _peak_scores(table: PeriodSums, reach: int) -> NDArray[np.float64]:
    """Return by how many standard deviations each period exceeds the usual share.

    The usual share is that of the articles within *reach* periods on either side, the period itself
    left out; the deviation counts the articles of both. Returns n_periods × n_topics; a large
    negative number where a period cannot be a peak.
    """
    n_around = _sums_around(table.sizes[:, None], reach)
    usual = _sums_around(table.sums, reach) / np.maximum(n_around, _TINY)
    n = np.maximum(table.sizes, _TINY)[:, None]
    means = table.sums / n
    deviation = np.sqrt(table.variance * (1 / n + 1 / np.maximum(n_around, 1)))
    scores = _normal_scores((means - usual) / deviation, table.skewness / np.sqrt(n))
    possible = _highest_around(means, table.sizes > 0)
    possible &= (table.sums >= _MIN_ARTICLES_OF_PEAK) & (n_around > 0)
    return np.where(possible, scores, 0.0)


def _sums_around(values: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """Return sums over the periods within *reach* of each, without its own (along the first axis)."""
    n_periods = len(values)
    positions = np.arange(n_periods)
    first = np.maximum(positions - reach, 0)
    after = np.minimum(positions + reach + 1, n_periods)
    running = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    around: NDArray[np.float64] = running[after] - running[first] - values
    return np.maximum(around, 0)


def _normal_scores(
    standardised: NDArray[np.float64], skewness: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return normal scores of standardised gamma variates by the cube root (Wilson & Hilferty 1931).

    Means of few shares are skewed; without this thin periods would have the largest scores.
    """
    shape = 4 / np.maximum(skewness, _TINY**0.5) ** 2
    ratio = np.maximum(1 + standardised / np.sqrt(shape), 0)
    scores: NDArray[np.float64] = 3 * np.sqrt(shape) * (np.cbrt(ratio) - 1 + 1 / (9 * shape))
    return scores


def _highest_around(means: NDArray[np.float64], occupied: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which periods are as high as the two on either side, n_periods × n_topics."""
    heights = np.where(occupied[:, None], means, -np.inf)
    padded = np.pad(heights, ((_NEIGHBOURS, _NEIGHBOURS), (0, 0)), constant_values=-np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * _NEIGHBOURS + 1, axis=0)
    return np.asarray((heights >= windows.max(axis=-1)) & occupied[:, None])


def find_bursts(observed: PeriodSums, shuffled: Iterable[PeriodSums]) -> list[list[BurstSpan]]:
    """Find each series' bursts with Kleinberg's two-state automaton for batches (2002, section 4).

    In a burst, articles are of the series twice as often as usual. Periods without articles neither
    begin nor end one. A burst counts if its weight exceeds the largest that one series in twenty
    has by chance, and the series as a whole passes among all with a false discovery rate of one in
    twenty. The burst of the greatest weight comes first.

    Parameters
    ----------
    observed : PeriodSums
        The n_topics series over n_periods.
    shuffled : Iterable[PeriodSums]
        The same articles with shuffled dates, about 200 times.
    """
    n_topics = observed.sums.shape[1]
    occupied = np.flatnonzero(observed.sizes > 0)
    if len(occupied) < _MIN_PERIODS_FOR_BURSTS:
        return [[] for _ in range(n_topics)]
    gains = _burst_gains(observed)
    chance = ChanceMaxima(np.stack([_largest_sum(_burst_gains(sums)) for sums in shuffled]))
    passed = significant_tests(chance.p_values(_largest_sum(gains)))
    critical = chance.critical_values()
    return [
        _bursts_of(gains[occupied, topic], occupied, critical[topic]) if passed[topic] else []
        for topic in range(n_topics)
    ]


def _burst_gains(table: PeriodSums) -> NDArray[np.float64]:
    """Return how much likelier (in nats) a burst's rate makes each period, n_periods × n_topics."""
    rate = table.sums.sum(axis=0) / table.sizes.sum()
    usual = np.clip(rate, _MIN_RATE, _MAX_RATE / _BURST_RATE)
    raised = usual * _BURST_RATE
    others = table.sizes[:, None] - table.sums
    of_topic = table.sums * np.log(raised / usual)
    gains: NDArray[np.float64] = of_topic + others * np.log((1 - raised) / (1 - usual))
    return gains


def _largest_sum(gains: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the largest sum of successive gains of each series (n_topics,), at least 0."""
    largest = np.zeros(gains.shape[1])
    ending_here = np.zeros(gains.shape[1])
    for gain in gains:
        ending_here = np.maximum(ending_here + gain, 0)
        largest = np.maximum(largest, ending_here)
    return largest


def _bursts_of(
    gains: NDArray[np.float64], occupied: NDArray[np.intp], min_weight: float
) -> list[BurstSpan]:
    """Return the bursts of one series whose periods with articles are at *occupied*."""
    in_burst = _cheapest_states(gains, _BURST_START_COST * np.log(len(gains)))
    bursts = []
    for start, end in _true_runs(in_burst):
        weight = float(gains[start:end].sum())
        if weight > min_weight:
            bursts.append(BurstSpan(int(occupied[start]), int(occupied[end - 1]), weight))
    return sorted(bursts, key=lambda burst: (-burst.weight, burst.first))


def _cheapest_states(gains: NDArray[np.float64], start_cost: float) -> NDArray[np.bool_]:
    """Return which periods are in a burst on the cheapest path through both states (Viterbi)."""
    usual, burst = 0.0, start_cost - gains[0]
    usual_from_burst, burst_from_burst = [False], [False]
    for gain in gains[1:]:
        usual_from_burst.append(burst < usual)
        burst_from_burst.append(burst <= usual + start_cost)
        usual, burst = min(usual, burst), min(usual + start_cost, burst) - gain
    in_burst = burst < usual
    states = []
    for t in reversed(range(len(gains))):
        states.append(in_burst)
        in_burst = burst_from_burst[t] if in_burst else usual_from_burst[t]
    return np.array(states[::-1], dtype=bool)


def _true_runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return where runs of True start and where they end (the position after the last)."""
    padded = np.concatenate([[False], flags, [False]]).astype(int)
    edges = np.flatnonzero(np.diff(padded))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
