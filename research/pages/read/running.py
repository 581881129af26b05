"""Running heads and page numbers: lines at the edges of a PDF's pages by a pattern of the file.

A line is one where its text, but for numbers, comes again at the same edge of other pages, be it
on every second page, or where a line by itself stands at its place on most pages. Knows pieces of
print only.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from research.articles.dates import day_in_text
from research.pages.read.printed_numbers import (
    RunningText,
    page_of_paper,
    printed_numbers,
    without_numbers,
)
from research.pages.read.reading_order import Piece, PrintedLine, rows_of

_ROWS_PER_EDGE = 3
_MIN_SHARE_OF_PAGES = 0.12
_MIN_PAGES = 3
_MIN_SHARE_AT_EDGES = 0.7  # Of the rows with the same text; a source line stands anywhere.
_MIN_SHARE_AT_PLACE = 0.6  # Of the pages, for lines of which only the place comes again.
_MAX_DIFFERENCE = 4.0  # points by which the places of one running line differ
_MIN_DISTANCE = 1.4  # from the text, times the distance of its rows
_MAX_CHARACTERS = 60


class Sheet(NamedTuple):
    """A page without its running lines.

    ``number`` is printed on it, else counted on from a page on which one is; ``name`` is the number
    as printed where that is no decimal one, else the newspaper's page (``01版``) where the running
    lines name it besides; ``day`` stands in a running line.
    """

    pieces: list[Piece]
    running: list[PrintedLine]
    number: int | None = None
    name: str = ""
    day: str | None = None


class _Row(NamedTuple):
    """A row at an edge of a page; ``place`` is its rank from the edge, ``distance`` to the next."""

    page: int
    is_top: bool
    place: int
    pieces: list[Piece]
    text: str
    pattern: str
    bottom: float
    distance: float


def without_running(pages: Sequence[Sequence[Piece]]) -> list[Sheet]:
    """Take the running lines of all pages out; a page of one row keeps it."""
    rows = [rows_of(page) for page in pages]
    edges = [_edge_rows(number, page) for number, page in enumerate(rows)]
    patterns = Counter(without_numbers(_text(row)) for page in rows for row in page)
    running = _running(edges, patterns, len(pages))
    texts = {
        number: [RunningText(f"{row.is_top} {row.pattern}", row.text) for row in taken]
        for number, taken in running.items()
    }
    numbers = printed_numbers(texts, len(pages))
    sheets = []
    for number, page in enumerate(pages):
        taken = running.get(number, [])
        if sum(len(row.pieces) for row in taken) >= len(page):
            taken = []
        out = {id(piece) for row in taken for piece in row.pieces}
        left = [piece for piece in page if id(piece) not in out]
        printed = numbers.get(number)
        days = (day_in_text(row.text) for row in taken)
        day = next(filter(None, days), None)
        lines = [_line(row) for row in taken]
        sheet = Sheet(left, lines, day=day)
        if printed is not None:
            of_paper = next(filter(None, (page_of_paper(line.text) for line in lines)), "")
            sheet = sheet._replace(number=printed.value, name=printed.name or of_paper)
        sheets.append(sheet)
    return sheets


def _line(row: _Row) -> PrintedLine:
    left = min(piece.box[0] for piece in row.pieces)
    top = min(piece.box[1] for piece in row.pieces)
    right = max(piece.box[2] for piece in row.pieces)
    size = max(piece.size for piece in row.pieces)
    return PrintedLine(row.text, (left, top, right, row.bottom), round(size, 2))


def _text(row: Sequence[Piece]) -> str:
    in_order = sorted(row, key=lambda piece: piece.box[0])
    return " ".join(piece.text for piece in in_order)


def _edge_rows(page: int, rows: Sequence[list[Piece]]) -> list[_Row]:
    """Return the rows next to a page's edges, the outermost first."""
    n_rows = min(_ROWS_PER_EDGE, len(rows))
    bottoms = [max(piece.box[3] for piece in row) for row in rows]
    edge_rows = []
    for is_top in (True, False):
        # Counted from the edge, downwards or upwards.
        inwards = rows if is_top else rows[::-1]
        places = bottoms if is_top else bottoms[::-1]
        for place in range(n_rows):
            pieces = inwards[place]
            text = _text(pieces)
            following = places[place + 1 : place + 2] or [places[place]]
            distance = abs(following[0] - places[place])
            pattern = without_numbers(text)
            row = _Row(page, is_top, place, pieces, text, pattern, places[place], distance)
            edge_rows.append(row)
    return edge_rows


def _running(
    edges: Sequence[Sequence[_Row]], patterns: Mapping[str, int], n_pages: int
) -> dict[int, list[_Row]]:
    """Return the running rows of each page: outermost ones, and those next to running ones."""
    all_rows = [row for page in edges for row in page]
    repeated = _repeated(all_rows, patterns, n_pages)
    placed = _at_one_place(all_rows, n_pages)
    running = defaultdict(list)
    for page in edges:
        for is_top in (True, False):
            for row in (row for row in page if row.is_top == is_top):
                key = (row.is_top, row.pattern)
                is_running = key in repeated and abs(row.bottom - repeated[key]) < _MAX_DIFFERENCE
                if not is_running and (row.place > 0 or id(row) not in placed):
                    break
                running[row.page].append(row)
    return dict(running)


def _repeated(
    rows: Sequence[_Row], patterns: Mapping[str, int], n_pages: int
) -> dict[tuple[bool, str], float]:
    """Return the patterns that come again at an edge, each with its usual place."""
    bottoms: dict[tuple[bool, str], list[float]] = defaultdict(list)
    for row in rows:
        if len(row.text) <= _MAX_CHARACTERS:
            bottoms[row.is_top, row.pattern].append(row.bottom)
    least = max(_MIN_PAGES, _MIN_SHARE_OF_PAGES * n_pages) if n_pages > _MIN_PAGES else 2
    repeated = {}
    for key, places in bottoms.items():
        usual = statistics.median(places)
        n_there = sum(abs(place - usual) < _MAX_DIFFERENCE for place in places)
        if n_there >= least and n_there >= _MIN_SHARE_AT_EDGES * patterns[key[1]]:
            repeated[key] = usual
    return repeated


def _at_one_place(rows: Sequence[_Row], n_pages: int) -> set[int]:
    """Return outermost rows that stand apart from the text at one place on most pages."""
    pitch = statistics.median([row.distance for row in rows if row.distance > 0] or [0.0])
    at_place: set[int] = set()
    for is_top in (True, False):
        outer = [row for row in rows if row.place == 0 and row.is_top == is_top]
        if not outer or n_pages <= _MIN_PAGES:
            continue
        usual = statistics.median(row.bottom for row in outer)
        there = [row for row in outer if abs(row.bottom - usual) < _MAX_DIFFERENCE]
        apart = [row for row in there if row.distance >= _MIN_DISTANCE * pitch]
        short = [row for row in apart if len(row.text) <= _MAX_CHARACTERS]
        if len(short) >= _MIN_SHARE_AT_PLACE * n_pages and len(short) == len(there):
            at_place.update(id(row) for row in short)
    return at_place
