"""A lone ``.htm`` of an article, saved from an e-paper or from any site."""

from __future__ import annotations

import re
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from research.articles.headings import author_in, is_dateline
from research.articles.html import paragraphs_of
from research.pages.read.article_files.form import Entry, Reading
from research.pages.read.epaper.founder import FOUNDER
from research.pages.read.epaper.saved_html import read_html, text_at

_MIN_TEXT_CHARACTERS = 20  # Less is no article: a page of links has paragraphs as well.
_MAX_LINKED_SHARE = 0.5
_BODY_PLACES = "body, article, div, td, section, main"
_DATE_FIELDS = (
    "article:published_time", "publishdate", "pubdate", "publish_time", "date", "og:release_date",
    "datePublished", "firstcreatedtime", "contentPublishTime",
)  # fmt: skip
_AUTHOR_FIELDS = ("author", "article:author")
_SOURCE_FIELDS = ("contentSource", "source", "mediaid", "og:site_name")
_DATE_PLACES = (
    "time",
    ".time",
    ".pubtime",
    ".publish-time",
    ".date",
    "#pubtime",
    ".info",
    ".source",
)
_SITE = re.compile(
    r"""
      [_|｜] .* $                                       # 题_栖川新闻网
    | (?<=\s) [-–—－]{1,2} \s{0,8} [^-–—－]{2,20} $     # 题 - 栖川日报
    | [-–—－] [^-–—－]{0,12} (?:网|新闻|报|频道|在线|网站|中心) $    # 题-栖川新闻
    """,
    re.VERBOSE,
)


def read_saved_page(path: Path) -> Reading:
    """Read one saved HTML file as an article; raise InputError where it cannot be read."""
    text = read_html(path)
    reading = Reading()
    fields = FOUNDER.read_article(text, path.stem)
    tree = LexborHTMLParser(text)
    paragraphs = list(fields.paragraphs) or _densest(tree)
    headline = fields.headline or _SITE.sub("", fields.title).strip()
    details = _details(paragraphs, headline, reading)
    shown = text_at(tree, _DATE_PLACES)
    dates = (*fields.dates, _meta(tree, _DATE_FIELDS), *details, shown)
    authors = (fields.author, _meta(tree, _AUTHOR_FIELDS), *map(author_in, details))
    fields = fields._replace(
        paragraphs=tuple(paragraphs),
        headline=headline,
        author=next(filter(None, authors), ""),
        dates=tuple(filter(None, dates)),
    )
    source = _meta(tree, _SOURCE_FIELDS)
    reading.entries.append(Entry(fields, (0, 0), source))
    return reading


def _details(paragraphs: list[str], headline: str, reading: Reading) -> list[str]:
    """Take headline and datelines off the beginning of a body; return the datelines."""
    details = []
    while paragraphs:
        first = paragraphs[0].strip()
        if is_dateline(first):
            details.append(first)
            reading.aside["source line"] += 1
        elif first != headline:
            break
        del paragraphs[0]
    return details


def _meta(tree: LexborHTMLParser, names: tuple[str, ...]) -> str:
    """Return the first of some fields of the file's head that is filled."""
    fields: dict[str, str] = {}
    for node in tree.css("meta"):
        attributes = node.attributes
        name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop")
        content = attributes.get("content") or ""
        if name:
            fields.setdefault(name.lower(), content.strip())
    values = [fields.get(name.lower(), "") for name in names]
    return next(filter(None, values), "")


def _densest(tree: LexborHTMLParser) -> list[str]:
    """Return the paragraphs of the element with the most text of its own, [] where it is little."""
    best, most = None, _MIN_TEXT_CHARACTERS
    for node in tree.css(_BODY_PLACES):
        characters = _own_characters(node)
        if characters > most:
            best, most = node, characters
    return paragraphs_of(best.html or "") if best is not None else []


def _own_characters(node: LexborNode) -> int:
    """Return how many characters stand in an element's text and paragraphs, links taken off."""
    total = linked = 0
    for child in node.iter(include_text=True):
        if child.tag in ("-text", "p", "span", "font", "strong", "b"):
            total += len((child.text() or "").strip())
            linked += sum(len(link.text() or "") for link in child.css("a") if child.tag != "-text")
    return total if linked <= _MAX_LINKED_SHARE * total else 0
