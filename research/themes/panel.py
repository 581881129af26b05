"""Topic shares of articles, and their sums by period: what tests at the level of articles need."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

_TINY = 1e-12


class PeriodSums(NamedTuple):
    """What is left of a panel once its articles are summed by period.

    Attributes
    ----------
    sizes : NDArray[np.float64]
        How many articles' weight each period has (n_periods,); 0 where it has no article.
    sums : NDArray[np.float64]
        Sum of the shares of its articles, n_periods × n_topics.
    variance, skewness : NDArray[np.float64]
        Of the shares of single articles (n_topics,).
    """

    sizes: NDArray[np.float64]
    sums: NDArray[np.float64]
    variance: NDArray[np.float64]
    skewness: NDArray[np.float64]


@dataclass(frozen=True)
class Panel:
    """Articles of successive periods.

    Attributes
    ----------
    shares : NDArray[np.float64]
        Topic shares, n_documents × n_topics.
    weights : NDArray[np.float64]
        How much each article counts (n_documents,).
    rows : NDArray[np.intp]
        The position of each article's period (n_documents,).
    n_periods : int
        How many periods there are, those without articles included.
    """

    shares: NDArray[np.float64]
    weights: NDArray[np.float64]
    rows: NDArray[np.intp]
    n_periods: int

    @cached_property
    def documents(self) -> NDArray[np.float64]:
        """Articles of each period (n_periods,)."""
        counts = np.bincount(self.rows, minlength=self.n_periods)
        return counts.astype(np.float64)

    @cached_property
    def period_weights(self) -> NDArray[np.float64]:
        """Sum of the weights of each period's articles (n_periods,)."""
        weights = np.bincount(self.rows, self.weights, self.n_periods)
        return weights.astype(np.float64)

    @cached_property
    def sums(self) -> NDArray[np.float64]:
        """Weighted sum of the shares of each period's articles, n_periods × n_topics."""
        n_documents = len(self.rows)
        columns = np.arange(n_documents)
        summing = sparse.csr_matrix(
            (self.weights, (self.rows, columns)),
            shape=(self.n_periods, n_documents),
        )
        return np.asarray(summing @ self.shares)

    @cached_property
    def means(self) -> NDArray[np.float64]:
        """Mean share of each period, n_periods × n_topics; NaN where it has no article."""
        weights = np.where(self.documents > 0, self.period_weights, np.nan)
        return self.sums / weights[:, None]

    @cached_property
    def period_sums(self) -> PeriodSums:
        """Sums by period, in units of the mean article's weight."""
        unit = self.weights.mean()
        deviations = self.shares - self.shares.mean(axis=0)
        variance = (deviations**2).mean(axis=0)
        variance = np.maximum(variance, _TINY)
        third_moment = (deviations**3).mean(axis=0)
        return PeriodSums(
            sizes=self.period_weights / unit,
            sums=self.sums / unit,
            variance=variance,
            skewness=third_moment / variance**1.5,
        )

    def shuffled_sums(self, rng: np.random.Generator) -> PeriodSums:
        """Return the sums where articles are assigned to the dates at random.

        Periods keep their number of articles.
        """
        shuffled = Panel(
            shares=self.shares,
            weights=self.weights,
            rows=rng.permutation(self.rows),
            n_periods=self.n_periods,
        )
        unit = self.weights.mean()
        return self.period_sums._replace(
            sizes=shuffled.period_weights / unit,
            sums=shuffled.sums / unit,
        )

    def with_main_themes(self) -> Panel:
        """Return the panel with 2 · n_topics columns: the shares, then 1 for the largest of each.

        An article's largest share is that of its main theme, so that sums of the second half count
        the articles of each theme.
        """
        is_largest = self.shares >= self.shares.max(axis=1, keepdims=True)
        return replace(self, shares=np.hstack([self.shares, is_largest]))

    def first_periods(self, n_periods: int) -> Panel:
        """Return the panel of the first *n_periods* periods."""
        kept = self.rows < n_periods
        return Panel(
            shares=self.shares[kept],
            weights=self.weights[kept],
            rows=self.rows[kept],
            n_periods=n_periods,
        )
