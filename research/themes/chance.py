"""What chance alone gives: articles with shuffled dates, extreme values, many tests.

A test keeps the calendar, thin periods included, and shuffles which article has which date. This
module knows nothing of peaks or bursts: it is given their largest statistics.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SIGNIFICANCE_LEVEL = 0.05
N_SHUFFLES = 199
_MIN_SHUFFLES_ABOVE = 10  # Of a p value that is counted; a smaller one comes from the Gumbel tail.
_MIN_SCALE = 1e-12  # Of the Gumbel distribution of a topic whose shares are all equal.


class ChanceMaxima:
    """The distribution by chance of each topic's largest statistic.

    Maxima follow the Gumbel distribution (Gumbel 1958), whose two parameters come from the mean and
    the standard deviation of the shuffles; so p values below 1 / 200 need no thousands of shuffles.

    Parameters
    ----------
    maxima : NDArray[np.float64]
        The largest statistic of each shuffle, n_shuffles × n_topics.
    """

    def __init__(self, maxima: NDArray[np.float64]) -> None:
        self.maxima = maxima
        self.scale = np.maximum(maxima.std(axis=0) * np.sqrt(6) / np.pi, _MIN_SCALE)
        self.location = maxima.mean(axis=0) - np.euler_gamma * self.scale

    def p_values(self, observed: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how probable a maximum as large as *observed* (n_topics,) is by chance."""
        n_shuffles = len(self.maxima)
        n_above = np.count_nonzero(self.maxima >= observed, axis=0)
        counted = (1 + n_above) / (1 + n_shuffles)
        tail = -np.expm1(-np.exp(-(observed - self.location) / self.scale))
        least_counted = _MIN_SHUFFLES_ABOVE / (1 + n_shuffles)
        smooth = np.minimum(tail, least_counted)
        return np.asarray(np.where(n_above >= _MIN_SHUFFLES_ABOVE, counted, smooth))

    def critical_values(self, level: float = SIGNIFICANCE_LEVEL) -> NDArray[np.float64]:
        """Return the value that chance alone exceeds with a probability of *level* (n_topics,)."""
        critical: NDArray[np.float64] = self.location - self.scale * np.log(-np.log1p(-level))
        return critical


def significant_tests(p: Sequence[float] | NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which of many tests are significant at a false discovery rate of one in twenty.

    *p* are their p values (n_tests,), NaN where there was no test (Benjamini & Hochberg 1995).
    """
    values = np.array([1.0 if np.isnan(value) else value for value in p])
    n_tests = len(values)
    order = np.argsort(values, kind="stable")
    limits = SIGNIFICANCE_LEVEL * np.arange(1, n_tests + 1) / max(1, n_tests)
    passed = np.flatnonzero(values[order] <= limits)
    significant = np.zeros(n_tests, dtype=bool)
    if len(passed):
        significant[order[: passed[-1] + 1]] = True
    return significant
