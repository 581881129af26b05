"""What is wrong with the rows of corpora, all of it at once, and what was left out of them.

Whether a row with a problem ends the reading or is left out is the reader's choice: ``corpus``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, get_args

from research.errors import InputError

# fmt: off
ProblemKind = Literal[
    "no_text", "unread_text", "not_text", "no_date", "bad_date", "no_section", "other_section",
    "not_json", "not_an_object", "too_large", "encoding", "quotes", "surplus",
    "nameless_column", "error_value", "formula", "annotation",
]
"""What can be wrong with a row; ``report/texts.*.toml`` has the words for each."""
RemarkKind = Literal[
    "without_text", "without_label", "other_label", "title_rows", "repeated_headers",
    "repeated_columns", "hidden_sheets", "other_sheets", "short_rows", "merged_cells", "index",
    "discarded", "majority", "healed", "traditional",
]
"""What was left out or filled in without an error."""
# fmt: on
PROBLEM_KINDS: tuple[ProblemKind, ...] = get_args(ProblemKind)
REMARK_KINDS: tuple[RemarkKind, ...] = get_args(RemarkKind)
_MAX_PLACES = 5  # Of each kind, in a message.


class Problem(NamedTuple):
    """What is wrong with one row: its kind, the corpus, the row's place in it, and the words."""

    kind: ProblemKind
    source: str
    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.source}:{self.place}: {self.message}"


class Remark(NamedTuple):
    """What was left out of a corpus or filled in: how often, and the first places."""

    kind: RemarkKind
    source: str
    number: int
    places: tuple[str, ...]


class Problems:
    """The problems and remarks of the corpora that were read, in their order.

    Attributes
    ----------
    rows : list[Problem]
        Rows that could not be read.
    fatal : list[str]
        What ended the reading of a corpus, or is wrong with all of its rows.
    """

    def __init__(self) -> None:
        self.rows: list[Problem] = []
        self.fatal: list[str] = []
        self._remarks: dict[tuple[RemarkKind, str], Remark] = {}

    def add(self, kind: ProblemKind, source: str, place: str, message: str) -> None:
        """Note a row that cannot be read."""
        self.rows.append(Problem(kind, source, place, message))

    def note(self, kind: RemarkKind, source: str, place: str, number: int = 1) -> None:
        """Note what was left out, or filled in, without being wrong."""
        key = (kind, source)
        nothing = Remark(kind, source, 0, ())
        former = self._remarks.get(key, nothing)
        places = former.places
        if place and len(places) < _MAX_PLACES:
            places = (*places, place)
        self._remarks[key] = Remark(kind, source, former.number + number, places)

    @property
    def remarks(self) -> list[Remark]:
        """What was left out or filled in, by kind and corpus."""
        return list(self._remarks.values())

    def by_kind(self) -> dict[tuple[str, ProblemKind], list[Problem]]:
        """Return the bad rows by corpus and kind, in the order of the first of each."""
        groups: dict[tuple[str, ProblemKind], list[Problem]] = {}
        for problem in self.rows:
            key = (problem.source, problem.kind)
            group = groups.setdefault(key, [])
            group.append(problem)
        return groups

    def summary(self) -> list[str]:
        """Return lines for each kind of problem: its first row, and where the others are."""
        lines: list[str] = []
        for first, *others in self.by_kind().values():
            lines.append(str(first))
            if others:
                places = places_of(others)
                lines.append(f"  and {len(others)} more such rows: {places}")
        return lines

    def error(self, *, skippable: bool = True) -> InputError | None:
        """Return the error that lists everything, None where nothing is wrong.

        *skippable* says whether the remedy names ``on_bad_row``.
        """
        lines = [*self.fatal, *self.summary()]
        if not lines:
            return None
        if len(self.rows) > 1 and skippable:
            lines.append(
                f"{len(self.rows)} bad rows in all; correct them, or leave such rows out: "
                'on_bad_row = "skip" (--on-bad-row skip)'
            )
        return InputError("\n".join(lines))


def places_of(problems: Sequence[Problem]) -> str:
    """Return the first places of some problems, for a message or a table."""
    places = [problem.place for problem in problems[:_MAX_PLACES]]
    shown = ", ".join(places)
    is_all = len(places) == len(problems)
    return shown if is_all else f"{shown} …"


def iter_lines(problems: Problems) -> Iterator[str]:
    """Yield what a person should read after rows were left out: counts and first places."""
    for (source, _), rows in problems.by_kind().items():
        places = places_of(rows)
        message = rows[0].message
        yield f"{source}: {len(rows)} rows left out ({places}): {message}"
