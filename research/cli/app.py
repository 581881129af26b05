"""What the verbs share: the app, options, tables, progress bars, and what is said when something goes wrong."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from research.errors import InputError

if TYPE_CHECKING:
    from research.articles.article import Text
    from research.articles.fields import Fields
    from research.files import Progress

app = typer.Typer(
    help="Text classification and topic modelling of Chinese newspapers: page → article → section → theme.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
RunsOption = Annotated[
    Path, typer.Option("--runs", help="Folder that holds the runs.", envvar="RESEARCH_RUNS")
]
BaseOption = Annotated[
    Path | None, typer.Option("--base", help="Folder that the config's paths start from.")
]
EncodingOption = Annotated[
    str | None, typer.Option(help="The pages' encoding, where detecting it fails.")
]
TextsArgument = Annotated[
    list[Path],
    typer.Argument(
        help="Pages (.txt, .pdf), articles (.jsonl, .csv, .xlsx), or texts with --lines; - reads lines from stdin.",
        readable=False,
    ),
]
LinesOption = Annotated[
    bool, typer.Option("--lines", help="Take each line of the files as a text of its own.")
]
FieldOption = Annotated[
    list[str] | None,
    typer.Option(help="What a corpus calls a field, such as headline=title; may be repeated."),
]


def main() -> None:
    """Run the command line; what is wrong in the input is one line on stderr and exit code 2."""
    try:
        app()
    except InputError as error:
        _fail(str(error))
    except OSError as error:
        _fail(_explain(error))
    except KeyboardInterrupt:
        typer.echo("stopped; nothing half-written was left", err=True)
        raise SystemExit(130) from None


def _fail(message: str) -> None:
    for line in message.splitlines():
        typer.echo(f"error: {line}", err=True)
    raise SystemExit(2) from None


def _explain(error: OSError) -> str:
    where = error.filename or "the disk"
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"{where}: no space left; free some and run it again (what was there before is unchanged)"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{where}: no permission to write there; choose another folder with --runs, or change its mode"
    return f"{where}: {error.strerror or error}"


def print_table(rows: Sequence[Sequence[str]]) -> None:
    from rich.cells import cell_len

    widths = [max(cell_len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = (
            cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)
        )
        typer.echo("  ".join(cells).rstrip())


@contextmanager
def show_progress() -> Iterator[Progress | None]:
    """Give a progress callback that draws bars on a terminal, None elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        TaskID,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int) -> None:
            name = stage.partition(",")[0]  # What follows a comma is how it stands, and changes.
            if name not in tasks:
                tasks[name] = bars.add_task(stage, total=total or None)
            bars.update(tasks[name], description=stage, completed=done, total=total or None)

        yield show


def fields_of(given: list[str], section: str = "") -> Fields:
    from research.articles.fields import Fields

    names = {"section": section} | dict(pair.partition("=")[::2] for pair in given)
    allowed = ("id", "headline", "text", "date", *(["section"] if section else []))
    for name, key in names.items():
        if (name not in allowed or not key) and (name, key) != ("section", ""):
            raise InputError(
                f"--field {name}={key}: write NAME=KEY, NAME one of {', '.join(allowed)}"
            )
    return Fields(**names)


def let_pass(*_: object) -> None:
    """Take no offence at an article's bad date, where dates do not matter."""


def texts_of(
    files: Sequence[Path], lines: bool, encoding: str | None, field: list[str] | None
) -> Iterator[tuple[str, Text]]:
    """Return the texts or articles of pages, corpora or lines, each with where it stands."""
    fields = fields_of(field or [])
    return chain.from_iterable(_texts_in(path, lines, encoding, fields) for path in files)


def _texts_in(
    path: Path, lines: bool, encoding: str | None, fields: Fields
) -> Iterator[tuple[str, Text]]:
    from research.articles.corpus import iter_corpus
    from research.files import decode, read_text
    from research.pages.read.files import read_pages
    from research.pages.split.page import split_page

    if lines or str(path) == "-":
        decoded = (
            decode(sys.stdin.buffer.read(), "-", encoding)
            if str(path) == "-"
            else read_text(path, encoding)
        )
        for number, line in enumerate(decoded.text.splitlines(), 1):
            if line.strip():
                yield f"{path}:{number}", line.strip()
    elif path.suffix.lower() in (".txt", ".pdf"):
        for page in read_pages(path, encoding):
            for article in split_page(page):
                yield f"{path}:{article.lines[0][0]}", article
    else:
        for article in iter_corpus(path, fields, on_bad_date=let_pass):
            yield article.id, article
