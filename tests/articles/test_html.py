"""HTML that crawls leave in texts is taken out; what only looks like it stays."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research import read_corpus
from research.articles.html import without_markup

# Without backslashes: one before n, r or t is a line break that a crawl escaped.
WORDS = st.text(
    st.characters(categories=("Lu", "Ll", "Lo", "Nd", "Po", "Sm"), exclude_characters="\\"),
    min_size=1,
    max_size=20,
)


@pytest.mark.parametrize(
    ("crawled", "read"),
    [
        (
            "<p>水库加固。</p>\n<p>学校<b>开学</b>。<br/>新书首发。</p>",
            "水库加固。\n学校开学。\n新书首发。",
        ),
        ("<DIV class='text'>水库加固。<DIV>学校开学。</DIV></DIV>", "水库加固。\n学校开学。"),
        ("水库加固。\n学校<a href='/news?id=1&page=2'>开学</a>。", "水库加固。\n学校开学。"),
        ("水库加固。<script>var a = '<p>';</script><style>p { color: red }</style>", "水库加固。"),
        ("&ldquo;水库&rdquo;&nbsp;加固&#12290;", "“水库”\xa0加固。"),
        ("&lt;p&gt;水库加固。&lt;/p&gt;&lt;p&gt;学校开学。&lt;/p&gt;", "水库加固。\n学校开学。"),
        ("<p>没有合上<p>又一段", "没有合上\n又一段"),
        (r"水库加固。\n学校开学。\nAPEC 开幕。", "水库加固。\n学校开学。\nAPEC 开幕。"),
        ("<div>" * 2000 + "很深", "很深"),
    ],
)
def test_tags_and_entities_of_crawled_texts_are_taken_out(crawled, read):
    assert without_markup(crawled) == read


@pytest.mark.parametrize(
    "text",
    [
        "<人民日报>载文",
        "当 a < b 且 c > d",
        "R&D 投入与 AT&T",
        "a=1&times=2",
        r"存到 C:\news 里",
        "第一段\n\n第二段",
        "",
    ],
)
def test_what_only_looks_like_markup_stays(text):
    assert without_markup(text) == text


@given(st.lists(WORDS, min_size=1, max_size=5))
def test_paragraphs_come_out_of_html_as_they_went_in(paragraphs):
    assert without_markup(
        "".join(f"<p>{html.escape(text)}</p>" for text in paragraphs)
    ) == "\n".join(paragraphs)


def test_a_corpus_with_html_in_it_is_read_as_text(tmp_path):
    (tmp_path / "crawl.csv").write_text(
        'title,content\n水库&nbsp;加固,"<p>今年完工。</p><p>明年蓄水。</p>"\n', "utf-8"
    )
    article = read_corpus(tmp_path / "crawl.csv")[0]
    assert article.headline == "水库\xa0加固" and article.paragraphs == ("今年完工。", "明年蓄水。")
