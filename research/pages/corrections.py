"""Corrections by hand that outlive the splitter.

Each names its place by words of the page, not by line numbers. Only reads what a person wrote and
applies it; what nobody corrected is up to ``split``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from pydantic import Field

from research.articles.article import SECTIONS, Article, ArticleKind
from research.errors import InputError
from research.pages.jumps import join
from research.pages.read.page import Page
from research.pages.split.page import Layout, layout_of
from research.toml import Table, check_table, read_toml

_SPACE = re.compile(r"\s+")
_MIN_CHARACTERS = 4  # Fewer rarely occur only once on a page.
Span = tuple[int, int]


class _Correction(Table):
    date: str | None = Field(None, description="Only on pages of this date.")
    page: int | None = Field(None, description="Only on pages of this number.")


class Merge(_Correction):
    """``first`` and ``second`` are each some words of one article, which are one article."""

    first: str = Field(min_length=_MIN_CHARACTERS)
    second: str = Field(min_length=_MIN_CHARACTERS)


class Cut(_Correction):
    """An article begins at the line in which these words begin."""

    before: str = Field(min_length=_MIN_CHARACTERS)


class SetHeadline(_Correction):
    """The article with these words has this headline."""

    article: str = Field(min_length=_MIN_CHARACTERS)
    headline: str


class SetKind(_Correction):
    """The article with these words is of this kind."""

    article: str = Field(min_length=_MIN_CHARACTERS)
    kind: ArticleKind


class SetSection(_Correction):
    """The article with these words belongs under this section."""

    article: str = Field(min_length=_MIN_CHARACTERS)
    section: str


class _File(Table):
    merge: tuple[Merge, ...] = ()
    cut: tuple[Cut, ...] = ()
    headline: tuple[SetHeadline, ...] = ()
    kind: tuple[SetKind, ...] = ()
    section: tuple[SetSection, ...] = ()


@dataclass(frozen=True, slots=True)
class Corrections:
    """Hand corrections in the file's order; ``source`` is the file they were read from."""

    entries: tuple[_Correction, ...] = ()
    source: str = ""

    def on(self, date: str | None, page: int | None) -> list[int]:
        """Return the numbers of the corrections that are meant for a page."""
        return [
            number
            for number, entry in enumerate(self.entries)
            if entry.date in (None, date) and entry.page in (None, page)
        ]

    def stale(self, applied: Collection[int]) -> list[str]:
        """Describe the corrections that found no place, one line each.

        *applied* are the numbers of those that found theirs.
        """
        return [
            self._describe(entry)
            for number, entry in enumerate(self.entries)
            if number not in applied
        ]

    def _describe(self, entry: _Correction) -> str:
        table = type(entry).__name__.removeprefix("Set").lower()
        values = entry.model_dump(exclude_none=True)
        pairs = [f"{key} = {value!r}" for key, value in values.items()]
        return f"{self.source}: {table} {', '.join(pairs)}"


def read_corrections(path: str | PathLike[str]) -> Corrections:
    """Read a corrections file: TOML with ``[[merge]] [[cut]] [[headline]] [[kind]] [[section]]``.

    Raises InputError that lists everything wrong at once, one line each.
    """
    path = Path(path)
    table, text = read_toml(path)
    file = check_table(_File, table, text, str(path))
    for entry in file.section:
        if entry.section not in SECTIONS:
            raise InputError(
                f"{path}: section {entry.section!r} is not one of {', '.join(SECTIONS)}"
            )
    entries = (*file.merge, *file.cut, *file.headline, *file.kind, *file.section)
    return Corrections(entries, str(path))


class _Merges(NamedTuple):
    """What the merges on a page ask for.

    ``joins`` are the lines of neighbours at which none begins, ``apart`` the first lines of
    articles that others are between, ``applied`` the numbers of the merges that found their words.
    """

    joins: set[int]
    apart: list[tuple[Span, Span]]
    applied: set[int]


def correct_page(page: Page, corrections: Corrections) -> tuple[Layout, set[int]]:
    """Split a page under its corrections; return it and the numbers of those that were applied.

    Cuts and merges are given to the splitter before it reads the page, so that headlines and bodies
    are found accordingly.
    """
    numbers = corrections.on(page.date, page.number)
    if not numbers:
        return layout_of(page), set()
    lines = _Lines(page)
    cuts = _cuts(lines, corrections, numbers)
    begins = set(cuts.values())
    layout = layout_of(page, begins)
    merges = _merges(lines, layout, corrections, numbers)
    if merges.joins:
        layout = layout_of(page, begins - merges.joins, merges.joins)
    articles = _join_apart(layout.articles, merges.apart)
    articles, corrected = correct_articles(articles, corrections, numbers)
    applied = cuts.keys() | merges.applied | corrected
    return replace(layout, articles=tuple(articles)), applied


def _cuts(lines: _Lines, corrections: Corrections, numbers: Sequence[int]) -> dict[int, int]:
    """Return the line at which an article begins, by the number of the cut that names it."""
    cuts = {}
    for number in numbers:
        entry = corrections.entries[number]
        line = lines.line_of(entry.before) if isinstance(entry, Cut) else None
        if line is not None:
            cuts[number] = line
    return cuts


def _merges(
    lines: _Lines, layout: Layout, corrections: Corrections, numbers: Sequence[int]
) -> _Merges:
    merges = _Merges(set(), [], set())
    articles = layout.articles
    for number in numbers:
        entry = corrections.entries[number]
        if not isinstance(entry, Merge):
            continue
        first = _position(articles, lines.line_of(entry.first))
        second = _position(articles, lines.line_of(entry.second))
        if first is None or second is None:
            continue
        merges.applied.add(number)
        if abs(first - second) == 1:
            upper, lower = articles[min(first, second)], articles[max(first, second)]
            merges.joins.update(range(upper.lines[0][0] + 1, lower.lines[-1][1] + 1))
        elif first != second:
            merges.apart.append((articles[first].lines[0], articles[second].lines[0]))
    return merges


def _join_apart(articles: Sequence[Article], pairs: Sequence[tuple[Span, Span]]) -> list[Article]:
    """Join articles that other articles are between, each named by its first lines."""
    joined = list(articles)
    for first_lines, second_lines in pairs:
        first = _with_lines(joined, first_lines)
        second = _with_lines(joined, second_lines)
        if first is None or second is None or first is second:
            continue
        joined[joined.index(first)] = join(first, second)
        joined.remove(second)
    return joined


def _with_lines(articles: Sequence[Article], lines: Span) -> Article | None:
    for article in articles:
        if lines in article.lines:
            return article
    return None


def correct_articles(
    articles: Sequence[Article], corrections: Corrections, numbers: Sequence[int]
) -> tuple[list[Article], set[int]]:
    """Give a page's articles the headlines, kinds and sections of the numbered corrections.

    Return the articles, and the numbers of the corrections that found their words in one article.
    """
    corrected = list(articles)
    if not numbers:
        return corrected, set()
    texts = [_without_spaces(article.headline + article.text) for article in articles]
    applied: set[int] = set()
    for number in numbers:
        entry = corrections.entries[number]
        if not isinstance(entry, SetHeadline | SetKind | SetSection):
            continue
        words = _without_spaces(entry.article)
        positions = [position for position, text in enumerate(texts) if words in text]
        if len(positions) != 1:
            continue
        applied.add(number)
        corrected[positions[0]] = _corrected(corrected[positions[0]], entry)
    return corrected, applied


def _corrected(article: Article, entry: SetHeadline | SetKind | SetSection) -> Article:
    if isinstance(entry, SetHeadline):
        return replace(article, headline=entry.headline)
    if isinstance(entry, SetKind):
        return replace(article, kind=entry.kind)
    return replace(article, section=entry.section)


class _Lines:
    """A page's text without spaces, and the place in it at which each line begins."""

    def __init__(self, page: Page) -> None:
        self.starts: list[int] = []
        texts = [_without_spaces(line) for line in page.lines]
        start = 0
        for text in texts:
            self.starts.append(start)
            start += len(text)
        self.text = "".join(texts)

    def line_of(self, words: str) -> int | None:
        """Return the number of the line in which *words* begin.

        None where they occur nowhere or more than once.
        """
        sought = _without_spaces(words)
        at = self.text.find(sought)
        if at < 0 or self.text.find(sought, at + 1) >= 0:
            return None
        return sum(start <= at for start in self.starts)


def _position(articles: Sequence[Article], line: int | None) -> int | None:
    """Return the position of the article that a line belongs to, None where it is no article's."""
    if line is None:
        return None
    for position, article in enumerate(articles):
        if any(first <= line <= last for first, last in article.lines):
            return position
    return None


def _without_spaces(text: str) -> str:
    return _SPACE.sub("", text)
