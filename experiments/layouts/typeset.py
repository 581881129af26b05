"""Breaks texts into lines as print does, and thinks up sub-headings from a text's own words."""

from __future__ import annotations

import random
import re

from experiments.layouts.styles import Style
from experiments.layouts.words import SLOGANS

NEVER_FIRST = set("，。、；：！？”’》）…—％%")
NEVER_LAST = set("“‘《（")
_HALF_WIDTH_BELOW = 0x2000
_INDENT_WIDTH = 2
# Characters: longer headlines may be broken.
_MAX_UNBROKEN_AT_SPACE = 13
_MAX_UNBROKEN = 14
_MIN_BROKEN_SUBHEADING = 7
_SUBHEADING_CLAUSE = range(5, 13)
_QUOTATION = re.compile("[“”（）《》]")
_QUOTATION_OR_COLON = re.compile("[“”（）《》：、]")


def width(text: str) -> float:
    """Return the printed width in full-width characters."""
    return sum(0.5 if ord(char) < _HALF_WIDTH_BELOW else 1.0 for char in text)


def bare(text: str) -> str:
    """Return a text without white space."""
    return re.sub(r"\s", "", text)


def wrap(text: str, column: int, style: Style, rng: random.Random) -> list[str]:
    """Set a paragraph into a column.

    Justified print squeezes punctuation marks, so lines vary by up to a character.
    """
    lines: list[str] = []
    line = ""
    for char in text:
        room = column
        if style.shortened and not lines:
            room -= _INDENT_WIDTH
        if style.kinsoku and rng.random() < 0.15 and any(mark in line for mark in "，。、"):
            room += 1
        if width(line + char) > room and not _hangs(line, char, style):
            lines.append(line.strip())
            line = ""
        line += char
    return [*lines, line.strip()]


def _hangs(line: str, char: str, style: Style) -> bool:
    """Return whether print squeezes a character in rather than begin a line with it."""
    return style.kinsoku and (char in NEVER_FIRST or line[-1:] in NEVER_LAST)


def head_lines(headline: str, max_lines: int, rng: random.Random) -> list[str]:
    """Break a headline as an editor does: at a space, else near the middle when it is long."""
    if len(headline) > _MAX_UNBROKEN_AT_SPACE and " " in headline and rng.random() < 0.5:
        return headline.split(" ")
    if len(headline) > _MAX_UNBROKEN and rng.random() < 0.6:
        middle = len(headline) // 2 + rng.randint(-2, 2)
        if headline[middle] not in NEVER_FIRST and headline[middle - 1] not in NEVER_LAST:
            halves = [headline[:middle].strip(), headline[middle:].strip()]
            if max_lines <= 2:
                return halves
            return [line for half in halves for line in head_lines(half, max_lines // 2, rng)]
    return [headline]


def clauses_of(text: str, lengths: range) -> list[str]:
    """Return the clauses of a text that have one of these lengths and no quotation marks."""
    clauses = re.split("[，。；]", text)
    return [
        clause
        for clause in clauses
        if len(clause) in lengths and not _QUOTATION_OR_COLON.search(clause)
    ]


def subheading(paragraph: str, count: int, rng: random.Random) -> str:
    """Think up a sub-heading: a slogan, or words of the paragraph, of one clause or of two.

    *count* sub-headings are before it in the article. "" where nothing fits.
    """
    if rng.random() < 0.3:
        if rng.random() < 0.7:
            return rng.choice(SLOGANS)
        return rng.choice(("：", "——", "，")).join(rng.sample(SLOGANS, 2))
    clauses = [clause for clause in re.split("[，。；：、]", paragraph)[1:] if _may_head(clause)]
    if len(clauses) < 2:
        return ""
    one, other = rng.sample(clauses, 2)
    words = rng.choice((one, one[:4] + other[-4:], other[-5:], one[:2] + other[2:6]))
    number = rng.choice(("", "", "", "", f"{'一二三四五'[count]}、"))
    return number + words


def _may_head(clause: str) -> bool:
    if len(clause) not in _SUBHEADING_CLAUSE or bare(clause) != clause:
        return False
    return not _QUOTATION.search(clause)


def subheading_lines(subhead: str, column: int, rng: random.Random) -> list[str]:
    """Break a sub-heading in two where its column is too narrow, or as an editor likes it."""
    if len(subhead) < _MIN_BROKEN_SUBHEADING:
        return [subhead]
    if width(subhead) <= column - 2 and rng.random() >= 0.1:
        return [subhead]
    middle = len(subhead) // 2 + rng.randint(-1, 1)

    def badness(place: int) -> int:
        # Near the middle, rather after a punctuation mark.
        return abs(place - middle) - 3 * (subhead[place - 1] in NEVER_FIRST)

    place = min(_break_places(subhead), key=badness)
    return [subhead[:place], subhead[place:]]


def _break_places(text: str) -> list[int]:
    """Return the places where print may break a line."""
    return [
        place
        for place in range(2, len(text) - 1)
        if text[place] not in NEVER_FIRST and text[place - 1] not in NEVER_LAST
    ]
