"""What topics are called: names that a person gave, or else names from the headlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.optimize import linear_sum_assignment

from research.themes.relevance import mean_fits
from research.toml import Table

MIN_FIT = 1.5  # p(topic | words of a name), as a multiple of 1 / n_topics, to take the name.

NamedBy = Literal["hand", "headlines"]


class TopicName(NamedTuple):
    """A topic's name, "" where there is none, and whether a person or the headlines gave it."""

    name: str
    by: NamedBy


def name_topics(
    given: Mapping[int, str], earlier: Mapping[int, TopicName], proposed: Sequence[str]
) -> list[TopicName]:
    """Return the name of every topic.

    A name that a person gave goes before one that a person gave to the topic in an earlier run, and
    both before one from the headlines.

    Parameters
    ----------
    given : Mapping[int, str]
        Names that a person gave, by topic.
    earlier : Mapping[int, TopicName]
        Names of an earlier run, by topic.
    proposed : Sequence[str]
        Names from the headlines, one for each topic.
    """
    by_hand = dict(given)
    for topic, (name, by) in earlier.items():
        if by == "hand" and topic not in by_hand and name not in given.values():
            by_hand[topic] = name
    names: list[TopicName] = []
    for topic, proposal in enumerate(proposed):
        if topic in by_hand:
            names.append(TopicName(by_hand[topic] or proposal, "hand"))
        else:
            names.append(TopicName(proposal, "headlines"))
    return names


class GivenName(Table):
    """A topic's name as a person gave it, and words that identify the topic."""

    name: str = Field(min_length=1, max_length=40)
    words: tuple[str, ...] = Field(min_length=1)


def place_names(
    given: Sequence[GivenName], topic_word: NDArray[np.float64], vocabulary: Sequence[str]
) -> tuple[dict[int, str], list[str]]:
    """Return names by topic, and the names that no topic fits.

    A word counts for a topic by p(topic | word), with topics taken to be equally common. A name
    goes to a topic that has, on average, 1.5 times an equal share of its words or more; no two
    names go to one topic.

    Parameters
    ----------
    given : Sequence[GivenName]
        The names and their words.
    topic_word : NDArray[np.float64]
        Topic–word distributions, n_topics × n_words.
    vocabulary : Sequence[str]
        The n_words words.
    """
    column = {word: i for i, word in enumerate(vocabulary)}
    names = []
    groups = []
    for entry in given:
        columns = [column[word] for word in entry.words if word in column]
        if columns:
            names.append(entry.name)
            groups.append(columns)
    placed = {}
    if groups:
        fits = mean_fits(groups, topic_word)
        min_fit = MIN_FIT / len(topic_word)
        rows, topics = linear_sum_assignment(-fits)
        for row, topic in zip(rows.tolist(), topics.tolist(), strict=True):
            if fits[row, topic] > min_fit:
                placed[topic] = names[row]
    without_topic = []
    for entry in given:
        if entry.name not in placed.values():
            without_topic.append(entry.name)
    return placed, without_topic
