"""Fit the topics of an experiment: seed words, an earlier run, how many, how stable.

The engine is in ``topics``; what the topics are called and how they move is in ``themes``.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.config import TopicsConfig
from research.errors import InputError
from research.files import Progress
from research.runs import ThemesRun, load
from research.themes.matching import (
    TopicMatching,
    keep_numbers,
    match_topics,
    on_common_words,
    on_words,
)
from research.themes.naming import TopicName
from research.topics.capacity import describe_excess, most_topics
from research.topics.choose import Stability, choose_n_topics, stability
from research.topics.model import TopicModel
from research.topics.search import Choice

_log = logging.getLogger(__name__)
_SETTINGS = (
    "engine",
    "alpha",
    "eta",
    "passes",
    "tolerance",
    "start",
    "seed_strength",
    "short_texts",
)
_ANY_N_TOPICS = 2  # Until the number is known.


class EarlierTopics(NamedTuple):
    """The topics of an earlier run, and which of them the new ones are."""

    topics: tuple[TopicName, ...]
    matching: TopicMatching

    def names(self) -> dict[int, TopicName]:
        """Return the earlier names of the new topics, by their numbers."""
        names = {}
        for old, new, _ in self.matching.same:
            topic = self.topics[old]
            if topic.name:
                names[new] = topic
        return names


@dataclass(frozen=True)
class FittedTopics:
    """A fitted topic model.

    Attributes
    ----------
    model : TopicModel
        The model.
    choice : Choice or None
        How the number of topics was chosen; None where it was given.
    stability : Stability or None
        How far topics of other samples agree; None where it was not asked for.
    earlier : EarlierTopics or None
        The topics of an earlier run; None where the experiment names none.
    most_topics : int or None
        How many topics the articles have room for, where it is fewer than there are.
    """

    model: TopicModel
    choice: Choice | None = None
    stability: Stability | None = None
    earlier: EarlierTopics | None = None
    most_topics: int | None = None


def load_earlier(folder: Path) -> ThemesRun:
    """Load the run whose topics keep their numbers."""
    run = load(folder)
    if not isinstance(run, ThemesRun):
        raise InputError(
            f"{folder}: a sections run has no topics to keep the numbers of; "
            'give a run with task = "themes"'
        )
    return run


@dataclass(frozen=True)
class TopicFitting:
    """The fitting of one experiment's topics.

    Attributes
    ----------
    config : TopicsConfig
        How they are to be fitted.
    seed : int
        The random state.
    earlier : ThemesRun or None
        The run whose topics keep their numbers.
    """

    config: TopicsConfig
    seed: int
    earlier: ThemesRun | None

    def fit(
        self,
        counts: sparse.csr_matrix,
        vocabulary: Sequence[str],
        progress: Progress | None,
        article_of: NDArray[np.intp] | None = None,
    ) -> FittedTopics:
        """Fit topics to word counts, n_documents × n_words, over *vocabulary*.

        *article_of* is the article of each document, where these are passages.
        """
        model, choice = self._build(vocabulary), None
        if not isinstance(self.config.n_topics, int):
            choice = choose_n_topics(counts, self.config.n_topics, model, progress, article_of)
            model.set_params(n_topics=choice.n_topics)
        else:
            model.set_params(n_topics=self.config.n_topics)
        model.fit(counts, progress=progress)
        earlier = None if self.earlier is None else _keep_numbers(self.earlier, model, vocabulary)
        agreement = None
        if self.config.stability and model.state_ != "stopped":
            agreement = stability(counts, model, progress)
        most = most_topics(counts, article_of)
        is_excess = len(model.components_) > most
        if is_excess and len(model.components_) <= most_topics(counts):
            _log.warning(describe_excess(len(model.components_), most))  # The fit saw passages.
        return FittedTopics(model, choice, agreement, earlier, most if is_excess else None)

    def _build(self, vocabulary: Sequence[str]) -> TopicModel:
        settings = {name: getattr(self.config, name) for name in _SETTINGS}
        seeds = _seed_columns(self.config.seeds, vocabulary)
        model = TopicModel(_ANY_N_TOPICS, seeds=seeds, random_state=self.seed, **settings)
        if self.earlier is not None and self.config.start == "like":
            n_topics = cast(int, self.config.n_topics)
            model.set_params(start=_earlier_topics(self.earlier, vocabulary, n_topics))
        return model


def _keep_numbers(
    earlier: ThemesRun, model: TopicModel, vocabulary: Sequence[str]
) -> EarlierTopics:
    """Give the topics the numbers that they have in an earlier run."""
    matching = _match(earlier, model, vocabulary)
    model.reorder(keep_numbers(matching, len(model.components_)))
    return EarlierTopics(earlier.engine_names, _match(earlier, model, vocabulary))


def _match(earlier: ThemesRun, model: TopicModel, vocabulary: Sequence[str]) -> TopicMatching:
    old, new = on_common_words(
        earlier.model.topic_word_, earlier.vocabulary, model.topic_word_, vocabulary
    )
    return match_topics(old, new)


def _earlier_topics(
    earlier: ThemesRun, vocabulary: Sequence[str], n_topics: int
) -> NDArray[np.float64]:
    """Return an earlier run's topics on the present words, to start from."""
    n_earlier = len(earlier.model.components_)
    if n_earlier > n_topics:
        raise InputError(
            f"topics.n_topics {n_topics}: {earlier.folder} has {n_earlier} topics to "
            "go on with; give as many or more"
        )
    topics = on_words(earlier.model.components_, earlier.vocabulary, vocabulary)
    if not topics.sum(axis=1).all():
        raise InputError(
            f"{earlier.folder}: a topic of it has no word in this corpus; leave out start, so that "
            "topics are learned anew"
        )
    return topics


def _seed_columns(seeds: Sequence[Sequence[str]], vocabulary: Sequence[str]) -> list[list[int]]:
    column_of = {word: column for column, word in enumerate(vocabulary)}
    missing = [word for words in seeds for word in words if word not in column_of]
    if missing:
        raise InputError(
            f"topics.seeds: {'、'.join(missing)} not among the corpus's {len(vocabulary)} words; "
            "take out, lower min_df, or add to a user dictionary"
        )
    return [[column_of[word] for word in words] for words in seeds]
