"""Read articles from JSON Lines, CSV or Excel, and write them; split them by time.

What a table's rows are is up to ``tables``; here it is decided what their fields mean.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple, TypeVar, cast

import numpy as np

from research.articles.article import KINDS, SECTIONS, Article, ArticleKind, Box
from research.articles.columns import columns_of
from research.articles.dates import iso_date
from research.articles.fields import Fields
from research.articles.html import without_markup
from research.articles.tables import iter_rows
from research.errors import InputError
from research.files import replacing

T = TypeVar("T")
Required = Collection[Literal["date", "section"]]

# What corpora call a field that has neither its own name here nor one that the user gave.
_USUAL_NAMES = {
    "headline": ("title", "Title", "标题", "题目"),
    "text": ("content", "body", "正文", "内容", "全文", "文本"),
    "date": ("published", "pubdate", "日期", "发布日期", "发布时间", "时间"),
    "page": ("版次", "版面", "版"),
    "source": ("来源", "媒体", "报纸"),
}
_DIGITS = re.compile(r"\d+")


def iter_corpus(
    path: str | PathLike[str],
    fields: Fields | None = None,
    *,
    require: Required = (),
    sections: Sequence[str] | None = SECTIONS,
    labels: Mapping[str, str] | None = None,
    columns: Mapping[str, str] | None = None,
    on_bad_date: Callable[[Article, str], None] | None = None,
) -> Iterator[Article]:
    """Yield the articles of a corpus one by one.

    Parameters
    ----------
    path : JSON Lines or CSV (``.gz`` too), read in constant memory, or an Excel workbook.
    fields : what the corpus calls its fields; by default their usual names (title, 标题, 正文 …).
    require : fields that may not be missing.
    sections : the labels allowed; None allows any.
    labels : the corpus's own labels and the section of each; rows of a label that is mapped to
        "" are left out.
    columns : keep further columns whose values are short, and these: names → what the corpus calls
        them; None keeps none.
    on_bad_date : called with each article whose date no calendar has, and the reason; without
        it, such a date is an error.

    Raises
    ------
    InputError
        With file, line and remedy, at the first bad row.
    """
    path = Path(path)
    rules = _Rules(fields or Fields(), require, sections, columns)
    stem = path.name.split(".")[0]
    empty = True
    for line, values in iter_rows(path):
        empty = False
        mapped = _map_label(values, rules.fields.section, labels)
        if mapped is None:
            continue
        row = _Row(mapped, f"{path}:{line}", rules.fields)
        date, date_problem = _date(row)
        article = _article(row, rules, date, fallback_id=f"{stem}:{line}")
        if date_problem:
            if on_bad_date is None:
                raise InputError(f"{row.where}: {date_problem}")
            on_bad_date(article, date_problem)
        yield article
    if empty:
        raise InputError(
            f"{path}: no rows; a corpus has one JSON object a line, or CSV rows under a header"
        )


def read_corpus(
    path: str | PathLike[str],
    fields: Fields | None = None,
    *,
    require: Required = (),
    sections: Sequence[str] = SECTIONS,
    labels: Mapping[str, str] | None = None,
) -> list[Article]:
    """Read a whole corpus into memory; see :func:`iter_corpus`."""
    return list(iter_corpus(path, fields, require=require, sections=sections, labels=labels))


def write_corpus(articles: Iterable[Article], path: str | PathLike[str]) -> None:
    """Write articles as JSON Lines, gzipped where the name ends in ``.gz``; whole or not at all."""
    path = Path(path)
    with replacing(path) as beside, beside.open("wb") as raw:
        if path.suffix == ".gz":
            # mtime=0 and no file name in the header: the same articles give the same bytes.
            with gzip.GzipFile("", "wb", 9, raw, mtime=0) as zipped:
                _write_rows(articles, cast(BinaryIO, zipped))
        else:
            _write_rows(articles, raw)


def _write_rows(articles: Iterable[Article], out: BinaryIO) -> None:
    for article in articles:
        row = json.dumps(article.to_json(), ensure_ascii=False)
        out.write(row.encode() + b"\n")


class _Rules(NamedTuple):
    """What the rows of a corpus are called, must have and may have."""

    fields: Fields
    require: Required
    sections: Sequence[str] | None
    columns: Mapping[str, str] | None


class _Row(NamedTuple):
    """One row: its values, where it is (file and line), and what its fields are called."""

    values: Mapping[str, Any]
    where: str
    fields: Fields

    def key(self, name: str) -> str:
        """Return what the row calls a field: the user's name, else the first usual name it has."""
        key: str = getattr(self.fields, name)
        if key != name or key in self.values:
            return key
        for usual in _USUAL_NAMES.get(name, ()):
            if usual in self.values:
                return usual
        return key

    def get(self, name: str) -> Any:
        """Return the value of a field that a user may name."""
        return self.values.get(self.key(name))

    def text(self, name: str) -> str:
        """Return a field that a user may name as text, "" where the corpus has none."""
        key = self.key(name)
        return self.string(key) if key else ""

    def string(self, key: str) -> str:
        """Return a value as text; raise InputError where it is neither text nor a number."""
        value = self.values.get(key)
        if isinstance(value, str):
            return value
        if value is None:
            return ""
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        kind = type(value).__name__
        raise InputError(
            f"{self.where}: field {key!r} is a {kind}, not text; "
            "name another field, or correct the row"
        )

    @property
    def names(self) -> str:
        """The names of the row's fields, for a message."""
        return f"the row has {', '.join(map(str, self.values)) or 'nothing'}"


def _map_label(
    values: dict[str, Any], key: str, labels: Mapping[str, str] | None
) -> dict[str, Any] | None:
    """Return a row with its label mapped to a section, None where its label is left out."""
    label = values.get(key)
    if not labels or not isinstance(label, str) or label not in labels:
        return values
    section = labels[label]
    return values | {key: section} if section else None


def _article(row: _Row, rules: _Rules, date: str | None, fallback_id: str) -> Article:
    text = without_markup(row.text("text"))
    headline = without_markup(row.text("headline"))
    _check_text(row, headline, text)
    if "date" in rules.require and not row.text("date"):
        raise InputError(
            f"{row.where}: no date in field {row.fields.date!r} ({row.names}); "
            "add one (2023-12-20, 2023-12 or 2023), or name the field"
        )
    values = row.values
    return Article(
        kind=_kind(values.get("kind")),
        headline=headline,
        byline=row.string("byline"),
        date=date,
        paragraphs=_paragraphs(text),
        lines=_spans(values.get("lines")),
        jump_from=_page_number(values.get("jump_from")),
        jump_from_name=_plain(values.get("jump_from_name")),
        jump_to_name=_plain(values.get("jump_to_name")),
        page_names=_items(values.get("page_names"), str),
        jump_to=_page_number(values.get("jump_to")),
        section=_section(row, rules),
        id=row.text("id") or fallback_id,
        intro_title=_plain(values.get("intro_title")),
        subtitle=_plain(values.get("subtitle")),
        pages=_items(values.get("pages"), int) or _single_page(row.get("page")),
        boxes=_boxes(values.get("boxes")),
        confidence=_number(values.get("confidence")),
        reasons=_items(values.get("reasons"), str),
        source=_plain(row.get("source")),
        columns=_columns(row, rules),
    )


def _columns(row: _Row, rules: _Rules) -> tuple[tuple[str, str], ...]:
    if rules.columns is None:
        return ()
    read = {row.key(name) for name in Fields.model_fields}
    return columns_of(row.values, read, rules.columns)


def _check_text(row: _Row, headline: str, text: str) -> None:
    if not text.strip() and not headline.strip():
        raise InputError(
            f"{row.where}: no text in field {row.fields.text!r} ({row.names}); name the field "
            "(--field text=KEY; in an experiment, corpus.fields), or take the row out"
        )
    if "\0" in text:
        raise InputError(
            f"{row.where}: a NUL byte in the text; the file is damaged: export it again"
        )


def _date(row: _Row) -> tuple[str | None, str]:
    """Return a row's date in ISO, and what is wrong with it."""
    value = row.text("date")
    if not value:
        return None, ""
    try:
        return iso_date(value), ""
    except ValueError as error:
        return None, str(error)


def _section(row: _Row, rules: _Rules) -> str | None:
    section = row.text("section")
    if not section:
        if "section" in rules.require:
            allowed = ", ".join(rules.sections or SECTIONS)
            raise InputError(
                f"{row.where}: no section in field {row.fields.section!r} ({row.names}); "
                f"give one of {allowed}, or name the field"
            )
        return None
    if rules.sections is not None and section not in rules.sections:
        raise InputError(
            f"{row.where}: section {section!r} is not one of {', '.join(rules.sections)}; "
            "correct the row, or map it with corpus.labels"
        )
    return section


def _kind(value: object) -> ArticleKind:
    return value if value in KINDS else "article"


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.split("\n") if line.strip())


def _single_page(value: object) -> tuple[int, ...]:
    """Return the number in ``4``, ``"04"`` or ``"A04"`` alone; nothing where there is none."""
    if isinstance(value, str):
        digits = _DIGITS.search(value)
        return (int(digits[0]),) if digits else ()
    number = _page_number(value)
    return () if number is None or isinstance(number, bool) else (number,)


def _plain(value: object) -> str:
    return value if isinstance(value, str) else ""


def _items(value: object, kind: type[T]) -> tuple[T, ...]:
    """Return a list's items where all are of one type.

    Nothing of other values: another tool may mean something else by the field's name.
    """
    if isinstance(value, list) and all(type(item) is kind for item in value):
        return tuple(value)
    return ()


def _boxes(value: object) -> tuple[Box, ...]:
    boxes = _items(value, list)
    return tuple(cast(Box, tuple(box)) for box in boxes if len(box) == 4)


def _spans(value: object) -> tuple[tuple[int, int], ...]:
    if not isinstance(value, list):
        return ()
    return tuple((span[0], span[1]) for span in value if isinstance(span, list) and len(span) == 2)


def _number(value: object) -> float | None:
    return value if isinstance(value, float) else None


def _page_number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def split_by_date(articles: Sequence[Article], test_from: str) -> tuple[list[int], list[int]]:
    """Return the positions of the articles before *test_from* (training) and from it on (test).

    Raises InputError when an article has no date or either side is empty.
    """
    start = iso_date(test_from)
    dates = _dates(articles)
    train = [i for i, date in enumerate(dates) if date < start]
    test = [i for i, date in enumerate(dates) if date >= start]
    setting = f"split.test_from {test_from}"
    _refuse_empty(train, test, f"{setting}: the corpus goes from {min(dates)} to {max(dates)}")
    return train, test


def split_by_days(
    articles: Sequence[Article], test_share: float, seed: int
) -> tuple[list[int], list[int]]:
    """Return positions for training and test, each day on one side only.

    Whole days are drawn at random until *test_share* (0 to 1) of the articles is reached: items
    of one day often report one event twice.

    Raises InputError when an article has no date or either side is empty.
    """
    dates = _dates(articles)
    days = sorted(set(dates))
    articles_per_day = Counter(dates)
    test_days: set[str] = set()
    reached = 0
    for k in np.random.default_rng(seed).permutation(len(days)):
        if reached >= test_share * len(dates):
            break
        test_days.add(days[k])
        reached += articles_per_day[days[k]]
    train = [i for i, date in enumerate(dates) if date not in test_days]
    test = [i for i, date in enumerate(dates) if date in test_days]
    _refuse_empty(train, test, f"split.test_share {test_share}: the corpus has {len(days)} days")
    return train, test


def _dates(articles: Sequence[Article]) -> list[str]:
    dates = []
    for article in articles:
        if article.date is None:
            raise InputError(
                f"article {article.id!r} has no date; a split by time needs one for every article"
            )
        dates.append(article.date)
    return dates


def _refuse_empty(train: list[int], test: list[int], reason: str) -> None:
    if train and test:
        return
    side = "test" if train else "training"
    raise InputError(f"{reason}; that leaves {side} without articles: choose another")
