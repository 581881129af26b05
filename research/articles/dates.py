"""Dates as people and files write them: one rule for dates in a table, one for the day in a path.

Does not open any file.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from research.articles.numerals import arabic_dates
from research.articles.reign_years import date_in_reign, western_years
from research.articles.written_dates import (
    FIRST_YEAR,
    LAST_YEAR,
    WrittenDate,
    in_calendar,
    refuse_long,
    written_date,
)
from research.files import absolute

_MAX_REMEMBERED = 4096  # Dates: those of a paper's ten years.


@lru_cache(_MAX_REMEMBERED)
def iso_date(value: str) -> str:
    """Bring a date to ISO, as exact as it was.

    What it may look like is in ``written_dates``; a date is read whole or not at all.

    Raises ValueError, with the reason, when it is no date of the calendar.

    >>> iso_date("2023年12月5日"), iso_date("二〇二三年十二月"), iso_date("民国二十三年")
    ('2023-12-05', '2023-12', '1934')
    """
    refuse_long(value)
    in_reign = date_in_reign(value)
    if in_reign is not None:
        return in_reign
    return iso_form(written_date(value), value)


def iso_form(date: WrittenDate, value: str) -> str:
    """Return a date in ISO; raise ValueError, which shows *value*, where no calendar has it."""
    if not FIRST_YEAR <= date.year <= LAST_YEAR:
        raise ValueError(f"{value!r} has the year {date.year}; no newspaper is of that year")
    return in_calendar(date, value)


# The day in a path. A number inside a longer number (an id) is never part of a date.
_YEAR = r"((?:19|20)\d\d)"
_WHOLE_DAY = re.compile(
    rf"""
    (?<!\d) {_YEAR}
    (?: ([-_./]) (\d{{1,2}}) \2 (\d{{1,2}}) (?!\d)       # 2023-12-20, 2023_12_20, 2023.12.20
      | \s*年\s* (\d{{1,2}}) \s*月\s* (\d{{1,2}}) \s*日  # 2023年12月20日
      | (\d\d) (\d\d) (?!\d)                             # 20231220
    )
    """,
    re.VERBOSE,
)
# Only in a folder's name: in a file's name the last number would be a page (202312-20.txt).
_UNEVEN_DAY = re.compile(rf"(?<!\d){_YEAR}[-_./]?(\d\d)[-_./]?(\d\d)(?!\d)")
# Parts of a day that stand in folders of their own: 2023/12/20, 2023-12/20, 2023/12-20.
_ONLY_YEAR = re.compile(rf"\D*{_YEAR}\D*")
_ONLY_YEAR_AND_MONTH = re.compile(rf"\D*{_YEAR}(?:(\d\d)|\s*[-_./年]\s*(\d\d?))\D*")
_ONLY_MONTH = re.compile(r"(\d\d?)\s*月?")
_ONLY_DAY = re.compile(r"(\d\d?)\s*日?")
_ONLY_MONTH_AND_DAY = re.compile(r"(\d\d)(\d\d)|(\d\d?)[-_.](\d\d?)|(\d\d?)\s*月\s*(\d\d?)\s*日")
_FILE_ENDING = re.compile(r"\.[A-Za-z]\w*$")


class NamedDay(NamedTuple):
    """The day that a path names (ISO), and the file or folder whose name completes it."""

    day: str
    place: Path


def named_day(path: str | os.PathLike[str]) -> NamedDay | None:
    """Return the day that a file's or a folder's path names, None where it names none.

    One name may hold the whole day, with any text around it (``2023-12-20``, ``20231220-01.txt``,
    ``栖川日报2023年12月20日``), or a folder completes the folders directly above it
    (``2023-12/20``, ``202312/20``, ``2023/12/20``, ``2023/12-20``, ``2023/1220``), in Chinese
    numbers and in years of the Republic too (``民国二十三年/五月/三日``). A bare number
    in a file's name is a page number and never a day: ``202312/20/01.txt`` is of 20 December,
    ``202312/01.txt`` of no day. A name counts as a file's where it has an ending.

    Dates that no calendar has are passed over. The name nearest to the file decides; a day far
    from the file comes before a month near to it. A relative path counts from the working folder.

    >>> named_day("/news/202312/20/01.txt")
    NamedDay(day='2023-12-20', place=PosixPath('/news/202312/20'))
    """
    whole = absolute(path)
    for folder in (whole, *whole.parents):
        is_file = folder is whole and _FILE_ENDING.search(folder.name) is not None
        day = day_in_text(folder.name)
        if day is None and not is_file:
            day = _uneven_day(folder.name)
        if day is None:
            day = _completed_day(folder, is_file)
        if day is not None:
            return NamedDay(day, folder)
    return None


def day_in_path(path: str | os.PathLike[str]) -> str | None:
    """Return the day (ISO) that a file's or a folder's path names; see :func:`named_day`."""
    named = named_day(path)
    return None if named is None else named.day


def day_in_text(text: str) -> str | None:
    """Return the first day (ISO) that a text holds, None where it holds none.

    >>> day_in_text("栖川日报 2023年12月20日 星期三")
    '2023-12-20'
    """
    text = _western(text)
    for match in _WHOLE_DAY.finditer(text):
        year, _, *month_and_day = match.groups()
        month, day = (part for part in month_and_day if part is not None)
        if date := _day(year, month, day):
            return date
    return None


def without_days(text: str) -> str:
    """Return a text with a space for each day in it: what remains may hold a page number."""
    return _WHOLE_DAY.sub(" ", _western(text))


@lru_cache(_MAX_REMEMBERED)
def _western(text: str) -> str:
    """Return a text whose dates are in digits and in Western years: 民国廿三年 is 1934年."""
    if text.isascii():
        return text
    return arabic_dates(western_years(unicodedata.normalize("NFKC", text)))


def date_of(file: Path, lines: Iterable[str]) -> str | None:
    """Return the day that a file's name, else one of its *lines*, else its folders name."""
    named = named_day(file)
    if named is not None and named.place.name == file.name:
        return named.day
    for line in lines:
        if day := day_in_text(line):
            return day
    return None if named is None else named.day


def _day(year: str, month: str, day: str) -> str | None:
    try:
        return iso_form(WrittenDate(int(year), int(month), int(day)), "")
    except ValueError:
        return None


def _uneven_day(name: str) -> str | None:
    for match in _UNEVEN_DAY.finditer(_western(name)):
        if date := _day(*match.groups()):
            return date
    return None


def _completed_day(folder: Path, is_file: bool) -> str | None:
    """Return the day that a name completes from the names directly above it."""
    if is_file:
        name = _western(_FILE_ENDING.sub("", folder.name))
        if not name.endswith("日"):
            return None
    else:
        name = _western(folder.name)
    if match := _ONLY_DAY.fullmatch(name):
        year_and_month = _year_and_month(folder.parent)
        if year_and_month is not None:
            return _day(*year_and_month, match[1])
    if match := _ONLY_MONTH_AND_DAY.fullmatch(name):
        month, day = (part for part in match.groups() if part is not None)
        year = _year_above(folder.parent, int(month))
        if year is not None:
            return _day(year, month, day)
    return None


def _year_and_month(folder: Path) -> tuple[str, str] | None:
    """Return what ``2023-12``, ``202312`` or ``2023/12`` names."""
    name = _western(folder.name)
    if match := _ONLY_YEAR_AND_MONTH.fullmatch(name):
        return match[1], match[2] or match[3]
    month = _ONLY_MONTH.fullmatch(name)
    year = _ONLY_YEAR.fullmatch(_western(folder.parent.name))
    if month and year:
        return year[1], month[1]
    return None


def _year_above(folder: Path, month: int) -> str | None:
    """Return the year of a folder that is named by a year, or by a year and this month."""
    if match := _ONLY_YEAR.fullmatch(_western(folder.name)):
        return match[1]
    year_and_month = _year_and_month(folder)
    if year_and_month and int(year_and_month[1]) == month:
        return year_and_month[0]
    return None
