"""The page of a sections run: mistakes, confusions, reliability, rules, what more labels give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from research.report.card import Card, sections_card
from research.report.findings import sections_findings
from research.report.formats import percent
from research.report.texts import Wording, wording

if TYPE_CHECKING:
    from research.runs import SectionsRun
    from research.runs.figures import Confusion, LearningPoint, ReliabilityBin, SureFigures
    from research.runs.rows import Prediction, SuspectLabel
    from research.sections.rules import RuleFigures

_MAX_ROWS = 40  # Of a table of articles or rules: the run's own tables have all.
_HEAT_OF_ALL = 0.6  # Opacity of a cell that has all articles of its row.
# The reliability diagram, in the pixels of its drawing.
_DIAGRAM_LEFT, _DIAGRAM_BOTTOM, _DIAGRAM_SIDE = 40, 260, 250
_NUMBER_RIGHT, _NUMBER_BELOW = 7, 13
_CURVE_WIDTH_PIXELS = 240  # Of the line that shows macro-F1 from 0 to 1.


class Cell(NamedTuple):
    """A count in a table, and the opacity of the colour behind it, 0 to 1."""

    articles: int
    heat: float


class Dot(NamedTuple):
    """A bin of the reliability diagram: what it holds, and where it and its number are drawn."""

    articles: int
    probability: float
    right: float
    x: float
    y: float
    text_x: float
    text_y: float


class CurveRow(NamedTuple):
    """A point of the learning curve, and where it and its interval are drawn."""

    articles: int
    macro_f1: float
    low: float
    high: float
    x: float
    x_low: float
    width: float


@dataclass(frozen=True, slots=True)
class SectionsPage:
    """What the template of a sections run shows beside figures and config.

    ``sure`` says how many labels are sure and how often they are right. ``mistakes``, ``suspects``
    and ``rules`` have the first forty rows, ``n_mistakes`` counts all. ``confusion`` has one row
    per true section.
    """

    findings: Sequence[Wording]
    sure: Wording
    mistakes: Sequence[Prediction]
    n_mistakes: int
    suspects: Sequence[SuspectLabel]
    rules: Sequence[RuleFigures]
    kept_by_rules: str
    confusion: Sequence[tuple[str, Sequence[Cell]]]
    reliability: Sequence[Dot]
    learning_curve: Sequence[CurveRow]
    card: Card


def sections_page(run: SectionsRun) -> SectionsPage:
    """Return what the page of a run shows."""
    mistakes = [row for row in run.predictions if row.section != row.predicted]
    kept = run.figures.rules.kept if run.figures.rules else {}
    return SectionsPage(
        findings=sections_findings(run.figures),
        sure=_sure(run.figures.sure),
        mistakes=mistakes[:_MAX_ROWS],
        n_mistakes=len(mistakes),
        suspects=run.suspects[:_MAX_ROWS],
        rules=run.rules[:_MAX_ROWS],
        kept_by_rules=", ".join(f"{section} {count}" for section, count in kept.items()),
        confusion=_confusion_rows(run.figures.confusion),
        reliability=[_dot(row) for row in run.figures.reliability],
        learning_curve=[_curve_row(row) for row in run.figures.learning_curve or ()],
        card=sections_card(run),
    )


def _sure(sure: SureFigures) -> Wording:
    if sure.precision is None or sure.precision_interval is None:
        return wording("sections.sure_none", aim=percent(sure.wanted))
    low, high = sure.precision_interval
    return wording(
        "sections.sure_right",
        precision=percent(sure.precision),
        low=100 * low,
        high=100 * high,
        aim=percent(sure.wanted),
    )


def _confusion_rows(confusion: Confusion) -> list[tuple[str, list[Cell]]]:
    rows = []
    for section, counts in zip(confusion.sections, confusion.counts, strict=True):
        total = max(1, sum(counts))
        rows.append((section, [Cell(n, _HEAT_OF_ALL * (n / total)) for n in counts]))
    return rows


def _dot(row: ReliabilityBin) -> Dot:
    x = _DIAGRAM_LEFT + _DIAGRAM_SIDE * row.probability
    y = _DIAGRAM_BOTTOM - _DIAGRAM_SIDE * row.right
    text_x, text_y = x + _NUMBER_RIGHT, y + _NUMBER_BELOW
    return Dot(row.articles, row.probability, row.right, x, y, text_x, text_y)


def _curve_row(row: LearningPoint) -> CurveRow:
    low, high = row.interval
    return CurveRow(
        articles=row.articles,
        macro_f1=row.macro_f1,
        low=low,
        high=high,
        x=_CURVE_WIDTH_PIXELS * row.macro_f1,
        x_low=_CURVE_WIDTH_PIXELS * low,
        width=_CURVE_WIDTH_PIXELS * (high - low),
    )
