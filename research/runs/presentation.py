"""What the engine left → the result of a training: topics named, described and followed.

Nothing here is trained, so that a name or an event is applied to a run at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.config import EventConfig, ThemesExperiment
from research.files import Progress
from research.runs.compared import compared_rows
from research.runs.engine import EngineTopics
from research.runs.figures import ThemesFigures
from research.runs.results import ThemesResult
from research.runs.rows import DocumentTopics
from research.themes.breakdown import break_down
from research.themes.comparison import compare_groups
from research.themes.data import ThemeData
from research.themes.description import describe_topics
from research.themes.naming import GivenName, name_topics, place_names
from research.themes.stories import find_stories
from research.themes.through_time import ThroughTime, follow_through_time, without_time
from research.topics import metrics

_TOP_WORDS = 10  # For coherence and diversity, as is usual in the literature.


class Wishes(NamedTuple):
    """What a person wants to see of the topics: names for them, and dated events."""

    names: Sequence[GivenName] = ()
    events: Sequence[EventConfig] = ()


def present(
    engine: EngineTopics,
    config: ThemesExperiment,
    wishes: Wishes,
    progress: Progress | None = None,
) -> ThemesResult:
    """Name and describe the engine's topics, and follow them through time."""
    data = engine.data
    topic_word = engine.trained.model.topic_word_
    by_hand, homeless = place_names(wishes.names, topic_word, data.vocabulary)
    proposals = [topic.proposal for topic in engine.facts.topics]
    names = name_topics(by_hand, engine.earlier_names, proposals)
    stability = [topic.stability for topic in engine.facts.topics]
    with_theme = _with_theme(data, engine.counted(copies=True))
    copies = config.near_duplicates != "once"
    curves = _with_theme(data, engine.shown(copies=copies))
    if curves.articles:
        through_time = follow_through_time(curves, topic_word, config, wishes.events, progress)
    else:
        undated = _with_theme(data, engine.counted(copies=copies))
        breakdown = break_down(undated, config.divisions)
        through_time = without_time(undated, config.time.by, breakdown, wishes.events)
    compared = data.select(compared_rows(engine, data, config))
    dated = data.select(engine.shown(copies=False))
    figures = _figures(engine, data, through_time)
    if wishes.names:
        figures["names_without_topic"] = homeless
    return ThemesResult(
        engine=engine,
        topics=describe_topics(with_theme, topic_word, names, stability),
        through_time=through_time,
        stories=find_stories(dated, config.time.by, config.time.stories),
        lineage=list(engine.lineage),
        documents=describe_documents(data),
        undated=list(engine.undated),
        near_duplicates=list(engine.near_duplicates),
        comparison=compare_groups(compared, config.divisions, config.time.by),
        figures=ThemesFigures.model_validate(figures),
    )


def _with_theme(data: ThemeData, rows: NDArray[np.intp]) -> ThemeData:
    """Return the data of those of the articles *rows* that have a theme."""
    return data.select(rows[data.has_theme[rows]])


def _figures(engine: EngineTopics, data: ThemeData, through_time: ThroughTime) -> dict[str, Any]:
    """Return the figures of a themes run."""
    shares = through_time.shares
    components = engine.trained.model.components_
    return {
        "task": "themes",
        "documents": data.counts.shape[0],
        "words": data.counts.shape[1],
        "tokens": int(data.counts.sum()),
        "near_duplicates": len(engine.facts.copies),
        "undated": len(engine.facts.undated),
        "without_theme": int((~data.has_theme).sum()),
        "periods": len(shares.periods),
        "empty_periods": int((shares.counts == 0).sum()),
        "unfinished": shares.unfinished,
        "n_topics": len(components),
        **_word_figures(components, data),
        **_engine_figures(engine),
    }


def _word_figures(components: NDArray[np.floating[Any]], data: ThemeData) -> dict[str, float]:
    order = np.argsort(-components, axis=1, kind="stable")
    top_words = order[:, :_TOP_WORDS].tolist()
    measured = metrics.topic_figures(top_words, data.counts)
    return {name: measured[name] for name in ("coherence_npmi", "diversity")}


def _engine_figures(engine: EngineTopics) -> dict[str, Any]:
    """Return those figures that no name or shape changes, where the engine has them."""
    figures = engine.facts.figures
    return {name: figures[name] for name in figures.keys()}  # noqa: SIM118 - no mapping


def describe_documents(data: ThemeData) -> list[DocumentTopics]:
    """Return every article with its two largest topics, none where it has no known word."""
    order = np.argsort(-data.shares, axis=1, kind="stable")[:, :2]
    shares = np.take_along_axis(data.shares, order, axis=1).tolist()
    rows = []
    for i, article in enumerate(data.articles):
        topics: Sequence[int | None] = (None, None)
        values: Sequence[float | None] = (None, None)
        if data.has_theme[i]:
            topics, values = order[i].tolist(), shares[i]
        row = DocumentTopics(
            id=article.id,
            date=article.date,
            headline=article.headline,
            topic=topics[0],
            share=values[0],
            second_topic=topics[1],
            second_share=values[1],
        )
        rows.append(row)
    return rows
