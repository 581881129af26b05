"""A PDF's pages → their lines in reading order, with boxes and print sizes.

Characters become pieces of lines by their places; ``reading_order`` puts the pieces in order. The
only door to pypdfium2. Does not decide which lines belong to one article: ``split`` does.
"""

from __future__ import annotations

import ctypes
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from research.errors import InputError, missing_extra
from research.pages.read.flow import flow_of
from research.pages.read.folio import PageName, day_of_page, name_of_page
from research.pages.read.page import Page
from research.pages.read.reading_order import Piece, PrintedLine, Rule, lines_in_order
from research.pages.read.running import Sheet, without_running

_MAX_BYTES_PER_FILE = 100_000_000
_MAX_CHARACTERS_PER_PAGE = 60_000
_MAX_FONT_NAME_BYTES = 200
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
    place: int  # Among the page's characters, as the file has them.
    is_before_space: bool = False  # Whether a space was typed after it.


class _Print(NamedTuple):
    """What a page shows: pieces of lines, rules between columns and articles; square points."""

    pieces: list[Piece]
    rules: list[Rule]
    area: float


def read_pdf(path: Path) -> list[Page]:
    """Read the pages of a PDF; blank lines separate the regions of a page.

    A paragraph's first line keeps its indent as two full-width spaces. Where there are several
    pages, running heads and page numbers are known by a pattern of the file, and stand at the
    beginning and the end of each page's lines, in ``running``. Pages are numbered as printed, where
    no two share a number, else as they come.

    Raises InputError when the file is no PDF, or a page holds no text (a scan).
    """
    shown = _read(path)
    if len(shown) > 1:
        return _several_pages(path, shown)
    lines = lines_in_order(shown[0].pieces, shown[0].rules)
    texts = tuple(line.text for line in lines)
    return [_page(path, lines, day_of_page(path, texts), name_of_page(path, texts))]


def _several_pages(path: Path, shown: Sequence[_Print]) -> list[Page]:
    sheets = without_running([page.pieces for page in shown])
    flow = flow_of([sheet.pieces for sheet in sheets], [page.area for page in shown])
    if flow is not None:
        bodies = flow.pages
    else:
        pairs = zip(sheets, shown, strict=True)
        bodies = [lines_in_order(sheet.pieces, page.rules) for sheet, page in pairs]
    names = _names_of_pages(sheets, bodies)
    pages = []
    day: str | None = None
    for sheet, body, name in zip(sheets, bodies, names, strict=True):
        lines, running = _with_running(sheet.running, body)
        texts = [line.text for line in lines]
        day = day_of_page(path, texts) or sheet.day or day
        page = _page(path, lines, day, name)
        has_sizes = flow is None or flow.has_headlines
        pages.append(
            replace(
                page,
                running=running,
                runs_on=flow is not None,
                sizes=page.sizes if has_sizes else (),
            )
        )
    return pages


def _with_running(
    running: Sequence[PrintedLine], body: Sequence[PrintedLine]
) -> tuple[list[PrintedLine], frozenset[int]]:
    """Return a page's lines with the running ones above and below, and the numbers of these."""
    tops = [line.box[1] for line in body if line.box]
    first = min(tops, default=0.0)
    above = [line for line in running if line.box and line.box[1] < first]
    below = [line for line in running if line not in above]
    lines = [*above, *body, *below]
    numbers = [*range(len(above)), *range(len(above) + len(body), len(lines))]
    return lines, frozenset(number + 1 for number in numbers)


def _names_of_pages(
    sheets: Sequence[Sheet], bodies: Sequence[Sequence[PrintedLine]]
) -> list[PageName]:
    """Return the pages' numbers and names as they are printed, else as the pages come."""
    counted = [PageName(sheet.number, sheet.name) for sheet in sheets]
    if _are_distinct(counted):
        return counted
    in_folios = []
    for sheet, body in zip(sheets, bodies, strict=True):
        texts = [line.text for line in (*sheet.running, *body)]
        in_folios.append(name_of_page(Path(), texts))
    if _are_distinct(in_folios):
        return in_folios
    return [PageName(number) for number in range(1, len(sheets) + 1)]


def _are_distinct(names: Sequence[PageName]) -> bool:
    return all(name.number is not None for name in names) and len(set(names)) == len(names)


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
        raise missing_extra(f"{path}: reading PDF needs pypdfium2", "pdf") from None
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
        pages = [_shown(pypdfium2.raw, page, path) for page in document]
    finally:
        document.close()
    for number, page in enumerate(pages, 1):
        if sum(len(piece.text) for piece in page.pieces) < _MIN_CHARACTERS_PER_PAGE:
            raise InputError(
                f"{path}: page {number} holds no text, so it is a scan; "
                "run text recognition (OCR) on it first"
            )
    return pages


def _shown(raw: Any, page: Any, path: Path) -> _Print:
    area = page.get_width() * page.get_height()
    return _Print(_pieces(raw, page, path), _rules(page), area)


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
            pieces.append(_piece(run, _font(raw, textpage, run[0].place)))
            run = []
        run.append(character)
    if run:
        pieces.append(_piece(run, _font(raw, textpage, run[0].place)))
    return pieces


def _font(raw: Any, textpage: Any, place: int) -> str:
    """Return the name and the weight of a character's font."""
    name = ctypes.create_string_buffer(_MAX_FONT_NAME_BYTES)
    raw.FPDFText_GetFontInfo(textpage, place, name, len(name), ctypes.c_int())
    weight = raw.FPDFText_GetFontWeight(textpage, place)
    return f"{name.value.decode('utf-8', 'replace')} {weight}"


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
        yield _Character(text, box.left, box.right, height - baseline.value, size, i)


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


def _piece(run: Sequence[_Character], font: str) -> Piece:
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
    return Piece((first.left, top, right, bottom), size, text, font)


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
