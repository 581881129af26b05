"""Objects of JSON → articles: those inside pages, issues, replies of servers, columns of frames.

What surrounds an article gives it what it lacks: date, page, paper, section.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from research.articles.dates import iso_date
from research.articles.fields import Fields, Keys, keys_of
from research.articles.table_rows import Row
from research.articles.values import NotTextError, as_text

_INHERITED = ("date", "page", "source", "section")
_MAX_DEPTH = 12
_PAGE_LISTS = ("pages", "pagelist", "page_list", "版面", "版面列表")
_PAGE_NUMBERS = ("no", "number", "num", "index", "pno", "pnumber", "pagename", "page_name")
_PAGE_KEY = re.compile(r"第?\s*[A-Za-z]{0,2}\d{1,3}\s*版?")
_DAY_KEY = re.compile(r"\d{4}.{0,2}\d\d?.{0,2}\d\d?\D?")


def article_rows(place: str, row: dict[str, Any], fields: Fields) -> Iterator[Row]:
    """Yield an object that is an article, or the articles in it; itself where there is none."""
    keys = keys_of(row, fields)
    if _has_text(row, keys):
        yield place, row
        return
    articles = _rows_of_columns(row, keys) or _articles(row, fields, {}, 0)
    number = 0
    for number, article in enumerate(articles, 1):
        is_inside = article is not row
        article_place = f"{place} article {number}" if is_inside else place
        yield article_place, article
    if number == 0:
        yield place, row


def _has_text(row: Mapping[str, Any], keys: Keys) -> bool:
    """Return whether an object has a text, which is no list of articles and no list of texts."""
    value = row.get(keys.of.get("text", ""))
    headline = row.get(keys.of.get("headline", ""))
    if isinstance(value, list) and isinstance(headline, list):
        return False
    if isinstance(value, list | tuple):
        return _has_paragraphs(value)
    if isinstance(value, Mapping):
        return "headline" not in keys_of(value, Fields()).of and _is_text(value)
    return isinstance(value, str | int | float)


def _has_paragraphs(items: Sequence[object]) -> bool:
    objects = [item for item in items if isinstance(item, Mapping)]
    if any("headline" in keys_of(item, Fields()).of for item in objects):
        return False
    return _is_text(items)


def _is_text(value: object) -> bool:
    try:
        return bool(as_text(value))
    except NotTextError:
        return False


def _articles(
    value: object, fields: Fields, around: Mapping[str, Any], depth: int
) -> Iterator[dict[str, Any]]:
    """Yield the articles in a value, each with what the objects *around* it say."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _articles(item, fields, around, depth + 1)
    if not isinstance(value, dict):
        return
    keys = keys_of(value, fields)
    if "text" in keys.of and _has_text(value, keys):
        yield _completed(value, keys, around, fields)
        return
    context = {**around, **_context(value, keys)}
    inside = _inside(value, fields, context, depth)
    if any("text" in keys_of(article, fields).of for article in inside):
        yield from inside
    elif "headline" in keys.of and as_scalar(value[keys.of["headline"]]):
        yield value if not depth else _completed(value, keys, around, fields)
    else:
        yield from inside


def _inside(
    value: Mapping[str, Any], fields: Fields, around: Mapping[str, Any], depth: int
) -> list[dict[str, Any]]:
    """Return the articles in the members of an object, whose keys may be days or pages."""
    articles: list[dict[str, Any]] = []
    for key, member in value.items():
        if not isinstance(member, dict | list):
            continue
        context = {**around, **_named_by(str(key), member)}
        if str(key).casefold() in _PAGE_LISTS and isinstance(member, list):
            member = [_with_page(item) for item in member]
        articles += _articles(member, fields, context, depth + 1)
    return articles


def _with_page(item: Any) -> Any:
    """Return an item of a list of pages with its number under a usual name."""
    if not isinstance(item, dict) or "page" in keys_of(item, Fields()).of:
        return item
    for key in _PAGE_NUMBERS:
        if as_scalar(item.get(key)):
            return {**item, "page": item[key]}
    return item


def _named_by(key: str, member: dict[str, Any] | list[Any]) -> dict[str, str]:
    """Return the day or the page that a key of an object is; a number may count articles, too."""
    if key.isdecimal() and isinstance(member, dict):
        return {}
    if _DAY_KEY.fullmatch(key):
        try:
            return {"date": iso_date(key)}
        except ValueError:
            return {}
    return {"page": key} if _PAGE_KEY.fullmatch(key) else {}


def _context(value: Mapping[str, Any], keys: Keys) -> dict[str, Any]:
    context = {}
    for name in _INHERITED:
        content = value.get(keys.of.get(name, ""))
        if as_scalar(content):
            context[name] = content
    identity = value.get("_id")
    if as_scalar(identity) and "_source" in value:  # As search engines give their documents.
        context["id"] = identity
    if as_scalar(value.get("id")) and "attributes" in value:  # JSON:API.
        context["id"] = value["id"]
    return context


def _completed(
    article: dict[str, Any], keys: Keys, around: Mapping[str, Any], fields: Fields
) -> dict[str, Any]:
    """Return an article with what the objects around it say and it does not."""
    completed = dict(article)
    for name, value in around.items():
        field = str(getattr(fields, name))
        is_filled = bool(article.get(keys.of.get(name, "")))
        if field and not is_filled:
            key = keys.of.get(name, field)
            completed[key] = value
    return completed


def as_scalar(value: object) -> bool:
    """Return whether a value is a text or a number, or one that MongoDB wraps, and not empty."""
    if isinstance(value, bool) or not value:
        return False
    if isinstance(value, str | int | float):
        return True
    if not isinstance(value, dict) or len(value) != 1:
        return False
    [key] = value
    return bool(key.startswith("$"))


def _rows_of_columns(row: Mapping[str, Any], keys: Keys) -> list[dict[str, Any]]:
    """Return the rows of a frame that was written column by column, none of anything else."""
    if isinstance(row.get("columns"), list) and isinstance(row.get("data"), list):
        lists = [cells for cells in row["data"] if isinstance(cells, list)]
        return [dict(zip(row["columns"], cells, strict=False)) for cells in lists]
    of = keys.of
    column = row.get(of.get("text", of.get("headline", "")))
    columns = {name: _column(value) for name, value in row.items()}
    lengths = {len(cells) for cells in columns.values()}
    if not isinstance(column, list | dict) or len(lengths) != 1 or not lengths.pop():
        return []
    is_frame = isinstance(column, dict) and all(key.isdecimal() for key in column)
    if not is_frame and "headline" not in of:
        return []
    values = _column(column)
    if not all(value is None or as_scalar(value) for value in values):
        return []
    rows = zip(*columns.values(), strict=True)
    return [dict(zip(columns, cells, strict=True)) for cells in rows]


def _column(value: object) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
