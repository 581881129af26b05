"""Hard-wrapped lines → paragraphs: what the column broke is joined, what the writer broke stays.

Does not decide which lines belong together: ``page`` does.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from research.pages.marks.spaces import tidy
from research.pages.split.lines import Line

_NEIGHBOUR_LINES = 6  # On either side, to judge a column's width by.
_MIN_INDENTED_LINES = 2  # Fewer are no habit of the article.
# Widths are in full-width characters; by so much may a line fall short of its column and fill it.
_FILLED = 0.75
_FILLED_FIRST = 2.5  # A paragraph's first line is narrower by its indent.
_FILLED_BEFORE_GAP = 0.5
_UNFINISHED = 3.0
_UNFINISHED_COLON = 1.5
_INDENT = 2.0


def column_widths(lines: Sequence[Line]) -> list[float]:
    """Return for every line the width of the column it is set in.

    The upper quartile of its neighbours: short last lines and indented first lines do not pull it
    down, one over-full line does not pull it up.
    """
    widths = [line.width for line in lines]
    columns = []
    for i in range(len(lines)):
        near = sorted(widths[max(0, i - _NEIGHBOUR_LINES) : i + _NEIGHBOUR_LINES + 1])
        columns.append(near[(3 * len(near)) // 4] if len(near) > 3 else near[-1])
    return columns


def paragraphs(
    lines: Sequence[Line], columns: Sequence[float], subheads: Collection[int] = ()
) -> list[str]:
    """Join an article's body lines into paragraphs.

    Parameters
    ----------
    lines: of the body, in order.
    columns: the width of each line's column.
    subheads: numbers of the lines that are sub-headings; those that follow each other are joined too.
    """
    body = _Body(lines, columns, subheads)
    texts: list[str] = []
    for i, line in enumerate(lines):
        if i and not body.breaks(i):
            texts[-1] = _join(texts[-1], line.text)
        else:
            texts.append(line.text)
    return [tidy(text) for text in texts]


class _Body:
    """An article's lines, and the habits of print that show in them."""

    def __init__(
        self, lines: Sequence[Line], columns: Sequence[float], subheads: Collection[int]
    ) -> None:
        self.lines = lines
        self.columns = columns
        self.subheads = subheads
        self.uses_indent = sum(line.indented for line in lines) >= _MIN_INDENTED_LINES
        self.uses_gaps = any(line.gap for line in lines[1:])

    def breaks(self, i: int) -> bool:
        """Return whether a paragraph ends before line *i*."""
        before, line = self.lines[i - 1], self.lines[i]
        is_subhead = line.number in self.subheads
        if (before.number in self.subheads) != is_subhead:
            return True
        if is_subhead:
            return line.gap
        if not before.closes:
            return self._breaks_unfinished(i)
        if line.indented:
            return True
        if self.uses_indent:
            return False
        if before.text.strip("…—.·") == "" or line.text.startswith("——"):
            return True
        return self._breaks_plain(i)

    def _breaks_unfinished(self, i: int) -> bool:
        """Return whether a paragraph ends with line *i - 1*, which does not close a sentence.

        A colon may end a paragraph; anything else that does not close was cut by the column.
        """
        before, line = self.lines[i - 1], self.lines[i]
        has_colon = before.text.endswith("：")
        shortfall = _UNFINISHED_COLON if has_colon else _UNFINISHED
        if before.width >= self.columns[i - 1] - shortfall:
            return False
        return has_colon or (line.indented and not line.gap)

    def _breaks_plain(self, i: int) -> bool:
        """Return whether a paragraph ends with line *i - 1*, which closes a sentence, without indents to judge by."""
        before, line = self.lines[i - 1], self.lines[i]
        column = self.columns[i - 1]
        is_first = i == 1 or self._starts(i - 1)
        filled = before.width >= column - (_FILLED_FIRST if is_first else _FILLED)
        if line.gap:
            # After a full line that closes a sentence, a narrower line starts a paragraph.
            return not (filled and line.width >= self.columns[i] - _FILLED_BEFORE_GAP)
        if filled:
            return False
        # Where paragraphs are apart, two lines that touch are one paragraph unless the first ends
        # early.
        return not self.uses_gaps or before.width < column - _UNFINISHED

    def _starts(self, i: int) -> bool:
        """Return whether line *i* looks like a paragraph's first: an indent narrower than its column."""
        shortfall = self.columns[i] - _INDENT - self.lines[i].width
        return self.lines[i - 1].closes and abs(shortfall) <= _FILLED


def _join(left: str, right: str) -> str:
    """Join two lines; Latin words that the column parted need a space."""
    return f"{left} {right}" if _is_latin(left[-1]) and _is_latin(right[0]) else left + right


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalpha()
