"""Which topics of two models are the same; which were born, died, split or merged.

The models may be two trainings of one archive, or the topics of two periods.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

# Jensen–Shannon distance (base 2, 0 to 1) up to which topics of two trainings are one theme.
_MAX_DISTANCE = 0.65
# The same for topics learned from the articles of two periods, whose names and places differ.
MAX_DISTANCE_OF_PERIODS = 0.75


@dataclass(frozen=True, slots=True)
class TopicMatching:
    """Topics of an ``old`` and a ``new`` model by their numbers.

    Attributes
    ----------
    same : tuple[tuple[int, int, float], ...]
        (old, new, distance), matched one to one.
    died, born : tuple[int, ...]
        Old and new topics without a match.
    split : tuple[tuple[int, tuple[int, ...]], ...]
        An old topic that is also near a born one, with all its heirs.
    merged : tuple[tuple[tuple[int, ...], int], ...]
        All forebears of a new topic that a died one is near to, and that topic.
    """

    same: tuple[tuple[int, int, float], ...]
    died: tuple[int, ...]
    born: tuple[int, ...]
    split: tuple[tuple[int, tuple[int, ...]], ...]
    merged: tuple[tuple[tuple[int, ...], int], ...]


def distances(old: NDArray[np.float64], new: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Jensen–Shannon distances (base 2) between topic–word distributions, n_old × n_new.

    Both have the same words as columns.
    """
    table = np.empty((len(old), len(new)))
    new_entropy = _entropy(new)
    for i, row in enumerate(old):
        mixed_entropy = _entropy((new + row) / 2)
        mean_entropy = (new_entropy + _entropy(row[None])[0]) / 2
        table[i] = np.sqrt(np.maximum(mixed_entropy - mean_entropy, 0))
    return table


def _entropy(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the entropy in bits of each row."""
    bits: NDArray[np.float64] = -np.sum(p * np.log2(np.where(p > 0, p, 1)), axis=1)
    return bits


def match_topics(
    old: NDArray[np.float64], new: NDArray[np.float64], max_distance: float = _MAX_DISTANCE
) -> TopicMatching:
    """Match two models' topics one to one, with the least sum of distances (Hungarian method).

    Parameters
    ----------
    old, new : NDArray[np.float64]
        Topic–word distributions, n_topics × n_words each, over the same words.
    max_distance : float, default 0.65
        Matches farther apart count as none.
    """
    table = distances(old, new)
    assigned = zip(*(side.tolist() for side in linear_sum_assignment(table)), strict=True)
    pairs = [(i, j) for i, j in assigned if table[i, j] <= max_distance]
    matched_old, matched_new = {i for i, _ in pairs}, {j for _, j in pairs}
    died = tuple(i for i in range(len(old)) if i not in matched_old)
    born = tuple(j for j in range(len(new)) if j not in matched_new)
    near = table <= max_distance
    heirs = [(i, (j, *(b for b in born if near[i, b]))) for i, j in pairs]
    forebears = [((i, *(d for d in died if near[d, j])), j) for i, j in pairs]
    return TopicMatching(
        same=tuple((i, j, float(table[i, j])) for i, j in pairs),
        died=died,
        born=born,
        split=tuple((i, topics) for i, topics in heirs if len(topics) > 1),
        merged=tuple((topics, j) for topics, j in forebears if len(topics) > 1),
    )


def on_common_words(
    old: NDArray[np.float64],
    old_words: Sequence[str],
    new: NDArray[np.float64],
    new_words: Sequence[str],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Arrange two models' topics over the words of either, in code-point order.

    *old* and *new* are n_topics × the words of each.
    """
    words = sorted({*old_words, *new_words})
    return on_words(old, old_words, words), on_words(new, new_words, words)


def on_words(
    topics: NDArray[np.floating], vocabulary: Sequence[str], words: Sequence[str]
) -> NDArray[np.float64]:
    """Arrange topics, n_topics × the words of *vocabulary*, over other *words*.

    Returns n_topics × n_words, 0 for words that the vocabulary lacks.
    """
    column = {word: i for i, word in enumerate(words)}
    shared = [i for i, word in enumerate(vocabulary) if word in column]
    arranged = np.zeros((len(topics), len(words)))
    arranged[:, [column[vocabulary[i]] for i in shared]] = topics[:, shared]
    return arranged


def keep_numbers(matching: TopicMatching, n_new: int) -> list[int]:
    """Return the order in which to put the new topics, so that matched ones keep their number.

    A number that the new model lacks is given up. *n_new* is how many new topics there are.
    """
    old_number = {j: i for i, j, _ in matching.same if i < n_new}
    new_at = {i: j for j, i in old_number.items()}
    others = iter([j for j in range(n_new) if j not in old_number])
    return [new_at[i] if i in new_at else next(others) for i in range(n_new)]
