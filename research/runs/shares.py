"""Topic shares by period: the tables of shares and bands ↔ SharesOverTime."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

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
    values = [list(row.shares.values()) for row in rows]
    shares = np.array(values, dtype=np.float64)
    low, high = np.full_like(shares, np.nan), np.full_like(shares, np.nan)
    position = {row.period: i for i, row in enumerate(rows)}
    for band in files.BANDS.read(source):
        low[position[band.period], band.topic] = band.low
        high[position[band.period], band.topic] = band.high
    periods = tuple(row.period for row in rows)
    counts = np.array([row.documents for row in rows], dtype=np.int64)
    return SharesOverTime(by, periods, counts, shares, low, high, unfinished)


def _share_rows(over_time: SharesOverTime) -> Iterator[PeriodShares]:
    for i, period in enumerate(over_time.periods):
        shares = {str(k): share for k, share in enumerate(over_time.shares[i].tolist())}
        yield PeriodShares(period, int(over_time.counts[i]), shares)


def _band_rows(over_time: SharesOverTime) -> Iterator[Band]:
    """Yield the bands of periods with documents."""
    n_topics = over_time.shares.shape[1]
    for i in np.flatnonzero(over_time.counts):
        period, documents = over_time.periods[i], int(over_time.counts[i])
        for k in range(n_topics):
            share, low, high = over_time.shares[i, k], over_time.low[i, k], over_time.high[i, k]
            yield Band(period, documents, k, share, low, high)
