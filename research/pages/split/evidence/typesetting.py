"""Observations of how a block is set: blank lines, indents, widths, lengths of headings."""

from __future__ import annotations

import numpy as np

from research.pages.split.blocks import Block
from research.pages.split.evidence.arrays import BlockArrays, Column, Observations, shifted

_MAX_VALUE = 3.0  # No observation is beyond it, so that none outweighs all others.
# Full-width characters by which a block's first line differs from its column.
_MUCH_NARROWER = -5
_NARROWER = -3
_NARROWER_BY_INDENT = -1.25
_FILLED = 1
_INDENT = 2
_MIN_COLUMN_CHANGE = 4
_COLUMN_REACH_BLOCKS = (1, 2, 3)  # A column's width is looked for in the full lines so far off.
_CHARACTERS_PER_UNIT = 6  # Of the difference in length from the page's usual heading.
_BLOCKS_PER_HEADING = 6  # Fewer headings than one in so many blocks are few.


def observe_typesetting(arrays: BlockArrays) -> Observations:
    """Observe how each block is set on the page."""
    return _observe_blanks(arrays) | _observe_widths(arrays) | _observe_headings(arrays)


def _observe_blanks(arrays: BlockArrays) -> Observations:
    gap, indented = arrays.gap, arrays.indented
    may_begin = shifted(arrays.closes | arrays.may_head, -1, True)
    return {
        "after_blank_line": gap & ~arrays.is_first,
        "no_blank_line_before": ~gap & arrays.has_gaps,
        "indented": indented,
        "not_indented": may_begin & ~indented & arrays.has_indents,
    }


def _observe_widths(arrays: BlockArrays) -> Observations:
    # A heading's width is not its column's; the column of the text before it is.
    from_before = arrays.may_head & ~arrays.is_first
    column = np.where(from_before, shifted(arrays.column, -1, 0.0), arrays.column)
    off = arrays.first_width - column + _INDENT * arrays.indented
    second_off = np.abs(arrays.second_width - arrays.column)
    return {
        "column_much_narrower": off < _MUCH_NARROWER,
        "column_narrower": (off >= _MUCH_NARROWER) & (off < _NARROWER),
        "column_narrower_by_indent": (off >= _NARROWER) & (off < _NARROWER_BY_INDENT),
        "column_filled": (off >= _NARROWER_BY_INDENT) & (off <= _FILLED),
        "column_overrun": np.clip(off - _FILLED, 0.0, _MAX_VALUE),
        "second_line_fills_column": second_off <= _FILLED,
        "column_width_changes": _column_changes(arrays),
    }


def _column_changes(arrays: BlockArrays) -> Column:
    """Return where the full lines after differ in width from those before; a heading has none."""
    full = np.array([_full_width(block) for block in arrays.blocks])
    ahead = _nearest_full(full, 1)
    behind = _nearest_full(full, -1)
    ahead = np.where(ahead > 0, ahead, arrays.column)
    behind = np.where(behind > 0, behind, arrays.column)
    change = np.abs(ahead - shifted(behind, -1, 0.0))
    at_edge = arrays.is_first | arrays.is_last
    inside = ~(arrays.may_head | at_edge)
    is_large = change >= _MIN_COLUMN_CHANGE
    changes: Column = inside & is_large
    return changes


def _nearest_full(full: Column, direction: int) -> Column:
    """Return the width of the nearest full lines from each block on, 0 where none is near."""
    nearest = full
    for step in _COLUMN_REACH_BLOCKS:
        further = shifted(full, step * direction, 0.0)
        nearest = np.where(nearest > 0, nearest, further)
    return nearest


def _full_width(block: Block) -> float:
    """Return the width of a block's full lines, 0 where it has none."""
    if block.may_head or block.role != "text":
        return 0.0
    widths = [line.width for line in block.lines if not line.closes]
    return max(widths, default=0.0)


def _observe_headings(arrays: BlockArrays) -> Observations:
    may_head = arrays.may_head
    gap = arrays.gap
    not_indented = may_head & ~arrays.indented
    longer = (arrays.size - _usual_length(arrays)) / _CHARACTERS_PER_UNIT
    shorter = -longer
    is_plain = not (arrays.has_indents or arrays.has_gaps)
    n_weighed = len(arrays.heads) * _BLOCKS_PER_HEADING
    are_few = n_weighed < len(arrays.blocks)
    return {
        "heading_between_blank_lines": may_head & gap & shifted(gap, 1, False),
        "heading_not_indented": not_indented & arrays.has_indents,
        "heading_on_plain_page": may_head & is_plain,
        "longer_than_headings": np.clip(longer, 0.0, _MAX_VALUE) * may_head,
        "shorter_than_headings": np.clip(shorter, 0.0, _MAX_VALUE) * may_head,
        "few_possible_headings": may_head & are_few,
    }


def _usual_length(arrays: BlockArrays) -> int:
    """Return the median length of the page's possible headings, 0 where it has none."""
    lengths = np.sort(arrays.size[arrays.heads])
    if not len(lengths):
        return 0
    return int(lengths[len(lengths) // 2])
