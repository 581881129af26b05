"""Windows of successive periods in which a series is above the rest: a scan statistic.

A window has any number of periods up to a third of all (Kulldorff 1997; windows of geometrically
growing length, longer ones at wider steps, as in Neill & Moore 2004). What chance gives is no part
of this module.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from research.themes.panel import PeriodSums

_SHORT = 4  # Windows of so few periods begin at every period.
_MAX_SHARE_OF_PERIODS = 1 / 3
_MIN_ARTICLES = 3.0  # Of the series in a window: fewer say nothing.
_MIN_STANDARDISED = 1.0  # A lower excess is never the largest; leaving it out saves time.
_MIN_SKEWNESS = 1e-6
_TINY = 1e-12


Span = tuple[int, int]  # Positions of the first period and of the one after the last.


class Windows:
    """Scores of the windows of each series.

    A score is half the square of by how many standard deviations the mean share within exceeds that
    outside: about the gain in log-likelihood. The deviations are normal scores, since means of few
    shares are skewed, and without this thin windows would have the largest scores.

    Parameters
    ----------
    table : PeriodSums
        The series over n_periods, each of which has articles: n_measures · n_topics columns.
    n_measures : int, default 1
        How many times the topics come in succession, each time measured by something else. The
        score of a topic's window is the largest of its measures.
    """

    def __init__(self, table: PeriodSums, n_measures: int = 1) -> None:
        self.n_periods, n_columns = table.sums.shape
        self.n_topics = n_columns // n_measures
        self.deviation = np.sqrt(table.variance)
        self.skewness = table.skewness
        self.total = float(table.sizes.sum())
        self.means = table.sums.sum(axis=0) / self.total
        self.running_sizes = np.zeros(self.n_periods + 1)
        self.running_sizes[1:] = np.cumsum(table.sizes)
        excess = table.sums - table.sizes[:, None] * self.means
        self.running_excess = np.zeros((self.n_periods + 1, n_columns))
        self.running_excess[1:] = np.cumsum(excess / self.deviation, axis=0)

    def largest(self) -> NDArray[np.float64]:
        """Return the largest score of each topic (n_topics,), at least 0."""
        largest = np.zeros(self.n_topics)
        for starts, length in _grid(self.n_periods):
            _, topics, scores = self._positive_scores(starts, starts + length)
            np.maximum.at(largest, topics, scores)
        return largest

    def best(self, topics: NDArray[np.intp]) -> dict[int, Span]:
        """Return the window of the largest score of some topics.

        The earliest of the shortest comes first among equals.
        """
        largest = dict.fromkeys(topics.tolist(), 0.0)
        best: dict[int, Span] = {}
        for starts, length in _grid(self.n_periods):
            found = self._positive_scores(starts, starts + length)
            for row, topic, score in zip(*(column.tolist() for column in found), strict=True):
                if score > largest.get(topic, np.inf):
                    largest[topic] = score
                    start = int(starts[row])
                    best[topic] = (start, start + length)
        return best

    def score(self, topic: int, span: Span) -> float:
        """Return the score of one window of one topic, 0 where it is not above the rest."""
        start, end = span
        _, topics, scores = self._positive_scores(np.array([start]), np.array([end]))
        return float(scores[topics == topic].max(initial=0))

    def ratio(self, topic: int, span: Span) -> float:
        """Return a topic's mean share within a window as a multiple of that outside."""
        start, end = span
        n = self.running_sizes[end] - self.running_sizes[start]
        excess = self.running_excess[end, topic] - self.running_excess[start, topic]
        excess *= self.deviation[topic]
        within = self.means[topic] + excess / max(n, _TINY)
        outside = self.means[topic] - excess / max(self.total - n, _TINY)
        return float(within / max(outside, _TINY))

    def _positive_scores(
        self, starts: NDArray[np.intp], ends: NDArray[np.intp]
    ) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
        """Return which of some windows are above the rest, of which topics, and their scores."""
        n = self.running_sizes[ends] - self.running_sizes[starts]
        outside = np.maximum(self.total - n, _TINY)
        factor = np.sqrt(self.total / (np.maximum(n, _TINY) * outside))
        excess = self.running_excess[ends] - self.running_excess[starts]
        standardised = excess * factor[:, None]
        rows, series = np.nonzero(standardised > _MIN_STANDARDISED)
        sizes = n[rows]
        articles = excess[rows, series] * self.deviation[series] + sizes * self.means[series]
        skewness = self.skewness[series] / np.sqrt(np.maximum(sizes, _TINY))
        deviations = normal_scores(standardised[rows, series], skewness)
        possible = (articles >= _MIN_ARTICLES) & (deviations > 0)
        scores = deviations[possible] ** 2 / 2
        return rows[possible], series[possible] % self.n_topics, scores


def _grid(n_periods: int) -> Iterator[tuple[NDArray[np.intp], int]]:
    """Yield the lengths of windows (1, 2, 3, 4, 6, 8, 12, …), each with where they start."""
    longest = max(1, int(n_periods * _MAX_SHARE_OF_PERIODS))
    length = 1
    while length <= longest:
        step = max(1, length // _SHORT)
        yield np.arange(0, n_periods - length + 1, step), length
        is_power_of_two = length & (length - 1) == 0
        length += max(1, length // 2) if is_power_of_two else length // 3


def normal_scores(
    standardised: NDArray[np.float64], skewness: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return normal scores of standardised gamma variates (Wilson & Hilferty 1931)."""
    skewness = np.maximum(skewness, _MIN_SKEWNESS)
    shape = 4 / skewness**2
    ratio = 1 + standardised / np.sqrt(shape)
    root = np.cbrt(np.maximum(ratio, 0))
    expected_root = 1 - 1 / (9 * shape)
    scores: NDArray[np.float64] = 3 * np.sqrt(shape) * (root - expected_root)
    return scores
