"""Topics by section, page or source, year by year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

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
    a value are left out. Every article of *data* has a date.
    """
    years = np.array([date[:4] for date in data.dates])
    rows = []
    for by in divisions:
        values = np.array([_value(article, by) for article in data.articles])
        names, n_articles = np.unique(values[values != ""], return_counts=True)
        commonest = names[np.argsort(-n_articles, kind="stable")][:_MAX_VALUES]
        for value in commonest.tolist():
            has_value = values == value
            for year in [ALL_YEARS, *np.unique(years).tolist()]:
                in_year = has_value if year == ALL_YEARS else has_value & (years == year)
                n_documents = int(in_year.sum())
                if not n_documents:
                    continue
                shares = data.shares[in_year].mean(axis=0).tolist()
                rows += [
                    BreakdownRow(by, value, year, n_documents, topic, share)
                    for topic, share in enumerate(shares)
                ]
    return rows


def _value(article: Article, by: By) -> str:
    """Return an article's section, first page number or source, "" where it has none."""
    if by == "page":
        return str(article.pages[0]) if article.pages else ""
    value = article.section if by == "section" else article.source
    return value or ""
