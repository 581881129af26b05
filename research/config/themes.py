"""Keys of an experiment with themes: the topic model, the time axis, events."""

from __future__ import annotations

from math import inf
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from research.articles.dates import iso_date
from research.config.counting import CountingConfig
from research.toml import Table, check_table, read_toml

MOST_RESAMPLES = 10_000
_DAY = "2023-12-20"

NTopics = Annotated[int, Field(ge=2, le=2000)]
Prior = float | Literal["symmetric", "asymmetric"]


class TopicsConfig(CountingConfig):
    """The topic model: latent Dirichlet allocation."""

    left_out_where_default: ClassVar[frozenset[str]] = (
        CountingConfig.left_out_where_default | frozenset(("shape",))
    )

    n_topics: NTopics | tuple[NTopics, ...] | Literal["auto"] = Field(
        20,
        description="How many; of several numbers, all are tried and the best is kept; "
        '"auto" finds the numbers to try.',
    )
    engine: Literal["cvb0", "gensim"] = "cvb0"
    alpha: Prior | tuple[float, ...] = Field(
        0.1,
        description="Prior of topics in articles: fixed (one number, or one per topic), or "
        'learned: "symmetric", "asymmetric".',
    )
    eta: Prior = Field(
        0.01,
        description='Prior of words in topics: a number, or learned: "symmetric", "asymmetric".',
    )
    passes: int = Field(100, ge=1, description="Times that training goes over the corpus, at most.")
    tolerance: float = Field(
        1e-3,
        ge=0,
        description="Stop when a pass lowers the perplexity by less than this share (cvb0).",
    )
    start: Literal["factorised", "consensus", "random", "like"] = Field(
        "consensus",
        description="Where training begins (cvb0); factorised is quicker and less stable; "
        '"like": from the topics of the run that like names.',
    )
    seeds: tuple[tuple[str, ...], ...] = Field(
        (), description="Words that belong to topic 0, to topic 1, … (cvb0)."
    )
    seed_strength: float = Field(
        1.0, gt=0, description="A seed word's prior in its topic, as a multiple of its count."
    )
    stability: bool = Field(
        False,
        description="Fit three times more, on 80 % of the articles each, and measure how far the "
        "topics agree.",
    )
    names: str | None = Field(
        None,
        description="A file with names that a person gave to topics, relative to the experiment "
        "file.",
    )
    shape: str | None = Field(
        None,
        description="A file of topics to merge, drop, split, name and group, relative to the "
        "experiment file.",
    )
    like: str | None = Field(
        None,
        description="An earlier run's folder, relative to the experiment file: topics that it had "
        "keep their numbers and names.",
    )
    min_df: int = Field(2, ge=1, description="Leave out words of fewer articles.")
    max_df: float = Field(
        0.5,
        gt=0,
        le=1,
        description="Leave out words of a larger share of articles, or of passages.",
    )
    max_words: int = Field(50_000, ge=10, description="Keep only the most frequent words.")

    @field_validator("alpha", "eta")
    @classmethod
    def _check_prior(cls, value: Prior | tuple[float, ...]) -> Prior | tuple[float, ...]:
        numbers = value if isinstance(value, tuple) else (value,)
        for number in numbers:
            if isinstance(number, float) and not 0 < number < inf:
                raise ValueError(f"{number} must be a number above 0")
        return value

    @model_validator(mode="after")
    def _check(self) -> TopicsConfig:
        if self.short_texts and (self.passages or self.engine == "gensim"):
            raise ValueError(
                'short_texts is for short articles and engine = "cvb0"; take passages and '
                'engine = "gensim" out'
            )
        self._check_numbers()
        self._check_like()
        if self.engine == "gensim" and (self.seeds or "symmetric" in (self.alpha, self.eta)):
            raise ValueError(
                'seeds and "symmetric" priors are not for engine = "gensim"; take them out, or '
                'use "cvb0"'
            )
        return self

    def _check_numbers(self) -> None:
        if self.n_topics == "auto":
            if isinstance(self.alpha, tuple):
                raise ValueError(
                    'alpha is one number per topic, and n_topics is "auto"; give one number, or '
                    "n_topics"
                )
            return
        numbers = self.n_topics if isinstance(self.n_topics, tuple) else (self.n_topics,)
        if isinstance(self.n_topics, tuple) and len(numbers) < 2:
            raise ValueError(
                f"n_topics {list(numbers)} must be one number, or several to choose from, such as "
                "[10, 20, 40]"
            )
        fewest = min(numbers)
        if len(self.seeds) > fewest:
            raise ValueError(
                f"seeds are given for {len(self.seeds)} topics, and n_topics may be {fewest}; "
                "raise it, or take seeds out"
            )

    def _check_like(self) -> None:
        if self.like and self.seeds:
            raise ValueError("seeds settle the topics' numbers already; take like or seeds out")
        if self.start != "like":
            return
        if not self.like:
            raise ValueError(
                'start = "like" goes on from an earlier run; name it: like = "../runs/NAME"'
            )
        if self.stability or self.engine == "gensim" or not isinstance(self.n_topics, int):
            raise ValueError(
                'start = "like" has its topics given; take stability and engine = "gensim" out, '
                "and give n_topics as one number"
            )


class TimeConfig(Table):
    """The time axis of themes."""

    by: Literal["day", "week", "month", "quarter", "year", "decade"] = Field(
        "month", description="Length of a period of the curves."
    )
    weigh: Literal["article", "length"] = Field(
        "article",
        description='What counts in a period\'s shares: "article", each the same; "length", each '
        "word.",
    )
    resamples: int = Field(
        200,
        ge=0,
        le=MOST_RESAMPLES,
        description="Times that a period's articles are drawn anew for its band; 0 for no bands.",
    )
    words_by: Literal["month", "quarter", "year", "decade"] = Field(
        "year", description="Periods between which the words of themes are compared."
    )
    lineage: Literal["month", "quarter", "year", "decade"] | None = Field(
        None,
        description="Topics are learned for each of these periods alone too and matched from one "
        "to the next: born, died, split, merged.",
    )
    lineage_topics: int = Field(30, ge=2, le=500, description="Topics per period of the lineage.")
    stories: int = Field(
        10,
        ge=0,
        description="Most stories in a period's chronology, what was new in it; 0 for none.",
    )
    breakdown: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
        ("section",),
        description="Themes by these, through time and compared: section, page, source (or paper), "
        "author, kind, or any column of the corpus.",
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
        _check_day(self.date)
        if self.until:
            _check_day(self.until)
            if iso_date(self.until) < iso_date(self.date):
                raise ValueError(f"until {self.until} is before date {self.date}; turn them round")
        return self


def _check_day(date: str) -> None:
    if len(iso_date(date)) < len(_DAY):
        raise ValueError(f"{date!r} names no day; write it as {_DAY}")


class EventsFile(Table):
    """A file of dated events."""

    event: tuple[EventConfig, ...] = Field(min_length=1)


def read_events(path: Path) -> tuple[EventConfig, ...]:
    """Read a file of dated events; return them in order of their dates."""
    table, text = read_toml(path)
    events = check_table(EventsFile, table, text, str(path)).event
    return tuple(sorted(events, key=_date_and_name))


def _date_and_name(event: EventConfig) -> tuple[str, str]:
    return iso_date(event.date), event.name
