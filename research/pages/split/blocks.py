"""Lines → blocks: pieces of text whose lines surely belong to one part of the page.

Cuts rather too often than too seldom: what was cut can be joined later, what was joined cannot be
cut. Does not decide what part a block is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from research.pages.marks.bylines import BYLINE_TAIL
from research.pages.marks.jumps import JUMP_TO
from research.pages.split.heal import column_widths
from research.pages.split.lines import Line, Role

_HAN = re.compile(r"[\u4e00-\u9fff]")
_PAUSES = tuple("，；：、,;:")
_PUNCTUATION = re.compile(r"[，。；、]")
_MARK_ENDS = ("）", ")", "】", "▶", "→", "版")
_JUMP_CHARACTERS = 24  # A jump is looked for in so many last characters of a block,
_BYLINE_CHARACTERS = 48  # a name in brackets in so many.
_MAX_HEADING_CHARACTERS = 60
_MIN_INDENTED_LINES = 3  # Fewer are no habit of the page.
_SIZE_TOLERANCE = 0.1  # Share of a line's print size by which another of the same size may differ.
# In full-width characters: justified print squeezes punctuation marks, so lines vary by one.
_MAX_SHORTFALL = 1.25
_MAX_OVERRUN = 1.5
_MIN_FIRST_LINE_WIDTH = 8


@dataclass(slots=True)
class Block:
    """Consecutive lines that surely belong together; ``column`` is the width of their column.

    ``closes``: a sentence or an item ends with this block. ``may_head``: by its wording and the
    block before it, it could be a line of a headline or a sub-heading. ``ends_item``: a mark that
    ends an item (a jump, a reporter's name in brackets) is at its end.
    """

    lines: list[Line]
    column: float
    text: str
    closes: bool
    may_head: bool = False
    ends_item: bool = False
    role: Role = "text"
    opens: bool = False


def blocks_of(lines: Sequence[Line], begins: Collection[int] = ()) -> list[Block]:
    """Group lines into blocks; those numbered in *begins* each begin one."""
    blocks: list[Block] = []
    before: Block | None = None
    for group, column in _groups(lines, begins):
        block = _block(group, column)
        first = group[0]
        is_begun = first.number in begins
        if before and not is_begun and _continues(before, first):
            before.lines.extend(block.lines)
            before.text += block.text
            before.closes = block.closes
            continue
        block.may_head = _may_head(block, before)
        blocks.append(block)
        before = block
    for block in blocks:
        block.ends_item = _ends_item(block.text)
    return blocks


def _block(lines: list[Line], column: float) -> Block:
    """Return a block of lines; what depends on its neighbours is left open."""
    first = lines[0]
    last = lines[-1]
    texts = [line.text for line in lines]
    return Block(
        lines=lines,
        column=column,
        text="".join(texts),
        closes=last.closes or last.role != "text",
        role=first.role,
        opens=first.opens,
    )


def _groups(lines: Sequence[Line], begins: Collection[int]) -> list[tuple[list[Line], float]]:
    """Group lines that no sign parts, each group with the width of its first line's column."""
    columns = column_widths(lines)
    n_indented = sum(line.indented for line in lines)
    has_indents = n_indented >= _MIN_INDENTED_LINES
    groups: list[tuple[list[Line], float]] = []
    for i, line in enumerate(lines):
        begun = i == 0 or line.number in begins
        if begun or _parts(lines, i, columns, has_indents):
            column = columns[i]
            groups.append(([line], column))
            continue
        group, _ = groups[-1]
        group.append(line)
    return groups


def _continues(before: Block, line: Line) -> bool:
    """Return whether *line* continues the unfinished sentence of the text before it."""
    if before.closes or before.may_head or before.role != "text":
        return False
    if line.role != "text" or line.opens or line.indented:
        return False
    last = before.lines[-1]
    if _differ_in_size(last, line):
        return False
    return not line.gap or last.width >= before.column - _MAX_SHORTFALL


def _parts(lines: Sequence[Line], i: int, columns: Sequence[float], has_indents: bool) -> bool:
    """Return whether a block may end before line *i*."""
    before, line = lines[i - 1], lines[i]
    if line.gap or line.indented or line.opens or before.closes:
        return True
    if line.role != "text" or before.role != "text":
        return True
    if _differ_in_size(before, line):
        return True
    overrun = before.width - columns[i - 1]
    if not -_MAX_SHORTFALL <= overrun <= _MAX_OVERRUN:
        return True
    narrowing = before.width - line.width
    if narrowing >= _MAX_SHORTFALL and not line.closes:
        return True
    # Where paragraphs are not indented, a headline may fill its column and the text below it too.
    is_first = i == 1 or before.gap or lines[i - 2].closes
    if has_indents or not is_first:
        return False
    if before.width < _MIN_FIRST_LINE_WIDTH:
        return False
    return not _PUNCTUATION.search(before.text)


def _differ_in_size(before: Line, line: Line) -> bool:
    difference = abs(before.size - line.size)
    tolerance = _SIZE_TOLERANCE * line.size
    return difference > tolerance


def _may_head(block: Block, before: Block | None) -> bool:
    """Return whether a block could be a line of a headline or a sub-heading."""
    text = block.text
    if block.role != "text" or block.opens or len(text) > _MAX_HEADING_CHARACTERS:
        return False
    if "。" in text or text.endswith(_PAUSES):
        return False
    if text.count("，") > 1:
        return False
    if not _HAN.search(text):
        return False
    return before is None or before.closes or before.may_head or before.role != "text"


def _ends_item(text: str) -> bool:
    if not text.endswith(_MARK_ENDS):
        return False
    jump_tail = text[-_JUMP_CHARACTERS:]
    if JUMP_TO.search(jump_tail):
        return True
    byline_tail = text[-_BYLINE_CHARACTERS:]
    return bool(BYLINE_TAIL.search(byline_tail))
