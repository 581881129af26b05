"""Read TOML files into checked, frozen tables; all problems are named at once, with their lines.

The only place that words pydantic's problems. Does not know any table of the project.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, TypeVar, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    SerializerFunctionWrapHandler,
    TypeAdapter,
    ValidationError,
    model_serializer,
)

from research.errors import InputError
from research.files import read_text

_MAX_VALUE_CHARACTERS_SHOWN = 60
# Members of a union add their type's name to a place; a key of a file never looks like that.
_TYPE_NAME = re.compile(
    r"(?:literal|float|int|str|tuple|constrained-int|one-table|several-tables)\b"
)
_HEADER = re.compile(r"\s*+\[\[?([^\]]+)\]\]?\s*+(?:#.*)?$")  # [table] or [[table]]
_KEY = re.compile(r"\s*([\w\-\"'.\u4e00-\u9fff]+)\s*=")

Place = tuple[int | str, ...]
"""Keys and positions in lists that lead to a value: ``("features", 0, "kind")``."""
Locate = Callable[[Place], str]


class Table(BaseModel):
    """A table of a TOML file that a person writes: unknown keys are refused.

    Keys in ``left_out_where_default`` are written only where they are used, so that experiments
    from before these keys existed keep their files and fingerprints.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    left_out_where_default: ClassVar[frozenset[str]] = frozenset()

    @model_serializer(mode="wrap")
    def _serialise(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        values: dict[str, Any] = handler(self)
        fields = type(self).model_fields
        for name in self.left_out_where_default:
            if getattr(self, name) == fields[name].default:
                values.pop(name, None)
        return values


T = TypeVar("T", bound=Table)

_SHOULD_BE = " should be "


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
    return check_located(model, table, lambda place: f"{source}:{line_of(text, place)}")


def check_located(model: type[T], table: dict[str, Any], locate: Locate) -> T:
    """Check a table whose keys stand in several files; see :func:`check_table`.

    *locate* returns the file and line of a place.
    """
    try:
        # JSON's idea of types: TOML has arrays where we have tuples.
        return model.model_validate(_tuples(table), strict=True)
    except ValidationError as error:
        lines = []
        for problem in _problems(error):
            location, message = _explain(problem, [model])
            lines.append(f"{locate(location)}: {message}")
        raise InputError("\n".join(_joined_choices(lines))) from None


def _joined_choices(lines: Iterable[str]) -> list[str]:
    """Return messages with one line per value, which may be one of several types."""
    choices: dict[str, list[str]] = {}
    for line in lines:
        fact, _, choice = line.partition(_SHOULD_BE)
        choices.setdefault(fact, []).append(choice)
    joined = []
    for fact, wishes in choices.items():
        wish = " or ".join(filter(None, wishes))
        joined.append(f"{fact}{_SHOULD_BE}{wish}" if wish else fact)
    return joined


def check_values(annotation: Any, values: Any, place: str) -> Any:
    """Check values that stand in no file, such as a dict for a table, against a type.

    Raises InputError that lists everything wrong at once, after *place*, such as ``features[0]``.
    """
    try:
        return TypeAdapter(annotation).validate_python(_tuples(values), strict=True)
    except ValidationError as error:
        tables = _tables_in(annotation)
        lines = []
        for problem in _problems(error):
            _, message = _explain(problem, tables)
            lines.append(f"{place}: {message}")
        raise InputError("\n".join(lines)) from None


def _problems(error: ValidationError) -> list[Any]:
    problems = error.errors()
    return [problem for problem in problems if not _is_echo(problem, problems)]


def _tuples(value: Any) -> Any:
    """Return a value with a tuple in place of each list in it."""
    if isinstance(value, dict):
        return {key: _tuples(item) for key, item in value.items()}
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    return value


def _is_echo(problem: Mapping[str, Any], problems: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether a list is called too short only because its items are wrong.

    Then its items' problems are named already.
    """
    if problem["type"] != "too_short":
        return False
    place = problem["loc"]
    return any(_is_inside(other["loc"], place) for other in problems)


def _is_inside(place: Place, outer: Place) -> bool:
    return len(place) > len(outer) and place[: len(outer)] == outer


def _explain(problem: Any, tables: Sequence[type[BaseModel]]) -> tuple[Place, str]:
    """Return the key of the file that a problem is about, and a message that names it.

    *tables* are the models of the whole: one, or the members of a union.
    """
    location, tables = _follow(problem["loc"], tables)
    kind = problem["type"]
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        location = (*location, problem["ctx"]["discriminator"].strip("'"))
    key = _as_key(location)
    match kind:
        case "extra_forbidden":
            allowed = ", ".join(tables[0].model_fields) if tables else ""
            return location, f"{key}: unknown key; allowed here: {allowed}"
        case "missing" | "union_tag_not_found":
            return location, f"{key}: missing; add it"
        case "union_tag_invalid":
            *tags, last = problem["ctx"]["expected_tags"].split(", ")
            others = ", ".join(tags)
            tag = problem["ctx"]["tag"]
            return location, f"{key}: {tag!r} should be {others} or {last}"
        case "value_error":
            prefix = f"{key}: " if key else ""
            return location, f"{prefix}{problem['ctx']['error']}"
        case _:
            subject, should, wish = problem["msg"].partition(" should ")  # Of "String should …".
            message = f"should {wish}" if should else f"is wrong: {subject}"
            return location, f"{key}: {_shown(problem['input'])} {message}"


def _as_key(location: Place) -> str:
    """Return a place as a person writes it: ``features[0].kind``."""
    parts = []
    for part in location:
        parts.append(f"[{part}]" if isinstance(part, int) else f".{part}")
    return "".join(parts).lstrip(".")


def _shown(value: object) -> str:
    as_written = list(value) if isinstance(value, tuple) else value
    shown = repr(as_written)
    if len(shown) <= _MAX_VALUE_CHARACTERS_SHOWN:
        return shown
    return f"{shown[: _MAX_VALUE_CHARACTERS_SHOWN - 3]}…"


def _follow(
    location: Sequence[int | str], tables: Sequence[type[BaseModel]]
) -> tuple[Place, Sequence[type[BaseModel]]]:
    """Return a location without names of types and tags, and the table of its last key."""
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
            tables = _tables_of_key(tables, part)
    return tuple(path), table_of_key


def _tables_of_key(tables: Sequence[type[BaseModel]], key: str) -> list[type[BaseModel]]:
    """Return the tables that may stand under a key of the first of some tables."""
    if not tables:
        return []
    field = tables[0].model_fields.get(key)
    return [] if field is None else _tables_in(field.annotation)


def _has_tag(table: type[BaseModel], tag: str) -> bool:
    annotations = [field.annotation for field in table.model_fields.values()]
    return any(get_args(annotation) == (tag,) for annotation in annotations)


def _tables_in(annotation: Any) -> list[type[BaseModel]]:
    """Return the tables that an annotation names, such as SplitConfig in ``SplitConfig | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    tables: list[type[BaseModel]] = []
    for part in get_args(annotation):
        tables += _tables_in(part)
    return tables


class _Entry(NamedTuple):
    """A header or a key of a TOML text: its line, its path, and which table of a list it is in."""

    line: int
    path: list[str]
    table_number: int | None


def line_of(text: str, place: Place) -> int:
    """Return the line of a value: that of its deepest table or key in the text."""
    names = [str(part) for part in place if not isinstance(part, int)]
    table_number = next((part for part in place if isinstance(part, int)), 0)
    best, depth = 1, 0
    for entry in _entries(text):
        if entry.table_number not in (None, table_number):
            continue
        entry_depth = len(entry.path)
        is_on_the_way = entry.path == names[:entry_depth]
        if is_on_the_way and entry_depth > depth:
            best, depth = entry.line, entry_depth
    return best


def _entries(text: str) -> Iterator[_Entry]:
    """Yield the headers and keys of a TOML text, as far as lines show them."""
    table: list[str] = []
    table_number: int | None = None
    seen: dict[str, int] = {}
    for line_number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        if header is not None:
            name = header[1].strip()
            table = [part.strip("\"' ") for part in name.split(".")]
            table_number = None
            if line.lstrip().startswith("[["):
                seen[name] = seen.get(name, -1) + 1
                table_number = seen[name]
            yield _Entry(line_number, table, table_number)
            continue
        key = _KEY.match(line)
        if key is not None:
            path = [part.strip("\"'") for part in key[1].split(".")]
            yield _Entry(line_number, table + path, table_number)
