"""Labels and weights as users give them: checked, with one line for whatever is no list of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray

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


def checked_weights(sample_weight: Sequence[float] | None, n: int) -> NDArray[np.float64]:
    """Return n weights above 0; ones for None."""
    if sample_weight is None:
        return np.ones(n)
    weights = np.asarray(sample_weight, dtype=np.float64)
    if weights.shape != (n,) or not (weights > 0).all():
        raise InputError(
            f"{n} texts but {weights.size} weights, or one that is not above 0; give each text a "
            "weight above 0"
        )
    return weights


def checked_typical(typical: Sequence[bool] | None, n: int) -> NDArray[np.bool_]:
    """Return which of n texts are typical; all for None."""
    if typical is None:
        return np.ones(n, dtype=bool)
    is_typical = np.asarray(typical, dtype=bool)
    if is_typical.shape != (n,) or not is_typical.any():
        raise InputError(
            f"{n} texts but typical has {is_typical.size} entries, {int(is_typical.sum())} of them "
            "true; give one a text, some true"
        )
    return is_typical
