"""The e-paper system of Founder (方正).

``node_*.htm(l)`` is a page: its links are its articles, its image map says where they are.
``content_*.htm(l)`` is an article, in one of the ways in which the system's editions wrote it over
the years.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from research.articles.article import Article, Box, around
from research.articles.dates import day_in_path, iso_date
from research.articles.html import one_line, paragraphs_of
from research.pages.marks.bylines import take_bylines
from research.pages.marks.jumps import take_jumps
from research.pages.marks.kinds import kind_of
from research.pages.marks.spaces import tidy
from research.pages.read.epaper.form import ArticleFile, Form, ListedPage, PageFile, key_of
from research.pages.read.epaper.saved_html import area_box, linked_file, map_extent

_PAGE_FILE = re.compile(r"node_(\w+)\.html?$", re.IGNORECASE)
_ARTICLE_FILE = re.compile(r"content_(\w+)\.html?$", re.IGNORECASE)
_LISTED_NAME = re.compile(
    r"""
    第?\s* ([A-Za-z]*\d{1,3}) \s*版    # the label: 第 01 版, A03版
    \s*[:：]?\s* (.*)                   # the name, without spaces around it
    """,
    re.VERBOSE,
)
_OWN_NAME = re.compile(
    r"""
    第?\s* ([A-Za-z]?\d{1,3}) \s*版
    \s*[:：]\s* ([\u4e00-\u9fff·A-Za-z]{1,12})
    """,
    re.VERBOSE,
)
# An edition writes an article's fields into a comment, and comments around its body.
_PROPERTIES = re.compile(
    r"<!--\s*enpproperty(.*?)/?\s*enpproperty\s*-->", re.DOTALL | re.IGNORECASE
)
_MARKED_BODY = re.compile(
    r"<!--\s*enpcontent\s*-->(.*?)<!--\s*/\s*enpcontent\s*-->", re.DOTALL | re.IGNORECASE
)
# A later edition has tags of its own.
_TAGGED_BODY = re.compile(
    r"<founder-content\b[^>]*>(.*?)</founder-content\s*>", re.DOTALL | re.IGNORECASE
)
# The newest has only plain HTML.
_BODY_PLACES = ("#ozoom", "#articleContent", ".article-content")
_HEADLINE_PLACES = ("h1", "h2", ".title", "#title", "title")
# The folder of pages, and those of their articles, of editions that keep them apart.
_PAGES_FOLDER = "layout"
_ARTICLES_FOLDERS = ("con", "content")


def _read_page(text: str) -> PageFile:
    tree = LexborHTMLParser(text)
    label, name = _own_name(tree)
    boxes = _boxes(tree)
    linked = [_article_key(anchor) for anchor in tree.css("a")]
    keys = [*filter(None, linked), *boxes]
    return PageFile(
        listed=tuple(_listed_pages(tree)),
        label=label,
        name=name,
        links=tuple(dict.fromkeys(keys)),
        boxes=boxes,
        extent=map_extent(tree, list(boxes.values())),
    )


def _listed_pages(tree: LexborHTMLParser) -> Iterable[ListedPage]:
    for anchor in tree.css("a"):
        file = linked_file(anchor.attributes.get("href") or "")
        if not _PAGE_FILE.match(file):
            continue
        shown = " ".join(anchor.text().split())
        if named := _LISTED_NAME.search(shown):
            yield ListedPage(named[1].upper(), named[2].strip(), file)


def _own_name(tree: LexborHTMLParser) -> tuple[str, str]:
    """Return a page's label and name from its own text, for pages that no list names."""
    for place in ("title", "body"):
        node = tree.css_first(place)
        named = _OWN_NAME.search(node.text()) if node else None
        if named:
            return named[1].upper(), named[2]
    return "", ""


def _boxes(tree: LexborHTMLParser) -> dict[str, Box]:
    """Return the boxes that the image map gives to articles; an article may have several areas."""
    boxes: dict[str, Box] = {}
    for area in tree.css("area"):
        key = _article_key(area)
        box = area_box(area.attributes.get("coords") or "")
        if key and box:
            boxes[key] = around([boxes[key], box]) if key in boxes else box
    return boxes


def _article_key(node: LexborNode) -> str:
    """Return the key of the article that a link leads to, "" where it leads to none."""
    file = linked_file(node.attributes.get("href") or "")
    return key_of(file) if _ARTICLE_FILE.match(file) else ""


def _read_article(text: str, path: Path) -> ArticleFile:
    fields = _Fields(text)
    headline = fields.get("title") or _headline(text)
    tidied = (tidy(paragraph) for paragraph in paragraphs_of(_body(text)))
    paragraphs = [paragraph for paragraph in tidied if paragraph]
    paragraphs, jump_from, jump_to = take_jumps(paragraphs)
    paragraphs, lead, name = take_bylines(paragraphs)
    dates = (fields.tag("date"), fields.property("date"), day_in_path(path.parent) or "")
    article = Article(
        kind=kind_of(headline, paragraphs, jump_from, bool(lead)),
        headline=headline,
        byline=fields.get("author") or " ".join(filter(None, (lead, name))),
        date=_first_date(dates),
        paragraphs=tuple(paragraphs),
        jump_from=jump_from,
        jump_to=jump_to,
        id=fields.property("articleid") or key_of(path.name).removeprefix("content_"),
        intro_title=fields.get("introtitle"),
        subtitle=fields.get("subtitle"),
    )
    return ArticleFile(article, fields.property("nodename"))


class _Fields:
    """The named fields of an article's file, in either way of writing them."""

    def __init__(self, text: str) -> None:
        properties = _PROPERTIES.search(text)
        self._text = text
        self._properties = properties[1] if properties else ""

    def get(self, name: str) -> str:
        """Return a field, "" where the file does not have it."""
        return self.tag(name) or self.property(name)

    def tag(self, name: str) -> str:
        """Return a field that has a tag of its own: ``<founder-title>``."""
        return _element(self._text, f"founder-{name}")

    def property(self, name: str) -> str:
        """Return a field of the comment with properties."""
        return _element(self._properties, name)


def _element(markup: str, tag: str) -> str:
    """Return the text of the first element with a tag, "" where there is none.

    Not by a parser: what is in a comment is no element to it.
    """
    element = re.search(rf"<{tag}\b[^>]*>(.*?)</{tag}\s*>", markup, re.DOTALL | re.IGNORECASE)
    return one_line(element[1]) if element else ""


def _body(text: str) -> str:
    """Return the markup of an article's body, in any edition."""
    tagged = _TAGGED_BODY.search(text)
    inner = tagged[1] if tagged else ""
    marked = _MARKED_BODY.search(inner or text)
    if marked:
        return marked[1]
    if inner.strip():
        return inner
    tree = LexborHTMLParser(text)
    for place in _BODY_PLACES:
        if node := tree.css_first(place):
            return node.html or ""
    return ""


def _headline(text: str) -> str:
    """Return the headline from the page itself, where no field names it."""
    tree = LexborHTMLParser(text)
    for place in _HEADLINE_PLACES:
        node = tree.css_first(place)
        headline = one_line(node.html or "") if node else ""
        if headline:
            return headline
    return ""


def _first_date(values: Iterable[str]) -> str | None:
    """Return the first of some dates that a calendar has, in ISO."""
    for value in values:
        try:
            return iso_date(value)
        except ValueError:
            continue
    return None


def _articles_beside(folder: Path) -> Path | None:
    """Return ``con/202312/20`` for ``layout/202312/20``, where it exists."""
    parts = folder.resolve().parts
    if _PAGES_FOLDER not in parts:
        return None
    at = len(parts) - 1 - parts[::-1].index(_PAGES_FOLDER)
    for name in _ARTICLES_FOLDERS:
        beside = Path(*parts[:at], name, *parts[at + 1 :])
        if beside.is_dir():
            return beside
    return None


FOUNDER = Form(
    name="Founder",
    files="node_*.htm or content_*.htm",
    page_name=_PAGE_FILE,
    article_name=_ARTICLE_FILE,
    read_page=_read_page,
    read_article=_read_article,
    articles_beside=_articles_beside,
)
