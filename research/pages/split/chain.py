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
        relative = scores - highest
        self.likely = np.exp(relative)
        self.forward, self.log_forward = self._pass_forward()
        self.backward, self.log_backward = self._pass_backward()
        ends = self._ends()
        total = _at_least(ends.sum())
        log_total = float(np.log(total))
        self.log_all = self.log_forward[-1] + log_total

    def _ends(self) -> Floats:
        """Return the probability of every state at the page's end, scaled as ``forward``."""
        ends: Floats = self.forward[-1] * LAST
        return ends

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
            is_scaled = i % _BLOCKS_PER_SCALING == 0
            if is_scaled or i == last:
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
                following = i + 1
                ahead = left * self.likely[following]
                left = go @ ahead
            if i % _BLOCKS_PER_SCALING == 0:
                total = _at_least(left.sum())
                left = left / total
                scales[i] = total
            backward[i] = left
        logs = np.log(scales)
        from_end = np.flip(logs)
        sums = np.cumsum(from_end)
        return backward, np.flip(sums)

    def best(self) -> list[int]:
        """Return the most probable sequence of states (Viterbi 1967)."""
        into = self.learned.into
        score = np.where(FIRST, self.scores[0], FORBIDDEN)
        predecessors: list[NDArray[np.intp]] = []
        for scores in self.scores[1:]:
            moves = into + score
            best = moves.argmax(axis=1)
            best_moves = moves[_EACH_STATE, best]
            score = best_moves + scores
            predecessors.append(best)
        forbidden = score + FORBIDDEN
        last = np.where(LAST, score, forbidden)
        state = int(last.argmax())
        path = [state]
        for best in reversed(predecessors):
            state = int(best[state])
            path.append(state)
        path.reverse()
        return path

    def confidence(self, start: int, end: int) -> float:
        """Return the probability that blocks *start* to *end* (exclusive) are one item."""
        stay = self.learned.stay
        cut = self.learned.cut
        reached, log = self._begin(start)
        inside = self.likely[start + 1 : end]
        for n, likely in enumerate(inside, 1):
            reached = reached @ stay
            reached = reached * likely
            if n % _BLOCKS_PER_SCALING_OF_AN_ITEM == 0:
                total = _at_least(reached.sum())
                reached = reached / total
                log += float(np.log(total))
        if end < len(self.scores):
            ahead = self.backward[end] * self.likely[end]
            begins = cut @ ahead
            rest = reached @ begins
            log += self.log_backward[end]
        else:
            ends = reached * LAST
            rest = ends.sum()
        rest = _at_least(rest)
        log += np.log(rest)
        log_probability = log - self.log_all
        probability = np.exp(log_probability)
        return float(min(probability, 1.0))

    def _begin(self, start: int) -> tuple[Floats, float]:
        """Return the probabilities that an item begins at block *start*, and their log scale."""
        likely = self.likely[start]
        if start == 0:
            return FIRST * likely, 0.0
        last = start - 1
        before = self.forward[last]
        begins = before @ self.learned.cut
        reached = begins * likely
        return reached, self.log_forward[last]

    def order_probability(self, order: Order) -> float:
        """Return the probability that headlines are *order* their bodies on this page."""
        has_order = [state.order == order for state in STATES]
        of_order = np.array(has_order)
        ends = self._ends()
        of_this_order = ends * of_order
        total = _at_least(ends.sum())
        share = of_this_order.sum() / total
        return float(share)


def _at_least(total: np.float64) -> float:
    probability = float(total)
    return max(probability, _LEAST_PROBABILITY)
