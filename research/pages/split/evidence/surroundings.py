"""Observations of what is before and after a block: bylines, leads, possible headings."""

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
    leads = arrays.opens | arrays.byline
    lead_next = shifted(arrays.opens, 1, False)
    byline_next = shifted(arrays.byline, 1, False)
    led = lead_next | byline_next | arrays.is_last
    unled = arrays.may_head & ~led
    return {
        "news_lead_next": lead_next,
        "news_lead_after_next": shifted(leads, 2, False),
        "several_news_leads_next": _briefs_follow(arrays, leads),
        "no_news_lead_next": np.where(unled, _share_led(arrays, leads), 0.0),
    }


def _share_led(arrays: BlockArrays, leads: Column) -> float:
    """Return how usual leads are under the page's headings: one without weighs as much."""
    n_heads = len(arrays.heads)
    if not n_heads:
        return 0.0
    n_leads = int(leads.sum())
    return min(n_leads / n_heads, 1.0)


def _briefs_follow(arrays: BlockArrays, leads: Column) -> Column:
    """Return where several briefs run together follow, without a possible heading."""
    begins = leads | (arrays.bullet & ~arrays.may_head)
    n_briefs = np.zeros(len(leads), dtype=int)
    for step in _BRIEFS_REACH_BLOCKS:
        n_briefs += shifted(begins, step, False)
    headed = arrays.none.copy()
    for step in _HEADINGS_REACH_BLOCKS:
        headed |= shifted(arrays.may_head, step, False)
    several: Column = (n_briefs >= _MIN_BRIEFS) & ~headed
    return several


def _text_since_heading(arrays: BlockArrays) -> Column:
    """Return the characters of text from the last possible heading to each block."""
    sizes = _text_sizes(arrays)
    total: Column = np.cumsum(sizes) - sizes
    after_heading = shifted(arrays.may_head, -1, False)
    since: Column = total - _last_total(total, after_heading)
    return since


def _text_until_heading(arrays: BlockArrays) -> Column:
    """Return the characters of text between each block and the next possible heading."""
    sizes = _text_sizes(arrays)[::-1]
    total: Column = np.cumsum(sizes) - sizes
    before_heading = shifted(arrays.may_head, 1, False)[::-1]
    until: Column = total - _last_total(total, before_heading)
    return until[::-1]


def _text_sizes(arrays: BlockArrays) -> Column:
    return np.where(arrays.may_head, 0, arrays.size)


def _last_total(total: Column, at_heading: Column) -> Column:
    """Return the running total at the last heading before each block, 0 before the first."""
    last: Column = np.maximum.accumulate(np.where(at_heading, total, 0))
    return last
