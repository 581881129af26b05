"""The articles behind each point of the curves: those with most of a topic in a period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.articles.article import Article
from research.themes.calendar import Period, periods_of
from research.themes.data import LEAD_CHARACTERS, ThemeData

_MAX_REFERENCES = 50_000  # From all points to articles; they lie in the report, and it must load.
_MAX_ARTICLES_PER_POINT = 8
_MIN_SHARE = 0.1  # Of the topic in an article that represents it.


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
        Each article behind a point, once, in the order of the corpus.
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

    Every article of *data* has a date; *by* is the length of a period. A point has at
    most eight articles, fewer where there are many points; an article has a tenth of the topic or
    more.
    """
    periods = np.array(periods_of(data.dates, by))
    leading = _leading_articles(data.shares, periods)
    references = _strongest(leading)
    rows = sorted({reference.row for reference in references})
    articles = [_describe(data.articles[row]) for row in rows]
    position = {row: n for n, row in enumerate(rows)}
    behind: dict[int, dict[str, tuple[int, ...]]] = {}
    for point, members in _by_point(references, periods).items():
        topic, period = point
        members.sort(key=_by_share)
        positions = [position[member.row] for member in members]
        of_topic = behind.setdefault(topic, {})
        of_topic[period] = tuple(positions)
    return Points(
        articles=tuple(articles),
        behind=behind,
    )


def _leading_articles(shares: NDArray[np.float64], periods: NDArray[np.str_]) -> list[_Reference]:
    """Return the articles with most of each topic in each period.

    *shares* is n_documents × n_topics; *periods* has each document's (n_documents,).
    """
    n_topics = shares.shape[1]
    names, period_of = np.unique(periods, return_inverse=True)
    n_periods = len(names)
    per_point = _articles_per_point(n_periods * n_topics)
    references: list[_Reference] = []
    for period in range(n_periods):
        rows = np.flatnonzero(period_of == period)
        order = np.argsort(-shares[rows], axis=0, kind="stable")
        leading = rows[order[:per_point]]
        values = np.take_along_axis(shares, leading, axis=0)
        is_enough = values >= _MIN_SHARE
        topics, ranks = np.nonzero(is_enough.T)
        references += map(
            _Reference,
            topics.tolist(),
            leading[ranks, topics].tolist(),
            values[ranks, topics].tolist(),
        )
    return references


def _articles_per_point(n_points: int) -> int:
    """Return how many articles a point may have, so that a report has room for all points."""
    if not n_points:
        return 1
    per_point = _MAX_REFERENCES // n_points
    per_point = min(per_point, _MAX_ARTICLES_PER_POINT)
    return max(per_point, 1)


def _strongest(references: Sequence[_Reference]) -> list[_Reference]:
    """Return the references with the highest shares, as many as a report has room for."""
    by_share = sorted(
        references,
        key=lambda reference: -reference.share,
    )
    return by_share[:_MAX_REFERENCES]


def _by_share(reference: _Reference) -> tuple[float, int]:
    """Return a key that sorts references, the highest share first, then by the corpus."""
    return -reference.share, reference.row


def _by_point(
    references: Sequence[_Reference], periods: NDArray[np.str_]
) -> dict[tuple[int, str], list[_Reference]]:
    """Return references by topic and period, in the order of topics, then of the corpus."""
    points: dict[tuple[int, str], list[_Reference]] = {}
    for reference in sorted(references):
        period = str(periods[reference.row])
        point = reference.topic, period
        members = points.setdefault(point, [])
        members.append(reference)
    return points


def _describe(article: Article) -> PointArticle:
    """Return what is shown of an article."""
    page = None
    if article.pages:
        page = article.pages[0]
    text = article.text.replace("\n", " ")
    return PointArticle(
        date=article.date or "",
        page=page,
        headline=article.headline,
        lead=text[:LEAD_CHARACTERS],
    )
