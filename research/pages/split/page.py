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
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.articles.article import Article, Box, around
from research.pages.read.page import HEADLINE_SIZE, Page, body_size
from research.pages.split.asides import Aside
from research.pages.split.blocks import Block, blocks_of
from research.pages.split.chain import Chain
from research.pages.split.compose import Item, Spans, article_of
from research.pages.split.document import Document
from research.pages.split.evidence import OBSERVED, observe
from research.pages.split.lines import lines_of
from research.pages.split.network import in_context
from research.pages.split.states import BEGINS, COLUMNS, HEADS, STATES, Order
from research.pages.split.weights import weights

Floats = NDArray[np.float64]
# Both are added to a logarithm of a probability: a print size outweighs most words, a person all.
_SIZE_WEIGHT = 12.0
_PERSON_WEIGHT = 60.0
# Where a document sets its headlines apart, few items begin without one.
_DOCUMENT_WEIGHT = 6.0
MAX_COLUMN_NAME_CHARACTERS = 12
_USUAL_NAME = OBSERVED.index("usual_column_name")
_OVER_BRIEFS = OBSERVED.index("several_news_leads_next")
_MAX_REASONS = 3
_MIN_REASON_WEIGHT = 0.5
_HEADLINES_BEFORE = np.array([state.order == "before" for state in STATES])
_NO_STATE = np.zeros(len(STATES), dtype=bool)
# For every state, that of text on the same kind of page: what a beginning is weighed against.
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
    document = Document(page)
    lines, asides = lines_of(page.lines, page.sizes, document.taken_out)
    if not lines:
        return Layout(page, (), tuple(asides), "before", 1.0)
    begins = {*begins, *document.begins(lines)}
    blocks = blocks_of(lines, begins)
    reading = _Reading(page, blocks, _Known(begins, joins), document)
    asides = sorted([*asides, *reading.column_names()])
    aside_numbers = {entry.line for entry in asides}
    first = STATES[reading.path[0]]
    return Layout(
        page=page,
        articles=reading.articles(aside_numbers),
        aside=tuple(asides),
        order=first.order,
        confidence=reading.chain.order_probability(first.order),
    )


class _Known(NamedTuple):
    """What a person knows: the numbers of lines where an item begins, and where none does."""

    begins: Collection[int]
    joins: Collection[int]

    def ruled_out(self, block: Block) -> NDArray[np.bool_]:
        """Return the states that a block cannot have, (n_states,)."""
        number = block.lines[0].number
        if number in self.begins:
            no_head = HEADS & (not block.may_head)
            ruled_out: NDArray[np.bool_] = ~BEGINS | COLUMNS | no_head
            return ruled_out
        if number in self.joins:
            return BEGINS
        return _NO_STATE


class _Reading:
    """The most probable reading of a page's blocks: the state of each, and what spoke for it."""

    def __init__(
        self, page: Page, blocks: Sequence[Block], known: _Known, document: Document
    ) -> None:
        self.page = page
        self.document = document
        self.blocks = blocks
        self.observed = observe(blocks)
        learned = weights()
        self.network = learned.network
        in_page = in_context(self.observed)
        self.scores = self.network.scores(in_page)
        beside = self._scores_beside_words(known)
        self.chain = Chain(self.scores.values + beside, learned)
        self.path = self.chain.best()

    def _scores_beside_words(self, known: _Known) -> Floats:
        """Score states by what is known beside the words: print sizes, and what a person knows."""
        blocks = self.blocks
        scores = np.zeros((len(blocks), len(STATES)))
        if self.page.sizes:
            scores = _size_scores(blocks)
            if self.page.starts:
                scores -= _DOCUMENT_WEIGHT * _begins_without_headline(blocks)
        no_name = ~_may_name_column(blocks, self.observed)
        scores -= _PERSON_WEIGHT * np.outer(no_name, COLUMNS)
        if not known.begins and not known.joins:
            return scores
        for i, block in enumerate(blocks[1:], 1):
            scores[i] -= _PERSON_WEIGHT * known.ruled_out(block)
        return scores

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
        path = self.path
        cuts = [i for i, state in enumerate(path) if BEGINS[state]]
        articles = []
        for start, end in pairwise([*cuts, len(path)]):
            if COLUMNS[path[start]]:
                continue
            article = self._article(start, end, aside)
            articles.append(article)
        return tuple(articles)

    def _article(self, start: int, end: int, aside: Collection[int]) -> Article:
        parts = [STATES[state].part for state in self.path[start:end]]
        item = Item(self.blocks[start:end], parts)
        spans = self.document.cut_at_pages(item.spans(aside))
        confidence = self.chain.confidence(start, end)
        article = replace(
            article_of(item),
            date=self.page.date,
            lines=spans,
            boxes=self._boxes(spans),
            confidence=round(confidence, 4),
            reasons=self._reasons(start),
        )
        return self.document.placed(article)

    def _boxes(self, spans: Spans) -> tuple[Box, ...]:
        """Return the box around each range of lines, none where the page has no boxes."""
        if not self.page.boxes:
            return ()
        boxes = []
        for first, last in spans:
            in_span = self.page.boxes[first - 1 : last]
            boxes.append(around(box for box in in_span if box))
        return tuple(boxes)

    def _reasons(self, start: int) -> tuple[str, ...]:
        """Identify what spoke most for a beginning at block *start*, rather than for text."""
        state = self.path[start]
        text_state = _TEXT_STATE[state]
        hidden = self.scores.hidden[start]
        contributions = self.network.contributions(hidden, [state, text_state])
        to_beginning, to_text = contributions.T
        evidence = self.observed[start] * (to_beginning - to_text)
        evidence[0] = 0.0  # What always holds is no reason.
        descending = np.argsort(-evidence)
        reasons = []
        for k in descending[:_MAX_REASONS]:
            if evidence[k] > _MIN_REASON_WEIGHT:
                reasons.append(OBSERVED[k])
        if self.page.sizes and STATES[state].part == "head":
            reasons = ["set_larger", *reasons[: _MAX_REASONS - 1]]
        return tuple(reasons)


def _may_name_column(blocks: Sequence[Block], observed: Floats) -> NDArray[np.bool_]:
    """Return which blocks may name a column: usual names, and short ones over several briefs."""
    lengths = np.array([len(block.text) for block in blocks])
    usual = observed[:, _USUAL_NAME] > 0
    over_briefs = observed[:, _OVER_BRIEFS] > 0
    is_short = lengths <= MAX_COLUMN_NAME_CHARACTERS
    return is_short & (usual | over_briefs)


def _size_scores(blocks: Sequence[Block]) -> Floats:
    """Score states by the size of print: headlines are set larger than the text, and above it."""
    body = body_size(map(_first_size, blocks))
    smallest = np.array([_smallest_size(block) for block in blocks])
    is_large = smallest >= HEADLINE_SIZE * body
    large = is_large[:, np.newaxis]
    scores: Floats = np.where(large == HEADS, 0.0, -_SIZE_WEIGHT)
    # A large block may name a column as well.
    scores[large & COLUMNS] = 0.0
    scores[0, _HEADLINES_BEFORE] += _SIZE_WEIGHT
    return scores


def _begins_without_headline(blocks: Sequence[Block]) -> NDArray[np.bool_]:
    """Return the states of blocks in text print with which an item would begin, but the first's."""
    body = body_size(map(_first_size, blocks))
    is_small = [_smallest_size(block) < HEADLINE_SIZE * body for block in blocks]
    is_small[0] = False
    return np.outer(is_small, BEGINS)


def _first_size(block: Block) -> tuple[float, str]:
    return block.lines[0].size, block.text


def _smallest_size(block: Block) -> float:
    return min(line.size for line in block.lines)
