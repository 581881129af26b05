"""Fields that this project writes beside an article's text ← JSON; nothing of another's."""

from __future__ import annotations

import re
from typing import TypeVar, cast

from research.articles.article import Box

T = TypeVar("T")

_DIGITS = re.compile(r"\d+")


def single_page(value: object) -> tuple[int, ...]:
    """Return the number in ``4``, ``"04"`` or ``"A04"`` alone; nothing where there is none."""
    if isinstance(value, str):
        digits = _DIGITS.search(value)
        return (int(digits[0]),) if digits else ()
    whole = page_number(value)
    return () if whole is None or isinstance(whole, bool) else (whole,)


def string(value: object) -> str:
    """Return a text, "" for anything else."""
    return value if isinstance(value, str) else ""


def items(value: object, kind: type[T]) -> tuple[T, ...]:
    """Return a list's items where all are of one type.

    Nothing of other values: another tool may mean something else by the field's name.
    """
    if isinstance(value, list) and all(type(item) is kind for item in value):
        return tuple(value)
    return ()


def boxes(value: object) -> tuple[Box, ...]:
    """Return boxes of four numbers, none for anything else."""
    lists = items(value, list)
    return tuple(cast(Box, tuple(box)) for box in lists if len(box) == 4)


def spans(value: object) -> tuple[tuple[int, int], ...]:
    """Return ranges of lines, none for anything else."""
    if not isinstance(value, list):
        return ()
    return tuple((span[0], span[1]) for span in value if isinstance(span, list) and len(span) == 2)


def number(value: object) -> float | None:
    """Return a number with a point, None for anything else."""
    return value if isinstance(value, float) else None


def page_number(value: object) -> int | None:
    """Return a whole number, None for anything else."""
    return value if isinstance(value, int) else None
