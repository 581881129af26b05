"""Pieces of print at places of a page → lines in reading order.

The page is cut, again and again, at the rule or the white band that separates it best (recursive
XY-cut; Nagy & Seth 1984), a headline above its columns before the gutters between them. Knows
nothing of the file that the pieces come from.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from research.articles.article import Box, around
from research.pages.read.page import HEADLINE_SIZE, body_size

LEFT, TOP, RIGHT, BOTTOM = range(4)  # The places of a box.
# An axis of the page is the place in a box at which it begins; it ends two places later.
_X, _Y = LEFT, TOP
_END = 2

_SLACK = 0.5  # points by which a piece may reach over a cut
_MIN_RULE_COVERAGE = 0.8  # of the region, along the rule

# Widths of white bands, in multiples of the text's size.
_MIN_BAND_AT_HEADLINE = 0.3
_MIN_BAND = 1.6
_MIN_GUTTER = 0.5
# A band above a headline counts as so much wider.
_HEADLINE_BONUS = 3.0

# Pieces of one row, in multiples of their size.
_MAX_TOP_OR_BOTTOM_DIFFERENCE = 0.5
_MAX_BASELINE_DIFFERENCE = 0.35
# An indent of two characters, with the inaccuracy of print; in multiples of the size.
_MIN_INDENT, _MAX_INDENT = 1.5, 2.6
INDENT = "\u3000\u3000"


class Piece(NamedTuple):
    """Characters of one line that are next to each other; ``size`` of print in points."""

    box: Box
    size: float
    text: str
    font: str = ""


class Rule(NamedTuple):
    """A thin line drawn on the page, from left to right (level) or from top to bottom."""

    box: Box
    is_level: bool


class PrintedLine(NamedTuple):
    """A line of a page, its place, and its print size in points; a blank line has no place."""

    text: str
    box: Box | None
    size: float


class _Band(NamedTuple):
    """A white band through a region, in points; wider ones are greater."""

    width: float
    middle: float


class _Halves(NamedTuple):
    """The two parts of a region that was cut, in reading order."""

    first: list[Piece]
    second: list[Piece]


BLANK_LINE = PrintedLine("", None, 0.0)


def lines_in_order(pieces: Sequence[Piece], rules: Sequence[Rule]) -> list[PrintedLine]:
    """Return the lines of a page in reading order, with a blank line between regions.

    Parameters
    ----------
    pieces : of the page, in any order; at least one.
    rules : the lines drawn on the page.
    """
    body = body_size((piece.size, piece.text) for piece in pieces)
    lines: list[PrintedLine] = []
    for region in _regions(pieces, rules, body):
        if lines:
            lines.append(BLANK_LINE)
        lines += _lines(region, body)
    return lines


def _regions(pieces: Sequence[Piece], rules: Sequence[Rule], body: float) -> list[list[Piece]]:
    """Cut the page into regions in reading order; *body* is the text's print size."""
    if len(pieces) < 2:
        return [list(pieces)]
    halves = _cut_at_rule(pieces, rules) or _cut_at_band(pieces, body)
    if halves is None:
        return [sorted(pieces, key=lambda piece: (piece.box[TOP], piece.box[LEFT]))]
    first = _regions(halves.first, rules, body)
    second = _regions(halves.second, rules, body)
    return first + second


def _halves(pieces: Sequence[Piece], at: float, axis: int) -> _Halves | None:
    """Separate pieces at a coordinate; None where one lies on both sides or a side is empty."""
    end = axis + _END
    first = [piece for piece in pieces if piece.box[end] <= at + _SLACK]
    second = [piece for piece in pieces if piece.box[axis] >= at - _SLACK]
    if not first or not second:
        return None
    if len(first) + len(second) != len(pieces):
        return None
    return _Halves(first, second)


def _cut_at_rule(pieces: Sequence[Piece], rules: Sequence[Rule]) -> _Halves | None:
    """Cut at the longest rule that goes nearly from edge to edge of the region."""
    extent = _extent(pieces)
    for rule in sorted(rules, key=_length, reverse=True):
        if not _covers(rule, extent):
            continue
        axis = _Y if rule.is_level else _X
        begin, end = rule.box[axis], rule.box[axis + _END]
        halves = _halves(pieces, (begin + end) / 2, axis)
        if halves is not None:
            return halves
    return None


def _covers(rule: Rule, extent: Box) -> bool:
    """Return whether a rule goes nearly from edge to edge of a region."""
    begin = _X if rule.is_level else _Y
    end = begin + _END
    covered = min(rule.box[end], extent[end]) - max(rule.box[begin], extent[begin])
    return covered >= _MIN_RULE_COVERAGE * (extent[end] - extent[begin])


def _length(rule: Rule) -> float:
    left, top, right, bottom = rule.box
    return max(right - left, bottom - top)


def _cut_at_band(pieces: Sequence[Piece], body: float) -> _Halves | None:
    """Cut at a white band.

    First around headlines and at wide bands from side to side, then at the widest gutter.
    """
    level_bands = _bands(pieces, _Y)
    best = _best_level_band(pieces, level_bands, body)
    if best is not None:
        return _halves(pieces, best.middle, _Y)
    gutters = [band for band in _bands(pieces, _X) if band.width > _MIN_GUTTER * body]
    headline_apart = _cut_below_headline(pieces, level_bands, gutters, body)
    if headline_apart is not None:
        return headline_apart
    if not gutters:
        return None
    widest = max(gutters)
    return _halves(pieces, widest.middle, _X)


def _best_level_band(
    pieces: Sequence[Piece], level_bands: Sequence[_Band], body: float
) -> _Band | None:
    """Return the widest band from side to side; one above a headline may be narrow."""
    best, best_score = None, 0.0
    for band in level_bands:
        if band.width <= _MIN_BAND_AT_HEADLINE * body:
            continue
        score = band.width / body
        if _is_above_headline(pieces, band, body):
            score += _HEADLINE_BONUS
        elif band.width <= _MIN_BAND * body:
            continue
        if score > best_score:
            best, best_score = band, score
    return best


def _is_above_headline(pieces: Sequence[Piece], band: _Band, body: float) -> bool:
    """Return whether a headline below a band begins something: text ends above it."""
    first_row = _first_row(_below(pieces, band.middle))
    if not _is_headline(first_row, body):
        return False
    last_row = _last_row(_above(pieces, band.middle))
    return not _is_headline(last_row, body)


def _cut_below_headline(
    pieces: Sequence[Piece], level_bands: Sequence[_Band], gutters: Sequence[_Band], body: float
) -> _Halves | None:
    """Cut below one headline over the whole region: it comes before the columns of its text.

    Also where it is shorter than the columns together are wide.
    """
    for band in level_bands:
        above = _above(pieces, band.middle)
        if not _is_headline(above, body):
            continue
        if any(_halves(above, gutter.middle, _X) for gutter in gutters):
            continue
        below = _below(pieces, band.middle)
        if not _is_headline(_first_row(below), body):
            return _Halves(above, below)
    return None


def _above(pieces: Sequence[Piece], at: float) -> list[Piece]:
    return [piece for piece in pieces if piece.box[BOTTOM] <= at]


def _below(pieces: Sequence[Piece], at: float) -> list[Piece]:
    return [piece for piece in pieces if piece.box[TOP] >= at]


def _first_row(pieces: Sequence[Piece]) -> list[Piece]:
    edge = min(piece.box[TOP] for piece in pieces)
    return _row_at(pieces, edge, TOP)


def _last_row(pieces: Sequence[Piece]) -> list[Piece]:
    edge = max(piece.box[BOTTOM] for piece in pieces)
    return _row_at(pieces, edge, BOTTOM)


def _row_at(pieces: Sequence[Piece], edge: float, side: int) -> list[Piece]:
    """Return the pieces whose top or bottom is at a coordinate."""
    tolerance = _MAX_TOP_OR_BOTTOM_DIFFERENCE
    row = []
    for piece in pieces:
        difference = abs(piece.box[side] - edge)
        if difference < tolerance * piece.size:
            row.append(piece)
    return row


def _is_headline(row: Sequence[Piece], body: float) -> bool:
    """Return whether a row is set in a headline's size."""
    least = HEADLINE_SIZE * body
    return all(piece.size >= least for piece in row)


def _bands(pieces: Sequence[Piece], axis: int) -> list[_Band]:
    """Return the white bands that separate the region along an axis."""
    spans = sorted((piece.box[axis], piece.box[axis + _END]) for piece in pieces)
    bands = []
    _, reach = spans[0]
    for begin, end in spans[1:]:
        if begin > reach:
            middle = (begin + reach) / 2
            bands.append(_Band(begin - reach, middle))
        reach = max(reach, end)
    return bands


def _extent(pieces: Sequence[Piece]) -> Box:
    return around(piece.box for piece in pieces)


def _lines(region: Sequence[Piece], body: float) -> list[PrintedLine]:
    """Join a region's pieces into lines, top down; an indented line gets two full-width spaces."""
    left = min(piece.box[LEFT] for piece in region)
    lines = []
    for row in rows_of(region):
        row.sort(key=lambda piece: piece.box[LEFT])
        box = _extent(row)
        size = max(piece.size for piece in row)
        text = " ".join(piece.text for piece in row)
        is_text = size < HEADLINE_SIZE * body
        if is_text and is_indent(box[LEFT] - left, size):
            text = INDENT + text
        line = PrintedLine(text, box, round(size, 2))
        lines.append(line)
    return lines


def is_indent(width: float, size: float) -> bool:
    return _MIN_INDENT * size <= width <= _MAX_INDENT * size


def rows_of(region: Sequence[Piece]) -> list[list[Piece]]:
    """Group pieces by their baselines, top down."""
    rows: list[list[Piece]] = []
    for piece in sorted(region, key=lambda piece: (piece.box[BOTTOM], piece.box[LEFT])):
        if rows and _is_level(rows[-1][0], piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return rows


def _is_level(first: Piece, piece: Piece) -> bool:
    """Return whether a piece is on the baseline of a row's first."""
    difference = abs(first.box[BOTTOM] - piece.box[BOTTOM])
    return difference < _MAX_BASELINE_DIFFERENCE * piece.size
