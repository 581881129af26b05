"""E-papers of ``.shtml`` files.

``v01.shtml`` or ``index.shtml`` is a page, ``12345.shtml`` an article.
"""

from __future__ import annotations

import re

from research.pages.read.epaper.form import ArticleFile, Form, PageFile
from research.pages.read.epaper.html_article import BODY_PLACES, EACH_PARAGRAPH, read_article
from research.pages.read.epaper.html_page import read_page
from research.pages.read.epaper.names import keys_by_name

_PAGE_FILE = re.compile(r"(?:v([a-z]{0,2}\d{1,3})|index)\.shtml")
_ARTICLE_FILE = re.compile(r"(?<!\d)\d++\.shtml")
_BODY_PLACES = (*BODY_PLACES, *EACH_PARAGRAPH)


def _read_pages(text: str, key: str) -> dict[str, PageFile]:
    page = read_page(text, _PAGE_FILE, _ARTICLE_FILE)
    if key == "index":  # Has no number of its own.
        return {key: page}
    label = key.removeprefix("v").upper()
    return {key: page._replace(label=label)}


def _read_article(text: str, key: str) -> ArticleFile:
    return read_article(text, _BODY_PLACES)._replace(id=key)


SHTML = Form(
    name="shtml",
    files="v01.shtml with 12345.shtml",
    page_key=keys_by_name(_PAGE_FILE),
    article_key=keys_by_name(_ARTICLE_FILE),
    read_pages=_read_pages,
    read_article=_read_article,
)
