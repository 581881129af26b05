"""The page numbers that running lines print: the numbers that count the pages.

Digits, Roman numerals and Chinese ones (第九页). A number that names a newspaper's page (第 01 版)
or a day counts nothing here.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from research.articles.dates import without_days
from research.articles.numerals import chinese_number

_MIN_SHARE_OF_STEPS = 0.6  # Of the steps between pages, those on which the number goes up alike.
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_NUMBER = re.compile(
    r"""
      (?P<digits> (?<!\d) \d{1,5} (?!\d))
    | (?P<roman> (?<![A-Za-z]) [ivxlcIVXLC]{1,8} (?![A-Za-z]))
    | (?<=第) (?P<chinese> [〇零一二三四五六七八九十百]{1,5}) (?=[页頁])
    """,
    re.VERBOSE,
)
_OF_PAPER = re.compile(r"第?\s{0,4}([A-Z]?\d{1,3})\s{0,4}版")


class Number(NamedTuple):
    """A printed number, and its name where it is no decimal one (``iv``)."""

    value: int
    name: str = ""


class RunningText(NamedTuple):
    """A running line's text, and its pattern, which it shares with those of other pages."""

    pattern: str
    text: str


def page_of_paper(text: str) -> str:
    """Return the newspaper's page that a running line names, "" where it names none.

    >>> page_of_paper("《栖川日报》（2024年03月05日 第 01 版）")
    '01版'
    """
    plain = unicodedata.normalize("NFKC", text)
    match = _OF_PAPER.search(without_days(plain))
    return f"{match[1]}版" if match else ""


def without_numbers(text: str) -> str:
    """Return a text without spaces, every number one sign: what running lines have in common."""
    plain = unicodedata.normalize("NFKC", text)
    plain = _NUMBER.sub("#", plain)
    plain = re.sub(r"#+|\d+", "#", plain)
    plain = re.sub(r"(星期|周)[一二三四五六日天]", r"\1#", plain)
    return "".join(plain.split())


def printed_numbers(pages: Mapping[int, Sequence[RunningText]], n_pages: int) -> dict[int, Number]:
    """Return the printed number of each page, {} where none counts the pages.

    A page on which none is printed is counted on from the one before it.

    Parameters
    ----------
    pages : the running lines of each page, by the page's place.
    n_pages : how many pages there are.
    """
    printed: dict[int, Number] = {}
    slots = sorted(_slots(pages), key=_agreement, reverse=True)
    for slot in slots:
        if _agreement(slot) >= _MIN_SHARE_OF_STEPS:
            printed = slot | printed
    numbers: dict[int, Number] = {}
    for page in range(n_pages):
        before = numbers.get(page - 1)
        if page in printed:
            numbers[page] = printed[page]
        elif before is not None and not before.name:
            numbers[page] = Number(before.value + 1)
    return numbers


def _slots(pages: Mapping[int, Sequence[RunningText]]) -> Iterable[dict[int, Number]]:
    """Return the numbers that stand at one place of lines of one pattern, each by page."""
    slots: dict[tuple[str, int], dict[int, Number]] = defaultdict(dict)
    for page, lines in pages.items():
        for line in lines:
            numbers = _numbers_in(line.text)
            for place, number in enumerate(numbers):
                slot = slots[line.pattern, place]
                slot.setdefault(page, number)
    return slots.values()


def _numbers_in(text: str) -> list[Number]:
    plain = unicodedata.normalize("NFKC", text)
    plain = without_days(plain)
    plain = _OF_PAPER.sub(" ", plain)
    return [_number(match) for match in _NUMBER.finditer(plain)]


def _number(match: re.Match[str]) -> Number:
    if match["digits"]:
        value = int(match["digits"])
        return Number(value)
    roman: str | None = match["roman"]
    if roman:
        value = _roman(roman.lower())
        return Number(value, roman)
    return Number(chinese_number(match["chinese"]) or 0)


def _roman(text: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in text]
    total = values[-1]
    for value, following in pairwise(values):
        total += -value if value < following else value
    return total


def _agreement(slot: Mapping[int, Number]) -> float:
    """Return the share of steps between pages on which a number goes up as the pages do."""
    steps = list(pairwise(sorted(slot)))
    if not steps:
        return 0.0
    n_right = 0
    for page, later in steps:
        difference = slot[later].value - slot[page].value
        n_right += difference == later - page
    return n_right / len(steps)
