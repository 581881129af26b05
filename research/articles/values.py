"""Values of a row → text: numbers, lists of paragraphs, Mongo's wrappers, nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from research.articles.written_dates import CHINA_TIME

_MILLISECONDS = 1000
# A list of paragraphs may hold objects: these of their fields are text, others are pictures.
_PARAGRAPH_KEYS = ("text", "content", "body", "html", "paragraphs", "paragraph", "p", "value")
_MAX_DEPTH = 20
# MongoDB's JSON wraps what JSON has no type for.
_MONGO_NUMBERS = ("$numberInt", "$numberLong", "$numberDouble", "$numberDecimal")


class NotTextError(ValueError):
    """A value is no text; the message names its type."""


def as_text(value: object, joint: str = "\n") -> str:
    """Return a value as text, "" for none; the items of a list are joined by *joint*.

    Raises NotTextError for what is neither text, a number, a date, nor a list of these.

    >>> as_text(["一段。", "二段。"]), as_text({"$numberInt": "4"}), as_text(float("nan"))
    ('一段。\\n二段。', '4', '')
    """
    return joint.join(_texts(value, 0))


def _texts(value: object, depth: int) -> list[str]:
    """Return the texts in a value, none for none."""
    plain = plain_value(value)
    if plain is None:
        return []
    if isinstance(plain, str):
        return [plain] if plain else []
    if isinstance(plain, bool):
        raise NotTextError("bool")
    if isinstance(plain, int | float | Decimal):
        return [str(plain)]
    if depth > _MAX_DEPTH:
        raise NotTextError("list in lists without end")
    if isinstance(plain, list | tuple):
        return [text for item in plain for text in _texts(item, depth + 1)]
    if isinstance(plain, Mapping) and (depth or _paragraph_of(plain) is not None):
        return _texts(_paragraph_of(plain), depth + 1)
    raise NotTextError(type(plain).__name__)


def _paragraph_of(item: Mapping[str, Any]) -> object:
    """Return the text of an item in a list of paragraphs, None of a picture."""
    for key in _PARAGRAPH_KEYS:
        if key in item:
            return item[key]
    return None


def plain_value(value: Any) -> Any:
    """Return a value without wrappers: NaN as None, dates in ISO, whole floats as integers."""
    if value is None or isinstance(value, str | bool | int):
        return value
    # Missing values of frames: NaT is a date to Python.
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping) and len(value) == 1:
        return _without_wrapper(value)
    if hasattr(value, "tolist"):  # Of numpy: a number or an array.
        value = value.tolist()
    if isinstance(value, float | Decimal):
        return _plain_number(value)
    return value


def _plain_number(value: float | Decimal) -> object:
    if value != value:  # NaN.
        return None
    if value == value.to_integral_value() if isinstance(value, Decimal) else value.is_integer():
        return int(value)
    return value


def _without_wrapper(value: Mapping[str, Any]) -> object:
    """Return what MongoDB wraps in an object of one key; other objects as they are."""
    ((key, content),) = value.items()
    if key == "$oid":
        return content
    if key in _MONGO_NUMBERS:
        return _number(content)
    if key == "$date":
        return _mongo_date(plain_value(content))
    return value


def _number(content: object) -> object:
    try:
        return plain_value(float(str(content)))
    except ValueError:
        return str(content)


def _mongo_date(content: object) -> object:
    """Return the moment of ``$date`` in ISO, in China's time: a text, or milliseconds since 1970.

    MongoDB keeps moments in Greenwich's time: 16:00 there is midnight of the next day in China.
    """
    try:
        if isinstance(content, int | float):
            moment = datetime.fromtimestamp(content / _MILLISECONDS, UTC)
        else:
            moment = datetime.fromisoformat(str(content))
        return (moment.astimezone(CHINA_TIME) if moment.tzinfo else moment).isoformat()
    except (OverflowError, OSError, ValueError):
        return content if isinstance(content, str) else str(content)
