"""Traditional characters → simplified ones, one for one, so that places in a text stay.

The table is OpenCC's (Apache-2.0). A text counts as traditional where more of its characters are
only traditional than only simplified.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import NamedTuple

from research.articles.article import Text, parts_of


class _Table(NamedTuple):
    """Characters and their simplified forms, words that are exceptions, and the signs of both."""

    characters: dict[int, str]
    words: dict[str, str]
    word: re.Pattern[str]
    only_traditional: re.Pattern[str]
    only_simplified: re.Pattern[str]


@cache
def _table() -> _Table:
    path = resources.files("research.articles") / "traditional.txt"
    text = path.read_text("utf-8")
    entries, _, in_both = text.partition("----")
    characters, words = {}, {}
    for line in entries.splitlines():
        if line.startswith("#"):
            continue
        for entry in line.split():
            middle = len(entry) // 2
            traditional, simplified = entry[:middle], entry[middle:]
            if middle == 1:
                characters[ord(traditional)] = simplified
            else:
                words[traditional] = simplified
    longest_first = sorted(words, key=len, reverse=True)
    only_traditional = set(map(chr, characters)) - set(in_both)
    only_simplified = {c for c in characters.values() if _is_only_simplified(c, characters)}
    return _Table(
        characters,
        words,
        re.compile("|".join(longest_first)),
        _any_of(only_traditional),
        _any_of(only_simplified),
    )


def _is_only_simplified(character: str, characters: dict[int, str]) -> bool:
    """Return whether traditional print does not have a character: 里 and 后 it has."""
    if ord(character) in characters:
        return False
    try:
        character.encode("big5")
    except UnicodeEncodeError:
        return True
    return False


def _any_of(characters: set[str]) -> re.Pattern[str]:
    """Return a pattern of common characters: rare ones would make it many times slower."""
    common = sorted(character for character in characters if character <= "\uffff")
    return re.compile(f"[{''.join(common)}]")


def is_traditional(text: str) -> bool:
    """Return whether a text is mostly in traditional characters.

    >>> is_traditional("環境保護"), is_traditional("环境保护"), is_traditional("大小")
    (True, False, False)
    """
    if text.isascii():
        return False
    table = _table()
    if table.only_traditional.search(text) is None:
        return False
    n_traditional = len(table.only_traditional.findall(text))
    return n_traditional > len(table.only_simplified.findall(text))


def simplified(text: str) -> str:
    """Return a text in simplified characters, as many as before.

    >>> simplified("乾隆年間的乾糧")
    '乾隆年间的干粮'
    """
    table = _table()
    converted = text.translate(table.characters)
    pieces = []
    place = 0
    for match in table.word.finditer(text):
        pieces += [converted[place : match.start()], table.words[match[0]]]
        place = match.end()
    return "".join([*pieces, converted[place:]])


def simplified_article(article: Text) -> Text:
    """Return an article or text in simplified characters where it is mostly traditional."""
    if not is_traditional(parts_of(article)["all"]):
        return article
    if isinstance(article, str):
        return simplified(article)
    return replace(
        article,
        headline=simplified(article.headline),
        paragraphs=tuple(map(simplified, article.paragraphs)),
    )
