"""Short texts as topics are learned from them: word by word, from which words occur together.

A headline has too few words to show which of them belong together; the headlines that share a word
have enough. Nothing here fits a model.
"""

from __future__ import annotations

import numpy as np
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
    words_per_text = np.diff(X.indptr).astype(np.float64)
    pairs = float((words_per_text**2).sum()) / max(1, X.shape[0])
    if pairs > _MOST_PAIRS_PER_TEXT:
        raise InputError(
            f"the texts have {words_per_text.mean():.0f} different words on average, which is not "
            "short; take short_texts out"
        )
    occurs = X.copy()
    occurs.data = np.ones_like(X.data, dtype=np.float32)
    together = (occurs.T @ occurs).tocoo()
    apart = together.row != together.col
    rows, columns, counts = together.row[apart], together.col[apart], together.data[apart]
    totals = np.bincount(rows, counts, X.shape[1])
    expected = totals[rows] * totals[columns] / counts.sum(dtype=np.float64)
    weights = np.minimum(np.log(counts / expected), _MOST_WEIGHT)
    above = weights > 0
    weighted = (counts[above] * weights[above]).astype(np.float32)
    places = (rows[above], columns[above])
    network: sparse.csr_matrix = sparse.csr_matrix((weighted, places), (X.shape[1], X.shape[1]))
    return network if network.nnz else X
