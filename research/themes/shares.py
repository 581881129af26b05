"""Topic shares by calendar period, with bands that say how far chance could move them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from research.themes.calendar import (
    Period,
    _unfinished,
    lay_out,
)

_BAND = (0.025, 0.975)


@dataclass(frozen=True, slots=True)
class SharesOverTime:
    """Mean topic shares of a period's documents.

    ``periods`` (n_periods, every one of the calendar between the first and the last), ``counts``
    (n_periods documents), ``shares`` (n_periods × n_topics; NaN where a period has no document), ``low`` and ``high``, their
    95 % bootstrap bands (the same shape; the shares themselves where none were asked for). ``unfinished``: the last period goes on
    after the last document.
    """

    periods: tuple[str, ...]
    counts: NDArray[np.int64]
    shares: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    unfinished: bool = False

    def rows(self) -> Iterator[list[str]]:
        """Yield a header and a row a period, an empty cell where there is no share."""
        yield ["period", "documents", *(f"topic_{k}" for k in range(self.shares.shape[1]))]
        for period, count, row in zip(self.periods, self.counts, self.shares, strict=True):
            yield [period, str(count), *(_cell(share) for share in row)]

    def bands(self) -> Iterator[list[str]]:
        """Yield a header and a row a period and topic: period, documents, topic, share, low, high; gaps are left out."""
        yield ["period", "documents", "topic", "share", "low", "high"]
        for i, period in enumerate(self.periods):
            for k in range(self.shares.shape[1]) if self.counts[i] else ():
                yield [
                    period,
                    str(self.counts[i]),
                    str(k),
                    _cell(self.shares[i, k]),
                    _cell(self.low[i, k]),
                    _cell(self.high[i, k]),
                ]


def _cell(share: float) -> str:
    return "" if np.isnan(share) else f"{share:.6f}"


def shares_over_time(
    doc_topic: NDArray[np.float64],
    dates: Sequence[str],
    by: Period = "month",
    *,
    weights: Sequence[float] | None = None,
    resamples: int = 0,
    random_state: int = 0,
) -> SharesOverTime:
    """Average topic shares by calendar period.

    *doc_topic* is n_documents × n_topics, *dates* are ISO (``2023-12-20``; months suffice for months and quarters, years for years),
    *weights* what each document counts (its length, say). Weeks are ISO 8601's, named ``2023-W07``. Periods without a document are kept,
    with count 0 and NaN. With *resamples*, bands come from drawing each period's documents anew so many times.
    Raises InputError for a date too coarse.
    """
    periods, rows = lay_out(dates, by)
    order = np.argsort(rows, kind="stable")
    counts = np.bincount(rows, minlength=len(periods))
    edges = np.concatenate([[0], np.cumsum(counts)])
    weight = np.ones(len(rows)) if weights is None else np.asarray(weights, dtype=np.float64)
    shares = np.full((len(periods), doc_topic.shape[1]), np.nan)
    low, high = shares.copy(), shares.copy()
    with threadpool_limits(1, "blas"):
        for i in range(len(periods)):
            mine = order[edges[i] : edges[i + 1]]
            if not mine.size:
                continue
            shares[i] = low[i] = high[i] = weight[mine] @ doc_topic[mine] / weight[mine].sum()
            if resamples:
                drawn = (
                    np.random.default_rng([random_state, i]).multinomial(
                        mine.size, np.full(mine.size, 1 / mine.size), resamples
                    )
                    * weight[mine]
                )
                low[i], high[i] = np.quantile(
                    drawn @ doc_topic[mine] / drawn.sum(axis=1, keepdims=True), _BAND, axis=0
                )
    return SharesOverTime(periods, counts, shares, low, high, _unfinished(dates, by))
