"""Observations of what is before and after a block: bylines, leads, possible headings, and how far they are."""

from __future__ import annotations

import numpy as np

from research.pages.split.evidence.arrays import (
    NO_WIDTH,
    BlockArrays,
    Column,
    Observations,
    shifted,
)

_SHORTFALL = 0.75  # Full-width characters by which a line may fall short of its column and fill it.
_MIN_INDENT = 1.25
_MAX_INDENT = 3
_SHORT_CHARACTERS = 60
_CHARACTERS_PER_UNIT = 400  # Of text since the last possible heading.
_MAX_VALUE = 3.0
_BRIEFS_REACH_BLOCKS = (
    1,
    2,
    3,
    4,
    5,
)  # Briefs run together are looked for in so many blocks after,
_HEADINGS_REACH_BLOCKS = (1, 2, 3, 4)  # where these hold no possible heading.
_MIN_BRIEFS = 3


def observe_before(arrays: BlockArrays) -> Observations:
    """Observe what is before each block."""
    may_head, is_first = arrays.may_head, arrays.is_first
    closed = shifted(arrays.closes, -1, False)
    headed = shifted(may_head, -1, False)
    is_short = arrays.last_width < arrays.column - _SHORTFALL
    short = shifted(is_short, -1, False)
    since = np.where(is_first, 0, _text_since_heading(arrays))
    return {
        "first_on_page": is_first,
        "previous_ends_sentence": closed,
        "previous_unfinished": ~(closed | headed | is_first),
        "after_byline_line": shifted(arrays.byline, -1, False),
        "after_credit_line": shifted(arrays.credit, -1, False),
        "after_item_end": shifted(arrays.ends_item, -1, False),
        "after_possible_heading": headed,
        "previous_ends_short": closed & short,
        "previous_ends_full": closed & ~short,
        "heading_after_full_line": may_head & closed & ~short,
        "short_text_since_heading": (since < _SHORT_CHARACTERS) & ~is_first,
        "long_text_since_heading": np.minimum(since / _CHARACTERS_PER_UNIT, _MAX_VALUE),
    }


def observe_after(arrays: BlockArrays) -> Observations:
    """Observe what is after each block."""
    return _observe_next(arrays) | _observe_next_lines(arrays) | _observe_leads(arrays)


def _observe_next(arrays: BlockArrays) -> Observations:
    return {
        "last_on_page": arrays.is_last,
        "byline_line_next": shifted(arrays.byline, 1, False),
        "continuation_next": shifted(arrays.continues, 1, False),
        "possible_heading_next": shifted(arrays.may_head, 1, False),
        "date_next": shifted(arrays.dated, 1, False),
        "time_next": shifted(arrays.timed, 1, False),
        "short_text_until_heading": _text_until_heading(arrays) < _SHORT_CHARACTERS,
    }


def _observe_next_lines(arrays: BlockArrays) -> Observations:
    gap = shifted(arrays.gap, 1, False)
    first_width = shifted(arrays.first_width, 1, 0.0)
    second_width = shifted(arrays.second_width, 1, NO_WIDTH)
    indent = second_width - first_width
    is_full = first_width >= shifted(arrays.column, 1, 1e9) - _SHORTFALL
    continues = shifted(arrays.n_lines, 1, 0) > 1
    return {
        "blank_line_next": gap,
        "indented_text_next": shifted(arrays.indented, 1, False),
        "narrower_text_next": (indent >= _MIN_INDENT) & (indent <= _MAX_INDENT),
        "full_line_after_blank_next": gap & is_full & continues,
    }


def _observe_leads(arrays: BlockArrays) -> Observations:
    may_head = arrays.may_head
    leads = arrays.opens | arrays.byline
    lead_next = shifted(arrays.opens, 1, False)
    byline_next = shifted(arrays.byline, 1, False)
    # How usual leads are under the page's headings; a heading without one weighs as much.
    n_heads = len(arrays.heads)
    share = min(int(leads.sum()) / n_heads, 1.0) if n_heads else 0.0
    unled = may_head & ~lead_next & ~byline_next & ~arrays.is_last
    begins = leads | (arrays.bullet & ~may_head)
    briefs = sum(shifted(begins, k, False).astype(int) for k in _BRIEFS_REACH_BLOCKS)
    headed = np.any([shifted(may_head, k, False) for k in _HEADINGS_REACH_BLOCKS], axis=0)
    return {
        "news_lead_next": lead_next,
        "news_lead_after_next": shifted(leads, 2, False),
        "several_news_leads_next": (briefs >= _MIN_BRIEFS) & ~headed,
        "no_news_lead_next": np.where(unled, share, 0.0),
    }


def _text_since_heading(arrays: BlockArrays) -> Column:
    """Return the characters of text from the last possible heading to each block."""
    sizes = np.where(arrays.may_head, 0, arrays.size)
    total: Column = np.cumsum(sizes) - sizes
    return total - _last_total(total, shifted(arrays.may_head, -1, False))


def _text_until_heading(arrays: BlockArrays) -> Column:
    """Return the characters of text between each block and the next possible heading."""
    sizes = np.where(arrays.may_head, 0, arrays.size)
    total: Column = np.cumsum(sizes[::-1])[::-1] - sizes
    reversed_total = _last_total(total[::-1], shifted(arrays.may_head, 1, False)[::-1])
    return total - reversed_total[::-1]


def _last_total(total: Column, at_heading: Column) -> Column:
    """Return the running total at the last heading before each block, 0 before the first."""
    last: Column = np.maximum.accumulate(np.where(at_heading, total, 0))
    return last
