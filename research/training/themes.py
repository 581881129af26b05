"""Train themes: articles → topics → shares through time, as steps on one object.

Computes nothing: topics are fitted in ``topics``, followed in ``themes``, written in ``runs``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from research.config import EventConfig, ThemesExperiment, read_events
from research.files import Progress
from research.runs import ThemesResult, ThemesRun
from research.runs.engine import (
    EngineFacts,
    EngineFigures,
    EngineTopic,
    EngineTopics,
    facts_of,
    typical_texts,
)
from research.runs.figures import ChoiceFigures, LineageFigures
from research.runs.followed import Followed
from research.runs.presentation import Wishes, present
from research.runs.rows import NearDuplicate, UndatedArticle
from research.themes.curation import NO_DECISIONS, Curation, read_curation
from research.themes.data import ThemeData, refer_to
from research.themes.headline_names import propose_names
from research.themes.lineage import LineageStep, follow_topics, learn_period_topics
from research.themes.naming import TopicName
from research.topics.model import TopicModel
from research.training.counting import CountedWords, count_articles
from research.training.dated import ThemesCorpus, read_corpus
from research.training.reading import bad_rows, reading_figures
from research.training.topics import (
    EarlierTopics,
    FittedTopics,
    TopicFitting,
    load_earlier,
)

_STABILITY_DIGITS = 4


@dataclass(frozen=True)
class ThemesTraining:
    """The training of one experiment; its paths are relative to *base*."""

    config: ThemesExperiment
    base: Path
    progress: Progress | None = None
    applied: Curation = NO_DECISIONS  # What the run in this place was shaped by.

    def run(self) -> ThemesResult:
        """Read the articles, fit topics, describe them and follow them through time."""
        return self.present(self.learn())

    def present(self, engine: EngineTopics, followed: Followed | None = None) -> ThemesResult:
        """Shape, name and describe what the engine left, and follow it through time."""
        return present(engine, self.config, self.wishes, self.progress, followed)

    def learn(self) -> EngineTopics:
        """Read the articles and fit topics: all that takes long, and no name."""
        fitting = self.prepare()
        corpus = read_corpus(self.config, self.base, self.progress)
        words = count_articles(self.config, self.base, corpus, self.progress)
        documents = words.documents
        fitted = fitting.fit(
            documents.counts, words.vocabulary, self.progress, documents.article_of
        )
        shares = words.shares(fitted.model, self.progress)
        data = words.data(shares)
        lineage = self.trace(words.dated_documents(shares), fitted.model)
        return EngineTopics(
            trained=words.trained(fitted.model),
            articles=facts_of(corpus.articles),
            counts=words.counts,
            passages=documents.counts if words.learned.passages.split else None,
            shares=shares.astype(np.float32),
            facts=EngineFacts(
                topics=self.propose(data, fitted, words),
                copies=tuple(corpus.extra_copies.tolist()),
                undated=tuple(corpus.undated_positions),
                lineage_topics=tuple(step.theme for step in lineage),
                figures=_engine_figures(fitted, words, self._left_out(corpus)),
            ),
            lineage=lineage,
            undated=describe_undated(corpus),
            near_duplicates=describe_near_duplicates(corpus),
            bad_rows=bad_rows(corpus.problems, self.base),
            texts=typical_texts(corpus.articles, shares),
        )

    def _left_out(self, corpus: ThemesCorpus) -> dict[str, Any]:
        return reading_figures(corpus.problems, corpus.articles, self.base)

    @cached_property
    def wishes(self) -> Wishes:
        """What a person wants to see of the topics."""
        return Wishes(*self.decisions, self.events)

    @cached_property
    def decisions(self) -> tuple[Curation, Curation]:
        """What a person decided about topics, and the part of it that no file here has.

        Names come first, so that what is merged later may have another. A file of the experiment
        takes the place of what the run here, or the one that ``like`` names, was shaped by.
        """
        topics = self.config.topics
        named = Curation() if topics.names is None else read_curation(self.base / topics.names)
        if topics.shape is not None:
            return named.then(read_curation(self.base / topics.shape)), Curation()
        inherited = Curation()
        if self.earlier is not None:
            inherited = self.earlier.shape.curation.without_first_names()
        applied = inherited.then(self.applied)
        return named.then(applied), applied

    def prepare(self) -> TopicFitting:
        """Read the files that the experiment names beside the corpus, so that errors come early."""
        _ = self.wishes
        return TopicFitting(self.config.topics, self.config.seed, self.earlier)

    @cached_property
    def earlier(self) -> ThemesRun | None:
        """The run whose topics keep their numbers, None where the experiment names none."""
        like = self.config.topics.like
        return None if like is None else load_earlier(self.base / like)

    @cached_property
    def events(self) -> tuple[EventConfig, ...]:
        """The dated events of the experiment."""
        events = self.config.time.events
        return () if events is None else read_events(self.base / events)

    def propose(
        self, data: ThemeData, fitted: FittedTopics, words: CountedWords
    ) -> tuple[EngineTopic, ...]:
        """Return what is known of each topic before a person names it, a name among it."""
        data = data.select(np.flatnonzero(data.has_theme))
        earlier = {} if fitted.earlier is None else fitted.earlier.names()
        proposals = propose_names(
            (words.segmenter.cut(refer_to(article).headline) for article in data.articles),
            data.shares,
            fitted.model.topic_word_,
            data.vocabulary,
            {topic: name for topic, (name, _) in earlier.items()},
        )
        topics = []
        for number, proposal in enumerate(proposals):
            name, by = earlier.get(number, TopicName("", "headlines"))
            stability = None
            if fitted.stability is not None:
                stability = round(float(fitted.stability.topics[number]), _STABILITY_DIGITS)
            by_hand = name if by == "hand" else None
            topics.append(EngineTopic(proposal=proposal, earlier=by_hand, stability=stability))
        return tuple(topics)

    def trace(self, dated: ThemeData, model: TopicModel) -> list[LineageStep]:
        """Return the topics that each period has by itself, on their lines through the periods."""
        settings = self.config.time
        if settings.lineage is None or not dated.articles:
            return []
        parameters = model.get_params() | {"n_topics": settings.lineage_topics, "seeds": ()}
        period_model = TopicModel(**parameters)
        periods = learn_period_topics(dated, settings.lineage, period_model, self.progress)
        return follow_topics(periods, model.topic_word_, dated.vocabulary)


def _engine_figures(
    fitted: FittedTopics, words: CountedWords, left_out: Mapping[str, Any]
) -> EngineFigures:
    model = fitted.model
    passes, perplexity = None, None
    if model.bounds_:
        passes, perplexity = model.bounds_[-1]
        perplexity = round(perplexity, 2)
    stability, choice = fitted.stability, fitted.choice
    choice_figures = None
    if choice is not None:
        facts = {"reason": choice.reason, "rows": choice.rows}
        choice_figures = ChoiceFigures.model_validate(facts)
    return EngineFigures(
        state=model.state_,
        passes=passes,
        training_perplexity=perplexity,
        stability=None if stability is None else round(stability.mean, 4),
        lineage=None if fitted.earlier is None else _lineage_figures(fitted.earlier),
        choice=choice_figures,
        **left_out,
        most_topics=fitted.most_topics,
        **words.figures(),
    )


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
