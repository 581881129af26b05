"""A trained run as an object: its model, and everything in its folder as typed members.

Files are read when first asked for. Nothing here changes a run, or looks for one: see ``loading``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.articles.article import Text
from research.articles.texts import list_of_texts
from research.config import (
    EventConfig,
    Experiment,
    SectionsExperiment,
    ThemesExperiment,
)
from research.errors import InputError
from research.files import read_text
from research.runs import files, model_files
from research.runs.compared import RunComparison
from research.runs.figures import SectionsFigures, ThemesFigures
from research.runs.folder import RECORD, Source
from research.runs.rows import (
    BadRow,
    DocumentTopics,
    NearDuplicate,
    Prediction,
    Record,
    SuspectLabel,
    UndatedArticle,
)
from research.runs.shares import read_shares
from research.sections.classifier import SectionClassifier
from research.sections.explanation import Explanation
from research.sections.rules import RuleFigures
from research.text.counts import count_words
from research.text.segmenter import Segmenter
from research.themes.breakdown import BreakdownRow
from research.themes.calendar import Period
from research.themes.description import Topic
from research.themes.effects import Effect
from research.themes.groups import GroupShare
from research.themes.lineage import LineageStep
from research.themes.mentions import Mentions, mentions_of
from research.themes.movement import Movement
from research.themes.points import Points
from research.themes.shares import SharesOverTime
from research.themes.stories import Story, stories_about
from research.themes.wording import WordOfPeriod
from research.topics.model import TopicModel


@dataclass(frozen=True)
class Run:
    """A trained experiment: its folder, and the experiment with every default written out."""

    source: Source
    config: Experiment

    task: ClassVar[str]

    @property
    def folder(self) -> Path:
        """The folder of the run."""
        return self.source.folder

    @property
    def name(self) -> str:
        """The name of the run, which is its folder's where nobody renamed it."""
        return self.config.name

    @property
    def report(self) -> Path:
        """The path of the report."""
        return self.folder / files.REPORT

    @cached_property
    def config_text(self) -> str:
        """The experiment file as it was."""
        return read_text(self.folder / files.CONFIG_TEXT).text

    @cached_property
    def inputs(self) -> dict[str, str]:
        """SHA-256 of every file that was read."""
        return files.INPUTS.read(self.source)

    @cached_property
    def record(self) -> Record:
        """Time, host, versions and data of the training."""
        if not (self.folder / RECORD).is_file():
            raise InputError(
                f"{self.folder}/{RECORD}: missing; without its record a run cannot be trained "
                "again from itself"
            )
        return files.RECORD.read(self.source)

    @cached_property
    def bad_rows(self) -> tuple[BadRow, ...]:
        """Rows of the corpora that were left out; none where every row was read."""
        return files.read_bad_rows(self.source)


@dataclass(frozen=True)
class SectionsRun(Run):
    """A trained section classifier, ``model``, with what was measured of it."""

    config: SectionsExperiment

    task = "sections"

    @cached_property
    def model(self) -> SectionClassifier:
        """The fitted classifier."""
        return model_files.read_sections_model(self.source)

    @cached_property
    def figures(self) -> SectionsFigures:
        """What was measured."""
        return files.SECTIONS_FIGURES.read(self.source)

    @cached_property
    def predictions(self) -> tuple[Prediction, ...]:
        """The test articles with their sections and what was predicted."""
        return files.PREDICTIONS.read(self.source)

    @cached_property
    def suspects(self) -> tuple[SuspectLabel, ...]:
        """Training articles whose labels look wrong, the likeliest errors first."""
        return files.SUSPECTS.read(self.source)

    @cached_property
    def rules(self) -> tuple[RuleFigures, ...]:
        """The labelling rules and how far they held; none where the experiment has no rules."""
        return files.RULES.read(self.source) if self.config.rules else ()

    def predict(self, texts: Iterable[Text], otherwise: str | None = None) -> NDArray[Any]:
        """Return the section of every text or Article, *otherwise* where the model is not sure.

        Parameters
        ----------
        texts
            Texts or Articles.
        otherwise
            Such as "" or 其他; None for the likeliest section everywhere.
        """
        return self.model.predict(list_of_texts(texts), otherwise)

    def predict_sections(
        self, texts: Iterable[Text], at_least: float = 0.25
    ) -> list[tuple[str, ...]]:
        """Return one section per text, or two where the second has a probability of *at_least*."""
        return self.model.predict_sections(list_of_texts(texts), at_least)

    def predict_proba(self, texts: Iterable[Text]) -> NDArray[np.float64]:
        """Return n × n_sections probabilities, columns as in ``model.classes_``."""
        return self.model.predict_proba(list_of_texts(texts))

    def score(self, texts: Iterable[Text], sections: Iterable[str]) -> float:
        """Return the share of texts whose likeliest section is theirs in *sections*."""
        labels = list(sections)
        return float(self.model.score(list_of_texts(texts), labels))

    def explain(
        self, text: Text, section: str | None = None, rival: str | None = None
    ) -> Explanation:
        """Describe which words and sentences speak for a section and against another.

        Parameters
        ----------
        text
            One text or Article.
        section
            The section to explain; the likeliest where left out.
        rival
            The section to set it against; the next likely one where left out.
        """
        return self.model.explain(text, section, rival)


@dataclass(frozen=True)
class ThemesRun(Run):
    """A trained topic model, ``model``, with what was measured of its topics through time."""

    config: ThemesExperiment

    task = "themes"

    @cached_property
    def trained(self) -> model_files.ThemesModel:
        """The fitted topic model, with its vocabulary and its segmenter."""
        return model_files.read_themes_model(self.source)

    @property
    def model(self) -> TopicModel:
        """The fitted topic model."""
        return self.trained.model

    @property
    def segmenter(self) -> Segmenter:
        """What segmented the texts."""
        return self.trained.segmenter

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
    def shares(self) -> SharesOverTime:
        """The topic shares by period, with their bands, to six digits."""
        return read_shares(self.source, self.config.time.by, self.figures)

    @cached_property
    def movements(self) -> tuple[Movement, ...]:
        """How each topic moves: peaks, trend, season, bursts, events."""
        return files.MOVEMENT.read(self.source)

    @cached_property
    def events(self) -> tuple[EventConfig, ...]:
        """The dated events of the experiment."""
        return files.EVENTS.read(self.source)

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
        return RunComparison(self.source, self.config, lambda: self.trained)

    def effects(self, formula: str | Sequence[str] | None = None) -> tuple[Effect, ...]:
        """Return what groups of articles make of topics: see ``RunComparison.effects``."""
        return self.comparison.effects(formula)

    def groups(self, name: str | None = None, by: Period | None = None) -> tuple[GroupShare, ...]:
        """Return topic shares of groups through time: see ``RunComparison.groups``."""
        return self.comparison.groups(name, by)

    @cached_property
    def documents(self) -> tuple[DocumentTopics, ...]:
        """Every article with its two largest topics."""
        return files.DOCUMENTS.read(self.source)

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

    def transform(self, texts: Iterable[Text]) -> NDArray[np.float64]:
        """Return topic shares of texts or Articles, n × n_topics.

        A text without one word of the vocabulary has the prior's shares, those of no theme.
        """
        return self.model.transform(self._count(texts))

    def has_theme(self, texts: Iterable[Text]) -> NDArray[np.bool_]:
        """Return which texts or Articles have a word of the vocabulary, (n_texts,)."""
        return self.model.has_evidence(self._count(texts))

    def predict(self, texts: Iterable[Text]) -> NDArray[np.intp]:
        """Return the number of every text's largest topic, −1 where it has no known word."""
        counts = self._count(texts)
        numbers: NDArray[np.intp] = self.model.transform(counts).argmax(axis=1)
        numbers[~self.model.has_evidence(counts)] = -1
        return numbers

    def _count(self, texts: Iterable[Text]) -> sparse.csr_matrix:
        return count_words(list_of_texts(texts), self.segmenter, self.vocabulary)

    def top_words(self, n: int = 10) -> list[list[str]]:
        """Return the *n* likeliest words of every topic."""
        return self.model.top_words(self.vocabulary, n)

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
        if isinstance(words, str):
            raise InputError(
                f"expected a list of words, got one str; put it into a list: [{words!r}]"
            )
        self.require_dates()
        column_of = {word: column for column, word in enumerate(self.vocabulary)}
        columns = [column_of[self._vocabulary_form(word, column_of)] for word in words]
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

    def _vocabulary_form(self, word: str, column_of: Mapping[str, int]) -> str:
        """Return a word as the vocabulary has it; raise InputError where it has none."""
        tokens = self.segmenter.segment(word)
        forms = [word, *tokens] if len(tokens) == 1 else [word]
        for form in forms:
            if form in column_of:
                return form
        pieces = self.segmenter.cut(word.strip())
        if len(pieces) > 1:
            raise InputError(
                f"{word!r} is several words to {self.name}: {' '.join(pieces)}; ask for one of "
                "these, or add it to a user dictionary and train again"
            )
        raise InputError(
            f"{word!r} is not among the {len(column_of)} words of {self.name}: left out as a stop "
            "word, too rare or too common; ask for another"
        )
