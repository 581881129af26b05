"""Assign a page's lines to articles.

Lines become blocks, and every block one of a few parts: headline, beginning of a body, text, sub-heading … A page is
the sequence of parts that its evidence makes most probable, among the sequences that print allows, with headlines
before their bodies or after them on the whole page (a linear-chain conditional random field, Lafferty, McCallum &
Pereira 2001, over a network with one hidden layer, Do & Artières 2010). The same model gives the probability of every
article that is read off.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from research.articles.article import Article, around
from research.pages.read.page import HEADLINE_SIZE, Page, body_size
from research.pages.split.blocks import Block, blocks_of
from research.pages.split.chain import BEGINS, COLUMNS, HEADS, STATES, Chain, Order, weights
from research.pages.split.compose import article_of, spans_of
from research.pages.split.evidence import OBSERVED, observe
from research.pages.split.lines import Aside, lines_of
from research.pages.split.network import in_context

# What a print size is worth that speaks against a part; and what a person said.
_SIZE_WEIGHT = 12.0
_SURE = 60.0
_LONGEST_COLUMN_NAME = 12
# For every state, that of text on the same kind of page.
_GOING_ON = [
    next(k for k, other in enumerate(STATES) if other[:3] == (*state[:2], "text"))
    for state in STATES
]


@dataclass(frozen=True, slots=True)
class Layout:
    """A page as it was read: its articles, and the lines that are none's.

    Every non-blank line is in one article's ``lines`` or in ``aside``, once. ``order`` says whether headlines stand
    ``before`` or ``after`` their bodies, ``confidence`` how probable that is.
    """

    page: Page
    articles: tuple[Article, ...]
    aside: tuple[Aside, ...]
    order: Order
    confidence: float


def split_page(page: Page) -> list[Article]:
    """Split a page into its articles, in the page's order.

    Every non-blank line belongs to exactly one article, but for the page's own (:func:`layout_of` lists them). An
    article's ``confidence`` is the probability that it begins and ends there; ``reasons`` say what spoke for it.
    """
    return list(layout_of(page).articles)


def layout_of(page: Page, begins: Collection[int] = (), joins: Collection[int] = ()) -> Layout:
    """Split a page into its articles, and account for every other line.

    Where a person knows better: an item begins at the lines numbered in *begins*, and none does at those in *joins*.
    """
    lines, aside = lines_of(page.lines, page.sizes)
    if not lines:
        return Layout(page, (), tuple(aside), "before", 1.0)
    blocks = blocks_of(lines, begins)
    observed = observe(blocks)
    learned = weights()
    scored = learned.network.scores(in_context(observed))
    chain = Chain(scored.values + _known(page, blocks, observed, begins, joins), learned)
    path = chain.best()
    cuts = [i for i, k in enumerate(path) if BEGINS[k]]
    items = [
        (start, end) for start, end in pairwise([*cuts, len(blocks)]) if not COLUMNS[path[start]]
    ]
    named = [block for block, k in zip(blocks, path, strict=True) if COLUMNS[k]]
    aside = sorted(
        [
            *aside,
            *(
                Aside(line.number, line.text, "column name")
                for block in named
                for line in block.lines
            ),
        ]
    )
    numbers = {entry.line for entry in aside}
    articles = []
    for start, end in items:
        spans = spans_of(blocks[start:end], numbers)
        parts = [STATES[k].part for k in path[start:end]]
        reasons = _reasons(
            observed[start],
            learned.network.worth(scored.spoken[start]),
            path[start],
            bool(page.sizes),
        )
        article = article_of(
            blocks[start:end], parts, page.date, spans, chain.confidence(start, end), reasons
        )
        articles.append(
            replace(
                article,
                boxes=tuple(
                    around(box for box in page.boxes[first - 1 : last] if box)
                    for first, last in spans
                ),
            )
            if page.boxes
            else article
        )
    order = STATES[path[0]].order
    return Layout(page, tuple(articles), tuple(aside), order, chain.order_probability(order))


def _known(
    page: Page,
    blocks: Sequence[Block],
    observed: NDArray[np.float64],
    begins: Collection[int],
    joins: Collection[int],
) -> NDArray[np.float64]:
    """Weigh what is known beside the evidence of the words: print sizes, and what a person said."""
    scores = _by_size(blocks) if page.sizes else np.zeros((len(blocks), len(STATES)))
    scores -= _SURE * np.outer(~_may_name_column(blocks, observed), COLUMNS)
    for i, block in enumerate(blocks[1:], 1):
        if block.lines[0].number in begins:
            scores[i] -= _SURE * (~BEGINS | COLUMNS | (HEADS & (not block.may_head)))
        elif block.lines[0].number in joins:
            scores[i] -= _SURE * BEGINS
    return scores


def _may_name_column(blocks: Sequence[Block], observed: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say which blocks may be set aside as a column's name: those usual as one, and short ones over several briefs."""
    short = np.array([len(block.text) <= _LONGEST_COLUMN_NAME for block in blocks])
    usual, over = (
        observed[:, OBSERVED.index(name)] > 0
        for name in ("a column's usual name", "several news leads next")
    )
    return short & (usual | over)


def _by_size(blocks: Sequence[Block]) -> NDArray[np.float64]:
    """Weigh what the size of print says, where it is known: headlines are set larger than the text, and above it."""
    body = body_size((block.lines[0].size, block.text) for block in blocks)
    large = np.array(
        [min(line.size for line in block.lines) >= HEADLINE_SIZE * body for block in blocks]
    )
    before = np.array([state.order == "before" for state in STATES])
    scores: NDArray[np.float64] = np.where(large[:, None] == HEADS, 0.0, -_SIZE_WEIGHT) * ~(
        large[:, None] & COLUMNS
    )
    scores[0] += np.where(before, _SIZE_WEIGHT, 0.0)
    return scores


def _reasons(
    observed: NDArray[np.float64], worth: NDArray[np.float64], state: int, sized: bool
) -> tuple[str, ...]:
    """Name what spoke most for an item's beginning here rather than going on."""
    worth = observed * (worth[:, state] - worth[:, _GOING_ON[state]])
    worth[0] = 0.0
    large = sized and STATES[state].part == "head"
    best = [OBSERVED[k] for k in np.argsort(-worth)[:3] if worth[k] > 0.5]
    return ("set larger than the text", *best[:2]) if large else tuple(best)
