"""How topics move through time: peaks, trend, season, bursts, and what events changed.

The measures are in ``trend``, ``season`` and ``peaks``; this module applies them to the articles of
a run. All of them test at the level of articles and correct for the number of topics.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.articles.dates import iso_date
from research.config import EventConfig
from research.themes.calendar import (
    PERIODS_PER_YEAR,
    Period,
    first_day,
    last_is_unfinished,
    lay_out,
)
from research.themes.chance import N_SHUFFLES, Estimates, significant_tests, with_intervals
from research.themes.data import ThemeData
from research.themes.panel import Panel, PeriodSums
from research.themes.peaks import BurstSpan, find_bursts, find_peaks
from research.themes.season import Season, measure_seasons
from research.themes.shares import SharesOverTime
from research.themes.trend import Trend, measure_trends

_MAX_PEAKS = 8
_MAX_BURSTS = 5
_SEED = 0
_MIN_PARTS_OF_YEAR = 4  # A year of fewer periods has no season.
_NO_DAY = -1


class Peak(NamedTuple):
    """A period in which a topic's share is far above the usual, with the 95 % band."""

    period: str
    share: float
    low: float
    high: float


class Burst(NamedTuple):
    """Periods, ``first`` to ``last``, in which a topic was far more frequent than usual.

    ``weight`` is the gain in log-likelihood over the usual rate; ``articles`` is how many articles
    the topic had in them: the sum of its share times the articles.
    """

    first: str
    last: str
    weight: float
    articles: float


class EventChange(NamedTuple):
    """By how much a topic's share changed with an event.

    Attributes
    ----------
    event : str
        The event's name.
    before, after : int
        How many articles lie in the days before and after it.
    change, low, high : float
        The difference of the mean shares, after less before, and its 95 % interval; NaN where one
        side has no article.
    significant : bool
        Whether the change is significant among those of all topics.
    """

    event: str
    before: int
    after: int
    change: float
    low: float
    high: float
    significant: bool = False


@dataclass(frozen=True, slots=True)
class Movement:
    """How one topic moves.

    Attributes
    ----------
    topic : int
        Its number.
    peak : Peak
        The period of its highest share.
    peaks : tuple[Peak, ...]
        At most eight periods in which its share is above the usual of the year around them, the
        one farthest above first.
    trend : Trend
        Its change per year.
    season : Season or None
        Its months or quarters; None where the periods are years.
    bursts : tuple[Burst, ...]
        At most five, the one of the greatest weight first.
    events : tuple[EventChange, ...]
        What changed with each event.
    """

    topic: int
    peak: Peak
    peaks: tuple[Peak, ...]
    trend: Trend
    season: Season | None
    bursts: tuple[Burst, ...]
    events: tuple[EventChange, ...]


def movements(
    curves: SharesOverTime,
    data: ThemeData,
    weights: NDArray[np.float64],
    events: Sequence[EventConfig] = (),
) -> list[Movement]:
    """Return how each topic moves.

    Parameters
    ----------
    curves : SharesOverTime
        The shares over time, with bands, from *data* and *weights*.
    data : ThemeData
        The articles behind the curves; each has a date.
    weights : NDArray[np.float64]
        How much each article counts (n_documents,).
    events : Sequence[EventConfig]
        The events to compare the articles before and after of.
    """
    _, panel = _panel(data, weights, curves.by)
    peaks = find_peaks(panel.period_sums, _shuffled(panel), PERIODS_PER_YEAR[curves.by])
    counted = panel.with_main_themes()
    bursts = find_bursts(counted.period_sums, _shuffled(counted), n_measures=2)
    slow = _slow(curves, data, weights)
    trends = measure_trends(slow.panel, PERIODS_PER_YEAR[slow.by])
    seasons = _seasons(slow)
    days = _day_numbers(data.dates)
    changes = [_changes_with(event, data.shares, days) for event in events]
    return [
        Movement(
            topic,
            _peak(curves, int(np.nanargmax(curves.shares[:, topic])), topic),
            _peaks(curves, peaks[topic], topic),
            trend,
            seasons[topic] if seasons else None,
            _bursts(curves, bursts[topic], panel, topic),
            tuple(by_topic[topic] for by_topic in changes),
        )
        for topic, trend in enumerate(trends)
    ]


class _Slow(NamedTuple):
    """Articles by month or longer, which trend and season are measured on.

    ``periods`` are those of the panel's positions.
    """

    by: Period
    periods: tuple[str, ...]
    panel: Panel


def _panel(
    data: ThemeData, weights: NDArray[np.float64], by: Period
) -> tuple[tuple[str, ...], Panel]:
    """Return the periods of the articles, and the articles by period."""
    periods, rows = lay_out(data.dates, by)
    return periods, Panel(data.shares, weights, rows, len(periods))


def _slow(curves: SharesOverTime, data: ThemeData, weights: NDArray[np.float64]) -> _Slow:
    """Return articles by month where the curves are by day or week, by year where by decade.

    Else they are by the curves' periods. A last period that lasts longer than its articles is left
    out: half a month has no share.
    """
    by: Period = curves.by
    if by in ("day", "week"):
        by = "month"
    elif by == "decade":
        by = "year"
    periods, panel = _panel(data, weights, by)
    if last_is_unfinished(data.dates, by) and len(periods) > 1:
        periods = periods[:-1]
        panel = panel.first_periods(len(periods))
    return _Slow(by, periods, panel)


def _seasons(slow: _Slow) -> list[Season]:
    """Return each topic's season; none where a year has too few periods."""
    n_parts = int(PERIODS_PER_YEAR[slow.by])
    if n_parts < _MIN_PARTS_OF_YEAR:
        return []
    months = [first_day(period).month for period in slow.periods]
    part_of_year = np.array([(month - 1) * n_parts // 12 for month in months])
    return measure_seasons(slow.panel, part_of_year)


def _shuffled(panel: Panel) -> Iterator[PeriodSums]:
    """Yield the articles' sums by period with shuffled dates, some two hundred times.

    They are the same at each call, and never all in memory: by day they would take a gigabyte.
    """
    rng = np.random.default_rng(_SEED)
    for _ in range(N_SHUFFLES):
        yield panel.shuffled_sums(rng)


def _peak(curves: SharesOverTime, position: int, topic: int) -> Peak:
    """Return the figures of a topic in the period at a position."""
    share, low, high = (
        float(table[position, topic]) for table in (curves.shares, curves.low, curves.high)
    )
    return Peak(curves.periods[position], share, low, high)


def _peaks(curves: SharesOverTime, positions: Sequence[int], topic: int) -> tuple[Peak, ...]:
    """Return the figures of a topic in the periods of its peaks."""
    return tuple(_peak(curves, position, topic) for position in positions[:_MAX_PEAKS])


def _bursts(
    curves: SharesOverTime, spans: Sequence[BurstSpan], panel: Panel, topic: int
) -> tuple[Burst, ...]:
    """Return the bursts of a topic, with the articles that it had in them."""
    articles = np.nan_to_num(panel.means[:, topic]) * panel.documents
    bursts = []
    for first, last, weight in spans[:_MAX_BURSTS]:
        in_burst = float(articles[first : last + 1].sum())
        bursts.append(Burst(curves.periods[first], curves.periods[last], weight, in_burst))
    return tuple(bursts)


def _day_numbers(dates: Sequence[str]) -> NDArray[np.int64]:
    """Return the ordinal of each ISO date's day, −1 where it names none."""
    length = len("2023-12-20")
    return np.array(
        [first_day(date).toordinal() if len(date) == length else _NO_DAY for date in dates]
    )


def _changes_with(
    event: EventConfig, shares: NDArray[np.float64], days: NDArray[np.int64]
) -> list[EventChange]:
    """Return by how much each topic's share changed with an event.

    *shares* is n_documents × n_topics, *days* the ordinal of each document's day. Of an event
    without an end the days from its date on are those after it.
    """
    start = first_day(iso_date(event.date)).toordinal()
    after_from = start
    if event.until:
        after_from = first_day(iso_date(event.until)).toordinal() + 1
    before = shares[(days >= start - event.days) & (days < start)]
    after = shares[(days >= after_from) & (days < after_from + event.days)]
    n_before, n_after = len(before), len(after)
    if not n_before or not n_after:
        unknown = EventChange(event.name, n_before, n_after, np.nan, np.nan, np.nan)
        return [unknown] * shares.shape[1]
    difference = mean_difference(before, after, shares.var(axis=0))
    significant = significant_tests(difference.p)
    figures = np.stack([difference.value, difference.low, difference.high], axis=1)
    return [
        EventChange(event.name, n_before, n_after, change, low, high, bool(passed))
        for (change, low, high), passed in zip(figures.tolist(), significant, strict=True)
    ]


def mean_difference(
    before: NDArray[np.float64], after: NDArray[np.float64], usual_variance: NDArray[np.float64]
) -> Estimates:
    """Return how much higher mean topic shares are after than before, (n_topics,) (Welch 1947).

    Parameters
    ----------
    before, after : NDArray[np.float64]
        Topic shares of the articles, n_documents × n_topics.
    usual_variance : NDArray[np.float64]
        The variance of the shares among all articles (n_topics,). It counts as one more article of
        each group, so that a few articles that resemble each other by chance leave no interval of
        width 0.
    """
    n = np.array([[len(before)], [len(after)]], dtype=np.float64)
    deviations = [len(group) * group.var(axis=0) for group in (before, after)]
    variances = (np.stack(deviations) + usual_variance) / n
    squared_errors = variances / n
    total = squared_errors.sum(axis=0)
    parts = squared_errors**2 / n
    freedom = total**2 / parts.sum(axis=0)
    error = np.sqrt(total)
    change = after.mean(axis=0) - before.mean(axis=0)
    return with_intervals(change, error, freedom)
