"""Labels as users give them: checked, with one line for whatever is no list of labels."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Integral
from typing import Any

from research.errors import InputError

_MAX_PLACES_SHOWN = 3


def list_of_labels(labels: Iterable[Any], n_texts: int) -> list[Any]:
    """Return the labels of *n_texts* texts as a list, checked.

    Raises
    ------
    InputError
        Where there are more or fewer labels than texts, a label is neither text nor whole number
        (as None and NaN are not), some are texts and some numbers, or all are the same.
    """
    if isinstance(labels, str) or not isinstance(labels, Iterable):
        raise InputError(f"sections is one {type(labels).__name__}; give a list, one per text")
    if hasattr(labels, "columns"):
        raise InputError('sections is a data frame; give one of its columns: frame["section"]')
    items = list(labels)
    if len(items) != n_texts:
        raise InputError(f"{n_texts} texts but {len(items)} sections; give one section a text")
    _refuse_other_items(items)
    _refuse_one_class(items)
    return items


def _refuse_other_items(items: list[Any]) -> None:
    others = [place for place, item in enumerate(items) if not isinstance(item, str | Integral)]
    if others:
        shown = [f"sections[{place}] is {items[place]!r}" for place in others[:_MAX_PLACES_SHOWN]]
        raise InputError(
            f"{len(others)} of {len(items)} labels are neither text nor whole number: "
            f"{', '.join(shown)}; leave these texts out, or label them"
        )
    n_strings = sum(isinstance(item, str) for item in items)
    if 0 < n_strings < len(items):
        raise InputError(
            f"{n_strings} labels are texts and {len(items) - n_strings} are numbers; "
            "give labels of one kind"
        )


def _refuse_one_class(items: list[Any]) -> None:
    classes = set(items)
    if not classes:
        raise InputError("there is no text to learn from; give texts of two sections or more")
    if len(classes) < 2:
        raise InputError(
            f"all {len(items)} texts have the section {next(iter(classes))!r}; a classifier needs "
            "at least two sections"
        )
