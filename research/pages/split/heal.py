"""Hard-wrapped lines → paragraphs: what the column broke is joined, what the writer broke stays.

Does not decide which lines belong together: ``split`` does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from research.pages.split.lines import Line

_SPACE = re.compile(r"[\s\u3000\u00a0]+")
_LETTER = r"[\u4e00-\u9fffA-Za-z]"
# A space stays only between two letters (names, Latin words) or two numbers.
_STRAY = re.compile(
    rf"(?<!{_LETTER}) (?=\D)|(?<={_LETTER}) (?!{_LETTER})|(?<=\d) (?=\D)|(?<=\D) (?=\d)|(?<=[^\w\s]) (?=\d)"
)
_NEIGHBOURS = 6


def tidy(text: str) -> str:
    """Collapse white space and drop what typesetting left: ``案件 496 件`` → ``案件496件``."""
    return _STRAY.sub("", _SPACE.sub(" ", text).strip()) if _SPACE.search(text) else text


def column_widths(lines: Sequence[Line]) -> list[float]:
    """Return for every line the width of the column it stands in.

    The upper quartile of its neighbours: short last lines and indented first lines do not pull it down,
    one over-full line does not pull it up.
    """
    widths = [line.width for line in lines]
    columns = []
    for i in range(len(lines)):
        near = sorted(widths[max(0, i - _NEIGHBOURS) : i + _NEIGHBOURS + 1])
        columns.append(near[(3 * len(near)) // 4] if len(near) > 3 else near[-1])
    return columns


def paragraphs(
    lines: Sequence[Line], columns: Sequence[float], alone: Collection[int] = ()
) -> list[str]:
    """Join an article's body lines, each with its column's width, into paragraphs; those numbered in *alone* are sub-headings.

    Lines of one sub-heading that follow each other are joined too.
    """
    result: list[str] = []
    uses_indent = sum(line.indented for line in lines) >= 2
    parted = any(line.gap for line in lines[1:])
    for i, line in enumerate(lines):
        if i and not _breaks(lines, i, columns, alone, uses_indent, parted):
            result[-1] = _join(result[-1], line.text)
        else:
            result.append(line.text)
    return [tidy(text) for text in result]


def _breaks(
    lines: Sequence[Line],
    i: int,
    columns: Sequence[float],
    alone: Collection[int],
    uses_indent: bool,
    parted: bool,
) -> bool:
    before, line = lines[i - 1], lines[i]
    if (before.number in alone) != (line.number in alone):
        return True
    if line.number in alone:
        return line.gap
    if line.indented and before.closes:
        return True
    if not before.closes:
        # A colon may end a paragraph; anything else that does not close was cut by the column.
        ends_early = before.width < columns[i - 1] - (1.5 if before.text.endswith("：") else 3)
        return ends_early and (before.text.endswith("：") or (line.indented and not line.gap))
    if uses_indent:
        return False
    dots = before.text.strip("…—.·") == "" or line.text.startswith("——")
    if dots:
        return True
    first = i == 1 or _starts(lines, i - 1, columns)
    filled = before.width >= columns[i - 1] - (2.5 if first else 0.75)
    # After a full line that closes a sentence, an indented (so narrower) line starts a paragraph.
    if line.gap:
        return not (filled and line.width >= columns[i] - 0.5)
    # Where paragraphs stand apart, two lines that touch are one paragraph unless the first ends early.
    return not filled and (not parted or before.width < columns[i - 1] - 3)


def _starts(lines: Sequence[Line], i: int, columns: Sequence[float]) -> bool:
    """Whether line *i* looks like a paragraph's first line: an indent narrower than its column."""
    return lines[i - 1].closes and abs(columns[i] - 2 - lines[i].width) <= 0.75


def _join(left: str, right: str) -> str:
    latin = left[-1].isascii() and left[-1].isalpha() and right[0].isascii() and right[0].isalpha()
    return f"{left} {right}" if latin else left + right
