"""Topics as points of a plane, like ones close together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from research.themes.lineage import distances

_COUNTED = 1e-4  # Words that are rarer in every topic are taken together.


def topic_map(topic_word: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return n_topics × 2 places: classical scaling (Torgerson 1952) of the topics' Jensen–Shannon distances, as LDAvis draws them.

    Each axis points where its largest value is positive, so equal topics give equal maps.
    """
    n = len(topic_word)
    if n < 3:
        return np.array([[float(k), 0.0] for k in range(n)])
    common = topic_word.max(axis=0) >= _COUNTED
    told = np.hstack([topic_word[:, common], topic_word[:, ~common].sum(axis=1, keepdims=True)])
    squared = distances(told, told) ** 2
    centred = -0.5 * (
        squared - squared.mean(axis=0) - squared.mean(axis=1, keepdims=True) + squared.mean()
    )
    values, vectors = np.linalg.eigh((centred + centred.T) / 2)
    places: NDArray[np.float64] = vectors[:, [-1, -2]] * np.sqrt(np.maximum(values[[-1, -2]], 0))
    strongest = np.abs(places).argmax(axis=0)
    signs = np.sign(places[strongest, [0, 1]])
    return places * np.where(signs == 0, 1, signs)
