"""``[sweep]``: one experiment file → several experiments that differ in a few keys.

A table is a grid, every value with every other; ``[[sweep]]`` tables are the variants themselves.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from research.config.compose import Composition, Layer, by_dotted_key, set_key
from research.errors import InputError

MAX_EXPERIMENTS = 1000
_MAX_NAME_CHARACTERS = 80
_NOT_IN_NAMES = re.compile(r"[^\w.\-]+")


class Variant(NamedTuple):
    """One member of a sweep: the end of its name, and the keys in which it differs."""

    label: str
    values: dict[str, Any]
    layers: tuple[Layer, ...]


def variants_of(composition: Composition) -> list[Variant]:
    """Return the members of an experiment's sweep; none where it has no ``[sweep]``.

    Raises
    ------
    InputError
        Where the sweep has no key, a value that is no list, an empty list, or too many members.
    """
    sweep = composition.table.get("sweep")
    if sweep is None:
        return []
    where = composition.locate(("sweep",))
    if isinstance(sweep, dict):
        choices = list(_grid(sweep, where))
    elif isinstance(sweep, list) and all(isinstance(item, dict) for item in sweep):
        choices = list(_listed(sweep, where))
    else:
        raise InputError(f"{where}: sweep is {sweep!r}; write [sweep] or [[sweep]] tables")
    if len(choices) > MAX_EXPERIMENTS:
        raise InputError(
            f"{where}: the sweep has {len(choices)} experiments; at most {MAX_EXPERIMENTS} are "
            "trained, so give fewer values"
        )
    return _labelled(choices, where)


def member_name(name: str, label: str) -> str:
    """Return the name of a member's run."""
    return f"{name}-{label}"


def _grid(sweep: dict[str, Any], where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every choice of one value per key, each with no name of its own."""
    lists = by_dotted_key(sweep)
    if not lists:
        raise InputError(f'{where}: [sweep] is empty; give keys, such as "classifier.C" = [0.1, 1]')
    for key, values in lists.items():
        if not isinstance(values, list) or not values:
            raise InputError(f"{where}: sweep.{key} is {values!r}; give a list of its values")
    for combination in itertools.product(*lists.values()):
        yield "", dict(zip(lists, combination, strict=True))


def _listed(sweep: list[dict[str, Any]], where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the variants, each with the name that it was given."""
    for number, table in enumerate(sweep):
        values = by_dotted_key(table)
        name = values.pop("name", "")
        if not isinstance(name, str) or not values:
            raise InputError(
                f"{where}: sweep[{number}] is {table!r}; give keys with values, and a name in text"
            )
        yield name, values


def _labelled(choices: list[tuple[str, dict[str, Any]]], where: str) -> list[Variant]:
    """Return choices with labels: given names, else keys and values, else numbers."""
    labels = [name or _label(values) for name, values in choices]
    is_distinct = len(set(labels)) == len(labels)
    longest = max(map(len, labels))
    if not is_distinct or longest > _MAX_NAME_CHARACTERS:
        n_digits = len(str(len(choices)))
        labels = [str(number).zfill(n_digits) for number in range(1, len(choices) + 1)]
    variants = []
    for label, (_, values) in zip(labels, choices, strict=True):
        layers = [set_key(key, value, f"{where}: sweep.{key}") for key, value in values.items()]
        variants.append(Variant(label, values, tuple(layers)))
    return variants


def _label(values: dict[str, Any]) -> str:
    """Return keys and values as part of a file name: ``C-0.3-kind-svm``."""
    parts = []
    for key, value in values.items():
        _, _, last = key.rpartition(".")
        items = value if isinstance(value, list) else [value]
        parts.append(last.strip("\"'"))
        parts.append("-".join(map(str, items)))
    label = _NOT_IN_NAMES.sub("-", "-".join(parts))
    return label.strip("-")
