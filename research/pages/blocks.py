"""Lines → blocks that surely stand or fall together, and what speaks for each being a heading.

Does not decide which blocks make an item: ``split`` does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import add

from research.pages.heal import column_widths
from research.pages.lines import JUMP_TO, Line, Role

NEVER = -9.0
MAY_HEAD = -1.0
SUBHEADING = 0.8
_HAN = re.compile(r"[\u4e00-\u9fff]")
_NOT_HAN = re.compile(r"[^\u4e00-\u9fff]+")
_STOPS = re.compile(r"[，。；]")
_TWO_PARTS = re.compile(r"\S{3,}[ \u3000]+\S{3,}")


@dataclass(slots=True)
class Block:
    """Consecutive lines that surely stand or fall together."""

    lines: list[Line]
    column: float
    text: str = ""
    heading: float = NEVER
    # Width of the wrapped (so full) lines up to this block, and from it on; 0 where there is none near.
    wrapped: tuple[float, float] = (0.0, 0.0)
    # Whether a photographer's credit follows soon.
    captioned: bool = False
    # What speaks for the text after this heading going on with the text before it.
    cohesion: float = 0.0

    @property
    def role(self) -> Role:
        return self.lines[0].role

    @property
    def opens(self) -> bool:
        return self.lines[0].opens or self.lines[0].role == "byline"

    @property
    def closes(self) -> bool:
        return self.role != "text" or self.lines[-1].closes or bool(JUMP_TO.search(self.lines[-1].text))

    @property
    def may_head(self) -> bool:
        return self.heading > MAY_HEAD


def blocks_of(lines: list[Line]) -> list[Block]:
    """Group lines into blocks, weighed as headings."""
    columns = column_widths(lines)
    indents = sum(line.indented for line in lines) >= 3
    flush = indents or sum(line.gap for line in lines) * 10 < len(lines)
    blocks: list[Block] = []
    for i, line in enumerate(lines):
        after = lines[i + 1] if i + 1 < len(lines) else None
        if i and line.role == "text" == blocks[-1].role and not _parts(blocks[-1].lines, line, after, columns[i - 1], indents, flush):
            blocks[-1].lines.append(line)
        else:
            blocks.append(Block([line], columns[i]))
    for block in blocks:
        block.text = "".join(line.text for line in block.lines)
        wrapped = sorted(line.width for line in block.lines if not line.closes)
        if len(wrapped) >= 2 and block.lines[-1].closes:
            # Enough full lines to tell their column without their neighbours'.
            block.column = wrapped[3 * len(wrapped) // 4]
    for i, block in enumerate(blocks):
        own = _wrapped([block])
        block.wrapped = own or _wrapped(blocks[max(0, i - 2) : i]), own or _wrapped(blocks[i + 1 : i + 2])
        block.captioned = any(other.role == "credit" for other in blocks[i + 1 : i + 3])
    for i, block in enumerate(blocks):
        block.heading = _heading_evidence(blocks, i, indents)
    blocks = _merge_headings(blocks)
    for i, block in enumerate(blocks):
        if block.may_head:
            block.cohesion = _cohesion_evidence(blocks, i)
    return blocks


def _cohesion_evidence(blocks: Sequence[Block], i: int) -> float:
    """Weigh whether the text after heading *i* goes on with the words of the text before it (Hearst 1997).

    Halves of one news item share about a tenth of their character pairs, neighbours on a page a fiftieth.
    """
    after = pairs_of("".join(block.text for block in blocks[i + 1 : i + 6])[:250])
    before = pairs_of("".join(block.text for block in blocks[max(0, i - 8) : i])[-600:])
    shared = len(after & before) / len(after) if after else 0.05
    return min(max(30 * (shared - 0.05), -1.5), 3.0)


def _wrapped(blocks: Sequence[Block]) -> float:
    return max((line.width for block in blocks if block.role == "text" for line in block.lines if not line.closes), default=0.0)


def _parts(lines: Sequence[Line], line: Line, after: Line | None, column: float, indents: bool, flush: bool) -> bool:
    """Whether a block of *lines* ends before *line*; *flush* says that the page shows headings by no blank line."""
    before = lines[-1]
    if line.gap or line.indented or line.opens:
        return True
    if before.closes and line.width >= max(other.width for other in lines[-4:]) + 4:
        return True
    if before.closes:
        short = before.width < column - 0.75
    else:
        # A line that neither fills its column nor closes a sentence was broken on purpose; when the next one
        # ends its group without closing either, the two are lines of one heading.
        ends_open = (after is None or after.gap or after.indented or after.opens or after.role == "byline") and not line.closes
        short = before.width < column - 3 <= line.width and not ends_open
        if flush and not indents and after and not any(_STOPS.search(other.text) for other in lines):
            # Below a heading, a line narrower than the next by an indent begins the text.
            short = short or 1.25 <= after.width - line.width <= 3
    return short or (before.closes and flush and not _STOPS.search(line.text))


def _merge_headings(blocks: list[Block]) -> list[Block]:
    merged: list[Block] = []
    for block in blocks:
        last = merged[-1] if merged else None
        if last and last.may_head and block.may_head and not block.lines[0].gap and not block.lines[0].indented:
            last.lines.extend(block.lines)
            last.text += block.text
            last.heading = max(last.heading, block.heading) + 0.5
        else:
            merged.append(block)
    return merged


def _heading_evidence(blocks: Sequence[Block], i: int, indents: bool) -> float:
    """Weigh what speaks for block *i* being a headline or sub-heading; above 0 it is likely one."""
    block = blocks[i]
    before = blocks[i - 1] if i else None
    after = blocks[i + 1] if i + 1 < len(blocks) else None
    text = block.text
    if block.role != "text" or block.opens or len(block.lines) > 5 or not _HAN.search(text):
        return NEVER
    if "。" in text or text.endswith(tuple("，；：、,;:")) or re.search(r"^[（(]|…$", text):
        return NEVER
    evidence = 1.0 - text.count("，") - 0.3 * text.count("、")
    evidence -= 3.0 * any(text.count(left) != text.count(right) for left, right in ("“”", "《》", "（）", "‘’"))
    evidence += 1.5 * any(_TWO_PARTS.search(line.text) for line in block.lines)
    if before is None:
        evidence += 0.5
    elif not (before.closes or before.may_head):
        evidence -= 3.0
    column = before.column if before else after.column if after else block.column
    if indents and before and before.closes and not block.lines[0].indented:
        # Where paragraphs are indented, text that is not goes on from a full line; this follows a sentence's end.
        short = before.role != "text" or before.lines[-1].width < before.column - 0.75
        evidence += 1.5 if short else 0.0
    else:
        widths = [line.width for line in block.lines]
        shape = _shape_evidence(widths, column)
        if after and after.lines[0].gap and after.lines[0].width >= after.column - 0.5:
            # It may be the first line of that text, cut off by its column's end.
            shape = min(shape, _shape_evidence(widths, after.column))
        elif after and _starts_paragraph(after):
            shape = max(shape, 0.0)
        evidence += shape
    return evidence + _sequel_evidence(after, column)


def _shape_evidence(widths: list[float], column: float) -> float:
    """Compare a block's outline with what a column's end makes of a paragraph's first lines."""
    off = widths[0] - (column - 2)
    if len(widths) == 1:
        return -1.5 if abs(off) <= 1 else 1.0 if off < 0 or off >= 3.5 else -1.0
    full = [abs(width - column) <= 1 for width in widths[1:]]
    if all(full) and abs(off) <= 1:
        return -2.0
    return -1.5 if all(abs(width - column) <= 0.75 for width in widths[:-1]) else 1.0


def _sequel_evidence(after: Block | None, column: float) -> float:
    if after is None:
        return 1.0
    first = after.lines[0]
    if after.opens:
        return 1.5
    if after.captioned or after.wrapped[1] - column >= 4:
        return 1.0
    if first.indented or _starts_paragraph(after):
        return 0.5
    return -1.0 if first.gap and first.width >= after.column - 0.5 and len(after.lines) > 1 else 0.0


def _starts_paragraph(block: Block) -> bool:
    """Whether the first line is narrower than its column by an indent that the dump dropped."""
    return len(block.lines) > 1 and block.lines[0].width < block.column - 1.25


def column_changes(blocks: Sequence[Block], i: int) -> bool:
    """Whether the text at block *i* stands in a column of another width than the text before it."""
    if blocks[i].may_head or not (blocks[i - 1].closes or blocks[i - 1].may_head):
        return False
    before = next((blocks[k].wrapped[0] for k in range(i - 1, -1, -1) if not blocks[k].may_head), 0.0)
    return bool(before and blocks[i].wrapped[1]) and abs(before - blocks[i].wrapped[1]) >= 4


def pairs_of(text: str) -> set[str]:
    """Return the pairs of neighbouring Chinese characters."""
    bare = _NOT_HAN.sub("", text)
    return set(map(add, bare, bare[1:]))
