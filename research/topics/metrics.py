"""Figures of topics: coherence, diversity, exclusivity, and how far two sets of topics agree."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linear_sum_assignment

_EPSILON = 1e-12


def topic_figures(top_words: Sequence[Sequence[int]], counts: sparse.csr_matrix) -> dict[str, Any]:
    """Return coherence (mean NPMI of each topic's top words) and diversity (share of distinct top words).

    *top_words* are columns of *counts* (n_documents × n_words), a row a topic. NPMI is over documents
    (Bouma 2009; Aletras & Stevenson 2013); a pair that never meets counts −1, so NaN never comes out.
    """
    per_topic = npmi(top_words, counts)
    return {
        "coherence_npmi": _figure(np.mean(per_topic)),
        "diversity": _figure(diversity(top_words)),
        "topics": [{"coherence_npmi": _figure(value)} for value in per_topic],
    }


def diversity(top_words: Sequence[Sequence[int]]) -> float:
    """Return the share of distinct words among all topics' top words (Dieng, Ruiz & Blei 2020)."""
    return len({word for words in top_words for word in words}) / sum(
        len(words) for words in top_words
    )


def exclusivity(topic_word: NDArray[np.float64], top_words: Sequence[Sequence[int]]) -> list[float]:
    """Return how far each topic has its top words to itself: their mean share of p(word | topic) over topics.

    1 says no other topic uses them, 1 / n_topics all alike (Bischof & Airoldi 2012). *topic_word* is
    n_topics × n_words.
    """
    shares = topic_word / topic_word.sum(axis=0, keepdims=True)
    return [float(shares[k, list(words)].mean()) for k, words in enumerate(top_words)]


def matched_overlap(some: NDArray[np.intp], others: NDArray[np.intp]) -> NDArray[np.float64]:
    """Match topics of two models one to one; return the Jaccard overlap of each of the first's with its match.

    Rows are topics, entries their top words. The matching maximises the sum (Kuhn 1955).
    """
    sets = [set(row.tolist()) for row in others]
    overlap = np.array(
        [
            [len(words & set_) / len(words | set_) for set_ in sets]
            for words in (set(row.tolist()) for row in some)
        ]
    )
    matched: NDArray[np.float64] = overlap[linear_sum_assignment(-overlap)]
    return matched


def npmi(top_words: Sequence[Sequence[int]], counts: sparse.csr_matrix) -> list[float]:
    """Return each topic's mean normalised pointwise mutual information over pairs of its top words."""
    words = sorted({word for topic in top_words for word in topic})
    place = {word: i for i, word in enumerate(words)}
    present = (counts[:, words] > 0).astype(np.float64)
    together = (present.T @ present).toarray() / counts.shape[0]
    alone = together.diagonal()
    means = []
    for topic in top_words:
        values = []
        for a, b in combinations([place[word] for word in topic], 2):
            joint = together[a, b]
            if joint == 0:
                values.append(-1.0)
            elif joint == 1:
                values.append(1.0)
            else:
                values.append(float(np.log(joint / (alone[a] * alone[b])) / -np.log(joint)))
        means.append(float(np.mean(values)) if values else 0.0)
    return means


def coherence(
    top_words: Sequence[Sequence[str]],
    texts: Iterable[Sequence[str]],
    measure: Literal["c_npmi", "c_v"] = "c_v",
    window: int | None = None,
) -> list[float]:
    """Return each topic's coherence over a window that slides over segmented texts (Röder, Both & Hinneburg 2015).

    "c_npmi" is the mean NPMI of pairs of top words (window 10), "c_v" the mean cosine between each word's
    vector of NPMI and the sum of them (window 110). The numbers are those of gensim's ``CoherenceModel``, its way of
    counting words that stand twice in a window included; a word that the texts lack counts 0, so NaN never comes out.
    """
    words = sorted({word for topic in top_words for word in topic})
    place = {word: i for i, word in enumerate(words)}
    together, total = _windows(texts, place, window or {"c_npmi": 10, "c_v": 110}[measure])
    alone = together.diagonal()
    figures = []
    for topic in top_words:
        ids = [place[word] for word in topic]
        joint = together[np.ix_(ids, ids)] / max(total, 1)
        expected = np.outer(alone[ids], alone[ids]) / max(total, 1) ** 2
        with np.errstate(divide="ignore", invalid="ignore"):
            table = np.log((joint + _EPSILON) / expected) / -np.log(joint + _EPSILON)
        table[~np.isfinite(table)] = 0.0
        figures.append(_c_v(table) if measure == "c_v" else _mean_pairs(table))
    return figures


def _windows(
    texts: Iterable[Sequence[str]], place: dict[str, int], size: int
) -> tuple[NDArray[np.float64], int]:
    """Count in how many windows each word, and each pair, stands; a text shorter than the window is one."""
    together, total = np.zeros((len(place), len(place))), 0
    for text in texts:
        found: dict[int, list[int]] = {}
        for i, token in enumerate(text):
            if token in place:
                found.setdefault(place[token], []).append(i)
        n_windows = max(1, len(text) - size + 1)
        total += n_windows if text else 0
        if not found:
            continue
        own = sorted(found)
        present = np.zeros((len(own), n_windows), dtype=np.float32)
        for row, word in zip(present, own, strict=True):
            for i in found[word]:
                first = max(0, i - size + 1)
                # As gensim counts: a word leaves with its first token, though a second one stand in the window.
                row[first : found[word][bisect_left(found[word], first)] + 1] = 1
        together[np.ix_(own, own)] += present @ present.T
    return together, total


def _c_v(table: NDArray[np.float64]) -> float:
    whole = table.sum(axis=0)
    lengths = np.linalg.norm(table, axis=1) * np.linalg.norm(whole)
    cosines = np.divide(table @ whole, lengths, out=np.zeros(len(table)), where=lengths > 0)
    return float(cosines.mean())


def _mean_pairs(table: NDArray[np.float64]) -> float:
    pairs = table[np.triu_indices(len(table), 1)]
    return float(pairs.mean()) if len(pairs) else 0.0


def _figure(value: float | np.floating[Any]) -> float:
    """Round a figure to what is reported."""
    return round(float(value), 4)
