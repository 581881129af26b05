"""A PDF whose text runs on from page to page → its lines, and the headlines that its styles show.

A document is set in the same columns throughout, which are found over all of its pages; a page of
a newspaper is made up anew each time, and ``reading_order`` cuts it. What is a headline is decided
over the file, too: lines of larger print, else of another font, else centred ones.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from research.articles.article import around
from research.pages.marks.jumps import JUMP_FROM
from research.pages.read.page import HEADLINE_SIZE, body_size
from research.pages.read.reading_order import (
    BLANK_LINE,
    INDENT,
    Piece,
    PrintedLine,
    is_indent,
    rows_of,
)

_MAX_COLUMNS = 3
_MAX_AREA = 1_100_000  # Square points, a little over A3: a larger page is a newspaper's.
_MIN_SHARE_OVER = 0.25  # Of the page ends, those over which text goes on.
_SENTENCE_ENDS = tuple("。！？…；：.!?”’」』》）)】")
_MIN_SHARE_FILLED = 0.6
_MAX_UNFILLED = 2.5  # Of a page's last line, in multiples of the size: a headline needs two lines.
# Of gutters, in multiples of the text's size, and shares of its width and of its rows.
_MIN_GUTTER = 0.8
_MAX_COVERAGE = 0.03
_EDGE = 0.15
# Of headlines.
_MIN_SIZE_DIFFERENCE = 1.05
_MIN_GROUPS = 2
_MIN_SHARE_OF_GROUPS = 0.1
_SAME_CLASS = 0.93
_MAX_HEADLINE_CHARACTERS = 120
_MIN_CENTRED_OFFSET = 2.7  # More than an indent, in multiples of the size.
_MAX_OFF_CENTRE = 1.2
_MIN_EXTRA_GAP = 0.5  # Over the usual distance of rows, in multiples of the size.


class FlowLine(NamedTuple):
    """A line of a document, with what its style shows."""

    line: PrintedLine
    font: str = ""
    is_centred: bool = False


class Flow(NamedTuple):
    """The lines of every page in reading order, and whether styles set headlines apart."""

    pages: list[list[PrintedLine]]
    has_headlines: bool


def flow_of(pages: Sequence[Sequence[Piece]], areas: Sequence[float]) -> Flow | None:
    """Return the lines of a document whose text runs on over its pages; None where it does not.

    Parameters
    ----------
    pages : the pieces of each page, without running heads.
    areas : of the pages, in square points.
    """
    if len(pages) < 2 or max(areas) > _MAX_AREA:
        return None
    filled = [piece for page in pages for piece in page]
    if not filled:
        return None
    body = body_size((piece.size, piece.text) for piece in filled)
    columns = _columns(filled, body)
    if len(columns) > _MAX_COLUMNS:
        return None
    lines = [list(_lines_of_page(page, columns, body)) for page in pages]
    is_filled = len(columns) == 1 and _fills_pages(lines, body)
    if not is_filled and not _runs_on(lines, body):
        return None
    return _with_headlines(lines, body)


class _Column(NamedTuple):
    """The left and right edge of a column, in points."""

    left: float
    right: float


def _columns(pieces: Sequence[Piece], body: float) -> list[_Column]:
    """Return the columns of the file: between bands that hardly any row reaches into."""
    left = min(piece.box[0] for piece in pieces)
    right = max(piece.box[2] for piece in pieces)
    covered = Counter[int]()
    for piece in pieces:
        covered.update(range(int(piece.box[0]), int(piece.box[2]) + 1))
    usual = statistics.median(covered.values())
    width = right - left
    inner = range(int(left + _EDGE * width), int(right - _EDGE * width))
    edges = [left]
    for is_blank, points in groupby(inner, lambda x: covered[x] <= _MAX_COVERAGE * usual):
        band = list(points)
        if is_blank and len(band) >= _MIN_GUTTER * body:
            edges += [band[0], band[-1]]
    edges.append(right)
    return [_Column(*edges[k : k + 2]) for k in range(0, len(edges), 2)]


def _lines_of_page(
    page: Sequence[Piece], columns: Sequence[_Column], body: float
) -> Iterator[FlowLine]:
    """Yield a page's lines, column by column between lines that are set over several columns."""
    across = [piece for piece in page if _column_of(piece, columns) is None]
    tops = sorted(piece.box[1] for piece in across)
    for number in range(len(tops) + 1):
        above = tops[number - 1] if number else float("-inf")
        below = tops[number] if number < len(tops) else float("inf")
        head = [piece for piece in across if piece.box[1] == above]
        if head:
            whole = _Column(columns[0].left, columns[-1].right)
            yield from _lines_of_column(head, whole, body)
        between = [piece for piece in page if above < piece.box[1] < below]
        for column in columns:
            inside = [piece for piece in between if _column_of(piece, columns) == column]
            yield from _lines_of_column(inside, column, body)


def _column_of(piece: Piece, columns: Sequence[_Column]) -> _Column | None:
    """Return the column that a piece is in, None where it reaches into several."""
    if len(columns) == 1:
        return columns[0]
    reached = [
        column for column in columns if piece.box[0] < column.right and piece.box[2] > column.left
    ]
    return reached[0] if len(reached) == 1 else None


def _lines_of_column(pieces: Sequence[Piece], column: _Column, body: float) -> Iterator[FlowLine]:
    if not pieces:
        return
    rows = rows_of(pieces)
    gaps = [_top(row) - _bottom(above) for above, row in pairwise(rows)]
    usual = statistics.median(gaps) if gaps else 0.0
    left = min(piece.box[0] for piece in pieces)
    left = column.left if left - column.left < _MAX_OFF_CENTRE * body * 2 else left
    for number, row in enumerate(rows):
        if number and gaps[number - 1] > usual + _MIN_EXTRA_GAP * body:
            yield FlowLine(BLANK_LINE)
        yield _flow_line(row, _Column(left, column.right), body)


def _top(row: Sequence[Piece]) -> float:
    return min(piece.box[1] for piece in row)


def _bottom(row: Sequence[Piece]) -> float:
    return max(piece.box[3] for piece in row)


def _flow_line(row: Sequence[Piece], column: _Column, body: float) -> FlowLine:
    in_order = sorted(row, key=lambda piece: piece.box[0])
    box = around(piece.box for piece in in_order)
    size = max(piece.size for piece in in_order)
    text = " ".join(piece.text for piece in in_order)
    before, after = box[0] - column.left, column.right - box[2]
    off_centre = abs(before - after)
    is_centred = before >= _MIN_CENTRED_OFFSET * size and off_centre <= _MAX_OFF_CENTRE * size
    if size < _MIN_SIZE_DIFFERENCE * body and is_indent(before, size):
        text = INDENT + text
    fonts = {piece.font for piece in in_order}
    font = fonts.pop() if len(fonts) == 1 else ""
    return FlowLine(PrintedLine(text, box, round(size, 2)), font, is_centred)


def _fills_pages(pages: Sequence[Sequence[FlowLine]], body: float) -> bool:
    """Return whether most pages but the last are filled down to one line."""
    bottoms = []
    for page in pages[:-1]:
        edges = [entry.line.box[3] for entry in page if entry.line.box is not None]
        bottoms.append(max(edges, default=0.0))
    lowest = max(bottoms)
    filled = sum(lowest - bottom <= _MAX_UNFILLED * body for bottom in bottoms)
    return filled >= max(_MIN_GROUPS, _MIN_SHARE_FILLED * len(bottoms))


def _runs_on(pages: Sequence[Sequence[FlowLine]], body: float) -> bool:
    """Return whether text goes on over the ends of pages often enough.

    A sentence is cut there, or, where headlines are set larger, the next page begins without one.
    """
    texts = [[entry.line for entry in page if entry.line.box is not None] for page in pages]
    texts = [page for page in texts if page]
    ends = list(pairwise(texts))
    cut = [_is_cut(before[-1], after[0], body) for before, after in ends]
    n_cut = n_over = sum(cut)
    n_headlines = sum(line.size >= HEADLINE_SIZE * body for page in texts for line in page)
    if n_headlines >= _MIN_GROUPS:
        headless = [_is_text(after[0], body) and not _is_jump(after[0]) for _, after in ends]
        n_over = sum(a or b for a, b in zip(cut, headless, strict=True))
    return n_over >= max(1, _MIN_SHARE_OVER * len(ends)) and (n_cut > 0 or n_over >= _MIN_GROUPS)


def _is_cut(last: PrintedLine, first: PrintedLine, body: float) -> bool:
    """Return whether a sentence goes on from a page's last line in the next one's first."""
    if last.text.rstrip().endswith(_SENTENCE_ENDS) or first.text.startswith(INDENT):
        return False
    if _is_jump(first):
        return False
    return _is_text(last, body) and _is_text(first, body)


def _is_jump(line: PrintedLine) -> bool:
    return JUMP_FROM.match(line.text) is not None


def _is_text(line: PrintedLine, body: float) -> bool:
    return body / _MIN_SIZE_DIFFERENCE < line.size < _MIN_SIZE_DIFFERENCE * body


def _with_headlines(pages: Sequence[Sequence[FlowLine]], body: float) -> Flow:
    """Give headlines a headline's print size, and larger lines that are none the text's."""
    entries = [entry for page in pages for entry in page]
    chosen = _larger(entries, body) or _of_other_font(entries) or _centred(entries)
    sized = []
    for page in pages:
        lines = []
        for entry in page:
            size = entry.line.size
            if id(entry) in chosen:
                size = max(size, HEADLINE_SIZE * body)
            elif entry.line.box is not None and size >= HEADLINE_SIZE * body:
                size = body
            lines.append(entry.line._replace(size=round(size, 2)))
        sized.append(lines)
    return Flow(sized, bool(chosen))


def _larger(entries: Sequence[FlowLine], body: float) -> set[int]:
    """Return the lines of the print size that headlines have, and those that stand with them.

    Of several larger sizes it is the largest that comes often: smaller ones by themselves are
    sub-headings.
    """
    least = _MIN_SIZE_DIFFERENCE * body
    groups = _groups(entries, lambda entry: entry.line.size > least)
    sizes = [max(entry.line.size for entry in group) for group in groups]
    if len(groups) < _MIN_GROUPS:
        return set()
    often = max(_MIN_GROUPS, _MIN_SHARE_OF_GROUPS * len(groups))
    classes = sorted(set(sizes), reverse=True)
    usual = [size for size in classes if _n_about(sizes, size) >= often]
    headline = usual[0] if usual else classes[-1]
    return {
        id(entry)
        for group, size in zip(groups, sizes, strict=True)
        if size >= _SAME_CLASS * headline
        for entry in group
    }


def _n_about(sizes: Sequence[float], size: float) -> int:
    return sum(_SAME_CLASS * size <= other <= size for other in sizes)


def _of_other_font(entries: Sequence[FlowLine]) -> set[int]:
    """Return the lines that are wholly of another font than the text."""
    characters = Counter[str]()
    for entry in entries:
        characters[entry.font] += len(entry.line.text)
    fonts = [font for font, _ in characters.most_common() if font]
    if len(fonts) < 2:
        return set()
    groups = _groups(entries, lambda entry: entry.font not in ("", fonts[0]))
    return _if_several(groups)


def _centred(entries: Sequence[FlowLine]) -> set[int]:
    return _if_several(_groups(entries, lambda entry: entry.is_centred))


def _if_several(groups: Sequence[Sequence[FlowLine]]) -> set[int]:
    short = [
        group
        for group in groups
        if sum(len(entry.line.text) for entry in group) <= _MAX_HEADLINE_CHARACTERS
    ]
    if len(short) < _MIN_GROUPS or len(short) < len(groups):
        return set()
    return {id(entry) for group in short for entry in group}


def _groups(
    entries: Sequence[FlowLine], is_apart: Callable[[FlowLine], bool]
) -> list[list[FlowLine]]:
    """Return runs of lines that are set apart; a blank line between two does not part them."""
    printed = [entry for entry in entries if entry.line.box is not None]
    return [list(group) for apart, group in groupby(printed, is_apart) if apart]
