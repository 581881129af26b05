"""Rows of cells → rows of fields: which row is the header, and what stands around it.

Where the cells come from is up to ``delimited`` and ``workbook``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from research.articles.fields import Fields, is_known_name, keys_of, plain_name
from research.articles.problems import ProblemKind, Problems
from research.errors import InputError

MAX_ROW_BYTES = 64_000_000
MAX_TITLE_ROWS = 20
"""So many rows may stand above the header: a title, the paper, notes."""
_MAX_NAME_CHARACTERS = 60
_STROKES = "-+:=| "
_MIN_STROKES = 3
_MAX_CELL_CHARACTERS_SHOWN = 20
_MIN_KNOWN_NAMES_BELOW_TITLE = 2
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\u00ad\0"))
# What spreadsheets show where a formula fails.
_ERROR_VALUES = frozenset(
    ("#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
)

Cell = str | int | float | None
Row = tuple[str, dict[str, Any]]
"""The place of a row (its last line; sheet and line; place in a list), and its fields by name."""
Fault = tuple[ProblemKind, str]
CellMark = Literal["merged", "formula", "error"]
_NO_MARKS: Mapping[int, CellMark] = MappingProxyType({})


class CellRow(NamedTuple):
    """A row of a table: its place, its cells, and what is odd about cells, by position.

    A cell is marked where its value is that of the merged cell that it is part of, or where it
    has a formula without a value, or with an error for a value.
    """

    place: str
    cells: Sequence[Cell]
    marks: Mapping[int, CellMark] = _NO_MARKS

    @property
    def is_empty(self) -> bool:
        """Whether the row has nothing in it, as Excel leaves rows of nothing but commas.

        A rule under a header, of nothing but strokes, is empty too.
        """
        if self.marks:
            return False
        return not any(_is_filled(cell) and not _is_rule(cell) for cell in self.cells)


class Reading(NamedTuple):
    """What a file is read with: its name for messages, the user's names, the sheet, the notes."""

    source: str
    fields: Fields
    problems: Problems
    sheet: str | None = None


def name_cells(rows: Iterable[CellRow], reading: Reading) -> Iterator[Row]:
    """Yield the rows under a header, each with its cells by name.

    The header is the first row that is not empty, or, among the first twenty, the one that has
    most of the names that corpora use; what stands above it is left out. Where files were put
    one after another, their headers are left out too.
    """
    filled = (row for row in rows if not row.is_empty)
    first = list(islice(filled, MAX_TITLE_ROWS))
    if not first:
        return
    position = header_position([row.cells for row in first], reading.fields)
    if position:
        reading.problems.note("title_rows", reading.source, first[0].place, position)
    _refuse_no_header(first[position], reading)
    header = _Header(first[position].cells, reading)
    for row in chain(first[position + 1 :], filled):
        if header.is_repeated(row.cells):
            reading.problems.note("repeated_headers", reading.source, row.place)
            header = _Header(row.cells, reading)
            continue
        values = header.read(row)
        if values is not None:
            yield row.place, values


def _is_rule(cell: Cell) -> bool:
    """Return whether a cell is the stroke that programs draw under a header: ``---``, ``:--:``."""
    if not isinstance(cell, str) or len(cell) < _MIN_STROKES:
        return False
    return not cell.strip(_STROKES) and "--" in cell


def _is_filled(cell: Cell) -> bool:
    return cell is not None and cell != ""


def _refuse_no_header(row: CellRow, reading: Reading) -> None:
    """Raise InputError where the first row of a table has a text and no name of a field."""
    long = [
        cell for cell in row.cells if isinstance(cell, str) and len(cell) > _MAX_NAME_CHARACTERS
    ]
    if long and not any(is_known_name(cell, reading.fields) for cell in row.cells):
        raise InputError(
            f"{reading.source}:{row.place}: no header: {_shown(long[0])} stands where names of "
            "columns should be; write a first row such as headline, text, date"
        )


def header_position(rows: Sequence[Sequence[Cell]], fields: Fields) -> int:
    """Return which of the first rows of a table names its columns."""
    counts = [n_known_names(cells, fields) for cells in rows]
    best = max(counts)
    if counts[0] == best:
        return 0
    position = counts.index(best)
    if best >= _MIN_KNOWN_NAMES_BELOW_TITLE or len(rows[position]) == 1:
        return position
    return 0


def n_known_names(cells: Sequence[Cell], fields: Fields) -> int:
    """Return how many cells are names of fields; 0 for a row with a cell that no name can be."""
    names = [cell for cell in cells if _is_filled(cell)]
    if not all(isinstance(name, str) and len(name) <= _MAX_NAME_CHARACTERS for name in names):
        return 0
    return sum(is_known_name(name, fields) for name in names)


class _Header:
    """The names of a table's columns."""

    def __init__(self, cells: Sequence[Cell], reading: Reading) -> None:
        self.reading = reading
        self.names = [_clean(cell) for cell in cells]
        while self.names and not self.names[-1]:
            self.names.pop()
        self._plain_names = {plain_name(name) for name in self.names if name}
        self._number_repeated_names()
        self._has_index = False
        self._width = len(cells)
        of = keys_of(self.names, reading.fields).of
        self._read = {self.names.index(name) for name in of.values()}
        text = of.get("text") or of.get("headline")
        self._text_position = -1 if text is None else self.names.index(text)

    def _number_repeated_names(self) -> None:
        seen: dict[str, int] = {}
        for position, name in enumerate(self.names):
            count = seen[name] = seen.get(name, 0) + 1
            if name and count > 1:
                self.names[position] = f"{name} ({count})"
                self.reading.problems.note("repeated_columns", self.reading.source, name)

    def is_repeated(self, cells: Sequence[Cell]) -> bool:
        """Return whether a row is a header again: all of its cells are names of columns."""
        names = [cell for cell in cells if _is_filled(cell)]
        if len(names) < min(2, len(self.names)):
            return False
        return all(self._is_name(name) for name in names)

    def _is_name(self, cell: Cell) -> bool:
        if not isinstance(cell, str) or len(cell) > _MAX_NAME_CHARACTERS:
            return False
        return plain_name(cell) in self._plain_names or is_known_name(cell, self.reading.fields)

    def read(self, row: CellRow) -> dict[str, Any] | None:
        """Return the cells by name; None of a row that is not one, or has something wrong."""
        if row.marks.get(self._text_position) == "merged":
            self.reading.problems.note("merged_cells", self.reading.source, row.place)
            return None
        fault = self._cell_fault(row) or self._length_fault(row.cells)
        if fault is not None:
            kind, message = fault
            self.reading.problems.add(kind, self.reading.source, row.place, message)
            return None
        cells = row.cells
        missing = len(self.names) - len(cells)
        if missing > 0:
            self.reading.problems.note("short_rows", self.reading.source, row.place)
            cells = [*cells, *[None] * missing]
        return {name: cell for name, cell in zip(self.names, cells, strict=False) if name}

    def _length_fault(self, cells: Sequence[Cell]) -> Fault | None:
        surplus = [cell for cell in cells[len(self.names) :] if _is_filled(cell)]
        if not surplus:
            return None
        if len(cells) <= self._width:
            return _nameless(surplus[0])
        message = (
            f"{len(surplus)} more fields than the header, such as {_shown(surplus[0])}; "
            "quote fields that hold the delimiter, or name the column"
        )
        return "surplus", message

    def _cell_fault(self, row: CellRow) -> Fault | None:
        """Return what is wrong with a cell that is read, or that has no name."""
        for position, name in enumerate(self.names[: len(row.cells)]):
            cell = row.cells[position]
            if not name and _is_filled(cell):
                if position > 0 or _is_long(cell):
                    return _nameless(cell)
                self._note_index(cell)
            if position not in self._read:
                continue
            if row.marks.get(position) == "formula":
                return "formula", (
                    f"a formula without a value in column {name!r}; open the workbook in a "
                    "spreadsheet program and save it, or write values"
                )
            if row.marks.get(position) == "error" or cell in _ERROR_VALUES:
                return "error_value", (
                    f"a formula failed in column {name!r}; correct it, or write its value"
                )
        return None

    def _note_index(self, cell: Cell) -> None:
        """Note once that the first column, which has no name, is not read."""
        if not self._has_index:
            self.reading.problems.note("index", self.reading.source, str(cell))
        self._has_index = True


def _clean(cell: Cell) -> str:
    """Return the name in a cell of the header, without line breaks and what nobody sees."""
    if cell is None:
        return ""
    return " ".join(str(cell).translate(_INVISIBLE).split())


def _nameless(cell: Cell) -> Fault:
    message = (
        f"{_shown(cell)} stands in a column without a name; the header names all columns: "
        "name this one, or take out what stands above the names"
    )
    return "nameless_column", message


def _is_long(cell: Cell) -> bool:
    return isinstance(cell, str) and len(cell) > _MAX_CELL_CHARACTERS_SHOWN


def _shown(cell: Cell) -> str:
    text = str(cell)
    if len(text) > _MAX_CELL_CHARACTERS_SHOWN:
        text = text[:_MAX_CELL_CHARACTERS_SHOWN] + "…"
    return repr(text)
