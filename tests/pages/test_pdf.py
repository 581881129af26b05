"""PDF pages, printed here in several column layouts from the sample's items; scans; bad files."""

import json
import re
from pathlib import Path

import pytest
from conftest import PROJECT
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from research import InputError, read_page, read_pages, split_page

FONT = Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc")
SIZE, LEADING, GUTTER = 9, 13, 13
# Headlines that fit over their columns.
ITEMS = [
    item
    for line in (PROJECT / "data/articles.jsonl").read_text("utf-8").splitlines()
    if len((item := json.loads(line))["headline"]) <= 20
]

needs_font = pytest.mark.skipif(
    not FONT.exists(), reason=f"no Chinese font at {FONT}; install fonts-wqy-zenhei"
)


def rows_of(text, characters):
    """Set paragraphs into a column; the first line of each is indented."""
    rows = []
    for paragraph in text.split("\n"):
        cut = "\u3000\u3000" + paragraph
        rows += [cut[i : i + characters] for i in range(0, len(cut), characters)]
    return rows


def print_item(canvas, item, left, top, columns, characters, by_row):
    """Print one item, headline over its columns; return how far down it reaches."""
    canvas.setFont("zenhei", 16)
    canvas.drawString(left, top - 16, item["headline"])
    rows = rows_of(item["text"], characters)
    tall = -(-len(rows) // columns)
    places = [(i // tall, i % tall, row) for i, row in enumerate(rows)]
    canvas.setFont("zenhei", SIZE)
    for column, row, text in sorted(places, key=lambda place: place[1]) if by_row else places:
        indent = len(text) - len(text.lstrip("\u3000"))
        canvas.drawString(
            left + column * (characters * SIZE + GUTTER) + indent * SIZE,
            top - 36 - row * LEADING,
            text.lstrip("\u3000"),
        )
    return top - 36 - tall * LEADING


@pytest.fixture(scope="module", autouse=True)
def font():
    if FONT.exists():
        pdfmetrics.registerFont(TTFont("zenhei", str(FONT), subfontIndex=0))


def bare(text):
    return re.sub(r"\s", "", text)


@needs_font
@pytest.mark.parametrize("rules", [False, True])
@pytest.mark.parametrize(
    ("columns", "characters", "by_row"), [(2, 18, False), (2, 18, True), (3, 13, True)]
)
def test_items_side_by_side_and_above_each_other(tmp_path, columns, characters, by_row, rules):
    path = tmp_path / "栖川日报-2024-03-05-02.pdf"
    wide = columns * characters * SIZE + (columns - 1) * GUTTER
    canvas = Canvas(str(path), pagesize=(2 * wide + 100, 1000))
    canvas.setFont("zenhei", 9)
    canvas.drawString(30, 985, "02 综合新闻 2024年3月5日 星期二 编辑：简宁")
    items = ITEMS[:4]
    low = min(
        print_item(canvas, item, left, 970, columns, characters, by_row)
        for item, left in ((items[0], 30), (items[1], 30 + wide + 24))
    )
    for item, left in ((items[2], 30), (items[3], 30 + wide + 24)):
        print_item(canvas, item, left, low - 24, columns, characters, by_row)
    if rules:
        canvas.line(30 + wide + 12, 970, 30 + wide + 12, 20)
        canvas.line(30, low - 8, 2 * wide + 54, low - 8)
    canvas.save()
    page = read_page(path)
    assert (page.date, page.number, len(page.boxes), len(page.sizes)) == (
        "2024-03-05",
        2,
        len(page.lines),
        len(page.lines),
    )
    articles = split_page(page)
    assert {bare(article.headline) for article in articles} == {
        bare(item["headline"]) for item in items
    }
    for article in articles:
        item = next(item for item in items if bare(item["headline"]) == bare(article.headline))
        found = bare(article.byline + article.text)
        assert sorted(found) == sorted(bare(item["text"])) or bare(article.text) in bare(
            item["text"]
        )
        left, top, right, bottom = article.boxes[0]
        assert left < right <= 2 * wide + 100
        assert 0 <= top < bottom <= 1000
    assert [paragraph.startswith("\u3000") for paragraph in articles[0].paragraphs] == [
        False
    ] * len(articles[0].paragraphs)


@needs_font
def test_a_scan_says_so_and_a_damaged_file_too(tmp_path):
    scan = tmp_path / "scan.pdf"
    canvas = Canvas(str(scan))
    canvas.rect(10, 10, 500, 700, fill=1)
    canvas.save()
    with pytest.raises(
        InputError, match=r"scan\.pdf: page 1 holds no text, so it is a scan; run text recognition"
    ):
        read_page(scan)
    for name, raw, says in (
        ("cut.pdf", scan.read_bytes()[:200], "no PDF, or a damaged one"),
        ("text.pdf", b"not at all", "no PDF, or a damaged one"),
        ("empty.pdf", b"", "no PDF, or a damaged one"),
    ):
        (tmp_path / name).write_bytes(raw)
        with pytest.raises(InputError, match=f"{name}: is {says}"):
            read_page(tmp_path / name)


@needs_font
def test_a_pdf_of_several_pages(tmp_path):
    path = tmp_path / "two.pdf"
    canvas = Canvas(str(path))
    for _ in range(2):
        canvas.setFont("zenhei", 12)
        canvas.drawString(50, 500, "望江大桥昨日合龙，全长一千二百米。")
        canvas.showPage()
    canvas.save()
    with pytest.raises(InputError, match="2 pages; read them with read_pages"):
        read_page(path)
    assert [page.number for page in read_pages(path)] == [1, 2]
