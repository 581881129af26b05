"""An experiment file with what it extends and what the command line sets, as one table.

It merges tables and knows where each key stands; it does not know which keys there are.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from research.errors import InputError
from research.toml import Place, line_of, read_toml

# Keys whose values are paths, relative to the file in which they stand.
_PATHS = frozenset(
    ("path", "user_dictionaries", "stop_words", "files", "names", "events", "like", "shape")
)
_PATHS_AT_THE_TOP = frozenset(("sections",))  # A run's folder; elsewhere these are labels.
_OF_THE_CORPUS = frozenset(("fields", "labels", "columns", "cues"))  # Keys below are the user's.
_NO_PATH = "default"  # Words that ship with the package.


class Layer(NamedTuple):
    """A source of keys: a file, or one setting of the command line or of a sweep."""

    source: str
    table: dict[str, Any]
    text: str | None = None

    def locate(self, place: Place) -> str:
        """Return where a key of the layer stands."""
        if self.text is None:
            return self.source
        return f"{self.source}:{line_of(self.text, place)}"


@dataclass(frozen=True)
class Composition:
    """The layers of an experiment, the strongest first: settings, its file, what that extends."""

    layers: tuple[Layer, ...]

    @property
    def table(self) -> dict[str, Any]:
        """All keys; those of a stronger layer take the place of the same ones of weaker layers."""
        merged: dict[str, Any] = {}
        for layer in reversed(self.layers):
            merged = merge(merged, layer.table)
        return merged

    def locate(self, place: Place) -> str:
        """Return the source, and the line in a file, that gave the value at a place.

        That of a key which nobody gave is the experiment's own file.
        """
        for layer in self.layers:
            if place and _has(layer.table, place):
                return layer.locate(place)
        own_file = next(layer for layer in self.layers if layer.text is not None)
        return own_file.locate(place)

    def with_settings(self, settings: Sequence[Layer]) -> Composition:
        """Return the same experiment with stronger settings, the strongest last."""
        return Composition((*reversed(settings), *self.layers))


def read_composition(path: Path) -> Composition:
    """Read an experiment file and all that it extends.

    Raises
    ------
    InputError
        Where a file is no TOML or is not there, or files extend each other in a circle.
    """
    return Composition(tuple(_layers(path, path.parent, ())))


def setting(assignment: str, source: str) -> Layer:
    """Return ``KEY=VALUE`` as a layer, such as ``classifier.C=0.3`` or ``features.0.weight=2``.

    A value that is no TOML is a string: ``classifier.kind=svm``.

    Raises
    ------
    InputError
        Where it has no ``=``, or the key is no TOML key.
    """
    key, equals, value = assignment.partition("=")
    if not equals or not key.strip():
        raise InputError(f"{source}: write KEY=VALUE, such as classifier.C=0.3")
    try:
        return Layer(source, tomllib.loads(assignment))
    except tomllib.TOMLDecodeError:
        pass
    try:
        keys = tomllib.loads(f"{key} = 0")
    except tomllib.TOMLDecodeError:
        raise InputError(
            f"{source}: {key.strip()!r} is no key; keys that are not plain ASCII stand in quotes"
        ) from None
    return Layer(source, _with_leaf(keys, value.strip()))


def set_key(key: str, value: Any, source: str) -> Layer:
    """Return a value as a layer in which a dotted key has it; see :func:`setting`."""
    shape = setting(f"{key}=0", source).table
    return Layer(source, _with_leaf(shape, value))


def settings_of(values: Mapping[str, Any] | None) -> list[Layer]:
    """Return dotted keys with their values as layers, each called settings and its key."""
    return [set_key(key, value, f"settings {key}") for key, value in (values or {}).items()]


def by_dotted_key(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return a table's values by dotted key; its own keys may be dotted or nested."""
    values: dict[str, Any] = {}
    for key, value in table.items():
        path = f"{prefix}{key}"
        if isinstance(value, dict):
            values |= by_dotted_key(value, f"{path}.")
        else:
            values[path] = value
    return values


def merge(weaker: Any, stronger: Any) -> Any:
    """Return two values as one: tables key by key, items of lists by their number."""
    if isinstance(weaker, list) and isinstance(stronger, dict):
        return _merge_items(weaker, stronger)
    if not isinstance(weaker, dict) or not isinstance(stronger, dict):
        return stronger
    merged = dict(weaker)
    for key, value in stronger.items():
        merged[key] = merge(weaker[key], value) if key in weaker else value
    return merged


def _merge_items(items: list[Any], changes: dict[str, Any]) -> Any:
    """Return a list with some of its items changed; keys are their numbers from 0."""
    if not all(map(str.isdecimal, changes)):
        return changes  # The check of the whole says that a list belongs here.
    beyond = [key for key in changes if int(key) >= len(items)]
    if beyond:
        raise InputError(
            f"--set or a sweep names item {beyond[0]} of a list of {len(items)}, which are "
            "numbered from 0; correct the number"
        )
    merged = list(items)
    for key, value in changes.items():
        merged[int(key)] = merge(items[int(key)], value)
    return merged


def _layers(path: Path, start: Path, extending: tuple[Path, ...]) -> Iterator[Layer]:
    """Yield the layers of a file and of what it extends, with paths relative to *start*."""
    table, text = read_toml(path)
    base = table.pop("extends", None)
    folder = os.path.relpath(path.parent, start)
    if folder != os.curdir:
        table = _moved(table, folder, at_the_top=True)
    yield Layer(str(path), table, text)
    if base is None:
        return
    layer = Layer(str(path), {"extends": base}, text)
    where = layer.locate(("extends",))
    if not isinstance(base, str):
        raise InputError(f'{where}: extends is {base!r}; give one file, such as "base.toml"')
    base_path = path.parent / base
    extended = (*extending, path.resolve())
    if base_path.resolve() in extended:
        raise InputError(f"{where}: extends {base}, which extends this file; break the circle")
    if not base_path.is_file():
        raise InputError(f"{where}: extends {base}, and there is no {base_path}; check the path")
    yield from _layers(base_path, start, extended)


def _moved(table: dict[str, Any], folder: str, *, at_the_top: bool = False) -> dict[str, Any]:
    """Return a table whose paths start from another folder, from which *folder* leads to its."""
    moved: dict[str, Any] = {}
    for key, value in table.items():
        if key in _PATHS or (at_the_top and key in _PATHS_AT_THE_TOP):
            moved[key] = _moved_path(value, folder)
        elif key in _OF_THE_CORPUS:
            moved[key] = value
        elif isinstance(value, dict):
            moved[key] = _moved(value, folder)
        elif isinstance(value, list):
            moved[key] = [
                _moved(item, folder) if isinstance(item, dict) else item for item in value
            ]
        else:
            moved[key] = value
    return moved


def _moved_path(value: Any, folder: str) -> Any:
    """Return a path, or those of a list, from another folder; anything else as it is."""
    if isinstance(value, str) and value != _NO_PATH:
        return (Path(folder) / value).as_posix()
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return [_moved_path(item, folder) for item in value]
    return value


def _with_leaf(table: dict[str, Any], leaf: Any) -> dict[str, Any]:
    """Return nested tables of one key each, with another value at the end."""
    ((key, value),) = table.items()
    return {key: _with_leaf(value, leaf) if isinstance(value, dict) else leaf}


def _has(value: Any, place: Place) -> bool:
    """Return whether a table, or a setting of items by number, has a value at a place."""
    for part in place:
        if isinstance(value, list):
            if not isinstance(part, int) or part >= len(value):
                return False
            value = value[part]
        elif isinstance(value, dict):
            if str(part) not in value:
                return False
            value = value[str(part)]
        else:
            return True  # The place is inside of the value.
    return True
