"""Topic shares by period: the tables of shares and bands ↔ SharesOverTime."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from research.runs import files
from research.runs.draft import Draft
from research.runs.figures import ThemesFigures
from research.runs.folder import Source
from research.runs.rows import Band, PeriodShares
from research.themes.calendar import Period
from research.themes.shares import SharesOverTime, shares_without_dates


def write_shares(draft: Draft, shares: SharesOverTime) -> None:
    """Write shares with one row per period, and their bands with one row per period and topic."""
    n_topics = shares.shares.shape[1]
    topics = [str(k) for k in range(n_topics)]
    share_rows = _share_rows(shares)
    band_rows = _band_rows(shares)
    files.SHARES.write(draft, share_rows, topics)
    files.BANDS.write(draft, band_rows)


def read_shares(source: Source, by: Period, figures: ThemesFigures) -> SharesOverTime:
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
        return shares_without_dates(figures.n_topics, by)
    shares = np.array(table, dtype=np.float64)
    low, high = _read_bands(source, periods, shares.shape[1])
    return SharesOverTime(by, periods, counts, shares, low, high, figures.unfinished)


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
