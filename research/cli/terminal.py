"""What a verb prints: tables whose columns line up, CSV, bars of progress, in any encoding."""

from __future__ import annotations

import codecs
import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.progress import ProgressColumn

    from research.files import Progress

_COLUMN_GAP = "  "


def print_in_any_encoding() -> None:
    """Have the streams write what their encoding lacks as an escape: an emoji as \\U0001f600.

    A stream of ASCII, as the C locale has it, becomes UTF-8: every word here is Chinese.
    """
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        encoding = stream.encoding
        if codecs.lookup(encoding).name == "ascii":
            encoding = "utf-8"
        stream.reconfigure(encoding=encoding, errors="backslashreplace")


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Print rows of equal length as columns; a Chinese character is two cells wide."""
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)
        ]
        typer.echo(_COLUMN_GAP.join(cells).rstrip())


def print_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table as CSV, its names of columns first."""
    from research.files import write_csv

    write_csv(sys.stdout, chain([head], rows))


@contextmanager
def show_progress() -> Iterator[Progress | None]:
    """Give a progress callback that draws bars on a terminal, None elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    with Bars(*_bar_columns(), console=Console(stderr=True)) as bars:
        tasks: dict[str, TaskID] = {}

        def report(stage: str, done: int, total: int) -> None:
            # What follows a comma is the state of the stage, and changes.
            name = stage.partition(",")[0]
            if name not in tasks:
                tasks[name] = bars.add_task(stage, total=total or None)
            bars.update(tasks[name], description=stage, completed=done, total=total or None)

        yield report


def _bar_columns() -> list[ProgressColumn]:
    from rich import progress

    return [
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeElapsedColumn(),
        progress.TimeRemainingColumn(),
    ]
