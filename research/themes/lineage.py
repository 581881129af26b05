"""Which topics of two models, or of one period after another, are the same; which were born, died, split or merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

_SAME = 0.65  # Jensen–Shannon distance (base 2, 0 to 1) up to which topics of two models are one and the same theme.
KIN = 0.75  # The same for topics learned from the articles of two periods, which have other names and places in them.


@dataclass(frozen=True, slots=True)
class Lineage:
    """Topics of an ``old`` and a ``new`` model by their numbers.

    ``same``: (old, new, distance), matched one to one. ``died`` and ``born``: without a match. ``split``: an old topic that is also near a
    born one, with all its heirs; ``merged``: a new topic that a died one is near to, with all its forebears.
    """

    same: tuple[tuple[int, int, float], ...]
    died: tuple[int, ...]
    born: tuple[int, ...]
    split: tuple[tuple[int, tuple[int, ...]], ...]
    merged: tuple[tuple[tuple[int, ...], int], ...]


def distances(old: NDArray[np.float64], new: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Jensen–Shannon distances (base 2) between topic–word distributions, n_old × n_new; both over the same words."""
    table = np.empty((len(old), len(new)))
    own = _entropy(new)
    for i, row in enumerate(old):
        middle = _entropy((new + row) / 2)
        table[i] = np.sqrt(np.maximum(middle - (own + _entropy(row[None])[0]) / 2, 0))
    return table


def _entropy(p: NDArray[np.float64]) -> NDArray[np.float64]:
    bits: NDArray[np.float64] = -np.sum(p * np.log2(np.where(p > 0, p, 1)), axis=1)
    return bits


def lineage(old: NDArray[np.float64], new: NDArray[np.float64], same: float = _SAME) -> Lineage:
    """Match two models' topics (n_topics × n_words each, the same words) one to one, least distance in all (Hungarian method).

    Matches farther apart than *same* count as none.
    """
    table = distances(old, new)
    pairs = [
        (int(i), int(j))
        for i, j in zip(*linear_sum_assignment(table), strict=True)
        if table[i, j] <= same
    ]
    matched = dict(pairs)
    died = tuple(i for i in range(len(old)) if i not in matched)
    born = tuple(j for j in range(len(new)) if j not in matched.values())
    heirs = {i: (j, *(b for b in born if table[i, b] <= same)) for i, j in pairs}
    forebears = {j: (i, *(d for d in died if table[d, j] <= same)) for i, j in pairs}
    return Lineage(
        tuple((i, j, round(float(table[i, j]), 4)) for i, j in pairs),
        died,
        born,
        tuple((i, found) for i, found in heirs.items() if len(found) > 1),
        tuple((found, j) for j, found in forebears.items() if len(found) > 1),
    )


class Step(NamedTuple):
    """A period's topic on its line through the periods.

    ``line`` is its number in all of them and ``distance`` how far it lies from the same line a period earlier, NaN where the line begins.
    ``began`` is "", "born" or "split", ``ended`` is "", "died" or "merged"; ``source`` and ``heir`` are the lines it split from and merged into.
    """

    line: int
    distance: float
    began: str
    ended: str
    source: int | None
    heir: int | None


def steps_through(periods: Sequence[NDArray[np.float64]], same: float = KIN) -> list[list[Step]]:
    """Follow topics (n_topics × n_words each, the same words) from period to period; return a step for each period's each topic.

    Nothing is born in the first period, and nothing dies in the last.
    """
    found = [lineage(old, new, same) for old, new in pairwise(periods)]
    fresh = count()
    lines = [[next(fresh) for _ in periods[0]]] if periods else []
    for passage, new in zip(found, periods[1:], strict=True):
        going_on = {j: lines[-1][i] for i, j, _ in passage.same}
        lines.append([going_on[j] if j in going_on else next(fresh) for j in range(len(new))])
    steps = []
    for n, mine in enumerate(lines):
        since, until = found[n - 1] if n else None, found[n] if n < len(found) else None
        distance = {j: d for _, j, d in since.same} if since else {}
        sources = (
            {j: lines[n - 1][i] for i, heirs in since.split for j in heirs if j in since.born}
            if since
            else {}
        )
        heirs = (
            {i: lines[n + 1][j] for olds, j in until.merged for i in olds if i in until.died}
            if until
            else {}
        )
        began = {j: "split" if j in sources else "born" for j in since.born} if since else {}
        ended = {i: "merged" if i in heirs else "died" for i in until.died} if until else {}
        steps.append(
            [
                Step(
                    line,
                    distance.get(k, np.nan),
                    began.get(k, ""),
                    ended.get(k, ""),
                    sources.get(k),
                    heirs.get(k),
                )
                for k, line in enumerate(mine)
            ]
        )
    return steps


def on_common_words(
    old: NDArray[np.float64],
    old_words: Sequence[str],
    new: NDArray[np.float64],
    new_words: Sequence[str],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lay two models' topics (n_topics × their own words) over the words of either, in code-point order."""
    words = sorted({*old_words, *new_words})
    return on_words(old, old_words, words), on_words(new, new_words, words)


def on_words(
    topics: NDArray[np.floating], vocabulary: Sequence[str], words: Sequence[str]
) -> NDArray[np.float64]:
    """Lay topics (n_topics × their own words) over other words: n_topics × n_words, 0 for those that they lack."""
    place = {word: column for column, word in enumerate(words)}
    shared = [(place[word], column) for column, word in enumerate(vocabulary) if word in place]
    wide = np.zeros((len(topics), len(words)))
    wide[:, [new for new, _ in shared]] = topics[:, [old for _, old in shared]]
    return wide


def keep_numbers(found: Lineage, n_new: int) -> list[int]:
    """Return the order in which to put the new topics so that each matched one has its old number, where that number exists."""
    order: list[int] = [-1] * n_new
    for i, j, _ in found.same:
        if i < n_new:
            order[i] = j
    left = iter([j for j in range(n_new) if j not in order])
    return [j if j >= 0 else next(left) for j in order]
