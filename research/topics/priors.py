"""Dirichlet priors of a topic model: given as numbers, or learned from counts.

Nothing here knows a model.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import psi

from research.errors import InputError

Alpha = float | Sequence[float] | Literal["symmetric", "asymmetric"]
Eta = Alpha
# Tokens per topic of a document, and per word of a topic, where nothing is given or learning
# begins.
ALPHA, ETA = 0.1, 0.01
_LEARNED = ("symmetric", "asymmetric")
_ROUNDS_PER_LEARNING = 5  # The counts change again soon; a prior need not be learned to the end.
# In tokens; beyond these the products of single precision would be 0, or infinite.
_LEAST_GIVEN, _MOST_GIVEN = 1e-9, 1e9
_LEAST_PRIOR = 1e-4  # A prior of 0 would shut a topic out for good.
_ROWS_PER_PIECE = 10_000  # Bounds the memory of a copy in double precision.


def first_values(prior: Alpha, n: int, default: float, name: str) -> NDArray[np.float64]:
    """Return the values that a prior begins with.

    Parameters
    ----------
    prior
        One number for all, *n* numbers, or "symmetric" or "asymmetric" where they are to be
        learned.
    n
        How many values.
    default
        Value of a prior that is to be learned.
    name
        The prior's name in messages.

    Returns
    -------
    Values above 0, (n,).

    Raises
    ------
    InputError
        If the prior is an unknown word, has another number of values, or a value that is not above
        0 or far too large.
    """
    if isinstance(prior, str):
        if prior not in _LEARNED:
            raise InputError(
                f"{name} {prior!r} is unknown; "
                f'give a number, {n} numbers, "symmetric" or "asymmetric"'
            )
        return np.full(n, default)
    values = _as_numbers(prior, n, name)
    if values.ndim and values.shape != (n,):
        raise InputError(
            f"{name} has {values.size} values, and {n} are wanted; "
            "give as many, or one number for all"
        )
    wrong = ~((values >= _LEAST_GIVEN) & (values <= _MOST_GIVEN))
    if wrong.any():
        raise InputError(
            f"{name} has the value {values[wrong].flat[0]}; a Dirichlet prior is above 0, "
            f"from {_LEAST_GIVEN:g} to {_MOST_GIVEN:g} tokens"
        )
    return np.broadcast_to(values, (n,)).copy()


def _as_numbers(prior: Any, n: int, name: str) -> NDArray[np.float64]:
    """Return a given prior as an array."""
    try:
        if isinstance(prior, bool):
            raise TypeError
        return np.asarray(prior, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(
            f'{name} is {prior!r}; give a number, {n} numbers, "symmetric" or "asymmetric"'
        ) from None


def learn(
    counts: NDArray[np.float32], prior: NDArray[np.float64], *, symmetric: bool
) -> NDArray[np.float64]:
    """Move a Dirichlet prior towards the most likely one of counts whose rows are drawn from it.

    The steps are Minka's fixed point for the Dirichlet-multinomial ("Estimating a Dirichlet
    distribution", 2000, eq. 55).

    Parameters
    ----------
    counts
        Counts in tokens, n_rows × n.
    prior
        Present values, (n,).
    symmetric
        Whether all values stay the same.

    Returns
    -------
    New values, (n,).
    """
    lengths = counts.sum(axis=1, dtype=np.float64)
    for _ in range(_ROUNDS_PER_LEARNING):
        total = prior.sum()
        numerators = _numerators(counts, prior)
        denominator = float((psi(lengths + total) - psi(total)).sum())
        if denominator <= 0:
            return prior
        if symmetric:
            factor = (numerators @ prior) / (denominator * total)
        else:
            factor = numerators / denominator
        prior = np.maximum(prior * factor, _LEAST_PRIOR)
    return prior


def _numerators(counts: NDArray[np.float32], prior: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each value's sum of ψ(count + prior) − ψ(prior) over rows, (n,)."""
    sums = np.zeros(len(prior))
    for start in range(0, len(counts), _ROWS_PER_PIECE):
        piece = counts[start : start + _ROWS_PER_PIECE].astype(np.float64)
        sums += (psi(piece + prior) - psi(prior)).sum(axis=0)
    return sums
