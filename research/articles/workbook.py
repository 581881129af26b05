"""Workbooks of spreadsheets: which sheets hold articles, and the cells of each.

Which row is the header is decided in ``table_rows``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from research.articles.fields import keys_of
from research.articles.table_rows import (
    MAX_TITLE_ROWS,
    Cell,
    CellMark,
    CellRow,
    Reading,
    Row,
    header_position,
    name_cells,
)
from research.articles.workbook_formulas import Marks, marked_cells
from research.errors import InputError, missing_extra

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

SHEET_ENDINGS = ("xlsx", "xlsm", "xls", "xlsb", "ods")
_MAX_SHEETS_SHOWN = 20


class _Sheet(NamedTuple):
    """A sheet: its name, its cells, what is odd about cells, and what its columns are called."""

    name: str
    table: Sequence[Sequence[Cell]]
    marks: Mapping[tuple[int, int], CellMark]
    columns: Sequence[str]


def workbook_rows(path: Path, reading: Reading) -> Iterator[Row]:
    """Yield the rows of the sheets that hold articles, each under a header of its own."""
    sheets = _chosen(_sheets(path, reading), path, reading)
    for sheet in sheets:
        prefix = f"{sheet.name}:" if len(sheets) > 1 else ""
        yield from name_cells(_cell_rows(sheet, prefix), reading)


def _cell_rows(sheet: _Sheet, prefix: str) -> Iterator[CellRow]:
    marks: dict[int, dict[int, CellMark]] = {}
    for (line, column), mark in sheet.marks.items():
        of_line = marks.setdefault(line, {})
        of_line[column] = mark
    for line, cells in enumerate(sheet.table):
        yield CellRow(f"{prefix}{line + 1}", cells, marks.get(line, {}))


def _sheets(path: Path, reading: Reading) -> list[_Sheet]:
    """Return the sheets that have cells and are not hidden, or the one that was named."""
    try:
        from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum
    except ImportError:
        raise missing_extra(
            f"{path}: reading Excel needs python-calamine (or save the table as CSV)", "excel"
        ) from None
    try:
        book = CalamineWorkbook.from_path(path)
        names = [sheet.name for sheet in book.sheets_metadata]
        if reading.sheet is None:
            visible = SheetVisibleEnum.Visible
            names = [sheet.name for sheet in book.sheets_metadata if sheet.visible == visible]
            _note_hidden(book, names, reading)
        else:
            names = [_named_sheet(reading.sheet, names, path)]
        marked = marked_cells(path)
        sheets = [_sheet(book, name, marked.get(name, {}), reading) for name in names]
    except CalamineError as error:
        raise InputError(
            f"{path}: no Excel table, or a damaged one ({error}); "
            "open it and save it anew, as .xlsx or CSV"
        ) from None
    return [sheet for sheet in sheets if sheet is not None]


def _note_hidden(book: CalamineWorkbook, visible: Sequence[str], reading: Reading) -> None:
    for name in book.sheet_names:
        if name not in visible:
            reading.problems.note("hidden_sheets", reading.source, name)


def _named_sheet(sheet: str, names: Sequence[str], path: Path) -> str:
    """Return the name of the sheet that a user names, or gives the number of."""
    for name in names:
        if sheet.strip().casefold() == name.strip().casefold():
            return name
    if sheet.isdecimal() and 1 <= int(sheet) <= len(names):
        return names[int(sheet) - 1]
    shown = ", ".join(names[:_MAX_SHEETS_SHOWN])
    raise InputError(f"{path}: no sheet {sheet!r}; it has {shown}")


def _sheet(book: CalamineWorkbook, name: str, marks: Marks, reading: Reading) -> _Sheet | None:
    """Return a sheet with its merged cells filled; None of one without cells, such as a chart."""
    sheet = book.get_sheet_by_name(name)
    if sheet.end is None:
        return None
    rows = sheet.to_python(skip_empty_area=False)
    table = [[_cell(value) for value in row] for row in rows]
    all_marks = {**marks, **_fill_merged(sheet, table)}
    top = table[: 2 * MAX_TITLE_ROWS]
    filled = [row for row in top if any(cell is not None for cell in row)]
    if not filled:
        return None
    first = filled[:MAX_TITLE_ROWS]
    header = first[header_position(first, reading.fields)]
    columns = [str(cell) for cell in header if cell is not None]
    return _Sheet(name, table, all_marks, columns)


def _fill_merged(sheet: CalamineSheet, table: list[list[Cell]]) -> Marks:
    """Fill the first column of merged cells downward; return which cells were filled."""
    marks: dict[tuple[int, int], CellMark] = {}
    for (top, column), (bottom, _) in sheet.merged_cell_ranges or ():
        end = min(bottom + 1, len(table))
        for line in range(top + 1, end):
            value = table[top][column]
            if value is not None:
                table[line][column] = value
                marks[line, column] = "merged"
    return marks


def _chosen(sheets: Sequence[_Sheet], path: Path, reading: Reading) -> list[_Sheet]:
    """Return the sheets with texts; where none has any, those with headlines, or the only one."""
    if reading.sheet is not None or len(sheets) < 2:
        return list(sheets)
    for field in ("text", "headline"):
        chosen = [sheet for sheet in sheets if _has_field(sheet, field, reading)]
        if not chosen:
            continue
        for sheet in sheets:
            if sheet not in chosen:
                reading.problems.note("other_sheets", reading.source, sheet.name)
        return chosen
    first = sheets[:_MAX_SHEETS_SHOWN]
    shown = "; ".join(f"{sheet.name} has {', '.join(sheet.columns)}" for sheet in first)
    raise InputError(
        f"{path}: no sheet has a column of texts ({shown}); name the sheet (sheet = …, --sheet) "
        "and its fields (--field text=KEY; in an experiment, corpus.fields)"
    )


def _has_field(sheet: _Sheet, field: str, reading: Reading) -> bool:
    keys = keys_of(sheet.columns, reading.fields)
    return field in keys.of


def _cell(value: Any) -> Cell:
    """Return a cell as JSON would hold it.

    Dates are in ISO, whole numbers without a point, and an empty cell is None.
    """
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, int | float):
        return value
    return str(value).strip() or None
