"""Topics by section, page or source, year by year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.articles.article import Article
from research.themes.data import ThemeData

_MAX_VALUES = 12  # Of a breakdown: the commonest.
ALL_YEARS = ""

By = Literal["section", "page", "source"]


class BreakdownRow(NamedTuple):
    """The share of a topic in the articles of one section, page or source.

    Attributes
    ----------
    by : {"section", "page", "source"}
        What the articles are divided by.
    value : str
        The section, page number or source.
    year : str
        The year of the articles, "" for all years together.
    documents : int
        How many articles there are.
    topic : int
        The number of the topic.
    share : float
        Its mean share in them.
    """

    by: By
    value: str
    year: str
    documents: int
    topic: int
    share: float


def break_down(data: ThemeData, divisions: Sequence[By]) -> list[BreakdownRow]:
    """Return mean topic shares by each of *divisions* and by year.

    Of each division the twelve commonest values are shown, the commonest first; articles without
    a value are left out. Articles without a date count in all years together only.
    """
    years = np.array([date[:4] for date in data.dates])
    all_years = [ALL_YEARS, *np.unique(years[years != ""])]
    rows: list[BreakdownRow] = []
    for by in divisions:
        values = np.array([_value(article, by) for article in data.articles])
        for value in _commonest(values):
            has_value = values == value
            for year in all_years:
                chosen = has_value
                if year != ALL_YEARS:
                    chosen = has_value & (years == year)
                if chosen.any():
                    shares = data.shares[chosen]
                    rows += _mean_rows(by, value, str(year), shares)
    return rows


def _commonest(values: NDArray[np.str_]) -> list[str]:
    """Return the twelve commonest values, the commonest first; "" is none."""
    names, n_articles = np.unique(values[values != ""], return_counts=True)
    order = np.argsort(-n_articles, kind="stable")
    first = order[:_MAX_VALUES]
    commonest: list[str] = names[first].tolist()
    return commonest


def _mean_rows(
    by: By, value: str, year: str, shares: NDArray[np.float64]
) -> Iterator[BreakdownRow]:
    """Yield one row per topic for articles with these *shares*, n_documents × n_topics."""
    n_documents = len(shares)
    means = shares.mean(axis=0)
    for topic, share in enumerate(means.tolist()):
        yield BreakdownRow(by, value, year, n_documents, topic, share)


def _value(article: Article, by: By) -> str:
    """Return an article's section, first page number or source, "" where it has none."""
    if by == "section":
        return article.section or ""
    if by == "source":
        return article.source
    if not article.pages:
        return ""
    return str(article.pages[0])
