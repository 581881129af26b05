"""Words shown to people: one catalogue per language, with the same keys.

The catalogues are ``texts.zh.toml`` and ``texts.en.toml``. No other module holds a label.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any, Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@cache
def catalogue(language: Language) -> dict[str, dict[str, Any]]:
    """Return the texts of a language by group and key; a list stands for names in their order."""
    folder = resources.files("research.report")
    file = folder / f"texts.{language}.toml"
    return tomllib.loads(file.read_text("utf-8"))


def text(language: Language, key: str, **values: object) -> str:
    """Return a text, its ``{names}`` filled in.

    >>> text("en", "drift.labelled", section="环保")
    'labelled 环保'
    """
    template = str(_entry(language, key))
    if not values:
        return template
    return template.format(**values)


def names(language: Language, key: str) -> tuple[str, ...]:
    """Return a list of names, such as the heads of a table's columns."""
    return tuple(_entry(language, key))


def both(key: str, separator: str = " ", **values: object) -> str:
    """Return the Chinese text and the English one, for pages that show them side by side."""
    texts = [text(language, key, **values) for language in LANGUAGES]
    return separator.join(texts)


def _entry(language: Language, key: str) -> Any:
    group, _, name = key.partition(".")
    entries = catalogue(language)[group]
    return entries[name]
