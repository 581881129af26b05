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
        first = max(0, i - _NEIGHBOUR_LINES)
        last = i + _NEIGHBOUR_LINES
        near = sorted(widths[first : last + 1])
        n_near = len(near)
        place = 3 * n_near // 4 if n_near > 3 else -1
        columns.append(near[place])
    return columns


def paragraphs(
    lines: Sequence[Line], columns: Sequence[float], subheads: Collection[int] = ()
) -> list[str]:
    """Join an article's body lines into paragraphs.

    Parameters
    ----------
    lines: of the body, in order.
    columns: the width of each line's column.
    subheads: numbers of the lines that are sub-headings; neighbours among them are joined, too.
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
        shortfall = self.columns[i - 1] - before.width
        if shortfall <= (_UNFINISHED_COLON if has_colon else _UNFINISHED):
            return False
        if has_colon:
            return True
        return line.indented and not line.gap

    def _breaks_plain(self, i: int) -> bool:
        """Return whether a paragraph ends with line *i - 1*, which closes a sentence.

        There are no indents to judge by.
        """
        before, line = self.lines[i - 1], self.lines[i]
        shortfall = self.columns[i - 1] - before.width
        is_first = i == 1 or self._starts(i - 1)
        is_filled = shortfall <= (_FILLED_FIRST if is_first else _FILLED)
        if line.gap:
            # After a full line that closes a sentence, a narrower line starts a paragraph.
            next_shortfall = self.columns[i] - line.width
            return not is_filled or next_shortfall > _FILLED_BEFORE_GAP
        if is_filled:
            return False
        # Where paragraphs are apart, two lines that touch are one paragraph unless the first ends
        # early.
        return not self.uses_gaps or shortfall > _UNFINISHED

    def _starts(self, i: int) -> bool:
        """Return whether line *i* looks like a paragraph's first: narrower by an indent."""
        if not self.lines[i - 1].closes:
            return False
        line_width = self.lines[i].width
        shortfall = self.columns[i] - _INDENT - line_width
        return abs(shortfall) <= _FILLED


def _join(left: str, right: str) -> str:
    """Join two lines; Latin words that the column parted need a space."""
    if _is_latin(left[-1]) and _is_latin(right[0]):
        return f"{left} {right}"
    return left + right


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalpha()
