"""Dates as people and files write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

_DATES = (
    re.compile(r"(?<!\d)((?:19|20)\d\d)[-_./](\d{1,2})[-_./](\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"),
    re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)"),
)


def date_of(path: Path, lines: Iterable[str]) -> str | None:
    """Return the day that the file's name, one of *lines* or the file's folders tell, in this order."""
    for text in (path.name, *lines, "/".join(path.parts[-4:-1])):
        for pattern in _DATES:
            if found := pattern.search(text):
                try:
                    return iso_date("-".join(found.groups()))
                except ValueError:
                    continue
    return None


_DATE = re.compile(
    r"(\d{4})(?:\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})\s*日?)?\s*月?|(\d\d)(\d\d)?)?年?(?:[T\s].*)?"
)


_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def iso_date(value: str) -> str:
    """Bring a date to ISO, as exact as it was: ``2023年12月5日`` → ``2023-12-05``, ``2023`` → ``2023``.

    Raises ValueError, saying why, when it is no date of the calendar.
    """
    found = _DATE.fullmatch(value.strip())
    if not found:
        raise ValueError(f"{value!r} is not a date; write it as 2023-12-20, 2023-12 or 2023")
    year, month, day = found[1], found[2] or found[4], found[3] or found[5]
    if month is None:
        return year
    if not 1 <= int(month) <= 12:
        raise ValueError(f"{value!r} has no month {month}; months go from 01 to 12")
    if day is None:
        return f"{year}-{int(month):02d}"
    leap = int(year) % 4 == 0 and (int(year) % 100 != 0 or int(year) % 400 == 0)
    last = 28 if int(month) == 2 and not leap else _DAYS[int(month) - 1]
    if not 1 <= int(day) <= last:
        raise ValueError(f"{value!r} is impossible: that month has {last} days")
    return f"{year}-{int(month):02d}-{int(day):02d}"
