"""A PDF whose text runs on from page to page → its lines, and the headlines that its styles show.

A document is set in the same columns throughout, which are found over all of its pages; a page of
a newspaper is made up anew each time, and ``reading_order`` cuts it. What is a headline is decided
over the file, too: lines of larger print, else of another font, else centred ones.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

from research.articles.article import around
from research.pages.marks.jumps import JUMP_FROM
from research.pages.read.columns import Column, Region, columns_of, in_columns
from research.pages.read.headline_styles import (
    SIZE_DIFFERENCE,
    StyledLine,
    with_headline_sizes,
)
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
_MIN_INSET = 2.4  # Of a region that begins right of its column, in multiples of the size.
# Of headlines, and gaps.
_MIN_HEADLINES = 2
_MIN_CENTRED_OFFSET = 2.7  # More than an indent, in multiples of the size.
_MAX_OFF_CENTRE = 1.2
_MIN_NARROW_OFFSET, _MAX_NARROW_OFFSET = 0.8, 1.4
_MAX_OFF_NARROW_CENTRE = 0.3
_MAX_SLACK = 1.5  # At the right of a line that fills its column.
_MIN_EXTRA_GAP = 0.5  # Over the usual distance of rows, in multiples of the size.


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
    pieces = [piece for page in pages for piece in page]
    if not pieces:
        return None
    body = body_size((piece.size, piece.text) for piece in pieces)
    columns = columns_of(pieces, body)
    if len(columns) > _MAX_COLUMNS:
        return None
    lines = [_lines_of_page(page, columns, body) for page in pages]
    is_one_column = len(columns) == 1
    is_filled = is_one_column and _fills_pages(lines, body)
    is_document = is_filled or _runs_on(lines, body, is_one_column)
    return _with_headlines(lines, body) if is_document else None


def _lines_of_page(
    page: Sequence[Piece], columns: Sequence[Column], body: float
) -> list[StyledLine]:
    lines: list[StyledLine] = []
    for region in in_columns(page, columns):
        lines += _lines_of_region(region, body)
    return lines


def _lines_of_region(region: Region, body: float) -> Iterator[StyledLine]:
    """Yield the lines of a region, with a blank one for each gap that is wider than usual."""
    rows = rows_of(region.pieces)
    gaps = [0.0]
    for above, row in pairwise(rows):
        gaps.append(_top(row) - _bottom(above))
    usual_gap = statistics.median(gaps[1:] or [0.0])
    widest = usual_gap + _MIN_EXTRA_GAP * body
    column = _where_text_begins(region, body)
    for row, gap in zip(rows, gaps, strict=True):
        if gap > widest:
            yield StyledLine(BLANK_LINE)
        yield _styled_line(row, column, body)


def _where_text_begins(region: Region, body: float) -> Column:
    """Return a region's column, from where its text begins if that is far inside."""
    column = region.column
    left = min(piece.box[0] for piece in region.pieces)
    is_inside = left - column.left >= _MIN_INSET * body
    return Column(left, column.right) if is_inside else column


def _top(row: Sequence[Piece]) -> float:
    return min(piece.box[1] for piece in row)


def _bottom(row: Sequence[Piece]) -> float:
    return max(piece.box[3] for piece in row)


def _styled_line(row: Sequence[Piece], column: Column, body: float) -> StyledLine:
    in_order = sorted(row, key=lambda piece: piece.box[0])
    text = " ".join(piece.text for piece in in_order)
    size = max(piece.size for piece in in_order)
    box = around(piece.box for piece in in_order)
    left, _, right, _ = box
    before = left - column.left
    after = column.right - right
    is_small = size < SIZE_DIFFERENCE * body
    if is_small and is_indent(before, size):
        text = INDENT + text
    line = PrintedLine(text, box, round(size, 2))
    fonts = {piece.font for piece in in_order}
    font = fonts.pop() if len(fonts) == 1 else ""
    is_centred = _is_centred(before / size, after / size)
    is_full = after < _MAX_SLACK * size
    return StyledLine(line, font, is_centred, is_full)


def _is_centred(before: float, after: float) -> bool:
    """Return whether a line is centred, by the space on both sides in multiples of its size."""
    off_centre = abs(before - after)
    if before >= _MIN_CENTRED_OFFSET:
        return off_centre <= _MAX_OFF_CENTRE
    is_narrow = _MIN_NARROW_OFFSET <= before <= _MAX_NARROW_OFFSET  # Less than an indent.
    return is_narrow and off_centre <= _MAX_OFF_NARROW_CENTRE


def _fills_pages(pages: Sequence[Sequence[StyledLine]], body: float) -> bool:
    """Return whether most pages but the last are filled down to one line."""
    bottoms = []
    for page in pages[:-1]:
        edges = [entry.line.box[3] for entry in page if entry.line.box is not None]
        bottoms.append(max(edges, default=0.0))
    lowest = max(bottoms)
    most_unfilled = _MAX_UNFILLED * body
    n_filled = sum(lowest - bottom <= most_unfilled for bottom in bottoms)
    least = max(_MIN_HEADLINES, _MIN_SHARE_FILLED * len(bottoms))
    return n_filled >= least


def _runs_on(pages: Sequence[Sequence[StyledLine]], body: float, is_one_column: bool) -> bool:
    """Return whether text goes on over the ends of pages often enough.

    A sentence is cut there, or, where headlines are set larger, the next page begins without one.
    """
    printed = map(_printed, pages)
    filled = [page for page in printed if page]
    n_headlines = sum(_n_headlines(page, body) for page in filled)
    has_headlines = n_headlines >= _MIN_HEADLINES
    n_cut = n_over = 0
    for page, following in pairwise(filled):
        last, first = page[-1], following[0]
        begins_with_text = _is_text(first, body) and not _is_jump(first)
        is_headless = has_headlines and begins_with_text
        is_cut = _is_cut(last, first, body)
        n_cut += is_cut
        n_over += is_cut or is_headless
    n_ends = len(filled) - 1
    least = max(1, _MIN_SHARE_OVER * n_ends)
    if n_over < least:
        return False
    return n_cut > 0 or n_over > 1 or is_one_column


def _printed(page: Sequence[StyledLine]) -> list[PrintedLine]:
    """Return a page's lines without gaps."""
    return [entry.line for entry in page if not entry.is_blank]


def _n_headlines(page: Sequence[PrintedLine], body: float) -> int:
    least = HEADLINE_SIZE * body
    return sum(line.size >= least for line in page)


def _is_cut(last: PrintedLine, first: PrintedLine, body: float) -> bool:
    """Return whether a sentence goes on from a page's last line in the next one's first."""
    if last.text.rstrip().endswith(_SENTENCE_ENDS):
        return False
    if first.text.startswith(INDENT) or _is_jump(first):
        return False
    return _is_text(last, body) and _is_text(first, body)


def _is_jump(line: PrintedLine) -> bool:
    return JUMP_FROM.match(line.text) is not None


def _is_text(line: PrintedLine, body: float) -> bool:
    return body / SIZE_DIFFERENCE < line.size < SIZE_DIFFERENCE * body


def _with_headlines(pages: Sequence[Sequence[StyledLine]], body: float) -> Flow:
    """Give the lines of all pages the sizes that show which are headlines."""
    entries = [entry for page in pages for entry in page]
    lines = with_headline_sizes(entries, body)
    n_headlines = _n_headlines(lines, body)
    rest = iter(lines)
    pages_of_lines = [list(islice(rest, len(page))) for page in pages]
    return Flow(pages_of_lines, has_headlines=n_headlines > 0)
