"""Text files that hold one article each → one corpus file. The page splitter has no part in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from research.articles.article import Article
from research.articles.dates import date_of
from research.errors import InputError
from research.files import Progress, files_of, natural, read_text, replacing, report_progress

MAX_BYTES_PER_ARTICLE = 4_000_000
_MAX_HEADLINE_CHARACTERS = 60
# So many lines under the headline may hold the day: 2024-03-05 10:22 来源：栖川日报
_MAX_DATELINES = 4
_ENDS_OF_BODY_LINES = "。；，：、"
_MARKS_OF_SENTENCES = frozenset("，。；")
_FILES_PER_REPORT = 100


class Gathered(NamedTuple):
    """How many articles were written, and what is wrong with each file that was left out."""

    n_articles: int
    problems: list[str]


class _TextFile(NamedTuple):
    """A text file, and its path below its source, without the ending."""

    name: str
    path: Path


def read_article(path: Path, encoding: str | None = None) -> Article:
    """Read a text file as one article.

    Each line is a paragraph; the first line is the headline where it is short and ends like one.
    The day comes from the file's name, a line near the top that is no sentence, or the folders.

    Raises InputError when the file cannot be read, is empty or too large.
    """
    _refuse_large(path)
    text = read_text(path, encoding).text
    stripped = (line.strip() for line in text.splitlines())
    lines = [line for line in stripped if line]
    if not lines:
        raise InputError(f"{path}: the file is empty; fill it or take it out")
    near_top = lines[1 : 1 + _MAX_DATELINES]
    datelines = [line for line in near_top if _MARKS_OF_SENTENCES.isdisjoint(line)]
    date = date_of(path, datelines)
    first, *others = lines
    if others and _is_headline(first):
        return Article(headline=first, date=date, paragraphs=tuple(others))
    return Article(date=date, paragraphs=tuple(lines))


def _refuse_large(path: Path) -> None:
    if not path.exists():
        return
    size = path.stat().st_size
    if size > MAX_BYTES_PER_ARTICLE:
        raise InputError(
            f"{path}: {size:,} bytes is no article (at most {MAX_BYTES_PER_ARTICLE:,}); "
            "give one article a file"
        )


def _is_headline(line: str) -> bool:
    return len(line) <= _MAX_HEADLINE_CHARACTERS and line[-1] not in _ENDS_OF_BODY_LINES


def gather(
    sources: Sequence[Path],
    output: Path,
    encoding: str | None = None,
    progress: Progress | None = None,
) -> Gathered:
    """Write all text files below *sources* to one corpus file.

    Parameters
    ----------
    sources : folders or files. An article's ``id`` is its path below its source, its ``source``
        the folder in which it is there.
    output : the corpus (JSON Lines), which is written whole or not at all.
    encoding : of all files; by default it is detected file by file.
    progress : called with stage, files done and files in all.

    Raises
    ------
    InputError
        When no file can be read.
    """
    files = list(_text_files(sources, output))
    total = len(files)
    problems: list[str] = []
    with replacing(output) as beside, beside.open("w", encoding="utf-8") as out:
        for done, file in enumerate(files, 1):
            try:
                article = read_article(file.path, encoding)
            except (InputError, OSError) as error:
                problems.append(str(error))
                continue
            out.write(_row(article, file.name))
            if done % _FILES_PER_REPORT == 0 or done == total:
                report_progress(progress, "articles", done, total)
        if total == 0:
            names = ", ".join(map(str, sources))
            raise InputError(f"{names}: no articles below; name a folder with .txt files")
        n_articles = total - len(problems)
        if n_articles == 0:
            raise InputError("\n".join(problems))
    return Gathered(n_articles, problems)


def _row(article: Article, name: str) -> str:
    """Return an article as a line of JSON, with its path for an id and its folder for a source."""
    folder = name.rpartition("/")[0]
    named = replace(article, id=name, source=folder)
    return json.dumps(named.to_json(), ensure_ascii=False) + "\n"


def _text_files(sources: Sequence[Path], output: Path) -> Iterator[_TextFile]:
    """Yield every text file; where there are several sources, a name begins with its source's."""
    for source in sources:
        root = source if source.is_dir() else source.parent
        prefix = f"{root.resolve().name}/" if len(sources) > 1 else ""
        for path in _paths_in_order(source):
            if path == output:
                continue
            relative = path.relative_to(root)
            name = relative.with_suffix("").as_posix()
            yield _TextFile(prefix + name, path)


def _paths_in_order(source: Path) -> list[Path]:
    if not source.is_dir():
        return [source]
    paths = files_of(source, (".txt",))
    return sorted(paths, key=lambda path: natural(path.as_posix()))
