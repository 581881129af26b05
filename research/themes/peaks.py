"""Periods in which a series is above the year around them, and stretches above all the rest.

A series may be a topic's share or the share of documents with a word; this module knows neither.
What counts as a peak or a burst is decided by chance: the same articles with shuffled dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.themes.chance import SIGNIFICANCE_LEVEL, ChanceMaxima, significant_tests
from research.themes.panel import PeriodSums
from research.themes.scan import Span, Windows, normal_scores

_NEIGHBOURS = 2  # Periods on either side that a peak is higher than.
_MIN_PERIODS_AROUND = 6  # On either side, for the usual share, where a year has fewer.
_MIN_ARTICLES_OF_PEAK = 3.0  # Its share times its articles: fewer say nothing of a period.
_BURST_RATE = 2.0  # A burst's rate as a multiple of the usual one (Kleinberg's s).
_MIN_RATIO = 1.5  # Of the share in a window that is a burst by itself to the share outside.
_BURST_START_COST = 1.0  # In units of ln n (Kleinberg's gamma).
_MIN_RATE, _MAX_RATE = 1e-9, 0.9999  # So that logarithms of rates are finite.
_MIN_PERIODS_FOR_BURSTS = 3
_TINY = 1e-12


class BurstSpan(NamedTuple):
    """Successive periods with a rate far above the usual one.

    ``first`` and ``last`` are positions of periods; ``weight`` is how much likelier (in nats) the
    burst's rate makes the articles than the usual rate.
    """

    first: int
    last: int
    weight: float


def find_peaks(
    observed: PeriodSums,
    shuffled: Iterable[PeriodSums],
    periods_per_year: float,
    error_share: float = 1.0,
) -> list[list[int]]:
    """Return the positions of each series' peaks, the one farthest above the usual first.

    A peak is at least as high as the two periods on either side, has at least three articles' worth
    of the series, and exceeds the articles of a year on either side by more than chance does.
    Series are first tested by their highest peak, with a false discovery rate of one in twenty
    among all; then the periods of a series likewise. So one theme may peak at every congress.

    Parameters
    ----------
    observed : PeriodSums
        The n_topics series over n_periods.
    shuffled : Iterable[PeriodSums]
        The same articles with shuffled dates, about 200 times.
    periods_per_year : float
        How many periods a year has.
    error_share : float, default 1.0
        The part of the one in twenty that peaks alone may have.
    """
    reach = max(_MIN_PERIODS_AROUND, round(periods_per_year))
    scores = _peak_scores(observed, reach)
    maxima = []
    for sums in shuffled:
        shuffled_scores = _peak_scores(sums, reach)
        maxima.append(shuffled_scores.max(axis=0))
    chance = ChanceMaxima(np.stack(maxima))
    p_of_highest = chance.p_values(scores.max(axis=0))
    passed = significant_tests(p_of_highest / error_share)
    p = chance.p_values(scores)
    peaks: list[list[int]] = []
    for topic, significant in enumerate(passed):
        order = np.argsort(-scores[:, topic], kind="stable")
        n_peaks = _n_significant(p[order, topic]) if significant else 0
        peaks.append(order[:n_peaks].tolist())
    return peaks


def _n_significant(p: NDArray[np.float64]) -> int:
    """Return how many of the largest statistics of one series are significant.

    *p* is how probable each is as a maximum, the smallest first. A maximum of T periods is about T
    times as probable as a period's own value, so that Benjamini & Hochberg's limit for the i-th of
    T periods is i times the level.
    """
    limits = SIGNIFICANCE_LEVEL * np.arange(1, len(p) + 1)
    # A limit of 1 and more is no test: at most nineteen periods of a series can pass.
    passed = np.flatnonzero((p <= limits) & (limits < 1))
    return int(passed[-1]) + 1 if len(passed) else 0


def _peak_scores(table: PeriodSums, reach: int) -> NDArray[np.float64]:
    """Return by how many standard deviations each period exceeds the usual share.

    The usual share is that of the articles within *reach* periods on either side, the period itself
    left out; the deviation counts the articles of both. Returns n_periods × n_topics; 0 where a
    period cannot be a peak.
    """
    sizes = table.sizes[:, None]
    n_around = _sums_around(sizes, reach)
    sums_around = _sums_around(table.sums, reach)
    usual = sums_around / np.maximum(n_around, _TINY)
    n = np.maximum(sizes, _TINY)
    means = table.sums / n
    inverse_sizes = 1 / n + 1 / np.maximum(n_around, 1)
    deviation = np.sqrt(table.variance * inverse_sizes)
    skewness = table.skewness / np.sqrt(n)
    scores = normal_scores((means - usual) / deviation, skewness)
    is_highest = _highest_around(means, table.sizes > 0)
    has_articles = table.sums >= _MIN_ARTICLES_OF_PEAK
    possible = is_highest & has_articles & (n_around > 0)
    return np.where(possible, np.maximum(scores, 0), 0)


def _sums_around(values: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """Return sums over the periods within *reach* of each, without its own.

    *values* is n_periods × n_series.
    """
    n_periods, n_series = values.shape
    positions = np.arange(n_periods)
    first = np.maximum(positions - reach, 0)
    after = np.minimum(positions + reach + 1, n_periods)
    running = np.zeros((n_periods + 1, n_series))
    running[1:] = np.cumsum(values, axis=0)
    within = running[after] - running[first]
    around: NDArray[np.float64] = within - values
    return np.maximum(around, 0)


def _highest_around(means: NDArray[np.float64], occupied: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which periods are as high as the two on either side, n_periods × n_topics."""
    heights = np.where(occupied[:, None], means, -np.inf)
    padding = ((_NEIGHBOURS, _NEIGHBOURS), (0, 0))
    padded = np.pad(heights, padding, constant_values=-np.inf)
    width = 2 * _NEIGHBOURS + 1
    windows = np.lib.stride_tricks.sliding_window_view(padded, width, axis=0)
    highest = windows.max(axis=-1)
    return np.asarray((heights >= highest) & occupied[:, None])


def find_bursts(
    observed: PeriodSums,
    shuffled: Iterable[PeriodSums],
    n_measures: int = 1,
    error_share: float = 1.0,
) -> list[list[BurstSpan]]:
    """Find stretches in which each series is far above the rest, the greatest weight first.

    Series are first tested by their best window of successive periods (a scan statistic, see
    ``scan``), with a false discovery rate of one in twenty among all; then the bursts of a series
    likewise. Where a burst begins and ends is found with Kleinberg's two-state automaton for
    batches (2002, section 4): in it, articles are of the series twice as often as usual. The best
    window is a burst too where the automaton finds none and the series is half as frequent again in
    it as outside. Periods without articles neither begin nor end a burst.

    Parameters
    ----------
    observed : PeriodSums
        The n_topics series over n_periods.
    shuffled : Iterable[PeriodSums]
        The same articles with shuffled dates, about 200 times.
    n_measures : int, default 1
        How many times the topics come in succession in the columns, each time measured by something
        else, such as their shares and the articles of which they are the main theme. All count for
        the test; where a burst begins and ends, and its weight, come from the first.
    error_share : float, default 1.0
        The part of the one in twenty that bursts alone may have.
    """
    n_topics = observed.sums.shape[1] // n_measures
    occupied = np.flatnonzero(observed.sizes > 0)
    if len(occupied) < _MIN_PERIODS_FOR_BURSTS:
        return [[] for _ in range(n_topics)]
    maxima = [_windows(sums, occupied, n_measures).largest() for sums in shuffled]
    chance = ChanceMaxima(np.stack(maxima))
    windows = _windows(observed, occupied, n_measures)
    p_of_best = chance.p_values(windows.largest())
    passed = significant_tests(p_of_best / error_share)
    best = windows.best(np.flatnonzero(passed))
    gains = _burst_gains(observed)[occupied]
    bursts: list[list[BurstSpan]] = [[] for _ in range(n_topics)]
    for topic, window in best.items():
        spans = _spans_of(gains[:, topic])
        if not _any_overlaps(spans, window) and windows.ratio(topic, window) >= _MIN_RATIO:
            spans.append(window)
        spans = _significant_spans(spans, topic, windows, chance)
        bursts[topic] = _by_weight(spans, gains[:, topic], occupied)
    return bursts


def _windows(table: PeriodSums, occupied: NDArray[np.intp], n_measures: int) -> Windows:
    """Return the windows of the periods with articles, which are at *occupied*."""
    table = table._replace(sizes=table.sizes[occupied], sums=table.sums[occupied])
    return Windows(table, n_measures)


def _any_overlaps(spans: Sequence[Span], window: Span) -> bool:
    """Return whether a window shares a period with one of some spans."""
    return any(start < window[1] and window[0] < end for start, end in spans)


def _significant_spans(
    spans: Sequence[Span], topic: int, windows: Windows, chance: ChanceMaxima
) -> list[Span]:
    """Return which spans of one topic are significant among them."""
    scores = np.array([windows.score(topic, span) for span in spans])
    order = np.argsort(-scores, kind="stable")
    table = np.zeros((len(spans), windows.n_topics))
    table[:, topic] = scores[order]
    p = chance.p_values(table)[:, topic]
    return [spans[i] for i in order[: _n_significant(p)]]


def _by_weight(
    spans: Sequence[Span], gains: NDArray[np.float64], occupied: NDArray[np.intp]
) -> list[BurstSpan]:
    """Return spans of the periods at *occupied* as bursts, the greatest weight first."""
    bursts = [
        BurstSpan(
            first=int(occupied[start]),
            last=int(occupied[end - 1]),
            weight=float(gains[start:end].sum()),
        )
        for start, end in spans
    ]
    return sorted(bursts, key=lambda burst: (-burst.weight, burst.first))


def _burst_gains(table: PeriodSums) -> NDArray[np.float64]:
    """Return how much likelier (in nats) a burst's rate makes each period, n_periods × n_topics."""
    rate = table.sums.sum(axis=0) / table.sizes.sum()
    usual = np.clip(rate, _MIN_RATE, _MAX_RATE / _BURST_RATE)
    raised = usual * _BURST_RATE
    gain_of_article = np.log(raised / usual)
    gain_of_other = np.log((1 - raised) / (1 - usual))
    others = table.sizes[:, None] - table.sums
    gains: NDArray[np.float64] = table.sums * gain_of_article
    gains += others * gain_of_other
    return gains


def _spans_of(gains: NDArray[np.float64]) -> list[Span]:
    """Return the bursts of one series by the automaton, as positions in *gains* (n_periods,)."""
    start_cost = _BURST_START_COST * np.log(len(gains))
    in_burst = _cheapest_states(gains, start_cost)
    return [span for span in _true_runs(in_burst) if gains[span[0] : span[1]].sum() > 0]


def _cheapest_states(gains: NDArray[np.float64], start_cost: float) -> NDArray[np.bool_]:
    """Return which periods are in a burst on the cheapest path through both states (Viterbi)."""
    usual = 0.0
    burst = start_cost - gains[0]
    usual_from_burst = [False]
    burst_from_burst = [False]
    for gain in gains[1:]:
        started = usual + start_cost
        usual_from_burst.append(burst < usual)
        burst_from_burst.append(burst <= started)
        usual, burst = min(usual, burst), min(started, burst) - gain
    state = burst < usual
    states = []
    for t in reversed(range(len(gains))):
        states.append(state)
        predecessor = burst_from_burst if state else usual_from_burst
        state = predecessor[t]
    return np.array(states[::-1], dtype=bool)


def _true_runs(flags: NDArray[np.bool_]) -> list[Span]:
    """Return where runs of True start and where they end (the position after the last)."""
    padded = np.concatenate([[False], flags, [False]]).astype(int)
    edges = np.flatnonzero(np.diff(padded))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
