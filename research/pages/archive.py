"""A folder of page dumps, PDFs and e-papers, years of them → one corpus file.

An issue is the unit of work: its articles are joined over its pages, and what was done is kept beside the output, so
that a run that was stopped goes on where it was. The output is the same on any number of cores.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from research.articles.article import Article
from research.articles.dates import day_in_path, named_day
from research.errors import InputError
from research.files import Progress, absolute, files_of, natural, replacing
from research.pages.corrections import Corrections, correct_articles, correct_page
from research.pages.jumps import join_jumps, numbers_of, on_page
from research.pages.read.epaper import issue_folders, read_issue
from research.pages.read.files import read_pages
from research.pages.read.page import Page


@dataclass(slots=True)
class Summary:
    """What was found: pages, articles by kind, joined halves, lines set aside by reason, and what went wrong."""

    issues: int = 0
    pages: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    joined: int = 0
    aside: Counter[str] = field(default_factory=Counter)
    unsure: int = 0
    problems: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    resumed: int = 0


@dataclass(frozen=True, slots=True)
class _Issue:
    """Files of one issue, or an e-paper's folder; ``name`` is its part of the articles' ids."""

    name: str
    paths: tuple[Path, ...]
    root: Path
    epaper: bool = False


def split_archive(
    sources: Sequence[Path],
    output: Path,
    corrections: Corrections | None = None,
    encoding: str | None = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Split every page below *sources* (folders or files) into articles, and write them to *output*, a JSON object a line.

    Each row also has an ``id``, and ``sources``, the files it was read from. A file that cannot be read is left out and
    named in the summary's ``problems``. Stopped and called again, it goes on after the last finished issue. *n_jobs* is
    the number of processes, by default one a core.

    Raises InputError when there is no page below *sources* or none can be read.
    """
    corrections = corrections or Corrections()
    issues = _issues(sources, output)
    if not issues:
        raise InputError(
            f"{', '.join(map(str, sources))}: no pages below; name a folder with .txt or .pdf pages, or a saved e-paper"
        )
    work = output.with_name(f".{output.name}.work")
    work.mkdir(parents=True, exist_ok=True)
    kept = {
        issue.name: work / f"{_fingerprint(issue, corrections, encoding)}.json" for issue in issues
    }
    todo = [issue for issue in issues if not kept[issue.name].exists()]
    summary = Summary(resumed=len(issues) - len(todo))
    _work(todo, kept, corrections, encoding, n_jobs or os.cpu_count() or 1, len(issues), progress)
    applied: set[int] = set()
    with replacing(output) as beside, beside.open("w", encoding="utf-8") as out:
        for issue in issues:
            result = json.loads(kept[issue.name].read_text("utf-8"))
            out.writelines(row + "\n" for row in result["rows"])
            applied |= set(result["applied"])
            _count(summary, result)
        if summary.pages == 0:
            raise InputError("\n".join(summary.problems) or "no page could be read")
    shutil.rmtree(work)
    summary.stale = corrections.stale(applied)
    return summary


def _count(summary: Summary, result: dict[str, Any]) -> None:
    summary.issues += bool(result["pages"])
    summary.pages += result["pages"]
    summary.joined += result["joined"]
    summary.unsure += result["unsure"]
    summary.kinds.update(result["kinds"])
    summary.aside.update(result["aside"])
    summary.problems += result["problems"]


def _work(
    todo: Sequence[_Issue],
    kept: dict[str, Path],
    corrections: Corrections,
    encoding: str | None,
    n_jobs: int,
    total: int,
    progress: Progress | None,
) -> None:
    done = total - len(todo)
    if n_jobs == 1 or len(todo) < 3:
        for issue in todo:
            _split_issue(issue, kept[issue.name], corrections, encoding)
            done += 1
            if progress:
                progress("issues", done, total)
        return
    with ProcessPoolExecutor(min(n_jobs, len(todo)), get_context("spawn"), _one_thread) as pool:
        futures = [
            pool.submit(_split_issue, issue, kept[issue.name], corrections, encoding)
            for issue in todo
        ]
        try:
            for future in as_completed(futures):
                future.result()
                done += 1
                if progress:
                    progress("issues", done, total)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _one_thread() -> None:
    """Keep a process's linear algebra on its own core: threads of several processes would wait for each other."""
    threadpool_limits(1)


def _issues(sources: Sequence[Path], output: Path) -> list[_Issue]:
    """Group the pages below *sources* into issues, by name; *output* is no page."""
    issues: dict[str, _Issue] = {}
    for issue in _epapers(sources):
        _add(issues, issue)
    for issue in _page_groups(sources, output):
        _add(issues, issue)
    return [issues[name] for name in sorted(issues)]


def _epapers(sources: Sequence[Path]) -> Iterator[_Issue]:
    for source in sources:
        if not source.exists():
            raise InputError(f"{source}: no such file or folder; check the path")
        if source.is_dir():
            for folder in issue_folders(source):
                name = _name_below(folder, source)
                yield _Issue(name, (folder,), source, epaper=True)


def _page_groups(sources: Sequence[Path], output: Path) -> Iterator[_Issue]:
    """Yield the page files of each issue; files named one by one are grouped like a folder's."""
    groups: dict[tuple[Path, str], dict[Path, None]] = {}
    for source in sources:
        root = source if source.is_dir() else source.parent
        for path in files_of(source, (".txt", ".pdf")):
            if path != output:
                groups.setdefault((root, _issue_name(path, root)), {})[path] = None
    for (root, name), paths in groups.items():
        yield _Issue(name, tuple(sorted(paths, key=lambda path: natural(path.name))), root)


def _add(issues: dict[str, _Issue], issue: _Issue) -> None:
    """Add an issue under its own name, with its folder's before it where another has that name."""
    while issue.name in issues:
        issue = replace(issue, name=f"{issue.root.resolve().name}/{issue.name}")
    issues[issue.name] = issue


def _issue_name(path: Path, root: Path) -> str:
    """Return the name of a page file's issue: the files of one folder that are of one day.

    The day is the one that the path names, at the folder *root* or below it. A path that names
    none (``202312/01.txt``) makes an issue of its own: files of one month, or of no known day,
    may be of many days, and jumps are joined within an issue only.
    """
    relative = path.relative_to(root)
    whole = absolute(root)
    named = named_day(whole / relative)
    if named is None or not named.place.is_relative_to(whole):
        return relative.as_posix()
    if day_in_path(whole / relative.parent) == named.day:
        return _name_below(path.parent, root)
    return (relative.parent / named.day).as_posix()


def _name_below(folder: Path, root: Path) -> str:
    """Return a folder's path below *root*, the root's own name where it is the root."""
    relative = folder.relative_to(root)
    return relative.as_posix() if relative.parts else folder.resolve().name


@cache
def _version() -> str:
    """Identify the splitter by what it learned: what another one left of a stopped run is of no use."""
    learned = resources.files("research.pages.split").joinpath("weights.npz").read_bytes()
    return hashlib.sha256(learned).hexdigest()


def _fingerprint(issue: _Issue, corrections: Corrections, encoding: str | None) -> str:
    """Identify an issue's files as they are now, and what is asked of them."""
    files: Iterable[Path] = (
        sorted(path for path in issue.paths[0].rglob("*") if path.is_file())
        if issue.epaper
        else issue.paths
    )
    stamps = [(str(path), (stat := path.stat()).st_size, stat.st_mtime_ns) for path in files]
    said = repr(
        (
            _version(),
            issue.name,
            stamps,
            [entry.model_dump() for entry in corrections.entries],
            encoding,
        )
    )
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _split_issue(issue: _Issue, kept: Path, corrections: Corrections, encoding: str | None) -> None:
    """Split one issue, and keep what came of it in a file of its own."""
    result = (
        _split_epaper(issue, corrections)
        if issue.epaper
        else _split_pages(issue, corrections, encoding)
    )
    with replacing(kept) as beside:
        beside.write_text(json.dumps(result, ensure_ascii=False), "utf-8")


def _split_pages(issue: _Issue, corrections: Corrections, encoding: str | None) -> dict[str, Any]:
    pages: list[Page] = []
    problems: list[str] = []
    for path in issue.paths:
        try:
            pages += read_pages(path, encoding)
        except (InputError, OSError) as error:
            problems.append(str(error))
    numbers = numbers_of(pages)
    applied: set[int] = set()
    articles: list[Article] = []
    aside = Counter[str]()
    for page, number in zip(pages, numbers, strict=True):
        layout, found = correct_page(page, corrections)
        applied |= found
        articles += [on_page(article, number) for article in layout.articles]
        aside.update(entry.reason for entry in layout.aside)
    joined = join_jumps(articles)
    files = {
        number: Path(page.source).relative_to(issue.root).as_posix()
        for page, number in zip(pages, numbers, strict=True)
    }
    return _result(
        issue, joined, files, len(articles) - len(joined), len(pages), aside, problems, applied
    )


def _split_epaper(issue: _Issue, corrections: Corrections) -> dict[str, Any]:
    folder = issue.paths[0]
    try:
        read = read_issue(folder)
    except (InputError, OSError) as error:
        return _result(issue, [], {}, 0, 0, Counter(), [str(error)], set())
    articles: list[Article] = []
    applied: set[int] = set()
    for page in read.pages:
        corrected, found = correct_articles(
            page.articles, corrections, corrections.on(read.date, page.number)
        )
        articles += corrected
        applied |= found
    joined = join_jumps(articles)
    files = {page.number: Path(page.source).name for page in read.pages if page.number is not None}
    return _result(
        issue,
        joined,
        files,
        len(articles) - len(joined),
        len(read.pages),
        Counter(),
        list(read.problems),
        applied,
    )


def _result(
    issue: _Issue,
    articles: Sequence[Article],
    files: dict[int, str],
    joined: int,
    pages: int,
    aside: Counter[str],
    problems: Sequence[str],
    applied: set[int],
) -> dict[str, Any]:
    rows = []
    counts = Counter[int]()
    for article in articles:
        number = article.pages[0] if article.pages else 0
        counts[number] += 1
        row: dict[str, Any] = {"id": ""} | article.to_json()
        row["id"] = f"{issue.name}/{number:02d}-{counts[number]:02d}"
        row["sources"] = [files[n] for n in dict.fromkeys(article.pages) if n in files]
        rows.append(json.dumps(row, ensure_ascii=False))
    return {
        "rows": rows,
        "joined": joined,
        "pages": pages,
        "kinds": Counter(article.kind for article in articles),
        "aside": aside,
        "unsure": sum(
            article.confidence is not None and article.confidence < 0.5 for article in articles
        ),
        "problems": list(problems),
        "applied": sorted(applied),
    }
