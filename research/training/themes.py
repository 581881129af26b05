"""Train themes: articles → topics → shares through time, as steps on one object.

Computes nothing: topics are fitted in ``topics``, followed in ``themes``, written in ``runs``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.config import EventConfig, ThemesExperiment, read_events
from research.files import Progress, report_progress
from research.runs import ThemesResult
from research.runs.figures import LineageFigures, ThemesFigures
from research.runs.model_files import ThemesModel
from research.runs.results import ThroughTime, without_time
from research.runs.rows import DocumentTopics, NearDuplicate, UndatedArticle
from research.text.counts import learn_words
from research.themes.breakdown import break_down
from research.themes.data import ThemeData, refer_to
from research.themes.description import Topic, describe_topics
from research.themes.headline_names import propose_names
from research.themes.lineage import LineageStep, follow_topics, learn_period_topics
from research.themes.mentions import count_mentions
from research.themes.movement import movements
from research.themes.naming import GivenName, name_topics, place_names, read_names
from research.themes.points import find_points
from research.themes.shares import document_weights, shares_over_time
from research.themes.stories import find_stories
from research.themes.wording import words_of_periods
from research.topics import metrics
from research.topics.model import TopicModel
from research.training.dated import ThemesCorpus, read_corpus
from research.training.inputs import build_segmenter, watched
from research.training.topics import (
    CountedWords,
    EarlierTopics,
    FittedTopics,
    TopicFitting,
    load_earlier,
)

_TOP_WORDS = 10  # For coherence and diversity, as is usual in the literature.
_STEPS_THROUGH_TIME = 5


class NamedTopics(NamedTuple):
    """The topics, and the names that a person gave and no topic fits."""

    topics: list[Topic]
    homeless_names: list[str]


@dataclass(frozen=True)
class ThemesTraining:
    """The training of one experiment; its paths are relative to *base*."""

    config: ThemesExperiment
    base: Path
    progress: Progress | None = None

    def run(self) -> ThemesResult:
        """Read the articles, fit topics, describe them and follow them through time."""
        fitting = self.prepare()
        corpus = read_corpus(self.config, self.base, self.progress)
        words = self.count(corpus)
        fitted = fitting.fit(words.counts[corpus.distinct], words.vocabulary, self.progress)
        shares = fitted.model.transform(words.counts, progress=self.progress)
        data = ThemeData(corpus.articles, words.counts, shares, words.vocabulary)
        named = self.describe(data.select(np.flatnonzero(data.has_theme)), fitted, words)
        through_time = self.follow(data, corpus, fitted.model)
        dated = data.select(corpus.shown(copies=False))
        return ThemesResult(
            trained=ThemesModel(fitted.model, tuple(words.vocabulary), words.segmenter),
            topics=named.topics,
            through_time=through_time,
            stories=find_stories(dated, self.config.time.by, self.config.time.stories),
            lineage=self.trace(dated, fitted.model),
            documents=describe_documents(data),
            undated=describe_undated(corpus),
            near_duplicates=describe_near_duplicates(corpus),
            figures=self.measure(data, corpus, fitted, named, through_time),
        )

    def prepare(self) -> TopicFitting:
        """Read the files that the experiment names beside the corpus, so that errors come early."""
        _ = self.given_names, self.events
        settings = self.config.topics
        earlier = None
        if settings.like is not None:
            earlier = load_earlier(self.base / settings.like)
        return TopicFitting(settings, self.config.seed, earlier)

    @cached_property
    def given_names(self) -> Sequence[GivenName]:
        """The names that a person gave to topics."""
        names = self.config.topics.names
        return () if names is None else read_names(self.base / names)

    @cached_property
    def events(self) -> tuple[EventConfig, ...]:
        """The dated events of the experiment."""
        events = self.config.time.events
        return () if events is None else read_events(self.base / events)

    def count(self, corpus: ThemesCorpus) -> CountedWords:
        """Segment the articles and count their words."""
        articles, settings = corpus.articles, self.config.topics
        segmenter = build_segmenter(self.config.tokens, self.base, articles, self.progress)
        counts, vocabulary = learn_words(
            watched(articles, "segmenting", self.progress),
            segmenter,
            min_df=settings.min_df,
            max_df=settings.max_df,
            max_words=settings.max_words,
        )
        return CountedWords(counts, vocabulary, segmenter)

    def describe(self, data: ThemeData, fitted: FittedTopics, words: CountedWords) -> NamedTopics:
        """Name and describe the topics."""
        topic_word = fitted.model.topic_word_
        earlier = {} if fitted.earlier is None else fitted.earlier.names()
        by_hand, homeless = place_names(self.given_names, topic_word, data.vocabulary)
        headlines = (words.segmenter.cut(refer_to(article).headline) for article in data.articles)
        earlier_names = {topic: name for topic, (name, _) in earlier.items()}
        proposed = propose_names(headlines, data.shares, topic_word, data.vocabulary, earlier_names)
        names = name_topics(by_hand, earlier, proposed)
        stability = None if fitted.stability is None else fitted.stability.topics
        return NamedTopics(describe_topics(data, topic_word, names, stability), homeless)

    def follow(self, data: ThemeData, corpus: ThemesCorpus, model: TopicModel) -> ThroughTime:
        """Follow the topics through time in the articles that have a date and a theme."""
        copies = self.config.near_duplicates != "once"
        dated = _with_theme(data, corpus.shown(copies=copies))
        if dated.articles:
            return self._follow_dated(dated, model)
        undated = _with_theme(data, corpus.counted(copies=copies))
        breakdown = break_down(undated, self.config.time.breakdown)
        return without_time(undated, self.config.time.by, breakdown, self.events)

    def _follow_dated(self, data: ThemeData, model: TopicModel) -> ThroughTime:
        settings = self.config.time
        weights = document_weights(data.counts, settings.weigh)
        self._report_step(0)
        shares = shares_over_time(
            data.shares,
            data.dates,
            settings.by,
            weights=weights,
            resamples=settings.resamples,
            random_state=self.config.seed,
        )
        mention_counts = count_mentions(data.counts, data.dates, settings.by)
        self._report_step(1)
        moved = movements(shares, data, weights, self.events)
        self._report_step(2)
        words = words_of_periods(data, model.topic_word_, settings.words_by)
        self._report_step(3)
        breakdown = break_down(data, settings.breakdown)
        self._report_step(4)
        points = find_points(data, settings.by)
        self._report_step(_STEPS_THROUGH_TIME)
        return ThroughTime(shares, mention_counts, moved, words, breakdown, points, self.events)

    def trace(self, dated: ThemeData, model: TopicModel) -> list[LineageStep]:
        """Return the topics that each period has by itself, on their lines through the periods."""
        settings = self.config.time
        if settings.lineage is None or not dated.articles:
            return []
        parameters = model.get_params() | {"n_topics": settings.lineage_topics, "seeds": ()}
        period_model = TopicModel(**parameters)
        periods = learn_period_topics(dated, settings.lineage, period_model, self.progress)
        return follow_topics(periods, model.topic_word_, dated.vocabulary)

    def measure(
        self,
        data: ThemeData,
        corpus: ThemesCorpus,
        fitted: FittedTopics,
        named: NamedTopics,
        through_time: ThroughTime,
    ) -> ThemesFigures:
        """Return the figures of a themes run."""
        shares = through_time.shares
        figures: dict[str, Any] = {
            "task": "themes",
            "documents": data.counts.shape[0],
            "words": data.counts.shape[1],
            "tokens": int(data.counts.sum()),
            "near_duplicates": len(corpus.extra_copies),
            "undated": len(corpus.undated),
            "without_theme": int((~data.has_theme).sum()),
            "periods": len(shares.periods),
            "empty_periods": int((shares.counts == 0).sum()),
            "unfinished": shares.unfinished,
            "n_topics": fitted.model.n_topics,
            **_topic_figures(fitted, data),
        }
        if self.given_names:
            figures["names_without_topic"] = named.homeless_names
        return ThemesFigures.model_validate(figures)

    def _report_step(self, done: int) -> None:
        report_progress(self.progress, "through time", done, _STEPS_THROUGH_TIME)


def _with_theme(data: ThemeData, rows: NDArray[np.intp]) -> ThemeData:
    """Return the data of those of the articles *rows* that have a theme."""
    return data.select(rows[data.has_theme[rows]])


def _topic_figures(fitted: FittedTopics, data: ThemeData) -> dict[str, Any]:
    model = fitted.model
    order = np.argsort(-model.components_, axis=1, kind="stable")
    top_words = order[:, :_TOP_WORDS].tolist()
    measured = metrics.topic_figures(top_words, data.counts)
    figures: dict[str, Any] = {
        "coherence_npmi": measured["coherence_npmi"],
        "diversity": measured["diversity"],
        "state": model.state_,
    }
    if model.bounds_:
        passes, perplexity = model.bounds_[-1]
        figures |= {"passes": passes, "training_perplexity": round(perplexity, 2)}
    if fitted.stability is not None:
        figures["stability"] = round(fitted.stability.mean, 4)
    if fitted.earlier is not None:
        figures["lineage"] = _lineage_figures(fitted.earlier)
    if fitted.choice is not None:
        figures["choice"] = {"reason": fitted.choice.reason, "rows": fitted.choice.rows}
    return figures


def _lineage_figures(earlier: EarlierTopics) -> LineageFigures:
    matching = earlier.matching
    same = [(old, new, round(distance, 4)) for old, new, distance in matching.same]
    return LineageFigures(
        same=tuple(same),
        died=matching.died,
        born=matching.born,
        split=matching.split,
        merged=matching.merged,
        names_before=tuple(topic.name for topic in earlier.topics),
    )


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


def describe_undated(corpus: ThemesCorpus) -> list[UndatedArticle]:
    """Return the articles that no curve shows."""
    rows = []
    for position, date, why in corpus.undated:
        article = corpus.articles[position]
        rows.append(UndatedArticle(article.id, article.headline, date, why))
    return rows


def describe_near_duplicates(corpus: ThemesCorpus) -> list[NearDuplicate]:
    """Return the articles with nearly the same text, group by group."""
    rows = []
    for number, group in enumerate(corpus.groups):
        for position in group:
            article = corpus.articles[position]
            row = NearDuplicate(
                group=number,
                id=article.id,
                date=article.date,
                source=article.source,
                headline=article.headline,
            )
            rows.append(row)
    return rows
