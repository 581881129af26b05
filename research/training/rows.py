"""How results of a themes experiment are written into the run: rows of tables, values of JSON.

Typed results come in, cells and plain values go out; nothing is computed but roundings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from research.themes.breakdown import BreakdownRow
from research.themes.data import ArticleReference
from research.themes.description import Topic, WordProbability
from research.themes.lineage import LineageStep
from research.themes.matching import TopicMatching
from research.themes.movement import Burst, EventChange, Movement, Peak
from research.themes.points import PointArticle, Points
from research.themes.shares import SharesOverTime
from research.themes.stories import Story
from research.themes.wording import WordOfPeriod

Row = Sequence[object]


def share_rows(curves: SharesOverTime) -> Iterator[Row]:
    """Yield shares.csv: one row per period, an empty cell where there is no share."""
    yield ["period", "documents", *(f"topic_{k}" for k in range(curves.shares.shape[1]))]
    for period, count, shares in zip(curves.periods, curves.counts, curves.shares, strict=True):
        yield [period, str(count), *(_cell(share) for share in shares)]


def band_rows(curves: SharesOverTime) -> Iterator[Row]:
    """Yield bands.csv: one row per topic and period with documents."""
    yield ["period", "documents", "topic", "share", "low", "high"]
    for i in np.flatnonzero(curves.counts):
        tables = (curves.shares[i], curves.low[i], curves.high[i])
        for topic, figures in enumerate(zip(*tables, strict=True)):
            cells = (_cell(figure) for figure in figures)
            yield [curves.periods[i], str(curves.counts[i]), str(topic), *cells]


def word_rows(words: Iterable[WordOfPeriod]) -> Iterator[Row]:
    """Yield words.csv."""
    yield ["topic", "period", "against", "kind", "word", "z", "share_before", "share"]
    for row in words:
        z = "" if np.isnan(row.z) else f"{row.z:.2f}"
        before, share = _cell(row.share_before), _cell(row.share)
        yield [row.topic, row.period, row.against, row.kind, row.word, z, before, share]


def breakdown_rows(rows: Iterable[BreakdownRow]) -> Iterator[Row]:
    """Yield breakdown.csv."""
    yield BreakdownRow._fields
    for row in rows:
        yield [*row[:-1], _cell(row.share)]


def lineage_rows(steps: Iterable[LineageStep]) -> Iterator[Row]:
    """Yield lineage.csv."""
    yield LineageStep._fields
    for step in steps:
        distance = "" if np.isnan(step.distance) else f"{step.distance:.4f}"
        yield [
            step.line,
            step.period,
            step.began,
            step.ended,
            _or_empty(step.source),
            _or_empty(step.heir),
            distance,
            _cell(step.share),
            _or_empty(step.theme),
            " ".join(step.words),
        ]


def topic_value(topic: Topic) -> dict[str, Any]:
    """Return a topic as topics.json has it."""
    value: dict[str, Any] = {
        "topic": topic.number,
        "share": round(topic.share, 6),
        "coherence_npmi": round(topic.coherence_npmi, 4),
        "exclusivity": round(topic.exclusivity, 4),
        "place": [round(coordinate, 4) for coordinate in topic.place],
        "words": [_word_value(word) for word in topic.words],
        "relevant": [_word_value(word) for word in topic.relevant],
        "typical": [_reference_value(article) for article in topic.typical],
        "name": topic.name,
        "named_by": topic.named_by,
    }
    if topic.stability is not None:
        value["stability"] = round(topic.stability, 4)
    return value


def movement_value(movement: Movement) -> dict[str, Any]:
    """Return a movement as movement.json has it."""
    trend, season = movement.trend, movement.season
    figures = ("slope", "low", "high", "p")
    value: dict[str, Any] = {
        "topic": movement.topic,
        "peak": _peak_value(movement.peak),
        "peaks": [_peak_value(peak) for peak in movement.peaks],
        "trend": {name: _rounded(getattr(trend, name)) for name in figures}
        | {"said": trend.direction},
        "bursts": [_burst_value(burst) for burst in movement.bursts],
        "events": [_event_value(change) for change in movement.events],
    }
    if season is not None:
        value["season"] = {
            "strength": _rounded(season.strength),
            "p": _rounded(season.p),
            "peak": season.peak,
            "amplitude": _rounded(season.amplitude),
            "low": _rounded(season.low),
            "high": _rounded(season.high),
            "said": season.significant,
        }
    return value


def story_value(story: Story) -> dict[str, Any]:
    """Return a story as stories.json has it."""
    return {
        "period": story.period,
        "theme": story.theme,
        "weight": round(story.weight, 1),
        "documents": story.documents,
        "words": list(story.words),
        "articles": [_reference_value(article) for article in story.articles],
    }


def points_value(points: Points) -> dict[str, Any]:
    """Return the articles behind points as points.json has them."""
    return {
        "articles": [_point_article_value(article) for article in points.articles],
        "points": {str(topic): by_period for topic, by_period in points.behind.items()},
    }


def matching_value(matching: TopicMatching) -> dict[str, Any]:
    """Return the lineage from an earlier run as figures.json has it."""
    return {
        "same": [(old, new, round(distance, 4)) for old, new, distance in matching.same],
        "died": matching.died,
        "born": matching.born,
        "split": matching.split,
        "merged": matching.merged,
    }


def _word_value(word: WordProbability) -> dict[str, Any]:
    return {"word": word.word, "p": round(word.p, 6)}


def _reference_value(article: ArticleReference) -> dict[str, Any]:
    value = {"id": article.id, "date": article.date, "headline": article.headline}
    if article.share is None:
        return value
    return value | {"share": round(article.share, 4)}


def _peak_value(peak: Peak) -> dict[str, Any]:
    low, high = _rounded(peak.low), _rounded(peak.high)
    return {"period": peak.period, "share": _rounded(peak.share), "low": low, "high": high}


def _burst_value(burst: Burst) -> dict[str, Any]:
    return {
        "from": burst.first,
        "to": burst.last,
        "weight": round(burst.weight, 1),
        "articles": round(burst.articles, 1),
    }


def _event_value(change: EventChange) -> dict[str, Any]:
    value = {"event": change.event, "before": change.before, "after": change.after}
    if np.isnan(change.change):
        return value
    figures = ("change", "low", "high")
    return value | {name: _rounded(getattr(change, name)) for name in figures}


def _point_article_value(article: PointArticle) -> list[str]:
    page = f"第{article.page}版" if article.page is not None else ""
    return [article.date, page, article.headline, article.lead]


def _rounded(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 6)


def _cell(share: float) -> str:
    return "" if np.isnan(share) else f"{share:.6f}"


def _or_empty(number: int | None) -> object:
    return "" if number is None else number
