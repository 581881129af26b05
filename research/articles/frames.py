"""Frames of pandas, polars and pyarrow, and lists of dicts → rows. Imports none of the three."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, Protocol, TypeGuard

from research.articles.table_rows import Row
from research.articles.values import plain_value
from research.errors import InputError


class PandasFrame(Protocol):
    """A frame that gives its rows as tuples, as pandas's does."""

    @property
    def columns(self) -> Iterable[object]:
        """The names of the columns."""

    def itertuples(self, index: bool = ..., name: str | None = ...) -> Iterable[tuple[object, ...]]:
        """Return the rows."""


class PolarsFrame(Protocol):
    """A frame that gives its rows as dicts, as polars's does."""

    def iter_rows(self, *, named: Literal[True]) -> Iterator[dict[str, object]]:
        """Return the rows."""


class ArrowTable(Protocol):
    """A table that gives its rows as a list of dicts, as pyarrow's does."""

    def to_pylist(self) -> list[dict[str, object]]:
        """Return the rows."""


Frame = PandasFrame | PolarsFrame | ArrowTable | Iterable[Mapping[str, object]]
_COLUMN_TYPES = ("Series", "ChunkedArray", "Array", "ndarray")
_INDEX = "__index_level_"


def is_frame(value: object) -> TypeGuard[Frame]:
    """Return whether a value is a frame or a list of rows."""
    names = ("itertuples", "iter_rows", "to_pylist", "collect", "__arrow_c_stream__")
    if any(hasattr(value, name) for name in names):
        return True
    return isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping)


def is_index(name: str) -> bool:
    """Return whether a column is an index that pandas stored with a table."""
    return name.startswith(_INDEX)


def repeatable(frame: Frame) -> Frame:
    """Return a frame whose rows can be read twice: those of a generator as a list."""
    return list(frame) if isinstance(frame, Iterator) else frame


def frame_rows(frame: Frame) -> Iterator[Row]:
    """Yield the rows of a frame, numbered from 1.

    Raises InputError for a column of a frame, and for rows that are no mappings.
    """
    if type(frame).__name__ in _COLUMN_TYPES:
        raise InputError(
            f"a {type(frame).__name__} is one column; give the frame, or its column to predict(…)"
        )
    for number, row in enumerate(_mappings(frame), 1):
        if not isinstance(row, Mapping):
            raise InputError(
                f"row {number}: a {type(row).__name__}, not a mapping of names to values; give a "
                "path, a frame, or dicts"
            )
        values = {str(name): plain_value(value) for name, value in row.items()}
        yield str(number), {name: value for name, value in values.items() if not is_index(name)}


def _mappings(frame: object) -> Iterable[object]:
    if hasattr(frame, "collect") and not hasattr(frame, "iter_rows"):  # A query of polars.
        frame = frame.collect()
    if hasattr(frame, "itertuples") and hasattr(frame, "columns"):
        names = list(frame.columns)
        rows = frame.itertuples(index=False, name=None)
        return (dict(zip(names, row, strict=True)) for row in rows)
    if hasattr(frame, "iter_rows"):
        named: Iterable[object] = frame.iter_rows(named=True)
        return named
    if hasattr(frame, "to_pylist"):
        listed: Iterable[object] = frame.to_pylist()
        return listed
    if hasattr(frame, "__arrow_c_stream__"):
        from research.articles.parquet import table_of

        return table_of(frame).to_pylist()
    return frame if isinstance(frame, Iterable) else ()
