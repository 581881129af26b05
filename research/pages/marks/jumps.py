"""Marks of jumps: （上接01版） at a text's beginning, （下转03版） at its end.

Reads one text; :mod:`research.pages.jumps` joins articles over the pages of an issue.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_CHINESE_DIGITS = {char: n for n, char in enumerate("一二三四五六七八九十", 1)}
_PAGE_NUMBER = r"(?P<letter>[A-Z]?)\s*+(?P<number>[0-9]{1,3}|[一二三四五六七八九十]{1,3})"
JUMP_FROM = re.compile(
    rf"""
    ^\s*+[▶◀←]*+\s*+
    (?P<open>[（(【])?\s*+
    (?:上接|紧上?接|(?(open)接|$.))      # 接 alone is a mark only in brackets
    \s*+第?\s*+{_PAGE_NUMBER}\s*+版
    (?(open)[^）)】。，]{{0,16}}[）)】])\s*+  # …版《要闻》）: what opened is closed
    """,
    re.VERBOSE,
)
JUMP_TO = re.compile(
    rf"""
    \s{{0,8}}[（(【▶→]{{0,4}}\s{{0,4}}
    (?:紧?下转|转)
    \s*+第?\s*+{_PAGE_NUMBER}\s*+版
    [^）)】。，]{{0,8}}[）)】▶→]*+\s*+$
    """,
    re.VERBOSE,
)


class PageMark(NamedTuple):
    """A page that a mark means: its number, and its name where that has a letter (``A03``)."""

    number: int | None = None
    name: str = ""


def take_jumps(texts: list[str]) -> tuple[list[str], PageMark, PageMark]:
    """Take the marks of other pages off the first and the last paragraph.

    Parameters
    ----------
    texts: an article's paragraphs; changed in place.

    Returns
    -------
    The paragraphs that are left, the page that the text comes from, and the one that it goes to,
    each without a number where no mark names it.
    """
    jump_from = jump_to = PageMark()
    if not texts:
        return [], jump_from, jump_to
    first = texts[0]
    if mark := JUMP_FROM.match(first):
        jump_from = _page(mark)
        texts[0] = first[mark.end() :]
    last = texts[-1]
    if mark := JUMP_TO.search(last):
        jump_to = _page(mark)
        texts[-1] = last[: mark.start()]
    left = [text for text in texts if text]
    return left, jump_from, jump_to


def _page(mark: re.Match[str]) -> PageMark:
    number = _number(mark["number"])
    letter = mark["letter"]
    return PageMark(number, f"{letter}{number:02d}" if letter else "")


def _number(text: str) -> int:
    """Read a page number: ``03`` → 3, ``十二`` → 12."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if ten:
        return 10 * _CHINESE_DIGITS.get(tens, 1) + _CHINESE_DIGITS.get(ones, 0)
    return _CHINESE_DIGITS.get(text[-1], 0)
