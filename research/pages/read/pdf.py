"""A PDF's pages → their lines in reading order, with boxes and print sizes.

Characters become pieces of lines by place; pieces are put in order by cutting the page, again and again, at the rule or
the white band that parts it best (recursive XY-cut; Nagy & Seth 1984), a headline above its columns before the gutters
between them. Does not decide which lines are one article's: ``split`` does.
"""

from __future__ import annotations

import ctypes
import statistics
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from research.articles.article import Box, around
from research.errors import InputError
from research.pages.read.page import HEADLINE_SIZE, body_size

_MAX_BYTES = 100_000_000
_MAX_CHARACTERS = 60_000
_FEWEST_CHARACTERS = 10


class _Character(NamedTuple):
    """One character; places in points from the page's upper left corner."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    # Whether a space was typed after it.
    spaced: bool = False


class _Piece(NamedTuple):
    """Characters of one line that stand together."""

    box: Box
    size: float
    text: str


class _Rule(NamedTuple):
    box: Box
    across: bool


Lines = tuple[tuple[str, ...], tuple[Box | None, ...], tuple[float, ...]]


def read_pdf(path: Path) -> list[Lines]:
    """Return the lines of each of a PDF's pages, their boxes and print sizes; blank lines stand between regions.

    A paragraph's first line keeps its indent as two full-width spaces. Raises InputError when the file is no PDF, or a
    page holds no text (a scan).
    """
    return [_lines(pieces, rules) for pieces, rules in _read(path)]


def _lines(pieces: Sequence[_Piece], rules: Sequence[_Rule]) -> Lines:
    body = body_size((piece.size, piece.text) for piece in pieces)
    lines: list[str] = []
    boxes: list[Box | None] = []
    sizes: list[float] = []
    for region in _regions(pieces, rules, body):
        if lines:
            lines.append("")
            boxes.append(None)
            sizes.append(0.0)
        for text, box, size in _rows(region, body):
            lines.append(text)
            boxes.append(box)
            sizes.append(round(size, 2))
    return tuple(lines), tuple(boxes), tuple(sizes)


def _read(path: Path) -> list[tuple[list[_Piece], list[_Rule]]]:
    try:
        import pypdfium2
    except ImportError:
        raise InputError(
            f"{path}: reading PDF needs pypdfium2; install it: pip install pypdfium2"
        ) from None
    if (size := path.stat().st_size) > _MAX_BYTES:
        raise InputError(f"{path}: {size:,} bytes is no newspaper (at most {_MAX_BYTES:,})")
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        why = (
            "is locked by a password; unlock it"
            if "assword" in str(error)
            else "is no PDF, or a damaged one; fetch it again"
        )
        raise InputError(f"{path}: {why}") from None
    try:
        found = [(_pieces(pypdfium2.raw, page, path), _rules(page)) for page in document]
    finally:
        document.close()
    for number, (pieces, _) in enumerate(found, 1):
        if sum(len(piece.text) for piece in pieces) < _FEWEST_CHARACTERS:
            raise InputError(
                f"{path}: page {number} holds no text, so it is a scan; run text recognition (OCR) on it first"
            )
    return found


def _pieces(raw: Any, page: Any, path: Path) -> list[_Piece]:
    """Group a page's characters, in the order they were drawn, into pieces of lines."""
    height = page.get_height()
    textpage = page.get_textpage()
    count = textpage.count_chars()
    if count > _MAX_CHARACTERS:
        raise InputError(
            f"{path}: {count:,} characters are no newspaper page (at most {_MAX_CHARACTERS:,})"
        )
    # The loose box is as wide as the type, the tight one only as its ink.
    box, across, baseline = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    pieces: list[_Piece] = []
    run: list[_Character] = []
    for i in range(count):
        char = chr(raw.FPDFText_GetUnicode(textpage, i))
        if char.isspace() and run and not raw.FPDFText_IsGenerated(textpage, i):
            run[-1] = run[-1]._replace(spaced=True)
        if (
            char.isspace()
            or not char.isprintable()
            or not raw.FPDFText_GetLooseCharBox(textpage, i, box)
        ):
            continue
        raw.FPDFText_GetCharOrigin(textpage, i, across, baseline)
        entry = _Character(
            char,
            box.left,
            box.right,
            height - baseline.value,
            float(raw.FPDFText_GetFontSize(textpage, i)),
        )
        if run and not _goes_on(run[-1], entry):
            pieces.append(_piece(run))
            run = []
        run.append(entry)
    if run:
        pieces.append(_piece(run))
    return pieces


def _goes_on(last: _Character, entry: _Character) -> bool:
    size = max(last.size, entry.size, 1.0)
    gap = entry.left - last.right
    level = (
        abs(entry.baseline - last.baseline) < 0.3 * size
        and abs(entry.size - last.size) < 0.3 * size
    )
    return (
        level
        and -0.8 * size < gap < (1.2 if last.spaced else 0.4) * size
        and entry.left > last.left
    )


def _piece(run: Sequence[_Character]) -> _Piece:
    text = run[0].text
    for before, entry in pairwise(run):
        latin = (
            before.text.isascii()
            and before.text.isalpha()
            and entry.text.isascii()
            and entry.text.isalpha()
        )
        apart = entry.left - before.right > (0.15 if latin else 0.4) * entry.size
        text += (" " if apart or before.spaced else "") + entry.text
    size = statistics.median(entry.size for entry in run)
    # A full-width character fills its square, whatever its ink.
    return _Piece(
        (
            run[0].left,
            run[0].baseline - 0.88 * size,
            max(run[-1].right, run[0].left + 0.1),
            run[0].baseline + 0.12 * size,
        ),
        size,
        text,
    )


def _rules(page: Any) -> list[_Rule]:
    """Return the thin lines drawn on the page."""
    height, found = page.get_height(), []
    for drawn in page.get_objects(max_depth=4):
        if drawn.type != 2:  # FPDF_PAGEOBJ_PATH
            continue
        left, bottom, right, top = drawn.get_bounds()
        box = (left, height - top, right, height - bottom)
        wide, tall = right - left, top - bottom
        if tall <= 4 and wide >= 30:
            found.append(_Rule(box, True))
        elif wide <= 4 and tall >= 30:
            found.append(_Rule(box, False))
    return found


def _regions(pieces: Sequence[_Piece], rules: Sequence[_Rule], body: float) -> list[list[_Piece]]:
    """Cut the page into regions in reading order."""
    if len(pieces) < 2:
        return [list(pieces)]
    halves = _cut_at_rule(pieces, rules) or _cut_at_band(pieces, body)
    if halves is None:
        return [sorted(pieces, key=lambda piece: (piece.box[1], piece.box[0]))]
    first, second = halves
    return [*_regions(first, rules, body), *_regions(second, rules, body)]


def _parted(
    pieces: Sequence[_Piece], at: float, axis: int
) -> tuple[list[_Piece], list[_Piece]] | None:
    """Part pieces at a coordinate (axis 0: left and right, 1: above and below); None where one lies on both sides."""
    first = [piece for piece in pieces if piece.box[axis + 2] <= at + 0.5]
    second = [piece for piece in pieces if piece.box[axis] >= at - 0.5]
    return (first, second) if first and second and len(first) + len(second) == len(pieces) else None


def _cut_at_rule(
    pieces: Sequence[_Piece], rules: Sequence[_Rule]
) -> tuple[list[_Piece], list[_Piece]] | None:
    """Cut at the longest rule that parts the region nearly from edge to edge."""
    edge = _extent(pieces)
    for rule in sorted(
        rules, key=lambda rule: -max(rule.box[2] - rule.box[0], rule.box[3] - rule.box[1])
    ):
        along, axis = (0, 1) if rule.across else (1, 0)
        covered = min(rule.box[along + 2], edge[along + 2]) - max(rule.box[along], edge[along])
        if covered >= 0.8 * (edge[along + 2] - edge[along]) and (
            halves := _parted(pieces, (rule.box[axis] + rule.box[axis + 2]) / 2, axis)
        ):
            return halves
    return None


def _cut_at_band(pieces: Sequence[_Piece], body: float) -> tuple[list[_Piece], list[_Piece]] | None:
    """Cut at a white band: first around headlines and wide bands from side to side, then at the widest gutter."""
    level = _bands(pieces, 1)
    best, worth = None, 0.0
    for gap, at in level:
        above = [piece for piece in pieces if piece.box[3] <= at]
        below = [piece for piece in pieces if piece.box[1] >= at]
        # A headline begins something below the text above it.
        turns = _is_head(below, body, last=False) and not _is_head(above, body, last=True)
        score = gap / body + (3.0 if turns else 0.0)
        if ((turns and gap > 0.3 * body) or gap > 1.6 * body) and score > worth:
            best, worth = at, score
    if best is not None:
        return _parted(pieces, best, 1)
    gutters = [(gap, at) for gap, at in _bands(pieces, 0) if gap > 0.5 * body]
    for _, at in level:
        # One headline over the whole region stands before its columns, also where it is shorter than they are wide.
        above = [piece for piece in pieces if piece.box[3] <= at]
        below = [piece for piece in pieces if piece.box[1] >= at]
        single = not any(_parted(above, gutter, 0) for _, gutter in gutters)
        if (
            single
            and all(piece.size >= HEADLINE_SIZE * body for piece in above)
            and not _is_head(below, body, last=False)
        ):
            return above, below
    return _parted(pieces, max(gutters)[1], 0) if gutters else None


def _is_head(pieces: Sequence[_Piece], body: float, last: bool) -> bool:
    """Whether the last (or first) row of a region is set in a headline's size."""
    if not pieces:
        return False
    edge = max(piece.box[3] for piece in pieces) if last else min(piece.box[1] for piece in pieces)
    row = [
        piece
        for piece in pieces
        if abs((piece.box[3] if last else piece.box[1]) - edge) < 0.5 * piece.size
    ]
    return all(piece.size >= HEADLINE_SIZE * body for piece in row)


def _bands(pieces: Sequence[_Piece], axis: int) -> list[tuple[float, float]]:
    """Return the white bands that part the region along an axis, as (width, middle)."""
    spans = sorted((piece.box[axis], piece.box[axis + 2]) for piece in pieces)
    bands, reach = [], spans[0][1]
    for start, end in spans[1:]:
        if start > reach:
            bands.append((start - reach, (start + reach) / 2))
        reach = max(reach, end)
    return bands


def _extent(pieces: Sequence[_Piece]) -> Box:
    return around(piece.box for piece in pieces)


def _rows(region: Sequence[_Piece], body: float) -> list[tuple[str, Box, float]]:
    """Join a region's pieces into lines, top down; an indented first line keeps two full-width spaces."""
    rows: list[list[_Piece]] = []
    for piece in sorted(region, key=lambda piece: (piece.box[3], piece.box[0])):
        if rows and abs(rows[-1][0].box[3] - piece.box[3]) < 0.35 * piece.size:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    left = min(piece.box[0] for piece in region)
    found = []
    for row in rows:
        row.sort(key=lambda piece: piece.box[0])
        box, size = _extent(row), max(piece.size for piece in row)
        text = " ".join(piece.text for piece in row)
        indented = size < HEADLINE_SIZE * body and 1.5 * size <= box[0] - left <= 2.6 * size
        found.append(("\u3000\u3000" * indented + text, box, size))
    return found
