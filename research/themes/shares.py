"""Topic shares by calendar period, with bands for what chance alone could change.

This module computes; it writes no file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from research.themes.calendar import Period, last_is_unfinished, lay_out

_BAND_QUANTILES = (0.025, 0.975)  # Of a 95 % band.


@dataclass(frozen=True, slots=True)
class SharesOverTime:
    """Mean topic shares of the documents of each period.

    Attributes
    ----------
    by : Period
        The length of a period.
    periods : tuple[str, ...]
        The n_periods periods, every one of the calendar between the first and the last.
    counts : NDArray[np.int64]
        Documents of each period (n_periods,).
    shares : NDArray[np.float64]
        Mean shares, n_periods × n_topics; NaN where a period has no document.
    low, high : NDArray[np.float64]
        The 95 % bands, of the same shape, wider for periods of few articles; the shares themselves
        without resampling.
    unfinished : bool
        Whether the last period lasts longer than its documents.
    """

    by: Period
    periods: tuple[str, ...]
    counts: NDArray[np.int64]
    shares: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    unfinished: bool = False


def shares_without_dates(n_topics: int, by: Period) -> SharesOverTime:
    """Return the shares of an archive without a dated document: no period, of *n_topics* topics."""
    nothing = np.empty((0, n_topics))
    return SharesOverTime(
        by=by,
        periods=(),
        counts=np.empty(0, dtype=np.int64),
        shares=nothing,
        low=nothing,
        high=nothing,
    )


def shares_over_time(
    doc_topic: NDArray[np.float64],
    dates: Sequence[str],
    by: Period = "month",
    *,
    weights: Sequence[float] | NDArray[np.float64] | None = None,
    resamples: int = 0,
    random_state: int = 0,
) -> SharesOverTime:
    """Average topic shares by calendar period; one without a document has count 0 and NaN.

    Parameters
    ----------
    doc_topic : NDArray[np.float64]
        Topic shares, n_documents × n_topics.
    dates : Sequence[str]
        ISO dates (``2023-12-20``); months suffice for months and quarters, years for years.
    by : Period, default "month"
        The length of a period. Weeks are ISO 8601's, named ``2023-W07``.
    weights : Sequence[float], optional
        How much each document counts, its length for example; each counts 1 by default.
    resamples : int, default 0
        How often the documents of a period are drawn anew for its band; 0 gives no bands.
    random_state : int, default 0
        The seed of the resampling.

    Raises
    ------
    InputError
        Where a date is too coarse for the periods, or there are too many periods.
    """
    periods, rows = lay_out(dates, by)
    counts = np.bincount(rows, minlength=len(periods))
    weight = np.ones(len(rows))
    if weights is not None:
        weight[:] = weights
    documents = _documents_by_period(rows, counts)
    shares = _mean_shares(doc_topic, weight, documents)
    low, high = shares, shares
    if resamples:
        low, high = _bands(doc_topic, weight, documents, resamples, random_state)
        low, high = np.fmin(low, shares), np.fmax(high, shares)
    unfinished = last_is_unfinished(dates, by)
    return SharesOverTime(by, periods, counts, shares, low, high, unfinished)


def _documents_by_period(
    rows: NDArray[np.intp], counts: NDArray[np.intp]
) -> list[NDArray[np.intp]]:
    """Return the documents of each period, from each document's period and the periods' sizes."""
    order = np.argsort(rows, kind="stable")
    ends = np.cumsum(counts)
    inner_ends = ends[:-1]
    return np.split(order, inner_ends)


def _mean_shares(
    doc_topic: NDArray[np.float64],
    weight: NDArray[np.float64],
    documents_by_period: Sequence[NDArray[np.intp]],
) -> NDArray[np.float64]:
    """Return the weighted mean shares of each period's documents, n_periods × n_topics."""
    n_topics = doc_topic.shape[1]
    means = np.full((len(documents_by_period), n_topics), np.nan)
    with threadpool_limits(1, "blas"):
        for i, documents in enumerate(documents_by_period):
            if len(documents):
                weights = weight[documents]
                totals = weights @ doc_topic[documents]
                means[i] = totals / weights.sum()
    return means


def _bands(
    doc_topic: NDArray[np.float64],
    weight: NDArray[np.float64],
    documents_by_period: Sequence[NDArray[np.intp]],
    resamples: int,
    random_state: int,
) -> NDArray[np.float64]:
    """Return the bands of the means, 2 × n_periods × n_topics, low and high.

    The Bayesian bootstrap (Rubin 1981) with one article of the archive as its prior (Ferguson
    1973): articles weigh at random, and beside them, as if it were one of them, one drawn from all
    articles. So the band of a period with few articles is wide and leans to the overall share.
    """
    n_documents, n_topics = doc_topic.shape
    bands = np.full((2, len(documents_by_period), n_topics), np.nan)
    with threadpool_limits(1, "blas"):
        for i, documents in enumerate(documents_by_period):
            if not len(documents):
                continue
            rng = np.random.default_rng([random_state, i])
            prior = rng.integers(0, n_documents, resamples)
            random_weights = rng.standard_exponential((resamples, len(documents) + 1))
            own_weights = random_weights[:, :-1] * weight[documents]
            prior_weights = random_weights[:, -1] * weight[prior]
            totals = own_weights @ doc_topic[documents]
            totals += prior_weights[:, None] * doc_topic[prior]
            means = totals / (own_weights.sum(axis=1) + prior_weights)[:, None]
            bands[:, i] = np.quantile(means, _BAND_QUANTILES, axis=0)
    return bands


def document_weights(
    counts: sparse.csr_matrix, weigh: Literal["article", "length"]
) -> NDArray[np.float64]:
    """Return how much each document counts in the mean of its period (n_documents,).

    By "article" each counts 1; by "length" its number of words in *counts* (n_documents × n_words),
    at least 1.
    """
    if weigh == "article":
        return np.ones(counts.shape[0])
    sums = np.asarray(counts.sum(axis=1))
    lengths = sums.ravel()
    return np.asarray(np.maximum(lengths, 1.0))
