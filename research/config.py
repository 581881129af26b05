"""Experiment file (TOML) → checked, frozen objects.

Every key stands here once, with its meaning; ``python -m research schema`` prints this as JSON Schema.
Nothing is read but the experiment file: whether a corpus exists is found when it is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from research.articles.article import SECTIONS
from research.articles.dates import iso_date
from research.articles.fields import Fields
from research.errors import InputError
from research.toml import Table, _line_of, check_table, read_toml

NAME = re.compile(r"[A-Za-z0-9\u4e00-\u9fff][\w.\-]{0,79}")


class CorpusConfig(Table):
    """Where articles come from."""

    path: str = Field(
        min_length=1,
        description="A .jsonl or .csv file (.gz too) or an .xlsx workbook, relative to the experiment file.",
    )
    fields: Fields = Fields()
    labels: dict[str, str] = Field(
        {}, description='The corpus\'s own labels → sections; "" leaves such rows out.'
    )
    limit: int | None = Field(None, ge=1, description="Read only the first so many articles.")
    since: str | None = Field(None, description="Leave out articles before this date.")
    until: str | None = Field(None, description="Leave out articles after this date.")

    @model_validator(mode="after")
    def _check_dates(self) -> CorpusConfig:
        since, until = (iso_date(date) if date else None for date in (self.since, self.until))
        if since and until and since > until:
            raise ValueError(f"since {since} is after until {until}; turn them round")
        return self


class WeightedCorpus(CorpusConfig):
    """A corpus that is trained on besides the main one, and never tested on."""

    weight: float = Field(
        1.0,
        gt=0,
        description="What an article of it counts, where one of the main corpus counts 1.",
    )


class RuleConfig(Table):
    """A labelling rule: where it holds, it votes for its section; elsewhere it says nothing."""

    section: str
    name: str = Field("", description="What figures call it; its words or pattern where left out.")
    words: tuple[str, ...] = Field((), description="Words of which some stand in the text.")
    at_least: int = Field(1, ge=1, description="How many different ones of the words.")
    pattern: str = Field("", description="Or a regular expression that is found in the text.")
    field: Literal["headline", "lead", "body", "all"] = Field(
        "all", description='Part of the article; "lead" is its first paragraph.'
    )

    @model_validator(mode="after")
    def _check(self) -> RuleConfig:
        if bool(self.words) == bool(self.pattern):
            raise ValueError("give one of words and pattern")
        if "" in self.words or (self.words and len(set(self.words)) < self.at_least):
            raise ValueError(
                f"at_least {self.at_least} of {len(set(self.words))} words can never hold, or a word is empty"
            )
        try:
            re.compile(self.pattern)
        except re.error as error:
            raise ValueError(
                f"pattern {self.pattern!r} is no regular expression: {error}"
            ) from None
        return self

    @property
    def title(self) -> str:
        return self.name or self.pattern or " ".join(self.words)


class RulesFile(Table):
    """A file of labelling rules."""

    cues: dict[str, tuple[str, ...]] = Field(
        {}, description="Sections and their cue words, each a rule of its own."
    )
    rule: tuple[RuleConfig, ...] = ()


class RulesConfig(Table):
    """Label the articles of [corpus] that have no section by rules."""

    files: tuple[str, ...] = Field(
        min_length=1, description="Files of rules, relative to the experiment file."
    )
    most: int = Field(
        2000,
        ge=1,
        description="Keep so many articles a section at most, those that the rules are surest of.",
    )
    weight: float = Field(
        0.3,
        gt=0,
        description="What an article labelled by rule counts, where one labelled by hand counts 1.",
    )


class StudyConfig(Table):
    """What else to measure; each takes as long as some trainings."""

    learning_curve: bool = Field(False, description="Macro-F1 by number of training articles.")
    ablation: bool = Field(
        False,
        description="Macro-F1 without each block of features, by cross-validation on the training articles.",
    )


class TokensConfig(Table):
    """How text is segmented."""

    user_dictionaries: tuple[str, ...] = Field(
        ("default",),
        description='"default" are the words of news that ship; others are files in jieba\'s format.',
    )
    stop_words: tuple[str, ...] = Field(
        ("default",), description='"default" is the list that ships; others are files.'
    )
    numbers: bool = Field(False, description="Keep numbers as tokens.")
    latin: bool = Field(True, description="Keep Latin words as tokens.")
    min_length: int = Field(1, ge=1, le=10, description="Shortest token kept, in characters.")
    phrases: bool = Field(
        False,
        description="Learn words that the dictionary lacks, such as 营商环境, from the corpus first.",
    )


class ThemesTokensConfig(TokensConfig):
    """How text is segmented for topics: single characters (人, 好) tell none from another."""

    min_length: int = Field(2, ge=1, le=10, description="Shortest token kept, in characters.")


class FeatureConfig(Table):
    """One block of features; several are put side by side, each times its weight."""

    kind: Literal[
        "word-tfidf", "char-tfidf", "word-count", "hashing", "vectors", "cues", "language"
    ] = Field(
        description='"vectors": the mean of word vectors that are learned from all articles, [[unlabelled]] ones too; "cues": what rules say; '
        '"language": in whose characters an article is likelier written, by a language model a section, with ngrams such as [1, 3].'
    )
    files: tuple[str, ...] = Field(
        (), description="Files of labelling rules, relative to the experiment file (cues only)."
    )
    field: Literal["headline", "lead", "body", "all"] = Field(
        "all", description='Part of the article; "lead" is its first paragraph.'
    )
    first: int | None = Field(
        None,
        ge=1,
        description="Read only so many characters of it, spaces not counted: what an article opens with.",
    )
    ngrams: tuple[int, int] = Field((1, 1), description="Shortest and longest n-gram.")
    weight: float = Field(1.0, gt=0, description="Factor on this block.")
    min_df: int = Field(1, ge=1, description="Leave out terms of fewer articles.")
    max_df: float = Field(
        1.0, gt=0, le=1, description="Leave out terms of a larger share of articles."
    )
    max_features: int | None = Field(None, ge=1, description="Keep only the most frequent terms.")
    edges: bool = Field(
        False,
        description="Beginning and end count as a character or word, so that n-grams know of them; for headlines.",
    )
    sublinear: bool = Field(True, description="Count a term 1 + ln(count) times (TF-IDF only).")

    @property
    def reads(self) -> str:
        """What of an article the block reads, in words: ``headline``, or ``all[:20]`` for its first twenty characters."""
        return self.field + (f"[:{self.first}]" if self.first else "")

    @model_validator(mode="after")
    def _check(self) -> FeatureConfig:
        if not 1 <= self.ngrams[0] <= self.ngrams[1] <= 6:
            raise ValueError(
                f"ngrams {list(self.ngrams)} must rise and lie in 1 to 6, such as [1, 2]"
            )
        if self.kind == "hashing" and (self.min_df > 1 or self.max_df < 1):
            raise ValueError(
                "min_df and max_df need a vocabulary, and hashing has none; take them out, or use word-count"
            )
        if self.files and self.kind != "cues":
            raise ValueError('files are for kind = "cues"; take them out')
        if self.first and self.kind == "cues":
            raise ValueError("rules read whole articles; take first out")
        if self.kind == "language" and (self.ngrams[0] > 1 or self.ngrams[1] == 1):
            raise ValueError(
                f"a language model falls back on ever shorter n-grams, not {list(self.ngrams)}; write such as [1, 3]"
            )
        if self.kind == "language" and (self.min_df > 1 or self.max_df < 1 or self.max_features):
            raise ValueError(
                "a language model counts every n-gram; take min_df, max_df and max_features out"
            )
        return self


class ClassifierConfig(Table):
    """The section classifier: a linear model over the features."""

    kind: Literal["svm", "logistic", "bayes", "nb-svm"] = "svm"
    C: float = Field(
        1.0, gt=0, description="Inverse strength of regularisation (for bayes: its smoothing)."
    )
    precision: float = Field(
        0.95,
        gt=0,
        le=1,
        description="Share of right labels that a label called sure must have had in cross-validation.",
    )


Count = Annotated[int, Field(ge=2, le=2000)]
Prior = float | Literal["symmetric", "asymmetric"]


class TopicsConfig(Table):
    """The topic model: latent Dirichlet allocation."""

    n_topics: Count | tuple[Count, ...] = Field(
        20, description="How many; of several numbers, all are tried and the best is kept."
    )
    engine: Literal["cvb0", "gensim"] = "cvb0"
    alpha: Prior | tuple[float, ...] = Field(
        0.1,
        description='Prior of topics in articles: given (one number, or one a topic), or learned: "symmetric", "asymmetric".',
    )
    eta: Prior = Field(
        0.01,
        description='Prior of words in topics: a number, or learned: "symmetric", "asymmetric".',
    )
    passes: int = Field(100, ge=1, description="Times that training goes over the corpus, at most.")
    tolerance: float = Field(
        2e-4,
        ge=0,
        description="Stop when a pass lowers the perplexity by less than this share (cvb0).",
    )
    start: Literal["factorised", "consensus", "random", "like"] = Field(
        "factorised",
        description='Where training begins (cvb0); consensus is slower and stabler; "like": from the topics of the run that like names.',
    )
    seeds: tuple[tuple[str, ...], ...] = Field(
        (), description="Words that belong to topic 0, to topic 1, … (cvb0)."
    )
    seed_strength: float = Field(
        1.0, gt=0, description="A seed word's prior in its topic, as a multiple of its count."
    )
    stability: bool = Field(
        False,
        description="Fit three times more, on 80 % of the articles each, and say how far the topics agree.",
    )
    names: str | None = Field(
        None,
        description="A file with names that a person gave to topics, relative to the experiment file.",
    )
    like: str | None = Field(
        None,
        description="An earlier run's folder, relative to the experiment file: topics that it had keep their numbers and names.",
    )
    min_df: int = Field(2, ge=1, description="Leave out words of fewer articles.")
    max_df: float = Field(
        0.5, gt=0, le=1, description="Leave out words of a larger share of articles."
    )
    max_words: int = Field(50_000, ge=10, description="Keep only the most frequent words.")

    @model_validator(mode="after")
    def _check(self) -> TopicsConfig:
        if isinstance(self.n_topics, tuple) and len(self.n_topics) < 2:
            raise ValueError(
                f"n_topics {list(self.n_topics)} must be one number, or several to choose from, such as [10, 20, 40]"
            )
        most = min(self.n_topics) if isinstance(self.n_topics, tuple) else self.n_topics
        if len(self.seeds) > most:
            raise ValueError(
                f"seeds are given for {len(self.seeds)} topics, and n_topics may be {most}; raise it, or take seeds out"
            )
        if self.like and self.seeds:
            raise ValueError("seeds settle the topics' numbers already; take like or seeds out")
        if self.start == "like" and not self.like:
            raise ValueError(
                'start = "like" goes on from an earlier run; name it: like = "../runs/NAME"'
            )
        if self.start == "like" and (
            self.stability or self.engine == "gensim" or isinstance(self.n_topics, tuple)
        ):
            raise ValueError(
                'start = "like" has its topics given; take stability and engine = "gensim" out, and give n_topics as one number'
            )
        if self.engine == "gensim" and (self.seeds or "symmetric" in (self.alpha, self.eta)):
            raise ValueError(
                'seeds and "symmetric" priors are not for engine = "gensim"; take them out, or use "cvb0"'
            )
        return self


class SplitConfig(Table):
    """What is trained on and what is tested on."""

    kind: Literal["date", "days"] = Field(
        description='"date": train on the past; "days": whole days drawn at random.'
    )
    test_from: str | None = Field(None, description="First day of the test side (kind date).")
    test_share: float | None = Field(
        None, gt=0, lt=1, description="Share of articles to test on (kind days)."
    )
    near_identical: Literal["drop", "refuse"] = Field(
        "drop", description="Training articles that nearly repeat a test article."
    )

    @model_validator(mode="after")
    def _check(self) -> SplitConfig:
        wanted, other = (
            ("test_from", "test_share") if self.kind == "date" else ("test_share", "test_from")
        )
        if getattr(self, wanted) is None:
            raise ValueError(f'kind = "{self.kind}" needs {wanted}')
        if getattr(self, other) is not None:
            raise ValueError(f'{other} has no meaning with kind = "{self.kind}"; take it out')
        if self.test_from is not None:
            iso_date(self.test_from)
        return self


class TimeConfig(Table):
    """The time axis of themes."""

    by: Literal["day", "week", "month", "quarter", "year"] = "month"
    weigh: Literal["article", "length"] = Field(
        "article",
        description='What counts in a period\'s shares: "article", each the same; "length", each word.',
    )
    resamples: int = Field(
        200,
        ge=0,
        le=10_000,
        description="Times that a period's articles are drawn anew for its band; 0 for no bands.",
    )
    words_by: Literal["month", "quarter", "year"] = Field(
        "year", description="Periods between which the words of themes are compared."
    )
    lineage: Literal["month", "quarter", "year"] | None = Field(
        None,
        description="Topics are learned for each of these periods alone too and matched from one to the next: born, died, split, merged.",
    )
    lineage_topics: int = Field(30, ge=2, le=500, description="How many topics a period has then.")
    stories: int = Field(
        10,
        ge=0,
        description="How many stories a period's chronology may have, what was new in it; 0 for none.",
    )
    breakdown: tuple[Literal["section", "page", "source"], ...] = Field(
        ("section",), description="Themes by these, year by year."
    )
    events: str | None = Field(
        None, description="A file of dated events, relative to the experiment file."
    )


class EventConfig(Table):
    """Something that happened, drawn on every curve."""

    name: str = Field(min_length=1)
    date: str = Field(description="Its (first) day.")
    until: str | None = Field(None, description="Its last day, where it lasted.")
    days: int = Field(
        90, ge=1, description="Articles of so many days before and after are compared."
    )

    @model_validator(mode="after")
    def _check(self) -> EventConfig:
        for date in filter(None, (self.date, self.until)):
            if len(iso_date(date)) < len("2023-12-20"):
                raise ValueError(f"{date!r} names no day; write it as 2023-12-20")
        if self.until and iso_date(self.until) < iso_date(self.date):
            raise ValueError(f"until {self.until} is before date {self.date}; turn them round")
        return self


class EventsFile(Table):
    """A file of dated events."""

    event: tuple[EventConfig, ...] = Field(min_length=1)


class _Experiment(Table):
    name: str = Field(
        description="Name of the run folder; the experiment file's name where left out."
    )
    seed: int = Field(0, ge=0, le=2**31 - 1)
    corpus: CorpusConfig
    tokens: TokensConfig = TokensConfig()

    @model_validator(mode="after")
    def _check_name(self) -> _Experiment:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"name {self.name!r} is no folder name; use letters, digits, - _ .")
        return self


class SectionsExperiment(_Experiment):
    """Train and test a section classifier."""

    task: Literal["sections"]
    sections: tuple[str, ...] = Field(
        SECTIONS, min_length=2, description="The labels that the corpus may hold."
    )
    features: tuple[FeatureConfig, ...] = Field(min_length=1)
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
        if (self.split is None) == (self.test is None) and not (self.rules and self.test is None):
            raise ValueError(
                "give one of [split] and [test]: figures need articles that were not trained on"
            )
        if self.rules and self.split:
            raise ValueError(
                "[split] would test on labels that rules gave; give [test], labelled by hand, or neither"
            )
        for table, corpus in (
            ("corpus", self.corpus),
            ("test", self.test),
            *(("also", other) for other in self.also),
        ):
            for label, section in corpus.labels.items() if corpus else ():
                if section not in (*self.sections, ""):
                    raise ValueError(
                        f'{table}.labels.{label}: section "{section}" is not one of {", ".join(self.sections)}'
                    )
        return self


class ThemesExperiment(_Experiment):
    """Train a topic model and follow its topics through time."""

    task: Literal["themes"]
    tokens: ThemesTokensConfig = ThemesTokensConfig()
    topics: TopicsConfig = TopicsConfig()
    time: TimeConfig = TimeConfig()
    repeats: Literal["keep", "count", "once"] = Field(
        "count",
        description='Near-identical articles: "keep" trains on all; "count" on one of them, but all count in the curves; "once": one everywhere.',
    )
    sections: str | None = Field(
        None,
        description="A section run's folder, relative to the experiment file, that labels articles without section.",
    )


Experiment = SectionsExperiment | ThemesExperiment
_TASKS: dict[str, type[SectionsExperiment] | type[ThemesExperiment]] = {
    "sections": SectionsExperiment,
    "themes": ThemesExperiment,
}
AnyExperiment = Annotated[Experiment, Field(discriminator="task")]


def read_config(path: str | PathLike[str]) -> Experiment:
    """Read and check an experiment file.

    Raises InputError that lists everything wrong at once, a line each: file, line, key, what is allowed.
    """
    path = Path(path)
    table, text = read_toml(path)
    return check_config(table, text, str(path), default_name=path.stem)


def check_config(table: dict[str, Any], text: str, source: str, default_name: str) -> Experiment:
    """Check a table that was read from *text*; see :func:`read_config`."""
    task = table.get("task")
    if task not in _TASKS:
        found = "is missing" if task is None else f"{task!r} is unknown"
        raise InputError(
            f"{source}:{_line_of(text, ('task',))}: task {found}; allowed: {', '.join(map(repr, _TASKS))}"
        )
    return check_table(_TASKS[task], {"name": default_name} | table, text, source)


def read_rules_file(path: Path, sections: Sequence[str] | None) -> list[RuleConfig]:
    """Read a file of labelling rules for *sections*, None for any; every cue word becomes a rule."""
    table, text = read_toml(path)
    checked = check_table(RulesFile, table, text, str(path))
    rules = [
        RuleConfig(section=section, words=(word,))
        for section, words in checked.cues.items()
        for word in words
    ] + list(checked.rule)
    for section in dict.fromkeys(rule.section for rule in rules):
        if sections is not None and section not in sections:
            line = next((n for n, found in enumerate(text.splitlines(), 1) if section in found), 1)
            raise InputError(
                f'{path}:{line}: section "{section}" is not one of {", ".join(sections)}'
            )
    return rules


def read_events(path: Path) -> tuple[EventConfig, ...]:
    """Read a file of dated events, in order of their dates."""
    table, text = read_toml(path)
    return tuple(
        sorted(
            check_table(EventsFile, table, text, str(path)).event,
            key=lambda event: (iso_date(event.date), event.name),
        )
    )


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of an experiment file."""
    from pydantic import TypeAdapter

    schema = TypeAdapter(AnyExperiment).json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "research experiment",
        **schema,
    }
