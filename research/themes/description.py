"""What each topic is: its name, words, typical articles and figures. Time is not considered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.themes.data import ArticleReference, ThemeData, refer_to
from research.themes.map import topic_map
from research.themes.naming import NamedBy, TopicName, relevant_words
from research.topics import metrics

_TOP_WORDS = 10  # For coherence and exclusivity, as is usual in the literature.
_SHOWN_WORDS = 20
_TYPICAL_ARTICLES = 5


class WordProbability(NamedTuple):
    """A word and its probability in a topic."""

    word: str
    p: float


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of the engine.

    Attributes
    ----------
    number : int
        Its row in the model, from 0.
    name : str
        What it is called; "" where no name was found.
    named_by : {"hand", "headlines"}
        Whether a person or the headlines gave the name.
    share : float
        Its mean share in all articles.
    coherence_npmi : float
        Mean NPMI of its ten likeliest words, −1 to 1.
    exclusivity : float
        How far it has these words to itself: 1 / n_topics to 1.
    stability : float or None
        Overlap with the topics of other samples, 0 to 1; None where it was not asked for.
    place : tuple[float, float]
        Its place on the map of topics.
    words, relevant : tuple[WordProbability, ...]
        Its twenty likeliest and twenty most relevant words.
    typical : tuple[ArticleReference, ...]
        The five articles with the highest share of it.
    """

    number: int
    name: str
    named_by: NamedBy
    share: float
    coherence_npmi: float
    exclusivity: float
    stability: float | None
    place: tuple[float, float]
    words: tuple[WordProbability, ...]
    relevant: tuple[WordProbability, ...]
    typical: tuple[ArticleReference, ...]


def describe_topics(
    data: ThemeData,
    topic_word: NDArray[np.float64],
    names: Sequence[TopicName],
    stability: Sequence[float] | NDArray[np.float64] | None = None,
) -> list[Topic]:
    """Describe every topic.

    Parameters
    ----------
    data : ThemeData
        All articles, dated or not.
    topic_word : NDArray[np.float64]
        Topic–word distributions, n_topics × n_words.
    names : Sequence[TopicName]
        The n_topics names.
    stability : Sequence[float], optional
        The stability of each topic (n_topics,).
    """
    likeliest = np.argsort(-topic_word, axis=1, kind="stable")[:, :_SHOWN_WORDS]
    word_shares = np.asarray(data.counts.sum(axis=0), dtype=np.float64).ravel() / data.counts.sum()
    relevant = relevant_words(topic_word, word_shares, _SHOWN_WORDS)
    top = likeliest[:, :_TOP_WORDS].tolist()
    coherence = metrics.npmi(top, data.counts)
    exclusivity = metrics.exclusivity(topic_word, top)
    places = topic_map(topic_word).tolist()
    typical = np.argsort(-data.shares, axis=0, kind="stable")[:_TYPICAL_ARTICLES].T
    return [
        Topic(
            number=k,
            name=names[k].name,
            named_by=names[k].by,
            share=float(data.shares[:, k].mean()),
            coherence_npmi=coherence[k],
            exclusivity=exclusivity[k],
            stability=None if stability is None else float(stability[k]),
            place=(places[k][0], places[k][1]),
            words=_probabilities(topic_word[k], likeliest[k], data.vocabulary),
            relevant=_probabilities(topic_word[k], relevant[k], data.vocabulary),
            typical=tuple(refer_to(data.articles[i], float(data.shares[i, k])) for i in typical[k]),
        )
        for k in range(len(topic_word))
    ]


def _probabilities(
    distribution: NDArray[np.float64], columns: NDArray[np.intp], vocabulary: Sequence[str]
) -> tuple[WordProbability, ...]:
    """Return words of a topic, *columns*, with their probabilities."""
    return tuple(WordProbability(vocabulary[i], float(distribution[i])) for i in columns)
