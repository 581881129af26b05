"""What each topic is: its name, words, typical articles and figures. Time is not considered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.themes.data import ArticleReference, ThemeData, refer_to
from research.themes.map import topic_map
from research.themes.naming import NamedBy, TopicName
from research.themes.relevance import relevant_words
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
        What it is called; "" where the headlines have no name for it.
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
    made_of : tuple[int, ...]
        The engine's topics that it is made of; empty where nobody shaped topics.
    parent : str
        The group that a person put it in, "" for none.
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
    made_of: tuple[int, ...] = ()
    parent: str = ""


def describe_topics(
    data: ThemeData,
    topic_word: NDArray[np.float64],
    names: Sequence[TopicName],
    stability: Sequence[float | None] | None = None,
    hidden_words: Collection[str] = (),
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
    stability : Sequence[float or None], optional
        The stability of each topic (n_topics,), where it is known.
    hidden_words : Collection[str]
        Words that are not shown of any topic.
    """
    stabilities = [None] * len(names) if stability is None else stability
    figures = _figures(data, topic_word, len(hidden_words))
    topics = []
    for k, (name, named_by) in enumerate(names):
        x, y = figures.places[k].tolist()
        words = _Words(topic_word[k], data.vocabulary, hidden_words)
        topic = Topic(
            number=k,
            name=name,
            named_by=named_by,
            share=float(data.shares[:, k].mean()),
            coherence_npmi=figures.coherence[k],
            exclusivity=figures.exclusivity[k],
            stability=stabilities[k],
            place=(x, y),
            words=words.select(figures.likeliest[k]),
            relevant=words.select(figures.relevant[k]),
            typical=_typical_articles(data, k),
        )
        topics.append(topic)
    return topics


class _Figures(NamedTuple):
    """What all topics are measured by at once.

    ``likeliest`` and ``relevant`` are columns, n_topics × n_words that may be shown; ``coherence``
    and ``exclusivity`` are (n_topics,), ``places`` on the map n_topics × 2.
    """

    likeliest: NDArray[np.intp]
    relevant: NDArray[np.intp]
    coherence: Sequence[float]
    exclusivity: Sequence[float]
    places: NDArray[np.float64]


def _figures(data: ThemeData, topic_word: NDArray[np.float64], n_hidden: int) -> _Figures:
    """Measure all topics; *n_hidden* words may be left out of those that are shown."""
    order = np.argsort(-topic_word, axis=1, kind="stable")
    top = order[:, :_TOP_WORDS].tolist()
    documents = data.counts if data.documents is None else data.documents
    n_words = _SHOWN_WORDS + n_hidden
    word_shares = _word_shares(data.counts)
    return _Figures(
        likeliest=order[:, :n_words],
        relevant=relevant_words(topic_word, word_shares, n_words),
        coherence=metrics.npmi(top, documents),
        exclusivity=metrics.exclusivity(topic_word, top),
        places=topic_map(topic_word),
    )


def _word_shares(counts: sparse.csr_matrix) -> NDArray[np.float64]:
    """Return each word's share of all tokens (n_words,), from counts, n_documents × n_words."""
    sums = np.asarray(counts.sum(axis=0), dtype=np.float64)
    tokens = sums.ravel()
    return np.asarray(tokens / counts.sum())


class _Words(NamedTuple):
    """The words of a topic and their probabilities (n_words,)."""

    distribution: NDArray[np.float64]
    vocabulary: Sequence[str]
    hidden: Collection[str]

    def select(self, columns: NDArray[np.intp]) -> tuple[WordProbability, ...]:
        """Return the first twenty words of some columns that are not hidden."""
        words = []
        for column in columns.tolist():
            word = self.vocabulary[column]
            if word not in self.hidden:
                p = float(self.distribution[column])
                words.append(WordProbability(word, p))
        return tuple(words[:_SHOWN_WORDS])


def _typical_articles(data: ThemeData, topic: int) -> tuple[ArticleReference, ...]:
    """Return the articles with the highest share of a topic."""
    shares = data.shares[:, topic]
    order = np.argsort(-shares, kind="stable")
    references = []
    for row in order[:_TYPICAL_ARTICLES].tolist():
        share = float(shares[row])
        references.append(refer_to(data.articles[row], share))
    return tuple(references)
