"""Which words and paragraphs of an article made a theme. It knows no model, only distributions.

A token of a word w belongs to topic k with probability θ_k φ_kw / Σ_j θ_j φ_jw, where θ are the
article's shares and φ the topics' words (Blei, Ng & Jordan 2003, equation 6, at the estimate). The
mean over the article's tokens is the share of the theme, but for the prior's part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.articles.article import Article, Text
from research.text.segmenter import Segmenter

_DIGITS = 4
_TINY = 1e-300


class WordPart(NamedTuple):
    """A word of an article: how often it occurs there, and how many of these make the theme.

    ``tokens`` is the expected number, ``occurrences`` times the probability that one belongs to it.
    """

    word: str
    occurrences: int
    tokens: float


class Place(NamedTuple):
    """A word in a paragraph, and the probability that it belongs to the theme.

    ``begin`` and ``end`` are the positions of its first character and after its last.
    """

    begin: int
    end: int
    probability: float


class ParagraphPart(NamedTuple):
    """A paragraph, the headline first: its words that the model knows, and the theme's part.

    ``share`` is the part of its known words that make the theme, 0 where it has none; ``words``
    counts the known ones, and ``tokens`` those that make the theme.
    """

    text: str
    share: float
    words: int
    tokens: float
    places: tuple[Place, ...]


class ThemeExplanation(NamedTuple):
    """Which words and paragraphs of an article made a theme.

    Attributes
    ----------
    topic : int
        The number of the theme.
    name : str
        Its name.
    share : float
        Its share in the article.
    words : tuple[WordPart, ...]
        The article's words, those with most of the theme first.
    paragraphs : tuple[ParagraphPart, ...]
        The headline, where there is one, and the paragraphs, in the article's order.
    """

    topic: int
    name: str
    share: float
    words: tuple[WordPart, ...]
    paragraphs: tuple[ParagraphPart, ...]


class ThemeWords(NamedTuple):
    """How probable it is that a word of one article belongs to a theme, word by word.

    ``probabilities`` has one entry per word of the vocabulary, its column by word in
    ``column_of``; ``segmenter`` finds the words.
    """

    probabilities: NDArray[np.float64]
    column_of: dict[str, int]
    segmenter: Segmenter


def theme_probabilities(
    shares: NDArray[np.float64], topic_word: NDArray[np.float64], topic: int
) -> NDArray[np.float64]:
    """Return the probability that a token of each word belongs to a topic (n_words,).

    Parameters
    ----------
    shares
        The article's topic shares (n_topics,).
    topic_word
        Topic–word distributions, n_topics × n_words.
    topic
        The number of the topic.
    """
    weights = shares[topic] * topic_word[topic]
    totals = shares @ topic_word
    return np.asarray(weights / np.maximum(totals, _TINY))


def explain_paragraphs(text: Text, words: ThemeWords) -> tuple[ParagraphPart, ...]:
    """Return headline and paragraphs of an article, each with the theme's part in it."""
    return tuple(_paragraph(part, words) for part in _paragraphs_of(text))


def explain_words(text: Text, words: ThemeWords) -> tuple[WordPart, ...]:
    """Return the words of an article that the model knows, those with most of a theme first."""
    counts: Counter[str] = Counter()
    for part in _paragraphs_of(text):
        tokens = words.segmenter.segment(part)
        counts.update(token for token in tokens if token in words.column_of)
    parts = []
    for word, count in counts.items():
        probability = float(words.probabilities[words.column_of[word]])
        parts.append(WordPart(word, count, round(count * probability, _DIGITS)))
    # Words of equal parts are in the order of their characters.
    parts.sort(key=lambda part: (-part.tokens, part.word))
    return tuple(parts)


def _paragraphs_of(text: Text) -> Sequence[str]:
    if isinstance(text, Article):
        parts = (text.headline, *text.paragraphs)
    else:
        parts = tuple(text.split("\n"))
    return [part for part in parts if part.strip()]


def _paragraph(text: str, words: ThemeWords) -> ParagraphPart:
    places = []
    for word, begin, end in words.segmenter.places(text):
        column = words.column_of.get(word)
        if column is None:
            continue
        probability = round(float(words.probabilities[column]), _DIGITS)
        places.append(Place(begin, end, probability))
    tokens = sum(place.probability for place in places)
    share = tokens / len(places) if places else 0.0
    return ParagraphPart(
        text=text,
        share=round(share, _DIGITS),
        words=len(places),
        tokens=round(tokens, _DIGITS),
        places=tuple(places),
    )
