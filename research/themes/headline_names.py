"""Names of topics from the headlines of their articles.

Names that a person gave are in ``naming``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer

from research.themes.relevance import mean_fits, relevant_words

_HAN = re.compile(r"[\u3400-\u9fff]+")
# A quantity is no name: 四点, 三天.
_QUANTITY = re.compile(
    r"""
    [零一二两三四五六七八九十百千万几数半]+  # the number
    (?:
        [个本下点次名位张件条只块句遍]  # what is counted
      | [天岁年月日周层楼批场]  # a measure of time or place
    )
    """,
    re.VERBOSE,
)
_MIN_CHARACTERS, _MAX_CHARACTERS = 2, 8  # Of a name.
_MIN_HEADLINES = 2  # With a phrase, for it to name a topic.
_MAX_RANK_OF_NEW_NAME = 20  # Of a name's words among the topic's most relevant words.
_MAX_RANK_OF_KEPT_NAME = 50  # So that names change less often than the order of words.


class _Phrases(NamedTuple):
    """Phrases of headlines: their words as columns, and their count in each topic.

    ``counts`` is n_phrases × n_topics.
    """

    names: list[str]
    columns: list[list[int]]
    counts: NDArray[np.float64]


def propose_names(
    headlines: Iterable[Sequence[str]],
    shares: NDArray[np.float64],
    topic_word: NDArray[np.float64],
    vocabulary: Sequence[str],
    earlier: Mapping[int, str] | None = None,
    excluded: Collection[str] = (),
) -> list[str]:
    """Propose a name of 2 to 8 characters for every topic, all different.

    A name is one of the topic's most relevant words, or two that are side by side, that headlines
    of the topic have often and others seldom (its count in the topic times the logarithm of its
    lift), and that articles use for this topic rather than for others (times the root of
    p(topic | word) of even topics). A name that a topic had earlier is kept as long as its words
    are near the most relevant.

    Parameters
    ----------
    headlines : Iterable[Sequence[str]]
        The segmented headline of every document.
    shares : NDArray[np.float64]
        Topic shares, n_documents × n_topics.
    topic_word : NDArray[np.float64]
        Topic–word distributions, n_topics × n_words.
    vocabulary : Sequence[str]
        The n_words words.
    earlier : Mapping[int, str], optional
        Names that topics had in an earlier run.
    excluded : Collection[str]
        Names that a person gave to other topics, and words that are no names.

    Returns
    -------
    list[str]
        n_topics names, "" where the headlines have none.
    """
    n_topics = shares.shape[1]
    phrases = _count_phrases(headlines, shares, vocabulary, excluded)
    if phrases is None:
        return [""] * n_topics
    topic_shares = shares.mean(axis=0)
    ranks = _worst_ranks(phrases, topic_word, topic_shares)
    names = _earlier_names(earlier or {}, phrases, ranks)
    merits = _merits(phrases, topic_word, topic_shares)
    merits *= ranks < _MAX_RANK_OF_NEW_NAME
    return _with_new_names(names, phrases, merits)


def _with_new_names(
    names: Sequence[str], phrases: _Phrases, merits: NDArray[np.float64]
) -> list[str]:
    """Give every topic without a name the best phrase that no other topic has."""
    complete = list(names)
    for row, topic in _best_first(merits):
        if all(complete):
            break
        name = phrases.names[row]
        if not complete[topic] and _differs(name, complete):
            complete[topic] = name
    return complete


def _best_first(merits: NDArray[np.float64]) -> Iterator[tuple[int, int]]:
    """Yield (row, column) of the merits above 0, the highest first."""
    _, n_columns = merits.shape
    order = np.argsort(-merits, axis=None, kind="stable")
    for best in order.tolist():
        row, column = divmod(best, n_columns)
        if merits[row, column] <= 0:
            return
        yield row, column


def _count_phrases(
    headlines: Iterable[Sequence[str]],
    shares: NDArray[np.float64],
    vocabulary: Sequence[str],
    excluded: Collection[str],
) -> _Phrases | None:
    """Return the phrases of two headlines or more; None where there are none."""
    column = {word: i for i, word in enumerate(vocabulary)}
    counter = CountVectorizer(
        analyzer=_candidates,
        min_df=_MIN_HEADLINES,
        binary=True,
        dtype=np.float32,
    )
    try:
        present = counter.fit_transform(_without_unknown(headlines, column))
    except ValueError:  # No phrase is frequent enough.
        return None
    names = []
    columns = []
    rows = []
    for row, phrase in enumerate(counter.get_feature_names_out()):
        tokens = phrase.split()
        name = "".join(tokens)
        if name in excluded or not set(tokens).isdisjoint(excluded):
            continue
        rows.append(row)
        names.append(name)
        columns.append([column[token] for token in tokens])
    if not rows:
        return None
    counts = (present.T @ shares)[rows]
    return _Phrases(names, columns, counts)


def _without_unknown(
    headlines: Iterable[Sequence[str]], known: Container[str]
) -> Iterator[list[str]]:
    """Yield headlines with "" for words that are not known, which no phrase reaches across."""
    for tokens in headlines:
        yield [token if token in known else "" for token in tokens]


def _candidates(tokens: Sequence[str]) -> Iterator[str]:
    """Yield what may be a name: tokens, and two side by side with a space between them."""
    for token, following in zip(tokens, [*tokens[1:], ""], strict=True):
        if not _may_begin_name(token):
            continue
        if len(token) <= _MAX_CHARACTERS:
            yield token
        if _may_end_name(following) and len(token + following) <= _MAX_CHARACTERS:
            yield f"{token} {following}"


def _may_begin_name(token: str) -> bool:
    """Return whether a token is of Chinese characters and no quantity."""
    if _QUANTITY.fullmatch(token):
        return False
    return _may_end_name(token)


def _may_end_name(token: str) -> bool:
    """Return whether a token is of Chinese characters, two or more."""
    if len(token) < _MIN_CHARACTERS:
        return False
    return _HAN.fullmatch(token) is not None


def _worst_ranks(
    phrases: _Phrases, topic_word: NDArray[np.float64], topic_shares: NDArray[np.float64]
) -> NDArray[np.intp]:
    """Return the rank of each phrase's least relevant word, n_phrases × n_topics, at most 50."""
    relevant = relevant_words(
        topic_word,
        topic_shares @ topic_word,
        _MAX_RANK_OF_KEPT_NAME,
    )
    ranks = np.full(topic_word.shape, _MAX_RANK_OF_KEPT_NAME)
    for topic, columns in enumerate(relevant):
        ranks[topic, columns] = np.arange(len(columns))
    worst = np.zeros(phrases.counts.shape, dtype=np.intp)
    for row, columns in enumerate(phrases.columns):
        worst[row] = ranks[:, columns].max(axis=1)
    return worst


def _merits(
    phrases: _Phrases, topic_word: NDArray[np.float64], topic_shares: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how well each phrase names each topic, n_phrases × n_topics."""
    counts = phrases.counts
    totals = counts.sum(axis=1, keepdims=True)
    lift = counts / (totals * topic_shares)
    merits = counts * np.log(lift)
    lengths = [len(name) for name in phrases.names]
    fits = mean_fits(phrases.columns, topic_word)
    merits *= np.sqrt(np.array(lengths)[:, None] * fits)
    return np.asarray(merits)


def _earlier_names(
    earlier: Mapping[int, str], phrases: _Phrases, ranks: NDArray[np.intp]
) -> list[str]:
    """Return the names that topics keep from an earlier run, "" for the others."""
    row_of = {name: row for row, name in enumerate(phrases.names)}
    _, n_topics = ranks.shape
    names = [""] * n_topics
    for topic, name in earlier.items():
        if name not in row_of:
            continue
        row = row_of[name]
        if ranks[row, topic] < _MAX_RANK_OF_KEPT_NAME:
            names[topic] = name
    return names


def _differs(name: str, others: Iterable[str]) -> bool:
    """Return whether no other name contains *name* or occurs in it."""
    overlapping = [
        other
        for other in filter(None, others)  # "" occurs in every name.
        if name in other or other in name
    ]
    return not overlapping
