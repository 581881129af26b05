"""Topics by section, page, source or any column of the corpus, year by year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.themes.covariates import covariate_of, values_of
from research.themes.data import ThemeData

ALL_YEARS = ""


class BreakdownRow(NamedTuple):
    """The share of a topic in one group of articles.

    Attributes
    ----------
    by : str
        What the articles are divided by: section, page, source …
    value : str
        The section, page number, source …
    year : str
        The year of the articles, "" for all years together.
    documents : int
        How many articles there are.
    topic : int
        The number of the topic.
    share : float
        Its mean share in them.
    """

    by: str
    value: str
    year: str
    documents: int
    topic: int
    share: float


def break_down(data: ThemeData, divisions: Sequence[str]) -> list[BreakdownRow]:
    """Return mean topic shares by each of *divisions* and by year.

    Of each division the twelve commonest values are shown, the commonest first (numbers in four
    groups); articles of rarer values, or without one, are left out. Articles without a date count
    in all years together only.
    """
    years = np.array([date[:4] for date in data.dates])
    all_years = [ALL_YEARS, *np.unique(years[years != ""])]
    rows: list[BreakdownRow] = []
    for by in divisions:
        covariate = covariate_of(by, values_of(data.articles, by))
        for group, value in enumerate(covariate.groups):
            has_value = covariate.codes == group
            for year in all_years:
                chosen = has_value
                if year != ALL_YEARS:
                    chosen = has_value & (years == year)
                if chosen.any():
                    shares = data.shares[chosen]
                    rows += _mean_rows(by, value, str(year), shares)
    return rows


def _mean_rows(
    by: str, value: str, year: str, shares: NDArray[np.float64]
) -> Iterator[BreakdownRow]:
    """Yield one row per topic for articles with these *shares*, n_documents × n_topics."""
    n_documents = len(shares)
    means = shares.mean(axis=0)
    for topic, share in enumerate(means.tolist()):
        yield BreakdownRow(by, value, year, n_documents, topic, share)
