"""Lists of texts as users give them: checked, with one line for whatever is no list of texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Any

from research.articles.article import Article, Text
from research.errors import InputError

_MAX_PLACES_SHOWN = 3
_MAX_VALUE_CHARACTERS_SHOWN = 30


def list_of_texts(texts: Iterable[Text], name: str = "texts") -> list[Text]:
    """Return texts as a list, checked.

    Parameters
    ----------
    texts
        n strings or Articles in anything that has an order: a list, a generator, an array of one
        dimension, a column of a data frame.
    name
        What messages call them.

    Raises
    ------
    InputError
        Where it is one text, a table, or no collection, or where an item is neither text nor
        Article (as None and NaN are not); the message names the first of these and their number.
    """
    _refuse_what_is_no_list(texts, name)
    items = list(texts)
    _refuse_other_items(items, name)
    return items


def _refuse_what_is_no_list(texts: Any, name: str) -> None:
    kind = type(texts).__name__
    if isinstance(texts, str | bytes | Article):
        raise InputError(f"{name} is one {kind}, not a list; put it into a list: [text]")
    if hasattr(texts, "columns"):
        columns = ", ".join(map(repr, list(texts.columns)[:_MAX_PLACES_SHOWN]))
        raise InputError(
            f"{name} is a {kind}, not a list; give one of its columns ({columns}), such as "
            'frame["text"]'
        )
    if isinstance(texts, Mapping | Set):
        raise InputError(f"{name} is a {kind}, which is no list; give its texts in their order")
    if getattr(texts, "ndim", 1) != 1:
        raise InputError(f"{name} has shape {texts.shape}; give one dimension, such as x.ravel()")
    if not isinstance(texts, Iterable):
        raise InputError(f"{name} is {_shown(texts)} ({kind}); give a list of texts or Articles")


def _refuse_other_items(items: list[Any], name: str) -> None:
    others = [place for place, item in enumerate(items) if not isinstance(item, str | Article)]
    if not others:
        return
    shown = [f"{name}[{place}] is {_shown(items[place])}" for place in others[:_MAX_PLACES_SHOWN]]
    n_more = len(others) - len(shown)
    more = f" and {n_more} more" if n_more else ""
    raise InputError(
        f"{', '.join(shown)}{more}; each has to be a str or an Article: leave them out, or give "
        '"" for an empty text'
    )


def _shown(value: Any) -> str:
    text = repr(value)
    if len(text) > _MAX_VALUE_CHARACTERS_SHOWN:
        return text[:_MAX_VALUE_CHARACTERS_SHOWN] + "…"
    return text
