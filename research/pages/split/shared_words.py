"""On which side of a possible heading its words occur again, and whether the text continues.

A word is a pair of neighbouring Chinese characters; on one page pairs separate articles as well as
segmentation does, and need no dictionary. Compares; does not decide what a heading is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from operator import add
from typing import NamedTuple

from research.pages.split.blocks import Block

_NOT_HAN = re.compile(r"[^\u4e00-\u9fff]+")
_NEITHER_HAN_NOR_END = re.compile(r"[^\u4e00-\u9fff\n]+")
_LEAD_CHARACTERS = 64  # A paragraph's first words show what it is about.
_NEXT_CHARACTERS = 60
# How far the text on either side of a heading reaches, in characters and in blocks.
_AFTER_CHARACTERS = 250
_BEFORE_CHARACTERS = 600
_START_BLOCKS = 3
_MAX_HEADING_BLOCKS = 4
# The weight of a pair that occurs in n blocks of the page: the rarer, the more.
_WEIGHT_BY_BLOCKS = (0.0, *(1 / n for n in range(1, 20_001)))
_MIN_PAIRS = 5  # A heading of fewer pairs is weighed as if it had as many.
_MAX_SHARED = 6
_FEW_SHARED = 0.7
# Two halves of one news item share about a tenth of their pairs, neighbours on a page a fiftieth.
_USUAL_SHARE = 0.04
_RARE_BLOCKS = 4  # A pair in fewer blocks is rare.
_HARDLY_RARE_SHARE = 0.01

# The names of what `of_heading` and `of_text` return, in that order.
OF_HEADING = (
    "words_shared_with_text_after",
    "words_shared_with_text_before",
    "words_shared_with_next_words",
    "words_shared_with_start_of_text_before",
    "words_shared_only_after",
    "words_shared_only_before",
    "words_shared_with_neither",
    "hardly_shared_after",
    "hardly_shared_before",
    "text_continues",
    "text_continues_clearly",
    "text_turns",
    "text_turns_wholly",
)
OF_TEXT = (
    "next_heading_words_begin",
    "next_heading_words_before",
    "next_heading_words_begin_first",
)


def pairs_of(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring Chinese characters."""
    han = _NOT_HAN.sub("", text)
    return frozenset(map(add, han, han[1:]))


class _Sides(NamedTuple):
    """The text around a possible heading; sets of blocks are bits."""

    after: Sequence[int]
    after_bits: int
    before_bits: int
    start_bits: int
    next_text: str


class _Shared(NamedTuple):
    """Weights of a heading's pairs that occur after it, before it, on both sides; numbers of pairs
    that occur in the last item's beginning, in the next few words, on neither side.
    """

    after: float
    before: float
    both: float
    n_start: int
    n_next: int
    n_neither: int


class SharedWords:
    """The pairs of a page's blocks, and the blocks that each occurs in."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        # One substitution for the whole page: calls cost more than characters.
        leads = "\n".join([_lead(block) for block in blocks])
        # In the order of the text: sums of floats over a set depend on the process's hash seed.
        self.pairs = [
            dict.fromkeys(map(add, han, han[1:])).keys()
            for han in _NEITHER_HAN_NOR_END.sub("", leads).split("\n")
        ]
        # The blocks that a pair occurs in, as bits.
        self.bits: dict[str, int] = {}
        bits = self.bits
        for i, pairs in enumerate(self.pairs):
            bit = 1 << i
            for pair in pairs:
                bits[pair] = bits.get(pair, 0) | bit

    def of_heading(self, i: int) -> list[float]:
        """Compare possible heading *i* with the text on either side, in the order of OF_HEADING."""
        sides = self._sides(i)
        shared = self._shared(i, sides)
        n_pairs = len(self.pairs[i])
        size = max(n_pairs, _MIN_PAIRS) / 3
        only_after = min(shared.after - shared.both, _MAX_SHARED) / 2
        only_before = min(shared.before - shared.both, _MAX_SHARED) / 2
        return [
            shared.after / size,
            shared.before / size,
            shared.n_next / size,
            shared.n_start / size,
            only_after,
            only_before,
            3 * shared.n_neither / max(n_pairs, 1),
            shared.after < _FEW_SHARED,
            shared.before < _FEW_SHARED,
            *self._cohesion(sides.after, sides.before_bits),
        ]

    def of_text(self, i: int, heading: int) -> tuple[float, float, float]:
        """Compare block *i* of text with the next possible heading, in the order of OF_TEXT."""
        heading_pairs = self.pairs[heading]
        if not heading_pairs:
            return 0.0, 0.0, 0.0
        bits = self.bits
        before_bits = _bits(self._before(i))
        size = max(len(heading_pairs), _MIN_PAIRS) / 3
        n_before = sum([bits[pair] & before_bits > 0 for pair in heading_pairs])
        here = len(heading_pairs & self.pairs[i]) / size
        before = n_before / size
        return here, before, max(here - before, 0.0)

    def _sides(self, i: int) -> _Sides:
        after = self._after(i)
        before = self._before(i)
        start = self._start(i)
        next_text = ""
        if after:
            following = self.blocks[after[0]]
            next_text = following.text[:_NEXT_CHARACTERS]
        return _Sides(
            after=after,
            after_bits=_bits(after),
            before_bits=_bits(before),
            start_bits=_bits(start),
            next_text=next_text,
        )

    def _shared(self, i: int, sides: _Sides) -> _Shared:
        """Weigh and count the pairs of heading *i* by the side that they occur on."""
        bits = self.bits
        _, after_bits, before_bits, start_bits, next_text = sides
        after = before = both = 0.0
        n_start = n_next = n_neither = 0
        for pair in self.pairs[i]:
            places = bits[pair]
            weight = _WEIGHT_BY_BLOCKS[places.bit_count() - 1]
            is_before = places & before_bits
            if places & after_bits:
                after += weight
                if is_before:
                    both += weight
            elif not is_before:
                n_neither += 1
            if is_before:
                before += weight
            if places & start_bits:
                n_start += 1
            if pair in next_text:
                n_next += 1
        return _Shared(after, before, both, n_start, n_next, n_neither)

    def _cohesion(
        self, after: Sequence[int], before_bits: int
    ) -> tuple[float, float, float, float]:
        """Compare the text after with the text before: do the words go on (Hearst 1997)?"""
        if not (after and before_bits):
            return 0.0, 0.0, 0.0, 0.0
        bits = self.bits
        places = [bits[pair] for k in after for pair in self.pairs[k]]
        n_pairs = max(len(places), 1)
        common = [bits_of_pair for bits_of_pair in places if bits_of_pair & before_bits]
        shared = len(common) / n_pairs
        # Pairs that occur in few blocks separate items best.
        rare = sum([bits_of_pair.bit_count() < _RARE_BLOCKS for bits_of_pair in common]) / n_pairs
        return (
            min(max(30 * (shared - _USUAL_SHARE), 0.0), 3.0),
            min(max(40 * rare, 0.0), 3.0),
            min(max(50 * (_USUAL_SHARE - shared), 0.0), 2.0),
            float(rare < _HARDLY_RARE_SHARE),
        )

    def _after(self, i: int) -> list[int]:
        """Return the blocks of text after heading *i*, up to some 250 characters."""
        blocks = self.blocks
        k = i + 1
        while k < min(len(blocks), i + _MAX_HEADING_BLOCKS) and blocks[k].may_head:
            k += 1
        places: list[int] = []
        size = 0
        while k < len(blocks) and size < _AFTER_CHARACTERS:
            block = blocks[k]
            if places and (block.opens or block.may_head):
                break
            if block.role == "text":
                places.append(k)
                size += len(block.text)
            k += 1
        return places

    def _before(self, i: int) -> list[int]:
        """Return the blocks of text before block *i*, in the same item, some 600 characters."""
        places: list[int] = []
        size = 0
        for k in range(self._last_text(i), -1, -1):
            block = self.blocks[k]
            if size >= _BEFORE_CHARACTERS or block.role != "text":
                break
            places.append(k)
            size += len(block.text)
            if block.opens:
                break
        return places

    def _start(self, i: int) -> range:
        """Return the first blocks of the text before heading *i*.

        It begins with a news lead or after the last possible heading.
        """
        blocks = self.blocks
        end = first = self._last_text(i)
        while first > 0:
            block = blocks[first]
            if block.opens or block.role != "text" or blocks[first - 1].may_head:
                break
            first -= 1
        return range(max(first, 0), min(first + _START_BLOCKS, end + 1))

    def _last_text(self, i: int) -> int:
        """Return the last block before block *i* that is no possible heading, or -1."""
        k = i - 1
        while k > max(-1, i - _MAX_HEADING_BLOCKS) and self.blocks[k].may_head:
            k -= 1
        return k


def _lead(block: Block) -> str:
    return block.text[:_LEAD_CHARACTERS].replace("\n", "") if block.role == "text" else ""


def _bits(places: Sequence[int]) -> int:
    bits = 0
    for k in places:
        bits |= 1 << k
    return bits
