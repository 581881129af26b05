"""The calendar that themes are followed through: days, weeks, months, quarters, years.

A period is written as its name: ``2023-12-20``, ``2023-W51``, ``2023-12``, ``2023-Q4``, ``2023``.
Nothing here knows of topics.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from research.errors import InputError

Period = Literal["day", "week", "month", "quarter", "year"]

PERIODS_PER_YEAR = {"day": 365.25, "week": 52.18, "month": 12.0, "quarter": 4.0, "year": 1.0}
_CHARACTERS_NEEDED = {"day": 10, "week": 10, "month": 7, "quarter": 7, "year": 4}  # Of an ISO date.
_MONTHS_PER_STEP = {"month": 1, "quarter": 3, "year": 12}
_MAX_PERIODS = 20_000  # More days or weeks come of a wrong date, and fill the memory.
_MAX_GAP_YEARS = 30  # Between two years of one archive.
_MIN_DAYS_FOR_RHYTHM = 3  # Days with documents that show how far apart issues lie.
_RHYTHM_QUANTILE = 0.95


def periods_of(dates: Sequence[str], by: Period) -> list[str]:
    """Return the period of every ISO date; raise InputError for one too coarse to have one."""
    if by not in get_args(Period):
        raise InputError(f"by {by!r} is unknown; choose from {', '.join(get_args(Period))}")
    for i, date in enumerate(dates):
        if too_coarse(date, by):
            longer = "month" if len(date) == len("2023-12") else "year"
            raise InputError(
                f'document {i} has the date {date}, which names no {by}; set time.by = "{longer}"'
            )
    if by == "week":
        return [_week(datetime.date.fromisoformat(date[:10])) for date in dates]
    if by == "quarter":
        return [_quarter(date) for date in dates]
    length = _CHARACTERS_NEEDED[by]
    return [date[:length] for date in dates]


def lay_out(dates: Sequence[str], by: Period) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """Return every period from the first date's to the last's, and the position of each date's."""
    names = periods_of(dates, by)
    periods = periods_between(min(names), max(names), by)
    position = {period: i for i, period in enumerate(periods)}
    return periods, np.array([position[name] for name in names], dtype=np.intp)


def too_coarse(date: str, by: Period) -> bool:
    """Return whether an ISO date is not exact enough to have such a period."""
    return len(date) < _CHARACTERS_NEEDED[by]


def periods_between(first: str, last: str, by: Period) -> tuple[str, ...]:
    """Return every period of the calendar from *first* to *last*, both included.

    Raises InputError where there are more than 20,000.

    >>> periods_between("2023-11", "2024-01", "month")
    ('2023-11', '2023-12', '2024-01')
    """
    if by in ("day", "week"):
        return _days_between(first, last, by)
    start, end = first_day(first), first_day(last)
    first_month = start.year * 12 + start.month - 1
    last_month = end.year * 12 + end.month - 1
    months = range(first_month, last_month + 1, _MONTHS_PER_STEP[by])
    dates = [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in months]
    return tuple(periods_of(dates, by))


def _days_between(first: str, last: str, by: Period) -> tuple[str, ...]:
    """Return every day, or every week, from *first* to *last*."""
    start, end = first_day(first), first_day(last)
    step = 1 if by == "day" else 7
    n_days = (end - start).days
    if n_days // step > _MAX_PERIODS:
        raise InputError(
            f"from {first} to {last} there are more than {_MAX_PERIODS:,} {by}s; "
            "set time.by to something longer, or correct the dates"
        )
    days = [start + datetime.timedelta(days=n) for n in range(0, n_days + 1, step)]
    if by == "day":
        return tuple(day.isoformat() for day in days)
    return tuple(_week(day) for day in days)


def first_day(period: str) -> datetime.date:
    """Return the first day of a period of any length, which the form of its name shows."""
    year, rest = int(period[:4]), period[5:]
    if rest.startswith("W"):
        return datetime.date.fromisocalendar(year, int(rest[1:]), 1)
    if rest.startswith("Q"):
        return datetime.date(year, 3 * int(rest[1:]) - 2, 1)
    month, _, day = rest.partition("-")
    return datetime.date(year, int(month or 1), int(day or 1))


def last_day(period: str) -> datetime.date:
    """Return the last day of a period."""
    start, rest = first_day(period), period[5:]
    if rest.startswith("W"):
        return start + datetime.timedelta(days=6)
    if len(rest) == len("12-20"):
        return start
    last_month = 12
    if rest.startswith("Q"):
        last_month = start.month + 2
    elif rest:
        last_month = start.month
    _, n_days = calendar.monthrange(start.year, last_month)
    return datetime.date(start.year, last_month, n_days)


def _week(day: datetime.date) -> str:
    """Return the ISO 8601 week of a day."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def _quarter(date: str) -> str:
    """Return the quarter of an ISO date."""
    month = int(date[5:7])
    return f"{date[:4]}-Q{(month + 2) // 3}"


def last_is_unfinished(dates: Sequence[str], by: Period) -> bool:
    """Return whether the last period lasts longer than its documents.

    It does where more days of it are left after the last document than documents usually lie
    apart: than 95 % of the gaps between days that have any.
    """
    days = sorted({datetime.date.fromisoformat(date[:10]) for date in dates if len(date) >= 10})
    if len(days) < _MIN_DAYS_FOR_RHYTHM:
        return False
    last_year = max(date[:4] for date in dates)
    if last_year > str(days[-1].year):
        return False  # The last documents name no day.
    gaps = np.diff([day.toordinal() for day in days])
    last_period = periods_of([days[-1].isoformat()], by)[0]
    days_left = (last_day(last_period) - days[-1]).days
    return days_left > max(1.0, float(np.quantile(gaps, _RHYTHM_QUANTILE)))


def far_from_others(dates: Sequence[str]) -> set[int]:
    """Return positions of ISO dates that lie more than 30 years from the archive's.

    Such dates are slips of the hand: another century. Years that follow each other within 30 make a
    stretch; the one with the most documents is the archive's.
    """
    years = [int(date[:4]) for date in dates]
    stretches = _stretches(sorted(set(years)))
    if len(stretches) < 2:
        return set()
    documents = [sum(year in stretch for year in years) for stretch in stretches]
    archive = stretches[int(np.argmax(documents))]
    return {i for i, year in enumerate(years) if year not in archive}


def _stretches(years: Sequence[int]) -> list[set[int]]:
    """Divide years, in order, where more than 30 lie between two."""
    breaks = [i for i in range(1, len(years)) if years[i] - years[i - 1] > _MAX_GAP_YEARS]
    edges = [0, *breaks, len(years)]
    return [set(years[start:end]) for start, end in pairwise(edges)]
