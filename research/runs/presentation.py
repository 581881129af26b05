"""What the engine left → the result of a training: topics named, described and followed.

Nothing here is trained, so that a name or an event is applied to a run at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.config import EventConfig, ThemesExperiment
from research.files import Progress
from research.runs.compared import compared_rows
from research.runs.engine import EngineTopics
from research.runs.figures import ThemesFigures
from research.runs.followed import Followed
from research.runs.results import ThemesResult
from research.runs.rows import DocumentTopics
from research.runs.theme_names import ThemeNaming, lineage_on_themes
from research.themes.breakdown import break_down
from research.themes.comparison import Comparison, compare_groups
from research.themes.curated import CuratedTopics, curate
from research.themes.curation import Curation
from research.themes.data import ThemeData
from research.themes.description import Topic
from research.themes.hierarchy import Hierarchy, ThemeLabels, build_hierarchy
from research.themes.lineage import LineageStep
from research.themes.stories import Story, find_stories
from research.themes.through_time import ThroughTime, follow_through_time, without_time
from research.topics import metrics

_TOP_WORDS = 10  # For coherence and diversity, as is usual in the literature.


class Wishes(NamedTuple):
    """What a person wants to see of the topics.

    Attributes
    ----------
    curation : Curation
        Names, merges, drops, splits and parents.
    applied : Curation
        The part of it that no file of the experiment has.
    events : Sequence[EventConfig]
        Dated events.
    """

    curation: Curation = Curation()
    applied: Curation = Curation()
    events: Sequence[EventConfig] = ()


def present(
    engine: EngineTopics,
    config: ThemesExperiment,
    wishes: Wishes,
    progress: Progress | None = None,
    followed: Followed | None = None,
) -> ThemesResult:
    """Shape, name and describe the engine's topics, and follow them through time.

    What is *followed* already is taken over where the themes are the same.
    """
    vocabulary = engine.trained.vocabulary
    curated = curate(wishes.curation, engine.state, engine.counts, vocabulary, config.seed)
    data = engine.theme_data(curated.state.shares)
    topics, lineage = _name(engine, curated, data)
    topic_word = curated.state.topic_word
    if followed is None or not followed.fits(curated):
        # Each selection of articles is a copy, and lasts only as long as it is read.
        followed = Followed(
            curated.steps,
            wishes.curation.label_stop_words,
            _follow(engine, config, wishes, data, topic_word, progress),
            _find_stories(engine, config, data),
            _compare(engine, config, data),
        )
    return ThemesResult(
        engine=engine,
        curated=curated,
        applied=wishes.applied,
        topics=topics,
        hierarchy=describe_hierarchy(topics, topic_word, vocabulary, curated),
        through_time=followed.through_time,
        stories=list(followed.stories),
        lineage=lineage,
        documents=describe_documents(data),
        undated=list(engine.undated),
        near_duplicates=list(engine.near_duplicates),
        comparison=followed.comparison,
        figures=_figures(engine, curated, data, followed.through_time),
    )


def describe_hierarchy(
    topics: Sequence[Topic],
    topic_word: NDArray[np.float64],
    vocabulary: Sequence[str],
    curated: CuratedTopics | None = None,
) -> Hierarchy:
    """Return the tree over topics whose words are distributed so, n_topics × n_words."""
    labels = ThemeLabels(
        names=[topic.name for topic in topics],
        shares=np.array([topic.share for topic in topics]),
        hidden_words=() if curated is None else curated.curation.label_stop_words,
    )
    parents = () if curated is None else curated.parents
    return build_hierarchy(topic_word, labels, vocabulary, parents)


def _follow(
    engine: EngineTopics,
    config: ThemesExperiment,
    wishes: Wishes,
    data: ThemeData,
    topic_word: NDArray[np.float64],
    progress: Progress | None,
) -> ThroughTime:
    """Follow the themes through time in the articles that have a date and a theme."""
    copies = config.near_duplicates != "once"
    curves = _with_theme(data, engine.shown(copies=copies))
    if not curves.articles:
        undated = _with_theme(data, engine.counted(copies=copies))
        breakdown = break_down(undated, config.divisions)
        return without_time(undated, config.time.by, breakdown, wishes.events)
    followed = follow_through_time(curves, topic_word, config, wishes.events, progress)
    hidden = set(wishes.curation.label_stop_words)
    words = [row for row in followed.words if row.word not in hidden]
    return followed._replace(words=words)


def _name(
    engine: EngineTopics, curated: CuratedTopics, data: ThemeData
) -> tuple[list[Topic], list[LineageStep]]:
    """Describe and name the themes; return them, and the lineage on them."""
    naming = ThemeNaming(engine, curated, _with_theme(data, engine.counted(copies=True)))
    return naming.describe(curated.state.topic_word), naming.on_themes(engine.lineage)


def _find_stories(engine: EngineTopics, config: ThemesExperiment, data: ThemeData) -> list[Story]:
    """Find the stories in the articles that have a date, each once."""
    dated = data.select(engine.shown(copies=False))
    return find_stories(dated, config.time.by, config.time.stories)


def _compare(engine: EngineTopics, config: ThemesExperiment, data: ThemeData) -> Comparison:
    """Compare groups of the articles that curves show."""
    compared = data.select(compared_rows(engine, data, config))
    return compare_groups(compared, config.divisions, config.time.by)


def _with_theme(data: ThemeData, rows: NDArray[np.intp]) -> ThemeData:
    """Return the data of those of the articles *rows* that have a theme."""
    return data.select(rows[data.has_theme[rows]])


def _figures(
    engine: EngineTopics, curated: CuratedTopics, data: ThemeData, through_time: ThroughTime
) -> ThemesFigures:
    """Return the figures of a themes run."""
    shares = through_time.shares
    components = curated.state.components
    figures = {
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
        **engine.facts.figures.model_dump(exclude_none=True),
        **_shape_figures(engine, curated),
        **_word_figures(curated.state.topic_word, engine.documents),
    }
    return ThemesFigures.model_validate(figures)


def _shape_figures(engine: EngineTopics, curated: CuratedTopics) -> dict[str, Any]:
    """Return what became of a person's decisions; the earlier run's topics by their themes."""
    figures: dict[str, Any] = {}
    names = [entry.name for entry in curated.curation.topic if entry.kind == "name"]
    if names:
        figures["names_without_topic"] = [name for name in names if name not in curated.names]
    only_names = all(entry.kind == "name" for entry in curated.curation.topic)
    problems = any(outcome.problem for outcome in curated.outcomes)
    if curated.steps or problems or not only_names:
        figures["curation"] = [outcome._asdict() for outcome in curated.outcomes]
    if curated.steps:
        figures["engine_topics"] = len(engine.facts.topics)
    if curated.steps and engine.facts.figures.lineage is not None:
        figures["lineage"] = lineage_on_themes(engine.facts.figures.lineage, curated)
    return figures


def _word_figures(
    topic_word: NDArray[np.float64], documents: sparse.csr_matrix
) -> dict[str, float]:
    order = np.argsort(-topic_word, axis=1, kind="stable")
    top_words = order[:, :_TOP_WORDS].tolist()
    measured = metrics.topic_figures(top_words, documents)
    return {name: measured[name] for name in ("coherence_npmi", "diversity")}


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
