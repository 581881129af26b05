"""Whether topics rise or fall over the years, tested at the level of articles."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from research.themes.chance import SIGNIFICANCE_LEVEL, significant_tests
from research.themes.panel import Panel

_MIN_PERIODS_FOR_TREND = 8
_MIN_DEGREES_OF_FREEDOM = 2.0
# Of the variance for articles that resemble no others: a standard error of at least half.
_MIN_VARIANCE_SHARE = 0.25
_EQUAL = 1e-12  # Standard deviation of shares that differ by rounding errors only.
_MAX_LEVERAGE = 0.95  # Of one period, so that its residual is not divided by 0.

Direction = Literal["rising", "falling", "steady"]


class Trend(NamedTuple):
    """Change of a topic's share per year.

    Attributes
    ----------
    slope, low, high : float
        Share per year, and its 95 % interval; NaN where fewer than eight periods have articles.
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


class _Line(NamedTuple):
    """A straight line through the periods' means, each weighing as much as its articles.

    ``weights``, ``centred`` (time less its weighted mean, in periods), ``leverage`` are
    (n_periods,), ``slopes`` (n_topics,), ``residuals`` n_periods × n_topics; ``spread`` is the
    weighted sum of squares of ``centred``.
    """

    weights: NDArray[np.float64]
    centred: NDArray[np.float64]
    leverage: NDArray[np.float64]
    spread: float
    slopes: NDArray[np.float64]
    residuals: NDArray[np.float64]


def measure_trends(panel: Panel, periods_per_year: float) -> list[Trend]:
    """Return the trend of every topic, and which trends are significant among all.

    The slope is that of least squares over the articles, so that a period of one article counts as
    one article. Its standard error is robust to periods whose articles resemble each other
    (bias-reduced, Bell & McCaffrey 2002, with their degrees of freedom for few or uneven periods)
    and is widened where successive periods resemble each other (Newey & West 1987); it is at
    least half of what it would be for articles that resemble no others.
    """
    positions = np.flatnonzero(panel.documents > 0)
    n_topics = panel.shares.shape[1]
    if len(positions) < _MIN_PERIODS_FOR_TREND:
        return [Trend(np.nan, np.nan, np.nan, np.nan)] * n_topics
    line = _fit_line(positions, panel.period_weights[positions], panel.means[positions])
    independent = _independent_variances(line, panel, positions)
    variances = np.maximum(_score_variances(line), _MIN_VARIANCE_SHARE * independent)
    errors = np.sqrt(variances) / line.spread
    freedom = _degrees_of_freedom(line)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(panel.shares.std(axis=0) > _EQUAL, np.abs(line.slopes) / errors, 0.0)
    p = 2 * stats.t.sf(t, freedom)
    reach = stats.t.ppf(1 - SIGNIFICANCE_LEVEL / 2, freedom) * errors
    figures = np.stack([line.slopes, line.slopes - reach, line.slopes + reach]) * periods_per_year
    significant = significant_tests(p)
    trends = []
    for (slope, low, high), p_value, passed in zip(figures.T, p, significant, strict=True):
        direction: Direction = "steady"
        if passed:
            direction = "rising" if slope > 0 else "falling"
        trends.append(Trend(float(slope), float(low), float(high), float(p_value), direction))
    return trends


def _fit_line(
    positions: NDArray[np.intp], weights: NDArray[np.float64], means: NDArray[np.float64]
) -> _Line:
    """Fit a line to each topic's means, n_periods × n_topics, at their *positions*."""
    total = weights.sum()
    centred = positions - weights @ positions / total
    spread = float(weights @ centred**2)
    slopes = (weights * centred) @ means / spread
    levels = weights @ means / total
    residuals = means - levels - np.outer(centred, slopes)
    leverage = weights * (1 / total + centred**2 / spread)
    return _Line(weights, centred, leverage, spread, slopes, residuals)


def _adjustments(line: _Line) -> NDArray[np.float64]:
    """Return by how much each period's residual is raised for what the line took (n_periods,)."""
    left = 1 - np.minimum(line.leverage, _MAX_LEVERAGE)
    return np.asarray(1 / np.sqrt(left))


def _score_variances(line: _Line) -> NDArray[np.float64]:
    """Return the variance of each topic's score, the sum of weight × time × residual (n_topics,)."""
    factors = line.weights * line.centred * _adjustments(line)
    scores = factors[:, None] * line.residuals
    variances = (scores**2).sum(axis=0)
    n_periods = len(scores)
    max_lag = max(1, int(4 * (n_periods / 100) ** (2 / 9)))  # Newey & West 1994.
    for lag in range(1, max_lag + 1):
        products = (scores[lag:] * scores[:-lag]).sum(axis=0)
        # Only what widens: a negative estimate from few periods is mostly chance.
        variances += 2 * (1 - lag / (max_lag + 1)) * np.maximum(products, 0)
    return np.asarray(variances)


def _independent_variances(
    line: _Line, panel: Panel, positions: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return the variance that the scores would have if articles did not resemble each other.

    The robust variance is too small where a topic has no article at all in thin periods.
    """
    squared_weights = np.bincount(panel.rows, panel.weights**2, panel.n_periods)[positions]
    article_variance = panel.shares.var(axis=0)
    variances: NDArray[np.float64] = article_variance * float(squared_weights @ line.centred**2)
    return variances


def _degrees_of_freedom(line: _Line) -> float:
    """Return the degrees of freedom of the variance (Bell & McCaffrey 2002, Satterthwaite)."""
    n_periods = len(line.weights)
    design = np.stack([np.ones(n_periods), line.centred], axis=1)
    weighted = design.T * line.weights
    hat = design @ np.linalg.solve(weighted @ design, weighted)
    factors = line.weights * line.centred * _adjustments(line)
    scores = factors[:, None] * (np.eye(n_periods) - hat)
    covariance = (scores / line.weights) @ scores.T  # Of articles that resemble no others.
    freedom = np.trace(covariance) ** 2 / np.sum(covariance**2)
    return max(float(freedom), _MIN_DEGREES_OF_FREEDOM)
