"""Corrections by hand that outlive the splitter: each names its place by words of the page, not by line numbers."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path

from pydantic import Field

from research.articles.article import SECTIONS, Article, ArticleKind
from research.errors import InputError
from research.pages.jumps import join
from research.pages.read.page import Page
from research.pages.split.page import Layout, layout_of
from research.toml import Table, check_table, read_toml

_SPACE = re.compile(r"\s+")
_FEWEST = 4
Span = tuple[int, int]


class _Correction(Table):
    date: str | None = Field(None, description="Only on pages of this date.")
    page: int | None = Field(None, description="Only on pages of this number.")


class Merge(_Correction):
    """``second`` goes on with ``first``: each some words of one article."""

    first: str = Field(min_length=_FEWEST)
    second: str = Field(min_length=_FEWEST)


class Cut(_Correction):
    """An article begins at the line in which these words begin."""

    before: str = Field(min_length=_FEWEST)


class SetHeadline(_Correction):
    """The article with these words has this headline."""

    article: str = Field(min_length=_FEWEST)
    headline: str


class SetKind(_Correction):
    """The article with these words is of this kind."""

    article: str = Field(min_length=_FEWEST)
    kind: ArticleKind


class SetSection(_Correction):
    """The article with these words belongs under this section."""

    article: str = Field(min_length=_FEWEST)
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
            n
            for n, entry in enumerate(self.entries)
            if entry.date in (None, date) and entry.page in (None, page)
        ]

    def stale(self, applied: Collection[int]) -> list[str]:
        """Say which corrections found no place, a line each; *applied* are the numbers of those that did."""
        return [self._describe(entry) for n, entry in enumerate(self.entries) if n not in applied]

    def _describe(self, entry: _Correction) -> str:
        said = entry.model_dump(exclude_none=True)
        return f"{self.source}: {type(entry).__name__.removeprefix('Set').lower()} {', '.join(f'{key} = {value!r}' for key, value in said.items())}"


def read_corrections(path: str | PathLike[str]) -> Corrections:
    """Read a corrections file (TOML: tables ``[[merge]] [[cut]] [[headline]] [[kind]] [[section]]``).

    Raises InputError that lists everything wrong at once, a line each.
    """
    path = Path(path)
    table, text = read_toml(path)
    file = check_table(_File, table, text, str(path))
    for entry in file.section:
        if entry.section not in SECTIONS:
            raise InputError(
                f"{path}: section {entry.section!r} is not one of {', '.join(SECTIONS)}"
            )
    return Corrections(
        (*file.merge, *file.cut, *file.headline, *file.kind, *file.section), str(path)
    )


def correct_page(page: Page, corrections: Corrections) -> tuple[Layout, set[int]]:
    """Split a page under its corrections; return it and the numbers of those that found their words.

    Cuts and merges are put to the splitter before it reads the page, so that headlines and bodies fall into place.
    """
    mine = corrections.on(page.date, page.number)
    if not mine:
        return layout_of(page), set()
    lines = _Lines(page)
    begins: set[int] = set()
    applied: set[int] = set()
    for n in mine:
        entry = corrections.entries[n]
        if isinstance(entry, Cut) and (line := lines.line_of(entry.before)):
            begins.add(line)
            applied.add(n)
    layout = layout_of(page, begins)
    joins: set[int] = set()
    apart: list[tuple[Span, Span]] = []
    for n in mine:
        entry = corrections.entries[n]
        if isinstance(entry, Merge):
            first, second = (
                _owner(layout.articles, lines.line_of(words))
                for words in (entry.first, entry.second)
            )
            if first is None or second is None:
                continue
            applied.add(n)
            if abs(first - second) == 1:
                low, high = layout.articles[min(first, second)], layout.articles[max(first, second)]
                joins.update(range(low.lines[0][0] + 1, high.lines[-1][1] + 1))
            elif first != second:
                apart.append((layout.articles[first].lines[0], layout.articles[second].lines[0]))
    if joins:
        layout = layout_of(page, begins - joins, joins)
    found = _join_apart(layout.articles, apart)
    articles, valued = correct_articles(found, corrections, mine)
    return replace(layout, articles=tuple(articles)), applied | valued


def _join_apart(articles: Sequence[Article], pairs: Sequence[tuple[Span, Span]]) -> list[Article]:
    """Join articles that other articles stand between, each named by its first lines."""
    found = list(articles)
    for places in pairs:
        one, other = (
            next((article for article in found if place in article.lines), None) for place in places
        )
        if one and other and one is not other:
            found[found.index(one)] = join(one, other)
            found.remove(other)
    return found


def correct_articles(
    articles: Sequence[Article], corrections: Corrections, numbers: Sequence[int]
) -> tuple[list[Article], set[int]]:
    """Give a page's articles the headlines, kinds and sections that the numbered corrections say; return which found their words."""
    found = list(articles)
    if not numbers:
        return found, set()
    texts = [_bare(article.headline + article.text) for article in articles]
    applied: set[int] = set()
    for n in numbers:
        entry = corrections.entries[n]
        if not isinstance(entry, SetHeadline | SetKind | SetSection):
            continue
        holders = [k for k, text in enumerate(texts) if _bare(entry.article) in text]
        if len(holders) != 1:
            continue
        applied.add(n)
        article = found[holders[0]]
        if isinstance(entry, SetHeadline):
            found[holders[0]] = replace(article, headline=entry.headline)
        elif isinstance(entry, SetKind):
            found[holders[0]] = replace(article, kind=entry.kind)
        else:
            found[holders[0]] = replace(article, section=entry.section)
    return found, applied


class _Lines:
    """A page's text without spaces, and the line that each of its characters stands on."""

    def __init__(self, page: Page) -> None:
        self.starts: list[int] = []
        pieces = []
        size = 0
        for line in page.lines:
            self.starts.append(size)
            pieces.append(_bare(line))
            size += len(pieces[-1])
        self.text = "".join(pieces)

    def line_of(self, words: str) -> int | None:
        """Return the number of the line on which *words* begin, None where they stand nowhere or more than once."""
        wanted = _bare(words)
        at = self.text.find(wanted)
        if at < 0 or self.text.find(wanted, at + 1) >= 0:
            return None
        return sum(start <= at for start in self.starts)


def _owner(articles: Sequence[Article], line: int | None) -> int | None:
    return next(
        (
            k
            for k, article in enumerate(articles)
            if line and any(first <= line <= last for first, last in article.lines)
        ),
        None,
    )


def _bare(text: str) -> str:
    return _SPACE.sub("", text)
