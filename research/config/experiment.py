"""An experiment file (TOML) → checked, frozen objects.

Nothing but the experiment file is read: training finds out whether its corpus exists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Field, Tag, TypeAdapter, model_validator

from research.articles.article import SECTIONS
from research.config.corpus import CorpusConfig, WeightedCorpus
from research.config.features import AnyFeatureConfig
from research.config.renamed import rename_keys
from research.config.rules import RulesConfig
from research.config.sections import ClassifierConfig, SplitConfig, StudyConfig
from research.config.themes import TimeConfig, TopicsConfig
from research.config.tokens import ThemesTokensConfig, TokensConfig
from research.errors import InputError
from research.toml import Locate, Table, check_located

# A folder name of at most 80 characters that every file system allows, Chinese ones too.
NAME = re.compile(r"[A-Za-z0-9\u4e00-\u9fff][\w.\-]{0,79}")


def _one_or_several(corpus: Any) -> str:
    return "several-tables" if isinstance(corpus, list | tuple) else "one-table"


Corpora = Annotated[
    Annotated[CorpusConfig, Tag("one-table")]
    | Annotated[tuple[CorpusConfig, ...], Field(min_length=1), Tag("several-tables")],
    Discriminator(_one_or_several),
]
"""``[corpus]``, or ``[[corpus]]`` for each of several."""


class _Experiment(Table):
    left_out_where_default: ClassVar[frozenset[str]] = frozenset({"language"})

    name: str = Field(
        description="Name of the run folder; the experiment file's name where left out."
    )
    seed: int = Field(0, ge=0, le=2**31 - 1, description="Seed of whatever is drawn at random.")
    language: Literal["zh", "en"] | None = Field(
        None,
        description='The language that the report opens in, "zh" or "en"; Chinese where left out. '
        "A button of the report switches.",
    )
    corpus: CorpusConfig
    tokens: TokensConfig = TokensConfig()

    @model_validator(mode="after")
    def _check_name(self) -> _Experiment:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"name {self.name!r} is no folder name; use letters, digits, - _ .")
        return self

    @property
    def corpora(self) -> tuple[CorpusConfig, ...]:
        """The corpora that the experiment is about."""
        return (self.corpus,)


class SectionsExperiment(_Experiment):
    """Train and test a section classifier."""

    task: Literal["sections"]
    sections: tuple[str, ...] = Field(
        SECTIONS, min_length=2, description="The labels that the corpus may have."
    )
    features: tuple[AnyFeatureConfig, ...] = Field(min_length=1)
    classifier: ClassifierConfig = ClassifierConfig()
    rules: RulesConfig | None = None
    study: StudyConfig = StudyConfig()
    unlabelled: tuple[CorpusConfig, ...] = Field(
        (), description="Corpora to learn word vectors from, [[unlabelled]] each."
    )
    also: tuple[WeightedCorpus, ...] = Field(
        (), description="Corpora to train on besides, [[also]] each: other papers, other labels."
    )
    split: SplitConfig | None = Field(None, description="How the corpus is parted; or give [test].")
    test: CorpusConfig | None = Field(
        None, description="A corpus of its own to test on; or give [split]."
    )

    @model_validator(mode="after")
    def _check(self) -> SectionsExperiment:
        has_one_test = (self.split is None) != (self.test is None)
        needs_no_test = self.rules is not None and self.test is None
        if not has_one_test and not needs_no_test:
            raise ValueError(
                "give one of [split] and [test]: figures need articles that were not trained on"
            )
        if self.rules and self.split:
            raise ValueError(
                "[split] would test on labels that rules gave; give [test], labelled by hand, or "
                "neither"
            )
        for table, corpus in self._labelled_corpora():
            self._check_labels(table, corpus)
        return self

    def _labelled_corpora(self) -> Iterator[tuple[str, CorpusConfig]]:
        """Yield corpora whose labels are used, each with the name of its table."""
        yield "corpus", self.corpus
        if self.test:
            yield "test", self.test
        for corpus in self.also:
            yield "also", corpus

    def _check_labels(self, table: str, corpus: CorpusConfig) -> None:
        for label, section in corpus.labels.items():
            if section and section not in self.sections:
                allowed = ", ".join(self.sections)
                raise ValueError(
                    f'{table}.labels.{label}: section "{section}" is not one of {allowed}'
                )


class ThemesExperiment(_Experiment):
    """Train a topic model and follow its topics through time."""

    task: Literal["themes"]
    corpus: Corpora  # type: ignore[assignment]  # A sections experiment has one.
    tokens: ThemesTokensConfig = ThemesTokensConfig()
    topics: TopicsConfig = TopicsConfig()
    time: TimeConfig = TimeConfig()
    near_duplicates: Literal["keep", "count", "once"] = Field(
        "count",
        description='Near-duplicates: "keep" trains on all; "count" on one of them, but all count '
        'in the curves; "once": one everywhere.',
    )
    sections: str | None = Field(
        None,
        description="A section run's folder, relative to the experiment file, that labels articles "
        'without section; "news" is the one that ships.',
    )

    @model_validator(mode="before")
    @classmethod
    def _rename(cls, table: Any) -> Any:
        return rename_keys(table, "", {"repeats": "near_duplicates"})

    @model_validator(mode="after")
    def _check_corpora(self) -> ThemesExperiment:
        titles = [corpus.title for corpus in self.corpora]
        for title in titles:
            if titles.count(title) > 1:
                raise ValueError(f"several corpora are called {title!r}; give each another name")
        return self

    @property
    def corpora(self) -> tuple[CorpusConfig, ...]:
        """All corpora, one or several."""
        return self.corpus if isinstance(self.corpus, tuple) else (self.corpus,)

    @property
    def divisions(self) -> tuple[str, ...]:
        """What articles are compared by: time.breakdown, and several corpora with each other."""
        names = self.time.breakdown
        if len(self.corpora) > 1:
            names = (*names, "corpus")
        return tuple(dict.fromkeys(names))


Experiment = SectionsExperiment | ThemesExperiment
AnyExperiment = Annotated[Experiment, Field(discriminator="task")]
_TASKS: dict[str, type[SectionsExperiment] | type[ThemesExperiment]] = {
    "sections": SectionsExperiment,
    "themes": ThemesExperiment,
}


# Keys that are gone when an experiment is checked: see ``compose`` and ``sweep``.
_COMPOSING_KEYS = {
    "extends": {
        "type": "string",
        "description": "An experiment file, relative to this one, whose keys hold where this one "
        "has none.",
    },
    "sweep": {
        "anyOf": [{"type": "object"}, {"type": "array", "items": {"type": "object"}}],
        "description": "Several experiments of one file: [sweep] has lists of values by key, such "
        'as "classifier.C" = [0.1, 1], all with all; [[sweep]] tables are the variants.',
    },
}


def check_config(table: dict[str, Any], locate: Locate, default_name: str) -> Experiment:
    """Check the table of an experiment.

    Parameters
    ----------
    table
        Its keys.
    locate
        Returns the file and line of a key, for errors.
    default_name
        The experiment's name where the table has none.

    Raises
    ------
    InputError
        For everything wrong at once.
    """
    task = table.get("task")
    if task not in _TASKS:
        fact = "is missing" if task is None else f"{task!r} is unknown"
        allowed = ", ".join(map(repr, _TASKS))
        raise InputError(f"{locate(('task',))}: task {fact}; allowed: {allowed}")
    return check_located(_TASKS[task], {"name": default_name} | table, locate)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of an experiment file."""
    schema = TypeAdapter(AnyExperiment).json_schema()
    for name in ("SectionsExperiment", "ThemesExperiment"):
        schema["$defs"][name]["properties"] |= _COMPOSING_KEYS
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "research experiment",
        **schema,
    }
