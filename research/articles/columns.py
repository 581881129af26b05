"""Further columns of a corpus's rows, that articles can be compared by: region, channel, views …

Only short values are kept: by texts nothing can be compared.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from research.articles.article import FIELD_NAMES

# What an article's fields are called in a corpus that this program wrote.
_ARTICLE_FIELDS = FIELD_NAMES - {"source"}
_MAX_CHARACTERS = 40


def columns_of(
    values: Mapping[str, Any], read: Collection[str], names: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """Return the names and values of a row's further columns, those without a value left out.

    Parameters
    ----------
    values : the row.
    read : names of its fields that are read as something else.
    names : names for some columns → what the row calls them; these are kept whatever their length.
    """
    columns = {}
    for key, value in values.items():
        text = _as_text(value)
        is_further = key not in read and key not in _ARTICLE_FIELDS
        if is_further and 0 < len(text) <= _MAX_CHARACTERS:
            columns[str(key)] = text
    for name, key in names.items():
        text = _as_text(values.get(key))
        if text:
            columns[name] = text
    return tuple(columns.items())


def _as_text(value: object) -> str:
    """Return a value as text; items of a list have 、 between them, an object is ""."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "、".join(filter(None, map(_as_text, value)))
    if isinstance(value, str | int | float):
        return " ".join(str(value).split())
    return ""
