"""A saved e-paper's folder → an issue: read its files, join pages and articles.

What a file holds is up to its form (``founder``, ``nbs`` …), which files there are to ``files``,
which page an article is on to ``places``.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TypeVar

from research.articles.article import Article, Box
from research.errors import InputError
from research.files import natural
from research.pages.read.epaper.compose import (
    compose,
    filled,
    first_date,
    headline_of,
    page_in_source_line,
    papers_names,
)
from research.pages.read.epaper.files import (
    IssueFiles,
    all_files_of,
    files_of_issue,
    issue_folders_of,
)
from research.pages.read.epaper.form import ArticleFile, Link, ListedPage, PageFile
from research.pages.read.epaper.founder import FOUNDER
from research.pages.read.epaper.json_issue import JSON
from research.pages.read.epaper.names import Surroundings, hosts_of, key_of
from research.pages.read.epaper.nbs import NBS
from research.pages.read.epaper.places import Places
from research.pages.read.epaper.saved_html import read_html
from research.pages.read.epaper.shtml import SHTML
from research.pages.read.epaper.svg import SVG
from research.pages.read.folio import number_and_name

FORMS = (FOUNDER, NBS, JSON, SHTML, SVG)
"""The forms of e-papers that can be read; a folder is of the form whose articles are in it."""

_MAX_PROBLEMS_IN_ERROR = 5
_File = TypeVar("_File")


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
    """One day's paper.

    ``problems`` names what could not be read, each with its file; ``form`` is the name of the
    e-paper's form; ``aside`` counts the lines that are no article's by reason.
    """

    date: str | None
    pages: tuple[IssuePage, ...]
    problems: tuple[str, ...] = ()
    form: str = ""
    aside: Mapping[str, int] = field(default_factory=dict)

    @property
    def articles(self) -> list[Article]:
        """The articles of all pages, in print order."""
        return [article for page in self.pages for article in page.articles]


def issue_folders(folder: str | os.PathLike[str]) -> list[Path]:
    """Return the folders below *folder* that each hold one e-paper issue's pages, sorted."""
    return issue_folders_of(folder, FORMS)


def files_of_epaper(folder: Path) -> list[Path]:
    """Return all files on which an issue depends, sorted."""
    return all_files_of(folder, FORMS)


def read_issue(folder: str | os.PathLike[str]) -> Issue:
    """Read a saved e-paper issue: its pages, and on each its articles.

    The form is recognised by the names of the files. Links are followed by file name, absolute or
    relative, however a mirror wrote them. A page whose file is missing gets the articles that name
    it. Pages come in the issue's own order, articles in the page's; lead bylines and jump marks go
    where :class:`Article` has them.

    Parameters
    ----------
    folder : holds one day (``html/2023-12/20``, or ``pc`` with that day's ``layout/202312/20`` and
        ``con/202312/20``).

    Raises
    ------
    InputError
        When the folder is missing, holds no e-paper, more than one day, or pages without articles.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(
            f"{folder}: no such folder; name the folder that holds an issue's node_*.htm files"
        )
    files = files_of_issue(folder, FORMS)
    if files is None:
        names = " or ".join(form.files for form in FORMS)
        systems = " or ".join(form.name for form in FORMS)
        raise InputError(f"{folder}: no {names} in it; name a saved {systems} e-paper issue")
    issue = _Reader(files).issue()
    if not issue.articles:
        raise InputError(_no_article(folder, files, issue))
    return issue


def _no_article(folder: Path, files: IssueFiles, issue: Issue) -> str:
    n_pages, n_articles = len(files.pages), len(files.articles)
    lines = list(issue.problems[:_MAX_PROBLEMS_IN_ERROR])
    n_more = len(issue.problems) - len(lines)
    if n_more:
        lines.append(f"and {n_more} more")
    fact = (
        f"{folder}: no article read from {n_pages} page files and {n_articles} article files "
        f"of the form {files.form.name}; save the articles' files with the pages"
    )
    return "\n".join([fact, *lines])


@dataclass(slots=True)
class _Reader:
    """Reads the files of one issue; what cannot be read is a problem of the issue, not its end."""

    files: IssueFiles
    problems: list[str] = field(default_factory=list)
    pages: dict[str, PageFile] = field(default_factory=dict)
    sources: dict[str, Path] = field(default_factory=dict)  # The file of each page and article.
    articles: dict[str, ArticleFile] = field(default_factory=dict)
    composed: dict[str, Article] = field(default_factory=dict)
    same_as: dict[str, str] = field(default_factory=dict)  # A second file → the first.
    aside: Counter[str] = field(default_factory=Counter)
    date: str | None = None

    def issue(self) -> Issue:
        self._read_articles()
        self._read_pages()
        self._compose_articles()
        self.date = self.files.day or self._first_date()
        order = self._order()
        hosts = self._hosts()
        links = {key: self._links(key, page, hosts) for key, page in self.pages.items()}
        known = {key: self.articles[key] for key in self.composed}
        places = Places(order, links, known).articles_by_page()
        pages = []
        for key, entry in order.items():
            self._note_missing(key, entry, places[key])
            if places[key] or not self._repeats_others(key, links):
                pages.append(self._page(key, entry, places[key]))
        placed = set(chain.from_iterable(places.values()))
        pages += self._pages_of_unplaced(placed)
        return Issue(
            self.date, tuple(pages), tuple(self.problems), self.files.form.name, dict(self.aside)
        )

    def _read_articles(self) -> None:
        read = self.files.form.read_article
        first_of: dict[tuple[str, str, tuple[str, ...]], str] = {}
        for key in sorted(self.files.articles, key=natural):
            copies = self.files.articles[key]
            file = self._read_one(copies, key, read, _has_body)
            if file is None:
                continue
            date, label = page_in_source_line(file)
            dates = (*file.dates, date) if date else file.dates
            file = file._replace(dates=dates, page_label=file.page_label or label)
            # Some mirrors add digits of their own to a name: the paper's number is the same.
            identity = (file.id, file.headline, file.paragraphs)
            first = first_of.setdefault(identity, key)
            if first == key:
                self.articles[key] = file
            else:
                self.same_as[key] = first

    def _read_pages(self) -> None:
        for key in sorted(self.files.pages, key=natural):
            copies = self.files.pages[key]
            pages = self._read_one(copies, key, self.files.form.read_pages, _has_links)
            for page_key, page in (pages or {}).items():
                self.pages.setdefault(page_key, page)
                self.sources.setdefault(page_key, self.sources[key])

    def _read_one(
        self,
        copies: list[Path],
        key: str,
        read: Callable[[str, str], _File],
        is_whole: Callable[[_File], bool],
    ) -> _File | None:
        """Return the first of a file's copies that is whole, else the first that can be read."""
        files: list[tuple[Path, _File]] = []
        problems = []
        for path in copies:
            try:
                file = read(read_html(path), key)
            except (InputError, OSError) as error:
                message = str(error)
                names_file = str(path) in message
                problems.append(message if names_file else f"{path}: {message}")
                continue
            files.append((path, file))
            if is_whole(file):
                break
        if not files:
            self.problems += problems
            return None
        whole = [(path, file) for path, file in files if is_whole(file)]
        candidates = whole or files
        self.sources[key], file = candidates[0]
        return file

    def _compose_articles(self) -> None:
        fields = self._fields_of_pages()
        names = papers_names(self.articles.values())
        for key, file in self.articles.items():
            page_fields = fields.get(key, ArticleFile())
            headline = headline_of(file, page_fields, names)
            file = filled(file, page_fields)
            if not (headline or file.paragraphs or file.has_picture):
                self.problems.append(f"{self.sources[key]}: neither title nor body found")
                continue
            composed = compose(file, headline)
            if composed.n_editors_lines:
                self.aside["editors"] += composed.n_editors_lines
            article = composed.article
            if article is None:
                self.problems.append(f"{self.sources[key]}: body of “{headline}” not found")
            elif article.headline or article.paragraphs:
                self.composed[key] = article
            else:
                self.aside["picture without words"] += 1

    def _fields_of_pages(self) -> dict[str, ArticleFile]:
        fields: dict[str, ArticleFile] = {}
        for page in self.pages.values():
            for key, file in page.fields.items():
                if file != ArticleFile():
                    first = self.same_as.get(key, key)
                    fields.setdefault(first, file)
        return fields

    def _first_date(self) -> str | None:
        dates = (article.date for article in self.composed.values())
        of_pages = (first_date([page.date]) for page in self.pages.values() if page.date)
        return next(filter(None, (*dates, *of_pages)), None)

    def _order(self) -> dict[str, ListedPage]:
        """Return the issue's pages by key: those that a list names, in its order, then others."""
        order: dict[str, ListedPage] = {}
        for page in self.pages.values():
            for entry in page.listed:
                order.setdefault(key_of(entry.file), entry)
        for key, page in self.pages.items():
            entry = ListedPage(page.label, page.name, self.sources[key].name)
            order.setdefault(key, entry)
        return order

    def _links(self, key: str, page: PageFile, hosts: frozenset[str]) -> list[Link]:
        """Return a page's links to articles that were read; name those that lead to none."""
        path = self.sources[key]
        around = Surroundings(self.files.day, hosts, path.parent)
        links = []
        missing: dict[str, None] = {}
        for link in page.links:
            link = link._replace(key=self.same_as.get(link.key, link.key))
            if link.address and around.leads_elsewhere(link.address, path):
                continue
            if link.key in self.composed:
                links.append(link)
                continue
            is_inside = link.in_map or around.leads_inside(link.address, path)
            if is_inside and link.key not in self.files.articles:
                missing[link.key] = None
        for missing_key in missing:
            self.problems.append(f"{path}: links to {missing_key}, which is missing")
        return links

    def _hosts(self) -> frozenset[str]:
        """Return the hosts under which the issue's own files are linked."""
        names = frozenset((*self.files.articles, *self.files.pages))
        addresses = [link.address for page in self.pages.values() for link in page.links]
        return hosts_of(addresses, names)

    def _note_missing(self, key: str, entry: ListedPage, keys: list[str]) -> None:
        """Name a page without a file, and a page whose file leads to no article."""
        page = self.pages.get(key)
        if page is None:
            if key in self.files.pages:
                return  # That it cannot be read is a problem already.
            problem = f"{entry.file}: listed as 第{entry.label}版 {entry.name}, but missing"
            if keys:
                problem += f"; {len(keys)} articles say they stand there"
            self.problems.append(problem)
        elif not keys and not page.links:
            self.problems.append(f"{self.sources[key]}: a page, but no article found on it")

    def _repeats_others(self, key: str, links: Mapping[str, list[Link]]) -> bool:
        """Return whether a page file that no list names links only to other pages' articles."""
        listed = chain.from_iterable(page.listed for page in self.pages.values())
        listed_keys = {key_of(entry.file) for entry in listed}
        return bool(links.get(key)) and key not in listed_keys

    def _page(self, key: str, entry: ListedPage, keys: list[str]) -> IssuePage:
        """Return a page with its articles."""
        page = self.pages.get(key, PageFile())
        number, _ = number_and_name(entry.label)
        return IssuePage(
            label=entry.label,
            number=number,
            name=entry.name,
            box=page.extent,
            articles=tuple(self._placed(k, entry.label, page.boxes.get(k)) for k in keys),
            source=str(self.sources.get(key, entry.file)),
        )

    def _placed(self, key: str, label: str, box: Box | None) -> Article:
        article = self.composed[key]
        number, name = number_and_name(label)
        return replace(
            article,
            pages=() if number is None else (number,),
            page_names=(name,) if name else (),
            boxes=() if box is None else (box,),
            date=article.date or self.date,
        )

    def _pages_of_unplaced(self, placed: set[str]) -> Iterator[IssuePage]:
        """Yield pages for the articles that no page has, by the pages that they name."""
        names: dict[tuple[str, str], list[str]] = {}
        for key in self.composed:
            if key in placed:
                continue
            file = self.articles[key]
            label = file.page_label
            where = f"says 第{label}版, which is missing" if label else "no page links to it"
            self.problems.append(f"{self.sources[key]}: {where}")
            keys = names.setdefault((file.page_label, file.page_name), [])
            keys.append(key)
        for (label, name), keys in names.items():
            number, _ = number_and_name(label)
            articles = tuple(self._placed(key, label, None) for key in keys)
            yield IssuePage(label, number, name, None, articles)


def _has_body(file: ArticleFile) -> bool:
    return bool(file.paragraphs)


def _has_links(pages: Mapping[str, PageFile]) -> bool:
    return any(page.links for page in pages.values())
