"""One row of a corpus → an Article, or everything that is wrong with the row.

How rows stand in files is up to ``tables``; here it is decided what their fields mean.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from research.articles.article import KINDS, SECTIONS, Article, ArticleKind
from research.articles.characters import heal
from research.articles.columns import columns_of
from research.articles.date_column import DateColumn
from research.articles.fields import Fields, Keys, keys_of, missing_field, named
from research.articles.html import without_markup
from research.articles.json_fields import (
    boxes,
    items,
    number,
    page_number,
    single_page,
    spans,
    string,
)
from research.articles.problems import ProblemKind, Problems, RemarkKind
from research.articles.row_rules import RowRules
from research.articles.traditional import is_traditional
from research.articles.values import NotTextError, as_text, plain_value

Fault = tuple[ProblemKind, str]

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_WHOLE_NUMBER = re.compile(r"(?<=\d)\.0{1,6}$")  # A label 1 that pandas wrote as 1.0.
# So many Chinese characters in a field that is not read are a text; a headline has fewer.
_MIN_HAN_OF_TEXT = 30
_MAX_EXAMINED = 2_000  # characters of a field
_MAX_SHAPES = 1_000  # Rows of JSON may differ in their fields without end.
_CAUSED_BY: Mapping[str, Sequence[ProblemKind]] = {
    "text": ("no_text", "unread_text"),
    "headline": ("no_text", "unread_text"),
    "date": ("no_date",),
    "section": ("no_section",),
}
"""Problems of rows that a field of a wrong name causes: one message is enough."""


class Label(NamedTuple):
    """The section of a row, the key that it stands under, and the label as the corpus has it."""

    section: str
    key: str
    label: str


class RowReader:
    """Read the rows of one corpus, and note what is wrong with them.

    Parameters
    ----------
    source
        The corpus's name, for messages.
    stem
        Begins the ids of articles that have none.
    rules
        What rows are called, must have and may have.
    problems
        Where what is wrong is noted.
    dates
        The corpus's column of dates.
    """

    def __init__(
        self, source: str, stem: str, rules: RowRules, problems: Problems, dates: DateColumn
    ) -> None:
        self.source = source
        self.rules = rules
        self.problems = problems
        self._dates = dates
        self._stem = stem
        self._shapes: dict[tuple[str, ...], Keys] = {}
        self._unseen = dict(named(rules.fields))
        self._names: dict[str, None] = {}

    def read(self, place: str, values: Mapping[str, Any]) -> Article | None:
        """Return the article of a row; None where its label is left out or something is wrong."""
        row = _Row(values, self._keys(values), self.rules.fields)
        label = self._label(row, place)
        if label is None:
            return None
        date, date_fault = _date(row, self._dates)
        fallback_id = f"{self._stem}:{place}"
        article = _article(row, date, label.section, fallback_id)
        if self.rules.columns is not None:
            guessed = row.keys.of.get("section")
            read = {key for key in row.keys.of.values() if key != guessed} | {label.key}
            columns = columns_of(row.values, read, self.rules.columns)
            article = replace(article, columns=columns)
        row.faults += self._faults(row, article, label, date_fault)
        if row.faults:
            for kind, message in dict(row.faults).items():
                self.problems.add(kind, self.source, place, message)
            return None
        if not article.paragraphs:
            self._note("without_text", place)
        if is_traditional(article.text):
            self._note("traditional", place)
        if row.n_healed:
            self.problems.note("healed", self.source, place, row.n_healed)
        if "section" in self.rules.require and not article.section:
            self._note("without_label", place)
        if date_fault and self.rules.on_bad_date is not None:
            self.rules.on_bad_date(article, date_fault)
        return article

    def date_of(self, values: Mapping[str, Any]) -> str:
        """Return what stands in a row's field of dates, "" where it has none."""
        return _written_date(_Row(values, self._keys(values), self.rules.fields))

    def refuse_unseen(self) -> None:
        """Note the fields that the user named and no row has, in place of what that caused."""
        names = list(self._names)
        for field_name, name in self._unseen.items():
            message = missing_field(field_name, name, names)
            self.problems.fatal.append(f"{self.source}: {message}")
            self._forget(_CAUSED_BY.get(field_name, ()))

    def _forget(self, kinds: Collection[ProblemKind]) -> None:
        rows = self.problems.rows
        rows[:] = [row for row in rows if row.source != self.source or row.kind not in kinds]

    def _keys(self, values: Mapping[str, Any]) -> Keys:
        shape = tuple(values)
        keys = self._shapes.get(shape)
        if keys is None:
            keys = keys_of(shape, self.rules.fields)
            if len(self._shapes) < _MAX_SHAPES:
                self._shapes[shape] = keys
                self._names |= dict.fromkeys(shape)
            for name in [name for name in self._unseen if name in keys.of]:
                del self._unseen[name]
        return keys

    def _note(self, kind: RemarkKind, place: str) -> None:
        self.problems.note(kind, self.source, place)

    def _label(self, row: _Row, place: str) -> Label | None:
        """Return a row's section, "" where it has none; None where its label is left out.

        A field that only has a usual name (栏目, category) may hold something else than sections:
        what is neither one of them nor mapped is then no section, unless one must be there.
        """
        rules = self.rules
        guessed = rules.fields.section == "section"
        others: list[str] = []
        for key in row.keys.sections:
            label = row.text_of(key, " ").strip()
            if not label:
                continue
            if label not in rules.labels:
                label = _WHOLE_NUMBER.sub("", label)
            if label in rules.labels:
                section = rules.labels[label]
                return Label(section, key, label) if section else None
            if key == rules.fields.section or not guessed or self._allows(label):
                return Label(label, key, label)
            others.append(key)
        if others:
            if "section" in rules.require:
                label = row.text_of(others[0], " ").strip()
                return Label(label, others[0], label)
            if rules.sections is not None:
                self._note("other_label", place)
        return Label("", rules.fields.section, "")

    def _allows(self, label: str) -> bool:
        sections = self.rules.sections
        if sections is None and "section" in self.rules.require:
            return True
        return label in (sections or SECTIONS)

    def _faults(self, row: _Row, article: Article, label: Label, date: str) -> list[Fault]:
        faults = _text_faults(row, article)
        if "date" in self.rules.require and not row.text("date"):
            faults.append(("no_date", _no_date(row)))
        if date and self.rules.on_bad_date is None:
            faults.append(("bad_date", date))
        faults += self._section_faults(row, label)
        return faults

    def _section_faults(self, row: _Row, label: Label) -> list[Fault]:
        sections = self.rules.sections
        if not label.section:
            if "section" not in self.rules.require or self.rules.partly_labelled:
                return []
            allowed = ", ".join(sections or SECTIONS)
            name = self.rules.fields.section
            message = f"no section in field {name!r} ({row.names}); "
            return [("no_section", f"{message}give one of {allowed}, or name the field")]
        if sections is None or label.section in sections:
            return []
        message = (
            f"section {label.section!r} is not one of {', '.join(sections)}; "
            "correct the row, or map it with corpus.labels"
        )
        return [("other_section", message)]


class _Row:
    """One row: its values, what they are called, and what is wrong with it so far."""

    def __init__(self, values: Mapping[str, Any], keys: Keys, fields: Fields) -> None:
        self.values = values
        self.keys = keys
        self.fields = fields
        self.faults: list[Fault] = []
        self.n_healed = 0

    def get(self, name: str) -> Any:
        """Return the value of a field, None where the row has none."""
        key = self._key_of(name)
        return None if key is None else self.values.get(key)

    def _key_of(self, name: str) -> str | None:
        """Return the key of a field: the likeliest, or where the row has nothing there, another.

        A table that was put together of several has some rows under one name, some under another.
        """
        key = self.keys.of.get(name)
        if key is None or self._has(name, key):
            return key
        for other in self.keys.others[name]:
            if self._has(name, other):
                return other
        return key

    def _has(self, name: str, key: str) -> bool:
        value = plain_value(self.values.get(key))
        return value is not None and not (name == "text" and value == "")

    def text(self, name: str, joint: str = "\n") -> str:
        """Return a field as text, "" where the row has none."""
        key = self._key_of(name)
        return "" if key is None else self.text_of(key, joint)

    def text_of(self, key: str, joint: str = "\n") -> str:
        """Return the value under a key as text; note a fault where it is none."""
        try:
            return self._healed(as_text(self.values.get(key), joint))
        except NotTextError as error:
            fault = f"field {key!r} is a {error}, not text; name another field, or correct the row"
            if ("not_text", fault) not in self.faults:
                self.faults.append(("not_text", fault))
            return ""

    def plain(self, name: str) -> str:
        """Return a field's text; "" for what is none: other tools may mean another thing by it."""
        return self._healed(string(self.get(name)))

    def _healed(self, text: str) -> str:
        """Return a text without characters that cannot be read, and count them."""
        healed = heal(text)
        self.n_healed += healed.number
        return healed.text

    @property
    def names(self) -> str:
        """The names of the row's fields, for a message."""
        return f"the row has {', '.join(map(str, self.values)) or 'nothing'}"


def _text_faults(row: _Row, article: Article) -> list[Fault]:
    if article.paragraphs or any(kind == "not_text" for kind, _ in row.faults):
        return []
    if row.fields.text:
        unread = _unread_text(row)
        if unread:
            return [("unread_text", unread)]
    if article.headline.strip():
        return []
    message = (
        f"no text in field {row.fields.text!r} ({row.names}); name the field "
        "(--field text=KEY; in an experiment, corpus.fields), or take the row out"
    )
    return [("no_text", message)]


def _unread_text(row: _Row) -> str:
    """Return the message for a row without text whose text seems to stand in an unread field."""
    longest, most = "", _MIN_HAN_OF_TEXT - 1
    for key in row.keys.unread:
        n_han = _count_han(row.values.get(key))
        if n_han > most:
            longest, most = key, n_han
    if not longest:
        return ""
    return (
        f"no text in field {row.fields.text!r}, but {most} Chinese characters in {longest!r}, "
        f"which is not read; name it (--field text={longest}; in an experiment, corpus.fields), "
        'or say that there is no text (text = "")'
    )


def _count_han(value: object) -> int:
    try:
        text = as_text(value)
    except NotTextError:
        return 0
    return len(_HAN.findall(text[:_MAX_EXAMINED]))


def _no_date(row: _Row) -> str:
    return (
        f"no date in field {row.fields.date!r} ({row.names}); "
        "add one (2023-12-20, 2023-12 or 2023), or name the field"
    )


def _article(row: _Row, date: str | None, section: str, fallback_id: str) -> Article:
    values = row.values
    return Article(
        kind=_kind(values.get("kind")),
        headline=without_markup(row.text("headline", " ")),
        byline=row.plain("byline"),
        date=date,
        paragraphs=_paragraphs(without_markup(row.text("text"))),
        lines=spans(values.get("lines")),
        jump_from=page_number(values.get("jump_from")),
        jump_to=page_number(values.get("jump_to")),
        jump_from_name=string(values.get("jump_from_name")),
        jump_to_name=string(values.get("jump_to_name")),
        page_names=items(values.get("page_names"), str),
        section=section or None,
        id=row.text("id") or fallback_id,
        intro_title=row.plain("intro_title"),
        subtitle=row.plain("subtitle"),
        pages=items(values.get("pages"), int) or single_page(plain_value(row.get("page"))),
        boxes=boxes(values.get("boxes")),
        confidence=number(values.get("confidence")),
        reasons=items(values.get("reasons"), str),
        source=row.plain("source"),
    )


def _written_date(row: _Row) -> str:
    return row.text("date").partition("\n")[0]


def _date(row: _Row, dates: DateColumn) -> tuple[str | None, str]:
    """Return a row's date in ISO, and what is wrong with it."""
    value = _written_date(row)
    if not value:
        return None, ""
    try:
        return dates.read(value), ""
    except ValueError as error:
        return None, str(error)


def _kind(value: object) -> ArticleKind:
    return value if value in KINDS else "article"


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.split("\n") if line.strip())
