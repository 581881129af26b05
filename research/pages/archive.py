"""A folder of page dumps, PDFs and e-papers, years of them → one corpus file.

An issue is the unit of work: its articles are joined over its pages, and its result is kept beside
the output, so that a run that was stopped continues after its last finished issue. The output is
the same on any number of cores. Which files are one issue is decided in ``issues``.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from functools import cache, reduce
from importlib import resources
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from threadpoolctl import threadpool_limits

from research.articles.article import Article
from research.articles.characters import healed_article
from research.articles.text_files import FileArticles
from research.errors import InputError
from research.files import Progress, replacing, report_progress
from research.pages.corpus_rows import rows_of
from research.pages.corrections import Corrections, correct_articles, correct_page
from research.pages.issues import IssueFiles, files_not_read, issues_below
from research.pages.jumps import chains, join, numbers_of, on_page
from research.pages.read.article_files import read_article_file
from research.pages.read.epaper import files_of_epaper, read_issue
from research.pages.read.files import read_pages
from research.pages.read.page import Page, joined

_MIN_ISSUES_FOR_PROCESSES = 3  # Starting processes takes longer than splitting fewer.
_MIN_CONFIDENCE = 0.5  # Articles below it are counted as unsure.
_FINGERPRINT_DIGITS = 32


@dataclass(slots=True)
class Summary:
    """What came of an archive.

    Parameters
    ----------
    issues, pages : how many were read.
    kinds : articles by kind.
    joined : halves of articles that were joined to another page's.
    aside : lines set aside, by reason.
    unsure : articles with a confidence below 0.5.
    problems : what could not be read, one line each.
    forms : issues of e-papers, by the name of their form.
    files : files that hold articles already, by the name of their form.
    unread : files that are neither, by the endings of their names.
    stale : corrections that found no place, one line each.
    resumed : issues that an earlier, stopped run had finished.
    healed : characters that cannot be read (NULs, zero widths, private use) and were taken out.
    """

    issues: int = 0
    pages: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    joined: int = 0
    aside: Counter[str] = field(default_factory=Counter)
    unsure: int = 0
    problems: list[str] = field(default_factory=list)
    forms: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    stale: list[str] = field(default_factory=list)
    resumed: int = 0
    healed: int = 0


class _Settings(NamedTuple):
    """What is asked for every issue."""

    corrections: Corrections
    encoding: str | None


class _Task(NamedTuple):
    """An issue to split, and the file that keeps its result."""

    issue: IssueFiles
    result_file: Path


@dataclass(slots=True)
class _Result:
    """What came of one issue: the rows of the corpus, counts, problems, corrections applied."""

    rows: list[str]
    pages: int
    joined: int
    unsure: int
    kinds: dict[str, int]
    aside: dict[str, int]
    problems: list[str]
    applied: list[int]
    files: dict[str, int]
    form: str = ""  # Of an e-paper.
    healed: int = 0


@dataclass(slots=True)
class _SplitPages:
    """The articles of an issue's pages, before they are joined over pages.

    ``sources`` are the articles' files, ``files`` counts files of articles by form, ``applied`` are
    the numbers of the corrections that found their place.
    """

    articles: list[Article] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    files: Counter[str] = field(default_factory=Counter)
    n_pages: int = 0
    aside: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    applied: set[int] = field(default_factory=set)
    form: str = ""  # Of an e-paper.
    healed: int = 0

    def add(self, articles: Sequence[Article], source: str) -> None:
        """Add the articles of one file, without characters that cannot be read."""
        for article in articles:
            healed = healed_article(article)
            self.articles.append(healed.article)
            self.healed += healed.number
        self.sources += [source] * len(articles)


def split_archive(
    sources: Sequence[Path],
    output: Path,
    corrections: Corrections | None = None,
    encoding: str | None = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Split every page below some folders into articles, and write these to one corpus.

    Stopped and called again, it continues after the last finished issue. A file that cannot be
    read is left out and named in the summary's ``problems``.

    Parameters
    ----------
    sources : folders or files.
    output : the corpus, one JSON object a line; each row also has an ``id``, and ``sources``, the
        files from which it was read.
    corrections : by hand.
    encoding : of all text dumps; by default it is detected file by file.
    n_jobs : the number of processes, by default one per core.
    progress : called with stage, issues done and issues in all.

    Raises
    ------
    InputError
        When there is no page below *sources* or none can be read.
    """
    settings = _Settings(corrections or Corrections(), encoding)
    tasks = _tasks(sources, output, settings)
    issues = [task.issue for task in tasks]
    todo = [task for task in tasks if not task.result_file.exists()]
    done = len(tasks) - len(todo)
    summary = Summary(resumed=done, unread=files_not_read(sources, issues, output))

    def report() -> None:
        nonlocal done
        done += 1
        report_progress(progress, "issues", done, len(tasks))

    _split_issues(todo, settings, n_jobs or os.cpu_count() or 1, report)
    applied = _write(tasks, output, summary)
    shutil.rmtree(_work_folder(output))
    summary.stale = settings.corrections.stale(applied)
    return summary


def _tasks(sources: Sequence[Path], output: Path, settings: _Settings) -> list[_Task]:
    issues = issues_below(sources, output)
    if not issues:
        names = ", ".join(map(str, sources))
        unread = files_not_read(sources, [], output)
        counts = ", ".join(f"{n:,} {ending}" for ending, n in unread.most_common())
        raise InputError(
            f"{names}: no pages below{f', but {counts}' if counts else ''}; "
            "name a folder with .txt or .pdf pages, files of articles, or a saved e-paper"
        )
    work = _work_folder(output)
    work.mkdir(parents=True, exist_ok=True)
    return [_Task(issue, work / f"{_fingerprint(issue, settings)}.json") for issue in issues]


def _work_folder(output: Path) -> Path:
    return output.with_name(f".{output.name}.work")


def _fingerprint(issue: IssueFiles, settings: _Settings) -> str:
    """Identify an issue's files as they are now, and what is asked of them."""
    files: Iterable[Path] = issue.paths
    if issue.is_epaper:
        files = files_of_epaper(issue.paths[0])
    stamps = []
    for path in files:
        state = path.stat()
        stamps.append((str(path), state.st_size, state.st_mtime_ns))
    entries = [entry.model_dump() for entry in settings.corrections.entries]
    identity = repr((_splitter_version(), issue.name, stamps, entries, settings.encoding))
    digest = hashlib.sha256(identity.encode(errors="backslashreplace")).hexdigest()
    return digest[:_FINGERPRINT_DIGITS]


@cache
def _splitter_version() -> str:
    """Identify the splitter by its weights: the results of another one are of no use."""
    weights = resources.files("research.pages.split").joinpath("weights.npz")
    return hashlib.sha256(weights.read_bytes()).hexdigest()


def _split_issues(
    todo: Sequence[_Task], settings: _Settings, n_jobs: int, report: Callable[[], None]
) -> None:
    """Split issues, here or in *n_jobs* processes; call *report* after each."""
    if n_jobs == 1 or len(todo) < _MIN_ISSUES_FOR_PROCESSES:
        for task in todo:
            _split_issue(task, settings)
            report()
        return
    n_jobs = min(n_jobs, len(todo))
    with ProcessPoolExecutor(n_jobs, get_context("spawn"), _use_one_thread) as pool:
        futures = [pool.submit(_split_issue, task, settings) for task in todo]
        try:
            for future in as_completed(futures):
                future.result()
                report()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _use_one_thread() -> None:
    """Keep a process's linear algebra on its own core.

    Threads of several processes would wait for each other.
    """
    threadpool_limits(1)


def _split_issue(task: _Task, settings: _Settings) -> None:
    """Split one issue, and keep its result in a file of its own."""
    if task.issue.is_epaper:
        split = _read_epaper(task.issue, settings)
    else:
        split = _split_pages(task.issue, settings)
    result = _joined(task.issue, split)
    with replacing(task.result_file) as beside:
        kept = json.dumps(asdict(result), ensure_ascii=False)
        beside.write_text(kept, "utf-8", "backslashreplace")


def _split_pages(issue: IssueFiles, settings: _Settings) -> _SplitPages:
    split = _SplitPages()
    pages: list[Page] = []
    for path in issue.paths:
        try:
            read = read_article_file(path, settings.encoding)
            if read is None:
                pages += read_pages(path, settings.encoding)
            else:
                _add_articles(split, read, path.relative_to(issue.root), settings.corrections)
        except (InputError, OSError) as error:
            split.problems.append(str(error))
    split.n_pages = len(pages)
    split.healed += sum(page.n_healed for page in pages)
    pages = joined(pages)
    for page, number in zip(pages, numbers_of(pages), strict=True):
        layout, applied = correct_page(page, settings.corrections)
        articles = [on_page(article, number, page.name) for article in layout.articles]
        split.add(articles, Path(page.source).relative_to(issue.root).as_posix())
        split.aside.update(entry.reason for entry in layout.aside)
        split.applied |= applied
    return split


def _add_articles(
    split: _SplitPages, read: FileArticles, file: Path, corrections: Corrections
) -> None:
    """Add the articles of a file that holds articles already."""
    split.files[read.form] += 1
    split.aside.update(read.aside)
    split.problems += read.problems
    split.healed += read.n_healed
    for (date, pages), articles in groupby(read.articles, _day_and_page):
        numbers = corrections.on(date, pages[0] if pages else None)
        corrected, applied = correct_articles(list(articles), corrections, numbers)
        split.add(corrected, file.as_posix())
        split.applied |= applied


def _day_and_page(article: Article) -> tuple[str | None, tuple[int, ...]]:
    return article.date, article.pages


def _read_epaper(issue: IssueFiles, settings: _Settings) -> _SplitPages:
    """Read an e-paper, whose articles are split already."""
    corrections = settings.corrections
    try:
        paper = read_issue(issue.paths[0])
    except (InputError, OSError) as error:
        return _SplitPages(problems=[str(error)])
    split = _SplitPages(
        n_pages=len(paper.pages),
        problems=list(paper.problems),
        aside=Counter(paper.aside),
        form=paper.form,
    )
    for page in paper.pages:
        numbers = corrections.on(paper.date, page.number)
        articles, applied = correct_articles(page.articles, corrections, numbers)
        split.add(articles, Path(page.source).name)
        split.applied |= applied
    return split


def _joined(issue: IssueFiles, split: _SplitPages) -> _Result:
    """Join an issue's articles over its pages, and make rows of them."""
    articles, sources = [], []
    for chain in chains(split.articles):
        halves = [split.articles[i] for i in chain]
        articles.append(reduce(join, halves))
        files = dict.fromkeys(split.sources[i] for i in chain)
        sources.append(list(files))
    unsure = [article for article in articles if _is_unsure(article)]
    return _Result(
        rows=rows_of(articles, sources, issue.name),
        pages=split.n_pages,
        joined=len(split.articles) - len(articles),
        unsure=len(unsure),
        kinds=dict(Counter(article.kind for article in articles)),
        aside=dict(split.aside),
        problems=split.problems,
        applied=sorted(split.applied),
        files=dict(split.files),
        form=split.form,
        healed=split.healed,
    )


def _is_unsure(article: Article) -> bool:
    return article.confidence is not None and article.confidence < _MIN_CONFIDENCE


def _count(result: _Result, summary: Summary) -> None:
    summary.issues += bool(result.pages or result.files)
    summary.pages += result.pages
    summary.joined += result.joined
    summary.unsure += result.unsure
    summary.kinds.update(result.kinds)
    summary.aside.update(result.aside)
    summary.files.update(result.files)
    summary.problems += result.problems
    summary.healed += result.healed
    if result.form:
        summary.forms[result.form] += 1


def _write(tasks: Sequence[_Task], output: Path, summary: Summary) -> set[int]:
    """Write all rows, and count them; return the numbers of the corrections that were applied."""
    applied: set[int] = set()
    with replacing(output) as beside, beside.open("w", -1, "utf-8", "backslashreplace") as out:
        for task in tasks:
            kept = task.result_file.read_text("utf-8")
            result = _Result(**json.loads(kept))
            out.writelines(row + "\n" for row in result.rows)
            applied.update(result.applied)
            _count(result, summary)
        if not summary.kinds:
            raise InputError("\n".join(summary.problems) or "no article in any page")
    return applied
