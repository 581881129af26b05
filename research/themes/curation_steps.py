"""Topics merged, dropped and split: pure steps from the engine's topics to themes.

The engine's model stays as it is. Steps change topic shares and word counts together, of the
articles that were trained on and of new ones alike. Which topics a person means is found in
``curated``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.errors import InputError
from research.topics.inference import infer_shares, parts_of_rows
from research.topics.model import TopicModel

_MIN_TOKENS = 1.0  # Of a topic in an article, for the article to teach its parts.
_MIN_ARTICLES_PER_PART = 3
_MIN_COUNT = 1e-3  # Less of a word is no evidence, and less than the engine takes.
_ALPHA_OF_PARTS = 0.1  # Prior of a part in an article, in tokens, as of topics.
_PASSES = 200
USUAL_PARTS = 2
_WORDS_PER_PART = 8  # That set it apart from the other,
_CANDIDATES_PER_PART = 40  # of so many that are its likeliest.
_ENTRIES_PER_PIECE = 200_000  # Bounds the memory of entries × topics.
_MIN_REST = 1e-9  # Of an article's share, beside a dropped topic.


class TopicState(NamedTuple):
    """Topics on their way from the engine to themes.

    Attributes
    ----------
    shares : NDArray[np.float64]
        Topic shares, n_articles × n_topics.
    components : NDArray[np.float64]
        Pseudo-counts of words by topic, n_topics × n_words.
    made_of : tuple[tuple[int, ...], ...]
        The engine's topics that each consists of.
    """

    shares: NDArray[np.float64]
    components: NDArray[np.float64]
    made_of: tuple[tuple[int, ...], ...]

    @property
    def topic_word(self) -> NDArray[np.float64]:
        """Probability of every word in every topic."""
        return parts_of_rows(self.components)

    def replace(
        self,
        removed: Sequence[int],
        first: TopicState | None,
    ) -> TopicState:
        """Return the state without some topics; *first* takes the place of the first of them.

        Where *first* has several topics, the others come last.
        """
        place = min(removed)
        n_topics = len(self.made_of)
        after = [k for k in range(place + 1, n_topics) if k not in removed]
        parts = [self._select(range(place)), self._select(after)]
        if first is not None:
            rest = range(1, len(first.made_of))
            parts.insert(1, first._select([0]))
            parts.append(first._select(rest))
        made_of = chain.from_iterable(part.made_of for part in parts)
        return TopicState(
            np.hstack([part.shares for part in parts]),
            np.vstack([part.components for part in parts]),
            tuple(made_of),
        )

    def _select(self, topics: Sequence[int]) -> TopicState:
        columns = list(topics)
        return TopicState(
            self.shares[:, columns],
            self.components[columns],
            tuple(self.made_of[k] for k in columns),
        )


class Merge(NamedTuple):
    """Topics become one, in the place of the first: shares and counts add up."""

    topics: tuple[int, ...]

    def apply(self, state: TopicState, counts: sparse.csr_matrix) -> TopicState:
        """Return the state after the step."""
        columns = list(self.topics)
        members = {topic for k in columns for topic in state.made_of[k]}
        made_of = tuple(sorted(members))
        merged = TopicState(
            state.shares[:, columns].sum(axis=1, keepdims=True),
            state.components[columns].sum(axis=0, keepdims=True),
            (made_of,),
        )
        return state.replace(columns, merged)


class Drop(NamedTuple):
    """A topic goes; its share goes to the others of each article, in proportion."""

    topic: int

    def apply(self, state: TopicState, counts: sparse.csr_matrix) -> TopicState:
        """Return the state after the step."""
        left = state.replace([self.topic], None)
        shares = left.shares
        has_rest = shares.sum(axis=1, keepdims=True) > _MIN_REST
        if not has_rest.all():
            tokens = left.components.sum(axis=1)
            usual = tokens / left.components.sum()
            shares = np.where(has_rest, shares, usual)
        return left._replace(shares=parts_of_rows(shares))


@dataclass(frozen=True)
class Split:
    """A topic becomes several, which share its words of each article; the others stay.

    Attributes
    ----------
    topic : int
        The topic.
    components : NDArray[np.float32]
        Pseudo-counts of words by part, n_parts × n_words.
    """

    topic: int
    components: NDArray[np.float32]

    def apply(self, state: TopicState, counts: sparse.csr_matrix) -> TopicState:
        """Return the state after the step; *counts* are those of the articles."""
        n_parts = len(self.components)
        topic_word = parts_of_rows(self.components)
        tokens = tokens_of(self.topic, state, counts)
        alpha = np.full(n_parts, _ALPHA_OF_PARTS, np.float32)
        within = infer_shares(tokens, topic_word, alpha, None, None)
        shares = within * state.shares[:, [self.topic]]
        components = self.components.astype(np.float64)
        made_of = state.made_of[self.topic]
        parts = TopicState(shares, components, (made_of,) * n_parts)
        return state.replace([self.topic], parts)


Step = Merge | Drop | Split


def apply_steps(steps: Sequence[Step], state: TopicState, counts: sparse.csr_matrix) -> TopicState:
    """Return the topics after all steps; *counts* is n_articles × n_words."""
    return reduce(lambda before, step: step.apply(before, counts), steps, state)


def learn_parts(
    tokens: sparse.csr_matrix, seeds: Sequence[Sequence[int]], random_state: int
) -> NDArray[np.float32]:
    """Learn the parts of a topic by the engine; return the ``components`` of its :class:`Split`.

    Parameters
    ----------
    tokens
        The topic's tokens in its articles; see :func:`teaching_tokens`.
    seeds
        Columns of words that belong to each part; see :func:`discover_parts`.
    random_state
        The seed of the engine.
    """
    model = _part_model(len(seeds), random_state, seeds).fit(tokens)
    return model.pseudo_counts()


def discover_parts(tokens: sparse.csr_matrix, random_state: int) -> list[list[int]]:
    """Return the columns of words that belong to either part of a topic, the larger part first.

    Arguments are those of :func:`learn_parts`.
    """
    model = _part_model(USUAL_PARTS, random_state).fit(tokens)
    topic_word = model.topic_word_
    order = np.argsort(-topic_word, axis=1, kind="stable")
    words = []
    for part, likeliest in enumerate(order[:, :_CANDIDATES_PER_PART]):
        totals = topic_word[:, likeliest].sum(axis=0)
        fit = topic_word[part, likeliest] / totals
        best = np.argsort(-fit, kind="stable")
        columns = likeliest[best[:_WORDS_PER_PART]]
        words.append(columns.tolist())
    return words


def _part_model(n_parts: int, random_state: int, seeds: Sequence[Sequence[int]] = ()) -> TopicModel:
    return TopicModel(
        n_parts,
        alpha=_ALPHA_OF_PARTS,
        passes=_PASSES,
        seeds=seeds,
        random_state=random_state,
    )


def teaching_tokens(
    topic: int, state: TopicState, counts: sparse.csr_matrix, n_parts: int
) -> sparse.csr_matrix:
    """Return a topic's tokens in the articles that have one or more of them.

    Parameters
    ----------
    topic
        The topic of *state*.
    state
        All topics, and their shares in the articles.
    counts
        How often each article has each word, n_articles × n_words.
    n_parts
        How many parts are to be learned.

    Raises
    ------
    InputError
        Where too few articles have words of the topic.
    """
    tokens = tokens_of(topic, state, counts)
    lengths = np.asarray(tokens.sum(axis=1)).ravel()
    rows = np.flatnonzero(lengths >= _MIN_TOKENS)
    fewest = _MIN_ARTICLES_PER_PART * n_parts
    if len(rows) < fewest:
        raise InputError(
            f"topic {topic} has words in {len(rows)} articles, and {n_parts} parts need {fewest}; "
            "leave it whole"
        )
    return tokens[rows]


def tokens_of(topic: int, state: TopicState, counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return how much of each article's words comes from a topic, n_articles × n_words.

    A token is divided among topics in proportion to their shares in the article times the word's
    probability in them.
    """
    entries = counts.tocoo()
    topic_word = state.topic_word
    values = np.empty(entries.nnz)
    for first in range(0, entries.nnz, _ENTRIES_PER_PIECE):
        piece = slice(first, first + _ENTRIES_PER_PIECE)
        rows = entries.row[piece]
        columns = entries.col[piece]
        total = np.einsum("ik,ki->i", state.shares[rows], topic_word[:, columns])
        of_topic = state.shares[rows, topic] * topic_word[topic, columns]
        values[piece] = entries.data[piece] * of_topic / total
    values[values < _MIN_COUNT] = 0
    places = (entries.row, entries.col)
    tokens = sparse.csr_matrix((values.astype(np.float32), places), counts.shape)
    tokens.sort_indices()
    tokens.eliminate_zeros()
    return tokens
