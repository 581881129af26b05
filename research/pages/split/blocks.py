"""Lines → blocks: pieces of text that surely stand or fall together.

Cuts rather too often than too seldom, for ``split`` can join what was cut, not cut what was joined.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from research.pages.split.heal import column_widths
from research.pages.split.lines import BYLINE_TAIL, JUMP_TO, Line, Role

_HAN = re.compile(r"[\u4e00-\u9fff]")
_PUNCTUATION = re.compile(r"[，。；、]")
_MARK_ENDS = ("）", ")", "】", "▶", "→", "版")
_LONGEST_HEADING = 60


@dataclass(slots=True)
class Block:
    """Consecutive lines that surely stand or fall together; ``column`` is the width of the column they stand in."""

    lines: list[Line]
    column: float
    text: str
    # Whether a sentence or an item ends with this block.
    closes: bool
    # Whether the block could be a line of a headline or a sub-heading, by its wording and its neighbour before.
    may_head: bool = False
    # Whether an item's end mark (a jump, a reporter's name in brackets) stands at its end.
    ends_item: bool = False
    role: Role = "text"
    opens: bool = False


def blocks_of(lines: Sequence[Line], begins: Collection[int] = ()) -> list[Block]:
    """Group lines into blocks; those numbered in *begins* each begin one."""
    columns = column_widths(lines)
    indents = sum(line.indented for line in lines) >= 3
    groups: list[tuple[list[Line], float]] = []
    for i, line in enumerate(lines):
        if i and line.number not in begins and not _parts(lines, i, columns, indents):
            groups[-1][0].append(line)
        else:
            groups.append(([line], columns[i]))
    blocks: list[Block] = []
    for group, column in groups:
        last, before = group[-1], blocks[-1] if blocks else None
        text = "".join([line.text for line in group])
        ends = last.closes or last.role != "text"
        if before and group[0].number not in begins and _goes_on(before, group[0]):
            before.lines.extend(group)
            before.text += text
            before.closes = ends
            continue
        block = Block(group, column, text, ends, role=group[0].role, opens=group[0].opens)
        block.may_head = _may_head(block, before)
        blocks.append(block)
    for block in blocks:
        if block.text.endswith(_MARK_ENDS):
            block.ends_item = bool(
                JUMP_TO.search(block.text[-24:]) or BYLINE_TAIL.search(block.text[-48:])
            )
    return blocks


def _goes_on(before: Block, line: Line) -> bool:
    """Whether *line* goes on with the unfinished sentence of the text before it."""
    if (
        before.closes
        or before.may_head
        or before.role != "text"
        or line.role != "text"
        or line.opens
        or line.indented
    ):
        return False
    if abs(before.lines[-1].size - line.size) > 0.1 * line.size:
        return False
    return not line.gap or before.lines[-1].width >= before.column - 1.25


def _parts(lines: Sequence[Line], i: int, columns: Sequence[float], indents: bool) -> bool:
    """Whether a block may end before line *i*."""
    before, line = lines[i - 1], lines[i]
    if (
        line.gap
        or line.indented
        or line.opens
        or before.closes
        or line.role != "text"
        or before.role != "text"
    ):
        return True
    if abs(before.size - line.size) > 0.1 * line.size:
        return True
    off = before.width - columns[i - 1]
    if off < -1.25 or off > 1.5 or (before.width - line.width >= 1.25 and not line.closes):
        return True
    # Where paragraphs are not indented, a headline may fill its column and the text below it too.
    first = i == 1 or before.gap or lines[i - 2].closes
    return first and not indents and before.width >= 8 and not _PUNCTUATION.search(before.text)


def _may_head(block: Block, before: Block | None) -> bool:
    text = block.text
    if (
        block.role != "text"
        or block.opens
        or len(text) > _LONGEST_HEADING
        or "。" in text
        or text[-1] in "，；：、,;:"
        or not _HAN.search(text)
    ):
        return False
    if text.count("，") > 1:
        return False
    return before is None or before.closes or before.may_head or before.role != "text"
