"""Checks of the parameters of a topic model. Nothing here changes them, or looks at counts."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from research.errors import InputError
from research.topics import priors
from research.topics.parallel import number_of_threads

if TYPE_CHECKING:
    from research.topics.model import TopicModel
    from research.topics.start import Kind

_ENGINES = ("cvb0", "gensim")
_STARTS = ("factorised", "consensus", "random")
_MAX_SEED = 2**32 - 1  # Of numpy's and scikit-learn's generators.


def check_parameters(model: TopicModel, n_words: int) -> None:
    """Refuse parameters that do not fit each other, or counts of *n_words* words.

    Raises
    ------
    InputError
        With the parameter, its value, and what it may be.
    """
    _check_numbers(model)
    check_parameters_of_update(model)
    _check_names(model.engine, model.start)
    _check_seeds(model, n_words)
    if not isinstance(model.start, str):
        _check_given_topics(model, n_words)
    if len(model.seeds) and model.engine == "gensim":
        raise InputError('seed words need engine = "cvb0"')
    _check_alpha(model)
    priors.first_values(model.eta, n_words, priors.ETA, "eta")


def _check_alpha(model: TopicModel) -> None:
    n_topics = model.n_topics
    if n_topics == "auto":
        if not isinstance(model.alpha, str | Real):
            raise InputError(
                'alpha is one number per topic, and n_topics is "auto"; '
                "give one number, or n_topics"
            )
        n_topics = 1
    priors.first_values(model.alpha, n_topics, priors.ALPHA, "alpha")


def check_parameters_of_update(model: TopicModel) -> None:
    """Refuse values of the parameters that a fitted model still uses."""
    _check_real("tolerance", model.tolerance)
    _check_whole("random_state", model.random_state, least=0)
    if model.random_state > _MAX_SEED:
        raise InputError(f"random_state is {model.random_state}; it is at most {_MAX_SEED}")
    number_of_threads(model.n_jobs)


def given_topics(
    start: Kind | NDArray[np.floating[Any]],
) -> Kind | NDArray[np.floating[Any]]:
    """Return the name of a start, or topics to start from as an array."""
    if isinstance(start, str):
        return start
    return np.asarray(start)


def seed_columns(seeds: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the columns of seed words of each topic as plain lists."""
    columns = []
    for words in seeds:
        columns.append([int(column) for column in words])
    return columns


def _check_numbers(model: TopicModel) -> None:
    if model.n_topics != "auto":
        _check_whole("n_topics", model.n_topics, least=1)
    _check_whole("passes", model.passes, least=1)
    _check_real("seed_strength", model.seed_strength)
    if not isinstance(model.short_texts, bool | np.bool_):
        raise InputError(f"short_texts is {model.short_texts!r}; give True or False")
    if model.short_texts and model.engine == "gensim":
        raise InputError('short_texts needs engine = "cvb0"')


def _check_whole(name: str, value: Any, least: int) -> None:
    is_whole = isinstance(value, Integral) and not isinstance(value, bool | np.bool_)
    if not is_whole or value < least:
        raise InputError(f"{name} is {value!r}; give a whole number, {least} or more")


def _check_real(name: str, value: Any) -> None:
    is_number = isinstance(value, Real) and not isinstance(value, bool | np.bool_)
    if not is_number or not np.isfinite(value) or value < 0:
        raise InputError(f"{name} is {value!r}; give a number, 0 or more")


def _check_names(engine: Any, start: Any) -> None:
    if not isinstance(engine, str) or engine not in _ENGINES:
        raise InputError(f"engine {engine!r} is unknown; choose from {', '.join(_ENGINES)}")
    is_list = isinstance(start, Sequence | np.ndarray) and not isinstance(start, str)
    if not is_list and start not in _STARTS:
        raise InputError(
            f"start {start!r} is unknown; choose from {', '.join(_STARTS)}, "
            "or give the components_ of a fitted model"
        )


def _check_given_topics(model: TopicModel, n_words: int) -> None:
    """Refuse topics that are no counts, n_given × n_words, or more than *n_topics*."""
    n_topics = model.n_topics
    if n_topics == "auto":
        raise InputError(
            'topics to start from need n_topics as a number, not "auto": give theirs or more'
        )
    if model.engine == "gensim" or len(model.seeds):
        raise InputError(
            'topics to start from need engine = "cvb0", and no seeds: they have their numbers'
        )
    topics = _as_numbers(model.start)
    if topics.ndim != 2 or topics.shape[1] != n_words or not 1 <= len(topics) <= n_topics:
        raise InputError(
            f"start has shape {topics.shape}; give 1 to {n_topics} topics × the {n_words} words "
            "of X"
        )
    if not np.isfinite(topics).all() or topics.min() < 0 or not topics.sum(axis=1).all():
        raise InputError(
            "start holds topics without words, or numbers that are no counts; "
            "give the components_ of a fitted model"
        )


def _as_numbers(start: Any) -> NDArray[np.float64]:
    try:
        return np.asarray(start, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(
            "start is no array of numbers; give the components_ of a fitted model"
        ) from None


def _check_seeds(model: TopicModel, n_words: int) -> None:
    seeds: Any = model.seeds
    if not isinstance(seeds, Sequence | np.ndarray) or isinstance(seeds, str):
        raise InputError(f"seeds is {seeds!r}; give lists of columns, one per topic")
    n_topics = model.n_topics
    if n_topics != "auto" and len(seeds) > n_topics:
        raise InputError(
            f"there are seeds for {len(seeds)} topics but n_topics is {n_topics}; raise it"
        )
    for words in seeds:
        if not isinstance(words, Sequence | np.ndarray) or isinstance(words, str):
            raise InputError(f"seeds hold {words!r}; give lists of columns, one per topic")
        for column in words:
            _check_seed(column, n_words)


def _check_seed(column: Any, n_words: int) -> None:
    is_whole = isinstance(column, Integral) and not isinstance(column, bool | np.bool_)
    if not is_whole or not 0 <= column < n_words:
        raise InputError(
            f"seed word {column!r} is no column of X, which has {n_words}; "
            "give columns of the vocabulary"
        )
