"""The day, number and name of a page: from its file's path, else from the page's folio line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from research.articles.dates import date_of, without_days

_LABEL = re.compile(r"([A-Za-z]{0,3})\s{0,4}(\d+)")
# The folio line is among the first or the last lines of a page.
_LINES_PER_EDGE = 5
_MAX_FOLIO_CHARACTERS = 60
_FOLIO_CUE = re.compile(r"星期[一二三四五六日天]|版|编辑")

# How a file's name, without its day, names the page's number.
_NUMBERS_IN_NAMES = (
    re.compile(r"(?i)(?:page|node|第|p)[-_ ]?([A-Z]?)0{0,6}(\d{1,3})(?!\d)"),  # page 2, 第02
    re.compile(r"([A-Z]?)0{0,6}(\d{1,3})\s{0,4}版"),  # 02版
    re.compile(r"(?:^|[-_ ])([A-Z]?)0{0,6}(\d{1,3})$"),  # 02, paper-A02
)
# How a folio line prints it.
_PRINTED_NUMBERS = (
    re.compile(r"^第?\s*([A-Z]?)0*(\d{1,3})\s*版"),  # 第02版
    re.compile(r"^([A-Z]?)(0\d|\d{2})\s+[\u4e00-\u9fff]{2,8}(?:\s|$)"),  # 02 综合新闻
    re.compile(r"[\u4e00-\u9fff]\s*([A-Z]?)(0\d)(?:\s|$)"),  # 综合新闻 02
)


def day_of_page(path: Path, lines: Sequence[str]) -> str | None:
    """Return the day that the file's name, else a folio line, else the file's folders name."""
    return date_of(path, (line for line in _edge_lines(lines) if _FOLIO_CUE.search(line)))


class PageName(NamedTuple):
    """A page's number, and its name where that has a letter (``A01``)."""

    number: int | None = None
    name: str = ""


def name_of_page(path: Path, lines: Sequence[str]) -> PageName:
    """Return the page's number and name as the file's name, else a folio line has them."""
    name = without_days(path.stem).strip(" -_.")
    for pattern in _NUMBERS_IN_NAMES:
        if match := pattern.search(name):
            return _named(match)
    for line in _edge_lines(lines):
        printed = _printed(line)
        if printed is not None:
            return printed
    return PageName()


def number_and_name(label: str) -> PageName:
    """Return the number and the name of a page from its printed label.

    >>> number_and_name("A3")
    PageName(number=3, name='A03')
    """
    match = _LABEL.search(label)
    if match is None:
        return PageName()
    letters, number = match[1].upper(), int(match[2])
    return PageName(number, f"{letters}{number:02d}" if letters else "")


def _named(match: re.Match[str]) -> PageName:
    return number_and_name(match[1] + match[2])


def _printed(line: str) -> PageName | None:
    if len(line) > _MAX_FOLIO_CHARACTERS or "。" in line:
        return None
    for pattern in _PRINTED_NUMBERS:
        if match := pattern.search(line):
            return _named(match)
    return None


def _edge_lines(lines: Sequence[str]) -> Iterator[str]:
    """Yield the first and the last lines of a page that are not blank, each once."""
    filled = [line.strip() for line in lines if line.strip()]
    yield from filled[:_LINES_PER_EDGE]
    yield from filled[_LINES_PER_EDGE:][-_LINES_PER_EDGE:]
