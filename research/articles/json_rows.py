"""JSON → rows: an object per line, a list, or one document with articles somewhere in it.

Which objects of a document are articles is decided in ``nested``.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Sequence
from io import BufferedReader
from typing import Any, BinaryIO

from research.articles.annotation_tools import annotated_rows, joined_annotators
from research.articles.nested import article_rows
from research.articles.table_rows import MAX_ROW_BYTES, CellRow, Reading, Row, name_cells
from research.errors import InputError
from research.files import UTF16_BOMS

MAX_LIST_BYTES = 500_000_000
_BYTES_PEEKED = 4096
_SPACE_BEFORE_JSON = b"\xef\xbb\xbf \t\r\n"
# The shell of MongoDB writes calls where JSON has no type.
_MONGO_CALL = re.compile(r'\b(?:ISODate|ObjectId|NumberLong|NumberInt)\(\s*("[^"]*"|\d+)\s*\)')
_SPACES = re.compile(r"\s*")


def json_rows(handle: BufferedReader, reading: Reading) -> Iterator[Row]:
    """Yield the articles of a JSON file of any shape."""
    for place, row in joined_annotators(_objects(handle, reading)):
        yield from article_rows_of(place, row, reading)


def article_rows_of(place: str, row: dict[str, Any], reading: Reading) -> Iterator[Row]:
    """Yield the articles in an object, or the object where it is one, with its label."""
    annotated = annotated_rows(place, row, reading)
    if annotated is None:
        annotated = article_rows(place, row, reading.fields)
    yield from annotated


def _objects(handle: BufferedReader, reading: Reading) -> Iterator[Row]:
    start = handle.peek(_BYTES_PEEKED)
    if start.startswith(UTF16_BOMS):
        text = handle.read().decode("utf-16", "replace")
        handle = io.BufferedReader(io.BytesIO(text.encode()))
        start = handle.peek(_BYTES_PEEKED)
    first_line = start.lstrip(_SPACE_BEFORE_JSON).partition(b"\n")[0].strip()
    if first_line.startswith(b"[") or first_line == b"{":
        return _document(handle, reading)
    return _lines(handle, reading)


def _lines(handle: BinaryIO, reading: Reading) -> Iterator[Row]:
    """Yield the object of each line; note lines that hold none."""
    line = 0
    while raw := handle.readline(MAX_ROW_BYTES + 1):
        line += 1
        place = str(line)
        if len(raw) > MAX_ROW_BYTES:
            raise InputError(
                f"{reading.source}:{place}: a row of over {MAX_ROW_BYTES:,} bytes; "
                "a corpus has one article a line"
            )
        try:
            text = raw.decode("utf-8").strip("\ufeff \t\r\n")
        except UnicodeDecodeError:
            message = (
                "not UTF-8; JSON Lines are UTF-8: convert the file (iconv -f GB18030 -t UTF-8)"
            )
            reading.problems.add("encoding", reading.source, place, message)
            continue
        row = _object(text, place, reading) if text else None
        if row is not None:
            yield place, row


def _object(text: str, place: str, reading: Reading) -> dict[str, Any] | None:
    try:
        row = _parse(text)
    except (json.JSONDecodeError, RecursionError) as error:
        message = f"not JSON ({error}); write one object a line"
        reading.problems.add("not_json", reading.source, place, message)
        return None
    if isinstance(row, dict):
        return row
    kind = type(row).__name__
    message = f'a {kind}, not an object; write one object a line, such as {{"text": "…"}}'
    reading.problems.add("not_an_object", reading.source, place, message)
    return None


def _parse(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        without_calls = _MONGO_CALL.sub(r"\1", text)
        if without_calls == text:
            raise
        return json.loads(without_calls)


def _document(handle: BinaryIO, reading: Reading) -> Iterator[Row]:
    """Yield the objects of a file that is one list or object, or several one after another."""
    raw = handle.read(MAX_LIST_BYTES + 1)
    if len(raw) > MAX_LIST_BYTES:
        raise InputError(
            f"{reading.source}: a list of over {MAX_LIST_BYTES:,} bytes; "
            "write one object a line (.jsonl), which is read a line at a time"
        )
    shape = "a list" if raw.lstrip(_SPACE_BEFORE_JSON).startswith(b"[") else "an object"
    try:
        values = _values(raw.decode("utf-8-sig"))
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(
            f"{reading.source}: begins as {shape} but is not JSON ({error}); "
            "write it again, or one object a line (.jsonl)"
        ) from None
    items: list[Any] = []
    if all(map(_is_row_of_cells, values)):
        items = values
    else:
        for value in values:
            items += value if isinstance(value, list) else [value]
    if items and all(isinstance(item, list) for item in items):
        yield from _rows_of_lists(items, reading)
        return
    for number, item in enumerate(items, 1):
        if isinstance(item, dict):
            yield f"item {number}", item
            continue
        kind = type(item).__name__
        message = f'a {kind}, not an object; give objects such as {{"text": "…"}}'
        reading.problems.add("not_an_object", reading.source, f"item {number}", message)


def _is_row_of_cells(value: object) -> bool:
    return isinstance(value, list) and not any(isinstance(cell, dict | list) for cell in value)


def _rows_of_lists(lists: Sequence[list[Any]], reading: Reading) -> Iterator[Row]:
    """Yield the objects in lists, or rows of cells under a header."""
    if any(isinstance(item, dict) for item in lists[0]):
        for number, items in enumerate(lists, 1):
            for article in items:
                yield f"item {number}", {"items": article}
        return
    rows = (CellRow(f"item {number}", cells) for number, cells in enumerate(lists, 1))
    yield from name_cells(rows, reading)


def _values(text: str) -> list[Any]:
    """Return the JSON values that a text holds one after another."""
    text = _MONGO_CALL.sub(r"\1", text)
    decoder = json.JSONDecoder()
    values: list[Any] = []
    position = _skip_spaces(text, 0)
    while position < len(text):
        value, end = decoder.raw_decode(text, position)
        values.append(value)
        position = _skip_spaces(text, end)
    return values


def _skip_spaces(text: str, position: int) -> int:
    match = _SPACES.match(text, position)
    return position if match is None else match.end()
