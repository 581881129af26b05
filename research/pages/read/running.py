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

from research.articles.article import around
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
    patterns = _count_patterns(rows)
    running = _running(edges, patterns, len(pages))
    texts = {number: _running_texts(page_rows) for number, page_rows in running.items()}
    numbers = printed_numbers(texts, len(pages))
    sheets = []
    for number, page in enumerate(pages):
        sheet = _sheet(page, running.get(number, []))
        printed = numbers.get(number)
        if printed is not None:
            name = printed.name or _page_of_paper(sheet.running)
            sheet = sheet._replace(number=printed.value, name=name)
        sheets.append(sheet)
    return sheets


def _count_patterns(pages: Sequence[Sequence[list[Piece]]]) -> Counter[str]:
    """Return how often each pattern occurs among the rows of all pages."""
    patterns = Counter[str]()
    for rows in pages:
        patterns.update(without_numbers(_text(row)) for row in rows)
    return patterns


def _running_texts(rows: Sequence[_Row]) -> list[RunningText]:
    return [RunningText(f"{row.is_top} {row.pattern}", row.text) for row in rows]


def _sheet(page: Sequence[Piece], running: Sequence[_Row]) -> Sheet:
    """Return a page without its running rows, unless it has no others."""
    n_running = sum(len(row.pieces) for row in running)
    if n_running >= len(page):
        return Sheet(list(page), [])
    pieces = {id(piece) for row in running for piece in row.pieces}
    rest = [piece for piece in page if id(piece) not in pieces]
    lines = [_line(row) for row in running]
    days = map(day_in_text, (row.text for row in running))
    day = next(filter(None, days), None)
    return Sheet(rest, lines, day=day)


def _page_of_paper(lines: Sequence[PrintedLine]) -> str:
    """Return the newspaper's page that the first of the running lines to name one names."""
    names = map(page_of_paper, (line.text for line in lines))
    return next(filter(None, names), "")


def _line(row: _Row) -> PrintedLine:
    size = max(piece.size for piece in row.pieces)
    left, top, right, _ = around(piece.box for piece in row.pieces)
    box = (left, top, right, row.bottom)
    return PrintedLine(row.text, box, round(size, 2))


def _text(row: Sequence[Piece]) -> str:
    in_order = sorted(row, key=lambda piece: piece.box[0])
    texts = [piece.text for piece in in_order]
    return " ".join(texts)


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
            bottom = places[place]
            is_last = place + 1 == len(places)
            following = bottom if is_last else places[place + 1]
            distance = abs(following - bottom)
            text = _text(pieces)
            pattern = without_numbers(text)
            row = _Row(page, is_top, place, pieces, text, pattern, bottom, distance)
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
            edge = [row for row in page if row.is_top == is_top]
            for row in edge:
                is_placed = row.place == 0 and id(row) in placed
                is_running = is_placed or _is_repeated(row, repeated)
                if not is_running:
                    break
                running[row.page].append(row)
    return dict(running)


def _is_repeated(row: _Row, repeated: Mapping[tuple[bool, str], float]) -> bool:
    """Return whether a row has a pattern that comes again, and stands at its usual place."""
    usual = repeated.get((row.is_top, row.pattern))
    if usual is None:
        return False
    return abs(row.bottom - usual) < _MAX_DIFFERENCE


def _repeated(
    rows: Sequence[_Row], patterns: Mapping[str, int], n_pages: int
) -> dict[tuple[bool, str], float]:
    """Return the patterns that come again at an edge, each with its usual place."""
    bottoms: dict[tuple[bool, str], list[float]] = defaultdict(list)
    for row in rows:
        if len(row.text) <= _MAX_CHARACTERS:
            places = bottoms[row.is_top, row.pattern]
            places.append(row.bottom)
    least: float = 2
    if n_pages > _MIN_PAGES:
        least = max(_MIN_PAGES, _MIN_SHARE_OF_PAGES * n_pages)
    repeated = {}
    for (is_top, pattern), places in bottoms.items():
        usual = statistics.median(places)
        differences = [abs(place - usual) for place in places]
        n_at_place = sum(difference < _MAX_DIFFERENCE for difference in differences)
        least_of_pattern = _MIN_SHARE_AT_EDGES * patterns[pattern]
        if n_at_place >= max(least, least_of_pattern):
            repeated[is_top, pattern] = usual
    return repeated


def _at_one_place(rows: Sequence[_Row], n_pages: int) -> set[int]:
    """Return outermost rows that stand apart from the text at one place on most pages."""
    distances = [row.distance for row in rows if row.distance > 0]
    pitch = statistics.median(distances or [0.0])
    at_place: set[int] = set()
    if n_pages <= _MIN_PAGES:
        return at_place
    outermost = [row for row in rows if row.place == 0]
    for is_top in (True, False):
        outer = [row for row in outermost if row.is_top == is_top]
        if not outer:
            continue
        usual = statistics.median(row.bottom for row in outer)
        level = [row for row in outer if abs(row.bottom - usual) < _MAX_DIFFERENCE]
        apart = [row for row in level if row.distance >= _MIN_DISTANCE * pitch]
        short = [row for row in apart if len(row.text) <= _MAX_CHARACTERS]
        is_usual = len(short) >= _MIN_SHARE_AT_PLACE * n_pages
        are_all_alike = len(short) == len(level)
        if is_usual and are_all_alike:
            at_place.update(map(id, short))
    return at_place
