"""Page: what a reader of any kind of file gives to the splitter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from research.articles.article import Box

# A headline's print is at least this many times as large as the text's.
HEADLINE_SIZE = 1.25


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
    sizes : from a PDF, the print size of each line in points; 0 for a blank line.
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
