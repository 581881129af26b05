"""A folder → the files of an issue: their form, pages, articles, day. Reads names only."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from research.articles.dates import day_in_path
from research.errors import InputError
from research.pages.read.epaper.form import Form
from research.pages.read.epaper.names import KeyOf

_ENDINGS_IN_NAMES = (".htm", ".shtml", ".json")  # A mirror may add to them.


class IssueFiles(NamedTuple):
    """The files of an issue by key, each with its copies, and the day that their folders name."""

    form: Form
    pages: dict[str, list[Path]]
    articles: dict[str, list[Path]]
    day: str | None


def issue_folders_of(folder: str | os.PathLike[str], forms: Sequence[Form]) -> list[Path]:
    """Return the folders below *folder* that each hold the pages of one issue, sorted."""
    files = _files_below(Path(folder))
    folders: set[Path] = set()
    for form in forms:
        pages, articles = _pages_and_articles(files, form)
        with_pages = {path.parent for path in pages}
        with_articles = {path.parent for path in articles}
        # Where pages and articles are apart, the pages' folder represents the issue.
        days = {day_in_path(parent) for parent in with_pages}
        for parent in with_articles - with_pages:
            is_below_pages = not with_pages.isdisjoint(parent.parents)
            if day_in_path(parent) not in days and not is_below_pages:
                folders.add(parent)
        folders |= with_pages
    return sorted(folders)


def files_of_issue(folder: Path, forms: Sequence[Form]) -> IssueFiles | None:
    """Return an issue's files; None where they are of none of the *forms*.

    Of several forms in one folder, the one with the most articles counts. Raises InputError when
    the files are of more than one day.
    """
    below = _files_below(folder)
    candidates = [_of_form(folder, below, form) for form in forms]
    present = [files for files in candidates if files.pages or files.articles]
    if not present:
        return None
    files = max(present, key=lambda files: len(files.articles))
    paths = [*_flat(files.pages), *_flat(files.articles)]
    days = _days_of(paths)
    if len(days) > 1:
        raise InputError(
            f"{folder}: holds {len(days)} days ({days[0]} to {days[-1]}); name one day's folder"
        )
    return files._replace(day=days[0] if days else None)


def all_files_of(folder: Path, forms: Sequence[Form]) -> list[Path]:
    """Return the files in a folder and those of its issue that are beside it, sorted."""
    paths = {path for path in folder.rglob("*") if path.is_file()}
    try:
        files = files_of_issue(folder, forms)
    except InputError:  # Several days: reading the folder says so.
        files = None
    if files is not None:
        paths.update(_flat(files.pages), _flat(files.articles))
    return sorted(paths)


def _of_form(folder: Path, below: Sequence[Path], form: Form) -> IssueFiles:
    pages, articles = _pages_and_articles(below, form)
    beside = None if articles else form.articles_beside(folder)
    if beside is not None:
        pages_beside, articles = _pages_and_articles(_files_below(beside), form)
        pages += pages_beside
    pages_by_key = _by_key(pages, form.page_key)
    articles_by_key = _by_key(articles, form.article_key)
    return IssueFiles(form, pages_by_key, articles_by_key, None)


def _files_below(folder: Path) -> list[Path]:
    paths = []
    for path in folder.rglob("*"):
        name = path.name.lower()
        is_candidate = any(ending in name for ending in _ENDINGS_IN_NAMES)
        if is_candidate and path.is_file():
            paths.append(path)
    return sorted(paths)


def _pages_and_articles(files: Sequence[Path], form: Form) -> tuple[list[Path], list[Path]]:
    """Return the files of pages and those of articles among some files."""
    pages = [path for path in files if form.page_key(path)]
    articles = [path for path in files if form.article_key(path)]
    if form.any_page_name:
        folders = {path.parent for path in articles}
        pages = [path for path in pages if path.parent in folders]
    return pages, articles


def _by_key(paths: Iterable[Path], key_of_file: KeyOf) -> dict[str, list[Path]]:
    """Return the files by key, the plainest name of each first."""
    files: dict[str, list[Path]] = {}
    plainest_first = sorted(paths, key=lambda path: (len(path.name), path))
    for path in plainest_first:
        copies = files.setdefault(key_of_file(path), [])
        copies.append(path)
    return files


def _flat(files: dict[str, list[Path]]) -> list[Path]:
    return [path for copies in files.values() for path in copies]


def _days_of(paths: Iterable[Path]) -> list[str]:
    """Return the days that the folders of files name, sorted."""
    folders = {path.parent for path in paths}
    days = {day_in_path(folder) for folder in folders}
    return sorted(day for day in days if day is not None)
