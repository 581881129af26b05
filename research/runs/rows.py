"""What the tables of a run hold: one frozen type per row, where no other package has the type.

Columns and file names are in ``files``; figures are in ``figures``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from research.runs.json_files import JsonRow

# Sections: tables.


class Prediction(NamedTuple):
    """A test article, its section, and what the model predicted.

    ``sure`` says whether the prediction reached its threshold; ``why`` has the words behind a
    mistake, "" for other articles; ``probabilities`` has one number per section.
    """

    id: str
    date: str | None
    headline: str
    section: str | None
    predicted: str
    sure: bool
    why: str
    probabilities: Mapping[str, float]


class SuspectLabel(NamedTuple):
    """A training article whose label looks wrong, and the section that is suggested instead."""

    id: str
    date: str | None
    headline: str
    section: str | None
    suggested: str
    p_section: float
    p_suggested: float


# Themes: tables.


class Band(NamedTuple):
    """A topic's share in one period, with its 95 % band."""

    period: str
    documents: int
    topic: int
    share: float
    low: float
    high: float


class PeriodShares(NamedTuple):
    """Topic shares of one period, by topic number; NaN where the period has no document."""

    period: str
    documents: int
    shares: Mapping[str, float]


class DocumentTopics(NamedTuple):
    """An article's two largest topics; None where it has no word that the model knows."""

    id: str
    date: str | None
    headline: str
    topic: int | None
    share: float | None
    second_topic: int | None
    second_share: float | None


class UndatedArticle(NamedTuple):
    """An article that no curve shows, with its date as the corpus has it, and why."""

    id: str
    headline: str
    date: str
    why: str


class NearDuplicate(NamedTuple):
    """An article of a group with nearly the same text."""

    group: int
    id: str
    date: str | None
    source: str
    headline: str


# Both.


class BadRow(NamedTuple):
    """A row of a corpus that could not be read and was left out: where it is, and why."""

    corpus: str
    place: str
    kind: str
    why: str


class Record(JsonRow):
    """What may differ between equal runs: time, host, versions, and where the data were."""

    trained_at: str
    seconds: float
    config: str
    base: str
    inputs: dict[str, str]
    host: str
    platform: str
    cpus: int | None
    python: str
    versions: dict[str, str | None]
    git_commit: str | None
    code: str | None = None  # SHA-256 of the program; a run of an early version has neither.
    processor: str | None = None


JsonObject = dict[str, Any]
