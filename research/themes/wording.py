"""How the words of a theme change from period to period, with the topics themselves fixed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.themes.calendar import Period, rows_by_period
from research.themes.data import ThemeData
from research.topics.compiled import SparseCounts
from research.topics.entrance import check_word_counting
from research.topics.fixed_topics import count_words
from research.topics.parallel import Threads, even_work

_PRIOR_PERIODS = 0.5  # Weight of the period before, in usual periods' tokens.
_PRIOR_TOKENS = 500.0  # Weight of the whole corpus's use of words, when two periods are compared.
_MIN_PRIOR_COUNT = 1e-9  # So that a word that a topic never has gives no division by 0.
_MIN_Z = 1.96  # A change that chance gives once in twenty.
_WORDS_PER_PERIOD = 6
_MAX_CHANGES = 8  # Words gained, and lost, of a topic between two periods.
_MIN_TOKENS = 1  # Of a topic in a period, for words to be named.


class WordOfPeriod(NamedTuple):
    """A word that is likely in a topic in one period, or whose share changed since another.

    Attributes
    ----------
    topic : int
        The number of the topic.
    period : str
        The period.
    against : str
        The earlier period that it is compared with; "" for a "top" word.
    kind : {"top", "gained", "lost"}
        One of the likeliest words of the period, or one that the topic used more or less than
        earlier.
    word : str
        The word.
    z : float
        How far beyond chance the change is, in standard deviations; NaN for a "top" word.
    share_before, share : float
        The word's share of the topic's words in the earlier period (NaN for a "top" word) and in
        this one.
    """

    topic: int
    period: str
    against: str
    kind: Literal["top", "gained", "lost"]
    word: str
    z: float
    share_before: float
    share: float


class WordChange(NamedTuple):
    """A word (a column) that a topic used more (``z`` above 0) or less than in an earlier period.

    ``z`` is how far beyond chance the change is, in standard deviations; ``share_before`` and
    ``share_after`` are the word's shares of the topic's words.
    """

    topic: int
    word: int
    z: float
    share_before: float
    share_after: float


def words_of_periods(
    data: ThemeData, topic_word: NDArray[np.float64], by: Period
) -> list[WordOfPeriod]:
    """Return each topic's likeliest words of each period, and those gained and lost.

    Gained and lost since the period before, and in the last period also since the first.

    Parameters
    ----------
    data : ThemeData
        Articles; those whose date is too coarse for the periods are left out.
    topic_word : NDArray[np.float64]
        Topic–word distributions, n_topics × n_words.
    by : Period
        The length of a period.
    """
    periods, rows = rows_by_period(data.dates, by)
    total = _count_all(data, topic_word, rows)
    n_periods = len(periods)
    usual_tokens = total.sum(axis=1) / max(1, n_periods)
    namer = _Namer(data.vocabulary, total)
    words: list[WordOfPeriod] = []
    first = before = None
    distribution = topic_word
    counts_by_period = words_by_period(
        data.counts,
        data.shares,
        topic_word,
        rows,
    )
    for n, counts in enumerate(counts_by_period):
        now = _PeriodCounts(periods[n], counts)
        distribution = smooth_words(counts, usual_tokens, distribution)
        words += namer.top_words(now, distribution)
        if before is not None:
            words += namer.changes(before, now)
        if first is None:
            first = now
        elif n > 1 and n == n_periods - 1:
            words += namer.changes(first, now)
        before = now
    return words


class _PeriodCounts(NamedTuple):
    """A period, and how many tokens of each word each topic has in it, n_topics × n_words."""

    period: str
    counts: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Namer:
    """Names the words of periods; ``total`` has the counts of all periods, n_topics × n_words."""

    vocabulary: Sequence[str]
    total: NDArray[np.float64]

    def top_words(
        self, now: _PeriodCounts, distribution: NDArray[np.float64]
    ) -> Iterator[WordOfPeriod]:
        """Yield the likeliest words of each topic that has tokens in a period."""
        tokens = now.counts.sum(axis=1)
        topics = np.flatnonzero(tokens >= _MIN_TOKENS)
        for topic in topics.tolist():
            for column in largest(distribution[topic], _WORDS_PER_PERIOD):
                yield WordOfPeriod(
                    topic=topic,
                    period=now.period,
                    against="",
                    kind="top",
                    word=self.vocabulary[column],
                    z=np.nan,
                    share_before=np.nan,
                    share=float(distribution[topic, column]),
                )

    def changes(self, before: _PeriodCounts, now: _PeriodCounts) -> Iterator[WordOfPeriod]:
        """Yield the words that each topic gained and lost between two periods."""
        for change in changed_words(before.counts, now.counts, self.total):
            yield WordOfPeriod(
                topic=change.topic,
                period=now.period,
                against=before.period,
                kind="gained" if change.z > 0 else "lost",
                word=self.vocabulary[change.word],
                z=change.z,
                share_before=change.share_before,
                share=change.share_after,
            )


def _count_all(
    data: ThemeData, topic_word: NDArray[np.float64], rows: Sequence[NDArray[np.intp]]
) -> NDArray[np.float64]:
    """Return how many tokens of each word each topic has in all periods, n_topics × n_words."""
    none = np.zeros(0, dtype=np.intp)
    dated = np.concatenate([none, *rows])
    dated.sort()
    [total] = words_by_period(
        data.counts,
        data.shares,
        topic_word,
        [dated],
    )
    return total


def largest(values: NDArray[np.float64], n: int) -> NDArray[np.intp]:
    """Return the positions of the *n* largest values, the largest first.

    The earlier of equal values comes first.
    """
    least = -np.inf
    if len(values) > n:
        least = np.partition(values, -n)[-n]
    candidates = np.flatnonzero(values >= least)
    order = np.argsort(-values[candidates], kind="stable")
    first = order[:n]
    return candidates[first]


def words_by_period(
    X: sparse.csr_matrix,
    shares: NDArray[np.float64],
    topic_word: NDArray[np.float64],
    rows: Sequence[NDArray[np.intp]],
    n_jobs: int | None = None,
) -> Iterator[NDArray[np.float64]]:
    """Yield how many tokens of each word belong to each topic in each period.

    Parameters
    ----------
    X : sparse.csr_matrix
        Word counts, n_documents × n_words.
    shares : NDArray[np.float64]
        Topic shares, n_documents × n_topics.
    topic_word : NDArray[np.float64]
        Topic–word distributions, n_topics × n_words.
    rows : Sequence[NDArray[np.intp]]
        The documents of each period.
    n_jobs : int, optional
        Threads to use, all cores by default; the bytes are the same for any number.

    Yields
    ------
    NDArray[np.float64]
        The counts of a period, n_topics × n_words.
    """
    words = np.ascontiguousarray(topic_word.T, dtype=np.float32)
    with Threads(n_jobs) as threads:
        for documents in rows:
            columns = X[documents].tocsc()
            columns.sort_indices()
            topics = np.ascontiguousarray(shares[documents], dtype=np.float32)
            counts = np.zeros_like(words)
            tokens = SparseCounts.of(columns)
            check_word_counting(tokens, words, topics, counts)
            threads(
                count_words,
                even_work(columns.indptr),
                tokens,
                words,
                topics,
                counts,
            )
            yield counts.T.astype(np.float64)


def smooth_words(
    counts: NDArray[np.float64],
    usual_tokens: NDArray[np.float64],
    before: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return a period's topic–word distributions, n_topics × n_words.

    Parameters
    ----------
    counts : NDArray[np.float64]
        Tokens of each word in each topic in the period, n_topics × n_words.
    usual_tokens : NDArray[np.float64]
        Tokens of a topic in a usual period (n_topics,); half as many are the prior's.
    before : NDArray[np.float64]
        The distributions of the period before, which are the prior, n_topics × n_words.
    """
    tokens = counts.sum(axis=1, keepdims=True)
    prior_tokens = _PRIOR_PERIODS * np.maximum(usual_tokens, 1)
    weight = prior_tokens[:, None]
    weighted = counts + weight * before
    return np.asarray(weighted / (tokens + weight))


def changed_words(
    earlier: NDArray[np.float64],
    later: NDArray[np.float64],
    all_counts: NDArray[np.float64],
) -> Iterator[WordChange]:
    """Yield words that each topic gained, and lost, between two periods, at most eight of either.

    Log-odds ratio with an informative Dirichlet prior, the topic's words over all periods (Monroe,
    Colaresi & Quinn 2008, eq. 16 and 22).

    Parameters
    ----------
    earlier, later, all_counts : NDArray[np.float64]
        Tokens of each word in each topic in the two periods and in all, n_topics × n_words.
    """
    for topic, total in enumerate(all_counts):
        old, new = earlier[topic], later[topic]
        n_old, n_new = old.sum(), new.sum()
        if min(n_old, n_new) < _MIN_TOKENS or not total.sum():
            continue
        z = _log_odds_z(old, new, total)
        gained, lost = _most_sure(z), _most_sure(-z)
        for word in [*gained, *lost]:
            yield WordChange(
                topic=topic,
                word=int(word),
                z=float(z[word]),
                share_before=float(old[word] / n_old),
                share_after=float(new[word] / n_new),
            )


def _log_odds_z(
    old: NDArray[np.float64], new: NDArray[np.float64], total: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the z scores of the log-odds ratios of all words (n_words,)."""
    prior = _PRIOR_TOKENS * total / total.sum()
    prior += _MIN_PRIOR_COUNT
    ratio = _log_odds(new, prior) - _log_odds(old, prior)
    variance = 1 / (old + prior) + 1 / (new + prior)
    return np.asarray(ratio / np.sqrt(variance))


def _log_odds(counts: NDArray[np.float64], prior: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logarithm of each word's odds (n_words,)."""
    total = counts.sum() + _PRIOR_TOKENS
    others = total - counts - prior
    odds = (counts + prior) / others
    return np.asarray(np.log(odds))


def _most_sure(z: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the words with the highest z scores that chance seldom gives."""
    sure = np.flatnonzero(z >= _MIN_Z)
    order = np.argsort(-z[sure], kind="stable")
    first = order[:_MAX_CHANGES]
    return sure[first]
