"""Blocks of one item → Article: headline, byline, jumps, paragraphs, kind."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from research.articles import Article, Kind
from research.pages.blocks import SUBHEADING, Block
from research.pages.heal import paragraphs, tidy
from research.pages.lines import INLINE_CREDIT, JUMP_FROM, JUMP_TO, NEWS_LEAD, NOTICE_CUE, NOTICE_HEADLINE

Spans = tuple[tuple[int, int], ...]
_BYLINE_HEAD = re.compile(rf"^\s*({NEWS_LEAD}\s*(?:[（(][^）)。]{{2,60}}[）)])?|[（(](?:本报|见习|实习)*(?:记者|通讯员)[^）)。]{{2,60}}[）)])\s*")
_BYLINE_TAIL = re.compile(r"\s*[（(]((?:本报|见习|全媒体|融媒体)*(?:记者|通讯员)[^（）()。，]{2,40}|据[^（）()。，]{2,16})[）)]$")
_LONGEST_CAPTION = 260
_CHINESE_NUMBERS = {char: n for n, char in enumerate("一二三四五六七八九十", 1)}


def is_caption(body: Sequence[Block]) -> bool:
    """Whether a body is short, without a news lead, and ends with the name of its photographer."""
    credited = body[-1].role == "credit" or bool(INLINE_CREDIT.search(body[-1].lines[-1].text))
    return credited and not body[0].opens and sum(len(block.text) for block in body) <= _LONGEST_CAPTION


def article_of(heads: Sequence[Block], body: Sequence[Block], date: str | None, spans: Spans) -> Article:
    """Make an article of its headline's blocks and its body's."""
    headline = " ".join(" ".join(line.text.split()) for block in heads for line in block.lines)
    bylines = [tidy(block.text.lstrip("■□◆●▲◎ ")) for block in body if block.role != "text"]
    text_blocks = [block for block in body if block.role == "text"]
    alone = {line.number for block in text_blocks[1:] if block.heading > SUBHEADING for line in block.lines}
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


def _kind(headline: str, texts: list[str], jump_from: int | None, body: Sequence[Block], heads: Sequence[Block]) -> Kind:
    if jump_from is not None:
        return "continuation"
    if is_caption(body):
        return "caption"
    lead = "".join(texts)[:160]
    if NOTICE_HEADLINE.search(headline) or (not heads and not body[0].opens and NOTICE_CUE.search(lead)):
        return "notice"
    return "article" if heads or len("".join(texts)) > 300 else "brief"


def spans_of(item: Sequence[Block], aside: Collection[int]) -> Spans:
    """Ranges of the item's lines, parted where a line of the page itself stands between."""
    numbers = [line.number for block in item for line in block.lines]
    spans = [[numbers[0], numbers[0]]]
    for before, number in pairwise(numbers):
        if any(n in aside for n in range(before + 1, number)):
            spans.append([number, number])
        spans[-1][1] = number
    return tuple((first, last) for first, last in spans)
