"""What a training returns, and how it becomes a run's files.

A result has the same typed members as the run that is read back: see ``loaded``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from research.config import Experiment
from research.files import replacing
from research.runs import files, model_files
from research.runs.draft import Draft
from research.runs.engine import EngineTopics, write_engine
from research.runs.figures import SectionsFigures, ThemesFigures
from research.runs.folder import Manifest, write_manifest
from research.runs.rows import (
    BadRow,
    DocumentTopics,
    NearDuplicate,
    Prediction,
    Record,
    SuspectLabel,
    UndatedArticle,
)
from research.runs.shape_files import write_shape
from research.runs.shares import write_shares
from research.sections.classifier import SectionClassifier
from research.sections.rules import RuleFigures
from research.themes.comparison import Comparison
from research.themes.curated import CuratedTopics
from research.themes.curation import Curation
from research.themes.description import Topic
from research.themes.hierarchy import Hierarchy
from research.themes.lineage import LineageStep
from research.themes.stories import Story
from research.themes.through_time import ThroughTime


@dataclass(frozen=True)
class SectionsResult:
    """What training a section classifier gave.

    Attributes
    ----------
    model : SectionClassifier
        The fitted classifier.
    figures : SectionsFigures
        What was measured.
    predictions : tuple[Prediction, ...]
        The test articles with their sections and what was predicted.
    suspects : tuple[SuspectLabel, ...]
        Training articles whose labels look wrong, the likeliest errors first.
    rules : tuple[RuleFigures, ...] or None
        The labelling rules and how far they held; None where the experiment has no rules.
    bad_rows : tuple[BadRow, ...]
        Rows of the corpora that were left out.
    """

    model: SectionClassifier
    figures: SectionsFigures
    predictions: tuple[Prediction, ...]
    suspects: tuple[SuspectLabel, ...]
    rules: tuple[RuleFigures, ...] | None = None
    bad_rows: tuple[BadRow, ...] = ()

    @property
    def stopped(self) -> bool:
        """Whether Ctrl-C cut the training short, as only a training of topics can be."""
        return False


@dataclass(frozen=True)
class ThemesResult:
    """What training themes gave.

    Attributes
    ----------
    engine : EngineTopics
        What the engine left: the fitted model, and all that the rest follows from.
    curated : CuratedTopics
        What a person decided about the topics, and what came of it.
    applied : Curation
        The part of it that no file of the experiment has.
    figures : ThemesFigures
        What was measured.
    topics : list[Topic]
        What each topic is.
    hierarchy : Hierarchy
        A tree over the topics.
    through_time : ThroughTime
        How the topics move.
    stories : list[Story]
        What was new in each period.
    lineage : list[LineageStep]
        Topics of each period alone, on their lines through the periods.
    documents : list[DocumentTopics]
        Every article with its two largest topics.
    undated : list[UndatedArticle]
        Articles that no curve shows.
    near_duplicates : list[NearDuplicate]
        Groups of articles with nearly the same text.
    comparison : Comparison
        Topics in groups of articles, through time and compared.
    """

    engine: EngineTopics
    curated: CuratedTopics
    applied: Curation
    figures: ThemesFigures
    topics: list[Topic]
    hierarchy: Hierarchy
    through_time: ThroughTime
    stories: list[Story]
    lineage: list[LineageStep]
    documents: list[DocumentTopics]
    undated: list[UndatedArticle]
    near_duplicates: list[NearDuplicate]
    comparison: Comparison

    @property
    def bad_rows(self) -> tuple[BadRow, ...]:
        """Rows of the corpora that were left out."""
        return self.engine.bad_rows

    @property
    def stopped(self) -> bool:
        """Whether Ctrl-C cut the training short."""
        return self.engine.facts.figures.state == "stopped"


def write_experiment(draft: Draft, config: Experiment, text: bytes, inputs: dict[str, str]) -> None:
    """Write the experiment: its file as it was (*text*), every default, and what it reads."""
    draft.bytes(files.CONFIG_TEXT, text)
    files.CONFIG.write(draft, config.model_dump(mode="json"))
    files.INPUTS.write(draft, inputs)


def write(draft: Draft, result: SectionsResult | ThemesResult) -> None:
    """Write the result of a training."""
    if result.bad_rows:
        files.BAD_ROWS.write(draft, result.bad_rows)
    if isinstance(result, SectionsResult):
        _write_sections(draft, result)
    else:
        _write_themes(draft, result)


def _write_sections(draft: Draft, result: SectionsResult) -> None:
    files.SECTIONS_FIGURES.write(draft, result.figures)
    files.PREDICTIONS.write(draft, result.predictions, result.model.classes_.tolist())
    files.SUSPECTS.write(draft, result.suspects)
    if result.rules is not None:
        files.RULES.write(draft, result.rules)
    model_files.write_sections_model(draft, result.model)


def _write_themes(draft: Draft, result: ThemesResult) -> None:
    files.THEMES_FIGURES.write(draft, result.figures)
    files.TOPICS.write(draft, result.topics)
    files.STORIES.write(draft, result.stories)
    files.LINEAGE.write(draft, result.lineage)
    files.DOCUMENTS.write(draft, result.documents)
    files.HIERARCHY.write(draft, result.hierarchy.nodes)
    files.UNDATED.write(draft, result.undated)
    files.NEAR_DUPLICATES.write(draft, result.near_duplicates)
    files.EFFECTS.write(draft, result.comparison.effects)
    files.GROUPS.write(draft, result.comparison.groups)
    files.DIVISIONS.write(draft, result.comparison.divisions)
    _write_through_time(draft, result.through_time)
    write_engine(draft, result.engine)
    write_shape(draft, result.curated, result.applied)


def _write_through_time(draft: Draft, result: ThroughTime) -> None:
    write_shares(draft, result.shares)
    files.write_mentions(draft, result.mention_counts)
    files.MOVEMENT.write(draft, result.movements)
    files.WORDS.write(draft, result.words)
    files.BREAKDOWN.write(draft, result.breakdown)
    files.POINTS.write(draft, result.points)
    files.EVENTS.write(draft, result.events)


def write_report(draft: Draft, html: str) -> None:
    """Write the report of a run."""
    draft.text(files.REPORT, html)


def write_record(draft: Draft, record: Record) -> None:
    """Write the record, the one file that the manifest leaves out."""
    files.RECORD.write(draft, record)


def replace_report(folder: Path, html: str, manifest: Manifest) -> Path:
    """Put another report into a run that is whole, and write its manifest anew."""
    path = folder / files.REPORT
    with replacing(path) as beside:
        beside.write_text(html, encoding="utf-8")
    write_manifest(folder, manifest.fingerprint, manifest.format)
    return path
