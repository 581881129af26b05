"""Folders of pages, PDFs and saved e-papers → issues: which files belong to one day's paper.

Reads names only; ``archive`` reads and splits the files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from research.articles.dates import day_in_path, named_day
from research.errors import InputError
from research.files import absolute, files_of, natural
from research.pages.read.article_files import ARTICLE_ENDINGS
from research.pages.read.epaper import files_of_epaper, issue_folders

_HTML_ENDINGS = (".htm", ".html")
_FILE_ENDINGS = (".txt", ".pdf", *(e for e in ARTICLE_ENDINGS if e not in _HTML_ENDINGS))


@dataclass(frozen=True, slots=True)
class IssueFiles:
    """The files of one issue.

    Parameters
    ----------
    name : its part of the articles' ids.
    paths : files of pages in their order, or an e-paper's folder.
    root : the folder that was searched; the rows name files relative to it.
    is_epaper : whether *paths* is the folder of an e-paper.
    """

    name: str
    paths: tuple[Path, ...]
    root: Path
    is_epaper: bool = False


def issues_below(sources: Sequence[Path], output: Path) -> list[IssueFiles]:
    """Group the pages below *sources* into issues, in the order of their names.

    *output*, which may be below a source, is no page. Raises InputError for a missing source.
    """
    issues: dict[str, IssueFiles] = {}
    for issue in _epapers(sources):
        _add(issues, issue)
    # Beside e-papers, other HTML files are their lists and frames; alone they are articles.
    endings = _FILE_ENDINGS if issues else (*_FILE_ENDINGS, *_HTML_ENDINGS)
    for issue in _page_files(sources, output, endings):
        _add(issues, issue)
    return [issues[name] for name in sorted(issues)]


def files_not_read(
    sources: Sequence[Path], issues: Sequence[IssueFiles], output: Path
) -> Counter[str]:
    """Count the files below *sources* that are of no issue, by the endings of their names."""
    read = {path for issue in issues for path in issue.paths}
    folders = {path for path in read if path.is_dir()}
    for folder in folders:  # An edition may keep articles apart from pages.
        read.update(map(absolute, files_of_epaper(folder)))
    endings = Counter[str]()
    for source in sources:
        for path in source.rglob("*") if source.is_dir() else ():
            hidden = any(part.startswith(".") for part in path.relative_to(source).parts)
            is_read = path in read or absolute(path) in read
            if hidden or is_read or path == output or not path.is_file():
                continue
            if folders.isdisjoint(path.parents):
                endings[path.suffix.lower() or path.name] += 1
    return endings


def _epapers(sources: Sequence[Path]) -> Iterator[IssueFiles]:
    for source in sources:
        if not source.exists():
            raise InputError(f"{source}: no such file or folder; check the path")
        if not source.is_dir():
            continue
        for folder in issue_folders(source):
            name = _name_below(folder, source)
            yield IssueFiles(name, (folder,), source, is_epaper=True)


def _page_files(
    sources: Sequence[Path], output: Path, endings: Sequence[str]
) -> Iterator[IssueFiles]:
    """Yield the page files of each issue; files named one by one are grouped like a folder's."""
    groups: dict[tuple[Path, str], set[Path]] = {}
    for source in sources:
        root = source if source.is_dir() else source.parent
        # A file that is named itself is read, whatever its ending.
        named = (source.suffix.lower(),) if source.is_file() else tuple(endings)
        for path in files_of(source, named):
            if path == output:
                continue
            name = _issue_name(path, root)
            group = groups.setdefault((root, name), set())
            group.add(path)
    for (root, name), group in groups.items():
        paths = sorted(group, key=lambda path: (natural(path.name), path))
        yield IssueFiles(name, tuple(paths), root)


def _issue_name(path: Path, root: Path) -> str:
    """Return the name of a page file's issue: the files of one folder that are of one day.

    The day is the one that the path names, at the folder *root* or below it. A path that names
    none (``202312/01.txt``) makes an issue of its own: files of one month, or of no known day,
    may be of many days, and jumps are joined within an issue only.
    """
    relative = path.relative_to(root)
    named = named_day(path)
    if named is None or not named.place.is_relative_to(absolute(root)):
        return relative.as_posix()
    folder_day = day_in_path(path.parent)
    if folder_day == named.day:
        return _name_below(path.parent, root)
    named_by_file = relative.parent / named.day
    return named_by_file.as_posix()


def _name_below(folder: Path, root: Path) -> str:
    """Return a folder's path below *root*, the root's own name where it is the root."""
    if folder == root:
        return root.resolve().name
    return folder.relative_to(root).as_posix()


def _add(issues: dict[str, IssueFiles], issue: IssueFiles) -> None:
    """Add an issue, its root's name before its own where another issue has its name."""
    prefix = issue.root.resolve().name
    while issue.name in issues:
        issue = replace(issue, name=f"{prefix}/{issue.name}")
    issues[issue.name] = issue
