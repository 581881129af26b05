"""Cells of an .xlsx workbook whose formula has no value, or an error for one.

A program that writes formulas does not compute them; the reader of workbooks gives such a cell,
and one with an error, as empty. Does not read values.
"""

from __future__ import annotations

import html
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from research.articles.table_rows import CellMark

Marks = Mapping[tuple[int, int], CellMark]
_ENDINGS = (".xlsx", ".xlsm")
_MAX_SHEET_BYTES = 1_000_000_000
_LETTERS = 26


class _Tag(NamedTuple):
    """An XML tag: its attributes as text, and what follows it up to the next tag of that name."""

    attributes: str
    content: str


def marked_cells(path: Path) -> dict[str, Marks]:
    """Return the odd cells of each sheet by line and column, from 0; none of other formats."""
    if path.suffix.lower() not in _ENDINGS:
        return {}
    try:
        with zipfile.ZipFile(path) as book:
            return {name: _marks(_read(book, part)) for name, part in _parts(book)}
    except (zipfile.BadZipFile, KeyError, OSError, UnicodeDecodeError):
        return {}  # Whether the workbook is damaged, its reader says.


def _read(book: zipfile.ZipFile, part: str) -> str:
    if book.getinfo(part).file_size > _MAX_SHEET_BYTES:
        return ""
    return book.read(part).decode("utf-8")


def _parts(book: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield each sheet's name and the file in the workbook that holds it."""
    targets = {}
    relations = _read(book, "xl/_rels/workbook.xml.rels")
    for attributes, _ in _tags(relations, "Relationship"):
        target = _attribute(attributes, "Target").removeprefix("/").removeprefix("xl/")
        key = _attribute(attributes, "Id")
        targets[key] = f"xl/{target}"
    sheets = _read(book, "xl/workbook.xml")
    for attributes, _ in _tags(sheets, "sheet"):
        key = _attribute(attributes, "r:id")
        part = targets.get(key, "")
        if part in book.NameToInfo:
            name = _attribute(attributes, "name")
            yield html.unescape(name), part


def _tags(xml: str, name: str) -> Iterator[_Tag]:
    for piece in xml.split(f"<{name} ")[1:]:
        attributes, _, content = piece.partition(">")
        yield _Tag(attributes, content)


def _attribute(attributes: str, name: str) -> str:
    _, _, rest = f" {attributes}".partition(f' {name}="')
    value, _, _ = rest.partition('"')
    return value


def _marks(xml: str) -> Marks:
    marks: dict[tuple[int, int], CellMark] = {}
    if "<f" not in xml and 't="e"' not in xml:
        return marks
    for attributes, rest in _tags(xml, "c"):
        content, _, _ = rest.partition("</c>")
        mark = _mark(attributes, content)
        if mark is not None:
            reference = _attribute(attributes, "r")
            marks[_place(reference)] = mark
    return marks


def _mark(attributes: str, content: str) -> CellMark | None:
    if _attribute(attributes, "t") == "e":
        return "error"
    if "<f" not in content:
        return None
    _, _, rest = content.partition("<v>")
    value, _, _ = rest.partition("</v>")
    is_empty_text = _attribute(attributes, "t") == "str"
    return None if value or is_empty_text else "formula"


def _place(reference: str) -> tuple[int, int]:
    """Return line and column, from 0, of a reference such as ``B3``."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = _LETTERS * column + ord(letter) - ord("A") + 1
    line = int(reference[len(letters) :] or 1)
    return line - 1, column - 1
