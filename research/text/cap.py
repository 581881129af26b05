"""A cap on the words of one article, so that none takes topics for itself."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.text.passages import PassageCounts

_USUAL_SHARE = 0.9  # Of articles, that are not longer than a usual one may be.
_USUAL_LENGTHS = 3  # That "auto" lets an article have.


class Cap(NamedTuple):
    """The most words of an article that count, and the articles that have more.

    Attributes
    ----------
    words : int
        The cap.
    articles : intp array
        Positions of the articles that have more, the longest first.
    lengths : intp array
        The words of these articles.
    """

    words: int
    articles: NDArray[np.intp]
    lengths: NDArray[np.intp]


def usual_cap(lengths: NDArray[np.float64]) -> int:
    """Return three times the length that nine in ten articles with words do not exceed."""
    with_words = lengths[lengths > 0]
    usual = np.quantile(with_words, _USUAL_SHARE, method="lower")
    return int(np.ceil(_USUAL_LENGTHS * usual))


def cap_at(words: int, lengths: NDArray[np.float64]) -> Cap:
    """Return the cap of so many words, for articles of these lengths, (n_articles,)."""
    order = np.argsort(-lengths, kind="stable")
    longer = order[lengths[order] > words]
    return Cap(words, longer, lengths[longer].astype(np.intp))


def capped(counts: sparse.csr_matrix, cap: Cap) -> sparse.csr_matrix:
    """Return counts of articles, n_articles × n_words, with those of long ones scaled down."""
    if not len(cap.articles):
        return counts
    scale = np.ones(counts.shape[0], np.float32)
    scale[cap.articles] = cap.words / cap.lengths
    return _scaled(counts, scale)


def trained_passages(
    passages: PassageCounts, distinct: NDArray[np.intp], cap: Cap
) -> PassageCounts:
    """Return the passages that topics are fitted to: those of *distinct* articles.

    Of an article that is longer than the cap, evenly spaced passages are taken; what is still too
    long is scaled down.
    """
    scale = _scale_of_passages(passages.article_of, cap)
    is_distinct = np.isin(passages.article_of, distinct)
    rows = np.flatnonzero(is_distinct & (scale > 0))
    counts = passages.counts
    if len(cap.articles):
        counts = _scaled(counts, scale)
    if len(rows) < counts.shape[0]:
        counts = counts[rows]
    return PassageCounts(counts, passages.article_of[rows], passages.n_articles)


def _scale_of_passages(article_of: NDArray[np.intp], cap: Cap) -> NDArray[np.float32]:
    """Return how much each passage counts (n_passages,), 0 where it is left out."""
    scale = np.ones(len(article_of), np.float32)
    for article, length in zip(cap.articles.tolist(), cap.lengths.tolist(), strict=True):
        rows = np.flatnonzero(article_of == article)
        n_passages = len(rows)
        n_taken = int(n_passages * cap.words / length)
        n_taken = max(1, n_taken)
        places = np.linspace(0, n_passages - 1, n_taken).round()
        taken = rows[places.astype(np.intp)]
        scale_of_taken = cap.words / length * n_passages / n_taken
        scale[rows] = 0
        scale[taken] = min(1.0, scale_of_taken)
    return scale


def _scaled(counts: sparse.csr_matrix, scale: NDArray[np.float32]) -> sparse.csr_matrix:
    """Return counts with each row times its scale."""
    scaled = counts.copy()
    scaled.data *= np.repeat(scale, np.diff(counts.indptr))
    return scaled
