"""Which topics of two models are the same; which were born, died, split or merged.

The models may be two trainings of one archive, or the topics of two periods.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    shape = len(old), len(new)
    table = np.empty(shape)
    new_entropy = _entropy(new)
    for i, row in enumerate(old):
        middle = (new + row) / 2
        [row_entropy] = _entropy(row[None])
        mean_entropy = (new_entropy + row_entropy) / 2
        divergence = _entropy(middle) - mean_entropy
        positive = np.maximum(divergence, 0)
        table[i] = np.sqrt(positive)
    return table


def _entropy(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the entropy in bits of each row."""
    positive = np.where(p > 0, p, 1)
    information = p * np.log2(positive)
    entropy = -np.sum(information, axis=1)
    return np.asarray(entropy)


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
    is_near = table <= max_distance
    pairs = _assign(table, is_near)
    died = _others(len(old), [i for i, _ in pairs])
    born = _others(len(new), [j for _, j in pairs])
    same = []
    split = []
    merged = []
    for i, j in pairs:
        same.append((i, j, float(table[i, j])))
        more_heirs = [b for b in born if is_near[i, b]]
        if more_heirs:
            split.append((i, (j, *more_heirs)))
        more_forebears = [d for d in died if is_near[d, j]]
        if more_forebears:
            merged.append(((i, *more_forebears), j))
    return TopicMatching(
        same=tuple(same),
        died=died,
        born=born,
        split=tuple(split),
        merged=tuple(merged),
    )


def _assign(table: NDArray[np.float64], is_near: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return near pairs (row, column) of the assignment with the least sum of distances."""
    rows, columns = linear_sum_assignment(table)
    pairs = []
    for i, j in zip(rows.tolist(), columns.tolist(), strict=True):
        if is_near[i, j]:
            pairs.append((i, j))
    return pairs


def _others(n: int, matched: Iterable[int]) -> tuple[int, ...]:
    """Return which of the numbers below *n* are not among *matched*."""
    everything = set(range(n))
    others = everything.difference(matched)
    return tuple(sorted(others))


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
    old_arranged = on_words(old, old_words, words)
    new_arranged = on_words(new, new_words, words)
    return old_arranged, new_arranged


def on_words(
    topics: NDArray[np.floating], vocabulary: Sequence[str], words: Sequence[str]
) -> NDArray[np.float64]:
    """Arrange topics, n_topics × the words of *vocabulary*, over other *words*.

    Returns n_topics × n_words, 0 for words that the vocabulary lacks.
    """
    place = {word: column for column, word in enumerate(words)}
    shape = len(topics), len(words)
    arranged = np.zeros(shape)
    columns, new_columns = [], []
    for column, word in enumerate(vocabulary):
        if word in place:
            columns.append(column)
            new_columns.append(place[word])
    arranged[:, new_columns] = topics[:, columns]
    return arranged


def keep_numbers(matching: TopicMatching, n_new: int) -> list[int]:
    """Return the order in which to put the new topics, so that matched ones keep their number.

    A number that the new model lacks is given up. *n_new* is how many new topics there are.
    """
    new_at = {}
    for old, new, _ in matching.same:
        if old < n_new:
            new_at[old] = new
    others = iter(_others(n_new, new_at.values()))
    order = []
    for number in range(n_new):
        if number in new_at:
            order.append(new_at[number])
        else:
            order.append(next(others))
    return order
