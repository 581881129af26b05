"""Which topics come with the season of the year, tested at the level of articles."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from research.themes.chance import SIGNIFICANCE_LEVEL, significant_tests
from research.themes.panel import Panel

_MIN_YEARS = 2
_SHUFFLES = 499
_MIN_SHUFFLES_ABOVE = 10  # Of a p value that is counted; a smaller one comes from the Beta tail.
_SEED = 0
_TINY = 1e-15
# Of the error of one in twenty, what the test of the parts and that of the wave may make.
_ERROR_SHARES = np.array([[0.25], [0.75]])


class Season(NamedTuple):
    """How much of a topic's movement comes with the season.

    Attributes
    ----------
    strength : float
        Share of the variance within years that the parts of the year explain, 0 to 1.
    p : float
        How probable so great a strength is by chance.
    peak : int
        The part of the year with the highest shares, counted from 0: January, or the first quarter.
    amplitude, low, high : float
        By how much the share is higher then than in the year's mean, and its 95 % interval.
    significant : bool
        Whether the season is significant among those of all topics, also returns without its
        strongest year, and its amplitude is above 0.
    """

    strength: float
    p: float
    peak: int
    amplitude: float
    low: float
    high: float
    significant: bool = False


_UNKNOWN = Season(np.nan, np.nan, 0, np.nan, np.nan, np.nan)


class _Years(NamedTuple):
    """Articles by year and part of the year.

    ``weights`` is n_years × n_parts × 1 (or n_topics), ``excess`` n_years × n_parts × n_topics: the
    sum of the shares less what the year's mean share would give.
    """

    weights: NDArray[np.float64]
    excess: NDArray[np.float64]


def measure_seasons(panel: Panel, part_of_year: NDArray[np.intp]) -> list[Season]:
    """Return how seasonal every topic is, and which seasons are significant among all.

    What the parts of the year explain of the variance within years is held against years whose
    parts are shuffled, each year by itself: a thin year stays thin, and what changes from year to
    year has no part in it. Two measures are tested: the parts' means, which find one month, and a
    wave of one year, which finds a slow season; p values smaller than shuffles can count come from
    the Beta distribution with the shuffles' mean and variance.

    Parameters
    ----------
    panel : Panel
        Articles by month or quarter.
    part_of_year : NDArray[np.intp]
        The month or quarter of each period (n_periods,), from 0.

    Returns
    -------
    list[Season]
        All NaN where fewer than two years have articles in every part of the year.
    """
    n_topics = panel.shares.shape[1]
    years = _by_year(panel, part_of_year)
    years_per_part = np.count_nonzero(years.weights, axis=0)
    n_parts = years.weights.shape[1]
    if n_parts < 2 or years_per_part.min() < _MIN_YEARS:
        return [_UNKNOWN] * n_topics
    explained = _explained(years)
    p = _p_values(explained, years)
    means = years.excess.sum(axis=0) / years.weights.sum(axis=0)
    peaks = means.argmax(axis=0)
    others = _without_strongest_year(years, means)
    returns = _p_values(_explained(others), others) <= SIGNIFICANCE_LEVEL
    reach = _reach(years, means)
    significant = significant_tests(p)
    seasons = []
    for topic, peak in enumerate(peaks.tolist()):
        amplitude = float(means[peak, topic])
        low, high = amplitude - reach[peak, topic], amplitude + reach[peak, topic]
        passed = bool(significant[topic] and returns[topic] and low > 0)
        strength = float(explained[0, topic])
        seasons.append(
            Season(strength, float(p[topic]), peak, amplitude, float(low), float(high), passed)
        )
    return seasons


def _by_year(panel: Panel, part_of_year: NDArray[np.intp]) -> _Years:
    """Arrange a panel by year and part of the year."""
    n_parts = int(part_of_year.max()) + 1 if len(part_of_year) else 0
    year_begins = np.diff(part_of_year) < 0
    year = np.concatenate([[0], np.cumsum(year_begins)])
    weights = np.zeros((int(year.max()) + 1, n_parts))
    sums = np.zeros((*weights.shape, panel.shares.shape[1]))
    weights[year, part_of_year] = panel.period_weights
    sums[year, part_of_year] = panel.sums
    year_weights = np.maximum(weights.sum(axis=1), _TINY)
    year_means = sums.sum(axis=1) / year_weights[:, None]
    return _Years(weights[:, :, None], sums - weights[:, :, None] * year_means[:, None])


def _without_strongest_year(years: _Years, means: NDArray[np.float64]) -> _Years:
    """Return the years without the one that agrees most with each topic's season.

    *means* is n_parts × n_topics. What happened in one year, such as a flood, is no season.
    """
    agreement = (years.excess * means).sum(axis=1)
    strongest = agreement.argmax(axis=0)
    kept = np.arange(len(agreement))[:, None] != strongest
    return _Years(years.weights * kept[:, None], years.excess * kept[:, None])


def _explained(years: _Years) -> NDArray[np.float64]:
    """Return the share of variance that parts and that a wave explain, 2 × n_topics."""
    weights, excess = years.weights.sum(axis=0), years.excess.sum(axis=0)
    angles = 2 * np.pi * np.arange(len(weights)) / len(weights)
    waves = np.stack([np.cos(angles), np.sin(angles)]) @ excess
    by_part = (excess**2 / np.maximum(weights, _TINY)).sum(axis=0)
    by_wave = (waves**2).sum(axis=0) / np.maximum(weights.sum(axis=0) / 2, _TINY)
    squares = years.excess**2 / np.maximum(years.weights, _TINY)
    total = squares.sum(axis=(0, 1)) + _TINY
    return np.asarray(np.minimum(np.stack([by_part, by_wave]) / total, 1))


def _p_values(explained: NDArray[np.float64], years: _Years) -> NDArray[np.float64]:
    """Return the p value of each topic's season (n_topics,) against years with shuffled parts."""
    rng = np.random.default_rng(_SEED)
    n_years, n_parts = years.weights.shape[:2]
    year = np.arange(n_years)[:, None]
    ordered = np.tile(np.arange(n_parts), (n_years, 1))
    shuffled = np.empty((_SHUFFLES, *explained.shape))
    for i in range(_SHUFFLES):
        parts = rng.permuted(ordered, axis=1)
        shuffled[i] = _explained(_Years(years.weights[year, parts], years.excess[year, parts]))
    mean, variance = shuffled.mean(axis=0), np.maximum(shuffled.var(axis=0), _TINY)
    concentration = np.maximum(mean * (1 - mean) / variance - 1, _TINY)
    tail = stats.beta.sf(explained, mean * concentration, (1 - mean) * concentration)
    n_above = np.count_nonzero(shuffled >= explained, axis=0)
    counted = (1 + n_above) / (1 + _SHUFFLES)
    least_counted = _MIN_SHUFFLES_ABOVE / (1 + _SHUFFLES)
    smooth = np.minimum(tail, least_counted)
    p = np.where(n_above >= _MIN_SHUFFLES_ABOVE, counted, smooth)
    smallest = (p / _ERROR_SHARES).min(axis=0)
    return np.asarray(np.minimum(smallest, 1))


def _reach(years: _Years, means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return half the width of the 95 % interval of each part's *means*, n_parts × n_topics."""
    occupied = years.weights > 0
    n_years, n_parts = years.weights.shape[:2]
    residuals = years.excess - years.weights * means[None]
    squares = residuals**2 / np.maximum(years.weights, _TINY)
    freedom = max(1, int(occupied.sum()) - n_parts - n_years + 1)
    variance = squares.sum(axis=(0, 1)) / freedom  # Of a share of weight 1.
    errors = np.sqrt(variance / years.weights.sum(axis=0))
    reach: NDArray[np.float64] = stats.t.ppf(1 - SIGNIFICANCE_LEVEL / 2, freedom) * errors
    return reach
