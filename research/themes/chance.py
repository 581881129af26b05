"""What chance alone gives: articles with shuffled dates, extreme values, intervals, many tests.

A test keeps the calendar, thin periods included, and shuffles which article has which date. This
module knows nothing of peaks or bursts: it is given their largest statistics.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

SIGNIFICANCE_LEVEL = 0.05
N_SHUFFLES = 199
_MIN_SHUFFLES_ABOVE = 10  # Of a p value that is counted; a smaller one comes from a distribution.
_TAIL_SHARE = 0.02  # Of all topics' maxima, those that the tail is fitted to,
_MIN_MAXIMA_OF_TAIL = 20  # and at least so many.
_MIN_TAIL_SCALE = 0.4  # In units of the Gumbel distribution's, whose own is 1.
_MIN_SCALE = 1e-12  # Of the Gumbel distribution of a topic whose shares are all equal.


class Estimates(NamedTuple):
    """Estimated values with what chance could make of them, arrays of one shape.

    ``low`` and ``high`` are the 95 % interval, ``p`` how probable so large a value is by chance.
    """

    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    p: NDArray[np.float64]


def with_intervals(
    value: NDArray[np.float64], error: NDArray[np.float64], freedom: NDArray[np.float64]
) -> Estimates:
    """Return values with intervals by Student's t distribution.

    *error* is their standard errors and *freedom* the degrees of freedom of these.
    """
    quantile = np.asarray(stats.t.ppf(1 - SIGNIFICANCE_LEVEL / 2, freedom))
    reach = quantile * error
    distance = np.abs(value) / error
    one_sided = np.asarray(stats.t.sf(distance, freedom))
    return Estimates(
        value=value,
        low=value - reach,
        high=value + reach,
        p=2 * one_sided,
    )


class ChanceMaxima:
    """The distribution by chance of each topic's largest statistic.

    Maxima follow the Gumbel distribution (Gumbel 1958), whose two parameters come from the mean and
    the standard deviation of the shuffles. Far out it is too cautious: maxima of nearly normal
    statistics become rare faster. So the largest maxima of all topics together, each in units of
    its own topic's distribution, give an exponential tail (a generalised Pareto distribution of
    shape 0, Knijnenburg et al. 2009), and p values far below 1 / 200 need no thousands of shuffles.

    Parameters
    ----------
    maxima : NDArray[np.float64]
        The largest statistic of each shuffle, n_shuffles × n_topics.
    """

    def __init__(self, maxima: NDArray[np.float64]) -> None:
        deviation = maxima.std(axis=0)
        scale = deviation * np.sqrt(6) / np.pi
        self.maxima = maxima
        self.scale = np.maximum(scale, _MIN_SCALE)
        self.location = maxima.mean(axis=0) - np.euler_gamma * self.scale
        self._fit_tail()

    def _fit_tail(self) -> None:
        """Fit the tail to the largest of all topics' maxima."""
        reduced = np.sort((self.maxima - self.location) / self.scale, axis=None)
        n_tail = max(_MIN_MAXIMA_OF_TAIL, int(_TAIL_SHARE * len(reduced)))
        n_tail = min(n_tail, len(reduced) - 1)
        self.tail_share = n_tail / len(reduced)
        self.tail_start = float(reduced[-n_tail - 1])
        excess = reduced[-n_tail:] - self.tail_start
        self.tail_scale = min(1.0, max(float(excess.mean()), _MIN_TAIL_SCALE))

    def p_values(self, observed: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how probable a maximum as large as *observed* (… × n_topics) is by chance."""
        reduced = (observed - self.location) / self.scale
        gumbel = -np.expm1(-np.exp(-reduced))
        beyond = np.maximum(reduced - self.tail_start, 0)
        tail = self.tail_share * np.exp(-beyond / self.tail_scale)
        smooth = np.where(beyond > 0, tail, np.maximum(gumbel, self.tail_share))
        n_above = np.zeros(observed.shape)
        for maxima in self.maxima:
            n_above += maxima >= observed
        return counted_or_smooth(n_above, len(self.maxima), smooth)


def counted_or_smooth(
    n_above: NDArray[np.float64], n_shuffles: int, tail: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return p values: the share of shuffles at or above, or, where few are, a distribution's tail.

    *n_above* is how many of *n_shuffles* are as large as what was observed, *tail* the probability
    by a distribution that was fitted to the shuffles; both have the same shape.
    """
    counted = (1 + n_above) / (1 + n_shuffles)
    least_counted = _MIN_SHUFFLES_ABOVE / (1 + n_shuffles)
    smooth = np.minimum(tail, least_counted)
    enough = n_above >= _MIN_SHUFFLES_ABOVE
    return np.where(enough, counted, smooth)


def significant_tests(p: Sequence[float] | NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which of many tests are significant at a false discovery rate of one in twenty.

    *p* are their p values (n_tests,), NaN where there was no test (Benjamini & Hochberg 1995).
    """
    values = np.asarray(p, dtype=np.float64)
    values = np.where(np.isnan(values), 1.0, values)
    n_tests = len(values)
    order = np.argsort(values, kind="stable")
    ranks = np.arange(1, n_tests + 1)
    limits = SIGNIFICANCE_LEVEL * ranks / max(1, n_tests)
    passed = np.flatnonzero(values[order] <= limits)
    significant = np.zeros(n_tests, dtype=bool)
    if len(passed):
        n_significant = passed[-1] + 1
        significant[order[:n_significant]] = True
    return significant
