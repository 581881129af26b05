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
    """Return for each block the value of the block *by* places after it, *edge* beyond the page."""
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
        n_blocks = len(blocks)
        self.blocks = blocks
        self.texts = [block.text for block in blocks]
        self.none = np.zeros(n_blocks, dtype=bool)
        self._read_blocks(blocks)
        self._read_lines(blocks)
        self._read_texts(blocks)
        self.heads = np.flatnonzero(self.may_head)
        n_indented = int(self.indented.sum())
        n_gaps = int(self.gap.sum())
        self.has_indents = n_indented >= _MIN_INDENTED_BLOCKS
        self.has_gaps = n_gaps * _BLOCKS_PER_GAP >= n_blocks
        places = np.arange(n_blocks)
        self.is_first = places == 0
        self.is_last = places == n_blocks - 1

    def _read_blocks(self, blocks: Sequence[Block]) -> None:
        def of_blocks(name: str) -> Column:
            return np.array([getattr(block, name) for block in blocks])

        self.size = column_of(map(len, self.texts))
        self.may_head = of_blocks("may_head")
        self.opens = of_blocks("opens")
        self.closes = of_blocks("closes")
        self.ends_item = of_blocks("ends_item")
        self.column = of_blocks("column")
        roles = of_blocks("role")
        self.byline = roles == "byline"
        self.credit = roles == "credit"

    def _read_lines(self, blocks: Sequence[Block]) -> None:
        firsts = [block.lines[0] for block in blocks]

        def of_firsts(name: str) -> Column:
            return np.array([getattr(line, name) for line in firsts])

        self.gap = of_firsts("gap")
        self.indented = of_firsts("indented")
        self.first_width = of_firsts("width")
        self.second_width = column_of(map(_second_width, blocks))
        self.last_width = column_of(map(_last_width, blocks))
        self.n_lines = column_of(map(_count_lines, blocks))

    def _read_texts(self, blocks: Sequence[Block]) -> None:
        texts = self.texts
        self.continues = column_of(map(_continues, blocks))
        self.bullet = column_of(text[0] in _BULLETS for text in texts)
        self.dated = column_of(_DATE.match(text) is not None for text in texts)
        self.timed = column_of(map(_names_time, blocks))

    def matches(self, pattern: re.Pattern[str], among: Column) -> Column:
        """Return which of the blocks *among* hold a pattern."""
        matches = self.none.copy()
        for i in np.flatnonzero(among):
            matches[i] = pattern.search(self.texts[i]) is not None
        return matches


def _second_width(block: Block) -> float:
    if len(block.lines) == 1:
        return NO_WIDTH
    return block.lines[1].width


def _last_width(block: Block) -> float:
    return block.lines[-1].width


def _count_lines(block: Block) -> int:
    return len(block.lines)


def _continues(block: Block) -> bool:
    """Return whether a block opens with a jump from another page."""
    if not block.opens:
        return False
    return JUMP_FROM.match(block.text) is not None


def _names_time(block: Block) -> bool:
    """Return whether a text names a time in its first words, as bodies do."""
    if block.may_head:
        return False
    return _TIME.search(block.text, 0, _TIME_CHARACTERS) is not None
