"""Lists of the themes that move most: rising, falling, with the season, suddenly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from research.report.texts import Wording, wording, wordings
from research.report.topics import TopicView

if TYPE_CHECKING:
    from research.themes.calendar import Period

_MAX_ROWS = 8
_LEADING_PER_LIST = 2


class MoverRow(NamedTuple):
    """A theme that moves: the number and label of its topic, and its figure in words."""

    topic: int
    label: str
    figure: Wording


class MoverList(NamedTuple):
    """Themes that move in one way: the key of the way, how many there are, the first of them."""

    kind: str
    n: int
    rows: Sequence[MoverRow]


def mover_lists(topics: Sequence[TopicView], by: Period) -> list[MoverList]:
    """Return the strongest rising, falling, seasonal and sudden themes of periods *by*."""
    rising = [topic for topic in topics if topic.movement.trend.direction == "rising"]
    falling = [topic for topic in topics if topic.movement.trend.direction == "falling"]
    seasonal = [topic for topic in topics if by not in ("year", "decade") and _is_seasonal(topic)]
    sudden = [topic for topic in topics if topic.movement.bursts]
    rising.sort(key=_slope, reverse=True)
    falling.sort(key=_slope)
    seasonal.sort(key=_season_strength, reverse=True)
    sudden.sort(key=_burst_weight, reverse=True)
    parts_of_year = wordings("movement.quarters" if by == "quarter" else "movement.months")
    return [
        _list("rising", rising, _describe_trend),
        _list("falling", falling, _describe_trend),
        _list("seasonal", seasonal, lambda topic: _describe_season(topic, parts_of_year)),
        _list("sudden", sudden, _describe_burst),
    ]


def leading_topics(lists: Sequence[MoverList]) -> list[int]:
    """Return the topics that move most in each way, then those that move next, each once."""
    firsts = [movers.rows[:_LEADING_PER_LIST] for movers in lists]
    in_turn = chain.from_iterable(zip_longest(*firsts))
    topics = [row.topic for row in in_turn if row is not None]
    return list(dict.fromkeys(topics))


def _list(
    kind: str, topics: Sequence[TopicView], describe: Callable[[TopicView], Wording]
) -> MoverList:
    rows = [MoverRow(topic.number, topic.label, describe(topic)) for topic in topics[:_MAX_ROWS]]
    return MoverList(kind, len(topics), rows)


def _is_seasonal(topic: TopicView) -> bool:
    season = topic.movement.season
    return season is not None and season.significant


def _slope(topic: TopicView) -> float:
    return topic.movement.trend.slope


def _season_strength(topic: TopicView) -> float:
    season = topic.movement.season
    return 0.0 if season is None else season.strength


def _burst_weight(topic: TopicView) -> float:
    return topic.movement.bursts[0].weight


def _describe_trend(topic: TopicView) -> Wording:
    trend = topic.movement.trend
    return wording(
        "movement.slope",
        slope=100 * trend.slope,
        low=100 * trend.low,
        high=100 * trend.high,
    )


def _describe_season(topic: TopicView, parts_of_year: Sequence[Wording]) -> Wording:
    season = topic.movement.season
    assert season is not None  # as _is_seasonal has checked
    return wording(
        "movement.season",
        part=parts_of_year[season.peak],
        amplitude=100 * season.amplitude,
        low=100 * season.low,
        high=100 * season.high,
    )


def _describe_burst(topic: TopicView) -> Wording:
    burst = topic.movement.bursts[0]
    span = burst.first if burst.first == burst.last else f"{burst.first} – {burst.last}"
    return wording("movement.burst", span=span, articles=burst.articles)
