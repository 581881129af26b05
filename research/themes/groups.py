"""Topic shares of groups of articles through time: one curve per group, with intervals.

Every article of a period counts the same. Whether groups differ beyond chance is in ``effects``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from research.themes.calendar import PERIODS_PER_YEAR, Period, periods_or_none
from research.themes.chance import SIGNIFICANCE_LEVEL
from research.themes.covariates import Covariate
from research.themes.effects import Sample

_MIN_ARTICLES_PER_CELL = 20  # Of a group in a period, in the median; else periods are longer.
_LENGTHS: tuple[Period, ...] = ("month", "quarter", "year")


class GroupShare(NamedTuple):
    """The mean share of a topic in a group's articles of one period.

    Attributes
    ----------
    by, value : str
        The covariate, and the group.
    period : str
        The period.
    documents, issues : int
        Articles of the group in the period, and issues that they are from.
    topic : int
        The number of the topic.
    share, low, high : float
        Its mean share in them, and the 95 % interval, clustered by issue.
    """

    by: str
    value: str
    period: str
    documents: int
    issues: int
    topic: int
    share: float
    low: float
    high: float


def follow_groups(sample: Sample, by: Period, *, exactly: bool = False) -> list[GroupShare]:
    """Return the topic shares of every group of every covariate through time.

    Of each covariate the periods are months, quarters or years: the shortest, not shorter than
    *by*, in which half of the groups' periods have twenty articles or more; years where none has.
    With *exactly* they are those of *by*. Groups without an article in a period have no row there.
    """
    lengths = [by] if exactly else _not_shorter(by)
    periods = [periods_or_none(sample.dates, length) for length in lengths]
    rows: list[GroupShare] = []
    if periods:  # No length is as long as a decade.
        for covariate in sample.covariates:
            rows += _rows(sample, covariate, _enough(covariate, periods))
    return rows


def _not_shorter(by: Period) -> list[Period]:
    """Return the lengths of periods that are not shorter than *by*, the shortest first."""
    most = PERIODS_PER_YEAR[by]
    return [length for length in _LENGTHS if PERIODS_PER_YEAR[length] <= most]


def _enough(covariate: Covariate, periods: Sequence[Sequence[str]]) -> Sequence[str]:
    """Return the first periods in which groups have enough articles, the last where none has.

    *periods* is each article's period, for one length after another.
    """
    *shorter, longest = periods
    for names in shorter:
        if _articles_per_cell(covariate, names) >= _MIN_ARTICLES_PER_CELL:
            return names
    return longest


def _articles_per_cell(covariate: Covariate, periods: Sequence[str]) -> float:
    """Return the median number of articles of a group in a period."""
    cells = []
    n_groups = len(covariate.groups)
    for code, period in zip(covariate.codes.tolist(), periods, strict=True):
        if period and code < n_groups:
            cells.append(f"{code}\t{period}")
    _, counts = np.unique(cells, return_counts=True)
    return float(np.median(counts)) if len(counts) else 0.0


def _rows(sample: Sample, covariate: Covariate, periods: Sequence[str]) -> Iterator[GroupShare]:
    names = np.array(periods)
    has_period = names != ""
    usual_variance = sample.shares.var(axis=0)
    for group, value in enumerate(covariate.groups):
        in_group = covariate.codes == group
        group_rows = np.flatnonzero(in_group & has_period)
        group_names = names[group_rows]
        for period in np.unique(group_names):
            rows = group_rows[group_names == period]
            issues = sample.issues[rows]
            table = mean_intervals(sample.shares[rows], issues, usual_variance)
            n_issues = len(np.unique(issues))
            cell = (covariate.name, value, str(period), len(rows), n_issues)
            for topic, figures in enumerate(table.T.tolist()):
                yield GroupShare(*cell, topic, *figures)


def mean_intervals(
    shares: NDArray[np.float64], issues: NDArray[np.intp], usual_variance: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return mean shares with 95 % intervals clustered by issue, 3 × n_topics.

    Parameters
    ----------
    shares : NDArray[np.float64]
        Of the articles, n_documents × n_topics.
    issues : NDArray[np.intp]
        The issue of each article (n_documents,).
    usual_variance : NDArray[np.float64]
        The variance of the shares among all articles (n_topics,). It counts as one more article, so
        that articles that resemble each other by chance leave no interval of width 0.
    """
    n_documents = len(shares)
    mean = shares.mean(axis=0)
    _, numbers = np.unique(issues, return_inverse=True)
    sizes = np.bincount(numbers).astype(np.float64)
    sums = np.zeros((len(sizes), shares.shape[1]))
    np.add.at(sums, numbers, shares - mean)
    # Bias-reduced as in ``clustered``, for a mean: an issue took its own part of it.
    largest_part = 1 - 1 / (n_documents + 1)
    part = np.minimum(sizes / n_documents, largest_part)
    left = (1 - part)[:, None]
    squares = (sums**2 / left).sum(axis=0)
    variance = (squares + usual_variance) / n_documents**2
    n_equal_issues = n_documents**2 / (sizes**2).sum()
    upper = 1 - SIGNIFICANCE_LEVEL / 2
    quantile = stats.t.ppf(upper, n_equal_issues)
    reach = quantile * np.sqrt(variance)
    low = np.maximum(mean - reach, 0)
    high = np.minimum(mean + reach, 1)
    return np.stack([mean, low, high])
