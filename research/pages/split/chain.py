"""The sequences of parts that a page can be, and the most probable one (a linear-chain conditional random field).

Knows nothing of lines and words: ``evidence`` says what speaks for a part, ``split`` what follows from it.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.pages.split.evidence import OBSERVED
from research.pages.split.network import Network

Order = Literal["before", "after"]
Part = Literal[
    "head",
    "heads",
    "lead",
    "opening",
    "text",
    "subhead",
    "caption",
    "captions",
    "notice",
    "notices",
    "column",
]
_FLOOR = -1e4
# Probabilities are scaled to sum to 1 every so many blocks: often enough that none vanishes.
_SCALED = 4
_LEAST = 1e-300


class State(NamedTuple):
    """One part of a page; ``begins``: an item begins with it.

    The page has headlines before or after their bodies, and sub-headings or none, throughout.
    """

    order: Order
    subheads: bool
    part: Part
    begins: bool
    # States of one weight learn from each other; only headlines and bodies' beginnings differ between the orders.
    weight: str


def _states() -> tuple[State, ...]:
    own: dict[Order, tuple[tuple[Part, bool], ...]] = {
        "before": (("head", True), ("heads", False), ("lead", False), ("opening", True)),
        "after": (("opening", True), ("head", False), ("heads", False)),
    }
    shared: tuple[tuple[Part, bool], ...] = (
        ("text", False), ("subhead", False), ("caption", True), ("captions", False), ("notice", True), ("notices", False), ("column", True),
    )  # fmt: skip
    return tuple(
        State(
            order, subheads, part, begins, f"{part}, {order}" if (part, begins) in parts else part
        )
        for order, parts in own.items()
        for subheads in (False, True)
        for part, begins in (*parts, *shared)
        if subheads or part != "subhead"
    )


STATES = _states()
GROUPS = tuple(dict.fromkeys(state.weight for state in STATES))
GROUP_OF = np.array([GROUPS.index(state.weight) for state in STATES])
_EACH = np.arange(len(STATES))
BEGINS = np.array([state.begins for state in STATES])
COLUMNS = np.array([state.part == "column" for state in STATES])
HEADS = np.array([state.part in ("head", "heads") for state in STATES])


def may_follow(before: State | None, after: State | None) -> bool:
    """Whether print allows *after* behind *before*; None is the page's edge."""
    if before is None:
        return after is not None and after.begins
    body = before.part in ("lead", "opening", "text")
    if after is None:
        return before.part not in ("subhead", "column") and not (
            before.order == "before" and before.part in ("head", "heads")
        )
    if (before.order, before.subheads) != (after.order, after.subheads):
        return False
    if after.part in ("text", "subhead"):
        return body or before.part == "subhead"
    if after.part == "captions":
        return before.part in ("caption", "captions")
    if after.part == "notices":
        return before.part in ("notice", "notices")
    if after.part == "heads":
        return before.part in ("head", "heads")
    if after.part == "lead":
        return before.part in ("head", "heads")
    if after.part == "head" and after.order == "after":
        return body
    heading = before.part in ("head", "heads") and before.order == "before"
    return (
        not heading
        and before.part != "subhead"
        and not (before.part == "column" and after.part not in ("opening", "head"))
    )


ALLOWED = np.array([[may_follow(before, after) for after in STATES] for before in STATES])
FIRST = np.array([may_follow(None, state) for state in STATES])
LAST = np.array([may_follow(state, None) for state in STATES])


class Weights(NamedTuple):
    """What was learned: of evidence, and of moves between states, (n_states, n_states)."""

    network: Network
    # Onto each state (row) from each (column), in logarithms, _FLOOR where print does not allow it.
    into: NDArray[np.float64]
    # From each state (row) to each (column), not in logarithms: all moves, those within an item, those to a new one.
    go: NDArray[np.float64]
    stay: NDArray[np.float64]
    cut: NDArray[np.float64]


@cache
def weights() -> Weights:
    """Return what every observation and every move is worth, as learned."""
    with (
        resources.files("research.pages.split").joinpath("weights.npz").open("rb") as file,
        np.load(file) as stored,
    ):
        if (stored["observed"].tolist(), stored["groups"].tolist()) != (
            list(OBSERVED),
            list(GROUPS),
        ):
            raise ValueError(
                "weights.npz was learned from other observations than evidence.py makes; run experiments/fit_splitter.py"
            )
        straight, hidden, out, moves = (
            stored[name].astype(np.float64) for name in (*Network._fields, "moves")
        )
    learned = moves[np.ix_(GROUP_OF, GROUP_OF)]
    go = np.exp(learned) * ALLOWED
    network = Network(straight[:, GROUP_OF], hidden, out[:, GROUP_OF])
    return Weights(
        network,
        np.ascontiguousarray(np.where(ALLOWED, learned, _FLOOR).T),
        go,
        go * ~BEGINS,
        go * BEGINS,
    )


class Chain:
    """Every way to read a page, from the scores of states at blocks, (n_blocks, n_states)."""

    def __init__(self, scores: NDArray[np.float64], learned: Weights) -> None:
        self.scores, self.learned = scores, learned
        # Scaled so that nothing overflows; a scale is common to all states, so it falls out of every probability.
        self.likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        go = learned.go
        n = len(scores)
        self.forward, self.backward = np.empty_like(scores), np.empty_like(scores)
        # Logarithms of what forward[i] and backward[i] were divided by, up to block i and from it on.
        through, ahead = np.ones(n), np.ones(n)
        reached = FIRST * self.likely[0]
        for i in range(n):
            if i:
                reached = (reached @ go) * self.likely[i]
            if not i % _SCALED or i == n - 1:
                through[i] = total = max(float(reached.sum()), _LEAST)
                reached = reached / total
            self.forward[i] = reached
        left = LAST.astype(float)
        for i in range(n - 1, -1, -1):
            if i + 1 < n:
                left = go @ (left * self.likely[i + 1])
            if not i % _SCALED:
                ahead[i] = total = max(float(left.sum()), _LEAST)
                left = left / total
            self.backward[i] = left
        self.log_forward = np.cumsum(np.log(through))
        self.log_backward = np.cumsum(np.log(ahead)[::-1])[::-1]
        self.log_all = self.log_forward[-1] + float(
            np.log(max((self.forward[-1] * LAST).sum(), _LEAST))
        )

    def best(self) -> list[int]:
        """Return the most probable sequence of states (Viterbi 1967)."""
        score = np.where(FIRST, self.scores[0], _FLOOR)
        came: list[NDArray[np.intp]] = []
        for i in range(1, len(self.scores)):
            ways = self.learned.into + score
            back = ways.argmax(axis=1)
            came.append(back)
            score = ways[_EACH, back] + self.scores[i]
        path = [int(np.where(LAST, score, score + _FLOOR).argmax())]
        for back in reversed(came):
            path.append(int(back[path[-1]]))
        return path[::-1]

    def confidence(self, start: int, end: int) -> float:
        """Return the probability that blocks *start* to *end* are one item, of whatever parts."""
        if start:
            reached, log = (
                (self.forward[start - 1] @ self.learned.cut) * self.likely[start],
                self.log_forward[start - 1],
            )
        else:
            reached, log = FIRST * self.likely[0], 0.0
        for i in range(start + 1, end):
            reached = (reached @ self.learned.stay) * self.likely[i]
            if not (i - start) % 16:
                total = max(float(reached.sum()), _LEAST)
                log += float(np.log(total))
                reached = reached / total
        if end < len(self.scores):
            rest = reached @ (self.learned.cut @ (self.backward[end] * self.likely[end]))
            log += self.log_backward[end]
        else:
            rest = (reached * LAST).sum()
        return float(min(np.exp(np.log(max(rest, _LEAST)) + log - self.log_all), 1.0))

    def order_probability(self, order: Order) -> float:
        of = np.array([state.order == order for state in STATES])
        ends = self.forward[-1] * LAST
        return float((ends * of).sum() / max(ends.sum(), _LEAST))
