"""Mentions: which share of each period's documents hold a word. A theme serves many events; a word may tell one to the month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.themes import movement
from research.themes.calendar import PER_YEAR, Period, lay_out

_Z = 1.959964  # Of a 95 % interval.


@dataclass(frozen=True, slots=True)
class Mentions:
    """How often words stand in the documents of each period.

    ``words`` (n_words), ``periods`` (n_periods, every one of the calendar), ``documents`` (n_periods,), ``holding`` (n_periods × n_words:
    how many documents hold each word), ``shares`` of the documents (the same shape; NaN where a period has none), ``low`` and ``high``,
    their 95 % intervals (Wilson 1927).
    """

    words: tuple[str, ...]
    by: Period
    periods: tuple[str, ...]
    documents: NDArray[np.int64]
    holding: NDArray[np.int64]
    shares: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def peaks(self, word: str) -> list[str]:
        """Return the periods in which a word stands out from the year around them, the one that does most first."""
        k = self.words.index(word)
        return [
            self.periods[i]
            for i in movement.peaks(
                self.shares[:, k], self.low[:, k], self.high[:, k], PER_YEAR[self.by]
            )
        ]

    def bursts(self, word: str) -> list[tuple[str, str]]:
        """Return the stretches, first and last period, in which a word was twice as common as usual (Kleinberg 2002), the strongest first."""
        found = movement.bursts(
            self.holding[:, self.words.index(word)].astype(np.float64),
            self.documents.astype(np.float64),
        )
        return [(self.periods[burst.first], self.periods[burst.last]) for burst in found]

    def rows(self) -> Iterator[list[str]]:
        """Yield a row a period and word: period, documents, word, documents that hold it, share, low, high; periods without documents are left out."""
        for i in np.flatnonzero(self.documents):
            for k, word in enumerate(self.words):
                figures = (f"{table[i, k]:.6f}" for table in (self.shares, self.low, self.high))
                yield [
                    self.periods[i],
                    str(self.documents[i]),
                    word,
                    str(self.holding[i, k]),
                    *figures,
                ]


def count_mentions(X: sparse.csr_matrix, dates: Sequence[str], by: Period) -> sparse.csc_matrix:
    """Return how many documents of each period hold each word, n_periods × n_words; *X* is n_documents × n_words counts.

    The periods are those of :func:`shares_over_time` for the same dates.
    """
    periods, rows = lay_out(dates, by)
    counted = by_period(presence(X), rows, len(periods)).tocsc()
    counted.sort_indices()
    return counted


def presence(X: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return which document holds which word: a 1 for every count of X."""
    return sparse.csr_matrix((np.ones(X.nnz, dtype=np.int32), X.indices, X.indptr), shape=X.shape)


def by_period(X: sparse.csr_matrix, rows: NDArray[np.intp], n_periods: int) -> sparse.csr_matrix:
    """Add up the rows of each period, n_periods × n_words; *rows* has each document's period."""
    return (
        sparse.csr_matrix(
            (np.ones(len(rows), dtype=X.dtype), (rows, np.arange(len(rows)))),
            shape=(n_periods, len(rows)),
        )
        @ X
    )


def mentions_of(
    words: Sequence[str],
    holding: NDArray[np.int64],
    documents: NDArray[np.int64],
    periods: Sequence[str],
    by: Period,
) -> Mentions:
    """Return the mentions of *words* from how many documents hold them (n_periods × n_words) of how many there are (n_periods,)."""
    n = np.where(documents > 0, documents, np.nan)[:, None].astype(np.float64)
    shares = holding / n
    middle = (shares + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    reach = _Z * np.sqrt(shares * (1 - shares) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
    return Mentions(
        tuple(words),
        by,
        tuple(periods),
        documents,
        holding,
        shares,
        np.maximum(middle - reach, 0),
        np.minimum(middle + reach, 1),
    )
