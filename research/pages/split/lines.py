"""What one line of a page can be: text, opener, byline, credit, or a line of the page's own.

Looks at a line and its neighbour, never at the whole page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple

from research.pages.marks.bylines import (
    BULLETS,
    BYLINE_TAIL,
    INLINE_CREDIT,
    OPENER,
    is_byline,
    is_credit,
)
from research.pages.marks.jumps import JUMP_FROM, JUMP_TO
from research.pages.marks.spaces import BLANKS, SPACES
from research.pages.split.asides import Aside, AsideReason, aside_reason

Role = Literal["text", "byline", "credit"]

_EDGE_LINES = 8  # So many first and last lines may be the page's own without more wording.
_SPACED_SHARE = 0.9  # Of lines with a blank line after: more, and blank lines mean nothing.
_MIN_INDENT_WIDTH = 1.5  # Full-width characters.
_SENTENCE_ENDS = ("。", "！", "？", "…", "!", "?")
_CLOSERS = "”’》）)】」』〉"
# First and last characters of marks; tried before the costly patterns.
_OPENER_STARTS = frozenset("本新中人央光经据（(【上紧接▶◀←")
_MARK_ENDS = ("）", ")", "】", "▶", "→", "版", "摄", "图", "报道")


class Line(NamedTuple):
    """One non-blank line of an article.

    ``width`` is in full-width characters; ``closes``: a sentence or an item ends with this line;
    ``opens``: an item begins here for certain (a news lead, a jump from another page); ``role``: a
    line that is only a byline or only names a photographer is no text; ``size`` of the print in
    points, 0 where it is not known.
    """

    number: int
    text: str
    width: float
    indented: bool
    gap: bool
    closes: bool
    opens: bool
    role: Role
    size: float = 0.0


class _Filled(NamedTuple):
    """A line that is not blank; ``gap``: after a blank line that means something."""

    number: int
    text: str
    gap: bool


def width(text: str) -> float:
    """Return the printed width in full-width characters: ``12月`` → 2.0."""
    return len(text) - len(text.encode("ascii", "ignore")) / 2


def closes(text: str) -> bool:
    """Return whether a sentence ends with this text."""
    unquoted = text.rstrip(_CLOSERS) if text[-1:] in _CLOSERS else text
    return unquoted.endswith(_SENTENCE_ENDS)


def lines_of(
    raw: Sequence[str],
    sizes: Sequence[float] = (),
    taken_out: Mapping[int, AsideReason] = MappingProxyType({}),
) -> tuple[list[Line], list[Aside]]:
    """Sort a page's non-blank lines into those that can be an article's and the page's own.

    Parameters
    ----------
    raw: every line of the page, without line ends.
    sizes: the size of each line's print in points; empty where it is not known.
    taken_out: the lines that are known to be none of an article, by number; text goes on over them.
    """
    lines: list[Line] = []
    asides: list[Aside] = []
    filled = _filled(raw)
    last_edge = len(filled) - _EDGE_LINES
    before = ""
    gap = ended = True
    for place, (number, text, parted) in enumerate(filled):
        if number in taken_out:
            asides.append(Aside(number, text, taken_out[number]))
            continue
        gap = gap or parted
        by_itself = gap or ended
        at_edge = by_itself and (place < _EDGE_LINES or place >= last_edge)
        if reason := aside_reason(text, at_edge):
            asides.append(Aside(number, text, reason))
            gap = ended = True
            continue
        role = _role(text, by_itself)
        opens = role == "text" and _opens(filled, place)
        ended = closes(text) or _ends_item(text, "" if gap else before)
        indented = _is_indented(raw[number - 1])
        line = Line(
            number=number,
            text=text,
            width=width(text),
            indented=indented,
            gap=gap,
            closes=ended,
            opens=opens,
            role=role,
            size=sizes[number - 1] if sizes else 0.0,
        )
        lines.append(line)
        before, gap = text, False
        ended = ended or role != "text"
    return lines, asides


def _filled(raw: Sequence[str]) -> list[_Filled]:
    """Return the lines that are not blank, stripped."""
    filled: list[_Filled] = []
    last = 0
    for number, line in enumerate(raw, 1):
        text = line.strip(BLANKS)
        if not text:
            continue
        gap = bool(filled) and number > last + 1
        filled.append(_Filled(number, text, gap))
        last = number
    n_gaps = sum(line.gap for line in filled)
    # A blank line after every line means nothing.
    if len(filled) > _EDGE_LINES and n_gaps > _SPACED_SHARE * len(filled):
        return [line._replace(gap=False) for line in filled]
    return filled


def _role(text: str, by_itself: bool) -> Role:
    # What continues an unfinished line is no credit: a name may be broken at the column's end.
    if (by_itself or text[0] in BULLETS) and is_credit(text):
        return "credit"
    return "byline" if is_byline(text) else "text"


def _opens(filled: Sequence[_Filled], place: int) -> bool:
    """Return whether an item begins with this line; its news lead may continue in the next line."""
    text = filled[place].text
    if text[0] not in _OPENER_STARTS:
        return False
    following = filled[place + 1 : place + 2]
    if following and not following[0].gap:
        text += following[0].text
    return bool(OPENER.match(text) or JUMP_FROM.match(text))


def _ends_item(text: str, before: str) -> bool:
    """Return whether a mark ends an item here; it may have begun in the line *before*."""
    if not text.endswith(_MARK_ENDS):
        return False
    both = before + text
    return bool(JUMP_TO.search(both) or BYLINE_TAIL.search(both) or INLINE_CREDIT.search(both))


def _is_indented(line: str) -> bool:
    if line[0] not in SPACES:
        return False
    indent = line[: len(line) - len(line.lstrip(SPACES))]
    return width(indent) >= _MIN_INDENT_WIDTH
