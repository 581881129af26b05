"""A word followed through time, in brief: how often, when most, and in which topics."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from research.themes.mentions import Mentions

_MAX_PEAKS = 5
_MAX_TOPICS = 2


@dataclass(frozen=True, slots=True)
class WordSummary:
    """Where and when a word occurs.

    Attributes
    ----------
    word : str
        The word.
    documents : int
        How many documents have it.
    share : float
        Their share of all documents.
    peaks : tuple[str, ...]
        At most five periods in which it stands out, in the order of time; where there is none, the
        period of its highest share.
    burst : tuple[str, str] or None
        First and last period of its strongest burst.
    topics : tuple[tuple[int, float], ...]
        The two topics that it occurs most in, with p(topic | word).
    """

    word: str
    documents: int
    share: float
    peaks: tuple[str, ...]
    burst: tuple[str, str] | None
    topics: tuple[tuple[int, float], ...]


def summarize_word(
    mentions: Mentions, word: str, topic_weights: NDArray[np.floating]
) -> WordSummary:
    """Return a word's summary.

    Parameters
    ----------
    mentions
        Of this word, and others.
    word
        One of ``mentions.words``.
    topic_weights
        The word's column of the model's ``components_`` (n_topics,).
    """
    column = mentions.words.index(word)
    holding = mentions.holding[:, column]
    n_documents = int(holding.sum())
    strongest = mentions.peaks(word)[:_MAX_PEAKS]
    peaks = tuple(sorted(strongest))
    if not peaks:
        shares = mentions.shares[:, column]
        highest = int(np.nanargmax(shares))
        peaks = (mentions.periods[highest],)
    n_all = int(mentions.documents.sum())
    return WordSummary(
        word=word,
        documents=n_documents,
        share=n_documents / n_all,
        peaks=peaks,
        burst=next(iter(mentions.bursts(word)), None),
        topics=_main_topics(topic_weights),
    )


def _main_topics(topic_weights: NDArray[np.floating]) -> tuple[tuple[int, float], ...]:
    given_word = topic_weights / topic_weights.sum()
    best = np.argsort(-given_word, kind="stable")[:_MAX_TOPICS]
    probabilities = given_word[best].tolist()
    return tuple(zip(best.tolist(), probabilities, strict=True))
