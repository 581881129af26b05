"""Assign a page's lines to articles.

Lines become blocks; every block says how much speaks for its being a heading. A page is then the
sequence of items with the highest total evidence (a semi-Markov model over blocks, solved exactly by
dynamic programming), once with headlines before their bodies and once after: the order that explains
the page better is the page's order.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Literal

from research.articles import Article, Kind
from research.pages.heal import column_widths, paragraphs, tidy
from research.pages.lines import (
    INLINE_CREDIT,
    JUMP_FROM,
    JUMP_TO,
    NEWS_LEAD,
    NOTICE_CUE,
    NOTICE_HEADLINE,
    Line,
    Role,
    lines_of,
)
from research.pages.page import Page

Order = Literal["after", "before"]
Spans = tuple[tuple[int, int], ...]
_NEVER = -9.0
_MAY_HEAD = -1.0
_SUBHEADING = 0.8
_HAN = re.compile(r"[\u4e00-\u9fff]")
_DATELINE = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日|图为|近日|昨日")
_TWO_PARTS = re.compile(r"\S{3,}[ \u3000]+\S{3,}")
_BYLINE_HEAD = re.compile(rf"^\s*({NEWS_LEAD}\s*(?:[（(][^）)。]{{2,60}}[）)])?|[（(](?:本报|见习|实习)*(?:记者|通讯员)[^）)。]{{2,60}}[）)])\s*")
_BYLINE_TAIL = re.compile(r"\s*[（(]((?:本报|见习|全媒体|融媒体)*(?:记者|通讯员)[^（）()。，]{2,40}|据[^（）()。，]{2,16})[）)]$")
_CHINESE_NUMBERS = {char: n for n, char in enumerate("一二三四五六七八九十", 1)}


@dataclass(slots=True)
class _Block:
    """Consecutive lines that surely stand or fall together."""

    lines: list[Line]
    column: float
    text: str = ""
    heading: float = _NEVER
    # Width of the wrapped (so full) lines up to this block, and from it on; 0 where there is none near.
    wrapped: tuple[float, float] = (0.0, 0.0)
    # Whether a photographer's credit follows soon.
    captioned: bool = False

    @property
    def role(self) -> Role:
        return self.lines[0].role

    @property
    def opens(self) -> bool:
        return self.lines[0].opens or self.lines[0].role == "byline"

    @property
    def closes(self) -> bool:
        return self.role != "text" or self.lines[-1].closes or bool(JUMP_TO.search(self.lines[-1].text))

    @property
    def may_head(self) -> bool:
        return self.heading > _MAY_HEAD


def split_page(page: Page) -> list[Article]:
    """Split a page into its articles, in the page's order.

    Every non-blank line belongs to exactly one article, folio lines (page number, hot line, editors) aside.
    """
    lines = lines_of(page.lines)
    if not lines:
        return []
    blocks = _blocks(lines)
    after, before = _Street(blocks, "after").best_cuts(), _Street(blocks, "before").best_cuts()
    order: Order = "before" if before > after else "after"
    _, cuts = max(after, before)
    items = [blocks[start:end] for start, end in pairwise(cuts)]
    kept = {line.number for line in lines}
    aside = {n for n, text in enumerate(page.lines, 1) if text.strip() and n not in kept}
    return [_article(item, order, page.date, _spans(item, aside)) for item in items]


def _blocks(lines: list[Line]) -> list[_Block]:
    columns = column_widths(lines)
    indents = sum(line.indented for line in lines) >= 3
    flush = indents or sum(line.gap for line in lines) * 10 < len(lines)
    blocks: list[_Block] = []
    for i, line in enumerate(lines):
        after = lines[i + 1] if i + 1 < len(lines) else None
        if i and line.role == "text" == blocks[-1].role and not _parts(blocks[-1].lines, line, after, columns[i - 1], flush):
            blocks[-1].lines.append(line)
        else:
            blocks.append(_Block([line], columns[i]))
    for block in blocks:
        block.text = "".join(line.text for line in block.lines)
        wrapped = sorted(line.width for line in block.lines if not line.closes)
        if len(wrapped) >= 2 and block.lines[-1].closes:
            # Enough full lines to tell their column without their neighbours'.
            block.column = wrapped[3 * len(wrapped) // 4]
    for i, block in enumerate(blocks):
        own = _wrapped([block])
        block.wrapped = own or _wrapped(blocks[max(0, i - 2) : i]), own or _wrapped(blocks[i + 1 : i + 2])
        block.captioned = any(other.role == "credit" for other in blocks[i + 1 : i + 3])
    for i, block in enumerate(blocks):
        block.heading = _heading_evidence(blocks, i, indents)
    return _merge_headings(blocks)


def _wrapped(blocks: Sequence[_Block]) -> float:
    return max((line.width for block in blocks if block.role == "text" for line in block.lines if not line.closes), default=0.0)


def _parts(lines: Sequence[Line], line: Line, after: Line | None, column: float, flush: bool) -> bool:
    """Whether a block of *lines* ends before *line*; *flush* says that the page shows headings by no blank line."""
    before = lines[-1]
    if line.gap or line.indented or line.opens:
        return True
    if before.closes and line.width >= max(other.width for other in lines[-4:]) + 4:
        return True
    if before.closes:
        short = before.width < column - 0.75
    else:
        # A line that neither fills its column nor closes a sentence was broken on purpose; when the next one
        # ends its group without closing either, the two are lines of one heading.
        ends_open = (after is None or after.gap or after.indented or after.opens or after.role == "byline") and not line.closes
        short = before.width < column - 3 <= line.width and not ends_open
    return short or (before.closes and flush and not re.search(r"[，。；]", line.text))


def _merge_headings(blocks: list[_Block]) -> list[_Block]:
    merged: list[_Block] = []
    for block in blocks:
        last = merged[-1] if merged else None
        if last and last.may_head and block.may_head and not block.lines[0].gap and not block.lines[0].indented:
            last.lines.extend(block.lines)
            last.text += block.text
            last.heading = max(last.heading, block.heading) + 0.5
        else:
            merged.append(block)
    return merged


def _heading_evidence(blocks: Sequence[_Block], i: int, indents: bool) -> float:
    """Weigh what speaks for block *i* being a headline or sub-heading; above 0 it is likely one."""
    block = blocks[i]
    before = blocks[i - 1] if i else None
    after = blocks[i + 1] if i + 1 < len(blocks) else None
    text = block.text
    if block.role != "text" or block.opens or len(block.lines) > 5 or not _HAN.search(text):
        return _NEVER
    if "。" in text or text.endswith(tuple("，；：、,;:")) or re.search(r"^[（(]|…$", text):
        return _NEVER
    evidence = 1.0 - text.count("，") - 0.3 * text.count("、")
    evidence -= 3.0 * any(text.count(left) != text.count(right) for left, right in ("“”", "《》", "（）", "‘’"))
    evidence += 1.5 * any(_TWO_PARTS.search(line.text) for line in block.lines)
    if before is None:
        evidence += 0.5
    elif not (before.closes or before.may_head):
        evidence -= 3.0
    column = before.column if before else after.column if after else block.column
    if indents and before and before.closes and not block.lines[0].indented:
        # Where paragraphs are indented, text that is not goes on from a full line; this follows a sentence's end.
        short = before.role != "text" or before.lines[-1].width < before.column - 0.75
        evidence += 1.5 if short else 0.0
    else:
        widths = [line.width for line in block.lines]
        shape = _shape_evidence(widths, column)
        if after and after.lines[0].gap and after.lines[0].width >= after.column - 0.5:
            # It may be the first line of that text, cut off by its column's end.
            shape = min(shape, _shape_evidence(widths, after.column))
        elif after and _starts_paragraph(after):
            shape = max(shape, 0.0)
        evidence += shape
    return evidence + _sequel_evidence(after, column)


def _shape_evidence(widths: list[float], column: float) -> float:
    """Compare a block's outline with what a column's end makes of a paragraph's first lines."""
    off = widths[0] - (column - 2)
    if len(widths) == 1:
        return -1.5 if abs(off) <= 1 else 1.0 if off < 0 or off >= 3.5 else -1.0
    full = [abs(width - column) <= 1 for width in widths[1:]]
    if all(full) and abs(off) <= 1:
        return -2.0
    return -1.5 if all(abs(width - column) <= 0.75 for width in widths[:-1]) else 1.0


def _sequel_evidence(after: _Block | None, column: float) -> float:
    if after is None:
        return 1.0
    first = after.lines[0]
    if after.opens:
        return 1.5
    if after.captioned or after.wrapped[1] - column >= 4:
        return 1.0
    if first.indented or _starts_paragraph(after):
        return 0.5
    return -1.0 if first.gap and first.width >= after.column - 0.5 and len(after.lines) > 1 else 0.0


def _starts_paragraph(block: _Block) -> bool:
    """Whether the first line is narrower than its column by an indent that the dump dropped."""
    return len(block.lines) > 1 and block.lines[0].width < block.column - 1.25


def _column_changes(blocks: Sequence[_Block], i: int) -> bool:
    """Whether the text at block *i* stands in a column of another width than the text before it."""
    if blocks[i].may_head or not (blocks[i - 1].closes or blocks[i - 1].may_head):
        return False
    before = next((block.wrapped[0] for block in reversed(blocks[:i]) if not block.may_head), 0.0)
    return bool(before and blocks[i].wrapped[1]) and abs(before - blocks[i].wrapped[1]) >= 4


def _parse(blocks: Sequence[_Block], start: int, end: int, order: Order) -> tuple[int, int]:
    """Return where the body of the item from *start* to *end* begins and ends; its headline is the rest."""
    run = 0
    while run < min(4, end - start - 1):
        block = blocks[end - 1 - run if order == "after" else start + run]
        # What stands between headline and body is sooner the body's first line than a second headline.
        if block.heading <= (0.5 if run else _MAY_HEAD):
            break
        run += 1
    return (start, end - run) if order == "after" else (start + run, end)


class _Street:
    """All ways to cut a page's blocks into items, for one order of headline and body."""

    def __init__(self, blocks: Sequence[_Block], order: Order) -> None:
        self.blocks = blocks
        self.order = order
        self.length = [0, *accumulate(len(block.text) for block in blocks)]
        self.changes = [i > 0 and _column_changes(blocks, i) for i in range(len(blocks))]
        self.inner = [0.0, 0.0, *accumulate(self._inner_evidence(i) for i in range(1, len(blocks)))]
        self.cue = [self._cue_after(i) for i in range(len(blocks))]
        self.shares: dict[tuple[int, int, int, int], float] = {}

    def best_cuts(self) -> tuple[float, list[int]]:
        """Return the best total evidence and the block numbers at which items begin, and the end."""
        places = [0, *(i for i in range(1, len(self.blocks)) if self._may_cut(i)), len(self.blocks)]
        best: list[tuple[float, int]] = [(0.0, 0)]
        for p in range(1, len(places)):
            found = (float("-inf"), 0)
            for q in range(p - 1, -1, -1):
                score = self._item_evidence(places[q], places[p])
                found = max(found, (best[q][0] + score, q))
                if score < -40:
                    break
            best.append(found)
        cuts, p = [len(self.blocks)], len(places) - 1
        while p:
            p = best[p][1]
            cuts.append(places[p])
        return best[-1][0], cuts[::-1]

    def _may_cut(self, i: int) -> bool:
        before, after = self.blocks[i - 1], self.blocks[i]
        if not (before.closes or before.may_head):
            return False
        begins = after.opens or after.may_head or before.may_head or before.role == "credit" or self.changes[i]
        return begins or bool(NOTICE_CUE.search(after.text)) or any(block.role == "credit" for block in self.blocks[i + 1 : i + 4])

    def _cue_after(self, i: int) -> int:
        """Return the block by which a notice's cue was read, when one stands in the first 160 characters."""
        text = ""
        for k in range(i, len(self.blocks)):
            text += self.blocks[k].text
            if NOTICE_CUE.search(text[:160]):
                return k
            if len(text) > 160:
                break
        return len(self.blocks)

    def _inner_evidence(self, i: int) -> float:
        """Weigh what speaks for block *i* going on with the item of the block before it."""
        before, block = self.blocks[i - 1], self.blocks[i]
        if block.role == "credit":
            return -2.5
        if block.role == "byline":
            return -3.0
        if block.opens:
            return 0.0 if before.role == "byline" else -4.0
        score = (-2.0 if before.may_head else -4.0) if self.changes[i] else 0.0
        if block.may_head:
            # It is either a sub-heading, and those are short, or a piece of text that only looks like one.
            subheading = -1.2 - min(0.3 * max(0, len(block.text) - 9), 3.0)
            score += max(subheading, -max(block.heading, 0.0)) + self._cohesion_evidence(i)
        return score

    def _cohesion_evidence(self, i: int) -> float:
        """Weigh whether the text after heading *i* goes on with the words of the text before it (Hearst 1997).

        Halves of one news item share about a tenth of their character pairs, neighbours on a page a fiftieth.
        """
        after = _pairs("".join(block.text for block in self.blocks[i + 1 : i + 6])[:250])
        before = _pairs("".join(block.text for block in self.blocks[max(0, i - 8) : i])[-600:])
        shared = len(after & before) / len(after) if after else 0.05
        return min(max(30 * (shared - 0.05), -1.5), 3.0)

    def _item_evidence(self, start: int, end: int) -> float:
        """Weigh what speaks for blocks *start* to *end* being one item."""
        blocks = self.blocks
        first, last = _parse(blocks, start, end, self.order)
        heads = [*range(start, first), *range(last, end)]
        opens = blocks[first].opens
        score = -4.0 + (3.0 if opens else -0.5) + self.inner[last] - self.inner[first + 1]
        caption = not opens and self.length[last] - self.length[first] <= 260 and _credited(blocks[first:last])
        if heads:
            shape = min(sum(blocks[i].heading for i in heads), 4.0)
            weight = min(max((shape + 1.0) / 1.5, 0.0), 1.0)
            if not opens:
                # A short line beside plain text is rather a sub-heading, and repeats it as easily.
                short = min(max((13 - sum(len(blocks[i].text) for i in heads)) / 6, 0.0), 1.0)
                shape -= 2.0 * short
                weight *= 1.0 - 0.75 * short
            score += shape + 4.0 * weight * self._overlap(heads, first, last)
        elif caption:
            score += 5.0 - 1.0 * sum(block.role == "text" for block in blocks[first + 1 : last]) + 1.5 * self.changes[first] + 1.0 * bool(_DATELINE.match(blocks[first].text))
        elif self.cue[first] < last:
            score += 2.0
        elif not opens:
            score -= 1.0
        if blocks[last - 1].role == "credit" and last - first > 1:
            score += 2.5
        if last - first == 1 and (blocks[first].may_head or blocks[first].role != "text"):
            score -= 6.0
        return score

    def _overlap(self, heads: Sequence[int], first: int, last: int) -> float:
        """Weigh which side a headline's character pairs are repeated on: its own body's beginning, or its neighbour's.

        1 when all are in its body and none beyond it, down to -1.
        """
        own = self._shared(heads, first, min(first + 6, last))
        beyond = heads[-1] + 1 if self.order == "after" else max(0, heads[0] - 6)
        return own - 0.5 * self._shared(heads, beyond, min(beyond + 6, len(self.blocks)) if self.order == "after" else heads[0])

    def _shared(self, heads: Sequence[int], start: int, end: int) -> float:
        key = (heads[0], heads[-1], start, end)
        if key not in self.shares:
            headline = "".join(block.text for block in self.blocks[heads[0] : heads[-1] + 1])
            text = "".join(block.text for block in self.blocks[start:end])
            text = text[:500] if start > heads[0] or self.order == "after" else text[-500:]
            pairs = _pairs(headline)
            self.shares[key] = sum(pair in text for pair in pairs) / len(pairs) if pairs else 0.0
        return self.shares[key]


def _pairs(text: str) -> set[str]:
    return {a + b for a, b in pairwise(text) if "\u4e00" <= a <= "\u9fff" and "\u4e00" <= b <= "\u9fff"}


def _credited(body: Sequence[_Block]) -> bool:
    return body[-1].role == "credit" or bool(INLINE_CREDIT.search(body[-1].lines[-1].text))


def _article(item: Sequence[_Block], order: Order, date: str | None, spans: Spans) -> Article:
    first, last = _parse(item, 0, len(item), order)
    heads, body = [*item[:first], *item[last:]], item[first:last]
    headline = " ".join(" ".join(line.text.split()) for block in heads for line in block.lines)
    bylines = [tidy(block.text.lstrip("■□◆●▲◎ ")) for block in body if block.role != "text"]
    text_blocks = [block for block in body if block.role == "text"]
    alone = {line.number for block in text_blocks[1:] if block.heading > _SUBHEADING for line in block.lines}
    texts = paragraphs([line for block in text_blocks for line in block.lines], alone)
    texts, jump_from, jump_to = _take_jumps(texts)
    texts, lead, tail = _take_bylines(texts)
    byline = " ".join(_close_names(part) for part in (lead, *bylines, tail) if part)
    kind = _kind(headline, texts, jump_from, body, heads)
    return Article(kind, headline, byline, date, tuple(texts), spans, jump_from, jump_to)


def _take_jumps(texts: list[str]) -> tuple[list[str], int | None, int | None]:
    jump_from = jump_to = None
    if texts and (found := JUMP_FROM.match(texts[0])):
        jump_from, texts[0] = _number(found[1]), texts[0][found.end() :]
    if texts and (found := JUMP_TO.search(texts[-1])):
        jump_to, texts[-1] = _number(found[1]), texts[-1][: found.start()]
    return [text for text in texts if text], jump_from, jump_to


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    tens, _, ones = text.rpartition("十")
    if "十" in text:
        return 10 * _CHINESE_NUMBERS.get(tens, 1) + _CHINESE_NUMBERS.get(ones, 0)
    return _CHINESE_NUMBERS.get(text[-1], 0)


def _take_bylines(texts: list[str]) -> tuple[list[str], str, str]:
    lead = tail = ""
    if texts and (found := _BYLINE_HEAD.match(texts[0])):
        lead, texts[0] = found[1].strip(), texts[0][found.end() :]
    if texts and (found := _BYLINE_TAIL.search(texts[-1])):
        tail, texts[-1] = found[1].strip(), texts[-1][: found.start()]
    return [text for text in texts if text], lead, tail


def _close_names(byline: str) -> str:
    """Undo the space that print puts into two-character names: ``记者 孙 震`` → ``记者 孙震``."""
    return re.sub(r"(?<=[\s、])([\u4e00-\u9fff]) ([\u4e00-\u9fff])(?![\u4e00-\u9fff])", r"\1\2", byline)


def _kind(headline: str, texts: list[str], jump_from: int | None, body: Sequence[_Block], heads: Sequence[_Block]) -> Kind:
    if jump_from is not None:
        return "continuation"
    if not body[0].opens and sum(len(block.text) for block in body) <= 260 and _credited(body):
        return "caption"
    lead = "".join(texts)[:160]
    if NOTICE_HEADLINE.search(headline) or (not heads and not body[0].opens and NOTICE_CUE.search(lead)):
        return "notice"
    return "article" if heads or len("".join(texts)) > 300 else "brief"


def _spans(item: Sequence[_Block], aside: Collection[int]) -> Spans:
    """Ranges of the item's lines, parted where a line of the page itself stands between."""
    numbers = [line.number for block in item for line in block.lines]
    spans = [[numbers[0], numbers[0]]]
    for before, number in pairwise(numbers):
        if any(n in aside for n in range(before + 1, number)):
            spans.append([number, number])
        spans[-1][1] = number
    return tuple((first, last) for first, last in spans)
