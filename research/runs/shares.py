"""Topic shares by period: the tables of shares and bands ↔ SharesOverTime."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from research.runs import files
from research.runs.draft import Draft
from research.runs.figures import ThemesFigures
from research.runs.folder import Source
from research.runs.rows import Band, PeriodShares
from research.runs.table import (
    MAX_ROWS_SHOWN,
    Columns,
    columns_to_frame,
    columns_to_html,
)
from research.themes.calendar import Period
from research.themes.shares import SharesOverTime, shares_without_dates

if TYPE_CHECKING:
    import pandas as pd


class SharesTable(SharesOverTime):
    """Topic shares by period that a notebook shows as a table, and pandas takes."""

    __slots__ = ()

    def to_frame(self) -> pd.DataFrame:
        """Return the shares as a pandas DataFrame, one row per period."""
        return columns_to_frame(shares_columns(self))

    def _repr_html_(self) -> str:
        columns = shares_columns(self)
        first_rows = {name: values[:MAX_ROWS_SHOWN] for name, values in columns.items()}
        return columns_to_html(first_rows, len(self.periods))


def shares_columns(shares: SharesOverTime) -> Columns:
    """Return one row per period: documents, and the share of every topic."""
    columns: dict[str, Sequence[Any] | NDArray[Any]] = {
        "period": list(shares.periods),
        "documents": shares.counts,
    }
    for topic in range(shares.shares.shape[1]):
        columns[f"topic_{topic}"] = shares.shares[:, topic]
    return columns


def as_table(shares: SharesOverTime) -> SharesTable:
    """Return shares as a table."""
    return SharesTable(
        by=shares.by,
        periods=shares.periods,
        counts=shares.counts,
        shares=shares.shares,
        low=shares.low,
        high=shares.high,
        unfinished=shares.unfinished,
    )


def write_shares(draft: Draft, shares: SharesOverTime) -> None:
    """Write shares with one row per period, and their bands with one row per period and topic."""
    n_topics = shares.shares.shape[1]
    topics = [str(k) for k in range(n_topics)]
    share_rows = _share_rows(shares)
    band_rows = _band_rows(shares)
    files.SHARES.write(draft, share_rows, topics)
    files.BANDS.write(draft, band_rows)


def read_shares(source: Source, by: Period, figures: ThemesFigures) -> SharesTable:
    """Return shares with their bands.

    Parameters
    ----------
    source
        The run.
    by
        How long a period is.
    figures
        What was measured: among it how many topics there are, and whether the last period goes on
        after the last document.
    """
    rows = files.SHARES.read(source)
    periods = tuple(row.period for row in rows)
    documents = [row.documents for row in rows]
    counts = np.array(documents, dtype=np.int64)
    table = [list(row.shares.values()) for row in rows]
    if not rows:
        return as_table(shares_without_dates(figures.n_topics, by))
    shares = np.array(table, dtype=np.float64)
    low, high = _read_bands(source, periods, shares.shape[1])
    return SharesTable(by, periods, counts, shares, low, high, figures.unfinished)


def _read_bands(
    source: Source, periods: Sequence[str], n_topics: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the lower and upper bounds, n_periods × n_topics each; NaN where there are none."""
    shape = (len(periods), n_topics)
    low = np.full(shape, np.nan)
    high = np.full(shape, np.nan)
    row_of = {period: i for i, period in enumerate(periods)}
    for band in files.BANDS.read(source):
        cell = row_of[band.period], band.topic
        low[cell] = band.low
        high[cell] = band.high
    return low, high


def _share_rows(curves: SharesOverTime) -> Iterator[PeriodShares]:
    counts = curves.counts.tolist()
    table = curves.shares.tolist()
    for i, period in enumerate(curves.periods):
        shares = {}
        for topic, share in enumerate(table[i]):
            shares[str(topic)] = share
        yield PeriodShares(period, counts[i], shares)


def _band_rows(curves: SharesOverTime) -> Iterator[Band]:
    """Yield the bands of periods with documents."""
    for i in np.flatnonzero(curves.counts):
        period = curves.periods[i]
        documents = int(curves.counts[i])
        shares = curves.shares[i].tolist()
        low = curves.low[i].tolist()
        high = curves.high[i].tolist()
        for topic, share in enumerate(shares):
            yield Band(period, documents, topic, share, low[topic], high[topic])
