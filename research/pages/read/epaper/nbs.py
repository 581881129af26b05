"""Founder's e-papers with ``nbs.`` and ``nw.`` names, of national dailies until 2024.

``nbs.D110000栖_01.htm`` is a page, ``nw.D110000栖_20240305_2-01.htm`` the second article of page 1.
"""

from __future__ import annotations

import re

from research.pages.read.epaper.form import ArticleFile, Form, PageFile
from research.pages.read.epaper.html_article import read_article
from research.pages.read.epaper.html_page import read_page
from research.pages.read.epaper.names import keys_by_name

_PAGE_FILE = re.compile(r"nbs\.[\w-]{1,80}_([a-z]{0,2}\d{1,3})\.html?")
_ARTICLE_FILE = re.compile(r"nw\.[\w-]{1,80}_(\d{8})_(\d+)-([a-z]{0,2}\d{1,3})\.html?")


def _read_pages(text: str, key: str) -> dict[str, PageFile]:
    page = read_page(text, _PAGE_FILE, _ARTICLE_FILE)
    _, _, label = key.rpartition("_")
    return {key: page._replace(label=label.upper())}


def _read_article(text: str, key: str) -> ArticleFile:
    article = read_article(text)
    _, day, place = key.rsplit("_", 2)
    year, month, date = day[:4], day[4:6], day[6:]
    iso_day = f"{year}-{month}-{date}"
    _, _, label = place.rpartition("-")
    return article._replace(
        dates=(*article.dates, iso_day),
        id=key.removeprefix("nw."),
        page_label=article.page_label or label.upper(),
    )


NBS = Form(
    name="Founder nbs/nw",
    files="nbs.*.htm or nw.*.htm",
    page_key=keys_by_name(_PAGE_FILE),
    article_key=keys_by_name(_ARTICLE_FILE),
    read_pages=_read_pages,
    read_article=_read_article,
)
