"""Lines of the page itself, which are no article's: folio lines, editors, hot lines.

Judges a line by its wording and by whether it stands at the page's edge.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

AsideReason = Literal["folio", "editors", "hot line", "column name", "running head", "source line"]

_MAX_CHARACTERS = 90
_WEEKDAY = r"(?:星期|周)[一二三四五六日天]"
_DATE = r"(?:\d{4}\s*年\s*)?\d{1,2}\s*月\s*\d{1,2}\s*日"
_DESKS = r"(?:编辑|责编|校对|编审|审校|主编|总编|组版|排版|美编|视觉|统筹|版式|值班)"
# A cheap test, and one less cheap, that most lines of articles fail.
_HINT_CHARACTER = re.compile("[星周版编责审主总校组美视统值热话邮信mM]")
_HINT = re.compile(
    r"""
      星期|周[一二三四五六日]
    | 版|编辑|责编|编审|审校|主编|总编|校对|组版|美编|视觉|统筹|值班
    | 热线|电话|邮箱|信箱|mail
    | \d$|^[A-Z]?\d
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NUMBERED_FOLIO = re.compile(
    rf"""
    ^[A-Z]?\d{{1,2}}(?:\s*+版)?\s++\S{{2,10}}(?:\s|$)    # 02 综合新闻 …
    .*(?:\d{{4}}\s*年|{_WEEKDAY}|{_DESKS})
    """,
    re.VERBOSE,
)
_DATED_FOLIO = re.compile(
    rf"""
      ^(?:\S{{2,8}}\s+)?{_DATE}.*{_WEEKDAY}              # 2023年11月28日 星期二
    | ^{_WEEKDAY}\s+{_DATE}                              # 星期二 11月28日
    | ^\d{{4}}[-./]\d{{1,2}}[-./]\d{{1,2}}\s.*{_WEEKDAY}    # 2023-11-28 星期二
    """,
    re.VERBOSE,
)
_EDITORS = re.compile(
    rf"""
    ^(?:\d{{4}}\s*年.*)?
    (?:本版|责任|值班|版面|美术|一版|执行|本期)*{_DESKS}(?:总?编辑|主任|编委)?
    (?:
        \s*[:：/／]\s*\S                      # 责任编辑：甲乙
      | \s+[\u4e00-\u9fff]{{1,3}}(?:\s|$)       # 本版编辑 甲乙
    )
    """,
    re.VERBOSE,
)
_HOT_LINE = re.compile(
    r"""
      (?:新闻|报料|读者|发行|广告|服务|投诉|订报|本报|爆料|便民)(?:热线|电话)
    | 热线电话|投稿邮箱|投稿信箱|电子邮箱|电子信箱
    | E-?mail\s*[:：]
    """,
    re.IGNORECASE | re.VERBOSE,
)
_PHONE_OR_ADDRESS = re.compile(r"\d{5,}|\d{3,4}-\d{6,}|@")
_PATTERNS: tuple[tuple[AsideReason, re.Pattern[str]], ...] = (
    ("folio", _NUMBERED_FOLIO),
    ("folio", _DATED_FOLIO),
    ("editors", _EDITORS),
    ("hot line", _HOT_LINE),
)
# A bare page number or name is the page's own only at its edge: inside, it may end a jump mark.
_EDGE_FOLIO = re.compile(
    r"""
      ^第?\s*[A-Z]?\d{1,2}\s*版(?:\s*+[:：]?\s*+[\u4e00-\u9fff]{2,8})?$    # 第03版：要闻
    | ^[\u4e00-\u9fff]{2,6}\s{0,4}[·|｜/\s]\s{0,4}(?:[A-Z]\d{1,2}|0\d)(?:\s*版)?$    # 要闻·A03版
    | ^(?:0\d\s{0,4}[·|｜/\s]|[A-Z]\d{1,2})\s{0,4}[\u4e00-\u9fff]{2,6}$    # A03 要闻
    """,
    re.VERBOSE,
)


class Aside(NamedTuple):
    """A line of the page that is no article's, and why.

    ``reason`` is ``folio``, ``editors``, ``hot line`` or ``column name``; of a PDF of several pages
    also ``running head`` or ``source line``.
    """

    line: int
    text: str
    reason: AsideReason


def aside_reason(text: str, at_edge: bool) -> AsideReason | None:
    """Return what line of the page itself this is, None where it can be an article's.

    Parameters
    ----------
    text: the line, stripped and not empty.
    at_edge: whether it stands by itself among the first or last lines of the page.
    """
    hinted = _HINT_CHARACTER.search(text) or text[0].isascii() or text[-1].isdecimal()
    if not hinted:
        return None
    if len(text) > _MAX_CHARACTERS or "。" in text or not _HINT.search(text):
        return None
    if at_edge and _EDGE_FOLIO.match(text):
        return "folio"
    for reason, pattern in _PATTERNS:
        if pattern.search(text) and (reason != "hot line" or _PHONE_OR_ADDRESS.search(text)):
            return reason
    return None
