"""How topics move through time: peaks, trend, season, bursts, and what events changed.

The measures of one series are in ``trend``, ``season`` and ``peaks``; this module applies them to
every topic and corrects for their number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.articles.dates import iso_date
from research.config import EventConfig
from research.themes.calendar import PERIODS_PER_YEAR, Period, first_day
from research.themes.data import ThemeData
from research.themes.peaks import find_bursts, find_peaks
from research.themes.season import Season, measure_season
from research.themes.shares import SharesOverTime, shares_over_time
from research.themes.trend import (
    INTERVAL_QUANTILES,
    Direction,
    Trend,
    measure_trend,
    significant_tests,
)

_MAX_PEAKS = 8
_MAX_BURSTS = 5
_RESAMPLES = 500  # For the interval of what an event changed.
_SEED = 0
_MONTHS_PER_YEAR = 12
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
    """

    event: str
    before: int
    after: int
    change: float
    low: float
    high: float


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
    slow = _slow_shares(curves, data, weights)
    trends = _trends(slow)
    seasons = _seasons(slow)
    days = _day_numbers(data.dates)
    changes = [_changes_with(event, data.shares, days) for event in events]
    return [
        Movement(
            topic=topic,
            peak=_highest(curves, topic),
            peaks=_peaks(curves, topic),
            trend=trend,
            season=seasons[topic] if seasons else None,
            bursts=_bursts(curves, topic),
            events=tuple(by_topic[topic] for by_topic in changes),
        )
        for topic, trend in enumerate(trends)
    ]


class _SlowShares(NamedTuple):
    """Shares by month or longer, which trend and season are measured on.

    ``shares`` is n_periods × n_topics.
    """

    by: Period
    periods: tuple[str, ...]
    shares: NDArray[np.float64]


def _slow_shares(
    curves: SharesOverTime, data: ThemeData, weights: NDArray[np.float64]
) -> _SlowShares:
    """Return shares by month where the curves are by day or week, else those of the curves.

    The last one is left out where the curves end in an unfinished period: half a month has no
    share to compare.
    """
    slow = curves
    if curves.by in ("day", "week"):
        slow = shares_over_time(
            data.shares,
            data.dates,
            "month",
            weights=weights,
        )
    n_periods = len(slow.periods)
    if curves.unfinished and n_periods > 1:
        n_periods -= 1
    return _SlowShares(
        by=slow.by,
        periods=slow.periods[:n_periods],
        shares=slow.shares[:n_periods],
    )


def _trends(slow: _SlowShares) -> list[Trend]:
    """Return each topic's trend, with its direction where it is significant among all."""
    periods_per_year = PERIODS_PER_YEAR[slow.by]
    trends = [measure_trend(series, periods_per_year) for series in slow.shares.T]
    significant = significant_tests([trend.p for trend in trends])
    for topic in np.flatnonzero(significant).tolist():
        trend = trends[topic]
        direction = _direction(trend)
        trends[topic] = trend._replace(direction=direction)
    return trends


def _direction(trend: Trend) -> Direction:
    """Return the direction of a significant trend whose interval leaves 0 out."""
    if not trend.low * trend.high > 0:
        return "steady"
    return "rising" if trend.slope > 0 else "falling"


def _seasons(slow: _SlowShares) -> list[Season]:
    """Return each topic's season; none where a year has too few periods."""
    n_parts = int(PERIODS_PER_YEAR[slow.by])
    if n_parts < _MIN_PARTS_OF_YEAR:
        return []
    months = [first_day(period).month for period in slow.periods]
    part_of_year = (np.array(months) - 1) * n_parts // _MONTHS_PER_YEAR
    seasons = [measure_season(series, part_of_year) for series in slow.shares.T]
    significant = significant_tests([season.p for season in seasons])
    for topic in np.flatnonzero(significant).tolist():
        season = seasons[topic]
        is_higher = season.low > 0
        seasons[topic] = season._replace(significant=is_higher)
    return seasons


def _peak(curves: SharesOverTime, position: int, topic: int) -> Peak:
    """Return the figures of a topic in the period at a position."""
    return Peak(
        period=curves.periods[position],
        share=float(curves.shares[position, topic]),
        low=float(curves.low[position, topic]),
        high=float(curves.high[position, topic]),
    )


def _highest(curves: SharesOverTime, topic: int) -> Peak:
    """Return the period of a topic's highest share."""
    shares = curves.shares[:, topic]
    position = int(np.nanargmax(shares))
    return _peak(curves, position, topic)


def _peaks(curves: SharesOverTime, topic: int) -> tuple[Peak, ...]:
    """Return the peaks of a topic, the one farthest above the usual share first."""
    positions = find_peaks(
        curves.shares[:, topic],
        curves.low[:, topic],
        curves.high[:, topic],
        PERIODS_PER_YEAR[curves.by],
    )
    strongest = positions[:_MAX_PEAKS]
    return tuple(_peak(curves, position, topic) for position in strongest)


def _bursts(curves: SharesOverTime, topic: int) -> tuple[Burst, ...]:
    """Return the bursts of a topic, with the articles that it had in them."""
    documents = curves.counts.astype(np.float64)
    shares = np.nan_to_num(curves.shares[:, topic])
    expected = shares * documents
    spans = find_bursts(expected, documents)
    bursts = []
    for first, last, weight in spans[:_MAX_BURSTS]:
        in_burst = expected[first : last + 1]
        bursts.append(
            Burst(
                first=curves.periods[first],
                last=curves.periods[last],
                weight=weight,
                articles=float(in_burst.sum()),
            )
        )
    return tuple(bursts)


def _day_numbers(dates: Sequence[str]) -> NDArray[np.int64]:
    """Return the ordinal of each ISO date's day, −1 where it names none."""
    length = len("2023-12-20")
    days = np.full(len(dates), _NO_DAY, dtype=np.int64)
    for i, date in enumerate(dates):
        if len(date) == length:
            days[i] = _ordinal(date)
    return days


def _ordinal(date: str) -> int:
    """Return the ordinal of the day of an ISO date."""
    day = first_day(date)
    return day.toordinal()


def _changes_with(
    event: EventConfig, shares: NDArray[np.float64], days: NDArray[np.int64]
) -> list[EventChange]:
    """Return by how much each topic's share changed with an event.

    *shares* is n_documents × n_topics, *days* the ordinal of each document's day. Of an event
    without an end the days from its date on are those after it.
    """
    start = _ordinal(iso_date(event.date))
    after_from = start
    if event.until:
        after_from = _ordinal(iso_date(event.until)) + 1
    before_from = start - event.days
    after_to = after_from + event.days
    before = shares[(days >= before_from) & (days < start)]
    after = shares[(days >= after_from) & (days < after_to)]
    n_topics = shares.shape[1]
    change = np.full(n_topics, np.nan)
    interval = np.full((2, n_topics), np.nan)
    if len(before) and len(after):
        change, interval = mean_difference(before, after)
    return [
        EventChange(
            event=event.name,
            before=len(before),
            after=len(after),
            change=float(change[topic]),
            low=float(interval[0, topic]),
            high=float(interval[1, topic]),
        )
        for topic in range(n_topics)
    ]


def mean_difference(
    before: NDArray[np.float64], after: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how much higher mean topic shares are *after* than *before*.

    Both are n_documents × n_topics. Returns the differences (n_topics,) and their 95 % bootstrap
    intervals (2 × n_topics).
    """
    rng = np.random.default_rng(_SEED)
    means_before = _resampled_means(before, rng)
    means_after = _resampled_means(after, rng)
    differences = means_after - means_before
    interval = np.quantile(differences, INTERVAL_QUANTILES, axis=0)
    change = after.mean(axis=0) - before.mean(axis=0)
    return change, interval


def _resampled_means(shares: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return mean shares of documents that are drawn anew, n_resamples × n_topics."""
    n = len(shares)
    even = np.full(n, 1 / n)
    times_drawn = rng.multinomial(n, even, _RESAMPLES)
    means = times_drawn @ shares / n
    return np.asarray(means)
