"""Runs of format 4, which version 0.1.0 wrote: their files as the present format has them.

Format 5 changed these bytes, and no others:

- ``config.json``: a block of features has the keys of its kind only; ``tokens.phrases`` is
  ``tokens.new_words``, ``split.near_identical`` and ``repeats`` are ``near_duplicates``.
- ``model/model.json``: the blocks of features likewise.
- ``figures.json``: ``repeated`` is ``near_duplicates``, and ``near_identical_dropped`` is
  ``near_duplicates_dropped``: one idea, one name.
- ``movement.json``: ``said`` is ``direction`` of a trend and ``significant`` of a season: one name
  had two types.
- ``repeated.csv`` is ``near_duplicates.csv``, with the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from research.config import upgrade_config, upgrade_model
from research.runs import files
from research.runs.model_files import MODEL

JsonTable = dict[str, Any]


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


def _rename(table: JsonTable, names: dict[str, str]) -> JsonTable:
    """Return a table with some keys renamed, in the same order."""
    return {names.get(key, key): value for key, value in table.items()}


def _upgrade_figures(figures: JsonTable) -> JsonTable:
    names = {
        "near_identical_dropped": "near_duplicates_dropped",
        "repeated": "near_duplicates",
    }
    return _rename(figures, names)


def _upgrade_movements(movements: list[JsonTable]) -> list[JsonTable]:
    return [_upgrade_movement(movement) for movement in movements]


def _upgrade_movement(movement: JsonTable) -> JsonTable:
    upgraded = movement | {"trend": _rename(movement["trend"], {"said": "direction"})}
    if "season" in movement:
        upgraded["season"] = _rename(movement["season"], {"said": "significant"})
    return upgraded


_CHANGES: dict[str, Callable[[Any], Any]] = {
    files.CONFIG.name: upgrade_config,
    files.SECTIONS_FIGURES.name: _upgrade_figures,
    files.MOVEMENT.name: _upgrade_movements,
    MODEL: upgrade_model,
}
