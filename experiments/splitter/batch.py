"""Some pages side by side, and the loss of a linear-chain conditional random field over them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.splitter.examples import Example
from research.pages.split.network import in_context
from research.pages.split.states import ALLOWED, FIRST, GROUP_OF, GROUPS, LAST, STATES

Array = NDArray[np.floating]
# From states to the groups that share weights.
_FOLD = np.eye(len(GROUPS), dtype=np.float32)[GROUP_OF]


class Loss(NamedTuple):
    """Negative log-likelihood, and its slopes by the scores of groups and by their moves."""

    value: float
    by_scores: Array
    by_moves: Array


class Batch:
    """Pages side by side, the long ones first.

    Rows are first the first blocks of all pages, then the second blocks of those that have one,
    and so on: a step of the chain is one slice.
    """

    def __init__(self, pages: Sequence[Example]) -> None:
        self.pages = sorted(pages, key=lambda page: -len(page.states))
        lengths = np.array([len(page.states) for page in self.pages])
        self.longest = int(lengths[0])
        # How many pages reach each place, and the row where each place begins.
        self.n_alive = [int((lengths > place).sum()) for place in range(self.longest)]
        self.first_row = np.cumsum([0, *self.n_alive])
        starts = np.cumsum([0, *lengths[:-1]])
        rows = [starts[:alive] + place for place, alive in enumerate(self.n_alive)]
        self.order = np.concatenate(rows)
        last_rows = [self.first_row[length - 1] + page for page, length in enumerate(lengths)]
        self.last_rows = np.array(last_rows)
        self.states = np.concatenate([page.states for page in self.pages])[self.order]
        self.moves = np.zeros((len(STATES), len(STATES)))
        for page in self.pages:
            np.add.at(self.moves, (page.states[:-1], page.states[1:]), 1)

    def inputs(self, dropped: float = 0.0, rng: np.random.Generator | None = None) -> Array:
        """Return all blocks' observations in context.

        With *rng*, every page does without a share *dropped* of the observations.
        """
        rows = []
        for page in self.pages:
            observed = page.observed.astype(np.float32)
            if rng is not None:
                stays = rng.random(observed.shape[1]) >= dropped
                observed = observed * (stays / np.float32(1 - dropped))
            rows.append(in_context(observed))
        return np.concatenate(rows)[self.order]

    def loss(self, scores: Array, moves: Array) -> Loss:
        """Return the loss of groups' scores (n_rows, n_groups) and moves (n_groups, n_groups)."""
        wide_moves = moves[np.ix_(GROUP_OF, GROUP_OF)]
        go = np.exp(wide_moves) * ALLOWED
        wide = scores[:, GROUP_OF]
        top = wide.max(axis=1, keepdims=True)
        likely = np.exp(wide - top)
        forward, log_all = self._forward(likely, go)
        rows = np.arange(len(wide))
        gold = wide[rows, self.states].sum(dtype=float)
        gold_moves = (wide_moves * self.moves).sum()
        value = log_all + top.sum(dtype=float) - gold - gold_moves
        posterior, expected = self._backward(likely, go, forward)
        posterior[rows, self.states] -= 1.0
        return Loss(value, posterior @ _FOLD, _FOLD.T @ (expected - self.moves) @ _FOLD)

    def _rows(self, place: int) -> slice:
        return slice(self.first_row[place], self.first_row[place + 1])

    def _forward(self, likely: Array, go: Array) -> tuple[Array, float]:
        """Return every block's probabilities from its page's beginning, and the log-likelihood."""
        forward = np.empty_like(likely)
        log_all = 0.0
        for place, alive in enumerate(self.n_alive):
            rows = self._rows(place)
            if place:
                start = self.first_row[place - 1]
                reached = forward[start : start + alive] @ go
            else:
                reached = FIRST
            step = reached * likely[rows]
            total = step.sum(axis=1, keepdims=True)
            forward[rows] = step / total
            log_all += np.log(total).sum(dtype=float)
        ends = (forward[self.last_rows] * LAST).sum(axis=1)
        return forward, log_all + np.log(ends).sum(dtype=float)

    def _backward(self, likely: Array, go: Array, forward: Array) -> tuple[Array, Array]:
        """Return every block's posterior, and the expected number of moves between states."""
        posterior = np.empty_like(likely)
        expected = np.zeros_like(go)
        left = np.zeros((0, len(STATES)), go.dtype)
        for place in range(self.longest - 1, -1, -1):
            reached = forward[self._rows(place)]
            n_ahead = len(left)
            new = np.tile(LAST.astype(go.dtype), (self.n_alive[place], 1))
            if n_ahead:
                ahead = left * likely[self._rows(place + 1)]
                new[:n_ahead] = ahead @ go.T
                total = (reached[:n_ahead] * new[:n_ahead]).sum(axis=1, keepdims=True)
                expected += (reached[:n_ahead] / total).T @ ahead
            left = new / new.sum(axis=1, keepdims=True)
            both = reached * left
            posterior[self._rows(place)] = both / both.sum(axis=1, keepdims=True)
        return posterior, expected * go
