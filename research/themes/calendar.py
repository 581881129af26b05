"""The calendar that themes are followed through: days, weeks, months, quarters, years, decades.

A period is written as its name: ``2023-12-20``, ``2023-W51``, ``2023-12``, ``2023-Q4``, ``2023``,
``2020s``.
Nothing here knows of topics.
"""

from __future__ import annotations

import calendar
import datetime
import itertools
import math
from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from research.errors import InputError

Period = Literal["day", "week", "month", "quarter", "year", "decade"]

PERIODS_PER_YEAR = {
    "day": 365.25,
    "week": 52.18,
    "month": 12.0,
    "quarter": 4.0,
    "year": 1.0,
    "decade": 0.1,
}
# Of an ISO date.
_CHARACTERS_NEEDED = {"day": 10, "week": 10, "month": 7, "quarter": 7, "year": 4, "decade": 4}
_MONTHS_PER_STEP = {"month": 1, "quarter": 3, "year": 12, "decade": 120}
_YEARS_PER_DECADE = 10
_DECADE = "s"  # Ends the name of a decade.
_MAX_PERIODS = 20_000  # Days or weeks; more are likely to result from a wrong date.
_MAX_GAP_YEARS = 30  # Between two years of one stretch.
_MIN_DOCUMENTS_OF_STRETCH = 5  # Fewer documents of another century are typing errors,
_MIN_SHARE_OF_STRETCH = 0.01  # and so is a smaller share of the archive.
_MIN_EMPTY_DAYS = 365
_MIN_EMPTY_SHARE = 0.05
_MIN_DAYS_FOR_RHYTHM = 3  # Days with documents that show how far apart issues lie.
_RHYTHM_QUANTILE = 0.95


def periods_of(dates: Sequence[str], by: Period) -> list[str]:
    """Return the period of every ISO date; raise InputError for one too coarse to have one."""
    known = get_args(Period)
    if by not in known:
        raise InputError(f"by {by!r} is unknown; choose from {', '.join(known)}")
    for i, date in enumerate(dates):
        if too_coarse(date, by):
            longer = "month" if len(date) == len("2023-12") else "year"
            raise InputError(
                f'document {i} has the date {date}, which names no {by}; set time.by = "{longer}"'
            )
    if by == "week":
        return [_week(_day(date)) for date in dates]
    if by == "quarter":
        return [_quarter(date) for date in dates]
    if by == "decade":
        return [_decade(date) for date in dates]
    length = _CHARACTERS_NEEDED[by]
    return [date[:length] for date in dates]


def periods_or_none(dates: Sequence[str], by: Period) -> list[str]:
    """Return the period of every ISO date, "" of one too coarse to have one."""
    is_exact = [not too_coarse(date, by) for date in dates]
    exact_dates = list(itertools.compress(dates, is_exact))
    names = iter(periods_of(exact_dates, by))
    return [next(names) if exact else "" for exact in is_exact]


def lay_out(dates: Sequence[str], by: Period) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """Return every period from the first date's to the last's, and the position of each date's."""
    names = periods_of(dates, by)
    if not names:
        return (), np.empty(0, dtype=np.intp)
    first, last = min(names), max(names)
    periods = periods_between(first, last, by)
    position = {period: i for i, period in enumerate(periods)}
    rows = [position[name] for name in names]
    return periods, np.array(rows, dtype=np.intp)


def rows_by_period(dates: Sequence[str], by: Period) -> tuple[list[str], list[NDArray[np.intp]]]:
    """Return the periods that documents lie in, in order, and the rows of each.

    Documents whose date is too coarse are left out.
    """
    by_period: dict[str, list[int]] = {}
    for i, period in enumerate(periods_or_none(dates, by)):
        if period:
            rows = by_period.setdefault(period, [])
            rows.append(i)
    periods = sorted(by_period, key=first_day)
    arrays = [np.array(by_period[period]) for period in periods]
    return periods, arrays


def too_coarse(date: str, by: Period) -> bool:
    """Return whether an ISO date is not exact enough to have such a period."""
    needed = _CHARACTERS_NEEDED[by]
    return len(date) < needed


def periods_between(first: str, last: str, by: Period) -> tuple[str, ...]:
    """Return every period of the calendar from *first* to *last*, both included.

    Raises InputError where there are more than 20,000.

    >>> periods_between("2023-11", "2024-01", "month")
    ('2023-11', '2023-12', '2024-01')
    """
    if by in ("day", "week"):
        return _days_between(first, last, by)
    first_month = _month_number(first)
    last_month = _month_number(last)
    step = _MONTHS_PER_STEP[by]
    dates = []
    for number in range(first_month, last_month + 1, step):
        year, month = divmod(number, 12)
        dates.append(f"{year:04d}-{month + 1:02d}")
    return tuple(periods_of(dates, by))


def _month_number(period: str) -> int:
    """Return the number of the month that a period begins in, counted from the year 0."""
    start = first_day(period)
    months_of_year = start.month - 1
    return 12 * start.year + months_of_year


def _days_between(first: str, last: str, by: Period) -> tuple[str, ...]:
    """Return every day, or every week, from *first* to *last*."""
    start, end = first_day(first), first_day(last)
    step = 1 if by == "day" else 7
    n_days = (end - start).days
    n_periods = n_days // step
    if n_periods > _MAX_PERIODS:
        raise InputError(
            f"from {first} to {last} there are more than {_MAX_PERIODS:,} {by}s; "
            "set time.by to something longer, or correct the dates"
        )
    name = datetime.date.isoformat if by == "day" else _week
    periods = []
    for n in range(0, n_days + 1, step):
        day = start + datetime.timedelta(days=n)
        periods.append(name(day))
    return tuple(periods)


def first_day(period: str) -> datetime.date:
    """Return the first day of a period of any length, which the form of its name shows."""
    year, rest = _divide(period)
    if rest.startswith("W"):
        week = int(rest[1:])
        return datetime.date.fromisocalendar(year, week, 1)
    if rest.startswith("Q"):
        quarter = int(rest[1:])
        return datetime.date(year, 3 * quarter - 2, 1)
    month, _, day = rest.partition("-")
    return datetime.date(
        year,
        int(month or 1),
        int(day or 1),
    )


def last_day(period: str) -> datetime.date:
    """Return the last day of a period."""
    start = first_day(period)
    _, rest = _divide(period)
    if rest.startswith("W"):
        return start + datetime.timedelta(days=6)
    if len(rest) == len("12-20"):
        return start
    last_month = 12
    last_year = start.year
    if period.endswith(_DECADE):
        last_year += _YEARS_PER_DECADE - 1
    if rest.startswith("Q"):
        last_month = start.month + 2
    elif rest:
        last_month = start.month
    _, n_days = calendar.monthrange(last_year, last_month)
    return datetime.date(last_year, last_month, n_days)


def _divide(period: str) -> tuple[int, str]:
    """Return the year of a period, and what follows the year and its hyphen."""
    year = period[:4]
    rest = period[5:]
    return int(year), rest


def _day(date: str) -> datetime.date:
    """Return the day of an ISO date, which a time may follow."""
    day = date[: _CHARACTERS_NEEDED["day"]]
    return datetime.date.fromisoformat(day)


def _week(day: datetime.date) -> str:
    """Return the ISO 8601 week of a day."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def _quarter(date: str) -> str:
    """Return the quarter of an ISO date."""
    year = date[:4]
    month = int(date[5:7])
    quarter = (month + 2) // 3
    return f"{year}-Q{quarter}"


def _decade(date: str) -> str:
    """Return the decade of an ISO date."""
    return f"{date[:3]}0{_DECADE}"


def last_is_unfinished(dates: Sequence[str], by: Period) -> bool:
    """Return whether the last period lasts longer than its documents.

    It does where more days of it are left after the last document than documents usually lie
    apart: than 95 % of the gaps between days that have any. Of a decade years count likewise.
    """
    if by == "decade" and _decade_is_unfinished(dates):
        return True
    days = _days_with_documents(dates)
    if len(days) < _MIN_DAYS_FOR_RHYTHM:
        return False
    last = days[-1]
    last_year = max(date[:4] for date in dates)
    if last_year > str(last.year):
        return False  # The last documents name no day.
    ordinals = [day.toordinal() for day in days]
    usual_gap = np.quantile(np.diff(ordinals), _RHYTHM_QUANTILE)
    [last_period] = periods_of([last.isoformat()], by)
    end = last_day(last_period)
    days_left = (end - last).days
    return days_left > max(1.0, float(usual_gap))


def _decade_is_unfinished(dates: Sequence[str]) -> bool:
    """Return whether years of the last decade are left after the last document."""
    years = sorted({int(date[:4]) for date in dates})
    if len(years) < 2:
        return False
    usual_gap = np.quantile(np.diff(years), _RHYTHM_QUANTILE)
    years_left = _YEARS_PER_DECADE - 1 - years[-1] % _YEARS_PER_DECADE
    return years_left >= max(1.0, float(usual_gap))


class EmptyStretch(NamedTuple):
    """Successive periods without documents, from position *first* to *last*, both included."""

    first: int
    last: int


def empty_years(periods: Sequence[str], counts: Sequence[int]) -> list[EmptyStretch]:
    """Return stretches without documents, of a year or more, that are 5 % or more of all days.

    A single period is none. *counts* has the number of documents of each period.
    """
    if not periods:
        return []
    n_days = (last_day(periods[-1]) - first_day(periods[0])).days
    shortest = max(_MIN_EMPTY_DAYS, _MIN_EMPTY_SHARE * n_days)
    stretches = []
    with_documents = [i for i, count in enumerate(counts) if count]
    for before, after in itertools.pairwise(with_documents):
        stretch = EmptyStretch(before + 1, after - 1)
        if stretch.last <= stretch.first:
            continue
        gap = first_day(periods[after]) - first_day(periods[stretch.first])
        if gap.days >= shortest:
            stretches.append(stretch)
    return stretches


def _days_with_documents(dates: Sequence[str]) -> list[datetime.date]:
    """Return the days of ISO dates that name one, each once, in order."""
    days = set()
    for date in dates:
        if not too_coarse(date, "day"):
            days.add(_day(date))
    return sorted(days)


def far_from_others(dates: Sequence[str]) -> set[int]:
    """Return positions of ISO dates that lie more than 30 years from the archive's.

    Such dates are typing errors: another century. Years that follow each other within 30 make a
    stretch; the one with the most documents is the archive's, and so is any other with five
    documents and 1 % of all.
    """
    years = [int(date[:4]) for date in dates]
    stretches = _stretches(sorted(set(years)))
    if len(stretches) < 2:
        return set()
    n_documents = Counter(years)
    sizes = [sum(n_documents[year] for year in stretch) for stretch in stretches]
    smallest = max(_MIN_DOCUMENTS_OF_STRETCH, _MIN_SHARE_OF_STRETCH * len(years))
    smallest = min(smallest, max(sizes))
    archive: set[int] = set()
    for stretch, size in zip(stretches, sizes, strict=True):
        if size >= smallest:
            archive.update(stretch)
    return {i for i, year in enumerate(years) if year not in archive}


def _stretches(years: Sequence[int]) -> list[list[int]]:
    """Divide years, in order, where more than 30 lie between two."""
    stretches: list[list[int]] = []
    for year in years:
        gap = year - stretches[-1][-1] if stretches else math.inf
        if gap > _MAX_GAP_YEARS:
            stretches.append([])
        stretches[-1].append(year)
    return stretches
