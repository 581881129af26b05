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
    figures = [_flatten(_with_counts(_measured(run))) for run in runs]
    settings = [_flatten(run.config.model_dump(mode="json")) for run in runs]
    differing = [row for row in _side_by_side(settings) if len(set(row[1:])) > 1]
    return Comparison(tuple(_side_by_side(figures)), tuple(differing))


def _measured(run: SectionsRun | ThemesRun) -> dict[str, Any]:
    """Return the figures that a run's file has."""
    return run.figures.model_dump(mode="json", exclude_unset=True)


def _with_counts(figures: dict[str, Any]) -> dict[str, Any]:
    """Return figures with how many topics were the same, born … instead of which."""
    lineage = figures.get("lineage")
    if not lineage:
        return figures
    return figures | {"lineage": {name: len(lineage[name]) for name in _LINEAGE_LISTS}}


def _side_by_side(tables: Sequence[dict[str, Any]]) -> list[tuple[str, ...]]:
    keys = dict.fromkeys(chain.from_iterable(tables))
    return [(key, *(str(table.get(key, _ABSENT)) for table in tables)) for key in keys]


def _flatten(value: Any, path: str = "") -> dict[str, Any]:
    """Return the leaves of nested JSON by their dotted paths; a list of objects by position."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        value = dict(enumerate(value))
    if not isinstance(value, dict):
        return {path: value}
    leaves: dict[str, Any] = {}
    for key, item in value.items():
        if key not in _TOO_LONG_TO_COMPARE:
            leaves |= _flatten(item, f"{path}.{key}" if path else str(key))
    return leaves
