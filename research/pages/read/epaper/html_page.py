"""A page of an e-paper in HTML: the list of pages, links to articles, the image map.

Knows no form: it is given the names of a form's files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import Pattern

from selectolax.lexbor import LexborHTMLParser, LexborNode

from research.articles.article import Box, around
from research.articles.html import one_line
from research.pages.read.epaper.form import ArticleFile, Link, ListedPage, PageFile
from research.pages.read.epaper.names import address_of, linked_key
from research.pages.read.epaper.saved_html import area_box, element, map_extent

_LISTED_NAME = re.compile(
    r"""
    第?\s{0,4} ([A-Za-z]{0,4}\d{1,3}) \s{0,4}版    # the label: 第 01 版, A03版
    \s{0,4}[:：]?\s{0,4} (.*)                   # the name, without spaces around it
    """,
    re.VERBOSE,
)
_LISTED_WITHOUT_WORD = re.compile(
    r"^第?\s{0,4}([A-Za-z]{0,2}\d{1,3})\s{0,4}[:：](.*)"
)  # A01： 头版
# What else a link to a page says: A01 头版, 头版（A01）. The number is not a part of a longer one.
_LABEL_ANYWHERE = re.compile(r"(?<![0-9A-Za-z])([A-Za-z]{0,2}\d{1,3})(?![0-9A-Za-z年月日/-])")
_MAX_LISTED_CHARACTERS = 24
_EMPTY_BRACKETS = re.compile(r"[（(\[【][）)\]】]")
_AROUND_NAME = " 第版:：（）()【】·-|"
_OWN_NAME = re.compile(
    r"""
    第?\s{0,4} ([A-Za-z]?\d{1,3}) \s{0,4}版
    \s{0,4}[:：]\s{0,4} ([\u4e00-\u9fff·A-Za-z]{1,12})
    """,
    re.VERBOSE,
)
_WRITTEN_TITLE = re.compile(r"view\(\s{0,4}[\"'](.{1,400}?)[\"']\s{0,4}\)", re.DOTALL)
_LABEL = re.compile(r"[A-Za-z]{0,2}\d{1,3}")
_GROUP_TAGS = frozenset(("ul", "ol", "dl", "table", "div", "body"))
_MAX_STEPS_TO_GROUP = 8
_NO_TITLE = frozenset(("", "更多", "更多>>", "详细", "详细内容", "阅读全文"))


def read_page(text: str, pages: Pattern[str], articles: Pattern[str]) -> PageFile:
    """Read a page's HTML.

    Parameters
    ----------
    text : of the file.
    pages, articles : match the plain names of pages' and articles' files.
    """
    tree = LexborHTMLParser(text)
    name = _own_name(tree)
    boxes = _boxes(tree, articles)
    links, fields = _links(tree, articles)
    field_label = _LABEL.search(one_line(element(text, "founder-pagenum")))
    return PageFile(
        listed=tuple(_listed_pages(tree, pages)),
        label=field_label[0].upper() if field_label else name[0],
        name=name[1],
        links=(*links, *_areas(tree, articles)),
        boxes=boxes,
        extent=map_extent(tree, list(boxes.values())),
        fields=fields,
        date=one_line(element(text, "founder-date")),
    )


def page_label(text: str) -> str:
    """Return the page's label that a text names: ``第01版`` → ``01``, "" where none."""
    label = _LABEL.search(text)
    return label[0].upper() if label else ""


def _listed_pages(tree: LexborHTMLParser, pages: Pattern[str]) -> Iterator[ListedPage]:
    for anchor in tree.css("a"):
        file = address_of(anchor.attributes.get("href") or "").name
        if not pages.fullmatch(file):
            continue
        shown = " ".join(anchor.text().split())
        label, name = _listed_name(shown)
        if label:
            yield ListedPage(label.upper(), name.strip(), file)


def _listed_name(shown: str) -> tuple[str, str]:
    """Return the label and the name in the text of a link to a page, "" where it has no number."""
    named = _LISTED_NAME.search(shown) or _LISTED_WITHOUT_WORD.match(shown)
    if named:
        return named[1], named[2]
    if len(shown) > _MAX_LISTED_CHARACTERS:
        return "", ""
    label = _LABEL_ANYWHERE.search(shown)
    if label is None:
        return "", ""
    name = shown[: label.start()] + shown[label.end() :]
    name = _EMPTY_BRACKETS.sub("", name)
    return label[1], name.strip(_AROUND_NAME)


def _own_name(tree: LexborHTMLParser) -> tuple[str, str]:
    """Return a page's label and name from its own text, for pages that no list names."""
    for place in ("title", "body"):
        node = tree.css_first(place)
        named = _OWN_NAME.search(node.text(separator=" ")) if node else None
        if named:
            return named[1].upper(), named[2]
    return "", ""


def _boxes(tree: LexborHTMLParser, articles: Pattern[str]) -> dict[str, Box]:
    """Return the boxes that the image map gives to articles; an article may have several areas."""
    boxes: dict[str, Box] = {}
    for area in tree.css("area"):
        key = linked_key(area.attributes.get("href") or "", articles)
        box = area_box(area.attributes.get("coords") or "")
        if key and box:
            boxes[key] = around([boxes[key], box]) if key in boxes else box
    return boxes


def _links(
    tree: LexborHTMLParser, articles: Pattern[str]
) -> tuple[list[Link], dict[str, ArticleFile]]:
    """Return the links to articles, and by key the longest text that links to each."""
    links = []
    titles: dict[str, str] = {}
    groups: dict[int, int] = {}
    for anchor in tree.css("a"):
        address = anchor.attributes.get("href") or ""
        key = linked_key(address, articles)
        if not key:
            continue
        group = groups.setdefault(_group_of(anchor), len(groups))
        links.append(Link(key, address, group))
        titles[key] = max(titles.get(key, ""), _title(anchor), key=len)
    return links, {key: ArticleFile(headline=title) for key, title in titles.items()}


def _areas(tree: LexborHTMLParser, articles: Pattern[str]) -> Iterator[Link]:
    for area in tree.css("area"):
        address = area.attributes.get("href") or ""
        if key := linked_key(address, articles):
            yield Link(key, address, in_map=True)


def _group_of(anchor: LexborNode) -> int:
    """Return the identity of the list or table that a link is in."""
    node = anchor.parent
    for _ in range(_MAX_STEPS_TO_GROUP):
        if node is None or node.tag in _GROUP_TAGS:
            break
        node = node.parent
    return node.mem_id if node is not None else 0


def _title(anchor: LexborNode) -> str:
    markup = anchor.html or ""
    written = _WRITTEN_TITLE.search(markup)
    title = one_line(written[1]) if written else " ".join(anchor.text().split())
    return "" if title in _NO_TITLE else title
