"""Blocks of one item → Article: headline, byline, jumps, paragraphs, kind.

Takes the parts of the blocks as they are; ``page`` found them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from itertools import pairwise

from research.articles.article import Article, ArticleKind
from research.pages.marks.bylines import (
    BULLETS,
    INLINE_CREDIT,
    close_names,
    take_bylines,
    take_credit,
)
from research.pages.marks.jumps import take_jumps
from research.pages.marks.kinds import kind_of
from research.pages.marks.spaces import tidy
from research.pages.split.blocks import Block
from research.pages.split.heal import paragraphs
from research.pages.split.lines import Line
from research.pages.split.states import Part

Spans = tuple[tuple[int, int], ...]
_HEADINGS: tuple[Part, ...] = ("head", "heads")
_MAX_CAPTION_CHARACTERS = 260


class Item:
    """The blocks of one item, and the part that each is."""

    def __init__(self, blocks: Sequence[Block], parts: Sequence[Part]) -> None:
        self.blocks = blocks
        self.parts = parts

    @cached_property
    def body(self) -> list[Block]:
        """The blocks that are no line of the headline."""
        pairs = zip(self.blocks, self.parts, strict=True)
        return [block for block, part in pairs if part not in _HEADINGS]

    def headline(self) -> str:
        """Return the headline, its lines joined by spaces."""
        texts = []
        for block in self._blocks_of(*_HEADINGS):
            for line in block.lines:
                words = line.text.split()
                texts.append(" ".join(words))
        return " ".join(texts)

    def _blocks_of(self, *parts: Part) -> list[Block]:
        """Return the blocks that are one of these parts."""
        pairs = zip(self.blocks, self.parts, strict=True)
        return [block for block, part in pairs if part in parts]

    def bylines(self) -> list[str]:
        """Return the lines that are names only, without bullets."""
        named = [block.text for block in self.body if block.role != "text"]
        return [tidy(text.lstrip(BULLETS + " ")) for text in named]

    def paragraphs(self) -> list[str]:
        """Join the lines of the body's text."""
        lines: list[Line] = []
        columns: list[float] = []
        for block in self.body:
            if block.role != "text":
                continue
            lines += block.lines
            columns += [block.column] * len(block.lines)
        return paragraphs(lines, columns, self._subhead_numbers())

    def _subhead_numbers(self) -> set[int]:
        subheads = self._blocks_of("subhead")
        return {line.number for block in subheads for line in block.lines}

    def ends_with_credit(self) -> bool:
        """Return whether a photographer's name ends the body."""
        if not self.body:
            return False
        last = self.body[-1]
        return last.role == "credit" or bool(INLINE_CREDIT.search(last.lines[-1].text))

    def spans(self, aside: Collection[int]) -> Spans:
        """Return the ranges of the item's lines, parted where a line of the page's own is between.

        Parameters
        ----------
        aside: numbers of the lines that are no article's.
        """
        numbers = [line.number for block in self.blocks for line in block.lines]
        first = numbers[0]
        spans = []
        for before, number in pairwise(numbers):
            between = range(before + 1, number)
            if any(n in aside for n in between):
                spans.append((first, before))
                first = number
        spans.append((first, numbers[-1]))
        return tuple(spans)


def article_of(item: Item) -> Article:
    """Make an article of an item's blocks; date, lines, confidence and reasons stay empty."""
    headline = item.headline()
    texts, jump_from, jump_to = take_jumps(item.paragraphs())
    texts, lead, tail = take_bylines(texts)
    is_caption = _is_caption(item, lead, texts)
    credit = take_credit(texts) if is_caption else ""
    names = [name for name in (lead, *item.bylines(), tail, credit) if name]
    kind: ArticleKind = "caption"
    if not is_caption or jump_from.number is not None:
        kind = kind_of(
            headline, texts, jump_from.number, bool(lead), is_notice="notice" in item.parts
        )
    return Article(
        kind=kind,
        headline=headline,
        byline=" ".join(close_names(name) for name in names),
        paragraphs=tuple(texts),
        jump_from=jump_from.number,
        jump_to=jump_to.number,
        jump_from_name=jump_from.name,
        jump_to_name=jump_to.name,
    )


def _is_caption(item: Item, lead: str, texts: Sequence[str]) -> bool:
    if "caption" in item.parts:
        return True
    short = sum(map(len, texts)) <= _MAX_CAPTION_CHARACTERS
    return short and not lead and item.ends_with_credit()
