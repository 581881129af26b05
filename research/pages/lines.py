"""What one line of a page can be, judged by itself: opener, byline, jump, credit, folio."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

SPACES = " \t\u3000\u00a0\f"
_ROLE = r"(?:本报|本台|见习|实习|首席|特约|全媒体|融媒体|融媒|新华社|中新社|晚报|日报)*(?:记者|通讯员|评论员|实习生)"
NEWS_LEAD = (
    r"(?:本报(?:讯|综合消息|消息|[\u4e00-\u9fff]{2,6}(?:\d{1,2}月)?\d{1,2}日(?:讯|电))"
    r"|(?:新华社|中新社|中新网|人民网|央视网)(?:[\u4e00-\u9fff]{2,8}(?:\d{1,2}月)?\d{1,2}日)?(?:专?电|讯|消息)"
    r"|据(?:新华社|中新社|央视|人民网)[\u4e00-\u9fff]{0,8}(?:\d{1,2}月\d{1,2}日)?(?:电|消息|报道))"
)
_OPENER = re.compile(NEWS_LEAD + r"(?=[\s（(　]|[^，。]{0,3}$|[^，。])")
_PAGE_NUMBER = r"[（(【]?\s*(?:紧?上接|上接)\s*第?\s*[A-Z]?\s*([0-9]{1,3}|[一二三四五六七八九十]{1,3})\s*版[^）)】。，]{0,16}[）)】]?"
JUMP_FROM = re.compile(r"^\s*" + _PAGE_NUMBER + r"\s*")
JUMP_TO = re.compile(r"\s*[（(【▶]?\s*(?:紧?下转|转)\s*第?\s*[A-Z]?\s*([0-9]{1,3}|[一二三四五六七八九十]{1,3})\s*版[^）)】。，]{0,8}[）)】]?\s*$")
_BYLINE = re.compile(r"^(?:[■□◆●▲◎]\s*\S.{0,40}|[（(]?(?:" + _ROLE + r")\s+[\u4e00-\u9fff·\s、]{2,30}[）)]?|文/.{2,20})$")
_CREDIT = re.compile(r"^(?:.{0,24}(?:记者|通讯员|特约|实习生|本报)?\s*[\u4e00-\u9fff·\s、]{2,16}\s*(?:摄|供图|摄影报道|/摄|文/图|文并图|摄影))$")
INLINE_CREDIT = re.compile(r"[（(]?(?:" + _ROLE + r")?\s*[\u4e00-\u9fff·\s、]{2,16}\s(?:摄|供图|摄影报道|文/图)[）)]?$")
_WEEKDAY = r"星期[一二三四五六日天]"
_FOLIO = (
    re.compile(r"^[A-Z]?\d{1,2}\s*版?\s+\S{2,10}(?:\s|$).*(?:\d{4}\s*年|" + _WEEKDAY + r"|编辑|校对)"),
    re.compile(r"^(?:\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日).*" + _WEEKDAY),
    re.compile(r"^(?:本版|责任|值班|版面|美术|一版)*(?:编辑|校对|编审|主编|组版|美编|视觉|统筹)\s*[:：/]?\s*\S"),
    re.compile(r"(?:新闻热线|热线电话|读者热线|发行热线|广告热线|投稿邮箱|电子信箱|E-?mail)\s*[:：]?.*[\d@]", re.IGNORECASE),
    re.compile(r"^第?\s*[A-Z]?\d{1,2}\s*版(?:\s*[:：]?\s*\S{2,8})?$"),
)
_SENTENCE_END = tuple("。！？…!?")
_OPENINGS = tuple("本新中人央据（(【上紧")
_BLANKS = SPACES + "\ufeff\r\n\v\x1c\x1d\x1e\x85\u2028\u2029"
_CLOSERS = "”’》）)】」』〉"
NOTICE_CUE = re.compile(
    r"即日起|本报(?:特|现|将|今起)?(?:推出|开设|开辟)|栏目|编者按|敬请(?:关注|留意)|特此(?:公告|通知|声明)|温馨提示|停水|停电|招聘启事|登报"
)
NOTICE_HEADLINE = re.compile(r"(?:公告|启事|通告|公示|编者按|开栏的话|开栏语|^更正|^致歉声明|^讣告|^.{0,6}(?:声明|通知|提示))$")


Role = Literal["text", "byline", "credit"]


@dataclass(frozen=True, slots=True)
class Line:
    """One non-blank line of an article.

    ``width`` is in full-width characters; ``closes``: a sentence ends with this line; ``opens``: an item begins
    here for certain (a news lead, a jump from another page); ``role``: a line that is only a byline or only names
    a photographer is no text.
    """

    number: int
    text: str
    width: float
    indented: bool
    gap: bool
    closes: bool
    opens: bool
    role: Role


def width(text: str) -> float:
    """Printed width in full-width characters: ``12月`` → 2.0."""
    return len(text) - len(text.encode("ascii", "ignore")) / 2


def lines_of(raw: tuple[str, ...]) -> list[Line]:
    """Return the non-blank lines, folio lines left out."""
    found: list[tuple[int, str, bool, bool]] = []
    gap = True
    for number, text in enumerate(raw, 1):
        stripped = text.strip(_BLANKS)
        if not stripped or is_folio(stripped):
            gap = True
            continue
        lead = text[: len(text) - len(text.lstrip(SPACES))]
        found.append((number, stripped, bool(lead) and width(lead) >= 1.5, gap))
        gap = False
    return [_line(found, i) for i in range(len(found))]


def _line(found: list[tuple[int, str, bool, bool]], i: int) -> Line:
    number, text, indented, gap = found[i]
    # A news lead may go over into the next line.
    sequel = found[i + 1][1] if i + 1 < len(found) and not found[i + 1][3] else ""
    opens = text.startswith(_OPENINGS) and bool(_OPENER.match(text + sequel) or JUMP_FROM.match(text + sequel))
    role: Role = "credit" if is_credit(text) else "byline" if is_byline(text) else "text"
    return Line(number, text, width(text), indented, gap, closes(text), opens, role)


def closes(text: str) -> bool:
    """Whether a sentence ends with this text."""
    return text.rstrip(_CLOSERS).endswith(_SENTENCE_END)


def is_byline(text: str) -> bool:
    return len(text) <= 42 and "。" not in text and bool(_BYLINE.match(text))


def is_credit(text: str) -> bool:
    """Whether the line names a photographer and nothing else."""
    return len(text) <= 40 and text.endswith(("摄", "图", "报道", "摄影")) and "。" not in text and "，" not in text and bool(_CREDIT.match(text))


def is_folio(text: str) -> bool:
    """Whether the line belongs to the page, not to an article: folio, hot line, editors."""
    return len(text) <= 90 and "。" not in text and any(pattern.search(text) for pattern in _FOLIO)
