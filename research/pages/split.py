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
from itertools import pairwise
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
    lines_of,
)
from research.pages.page import Page

Order = Literal["after", "before"]
Spans = tuple[tuple[int, int], ...]
_NEVER = -9.0
_MAY_HEAD = -1.0
_SUBHEADING = 0.8
_HAN = re.compile(r"[\u4e00-\u9fff]")
_TWO_PARTS = re.compile(r"\S{3,}[ \u3000]+\S{3,}")
_BYLINE_HEAD = re.compile(rf"^\s*({NEWS_LEAD}\s*(?:[（(][^）)。]{{2,60}}[）)])?|[（(](?:本报|见习|实习)*(?:记者|通讯员)[^）)。]{{2,60}}[）)])\s*")
_BYLINE_TAIL = re.compile(r"\s*[（(]((?:本报|见习|全媒体|融媒体)*(?:记者|通讯员)[^（）()。，]{2,40}|据[^（）()。，]{2,16})[）)]$")
_CHINESE_NUMBERS = {char: n for n, char in enumerate("一二三四五六七八九十", 1)}


@dataclass(slots=True)
class _Block:
    """Consecutive lines that surely stand or fall together."""

    lines: list[Line]
    role: Literal["text", "byline", "credit"]
    column: float
    heading: float = _NEVER
    # Width of the wrapped (so full) lines up to this block, and from it on; 0 where there is none near.
    wrapped: tuple[float, float] = (0.0, 0.0)

    @property
    def text(self) -> str:
        return "".join(line.text for line in self.lines)

    @property
    def opens(self) -> bool:
        return self.role == "byline" or self.lines[0].opens_news

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
    after, before = _best_cuts(blocks, "after"), _best_cuts(blocks, "before")
    order: Order = "before" if before > after else "after"
    _, cuts = max(after, before)
    items = [blocks[start:end] for start, end in pairwise(cuts)]
    kept = {line.number for line in lines}
    aside = {n for n, text in enumerate(page.lines, 1) if text.strip() and n not in kept}
    return [_article(item, order, page.date, _spans(item, aside)) for item in items]


def _blocks(lines: list[Line]) -> list[_Block]:
    columns = column_widths(lines)
    indents = sum(line.indented for line in lines) >= 3
    blocks: list[_Block] = []
    for i, line in enumerate(lines):
        role: Literal["text", "byline", "credit"] = "credit" if line.is_credit else "byline" if line.is_byline else "text"
        after = lines[i + 1] if i + 1 < len(lines) else None
        if i and role == "text" == blocks[-1].role and not _parts(lines[i - 1], line, after, columns[i - 1], indents):
            blocks[-1].lines.append(line)
        else:
            blocks.append(_Block([line], role, columns[i]))
    for i, block in enumerate(blocks):
        block.heading = _heading_evidence(blocks, i)
        block.wrapped = _wrapped(blocks[max(0, i - 2) : i + 1]), _wrapped(blocks[i : i + 2])
    return _merge_headings(blocks)


def _wrapped(blocks: Sequence[_Block]) -> float:
    return max((line.width for block in blocks if block.role == "text" for line in block.lines if not line.closes), default=0.0)


def _parts(before: Line, line: Line, after: Line | None, column: float, indents: bool) -> bool:
    """Whether a block ends between two neighbouring lines of text."""
    if line.gap or line.indented or line.opens_news:
        return True
    if before.closes:
        short = before.width < column - 0.75
    else:
        # A line that neither fills its column nor closes a sentence was broken on purpose; when the next one
        # ends its group without closing either, the two are lines of one heading.
        ends_open = (after is None or after.gap or after.indented or after.opens_news) and not line.closes
        short = before.width < column - 3 <= line.width and not ends_open
    return short or (before.closes and indents and not re.search(r"[，。；：]", line.text))


def _merge_headings(blocks: list[_Block]) -> list[_Block]:
    merged: list[_Block] = []
    for block in blocks:
        last = merged[-1] if merged else None
        if last and last.may_head and block.may_head and not block.lines[0].gap and not block.lines[0].indented:
            last.lines.extend(block.lines)
            last.heading = max(last.heading, block.heading) + 0.5
        else:
            merged.append(block)
    return merged


def _heading_evidence(blocks: Sequence[_Block], i: int) -> float:
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
    evidence += _shape_evidence([line.width for line in block.lines], column)
    return evidence + _sequel_evidence(after)


def _shape_evidence(widths: list[float], column: float) -> float:
    """Compare a block's outline with what a column's end makes of a paragraph's first lines."""
    off = widths[0] - (column - 2)
    if len(widths) == 1:
        return -1.5 if abs(off) <= 1 else 1.0 if off < 0 or off >= 3.5 else -1.0
    full = [abs(width - column) <= 1 for width in widths[1:]]
    if all(full) and abs(off) <= 1:
        return -2.0
    return -1.5 if all(abs(width - column) <= 0.75 for width in widths[:-1]) else 1.0


def _sequel_evidence(after: _Block | None) -> float:
    if after is None:
        return 1.0
    first = after.lines[0]
    if after.opens:
        return 1.5
    if first.indented or first.width < after.column - 1.25:
        return 0.5
    return -1.0 if first.gap and first.width >= after.column - 0.5 and len(after.lines) > 1 else 0.0


def _may_cut(before: _Block, after: _Block) -> bool:
    ends = before.closes or before.may_head
    begins = after.opens or after.may_head or before.may_head or before.role == "credit"
    return ends and (begins or _column_changes(before, after) or bool(NOTICE_CUE.search(after.text)))


def _column_changes(before: _Block, after: _Block) -> bool:
    known = before.wrapped[0] and after.wrapped[1]
    return bool(known) and before.closes and abs(before.wrapped[0] - after.wrapped[1]) >= 4


def _best_cuts(blocks: Sequence[_Block], order: Order) -> tuple[float, list[int]]:
    """Return the best total evidence for *order* and the block numbers at which items begin, and the end."""
    places = [0, *(i for i in range(1, len(blocks)) if _may_cut(blocks[i - 1], blocks[i])), len(blocks)]
    best: list[tuple[float, int]] = [(0.0, 0)]
    for p in range(1, len(places)):
        found = (float("-inf"), 0)
        for q in range(p - 1, -1, -1):
            score = _item_evidence(blocks[places[q] : places[p]], order)
            found = max(found, (best[q][0] + score, q))
            if score < -40 and found[0] > float("-inf"):
                break
        best.append(found)
    cuts, p = [len(blocks)], len(places) - 1
    while p:
        p = best[p][1]
        cuts.append(places[p])
    return best[-1][0], cuts[::-1]


def _parse(item: Sequence[_Block], order: Order) -> tuple[Sequence[_Block], Sequence[_Block]]:
    """Part an item into its headline blocks and the rest."""
    run = 0
    while run < min(4, len(item) - 1) and item[-1 - run if order == "after" else run].may_head:
        run += 1
    if not run:
        return (), item
    return (item[-run:], item[:-run]) if order == "after" else (item[:run], item[run:])


def _item_evidence(item: Sequence[_Block], order: Order) -> float:
    """Weigh what speaks for these blocks being one item."""
    heads, body = _parse(item, order)
    score = -4.0 + (3.0 if body[0].opens else -0.5)
    if heads:
        score += min(sum(max(block.heading, 0.0) for block in heads), 4.0)
        score += 2.0 * _overlap("".join(b.text for b in heads), "".join(b.text for b in body[:6]))
    elif _is_caption(body):
        score += 5.0
    elif NOTICE_CUE.search("".join(b.text for b in body[:8])[:160]):
        score += 2.0
    elif not body[0].opens:
        score -= 1.0
    for before, block in pairwise(body):
        score += _inner_evidence(before, block, last=block is body[-1])
    if len(body) == 1 and body[0].may_head:
        score -= 4.0
    return score


def _inner_evidence(before: _Block, block: _Block, last: bool) -> float:
    if block.role == "credit":
        return 0.0 if last else -2.5
    if block.role == "byline":
        return -3.0
    if block.opens:
        return -4.0
    score = -4.0 if _column_changes(before, block) and not before.may_head and before.closes else 0.0
    if block.may_head:
        # It is either a sub-heading, or a piece of text that only looks like one.
        score += max(-1.2, -max(block.heading, 0.0))
    return score


def _overlap(headline: str, body: str) -> float:
    """Share of the headline's character pairs that its body repeats (0 to 1)."""
    pairs = {a + b for a, b in pairwise(headline) if _HAN.match(a) and _HAN.match(b)}
    return sum(pair in body[:500] for pair in pairs) / len(pairs) if pairs else 0.0


def _is_caption(body: Sequence[_Block]) -> bool:
    if body[0].opens or sum(len(block.text) for block in body) > 260:
        return False
    return body[-1].role == "credit" or bool(INLINE_CREDIT.search(body[-1].lines[-1].text))


def _article(item: Sequence[_Block], order: Order, date: str | None, spans: Spans) -> Article:
    heads, body = _parse(item, order)
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
    if _is_caption(body):
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
