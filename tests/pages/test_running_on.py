"""PDFs whose articles run on over pages, printed here from the sample's items in several styles."""

import json
from pathlib import Path

import pytest
from conftest import PROJECT
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from research import layout_of, read_pages, split_issue
from research.pages.archive import split_archive
from research.pages.read.columns import columns_of, in_columns
from research.pages.read.page import joined
from research.pages.read.reading_order import Piece

FONT = Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc")
pytestmark = pytest.mark.skipif(
    not FONT.exists(), reason=f"no Chinese font at {FONT}; install fonts-wqy-zenhei"
)
SIZE, LEADING, LEFT, TOP, BOTTOM = 11, 18, 60, 780, 80
ITEMS = [
    item
    for line in (PROJECT / "data/articles.jsonl").read_text("utf-8").splitlines()
    if len((item := json.loads(line))["text"]) > 240 and len(item["headline"]) < 20
][:12]


@pytest.fixture(scope="module", autouse=True)
def font():
    if FONT.exists():
        pdfmetrics.registerFont(TTFont("zenhei", str(FONT), subfontIndex=0))


def rows_of(item, room, large, source, indent="\u3000\u3000"):
    """Return an item's rows: size, indent in characters, text."""
    headline, wide = item["headline"], room * SIZE // large
    rows = [(large, 0, headline[i : i + wide]) for i in range(0, len(headline), wide)]
    for paragraph in item["text"].split("\n"):
        cut = indent + paragraph
        rows += [(SIZE, 0, cut[i : i + room]) for i in range(0, len(cut), room)]
    return [*rows, (SIZE, 0, source)] if source else rows


class Document:
    """Prints rows in columns, page after page; *edges* gives the running lines of page n."""

    def __init__(self, path, edges, columns=1):
        self.canvas = Canvas(str(path), pagesize=(595, 842))
        self.edges, self.columns = edges, columns
        self.page, self.column, self.y = 0, columns, 0

    def print(self, items, large=16, source="", indent="\u3000\u3000"):
        room = {1: 43, 2: 20}[self.columns]
        for item in items:
            for size, _, text in rows_of(item, room, large, source, indent):
                if self.y - LEADING * (2 if size > SIZE else 1) < BOTTOM:
                    self.turn()
                self.y -= LEADING
                left = LEFT + self.column * (room * SIZE + 24)
                n_blanks = len(text) - len(text.lstrip("\u3000"))
                self.canvas.setFont("zenhei", size)
                self.canvas.drawString(left + n_blanks * size, self.y, text.lstrip("\u3000"))
        self.canvas.save()

    def turn(self):
        self.column += 1
        self.y = TOP
        if self.column >= self.columns:
            if self.page:
                self.canvas.showPage()
            self.page, self.column = self.page + 1, 0
            self.canvas.setFont("zenhei", 9)
            for x, y, text in self.edges(self.page):
                self.canvas.drawString(x, y, text)


def bare(text):
    return "".join(text.split())


def alternating(n):
    head = (60, 810, "栖川日报合订本") if n % 2 else (420, 810, "二〇二四年三月")
    return [head, (280, 40, f"第 {n + 40} 页")]


ROMAN = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"]
STYLES = {
    "alternating heads": alternating,
    "numbers left and right": lambda n: [(60 if n % 2 else 520, 40, f"- {n + 40} -")],
    "head with day and number": lambda n: [
        (60, 810, f"栖川日报  2024年3月{5 + n // 4}日  星期二  {n + 40}")
    ],
    "heads that change": lambda n: [
        (200, 810, ["要闻", "民生", "石门新闻"][n % 3]),
        (290, 40, str(n + 40)),
    ],
    "Chinese numbers": lambda n: [
        (
            280,
            40,
            f"第{'四十' if n + 40 < 50 else '五十'}{'〇一二三四五六七八九'[n % 10].strip('〇')}页",
        )
    ],
    "number of all": lambda n: [(280, 40, f"{n + 40} / 128")],
}


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("style", STYLES)
def test_articles_are_whole_and_pages_as_printed(tmp_path, style, columns):
    path = tmp_path / "合订本.pdf"
    document = Document(path, STYLES[style], columns)
    document.print(ITEMS)
    pages = read_pages(path)
    assert [page.number for page in pages] == list(range(41, 41 + document.page))
    articles = split_issue(pages)
    assert [bare(article.headline) for article in articles] == [bare(i["headline"]) for i in ITEMS]
    for article, item in zip(articles, ITEMS, strict=True):
        text = bare(article.byline + article.text)
        assert sorted(text) == sorted(bare(item["text"]))
        assert list(article.pages) == sorted(article.pages)
        assert len(article.pages) == len(article.lines) == len(article.boxes)
        assert article.confidence > 0.9
    assert {number for article in articles for number in article.pages} == {p.number for p in pages}
    running = [entry.reason for entry in layout_of(joined(pages)[0]).aside]
    assert running.count("running head") == sum(
        len(STYLES[style](n + 1)) for n in range(len(pages))
    )


def test_roman_numbers_before_others_are_pages_of_their_own(tmp_path):
    path = tmp_path / "合订本.pdf"
    document = Document(path, lambda n: [(280, 40, ROMAN[n] if n < 3 else str(n - 2))])
    document.print(ITEMS)
    pages = read_pages(path)
    assert [(page.number, page.name) for page in pages[:4]] == [
        (1, "i"),
        (2, "ii"),
        (1, ""),
        (2, ""),
    ]
    output = tmp_path / "out.jsonl"
    summary = split_archive([path], output, n_jobs=1)
    ids = [json.loads(line)["id"] for line in output.read_text("utf-8").splitlines()]
    assert len(set(ids)) == len(ids) == len(ITEMS)
    assert summary.aside == {"running head": document.page}


def test_a_running_line_names_day_and_page_of_the_paper_beside_the_number(tmp_path):
    path = tmp_path / "三月.pdf"
    Document(
        path,
        lambda n: [
            (60, 810, f"《栖川日报》（2024年03月0{n}日 第 {1 + n % 4:02d} 版）"),
            (280, 40, f"第 {n + 8} 页"),
        ],
    ).print(ITEMS)
    pages = read_pages(path)
    assert [(page.number, page.name, page.date) for page in pages[:2]] == [
        (9, "02版", "2024-03-01"),
        (10, "03版", "2024-03-02"),
    ]
    first, *_, last = split_issue(pages)
    assert (first.date, first.pages[0], last.pages[-1]) == ("2024-03-01", 9, 8 + len(pages))


@pytest.mark.parametrize("large", [16, SIZE])
def test_a_source_line_ends_its_article_and_gives_it_a_day(tmp_path, large):
    path = tmp_path / "一月.pdf"
    Document(path, alternating).print(ITEMS, large, "《栖川日报》（2024年03月05日 第 02 版）")
    layout = layout_of(joined(read_pages(path))[0])
    assert [bare(article.headline) for article in layout.articles] == [
        bare(item["headline"]) for item in ITEMS
    ]
    assert {article.date for article in layout.articles} == {"2024-03-05"}
    assert {name for article in layout.articles for name in article.page_names} == {"02版"}
    assert [entry.reason for entry in layout.aside].count("source line") == len(ITEMS)


def test_where_nothing_sets_headlines_apart_no_article_is_called_sure(tmp_path):
    path = tmp_path / "合订本.pdf"
    Document(path, alternating).print(ITEMS, SIZE, indent="")
    articles = split_issue(read_pages(path))
    assert max(article.confidence for article in articles) <= 0.85


def test_headlines_in_text_print_stand_out_where_paragraphs_are_indented(tmp_path):
    path = tmp_path / "合订本.pdf"
    Document(path, alternating).print(ITEMS, SIZE)
    articles = split_issue(read_pages(path))
    assert [bare(article.headline) for article in articles] == [bare(i["headline"]) for i in ITEMS]


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 12), st.integers(1, 25)),
        min_size=1,
        max_size=25,
    )
)
def test_every_piece_is_read_once_whatever_the_columns(places):
    pieces = [
        Piece((20.0 * x, 18.0 * y, 20.0 * x + 20 * width, 18.0 * y + 11), 11.0, str(number))
        for number, (x, y, width) in enumerate(places)
    ]
    regions = in_columns(pieces, columns_of(pieces, 11.0))
    read = [piece.text for region in regions for piece in region.pieces]
    assert sorted(read) == sorted(piece.text for piece in pieces)


def test_pages_that_are_made_up_one_by_one_stay_apart(tmp_path):
    path = tmp_path / "栖川日报2024-03-05.pdf"
    canvas = Canvas(str(path), pagesize=(595, 842))
    for number, item in enumerate(ITEMS[:4], 1):
        canvas.setFont("zenhei", 9)
        canvas.drawString(60, 810, f"A{number:02d}版 2024年3月5日 星期二")
        y = TOP
        for size, _, text in rows_of(item, 43, 16, ""):
            y -= LEADING
            canvas.setFont("zenhei", size)
            canvas.drawString(LEFT + 22 * text.startswith("\u3000"), y, text.strip("\u3000"))
        canvas.showPage()
    canvas.save()
    pages = read_pages(path)
    assert [(page.number, page.runs_on, page.date) for page in pages] == [
        (number, False, "2024-03-05") for number in (1, 2, 3, 4)
    ]
    assert [bare(article.headline) for article in split_issue(pages)] == [
        bare(item["headline"]) for item in ITEMS[:4]
    ]
