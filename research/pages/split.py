"""Assign a page's lines to articles.

Lines become blocks; every block says how much speaks for its being a heading. A page is then the
sequence of items with the highest total evidence (a semi-Markov model over blocks, solved exactly by
dynamic programming), once with headlines before their bodies and once after: the order that explains
the page better is the page's order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Literal

from research.articles import Article
from research.pages.blocks import MAY_HEAD, Block, blocks_of, column_changes, pairs_of
from research.pages.compose import article_of, is_caption, spans_of
from research.pages.lines import NOTICE_CUE, lines_of
from research.pages.page import Page

Order = Literal["after", "before"]
# No item holds so many places at which it could be cut; without a bound, a file that is no page takes for ever.
_REACH = 120
_DATELINE = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日|图为|近日|昨日")


def split_page(page: Page) -> list[Article]:
    """Split a page into its articles, in the page's order.

    Every non-blank line belongs to exactly one article, folio lines (page number, hot line, editors) aside.
    """
    lines = lines_of(page.lines)
    if not lines:
        return []
    blocks = blocks_of(lines)
    after, before = _Street(blocks, "after").best_cuts(), _Street(blocks, "before").best_cuts()
    order: Order = "before" if before > after else "after"
    _, cuts = max(after, before)
    kept = {line.number for line in lines}
    aside = {n for n, text in enumerate(page.lines, 1) if text.strip() and n not in kept}
    articles = []
    for start, end in pairwise(cuts):
        first, last = _parse(blocks, start, end, order)
        heads = [*blocks[start:first], *blocks[last:end]]
        articles.append(article_of(heads, blocks[first:last], page.date, spans_of(blocks[start:end], aside)))
    return articles


def _parse(blocks: Sequence[Block], start: int, end: int, order: Order) -> tuple[int, int]:
    """Return where the body of the item from *start* to *end* begins and ends; its headline is the rest."""
    run = 0
    while run < min(4, end - start - 1):
        block = blocks[end - 1 - run if order == "after" else start + run]
        # What stands between headline and body is sooner the body's first line than a second headline.
        if block.heading <= (0.5 if run else MAY_HEAD):
            break
        run += 1
    return (start, end - run) if order == "after" else (start + run, end)


class _Street:
    """All ways to cut a page's blocks into items, for one order of headline and body."""

    def __init__(self, blocks: Sequence[Block], order: Order) -> None:
        self.blocks = blocks
        self.order = order
        self.changes = [i > 0 and column_changes(blocks, i) for i in range(len(blocks))]
        self.inner = [0.0, 0.0, *accumulate(self._inner_evidence(i) for i in range(1, len(blocks)))]
        self.cue = [self._cue_after(i) for i in range(len(blocks))]
        self.shares: dict[tuple[int, int, int, int], float] = {}

    def best_cuts(self) -> tuple[float, list[int]]:
        """Return the best total evidence and the block numbers at which items begin, and the end."""
        places = [0, *(i for i in range(1, len(self.blocks)) if self._may_cut(i)), len(self.blocks)]
        best: list[tuple[float, int]] = [(0.0, 0)]
        for p in range(1, len(places)):
            found = (float("-inf"), 0)
            for q in range(p - 1, max(-1, p - 1 - _REACH), -1):
                score = self._item_evidence(places[q], places[p])
                found = max(found, (best[q][0] + score, q))
                if score < -40:
                    break
            best.append(found)
        cuts, p = [len(self.blocks)], len(places) - 1
        while p:
            p = best[p][1]
            cuts.append(places[p])
        return best[-1][0], cuts[::-1]

    def _may_cut(self, i: int) -> bool:
        before, after = self.blocks[i - 1], self.blocks[i]
        if not (before.closes or before.may_head):
            return False
        begins = after.opens or after.may_head or before.may_head or before.role == "credit" or self.changes[i]
        return begins or bool(NOTICE_CUE.search(after.text)) or any(block.role == "credit" for block in self.blocks[i + 1 : i + 4])

    def _cue_after(self, i: int) -> int:
        """Return the block by which a notice's cue was read, when one stands in the first 160 characters."""
        text = ""
        for k in range(i, len(self.blocks)):
            text += self.blocks[k].text
            if NOTICE_CUE.search(text[:160]):
                return k
            if len(text) > 160:
                break
        return len(self.blocks)

    def _inner_evidence(self, i: int) -> float:
        """Weigh what speaks for block *i* going on with the item of the block before it."""
        before, block = self.blocks[i - 1], self.blocks[i]
        if block.role == "credit":
            return -2.5
        if block.role == "byline":
            return -3.0
        if block.opens:
            return 0.0 if before.role == "byline" else -4.0
        score = (-2.0 if before.may_head else -4.0) if self.changes[i] else 0.0
        if block.may_head:
            # It is either a sub-heading, and those are short, or a piece of text that only looks like one.
            subheading = -1.2 - min(0.3 * max(0, len(block.text) - 9), 3.0)
            score += max(subheading, -max(block.heading, 0.0)) + block.cohesion
        return score

    def _item_evidence(self, start: int, end: int) -> float:
        """Weigh what speaks for blocks *start* to *end* being one item."""
        blocks = self.blocks
        first, last = _parse(blocks, start, end, self.order)
        heads = [*range(start, first), *range(last, end)]
        opens = blocks[first].opens
        score = -4.0 + (3.0 if opens else -0.5) + self.inner[last] - self.inner[first + 1]
        if heads:
            shape = min(sum(blocks[i].heading for i in heads), 4.0)
            weight = min(max((shape + 1.0) / 1.5, 0.0), 1.0)
            if not opens:
                # A short line beside plain text is rather a sub-heading, and repeats it as easily.
                short = min(max((13 - sum(len(blocks[i].text) for i in heads)) / 6, 0.0), 1.0)
                shape -= 2.0 * short
                weight *= 1.0 - 0.75 * short
            score += shape + 4.0 * weight * self._overlap(heads, first, last)
        elif is_caption(blocks[first:last]):
            score += (
                5.0
                - 1.0 * sum(block.role == "text" for block in blocks[first + 1 : last])
                + 1.5 * self.changes[first]
                + 1.0 * bool(_DATELINE.match(blocks[first].text))
            )
        elif self.cue[first] < last:
            score += 2.0
        elif not opens:
            score -= 1.0
        if blocks[last - 1].role == "credit" and last - first > 1:
            score += 2.5
        if last - first == 1 and (blocks[first].may_head or blocks[first].role != "text"):
            score -= 6.0
        return score

    def _overlap(self, heads: Sequence[int], first: int, last: int) -> float:
        """Weigh which side a headline's character pairs are repeated on: its own body's beginning, or its neighbour's.

        1 when all are in its body and none beyond it, down to -1.
        """
        own = self._shared(heads, first, min(first + 6, last))
        beyond = heads[-1] + 1 if self.order == "after" else max(0, heads[0] - 6)
        return own - 0.5 * self._shared(heads, beyond, min(beyond + 6, len(self.blocks)) if self.order == "after" else heads[0])

    def _shared(self, heads: Sequence[int], start: int, end: int) -> float:
        key = (heads[0], heads[-1], start, end)
        if key not in self.shares:
            headline = "".join(block.text for block in self.blocks[heads[0] : heads[-1] + 1])
            text = "".join(block.text for block in self.blocks[start:end])
            text = text[:500] if start > heads[0] or self.order == "after" else text[-500:]
            pairs = pairs_of(headline)
            self.shares[key] = sum(pair in text for pair in pairs) / len(pairs) if pairs else 0.0
        return self.shares[key]
