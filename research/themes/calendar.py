"""The calendar that themes are followed through: days, weeks, months, quarters, years."""

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


PER_YEAR = {"day": 365.25, "week": 52.18, "month": 12.0, "quarter": 4.0, "year": 1.0}


_NEEDS = {"day": 10, "week": 10, "month": 7, "quarter": 7, "year": 4}


_LONGEST = 20_000


_FAR = 30


def periods_of(dates: Sequence[str], by: Period) -> list[str]:
    """Return the period of every ISO date; raise InputError for one too coarse to have one."""
    if by not in get_args(Period):
        raise InputError(f"by {by!r} is unknown; choose from {', '.join(get_args(Period))}")
    for i, date in enumerate(dates):
        if len(date) < _NEEDS[by]:
            raise InputError(
                f'document {i} has the date {date}, which names no {by}; set time.by = "{"month" if len(date) == 7 else "year"}"'
            )
    if by == "week":
        return [_week(datetime.date.fromisoformat(date[:10])) for date in dates]
    if by == "quarter":
        return [f"{date[:4]}-Q{(int(date[5:7]) + 2) // 3}" for date in dates]
    return [date[: _NEEDS[by]] for date in dates]


def lay_out(dates: Sequence[str], by: Period) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """Return every period from the first date's to the last's, and where among them each date's stands."""
    keys = periods_of(dates, by)
    periods = periods_between(min(keys), max(keys), by)
    place = {period: i for i, period in enumerate(periods)}
    return periods, np.array([place[key] for key in keys], dtype=np.intp)


def too_coarse(date: str, by: Period) -> bool:
    """Return whether an ISO date is not exact enough to have such a period."""
    return len(date) < _NEEDS[by]


def periods_between(first: str, last: str, by: Period) -> tuple[str, ...]:
    """Return every period of the calendar from one to another."""
    start, end = first_day(first), first_day(last)
    if by in ("day", "week"):
        step = 1 if by == "day" else 7
        if (end - start).days // step > _LONGEST:
            raise InputError(
                f"from {first} to {last} there are more than {_LONGEST:,} {by}s; set time.by to something longer, or mend the dates"
            )
        days = (start + datetime.timedelta(days=n) for n in range(0, (end - start).days + 1, step))
        return tuple(day.isoformat() if by == "day" else _week(day) for day in days)
    months = range(
        start.year * 12 + start.month - 1,
        end.year * 12 + end.month,
        {"month": 1, "quarter": 3, "year": 12}[by],
    )
    return tuple(periods_of([f"{n // 12:04d}-{n % 12 + 1:02d}" for n in months], by))


def first_day(period: str) -> datetime.date:
    """Return the first day of a day, week, month, quarter or year, told by how it is written."""
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
    if len(rest) == 5:
        return start
    month = start.month + 2 if rest.startswith("Q") else start.month if rest else 12
    return datetime.date(start.year, month, calendar.monthrange(start.year, month)[1])


def _week(day: datetime.date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def _unfinished(dates: Sequence[str], by: Period) -> bool:
    """Whether the last period goes on for longer after the last document than documents usually lie apart."""
    days = sorted({datetime.date.fromisoformat(date[:10]) for date in dates if len(date) >= 10})
    if len(days) < 3 or max(date[:4] for date in dates) > str(days[-1].year):
        return False
    apart = np.diff([day.toordinal() for day in days])
    left = (last_day(periods_of([days[-1].isoformat()], by)[0]) - days[-1]).days
    return left > max(1.0, float(np.quantile(apart, 0.95)))


def far_from_others(dates: Sequence[str]) -> set[int]:
    """Return positions of dates that lie more than 30 years from all others' stretch: another century, as slips of the hand give it.

    Years that follow each other within 30 make a stretch; the one with the most documents is the archive's.
    """
    years = sorted({int(date[:4]) for date in dates})
    edges = [0, *(i for i in range(1, len(years)) if years[i] - years[i - 1] > _FAR), len(years)]
    stretches = [set(years[a:b]) for a, b in pairwise(edges)]
    if len(stretches) < 2:
        return set()
    documents = [sum(int(date[:4]) in stretch for date in dates) for stretch in stretches]
    own = stretches[int(np.argmax(documents))]
    return {i for i, date in enumerate(dates) if int(date[:4]) not in own}
