"""Dates that only the others of their column explain: 23-1-5, 1/5/2023, 230105, 44931.

The other values are read once, and only where such a date is met. What they leave open is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Literal, NamedTuple

from research.articles.dates import iso_date, iso_form
from research.articles.written_dates import LAST_YEAR, DateError, WrittenDate, plain, whole_matches

Order = Literal["year first", "month first", "day first"]
_ORDERS: tuple[Order, ...] = ("year first", "month first", "day first")
_CENTURIES = (1800, 1900, 2000)
# A year of two digits is of the century that brings it so near to the years of the others, where
# any other century would take it so far away.
_MAX_YEARS_FROM_OTHERS, _MIN_YEARS_OF_ANOTHER_CENTURY = 30, 50
# Days since 1899-12-30, as Excel counts them: from 1927 on, to 2099.
_DAY_ZERO = date(1899, 12, 30)
_SERIALS = range(10_000, 73_051)
_MIN_SHARE_OF_SERIALS, _MIN_SHARE_BESIDE_DATES = 0.5, 0.9

_THREE_NUMBERS = re.compile(
    r"""
    '? (\d{1,2}) \s{0,4} ([-/.年,、]) \s{0,4} (\d{1,2}) \s{0,4} [-/.月,、] \s{0,4}
    (\d{4}|\d{1,2}) (?!\d) \s{0,4} [日号號]?
    """,
    re.VERBOSE,
)
_YEAR_AND_MONTH = re.compile(
    r"'? (\d\d) \s{0,4} 年 (?: \s{0,4} (\d{1,2}) \s{0,4} 月 )?", re.VERBOSE
)
_SIX_DIGITS = re.compile(r"\d{6}")
_SERIAL = re.compile(r"(\d{5})(?:\.\d{1,16})?")
_YEAR_AND_DIGIT = re.compile(r"(?:19|20)\d\d[1-9]")  # 20231 may be January 2023.


class _Short(NamedTuple):
    """The numbers of a date as they stand; ``ordered`` says that the first is the year."""

    numbers: tuple[int, ...]
    ordered: bool

    def has_whole_year(self) -> bool:
        """Return whether the year is the last number, with its century."""
        return self.numbers[-1] > 99

    def in_order(self, order: Order) -> tuple[int, ...]:
        """Return year, month and day as one order has them."""
        if self.ordered or order == "year first":
            return self.numbers
        first, second, year = self.numbers
        return (year, first, second) if order == "month first" else (year, second, first)


@dataclass
class _Evidence:
    """What a column says: the years written in full, bare numbers, and dates cut short."""

    n_values: int = 0
    n_serials: int = 0
    only_years_and_digits: bool = True
    years: set[int] = field(default_factory=set)
    shorts: set[_Short] = field(default_factory=set)
    six_digits: set[str] = field(default_factory=set)

    def add(self, value: str) -> None:
        """Count one value of the column."""
        if not value.strip():
            return
        self.n_values += 1
        with suppress(ValueError):
            text = plain(value)
            short = _short_of(text)
            if short is not None:
                self.shorts.add(short)
                if short.has_whole_year():
                    self.years.add(short.numbers[-1])
            elif _SIX_DIGITS.fullmatch(text):
                self.six_digits.add(text)
            elif match := _SERIAL.fullmatch(text):
                self.n_serials += 1
                self.only_years_and_digits &= bool(_YEAR_AND_DIGIT.fullmatch(match[1]))
            else:
                self.years.add(int(iso_date(value)[:4]))

    def century_of(self, year: int) -> int | None:
        """Return a year of two digits in full, None where the others leave it open."""
        distances = sorted((self.distance(start + year), start + year) for start in _CENTURIES)
        (nearest, whole), (next_nearest, _), *_ = distances
        if nearest > _MAX_YEARS_FROM_OTHERS or next_nearest < _MIN_YEARS_OF_ANOTHER_CENTURY:
            return None
        return whole

    def distance(self, year: int) -> int:
        """Return how many years a year is before or after those of the others."""
        if not self.years:
            return LAST_YEAR
        return max(min(self.years) - year, year - max(self.years), 0)

    def has_serials(self, year: int) -> bool:
        """Return whether the bare numbers of the column are days, one of them of this year."""
        if self.only_years_and_digits:
            return False
        share = self.n_serials / max(1, self.n_values)
        if not self.years:
            return share >= _MIN_SHARE_OF_SERIALS
        return share >= _MIN_SHARE_BESIDE_DATES or self.distance(year) <= _MAX_YEARS_FROM_OTHERS

    def date_of(self, short: _Short, order: Order) -> WrittenDate | None:
        """Return a date read in one order, None where no calendar has it or its year is open."""
        year, *rest = short.in_order(order)
        whole: int | None = year
        if year <= 99:
            whole = self.century_of(year)
        if whole is None:
            return None
        written = WrittenDate(whole, *rest)
        try:
            iso_form(written, "")
        except ValueError:
            return None
        return written

    @cached_property
    def orders(self) -> dict[bool, list[Order]]:
        """The orders that explain all dates cut short: those with a whole year, and the others."""
        explaining: dict[bool, list[Order]] = {}
        for whole_year in (False, True):
            shorts = [short for short in self.shorts if short.has_whole_year() == whole_year]
            explaining[whole_year] = [
                order
                for order in _ORDERS[whole_year:]
                if all(self.date_of(short, order) for short in shorts)
            ]
        return explaining


class DateColumn:
    """One column of dates.

    Parameters
    ----------
    values
        Returns all values of the column; called at most once.
    """

    def __init__(self, values: Callable[[], Iterable[str]]) -> None:
        self._values = values

    @cached_property
    def _others(self) -> _Evidence:
        evidence = _Evidence()
        for value in self._values():
            evidence.add(value)
        return evidence

    def read(self, value: str) -> str:
        """Bring a date to ISO, as exact as it was; see :func:`research.articles.dates.iso_date`.

        Raises ValueError, with the reason, where it is none, or the column leaves open which.
        """
        text = plain(value)
        short = _short_of(text)
        if short is not None:
            return iso_form(self._read_short(short, value), value)
        if _SIX_DIGITS.fullmatch(text):
            return self._read_six_digits(text, value)
        if match := _SERIAL.fullmatch(text):
            return self._read_serial(int(match[1]), value)
        return iso_date(value)

    def _read_short(self, short: _Short, value: str) -> WrittenDate:
        whole_year = short.has_whole_year()
        orders = self._others.orders[whole_year] or list(_ORDERS[whole_year:])
        if short.ordered or orders[0] == "year first":
            orders = ["year first"]
        dates = {self._others.date_of(short, order) for order in orders}
        dates.discard(None)
        for only in dates:
            if only is not None and len(dates) == 1:
                return only
        if not whole_year:
            raise DateError(
                f"{value!r} has a year of two digits, and the other dates do not decide its "
                "century; write it as 2023-12-20"
            )
        raise DateError(
            f"{value!r} names day and month in an order that the other dates do not decide; "
            "write it as 2023-12-20"
        )

    def _read_six_digits(self, text: str, value: str) -> str:
        """Read 202301 or, where a value of the column cannot be so read, 230105."""
        if all(map(_is_year_and_month, self._others.six_digits)):
            return iso_date(value)
        numbers = (int(text[:2]), int(text[2:4]), int(text[4:]))
        return iso_form(self._read_short(_Short(numbers, ordered=True), value), value)

    def _read_serial(self, serial: int, value: str) -> str:
        """Read a number of days, as spreadsheets keep dates."""
        day = _DAY_ZERO + timedelta(days=serial)
        if serial in _SERIALS and self._others.has_serials(day.year):
            return day.isoformat()
        raise DateError(
            f"{value!r} is a number among dates, and no day of a spreadsheet near them; "
            "write it as 2023-12-20"
        )


def _short_of(text: str) -> _Short | None:
    """Return the numbers of a date cut short, None for any other value."""
    for match in whole_matches(text, (_THREE_NUMBERS, _YEAR_AND_MONTH)):
        if match.re is _THREE_NUMBERS:
            first, mark, second, third = match.groups()
            return _Short((int(first), int(second), int(third)), ordered=mark == "年")
        numbers = [int(number) for number in match.groups() if number is not None]
        return _Short(tuple(numbers), ordered=True)
    return None


def _is_year_and_month(text: str) -> bool:
    try:
        iso_date(text)
    except ValueError:
        return False
    return True
