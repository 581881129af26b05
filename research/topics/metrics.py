"""Figures of topics: coherence, diversity, exclusivity, and how far two sets of topics agree.

Nothing here fits a model; topics come as rows of their top words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linear_sum_assignment

_Word = TypeVar("_Word", int, str)

_EPSILON = 1e-12  # Added to joint probabilities, as gensim does.
_REPORTED_DIGITS = 4
_WINDOW_TOKENS = {"c_npmi": 10, "c_v": 110}  # Röder, Both & Hinneburg 2015.


def topic_figures(top_words: Sequence[Sequence[int]], counts: sparse.csr_matrix) -> dict[str, Any]:
    """Return the coherence (mean NPMI of each topic's top words) and the diversity of topics.

    NPMI is over documents (Bouma 2009; Aletras & Stevenson 2013); a pair that no document has
    counts −1, so NaN never results.

    Parameters
    ----------
    top_words
        Columns of *counts*, one row per topic.
    counts
        CSR counts, n_documents × n_words.

    Returns
    ------- ``coherence_npmi`` and ``diversity`` of all topics, and ``topics``: the
    ``coherence_npmi`` of each.
    """
    per_topic = npmi(top_words, counts)
    topics = [{"coherence_npmi": _rounded(value)} for value in per_topic]
    return {
        "coherence_npmi": _rounded(np.mean(per_topic)),
        "diversity": _rounded(diversity(top_words)),
        "topics": topics,
    }


def top_columns(components: NDArray[np.floating[Any]], n: int) -> NDArray[np.intp]:
    """Return the columns of each topic's *n* most probable words, the most probable first.

    *components* is n_topics × n_words, in any scale; the result is n_topics × n.
    """
    columns = np.argsort(-components, axis=1, kind="stable")
    return columns[:, :n]


def diversity(top_words: Sequence[Sequence[int]]) -> float:
    """Return the share of distinct words among all topics' top words (Dieng, Ruiz & Blei 2020)."""
    distinct = _distinct(top_words)
    n_words = sum(len(words) for words in top_words)
    return len(distinct) / n_words


def exclusivity(topic_word: NDArray[np.float64], top_words: Sequence[Sequence[int]]) -> list[float]:
    """Return the mean share of p(word | topic), over topics, that each topic has of its top words.

    1: no other topic uses them; 1 / n_topics: all topics use them alike (Bischof & Airoldi 2012).
    *topic_word* is n_topics × n_words.
    """
    sums = topic_word.sum(axis=0, keepdims=True)
    shares = topic_word / sums
    means = []
    for topic, words in zip(shares, top_words, strict=False):
        mean = topic[list(words)].mean()
        means.append(float(mean))
    return means


def matched_overlap(some: NDArray[np.intp], others: NDArray[np.intp]) -> NDArray[np.float64]:
    """Match topics of two models one to one; return the Jaccard overlap of each pair.

    Rows are topics, entries their top words; the result has one figure per row of *some*. The
    matching maximises the sum (Kuhn 1955).
    """
    word_sets = _as_sets(some)
    other_sets = _as_sets(others)
    rows = []
    for words in word_sets:
        rows.append([_jaccard(words, other) for other in other_sets])
    overlaps = np.array(rows)
    matches = linear_sum_assignment(-overlaps)
    matched: NDArray[np.float64] = overlaps[matches]
    return matched


def npmi(top_words: Sequence[Sequence[int]], counts: sparse.csr_matrix) -> list[float]:
    """Return each topic's mean normalised pointwise mutual information over pairs of its top words.

    *top_words* are columns of *counts*, n_documents × n_words.
    """
    words = sorted(_distinct(top_words))
    places = _places(words)
    joint = _document_shares(counts, words)
    means = []
    for topic in top_words:
        topic_places = [places[word] for word in topic]
        values = []
        for a, b in combinations(topic_places, 2):
            values.append(_pair_npmi(joint, a, b))
        mean = float(np.mean(values)) if values else 0.0
        means.append(mean)
    return means


def coherence(
    top_words: Sequence[Sequence[str]],
    texts: Iterable[Sequence[str]],
    measure: Literal["c_npmi", "c_v"] = "c_v",
    window: int | None = None,
) -> list[float]:
    """Return each topic's coherence over a window that slides over segmented texts.

    The measures are those of Röder, Both & Hinneburg, "Exploring the space of topic coherence
    measures", 2015, with the numbers of gensim's ``CoherenceModel``, its way of counting words that
    occur twice in a window included. A word that the texts lack counts 0, so NaN never results.

    Parameters
    ----------
    top_words
        Words, one row per topic.
    texts
        Tokens of each text.
    measure
        "c_npmi": the mean NPMI of pairs of top words; "c_v": the mean cosine between each word's
        vector of NPMI and the sum of these vectors.
    window
        Length of the window in tokens; where None, 10 for "c_npmi" and 110 for "c_v".
    """
    words = sorted(_distinct(top_words))
    places = _places(words)
    size = window or _WINDOW_TOKENS[measure]
    joint, n_windows = _window_counts(texts, places, size)
    n_windows = max(n_windows, 1)
    figure = _c_v if measure == "c_v" else _mean_of_pairs
    figures = []
    for topic in top_words:
        topic_places = [places[word] for word in topic]
        table = _npmi_table(joint, n_windows, topic_places)
        figures.append(figure(table))
    return figures


def _distinct(top_words: Iterable[Iterable[_Word]]) -> set[_Word]:
    distinct: set[_Word] = set()
    return distinct.union(*top_words)


def _jaccard(some: set[int], others: set[int]) -> float:
    shared = some & others
    return len(shared) / len(some | others)


def _pair_npmi(joint: NDArray[np.float64], a: int, b: int) -> float:
    """Return the NPMI of two words, given the shares of documents that hold both of two words."""
    together = joint[a, b]
    if together == 0:
        return -1.0
    if together == 1:
        return 1.0
    expected = joint[a, a] * joint[b, b]
    pmi = np.log(together / expected)
    return float(pmi / -np.log(together))


def _npmi_table(
    joint: NDArray[np.float64], n_windows: int, places: list[int]
) -> NDArray[np.float64]:
    """Return the NPMI of every two words of a topic, given counts of windows that hold both."""
    pairs = np.ix_(places, places)
    probabilities = joint[pairs] / n_windows
    counts = joint.diagonal()[places]
    expected = np.outer(counts, counts) / n_windows**2
    raised = probabilities + _EPSILON
    with np.errstate(divide="ignore", invalid="ignore"):
        pmi = np.log(raised / expected)
        most = -np.log(raised)
        table: NDArray[np.float64] = pmi / most
    undefined = ~np.isfinite(table)
    table[undefined] = 0.0
    return table


def _window_counts(
    texts: Iterable[Sequence[str]], places: dict[str, int], size: int
) -> tuple[NDArray[np.float64], int]:
    """Count the windows that hold each word, and each pair; a text shorter than the window is one.

    Returns
    -------
    Counts, n_words × n_words, and the number of all windows.
    """
    n_words = len(places)
    joint = np.zeros((n_words, n_words))
    total = 0
    for text in texts:
        if not text:
            continue
        n_windows = max(1, len(text) - size + 1)
        total += n_windows
        positions = _positions(text, places)
        if not positions:
            continue
        words = sorted(positions)
        present = np.zeros((len(words), n_windows), dtype=np.float32)
        for row, word in zip(present, words, strict=True):
            _mark_windows(row, positions[word], size)
        joint[np.ix_(words, words)] += present @ present.T
    return joint, total


def _positions(text: Sequence[str], places: dict[str, int]) -> dict[int, list[int]]:
    """Return where each word that has a place occurs in a text."""
    positions: dict[int, list[int]] = defaultdict(list)
    for i, token in enumerate(text):
        place = places.get(token)
        if place is not None:
            positions[place].append(i)
    return positions


def _mark_windows(row: NDArray[np.float32], positions: list[int], size: int) -> None:
    """Set *row*, one number per window, to 1 where a window holds the word at these positions."""
    for position in positions:
        first = max(0, position - size + 1)
        # As gensim counts: a word leaves with its first token, even if the window holds a second
        # one.
        leaving = bisect_left(positions, first)
        last = positions[leaving]
        row[first : last + 1] = 1


def _c_v(table: NDArray[np.float64]) -> float:
    whole = table.sum(axis=0)
    products = table @ whole
    row_lengths = np.linalg.norm(table, axis=1)
    lengths = row_lengths * np.linalg.norm(whole)
    cosines = np.zeros_like(products)
    np.divide(
        products,
        lengths,
        out=cosines,
        where=lengths > 0,
    )
    return float(cosines.mean())


def _mean_of_pairs(table: NDArray[np.float64]) -> float:
    n_words = len(table)
    if n_words < 2:
        return 0.0
    above_diagonal = np.triu_indices(n_words, 1)
    return float(table[above_diagonal].mean())


def _rounded(value: float | np.floating[Any]) -> float:
    """Round a figure to what is reported."""
    return round(float(value), _REPORTED_DIGITS)


def _as_sets(rows: NDArray[np.intp]) -> list[set[int]]:
    return [set(row) for row in rows.tolist()]


def _document_shares(counts: sparse.csr_matrix, words: list[int]) -> NDArray[np.float64]:
    """Return the shares of documents that hold both of every two words, n_words × n_words."""
    n_documents = counts.shape[0]
    present = counts[:, words] > 0
    present = present.astype(np.float64)
    joint = present.T @ present
    shares: NDArray[np.float64] = joint.toarray() / n_documents
    return shares


def _places(words: list[_Word]) -> dict[_Word, int]:
    return {word: place for place, word in enumerate(words)}
