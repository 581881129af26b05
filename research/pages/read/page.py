"""Page: what a reader of any kind of file gives to the splitter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from research.articles.article import Box

# How many times as large as the text a headline is set at least.
HEADLINE_SIZE = 1.25


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


def body_size(pieces: Iterable[tuple[float, str]]) -> float:
    """Return the print size that most characters have, of pieces of text and their sizes."""
    weight: dict[float, int] = {}
    for size, text in pieces:
        weight[round(size, 1)] = weight.get(round(size, 1), 0) + len(text)
    return max(weight, key=lambda size: (weight[size], -size))
