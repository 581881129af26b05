"""Read TOML files into checked, frozen tables; every problem is told at once, with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from research.errors import InputError
from research.files import read_text


class Table(BaseModel):
    """A table of a TOML file that a person writes: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


T = TypeVar("T", bound=Table)


def read_toml(path: Path) -> tuple[dict[str, Any], str]:
    """Read a TOML file; return its table and its text."""
    text = read_text(path).text
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            f"{path}: not TOML: {error}; keys and values that are not plain ASCII stand in quotes"
        ) from None


def check_table(model: type[T], table: dict[str, Any], text: str, source: str) -> T:
    """Check a table against a model; raise InputError that lists everything wrong at once."""
    try:
        # JSON's idea of types: TOML has arrays where we have tuples.
        return model.model_validate(_tuples(table), strict=True)
    except ValidationError as error:
        lines = []
        for problem in _problems(error):
            location, message = _explain(problem, [model])
            lines.append(f"{source}:{_line_of(text, location)}: {message}")
        raise InputError("\n".join(lines)) from None


def check_values(annotation: Any, values: Any, place: str) -> Any:
    """Check values that stand in no file, such as a dict for a table, against a type.

    Raises InputError that lists everything wrong at once, after *place*, such as ``features[0]``.
    """
    try:
        return TypeAdapter(annotation).validate_python(_tuples(values), strict=True)
    except ValidationError as error:
        messages = [_explain(problem, _tables_in(annotation))[1] for problem in _problems(error)]
        raise InputError("\n".join(f"{place}: {message}" for message in messages)) from None


def _problems(error: ValidationError) -> list[Any]:
    return [problem for problem in error.errors() if not _echoes(problem, error.errors())]


def _tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _tuples(item) for key, item in value.items()}
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


def _echoes(problem: Any, problems: Sequence[Any]) -> bool:
    """Whether a list is called too short only because its items are wrong, and that is said already."""
    place = problem["loc"]
    return problem["type"] == "too_short" and any(
        other["loc"][: len(place)] == place and other is not problem
        for other in problems
        if len(other["loc"]) > len(place)
    )


def _explain(problem: Any, tables: Sequence[type[BaseModel]]) -> tuple[tuple[int | str, ...], str]:
    """Return the key of the file that a problem is about, and a message that names it.

    *tables* are the models of the whole: one, or the members of a union.
    """
    location, tables = _follow(problem["loc"], tables)
    kind = problem["type"]
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        location = (*location, problem["ctx"]["discriminator"].strip("'"))
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    key = key.lstrip(".")
    match kind:
        case "extra_forbidden":
            allowed = ", ".join(tables[0].model_fields) if tables else ""
            return location, f"{key}: unknown key; allowed here: {allowed}"
        case "missing" | "union_tag_not_found":
            return location, f"{key}: missing; add it"
        case "union_tag_invalid":
            *tags, last = problem["ctx"]["expected_tags"].split(", ")
            tag = problem["ctx"]["tag"]
            return location, f"{key}: {tag!r} should be {', '.join(tags)} or {last}"
        case "value_error":
            prefix = f"{key}: " if key else ""
            return location, f"{prefix}{problem['ctx']['error']}"
        case _:
            message = problem["msg"].removeprefix("Input should be ")
            return location, f"{key}: {_shown(problem['input'])} should be {message}"


def _shown(value: object) -> str:
    shown = repr(list(value) if isinstance(value, tuple) else value)
    return shown if len(shown) <= 60 else f"{shown[:57]}…"


# Members of a union add their type's name to a location; a key of a file never looks like that.
_TYPE_NAME = re.compile(r"(?:literal|float|int|str|tuple|constrained-int)\b")


def _follow(
    location: Sequence[int | str], tables: Sequence[type[BaseModel]]
) -> tuple[tuple[int | str, ...], Sequence[type[BaseModel]]]:
    """Return a location without names of types and tags of unions, and the table of its last key."""
    path: list[int | str] = []
    table_of_key = tables
    for part in location:
        if isinstance(part, int):
            path.append(part)
        elif len(tables) > 1 and any(_has_tag(table, part) for table in tables):
            tables = [table for table in tables if _has_tag(table, part)]
        elif not _TYPE_NAME.match(part):
            path.append(part)
            table_of_key = tables
            fields = tables[0].model_fields if tables else {}
            tables = _tables_in(fields[part].annotation) if part in fields else []
    return tuple(path), table_of_key


def _has_tag(table: type[BaseModel], tag: str) -> bool:
    return any(get_args(field.annotation) == (tag,) for field in table.model_fields.values())


def _tables_in(annotation: Any) -> list[type[BaseModel]]:
    """Return the tables that an annotation names, such as SplitConfig in ``SplitConfig | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    tables: list[type[BaseModel]] = []
    for part in get_args(annotation):
        tables += _tables_in(part)
    return tables


def _line_of(text: str, location: tuple[int | str, ...]) -> int:
    """Find the line of a key in TOML text: the line of its deepest table or key that stands there."""
    names = [str(part) for part in location if not isinstance(part, int)]
    nth = next((part for part in location if isinstance(part, int)), 0)
    table: list[str] = []
    seen: dict[str, int] = {}
    best, depth, running = 1, 0, True
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$", line):
            table = [part.strip("\"' ") for part in header[1].split(".")]
            running = True
            if line.lstrip().startswith("[["):
                seen[header[1]] = seen.get(header[1], -1) + 1
                running = seen[header[1]] == nth
            path = table
        elif key := re.match(r"\s*([\w\-\"'.\u4e00-\u9fff]+)\s*=", line):
            path = [*table, *(part.strip("\"'") for part in key[1].split("."))]
        else:
            continue
        common = len(path) if path == names[: len(path)] else 0
        if running and common > depth:
            best, depth = number, common
    return best
