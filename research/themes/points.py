"""The articles behind each point of the curves: those with most of a topic in a period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.articles.article import Article
from research.themes.calendar import Period, periods_of
from research.themes.data import ThemeData

_MAX_REFERENCES = 50_000  # From points to articles, in all: a report grows by 100 bytes for each.
_MAX_ARTICLES_PER_POINT = 8
_MIN_SHARE = 0.1  # Of the topic in an article that represents it.
_LEAD_CHARACTERS = 60


class PointArticle(NamedTuple):
    """An article behind a point: its ISO date, first page number, headline and lead."""

    date: str
    page: int | None
    headline: str
    lead: str


@dataclass(frozen=True, slots=True)
class Points:
    """The articles behind the points of the curves.

    Attributes
    ----------
    articles : tuple[PointArticle, ...]
        Each article that stands behind a point, once, in the order of the corpus.
    behind : dict[int, dict[str, tuple[int, ...]]]
        By topic and period: positions in ``articles``, the one with most of the topic first.
        Points without an article are left out.
    """

    articles: tuple[PointArticle, ...]
    behind: dict[int, dict[str, tuple[int, ...]]]


class _Reference(NamedTuple):
    """An article (a row) behind the point of a topic."""

    topic: int
    row: int
    share: float


def find_points(data: ThemeData, by: Period) -> Points:
    """Return the articles behind each point: of each topic and period those with most of it.

    Every article of *data* has a date; *by* is the length of a period. At most eight articles stand
    behind a point, fewer where there are many points; an article has a tenth of the topic or more.
    """
    names, period_of = np.unique(periods_of(data.dates, by), return_inverse=True)
    references = _strongest(_leading_articles(data.shares, period_of))
    rows = sorted({reference.row for reference in references})
    position = {row: n for n, row in enumerate(rows)}
    by_point: dict[int, dict[str, list[_Reference]]] = {}
    for reference in sorted(references, key=lambda reference: reference[:2]):
        of_topic = by_point.setdefault(reference.topic, {})
        period = str(names[period_of[reference.row]])
        of_topic.setdefault(period, []).append(reference)
    behind = {
        topic: {
            period: tuple(position[reference.row] for reference in _by_share(members))
            for period, members in of_topic.items()
        }
        for topic, of_topic in by_point.items()
    }
    return Points(tuple(_describe(data.articles[row]) for row in rows), behind)


def _leading_articles(shares: NDArray[np.float64], period_of: NDArray[np.intp]) -> list[_Reference]:
    """Return the articles with most of each topic in each period."""
    n_periods, n_topics = int(period_of.max()) + 1, shares.shape[1]
    per_point = _MAX_REFERENCES // (n_periods * n_topics)
    per_point = int(np.clip(per_point, 1, _MAX_ARTICLES_PER_POINT))
    references = []
    for n in range(n_periods):
        rows = np.flatnonzero(period_of == n)
        order = np.argsort(-shares[rows], axis=0, kind="stable")
        leading = rows[order[:per_point]]
        for topic in range(n_topics):
            values = shares[leading[:, topic], topic]
            for row, share in zip(leading[:, topic].tolist(), values.tolist(), strict=True):
                if share >= _MIN_SHARE:
                    references.append(_Reference(topic, row, share))
    return references


def _strongest(references: Sequence[_Reference]) -> list[_Reference]:
    """Return the references with the highest shares, as many as a report has room for."""
    shares = np.array([reference.share for reference in references])
    order = np.argsort(-shares, kind="stable")[:_MAX_REFERENCES]
    return [references[i] for i in order.tolist()]


def _by_share(references: Sequence[_Reference]) -> list[_Reference]:
    """Return the references of a point, the highest share first."""
    return sorted(references, key=lambda reference: (-reference.share, reference.row))


def _describe(article: Article) -> PointArticle:
    """Return what is shown of an article."""
    page = article.pages[0] if article.pages else None
    lead = article.text.replace("\n", " ")[:_LEAD_CHARACTERS]
    return PointArticle(article.date or "", page, article.headline, lead)
