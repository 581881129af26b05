"""What a form of e-paper gives: which files are its pages and articles, and how one is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from research.articles.article import Box
from research.pages.read.epaper.names import KeyOf


class ListedPage(NamedTuple):
    """A page as an issue's list of pages names it.

    ``label`` is as printed (``A03``), ``name`` the page's own (要闻), ``file`` its file's name.
    """

    label: str
    name: str
    file: str


class Link(NamedTuple):
    """A link to an article.

    Parameters
    ----------
    key : of the article.
    address : as the page has it, "" where the form names articles only by their keys.
    group : the number of the list or table that the link is in.
    in_map : whether it is an area of the page's picture.
    """

    key: str
    address: str = ""
    group: int = 0
    in_map: bool = False


class ArticleFile(NamedTuple):
    """An article's fields as its file has them, each "" or empty where it has none.

    Parameters
    ----------
    paragraphs : the body.
    headline, intro_title, subtitle, author : as marked in the file.
    title : the file's ``<title>``, which may be the headline or the paper's name.
    dates : texts that may hold the date, the most certain first.
    id : the paper's own.
    page_label, page_name : the page that the article is on.
    has_picture : whether the article has one.
    """

    paragraphs: tuple[str, ...] = ()
    headline: str = ""
    intro_title: str = ""
    subtitle: str = ""
    author: str = ""
    title: str = ""
    dates: tuple[str, ...] = ()
    id: str = ""
    page_label: str = ""
    page_name: str = ""
    has_picture: bool = False


class PageFile(NamedTuple):
    """A page as its file has it.

    Parameters
    ----------
    listed : all pages of the issue, where the file lists them.
    label, name : the page's own, "" where the file does not name them.
    links : to the page's articles, in its order; boxes of other pages' articles may be among them.
    boxes : the places of articles on the page, by key.
    extent : the box of the whole page.
    fields : what the page's file says about articles, by key; an article's own file goes before.
    date : a text that may hold the issue's date.
    """

    listed: tuple[ListedPage, ...] = ()
    label: str = ""
    name: str = ""
    links: tuple[Link, ...] = ()
    boxes: Mapping[str, Box] = MappingProxyType({})
    extent: Box | None = None
    fields: Mapping[str, ArticleFile] = MappingProxyType({})
    date: str = ""


def _nothing_beside(_folder: Path) -> Path | None:
    return None


@dataclass(frozen=True, slots=True)
class Form:
    """A form of e-paper.

    Parameters
    ----------
    name : of the system, for messages.
    files : how its files are called, for messages.
    page_key, article_key : return the key of a page's or an article's file, "" for other files.
    read_pages : reads the text of a page's file, which has the key, into pages by key.
    read_article : reads the text of an article's file, which has the key.
    articles_beside : returns the folder of articles that belongs to a folder of pages, where an
        edition keeps them apart, else None.
    any_page_name : whether pages have no names of their own: then a file is a page only where
        articles are in its folder.
    """

    name: str
    files: str
    page_key: KeyOf
    article_key: KeyOf
    read_pages: Callable[[str, str], Mapping[str, PageFile]]
    read_article: Callable[[str, str], ArticleFile]
    articles_beside: Callable[[Path], Path | None] = _nothing_beside
    any_page_name: bool = False
