"""Whether a series rises or falls over the years, and which of many tests are significant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

SIGNIFICANCE_LEVEL = 0.05
INTERVAL_QUANTILES = (SIGNIFICANCE_LEVEL / 2, 1 - SIGNIFICANCE_LEVEL / 2)  # Of a 95 % interval.
# Deviations from 0 that are significant.
_CRITICAL_Z = float(stats.norm.ppf(INTERVAL_QUANTILES[1]))
_MIN_PERIODS_FOR_TREND = 8

Direction = Literal["rising", "falling", "steady"]


class Trend(NamedTuple):
    """Change of a topic's share per year.

    Attributes
    ----------
    slope, low, high : float
        Share per year, and its 95 % interval; NaN where fewer than eight periods have a share.
    p : float
        How probable so large a change is by chance.
    direction : Direction
        "rising" or "falling" where the change is significant among those of all topics.
    """

    slope: float
    low: float
    high: float
    p: float
    direction: Direction = "steady"


_UNKNOWN = Trend(np.nan, np.nan, np.nan, np.nan)
_NO_CHANGE = Trend(0.0, 0.0, 0.0, 1.0)  # Of values that are all equal.


def measure_trend(series: NDArray[np.float64], periods_per_year: float) -> Trend:
    """Return the Theil–Sen slope of a series and the Mann–Kendall test.

    *series* is (n_periods,), NaN for gaps. The variance of the test is widened by the significant
    autocorrelations of the detrended ranks (Hamed & Rao 1998), and the slope's interval with it.
    The direction is left at "steady", as one series alone cannot correct for many tests.
    """
    has_share = ~np.isnan(series)
    positions = np.flatnonzero(has_share)
    if len(positions) < _MIN_PERIODS_FOR_TREND:
        return _UNKNOWN
    values = series[positions]
    earlier, later = np.triu_indices(len(positions), 1)
    rises = values[later] - values[earlier]
    n_periods = positions[later] - positions[earlier]
    years = n_periods / periods_per_year
    slopes = np.sort(rises / years)
    slope = np.median(slopes)
    line = slope * positions
    line /= periods_per_year
    detrended = values - line
    variance = _score_variance(values)
    variance *= _autocorrelation_factor(detrended)
    if variance <= 0:
        return _NO_CHANGE
    score = np.sign(rises).sum()
    deviation = np.sqrt(variance)
    low, high = _slope_interval(slopes, deviation)
    return Trend(
        slope=float(slope),
        low=low,
        high=high,
        p=_p_value(score, deviation),
    )


def _p_value(score: float, deviation: float) -> float:
    """Return the two-sided p value of Mann–Kendall's score, corrected for continuity."""
    corrected = score - np.sign(score)
    z = abs(corrected) / deviation
    tail = stats.norm.sf(z)
    return float(2 * tail)


def _slope_interval(slopes: NDArray[np.float64], deviation: float) -> tuple[float, float]:
    """Return the 95 % interval of the median of sorted slopes, from the score's deviation."""
    n = len(slopes)
    ranks = np.arange(n)
    reach = _CRITICAL_Z * deviation
    low_rank = (n - reach) / 2
    high_rank = (n + reach) / 2
    low = np.interp(low_rank, ranks, slopes)
    high = np.interp(high_rank, ranks, slopes)
    return float(low), float(high)


def _score_variance(values: NDArray[np.float64]) -> float:
    """Return the variance of Mann–Kendall's score of independent values, some of them equal."""
    n = len(values)
    _, ties = np.unique(values, return_counts=True)
    sizes = np.array([n, *ties])
    pairs = sizes * (sizes - 1)
    terms = pairs * (2 * sizes + 5)
    difference = terms[0] - terms[1:].sum()
    variance = difference / 18
    return float(variance)


def _autocorrelation_factor(residuals: NDArray[np.float64]) -> float:
    """Return by how much autocorrelation widens the variance of the score, at least 1."""
    n = len(residuals)
    ranks = stats.rankdata(residuals)
    ranks -= ranks.mean()
    total = float(ranks @ ranks)
    if not total:
        return 1.0
    threshold = _CRITICAL_Z / np.sqrt(n)
    weighted = []
    for lag in range(1, n - 2):
        product = ranks[lag:] @ ranks[:-lag]
        correlation = float(product) / total
        if abs(correlation) < threshold:
            correlation = 0.0
        weight = _n_triples(n - lag)
        weighted.append(weight * correlation)
    scale = 2 / _n_triples(n)
    factor = 1 + scale * float(np.sum(weighted))
    return max(1.0, factor)


def _n_triples(n: int) -> int:
    """Return how many ordered triples *n* things make."""
    pairs = n * (n - 1)
    return pairs * (n - 2)


def significant_tests(p: Sequence[float]) -> NDArray[np.bool_]:
    """Return which of many tests are significant at a false discovery rate of one in twenty.

    *p* are their p values (n_tests,), NaN where there was no test (Benjamini & Hochberg 1995).
    """
    values = np.array(p, dtype=np.float64)
    values[np.isnan(values)] = 1.0
    n_tests = len(values)
    order = np.argsort(values, kind="stable")
    ranks = np.arange(1, n_tests + 1)
    limits = SIGNIFICANCE_LEVEL * ranks / max(1, n_tests)
    is_below = values[order] <= limits
    passed = np.flatnonzero(is_below)
    significant = np.zeros(n_tests, dtype=bool)
    if len(passed):
        n_passed = passed[-1] + 1
        tests = order[:n_passed]
        significant[tests] = True
    return significant
