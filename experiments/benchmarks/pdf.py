"""How well PDF pages are read: real articles printed on pages of several column layouts, and the result against gold.

Articles stand side by side and one above the other, each with its headline over its own columns. Figures a layout:
B-cubed F1 over lines weighted by characters, exact headlines and bodies, pages a second. `pdf.py [PAGES] [LAYOUT]`.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from layout import Item, bare, person, sources, width, wrap
from layout import Style as TextStyle
from pages import b_cubed
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from research import Article, read_page, split_page

FONT = Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc")
SIZE, LEADING, GUTTER = 9.0, 13.0, 12.0


@dataclass
class Layout:
    """How a paper makes up its pages."""

    name: str
    columns: int = 5
    characters: int = 16
    rules: bool = False
    boxes: bool = False
    row_by_row: bool = False  # text is drawn line by line over all columns of an article
    beside: int = 3  # at most so many articles side by side
    folio: bool = True


LAYOUTS = [
    Layout("five columns"),
    Layout("four wide columns", columns=4, characters=20),
    Layout("six narrow columns", columns=6, characters=12),
    Layout("rules", rules=True),
    Layout("boxes", boxes=True),
    Layout("drawn row by row", row_by_row=True),
    Layout("one above the other", beside=1),
]
PLAIN = TextStyle("pdf")


def print_page(
    path: Path, layout: Layout, articles: list[Article], rng: random.Random
) -> list[tuple[Item, tuple[float, float, float, float]]]:
    """Print a page; return its items and where each stands (left, top, right, bottom from the upper left corner)."""
    column = layout.characters * SIZE
    margin = 30.0
    across = margin * 2 + layout.columns * column + (layout.columns - 1) * GUTTER
    bands, top = [], margin + 30
    queue = list(articles)
    while queue:
        cells = partition(layout.columns, min(layout.beside, len(queue)), rng)
        taken = [queue.pop() for _ in cells]
        sets = [cell(article, n, layout, rng) for article, n in zip(taken, cells, strict=True)]
        height = max(h for *_, h in sets)
        bands.append((top, height, cells, sets))
        top += height + 16
    canvas = Canvas(str(path), pagesize=(across, top + margin))
    total = top + margin
    if layout.folio:
        canvas.setFont("zenhei", 10)
        canvas.drawString(margin, total - margin - 8, "2023年12月20日 星期三 编辑：王小明")
    gold = []
    for top, height, cells, sets in bands:
        left = margin
        for n, (item, heads, size, pieces, _) in zip(cells, sets, strict=True):
            right = left + n * column + (n - 1) * GUTTER
            y = top
            for head in heads:
                canvas.setFont("zenhei", size)
                canvas.drawString(
                    left + rng.choice((0.0, max(right - left - size * len(head), 0.0) / 2)),
                    total - y - size,
                    head,
                )
                y += size * 1.3
            print_body(canvas, layout, pieces, left, total - y - 6)
            gold.append((item, (left - 2, top - 4, right + SIZE + 2, top + height + 4)))
            if layout.boxes:
                canvas.rect(left - 5, total - top - height - 6, right - left + 10, height + 10)
            elif layout.rules and right < across - margin - 1:
                canvas.line(
                    right + GUTTER / 2, total - top, right + GUTTER / 2, total - top - height
                )
            left = right + GUTTER
        if layout.rules:
            canvas.line(margin, total - top - height - 8, across - margin, total - top - height - 8)
    canvas.save()
    return gold


def print_body(
    canvas: Canvas, layout: Layout, pieces: list[list[str]], left: float, top: float
) -> None:
    column = layout.characters * SIZE
    draws = [(c, r, text) for c, rows in enumerate(pieces) for r, text in enumerate(rows)]
    if layout.row_by_row:
        draws.sort(key=lambda one: (one[1], one[0]))
    canvas.setFont("zenhei", SIZE)
    for c, r, text in draws:
        indent = len(text) - len(text.lstrip("\u3000"))
        # Print squeezes a line that is too long for its column.
        space = min((column - width(text) * SIZE) / len(text), 0.0)
        canvas.drawString(
            left + c * (column + GUTTER) + indent * SIZE,
            top - r * LEADING - SIZE,
            text.strip("\u3000"),
            charSpace=space,
        )


def partition(columns: int, most: int, rng: random.Random) -> list[int]:
    """Share a band's columns out to articles."""
    count = rng.randint(1, min(most, columns))
    cuts = sorted(rng.sample(range(1, columns), count - 1))
    return [b - a for a, b in zip([0, *cuts], [*cuts, columns], strict=True)]


def cell(
    article: Article, n: int, layout: Layout, rng: random.Random
) -> tuple[Item, list[str], float, list[list[str]], float]:
    """Set one article into *n* columns: item, headline's lines, their size, rows a column, height."""
    room = n * layout.characters * SIZE + (n - 1) * GUTTER
    size = min(rng.choice((16.0, 20.0, 26.0)), max(12.5, room / 8))
    heads = (
        wrap(article.headline, int(room / size), PLAIN, rng)
        if len(article.headline) * size > room
        else [article.headline]
    )
    paragraphs = [
        f"本报讯（记者 {person(rng)}） {article.paragraphs[0]}"
        if rng.random() < 0.7
        else article.paragraphs[0],
        *article.paragraphs[1:],
    ]
    rows = []
    for paragraph in paragraphs:
        first, *rest = wrap(paragraph, layout.characters, PLAIN, rng)
        rows += ["\u3000\u3000" + first, *rest]
    tall = -(-len(rows) // n)
    pieces = [rows[c * tall : (c + 1) * tall] for c in range(n)]
    item = Item("article", article.headline, "".join(article.paragraphs))
    return item, heads, size, pieces, len(heads) * size * 1.3 + 6 + tall * LEADING


def main() -> None:
    if not FONT.exists():
        sys.exit(f"{FONT} is missing; install fonts-wqy-zenhei")
    pdfmetrics.registerFont(TTFont("zenhei", str(FONT), subfontIndex=0))
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    wanted = sys.argv[2] if len(sys.argv) > 2 else None
    articles = sources()
    print(f"{'layout':24} B-cubed  headline  body   pages/s")
    for number, layout in enumerate(LAYOUTS):
        if wanted in (None, layout.name):
            figures = measure(layout, articles, random.Random(number), count, show=bool(wanted))
            print(
                "{:24} {:.4f}   {:.4f}   {:.4f} {:6.1f}".format(layout.name, *figures), flush=True
            )


def measure(
    layout: Layout, articles: list[Article], rng: random.Random, count: int, show: bool = False
) -> list[float]:
    cubed, headlines, bodies, spent = [], [], [], 0.0
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(count):
            path = Path(folder) / "page.pdf"
            placed = print_page(path, layout, rng.sample(articles, rng.randint(4, 8)), rng)
            start = time.perf_counter()
            page = read_page(path)
            found = split_page(page)
            spent += time.perf_counter() - start
            for item, (left, top, right, bottom) in placed:
                item.lines = [
                    n
                    for n, box in enumerate(page.boxes, 1)
                    if box
                    and left <= (box[0] + box[2]) / 2 <= right
                    and top <= (box[1] + box[3]) / 2 <= bottom
                ]
            cubed.append(b_cubed(page, [item for item, _ in placed], found))
            for item, _ in placed:
                headlines.append(
                    any(bare(article.headline) == bare(item.headline) for article in found)
                )
                bodies.append(any(bare(article.text) == bare(item.text) for article in found))
                if show and not bodies[-1]:
                    print(
                        "-" * 50,
                        item.headline,
                        item.lines,
                        *(f"{a.headline} {a.lines}" for a in found),
                        sep="\n",
                    )
    return [sum(values) / len(values) for values in (cubed, headlines, bodies)] + [count / spent]


if __name__ == "__main__":
    main()
