"""The scores of a block's parts: a network with one hidden layer over the block's observations.

Beside its own observations it sees those of the blocks before and after, and the means over the
page: the page's habits. What the numbers are was learned; nothing here knows what they stand for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def in_context(observed: Floats) -> Floats:
    """Set the neighbours' and the page's observations beside each block's.

    Parameters
    ----------
    observed: of each block, (n_blocks, n_evidence).

    Returns
    -------
    (n_blocks, 4 · n_evidence): of the block, the one before, the one after, the page's means.
    """
    all_but_last = observed[:-1]
    all_but_first = observed[1:]
    before = np.zeros_like(observed)
    before[1:] = all_but_last
    after = np.zeros_like(observed)
    after[:-1] = all_but_first
    page = np.empty_like(observed)
    page[:] = observed.mean(axis=0)
    return np.hstack([observed, before, after, page])


class Scores(NamedTuple):
    """Scores of states, ``values`` (n_blocks, n_states), and the hidden units' activations from 0,
    ``hidden`` (n_blocks, n_hidden).
    """

    values: Floats
    hidden: Floats


class Network(NamedTuple):
    """What was learned.

    ``straight`` (n_evidence, n_states) leads from a block's own observations to its states,
    ``hidden`` (4 · n_evidence, n_hidden) from observations in context to the hidden units,
    ``out`` (n_hidden, n_states) from the hidden units to the states.
    """

    straight: Floats
    hidden: Floats
    out: Floats

    def scores(self, observed: Floats) -> Scores:
        """Score every state at every block, from observations in context."""
        n_evidence = len(self.straight)
        of_itself = observed[:, :n_evidence]
        reached = observed @ self.hidden
        hidden = np.maximum(reached, 0)
        straight = of_itself @ self.straight
        through_hidden = hidden @ self.out
        values = straight + through_hidden
        return Scores(values, hidden)

    def contributions(self, hidden: Floats, states: Sequence[int]) -> Floats:
        """Return what each observation of a block contributes to the scores of some states.

        *hidden* holds the block's activations, (n_hidden,); the result has one column per state,
        (n_evidence, n_states).
        There is no bias: the contributions of the observations, with the neighbours' and the
        page's, add up exactly to the score.
        """
        n_evidence = len(self.straight)
        of_itself = self.hidden[:n_evidence]
        is_active = hidden > 0
        to_active = of_itself * is_active
        through_hidden = to_active @ self.out[:, states]
        return self.straight[:, states] + through_hidden
