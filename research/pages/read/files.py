"""One newspaper page: its lines, as a text dump or a PDF gives them."""

from __future__ import annotations

import re
from os import PathLike
from pathlib import Path

from research.articles.dates import date_of, without_days
from research.errors import InputError
from research.files import decode, refuse_unreadable
from research.pages.read.page import Page

# The fullest page of a daily is under 100 kB of text.
MAX_BYTES = 4_000_000
MAX_LINE = 20_000
MAX_LINES = 20_000

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


def read_page(path: str | PathLike[str], encoding: str | None = None) -> Page:
    """Read one page, a text dump (its encoding and line ends are detected) or a PDF of one page.

    Raises InputError (file, line, remedy) when the file is missing, empty, neither text nor PDF, or not one page.
    """
    pages = read_pages(path, encoding)
    if len(pages) != 1:
        raise InputError(
            f"{path}: {len(pages)} pages; read them with read_pages, or give one page a file"
        )
    return pages[0]


def read_pages(path: str | PathLike[str], encoding: str | None = None) -> list[Page]:
    """Read a file's pages: one of a text dump, one or more of a PDF (numbered as they come, where more); see :func:`read_page`."""
    path = Path(path)
    refuse_unreadable(path)
    if path.suffix.lower() != ".pdf":
        return [_read_text_page(path, encoding)]
    from research.pages.read.pdf import read_pdf

    read = read_pdf(path)
    day = date_of(path, _folio(read[0][0]))
    return [
        Page(
            lines,
            str(path),
            "pdf",
            "",
            day,
            _number_of(path, lines) if len(read) == 1 else number,
            boxes,
            sizes,
        )
        for number, (lines, boxes, sizes) in enumerate(read, 1)
    ]


def _read_text_page(path: Path, encoding: str | None) -> Page:
    if (size := path.stat().st_size) > MAX_BYTES:
        raise InputError(
            f"{path}: {size:,} bytes is no newspaper page (at most {MAX_BYTES:,}); give one page a file"
        )
    text, found = decode(path.read_bytes(), str(path), encoding)
    if not text.strip():
        raise InputError(
            f"{path}: the page is empty; a scanned page needs text recognition (OCR) first"
        )
    newline = "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n"
    # Not splitlines(): form feeds and U+2028 inside a dump would shift the line numbers.
    lines = tuple(re.split(r"\r\n|\r|\n", text))
    if len(lines) > MAX_LINES:
        raise InputError(
            f"{path}: {len(lines):,} lines are no newspaper page (at most {MAX_LINES:,}); give one page a file"
        )
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_LINE:
            raise InputError(
                f"{path}:{number}: a line of {len(line):,} characters is no printed line; give the page with its line breaks"
            )
    return Page(
        lines, str(path), found, newline, date_of(path, _folio(lines)), _number_of(path, lines)
    )


def _number_of(path: Path, lines: tuple[str, ...]) -> int | None:
    """Return the page's number, from the file's name or the folio line."""
    name = without_days(path.stem).strip(" -_.")
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
