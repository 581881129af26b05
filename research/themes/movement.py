"""How themes move: peaks, trends, seasons, bursts, and what events changed."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

_LEVEL = 0.05
_LEAST_PERIODS = 8
_LEAST_CYCLES = 2
_TURNS = 1999
_RATE = 2.0  # How many times the usual rate makes a burst (Kleinberg's s).
_COST = 1.0  # Of beginning one, in units of ln n (Kleinberg's gamma).
_BESIDE = 2  # Periods on either side that a peak is higher than.
_LEAST_AROUND = 6  # Periods on either side that say what is usual, where a year has fewer.


class Trend(NamedTuple):
    """Change of a topic's share a year, with its 95 % interval, and ``p``, how likely chance alone gives as much."""

    slope: float
    low: float
    high: float
    p: float


class Season(NamedTuple):
    """How much of a topic's movement comes with the season (0 to 1), ``p``, its strongest part of the year (0 is the first), and by how
    much the share is higher then, with its 95 % interval."""

    strength: float
    p: float
    peak: int
    amplitude: float
    low: float
    high: float


class Burst(NamedTuple):
    """A run of periods, ``first`` to ``last`` (positions), in which a topic stood far above its usual rate; ``weight`` says how far."""

    first: int
    last: int
    weight: float


def peaks(
    series: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    per_year: float,
) -> list[int]:
    """Return the positions at which a *series* (n_periods,; NaN for gaps) stands out, the one farthest above what is usual there first.

    A peak is higher than the two periods on either side, and its interval (*low* to *high* of every period) lies above the usual one, the
    median within a year either side. So one theme may peak at every congress, where its highest share names the largest only.
    Without bands (*low* and *high* the series itself) every such period above the usual one counts.
    """
    reach = max(_LEAST_AROUND, round(per_year))
    found = []
    for i in np.flatnonzero(~np.isnan(series)):
        beside = series[max(0, i - _BESIDE) : i + _BESIDE + 1]
        around = slice(max(0, i - reach), i + reach + 1)
        if series[i] >= np.nanmax(beside) and low[i] > np.nanmedian(high[around]):
            found.append((float(np.nanmedian(series[around]) - series[i]), int(i)))
    return [i for _, i in sorted(found)]


def trend(series: NDArray[np.float64], per_year: float) -> Trend:
    """Return the Theil–Sen slope of a *series* (n_periods,; NaN for gaps) and the Mann–Kendall test, corrected for autocorrelation.

    The variance of the test is widened by the significant autocorrelations of the detrended ranks (Hamed & Rao 1998), and the slope's
    interval with it. All NaN where fewer than eight periods have a share.
    """
    at = np.flatnonzero(~np.isnan(series))
    if len(at) < _LEAST_PERIODS:
        return Trend(np.nan, np.nan, np.nan, np.nan)
    values = series[at]
    i, j = np.triu_indices(len(at), 1)
    rise, run = values[j] - values[i], (at[j] - at[i]) / per_year
    slopes = np.sort(rise / run)
    n = len(at)
    _, ties = np.unique(values, return_counts=True)
    variance = (n * (n - 1) * (2 * n + 5) - np.sum(ties * (ties - 1) * (2 * ties + 5))) / 18
    variance *= _correction(values - np.median(slopes) * at / per_year)
    score = float(np.sign(rise).sum())
    if variance <= 0:
        return Trend(0.0, 0.0, 0.0, 1.0)
    z = (score - np.sign(score)) / np.sqrt(variance)
    reach = stats.norm.ppf(1 - _LEVEL / 2) * np.sqrt(variance)
    low, high = (
        np.interp((len(slopes) + side * reach) / 2, np.arange(len(slopes)), slopes)
        for side in (-1, 1)
    )
    return Trend(
        float(np.median(slopes)), float(low), float(high), float(2 * stats.norm.sf(abs(z)))
    )


def _correction(residuals: NDArray[np.float64]) -> float:
    """Return by how much autocorrelation widens the variance of Mann–Kendall's score (at least 1)."""
    n = len(residuals)
    ranks = stats.rankdata(residuals)
    ranks = ranks - ranks.mean()
    total = float(ranks @ ranks)
    if not total:
        return 1.0
    lags = np.arange(1, n - 2)
    found = np.array([float(ranks[lag:] @ ranks[:-lag]) / total for lag in lags])
    found[np.abs(found) < stats.norm.ppf(1 - _LEVEL / 2) / np.sqrt(n)] = 0
    widened = 1 + 2 / (n * (n - 1) * (n - 2)) * float(
        np.sum((n - lags) * (n - lags - 1) * (n - lags - 2) * found)
    )
    return max(1.0, widened)


def season(series: NDArray[np.float64], part_of_year: NDArray[np.intp]) -> Season:
    """Return how seasonal a *series* (n_periods,) is; *part_of_year* numbers each period's month or quarter from 0.

    The strength is the share of the variance, of the series less its running mean of a year, that the parts of the year explain (Wang,
    Smith & Hyndman 2006). Its test turns every year round by a number of parts of its own, 1,999 times: what comes with the season is lost,
    what months owe to their neighbours stays. Intervals are bootstrapped over years.
    All NaN where no two whole years have shares.
    """
    cycle = int(part_of_year.max()) + 1 if len(part_of_year) else 0
    rest = series - _running_mean(series, cycle)
    table = _by_year(rest, part_of_year, cycle)
    full = table[~np.isnan(table).all(axis=1)]
    if cycle < 2 or len(full) < _LEAST_CYCLES or np.isnan(full).all(axis=0).any():
        return Season(np.nan, np.nan, 0, np.nan, np.nan, np.nan)
    groups = [column[~np.isnan(column)] for column in full.T]
    if min(map(len, groups)) < _LEAST_CYCLES:
        return Season(np.nan, np.nan, 0, np.nan, np.nan, np.nan)
    means = np.array([group.mean() for group in groups])
    spread = float(np.nanvar(full))
    if not spread:
        return Season(0.0, 1.0, int(means.argmax()), 0.0, 0.0, 0.0)
    rng = np.random.default_rng(0)
    strength = _explained(full[None])[0]
    turns = (np.arange(cycle) + rng.integers(0, cycle, (_TURNS, len(full), 1))) % cycle
    turned = _explained(np.take_along_axis(np.broadcast_to(full, turns.shape), turns, axis=2))
    peak = int(means.argmax())
    low, high = np.quantile(
        rng.choice(groups[peak], (500, len(groups[peak]))).mean(axis=1),
        (_LEVEL / 2, 1 - _LEVEL / 2),
    )
    p = (1 + np.count_nonzero(turned >= strength - 1e-12)) / (1 + _TURNS)
    return Season(float(strength), float(p), peak, float(means[peak]), float(low), float(high))


def _explained(tables: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of variance that columns explain, of each of n × years × parts."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", RuntimeWarning
        )  # A turned table may have a column of gaps alone.
        left = np.nanvar(tables - np.nanmean(tables, axis=1, keepdims=True), axis=(1, 2))
        return np.asarray(np.maximum(0.0, 1 - left / np.nanvar(tables, axis=(1, 2))))


def _running_mean(series: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Return means over a year around each period, of the periods that have shares."""
    half = width // 2
    padded = np.pad(series, half, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    weights = np.ones(2 * half + 1)
    if width % 2 == 0:
        weights[[0, -1]] = 0.5  # An even year has the same month at both ends: half each.
    there = ~np.isnan(windows) * weights
    with np.errstate(invalid="ignore"):
        return np.asarray(np.nansum(windows * weights, axis=1) / there.sum(axis=1))


def _by_year(
    values: NDArray[np.float64], part: NDArray[np.intp], cycle: int
) -> NDArray[np.float64]:
    """Lay a series out as years × parts of the year, NaN where there is none."""
    year = np.concatenate([[0], np.cumsum(np.diff(part) < 0)]) if len(part) else part
    table = np.full((int(year.max()) + 1 if len(year) else 0, cycle), np.nan)
    table[year, part] = values
    return table


def bursts(expected: NDArray[np.float64], documents: NDArray[np.float64]) -> list[Burst]:
    """Find bursts of a topic with Kleinberg's two-state automaton for batches (2002, section 4).

    *expected* (n_periods,) is how many documents' worth of the topic a period has (share times documents), *documents* how many it has at
    all. In a burst, documents are of the topic twice as often as usual. The strongest burst comes first; periods without documents
    neither begin nor end one.
    """
    at = np.flatnonzero(documents > 0)
    r, d = expected[at], documents[at]
    if len(at) < 3 or r.sum() <= 0:
        return []
    usual = min(r.sum() / d.sum(), 0.999)
    often = min(usual * _RATE, 0.9999)
    costs = np.stack([-(r * np.log(p) + (d - r) * np.log(1 - p)) for p in (usual, often)])
    entry = _COST * np.log(len(at))
    best, back = costs[:, 0] + [0.0, entry], []
    for t in range(1, len(at)):
        into = np.array([[best[0], best[1]], [best[0] + entry, best[1]]])
        back.append(into.argmin(axis=1))
        best = into.min(axis=1) + costs[:, t]
    state = [int(best.argmin())]
    for step in reversed(back):
        state.append(int(step[state[-1]]))
    high = np.array(state[::-1], dtype=bool)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], high, [False]]).astype(int)))
    gained = costs[0] - costs[1]
    found = [
        Burst(int(at[a]), int(at[b - 1]), float(gained[a:b].sum()))
        for a, b in zip(edges[::2], edges[1::2], strict=True)
    ]
    return sorted(
        (burst for burst in found if burst.weight > 0),
        key=lambda burst: (-burst.weight, burst.first),
    )


def difference(
    before: NDArray[np.float64], after: NDArray[np.float64], resamples: int = 500
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return by how much topic shares (n_documents × n_topics each) are higher *after* than *before* (n_topics,), and 95 % bootstrap intervals
    (2 × n_topics)."""
    rng = np.random.default_rng(0)
    drawn = [
        rng.multinomial(len(side), np.full(len(side), 1 / len(side)), resamples) @ side / len(side)
        for side in (before, after)
    ]
    interval: NDArray[np.float64] = np.quantile(
        drawn[1] - drawn[0], (_LEVEL / 2, 1 - _LEVEL / 2), axis=0
    )
    change: NDArray[np.float64] = after.mean(axis=0) - before.mean(axis=0)
    return change, interval


def significant(p: Sequence[float]) -> NDArray[np.bool_]:
    """Return which of many tests stand when one in twenty of those called significant may be chance (Benjamini & Hochberg 1995)."""
    values = np.array([1.0 if np.isnan(one) else one for one in p])
    order = np.argsort(values, kind="stable")
    passed = values[order] <= _LEVEL * np.arange(1, len(values) + 1) / max(1, len(values))
    kept = np.zeros(len(values), dtype=bool)
    if passed.any():
        kept[order[: np.flatnonzero(passed)[-1] + 1]] = True
    return kept
