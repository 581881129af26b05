"""Articles → document–term matrix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

from research.articles.article import Article, Text
from research.errors import InputError
from research.files import Progress
from research.text.segmenter import Segmenter
from research.text.word_vectors import WordVectors, learn_vectors


def learn_article_vectors(
    articles: Iterable[Text], segmenter: Segmenter, progress: Progress | None = None
) -> WordVectors:
    """Learn word vectors from articles, for blocks of kind ``vectors`` with the same *segmenter*."""
    return learn_vectors(_tokens_of(articles, segmenter), progress=progress)


def count_words(
    articles: Iterable[Text], segmenter: Segmenter, vocabulary: Sequence[str]
) -> sparse.csr_matrix:
    """Return the document–term matrix, n_articles × n_words, over a given vocabulary."""
    counter = CountVectorizer(vocabulary=list(vocabulary), analyzer=list, dtype=np.float32)
    counts: sparse.csr_matrix = counter.transform(_tokens_of(articles, segmenter))
    return counts


def learn_words(
    articles: Iterable[Text], segmenter: Segmenter, *, min_df: int, max_df: float, max_words: int
) -> tuple[sparse.csr_matrix, list[str]]:
    """Return the document–term matrix and the vocabulary it was counted with, in code-point order.

    Words of fewer than *min_df* articles or of more than the share *max_df* are left out; of the rest the
    *max_words* most frequent stay.
    """
    counter = CountVectorizer(
        min_df=min_df, max_df=max_df, max_features=max_words, analyzer=list, dtype=np.float32
    )
    try:
        counts = counter.fit_transform(_tokens_of(articles, segmenter))
    except ValueError as error:
        raise InputError(
            f"no word is left to count ({error}); lower topics.min_df or raise topics.max_df"
        ) from None
    return counts, counter.get_feature_names_out().tolist()


def _tokens_of(articles: Iterable[Text], segmenter: Segmenter) -> Iterator[list[str]]:
    for article in articles:
        yield segmenter.segment(
            f"{article.headline}\n{article.text}" if isinstance(article, Article) else article
        )
