"""Runs side by side: their figures, and the settings in which they differ.

It reads figures and settings of any kind, and trains nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from research.runs.loaded import SectionsRun, ThemesRun

_ABSENT = "–"
_LINEAGE_LISTS = ("same", "born", "died", "split", "merged")
_TOO_LONG_TO_COMPARE = ("confusion", "reliability")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Rows of a key and its value in each run; ``settings`` has those that differ only."""

    figures: tuple[tuple[str, ...], ...]
    settings: tuple[tuple[str, ...], ...]


def compare_runs(runs: Sequence[SectionsRun | ThemesRun]) -> Comparison:
    """Return the figures of runs side by side, and the settings in which they differ."""
    figures = [_measured(run) for run in runs]
    settings = [run.config.model_dump(mode="json") for run in runs]
    setting_rows = _side_by_side(settings)
    differing = [row for row in setting_rows if _differs(row[1:])]
    return Comparison(
        figures=tuple(_side_by_side(figures)),
        settings=tuple(differing),
    )


def _measured(run: SectionsRun | ThemesRun) -> dict[str, Any]:
    """Return the figures of a run, with how many topics were the same, born … instead of which."""
    figures = run.figures.model_dump(mode="json", exclude_unset=True)
    lineage = figures.get("lineage")
    if lineage:
        figures["lineage"] = {name: len(lineage[name]) for name in _LINEAGE_LISTS}
    return figures


def _differs(values: Sequence[str]) -> bool:
    different = set(values)
    return len(different) > 1


def _side_by_side(tables: Sequence[dict[str, Any]]) -> list[tuple[str, ...]]:
    """Return one row per leaf of nested tables: its path, and its value in each table."""
    leaves = [_flatten(table) for table in tables]
    rows = []
    for path in dict.fromkeys(chain.from_iterable(leaves)):
        values = [str(table.get(path, _ABSENT)) for table in leaves]
        rows.append((path, *values))
    return rows


def _flatten(value: Any, path: str = "") -> dict[str, Any]:
    """Return the leaves of nested JSON by their dotted paths; a list of objects by position."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        value = dict(enumerate(value))
    if not isinstance(value, dict):
        return {path: value}
    leaves: dict[str, Any] = {}
    for key, item in value.items():
        if key in _TOO_LONG_TO_COMPARE:
            continue
        path_of_item = f"{path}.{key}" if path else str(key)
        leaves |= _flatten(item, path_of_item)
    return leaves
