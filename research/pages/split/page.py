"""Assign a page's lines to articles.

Lines become blocks, and every block one of a few parts: headline, beginning of a body, text,
sub-heading … A page is the sequence of parts that its evidence makes most probable, among the
sequences that print allows, with headlines before their bodies or after them on the whole page (a
linear-chain conditional random field, Lafferty, McCallum & Pereira 2001, over a network with one
hidden layer, Do & Artières 2010). The same model gives the probability of every article that is
read off.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from research.articles.article import Article, around
from research.pages.read.page import HEADLINE_SIZE, Page, body_size
from research.pages.split.asides import Aside
from research.pages.split.blocks import Block, blocks_of
from research.pages.split.chain import Chain
from research.pages.split.compose import Item, article_of
from research.pages.split.evidence import OBSERVED, observe
from research.pages.split.lines import lines_of
from research.pages.split.network import in_context
from research.pages.split.states import BEGINS, COLUMNS, HEADS, STATES, Order
from research.pages.split.weights import weights

Floats = NDArray[np.float64]
# Both are added to a logarithm of a probability: a print size outweighs most words, a person all.
_SIZE_WEIGHT = 12.0
_PERSON_WEIGHT = 60.0
MAX_COLUMN_NAME_CHARACTERS = 12
_MAX_REASONS = 3
_MIN_REASON_WEIGHT = 0.5
# For every state, that of text on the same kind of page: what an item's beginning is weighed against.
_TEXT_STATE = [
    next(k for k, other in enumerate(STATES) if other[:3] == (*state[:2], "text"))
    for state in STATES
]


@dataclass(frozen=True, slots=True)
class Layout:
    """A page as it was read: its articles, and the lines that are none's.

    Every non-blank line is in one article's ``lines`` or in ``aside``, once. ``order`` says whether
    headlines stand ``before`` or ``after`` their bodies, ``confidence`` how probable that is.
    """

    page: Page
    articles: tuple[Article, ...]
    aside: tuple[Aside, ...]
    order: Order
    confidence: float


def split_page(page: Page) -> list[Article]:
    """Split a page into its articles, in the page's order.

    Every non-blank line belongs to exactly one article, but for the page's own
    (:func:`layout_of` lists them). An article's ``confidence`` is the probability that it begins
    and ends there; ``reasons`` identify what spoke for it
    (:func:`research.pages.split.reasons.sentences` words them).
    """
    return list(layout_of(page).articles)


def layout_of(page: Page, begins: Collection[int] = (), joins: Collection[int] = ()) -> Layout:
    """Split a page into its articles, and account for every other line.

    Parameters
    ----------
    begins: numbers of lines where an item begins, as a person knows.
    joins: numbers of lines where none begins, as a person knows.
    """
    lines, aside = lines_of(page.lines, page.sizes)
    if not lines:
        return Layout(page, (), tuple(aside), "before", 1.0)
    reading = _Reading(page, blocks_of(lines, begins), begins, joins)
    aside = sorted([*aside, *reading.column_names()])
    articles = reading.articles({entry.line for entry in aside})
    order = STATES[reading.path[0]].order
    confidence = reading.chain.order_probability(order)
    return Layout(page, articles, tuple(aside), order, confidence)


class _Reading:
    """The most probable reading of a page's blocks: the state of each, and what spoke for it."""

    def __init__(
        self,
        page: Page,
        blocks: Sequence[Block],
        begins: Collection[int],
        joins: Collection[int],
    ) -> None:
        self.page = page
        self.blocks = blocks
        self.observed = observe(blocks)
        self.network = weights().network
        self.scores = self.network.scores(in_context(self.observed))
        known = _size_scores(blocks) if page.sizes else np.zeros((len(blocks), len(STATES)))
        known -= _PERSON_WEIGHT * np.outer(~_may_name_column(blocks, self.observed), COLUMNS)
        _weigh_person(known, blocks, begins, joins)
        self.chain = Chain(self.scores.values + known, weights())
        self.path = self.chain.best()

    def column_names(self) -> list[Aside]:
        """Return the lines that only name a column."""
        return [
            Aside(line.number, line.text, "column name")
            for block, state in zip(self.blocks, self.path, strict=True)
            if COLUMNS[state]
            for line in block.lines
        ]

    def articles(self, aside: Collection[int]) -> tuple[Article, ...]:
        """Read the articles off, in the page's order; *aside*: numbers of lines that are none's."""
        cuts = [i for i, state in enumerate(self.path) if BEGINS[state]]
        spans = pairwise([*cuts, len(self.blocks)])
        return tuple(
            self._article(start, end, aside)
            for start, end in spans
            if not COLUMNS[self.path[start]]
        )

    def _article(self, start: int, end: int, aside: Collection[int]) -> Article:
        parts = [STATES[state].part for state in self.path[start:end]]
        item = Item(self.blocks[start:end], parts)
        article = replace(
            article_of(item),
            date=self.page.date,
            lines=item.spans(aside),
            confidence=round(self.chain.confidence(start, end), 4),
            reasons=self._reasons(start),
        )
        if not self.page.boxes:
            return article
        boxes = [
            around(box for box in self.page.boxes[first - 1 : last] if box)
            for first, last in article.lines
        ]
        return replace(article, boxes=tuple(boxes))

    def _reasons(self, start: int) -> tuple[str, ...]:
        """Identify what spoke most for an item's beginning at block *start*, rather than going on."""
        state = self.path[start]
        contributions = self.network.contributions(self.scores.hidden[start])
        difference = contributions[:, state] - contributions[:, _TEXT_STATE[state]]
        spoken = self.observed[start] * difference
        spoken[0] = 0.0  # What always holds is no reason.
        strongest = np.argsort(-spoken)[:_MAX_REASONS]
        reasons = [OBSERVED[k] for k in strongest if spoken[k] > _MIN_REASON_WEIGHT]
        if self.page.sizes and STATES[state].part == "head":
            reasons = ["set_larger", *reasons[: _MAX_REASONS - 1]]
        return tuple(reasons)


def _weigh_person(
    scores: Floats, blocks: Sequence[Block], begins: Collection[int], joins: Collection[int]
) -> None:
    """Lower the scores of the states that a person ruled out, in place."""
    for i, block in enumerate(blocks[1:], 1):
        number = block.lines[0].number
        if number in begins:
            ruled_out = ~BEGINS | COLUMNS | (HEADS & (not block.may_head))
            scores[i] -= _PERSON_WEIGHT * ruled_out
        elif number in joins:
            scores[i] -= _PERSON_WEIGHT * BEGINS


def _may_name_column(blocks: Sequence[Block], observed: Floats) -> NDArray[np.bool_]:
    """Return which blocks may be set aside as a column's name: usual ones, and short ones over several briefs."""
    short = np.array([len(block.text) <= MAX_COLUMN_NAME_CHARACTERS for block in blocks])
    usual = observed[:, OBSERVED.index("usual_column_name")] > 0
    over_briefs = observed[:, OBSERVED.index("several_news_leads_next")] > 0
    return short & (usual | over_briefs)


def _size_scores(blocks: Sequence[Block]) -> Floats:
    """Score states by the size of print: headlines are set larger than the text, and above it."""
    body = body_size((block.lines[0].size, block.text) for block in blocks)
    smallest = [min(line.size for line in block.lines) for block in blocks]
    large = np.array(smallest)[:, None] >= HEADLINE_SIZE * body
    headed = np.where(large == HEADS, 0.0, -_SIZE_WEIGHT)
    # A large block may name a column as well.
    scores: Floats = headed * ~(large & COLUMNS)
    before = np.array([state.order == "before" for state in STATES])
    scores[0] += np.where(before, _SIZE_WEIGHT, 0.0)
    return scores
