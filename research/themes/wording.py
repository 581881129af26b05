"""How the words of a theme change from period to period, with the topics themselves held fixed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.themes.calendar import Period, periods_between, periods_of, too_coarse
from research.themes.data import ThemeData
from research.topics import kernels
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

    ``z`` is how far beyond chance the change is; ``share_before`` and ``share_after`` are the word's
    shares of the topic's words.
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
    dated = [i for i, date in enumerate(data.dates) if not too_coarse(date, by)]
    periods, rows = _rows_by_period(data.dates, dated, by)
    all_rows = np.asarray(dated, dtype=np.intp)
    total = next(words_by_period(data.counts, data.shares, topic_word, [all_rows]))
    usual_tokens = total.sum(axis=1) / max(1, len(periods))
    words: list[WordOfPeriod] = []
    counted: list[NDArray[np.float64]] = []  # Of the first period and the one before.
    distribution = topic_word
    for n, counts in enumerate(words_by_period(data.counts, data.shares, topic_word, rows)):
        distribution = smooth_words(counts, usual_tokens, distribution)
        topics = np.flatnonzero(counts.sum(axis=1) >= _MIN_TOKENS)
        words += _top_words(distribution, topics, data.vocabulary, periods[n])
        earlier = list(zip(counted[-1:], periods[n - 1 : n], strict=False))
        if n > 1 and n == len(periods) - 1:
            earlier.append((counted[0], periods[0]))
        for counts_before, against in earlier:
            changes = changed_words(counts_before, counts, total)
            words += _name_changes(changes, data.vocabulary, periods[n], against)
        counted = [*counted[:1], counts]
    return words


def _rows_by_period(
    dates: Sequence[str], dated: Sequence[int], by: Period
) -> tuple[list[str], list[NDArray[np.intp]]]:
    """Return the periods that documents lie in, in order, and the rows of *dated* in each."""
    names = periods_of([dates[i] for i in dated], by)
    if not names:
        return [], []
    occupied = set(names)
    periods = [name for name in periods_between(min(names), max(names), by) if name in occupied]
    position = {period: n for n, period in enumerate(periods)}
    positions = np.array([position[name] for name in names], dtype=np.intp)
    rows = np.asarray(dated, dtype=np.intp)
    return periods, [rows[positions == n] for n in range(len(periods))]


def _top_words(
    distribution: NDArray[np.float64],
    topics: NDArray[np.intp],
    vocabulary: Sequence[str],
    period: str,
) -> Iterator[WordOfPeriod]:
    """Yield the likeliest words of *topics* in a period."""
    for topic in topics.tolist():
        for column in largest(distribution[topic], _WORDS_PER_PERIOD):
            share = float(distribution[topic, column])
            word = vocabulary[column]
            yield WordOfPeriod(topic, period, "", "top", word, np.nan, np.nan, share)


def _name_changes(
    changes: Iterator[WordChange], vocabulary: Sequence[str], period: str, against: str
) -> Iterator[WordOfPeriod]:
    """Yield changes with their words and periods."""
    for topic, column, z, share_before, share in changes:
        kind: Literal["gained", "lost"] = "gained" if z > 0 else "lost"
        word = vocabulary[column]
        yield WordOfPeriod(topic, period, against, kind, word, z, share_before, share)


def largest(values: NDArray[np.float64], n: int) -> NDArray[np.intp]:
    """Return the positions of the *n* largest values, the largest first.

    The earlier of equal values comes first.
    """
    least = np.partition(values, -n)[-n] if len(values) > n else -np.inf
    candidates = np.flatnonzero(values >= least)
    order = np.argsort(-values[candidates], kind="stable")
    return candidates[order][:n]


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
            threads(
                kernels.count_words,
                even_work(columns.indptr),
                kernels.SparseCounts.of(columns),
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
    weight = _PRIOR_PERIODS * np.maximum(usual_tokens, 1)[:, None]
    tokens = counts.sum(axis=1, keepdims=True)
    distributions: NDArray[np.float64] = (counts + weight * before) / (tokens + weight)
    return distributions


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
    for topic, (old, new, total) in enumerate(zip(earlier, later, all_counts, strict=True)):
        n_old, n_new = old.sum(), new.sum()
        if min(n_old, n_new) < _MIN_TOKENS or not total.sum():
            continue
        z = _log_odds_z(old, new, total)
        for word in [*_most_sure(z), *_most_sure(-z)]:
            share_before, share_after = float(old[word] / n_old), float(new[word] / n_new)
            yield WordChange(topic, int(word), float(z[word]), share_before, share_after)


def _log_odds_z(
    old: NDArray[np.float64], new: NDArray[np.float64], total: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the z scores of the log-odds ratios of all words (n_words,)."""
    prior = _PRIOR_TOKENS * total / total.sum() + _MIN_PRIOR_COUNT
    old_odds, new_odds = (
        np.log((counts + prior) / (counts.sum() + _PRIOR_TOKENS - counts - prior))
        for counts in (old, new)
    )
    z: NDArray[np.float64] = (new_odds - old_odds) / np.sqrt(1 / (old + prior) + 1 / (new + prior))
    return z


def _most_sure(z: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the words with the highest z scores that chance seldom gives."""
    sure = np.flatnonzero(z >= _MIN_Z)
    order = np.argsort(-z[sure], kind="stable")
    return sure[order][:_MAX_CHANGES]
