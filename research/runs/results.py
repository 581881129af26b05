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
from research.runs.figures import SectionsFigures
from research.runs.folder import Manifest, write_manifest
from research.runs.rows import Prediction, Record, SuspectLabel
from research.sections.classifier import SectionClassifier
from research.sections.rules import RuleFigures


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
    """

    model: SectionClassifier
    figures: SectionsFigures
    predictions: tuple[Prediction, ...]
    suspects: tuple[SuspectLabel, ...]
    rules: tuple[RuleFigures, ...] | None = None

    stopped = False  # Only the training of topics can be cut short.


def write_experiment(draft: Draft, config: Experiment, text: bytes, inputs: dict[str, str]) -> None:
    """Write the experiment: its file as it was (*text*), every default, and what it reads."""
    draft.bytes(files.CONFIG_TEXT, text)
    files.CONFIG.write(draft, config.model_dump(mode="json"))
    files.INPUTS.write(draft, inputs)


def write(draft: Draft, result: SectionsResult) -> None:
    """Write the result of a training."""
    _write_sections(draft, result)


def _write_sections(draft: Draft, result: SectionsResult) -> None:
    files.SECTIONS_FIGURES.write(draft, result.figures)
    files.PREDICTIONS.write(draft, result.predictions, result.model.classes_.tolist())
    files.SUSPECTS.write(draft, result.suspects)
    if result.rules is not None:
        files.RULES.write(draft, result.rules)
    model_files.write_sections_model(draft, result.model)


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
