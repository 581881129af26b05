"""Whole numbers as Chinese writes them: 二十三, 廿三, 二三, 一百零四, 元, ２３, 23.

Numbers of the lunar calendar (正月, 腊月, 初五) are none of them.
"""

from __future__ import annotations

import re

_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}
_DIGITS |= {"零": 0, "○": 0, "两": 2, "兩": 2, "元": 1}
_TENS_IN_ONE = {"廿": "二十", "卄": "二十", "卅": "三十", "卌": "四十"}

NUMERAL = rf"(?:\d+|[{''.join(_DIGITS)}十百{''.join(_TENS_IN_ONE)}]+)"
"""A regular expression of what may be a number; :func:`chinese_number` decides."""

_FORMAL = str.maketrans(
    "壹贰叁肆伍陆柒捌玖貳參叄陸拾佰仟Oo", "一二三四五六七八九二三三六十百千〇〇"
)
_ANY = "〇零○一二三四五六七八九两兩十百千廿卄卅壹贰叁肆伍陆柒捌玖貳參叄陸拾佰仟"
_NUMBER_OF_DATE = re.compile(
    rf"""
    [{_ANY}] [{_ANY}Oo]{{1,7}} (?= \s{{0,4}} 年)    # O: a zero of a hasty hand
    | (?<! [{_ANY}初闰閏第周]) (?: [{_ANY}]{{1,4}} | 元) (?= \s{{0,4}} [月日号號时時点點分])
    """,
    re.VERBOSE,
)

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


_DATE_BETWEEN_MARKS = re.compile(rf"([{_ANY}]{{4}})([-/.])([{_ANY}]{{1,3}})\2([{_ANY}]{{1,3}})")


def arabic_dates(text: str) -> str:
    """Return a text with digits in the place of the Chinese numbers of its dates and times.

    >>> arabic_dates("二〇二三年十二月廿一日 星期四")
    '2023年12月21日 星期四'
    """
    if text.isascii():
        return text
    if match := _DATE_BETWEEN_MARKS.fullmatch(text):  # 二〇二三.一.五
        numbers = [chinese_number(part.translate(_FORMAL)) for part in match.group(1, 3, 4)]
        if None not in numbers:
            return match[2].join(map(str, numbers))
    return _NUMBER_OF_DATE.sub(_arabic, text)


def _arabic(match: re.Match[str]) -> str:
    """Return a number in digits, or as it is where it is none."""
    text = match[0].translate(_FORMAL)
    thousands, _, rest = text.rpartition("千")
    if not thousands:
        number = chinese_number(text)
        positional = "十" not in text and "百" not in text
        width = len(text) if positional else 1  # 〇五年 is 05.
        return match[0] if number is None else str(number).zfill(width)
    n_thousands = chinese_number(thousands)
    number = chinese_number(rest.lstrip("零〇") or "零")
    if n_thousands is None or number is None:
        return match[0]
    return str(1000 * n_thousands + number)
