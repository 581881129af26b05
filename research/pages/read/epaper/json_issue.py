"""E-papers of JSON files: ``navi.json`` lists pages and articles, ``PP/article/ID.json`` is one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from research.articles.article import Box
from research.articles.html import one_line, paragraphs_of
from research.errors import InputError
from research.pages.read.epaper.form import ArticleFile, Form, Link, PageFile
from research.pages.read.epaper.html_page import page_label
from research.pages.read.epaper.names import key_of, plain_name
from research.pages.read.epaper.saved_html import area_box

_LIST_FILE = "navi.json"
_ARTICLES_FOLDER = "article"
_WRAPPERS = ("data", "result")  # Servers put what is asked for into one of these.


def _page_key(path: Path) -> str:
    return "navi" if plain_name(path.name) == _LIST_FILE else ""


def _article_key(path: Path) -> str:
    name = plain_name(path.name)
    is_article = path.parent.name.lower() == _ARTICLES_FOLDER and name.endswith(".json")
    return key_of(name) if is_article else ""


def _read_pages(text: str, _key: str) -> dict[str, PageFile]:
    root = _loaded(text)
    entries = root if isinstance(root, list) else _inside(root, "pages")
    pages = {}
    for number, entry in enumerate(_objects(entries), 1):
        label = page_label(_text(entry, "pnumber")) or f"{number:02d}"
        pages[f"page {label}"] = _page(entry, label)
    return pages


def _page(entry: Mapping[str, Any], label: str) -> PageFile:
    links, boxes, fields = [], {}, {}
    for article in _objects(entry.get("articleList")):
        key = _text(article, "id").lower()
        if not key:
            continue
        links.append(Link(key, in_map=True))
        fields[key] = _fields(article)
        if box := area_box(json.dumps(article.get("points"))):
            boxes[key] = box
    return PageFile(
        label=label,
        name=_text(entry, "pname"),
        links=tuple(links),
        boxes=boxes,
        extent=_extent(entry),
        fields=fields,
        date=_text(entry, "jdate"),
    )


def _extent(entry: Mapping[str, Any]) -> Box | None:
    try:
        return 0.0, 0.0, float(entry["width"]), float(entry["height"])
    except (KeyError, TypeError, ValueError):
        return None


def _read_article(text: str, key: str) -> ArticleFile:
    root = _loaded(text)
    article = _inside(root, "article")
    if not isinstance(article, dict):
        article = root if isinstance(root, dict) else {}
    content = _text(article, "content")
    date = _text(article, "jdate") or _text(article, "date")
    return _fields(article)._replace(
        paragraphs=tuple(paragraphs_of(content.replace("\n", "<br>"))),
        dates=(date,) if date else (),
        id=_text(article, "id") or key,
        page_label=page_label(_text(article, "pnumber")),
        page_name=_text(article, "pname"),
        has_picture="<img" in content.lower(),
    )


def _fields(article: Mapping[str, Any]) -> ArticleFile:
    return ArticleFile(
        headline=one_line(_text(article, "title")),
        intro_title=one_line(_text(article, "introtitle")),
        subtitle=one_line(_text(article, "subtitle")),
        author=one_line(_text(article, "author")),
    )


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"not JSON ({error}); save it again") from None


def _inside(root: Any, name: str) -> Any:
    """Return a member of an object, or of what a server wrapped around it."""
    if not isinstance(root, dict):
        return None
    for wrapper in _WRAPPERS:
        inner = root.get(wrapper)
        if name not in root and isinstance(inner, dict):
            root = inner
    return root.get(name)


def _objects(entries: Any) -> Iterator[Mapping[str, Any]]:
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict):
            yield entry


def _text(entry: Mapping[str, Any], name: str) -> str:
    value = entry.get(name)
    return str(value).strip() if isinstance(value, str | int) else ""


JSON = Form(
    name="JSON",
    files="navi.json with article/*.json",
    page_key=_page_key,
    article_key=_article_key,
    read_pages=_read_pages,
    read_article=_read_article,
)
