"""Texts that a verb reads: pages, which are split; corpora; lines of files or of stdin."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from research.errors import InputError

if TYPE_CHECKING:
    from research.articles.article import Article, Text
    from research.articles.fields import Fields
    from research.articles.problems import Problems

_PAGE_SUFFIXES = (".txt", ".pdf", ".md", ".markdown", ".htm", ".html", ".docx", ".doc", ".rtf")
_STDIN = "-"


def parse_fields(options: Sequence[str] | None, section: str = "") -> Fields:
    """Return the names that a corpus gives its fields.

    Parameters
    ----------
    options
        NAME=KEY of each --field.
    section
        What the corpus calls the section; "" where sections are not read, and cannot be named.
    """
    from research.articles.fields import Fields

    allowed = ["id", "headline", "text", "date", "page", "source"]
    if section:
        allowed.append("section")
    names = {"section": section}
    for pair in options or ():
        name, _, key = pair.partition("=")
        if name not in allowed or not key:
            raise InputError(
                f"--field {name}={key}: write NAME=KEY, NAME one of {', '.join(allowed)}"
            )
        names[name] = key
    return Fields(**names)


def read_articles(
    corpora: Sequence[Path],
    fields: Fields,
    on_bad_row: Literal["refuse", "skip"] = "refuse",
    sheet: str | None = None,
) -> Iterator[Article]:
    """Yield the articles of corpora; a bad date is no error, for dates do not matter here.

    What is left out is printed after each.
    """
    from research.articles.corpus import iter_corpus
    from research.articles.problems import Problems

    for path in corpora:
        problems = Problems()
        yield from iter_corpus(
            path,
            fields,
            on_bad_date=_ignore,
            on_bad_row=on_bad_row,
            problems=problems,
            sheet=sheet,
        )
        print_left_out(problems)


def print_left_out(problems: Problems) -> None:
    """Print what was left out of corpora, on stderr."""
    from research.articles.problems import iter_lines
    from research.report.texts import printed

    for line in iter_lines(problems):
        typer.echo(line, err=True)
    for remark in problems.remarks:
        shown = printed(f"reading.{remark.kind}", n=remark.number)
        typer.echo(f"{remark.source}: {shown}", err=True)


def _ignore(*_: object) -> None:
    """Do nothing about a bad date."""


def read_texts(
    files: Sequence[Path],
    field: Sequence[str] | None,
    *,
    lines: bool = False,
    encoding: str | None = None,
    on_bad_row: Literal["refuse", "skip"] = "refuse",
    sheet: str | None = None,
) -> Iterator[tuple[str, Text]]:
    """Yield (place, text or article) of pages, corpora or lines.

    Parameters
    ----------
    files
        Pages, corpora, or files of lines; ``-`` is stdin.
    field
        NAME=KEY of each --field.
    lines
        Whether every file has one text per line.
    encoding
        The encoding of pages and lines; detected where left out.
    on_bad_row
        Whether a row of a corpus that cannot be read is an error, or is left out.
    sheet
        The sheet of a workbook; those that hold articles where left out.
    """
    fields = parse_fields(field)
    groups = []
    for path in files:
        group = _other_texts_of(path, lines, encoding)
        if group is None:
            articles = read_articles([path], fields, on_bad_row, sheet)
            group = ((article.id, article) for article in articles)
        groups.append(group)
    return chain.from_iterable(groups)


def _other_texts_of(
    path: Path, lines: bool, encoding: str | None
) -> Iterator[tuple[str, Text]] | None:
    """Return the texts of lines or pages, None of a corpus."""
    if lines or str(path) == _STDIN:
        return _lines_of(path, encoding)
    if path.suffix.lower() in _PAGE_SUFFIXES:
        from research.articles.tables import is_text_table

        return None if is_text_table(path) else _articles_of_pages(path, encoding)
    return None


def _lines_of(path: Path, encoding: str | None) -> Iterator[tuple[str, Text]]:
    from research.files import decode, read_text

    if str(path) == _STDIN:
        decoded = decode(sys.stdin.buffer.read(), _STDIN, encoding)
    else:
        decoded = read_text(path, encoding)
    for number, line in enumerate(decoded.text.splitlines(), 1):
        if line.strip():
            yield f"{path}:{number}", line.strip()


def _articles_of_pages(path: Path, encoding: str | None) -> Iterator[tuple[str, Text]]:
    from research.pages.read.article_files import read_article_file
    from research.pages.read.files import read_pages
    from research.pages.read.page import joined
    from research.pages.split.page import split_page

    file = read_article_file(path, encoding)
    if file is not None:
        for number, article in enumerate(file.articles, 1):
            yield f"{path}:{number}", article
        return
    for page in joined(read_pages(path, encoding)):
        for article in split_page(page):
            first_line = article.lines[0][0]
            yield f"{path}:{first_line}", article
