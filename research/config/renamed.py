"""Former names of keys: experiment files may use them for one version; older runs have them."""

from __future__ import annotations

import warnings
from typing import Any


def rename_keys(table: Any, place: str, names: dict[str, str]) -> Any:
    """Return a table with former keys under their present names, and warn of each.

    Parameters
    ----------
    table
        What a file or a caller has for a table; anything but a dict is returned unchanged.
    place
        The table's name in an experiment file, such as ``tokens``; "" for its top level.
    names
        Former keys → present keys. Where a table has both, the former one is left, and is refused
        as unknown.
    """
    if not isinstance(table, dict):
        return table
    renamed = {}
    for key, value in table.items():
        new_key = names.get(key)
        if new_key is None or new_key in table:
            renamed[key] = value
        else:
            _warn(f"{place}." if place else "", key, new_key)
            renamed[new_key] = value
    return renamed


def _warn(prefix: str, old: str, new: str) -> None:
    warnings.warn(
        f"{prefix}{old} is called {prefix}{new}; write that, the former name goes with the "
        "next version",
        DeprecationWarning,
        stacklevel=2,
    )
