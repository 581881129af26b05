"""Files that hold articles → one corpus file. The page splitter has no part in it.

A text file is one article here; who knows other forms of files gives :func:`gather` their reader.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from research.articles.article import Article
from research.articles.characters import healed_article
from research.articles.dates import date_of
from research.articles.headings import opening_of
from research.errors import InputError
from research.files import Progress, files_of, natural, read_text, replacing, report_progress

MAX_BYTES_PER_ARTICLE = 4_000_000
TEXT_ENDINGS = (".txt",)
_FILES_PER_REPORT = 100


@dataclass(frozen=True, slots=True)
class FileArticles:
    """The articles of one file.

    Parameters
    ----------
    articles : in the file's order.
    form : the name of the file's form.
    aside : the lines that are no article's, by reason.
    problems : what is wrong with the file, one line each.
    n_healed : characters that cannot be read, taken out.
    """

    articles: tuple[Article, ...]
    form: str = ""
    aside: Counter[str] = field(default_factory=Counter)
    problems: tuple[str, ...] = ()
    n_healed: int = 0


class FileReader(NamedTuple):
    """How files are read: the endings of their names, and what reads one (path, encoding)."""

    endings: Sequence[str]
    read: Callable[[Path, str | None], FileArticles]


@dataclass(slots=True)
class Gathered:
    """What came of some files; as a pair, the number of articles and the problems.

    Parameters
    ----------
    n_articles : how many were written.
    problems : what is wrong with each file, or part of one, that was left out.
    forms : files by the name of their form.
    aside : lines that are no article's, by reason.
    healed : characters that cannot be read, taken out.
    """

    n_articles: int = 0
    problems: list[str] = field(default_factory=list)
    forms: Counter[str] = field(default_factory=Counter)
    aside: Counter[str] = field(default_factory=Counter)
    healed: int = 0

    def __iter__(self) -> Iterator[Any]:
        """Yield the number of articles and the problems."""
        return iter((self.n_articles, self.problems))


class _File(NamedTuple):
    """A file, and its path below its source, without the ending."""

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
    headline, datelines, body = opening_of(lines)
    date = date_of(path, datelines)
    return Article(headline=headline, date=date, paragraphs=tuple(body))


def _read_text(path: Path, encoding: str | None) -> FileArticles:
    return FileArticles((read_article(path, encoding),))


TEXT_FILES = FileReader(TEXT_ENDINGS, _read_text)


def _refuse_large(path: Path) -> None:
    if not path.exists():
        return
    size = path.stat().st_size
    if size > MAX_BYTES_PER_ARTICLE:
        raise InputError(
            f"{path}: {size:,} bytes is no article (at most {MAX_BYTES_PER_ARTICLE:,}); "
            "give one article a file"
        )


def gather(
    sources: Sequence[Path],
    output: Path,
    encoding: str | None = None,
    progress: Progress | None = None,
    reader: FileReader = TEXT_FILES,
) -> Gathered:
    """Write the articles of all files below *sources* to one corpus file.

    Parameters
    ----------
    sources : folders or files. An article's ``id`` is its file's path below its source, and its
        number where the file holds several; its ``source`` is the folder, where the file names no
        paper.
    output : the corpus (JSON Lines), which is written whole or not at all.
    encoding : of all files; by default it is detected file by file.
    progress : called with stage, files done and files in all.
    reader : of the files.

    Raises
    ------
    InputError
        When no article can be read.
    """
    files = list(_files(sources, output, reader.endings))
    total = len(files)
    gathered = Gathered()
    with replacing(output) as beside, beside.open("w", -1, "utf-8", "backslashreplace") as out:
        for done, file in enumerate(files, 1):
            rows = _rows(file, encoding, reader, gathered)
            out.writelines(rows)
            gathered.n_articles += len(rows)
            if done % _FILES_PER_REPORT == 0 or done == total:
                report_progress(progress, "articles", done, total)
        if total == 0:
            names = ", ".join(map(str, sources))
            endings = ", ".join(reader.endings)
            raise InputError(f"{names}: no articles below; name a folder with files of {endings}")
        if gathered.n_articles == 0:
            raise InputError("\n".join(gathered.problems))
    return gathered


def _rows(file: _File, encoding: str | None, reader: FileReader, gathered: Gathered) -> list[str]:
    """Return a file's articles as lines of JSON; count what else there is in *gathered*."""
    try:
        read = reader.read(file.path, encoding)
    except (InputError, OSError) as error:
        gathered.problems.append(str(error))
        return []
    gathered.problems.extend(read.problems)
    gathered.forms.update([read.form] if read.form else [])
    gathered.aside.update(read.aside)
    gathered.healed += read.n_healed
    articles = []
    for article, n_healed in map(healed_article, read.articles):
        articles.append(article)
        gathered.healed += n_healed
    if len(articles) == 1:
        return [_row(articles[0], file.name)]
    return [_row(article, f"{file.name}-{number}") for number, article in enumerate(articles, 1)]


def _row(article: Article, name: str) -> str:
    """Return an article as a line of JSON, with its path for an id and its folder for a source."""
    folder = name.rpartition("/")[0]
    named = replace(article, id=name, source=article.source or folder)
    return json.dumps(named.to_json(), ensure_ascii=False) + "\n"


def _files(sources: Sequence[Path], output: Path, endings: Sequence[str]) -> Iterator[_File]:
    """Yield every file; where there are several sources, a name begins with its source's."""
    for source in sources:
        root = source if source.is_dir() else source.parent
        prefix = f"{root.resolve().name}/" if len(sources) > 1 else ""
        for path in _paths_in_order(source, endings):
            if path == output:
                continue
            relative = path.relative_to(root)
            name = relative.with_suffix("").as_posix()
            yield _File(prefix + name, path)


def _paths_in_order(source: Path, endings: Sequence[str]) -> list[Path]:
    if not source.is_dir():
        return [source]
    paths = files_of(source, tuple(endings))
    return sorted(paths, key=lambda path: natural(path.as_posix()))
