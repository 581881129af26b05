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
        lines.setdefault(step.line, {})[step.period] = step
    size = {
        line: sum(step.share for step in by_period.values()) for line, by_period in lines.items()
    }
    largest = sorted(lines, key=lambda line: -size[line])[:_MAX_LINES]
    start = {line: periods.index(next(iter(lines[line]))) for line in largest}
    largest.sort(key=lambda line: (start[line], -size[line]))
    rows = [_row(lines[line], periods, topics) for line in largest]
    return LineTable(periods, rows, len(lines))


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
    heat = min(_HEAT_PER_SHARE * step.share + _MIN_HEAT, _MAX_HEAT)
    return LineCell(step.share, " ".join(step.words), heat)


def _marks(first: LineageStep, last: LineageStep) -> list[LineMark]:
    marks = []
    if first.began:
        marks.append(LineMark(first.began, first.source))
    if last.ended:
        marks.append(LineMark(last.ended, last.heir))
    return marks


def earlier_run(lineage: LineageFigures, topics: Sequence[TopicView]) -> EarlierRun:
    """Return what became of an earlier run's topics."""
    names = lineage.names_before

    def before(k: int) -> str:
        return f"{k} {names[k]}" if names else str(k)

    def now(k: int) -> str:
        return topics[k].label

    return EarlierRun(
        n_same=len(lineage.same),
        born=list(map(now, lineage.born)),
        died=list(map(before, lineage.died)),
        split=[(before(old), list(map(now, heirs))) for old, heirs in lineage.split],
        merged=[(list(map(before, forebears)), now(new)) for forebears, new in lineage.merged],
    )
