"""Mentions: the share of each period's documents that have a word.

A theme serves many events; the mentions of one word may date an event to the month.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.themes.calendar import PERIODS_PER_YEAR, Period, lay_out
from research.themes.chance import N_SHUFFLES
from research.themes.panel import PeriodSums
from research.themes.peaks import find_bursts, find_peaks

_Z = 1.959964  # Of a 95 % interval.
_ERROR_SHARE = 0.5  # Of one in twenty words, what peaks and bursts may each call by chance.
_MIN_VARIANCE = 1e-12  # Of a word that every document has.


@dataclass(frozen=True, slots=True)
class Mentions:
    """How many documents of each period have each of some words.

    Attributes
    ----------
    words : tuple[str, ...]
        The n_words words.
    by : Period
        The length of a period.
    periods : tuple[str, ...]
        The n_periods periods, every one of the calendar between the first and the last.
    documents : NDArray[np.int64]
        Documents of each period (n_periods,).
    holding : NDArray[np.int64]
        How many of them have each word, n_periods × n_words.
    shares, low, high : NDArray[np.float64]
        Their share of the documents, and its 95 % interval (Wilson 1927), of the same shape; NaN
        where a period has no document.
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
        """Return the peaks of a word, the one farthest above the usual share first."""
        observed, shuffled = self._with_chance(word)
        (positions,) = find_peaks(observed, shuffled, PERIODS_PER_YEAR[self.by], _ERROR_SHARE)
        return [self.periods[i] for i in positions]

    def bursts(self, word: str) -> list[tuple[str, str]]:
        """Return stretches (first and last period) in which a word was far more common than usual.

        The one of the greatest weight comes first (Kleinberg 2002).
        """
        observed, shuffled = self._with_chance(word)
        (spans,) = find_bursts(observed, shuffled, error_share=_ERROR_SHARE)
        return [(self.periods[span.first], self.periods[span.last]) for span in spans]

    def _with_chance(self, word: str) -> tuple[PeriodSums, list[PeriodSums]]:
        """Return the documents with a word by period, and the same with shuffled dates."""
        column = self.words.index(word)
        holding = self.holding[:, [column]].astype(np.float64)
        n_holding = int(holding.sum())
        share = n_holding / int(self.documents.sum())
        variance = max(share * (1 - share), _MIN_VARIANCE)
        skewness = (1 - 2 * share) / np.sqrt(variance)
        documents = self.documents.astype(np.float64)
        observed = PeriodSums(documents, holding, np.array([variance]), np.array([skewness]))
        rng = np.random.default_rng(0)
        draws = rng.multivariate_hypergeometric(
            self.documents, n_holding, N_SHUFFLES, method="marginals"
        )
        sums = draws[:, :, None].astype(np.float64)
        return observed, [observed._replace(sums=drawn) for drawn in sums]

    def rows(self) -> Iterator[list[str]]:
        """Yield one row per period and word; periods without documents are left out.

        A row is period, documents, word, documents that have it, share, low, high.
        """
        for i in np.flatnonzero(self.documents):
            for k, word in enumerate(self.words):
                yield [
                    self.periods[i],
                    str(self.documents[i]),
                    word,
                    str(self.holding[i, k]),
                    f"{self.shares[i, k]:.6f}",
                    f"{self.low[i, k]:.6f}",
                    f"{self.high[i, k]:.6f}",
                ]


def count_mentions(X: sparse.csr_matrix, dates: Sequence[str], by: Period) -> sparse.csc_matrix:
    """Return how many documents of each period have each word, n_periods × n_words.

    *X* is n_documents × n_words counts. The periods are those of :func:`shares_over_time` for the
    same dates.
    """
    periods, rows = lay_out(dates, by)
    has_word = presence(X)
    mentions = sum_by_period(has_word, rows, len(periods)).tocsc()
    mentions.sort_indices()
    return mentions


def presence(X: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return which document has which word: a 1 for every count of X."""
    ones = np.ones(X.nnz, dtype=np.int32)
    arrays = ones, X.indices, X.indptr
    return sparse.csr_matrix(arrays, shape=X.shape)


def sum_by_period(
    X: sparse.csr_matrix, rows: NDArray[np.intp], n_periods: int
) -> sparse.csr_matrix:
    """Add up the rows of each period, n_periods × n_words; *rows* has each document's period."""
    n_documents = len(rows)
    ones = np.ones(n_documents, dtype=X.dtype)
    columns = np.arange(n_documents)
    period_has_document = sparse.csr_matrix(
        (ones, (rows, columns)),
        shape=(n_periods, n_documents),
    )
    sums: sparse.csr_matrix = period_has_document @ X
    return sums


def mentions_of(
    words: Sequence[str],
    holding: NDArray[np.int64],
    documents: NDArray[np.int64],
    periods: Sequence[str],
    by: Period,
) -> Mentions:
    """Return the mentions of *words*, with Wilson's intervals.

    Parameters
    ----------
    words : Sequence[str]
        The n_words words.
    holding : NDArray[np.int64]
        How many documents have each word, n_periods × n_words.
    documents : NDArray[np.int64]
        How many documents each period has (n_periods,).
    periods : Sequence[str]
        The n_periods periods.
    by : Period
        The length of a period.
    """
    n = documents[:, None].astype(np.float64)
    n[documents == 0] = np.nan
    shares = holding / n
    scale = 1 + _Z**2 / n
    centre = shares + _Z**2 / (2 * n)
    centre /= scale
    variance = shares * (1 - shares) / n
    variance += _Z**2 / (4 * n**2)
    reach = _Z * np.sqrt(variance) / scale
    return Mentions(
        words=tuple(words),
        by=by,
        periods=tuple(periods),
        documents=documents,
        holding=holding,
        shares=shares,
        low=np.maximum(centre - reach, 0),
        high=np.minimum(centre + reach, 1),
    )
