"""Dates in years of the Republic and of reigns, as Western dates: 民国二十三年, 光绪三十年.

A Western date is given only for what is certain. Months of the Qing, and of Japan before 1873, are
months of the lunar calendar; so are 正月, 闰三月, 初五 or 农历 in any year. Such a date is refused
with its reason unless the text gives the Western date too: 光绪三十年五月三日（1904年6月16日）.
The year alone is read as the Western year in which most of it lies.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import NamedTuple

from research.articles.numerals import NUMERAL, chinese_number
from research.articles.written_dates import (
    BRANCHES,
    STEMS,
    WrittenDate,
    in_calendar,
    written_date,
)


class _Era(NamedTuple):
    """Years that are counted from a beginning.

    ``year_one`` is the Western year of the first one (元年) and ``last_year`` of the last one;
    months are those of the Western calendar from ``solar_from`` to ``solar_until``, both included.
    """

    year_one: int
    last_year: int
    solar_from: date | None = None
    solar_until: date | None = None


_LAST_YEAR = 2099
_REPUBLIC = _Era(1912, _LAST_YEAR, date(1912, 1, 1), date(_LAST_YEAR, 12, 31))
_ERAS = {
    "民国": _REPUBLIC,
    "民國": _REPUBLIC,
    "洪宪": _Era(1916, 1916, date(1916, 1, 1), date(1916, 3, 23)),
    "大同": _Era(1932, 1934, date(1932, 3, 1), date(1934, 2, 28)),
    "康德": _Era(1934, 1945, date(1934, 3, 1), date(1945, 8, 18)),
    "明治": _Era(1868, 1912, date(1873, 1, 1), date(1912, 7, 30)),
    "大正": _Era(1912, 1926, date(1912, 7, 30), date(1926, 12, 25)),
    "昭和": _Era(1926, 1989, date(1926, 12, 25), date(1989, 1, 7)),
    "平成": _Era(1989, 2019, date(1989, 1, 8), date(2019, 4, 30)),
    "令和": _Era(2019, _LAST_YEAR, date(2019, 5, 1), date(_LAST_YEAR, 12, 31)),
    "顺治": _Era(1644, 1661),
    "康熙": _Era(1662, 1722),
    "雍正": _Era(1723, 1735),
    "乾隆": _Era(1736, 1795),
    "嘉庆": _Era(1796, 1820),
    "道光": _Era(1821, 1850),
    "咸丰": _Era(1851, 1861),
    "同治": _Era(1862, 1874),
    "光绪": _Era(1875, 1908),
    "宣统": _Era(1909, 1911),
}
_TRADITIONAL = {
    "洪憲": "洪宪",
    "順治": "顺治",
    "嘉慶": "嘉庆",
    "咸豐": "咸丰",
    "光緒": "光绪",
    "宣統": "宣统",
}
_ERA_NAMES = "|".join((*_ERAS, *_TRADITIONAL))
_CYCLE_YEARS = 60
_FIRST_YEAR_OF_A_CYCLE = 4  # Of the Western calendar: a year 甲子.

_ERA = re.compile(_ERA_NAMES)
_LUNAR_CALENDAR = r"[农農夏旧舊阴陰废廢][历曆]"
_LUNAR_SIGN = re.compile(rf"{_LUNAR_CALENDAR}|[正冬腊臘]月|[闰閏初]")
_WEEKDAY = re.compile(r"(?:星期|礼拜|禮拜|周|週)[一二三四五六日天]")
# The lunar date that papers print beside a whole one: 五月三日 夏历三月二十日.
_LUNAR_GLOSS = re.compile(rf"(?<=[日号號])\W*{_LUNAR_CALENDAR}.*")
_ANY_DAY = "2000-01-01"
_WESTERN = re.compile(
    r"""
    (?: (?: 公元 | 西元 | [西公][历曆] ) \s{0,4} )?
    (?<!\d) (?P<year> (?: 1[6-9] | 20) \d\d | [一二][〇零○一二三四五六七八九]{3} (?= \s*年) )
    (?: \s*年\s* (?P<month> NUMERAL) \s*月 (?: \s* (?P<day> NUMERAL) \s*[日号] )?
      | (?P<mark> [-/.]) (?P<n_month> \d{1,2}) (?: (?P=mark) (?P<n_day> \d{1,2}) )?
      | \s*年
    )? (?!\d)
    """.replace("NUMERAL", NUMERAL),
    re.VERBOSE,
)
_AROUND = " \t,=即"  # What stands between a reign's date and the Western one.
_BRACKETS = re.compile(r"[()\[\]〔〕【】]")
_IN_REIGN = re.compile(
    rf"""
    (?: 大?清 | 中[华華] | [大伪偽]?[满滿](?:洲[国國])? | 大?日本 )? \s*+
    (?P<era> {_ERA_NAMES}) \s*+
    (?: (?P<year> {NUMERAL}) \s*+ (?: 年 | (?= $ | [-/.、·] | \s*+[{STEMS}][{BRANCHES}]) ) )? \s*+
    (?: (?P<cycle> [{STEMS}][{BRANCHES}]) \s*+ 年? )? \s*+
    (?P<calendar> [农農夏旧舊阴陰废廢国國公阳陽新西][历曆] )? \s*+
    (?: [闰閏]? (?P<month> [正冬腊臘] | {NUMERAL}) \s*+月份?
        (?: \s*+ (?P<day> 初?{NUMERAL}) \s*+ (?P<day_mark> [日号號]?) )?
      | (?P<mark> [-/.、·]) \s*+ (?P<n_month> {NUMERAL})
        (?: (?P=mark) \s*+ (?P<n_day> {NUMERAL}) )?
    )?
    """,
    re.VERBOSE,
)


_SOLAR_ERAS = "|".join(name for name, era in _ERAS.items() if era.solar_from is not None)
_YEAR_OF_SOLAR_ERA = re.compile(rf"(?P<era>{_SOLAR_ERAS})\s*+(?P<year>{NUMERAL})\s*+年")


class _Written(NamedTuple):
    """A date as it was written: text, name of the reign, Western year, and month and day if any."""

    text: str
    name: str
    year: int
    month: int | None
    day: int | None
    lunar: bool  # Whether month and day are of the lunar calendar, by sign or by reign.

    @property
    def iso(self) -> str:
        """The date in ISO, taking month and day for Western ones."""
        return in_calendar(WrittenDate(self.year, self.month, self.day), self.text)


def date_in_reign(value: str) -> str | None:
    """Return the Western date (ISO, as exact as it was) of a date in a reign or the Republic.

    Parameters
    ----------
    value
        A date as a person wrote it; None is returned where it names no reign.

    Raises
    ------
    ValueError
        With the reason, where it names a reign but no date that is certain.

    >>> date_in_reign("民国二十三年五月三日"), date_in_reign("光绪三十年"), date_in_reign("1934")
    ('1934-05-03', '1904', None)
    """
    text = unicodedata.normalize("NFKC", value)
    if _ERA.search(text) is None:
        return None
    text = _WEEKDAY.sub("", text)
    western = _WESTERN.search(text)
    if western is None:
        return _certain_date(_read(value, text))
    without_western = text[: western.start()] + " " + text[western.end() :]
    written = _read(value, without_western)
    return _agreed_date(written, western)


def western_years(text: str) -> str:
    """Return a text with Western years for those of eras that have Western months.

    A date of the lunar calendar is none after it either: 1934年五月初三.

    >>> western_years("中华民国二十三年五月三日")
    '中华1934年五月三日'
    """
    if _ERA.search(text) is None:
        return text
    return _YEAR_OF_SOLAR_ERA.sub(_western_year, text)


def _western_year(match: re.Match[str]) -> str:
    era = _ERAS[match["era"]]
    number = chinese_number(match["year"])
    if number is None or not 1 <= number <= era.last_year - era.year_one + 1:
        return match[0]
    return f"{era.year_one + number - 1}年"


def _read(value: str, text: str) -> _Written:
    """Read the part of *value* that is a date in a reign."""
    text = _BRACKETS.sub(" ", text)
    text = _LUNAR_GLOSS.sub("", text)
    text = text.strip(_AROUND)
    match = _IN_REIGN.match(text)
    if match is None or not (match["year"] or match["cycle"]) or _says_more(text[match.end() :]):
        raise ValueError(
            f"{value!r} is not a date; write it as 民国二十三年五月三日, 光绪三十年 or 1934-05-03"
        )
    name = match["era"]
    era = _ERAS[_TRADITIONAL.get(name, name)]
    year = _year(value, match, era)
    month = match["month"] or match["n_month"]
    day = match["day"] or match["n_day"]
    lunar = month is not None and (era.solar_from is None or _has_lunar_sign(match))
    if lunar:
        return _Written(value, name, year, None, None, lunar=True)
    written = _Written(value, name, year, _number(value, month), _number(value, day), lunar=False)
    _check_within(written, era)
    return written


def _says_more(rest: str) -> bool:
    """Return whether what follows a date is anything but time of day, page and the like."""
    try:
        written_date(f"{_ANY_DAY} {rest}")
    except ValueError:
        return True
    return False


def _has_lunar_sign(match: re.Match[str]) -> bool:
    """Return whether month or day are written as only the lunar calendar's are.

    One of them is a day in Chinese numerals without 日.
    """
    if _LUNAR_SIGN.search(match[0]):
        return True
    day = match["day"]
    return day is not None and not day.isdecimal() and not match["day_mark"]


def _year(value: str, match: re.Match[str], era: _Era) -> int:
    """Return the Western year, by number or by name (甲戌) in the cycle of sixty."""
    number = _number(value, match["year"])
    cycle = match["cycle"]
    last_number = era.last_year - era.year_one + 1
    if number is not None and not 1 <= number <= last_number:
        raise ValueError(
            f"{value!r} is impossible: years of {match['era']} go from 1 to {last_number}"
        )
    first_year = era.year_one
    years = range(first_year, min(era.last_year, first_year + _CYCLE_YEARS - 1) + 1)
    if number is not None:
        year = first_year + number - 1
        years = range(year, year + 1)
    for year in years:
        if cycle is None or _cycle_name(year) == cycle:
            return year
    raise ValueError(f"{value!r} is impossible: that year of {match['era']} is not {cycle}")


def _cycle_name(year: int) -> str:
    """Return the name of a year in the cycle of sixty."""
    position = year - _FIRST_YEAR_OF_A_CYCLE
    return STEMS[position % len(STEMS)] + BRANCHES[position % len(BRANCHES)]


def _number(value: str, text: str | None) -> int | None:
    if text is None:
        return None
    number = chinese_number(text)
    if number is None:
        raise ValueError(f"{value!r} is not a date: {text} is no number")
    return number


def _check_within(written: _Written, era: _Era) -> None:
    """Raise ValueError for a month or day of the Western calendar that the reign does not have."""
    if written.month is None or era.solar_from is None or era.solar_until is None:
        return
    day = written.iso
    first = era.solar_from.isoformat()
    last = era.solar_until.isoformat()
    n = len(day)
    if not first[:n] <= day <= last[:n]:
        raise ValueError(
            f"{written.text!r} is impossible: {written.name} has days of the Western calendar from "
            f"{first} to {last} only"
        )


def _certain_date(written: _Written) -> str:
    """Return the date of a reign that stands alone."""
    if written.lunar:
        raise ValueError(
            f"{written.text!r} has a month of the lunar calendar, or one that may be; "
            "add the Western date in brackets, or give the year alone"
        )
    return written.iso


def _agreed_date(written: _Written, western: re.Match[str]) -> str:
    """Return the more exact of a reign's date and the Western date beside it."""
    year, month, day = western["year"], western["month"], western["day"]
    month = month or western["n_month"]
    day = day or western["n_day"]
    if month is None and written.lunar:
        return _certain_date(written)
    other_year = chinese_number(year) or 0
    other_date = WrittenDate(other_year, _number(year, month), _number(year, day))
    other = in_calendar(other_date, written.text)
    one = written.iso
    agree = one.startswith(other) or other.startswith(one)
    if written.lunar:
        # The last months of a lunar year lie in the next Western one.
        agree = other_year - written.year in (0, 1)
    if not agree:
        raise ValueError(
            f"{written.text!r} contradicts itself: {one} by the reign, {other} by the Western date"
        )
    return max(one, other, key=len)
