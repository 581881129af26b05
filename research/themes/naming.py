"""What to call a topic: words that set it apart, a name from the headlines, names that a person gave."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.optimize import linear_sum_assignment
from sklearn.feature_extraction.text import CountVectorizer

from research.toml import Table, check_table, read_toml

_HAN = re.compile(r"[\u3400-\u9fff]+")
_COUNTED = re.compile(
    r"[零一二两三四五六七八九十百千万几数半]+[个本下点天次名位张件条只块句遍岁年月日周层楼批场]"
)  # 四点, 三天: no name.
_SHORTEST, _LONGEST = 2, 8
_RARE = 2  # A phrase of fewer headlines names nothing.
_RELEVANT, _STILL_RELEVANT = (
    20,
    50,
)  # A new name is made of so many words of its topic, and a name is kept while it is of so many.


def relevant_words(
    topic_word: NDArray[np.float64], word_share: NDArray[np.float64], n: int, weight: float = 0.6
) -> NDArray[np.intp]:
    """Return each topic's *n* most relevant words, n_topics × n columns.

    Relevance is weight · log p(word | topic) + (1 − weight) · log(p(word | topic) / p(word)) (Sievert & Shirley,
    "LDAvis", 2014). *word_share* is p(word), n_words.
    """
    logs = np.log(topic_word)
    relevance = weight * logs + (1 - weight) * (logs - np.log(np.maximum(word_share, 1e-12)))
    return np.argsort(-relevance, axis=1, kind="stable")[:, :n]


def propose_names(
    headlines: Iterable[Sequence[str]],
    shares: NDArray[np.float64],
    topic_word: NDArray[np.float64],
    vocabulary: Sequence[str],
    had: Mapping[int, str] | None = None,
) -> list[str]:
    """Propose a name of 2 to 8 characters for every topic, all different; "" where the headlines hold none.

    *headlines* are segmented; *shares* are n_documents × n_topics, *topic_word* n_topics × n_words. A name is one of
    the topic's most relevant words, or two that stand together, that headlines of the topic have often and others seldom (its
    count in the topic times the logarithm of its lift), and that articles use for this topic rather than for others
    (times the root of p(topic | word) of even topics). A name that a topic *had* before stays, as long as its words are near the most relevant.
    """
    place = {word: column for column, word in enumerate(vocabulary)}
    known = ([token if token in place else "" for token in tokens] for tokens in headlines)
    counter = CountVectorizer(analyzer=_phrases, min_df=_RARE, binary=True, dtype=np.float32)
    try:
        present = counter.fit_transform(known)
    except ValueError:  # No phrase stands often enough.
        return [""] * shares.shape[1]
    phrases = [phrase.split() for phrase in counter.get_feature_names_out()]
    common = shares.mean(axis=0)
    counts = present.T @ shares
    lift = counts / (counts.sum(axis=1, keepdims=True) * common)
    lengths = np.array([[len("".join(phrase))] for phrase in phrases])
    columns = [[place[token] for token in phrase] for phrase in phrases]
    at_home = _at_home(topic_word)
    home = np.array([at_home[:, parts].mean(axis=1) for parts in columns])
    relevant = relevant_words(topic_word, common @ topic_word, _STILL_RELEVANT)
    rank = np.full(topic_word.shape, _STILL_RELEVANT)
    np.put_along_axis(rank, relevant, np.arange(relevant.shape[1])[None], axis=1)
    worst = np.array([rank[:, parts].max(axis=1) for parts in columns])
    merits = counts * np.log(lift) * np.sqrt(lengths * home) * (worst < _RELEVANT)
    row_of = {"".join(phrase): row for row, phrase in enumerate(phrases)}
    kept = {
        topic: name
        for topic, name in (had or {}).items()
        if name in row_of and worst[row_of[name], topic] < _STILL_RELEVANT
    }
    names = [kept.get(topic, "") for topic in range(shares.shape[1])]
    for best in np.argsort(-merits, axis=None, kind="stable"):
        row, topic = divmod(int(best), shares.shape[1])
        if merits[row, topic] <= 0 or all(names):
            break
        name = "".join(phrases[row])
        if not names[topic] and not any(name in other or other in name for other in names if other):
            names[topic] = name
    return names


def _phrases(tokens: Sequence[str]) -> Iterator[str]:
    """Yield what may be a name: tokens, and two that stand together with a space between them."""
    for i, token in enumerate(tokens):
        if len(token) < _SHORTEST or not _HAN.fullmatch(token) or _COUNTED.fullmatch(token):
            continue
        if len(token) <= _LONGEST:
            yield token
        following = tokens[i + 1] if i + 1 < len(tokens) else ""
        if (
            len(following) >= _SHORTEST
            and len(token + following) <= _LONGEST
            and _HAN.fullmatch(following)
        ):
            yield f"{token} {following}"


def _at_home(topic_word: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return p(topic | word) of topics that are equally common, n_topics × n_words."""
    return np.asarray(topic_word / topic_word.sum(axis=0, keepdims=True))


class GivenName(Table):
    """A topic's name as a person gave it, and words that the topic is known by."""

    name: str = Field(min_length=1, max_length=40)
    words: tuple[str, ...] = Field(min_length=1)


class GivenNames(Table):
    """A names file: ``[[topic]]`` tables. Topics are found by their words, so that the names outlast another training."""

    topic: tuple[GivenName, ...] = ()


def read_names(path: Path) -> tuple[GivenName, ...]:
    """Read a names file; raise InputError that lists everything wrong in it."""
    table, text = read_toml(path)
    return check_table(GivenNames, table, text, str(path)).topic


def place_names(
    given: Sequence[GivenName], topic_word: NDArray[np.float64], vocabulary: Sequence[str]
) -> tuple[dict[int, str], list[str]]:
    """Return names by topic, each where its words are most at home, and the names that found no topic.

    A word speaks for a topic by the share p(topic | word) of even topics; a name goes to a topic that has more
    of its words than all others together on average, no two names to one.
    """
    place = {word: column for column, word in enumerate(vocabulary)}
    known = [
        (entry.name, [place[word] for word in entry.words if word in place]) for entry in given
    ]
    found: dict[int, str] = {}
    candidates = [(name, columns) for name, columns in known if columns]
    if candidates:
        at_home = _at_home(topic_word)
        merits = np.array([at_home[:, columns].mean(axis=1) for _, columns in candidates])
        found = {
            int(k): candidates[i][0]
            for i, k in zip(*linear_sum_assignment(-merits), strict=True)
            if merits[i, k] > 1.5 / len(topic_word)
        }
    return found, [name for name, _ in known if name not in found.values()]


def described(
    topic_word: NDArray[np.float64], vocabulary: Sequence[str], columns: Sequence[int], topic: int
) -> list[dict[str, Any]]:
    """Return words of a topic with their probabilities, as topics.json has them."""
    return [{"word": vocabulary[i], "p": round(float(topic_word[topic, i]), 6)} for i in columns]
