"""How far words set one topic apart from the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

_MIN_WORD_SHARE = 1e-12  # So that a word that the corpus lacks has a logarithm.


def relevant_words(
    topic_word: NDArray[np.float64], word_share: NDArray[np.float64], n: int, weight: float = 0.6
) -> NDArray[np.intp]:
    """Return each topic's *n* most relevant words, n_topics × n columns.

    Relevance is weight · log p(word | topic) + (1 − weight) · log(p(word | topic) / p(word))
    (Sievert & Shirley, "LDAvis", 2014).

    Parameters
    ----------
    topic_word : NDArray[np.float64]
        p(word | topic), n_topics × n_words.
    word_share : NDArray[np.float64]
        p(word), (n_words,).
    n : int
        How many words to return for each topic.
    weight : float, default 0.6
        1 prefers frequent words, 0 those that no other topic has.
    """
    logs = np.log(topic_word)
    positive = np.maximum(word_share, _MIN_WORD_SHARE)
    lifts = logs - np.log(positive)
    frequency_part = weight * logs
    lift_part = (1 - weight) * lifts
    relevance = frequency_part + lift_part
    order = np.argsort(-relevance, axis=1, kind="stable")
    return order[:, :n]


def mean_fits(
    columns: Iterable[Sequence[int]], topic_word: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the mean p(topic | word) of groups of words (columns), n_groups × n_topics.

    The topics are taken to be equally common.
    """
    totals = topic_word.sum(axis=0, keepdims=True)
    topic_given_word = topic_word / totals
    fits = []
    for group in columns:
        of_words = topic_given_word[:, group]
        fits.append(of_words.mean(axis=1))
    return np.array(fits)
