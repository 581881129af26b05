"""Read tables row by row: JSON Lines, CSV, Excel. What the fields mean is decided in ``corpus``."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator, Sequence
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO, cast

from research.errors import InputError
from research.files import decode, refuse_unreadable

MAX_ROW_BYTES = 64_000_000
MAX_LIST_BYTES = 500_000_000
# Of a CSV file so much is read to find its encoding.
_SAMPLE_BYTES = 1_000_000
_SHEET_ENDINGS = ("xlsx", "xls", "xlsb", "ods")
_TEXT_ENDINGS = ("jsonl", "ndjson", "json", "csv", "tsv")
_SPACE_BEFORE_JSON = b"\xef\xbb\xbf \t\r\n"
_MAX_CELL_CHARACTERS_SHOWN = 20

Row = tuple[str, dict[str, Any]]
"""The place of a row (its last line; sheet and line; place in a list), and its fields by name."""
Cell = str | int | float | None


def iter_rows(path: Path) -> Iterator[Row]:
    """Yield a file's rows.

    ``.jsonl`` and ``.csv`` (``.gz`` too) are read in constant memory; of a workbook every sheet is
    read, each with a header as its first row.

    Raises InputError with file, line and remedy at what is no row.
    """
    if path.is_dir():
        raise InputError(
            f"{path}: a folder; name a file in it, "
            "or make a corpus of its pages or articles with research split -o"
        )
    refuse_unreadable(path)
    name = path.name.lower()
    ending = name.removesuffix(".gz").rsplit(".", 1)[-1]
    if ending in _SHEET_ENDINGS:
        yield from _workbook_rows(path)
        return
    if ending not in _TEXT_ENDINGS:
        raise InputError(
            f"{path}: a corpus is .jsonl, .csv (or either with .gz) or .xlsx, not .{ending}; "
            "of pages and articles in .txt make one with research split -o"
        )
    try:
        with gzip.open(path, "rb") if name.endswith(".gz") else path.open("rb") as handle:
            yield from _text_rows(cast(BufferedReader, handle), path, ending)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(f"{path}: damaged or cut-off gzip file ({error}); copy it again") from None


def _text_rows(handle: BufferedReader, path: Path, ending: str) -> Iterator[Row]:
    if ending == "csv":
        return _csv_rows(handle, path, ",")
    if ending == "tsv":
        return _csv_rows(handle, path, "\t")
    if ending == "json" and handle.peek(64).lstrip(_SPACE_BEFORE_JSON).startswith(b"["):
        return _json_list(handle, path)
    return _json_lines(handle, path)


def _json_lines(handle: BinaryIO, path: Path) -> Iterator[Row]:
    line = 0
    while raw := handle.readline(MAX_ROW_BYTES + 1):
        line += 1
        where = f"{path}:{line}"
        if len(raw) > MAX_ROW_BYTES:
            raise InputError(
                f"{where}: a row of over {MAX_ROW_BYTES:,} bytes; a corpus has one article a line"
            )
        try:
            text = raw.decode("utf-8-sig" if line == 1 else "utf-8").strip()
        except UnicodeDecodeError:
            raise InputError(
                f"{where}: not UTF-8; JSON Lines are UTF-8: "
                "convert the file (iconv -f GB18030 -t UTF-8)"
            ) from None
        if text:
            yield str(line), _json_object(text, where)


def _json_object(text: str, where: str) -> dict[str, Any]:
    try:
        row = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"{where}: not JSON ({error}); write one object a line") from None
    if not isinstance(row, dict):
        kind = type(row).__name__
        raise InputError(
            f'{where}: a {kind}, not an object; write one object a line, such as {{"text": "…"}}'
        )
    return row


def _json_list(handle: BinaryIO, path: Path) -> Iterator[Row]:
    raw = handle.read(MAX_LIST_BYTES + 1)
    if len(raw) > MAX_LIST_BYTES:
        raise InputError(
            f"{path}: a list of over {MAX_LIST_BYTES:,} bytes; "
            "write one object a line (.jsonl), which is read a line at a time"
        )
    try:
        rows = json.loads(raw)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(
            f"{path}: begins as a list but is not JSON ({error}); "
            "write it again, or one object a line (.jsonl)"
        ) from None
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            kind = type(row).__name__
            raise InputError(
                f"{path}: item {number} is a {kind}, not an object; "
                'give objects such as {"text": "…"}'
            )
        yield f"item {number}", row


def _csv_rows(handle: BinaryIO, path: Path, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(MAX_ROW_BYTES)
    encoding = _csv_encoding(handle, path)
    text = io.TextIOWrapper(handle, encoding, newline="")
    rows = csv.DictReader(text, delimiter=delimiter, strict=True)
    try:
        for row in rows:
            if None in row:  # Where csv puts the fields that the header does not name.
                surplus = len(row[None])
                raise InputError(
                    f"{path}:{rows.line_num}: {surplus} more fields than the header; "
                    f"quote fields that hold a {delimiter!r}"
                )
            if any(row.values()):  # Excel leaves rows of nothing but commas.
                yield str(rows.line_num), row
    except csv.Error as error:
        raise InputError(
            f"{path}:{rows.line_num}: {error}; quote fields that hold line breaks"
        ) from None
    except UnicodeDecodeError:
        raise InputError(
            f"{path}:{rows.line_num + 1}: not {encoding} like the lines before; "
            "convert the file to UTF-8"
        ) from None
    finally:
        text.detach()


def _csv_encoding(handle: BinaryIO, path: Path) -> str:
    """Return the encoding of the first whole lines: Excel writes CSV in the system's encoding."""
    sample = handle.read(_SAMPLE_BYTES)
    handle.seek(0)
    end_of_lines = sample.rfind(b"\n") + 1
    return decode(sample[: end_of_lines or None], str(path)).encoding


def _workbook_rows(path: Path) -> Iterator[Row]:
    tables = _workbook_tables(path)
    for name, table in tables.items():
        prefix = f"{name}:" if len(tables) > 1 else ""
        yield from _sheet_rows(table, path, prefix)


def _workbook_tables(path: Path) -> dict[str, list[list[Any]]]:
    """Return the cells of each sheet that has any, by the sheet's name."""
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        raise InputError(
            f"{path}: reading Excel needs python-calamine; "
            "install it (pip install python-calamine), or save the table as CSV"
        ) from None
    try:
        book = CalamineWorkbook.from_path(path)
        sheets = {name: book.get_sheet_by_name(name) for name in book.sheet_names}
        return {
            name: sheet.to_python(skip_empty_area=False)
            for name, sheet in sheets.items()
            if sheet.total_height
        }
    except CalamineError as error:
        raise InputError(
            f"{path}: no Excel table, or a damaged one ({error}); "
            "open it and save it anew, as .xlsx or CSV"
        ) from None


def _sheet_rows(table: Sequence[Sequence[object]], path: Path, prefix: str) -> Iterator[Row]:
    """Yield the rows of a sheet; its first row that is not empty is the header."""
    names: list[str] | None = None
    for line, row in enumerate(table, 1):
        cells = [_cell(value) for value in row]
        if not any(cells):
            continue
        if names is None:
            names = [str(cell or "") for cell in cells]
            continue
        place = f"{prefix}{line}"
        _refuse_unnamed(names, cells, f"{path}:{place}")
        yield place, {name: cell for name, cell in zip(names, cells, strict=True) if name}


def _refuse_unnamed(names: Sequence[str], cells: Sequence[Cell], where: str) -> None:
    """Raise InputError for a cell in a column without a name."""
    for name, cell in zip(names, cells, strict=True):
        if cell and not name:
            shown = repr(str(cell)[:_MAX_CELL_CHARACTERS_SHOWN])
            raise InputError(
                f"{where}: {shown} stands in a column without a name; the first row names "
                "all columns: name this one, or take out what stands above the names"
            )


def _cell(value: object) -> Cell:
    """Return a cell as JSON would hold it.

    Dates are in ISO, whole numbers without a point, and an empty cell is None.
    """
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, int | float):
        return value
    return str(value).strip() or None
