"""One newspaper page: its lines, as a text dump or a PDF gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from research.articles import Box, iso_date
from research.errors import InputError
from research.files import decode, refuse_unreadable

# The fullest page of a daily is under 100 kB of text.
MAX_BYTES = 4_000_000
MAX_LINE = 20_000
MAX_LINES = 20_000
# How many times as large as the text a headline is set at least.
HEADLINE_SIZE = 1.25

_DATES = (
    re.compile(r"(?<!\d)((?:19|20)\d\d)[-_./](\d{1,2})[-_./](\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"),
    re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)"),
)
_NAMED_NUMBERS = (
    re.compile(r"(?i)(?:page|node|第|p)[-_ ]?[A-Z]?0*(\d{1,3})(?!\d)"),
    re.compile(r"0*(\d{1,3})\s*版"),
    re.compile(r"(?:^|[-_ ])[A-Z]?0*(\d{1,3})$"),
)
_PRINTED_NUMBERS = (
    re.compile(r"^第?\s*[A-Z]?0*(\d{1,3})\s*版"),
    re.compile(r"^[A-Z]?(0\d|\d{2})\s+[\u4e00-\u9fff]{2,8}(?:\s|$)"),
    re.compile(r"[\u4e00-\u9fff]\s*[A-Z]?(0\d)(?:\s|$)"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """Lines of a page (without line ends), and how the file was found to be written.

    ``encoding`` is ``utf-8``, ``utf-8-sig``, ``utf-16`` or ``gb18030``; ``newline`` is ``\\n``,
    ``\\r\\n`` or ``\\r``; ``date`` (ISO) and ``number`` come from the file's name or its folio line.
    From a PDF each line also has its box, ``(left, top, right, bottom)`` in points from the page's upper left corner
    (None for a blank line), and the size of its print in points.
    """

    lines: tuple[str, ...]
    source: str = ""
    encoding: str = "utf-8"
    newline: str = "\n"
    date: str | None = None
    number: int | None = None
    boxes: tuple[Box | None, ...] = ()
    sizes: tuple[float, ...] = ()


def read_page(path: str | PathLike[str], encoding: str | None = None) -> Page:
    """Read one page, a text dump (its encoding and line ends are detected) or a PDF of one page.

    Raises InputError (file, line, remedy) when the file is missing, empty, neither text nor PDF, or not one page.
    """
    pages = read_pages(path, encoding)
    if len(pages) != 1:
        raise InputError(f"{path}: {len(pages)} pages; read them with read_pages, or give one page a file")
    return pages[0]


def read_pages(path: str | PathLike[str], encoding: str | None = None) -> list[Page]:
    """Read a file's pages: one of a text dump, one or more of a PDF (numbered as they come, where more); see :func:`read_page`."""
    path = Path(path)
    refuse_unreadable(path)
    if path.suffix.lower() != ".pdf":
        return [_read_text_page(path, encoding)]
    from research.pages.pdf import read_pdf

    read = read_pdf(path)
    day = date_of(path, _folio(read[0][0]))
    return [
        Page(lines, str(path), "pdf", "", day, _number_of(path, lines) if len(read) == 1 else number, boxes, sizes)
        for number, (lines, boxes, sizes) in enumerate(read, 1)
    ]


def _read_text_page(path: Path, encoding: str | None) -> Page:
    if (size := path.stat().st_size) > MAX_BYTES:
        raise InputError(f"{path}: {size:,} bytes is no newspaper page (at most {MAX_BYTES:,}); give one page a file")
    text, found = decode(path.read_bytes(), str(path), encoding)
    if not text.strip():
        raise InputError(f"{path}: the page is empty; a scanned page needs text recognition (OCR) first")
    newline = "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n"
    # Not splitlines(): form feeds and U+2028 inside a dump would shift the line numbers.
    lines = tuple(re.split(r"\r\n|\r|\n", text))
    if len(lines) > MAX_LINES:
        raise InputError(f"{path}: {len(lines):,} lines are no newspaper page (at most {MAX_LINES:,}); give one page a file")
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_LINE:
            raise InputError(f"{path}:{number}: a line of {len(line):,} characters is no printed line; give the page with its line breaks")
    return Page(lines, str(path), found, newline, date_of(path, _folio(lines)), _number_of(path, lines))


def body_size(pieces: Iterable[tuple[float, str]]) -> float:
    """Return the print size that most characters have, of pieces of text and their sizes."""
    weight: dict[float, int] = {}
    for size, text in pieces:
        weight[round(size, 1)] = weight.get(round(size, 1), 0) + len(text)
    return max(weight, key=lambda size: (weight[size], -size))


def date_of(path: Path, lines: Iterable[str]) -> str | None:
    """Return the day that the file's name, one of *lines* or the file's folders tell, in this order."""
    for text in (path.name, *lines, "/".join(path.parts[-4:-1])):
        for pattern in _DATES:
            if found := pattern.search(text):
                try:
                    return iso_date("-".join(found.groups()))
                except ValueError:
                    continue
    return None


def _number_of(path: Path, lines: tuple[str, ...]) -> int | None:
    """Return the page's number, from the file's name or the folio line."""
    name = path.stem
    for pattern in _DATES:
        name = pattern.sub(" ", name)
    for pattern in _NAMED_NUMBERS:
        if found := pattern.search(name):
            return int(found[1])
    for line in _edges(lines):
        for pattern in _PRINTED_NUMBERS:
            if len(line) <= 60 and "。" not in line and (found := pattern.search(line)):
                return int(found[1])
    return None


def _folio(lines: tuple[str, ...]) -> list[str]:
    return [line for line in _edges(lines) if re.search(r"星期[一二三四五六日天]|版|编辑", line)]


def _edges(lines: tuple[str, ...]) -> list[str]:
    filled = [line.strip() for line in lines if line.strip()]
    return [*filled[:5], *filled[max(5, len(filled) - 5) :]]
