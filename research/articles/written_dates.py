"""Dates as people and programs write them → year, month, day.

A value is read whole or not at all: what stands around the date (time of day, weekday, label) must
be known too. Years of two digits and bare numbers are read in ``date_column``, beside the others.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple

from research.articles.numerals import arabic_dates

# What counts seconds names no zone; papers of China have theirs.
CHINA_TIME = timezone(timedelta(hours=8))
_MAX_VALUE_CHARACTERS = 200
# Years that a paper, or what it quotes, can have.
FIRST_YEAR, LAST_YEAR = 1000, 2199
_LAST_HOUR, _LAST_MINUTE = 24, 59

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63"), "-")
_DOTS = dict.fromkeys(map(ord, "·•・。"), ".")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_PLAIN = _DASHES | _DOTS | _INVISIBLE
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"  # 癸卯年
_LUNAR = rf"(?:[农農夏旧舊阴陰][历曆]|[{STEMS}][{BRANCHES}]年)"
_WEEKDAYS = "Mon Tue Wed Thu Fri Sat Sun"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?!\d)"
_YEAR = r"(?P<year>\d{4})(?!\d)"

_NUMERIC = re.compile(
    r"""
    (?P<year>\d{4})
    (?: \s{0,4}[-/._年,、\s]\s{0,4} (?P<month>\d{1,2}) (?!\d|[:时点])
        (?: \s{0,4}[-/._月,、\s]\s{0,4} (?P<day>\d{1,2}) (?!\d|[:时点]) (?: \s{0,4}[日号號] )?
          | \s{0,4}月 )?
      | (?P<run>\d\d(?:\d\d)?) (?!\d)                        # 202301, 20230105
      | (?P<run_with_time>\d{4}) (?=\d{4}(?:\d\d)?(?!\d))    # 202301050830
      | (?!\d) \s{0,4}年?
    )
    """,
    re.VERBOSE,
)
_DAY_MONTH_YEAR = re.compile(rf"{_DAY}[-\s./]{{0,3}}{_MONTH}[-\s,./]{{0,3}}{_YEAR}", re.IGNORECASE)
_MONTH_DAY_YEAR = re.compile(
    rf"""
    {_MONTH} [\s.]{{0,3}} {_DAY}
    (?:,?\s{{0,4}} \d\d:\d\d(?::\d\d)? (?:\s[+-]\d{{4}}|\s[A-Z]{{3,4}})? )?  # Jan 05 08:30 CST 2023
    ,?\s{{0,4}} {_YEAR}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MONTH_YEAR = re.compile(rf"{_MONTH}[\s,.-]{{0,3}}{_YEAR}", re.IGNORECASE)
_FORMS = (_NUMERIC, _DAY_MONTH_YEAR, _MONTH_DAY_YEAR, _MONTH_YEAR)
_SECONDS = re.compile(r"(1[0-8]\d{8})(?:\d{3})?(?:\.\d{1,9})?")  # Since 1970: 2001 to 2030.
# Midnight in China as programs store it that know no other zone than Greenwich.
_MIDNIGHT_IN_CHINA = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ]16:00(?::00(?:\.0{1,9})?)? ?(?:Z|[+-]00(?::?00)?|UTC|GMT)"
)
_WHOLE_NUMBER = re.compile(r"(\d{4,8})\.0{1,6}")  # As pandas writes numbers beside gaps.

_PART_OF_DAY = (
    "凌晨|清晨|早晨|早上|早|上午|中午|下午|傍晚|晚上|晚间|晚|夜间|午夜|[AaPp]\\.?[Mm]\\.?"
)
# What may stand before and after a date.
_ASIDE = re.compile(
    rf"""
      [\s,;:|\[\]()【】〔〕<>《》"'“”]
    | \. (?=\s{{0,4}}$)
    | (?P<clock> [Tt_-]? (?:{_PART_OF_DAY})? \s{{0,2}}
        (?P<hour>\d{{1,2}}) (?: : | [时時点點] )
        (?: (?P<minute>\d{{1,2}}) (?: : | 分 )? (?: \d{{1,2}} (?:[.,:]\d{{1,9}})? \s?秒? )?
          | 半 | 整 )?
        \s? (?:[ap]\.?m\.?)?
      | [Tt_-]? (?:[01]\d|2[0-4])[0-5]\d(?:[0-6]\d)? (?:\.\d{{1,9}})? (?!\d)
      | [Tt_-]? (?:[01]\d|2[0-4])-[0-5]\d-[0-6]\d (?!\d)
      )
    | (?:{_PART_OF_DAY})
    | (?P<zone> [+-] \d\d (?: :?\d\d )? (?!\d) | (?:UTC|GMT) (?:[+-]\d{{1,2}}(?::?\d\d)?)?
      | Z (?![A-Za-z]) )
    | CST | 北京时间 | Asia/(?:Shanghai|Chongqing|Hong_Kong|Taipei)
    | (?P<weekday> (?: 星期 | 周 | 禮拜 | 礼拜 | 週 ) [一二三四五六七日天1-7]
      | (?: {_WEEKDAYS.replace(" ", "|")} ) [a-z]{{0,6}} \.? (?![a-z]) )
    | (?P<lunar> {_LUNAR}
        [\d\u4e00-\u9fff〇]{{1,20}} (?![\d\u4e00-\u9fff]) )
    | (?: 公元 | 西元 | [公阳陽西] [历曆] )
    | (?P<page> 第? \s? [A-Z]{{0,2}}\d{{1,3}} \s? 版 )
    | (?: 发布 | 发表 | 更新 | 出版 | 刊发 | 刊登 | 见报 | 采集 | 抓取 | 创建 | 修改 | 上传 | 录入
        | 發布 | 發表 | 編輯 )? (?: 日期 | 时间 | 時間 | 于 | 於 ) \s? :?
    | (?: 发布 | 发表 | 更新 | 出版 | 刊发 | 刊登 | 见报 | 发稿 )
    | (?: published | updated | posted | created | date | time ) (?![a-z]) (?:\s(?:on|at)(?![a-z]))?
    | (?: 来源 | 來源 | 作者 | 记者 | 责编 | 编辑 ) \s? : \s? [^\d\s]{{1,30}}
    """,
    re.VERBOSE | re.IGNORECASE,
)


# Beside a whole day it is the same day once more; else it may be what makes the date whole.
_LUNAR_CALENDAR = re.compile(_LUNAR)


class WrittenDate(NamedTuple):
    """A date as far as it is written; month and day are None where it ends before them."""

    year: int
    month: int | None = None
    day: int | None = None


class DateError(ValueError):
    """A value that holds no date, or more than one; the message says which value."""


def in_calendar(written: WrittenDate, value: str) -> str:
    """Return a date in ISO, of whatever year.

    Raises ValueError, which shows *value*, where the calendar does not have its month or day.
    """
    year, month, day = written
    if month is None:
        return f"{year:04d}"
    if not 1 <= month <= 12:
        raise ValueError(f"{value!r} has no month {month}; months go from 01 to 12")
    if day is None:
        return f"{year:04d}-{month:02d}"
    _, last_day = monthrange(year, month)
    if not 1 <= day <= last_day:
        raise ValueError(f"{value!r} is impossible: that month has {last_day} days")
    return f"{year:04d}-{month:02d}-{day:02d}"


def refuse_long(value: str) -> None:
    """Raise DateError for a text that is too long to be a date."""
    if len(value) > _MAX_VALUE_CHARACTERS:
        raise DateError(f"{value[:20]!r}… is not a date but a text of {len(value)} characters")


def plain(value: str) -> str:
    """Return a value with ASCII digits, hyphens and dots, full-width and Chinese digits too."""
    refuse_long(value)
    text = unicodedata.normalize("NFKC", value).translate(_PLAIN).strip()
    text = arabic_dates(text)
    if match := _WHOLE_NUMBER.fullmatch(text):
        return match[1]
    return text


def written_date(value: str) -> WrittenDate:
    """Read a date whose year has four digits, or the seconds since 1970.

    A moment is of the day that is written, whatever its zone; but 16:00:00 of Greenwich is midnight
    in China, of the next day. Seconds are counted in China's zone.

    Raises
    ------
    DateError
        Where the value is anything else, or something in it is not understood.
    """
    text = plain(value)
    if match := _SECONDS.fullmatch(text):
        seconds = int(match[1])
        moment = datetime.fromtimestamp(seconds, CHINA_TIME)
        return WrittenDate(moment.year, moment.month, moment.day)
    if match := _MIDNIGHT_IN_CHINA.fullmatch(text):
        with suppress(ValueError):
            next_day = date.fromisoformat(match[1]) + timedelta(days=1)
            return WrittenDate(next_day.year, next_day.month, next_day.day)
    match = next(whole_matches(text, _FORMS), None)
    if match is not None:
        written = _date_of(match.groupdict())
        if written.day is None and _LUNAR_CALENDAR.search(text):
            raise DateError(f"{value!r} has a month or day of the lunar calendar")
        return written
    raise DateError(f"{value!r} is not a date; write it as 2023-12-20, 2023-12 or 2023")


def whole_matches(text: str, forms: Iterable[re.Pattern[str]]) -> Iterator[re.Match[str]]:
    """Yield the matches of forms that, with what may stand around a date, are the whole text."""
    before = _Asides(text, 0, frozenset())
    starts = [before]
    after = before.step()
    while after is not None:
        starts.append(after)
        after = after.step()
    for start in starts:
        for form in forms:
            match = form.match(text, start.place)
            if match is not None and _is_rest(start, match.end()):
                yield match


def _is_rest(before: _Asides, end: int) -> bool:
    """Return whether nothing but asides follows a date that ends at *end*."""
    after: _Asides | None = before._replace(place=end)
    while after is not None:
        end = after.place
        after = after.step()
    return end == len(before.text)


class _Asides(NamedTuple):
    """How far a text is read, and what stood there: each kind once, a zone only after a time."""

    text: str
    place: int
    kinds: frozenset[str]

    def step(self) -> _Asides | None:
        """Return the state after the next aside, None where there is none."""
        match = _ASIDE.match(self.text, self.place)
        if match is None:
            return None
        kind = match.lastgroup
        if kind in self.kinds or (kind == "zone" and "clock" not in self.kinds):
            return None
        hour = int(match["hour"] or 0)
        minute = int(match["minute"] or 0)
        if hour > _LAST_HOUR or minute > _LAST_MINUTE:
            return None
        kinds = self.kinds if kind is None else self.kinds | {kind}
        return _Asides(self.text, match.end(), kinds)


def _date_of(groups: dict[str, str | None]) -> WrittenDate:
    year = int(groups["year"] or 0)
    run = groups.get("run") or groups.get("run_with_time") or ""
    month = groups.get("month") or run[:2]
    day = groups.get("day") or run[2:]
    if not month:
        return WrittenDate(year)
    return WrittenDate(year, _month(month), int(day) if day else None)


def _month(text: str) -> int:
    """Return the number of a month that is a number, or the beginning of its English name."""
    if text.isdecimal():
        return int(text)
    return 1 + _MONTHS.index(text.lower())
