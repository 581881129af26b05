"""Short texts as topics are learned from them: word by word, from which words occur together.

A headline has too few words to show which of them belong together; the headlines that share a word
have enough. Nothing here fits a model.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.errors import InputError

# More pairs need more memory than a text of that many words needs help.
_MOST_PAIRS_PER_TEXT = 2_500
_MOST_WEIGHT = 1.0  # Of a pair, per text that has both words.


def word_network(X: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return how often words occur together in a text, n_words × n_words, in place of texts.

    The word network of Zuo, Zhao & Xu, "Word network topic model: a simple but general solution for
    short and imbalanced texts", Knowledge and Information Systems 48, 2016: a row is the text that
    a word's neighbours make. A pair weighs as much as its pointwise mutual information is above 0,
    at most 1: neighbours that every word has do not count.

    Parameters
    ----------
    X
        CSR counts, n_texts × n_words.

    Raises
    ------
    InputError
        If the texts are long.
    """
    _refuse_long(X)
    _, n_words = X.shape
    pairs = _pairs(X)
    totals = np.bincount(pairs.words, pairs.counts, n_words)
    n_pairs = pairs.counts.sum(dtype=np.float64)
    expected = totals[pairs.words] * totals[pairs.neighbours] / n_pairs
    information = np.log(pairs.counts / expected)
    weights = np.minimum(information, _MOST_WEIGHT)
    above = weights > 0
    weighted = pairs.counts[above] * weights[above]
    places = (pairs.words[above], pairs.neighbours[above])
    network: sparse.csr_matrix = sparse.csr_matrix(
        (weighted.astype(np.float32), places), (n_words, n_words)
    )
    return network if network.nnz else X


class _Pairs(NamedTuple):
    """Pairs of different words, and how many texts have both (n_pairs,)."""

    words: NDArray[np.int32]
    neighbours: NDArray[np.int32]
    counts: NDArray[np.float32]


def _pairs(X: sparse.csr_matrix) -> _Pairs:
    """Return the pairs of words of all texts, each both ways round."""
    occurs = X.copy()
    occurs.data = np.ones_like(X.data, dtype=np.float32)
    together = (occurs.T @ occurs).tocoo()
    differ = together.row != together.col
    return _Pairs(
        words=together.row[differ],
        neighbours=together.col[differ],
        counts=together.data[differ],
    )


def _refuse_long(X: sparse.csr_matrix) -> None:
    """Raise InputError if texts have so many words that their pairs need much memory."""
    n_texts = X.shape[0]
    words_per_text = np.diff(X.indptr).astype(np.float64)
    n_pairs = float((words_per_text**2).sum())
    if n_pairs / max(1, n_texts) > _MOST_PAIRS_PER_TEXT:
        raise InputError(
            f"the texts have {words_per_text.mean():.0f} different words on average, which is not "
            "short; take short_texts out"
        )
