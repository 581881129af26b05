"""The columns of a document, found over all of its pages, and a page's pieces in their order."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from research.pages.read.reading_order import Piece

# Of gutters, in multiples of the text's size, and shares of its rows and of its width.
_MIN_GUTTER = 0.8
_MAX_COVERAGE = 0.03
_EDGE = 0.15
# Of the pieces of one line, in multiples of their size.
_SAME_BASELINE = 0.35
_MAX_SPACE = 1.5


class Column(NamedTuple):
    """The left and right edge of a column, in points."""

    left: float
    right: float


class Region(NamedTuple):
    """Pieces that are read top down, and the column that they are in."""

    column: Column
    pieces: list[Piece]


def columns_of(pieces: Sequence[Piece], body: float) -> list[Column]:
    """Return the columns of a file: between bands that hardly any row reaches into.

    Parameters
    ----------
    pieces : of all pages.
    body : the text's print size.
    """
    covered = Counter[int]()
    for piece in pieces:
        left, _, right, _ = piece.box
        points = range(int(left), int(right) + 1)
        covered.update(points)
    first, last = min(covered), max(covered)
    columns = []
    begin = float(first)
    for gutter in _gutters(covered, _MIN_GUTTER * body):
        columns.append(Column(begin, gutter.left))
        begin = gutter.right
    columns.append(Column(begin, last))
    return columns


def _gutters(covered: Counter[int], least_width: float) -> Iterator[Column]:
    """Yield the bands that hardly any piece reaches into; *covered* counts pieces by point."""
    first, last = min(covered), max(covered)
    edge = _EDGE * (last - first)
    inner = range(int(first + edge), int(last - edge))
    most = _MAX_COVERAGE * statistics.median(covered.values())
    for is_blank, points in groupby(inner, lambda point: covered[point] <= most):
        band = list(points)
        if is_blank and len(band) >= least_width:
            yield Column(band[0], band[-1])


def in_columns(page: Sequence[Piece], columns: Sequence[Column]) -> Iterator[Region]:
    """Yield a page's regions in reading order: columns, between lines that are set over several."""
    whole = Column(columns[0].left, columns[-1].right)
    spanning = [piece for piece in page if column_of(piece, columns) is None]
    inside = [piece for piece in page if column_of(piece, columns) is not None]
    lines = [[piece] for piece in spanning]
    pending: list[Piece] = []
    for piece in inside:
        beside = [line for line in lines if _is_beside(piece, line[0])]
        line = beside[0] if beside else pending
        line.append(piece)
    lines.sort(key=lambda line: _top(line[0]))
    for line in lines:
        top = _top(line[0])
        above = [piece for piece in pending if _top(piece) < top]
        pending = [piece for piece in pending if _top(piece) >= top]
        yield from _side_by_side(above, columns)
        yield Region(whole, line)
    yield from _side_by_side(pending, columns)


def _top(piece: Piece) -> float:
    _, top, _, _ = piece.box
    return top


def _is_beside(piece: Piece, other: Piece) -> bool:
    """Return whether two pieces are of one line: on one baseline and hardly apart."""
    left, _, right, bottom = piece.box
    other_left, _, other_right, other_bottom = other.box
    space = max(left - other_right, other_left - right)
    if space >= _MAX_SPACE * other.size:
        return False
    difference = abs(bottom - other_bottom)
    return difference < _SAME_BASELINE * other.size


def _side_by_side(pieces: Sequence[Piece], columns: Sequence[Column]) -> Iterator[Region]:
    for column in columns:
        inside = [piece for piece in pieces if column_of(piece, columns) == column]
        if inside:
            yield Region(column, inside)


def column_of(piece: Piece, columns: Sequence[Column]) -> Column | None:
    """Return the column that a piece is in, None where it reaches into several or none."""
    if len(columns) == 1:
        return columns[0]
    left, _, right, _ = piece.box
    reached = []
    for column in columns:
        is_beside = right <= column.left or left >= column.right
        if not is_beside:
            reached.append(column)
    return reached[0] if len(reached) == 1 else None
