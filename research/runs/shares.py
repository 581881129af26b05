"""Topic shares by period: the tables of shares and bands ↔ SharesOverTime."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from research.runs import files
from research.runs.draft import Draft
from research.runs.folder import Source
from research.runs.rows import Band, PeriodShares
from research.themes.calendar import Period
from research.themes.shares import SharesOverTime


def write_shares(draft: Draft, shares: SharesOverTime) -> None:
    """Write shares with one row per period, and their bands with one row per period and topic."""
    topics = [str(k) for k in range(shares.shares.shape[1])]
    files.SHARES.write(draft, _share_rows(shares), topics)
    files.BANDS.write(draft, _band_rows(shares))


def read_shares(source: Source, by: Period, unfinished: bool) -> SharesOverTime:
    """Return shares with their bands.

    Parameters
    ----------
    source
        The run.
    by
        How long a period is.
    unfinished
        Whether the last period goes on after the last document.
    """
    rows = files.SHARES.read(source)
    periods = tuple(row.period for row in rows)
    counts = np.array([row.documents for row in rows], dtype=np.int64)
    shares = np.array([list(row.shares.values()) for row in rows], dtype=np.float64)
    low, high = _read_bands(source, periods, shares.shape[1])
    return SharesOverTime(by, periods, counts, shares, low, high, unfinished)


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
    for period, documents, values in zip(curves.periods, counts, table, strict=True):
        shares = {str(k): share for k, share in enumerate(values)}
        yield PeriodShares(period, documents, shares)


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
