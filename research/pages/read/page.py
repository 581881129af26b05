"""Page: what a reader of any kind of file gives to the splitter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from research.articles.article import Box

# A headline's print is at least this many times as large as the text's.
HEADLINE_SIZE = 1.25


class PageStart(NamedTuple):
    """Where a page of a document begins: its first line, its number, printed name and day."""

    line: int
    number: int
    name: str = ""
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A newspaper page.

    Parameters
    ----------
    lines : without line ends.
    source : the file's path.
    encoding : of the file, as detected: ``utf-8``, ``utf-8-sig``, ``utf-16``, ``gb18030``; ``pdf``.
    newline : of the file: ``\\n``, ``\\r\\n`` or ``\\r``; "" for a PDF.
    date : ISO, from the file's path or the folio line.
    number : the page number, from the file's name or the folio line.
    name : the page's printed name where that has a letter, as ``A01``.
    boxes : from a PDF, the place of each line, ``(left, top, right, bottom)`` in points from the
        page's upper left corner; None for a blank line.
    sizes : from a PDF, the print size of each line in points; 0 for a blank line. Of a document
        whose text runs on: () where its styles set no headlines apart.
    running : the numbers of the lines that are running heads or page numbers.
    runs_on : whether the page is of a document whose text runs on from page to page.
    starts : of such pages that were joined (:func:`joined`), where each begins.
    n_healed : how many characters that cannot be read were taken out of a text dump.
    """

    lines: tuple[str, ...]
    source: str = ""
    encoding: str = "utf-8"
    newline: str = "\n"
    date: str | None = None
    number: int | None = None
    name: str = ""
    boxes: tuple[Box | None, ...] = ()
    sizes: tuple[float, ...] = ()
    running: frozenset[int] = frozenset()
    runs_on: bool = False
    starts: tuple[PageStart, ...] = ()
    n_healed: int = 0


def joined(pages: Iterable[Page]) -> list[Page]:
    """Join the pages of each document whose text runs on; leave other pages as they are."""
    all_joined: list[Page] = []
    for page in pages:
        before = all_joined[-1] if all_joined else None
        if not page.runs_on:
            all_joined.append(page)
        elif before is not None and before.starts and before.source == page.source:
            all_joined[-1] = _append(before, page)
        else:
            start = PageStart(1, page.number or 1, page.name, page.date)
            all_joined.append(replace(page, starts=(start,)))
    return all_joined


def _append(document: Page, page: Page) -> Page:
    n_lines = len(document.lines)
    last = document.starts[-1]
    number = last.number + 1 if page.number is None else page.number
    start = PageStart(n_lines + 1, number, page.name, page.date or last.date)
    running = {n_lines + line for line in page.running}
    return replace(
        document,
        lines=document.lines + page.lines,
        boxes=document.boxes + page.boxes,
        sizes=document.sizes + page.sizes,
        running=document.running | running,
        starts=(*document.starts, start),
    )


def body_size(pieces: Iterable[tuple[float, str]]) -> float:
    """Return the print size that most characters have.

    Parameters
    ----------
    pieces : print sizes in points, and the texts that are set in them.
    """
    characters = Counter[float]()
    for size, text in pieces:
        rounded = round(size, 1)
        characters[rounded] += len(text)
    most = max(characters.values())
    sizes = [size for size, count in characters.items() if count == most]
    return min(sizes)
