"""The parts that a page can be made of, and which of them print lets follow which.

Knows neither lines nor words, and no figures: :mod:`chain` finds the most probable sequence.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

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
# Per order of headline and body: the parts that learn by themselves there, each with whether an
# item begins with it. A plural is a further block of the same part.
_ORDERED: dict[Order, tuple[tuple[Part, bool], ...]] = {
    "before": (("head", True), ("heads", False), ("lead", False), ("opening", True)),
    "after": (("opening", True), ("head", False), ("heads", False)),
}
_SHARED: tuple[tuple[Part, bool], ...] = (
    ("text", False),
    ("subhead", False),
    ("caption", True),
    ("captions", False),
    ("notice", True),
    ("notices", False),
    ("column", True),
)
_HEADINGS: tuple[Part, ...] = ("head", "heads")
_BODY: tuple[Part, ...] = ("lead", "opening", "text")
# Parts that only one of these may stand before.
_AFTER: dict[Part, tuple[Part, ...]] = {
    "text": (*_BODY, "subhead"),
    "subhead": (*_BODY, "subhead"),
    "captions": ("caption", "captions"),
    "notices": ("notice", "notices"),
    "heads": _HEADINGS,
    "lead": _HEADINGS,
}


class State(NamedTuple):
    """One part of a page; ``begins``: an item begins with it.

    The page has headlines before or after their bodies, and sub-headings or none, throughout.
    """

    order: Order
    subheads: bool
    part: Part
    begins: bool
    # States of one group share weights: only headlines and beginnings of bodies differ by order.
    group: str


def _states() -> tuple[State, ...]:
    states = []
    for order, ordered in _ORDERED.items():
        for subheads in (False, True):
            states += [State(order, subheads, *part, f"{part[0]}, {order}") for part in ordered]
            states += [
                State(order, subheads, *part, part[0])
                for part in _SHARED
                if subheads or part[0] != "subhead"
            ]
    return tuple(states)


def may_follow(before: State | None, after: State | None) -> bool:
    """Return whether print allows *after* behind *before*; None is the page's edge."""
    if before is None:
        return after is not None and after.begins
    # Where headlines come first, one without a body is unfinished.
    headless = before.part in _HEADINGS and before.order == "before"
    if after is None:
        return not headless and before.part not in ("subhead", "column")
    if (before.order, before.subheads) != (after.order, after.subheads):
        return False
    if after.part in _AFTER:
        return before.part in _AFTER[after.part]
    if after.part == "head" and after.order == "after":
        return before.part in _BODY
    if before.part == "column":
        return after.part in ("opening", "head")
    return not headless and before.part != "subhead"


STATES = _states()
GROUPS = tuple(dict.fromkeys(state.group for state in STATES))
GROUP_OF = np.array([GROUPS.index(state.group) for state in STATES])
BEGINS = np.array([state.begins for state in STATES])
COLUMNS = np.array([state.part == "column" for state in STATES])
HEADS = np.array([state.part in _HEADINGS for state in STATES])
ALLOWED = np.array([[may_follow(before, after) for after in STATES] for before in STATES])
FIRST = np.array([may_follow(None, state) for state in STATES])
LAST = np.array([may_follow(state, None) for state in STATES])
