"""What the styles of a document set apart as headlines, decided over the whole file.

Lines of larger print; else of another font; else, where paragraphs are indented, lines that stand
after a gap and are not; else centred ones. Knows lines of print only, not what they say but for
the ends of sentences.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import NamedTuple

from research.pages.read.page import HEADLINE_SIZE
from research.pages.read.reading_order import INDENT, PrintedLine

SIZE_DIFFERENCE = 1.05  # Print that differs by less counts as of one size.
_SAME_CLASS = 0.93  # Headlines of one style differ by less, where justified print is squeezed.
_MIN_HEADLINES = 2
_MIN_SHARE_OF_LARGER = 0.1  # Of all runs of larger lines, those of the headlines' size.
_MAX_CHARACTERS = 120
_MAX_LINES = 4
_MIN_INDENTED = 3
_ORDINAL = re.compile(
    r"""
      [（(]? [一二三四五六七八九十]{1,3} [）)]? [、.．]      # 一、
    | [（(] (?:[一二三四五六七八九十]{1,3}|\d{1,2}) [）)]   # （二）
    | \d{1,2} [、.．] (?!\d)                             # 3.
    | 第 [一二三四五六七八九十\d]{1,3} [章节条]             # 第四节
    """,
    re.VERBOSE,
)
_SENTENCE_ENDS = ("。", "！", "？", "…", "”", "’", "）")


class StyledLine(NamedTuple):
    """A line of a document, with what its style shows; ``is_full``: it fills its column."""

    line: PrintedLine
    font: str = ""
    is_centred: bool = False
    is_full: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether it stands for a gap."""
        return self.line.box is None

    @property
    def is_indented(self) -> bool:
        """Whether a paragraph begins with it."""
        return self.line.text.startswith(INDENT) and not self.is_centred


Group = list[int]
"""The places of lines that stand together."""


def places_of_headlines(lines: Sequence[StyledLine], body: float) -> set[int]:
    """Return the places of the lines that styles set apart; *body* is the text's print size."""
    groups = _without_subheads(lines, _larger(lines, body))
    for find in (_of_other_font, _after_gap, _centred):
        groups = groups or _without_subheads(lines, find(lines))
    return {place for group in groups for place in group}


def with_headline_sizes(lines: Sequence[StyledLine], body: float) -> list[PrintedLine]:
    """Give headlines a headline's print size at least, and other larger lines the text's."""
    headlines = places_of_headlines(lines, body)
    least = HEADLINE_SIZE * body
    sized = []
    for place, entry in enumerate(lines):
        size = entry.line.size
        if place in headlines:
            size = max(size, least)
        elif size >= least:
            size = body
        sized.append(entry.line._replace(size=round(size, 2)))
    return sized


def _groups(lines: Sequence[StyledLine], is_apart: Callable[[StyledLine], bool]) -> list[Group]:
    """Return the runs of lines that are set apart; a gap between two does not part them."""
    printed = [place for place, entry in enumerate(lines) if not entry.is_blank]
    runs = groupby(printed, lambda place: is_apart(lines[place]))
    return [list(run) for apart, run in runs if apart]


def _without_subheads(lines: Sequence[StyledLine], groups: list[Group]) -> list[Group]:
    """Return the groups that no ordinal opens (一、, （二）, 3.), where others are left."""
    without = [group for group in groups if not _ORDINAL.match(lines[group[0]].line.text.strip())]
    return without if len(without) >= _MIN_HEADLINES else groups


def _larger(lines: Sequence[StyledLine], body: float) -> list[Group]:
    """Return the runs of larger lines that have the size of headlines.

    Of several sizes it is the largest that comes often: smaller ones by themselves are
    sub-headings, a larger one that comes once is the document's title.
    """
    least = SIZE_DIFFERENCE * body
    groups = _groups(lines, lambda entry: entry.line.size > least)
    if len(groups) < _MIN_HEADLINES:
        return []
    sizes = [_size(lines, group) for group in groups]
    headline = _usual_size(sizes)
    pairs = zip(groups, sizes, strict=True)
    return [group for group, size in pairs if size >= _SAME_CLASS * headline]


def _size(lines: Sequence[StyledLine], group: Group) -> float:
    return max(lines[place].line.size for place in group)


def _usual_size(sizes: Sequence[float]) -> float:
    """Return the largest size that comes often, the smallest where none does."""
    often = max(_MIN_HEADLINES, _MIN_SHARE_OF_LARGER * len(sizes))
    largest_first = sorted(set(sizes), reverse=True)
    for size in largest_first:
        n_alike = sum(_SAME_CLASS * size <= other <= size for other in sizes)
        if n_alike >= often:
            return size
    return largest_first[-1]


def _of_other_font(lines: Sequence[StyledLine]) -> list[Group]:
    """Return the runs of lines that are wholly of another font than the text."""
    characters = Counter[str]()
    for entry in lines:
        characters[entry.font] += len(entry.line.text)
    characters.pop("", None)
    if len(characters) < 2:
        return []
    [(font, _)] = characters.most_common(1)
    groups = _groups(lines, lambda entry: entry.font not in ("", font))
    return _if_headlines(lines, groups)


def _centred(lines: Sequence[StyledLine]) -> list[Group]:
    groups = _groups(lines, lambda entry: entry.is_centred)
    return _if_headlines(lines, groups)


def _if_headlines(lines: Sequence[StyledLine], groups: list[Group]) -> list[Group]:
    """Return the groups where all are as short as headlines, and there are several."""
    is_short = all(_n_characters(lines, group) <= _MAX_CHARACTERS for group in groups)
    return groups if is_short and len(groups) >= _MIN_HEADLINES else []


def _n_characters(lines: Sequence[StyledLine], group: Group) -> int:
    return sum(len(lines[place].line.text) for place in group)


def _after_gap(lines: Sequence[StyledLine]) -> list[Group]:
    """Return the lines between a gap and an indented paragraph, where paragraphs are indented."""
    n_indented = sum(entry.is_indented for entry in lines)
    if n_indented < _MIN_INDENTED:
        return []
    groups = []
    for place in range(len(lines)):
        if not _is_free(lines, place):
            continue
        group = _up_to_paragraph(lines, place)
        if group:
            groups.append(group)
    return _if_headlines(lines, groups)


def _is_free(lines: Sequence[StyledLine], place: int) -> bool:
    """Return whether a line does not go on with the one before it: a gap or a short line is."""
    entry = lines[place]
    if entry.is_blank or entry.is_indented:
        return False
    if place == 0:
        return True
    before = lines[place - 1]
    if before.is_blank:
        return True
    return not before.is_full and before.line.text.endswith(_SENTENCE_ENDS)


def _up_to_paragraph(lines: Sequence[StyledLine], first: int) -> Group:
    """Return the places from *first* to the next indented line, [] where they are no headline."""
    group: Group = []
    for place in range(first, len(lines)):
        entry = lines[place]
        if entry.is_blank:
            continue
        if entry.is_indented:
            return group
        if len(group) == _MAX_LINES or "。" in entry.line.text:
            return []
        group.append(place)
    return []
