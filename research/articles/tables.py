"""Read tables row by row: JSON Lines, CSV, Excel. What the fields mean is the corpus's to know."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO, cast

from research.errors import InputError
from research.files import decode, refuse_unreadable

MAX_ROW_BYTES = 64_000_000
MAX_LIST_BYTES = 500_000_000
_SHEETS = ("xlsx", "xls", "xlsb", "ods")
Row = tuple[str, dict[str, Any]]
"""Where a row stands (its last line; its sheet and line; its place in a list), and its fields by name."""


def iter_rows(path: Path) -> Iterator[Row]:
    """Yield a file's rows; ``.jsonl`` and ``.csv`` (``.gz`` too) in constant memory, of a workbook every sheet, a header atop each.

    Raises InputError with file, line and remedy at what is no row.
    """
    if path.is_dir():
        raise InputError(
            f"{path}: a folder; name a file in it, or make a corpus of its pages or articles with research split -o"
        )
    refuse_unreadable(path)
    kind = path.name.lower().removesuffix(".gz").rsplit(".", 1)[-1]
    if kind in _SHEETS:
        yield from _sheet_rows(path)
        return
    if kind not in ("jsonl", "ndjson", "json", "csv", "tsv"):
        raise InputError(
            f"{path}: a corpus is .jsonl, .csv (or either with .gz) or .xlsx, not .{kind}; of pages and articles in .txt make one with research split -o"
        )
    zipped = path.name.lower().endswith(".gz")
    try:
        with gzip.open(path, "rb") if zipped else path.open("rb") as handle:
            source = cast(BufferedReader, handle)
            if kind in ("csv", "tsv"):
                yield from _csv_rows(source, path, "\t" if kind == "tsv" else ",")
            elif kind == "json" and source.peek(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
                yield from _json_list(source, path)
            else:
                yield from _json_rows(source, path)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(f"{path}: damaged or cut-off gzip file ({error}); copy it again") from None


def _json_rows(handle: BinaryIO, path: Path) -> Iterator[Row]:
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
                f"{where}: not UTF-8; JSON Lines are UTF-8: convert the file (iconv -f GB18030 -t UTF-8)"
            ) from None
        if not text:
            continue
        try:
            row = json.loads(text)
        except (json.JSONDecodeError, RecursionError) as error:
            raise InputError(f"{where}: not JSON ({error}); write one object a line") from None
        if not isinstance(row, dict):
            raise InputError(
                f'{where}: a {type(row).__name__}, not an object; write one object a line, such as {{"text": "…"}}'
            )
        yield str(line), row


def _json_list(handle: BinaryIO, path: Path) -> Iterator[Row]:
    raw = handle.read(MAX_LIST_BYTES + 1)
    if len(raw) > MAX_LIST_BYTES:
        raise InputError(
            f"{path}: a list of over {MAX_LIST_BYTES:,} bytes; write one object a line (.jsonl), which is read a line at a time"
        )
    try:
        rows = json.loads(raw)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(
            f"{path}: begins as a list but is not JSON ({error}); write it again, or one object a line (.jsonl)"
        ) from None
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise InputError(
                f'{path}: item {number} is a {type(row).__name__}, not an object; give objects such as {{"text": "…"}}'
            )
        yield f"item {number}", row


def _csv_rows(handle: BinaryIO, path: Path, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(MAX_ROW_BYTES)
    # Excel writes CSV in the system's encoding: what the first lines are in, all are in.
    start = handle.read(1_000_000)
    encoding = decode(start[: start.rfind(b"\n") + 1 or None], str(path)).encoding
    handle.seek(0)
    text = io.TextIOWrapper(handle, encoding, newline="")
    rows = csv.DictReader(text, delimiter=delimiter, strict=True)
    try:
        for row in rows:
            if None in row:
                raise InputError(
                    f"{path}:{rows.line_num}: {len(row[None])} more fields than the header; quote fields that hold a {delimiter!r}"
                )
            if any(row.values()):  # Excel leaves rows of nothing but commas.
                yield str(rows.line_num), row
    except csv.Error as error:
        raise InputError(
            f"{path}:{rows.line_num}: {error}; quote fields that hold line breaks"
        ) from None
    except UnicodeDecodeError:
        raise InputError(
            f"{path}:{rows.line_num + 1}: not {encoding} like the lines before; convert the file to UTF-8"
        ) from None
    finally:
        text.detach()


def _sheet_rows(path: Path) -> Iterator[Row]:
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        raise InputError(
            f"{path}: reading Excel needs python-calamine; install it (pip install python-calamine), or save the table as CSV"
        ) from None
    try:
        book = CalamineWorkbook.from_path(path)
        sheets = [
            (name, sheet)
            for name in book.sheet_names
            if (sheet := book.get_sheet_by_name(name)).total_height
        ]
        tables = [(name, sheet.to_python(skip_empty_area=False)) for name, sheet in sheets]
    except CalamineError as error:
        raise InputError(
            f"{path}: no Excel table, or a damaged one ({error}); open it and save it anew, as .xlsx or CSV"
        ) from None
    for name, table in tables:
        sheet = f"{name}:" if len(tables) > 1 else ""
        names: list[str] = []
        for line, cells in enumerate(table, 1):
            values = [_cell(cell) for cell in cells]
            if not any(values):
                continue
            if not names:
                names = [str(value or "") for value in values]
                continue
            if unnamed := [
                value for key, value in zip(names, values, strict=True) if value and not key
            ]:
                found = f"{str(unnamed[0])[:20]!r} stands in a column without a name"
                raise InputError(
                    f"{path}:{sheet}{line}: {found}; the first row names all columns: name this one, or take out what stands above the names"
                )
            yield (
                f"{sheet}{line}",
                {key: value for key, value in zip(names, values, strict=True) if key},
            )


def _cell(value: object) -> str | int | float | None:
    """Return a cell as JSON would hold it: dates in ISO, whole numbers without a point, None where it is empty."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int | float) else str(value).strip() or None
