"""What ``themes --by`` prints: groups of articles, and what they make of themes."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import TYPE_CHECKING

import typer

from research.cli.terminal import print_csv, print_table

if TYPE_CHECKING:
    from research.runs import ThemesRun
    from research.themes.effects import Effect

_NONE = "–"


def print_effects(run: ThemesRun, formula: str, *, csv: bool) -> None:
    """Print where themes are stronger or weaker, or rise or fall faster, than in other groups.

    As a table those differences that are significant, the largest first; as CSV all.
    """
    from research.report.texts import names, printed, printed_names

    effects = run.effects(formula)
    if csv:
        print_csv(names("en", "columns.effects"), map(_csv_row, effects))
        return
    significant = [effect for effect in effects if effect.significant]
    significant.sort(key=lambda effect: (effect.by, effect.measure, -abs(effect.difference)))
    if significant:
        rows = [_row(effect, run.topics[effect.topic].name) for effect in significant]
        print_table([printed_names("tables.effects"), *rows])
    for line in _not_held(effects):
        typer.echo(line)
    n_tests = sum(not isnan(effect.p) for effect in effects)
    typer.echo(printed("effects.summary", n=len(significant), tests=n_tests))
    untested = {(effect.by, effect.value) for effect in effects if isnan(effect.p)}
    if untested:
        listed = ", ".join(f"{by} {value}" for by, value in sorted(untested))
        typer.echo(printed("effects.untested", groups=listed))


def _not_held(effects: Sequence[Effect]) -> list[str]:
    """Return a line for each covariate beside which others could not be held fixed."""
    from research.report.texts import printed

    held = {effect.by: effect.held for effect in effects}
    lines = []
    for by, held_fixed in held.items():
        left_out = [other for other in held if other not in (by, *held_fixed)]
        if left_out:
            lines.append(printed("effects.not_held", by=by, others=", ".join(left_out)))
    return lines


def _row(effect: Effect, name: str) -> Sequence[str]:
    unit = "" if effect.measure == "share" else "/a"
    return (
        effect.by,
        effect.value,
        f"{effect.topic} {name}",
        f"{effect.share:.1%}",
        _NONE if isnan(effect.adjusted) else f"{effect.adjusted:.1%}",
        f"{100 * effect.difference:+.1f}{unit}",
        f"{100 * effect.low:+.1f} – {100 * effect.high:+.1f}",
        str(effect.documents),
        str(effect.issues),
    )


def _csv_row(effect: Effect) -> Sequence[object]:
    cells: list[object] = []
    for value in effect:
        if isinstance(value, bool):
            cells.append(int(value))
        elif isinstance(value, tuple):
            cells.append(" ".join(value))
        elif isinstance(value, float):
            cells.append("" if isnan(value) else f"{value:.6f}")
        else:
            cells.append(value)
    return cells
