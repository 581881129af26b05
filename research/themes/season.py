"""How much of a series comes with the season of the year."""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.themes.trend import SIGNIFICANCE_LEVEL

_MIN_YEARS = 2
_ROTATIONS = 1999  # Of every year, for the test: p is a multiple of 1 / 2000.
_RESAMPLES = 500  # For the interval of the amplitude.
_TOLERANCE = 1e-12  # Rotations that give the same table differ by rounding errors.
_SEED = 0


class Season(NamedTuple):
    """How much of a topic's movement comes with the season.

    Attributes
    ----------
    strength : float
        Share of the variance that the parts of the year explain, 0 to 1.
    p : float
        How probable so great a strength is by chance.
    peak : int
        The part of the year with the highest shares, counted from 0: January, or the first quarter.
    amplitude, low, high : float
        By how much the share is higher then, and its 95 % interval.
    significant : bool
        Whether the season is significant among those of all topics, and its amplitude above 0.
    """

    strength: float
    p: float
    peak: int
    amplitude: float
    low: float
    high: float
    significant: bool = False


_UNKNOWN = Season(np.nan, np.nan, 0, np.nan, np.nan, np.nan)


def measure_season(series: NDArray[np.float64], part_of_year: NDArray[np.intp]) -> Season:
    """Return how seasonal a series is.

    The strength is the share of the variance, of the series less its running mean of a year, that
    the parts of the year explain (Wang, Smith & Hyndman 2006). Its test rotates every year by a
    number of parts drawn for that year, 1,999 times: what comes with the season is lost, what
    months share with their neighbours stays. Intervals are bootstrapped over years.

    Parameters
    ----------
    series : NDArray[np.float64]
        Shares (n_periods,); NaN for gaps.
    part_of_year : NDArray[np.intp]
        The month or quarter of each period (n_periods,), from 0.

    Returns
    -------
    Season
        All NaN where no two whole years have shares; ``significant`` is left at False, as one
        series alone cannot correct for many tests.
    """
    n_parts = int(part_of_year.max()) + 1 if len(part_of_year) else 0
    remainder = series - _running_mean(series, n_parts)
    table = _by_year(remainder, part_of_year, n_parts)
    years = table[~np.isnan(table).all(axis=1)]
    if n_parts < 2 or not _enough(years):
        return _UNKNOWN
    parts = [column[~np.isnan(column)] for column in years.T]
    means = np.array([values.mean() for values in parts])
    peak = int(means.argmax())
    if not float(np.nanvar(years)):
        return Season(0.0, 1.0, peak, 0.0, 0.0, 0.0)
    rng = np.random.default_rng(_SEED)
    strength, p = _test_strength(years, rng)
    low, high = _mean_interval(parts[peak], rng)
    return Season(strength, p, peak, float(means[peak]), low, high)


def _enough(years: NDArray[np.float64]) -> bool:
    """Return whether every part of the year has a share in two years or more."""
    if len(years) < _MIN_YEARS:
        return False
    years_per_part = np.count_nonzero(~np.isnan(years), axis=0)
    return bool(years_per_part.min() >= _MIN_YEARS)


def _test_strength(years: NDArray[np.float64], rng: np.random.Generator) -> tuple[float, float]:
    """Return the strength of the season in a table, n_years × n_parts, and its p value."""
    n_years, n_parts = years.shape
    strength = _explained_variance(years[None])[0]
    offsets = rng.integers(0, n_parts, (_ROTATIONS, n_years, 1))
    columns = (np.arange(n_parts) + offsets) % n_parts
    tables = np.broadcast_to(years, columns.shape)
    rotated = _explained_variance(np.take_along_axis(tables, columns, axis=2))
    n_as_strong = np.count_nonzero(rotated >= strength - _TOLERANCE)
    return float(strength), float((1 + n_as_strong) / (1 + _ROTATIONS))


def _mean_interval(values: NDArray[np.float64], rng: np.random.Generator) -> tuple[float, float]:
    """Return the bootstrap interval of a mean."""
    means = rng.choice(values, (_RESAMPLES, len(values))).mean(axis=1)
    quantiles = (SIGNIFICANCE_LEVEL / 2, 1 - SIGNIFICANCE_LEVEL / 2)
    low, high = np.quantile(means, quantiles)
    return float(low), float(high)


def _explained_variance(tables: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of variance that the columns of each table explain.

    *tables* is n × n_years × n_parts.
    """
    with warnings.catch_warnings():
        # A rotated table may have a column of gaps alone.
        warnings.simplefilter("ignore", RuntimeWarning)
        residuals = tables - np.nanmean(tables, axis=1, keepdims=True)
        unexplained = np.nanvar(residuals, axis=(1, 2)) / np.nanvar(tables, axis=(1, 2))
        return np.asarray(np.maximum(0.0, 1 - unexplained))


def _running_mean(series: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Return means over *width* periods around each period, of those that have shares."""
    half = width // 2
    padded = np.pad(series, half, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    weights = np.ones(2 * half + 1)
    if width % 2 == 0:
        weights[[0, -1]] = 0.5  # An even year has the same month at both ends: half each.
    present = ~np.isnan(windows) * weights
    with np.errstate(invalid="ignore"):
        return np.asarray(np.nansum(windows * weights, axis=1) / present.sum(axis=1))


def _by_year(
    values: NDArray[np.float64], part_of_year: NDArray[np.intp], n_parts: int
) -> NDArray[np.float64]:
    """Arrange a series as n_years × n_parts, NaN where it has no value."""
    if not len(part_of_year):
        return np.full((0, n_parts), np.nan)
    year_begins = np.diff(part_of_year) < 0
    year = np.concatenate([[0], np.cumsum(year_begins)])
    table = np.full((int(year.max()) + 1, n_parts), np.nan)
    table[year, part_of_year] = values
    return table
