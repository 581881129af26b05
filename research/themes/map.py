"""Topics as points of a plane, similar ones close together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from research.themes.matching import distances

_MIN_PROBABILITY = 1e-4  # Words that are rarer in every topic are taken together, for speed.
_MIN_TOPICS_TO_SCALE = 3


def topic_map(topic_word: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the places of topics, n_topics × 2, from their distributions, n_topics × n_words.

    Classical scaling (Torgerson 1952) of the topics' Jensen–Shannon distances, as LDAvis draws them.
    Each axis points where its largest value is positive, so equal topics give equal maps.
    """
    n_topics = len(topic_word)
    if n_topics < _MIN_TOPICS_TO_SCALE:
        return np.array([[float(k), 0.0] for k in range(n_topics)])
    is_common = topic_word.max(axis=0) >= _MIN_PROBABILITY
    rare = topic_word[:, ~is_common].sum(axis=1, keepdims=True)
    distributions = np.hstack([topic_word[:, is_common], rare])
    squared = distances(distributions, distributions) ** 2
    row_means, column_means = squared.mean(axis=1, keepdims=True), squared.mean(axis=0)
    centred = -0.5 * (squared - column_means - row_means + squared.mean())
    values, vectors = np.linalg.eigh((centred + centred.T) / 2)
    scale = np.sqrt(np.maximum(values[[-1, -2]], 0))
    places: NDArray[np.float64] = vectors[:, [-1, -2]] * scale
    farthest = np.abs(places).argmax(axis=0)
    signs = np.sign(places[farthest, [0, 1]])
    return places * np.where(signs == 0, 1, signs)
