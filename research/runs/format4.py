"""Runs of format 4, which version 0.1.0 wrote: their files as the present format has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from research.config import upgrade_config, upgrade_model
from research.runs import files
from research.runs.model_files import MODEL


def upgrade(name: str, value: Any) -> Any:
    """Return what a JSON file of format 4 holds as the present format has it.

    Parameters
    ----------
    name
        The file's present name.
    value
        Its JSON types.
    """
    change = _CHANGES.get(name)
    return value if change is None else change(value)


def _rename(table: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """Return a table with some keys renamed, in the same order."""
    return {names.get(key, key): value for key, value in table.items()}


def _upgrade_figures(figures: dict[str, Any]) -> dict[str, Any]:
    names = {
        "near_identical_dropped": "near_duplicates_dropped",
        "repeated": "near_duplicates",
    }
    return _rename(figures, names)


_CHANGES: dict[str, Callable[[Any], Any]] = {
    files.CONFIG.name: upgrade_config,
    MODEL: upgrade_model,
    files.SECTIONS_FIGURES.name: _upgrade_figures,
}
