"""How well PDF pages are read, against gold.

Real articles are printed on pages of several column layouts. Articles are printed side by side
and one above the other, each with its headline over its own columns. Figures per layout: B-cubed
F1 over lines weighted by characters, exact headlines and bodies, pages per second. ``pdf.py
[PAGES] [LAYOUT]``.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from experiments.benchmarks.pages import b_cubed
from experiments.layouts import Item, Style, bare, person, sources, width, wrap
from research import Article, Page, read_page, split_page

FONT = Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc")
_FONT_NAME = "zenhei"
_PAGES_PER_LAYOUT = 30
# In points.
_SIZE, _LEADING, _GUTTER, _MARGIN = 9.0, 13.0, 12.0, 30.0
_FOLIO_HEIGHT = 30
_BAND_GAP = 16  # Between articles one above the other.
_HEADLINE_SIZES = (16.0, 20.0, 26.0)
_MIN_HEADLINE_SIZE = 12.5
_HEADLINE_LEADING = 1.3  # Times the headline's size.
_HEADLINE_GAP = 6  # Between a headline and its body.
_INDENT = "\u3000\u3000"
_PLAIN = Style("pdf")

Box = tuple[float, float, float, float]


@dataclass
class Layout:
    """How a paper makes up its pages."""

    name: str
    columns: int = 5
    characters: int = 16  # Per line of a column.
    rules: bool = False
    boxes: bool = False
    row_by_row: bool = False  # Text is drawn line by line over all columns of an article.
    beside: int = 3  # At most so many articles side by side.
    folio: bool = True

    def span_width(self, n_columns: int) -> float:
        """Return the width of some columns side by side, with the gutters between, in points."""
        return n_columns * self.characters * _SIZE + (n_columns - 1) * _GUTTER


LAYOUTS = [
    Layout("five columns"),
    Layout("four wide columns", columns=4, characters=20),
    Layout("six narrow columns", columns=6, characters=12),
    Layout("rules", rules=True),
    Layout("boxes", boxes=True),
    Layout("drawn row by row", row_by_row=True),
    Layout("one above the other", beside=1),
]


class Cell(NamedTuple):
    """One article set into columns side by side.

    ``heads`` are its headline's lines, ``size`` their size, ``columns`` the rows of each column.
    """

    item: Item
    n_columns: int
    heads: list[str]
    size: float
    columns: list[list[str]]

    @property
    def height(self) -> float:
        """Height of the headline and the tallest column, in points."""
        head = len(self.heads) * self.size * _HEADLINE_LEADING + _HEADLINE_GAP
        return head + len(self.columns[0]) * _LEADING


class Band(NamedTuple):
    """Articles side by side, over the whole width of the page."""

    top: float
    height: float
    cells: list[Cell]


class Placed(NamedTuple):
    """An item and its box: left, top, right, bottom from the page's upper left corner."""

    item: Item
    box: Box


def set_bands(layout: Layout, articles: Sequence[Article], rng: random.Random) -> list[Band]:
    """Set articles into bands, the last first."""
    bands = []
    top = _MARGIN + _FOLIO_HEIGHT
    queue = list(articles)
    while queue:
        widths = _share_columns(layout.columns, min(layout.beside, len(queue)), rng)
        taken = [queue.pop() for _ in widths]
        pairs = zip(taken, widths, strict=True)
        cells = [_set_cell(article, n_columns, layout, rng) for article, n_columns in pairs]
        height = max(cell.height for cell in cells)
        bands.append(Band(top, height, cells))
        top += height + _BAND_GAP
    return bands


def _share_columns(columns: int, max_articles: int, rng: random.Random) -> list[int]:
    """Share a band's columns out to articles."""
    count = rng.randint(1, min(max_articles, columns))
    cuts = sorted(rng.sample(range(1, columns), count - 1))
    return [end - start for start, end in zip([0, *cuts], [*cuts, columns], strict=True)]


def _set_cell(article: Article, n_columns: int, layout: Layout, rng: random.Random) -> Cell:
    """Set one article into columns."""
    room = layout.span_width(n_columns)
    size = min(rng.choice(_HEADLINE_SIZES), max(_MIN_HEADLINE_SIZE, room / 8))
    heads = [article.headline]
    if len(article.headline) * size > room:
        heads = wrap(article.headline, int(room / size), _PLAIN, rng)
    first, *others = article.paragraphs
    if rng.random() < 0.7:
        first = f"本报讯（记者 {person(rng)}） {first}"
    rows: list[str] = []
    for paragraph in (first, *others):
        head, *tail = wrap(paragraph, layout.characters, _PLAIN, rng)
        rows += [_INDENT + head, *tail]
    n_rows = -(-len(rows) // n_columns)
    columns = [rows[n * n_rows : (n + 1) * n_rows] for n in range(n_columns)]
    item = Item("article", article.headline, "".join(article.paragraphs))
    return Cell(item, n_columns, heads, size, columns)


class Printer:
    """Prints bands on one page of a PDF; remembers where each item is."""

    def __init__(self, path: Path, layout: Layout, bands: Sequence[Band]) -> None:
        last = bands[-1]
        self.layout = layout
        self.bands = bands
        self.width = _MARGIN * 2 + layout.span_width(layout.columns)
        self.height = last.top + last.height + _BAND_GAP + _MARGIN
        self.canvas = Canvas(str(path), pagesize=(self.width, self.height))

    def print(self, rng: random.Random) -> list[Placed]:
        """Print the page, headlines at the left or in the middle."""
        if self.layout.folio:
            self.canvas.setFont(_FONT_NAME, 10)
            folio = "2023年12月20日 星期三 编辑：王小明"
            self.canvas.drawString(_MARGIN, self.height - _MARGIN - 8, folio)
        placed = [item for band in self.bands for item in self._print_band(band, rng)]
        self.canvas.save()
        return placed

    def _print_band(self, band: Band, rng: random.Random) -> list[Placed]:
        placed = []
        left = _MARGIN
        for cell in band.cells:
            right = left + self.layout.span_width(cell.n_columns)
            self._print_cell(cell, left, right, band.top, rng)
            self._frame(band, left, right)
            bottom = band.top + band.height + 4
            placed.append(Placed(cell.item, (left - 2, band.top - 4, right + _SIZE + 2, bottom)))
            left = right + _GUTTER
        if self.layout.rules:
            y = self.height - band.top - band.height - 8
            self.canvas.line(_MARGIN, y, self.width - _MARGIN, y)
        return placed

    def _print_cell(
        self, cell: Cell, left: float, right: float, top: float, rng: random.Random
    ) -> None:
        y = self.height - top
        for head in cell.heads:
            self.canvas.setFont(_FONT_NAME, cell.size)
            slack = max(right - left - cell.size * len(head), 0.0)
            x = left + rng.choice((0.0, slack / 2))
            self.canvas.drawString(x, y - cell.size, head)
            y -= cell.size * _HEADLINE_LEADING
        self._print_body(cell.columns, left, y - _HEADLINE_GAP)

    def _print_body(self, columns: Sequence[Sequence[str]], left: float, top: float) -> None:
        width_in_points = self.layout.characters * _SIZE
        drawn = [(n, row, text) for n, rows in enumerate(columns) for row, text in enumerate(rows)]
        if self.layout.row_by_row:
            drawn.sort(key=lambda entry: (entry[1], entry[0]))
        self.canvas.setFont(_FONT_NAME, _SIZE)
        for n, row, text in drawn:
            indent = len(text) - len(text.lstrip("\u3000"))
            x = left + n * (width_in_points + _GUTTER) + indent * _SIZE
            y = top - row * _LEADING - _SIZE
            # Print squeezes a line that is too long for its column.
            slack = min((width_in_points - width(text) * _SIZE) / len(text), 0.0)
            self.canvas.drawString(x, y, text.strip("\u3000"), charSpace=slack)

    def _frame(self, band: Band, left: float, right: float) -> None:
        """Draw a box around an article, or a rule at its right."""
        top = self.height - band.top
        if self.layout.boxes:
            bottom = top - band.height - 6
            self.canvas.rect(left - 5, bottom, right - left + 10, band.height + 10)
        elif self.layout.rules and right < self.width - _MARGIN - 1:
            x = right + _GUTTER / 2
            self.canvas.line(x, top, x, top - band.height)


class Figures(NamedTuple):
    """What is measured of one layout; means over pages or items."""

    b_cubed: float
    headlines: float
    bodies: float
    pages_per_second: float


def measure(
    layout: Layout, articles: Sequence[Article], rng: random.Random, count: int, show: bool = False
) -> Figures:
    """Print *count* pages, read and split them; print the items that came out wrong, if *show*."""
    cubed, headlines, bodies = [], [], []
    seconds = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(count):
            path = Path(folder) / "page.pdf"
            bands = set_bands(layout, rng.sample(articles, rng.randint(4, 8)), rng)
            placed = Printer(path, layout, bands).print(rng)
            start = time.perf_counter()
            page = read_page(path)
            predicted = split_page(page)
            seconds += time.perf_counter() - start
            gold = [_with_lines(entry, page) for entry in placed]
            cubed.append(b_cubed(page, gold, predicted))
            headlines += [_has_headline(item, predicted) for item in gold]
            exact = [_has_body(item, predicted) for item in gold]
            bodies += exact
            if show:
                _show_mistakes(gold, exact, predicted)
    return Figures(_mean(cubed), _mean(headlines), _mean(bodies), count / seconds)


def _with_lines(placed: Placed, page: Page) -> Item:
    """Give an item the numbers of the lines whose middle is in its box."""
    left, top, right, bottom = placed.box
    numbers = []
    for number, box in enumerate(page.boxes, 1):
        if not box:
            continue
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        if left <= x <= right and top <= y <= bottom:
            numbers.append(number)
    placed.item.lines = numbers
    return placed.item


def _has_headline(item: Item, articles: Sequence[Article]) -> bool:
    return any(bare(article.headline) == bare(item.headline) for article in articles)


def _has_body(item: Item, articles: Sequence[Article]) -> bool:
    return any(bare(article.text) == bare(item.text) for article in articles)


def _show_mistakes(
    gold: Sequence[Item], exact: Sequence[bool], predicted: Sequence[Article]
) -> None:
    headlines = [f"{article.headline} {article.lines}" for article in predicted]
    for item, is_exact in zip(gold, exact, strict=True):
        if not is_exact:
            print("-" * 50, item.headline, item.lines, *headlines, sep="\n")


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def main() -> None:
    """Measure every layout, or the one that is named."""
    if not FONT.exists():
        sys.exit(f"{FONT} is missing; install fonts-wqy-zenhei")
    pdfmetrics.registerFont(TTFont(_FONT_NAME, str(FONT), subfontIndex=0))
    count = int(sys.argv[1]) if len(sys.argv) > 1 else _PAGES_PER_LAYOUT
    name = sys.argv[2] if len(sys.argv) > 2 else None
    articles = sources()
    print(f"{'layout':24} B-cubed  headline  body   pages/s")
    for number, layout in enumerate(LAYOUTS):
        if name not in (None, layout.name):
            continue
        figures = measure(layout, articles, random.Random(number), count, show=bool(name))
        print(
            f"{layout.name:24} {figures.b_cubed:.4f}   {figures.headlines:.4f}   "
            f"{figures.bodies:.4f} {figures.pages_per_second:6.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
