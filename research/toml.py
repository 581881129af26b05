"""Read TOML files into checked, frozen tables; every problem is told at once, with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

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
        problems = [problem for problem in error.errors() if not _echoes(problem, error.errors())]
        lines = [_explain(problem, model, text, source) for problem in problems]
        raise InputError("\n".join(lines)) from None


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


def _explain(problem: Any, model: type[Table], text: str, source: str) -> str:
    # Members of a union add their type's name to the path; a key of the file never looks like that.
    location = tuple(
        part
        for part in problem["loc"]
        if not re.match(r"(?:literal|float|int|str|tuple|constrained-int)\b", str(part))
    )
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(
        "."
    )
    where = f"{source}:{_line_of(text, location)}"
    match problem["type"]:
        case "extra_forbidden":
            return f"{where}: {key}: unknown key; allowed here: {', '.join(_keys_at(model, location[:-1]))}"
        case "missing":
            return f"{where}: {key}: missing; add it"
        case "value_error":
            return f"{where}: {f'{key}: ' if key else ''}{problem['ctx']['error']}"
        case _:
            message = problem["msg"].removeprefix("Input should be ")
            return f"{where}: {key}: {_shown(problem['input'])} should be {message}"


def _shown(value: object) -> str:
    shown = repr(list(value) if isinstance(value, tuple) else value)
    return shown if len(shown) <= 60 else f"{shown[:57]}…"


def _keys_at(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    for part in location:
        if isinstance(part, int):
            continue
        table = (
            _table_in(model.model_fields[part].annotation) if part in model.model_fields else None
        )
        if table is None:
            return []
        model = table
    return list(model.model_fields)


def _table_in(annotation: Any) -> type[BaseModel] | None:
    """Find the table that an annotation names, such as FeatureConfig in ``tuple[FeatureConfig, ...]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_table_in, get_args(annotation))), None)


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
