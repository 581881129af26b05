"""A trained run as an object: its model, and everything in its folder as typed members.

Files are read when first asked for. Nothing here changes a run, or looks for one: see ``loading``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.articles.article import Text
from research.articles.texts import list_of_texts
from research.config import EventConfig, ThemesExperiment
from research.errors import InputError
from research.runs import files, model_files
from research.runs.compared import RunComparison, compared_rows
from research.runs.engine import EngineTopics, engine_rows, read_engine
from research.runs.evidence import Evidence
from research.runs.figures import EntryFigures, ThemesFigures
from research.runs.levels import shares_of_level
from research.runs.presentation import describe_hierarchy
from research.runs.reshape import Change, PartLike, numbers_of, reshape
from research.runs.rows import (
    DocumentTopics,
    NearDuplicate,
    UndatedArticle,
)
from research.runs.run import Run as Run
from research.runs.sections_run import SectionsRun as SectionsRun
from research.runs.shape_files import ShapeJson, check_steps, read_shape, read_steps
from research.runs.shares import SharesTable, read_shares
from research.runs.table import Table
from research.runs.word_columns import word_columns
from research.text.passages import PassageCounts, count_passages
from research.text.segmenter import Segmenter
from research.themes.breakdown import BreakdownRow
from research.themes.calendar import Period
from research.themes.comparison import Comparison
from research.themes.curation_steps import Step, TopicState, apply_steps
from research.themes.data import ThemeData
from research.themes.description import Topic
from research.themes.effects import Effect
from research.themes.groups import GroupShare
from research.themes.hierarchy import Hierarchy, Level
from research.themes.lineage import LineageStep
from research.themes.mentions import Mentions, mentions_of
from research.themes.movement import Movement
from research.themes.naming import TopicName
from research.themes.points import Points
from research.themes.shares import SharesOverTime
from research.themes.stories import Story, stories_about
from research.themes.wording import WordOfPeriod
from research.topics.model import TopicModel


@dataclass(frozen=True)
class ThemesRun(Evidence):
    """A trained topic model, ``model``, with what was measured of its topics through time."""

    config: ThemesExperiment

    task = "themes"

    @cached_property
    def trained(self) -> model_files.ThemesModel:
        """The fitted topic model, with its vocabulary and its segmenter."""
        return model_files.read_themes_model(self.source)

    @property
    def model(self) -> TopicModel:
        """The fitted topic model of the engine, before anybody shaped its topics."""
        return self.trained.model

    @property
    def segmenter(self) -> Segmenter:
        """What segmented the texts."""
        return self.trained.segmenter

    @cached_property
    def _engine(self) -> EngineTopics:
        return read_engine(self.source, self.trained)

    def engine_topics(self) -> EngineTopics:
        """Return what the engine left: all that the rest of the run follows from.

        Raises InputError for a run of an early version, which did not keep it.
        """
        return self._engine

    @cached_property
    def shape(self) -> ShapeJson:
        """What a person decided about the topics."""
        return read_shape(self.source)

    @property
    def decisions(self) -> tuple[EntryFigures, ...]:
        """What became of each entry that shaped the topics; none where nobody shaped them."""
        return self.figures.curation or ()

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """How the engine's topics became the themes of this run; none where nobody shaped them."""
        steps = read_steps(self.source, len(self.vocabulary))
        check_steps(self.source, steps, len(self.model.components_))
        return steps

    @cached_property
    def topic_word(self) -> NDArray[np.float64]:
        """Probability of every word in every theme, n_themes × n_words."""
        return self._state([]).topic_word

    @cached_property
    def engine_names(self) -> tuple[TopicName, ...]:
        """The names of the engine's topics."""
        if not self.steps:
            return tuple(TopicName(topic.name, topic.named_by) for topic in self.topics)
        names = [TopicName(topic.proposal, "headlines") for topic in self._engine.facts.topics]
        members = [topic for theme in self.topics for topic in theme.made_of]
        for theme in self.topics:
            if len(theme.made_of) == 1 and members.count(theme.made_of[0]) == 1:
                names[theme.made_of[0]] = TopicName(theme.name, theme.named_by)
        return tuple(names)

    @cached_property
    def vocabulary(self) -> tuple[str, ...]:
        """The words that the model's columns stand for."""
        return model_files.read_vocabulary(self.source)

    @cached_property
    def figures(self) -> ThemesFigures:
        """What was measured."""
        return files.THEMES_FIGURES.read(self.source)

    @cached_property
    def topics(self) -> tuple[Topic, ...]:
        """The topics: name, share, figures, words, typical articles."""
        return files.TOPICS.read(self.source)

    @cached_property
    def shares(self) -> SharesTable:
        """The topic shares by period, with their bands, to six digits."""
        return read_shares(self.source, self.config.time.by, self.figures)

    @cached_property
    def movements(self) -> tuple[Movement, ...]:
        """How each topic moves: peaks, trend, season, bursts, events."""
        return files.MOVEMENT.read(self.source)

    @cached_property
    def events(self) -> tuple[EventConfig, ...]:
        """The dated events of the experiment."""
        return Table(files.EVENTS.read(self.source), tuple(EventConfig.model_fields))

    @cached_property
    def words(self) -> tuple[WordOfPeriod, ...]:
        """Each topic's likeliest words by period, and those gained and lost."""
        return files.WORDS.read(self.source)

    @cached_property
    def mention_counts(self) -> sparse.csc_matrix | None:
        """How many articles of each period hold each word, n_periods × n_words.

        None in a run of an early version, which did not count.
        """
        shape = (len(self.shares.periods), len(self.vocabulary))
        return files.read_mentions(self.source, shape)

    @cached_property
    def lineage(self) -> tuple[LineageStep, ...]:
        """Topics of each period alone, on their lines through the periods."""
        return files.LINEAGE.read(self.source)

    @cached_property
    def stories(self) -> tuple[Story, ...]:
        """What was new in each period."""
        return files.STORIES.read(self.source)

    @cached_property
    def breakdown(self) -> tuple[BreakdownRow, ...]:
        """Topic shares by section, page or source, and year."""
        return files.BREAKDOWN.read(self.source)

    @cached_property
    def comparison(self) -> RunComparison:
        """Groups of articles compared."""
        return RunComparison(self.source, self.config, self._compared_data, self._comparison)

    _comparison: ClassVar[Comparison | None] = None  # Of a run without files.

    def _compared_data(self) -> ThemeData:
        engine = self._engine
        state = apply_steps(self.steps, engine.state, engine.counts)
        data = ThemeData(engine.articles, engine.counts, state.shares, self.vocabulary)
        return data.select(compared_rows(engine, data, self.config))

    def effects(self, formula: str | Sequence[str] | None = None) -> Table[Effect]:
        """Return what groups of articles make of topics: see ``RunComparison.effects``."""
        return Table(self.comparison.effects(formula), Effect._fields)

    def groups(self, name: str | None = None, by: Period | None = None) -> Table[GroupShare]:
        """Return topic shares of groups through time: see ``RunComparison.groups``."""
        return Table(self.comparison.groups(name, by), GroupShare._fields)

    @cached_property
    def documents(self) -> tuple[DocumentTopics, ...]:
        """Every article with its two largest topics."""
        return files.DOCUMENTS.read(self.source)

    @cached_property
    def hierarchy(self) -> Hierarchy:
        """A tree over the topics; its levels group them."""
        if not (self.folder / files.HIERARCHY.name).is_file():
            return describe_hierarchy(self.topics, self.topic_word, self.vocabulary)
        return Hierarchy(files.HIERARCHY.read(self.source))

    def shares_at(self, level: Level) -> SharesOverTime:
        """Return the shares of a level's groups by period, with bands: see ``hierarchy.at``."""
        self.require_dates()
        return shares_of_level(self._compared_data(), self.config, self.hierarchy, level)

    @cached_property
    def points(self) -> Points:
        """The articles behind the points of the curves."""
        return files.POINTS.read(self.source)

    @cached_property
    def undated(self) -> tuple[UndatedArticle, ...]:
        """Articles that no curve shows."""
        return files.UNDATED.read(self.source)

    @cached_property
    def near_duplicates(self) -> tuple[NearDuplicate, ...]:
        """Groups of articles with nearly the same text."""
        return files.NEAR_DUPLICATES.read(self.source)

    def require_dates(self) -> None:
        """Raise InputError where no article is in a curve, for want of dates."""
        if not self.shares.periods:
            raise InputError(
                f"{self.folder}: no article has a date that curves can show, so there is nothing "
                "through time; undated.csv names the articles and reasons: name the field "
                "(corpus.fields), set time.by to something longer, or correct the dates"
            )

    def transform(self, texts: Iterable[Text], level: Level | None = None) -> NDArray[np.float64]:
        """Return the shares of themes in texts or Articles, n × n_themes.

        A text without one word of the vocabulary has the prior's shares, those of no theme. With a
        *level*, the shares of its groups, n × n_groups: see ``hierarchy.at``.
        """
        shares = self._state(list_of_texts(texts)).shares
        return shares if level is None else self.hierarchy.sums(shares, level)

    def has_theme(self, texts: Iterable[Text]) -> NDArray[np.bool_]:
        """Return which texts or Articles have a word of the vocabulary, (n_texts,)."""
        return self.model.has_evidence(self._count(texts).by_article())

    def predict(self, texts: Iterable[Text], level: Level | None = None) -> NDArray[np.intp]:
        """Return the number of every text's largest topic, −1 where it has no known word.

        With a *level*, the position of its largest group: see ``hierarchy.at``.
        """
        passages = self._count(texts)
        shares = self._state_of(passages).shares
        if level is not None:
            shares = self.hierarchy.sums(shares, level)
        numbers: NDArray[np.intp] = shares.argmax(axis=1)
        numbers[~self.model.has_evidence(passages.by_article())] = -1
        return numbers

    def _count(self, texts: Iterable[Text]) -> PassageCounts:
        counting = self.trained.counting
        return count_passages(list_of_texts(texts), self.segmenter, self.vocabulary, counting)

    def _state(self, texts: list[Text]) -> TopicState:
        """Return the themes, and their shares in texts."""
        return self._state_of(self._count(texts))

    def _state_of(self, passages: PassageCounts) -> TopicState:
        components = self.model.pseudo_counts()
        shares = np.empty((0, len(components)))
        if passages.n_articles:
            shares = passages.article_shares(self.model.transform(passages.counts))
        state = TopicState(shares, *engine_rows(components))
        return apply_steps(self.steps, state, passages.by_article())

    def merge(self, topics: Sequence[int], name: str | None = None) -> Self:
        """Return a run in which some topics are one; this run stays as it is.

        Parameters
        ----------
        topics
            Numbers of two topics or more.
        name
            What the one is called; as the largest where left out.
        """
        return reshape(self, Change("merge", topics, name))

    def drop(self, topics: int | Sequence[int]) -> Self:
        """Return a run without some topics, whose shares go to the others of each article."""
        dropped = self
        for topic in sorted(numbers_of(self, topics), reverse=True):
            dropped = reshape(dropped, Change("drop", topic))
        return dropped

    def split(self, topic: int, into: Sequence[PartLike] = ()) -> Self:
        """Return a run in which a topic is two or more, learned from its words in its articles.

        The first part keeps the number, the others come last.

        Parameters
        ----------
        topic
            The number of the topic.
        into
            A list of words for each part, or pairs of a name and such a list; two parts are
            discovered where left out.
        """
        return reshape(self, Change("split", topic, into=tuple(into)))

    def rename(self, topic: int, name: str) -> Self:
        """Return a run in which a topic has another name; topics of one name become one."""
        return reshape(self, Change("name", topic, name))

    def parent(self, topics: Sequence[int], name: str) -> Self:
        """Return a run in which some topics stand together under a name."""
        return reshape(self, Change("parent", topics, name))

    def top_words(self, n: int = 10) -> list[list[str]]:
        """Return the *n* likeliest words of every theme."""
        order = np.argsort(-self.topic_word, axis=1, kind="stable")
        return [[self.vocabulary[column] for column in row] for row in order[:, :n].tolist()]

    def stories_about(self, text: str) -> list[Story]:
        """Return the stories whose words occur in *text*, the best match first."""
        return stories_about(text, self.stories)

    def mentions(self, words: Sequence[str]) -> Mentions:
        """Return which share of each period's articles hold each of *words*.

        Parameters
        ----------
        words
            Words of the vocabulary.

        Returns
        -------
        Mentions
            Counts and shares by period, with Wilson's intervals.

        Raises
        ------
        InputError
            Where a word is not in the vocabulary; the message says why.
        """
        self.require_dates()
        columns = word_columns(words, self.vocabulary, self.segmenter, self.name)
        counts = self.mention_counts
        if counts is None:
            raise InputError(
                f"{self.folder}: an earlier version trained this run, and counted no words by "
                "period; train it again (--force)"
            )
        return mentions_of(
            [self.vocabulary[column] for column in columns],
            counts[:, columns].toarray().astype(np.int64),
            self.shares.counts,
            self.shares.periods,
            self.config.time.by,
        )
