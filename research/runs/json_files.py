"""JSON files of a run: frozen objects ↔ JSON, types checked when it is read.

Which files a run has is in ``files``; what they hold is in ``rows`` and ``figures``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, Self, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from research.errors import InputError
from research.runs.draft import Draft
from research.runs.folder import FORMAT, Source, existing
from research.runs.table import Table

T = TypeVar("T")


class JsonRow(BaseModel):
    """An object of a run's JSON file, frozen.

    A field whose default is None is left out of the file where it is None. Values can be read as
    attributes, or as a mapping has them: ``figures.macro_f1`` is ``figures["macro_f1"]``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def to_json(self) -> dict[str, Any]:
        """Return the object as JSON types, under the names that the file has."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    def __getitem__(self, key: str) -> Any:
        if key not in self:
            raise KeyError(key)
        attribute = self._attributes()[key]
        return getattr(self, attribute)

    def __contains__(self, key: object) -> bool:
        attributes = self._attributes()
        if key not in attributes:
            return False
        attribute = attributes[str(key)]
        field = type(self).model_fields[attribute]
        return field.is_required() or getattr(self, attribute) is not None

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value under *key*, *default* where there is none."""
        if key not in self:
            return default
        return self[key]

    def keys(self) -> list[str]:
        """Return the names under which the file has values."""
        return [key for key in self._attributes() if key in self]

    @classmethod
    def _attributes(cls) -> dict[str, str]:
        """Return the attribute of each name in the file."""
        names = {}
        for attribute, field in cls.model_fields.items():
            names[field.alias or attribute] = attribute
        return names


@dataclass(frozen=True)
class JsonFile(Generic[T]):
    """One JSON file of a run.

    Parameters
    ----------
    name
        The file's name in the run's folder.
    adapter
        What checks and writes the JSON types of the file.
    indent
        Spaces per level; None writes one line.
    defaults
        Whether fields that have their default are written too.
    """

    name: str
    adapter: TypeAdapter[T]
    indent: int | None = 1
    defaults: bool = False

    def write(self, draft: Draft, value: T) -> None:
        """Write the file."""
        draft.text(self.name, self.text(value))

    def text(self, value: T) -> str:
        """Return what the file holds."""
        plain = self.adapter.dump_python(
            value,
            mode="json",
            by_alias=True,
            exclude_defaults=not self.defaults,
        )
        return json.dumps(plain, ensure_ascii=False, indent=self.indent) + "\n"

    def read(self, source: Source) -> T:
        """Return what the file holds; raise InputError with the place of what is wrong."""
        raw = read_upgraded(source, self.name)
        try:
            return self.adapter.validate_json(raw, strict=True)
        except ValidationError as error:
            raise wrong_json(source.folder / self.name, error) from None


class Schema(Protocol[T]):
    """The JSON types of a result: ``of`` makes them from the result, ``result`` gives it back."""

    @classmethod
    def of(cls, result: T, /) -> Self:
        """Return a result as the file has it."""

    def result(self) -> T:
        """Return the result."""


class ResultFile(Generic[T]):
    """A JSON file that holds one result, under a schema."""

    def __init__(self, name: str, schema: type[Schema[T]], indent: int | None = 1) -> None:
        self.name = name
        self.schema = schema
        self.file = JsonFile(name, TypeAdapter(schema), indent)

    def write(self, draft: Draft, result: T) -> None:
        """Write the file."""
        self.file.write(draft, self.schema.of(result))

    def text(self, result: T) -> str:
        """Return what the file holds."""
        return self.file.text(self.schema.of(result))

    def read(self, source: Source) -> T:
        """Return the result; raise InputError with the place of what is wrong."""
        return self.file.read(source).result()


class ResultsFile(Generic[T]):
    """A JSON file that holds a list of results, each under a schema."""

    def __init__(self, name: str, schema: type[Schema[T]], indent: int | None = 1) -> None:
        self.name = name
        self.schema = schema
        rows = tuple[schema, ...]  # type: ignore[valid-type]
        adapter: TypeAdapter[tuple[Schema[T], ...]] = TypeAdapter(rows)
        self.file = JsonFile(name, adapter, indent)

    def write(self, draft: Draft, results: Iterable[T]) -> None:
        """Write the file."""
        self.file.write(draft, tuple(self.schema.of(result) for result in results))

    def read(self, source: Source) -> tuple[T, ...]:
        """Return the results; raise InputError with the place of what is wrong."""
        rows = (row.result() for row in self.file.read(source))
        return Table(rows, tuple(getattr(self.schema, "model_fields", ())))


def read_upgraded(source: Source, name: str) -> bytes:
    """Return a JSON file as the present format has it."""
    raw = existing(source, name).read_bytes()
    if source.format == FORMAT:
        return raw
    from research.runs import format4

    upgraded = format4.upgrade(name, json.loads(raw))
    return json.dumps(upgraded, ensure_ascii=False).encode()


def wrong_json(path: Path, error: ValidationError) -> InputError:
    """Return the error to raise for a JSON file that is not as it should be."""
    problem = error.errors()[0]
    message = problem["msg"]
    place = ".".join(map(str, problem["loc"]))
    found = f"{place}: {message}" if place else message
    if problem["type"] == "json_invalid":
        reason = problem["ctx"]["error"]
        found = f"not JSON ({reason})"
    return InputError(f"{path}: {found}; copy the run again, or train it again")
