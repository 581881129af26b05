"""Stories: what was new in a period, as words that rose together and the documents that hold them. No topic is needed to find them.

A topic serves many events: all Games are one theme. Stories tell them apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from research.themes.mentions import by_period, presence

_LEAST_DOCUMENTS = 4
_TIMES = 3.0  # How many times more documents than before must hold a word.
_SURE = 20.0  # Log-likelihood ratio of a word that rose: chance alone gives as much to four in a million.
_CANDIDATES = 300
_APART = 0.75  # Cosine distance up to which words belong to one story.
_WORDS = 12
_WORD = re.compile(r"\w+")


class Story(NamedTuple):
    """What was new in a period (a position): its ``words`` (columns, the most telling first), the ``documents`` (rows) that hold two of
    them or more, those with most to say of it first, and ``weight``, the log-likelihood ratio of its words together."""

    period: int
    words: tuple[int, ...]
    documents: tuple[int, ...]
    weight: float


def find_stories(
    X: sparse.csr_matrix, periods: Sequence[int] | NDArray[np.intp], back: int, most: int = 10
) -> Iterator[Story]:
    """Yield the *most* telling stories of every period, period by period.

    *X* is n_documents × n_words counts, *periods* the position of each document's period, *back* how many periods before are what a
    period is held against (where there are fewer, those after it stand in). A word rose when three times as many documents as expected
    hold it, by Dunning's log-likelihood ratio (1993); words that rose belong together where they stand in the same documents.
    """
    of = np.asarray(periods)
    n = int(of.max()) + 1
    holds = presence(X)
    counts = by_period(holds, of, n)
    sizes = np.bincount(of).astype(np.float64)
    usual = np.asarray(counts.sum(axis=0)).ravel() / len(of)
    typical = len(of) / np.count_nonzero(sizes)
    known, window = np.zeros(X.shape[1]), set[int]()
    for t in range(n):
        wanted = set(range(max(0, t - back), t))
        wanted |= set(range(t + 1, min(n, t + 1 + back - len(wanted))))
        for others, sign in ((wanted - window, 1), (window - wanted, -1)):
            for s in others:
                known[counts[s].indices] += sign * counts[s].data
        window = wanted
        expected = sizes[t] * (known + typical * usual) / (sizes[sorted(window)].sum() + typical)
        rose = _rose(counts[t], expected)
        documents = np.flatnonzero(of == t)
        yield from sorted(
            _grouped(t, rose, holds[documents], documents),
            key=lambda story: (-story.weight, story.words),
        )[:most]


def _rose(counts: sparse.csr_matrix, expected: NDArray[np.float64]) -> dict[int, float]:
    """Return the words that a period's documents hold far more often than expected, with how far."""
    words, found = counts.indices, counts.data
    usual = expected[words]
    ratio = 2 * (found * np.log(found / usual) - (found - usual))
    sure = (found >= _LEAST_DOCUMENTS) & (found >= _TIMES * usual) & (ratio >= _SURE)
    order = np.lexsort((words[sure], -ratio[sure]))[:_CANDIDATES]
    return dict(zip(words[sure][order].tolist(), ratio[sure][order].tolist(), strict=True))


def _grouped(
    period: int, rose: dict[int, float], holds: sparse.csr_matrix, documents: NDArray[np.intp]
) -> Iterator[Story]:
    """Yield the stories that words which rose make; *holds* are the period's own rows."""
    if not rose:
        return
    words, weight = np.array(list(rose)), np.array(list(rose.values()))
    table = holds[:, words]
    together = (table.T @ table).toarray()
    often = np.sqrt(together.diagonal())
    apart = np.maximum(1 - together / np.outer(often, often), 0)
    group = (
        fcluster(linkage(squareform(apart, checks=False), "average"), _APART, "distance")
        if len(words) > 1
        else np.ones(1, dtype=int)
    )
    for number in np.unique(group):
        mine = np.flatnonzero(group == number)  # In the order of the words, the most telling first.
        of_it = np.flatnonzero(np.asarray(table[:, mine].sum(axis=1)).ravel() >= min(2, len(mine)))
        # Over the root of its length: a bundle of short items holds words of every story.
        score = table[of_it][:, mine] @ weight[mine] / np.sqrt(np.diff(holds.indptr)[of_it])
        of_it = of_it[np.argsort(-score, kind="stable")]
        if len(of_it) >= _LEAST_DOCUMENTS:
            yield Story(
                period,
                tuple(words[mine[:_WORDS]].tolist()),
                tuple(documents[of_it].tolist()),
                float(weight[mine].sum()),
            )


def stories_about(text: str, stories: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the stories, as a run keeps them, that *text* speaks of, best match first.

    What matches is a story's word that stands in *text*, and a word of *text* (apart by spaces or punctuation) that stands in a headline
    of the story's articles; each tells the more, the fewer stories have it.
    """
    asked = _WORD.findall(text)
    matched = []
    for story in stories:
        headlines = "\n".join(article["headline"] for article in story["articles"])
        matched.append(
            [
                *(word for word in story["words"] if word in text),
                *(f"headline {word}" for word in asked if word in headlines),
            ]
        )
    having = Counter(chain.from_iterable(matched))
    scored = [
        (sum(np.log(1 + len(stories) / having[match]) for match in found), story)
        for found, story in zip(matched, stories, strict=True)
    ]
    return [
        story
        for score, story in sorted(scored, key=lambda pair: (-pair[0], -pair[1]["weight"]))
        if score > 0
    ]
