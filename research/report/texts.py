"""Words shown to people: one catalogue per language, with the same keys.

The catalogues are ``texts.zh.toml`` and ``texts.en.toml``. No other module holds a label. A page
holds both languages and shows one (see ``page``); the command line prints one.
"""

from __future__ import annotations

import locale
import os
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any, Literal, NamedTuple

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
DEFAULT_LANGUAGE: Language = "zh"
"""Of a page whose experiment names none: the same on every machine, for a run is its bytes."""

LANGUAGE_VARIABLE = "RESEARCH_LANGUAGE"
# Of POSIX, the first that is set decides.
_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


class Wording(NamedTuple):
    """One text in both languages."""

    zh: str
    en: str

    def of(self, language: Language) -> str:
        """Return the text in one language."""
        return self.zh if language == "zh" else self.en


@cache
def catalogue(language: Language) -> dict[str, dict[str, Any]]:
    """Return the texts of a language by group and key; a list stands for names in their order."""
    folder = resources.files("research.report")
    file = folder / f"texts.{language}.toml"
    return tomllib.loads(file.read_text("utf-8"))


def text(language: Language, key: str, **values: object) -> str:
    """Return a text, its ``{names}`` filled in; a value that is a wording in the same language.

    >>> text("en", "drift.labelled", section="环保")
    'labelled 环保'
    """
    template = str(_entry(language, key))
    if not values:
        return template
    return template.format(**values_in(language, values))


def wording(key: str, **values: object) -> Wording:
    """Return a text in both languages, its ``{names}`` filled in."""
    return in_each(lambda language: text(language, key, **values))


def in_each(word: Callable[[Language], str]) -> Wording:
    """Return what *word* returns for each language."""
    return Wording(zh=word("zh"), en=word("en"))


def names(language: Language, key: str) -> tuple[str, ...]:
    """Return a list of names, such as the heads of a table's columns."""
    return tuple(_entry(language, key))


def wordings(key: str) -> tuple[Wording, ...]:
    """Return a list of names in both languages."""
    return tuple(map(Wording, names("zh", key), names("en", key)))


def joined(parts: Iterable[Wording]) -> Wording:
    """Return names with commas between."""
    listed = list(parts)
    return Wording("、".join(part.zh for part in listed), ", ".join(part.en for part in listed))


def field_name(field: str) -> Wording:
    """Return what a field of articles is called; one of the corpus's own by its own name."""
    if field in catalogue("en")["fields"]:
        return wording(f"fields.{field}")
    return Wording(field, field)


def values_in(language: Language, values: Mapping[str, object]) -> dict[str, object]:
    """Return values to fill in, with those that are wordings in one language."""
    return {
        name: value.of(language) if isinstance(value, Wording) else value
        for name, value in values.items()
    }


def terminal_language() -> Language:
    """Return the language of the command line's tables.

    ``RESEARCH_LANGUAGE`` decides, zh or en; where it is not set, the locale of the system:
    Chinese where that is Chinese, else English.
    """
    asked = os.environ.get(LANGUAGE_VARIABLE, "").strip().lower()
    for language in LANGUAGES:
        if asked.startswith(language):
            return language
    is_chinese = _system_locale().lower().startswith(("zh", "chinese"))
    return "zh" if is_chinese else "en"


def printed(key: str, **values: object) -> str:
    """Return a text in the language of the command line."""
    return text(terminal_language(), key, **values)


def printed_names(key: str) -> tuple[str, ...]:
    """Return a list of names in the language of the command line."""
    return names(terminal_language(), key)


def _system_locale() -> str:
    for variable in _LOCALE_VARIABLES:
        value = os.environ.get(variable)
        if value:
            return value
    return locale.getlocale()[0] or ""


def _entry(language: Language, key: str) -> Any:
    group, _, name = key.partition(".")
    entries = catalogue(language)[group]
    return entries[name]
