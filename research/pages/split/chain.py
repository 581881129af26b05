"""The most probable sequence of parts, and how probable it is.

A linear-chain conditional random field over the scores of states.
Knows nothing of lines and words: ``evidence`` observes what speaks for a part, ``page`` reads the
articles off the sequence.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from research.pages.split.states import FIRST, LAST, STATES, Order
from research.pages.split.weights import FORBIDDEN, Weights

Floats = NDArray[np.float64]
# Probabilities are scaled to sum to 1 every so many blocks: often enough that none vanishes.
_BLOCKS_PER_SCALING = 4
_BLOCKS_PER_SCALING_OF_AN_ITEM = 16
_LEAST_PROBABILITY = 1e-300
_EACH_STATE = np.arange(len(STATES))


class Chain:
    """Every way to read a page.

    Parameters
    ----------
    scores: of every state at every block, (n_blocks, n_states).
    learned: the weights of moves between states.

    References
    ----------
    Lafferty, McCallum & Pereira 2001, Conditional Random Fields; the passes forward and backward
    are those of Rabiner 1989, A Tutorial on Hidden Markov Models.
    """

    def __init__(self, scores: Floats, learned: Weights) -> None:
        self.scores = scores
        self.learned = learned
        # Scaled so that nothing overflows; a scale is common to all states, so it falls out of
        # every probability.
        highest = scores.max(axis=1, keepdims=True)
        self.likely = np.exp(scores - highest)
        self.forward, self.log_forward = self._pass_forward()
        self.backward, self.log_backward = self._pass_backward()
        ends = self.forward[-1] * LAST
        total = _at_least(ends.sum())
        self.log_all = self.log_forward[-1] + float(np.log(total))

    def _pass_forward(self) -> tuple[Floats, Floats]:
        """Return each block's probabilities from the page's beginning, and their log scales."""
        go = self.learned.go
        last = len(self.scores) - 1
        forward = np.empty_like(self.scores)
        scales = np.ones(len(self.scores))
        reached = FIRST
        for i, likely in enumerate(self.likely):
            if i > 0:
                reached = reached @ go
            reached = reached * likely
            if i % _BLOCKS_PER_SCALING == 0 or i == last:
                total = _at_least(reached.sum())
                reached = reached / total
                scales[i] = total
            forward[i] = reached
        logs = np.log(scales)
        return forward, np.cumsum(logs)

    def _pass_backward(self) -> tuple[Floats, Floats]:
        """Return each block's probabilities of the rest of the page, and their log scales."""
        go = self.learned.go
        last = len(self.scores) - 1
        backward = np.empty_like(self.scores)
        scales = np.ones(len(self.scores))
        left = LAST.astype(float)
        for i in range(last, -1, -1):
            if i < last:
                ahead = left * self.likely[i + 1]
                left = go @ ahead
            if i % _BLOCKS_PER_SCALING == 0:
                total = _at_least(left.sum())
                left = left / total
                scales[i] = total
            backward[i] = left
        logs = np.log(scales)[::-1]
        return backward, np.cumsum(logs)[::-1]

    def best(self) -> list[int]:
        """Return the most probable sequence of states (Viterbi 1967)."""
        into = self.learned.into
        score = np.where(FIRST, self.scores[0], FORBIDDEN)
        predecessors: list[NDArray[np.intp]] = []
        for scores in self.scores[1:]:
            moves = into + score
            best = moves.argmax(axis=1)
            score = moves[_EACH_STATE, best] + scores
            predecessors.append(best)
        last = np.where(LAST, score, score + FORBIDDEN)
        state = int(last.argmax())
        path = [state]
        for best in reversed(predecessors):
            state = int(best[state])
            path.append(state)
        path.reverse()
        return path

    def confidence(self, start: int, end: int) -> float:
        """Return the probability that blocks *start* to *end* (exclusive) are one item."""
        stay, cut = self.learned.stay, self.learned.cut
        reached, log = self._begin(start)
        inside = self.likely[start + 1 : end]
        for n, likely in enumerate(inside, 1):
            reached = (reached @ stay) * likely
            if n % _BLOCKS_PER_SCALING_OF_AN_ITEM == 0:
                total = _at_least(reached.sum())
                reached = reached / total
                log += float(np.log(total))
        if end < len(self.scores):
            ahead = self.backward[end] * self.likely[end]
            rest = reached @ (cut @ ahead)
            log += self.log_backward[end]
        else:
            rest = (reached * LAST).sum()
        log += np.log(_at_least(rest))
        probability = np.exp(log - self.log_all)
        return float(min(probability, 1.0))

    def _begin(self, start: int) -> tuple[Floats, float]:
        """Return the probabilities that an item begins at block *start*, and their log scale."""
        likely = self.likely[start]
        if start == 0:
            return FIRST * likely, 0.0
        before = self.forward[start - 1]
        reached = (before @ self.learned.cut) * likely
        return reached, self.log_forward[start - 1]

    def order_probability(self, order: Order) -> float:
        """Return the probability that headlines are *order* their bodies on this page."""
        of_order = np.array([state.order == order for state in STATES])
        ends = self.forward[-1] * LAST
        share = (ends * of_order).sum()
        return float(share / _at_least(ends.sum()))


def _at_least(total: np.float64) -> float:
    return max(float(total), _LEAST_PROBABILITY)
