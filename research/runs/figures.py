"""What a run measured: the figures of ``figures.json``, typed.

How a figure is computed is in ``sections.metrics``, ``sections.study`` and ``topics.metrics``.
"""

from __future__ import annotations

import warnings
from typing import Any, Literal

from research.runs.json_files import JsonRow
from research.themes.curated import Problem

Interval = tuple[float, float]


_RENAMED = {
    "near_identical_dropped": "near_duplicates_dropped",
    "repeated": "near_duplicates",
}


class Figures(JsonRow):
    """The figures of one run; their names in format 4 still work, with a DeprecationWarning."""

    def __getitem__(self, key: str) -> Any:
        if key in _RENAMED:
            message = f"the figure {key!r} is called {_RENAMED[key]!r} now"
            warnings.warn(message, DeprecationWarning, stacklevel=2)
        return super().__getitem__(_RENAMED.get(key, key))


class ReadingRemark(JsonRow):
    """What was left out of a corpus or filled in without being wrong: see ``articles.problems``."""

    kind: str
    corpus: str
    rows: int
    places: tuple[str, ...]


class ReliabilityBin(JsonRow):
    """Articles of about one probability: how many, its mean, and the share that was right."""

    articles: int
    probability: float
    right: float


class SectionFigures(JsonRow):
    """Figures of one section, each with its 95 % bootstrap interval."""

    articles: int
    precision: float
    precision_interval: Interval
    recall: float
    recall_interval: Interval
    f1: float
    f1_interval: Interval


class Confusion(JsonRow):
    """Articles by true section (rows) and predicted section (columns)."""

    sections: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


class SureSection(JsonRow):
    """How often one section's sure labels were right; None where there is none."""

    precision: float | None
    precision_interval: Interval | None
    labelled: int


class SureFigures(JsonRow):
    """How often sure labels were right, and how many articles have one; ``wanted`` is the aim."""

    wanted: float
    precision: float | None
    precision_interval: Interval | None
    share_labelled: float
    share_labelled_interval: Interval
    sections: dict[str, SureSection]


class Drift(JsonRow):
    """How far articles are from the training articles: see ``sections.study.drift``."""

    articles: int
    unknown_terms: float
    mean_probability: float
    share_sure: float
    mix: dict[str, float]
    unknown_words: tuple[tuple[str, int], ...]


class RuleCoverage(JsonRow):
    """How many labelling rules there are, and how many articles they cover and decide.

    ``kept`` counts the articles by section that were trained on.
    """

    rules: int
    covered: float
    undecided: float
    kept: dict[str, int]


class LearningPoint(JsonRow):
    """Macro-F1 of a model of so many training articles, with its 95 % interval."""

    articles: int
    macro_f1: float
    interval: Interval


class AblationRow(JsonRow):
    """Macro-F1 without one block of features; the first row has all of them."""

    without: str
    macro_f1: float
    change: float | None = None
    interval: Interval | None = None


class CrossValidated(JsonRow):
    """Macro-F1 on training articles by models that did not learn from them."""

    articles: int
    macro_f1: float
    interval: Interval


class SectionsFigures(Figures):
    """What a sections run measured on its test articles."""

    task: Literal["sections"]
    train_articles: int
    test_articles: int
    unlabelled_articles: int
    near_duplicates_dropped: int
    rules: RuleCoverage | None = None
    articles: int
    accuracy: float
    accuracy_interval: Interval
    macro_f1: float
    macro_f1_interval: Interval
    calibration_error: float
    calibration_error_interval: Interval
    reliability: tuple[ReliabilityBin, ...]
    sections: dict[str, SectionFigures]
    confusion: Confusion
    sure: SureFigures
    suspect_labels: int
    drift: Drift
    learning_curve: tuple[LearningPoint, ...] | None = None
    ablation: tuple[AblationRow, ...] | None = None
    articles_without_text: int = 0
    bad_rows: dict[str, int] | None = None
    remarks: tuple[ReadingRemark, ...] = ()
    cross_validated: CrossValidated | None = None


class LineageFigures(JsonRow):
    """What became of an earlier run's topics: see ``themes.lineage.Lineage``."""

    same: tuple[tuple[int, int, float], ...]
    died: tuple[int, ...]
    born: tuple[int, ...]
    split: tuple[tuple[int, tuple[int, ...]], ...]
    merged: tuple[tuple[tuple[int, ...], int], ...]
    names_before: tuple[str, ...]


class ChoiceRow(JsonRow):
    """Figures of one number of topics that was tried."""

    n_topics: int
    perplexity: float
    coherence_npmi: float
    diversity: float
    stability: float


class ChoiceFigures(JsonRow):
    """Why a number of topics was chosen, and what was measured of each."""

    reason: str
    rows: tuple[ChoiceRow, ...]


class EntryFigures(JsonRow):
    """What became of an entry of a topics file: see ``themes.curated.EntryOutcome``."""

    entry: str
    topics: tuple[int, ...]
    problem: Problem
    words: tuple[str, ...]


class LongArticle(JsonRow):
    """An article that is longer than the cap, and its words."""

    id: str
    headline: str
    words: int


class CapFigures(JsonRow):
    """The most words of one article that count, and how many articles have more.

    ``longest`` are the twenty longest of these.
    """

    cap: int
    articles: int
    longest: tuple[LongArticle, ...]


class StopWordFigures(JsonRow):
    """How many of the experiment's own stop words occur, and how often."""

    words: int
    tokens: int


class ThemesFigures(Figures):
    """What a themes run measured.

    ``most_topics`` is how many topics the articles have room for, where it is fewer than there are.
    """

    task: Literal["themes"]
    documents: int
    words: int
    tokens: int
    near_duplicates: int
    undated: int
    without_theme: int = 0
    periods: int
    empty_periods: int
    unfinished: bool
    n_topics: int
    coherence_npmi: float
    diversity: float
    state: str
    passes: int | None = None
    training_perplexity: float | None = None
    stability: float | None = None
    lineage: LineageFigures | None = None
    choice: ChoiceFigures | None = None
    most_topics: int | None = None
    names_without_topic: tuple[str, ...] | None = None
    articles_without_text: int = 0
    bad_rows: dict[str, int] | None = None
    remarks: tuple[ReadingRemark, ...] = ()
    engine_topics: int | None = None
    curation: tuple[EntryFigures, ...] | None = None
    passages: int | None = None
    words_per_article: float | None = None
    capped: CapFigures | None = None
    stop_words: StopWordFigures | None = None
