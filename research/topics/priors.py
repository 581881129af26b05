"""Dirichlet priors of a topic model: given as numbers, or learned from the counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import psi

from research.errors import InputError

Alpha = float | Sequence[float] | Literal["symmetric", "asymmetric"]
Eta = Alpha
ALPHA, ETA = 0.1, 0.01  # Where nothing is given, or to begin with.
_ROUNDS = 5
_LEAST = 1e-4
_PIECE = 10_000


def first_values(prior: Alpha, n: int, default: float, name: str) -> NDArray[np.float64]:
    """Return *n* values to begin with: those given, or the default where they are to be learned."""
    if isinstance(prior, str):
        if prior not in ("symmetric", "asymmetric"):
            raise InputError(
                f'{name} {prior!r} is unknown; give a number, {n} numbers, "symmetric" or "asymmetric"'
            )
        return np.full(n, default)
    values = np.asarray(prior, dtype=np.float64)
    if values.ndim and values.shape != (n,):
        raise InputError(
            f"{name} has {len(values)} values, and {n} are wanted; give as many, or one number for all"
        )
    if not (np.isfinite(values).all() and (values > 0).all()):
        raise InputError(f"{name} has the value {values.min()}; a Dirichlet prior is above 0")
    return np.broadcast_to(values, (n,)).copy()


def learn(
    counts: NDArray[np.float32], prior: NDArray[np.float64], *, symmetric: bool
) -> NDArray[np.float64]:
    """Move a Dirichlet prior towards what is likeliest given the counts, rows drawn from it.

    *counts* are n_rows × n; the prior has n values. Minka's fixed point for the Dirichlet-multinomial
    ("Estimating a Dirichlet distribution", 2000, eq. 55); one value for all where *symmetric*.
    """
    lengths = counts.sum(axis=1, dtype=np.float64)
    for _ in range(_ROUNDS):
        top = np.zeros(len(prior))
        for start in range(0, len(counts), _PIECE):
            part = counts[start : start + _PIECE].astype(np.float64)
            top += (psi(part + prior) - psi(prior)).sum(axis=0)
        bottom = float((psi(lengths + prior.sum()) - psi(prior.sum())).sum())
        if bottom <= 0:
            return prior
        factor = (
            top / bottom
            if not symmetric
            else np.full(len(prior), (top @ prior) / (bottom * prior.sum()))
        )
        prior = np.maximum(prior * factor, _LEAST)
    return prior
