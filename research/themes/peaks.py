"""Periods in which a series is above the year around them, and runs of such periods.

A series may be a topic's share or the share of documents with a word; this module knows neither.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_NEIGHBOURS = 2  # Periods on either side that a peak is higher than.
_MIN_PERIODS_AROUND = 6  # On either side, for the usual share, where a year has fewer.
_MIN_PERIODS_FOR_BURSTS = 3
_BURST_RATE = 2.0  # A burst's rate as a multiple of the usual one (Kleinberg's s).
_BURST_START_COST = 1.0  # In units of ln n (Kleinberg's gamma).
_MAX_USUAL_RATE, _MAX_BURST_RATE = 0.999, 0.9999  # Below 1, so that logarithms are finite.


class BurstSpan(NamedTuple):
    """Successive periods with a rate far above the usual one.

    ``first`` and ``last`` are positions of periods; ``weight`` is how much likelier (in nats) the
    burst's rate makes the documents than the usual rate.
    """

    first: int
    last: int
    weight: float


def find_peaks(
    series: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    periods_per_year: float,
) -> list[int]:
    """Return the positions of peaks of a series, the one farthest above the usual first.

    A peak is higher than the two periods on either side, and its interval lies above the usual one:
    the median within a year on either side. So one theme may peak at every congress, where its
    highest share shows the largest only. Without bands (*low* and *high* are the series itself)
    every such period above the usual one counts.

    Parameters
    ----------
    series : NDArray[np.float64]
        Shares (n_periods,); NaN for gaps.
    low, high : NDArray[np.float64]
        The interval of every period (n_periods,).
    periods_per_year : float
        How many periods a year has.
    """
    reach = max(_MIN_PERIODS_AROUND, round(periods_per_year))
    has_share = ~np.isnan(series)
    positions = np.flatnonzero(has_share)
    heights = {}
    for i in positions.tolist():
        neighbours = _around(series, i, _NEIGHBOURS)
        if series[i] < np.nanmax(neighbours):
            continue
        highs = _around(high, i, reach)
        if low[i] > np.nanmedian(highs):
            shares = _around(series, i, reach)
            heights[i] = series[i] - np.nanmedian(shares)
    return sorted(
        heights,
        key=lambda i: (-heights[i], i),
    )


def _around(values: NDArray[np.float64], i: int, reach: int) -> NDArray[np.float64]:
    """Return the values at most *reach* positions from *i*."""
    start = max(0, i - reach)
    end = i + reach + 1
    return values[start:end]


def find_bursts(expected: NDArray[np.float64], documents: NDArray[np.float64]) -> list[BurstSpan]:
    """Find bursts with Kleinberg's two-state automaton for batches (2002, section 4).

    In a burst, documents are of the topic twice as often as usual. Periods without documents
    neither begin nor end one.

    Parameters
    ----------
    expected : NDArray[np.float64]
        How many documents of a period are of the topic (n_periods,): its share times *documents*.
    documents : NDArray[np.float64]
        How many documents a period has at all (n_periods,).

    Returns
    -------
    list[BurstSpan]
        The burst of the greatest weight first.
    """
    occupied = np.flatnonzero(documents > 0)
    n_periods = len(occupied)
    relevant = expected[occupied]
    if n_periods < _MIN_PERIODS_FOR_BURSTS or relevant.sum() <= 0:
        return []
    usual_cost, burst_cost = _state_costs(relevant, documents[occupied])
    start_cost = _BURST_START_COST * np.log(n_periods)
    in_burst = _cheapest_states(usual_cost, burst_cost, start_cost)
    bursts = []
    for start, end in _true_runs(in_burst):
        gain = usual_cost[start:end] - burst_cost[start:end]
        span = BurstSpan(
            first=int(occupied[start]),
            last=int(occupied[end - 1]),
            weight=float(gain.sum()),
        )
        if span.weight > 0:
            bursts.append(span)
    return sorted(
        bursts,
        key=lambda span: (-span.weight, span.first),
    )


def _state_costs(
    relevant: NDArray[np.float64], total: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each period's cost in the usual state and in a burst (n_periods,)."""
    rate = relevant.sum() / total.sum()
    usual_rate = min(rate, _MAX_USUAL_RATE)
    burst_rate = min(usual_rate * _BURST_RATE, _MAX_BURST_RATE)
    return (
        _cost(relevant, total, usual_rate),
        _cost(relevant, total, burst_rate),
    )


def _cost(
    relevant: NDArray[np.float64], total: NDArray[np.float64], rate: float
) -> NDArray[np.float64]:
    """Return each period's negative log-likelihood, without the constant, at a rate."""
    others = total - relevant
    likelihood = relevant * np.log(rate)
    likelihood += others * np.log(1 - rate)
    return np.asarray(-likelihood)


def _cheapest_states(
    usual_cost: NDArray[np.float64], burst_cost: NDArray[np.float64], start_cost: float
) -> NDArray[np.bool_]:
    """Return which periods are in a burst on the cheapest path through both states (Viterbi).

    Only the step from the usual state into a burst has a cost.
    """
    usual = usual_cost[0]
    burst = burst_cost[0] + start_cost
    predecessors = []
    for t in range(1, len(usual_cost)):
        usual_then_burst = usual + start_cost
        burst_before_usual = burst < usual
        burst_before_burst = burst < usual_then_burst
        predecessors.append((burst_before_usual, burst_before_burst))
        usual = min(usual, burst) + usual_cost[t]
        burst = min(usual_then_burst, burst) + burst_cost[t]
    in_burst = burst < usual
    states = [in_burst]
    for before_usual, before_burst in reversed(predecessors):
        in_burst = before_burst if in_burst else before_usual
        states.append(in_burst)
    states.reverse()
    return np.array(states, dtype=bool)


def _true_runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return where runs of True start and where they end (the position after the last)."""
    runs = []
    start = None
    for i, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = i
        elif not flag and start is not None:
            runs.append((start, i))
            start = None
    return runs
