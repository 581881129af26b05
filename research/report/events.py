"""What changed with events: for each event the themes whose share changed beyond chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from research.report.topics import TopicView
    from research.themes.movement import EventChange

_MIN_CHANGE = 0.005  # Half a percentage point: a smaller change is no news.


class TopicChange(NamedTuple):
    """By how much a topic's share changed with an event, with its 95 % interval."""

    topic: int
    label: str
    change: float
    low: float
    high: float


class EventView(NamedTuple):
    """An event, how many articles lie before and after it, and the topics that changed."""

    name: str
    before: int
    after: int
    changes: Sequence[TopicChange]


def event_views(topics: Sequence[TopicView]) -> list[EventView]:
    """Return what changed with each event."""
    views = []
    for position, event in enumerate(topics[0].movement.events):
        changes = _changes(topics, position)
        views.append(EventView(event.event, event.before, event.after, changes))
    return views


def _changes(topics: Sequence[TopicView], position: int) -> list[TopicChange]:
    changes = []
    for topic in topics:
        event = topic.movement.events[position]
        if not _is_beyond_chance(event):
            continue
        change = TopicChange(
            topic=topic.number,
            label=topic.label,
            change=event.change,
            low=event.low,
            high=event.high,
        )
        changes.append(change)
    return changes


def _is_beyond_chance(event: EventChange) -> bool:
    """Return whether the interval leaves out 0; False where there is no change to measure (NaN)."""
    leaves_out_zero = event.low * event.high > 0
    return leaves_out_zero and abs(event.change) > _MIN_CHANGE
