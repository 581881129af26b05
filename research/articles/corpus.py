"""Read articles from JSON Lines, CSV or Excel, and write them; split them by time."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeVar, cast

import numpy as np

from research.articles.article import KINDS, SECTIONS, Article, Box, Kind
from research.articles.dates import iso_date
from research.articles.fields import Fields
from research.articles.html import without_markup
from research.articles.tables import iter_rows
from research.errors import InputError
from research.files import replacing

T = TypeVar("T")

_TEXTS = ("id", "headline", "text", "date", "section")
_USUAL = {  # What corpora call a field that has neither its own name here nor one that the user gave.
    "headline": ("title", "Title", "标题", "题目"),
    "text": ("content", "body", "正文", "内容", "全文", "文本"),
    "date": ("published", "pubdate", "日期", "发布日期", "发布时间", "时间"),
    "page": ("版次", "版面", "版"),
    "source": ("来源", "媒体", "报纸"),
}
"""Called as ``progress(stage, done, total)`` while something long goes on."""


def iter_corpus(
    path: str | PathLike[str],
    fields: Fields | None = None,
    *,
    require: Collection[Literal["date", "section"]] = (),
    sections: Sequence[str] | None = SECTIONS,
    labels: Mapping[str, str] | None = None,
    on_bad_date: Callable[[Article, str], None] | None = None,
) -> Iterator[Article]:
    """Yield the articles of a JSON Lines or CSV file (``.gz`` too; in constant memory) or an Excel workbook one by one.

    *fields* says what the corpus calls its fields; where it says nothing, their usual names are known (title, content, 标题, 正文, 日期 …).
    *require* names fields that may not be missing; *sections* are the labels allowed (None: any);
    *labels* maps the corpus's own labels to them, and rows whose label maps to "" are left out. *on_bad_date* is called with each
    article whose date is none of the calendar, and why; without it, that is an error.
    Raises InputError with file, line and remedy at the first bad row.
    """
    path = Path(path)
    fields = fields or Fields()
    empty = True
    for line, row in iter_rows(path):
        empty = False
        label = row.get(fields.section)
        if labels and isinstance(label, str) and label in labels:
            if not labels[label]:
                continue
            row = row | {fields.section: labels[label]}
        article, wrong = _article(
            row, f"{path}:{line}", f"{path.name.split('.')[0]}:{line}", fields, require, sections
        )
        if wrong and on_bad_date is None:
            raise InputError(f"{path}:{line}: {wrong}")
        if wrong and on_bad_date is not None:
            on_bad_date(article, wrong)
        yield article
    if empty:
        raise InputError(
            f"{path}: no rows; a corpus has one JSON object a line, or CSV rows under a header"
        )


def read_corpus(
    path: str | PathLike[str],
    fields: Fields | None = None,
    *,
    require: Collection[Literal["date", "section"]] = (),
    sections: Sequence[str] = SECTIONS,
    labels: Mapping[str, str] | None = None,
) -> list[Article]:
    """Read a whole corpus into memory; see :func:`iter_corpus`."""
    return list(iter_corpus(path, fields, require=require, sections=sections, labels=labels))


def write_corpus(articles: Iterable[Article], path: str | PathLike[str]) -> None:
    """Write articles as JSON Lines (gzipped where the name ends in ``.gz``), whole or not at all."""
    path = Path(path)
    # mtime=0 and no file name in the header: the same articles give the same bytes.
    with (
        replacing(path) as beside,
        beside.open("wb") as raw,
        gzip.GzipFile("", "wb", 9, raw, mtime=0) if path.suffix == ".gz" else raw as out,
    ):
        for article in articles:
            cast(BinaryIO, out).write(
                json.dumps(article.to_json(), ensure_ascii=False).encode() + b"\n"
            )


def _key(row: Mapping[str, Any], fields: Fields, name: str) -> str:
    """Return what a row calls a field: what *fields* says, else the first of its usual names that the row has."""
    key: str = getattr(fields, name)
    return (
        key
        if key != name or key in row
        else next(filter(row.__contains__, _USUAL.get(name, ())), key)
    )


def _article(
    row: dict[str, Any],
    where: str,
    fallback_id: str,
    fields: Fields,
    require: Collection[str],
    sections: Sequence[str] | None,
) -> tuple[Article, str]:
    """Return a row's article, and what is wrong with its date."""
    values = {
        name: _string(row.get(key), where, key) if (key := _key(row, fields, name)) else ""
        for name in _TEXTS
    }
    values |= {name: without_markup(values[name]) for name in ("headline", "text")}
    if not values["text"].strip() and not values["headline"].strip():
        remedy = "name the field (--field text=KEY; in an experiment, corpus.fields), or take the row out"
        raise InputError(f"{where}: no text in field {fields.text!r} ({_told(row)}); {remedy}")
    if "\0" in values["text"]:
        raise InputError(f"{where}: a NUL byte in the text; the file is damaged: export it again")
    if "date" in require and not values["date"]:
        raise InputError(
            f"{where}: no date in field {fields.date!r} ({_told(row)}); add one (2023-12-20, 2023-12 or 2023), or name the field"
        )
    section = values["section"] or None
    if section is None and "section" in require:
        remedy = f"give one of {', '.join(sections or SECTIONS)}, or name the field"
        raise InputError(
            f"{where}: no section in field {fields.section!r} ({_told(row)}); {remedy}"
        )
    if section is not None and sections is not None and section not in sections:
        raise InputError(
            f"{where}: section {section!r} is not one of {', '.join(sections)}; mend the row, or map it with corpus.labels"
        )
    date, wrong = None, ""
    try:
        date = iso_date(values["date"]) if values["date"] else None
    except ValueError as error:
        wrong = str(error)
    kind = row.get("kind", "article")
    article = Article(
        kind=cast(Kind, kind) if kind in KINDS else "article",
        headline=values["headline"],
        byline=_string(row.get("byline"), where, "byline"),
        date=date,
        paragraphs=tuple(part.strip() for part in values["text"].split("\n") if part.strip()),
        lines=_spans(row.get("lines")),
        jump_from=_page_number(row.get("jump_from")),
        jump_to=_page_number(row.get("jump_to")),
        section=section,
        id=values["id"] or fallback_id,
        intro_title=_words(row.get("intro_title")),
        subtitle=_words(row.get("subtitle")),
        pages=_items(row.get("pages"), int) or _single_page(row.get(_key(row, fields, "page"))),
        boxes=tuple(
            cast(Box, box) for box in map(tuple, _items(row.get("boxes"), list)) if len(box) == 4
        ),
        confidence=confidence if isinstance(confidence := row.get("confidence"), float) else None,
        reasons=_items(row.get("reasons"), str),
        source=_words(row.get(_key(row, fields, "source"))),
    )
    return article, wrong


def _told(row: Mapping[str, Any]) -> str:
    return f"the row has {', '.join(map(str, row)) or 'nothing'}"


def _single_page(value: object) -> tuple[int, ...]:
    """Return the number in ``4``, ``"04"`` or ``"A04"`` alone; nothing where there is none."""
    digits = re.search(r"\d+", value) if isinstance(value, str) else None
    number = int(digits[0]) if digits else value
    return (number,) if isinstance(number, int) and not isinstance(number, bool) else ()


def _words(value: object) -> str:
    return value if isinstance(value, str) else ""


def _items(value: object, kind: type[T]) -> tuple[T, ...]:
    """Return a list's items where all are of one type, else none: another tool may mean something else by the name."""
    return (
        tuple(value)
        if isinstance(value, list) and all(type(item) is kind for item in value)
        else ()
    )


def _string(value: object, where: str, key: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise InputError(
        f"{where}: field {key!r} is a {type(value).__name__}, not text; name another field, or mend the row"
    )


def _spans(value: object) -> tuple[tuple[int, int], ...]:
    if not isinstance(value, list):
        return ()
    return tuple((span[0], span[1]) for span in value if isinstance(span, list) and len(span) == 2)


def _page_number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def split_by_date(articles: Sequence[Article], test_from: str) -> tuple[list[int], list[int]]:
    """Return positions of the articles before *test_from* and of those from it on: train on the past.

    Raises InputError when an article has no date or a side is empty.
    """
    start = iso_date(test_from)
    dates = _dates(articles)
    past = [i for i, date in enumerate(dates) if date < start]
    later = [i for i, date in enumerate(dates) if date >= start]
    return _both_sides(
        past,
        later,
        f"split.test_from {test_from}: the corpus goes from {min(dates)} to {max(dates)}",
    )


def split_by_days(
    articles: Sequence[Article], test_share: float, seed: int
) -> tuple[list[int], list[int]]:
    """Return positions for training and testing; whole days are drawn at random until *test_share* is reached.

    Items of one day often tell one story twice; a day never stands on both sides.
    """
    dates = _dates(articles)
    days = sorted(set(dates))
    drawn: set[str] = set()
    counts = Counter(dates)
    reached = 0
    for k in np.random.default_rng(seed).permutation(len(days)):
        if reached >= test_share * len(dates):
            break
        drawn.add(days[k])
        reached += counts[days[k]]
    train = [i for i, date in enumerate(dates) if date not in drawn]
    test = [i for i, date in enumerate(dates) if date in drawn]
    return _both_sides(
        train, test, f"split.test_share {test_share}: the corpus has {len(days)} days"
    )


def _dates(articles: Sequence[Article]) -> list[str]:
    for article in articles:
        if article.date is None:
            raise InputError(
                f"article {article.id!r} has no date; a split by time needs one for every article"
            )
    return [cast(str, article.date) for article in articles]


def _both_sides(train: list[int], test: list[int], why: str) -> tuple[list[int], list[int]]:
    if not train or not test:
        raise InputError(
            f"{why}; that leaves {'training' if not train else 'test'} without articles: choose another"
        )
    return train, test
