"""What a form of e-paper gives: which files are its pages and articles, and how one is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from re import Pattern
from types import MappingProxyType
from typing import NamedTuple

from research.articles.article import Article, Box


class ListedPage(NamedTuple):
    """A page as an issue's list of pages names it.

    ``label`` is as printed (``A03``), ``name`` the page's own (要闻), ``file`` its file's name.
    """

    label: str
    name: str
    file: str


class PageFile(NamedTuple):
    """A page's file.

    Parameters
    ----------
    listed : all pages of the issue, where the file lists them.
    label, name : the page's own, "" where the file does not name them.
    links : the keys of the page's articles, in its order.
    boxes : the places of articles on the page, by key.
    extent : the box of the whole page.
    """

    listed: tuple[ListedPage, ...] = ()
    label: str = ""
    name: str = ""
    links: tuple[str, ...] = ()
    boxes: Mapping[str, Box] = MappingProxyType({})
    extent: Box | None = None


class ArticleFile(NamedTuple):
    """An article's file: the article, and the name of its page ("" where it names none)."""

    article: Article
    page_name: str


@dataclass(frozen=True, slots=True)
class Form:
    """A form of e-paper.

    Parameters
    ----------
    name : of the system, for messages.
    files : how its files are called, for messages.
    page_name, article_name : match the names of pages' and of articles' files.
    read_page : reads the text of a page's file.
    read_article : reads the text of an article's file, which is at the path.
    articles_beside : returns the folder of articles that belongs to a folder of pages, where an
        edition keeps them apart, else None.
    """

    name: str
    files: str
    page_name: Pattern[str]
    article_name: Pattern[str]
    read_page: Callable[[str], PageFile]
    read_article: Callable[[str, Path], ArticleFile]
    articles_beside: Callable[[Path], Path | None]


def key_of(name: str) -> str:
    """Return a file's name without its ending: ``content_12.htm`` and ``content_12.html`` are one.

    Articles and pages are known by it in their issue.
    """
    stem, _, _ = name.rpartition(".")
    return stem.lower()
