"""What to call a topic: a name from the headlines, or one that a person gave."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.optimize import linear_sum_assignment
from sklearn.feature_extraction.text import CountVectorizer

from research.toml import Table, check_table, read_toml

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
_MIN_FIT_OF_GIVEN_NAME = 1.5  # p(topic | its words), as a multiple of 1 / n_topics.
_MIN_WORD_SHARE = 1e-12  # So that a word that the corpus lacks has a logarithm.

NamedBy = Literal["hand", "headlines"]


class TopicName(NamedTuple):
    """A topic's name, "" where none was found, and whether a person or the headlines gave it."""

    name: str
    by: NamedBy


def name_topics(
    given: Mapping[int, str], earlier: Mapping[int, TopicName], proposed: Sequence[str]
) -> list[TopicName]:
    """Return the name of every topic.

    A name that a person gave goes before one that a person gave to the topic in an earlier run, and
    both before one from the headlines.

    Parameters
    ----------
    given : Mapping[int, str]
        Names that a person gave, by topic.
    earlier : Mapping[int, TopicName]
        Names of an earlier run, by topic.
    proposed : Sequence[str]
        Names from the headlines, one for each topic.
    """
    by_hand = dict(given)
    for topic, (name, by) in earlier.items():
        if by == "hand" and topic not in by_hand and name not in given.values():
            by_hand[topic] = name
    names: list[TopicName] = []
    for topic, proposal in enumerate(proposed):
        if topic in by_hand:
            names.append(TopicName(by_hand[topic] or proposal, "hand"))
        else:
            names.append(TopicName(proposal, "headlines"))
    return names


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
    relevance = weight * logs
    relevance += (1 - weight) * lifts
    order = np.argsort(-relevance, axis=1, kind="stable")
    return order[:, :n]


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
) -> list[str]:
    """Propose a name of 2 to 8 characters for every topic, all different.

    A name is one of the topic's most relevant words, or two that stand side by side, that headlines
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

    Returns
    -------
    list[str]
        n_topics names, "" where the headlines have none.
    """
    n_topics = shares.shape[1]
    phrases = _count_phrases(headlines, shares, vocabulary)
    if phrases is None:
        return [""] * n_topics
    topic_shares = shares.mean(axis=0)
    ranks = _worst_ranks(phrases, topic_word, topic_shares)
    names = _kept_names(earlier or {}, phrases, ranks)
    merits = _merits(phrases, topic_word, topic_shares)
    merits *= ranks < _MAX_RANK_OF_NEW_NAME
    for row, topic in _best_first(merits):
        if all(names):
            break
        name = phrases.names[row]
        if not names[topic] and _differs(name, names):
            names[topic] = name
    return names


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
    headlines: Iterable[Sequence[str]], shares: NDArray[np.float64], vocabulary: Sequence[str]
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
    for phrase in counter.get_feature_names_out():
        tokens = phrase.split()
        names.append("".join(tokens))
        columns.append([column[token] for token in tokens])
    counts = present.T @ shares
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
    fits = _mean_fits(phrases.columns, topic_word)
    merits *= np.sqrt(np.array(lengths)[:, None] * fits)
    return np.asarray(merits)


def _mean_fits(
    columns: Iterable[Sequence[int]], topic_word: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the mean p(topic | word) of groups of words (columns), n_groups × n_topics.

    The topics are taken to be equally common.
    """
    totals = topic_word.sum(axis=0, keepdims=True)
    topic_given_word = topic_word / totals
    fits = [topic_given_word[:, group].mean(axis=1) for group in columns]
    return np.array(fits)


def _kept_names(
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


class GivenName(Table):
    """A topic's name as a person gave it, and words that the topic is known by."""

    name: str = Field(min_length=1, max_length=40)
    words: tuple[str, ...] = Field(min_length=1)


class GivenNames(Table):
    """A names file: ``[[topic]]`` tables.

    Topics are identified by their words, so that the names outlast another training.
    """

    topic: tuple[GivenName, ...] = ()


def read_names(path: Path) -> tuple[GivenName, ...]:
    """Read a names file; raise InputError that lists everything wrong in it."""
    table, text = read_toml(path)
    names = check_table(GivenNames, table, text, str(path))
    return names.topic


def place_names(
    given: Sequence[GivenName], topic_word: NDArray[np.float64], vocabulary: Sequence[str]
) -> tuple[dict[int, str], list[str]]:
    """Return names by topic, and the names that no topic fits.

    A word speaks for a topic by the share p(topic | word) of even topics; a name goes to a topic
    that has more of its words than all others together on average, no two names to one.

    Parameters
    ----------
    given : Sequence[GivenName]
        The names and their words.
    topic_word : NDArray[np.float64]
        Topic–word distributions, n_topics × n_words.
    vocabulary : Sequence[str]
        The n_words words.
    """
    column = {word: i for i, word in enumerate(vocabulary)}
    names = []
    groups = []
    for entry in given:
        columns = [column[word] for word in entry.words if word in column]
        if columns:
            names.append(entry.name)
            groups.append(columns)
    placed = {}
    if groups:
        fits = _mean_fits(groups, topic_word)
        min_fit = _MIN_FIT_OF_GIVEN_NAME / len(topic_word)
        for row, topic in zip(*linear_sum_assignment(-fits), strict=True):
            if fits[row, topic] > min_fit:
                placed[int(topic)] = names[row]
    placed_names = set(placed.values())
    without_topic = [entry.name for entry in given if entry.name not in placed_names]
    return placed, without_topic
