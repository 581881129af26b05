"""Checks of what a topic model is given: counts, and parameters. Nothing here changes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.errors import InputError

if TYPE_CHECKING:
    from research.topics.model import TopicModel

_ENGINES = ("cvb0", "gensim")
_STARTS = ("factorised", "consensus", "random")


def checked_counts(X: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return counts in CSR, n_documents × n_words, without stored zeros.

    Raises
    ------
    InputError
        If a count is negative or not finite.
    """
    if not sparse.issparse(X):
        X = sparse.csr_matrix(np.atleast_2d(X))
    X = X.tocsr()
    if not X.nnz:
        return X
    least = X.data.min()
    if not np.isfinite(X.data).all() or least < 0:
        raise InputError(
            f"X holds the count {least}; a topic model takes counts of words, 0 or more"
        )
    if least == 0:
        X = X.copy()
        X.eliminate_zeros()
    return X


def check_some_words(X: sparse.csr_matrix, remedy: str) -> None:
    """Refuse counts that are all 0."""
    if not X.nnz:
        raise InputError(f"the document–term matrix of shape {X.shape} holds no word; {remedy}")


def check_parameters(model: TopicModel, n_words: int) -> None:
    """Refuse parameters that do not fit each other, or counts of *n_words* words.

    Raises
    ------
    InputError
        With the parameter, its value, and what it may be.
    """
    _check_names(model.engine, model.start)
    if not isinstance(model.start, str):
        if model.engine == "gensim" or model.seeds:
            raise InputError(
                'topics to start from need engine = "cvb0", and no seeds: they have their numbers'
            )
        _check_given_topics(model.start, model.n_topics, n_words)
    if model.n_topics < 1 or model.passes < 1:
        raise InputError(
            f"n_topics is {model.n_topics} and passes {model.passes}; both are at least 1"
        )
    if model.seeds and model.engine == "gensim":
        raise InputError('seed words need engine = "cvb0"')
    _check_seeds(model.seeds, model.n_topics, n_words)


def _check_names(engine: str, start: str | NDArray[np.floating[Any]]) -> None:
    if engine not in _ENGINES:
        raise InputError(f"engine {engine!r} is unknown; choose from {', '.join(_ENGINES)}")
    if isinstance(start, str) and start not in _STARTS:
        raise InputError(f"start {start!r} is unknown; choose from {', '.join(_STARTS)}")


def _check_given_topics(start: NDArray[np.floating[Any]], n_topics: int, n_words: int) -> None:
    """Refuse topics that are no counts, n_given × n_words, or more than *n_topics*."""
    if start.ndim != 2 or start.shape[1] != n_words or not 1 <= len(start) <= n_topics:
        raise InputError(
            f"start has shape {start.shape}; give 1 to {n_topics} topics × the {n_words} words of X"
        )
    if not np.isfinite(start).all() or start.min() < 0 or not start.sum(axis=1).all():
        raise InputError(
            "start holds topics without words, or numbers that are no counts; "
            "give the components_ of a fitted model"
        )


def _check_seeds(seeds: Sequence[Sequence[int]], n_topics: int, n_words: int) -> None:
    if len(seeds) > n_topics:
        raise InputError(
            f"there are seeds for {len(seeds)} topics but n_topics is {n_topics}; raise it"
        )
    for words in seeds:
        for column in words:
            if not 0 <= column < n_words:
                raise InputError(
                    f"seed word {column} is no column of X, which has {n_words}; "
                    "give columns of the vocabulary"
                )
