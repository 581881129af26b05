"""How much of a series comes with the season of the year."""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.themes.trend import INTERVAL_QUANTILES

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
    n_parts = 0
    if len(part_of_year):
        n_parts = int(part_of_year.max()) + 1
    remainder = series - _running_mean(series, n_parts)
    table = _by_year(remainder, part_of_year, n_parts)
    is_empty = np.isnan(table).all(axis=1)
    years = table[~is_empty]
    if n_parts < 2 or not _enough(years):
        return _UNKNOWN
    means, peak = _mean_by_part(years)
    if not np.nanvar(years):
        return Season(0.0, 1.0, peak, 0.0, 0.0, 0.0)
    rng = np.random.default_rng(_SEED)
    strength, p = _test_strength(years, rng)
    low, high = _mean_interval(years[:, peak], rng)
    return Season(
        strength=strength,
        p=p,
        peak=peak,
        amplitude=float(means[peak]),
        low=low,
        high=high,
    )


def _enough(years: NDArray[np.float64]) -> bool:
    """Return whether every part of the year has a share in two years or more."""
    if len(years) < _MIN_YEARS:
        return False
    has_share = ~np.isnan(years)
    years_per_part = has_share.sum(axis=0)
    return bool(years_per_part.min() >= _MIN_YEARS)


def _present(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the values that are no gaps."""
    is_gap = np.isnan(values)
    return values[~is_gap]


def _mean_by_part(years: NDArray[np.float64]) -> tuple[NDArray[np.float64], int]:
    """Return the mean of each part of the year (n_parts,), and which part has the highest."""
    means = np.zeros(years.shape[1])
    for part, column in enumerate(years.T):
        shares = _present(column)
        means[part] = shares.mean()
    peak = int(means.argmax())
    return means, peak


def _test_strength(years: NDArray[np.float64], rng: np.random.Generator) -> tuple[float, float]:
    """Return the strength of the season in a table, n_years × n_parts, and its p value."""
    n_years, n_parts = years.shape
    [strength] = _explained_variance(years[None])
    shape = _ROTATIONS, n_years, 1
    offsets = rng.integers(0, n_parts, shape)
    parts = np.arange(n_parts)
    columns = (parts + offsets) % n_parts
    tables = np.broadcast_to(years, columns.shape)
    rotated = np.take_along_axis(tables, columns, axis=2)
    strengths = _explained_variance(rotated)
    threshold = strength - _TOLERANCE
    is_as_strong = strengths >= threshold
    n_as_strong = int(is_as_strong.sum())
    p = (1 + n_as_strong) / (1 + _ROTATIONS)
    return float(strength), p


def _mean_interval(values: NDArray[np.float64], rng: np.random.Generator) -> tuple[float, float]:
    """Return the bootstrap interval of the mean of values that are no gaps."""
    present = _present(values)
    shape = _RESAMPLES, len(present)
    samples = rng.choice(present, shape)
    means = samples.mean(axis=1)
    low, high = np.quantile(means, INTERVAL_QUANTILES)
    return float(low), float(high)


def _explained_variance(tables: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of variance that the columns of each table explain.

    *tables* is n × n_years × n_parts.
    """
    with warnings.catch_warnings():
        # A rotated table may have a column of gaps alone.
        warnings.simplefilter("ignore", RuntimeWarning)
        means = np.nanmean(tables, axis=1, keepdims=True)
        residuals = tables - means
        residual_variance = np.nanvar(residuals, axis=(1, 2))
        variance = np.nanvar(tables, axis=(1, 2))
        explained = 1 - residual_variance / variance
        explained = np.maximum(0.0, explained)
    return np.asarray(explained)


def _running_mean(series: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Return means over *width* periods around each period, of those that have shares."""
    half = width // 2
    length = 2 * half + 1
    padded = np.pad(series, half, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, length)
    weights = np.ones(length)
    if width % 2 == 0:
        weights[[0, -1]] = 0.5  # An even year has the same month at both ends: half each.
    weighted = windows * weights
    totals = np.nansum(weighted, axis=1)
    is_present = ~np.isnan(windows)
    present = is_present * weights
    n_present = present.sum(axis=1)
    with np.errstate(invalid="ignore"):
        means = totals / n_present
    return np.asarray(means)


def _by_year(
    values: NDArray[np.float64], part_of_year: NDArray[np.intp], n_parts: int
) -> NDArray[np.float64]:
    """Arrange a series as n_years × n_parts, NaN where it has no value."""
    if not len(part_of_year):
        return np.zeros((0, n_parts))
    steps = np.diff(part_of_year)
    year_begins = steps < 0
    year = np.zeros(len(values), dtype=np.intp)
    year[1:] = np.cumsum(year_begins)
    n_years = year[-1] + 1
    table = np.full((n_years, n_parts), np.nan)
    table[year, part_of_year] = values
    return table
