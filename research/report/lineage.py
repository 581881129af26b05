"""Lines of topics through the periods, and what became of an earlier run's topics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from research.report.topics import TopicView

if TYPE_CHECKING:
    from research.runs.figures import LineageFigures
    from research.themes.lineage import LineageStep

_MAX_LINES = 60  # The largest; the run has all.
_WORDS_PER_LINE = 3
# The colour behind a cell: a line with a tenth of its period's words is as dark as one with more.
_MIN_HEAT, _HEAT_PER_SHARE, _MAX_HEAT = 0.06, 5, 0.6


class LineCell(NamedTuple):
    """A topic of one period: its share of the words, its words, the opacity behind it."""

    share: float
    words: str
    heat: float


class LineMark(NamedTuple):
    """How a line begins or ends: the key of the way, and the other line, None where none is."""

    kind: str
    other: int | None


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of topics: one cell per period, None where the line has no topic."""

    line: int
    words: str
    theme: TopicView | None
    cells: Sequence[LineCell | None]
    marks: Sequence[LineMark]


@dataclass(frozen=True, slots=True)
class LineTable:
    """The largest lines, the earliest first; ``n_lines`` counts all."""

    periods: Sequence[str]
    rows: Sequence[LineRow]
    n_lines: int


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """What became of an earlier run's topics, by their labels there and here."""

    n_same: int
    born: Sequence[str]
    died: Sequence[str]
    split: Sequence[tuple[str, Sequence[str]]]
    merged: Sequence[tuple[Sequence[str], str]]


def line_table(steps: Sequence[LineageStep], topics: Sequence[TopicView]) -> LineTable:
    """Return the largest lines of topics through the periods."""
    periods = list(dict.fromkeys(step.period for step in steps))
    lines: dict[int, dict[str, LineageStep]] = {}
    for step in steps:
        by_period = lines.setdefault(step.line, {})
        by_period[step.period] = step
    largest = sorted(lines.values(), key=_size, reverse=True)
    shown = largest[:_MAX_LINES]
    shown.sort(key=lambda line: periods.index(_first_period(line)))
    rows = [_row(line, periods, topics) for line in shown]
    return LineTable(
        periods=periods,
        rows=rows,
        n_lines=len(lines),
    )


def _size(line: Mapping[str, LineageStep]) -> float:
    """Return the sum of a line's shares in all periods."""
    shares = [step.share for step in line.values()]
    return sum(shares)


def _first_period(line: Mapping[str, LineageStep]) -> str:
    return next(iter(line))


def _row(
    by_period: Mapping[str, LineageStep], periods: Sequence[str], topics: Sequence[TopicView]
) -> LineRow:
    steps = list(by_period.values())
    main = max(steps, key=lambda step: step.share)
    return LineRow(
        line=main.line,
        words=" ".join(main.words[:_WORDS_PER_LINE]),
        theme=None if main.theme is None else topics[main.theme],
        cells=[_cell(by_period.get(period)) for period in periods],
        marks=_marks(steps[0], steps[-1]),
    )


def _cell(step: LineageStep | None) -> LineCell | None:
    if step is None:
        return None
    heat = _HEAT_PER_SHARE * step.share + _MIN_HEAT
    words = " ".join(step.words)
    return LineCell(step.share, words, min(heat, _MAX_HEAT))


def _marks(first: LineageStep, last: LineageStep) -> list[LineMark]:
    marks = []
    if first.began:
        marks.append(LineMark(first.began, first.source))
    if last.ended:
        marks.append(LineMark(last.ended, last.heir))
    return marks


def earlier_run(lineage: LineageFigures, topics: Sequence[TopicView]) -> EarlierRun:
    """Return what became of an earlier run's topics."""
    earlier_names = lineage.names_before

    def label_before(k: int) -> str:
        if not earlier_names:
            return str(k)
        return f"{k} {earlier_names[k]}"

    def label_now(k: int) -> str:
        return topics[k].label

    split = []
    for old, heirs in lineage.split:
        labels = list(map(label_now, heirs))
        split.append((label_before(old), labels))
    merged = []
    for forebears, new in lineage.merged:
        labels = list(map(label_before, forebears))
        merged.append((labels, label_now(new)))
    return EarlierRun(
        n_same=len(lineage.same),
        born=list(map(label_now, lineage.born)),
        died=list(map(label_before, lineage.died)),
        split=split,
        merged=merged,
    )
