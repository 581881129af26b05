"""Stories by year and period, the latest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from research.report.topics import TopicView
    from research.themes.stories import Story

_MAX_STORIES_PER_PERIOD = 6  # The strongest; the run has all.
_YEAR = slice(0, 4)  # Of a period's name.


class StoryView(NamedTuple):
    """A story, and the label of its theme."""

    story: Story
    label: str


def chronology(
    stories: Sequence[Story], topics: Sequence[TopicView]
) -> Mapping[str, Mapping[str, Sequence[StoryView]]]:
    """Return the strongest stories by year and period, the latest first."""
    years: dict[str, dict[str, list[StoryView]]] = {}
    for story in stories:
        year = story.period[_YEAR]
        periods = years.setdefault(year, {})
        views = periods.setdefault(story.period, [])
        if len(views) == _MAX_STORIES_PER_PERIOD:
            continue
        theme = topics[story.theme]
        view = StoryView(story, theme.label)
        views.append(view)
    latest_first = {}
    for year in reversed(years):
        periods = years[year]
        latest_first[year] = dict(reversed(periods.items()))
    return latest_first
