"""Observations of the words that blocks share: a heading with the text on either side, a text with the next heading."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from research.pages.split.blocks import Block
from research.pages.split.evidence.arrays import BlockArrays, Observations, shifted
from research.pages.split.shared_words import OF_HEADING, OF_TEXT, SharedWords


def observe_vocabulary(blocks: Sequence[Block], arrays: BlockArrays) -> Observations:
    """Observe the words that each possible heading, and each text that may begin an item, shares."""
    shared = SharedWords(blocks)
    heads = arrays.heads
    of_heading = np.zeros((len(blocks), len(OF_HEADING)))
    for i in heads.tolist():
        of_heading[i] = shared.of_heading(i)
    of_text = np.zeros((len(blocks), len(OF_TEXT)))
    may_begin = shifted(arrays.closes, -1, False)
    begins = may_begin & ~arrays.may_head & ~arrays.byline & ~arrays.credit
    following = np.searchsorted(heads, np.arange(len(blocks)))
    for i in np.flatnonzero(begins).tolist():
        if following[i] < len(heads):
            of_text[i] = shared.of_text(i, int(heads[following[i]]))
    names = (*OF_HEADING, *OF_TEXT)
    return dict(zip(names, (*of_heading.T, *of_text.T), strict=True))
