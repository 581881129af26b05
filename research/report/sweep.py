"""A sweep's members side by side: one table, one picture, and which settings to take.

What is advised follows from cross-validation on training articles; test articles choose nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from research.files import as_csv, replacing
from research.report.page import fill_template
from research.report.texts import Language, Wording, wording
from research.runs.figures import SectionsFigures, ThemesFigures

_SIGNIFICANT_DIGITS = 4
_MARGIN = 0.05  # Of the picture's axis, beyond the lowest and the highest value.
_AXIS_WIDTH_PIXELS = 360


@dataclass(frozen=True)
class Member:
    """One experiment of a sweep: its run, its settings, its figures or what was wrong."""

    name: str
    settings: Mapping[str, Any]
    figures: SectionsFigures | ThemesFigures | None
    problem: str | None = None


class Measure(NamedTuple):
    """One figure of a member, None where it was not measured, with its interval if it has one."""

    value: float | None
    interval: tuple[float, float] | None = None


class Bar(NamedTuple):
    """A member in the picture: its settings, its main figure, and where these are drawn."""

    label: str
    shown: str
    x: float
    low: float
    high: float


@dataclass(frozen=True)
class Sweep:
    """The members of a sweep, and the files that show them."""

    name: str
    members: tuple[Member, ...]
    csv_path: Path
    picture_path: Path
    language: Language | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys in which members differ, dotted."""
        keys: dict[str, Any] = {}
        for member in self.members:
            keys |= member.settings
        return tuple(keys)

    @property
    def figure_names(self) -> tuple[str, ...]:
        """The figures that some member has, the main one first."""
        measures: dict[str, Measure] = {}
        for member in self.members:
            measures |= measures_of(member)
        return tuple(measures)

    @property
    def table(self) -> list[tuple[str, ...]]:
        """A head, then one row per member: its run, settings, figures, and what was wrong."""
        rows = [("run", *self.keys, *self.figure_names, "problem")]
        for member in self.members:
            measures = measures_of(member)
            settings = [_shown(member.settings.get(key)) for key in self.keys]
            figures = [_digits(measures.get(name)) for name in self.figure_names]
            problem, _, _ = (member.problem or "").partition("\n")
            rows.append((member.name, *settings, *figures, problem))
        return rows

    @property
    def worded_table(self) -> list[tuple[Wording, ...]]:
        """The table with the names of figures in both languages."""
        titles = {name: wording(f"sweep.{name}") for name in ("run", *self.figure_names, "problem")}
        head = tuple(titles.get(name, Wording(name, name)) for name in self.table[0])
        return [head, *(tuple(Wording(cell, cell) for cell in row) for row in self.table[1:])]

    @property
    def best(self) -> Member | None:
        """The member with the best cross-validated macro-F1; None where none has one."""
        scored = [member for member in self.members if cross_validated(member).value is not None]
        if len(scored) < 2:
            return None
        return max(scored, key=lambda member: cross_validated(member).value or 0.0)

    @property
    def advice(self) -> Wording:
        """What cross-validation is for, in a sentence; "" where there is nothing to advise."""
        best = self.best
        if best is None:
            return Wording("", "")
        score = cross_validated(best)
        low, _ = _span(score)
        others = [member for member in self.members if member is not best]
        values = [cross_validated(member).value for member in others]
        n_close = sum(value is not None and value >= low for value in values)
        return wording(
            "sweep.advice",
            settings=_settings(best),
            macro_f1=_digits(score),
            close=n_close,
        )

    @property
    def bars(self) -> list[Bar]:
        """The members that have the main figure, as the picture draws them."""
        if not self.figure_names:
            return []
        main = self.figure_names[0]
        measured = []
        for member in self.members:
            measure = measures_of(member).get(main)
            if measure is not None:
                measured.append((member, measure))
        return _bars(measured)


def write_sweep(
    folder: Path, name: str, members: Sequence[Member], language: Language | None = None
) -> Sweep:
    """Write a sweep's table and picture beside its runs; the picture opens in *language*."""
    table, picture = folder / f"{name}.sweep.csv", folder / f"{name}.sweep.html"
    sweep = Sweep(name, tuple(members), table, picture, language)
    with replacing(sweep.csv_path) as beside:
        beside.write_text(as_csv(sweep.table), "utf-8")
    with replacing(sweep.picture_path) as beside:
        beside.write_text(fill_template("sweep.html.j2", language, sweep=sweep), "utf-8")
    return sweep


def measures_of(member: Member) -> dict[str, Measure]:
    """Return the figures of a member by name, the main one first."""
    figures = member.figures
    if figures is None:
        return {}
    if isinstance(figures, SectionsFigures):
        measures = {
            "cross_validated_macro_f1": cross_validated(member),
            "test_macro_f1": Measure(figures.macro_f1, figures.macro_f1_interval),
        }
    else:
        names = ("coherence_npmi", "n_topics", "diversity", "stability", "training_perplexity")
        measures = {name: Measure(getattr(figures, name, None)) for name in names}
    return {name: measure for name, measure in measures.items() if measure.value is not None}


def cross_validated(member: Member) -> Measure:
    """Return a member's macro-F1 by cross-validation on its training articles."""
    figures = member.figures
    if not isinstance(figures, SectionsFigures) or figures.cross_validated is None:
        return Measure(None)
    return Measure(figures.cross_validated.macro_f1, figures.cross_validated.interval)


def _bars(measured: Sequence[tuple[Member, Measure]]) -> list[Bar]:
    spans = [_span(measure) for _, measure in measured]
    lowest = min((low for low, _ in spans), default=0.0)
    highest = max((high for _, high in spans), default=1.0)
    margin = (highest - lowest) * _MARGIN or 1.0
    width = highest - lowest + 2 * margin

    def x_of(value: float) -> float:
        share = (value - lowest + margin) / width
        return round(share * _AXIS_WIDTH_PIXELS, 1)

    bars = []
    for (member, measure), (low, high) in zip(measured, spans, strict=True):
        value = measure.value or 0.0
        bar = Bar(_settings(member), _digits(measure), x_of(value), x_of(low), x_of(high))
        bars.append(bar)
    return bars


def _span(measure: Measure) -> tuple[float, float]:
    value = measure.value or 0.0
    return measure.interval or (value, value)


def _settings(member: Member) -> str:
    settings = [f"{key} = {_shown(value)}" for key, value in member.settings.items()]
    return ", ".join(settings)


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)


def _digits(measure: Measure | None) -> str:
    if measure is None or measure.value is None:
        return ""
    return f"{measure.value:.{_SIGNIFICANT_DIGITS}g}"
