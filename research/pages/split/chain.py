"""The most probable sequence of parts (a linear-chain conditional random field), and how probable it is.

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
        self.likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        self.forward, self.log_forward = self._pass_forward()
        self.backward, self.log_backward = self._pass_backward()
        ends = max((self.forward[-1] * LAST).sum(), _LEAST_PROBABILITY)
        self.log_all = self.log_forward[-1] + float(np.log(ends))

    def _pass_forward(self) -> tuple[Floats, Floats]:
        """Return each block's probabilities from the page's beginning, and the logarithms of their scales."""
        n_blocks = len(self.scores)
        forward = np.empty_like(self.scores)
        scales = np.ones(n_blocks)
        reached = FIRST * self.likely[0]
        for i in range(n_blocks):
            if i:
                reached = (reached @ self.learned.go) * self.likely[i]
            if not i % _BLOCKS_PER_SCALING or i == n_blocks - 1:
                scales[i] = total = _at_least(reached.sum())
                reached = reached / total
            forward[i] = reached
        return forward, np.cumsum(np.log(scales))

    def _pass_backward(self) -> tuple[Floats, Floats]:
        """Return each block's probabilities of the rest of the page, and the logarithms of their scales."""
        n_blocks = len(self.scores)
        backward = np.empty_like(self.scores)
        scales = np.ones(n_blocks)
        left = LAST.astype(float)
        for i in range(n_blocks - 1, -1, -1):
            if i + 1 < n_blocks:
                left = self.learned.go @ (left * self.likely[i + 1])
            if not i % _BLOCKS_PER_SCALING:
                scales[i] = total = _at_least(left.sum())
                left = left / total
            backward[i] = left
        return backward, np.cumsum(np.log(scales)[::-1])[::-1]

    def best(self) -> list[int]:
        """Return the most probable sequence of states (Viterbi 1967)."""
        score = np.where(FIRST, self.scores[0], FORBIDDEN)
        predecessors: list[NDArray[np.intp]] = []
        for i in range(1, len(self.scores)):
            moves = self.learned.into + score
            best = moves.argmax(axis=1)
            predecessors.append(best)
            score = moves[_EACH_STATE, best] + self.scores[i]
        last = np.where(LAST, score, score + FORBIDDEN)
        path = [int(last.argmax())]
        for best in reversed(predecessors):
            path.append(int(best[path[-1]]))
        return path[::-1]

    def confidence(self, start: int, end: int) -> float:
        """Return the probability that blocks *start* to *end* (exclusive) are one item, of whatever parts."""
        reached, log = self._begin(start)
        for i in range(start + 1, end):
            reached = (reached @ self.learned.stay) * self.likely[i]
            if not (i - start) % _BLOCKS_PER_SCALING_OF_AN_ITEM:
                total = _at_least(reached.sum())
                log += float(np.log(total))
                reached = reached / total
        if end < len(self.scores):
            rest = reached @ (self.learned.cut @ (self.backward[end] * self.likely[end]))
            log += self.log_backward[end]
        else:
            rest = (reached * LAST).sum()
        log_item = np.log(max(rest, _LEAST_PROBABILITY)) + log
        return float(min(np.exp(log_item - self.log_all), 1.0))

    def _begin(self, start: int) -> tuple[Floats, float]:
        """Return the probabilities that an item begins at block *start*, and the logarithm of their scale."""
        if not start:
            return FIRST * self.likely[0], 0.0
        reached = (self.forward[start - 1] @ self.learned.cut) * self.likely[start]
        return reached, self.log_forward[start - 1]

    def order_probability(self, order: Order) -> float:
        """Return the probability that headlines stand *order* their bodies on this page."""
        of_order = np.array([state.order == order for state in STATES])
        ends = self.forward[-1] * LAST
        return float((ends * of_order).sum() / max(ends.sum(), _LEAST_PROBABILITY))


def _at_least(total: np.float64) -> float:
    return max(float(total), _LEAST_PROBABILITY)
