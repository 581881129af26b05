"""One newspaper page as a text dump gives it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from research.articles import iso_date
from research.errors import InputError
from research.files import decode, refuse_unreadable

# The fullest page of a daily is under 100 kB of text.
MAX_BYTES = 4_000_000
MAX_LINE = 20_000
MAX_LINES = 20_000

_DATES = (
    re.compile(r"(?<!\d)((?:19|20)\d\d)[-_./](\d{1,2})[-_./](\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"),
    re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """Lines of a page (without line ends), and how the file was found to be written.

    ``encoding`` is ``utf-8``, ``utf-8-sig``, ``utf-16`` or ``gb18030``; ``newline`` is ``\\n``,
    ``\\r\\n`` or ``\\r``; ``date`` (ISO) comes from the file's name or its folio line.
    """

    lines: tuple[str, ...]
    source: str = ""
    encoding: str = "utf-8"
    newline: str = "\n"
    date: str | None = None


def read_page(path: str | PathLike[str], encoding: str | None = None) -> Page:
    """Read one page of text, detecting its encoding and line ends.

    Raises InputError (file, line, remedy) when the file is missing, empty, not text or not one page.
    """
    path = Path(path)
    refuse_unreadable(path)
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
    return Page(lines, str(path), found, newline, _date_of(path.name, lines))


def _date_of(name: str, lines: tuple[str, ...]) -> str | None:
    filled = [line for line in lines if line.strip()]
    for text in (name, *filled[:5], *filled[-5:]):
        # In the running text only the folio names the weekday or the page.
        if text is not name and not re.search(r"星期[一二三四五六日天]|版|编辑", text):
            continue
        for pattern in _DATES:
            if found := pattern.search(text):
                try:
                    return iso_date("-".join(found.groups()))
                except ValueError:
                    continue
    return None
