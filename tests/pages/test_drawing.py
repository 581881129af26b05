"""A page's drawing: every line, every reason, no markup of the page, drawn by a real browser."""

from dataclasses import replace

from conftest import PROJECT, browse, needs_browser
from markupsafe import escape

from research import Page, layout_of, read_page
from research.pages.drawing import draw
from research.pages.split.reasons import sentences

PAGE = read_page(PROJECT / "data/pages/narrow-2024-07-18.txt")


def test_it_holds_every_line_and_no_markup_of_the_page():
    page = Page((*PAGE.lines, "<script>alert(1)</script>", "", "新闻热线：0371-1234567"))
    html = draw([layout_of(page)])
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "http" not in html.replace("http-equiv", "")
    for line in PAGE.lines:
        assert line.strip() in html
    assert "hot line" in html and "热线电话" in html


def test_it_says_how_sure_it_is_and_why():
    layout = layout_of(PAGE)
    html = draw([layout])
    for article in layout.articles:
        assert str(escape(sentences(article.reasons)[0])) in html
        assert f"{100 * article.confidence:.0f}% sure" in html


@needs_browser
def test_a_real_browser_draws_lines_and_boxes(tmp_path):
    boxes = tuple(
        (30.0, 20.0 + 14 * n, 180.0, 30.0 + 14 * n) if line.strip() else None
        for n, line in enumerate(PAGE.lines)
    )
    printed = replace(PAGE, boxes=boxes, sizes=tuple(9.0 if box else 0.0 for box in boxes))
    path = tmp_path / "page.html"
    path.write_text(draw([layout_of(PAGE), layout_of(printed)]), "utf-8")
    drawn = browse(path, tmp_path / "profile")
    filled = sum(bool(line.strip()) for line in PAGE.lines)
    assert drawn.count('class="line of"') == filled
    assert drawn.count("<rect ") == filled
