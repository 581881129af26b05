"""A text dump of a page → its lines. What the lines are is decided by ``split``."""

from __future__ import annotations

import re
from pathlib import Path

from research.articles.characters import heal
from research.errors import InputError
from research.files import decode
from research.pages.read.folio import day_of_page, name_of_page
from research.pages.read.page import Page

# The fullest page of a daily is under 100 kB of text.
MAX_BYTES_PER_PAGE = 4_000_000
MAX_CHARACTERS_PER_LINE = 20_000
MAX_LINES_PER_PAGE = 20_000
# Not splitlines(): form feeds and U+2028 inside a dump would shift the line numbers.
_LINE_END = re.compile(r"\r\n|\r|\n")


def read_text_page(path: Path, encoding: str | None = None) -> Page:
    """Read a text dump of one page.

    Parameters
    ----------
    path : the file, of one page.
    encoding : by default UTF-8, UTF-16 or GB18030 is detected.

    Raises
    ------
    InputError
        With file, line and remedy, when it is empty, no text, or larger than a page.
    """
    size = path.stat().st_size
    if size > MAX_BYTES_PER_PAGE:
        raise InputError(
            f"{path}: {size:,} bytes is no newspaper page (at most {MAX_BYTES_PER_PAGE:,}); "
            "give one page a file"
        )
    decoded, detected = decode(path.read_bytes(), str(path), encoding, few_nuls=True)
    text, n_healed = heal(decoded)
    if not text.strip():
        raise InputError(
            f"{path}: the page is empty; a scanned page needs text recognition (OCR) first"
        )
    lines = tuple(_LINE_END.split(text))
    _refuse_oversized(lines, path)
    number, name = name_of_page(path, lines)
    return Page(
        lines=lines,
        source=str(path),
        encoding=detected,
        newline=_newline_of(text),
        date=day_of_page(path, lines),
        number=number,
        name=name,
        n_healed=n_healed,
    )


def _newline_of(text: str) -> str:
    if "\r\n" in text:
        return "\r\n"
    if "\r" in text and "\n" not in text:
        return "\r"
    return "\n"


def _refuse_oversized(lines: tuple[str, ...], path: Path) -> None:
    if len(lines) > MAX_LINES_PER_PAGE:
        raise InputError(
            f"{path}: {len(lines):,} lines are no newspaper page (at most {MAX_LINES_PER_PAGE:,}); "
            "give one page a file"
        )
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_CHARACTERS_PER_LINE:
            raise InputError(
                f"{path}:{number}: a line of {len(line):,} characters is no printed line; "
                "give the page with its line breaks"
            )
