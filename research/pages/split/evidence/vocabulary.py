"""Observations of the words that a heading shares with texts, and a text with the next heading."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from research.pages.split.blocks import Block
from research.pages.split.evidence.arrays import BlockArrays, Observations, shifted
from research.pages.split.shared_words import OF_HEADING, OF_TEXT, SharedWords


def observe_vocabulary(blocks: Sequence[Block], arrays: BlockArrays) -> Observations:
    """Observe the words that possible headings and texts that may begin an item share."""
    shared = SharedWords(blocks)
    n_blocks = len(blocks)
    heads = arrays.heads.tolist()
    n_heads = len(heads)
    shape = (n_blocks, len(OF_HEADING))
    of_heading = np.zeros(shape)
    for i in heads:
        of_heading[i] = shared.of_heading(i)
    shape = (n_blocks, len(OF_TEXT))
    of_text = np.zeros(shape)
    for i in _beginnings(arrays):
        following = bisect_left(heads, i)
        if following == n_heads:
            continue
        head = heads[following]
        of_text[i] = shared.of_text(i, head)
    names = (*OF_HEADING, *OF_TEXT)
    columns = (*of_heading.T, *of_text.T)
    return dict(zip(names, columns, strict=True))


def _beginnings(arrays: BlockArrays) -> list[int]:
    """Return the blocks of text that may begin an item or a paragraph."""
    after_sentence = shifted(arrays.closes, -1, False)
    is_names = arrays.byline | arrays.credit
    no_text = is_names | arrays.may_head
    begins = after_sentence & ~no_text
    beginnings = np.flatnonzero(begins)
    places: list[int] = beginnings.tolist()
    return places
