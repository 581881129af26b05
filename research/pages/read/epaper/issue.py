"""A saved e-paper's folder → an issue: find its files, read them, join pages and articles.

What a file holds is up to its form (``founder``).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from research.articles.article import Article, Box
from research.articles.dates import day_in_path
from research.errors import InputError
from research.files import natural
from research.pages.read.epaper.form import ArticleFile, Form, ListedPage, PageFile, key_of
from research.pages.read.epaper.founder import FOUNDER
from research.pages.read.epaper.saved_html import read_html

FORMS = (FOUNDER,)
"""The forms of e-papers that can be read; a folder is of the first form that has files in it."""

_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class IssuePage:
    """A page of an issue.

    ``label`` is as printed (``A03``), ``number`` its digits, ``name`` the page's own (要闻),
    ``box`` the extent of its image map, ``source`` its file.
    """

    label: str
    number: int | None
    name: str
    box: Box | None
    articles: tuple[Article, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """One day's paper; ``problems`` names what could not be read, each with its file."""

    date: str | None
    pages: tuple[IssuePage, ...]
    problems: tuple[str, ...] = ()

    @property
    def articles(self) -> list[Article]:
        """The articles of all pages, in print order."""
        return [article for page in self.pages for article in page.articles]


def issue_folders(folder: str | os.PathLike[str]) -> list[Path]:
    """Return the folders below *folder* that each hold one e-paper issue's pages, sorted."""
    paths = Path(folder).rglob("*_*.[hH][tT][mM]*")
    files = [path for path in paths if path.is_file()]
    folders: set[Path] = set()
    for form in FORMS:
        pages, articles = _pages_and_articles(files, form)
        with_pages = {path.parent for path in pages}
        with_articles = {path.parent for path in articles}
        # Where pages and articles are apart, the pages' folder represents the issue.
        days = {day_in_path(parent) for parent in with_pages}
        only_articles = with_articles - with_pages
        folders |= with_pages
        folders |= {parent for parent in only_articles if day_in_path(parent) not in days}
    return sorted(folders)


def read_issue(folder: str | os.PathLike[str]) -> Issue:
    """Read a saved e-paper issue: its pages, and on each its articles.

    Links are followed by file name, absolute or relative. A page whose file is missing gets the
    articles that name it. Pages come in the issue's own order, articles in the page's; lead bylines
    and jump marks go where :class:`Article` has them.

    Parameters
    ----------
    folder : holds one day (``html/2023-12/20``, or ``pc`` with that day's ``layout/202312/20`` and
        ``con/202312/20``).

    Raises
    ------
    InputError
        When the folder is missing, holds no e-paper, or more than one day.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(
            f"{folder}: no such folder; name the folder that holds an issue's node_*.htm files"
        )
    for form in FORMS:
        files = _files_of_issue(folder, form)
        if files is not None:
            return _Reader(form, files).issue()
    names = " or ".join(form.files for form in FORMS)
    systems = " or ".join(form.name for form in FORMS)
    raise InputError(f"{folder}: no {names} in it; name a saved {systems} e-paper issue")


class _Files(NamedTuple):
    """The files of an issue by key, and the day that their folders name."""

    pages: dict[str, Path]
    articles: dict[str, Path]
    day: str | None


def _files_of_issue(folder: Path, form: Form) -> _Files | None:
    """Return an issue's files, None where there are none of this form.

    Raises InputError when they are of more than one day.
    """
    pages, articles = _pages_and_articles(_files_below(folder), form)
    beside = None if articles else form.articles_beside(folder)
    if beside is not None:
        pages_beside, articles = _pages_and_articles(_files_below(beside), form)
        pages += pages_beside
    if not pages and not articles:
        return None
    days = _days_of(pages + articles)
    if len(days) > 1:
        raise InputError(
            f"{folder}: holds {len(days)} days ({days[0]} to {days[-1]}); name one day's folder"
        )
    return _Files(_by_key(pages), _by_key(articles), days[0] if days else None)


def _files_below(folder: Path) -> list[Path]:
    paths = folder.rglob("*")
    return sorted(path for path in paths if path.is_file())


def _pages_and_articles(files: Sequence[Path], form: Form) -> tuple[list[Path], list[Path]]:
    """Return the files of pages and those of articles among some files."""
    pages = [path for path in files if form.page_name.match(path.name)]
    articles = [path for path in files if form.article_name.match(path.name)]
    return pages, articles


def _days_of(paths: Iterable[Path]) -> list[str]:
    """Return the days that the folders of files name, sorted."""
    folders = {path.parent for path in paths}
    days = {day_in_path(folder) for folder in folders}
    return sorted(day for day in days if day is not None)


def _by_key(paths: Iterable[Path]) -> dict[str, Path]:
    return {key_of(path.name): path for path in paths}


@dataclass(slots=True)
class _Reader:
    """Reads the files of one issue; what cannot be read is a problem of the issue, not its end."""

    form: Form
    files: _Files
    problems: list[str] = field(default_factory=list)
    articles: dict[str, ArticleFile] = field(default_factory=dict)
    date: str | None = None
    placed_keys: set[str] = field(default_factory=set)  # Of articles that a page has.

    def issue(self) -> Issue:
        self.articles = dict(self._read_articles())
        self.date = self.files.day or self._first_date()
        page_files = dict(self._read_pages())
        order = self._order(page_files)
        pages = [self._page(key, entry, page_files.get(key)) for key, entry in order.items()]
        pages += self._pages_of_unlinked()
        return Issue(self.date, tuple(pages), tuple(self.problems))

    def _read_articles(self) -> Iterator[tuple[str, ArticleFile]]:
        for key, path in self.files.articles.items():
            text = self._text(path)
            if text is None:
                continue
            file = self.form.read_article(text, path)
            if file.article.paragraphs or file.article.headline:
                yield key, file
            else:
                self.problems.append(f"{path}: neither title nor body found")

    def _read_pages(self) -> Iterator[tuple[str, PageFile]]:
        for key in sorted(self.files.pages, key=natural):
            path = self.files.pages[key]
            text = self._text(path)
            if text is not None:
                yield key, self.form.read_page(text)

    def _text(self, path: Path) -> str | None:
        try:
            return read_html(path)
        except (InputError, OSError) as error:
            self.problems.append(str(error))
            return None

    def _first_date(self) -> str | None:
        dates = (file.article.date for file in self.articles.values())
        return next(filter(None, dates), None)

    def _order(self, page_files: Mapping[str, PageFile]) -> dict[str, ListedPage]:
        """Return the issue's pages by key: those that a list names, in its order, then others."""
        order: dict[str, ListedPage] = {}
        for page in page_files.values():
            for entry in page.listed:
                order.setdefault(key_of(entry.file), entry)
        for key, page in page_files.items():
            file = self.files.pages[key].name
            own_entry = ListedPage(page.label, page.name, file)
            order.setdefault(key, own_entry)
        return order

    def _page(self, key: str, entry: ListedPage, page: PageFile | None) -> IssuePage:
        """Return a page with its articles; *page* is None where its file is missing."""
        digits = _DIGITS.search(entry.label)
        number = int(digits[0]) if digits else None
        if page is None:
            keys = self._naming(entry)
            boxes: Mapping[str, Box] = {}
        else:
            keys = self._linked(key, page)
            boxes = page.boxes
        unplaced = self._unplaced()
        keys = [key for key in keys if key in unplaced]
        self.placed_keys.update(keys)
        articles = [self._placed(key, number, boxes.get(key)) for key in keys]
        return IssuePage(
            label=entry.label,
            number=number,
            name=entry.name,
            box=page.extent if page else None,
            articles=tuple(articles),
            source=str(self.files.pages.get(key, entry.file)),
        )

    def _linked(self, key: str, page: PageFile) -> list[str]:
        """Return the keys of a page's articles that have a file."""
        linked = []
        for article_key in page.links:
            if article_key in self.files.articles:
                linked.append(article_key)
            else:
                path = self.files.pages[key]
                self.problems.append(f"{path}: links to {article_key}, which is missing")
        return linked

    def _naming(self, entry: ListedPage) -> list[str]:
        """Return the keys of the articles that name a page whose own file is missing."""
        keys = []
        if entry.name:
            unplaced = self._unplaced().items()
            keys = [key for key, file in unplaced if file.page_name == entry.name]
        problem = f"{entry.file}: listed as 第{entry.label}版 {entry.name}, but missing"
        if keys:
            problem += f"; {len(keys)} articles say they stand there"
        self.problems.append(problem)
        return keys

    def _unplaced(self) -> dict[str, ArticleFile]:
        """Return the articles that no page has, by key."""
        return {key: file for key, file in self.articles.items() if key not in self.placed_keys}

    def _placed(self, key: str, number: int | None, box: Box | None) -> Article:
        article = self.articles[key].article
        return replace(
            article,
            pages=() if number is None else (number,),
            boxes=() if box is None else (box,),
            date=article.date or self.date,
        )

    def _pages_of_unlinked(self) -> Iterator[IssuePage]:
        """Yield pages for the articles that no page has, by the names of pages that they name."""
        names: dict[str, list[str]] = {}
        for key, file in self._unplaced().items():
            self.problems.append(f"{self.files.articles[key]}: no page links to it")
            names.setdefault(file.page_name, []).append(key)
        for name, keys in names.items():
            articles = [self._placed(key, None, None) for key in keys]
            yield IssuePage("", None, name, None, tuple(articles))
