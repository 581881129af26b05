"""Articles → document–term matrix.

Counts the segmenter's tokens; n-grams with weights are counted in ``ngrams``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from scipy import sparse

from research.articles.article import Text
from research.files import Progress
from research.text.passages import Counting, count_passages, text_of
from research.text.segmenter import Segmenter
from research.text.vocabulary import WordLimits, learn_passages
from research.text.word_vectors import WordVectors, learn_vectors


def learn_article_vectors(
    articles: Iterable[Text], segmenter: Segmenter, progress: Progress | None = None
) -> WordVectors:
    """Learn word vectors from articles, for blocks of kind ``vectors``.

    Parameters
    ----------
    articles : iterable of Article or str
        No labels are needed.
    segmenter : Segmenter
        The one that the blocks use.
    progress : callable, default None
        Called while neighbours are counted.

    Raises
    ------
    InputError
        Where not even three words occur often enough.
    """
    texts = _tokens_of(articles, segmenter)
    return learn_vectors(texts, progress=progress)


def count_words(
    articles: Iterable[Text], segmenter: Segmenter, vocabulary: Sequence[str]
) -> sparse.csr_matrix:
    """Return the document–term matrix, n_articles × n_words, over a given vocabulary."""
    return count_passages(articles, segmenter, vocabulary, Counting()).counts


def learn_words(
    articles: Iterable[Text], segmenter: Segmenter, *, min_df: int, max_df: float, max_words: int
) -> tuple[sparse.csr_matrix, list[str]]:
    """Return the document–term matrix of articles and the vocabulary that they have.

    Parameters
    ----------
    articles : iterable of Article or str
    segmenter : Segmenter
    min_df : int
        Fewest articles of a word.
    max_df : float
        Largest share of articles of a word.
    max_words : int
        Of the words between the two, so many of the most frequent stay.

    Returns
    -------
    counts : csr_matrix of shape (n_articles, n_words), float32
    vocabulary : list of str
        The words, in code-point order.

    Raises
    ------
    InputError
        Where no word is left.
    """
    limits = WordLimits(min_df, max_df, max_words)
    learned = learn_passages(articles, segmenter, Counting(), limits)
    return learned.passages.counts, learned.vocabulary


def _tokens_of(articles: Iterable[Text], segmenter: Segmenter) -> Iterator[list[str]]:
    for article in articles:
        yield segmenter.segment(text_of(article))
