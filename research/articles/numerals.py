"""Whole numbers as Chinese writes them: 二十三, 廿三, 二三, 一百零四, 元, ２３, 23."""

from __future__ import annotations

import re

_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}
_DIGITS |= {"零": 0, "○": 0, "两": 2, "兩": 2, "元": 1}
_TENS_IN_ONE = {"廿": "二十", "卄": "二十", "卅": "三十", "卌": "四十"}

NUMERAL = rf"(?:\d+|[{''.join(_DIGITS)}十百{''.join(_TENS_IN_ONE)}]+)"
"""A regular expression of what may be a number; :func:`chinese_number` decides."""

_WITH_TENS = re.compile(
    r"""
    (?: (?P<hundreds> \D)? 百 零? )?
    (?: (?P<tens> [^十百零])? (?P<ten> 十) )?
    (?P<ones> [^十百零])?
    """,
    re.VERBOSE,
)


def chinese_number(text: str) -> int | None:
    """Return the number that a text without spaces is, None where it is none.

    >>> [chinese_number(text) for text in ("廿三", "一百零四", "二三", "元", "二十五十")]
    [23, 104, 23, 1, None]
    """
    if text.isdecimal():
        return int(text)
    for short, long in _TENS_IN_ONE.items():
        text = text.replace(short, long)
    if "十" in text or "百" in text:
        return _with_tens(text)
    digits = [_DIGITS.get(character) for character in text]
    if not digits or None in digits:
        return None
    return int("".join(map(str, digits)))


def _with_tens(text: str) -> int | None:
    """Return a number that is written with 十 or 百."""
    match = _WITH_TENS.fullmatch(text)
    if match is None:
        return None
    hundreds = _digit(match["hundreds"], 1 if "百" in text else 0)
    tens = _digit(match["tens"], 1 if match["ten"] else 0)
    ones = _digit(match["ones"], 0)
    if hundreds is None or tens is None or ones is None:
        return None
    return 100 * hundreds + 10 * tens + ones


def _digit(character: str | None, otherwise: int) -> int | None:
    if character is None:
        return otherwise
    return _DIGITS.get(character)
