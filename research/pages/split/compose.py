"""Blocks of one item → Article: headline, byline, jumps, paragraphs, kind."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from research.articles.article import Article, Kind
from research.pages.split.blocks import Block
from research.pages.split.heal import paragraphs, tidy
from research.pages.split.lines import (
    BYLINE_TAIL,
    INLINE_CREDIT,
    JUMP_FROM,
    JUMP_TO,
    NEWS_LEAD,
    NOTE,
    NOTICE_CUE,
    NOTICE_HEADLINE,
    Line,
)

Spans = tuple[tuple[int, int], ...]
_BYLINE_HEAD = re.compile(
    rf"^\s*({NEWS_LEAD}\s*(?:[（(][^）)。]{{2,60}}[）)])?|[（(](?:本报|见习|实习)*(?:记者|通讯员)[^）)。]{{2,60}}[）)])\s*"
)
_LONGEST_CAPTION = 260
_CHINESE_NUMBERS = {char: n for n, char in enumerate("一二三四五六七八九十", 1)}


def article_of(
    blocks: Sequence[Block],
    parts: Sequence[str],
    date: str | None,
    spans: Spans,
    confidence: float,
    reasons: tuple[str, ...],
) -> Article:
    """Make an article of its blocks and the parts they were found to be."""
    heads = [block for block, part in zip(blocks, parts, strict=True) if part in ("head", "heads")]
    body = [
        block for block, part in zip(blocks, parts, strict=True) if part not in ("head", "heads")
    ]
    headline = " ".join(" ".join(line.text.split()) for block in heads for line in block.lines)
    bylines = [tidy(block.text.lstrip("■□◆●▲◎◇○ ")) for block in body if block.role != "text"]
    alone = {
        line.number
        for block, part in zip(blocks, parts, strict=True)
        if part == "subhead"
        for line in block.lines
    }
    texts = paragraphs(*_body_lines(body), alone)
    texts, jump_from, jump_to = take_jumps(texts)
    texts, lead, tail = take_bylines(texts)
    captioned = _is_caption(parts, body, lead, texts)
    credit = ""
    if captioned and texts and (found := INLINE_CREDIT.search(texts[-1])) and found.start() > 0:
        credit, texts[-1] = found[1].strip("（）() "), texts[-1][: found.start()]
    byline = " ".join(_close_names(part) for part in (lead, *bylines, tail, credit) if part)
    kind: Kind = (
        "caption"
        if captioned and jump_from is None
        else kind_of(headline, texts, jump_from, bool(lead), noticed="notice" in parts)
    )
    return Article(
        kind,
        headline,
        byline,
        date,
        tuple(texts),
        spans,
        jump_from,
        jump_to,
        confidence=round(confidence, 4),
        reasons=reasons,
    )


def _body_lines(body: Sequence[Block]) -> tuple[list[Line], list[float]]:
    kept = [block for block in body if block.role == "text"]
    return [line for block in kept for line in block.lines], [
        block.column for block in kept for _ in block.lines
    ]


def _is_caption(
    parts: Sequence[str], body: Sequence[Block], lead: str, texts: Sequence[str]
) -> bool:
    if "caption" in parts:
        return True
    credited = bool(body) and (
        body[-1].role == "credit" or bool(INLINE_CREDIT.search(body[-1].lines[-1].text))
    )
    return credited and not lead and sum(map(len, texts)) <= _LONGEST_CAPTION


def kind_of(
    headline: str, texts: Sequence[str], jump_from: int | None, lead: bool, noticed: bool = False
) -> Kind:
    """Say what kind of item this is, photographs' captions apart; *lead*: it opens with a news lead."""
    text = "".join(texts)
    if jump_from is not None:
        return "continuation"
    if noticed or NOTICE_HEADLINE.search(headline) or NOTE.match(text):
        return "notice"
    if not headline and not lead and NOTICE_CUE.search(text[:160]):
        return "notice"
    return "article" if headline or len(text) > 300 else "brief"


def take_jumps(texts: list[str]) -> tuple[list[str], int | None, int | None]:
    """Take the marks of other pages off the first and last paragraph: the rest, page it comes from, page it goes to."""
    jump_from = jump_to = None
    if texts and (found := JUMP_FROM.match(texts[0])):
        jump_from, texts[0] = _number(found[2]), texts[0][found.end() :]
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


def take_bylines(texts: list[str]) -> tuple[list[str], str, str]:
    """Take the news lead off the first paragraph and the reporter's name in brackets off the last: the rest, lead, name."""
    lead = tail = ""
    if texts and (found := _BYLINE_HEAD.match(texts[0])):
        lead, texts[0] = (
            found[1].strip("（）() ") if found[1][0] in "（(" else found[1].strip(),
            texts[0][found.end() :],
        )
    if texts and (found := BYLINE_TAIL.search(texts[-1])):
        tail, texts[-1] = found[1].strip(), texts[-1][: found.start()]
    return [text for text in texts if text], lead, tail


def _close_names(byline: str) -> str:
    """Undo the space that print puts into two-character names: ``记者 孙 震`` → ``记者 孙震``."""
    return re.sub(
        r"(?<=[\s、])([\u4e00-\u9fff]) ([\u4e00-\u9fff])(?![\u4e00-\u9fff])", r"\1\2", byline
    )


def spans_of(item: Sequence[Block], aside: Collection[int]) -> Spans:
    """Ranges of the item's lines, parted where a line of the page itself stands between."""
    numbers = [line.number for block in item for line in block.lines]
    spans = [[numbers[0], numbers[0]]]
    for before, number in pairwise(numbers):
        if number > before + 1 and any(n in aside for n in range(before + 1, number)):
            spans.append([number, number])
        spans[-1][1] = number
    return tuple((first, last) for first, last in spans)
