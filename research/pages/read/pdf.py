"""A PDF's pages → their lines in reading order, with boxes and print sizes.

Characters become pieces of lines by their places; ``reading_order`` puts the pieces in order. The
only door to pypdfium2. Does not decide which lines belong to one article: ``split`` does.
"""

from __future__ import annotations

import ctypes
import statistics
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from research.errors import InputError
from research.pages.read.folio import PageName, day_of_page, name_of_page
from research.pages.read.page import Page
from research.pages.read.reading_order import Piece, PrintedLine, Rule, lines_in_order

_MAX_BYTES_PER_FILE = 100_000_000
_MAX_CHARACTERS_PER_PAGE = 60_000
_MIN_CHARACTERS_PER_PAGE = 10  # A page with fewer is a scan.

# Characters of one piece; in multiples of the print size.
_MAX_BASELINE_DIFFERENCE = 0.3
_MAX_SIZE_DIFFERENCE = 0.3
_MAX_OVERLAP = 0.8
_MAX_GAP = 0.4
_MAX_GAP_AT_SPACE = 1.2
# A gap inside a piece that is written as a space.
_MIN_SPACE = 0.4
_MIN_SPACE_BETWEEN_LATIN = 0.15
# A full-width character fills its square, whatever its ink: so much is above its baseline.
_ABOVE_BASELINE = 0.88
_BELOW_BASELINE = 0.12
_MIN_PIECE_WIDTH = 0.1  # points

_MAX_RULE_THICKNESS = 4  # points
_MIN_RULE_LENGTH = 30  # points
_PATH_OBJECT = 2  # FPDF_PAGEOBJ_PATH
_MAX_FORM_DEPTH = 4  # Forms within forms in which rules are sought.


class _Character(NamedTuple):
    """One character; places in points from the page's upper left corner."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    is_before_space: bool = False  # Whether a space was typed after it.


class _Print(NamedTuple):
    """What a page shows: pieces of lines, and rules between columns and articles."""

    pieces: list[Piece]
    rules: list[Rule]


def read_pdf(path: Path) -> list[Page]:
    """Read the pages of a PDF; blank lines separate the regions of a page.

    A paragraph's first line keeps its indent as two full-width spaces. Where there are several
    pages, they are numbered as they come; the day is that of the first.

    Raises InputError when the file is no PDF, or a page holds no text (a scan).
    """
    pages = [lines_in_order(shown.pieces, shown.rules) for shown in _read(path)]
    texts = [tuple(line.text for line in lines) for lines in pages]
    day = day_of_page(path, texts[0])
    if len(pages) == 1:
        return [_page(path, pages[0], day, name_of_page(path, texts[0]))]
    return [_page(path, lines, day, PageName(n)) for n, lines in enumerate(pages, 1)]


def _page(path: Path, lines: Sequence[PrintedLine], day: str | None, name: PageName) -> Page:
    return Page(
        lines=tuple(line.text for line in lines),
        source=str(path),
        encoding="pdf",
        newline="",
        date=day,
        number=name.number,
        name=name.name,
        boxes=tuple(line.box for line in lines),
        sizes=tuple(line.size for line in lines),
    )


def _read(path: Path) -> list[_Print]:
    try:
        import pypdfium2
    except ImportError:
        raise InputError(
            f"{path}: reading PDF needs pypdfium2; install it: pip install pypdfium2"
        ) from None
    size = path.stat().st_size
    if size > _MAX_BYTES_PER_FILE:
        raise InputError(
            f"{path}: {size:,} bytes is no newspaper (at most {_MAX_BYTES_PER_FILE:,})"
        )
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise InputError(f"{path}: {_problem(error)}") from None
    try:
        pages = [_Print(_pieces(pypdfium2.raw, page, path), _rules(page)) for page in document]
    finally:
        document.close()
    for number, page in enumerate(pages, 1):
        if sum(len(piece.text) for piece in page.pieces) < _MIN_CHARACTERS_PER_PAGE:
            raise InputError(
                f"{path}: page {number} holds no text, so it is a scan; "
                "run text recognition (OCR) on it first"
            )
    return pages


def _problem(error: Exception) -> str:
    if "assword" in str(error):
        return "is locked by a password; unlock it"
    return "is no PDF, or a damaged one; fetch it again"


def _pieces(raw: Any, page: Any, path: Path) -> list[Piece]:
    """Group a page's characters, in the order in which they were drawn, into pieces of lines."""
    textpage = page.get_textpage()
    count = textpage.count_chars()
    if count > _MAX_CHARACTERS_PER_PAGE:
        raise InputError(
            f"{path}: {count:,} characters are no newspaper page "
            f"(at most {_MAX_CHARACTERS_PER_PAGE:,})"
        )
    pieces: list[Piece] = []
    run: list[_Character] = []
    for character in _characters(raw, textpage, count, page.get_height()):
        if character is None:
            if run:
                run[-1] = run[-1]._replace(is_before_space=True)
            continue
        if run and not _continues(run[-1], character):
            pieces.append(_piece(run))
            run = []
        run.append(character)
    if run:
        pieces.append(_piece(run))
    return pieces


def _characters(raw: Any, textpage: Any, count: int, height: float) -> Iterator[_Character | None]:
    """Yield the characters that a page shows, and None for a space that was typed."""
    # The loose box is as wide as the type, the tight one only as its ink.
    box, across, baseline = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    for i in range(count):
        text = chr(raw.FPDFText_GetUnicode(textpage, i))
        if text.isspace():
            if not raw.FPDFText_IsGenerated(textpage, i):
                yield None
            continue
        if not text.isprintable() or not raw.FPDFText_GetLooseCharBox(textpage, i, box):
            continue
        raw.FPDFText_GetCharOrigin(textpage, i, across, baseline)
        size = float(raw.FPDFText_GetFontSize(textpage, i))
        yield _Character(text, box.left, box.right, height - baseline.value, size)


def _continues(last: _Character, character: _Character) -> bool:
    """Return whether a character goes on with a piece of a line that ends with *last*."""
    size = max(last.size, character.size, 1.0)
    if abs(character.baseline - last.baseline) >= _MAX_BASELINE_DIFFERENCE * size:
        return False
    if abs(character.size - last.size) >= _MAX_SIZE_DIFFERENCE * size:
        return False
    gap = character.left - last.right
    max_gap = _MAX_GAP_AT_SPACE if last.is_before_space else _MAX_GAP
    return -_MAX_OVERLAP * size < gap < max_gap * size and character.left > last.left


def _piece(run: Sequence[_Character]) -> Piece:
    first, last = run[0], run[-1]
    text = first.text
    for before, character in pairwise(run):
        if before.is_before_space or _is_apart(before, character):
            text += " "
        text += character.text
    size = statistics.median(character.size for character in run)
    top = first.baseline - _ABOVE_BASELINE * size
    bottom = first.baseline + _BELOW_BASELINE * size
    right = max(last.right, first.left + _MIN_PIECE_WIDTH)
    return Piece((first.left, top, right, bottom), size, text)


def _is_apart(before: _Character, character: _Character) -> bool:
    is_latin = _is_latin(before.text) and _is_latin(character.text)
    min_space = _MIN_SPACE_BETWEEN_LATIN if is_latin else _MIN_SPACE
    return character.left - before.right > min_space * character.size


def _is_latin(text: str) -> bool:
    return text.isascii() and text.isalpha()


def _rules(page: Any) -> list[Rule]:
    """Return the thin lines drawn on the page."""
    height = page.get_height()
    rules = []
    for drawn in page.get_objects(max_depth=_MAX_FORM_DEPTH):
        if drawn.type != _PATH_OBJECT:
            continue
        left, bottom, right, top = drawn.get_bounds()
        box = (left, height - top, right, height - bottom)
        wide, tall = right - left, top - bottom
        if tall <= _MAX_RULE_THICKNESS and wide >= _MIN_RULE_LENGTH:
            rules.append(Rule(box, is_level=True))
        elif wide <= _MAX_RULE_THICKNESS and tall >= _MIN_RULE_LENGTH:
            rules.append(Rule(box, is_level=False))
    return rules
