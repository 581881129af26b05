"""Tables of a run as Python has them: tuples of typed rows that notebooks show and pandas takes."""

from __future__ import annotations

import dataclasses
import html
import math
from collections.abc import Iterable, Mapping, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from research.errors import missing_extra

if TYPE_CHECKING:
    import pandas as pd

R = TypeVar("R")
Cells = dict[str, Any]
Columns = Mapping[str, Sequence[Any] | NDArray[Any]]

MAX_ROWS_SHOWN = 20  # In a notebook.
_MAX_CHARACTERS_SHOWN = 60  # Of a cell.
_SIGNIFICANT_DIGITS = 4


class Table(tuple[R, ...]):
    """Rows of one type, as a tuple; a notebook shows it as a table.

    ``fields`` are the names of a row's fields, for tables without rows.
    """

    fields: tuple[str, ...]

    def __new__(cls, rows: Iterable[R] = (), fields: Sequence[str] = ()) -> Self:
        """Make a table of rows."""
        table = super().__new__(cls, rows)
        table.fields = tuple(fields)
        return table

    def to_frame(self) -> pd.DataFrame:
        """Return the rows as a pandas DataFrame, one column per field, typed.

        Fields of a field have its name before theirs (``trend_slope``); what is missing is None or
        NaN. Raises InputError where pandas is missing.
        """
        return to_frame(self)

    def _repr_html_(self) -> str:
        return rows_to_html(self)


def to_frame(rows: Iterable[object]) -> pd.DataFrame:
    """Return rows as a pandas DataFrame; see :meth:`Table.to_frame`."""
    return columns_to_frame(columns_of(rows))


def columns_to_frame(columns: Columns) -> pd.DataFrame:
    """Return columns as a pandas DataFrame; raise InputError where pandas is missing."""
    try:
        import pandas as pd
    except ImportError:
        raise missing_extra("frames need pandas", "frames") from None
    series = {name: _series(pd, values) for name, values in columns.items()}
    return pd.DataFrame(series)


def _series(pd: ModuleType, values: Sequence[Any] | NDArray[Any]) -> Any:
    """Return a column for pandas: whole numbers stay whole where some are missing."""
    kinds = set() if isinstance(values, np.ndarray) else set(map(type, values))
    if kinds == {int, type(None)}:
        return pd.array(values, dtype="Int64")
    return values


def columns_of(rows: Iterable[object]) -> dict[str, list[Any]]:
    """Return rows as columns: one list per field, in the order of the fields."""
    cells = [cells_of(row) for row in rows]
    names: dict[str, None] = {}
    if not cells and isinstance(rows, Table):
        names = dict.fromkeys(rows.fields)
    for row in cells:
        names.update(dict.fromkeys(row))
    return {name: [row.get(name) for row in cells] for name in names}


def fields_of(row_type: type[object]) -> tuple[str, ...]:
    """Return the names of the fields that rows of a type have."""
    if dataclasses.is_dataclass(row_type):
        return tuple(field.name for field in dataclasses.fields(row_type))
    if issubclass(row_type, BaseModel):
        return tuple(row_type.model_fields)
    return tuple(getattr(row_type, "_fields", ()))


def cells_of(row: object) -> Cells:
    """Return the cells of a row by the names of its fields, those inside fields too."""
    cells: Cells = {}
    for name, value in _fields_of(row).items():
        inner = _fields_of(value)
        if not inner:
            cells[name] = value
            continue
        for inner_name, inner_value in cells_of(value).items():
            cells[f"{name}_{inner_name}"] = inner_value
    return cells


def _fields_of(value: object) -> dict[str, Any]:
    """Return the fields of a row, none of a value that is no row."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        fields: dict[str, Any] = value._asdict()
        return fields
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, BaseModel):
        return {name: getattr(value, name) for name in type(value).model_fields}
    if isinstance(value, Mapping):
        return {str(key): entry for key, entry in value.items()}
    return {}


def rows_to_html(rows: Sequence[object]) -> str:
    """Return the first rows as an HTML table, and how many there are."""
    first = rows[:MAX_ROWS_SHOWN] if rows else rows
    return columns_to_html(columns_of(first), len(rows))


def columns_to_html(columns: Columns, n_rows: int) -> str:
    """Return columns as an HTML table; *n_rows* is how many rows there are in all."""
    head = "".join(f"<th>{html.escape(name)}</th>" for name in columns)
    lines = []
    for row in zip(*columns.values(), strict=True):
        cells = "".join(f"<td>{html.escape(_shown(value))}</td>" for value in row)
        lines.append(f"<tr>{cells}</tr>")
    body = "".join(lines)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    if len(lines) == n_rows:
        return table
    return f"{table}<p>{len(lines)} of {n_rows} rows</p>"


def _shown(value: Any) -> str:
    """Return a cell as a notebook shows it."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float):
        return f"{value:.{_SIGNIFICANT_DIGITS}g}"
    if isinstance(value, tuple | list):
        return _cut(" ".join(_short(entry) for entry in value))
    return _cut(str(value))


def _short(entry: Any) -> str:
    """Return one entry of a list: of a row its first text."""
    for value in _fields_of(entry).values():
        if isinstance(value, str) and value:
            return value
    return str(entry)


def _cut(text: str) -> str:
    if len(text) <= _MAX_CHARACTERS_SHOWN:
        return text
    return text[:_MAX_CHARACTERS_SHOWN] + "…"
