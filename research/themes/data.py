"""The articles that themes are computed from, and how a result refers to one. No file is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.articles.article import Article
from research.topics.counts import rows_with_words

_HEADLINE_CHARACTERS = 30  # Of an article's text, where it has no headline.
LEAD_CHARACTERS = 60  # Of an article's text, beside its headline.


@dataclass(frozen=True)
class ThemeData:
    """Articles with their word counts and topic shares, row by row.

    Attributes
    ----------
    articles : Sequence[Article]
        The n_documents articles.
    counts : sparse.csr_matrix
        How often each article has each word, n_documents × n_words.
    shares : NDArray[np.float64]
        Topic shares, n_documents × n_topics; a row adds up to 1.
    vocabulary : Sequence[str]
        The n_words words, in the order of the columns of ``counts``.
    documents : sparse.csr_matrix or None, default None
        Word counts, n × n_words, of what coherence is measured in: passages, or articles without
        extra copies; ``counts`` where None.
    """

    articles: Sequence[Article]
    counts: sparse.csr_matrix
    shares: NDArray[np.float64]
    vocabulary: Sequence[str]
    documents: sparse.csr_matrix | None = None

    @cached_property
    def dates(self) -> list[str]:
        """The ISO date of every article, "" where it has none."""
        return [article.date or "" for article in self.articles]

    @cached_property
    def has_theme(self) -> NDArray[np.bool_]:
        """Which articles have a word of the vocabulary, and so a theme (n_documents,)."""
        return rows_with_words(self.counts)

    def select(self, rows: Sequence[int] | NDArray[np.intp]) -> ThemeData:
        """Return the data of some articles, *rows*, in that order."""
        positions = np.asarray(rows, dtype=np.intp)
        return ThemeData(
            [self.articles[i] for i in positions],
            self.counts[positions],
            self.shares[positions],
            self.vocabulary,
            self.documents,
        )


class ArticleReference(NamedTuple):
    """What a reader identifies an article by.

    ``headline`` is the first 30 characters of the text where the article has none; ``share`` is the
    share of the topic in question, None where the reference depends on no topic.
    """

    id: str
    date: str | None
    headline: str
    share: float | None = None


def refer_to(article: Article, share: float | None = None) -> ArticleReference:
    """Return the reference to an article, with its *share* of a topic."""
    headline = article.headline
    if not headline:
        headline = article.text[:_HEADLINE_CHARACTERS]
    return ArticleReference(article.id, article.date, headline, share)
