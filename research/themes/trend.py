"""Whether a series rises or falls over the years, and which of many tests are significant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

SIGNIFICANCE_LEVEL = 0.05
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


def measure_trend(series: NDArray[np.float64], periods_per_year: float) -> Trend:
    """Return the Theil–Sen slope of a series and the Mann–Kendall test.

    *series* is (n_periods,), NaN for gaps. The variance of the test is widened by the significant
    autocorrelations of the detrended ranks (Hamed & Rao 1998), and the slope's interval with it.
    The direction is left at "steady", as one series alone cannot correct for many tests.
    """
    positions = np.flatnonzero(~np.isnan(series))
    if len(positions) < _MIN_PERIODS_FOR_TREND:
        return Trend(np.nan, np.nan, np.nan, np.nan)
    values = series[positions]
    earlier, later = np.triu_indices(len(positions), 1)
    rises = values[later] - values[earlier]
    years = (positions[later] - positions[earlier]) / periods_per_year
    slopes = np.sort(rises / years)
    slope = np.median(slopes)
    detrended = values - slope * positions / periods_per_year
    variance = _score_variance(values) * _autocorrelation_factor(detrended)
    if variance <= 0:
        return Trend(0.0, 0.0, 0.0, 1.0)
    score = float(np.sign(rises).sum())
    z = (score - np.sign(score)) / np.sqrt(variance)
    p = 2 * stats.norm.sf(abs(z))
    reach = stats.norm.ppf(1 - SIGNIFICANCE_LEVEL / 2) * np.sqrt(variance)
    ranks = np.arange(len(slopes))
    low = np.interp((len(slopes) - reach) / 2, ranks, slopes)
    high = np.interp((len(slopes) + reach) / 2, ranks, slopes)
    return Trend(float(slope), float(low), float(high), float(p))


def _score_variance(values: NDArray[np.float64]) -> float:
    """Return the variance of Mann–Kendall's score of independent values, some of them equal."""
    n = len(values)
    _, ties = np.unique(values, return_counts=True)
    tied = np.sum(ties * (ties - 1) * (2 * ties + 5))
    return float((n * (n - 1) * (2 * n + 5) - tied) / 18)


def _autocorrelation_factor(residuals: NDArray[np.float64]) -> float:
    """Return by how much autocorrelation widens the variance of the score, at least 1."""
    n = len(residuals)
    ranks = stats.rankdata(residuals)
    ranks = ranks - ranks.mean()
    total = float(ranks @ ranks)
    if not total:
        return 1.0
    lags = np.arange(1, n - 2)
    correlations = np.array([float(ranks[lag:] @ ranks[:-lag]) / total for lag in lags])
    threshold = stats.norm.ppf(1 - SIGNIFICANCE_LEVEL / 2) / np.sqrt(n)
    correlations[np.abs(correlations) < threshold] = 0
    weighted = np.sum((n - lags) * (n - lags - 1) * (n - lags - 2) * correlations)
    factor = 1 + 2 / (n * (n - 1) * (n - 2)) * float(weighted)
    return max(1.0, factor)


def significant_tests(p: Sequence[float]) -> NDArray[np.bool_]:
    """Return which of many tests are significant at a false discovery rate of one in twenty.

    *p* are their p values (n_tests,), NaN where there was no test (Benjamini & Hochberg 1995).
    """
    values = np.array([1.0 if np.isnan(value) else value for value in p])
    n_tests = len(values)
    order = np.argsort(values, kind="stable")
    limits = SIGNIFICANCE_LEVEL * np.arange(1, n_tests + 1) / max(1, n_tests)
    passed = np.flatnonzero(values[order] <= limits)
    significant = np.zeros(n_tests, dtype=bool)
    if len(passed):
        significant[order[: passed[-1] + 1]] = True
    return significant
