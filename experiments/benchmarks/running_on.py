"""How well PDFs are read whose articles run on over pages, against gold.

Real items are set one after another as a document of A4 pages, in several styles: one and two
columns, headlines of several sizes, running heads that alternate or change, page numbers of
several kinds, source lines. Figures per style: the share of items that are cut right (all their
characters and no other), the share of items with a confidence over .9, and how many of those are
cut right. ``running_on.py [DOCUMENTS] [STYLE]``.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from experiments.benchmarks.pdf import FONT
from experiments.layouts import bare
from research import Article, read_pages, split_issue
from research.articles.corpus import iter_corpus

_FONT_NAME = "zenhei"
_DOCUMENTS_PER_STYLE = 4
_MIN_CHARACTERS, _MAX_CHARACTERS = 120, 1500
_WIDTH, _HEIGHT = 595.0, 842.0
_MARGIN = 64.0
_MAX_WRONG_CHARACTERS = 2
_SURE = 0.9
_NO_LINE_BEGINS = "，。、；：！？）》”’"


@dataclass(frozen=True)
class Style:
    """How a document is set; sizes in points, gaps in lines."""

    name: str
    columns: int = 1
    size: float = 11.0
    leading: float = 1.6
    headline: float = 16.0
    centred: bool = True
    indent: bool = True
    paragraph_gap: float = 0.0
    gap: float = 1.5
    head: str = "alternating"
    number: str = "第 {n} 页"
    first_number: int = 1
    source: str = ""  # "top" or "end": a line 《栖川日报》（2024年03月05日 第 01 版）.
    new_page: bool = False  # Whether every item begins on a new page.
    subheads: float = 0.0  # Their print size; 0 where there are none.
    rule: bool = False


STYLES = (
    Style("one column"),
    Style("two columns", columns=2, size=10.0, headline=14.0, centred=False),
    Style(
        "two columns, no indent",
        columns=2,
        size=10.0,
        headline=14.0,
        indent=False,
        paragraph_gap=0.5,
    ),
    Style("number between hyphens", head="none", number="- {n} -", first_number=41),
    Style("number alone, head with the day", head="dated", number="{n}", first_number=7),
    Style("roman numbers", number="{roman}"),
    Style("number in the head", head="numbered", number="", first_number=101),
    Style("number of all", head="none", number="{n} / {all}"),
    Style("source line at the end", source="end"),
    Style("source line at the top", source="top"),
    Style("source line at the end, plain headlines", source="end", headline=11.0, centred=False),
    Style("an item begins a page", new_page=True),
    Style("large sub-headings", headline=20.0, subheads=14.0),
    Style("sub-headings as large as headlines", subheads=16.0),
    Style("headline little larger", headline=12.5, centred=False),
    Style("plain headlines, centred", headline=11.0),
    Style("plain headlines, at the left", headline=11.0, centred=False),
    Style("plain headlines, two columns", columns=2, size=10.0, headline=10.0, centred=False),
    Style("close set", leading=1.2, gap=0.3, head="section", rule=True),
    Style("wide set, gaps between paragraphs", leading=2.0, paragraph_gap=1.0, indent=False),
)


class Row(NamedTuple):
    """A line to be printed: text, print size, whether centred, the gap above it in points."""

    text: str
    size: float
    centred: bool
    gap: float
    item: int


class Printer:
    """Sets items as a document."""

    def __init__(self, path: Path, style: Style, rng: random.Random) -> None:
        self.canvas = Canvas(str(path), pagesize=(_WIDTH, _HEIGHT))
        self.style = style
        self.rng = rng
        self.page = 0
        gutter = 2 * style.size
        self.column_width = (_WIDTH - 2 * _MARGIN - (style.columns - 1) * gutter) / style.columns
        self.column_width -= self.column_width % style.size
        self.step = self.column_width + gutter
        self.column, self.y = style.columns, 0.0
        self.pages_of: dict[int, list[int]] = {}
        self.n_pages = 99

    def print(self, items: Sequence[Article]) -> None:
        """Print all items."""
        for number, item in enumerate(items):
            if self.style.new_page and number:
                self.column, self.y = self.style.columns, 0.0
            rows = list(self._rows(item, number))
            for place, row in enumerate(rows):
                # A headline stays with the first line below it.
                needed = sum(r.size * self.style.leading for r in rows[place : place + 2])
                self._place(row, needed if row.size != self.style.size else row.size)
        self.canvas.save()

    def _rows(self, item: Article, number: int) -> Iterator[Row]:
        style = self.style
        source = f"《栖川日报》（2024年03月{1 + number // 9:02d}日 第 {1 + number % 8:02d} 版）"
        gap = style.gap * style.size * style.leading
        for place, text in enumerate(self._wrapped(item.headline, style.headline, 0)):
            yield Row(text, style.headline, style.centred, gap if place == 0 else 0, number)
        if style.source == "top":
            yield Row(source, style.size, style.centred, 0, number)
        for place, paragraph in enumerate(item.paragraphs):
            if style.subheads and place and place % 3 == 0:
                subhead = f"{'一二三四五六七八九十'[place // 3 % 10]}、重点工作"
                yield Row(subhead, style.subheads, False, style.size, number)
            gap = style.paragraph_gap * style.size * style.leading
            for line, text in enumerate(self._wrapped(paragraph, style.size, 2 * style.indent)):
                yield Row(text, style.size, False, 0 if line else gap, number)
        if style.source == "end":
            yield Row(source, style.size, False, 0, number)

    def _wrapped(self, text: str, size: float, indent: int) -> Iterator[str]:
        room = int(self.column_width / size)
        text = "\u3000" * indent + text
        while text:
            cut = room
            while cut < len(text) and text[cut] in _NO_LINE_BEGINS and cut > room - 3:
                cut -= 1
            yield text[:cut]
            text = text[cut:]

    def _place(self, row: Row, needed: float) -> None:
        pitch = row.size * self.style.leading
        bottom = _MARGIN
        at_top = self.y >= _HEIGHT - _MARGIN - 0.1
        gap = 0 if at_top else row.gap
        if self.y - gap - max(needed, pitch) < bottom:
            self._next_column()
            gap = 0
        self.y -= gap + pitch
        left = _MARGIN + self.column * self.step
        text = row.text
        if row.centred:
            left += (self.column_width - len(text.strip()) * row.size) / 2
        indent = len(text) - len(text.lstrip("\u3000"))
        self.canvas.setFont(_FONT_NAME, row.size)
        self.canvas.drawString(left + indent * row.size, self.y, text.lstrip("\u3000"))
        self.pages_of.setdefault(row.item, []).append(self.page + self.style.first_number - 1)

    def _next_column(self) -> None:
        self.column += 1
        self.y = _HEIGHT - _MARGIN
        if self.column >= self.style.columns:
            if self.page:
                self.canvas.showPage()
            self.page += 1
            self.column = 0
            self._running()

    def _running(self) -> None:
        style, canvas = self.style, self.canvas
        canvas.setFont(_FONT_NAME, 9)
        n = self.page + style.first_number - 1
        top = _HEIGHT - 40
        if style.head == "alternating":
            if n % 2:
                canvas.drawRightString(_WIDTH - _MARGIN, top, "栖川日报合订本")
            else:
                canvas.drawString(_MARGIN, top, "二〇二四年三月")
        elif style.head == "dated":
            canvas.drawString(_MARGIN, top, f"栖川日报 2024年3月{1 + self.page // 3}日 星期二")
        elif style.head == "numbered":
            canvas.drawString(_MARGIN, top, f"栖川日报    2024年3月    {n}")
        elif style.head == "section":
            canvas.drawCentredString(
                _WIDTH / 2, top, ["要闻", "民生", "石门新闻"][self.page // 4 % 3]
            )
        if style.rule:
            canvas.line(_MARGIN, top - 6, _WIDTH - _MARGIN, top - 6)
        text = style.number.format(n=n, roman=roman(n), all=self.n_pages)
        if text:
            canvas.drawCentredString(_WIDTH / 2, 34, text)


def roman(n: int) -> str:
    """Return a number in small Roman numerals."""
    out = ""
    for value, letters in (
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ):
        while n >= value:
            out, n = out + letters, n - value
    return out


class Figures(NamedTuple):
    """What is measured of one style."""

    n_items: int
    right: float
    sure: float
    right_of_sure: float
    pages_right: float
    seconds_per_page: float


def measure(
    style: Style, items: Sequence[Article], rng: random.Random, count: int, show: bool
) -> Figures:
    """Print *count* documents, read and split them, and compare."""
    n_gold = n_right = n_sure = n_sure_right = n_pages = n_pages_right = 0
    seconds = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(count):
            path = Path(folder) / "合订本.pdf"
            chosen = rng.sample(items, rng.randint(12, 30))
            printer = Printer(path, style, rng)
            printer.print(chosen)
            start = time.perf_counter()
            articles = split_issue(read_pages(path))
            seconds += time.perf_counter() - start
            n_pages += printer.page
            n_gold += len(chosen)
            golds = {bare(item.headline): (k, item) for k, item in enumerate(chosen)}
            for article in articles:
                entry = golds.get(bare(article.headline))
                right = entry is not None and _is_right(article, entry[1], style)
                n_right += right
                sure = (article.confidence or 0) > _SURE
                n_sure += sure
                n_sure_right += sure and right
                if right and entry:
                    n_pages_right += sorted(set(article.pages)) == sorted(
                        set(printer.pages_of[entry[0]])
                    )
                if show and not right:
                    gold = bare(entry[1].text) if entry else ""
                    print(
                        "-" * 40,
                        article.confidence,
                        article.headline,
                        article.lines,
                        article.kind,
                        len(bare(article.text)),
                        len(gold),
                        article.byline,
                        article.paragraphs[:1],
                        article.paragraphs[-1:],
                        sep="\n  ",
                    )
    return Figures(
        n_gold,
        n_right / n_gold,
        n_sure / n_gold,
        n_sure_right / max(n_sure, 1),
        n_pages_right / max(n_right, 1),
        seconds / n_pages,
    )


def _is_right(article: Article, item: Article, style: Style) -> bool:
    got = Counter(bare(article.byline + article.text))
    gold = Counter(bare(item.text))
    if style.subheads:
        return (gold - got).total() <= _MAX_WRONG_CHARACTERS and (got - gold).total() <= 80
    wrong = (got - gold).total() + (gold - got).total()
    return wrong <= _MAX_WRONG_CHARACTERS


def _is_usable(item: Article) -> bool:
    return (
        _MIN_CHARACTERS <= len(item.text) <= _MAX_CHARACTERS
        and 6 <= len(item.headline) <= 45
        and "联播快讯" not in item.headline
        and "编辑" not in item.text
    )


def _items(data: Path) -> list[Article]:
    items = filter(_is_usable, iter_corpus(data / "xwlb.jsonl.gz"))
    return list({bare(item.headline): item for item in items}.values())


def main() -> None:
    """Measure every style, or the one that is named."""
    from experiments.benchmarks.shared_data import SHARED

    if not FONT.exists():
        sys.exit(f"{FONT} is missing; install fonts-wqy-zenhei")
    pdfmetrics.registerFont(TTFont(_FONT_NAME, str(FONT), subfontIndex=0))
    count = int(sys.argv[1]) if len(sys.argv) > 1 else _DOCUMENTS_PER_STYLE
    name = sys.argv[2] if len(sys.argv) > 2 else None
    items = _items(SHARED)
    total = [0.0] * 3
    for style in STYLES:
        if name not in (None, style.name):
            continue
        figures = measure(style, items, random.Random(f"{style.name} 1"), count, show=bool(name))
        print(f"{style.name:40}", *(f"{figure:7.3f}" for figure in figures), flush=True)
        total[0] += figures.sure * figures.n_items
        total[1] += figures.right_of_sure * figures.sure * figures.n_items
        total[2] += figures.n_items
    print(f"of {total[0]:.0f} items over {_SURE}, cut right: {total[1] / max(total[0], 1):.3f}")


if __name__ == "__main__":
    main()
