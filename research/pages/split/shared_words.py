"""Which side of a possible heading its words are repeated on, and whether the text goes on across it.

A word is a pair of neighbouring Chinese characters; on one page that tells articles apart as well as segmentation does,
and takes no dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from operator import add

from research.pages.split.blocks import Block

_NOT_HAN = re.compile(r"[^\u4e00-\u9fff]+")
_NEITHER_HAN_NOR_END = re.compile(r"[^\u4e00-\u9fff\n]+")
# A paragraph's first words say what it is about.
_LEAD = 64
_INVERSE = (0.0, *(1 / n for n in range(1, 20_001)))

OF_HEADING = (
    "words shared with the text after",
    "words shared with the text before",
    "words shared with the next few words",
    "words shared with the beginning of the text before",
    "words shared with the text after only",
    "words shared with the text before only",
    "words shared with neither side",
    "hardly a word shared with the text after",
    "hardly a word shared with the text before",
    "text goes on with the same words",
    "text goes on with many of the same words",
    "text turns to other words",
    "text turns to wholly other words",
)
OF_TEXT = (
    "the next heading's words begin here",
    "the next heading's words stood before",
    "the next heading's words stand here, not before",
)


def pairs_of(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring Chinese characters."""
    bare = _NOT_HAN.sub("", text)
    return frozenset(map(add, bare, bare[1:]))


class SharedWords:
    """The pairs of a page's blocks, and where on the page each stands."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        # One substitution for the whole page: calls cost more than characters.
        leads = "\n".join(
            [
                block.text[:_LEAD].replace("\n", "") if block.role == "text" else ""
                for block in blocks
            ]
        )
        self.pairs = [
            frozenset(map(add, bare, bare[1:]))
            for bare in _NEITHER_HAN_NOR_END.sub("", leads).split("\n")
        ]
        # The blocks that a pair stands in, as bits.
        self.where: dict[str, int] = {}
        where = self.where
        for i, pairs in enumerate(self.pairs):
            bit = 1 << i
            for pair in pairs:
                where[pair] = where.get(pair, 0) | bit

    def of_heading(self, i: int) -> list[float]:
        """Compare possible heading *i* with the text on either side: the figures that OF_HEADING names.

        The rarer a pair is on the page, the more it counts.
        """
        pairs, where = self.pairs[i], self.where
        after = self._after(i)
        beyond, behind, start = _bits(after), _bits(self._before(i)), _bits(self._start(i))
        near = self.blocks[after[0]].text[:60] if after else ""
        ahead = back = both = 0.0
        begun = soon = alone = 0
        for pair in pairs:
            bits = where[pair]
            worth = _INVERSE[bits.bit_count() - 1]
            if bits & beyond:
                ahead += worth
                both += worth if bits & behind else 0.0
            elif not bits & behind:
                alone += 1
            back += worth if bits & behind else 0.0
            begun += bits & start > 0
            soon += pair in near
        size = max(len(pairs), 5) / 3
        only_after, only_before = min(ahead - both, 6) / 2, min(back - both, 6) / 2
        own = [
            ahead / size,
            back / size,
            soon / size,
            begun / size,
            only_after,
            only_before,
            3 * alone / max(len(pairs), 1),
            ahead < 0.7,
            back < 0.7,
        ]
        return [*own, *self._cohesion(after, behind)]

    def _cohesion(self, after: Sequence[int], behind: int) -> tuple[float, float, float, float]:
        """Say whether the text after goes on with the words of the text before (Hearst 1997).

        Halves of one news item share about a tenth of their pairs, neighbours on a page a fiftieth.
        """
        if not (after and behind):
            return 0.0, 0.0, 0.0, 0.0
        where = self.where
        all_bits = [where[pair] for k in after for pair in self.pairs[k]]
        common = [bits for bits in all_bits if bits & behind]
        shared = len(common) / max(len(all_bits), 1)
        # Pairs that stand in two blocks only tell most.
        rare = sum([bits.bit_count() < 4 for bits in common]) / max(len(all_bits), 1)
        return (
            min(max(30 * (shared - 0.04), 0.0), 3.0),
            min(max(40 * rare, 0.0), 3.0),
            min(max(50 * (0.04 - shared), 0.0), 2.0),
            float(rare < 0.01),
        )

    def of_text(self, i: int, heading: int) -> tuple[float, float, float]:
        """Say whether text begins at block *i* that the next possible heading speaks of: the figures that OF_TEXT names."""
        head = self.pairs[heading]
        if not head:
            return 0.0, 0.0, 0.0
        behind, size = _bits(self._before(i)), max(len(head), 5) / 3
        here = len(head & self.pairs[i]) / size
        stood = sum([self.where[pair] & behind > 0 for pair in head]) / size
        return here, stood, max(here - stood, 0.0)

    def _after(self, i: int) -> list[int]:
        """Return the blocks of text after heading *i*, up to some 250 characters."""
        blocks, k = self.blocks, i + 1
        while k < min(len(blocks), i + 4) and blocks[k].may_head:
            k += 1
        found: list[int] = []
        size = 0
        while (
            k < len(blocks)
            and size < 250
            and not (found and (blocks[k].opens or blocks[k].may_head))
        ):
            if blocks[k].role == "text":
                found.append(k)
                size += len(blocks[k].text)
            k += 1
        return found

    def _before(self, i: int) -> list[int]:
        """Return the blocks of text before block *i*, up to some 600 characters and the item's beginning."""
        blocks, k = self.blocks, self._last_text(i)
        found: list[int] = []
        size = 0
        while k >= 0 and size < 600:
            block = blocks[k]
            if block.role != "text":
                break
            found.append(k)
            size += len(block.text)
            if block.opens:
                break
            k -= 1
        return found

    def _start(self, i: int) -> range:
        """Return the first blocks of the stretch that ends before heading *i*: from a news lead or the last possible heading."""
        blocks = self.blocks
        end = k = self._last_text(i)
        while k > 0 and not (blocks[k].opens or blocks[k].role != "text" or blocks[k - 1].may_head):
            k -= 1
        return range(max(k, 0), min(k + 3, end + 1))

    def _last_text(self, i: int) -> int:
        k = i - 1
        while k > max(-1, i - 4) and self.blocks[k].may_head:
            k -= 1
        return k


def _bits(found: Sequence[int]) -> int:
    bits = 0
    for k in found:
        bits |= 1 << k
    return bits
