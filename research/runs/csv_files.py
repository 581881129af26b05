"""Tables of a run: frozen rows ↔ CSV with a BOM, every cell checked when it is read.

Which tables a run has is in ``files``; what a row holds is in ``rows``.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from research.errors import InputError
from research.files import as_csv, from_text_cell
from research.runs.draft import Draft
from research.runs.folder import FORMAT, Source, existing
from research.runs.table import Table

R = TypeVar("R", bound=tuple[Any, ...])

_NO_BREAK_SPACE = "\u00a0"


class Column(NamedTuple):
    """How the cells of one column are written and read.

    ``title`` stands in the header; ``write`` returns a value's cell, ``read`` the value of a cell
    (ValueError where it has none); ``expected`` names the type in error messages.
    """

    title: str
    write: Callable[[Any], str]
    read: Callable[[str], Any]
    expected: str


def text(title: str) -> Column:
    """Describe a column of text, which may be empty."""
    return Column(title, str, str, "text")


def whole(title: str) -> Column:
    """Describe a column of whole numbers."""
    return Column(title, str, int, "a whole number")


def flag(title: str) -> Column:
    """Describe a column of yes (1) and no (0)."""
    return Column(title, _write_flag, _read_flag, "0 or 1")


def decimal(title: str, digits: int) -> Column:
    """Describe a column of numbers with so many digits after the point."""
    return Column(title, partial(_write_decimal, digits), float, "a number")


def words(title: str) -> Column:
    """Describe a column of words between spaces."""
    return Column(title, _write_words, _read_words, "words")


def numbers(title: str) -> Column:
    """Describe a column of whole numbers between spaces."""
    return Column(title, _write_numbers, _read_numbers, "whole numbers")


def optional(column: Column) -> Column:
    """Describe the same column with empty cells for None."""
    return Column(
        title=column.title,
        write=partial(_write_optional, column.write),
        read=partial(_read_optional, column.read),
        expected=f"{column.expected} or nothing",
    )


def gap(column: Column) -> Column:
    """Describe the same column of numbers with empty cells for NaN."""
    return Column(
        title=column.title,
        write=partial(_write_gap, column.write),
        read=partial(_read_gap, column.read),
        expected=f"{column.expected} or nothing",
    )


def _write_flag(value: bool) -> str:
    return "1" if value else "0"


def _read_flag(cell: str) -> bool:
    if cell not in ("0", "1"):
        raise ValueError(cell)
    return cell == "1"


def _write_decimal(digits: int, value: float) -> str:
    return f"{value:.{digits}f}"


def _write_words(words: Sequence[str]) -> str:
    """Write words between spaces; those within a word (Color OS) become no-break spaces."""
    return " ".join(word.replace(" ", _NO_BREAK_SPACE) for word in words)


def _read_words(cell: str) -> tuple[str, ...]:
    return tuple(word.replace(_NO_BREAK_SPACE, " ") for word in cell.split(" ") if word)


def _write_numbers(values: Sequence[int]) -> str:
    return " ".join(map(str, values))


def _read_numbers(cell: str) -> tuple[int, ...]:
    return tuple(map(int, cell.split()))


def _write_optional(write: Callable[[Any], str], value: Any) -> str:
    if value is None:
        return ""
    return write(value)


def _read_optional(read: Callable[[str], Any], cell: str) -> Any:
    if not cell:
        return None
    return read(cell)


def _write_gap(write: Callable[[Any], str], value: float) -> str:
    if math.isnan(value):
        return ""
    return write(value)


def _read_gap(read: Callable[[str], Any], cell: str) -> Any:
    if not cell:
        return math.nan
    return read(cell)


@dataclass(frozen=True)
class CsvFile(Generic[R]):
    """One table of a run.

    Parameters
    ----------
    name
        The file's name in the run's folder.
    row
        The NamedTuple that a line becomes; its fields stand in the order of the columns.
    columns
        The columns, one per field.
    spread
        The column that is repeated at the end, once per section or topic, under titles that
        begin with its own; the row's last field then maps the rest of each title to its value.
    name_in_format4
        The file's name in runs of format 4, where it had another.
    """

    name: str
    row: Callable[..., R]
    columns: tuple[Column, ...]
    spread: Column | None = None
    name_in_format4: str | None = None

    def write(self, draft: Draft, rows: Iterable[R], names: Sequence[str] = ()) -> None:
        """Write the table; *names* are the sections or topics of the repeated column."""
        header = self._titles()
        if self.spread is not None:
            prefix = self.spread.title
            header += [prefix + name for name in names]
        lines = [header]
        for row in rows:
            lines.append(self._cells(row, names))
        draft.text(self.name, as_csv(lines))

    def read(self, source: Source) -> tuple[R, ...]:
        """Return the table's rows; raise InputError with the line of a cell that is wrong."""
        path = existing(source, self.name_in(source))
        with path.open(encoding="utf-8-sig", newline="") as handle:
            lines = csv.reader(handle)
            header = [from_text_cell(cell) for cell in next(lines, [])]
            names = self._names_in(path, header)
            rows = (self._parse(path, lines.line_num, names, cells) for cells in lines)
            return Table(rows, getattr(self.row, "_fields", ()))

    def name_in(self, source: Source) -> str:
        """Return the file's name in a run, whose format may be an earlier one."""
        if source.format < FORMAT and self.name_in_format4 is not None:
            return self.name_in_format4
        return self.name

    def _titles(self) -> list[str]:
        return [column.title for column in self.columns]

    def _cells(self, row: R, names: Sequence[str]) -> list[str]:
        cells = []
        for column, value in zip(self.columns, row, strict=False):
            cells.append(column.write(value))
        if self.spread is not None:
            values: Mapping[str, Any] = row[-1]
            cells += [self.spread.write(values[name]) for name in names]
        return cells

    def _names_in(self, path: Path, header: list[str]) -> list[str]:
        """Return the names in the titles of the repeated column; raise InputError for others."""
        titles = self._titles()
        n_titles = len(titles)
        names = []
        strange = header[:n_titles] != titles
        for title in header[n_titles:]:
            if self.spread is None or not title.startswith(self.spread.title):
                strange = True
                break
            names.append(title.removeprefix(self.spread.title))
        if strange:
            expected = ", ".join(titles)
            found = ", ".join(header)
            raise _damaged(f"{path}:1: expected the columns {expected}, found {found}")
        return names

    def _parse(self, path: Path, line: int, names: Sequence[str], cells: Sequence[str]) -> R:
        where = f"{path}:{line}"
        n_columns = len(self.columns)
        expected = n_columns + len(names)
        if len(cells) != expected:
            raise _damaged(f"{where}: expected {expected} cells, found {len(cells)}")
        values = []
        for column, cell in zip(self.columns, cells, strict=False):
            values.append(_parse_cell(where, column, cell))
        if self.spread is not None:
            repeated = {}
            for name, cell in zip(names, cells[n_columns:], strict=True):
                repeated[name] = _parse_cell(where, self.spread, cell)
            values.append(repeated)
        return self.row(*values)


def _parse_cell(where: str, column: Column, cell: str) -> Any:
    try:
        return column.read(from_text_cell(cell))
    except ValueError:
        problem = f"{where}: {column.title} {cell!r} should be {column.expected}"
        raise _damaged(problem) from None


def _damaged(problem: str) -> InputError:
    return InputError(f"{problem}; copy the run again, or train it again")
