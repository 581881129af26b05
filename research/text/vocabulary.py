"""Which words become the columns of a document–term matrix, and what they leave of the articles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.articles.article import Text
from research.errors import InputError
from research.text.cap import Cap, cap_at, capped, usual_cap
from research.text.passages import Counting, PassageCounts, read_passages
from research.text.segmenter import Segmenter

_ROUNDING = 1e-9  # Of shares of articles.


@dataclass(frozen=True)
class WordLimits:
    """Which words become columns.

    Attributes
    ----------
    min_df : int
        Fewest articles of a word.
    max_df : float
        Largest share of passages of a word, each article's passages weighing as much as another's.
    max_words : int
        Of the words between the two, so many of the most frequent stay.
    stop_words : frozenset of str, default none
        Words that stay out, beside those of the segmenter.
    cap : int, "auto" or "none", default "none"
        Most words of one article that count; see :func:`research.text.cap.usual_cap`.
    """

    min_df: int
    max_df: float
    max_words: int
    stop_words: frozenset[str] = frozenset()
    cap: int | Literal["auto", "none"] = "none"


class LearnedWords(NamedTuple):
    """What was learned of the words of articles.

    Attributes
    ----------
    passages : PassageCounts
        Counts of passages; the cap is not applied.
    vocabulary : list of str
        The words of the columns, in code-point order.
    cap : Cap
        The most words of one article, as segmented, and the articles that have more.
    stopped_words : int
        How many of the limits' stop words occur.
    stopped_tokens : float
        How often they do.
    """

    passages: PassageCounts
    vocabulary: list[str]
    cap: Cap
    stopped_words: int
    stopped_tokens: float


def learn_passages(
    articles: Iterable[Text],
    segmenter: Segmenter,
    counting: Counting,
    limits: WordLimits,
    distinct: NDArray[np.intp] | None = None,
) -> LearnedWords:
    """Return the word counts of articles' passages, and the vocabulary that they have.

    Parameters
    ----------
    articles
        Texts or Articles.
    segmenter
        What segments them.
    counting
        Which of their words count.
    limits
        Which words become columns.
    distinct
        Positions of the articles that the limits are applied to: all but extra copies. All where
        None.

    Raises
    ------
    InputError
        Where no word is left.
    """
    try:
        passages, words = read_passages(articles, segmenter, counting)
    except ValueError as error:
        raise _no_word(str(error)) from None
    if distinct is None:
        distinct = np.arange(passages.n_articles)
    by_article = passages.by_article()
    cap = _cap_of(by_article, limits.cap, distinct)
    stopped = np.isin(words, list(limits.stop_words))
    commonness = _Commonness(passages, capped(by_article, cap), distinct)
    columns = commonness.columns_within(limits, ~stopped)
    return LearnedWords(
        passages=passages._replace(counts=passages.counts[:, columns]),
        vocabulary=words[columns].tolist(),
        cap=cap,
        stopped_words=int(stopped.sum()),
        stopped_tokens=float(passages.counts[:, stopped].sum()),
    )


def _cap_of(
    counts: sparse.csr_matrix, cap: int | Literal["auto", "none"], distinct: NDArray[np.intp]
) -> Cap:
    """Return the cap that the limits ask for, of articles' counts, n_articles × n_words."""
    sums = np.asarray(counts.sum(axis=1), dtype=np.float64)
    lengths = sums.ravel()
    if cap == "none":
        longest = np.ceil(lengths.max(initial=0))
        return cap_at(int(longest), lengths)
    if cap == "auto":
        return cap_at(usual_cap(lengths[distinct]), lengths)
    return cap_at(cap, lengths)


class _Commonness(NamedTuple):
    """Counts of passages and of articles by which words are judged, copies left out."""

    passages: PassageCounts
    articles: sparse.csr_matrix
    distinct: NDArray[np.intp]

    def columns_within(self, limits: WordLimits, allowed: NDArray[np.bool_]) -> NDArray[np.intp]:
        """Return the columns of the *allowed* words within the limits, in rising order."""
        articles = self.articles[self.distinct]
        stays = allowed & (articles.getnnz(axis=0) >= limits.min_df)
        stays &= self._passage_shares() <= limits.max_df + _ROUNDING
        columns = np.flatnonzero(stays)
        if not len(columns):
            n_articles = articles.shape[0]
            n_stopped = int((~allowed).sum())
            raise _no_word(
                f"{len(allowed)} words in {n_articles} articles, {n_stopped} of them stop words"
            )
        totals = np.asarray(articles.sum(axis=0)).ravel()
        by_count = np.argsort(-totals[columns], kind="stable")
        most_frequent = by_count[: limits.max_words]
        return np.sort(columns[most_frequent])

    def _passage_shares(self) -> NDArray[np.float64]:
        """Return the share of an article's passages that have each word, on average, (n_words,)."""
        counts, article_of, n_articles = self.passages
        passages_of_article = np.bincount(article_of, minlength=n_articles)
        weights = np.isin(article_of, self.distinct) / passages_of_article[article_of]
        weight_of_entry = np.repeat(weights, np.diff(counts.indptr))
        sums = np.bincount(counts.indices, weight_of_entry, counts.shape[1])
        return np.asarray(sums / len(self.distinct))


def _no_word(fact: str) -> InputError:
    return InputError(
        f"no word is left to count ({fact}); lower topics.min_df, raise topics.max_df, or take "
        "fields or stop words out"
    )
