"""Which topics come with the season of the year, tested at the level of articles."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from research.themes.chance import (
    SIGNIFICANCE_LEVEL,
    counted_or_smooth,
    significant_tests,
)
from research.themes.panel import Panel

_MIN_YEARS = 2
_MIN_PARTS = 2  # Of a year.
_SHUFFLES = 499
_SEED = 0
_TINY = 1e-15
_LEVEL_WITHOUT_STRONGEST_YEAR = 0.1  # One year less has less to show.
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
    years = _by_year(panel, part_of_year)
    if not _enough(years):
        n_topics = panel.shares.shape[1]
        return [_UNKNOWN] * n_topics
    explained = _explained(years)
    p = _p_values(explained, years)
    means = _part_means(years)
    returns = _returns(years, means)
    reach = _reach(years, means)
    seasons = []
    for topic, significant in enumerate(significant_tests(p)):
        peak = int(means[:, topic].argmax())
        amplitude = float(means[peak, topic])
        low = amplitude - float(reach[peak, topic])
        seasons.append(
            Season(
                strength=float(explained[0, topic]),
                p=float(p[topic]),
                peak=peak,
                amplitude=amplitude,
                low=low,
                high=amplitude + float(reach[peak, topic]),
                significant=bool(significant and returns[topic] and low > 0),
            )
        )
    return seasons


def _enough(years: _Years) -> bool:
    """Return whether every part of the year has articles in two years or more."""
    n_parts = years.weights.shape[1]
    if n_parts < _MIN_PARTS:
        return False
    years_per_part = np.count_nonzero(years.weights, axis=0)
    return bool(years_per_part.min() >= _MIN_YEARS)


def _by_year(panel: Panel, part_of_year: NDArray[np.intp]) -> _Years:
    """Arrange a panel by year and part of the year."""
    n_parts = int(part_of_year.max()) + 1 if len(part_of_year) else 0
    year_begins = np.diff(part_of_year) < 0
    year = np.zeros(len(part_of_year), dtype=np.intp)
    year[1:] = np.cumsum(year_begins)
    n_years = int(year.max()) + 1 if len(year) else 0
    n_topics = panel.shares.shape[1]
    weights = np.zeros((n_years, n_parts, 1))
    sums = np.zeros((n_years, n_parts, n_topics))
    weights[year, part_of_year, 0] = panel.period_weights
    sums[year, part_of_year] = panel.sums
    year_weights = weights.sum(axis=1, keepdims=True)
    year_means = sums.sum(axis=1, keepdims=True) / np.maximum(year_weights, _TINY)
    return _Years(weights=weights, excess=sums - weights * year_means)


def _part_means(years: _Years) -> NDArray[np.float64]:
    """Return by how much each part of the year exceeds the year's mean, n_parts × n_topics."""
    weights = years.weights.sum(axis=0)
    means: NDArray[np.float64] = years.excess.sum(axis=0) / weights
    return means


def _returns(years: _Years, means: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which topics' season is there without its strongest year too (n_topics,)."""
    others = _without_strongest_year(years, means)
    p = _p_values(_explained(others), others)
    return p <= _LEVEL_WITHOUT_STRONGEST_YEAR


def _without_strongest_year(years: _Years, means: NDArray[np.float64]) -> _Years:
    """Return the years without the one that agrees most with each topic's season.

    *means* is n_parts × n_topics. What happened in one year, such as a flood, is no season.
    """
    products = years.excess * means
    agreement = products.sum(axis=1)
    strongest = agreement.argmax(axis=0)
    n_years = len(agreement)
    year = np.arange(n_years)[:, None]
    kept = year != strongest
    kept_parts = kept[:, None]
    return _Years(
        weights=years.weights * kept_parts,
        excess=years.excess * kept_parts,
    )


def _explained(years: _Years) -> NDArray[np.float64]:
    """Return the share of variance that parts and that a wave explain, 2 × n_topics."""
    weights = years.weights.sum(axis=0)
    excess = years.excess.sum(axis=0)
    n_parts = len(weights)
    angles = 2 * np.pi * np.arange(n_parts) / n_parts
    waves = np.stack([np.cos(angles), np.sin(angles)])
    wave_sums = waves @ excess
    part_squares = excess**2 / np.maximum(weights, _TINY)
    by_part = part_squares.sum(axis=0)
    half_weights = weights.sum(axis=0) / 2
    by_wave = (wave_sums**2).sum(axis=0) / np.maximum(half_weights, _TINY)
    total = _squares(years).sum(axis=(0, 1)) + _TINY
    explained = np.stack([by_part, by_wave]) / total
    return np.asarray(np.minimum(explained, 1))


def _squares(years: _Years) -> NDArray[np.float64]:
    """Return the weighted square of each excess, n_years × n_parts × n_topics."""
    squares: NDArray[np.float64] = years.excess**2 / np.maximum(years.weights, _TINY)
    return squares


def _p_values(explained: NDArray[np.float64], years: _Years) -> NDArray[np.float64]:
    """Return the p value of each topic's season (n_topics,) against years with shuffled parts."""
    shuffled = np.empty((_SHUFFLES, *explained.shape))
    rng = np.random.default_rng(_SEED)
    for i in range(_SHUFFLES):
        shuffled[i] = _explained(_with_shuffled_parts(years, rng))
    tail = _beta_tail(explained, shuffled)
    n_above = np.count_nonzero(shuffled >= explained, axis=0)
    p = counted_or_smooth(n_above.astype(np.float64), _SHUFFLES, tail)
    of_both = p / _ERROR_SHARES
    smallest = of_both.min(axis=0)
    return np.asarray(np.minimum(smallest, 1))


def _with_shuffled_parts(years: _Years, rng: np.random.Generator) -> _Years:
    """Return the years with their parts in another order, each year by itself."""
    n_years, n_parts = years.weights.shape[:2]
    ordered = np.tile(np.arange(n_parts), (n_years, 1))
    parts = rng.permuted(ordered, axis=1)
    year = np.arange(n_years)[:, None]
    return _Years(
        weights=years.weights[year, parts],
        excess=years.excess[year, parts],
    )


def _beta_tail(
    explained: NDArray[np.float64], shuffled: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the tail of the Beta distribution with the mean and variance of the shuffles."""
    mean = shuffled.mean(axis=0)
    variance = np.maximum(shuffled.var(axis=0), _TINY)
    concentration = mean * (1 - mean) / variance - 1
    concentration = np.maximum(concentration, _TINY)
    a = mean * concentration
    b = (1 - mean) * concentration
    return np.asarray(stats.beta.sf(explained, a, b))


def _reach(years: _Years, means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return half the width of the 95 % interval of each part's *means*, n_parts × n_topics."""
    occupied = years.weights > 0
    n_years, n_parts = years.weights.shape[:2]
    freedom = int(occupied.sum()) - n_parts - n_years + 1
    freedom = max(1, freedom)
    residuals = _Years(
        weights=years.weights,
        excess=years.excess - years.weights * means,
    )
    variance = _squares(residuals).sum(axis=(0, 1)) / freedom  # Of a share of weight 1.
    weights = years.weights.sum(axis=0)
    quantile = stats.t.ppf(1 - SIGNIFICANCE_LEVEL / 2, freedom)
    reach: NDArray[np.float64] = quantile * np.sqrt(variance / weights)
    return reach
