"""Topic shares by calendar period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from research.errors import InputError


@dataclass(frozen=True, slots=True)
class SharesOverTime:
    """Mean topic shares of a period's documents.

    ``periods`` (n_periods, every one of the calendar between the first and the last), ``counts``
    (n_periods documents), ``shares`` (n_periods × n_topics; NaN where a period has no document).
    """

    periods: tuple[str, ...]
    counts: NDArray[np.int64]
    shares: NDArray[np.float64]

    def rows(self) -> Iterator[list[str]]:
        """Yield a header and a row a period, an empty cell where there is no share."""
        yield ["period", "documents", *(f"topic_{k}" for k in range(self.shares.shape[1]))]
        for period, count, row in zip(self.periods, self.counts, self.shares, strict=True):
            yield [period, str(count), *("" if np.isnan(share) else f"{share:.6f}" for share in row)]


def shares_over_time(doc_topic: NDArray[np.float64], dates: Sequence[str], by: Literal["month", "year"] = "month") -> SharesOverTime:
    """Average topic shares by month or year.

    *doc_topic* is n_documents × n_topics, *dates* are ISO (``2023-12-20``, ``2023-12``; ``2023`` for years).
    Periods without a document are kept, with count 0 and NaN. Raises InputError for a date too coarse.
    """
    keys = periods_of(dates, by)
    periods = _calendar(min(keys), max(keys))
    place = {period: i for i, period in enumerate(periods)}
    rows = np.array([place[key] for key in keys])
    counts = np.bincount(rows, minlength=len(periods))
    sums = np.zeros((len(periods), doc_topic.shape[1]))
    np.add.at(sums, rows, doc_topic)
    with np.errstate(invalid="ignore"):
        shares = sums / counts[:, None]
    return SharesOverTime(periods, counts, shares)


def periods_of(dates: Sequence[str], by: Literal["month", "year"]) -> list[str]:
    """Return the period of every ISO date; raise InputError for one too coarse to have one."""
    length = 7 if by == "month" else 4
    for i, date in enumerate(dates):
        if len(date) < length:
            raise InputError(f'document {i} has the date {date}, which names no {by}; set time.by = "year"')
    return [date[:length] for date in dates]


def _calendar(first: str, last: str) -> tuple[str, ...]:
    if len(first) == 4:
        return tuple(f"{year:04d}" for year in range(int(first), int(last) + 1))
    start, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    return tuple(f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(start, end + 1))
