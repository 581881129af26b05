"""Topics as points of a plane, similar ones close together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from research.themes.matching import distances

_MIN_PROBABILITY = 1e-4  # Words that are rarer in every topic are taken together as one.
_MIN_TOPICS_TO_SCALE = 3


def topic_map(topic_word: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the places of topics, n_topics × 2, from their distributions, n_topics × n_words.

    Classical scaling (Torgerson 1952) of the topics' Jensen–Shannon distances, as in LDAvis. Each
    axis points where its largest value is positive, so equal topics give equal maps.
    """
    n_topics = len(topic_word)
    if n_topics < _MIN_TOPICS_TO_SCALE:
        places = np.zeros((n_topics, 2))
        places[:, 0] = np.arange(n_topics)
        return places
    distributions = join_rare_words(topic_word)
    apart = distances(distributions, distributions)
    centred = _centre(apart**2)
    both = centred + centred.T
    symmetric = both / 2
    values, vectors = np.linalg.eigh(symmetric)
    largest = [-1, -2]
    positive = np.maximum(values[largest], 0)
    scale = np.sqrt(positive)
    places = vectors[:, largest] * scale
    places *= _signs(places)
    return np.asarray(places)


def join_rare_words(topic_word: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return distributions with one column for all words that are rare in every topic."""
    highest = topic_word.max(axis=0)
    is_common = highest >= _MIN_PROBABILITY
    common = topic_word[:, is_common]
    rare = topic_word[:, ~is_common]
    rest = rare.sum(axis=1, keepdims=True)
    return np.hstack([common, rest])


def _centre(squared: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return squared distances as products of points around their centre."""
    column_means = squared.mean(axis=0)
    row_means = squared.mean(axis=1, keepdims=True)
    mean = squared.mean()
    centred = squared - column_means
    centred -= row_means
    centred += mean
    return np.asarray(-0.5 * centred)


def _signs(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 1 or −1 for each axis, so that its largest value becomes positive."""
    distance = np.abs(places)
    farthest = distance.argmax(axis=0)
    _, n_axes = places.shape
    axes = np.arange(n_axes)
    largest = places[farthest, axes]
    is_negative = largest < 0
    return np.where(is_negative, -1.0, 1.0)
