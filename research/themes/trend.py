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


_UNKNOWN = Trend(np.nan, np.nan, np.nan, np.nan)


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
    if len(positions) < _MIN_PERIODS_FOR_TREND:
        n_topics = panel.shares.shape[1]
        return [_UNKNOWN] * n_topics
    line = _fit_line(positions, panel)
    errors = _standard_errors(line, panel, positions)
    freedom = _degrees_of_freedom(line)
    p = _p_values(line.slopes, errors, freedom, panel)
    quantile = stats.t.ppf(1 - SIGNIFICANCE_LEVEL / 2, freedom)
    reach = quantile * errors * periods_per_year
    slopes = line.slopes * periods_per_year
    trends = []
    for topic, significant in enumerate(significant_tests(p)):
        slope = float(slopes[topic])
        direction: Direction = "steady"
        if significant:
            direction = "rising" if slope > 0 else "falling"
        trends.append(
            Trend(
                slope=slope,
                low=slope - float(reach[topic]),
                high=slope + float(reach[topic]),
                p=float(p[topic]),
                direction=direction,
            )
        )
    return trends


def _p_values(
    slopes: NDArray[np.float64], errors: NDArray[np.float64], freedom: float, panel: Panel
) -> NDArray[np.float64]:
    """Return how probable such slopes are by chance (n_topics,); 1 where all shares are equal."""
    varies = panel.shares.std(axis=0) > _EQUAL
    t = np.zeros(len(slopes))
    t[varies] = np.abs(slopes[varies]) / errors[varies]
    return np.asarray(2 * stats.t.sf(t, freedom))


def _standard_errors(line: _Line, panel: Panel, positions: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the standard error of each topic's slope (n_topics,)."""
    robust = _score_variances(line)
    independent = _independent_variances(line, panel, positions)
    variances = np.maximum(robust, _MIN_VARIANCE_SHARE * independent)
    return np.asarray(np.sqrt(variances) / line.spread)


def _fit_line(positions: NDArray[np.intp], panel: Panel) -> _Line:
    """Fit a line to each topic's means in the periods at *positions*."""
    weights = panel.period_weights[positions]
    means = panel.means[positions]
    total = weights.sum()
    middle = weights @ positions / total
    centred = positions - middle
    weighted_time = weights * centred
    spread = float(weighted_time @ centred)
    slopes = weighted_time @ means / spread
    levels = weights @ means / total
    fitted = levels + np.outer(centred, slopes)
    leverage = weights / total + weighted_time * centred / spread
    return _Line(
        weights=weights,
        centred=centred,
        leverage=leverage,
        spread=spread,
        slopes=slopes,
        residuals=means - fitted,
    )


def _score_variances(line: _Line) -> NDArray[np.float64]:
    """Return the variance of each topic's score (n_topics,): of Σ weight × time × residual."""
    factors = _score_factors(line)
    scores = factors[:, None] * line.residuals
    variances = (scores**2).sum(axis=0)
    n_periods = len(scores)
    max_lag = int(4 * (n_periods / 100) ** (2 / 9))  # Newey & West 1994.
    max_lag = max(1, max_lag)
    for lag in range(1, max_lag + 1):
        products = scores[lag:] * scores[:-lag]
        covariances = products.sum(axis=0)
        taper = 1 - lag / (max_lag + 1)
        # Only what widens: a negative estimate from few periods is mostly chance.
        variances += 2 * taper * np.maximum(covariances, 0)
    return np.asarray(variances)


def _score_factors(line: _Line) -> NDArray[np.float64]:
    """Return weight × time of each period, raised for what the line took of it (n_periods,)."""
    left = 1 - np.minimum(line.leverage, _MAX_LEVERAGE)
    return np.asarray(line.weights * line.centred / np.sqrt(left))


def _independent_variances(
    line: _Line, panel: Panel, positions: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return the variance that the scores would have if articles did not resemble each other.

    The robust variance is too small where a topic has no article at all in thin periods.
    """
    squared_weights = np.bincount(panel.rows, panel.weights**2, panel.n_periods)
    squared_time = line.centred**2
    factor = float(squared_weights[positions] @ squared_time)
    variances: NDArray[np.float64] = panel.shares.var(axis=0) * factor
    return variances


def _degrees_of_freedom(line: _Line) -> float:
    """Return the degrees of freedom of the variance (Bell & McCaffrey 2002, Satterthwaite)."""
    n_periods = len(line.weights)
    constant = np.ones(n_periods)
    design = np.stack([constant, line.centred], axis=1)
    weighted = design.T * line.weights
    hat = design @ np.linalg.solve(weighted @ design, weighted)
    residual_maker = np.eye(n_periods) - hat
    factors = _score_factors(line)
    scores = factors[:, None] * residual_maker
    covariance = (scores / line.weights) @ scores.T  # Of articles that resemble no others.
    squares = np.sum(covariance**2)
    freedom = float(np.trace(covariance) ** 2 / squares)
    return max(freedom, _MIN_DEGREES_OF_FREEDOM)
