"""What lines of text files are: headlines, lines that name day and source, paragraphs of a body.

Judges lines by their wording. The forms of files decide what a line is among its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from research.articles.dates import day_in_text

_BODY_ENDS = ("。", "；", "：", "，", "、", "。”", "。）", "？”", "！”")
_PARAGRAPH_ENDS = ("。", "！", "？", "”", "…", "）", "；", "：")
_NEWS_LEAD = re.compile(r"(?:本报|本台)(?:讯|消息)|据?(?:新华社|中新社)[^，。]{0,20}电")
_SENTENCE_MARKS = re.compile("[，。；]")
_MAX_DATELINE_CHARACTERS = 80
_SOURCE_CUE = re.compile(
    "来源|來源|作者|记者|記者|编辑|編輯|发布|發布|时间|時間|日期|阅读|閱讀|浏览|字号"
)
_ONLY_DATE = re.compile(r"[\d\s年月日:：/.\-T星期一二三四五六日天]+")
_AUTHOR = re.compile(
    r"""
    (?:作者|文|记者|撰稿) \s{0,3} [:：/／] \s{0,3}
    ([\u4e00-\u9fff·、\s]{2,20}?)
    (?=$|[|｜]|\s{2}|来源|编辑)
    """,
    re.VERBOSE,
)
# So many lines under the headline may name day, source and author.
_MAX_DATELINES = 4
# Where lines are not whole paragraphs, a longer first line is text.
_MAX_HEADLINE_CHARACTERS_OF_WRAPPED = 60
_MIN_PARAGRAPH_CHARACTERS = 4
_MIN_SHARE_OF_PARAGRAPHS = 0.5


def is_body(line: str) -> bool:
    """Return whether a line is text of a body rather than a heading, however long that is."""
    text = line.strip()
    if not text:
        return False
    if "。" in text or text.endswith(_BODY_ENDS):
        return True
    return _NEWS_LEAD.match(text) is not None


def is_dateline(line: str) -> bool:
    """Return whether a line only names the day, and perhaps source and author.

    >>> is_dateline("2024-03-05 10:22 来源：栖川日报")
    True
    """
    text = line.strip()
    if len(text) > _MAX_DATELINE_CHARACTERS or _SENTENCE_MARKS.search(text):
        return False
    if _ONLY_DATE.fullmatch(text):
        return day_in_text(text) is not None
    if not _SOURCE_CUE.search(text):
        return False
    return "来源：" in text or day_in_text(text) is not None


def author_in(line: str) -> str:
    """Return the author that a dateline names (作者：甲乙), else ""."""
    named = _AUTHOR.search(line)
    return named[1].strip() if named else ""


def is_unwrapped(lines: Sequence[str]) -> bool:
    """Return whether the lines of a body are whole paragraphs, not those of a printed column."""
    stripped = map(str.strip, lines)
    texts = [text for text in stripped if len(text) >= _MIN_PARAGRAPH_CHARACTERS]
    n_whole = sum(text.endswith(_PARAGRAPH_ENDS) for text in texts)
    is_enough = n_whole >= _MIN_SHARE_OF_PARAGRAPHS * len(texts)
    return bool(texts) and is_enough


class Opening(NamedTuple):
    """A text file's first lines, taken apart; ``body`` is what is left."""

    headline: str
    datelines: list[str]
    body: list[str]


def opening_of(lines: Sequence[str]) -> Opening:
    """Take the headline and the lines that name day and source off a text's beginning.

    Parameters
    ----------
    lines : that are not blank, stripped.
    """
    headline, body = "", list(lines)
    if len(body) > 1 and _is_headline(body[0], body[1:]):
        headline = body.pop(0)
    top = body[:_MAX_DATELINES]
    datelines = [line for line in top if is_dateline(line)]
    if len(datelines) < len(body):
        rest_of_top = [line for line in top if line not in datelines]
        body = [*rest_of_top, *body[_MAX_DATELINES:]]
    return Opening(headline, datelines, body)


def _is_headline(line: str, following: Sequence[str]) -> bool:
    if is_body(line):
        return False
    is_short = len(line) <= _MAX_HEADLINE_CHARACTERS_OF_WRAPPED
    return is_short or is_unwrapped(following)
