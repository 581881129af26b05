"""What themes are called, and which of them the engine's topics became.

A name that a person gave goes before one of an earlier run, and both before one from the headlines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

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
        names = name_topics(given, self._earlier(), self._proposals(topic_word))
        facts = self.engine.facts.topics
        stability = [None if k is None else facts[k].stability for k in self._engine_topics]
        hidden = self.curated.curation.label_stop_words
        topics = describe_topics(self.data, topic_word, names, stability, hidden)
        return [self._marked(topic) for topic in topics]

    def _marked(self, topic: Topic) -> Topic:
        """Return a topic with what it is made of, where anybody shaped it, and its group."""
        made_of: tuple[int, ...] = ()
        if self.curated.steps:
            made_of = self.curated.state.made_of[topic.number]
        groups = [group.name for group in self.curated.parents if topic.number in group.themes]
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
            fits = [topic_word[theme, columns].sum() for theme in themes]
            best = themes[int(np.argmax(fits))] if themes else None
            steps.append(step._replace(theme=best))
        return steps

    @cached_property
    def _engine_topics(self) -> list[int | None]:
        """The engine's topic that each theme is, None where it is several or a part."""
        made_of = self.curated.state.made_of
        topics: list[int | None] = []
        for members in made_of:
            is_whole = len(members) == 1 and made_of.count(members) == 1
            topics.append(members[0] if is_whole and not self._is_split(members[0]) else None)
        return topics

    def _is_split(self, topic: int) -> bool:
        return len(themes_of(topic, self.curated)) > 1

    def _earlier(self) -> dict[int, TopicName]:
        names = self.engine.earlier_names
        return {k: names[t] for k, t in enumerate(self._engine_topics) if t in names}

    def _proposals(self, topic_word: NDArray[np.float64]) -> list[str]:
        """Return a name for each theme: that of its largest topic, or one from the headlines."""
        excluded = {name for name in self.curated.names if name is not None}
        excluded.update(self.curated.curation.label_stop_words)
        proposals = [self._proposal(members) for members in self.curated.state.made_of]
        is_given = [name is not None for name in self.curated.names]
        wanting = [
            k
            for k, name in enumerate(proposals)
            if not is_given[k] and (name is None or _is_excluded(name, excluded))
        ]
        if not wanting:
            return [name or "" for name in proposals]
        kept = {k: name for k, name in enumerate(proposals) if name and k not in wanting}
        segmenter = self.engine.trained.segmenter
        return propose_names(
            (segmenter.cut(refer_to(article).headline) for article in self.data.articles),
            self.data.shares,
            topic_word,
            self.data.vocabulary,
            kept,
            excluded,
        )

    def _proposal(self, members: Sequence[int]) -> str | None:
        """Return the name that the engine's largest topic of a theme had; None of a part."""
        whole = [topic for topic in members if not self._is_split(topic)]
        if not whole:
            return None
        sizes = self.engine.trained.model.components_[whole].sum(axis=1)
        return self.engine.facts.topics[whole[int(sizes.argmax())]].proposal


def _is_excluded(name: str, excluded: set[str]) -> bool:
    return any(word and word in name for word in excluded)


def themes_of(topic: int | None, curated: CuratedTopics) -> list[int]:
    """Return the themes that one of the engine's topics became: none, one, or its parts."""
    return [k for k, members in enumerate(curated.state.made_of) if topic in members]


def lineage_on_themes(lineage: LineageFigures, curated: CuratedTopics) -> LineageFigures:
    """Return what became of an earlier run's topics, the new ones by their themes."""

    def theme(topic: int) -> int:
        return themes_of(topic, curated)[0]

    def present(topic: int) -> bool:
        return bool(themes_of(topic, curated))

    return LineageFigures(
        same=tuple((old, theme(new), d) for old, new, d in lineage.same if present(new)),
        died=lineage.died,
        born=tuple(theme(new) for new in lineage.born if present(new)),
        split=tuple(
            (old, tuple(theme(new) for new in heirs if present(new)))
            for old, heirs in lineage.split
        ),
        merged=tuple((olds, theme(new)) for olds, new in lineage.merged if present(new)),
        names_before=lineage.names_before,
    )
