"""What evidence is worth: a network with one hidden layer between a block's observations and the scores of its parts.

Beside its own observations it sees those of the blocks before and after, and the means over the page: the page's habits.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def in_context(observed: Floats) -> Floats:
    """Return each block's observations with its neighbours' and the page's: (n_blocks, n_evidence) to (n_blocks, 4 · n_evidence)."""
    edge = np.zeros_like(observed[:1])
    page = np.broadcast_to(observed.mean(axis=0), observed.shape)
    return np.hstack(
        [observed, np.vstack([edge, observed[:-1]]), np.vstack([observed[1:], edge]), page]
    )


class Scores(NamedTuple):
    """``values``: (n_blocks, n_states); ``spoken``: how loudly each hidden unit spoke, from 0, (n_blocks, n_hidden)."""

    values: Floats
    spoken: Floats


class Network(NamedTuple):
    """What was learned: ``straight`` (n_evidence, n_states), ``hidden`` (4 · n_evidence, n_hidden), ``out`` (n_hidden, n_states)."""

    straight: Floats
    hidden: Floats
    out: Floats

    def scores(self, seen: Floats) -> Scores:
        """Score every state at every block, from observations in context."""
        spoken = np.maximum(seen @ self.hidden, 0)
        return Scores(seen[:, : len(self.straight)] @ self.straight + spoken @ self.out, spoken)

    def worth(self, spoken: Floats) -> Floats:
        """Return what each observation of a block itself is worth for every state, where its hidden units have *spoken*: (n_evidence, n_states).

        There is no bias: what the observations are worth, with the neighbours' and the page's, adds up exactly to the score.
        """
        return self.straight + (self.hidden[: len(self.straight)] * (spoken > 0)) @ self.out
