"""Text files that hold one article each → one corpus file; the page splitter has no part in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from research.articles.article import Article
from research.articles.dates import date_of
from research.errors import InputError
from research.files import Progress, files_of, natural, read_text, replacing

MAX_BYTES = 4_000_000
_LONGEST_HEADLINE = 60
_DATELINES = 4  # So many lines under the headline may tell the day: 2024-03-05 10:22 来源：栖川日报


def read_article(path: Path, encoding: str | None = None) -> Article:
    """Read a text file as one article: each line a paragraph, the first one the headline where it is short and ends like one.

    The day is told by the file's name, a line near the top that is no sentence, or the file's folders. Raises InputError when it cannot be read.
    """
    if path.exists() and (size := path.stat().st_size) > MAX_BYTES:
        raise InputError(
            f"{path}: {size:,} bytes is no article (at most {MAX_BYTES:,}); give one article a file"
        )
    lines = [line.strip() for line in read_text(path, encoding).text.splitlines() if line.strip()]
    if not lines:
        raise InputError(f"{path}: the file is empty; fill it or take it out")
    titled = (
        len(lines) > 1 and len(lines[0]) <= _LONGEST_HEADLINE and lines[0][-1] not in "。；，：、"
    )
    datelines = (line for line in lines[1 : 1 + _DATELINES] if not set("，。；") & set(line))
    return Article(
        headline=lines[0] if titled else "",
        date=date_of(path, datelines),
        paragraphs=tuple(lines[titled:]),
    )


def gather(
    sources: Sequence[Path],
    output: Path,
    encoding: str | None = None,
    progress: Progress | None = None,
) -> tuple[int, list[str]]:
    """Write all text files below *sources* to a corpus; return how many there were, and what was wrong with those left out.

    An article's ``id`` is its path below the source, its ``source`` the folder there. Raises InputError when none can be read.
    """
    files = list(_files(sources, output))
    problems: list[str] = []
    with replacing(output) as beside, beside.open("w", encoding="utf-8") as out:
        for done, (name, path) in enumerate(files, 1):
            try:
                article = read_article(path, encoding)
            except (InputError, OSError) as error:
                problems.append(str(error))
                continue
            folder = name.rpartition("/")[0]
            out.write(
                json.dumps(replace(article, id=name, source=folder).to_json(), ensure_ascii=False)
                + "\n"
            )
            if progress and (done % 100 == 0 or done == len(files)):
                progress("articles", done, len(files))
        if len(problems) == len(files):
            raise InputError(
                "\n".join(problems)
                or f"{', '.join(map(str, sources))}: no articles below; name a folder with .txt files"
            )
    return len(files) - len(problems), problems


def _files(sources: Sequence[Path], output: Path) -> Iterator[tuple[str, Path]]:
    """Yield every text file with its path below its source, which stands before it where there are several sources."""
    for source in sources:
        root = source if source.is_dir() else source.parent
        for path in (
            sorted(files_of(source, (".txt",)), key=lambda path: natural(path.as_posix()))
            if source.is_dir()
            else [source]
        ):
            if path != output:
                name = path.relative_to(root).with_suffix("").as_posix()
                yield f"{root.resolve().name}/{name}" if len(sources) > 1 else name, path
