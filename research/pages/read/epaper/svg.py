"""E-papers whose pages are SVG: a ``polygon.area`` each article, whose file is ``con-ID.html``.

Pages have names of no pattern, so a file is one only where articles are beside it.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from research.articles.article import Box, around
from research.pages.read.epaper.form import ArticleFile, Form, Link, PageFile
from research.pages.read.epaper.html_article import BODY_PLACES, EACH_PARAGRAPH, read_article
from research.pages.read.epaper.html_page import read_page
from research.pages.read.epaper.names import keys_by_name
from research.pages.read.epaper.saved_html import area_box

_ARTICLE_FILE = re.compile(r"(?<![\w-])con-[\w-]++\.html?")
_PAGE_FILE = re.compile(r"(?!con-)[^/]+\.html?")
_BODY_PLACES = (*BODY_PLACES, "article", ".content", "#content", *EACH_PARAGRAPH)
_AREA = "polygon[data-contentid]"
_SHORT_NUMBER = re.compile(r"[A-Za-z]{0,2}\d{1,3}")


def _read_pages(text: str, key: str) -> dict[str, PageFile]:
    """Read the pages of a file, one for each ``data-pageid``, and what links say besides."""
    page = read_page(text, _PAGE_FILE, _ARTICLE_FILE)
    tree = LexborHTMLParser(text)
    areas: dict[str, list[LexborNode]] = {}
    for area in tree.css(_AREA):
        page_id = _attribute(area, "data-pageid")
        of_page = areas.setdefault(page_id, [])
        of_page.append(area)
    if len(areas) <= 1:
        of_page = next(iter(areas.values()), [])
        return {key: _with_areas(page, of_page)}
    pages = {}
    for page_id, of_page in areas.items():
        is_label = _SHORT_NUMBER.fullmatch(page_id) is not None
        label = page_id.upper() if is_label else ""
        blank = PageFile(label=label, listed=page.listed, date=page.date)
        pages[f"{key}#{page_id}"] = _with_areas(blank, of_page)
    return pages


def _attribute(node: LexborNode, name: str) -> str:
    return node.attributes.get(name) or ""


def _with_areas(page: PageFile, areas: list[LexborNode]) -> PageFile:
    """Return a page with the articles, boxes and titles of its areas."""
    links = list(page.links)
    boxes: dict[str, Box] = dict(page.boxes)
    fields = dict(page.fields)
    for area in areas:
        content_id = _attribute(area, "data-contentid")
        key = f"con-{content_id}".lower()
        links.append(Link(key, in_map=True))
        words = _attribute(area, "title").split()
        if words:
            fields[key] = ArticleFile(headline=" ".join(words))
        box = area_box(_attribute(area, "points"))
        if box is None:
            continue
        earlier = boxes.get(key, box)
        boxes[key] = around([earlier, box])
    extent = page.extent
    if extent is None and boxes:
        extent = around(boxes.values())
    return page._replace(links=tuple(links), boxes=boxes, fields=fields, extent=extent)


def _read_article(text: str, key: str) -> ArticleFile:
    article = read_article(text, _BODY_PLACES)
    return article._replace(id=key.removeprefix("con-"))


SVG = Form(
    name="SVG",
    files="con-*.html",
    page_key=keys_by_name(_PAGE_FILE),
    article_key=keys_by_name(_ARTICLE_FILE),
    read_pages=_read_pages,
    read_article=_read_article,
    any_page_name=True,
)
