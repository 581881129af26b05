"""The properties of a page's blocks, one array per property, one element per block.

Measures what the other modules of this folder compare; names no observation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from research.pages.marks.jumps import JUMP_FROM
from research.pages.split.blocks import Block

Column = NDArray[Any]
Observations = dict[str, Column]

_MIN_INDENTED_BLOCKS = 3  # Fewer are no habit of the page.
_BLOCKS_PER_GAP = 8  # At least one blank line in so many blocks is a habit of the page.
NO_WIDTH = -99.0  # Of a line that a block does not have.
_TIME_CHARACTERS = 36
_BULLETS = "●◆■□▲★◎·"
_DATE = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日|图为|近日|昨日|日前")
_TIME = re.compile(
    r"""
      \d日|今天|今日|昨天|昨日|昨晚|明天|近日|日前|连日来|近年来
    | 当地时间|上午|下午|获悉|记者|本周|上周|去年|今年|截至
    """,
    re.VERBOSE,
)


def column_of(values: Iterable[Any]) -> Column:
    """Return values as an array, one per block."""
    return np.array(list(values))


def shifted(values: Column, by: int, edge: Any) -> Column:
    """Return for each block the value *by* blocks further on (before it, where negative); *edge* beyond the page."""
    moved = np.full_like(values, edge)
    if by < 0:
        moved[-by:] = values[:by]
    elif by < len(values):
        moved[:-by] = values[by:]
    return moved


class BlockArrays:
    """A page's blocks as arrays.

    Sizes are in characters, widths in full-width characters. ``heads`` holds the places of the
    blocks that could be headings; ``has_indents`` and ``has_gaps`` are habits of the page.
    """

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.texts = [block.text for block in blocks]
        self.none = np.zeros(len(blocks), dtype=bool)
        self._read_blocks(blocks)
        self._read_lines(blocks)
        self._read_texts(blocks)
        self.heads = np.flatnonzero(self.may_head)
        self.has_indents = int(self.indented.sum()) >= _MIN_INDENTED_BLOCKS
        self.has_gaps = int(self.gap.sum()) * _BLOCKS_PER_GAP >= len(blocks)
        self.is_first, self.is_last = self.none.copy(), self.none.copy()
        self.is_first[0] = self.is_last[-1] = True

    def _read_blocks(self, blocks: Sequence[Block]) -> None:
        self.size = column_of(map(len, self.texts))
        self.may_head = column_of(block.may_head for block in blocks)
        self.opens = column_of(block.opens for block in blocks)
        self.closes = column_of(block.closes for block in blocks)
        self.byline = column_of(block.role == "byline" for block in blocks)
        self.credit = column_of(block.role == "credit" for block in blocks)
        self.ends_item = column_of(block.ends_item for block in blocks)
        self.column = column_of(block.column for block in blocks)

    def _read_lines(self, blocks: Sequence[Block]) -> None:
        firsts = [block.lines[0] for block in blocks]
        self.gap = column_of(line.gap for line in firsts)
        self.indented = column_of(line.indented for line in firsts)
        self.first_width = column_of(line.width for line in firsts)
        self.second_width = column_of(_second_width(block) for block in blocks)
        self.last_width = column_of(block.lines[-1].width for block in blocks)
        self.n_lines = column_of(len(block.lines) for block in blocks)

    def _read_texts(self, blocks: Sequence[Block]) -> None:
        self.continues = column_of(
            block.opens and bool(JUMP_FROM.match(block.text)) for block in blocks
        )
        self.bullet = column_of(text[0] in _BULLETS for text in self.texts)
        self.dated = column_of(bool(_DATE.match(text)) for text in self.texts)
        self.timed = column_of(
            not block.may_head and bool(_TIME.search(block.text, 0, _TIME_CHARACTERS))
            for block in blocks
        )

    def matches(self, pattern: re.Pattern[str], among: Column) -> Column:
        """Return which of the blocks *among* hold a pattern."""
        matches = self.none.copy()
        for i in np.flatnonzero(among):
            matches[i] = pattern.search(self.texts[i]) is not None
        return matches


def _second_width(block: Block) -> float:
    return block.lines[1].width if len(block.lines) > 1 else NO_WIDTH
