"""An article of an e-paper in HTML: where templates keep headline, deck, author, date and body.

Knows no form; a form adds what only its own files have.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from selectolax.lexbor import LexborHTMLParser, LexborNode

from research.articles.html import one_line, paragraphs_of
from research.pages.marks.source_lines import SOURCE_LINE
from research.pages.read.epaper.form import ArticleFile
from research.pages.read.epaper.saved_html import text_at

BODY_PLACES = (
    "#ozoom",
    "#articleContent",
    ".article-content",
    ".contnt",
    ".newsdetatext",
    "#frameContent",
)
EACH_PARAGRAPH = ("p",)
"""As the last of the places: where no template marks the body, it is all paragraphs."""

_HEADLINE_PLACES = ("#Title", "h1", ".newsdetatit", "#frameContent > h3", "h2", "h3", ".title")
_INTRO_PLACES = ("#PreTitle",)
_SUBTITLE_PLACES = ("#SubTitle",)
_AUTHOR_PLACES = ("#Author", "h4")
_DATE_PLACES = (".rdln dd", ".lai", ".date", "#date")
_SOURCE_PLACES = (".lai", "p.sec", ".sec", ".rdln dd")
_PICTURE_OF_ARTICLE = re.compile(r"attpic|/res\d+_", re.IGNORECASE)
_NOT_IN_BODY = "#PreTitle, #SubTitle, .lai, .sec"


def read_article(text: str, places: Sequence[str] = BODY_PLACES) -> ArticleFile:
    """Read an article's HTML; the body is at the first of *places* that has a text."""
    tree = LexborHTMLParser(text)
    headline = _headline_node(tree)
    before, after = _decks(headline)
    author, date, label = _source(tree)
    article = ArticleFile(
        headline=one_line(headline.html or "") if headline else "",
        intro_title=text_at(tree, _INTRO_PLACES) or before,
        subtitle=text_at(tree, _SUBTITLE_PLACES) or after,
        author=text_at(tree, _AUTHOR_PLACES) or author,
        title=text_at(tree, ("title",)),
        dates=tuple(filter(None, (date, text_at(tree, _DATE_PLACES)))),
        page_label=label,
        has_picture=_has_picture(tree),
    )
    # Last, as it takes what is no body out of the tree.
    paragraphs, has_picture = _body(tree, places)
    has_picture = has_picture or article.has_picture
    return article._replace(paragraphs=paragraphs, has_picture=has_picture)


def _headline_node(tree: LexborHTMLParser) -> LexborNode | None:
    for place in _HEADLINE_PLACES:
        node = tree.css_first(place)
        if node is not None and node.text(strip=True):
            return node
    return None


def _decks(headline: LexborNode | None) -> tuple[str, str]:
    """Return 引题 and 副题: the ``h3`` before an ``h1`` and the ``h2`` after it, beside it."""
    if headline is None or headline.tag != "h1":
        return "", ""
    before = _beside(headline, "prev", "h3")
    after = _beside(headline, "next", "h2")
    return before, after


def _beside(node: LexborNode, side: str, tag: str) -> str:
    beside = getattr(node, side)
    while beside is not None and beside.tag != tag:
        beside = getattr(beside, side)
    return one_line(beside.html or "") if beside is not None else ""


def _source(tree: LexborHTMLParser) -> tuple[str, str, str]:
    """Return author, date and page of a line such as 本报记者 甲乙 《X报》（DATE 01 版）."""
    for place in _SOURCE_PLACES:
        shown = text_at(tree, (place,))
        if named := SOURCE_LINE.search(shown):
            author = shown[: named.start()] + shown[named.end() :]
            return author.strip(" |　"), named[1], named[2].upper()
    return "", "", ""


def _body(tree: LexborHTMLParser, places: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """Return the body's paragraphs, and whether there is a picture among them."""
    has_picture = False
    for heading in tree.css(_NOT_IN_BODY):
        heading.decompose()
    for place in places:
        nodes = tree.css(place)
        has_picture = has_picture or any(node.css_first("img") is not None for node in nodes)
        texts = [paragraphs_of(node.html or "") for node in nodes]
        if place in EACH_PARAGRAPH:
            return tuple(chain.from_iterable(texts)), has_picture
        if paragraphs := next(filter(None, texts), None):
            return tuple(paragraphs), has_picture
    return (), has_picture


def _has_picture(tree: LexborHTMLParser) -> bool:
    sources = [image.attributes.get("src") or "" for image in tree.css("img")]
    return any(_PICTURE_OF_ARTICLE.search(source[:1000]) for source in sources)
