"""What a form of file gives: whether a file is of the form, and the articles in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from research.pages.read.epaper.form import ArticleFile


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file's path, and its lines without line ends, blanks at their ends kept."""

    path: Path
    lines: tuple[str, ...]


class Entry(NamedTuple):
    """One article of a file.

    Parameters
    ----------
    fields : its parts, as an e-paper has them.
    lines : the first and the last of its lines, 1-based; (0, 0) where the file has none.
    source : the paper, where the file names it.
    """

    fields: ArticleFile
    lines: tuple[int, int] = (0, 0)
    source: str = ""


@dataclass(slots=True)
class Reading:
    """The articles of a file, the lines that are none's by reason, and what is wrong with it."""

    entries: list[Entry] = field(default_factory=list)
    aside: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


class FileForm(NamedTuple):
    """A form of file; ``name`` is shown, ``recognises`` judges by what is in the file."""

    name: str
    recognises: Callable[[TextFile], bool]
    read: Callable[[TextFile], Reading]
