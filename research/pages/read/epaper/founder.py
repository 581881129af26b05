"""The e-paper system of Founder (方正).

``node_*.htm(l)`` is a page, ``content_*.htm(l)`` an article. Editions wrote an article's fields in
several ways over the years: into a comment, into tags of their own, and into plain HTML.
"""

from __future__ import annotations

import re
from pathlib import Path

from research.articles.html import one_line, paragraphs_of
from research.pages.read.epaper.form import ArticleFile, Form, PageFile
from research.pages.read.epaper.html_article import read_article
from research.pages.read.epaper.html_page import page_label, read_page
from research.pages.read.epaper.names import keys_by_name
from research.pages.read.epaper.saved_html import between, element, without_comments

_PAGE_FILE = re.compile(r"node_\w{1,80}\.html?")
_ARTICLE_FILE = re.compile(r"content_\w{1,80}\.html?")
# An edition writes an article's fields into a comment, and comments around its body.
_PROPERTIES = (
    re.compile(r"<!--\s{0,8}enpproperty", re.IGNORECASE),
    re.compile(r"/?\s{0,8}enpproperty\s{0,8}-->", re.IGNORECASE),
)
_MARKED_BODY = (
    re.compile(r"<!--\s{0,8}enpcontent\s{0,8}-->", re.IGNORECASE),
    re.compile(r"<!--\s{0,8}/\s{0,8}enpcontent\s{0,8}-->", re.IGNORECASE),
)
# The folder of pages, and those of their articles, of editions that keep them apart.
_PAGES_FOLDER = "layout"
_ARTICLES_FOLDERS = ("con", "content")


def _read_pages(text: str, key: str) -> dict[str, PageFile]:
    return {key: read_page(text, _PAGE_FILE, _ARTICLE_FILE)}


def _read_article(text: str, key: str) -> ArticleFile:
    shown = read_article(text)
    fields = _Fields(text, shown.headline)
    dates = (fields.anywhere("date"), fields.property("date"), *shown.dates)
    label = page_label(fields.anywhere("pagenum"))
    markup = fields.body()
    paragraphs = tuple(paragraphs_of(markup)) or shown.paragraphs or fields.hidden_body()
    return shown._replace(
        paragraphs=paragraphs,
        headline=fields.get("title") or shown.headline,
        intro_title=fields.get("introtitle") or shown.intro_title,
        subtitle=fields.get("subtitle") or shown.subtitle,
        author=fields.get("author") or shown.author,
        dates=tuple(filter(None, dates)),
        id=fields.property("articleid") or key.removeprefix("content_"),
        page_label=shown.page_label or label,
        page_name=fields.property("nodename"),
        has_picture=shown.has_picture or "<img" in markup.lower(),
    )


class _Fields:
    """The named fields of an article's file, in either way of writing them.

    A comment at the file's end may hold the tags of something else: fields in it count only where
    its title is the one that the page shows.
    """

    def __init__(self, text: str, headline: str) -> None:
        self._text = text
        self._properties = between(text, *_PROPERTIES)
        self._shown, self._hidden = without_comments(text)
        title = one_line(element(self._hidden, "founder-title"))
        shown = self.property("title") or self._tag(self._shown, "title") or headline
        self._hidden_is_same = not shown or not title or _same(title, shown)

    def get(self, name: str) -> str:
        """Return a field, "" where the file does not have it."""
        field = self._tag(self._shown, name) or self.property(name)
        if not field and self._hidden_is_same:
            field = self._tag(self._hidden, name)
        return field

    def anywhere(self, name: str) -> str:
        """Return a field of the page as well as of the article."""
        return self._tag(self._text, name)

    def property(self, name: str) -> str:
        """Return a field of the comment with properties."""
        return one_line(element(self._properties, name))

    def body(self) -> str:
        """Return the markup of the body that comments or tags mark, "" where none do."""
        marked = between(self._text, *_MARKED_BODY)
        if paragraphs_of(marked):
            return marked
        return element(self._shown, "founder-content") or marked

    def hidden_body(self) -> tuple[str, ...]:
        """Return the paragraphs of a body that stands only in a comment."""
        if not self._hidden_is_same:
            return ()
        return tuple(paragraphs_of(element(self._hidden, "founder-content")))

    @staticmethod
    def _tag(markup: str, name: str) -> str:
        return one_line(element(markup, f"founder-{name}"))


def _same(title: str, other: str) -> bool:
    return "".join(title.split()) == "".join(other.split())


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
    page_key=keys_by_name(_PAGE_FILE),
    article_key=keys_by_name(_ARTICLE_FILE),
    read_pages=_read_pages,
    read_article=_read_article,
    articles_beside=_articles_beside,
)
