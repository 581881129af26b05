"""The words that the page can follow through time, as text that its script reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

_ZERO = 32  # The code of the character that stands for 0: a space.
_MAX_ARTICLES = 50_000  # That one character can stand for, well below the surrogates at 55,296.
_MAX_CELLS = 2_000_000  # Of words by periods: 2 MB of the page.


class Lexicon(NamedTuple):
    """Words, and the text from which the page reads how many articles have each.

    The text has four lines: the words; of each, in how many periods it occurs; then of each such
    period how many periods were passed over since the one before, and how many articles have the
    word. A number is one character: a browser reads millions of them at once.
    """

    words: Sequence[str]
    text: str


def lexicon(vocabulary: Sequence[str], counts: sparse.csc_matrix | None) -> Lexicon | None:
    """Return the words that fit into the page, the most frequent first; None without counts.

    An archive without dates has none.

    Parameters
    ----------
    vocabulary
        The n_words words.
    counts
        How many articles of each period have each word, n_periods × n_words.
    """
    if counts is None or not counts.nnz:
        return None
    columns = _columns(counts)
    chosen = counts[:, columns]
    words = [vocabulary[column] for column in columns]
    if not words:
        return None
    lines = [
        " ".join(words),
        _characters(np.diff(chosen.indptr)),
        _characters(_passed_over(chosen)),
        _characters(chosen.data),
    ]
    return Lexicon(words, "\n".join(lines))


def _columns(counts: sparse.csc_matrix) -> NDArray[np.intp]:
    """Return the columns of the words that fit into the page, the most frequent first."""
    articles = np.asarray(counts.sum(axis=0)).ravel()
    most_in_a_period = counts.max(axis=0).toarray().ravel()
    order = np.argsort(-articles, kind="stable")
    fits_a_character = most_in_a_period < _MAX_ARTICLES
    order = order[fits_a_character[order]]
    cells_of_word = np.diff(counts.indptr)
    cells_so_far = np.cumsum(cells_of_word[order])
    n_words = np.searchsorted(cells_so_far, _MAX_CELLS, side="right")
    return order[:n_words]


def _passed_over(counts: sparse.csc_matrix) -> NDArray[np.intp]:
    """Return how many periods lie between each cell and the one before of the same word."""
    periods = counts.indices
    passed: NDArray[np.intp] = np.diff(periods, prepend=-1) - 1
    cells_of_word = np.diff(counts.indptr)
    begins = counts.indptr[:-1]
    first_cells = begins[cells_of_word > 0]
    passed[first_cells] = periods[first_cells]
    return passed


def _characters(numbers: NDArray[np.integer]) -> str:
    codes = (numbers + _ZERO).tolist()
    return "".join(map(chr, codes))
