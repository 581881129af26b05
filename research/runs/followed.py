"""How the themes of a run move, taken over where another name changes nothing of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from research.themes.comparison import Comparison
from research.themes.curated import CuratedTopics
from research.themes.curation_steps import Split, Step
from research.themes.stories import Story
from research.themes.through_time import ThroughTime

if TYPE_CHECKING:
    from research.runs.loaded import ThemesRun


class Followed(NamedTuple):
    """What depends on which themes there are, and on no name of theirs.

    Attributes
    ----------
    steps : tuple[Step, ...]
        How the themes came from the engine's topics.
    hidden_words : tuple[str, ...]
        Words that are shown of no theme.
    through_time : ThroughTime
        Curves, movements, words, breakdown, points.
    stories : Sequence[Story]
        What was new in each period.
    comparison : Comparison
        Groups of articles compared.
    """

    steps: tuple[Step, ...]
    hidden_words: tuple[str, ...]
    through_time: ThroughTime
    stories: Sequence[Story]
    comparison: Comparison

    def fits(self, curated: CuratedTopics) -> bool:
        """Return whether the themes after some decisions are these."""
        hidden = curated.curation.label_stop_words
        if self.hidden_words != hidden or len(self.steps) != len(curated.steps):
            return False
        return all(map(_same, self.steps, curated.steps))


def _same(one: Step, other: Step) -> bool:
    if isinstance(one, Split) and isinstance(other, Split):
        same_parts = np.array_equal(one.components, other.components)
        return one.topic == other.topic and same_parts
    return type(one) is type(other) and one == other


def followed_by(run: ThemesRun) -> Followed | None:
    """Return how the themes of a run move; None where an early version did not count words."""
    if run.mention_counts is None:
        return None
    through_time = ThroughTime(
        shares=run.shares,
        mention_counts=run.mention_counts,
        movements=list(run.movements),
        words=list(run.words),
        breakdown=list(run.breakdown),
        points=run.points,
        events=run.events,
    )
    comparison = Comparison(list(run.effects()), list(run.groups()), list(run.comparison.divisions))
    return Followed(
        run.steps,
        run.shape.curation.label_stop_words,
        through_time,
        run.stories,
        comparison,
    )
