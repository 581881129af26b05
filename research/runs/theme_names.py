"""What themes are called, and which of them the engine's topics became.

A name that a person gave goes before one of an earlier run, and both before one from the headlines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from research.runs.engine import EngineTopics
from research.runs.figures import LineageFigures
from research.themes.curated import CuratedTopics
from research.themes.data import ThemeData, refer_to
from research.themes.description import Topic, describe_topics
from research.themes.headline_names import propose_names
from research.themes.lineage import LineageStep
from research.themes.naming import TopicName, name_topics


@dataclass(frozen=True)
class ThemeNaming:
    """The naming of themes.

    Attributes
    ----------
    engine : EngineTopics
        What the engine left.
    curated : CuratedTopics
        What a person made of it.
    data : ThemeData
        The articles that have a theme, with the shares of themes.
    """

    engine: EngineTopics
    curated: CuratedTopics
    data: ThemeData

    def describe(self, topic_word: NDArray[np.float64]) -> list[Topic]:
        """Describe themes whose words are distributed so, n_themes × n_words."""
        given = {k: name for k, name in enumerate(self.curated.names) if name is not None}
        proposals = self._proposals(topic_word)
        names = name_topics(given, self._earlier(), proposals)
        stability = [self._stability_of(topic) for topic in self._engine_topics]
        hidden = self.curated.curation.label_stop_words
        topics = describe_topics(self.data, topic_word, names, stability, hidden)
        return [self._marked(topic) for topic in topics]

    def _stability_of(self, topic: int | None) -> float | None:
        """Return how stable one of the engine's topics is; None where it is none of them."""
        if topic is None:
            return None
        return self.engine.facts.topics[topic].stability

    def _marked(self, topic: Topic) -> Topic:
        """Return a topic with what it is made of, where anybody shaped it, and its group."""
        made_of: tuple[int, ...] = ()
        if self.curated.steps:
            made_of = self.curated.state.made_of[topic.number]
        parents = self.curated.parents
        groups = [group.name for group in parents if topic.number in group.themes]
        return replace(topic, made_of=made_of, parent="".join(groups))

    def on_themes(self, lineage: Sequence[LineageStep]) -> list[LineageStep]:
        """Return the steps of a lineage with the themes that the engine's topics became."""
        if not self.curated.steps:
            return list(lineage)
        column_of = {word: column for column, word in enumerate(self.data.vocabulary)}
        topic_word = self.curated.state.topic_word
        steps = []
        for step in lineage:
            themes = themes_of(step.theme, self.curated)
            columns = [column_of[word] for word in step.words if word in column_of]
            best = None
            if themes:
                fits = [topic_word[theme, columns].sum() for theme in themes]
                best = themes[int(np.argmax(fits))]
            steps.append(step._replace(theme=best))
        return steps

    @cached_property
    def _engine_topics(self) -> list[int | None]:
        """The engine's topic that each theme is, None where it is several or a part."""
        made_of = self.curated.state.made_of
        topics: list[int | None] = []
        for members in made_of:
            is_one = len(members) == 1 and made_of.count(members) == 1
            is_whole = is_one and not self._is_split(members[0])
            topics.append(members[0] if is_whole else None)
        return topics

    def _is_split(self, topic: int) -> bool:
        return len(themes_of(topic, self.curated)) > 1

    def _earlier(self) -> dict[int, TopicName]:
        earlier = self.engine.earlier_names
        names = {}
        for theme, topic in enumerate(self._engine_topics):
            if topic in earlier:
                names[theme] = earlier[topic]
        return names

    def _proposals(self, topic_word: NDArray[np.float64]) -> list[str]:
        """Return a name for each theme: that of its largest topic, or one from the headlines."""
        excluded = {name for name in self.curated.names if name is not None}
        excluded.update(self.curated.curation.label_stop_words)
        names: dict[int, str] = {}
        is_complete = True
        for theme, given in enumerate(self.curated.names):
            proposal = self._proposal(self.curated.state.made_of[theme])
            is_usable = proposal is not None and not _is_excluded(proposal, excluded)
            if is_usable or given is not None:
                names[theme] = proposal or ""
            else:
                is_complete = False
        if is_complete:
            return list(names.values())
        earlier = {theme: name for theme, name in names.items() if name}
        headlines = [refer_to(article).headline for article in self.data.articles]
        return propose_names(
            map(self.engine.trained.segmenter.cut, headlines),
            self.data.shares,
            topic_word,
            self.data.vocabulary,
            earlier,
            excluded,
        )

    def _proposal(self, members: Sequence[int]) -> str | None:
        """Return the name that the engine's largest topic of a theme had; None of a part."""
        whole = [topic for topic in members if not self._is_split(topic)]
        if not whole:
            return None
        sizes = self.engine.trained.model.components_[whole].sum(axis=1)
        largest = whole[int(sizes.argmax())]
        return self.engine.facts.topics[largest].proposal


def _is_excluded(name: str, excluded: set[str]) -> bool:
    return any(word and word in name for word in excluded)


def themes_of(topic: int | None, curated: CuratedTopics) -> list[int]:
    """Return the themes that one of the engine's topics became: none, one, or its parts."""
    return [k for k, members in enumerate(curated.state.made_of) if topic in members]


def lineage_on_themes(lineage: LineageFigures, curated: CuratedTopics) -> LineageFigures:
    """Return what became of an earlier run's topics, the new ones by their themes."""

    def first_themes(topics: Sequence[int]) -> list[int]:
        """Return the first theme of each topic that became one."""
        themes = [themes_of(topic, curated)[:1] for topic in topics]
        return list(chain.from_iterable(themes))

    same: list[tuple[int, int, float]] = []
    for old, new, distance in lineage.same:
        same += [(old, theme, distance) for theme in first_themes([new])]
    split = [(old, tuple(first_themes(heirs))) for old, heirs in lineage.split]
    merged: list[tuple[tuple[int, ...], int]] = []
    for olds, new in lineage.merged:
        merged += [(olds, theme) for theme in first_themes([new])]
    return LineageFigures(
        same=tuple(same),
        died=lineage.died,
        born=tuple(first_themes(lineage.born)),
        split=tuple(split),
        merged=tuple(merged),
        names_before=lineage.names_before,
    )
