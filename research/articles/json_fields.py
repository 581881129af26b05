"""Fields that this project writes beside an article's text ← JSON; nothing of another's."""

from __future__ import annotations

import re
from typing import TypeVar, cast

from research.articles.article import Box

T = TypeVar("T")

_DIGITS = re.compile(r"\d+")


def single_page(value: object) -> tuple[int, ...]:
    """Return the number in ``4``, ``"04"`` or ``"A04"`` alone; nothing where there is none."""
    if isinstance(value, bool):
        return ()
    if isinstance(value, int):
        return (value,)
    digits = _DIGITS.search(string(value))
    if digits is None:
        return ()
    return (int(digits[0]),)


def string(value: object) -> str:
    """Return a text, "" for anything else."""
    return value if isinstance(value, str) else ""


def items(value: object, kind: type[T]) -> tuple[T, ...]:
    """Return a list's items where all are of one type.

    Nothing of other values: another tool may mean something else by the field's name.
    """
    if not isinstance(value, list):
        return ()
    kinds = {type(item) for item in value}
    return tuple(value) if kinds <= {kind} else ()


def boxes(value: object) -> tuple[Box, ...]:
    """Return boxes of four numbers, none for anything else."""
    lists = items(value, list)
    of_four = [tuple(numbers) for numbers in lists if len(numbers) == 4]
    return tuple(cast(Box, numbers) for numbers in of_four)


def spans(value: object) -> tuple[tuple[int, int], ...]:
    """Return ranges of lines, none for anything else."""
    if not isinstance(value, list):
        return ()
    lists = [item for item in value if isinstance(item, list)]
    pairs = [item for item in lists if len(item) == 2]
    return tuple((first, last) for first, last in pairs)


def number(value: object) -> float | None:
    """Return a number with a point, None for anything else."""
    return value if isinstance(value, float) else None


def page_number(value: object) -> int | None:
    """Return a whole number, None for anything else."""
    return value if isinstance(value, int) else None
