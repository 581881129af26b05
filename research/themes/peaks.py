"""Periods in which a series stands out from the year around them, and runs of such periods.

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
    """Return the positions at which a series stands out, the one farthest above the usual first.

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
    peaks = []
    for i in np.flatnonzero(~np.isnan(series)):
        neighbours = series[max(0, i - _NEIGHBOURS) : i + _NEIGHBOURS + 1]
        if series[i] < np.nanmax(neighbours):
            continue
        year_around = slice(max(0, i - reach), i + reach + 1)
        if low[i] > np.nanmedian(high[year_around]):
            height = float(series[i] - np.nanmedian(series[year_around]))
            peaks.append((-height, int(i)))
    return [i for _, i in sorted(peaks)]


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
    relevant, total = expected[occupied], documents[occupied]
    if len(occupied) < _MIN_PERIODS_FOR_BURSTS or relevant.sum() <= 0:
        return []
    costs = _state_costs(relevant, total)
    in_burst = _cheapest_states(costs, _BURST_START_COST * np.log(len(occupied)))
    gains = costs[0] - costs[1]
    bursts = []
    for start, end in _true_runs(in_burst):
        weight = float(gains[start:end].sum())
        if weight > 0:
            bursts.append(BurstSpan(int(occupied[start]), int(occupied[end - 1]), weight))
    return sorted(bursts, key=lambda burst: (-burst.weight, burst.first))


def _state_costs(relevant: NDArray[np.float64], total: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return negative log-likelihoods of every period in the usual and the burst state, 2 × n."""
    usual = min(relevant.sum() / total.sum(), _MAX_USUAL_RATE)
    raised = min(usual * _BURST_RATE, _MAX_BURST_RATE)
    others = total - relevant
    return np.stack([-(relevant * np.log(p) + others * np.log(1 - p)) for p in (usual, raised)])


def _cheapest_states(costs: NDArray[np.float64], start_cost: float) -> NDArray[np.bool_]:
    """Return which periods are in a burst on the cheapest path through both states (Viterbi)."""
    n_periods = costs.shape[1]
    best = costs[:, 0] + [0.0, start_cost]
    predecessors = []
    for t in range(1, n_periods):
        into = np.array([[best[0], best[1]], [best[0] + start_cost, best[1]]])
        predecessors.append(into.argmin(axis=1))
        best = into.min(axis=1) + costs[:, t]
    states = [int(best.argmin())]
    for predecessor in reversed(predecessors):
        states.append(int(predecessor[states[-1]]))
    return np.array(states[::-1], dtype=bool)


def _true_runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return where runs of True start and where they end (the position after the last)."""
    padded = np.concatenate([[False], flags, [False]]).astype(int)
    edges = np.flatnonzero(np.diff(padded))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
