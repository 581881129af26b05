"""What one line of a page can be, judged by itself: opener, byline, jump, credit, or a line of the page's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

Role = Literal["text", "byline", "credit"]
Reason = Literal["folio", "editors", "hot line", "column name"]
SPACES = " \t\u3000\u00a0\f"
_DESK = r"(?:本报|本台|本刊|见习|实习|首席|特约|全媒体|融媒体|融媒|新华社|中新社|晚报|日报|晨报|都市报)*"
_ROLE = rf"{_DESK}(?:记者|通讯员|评论员|实习生|特约撰稿|撰稿)"
_NAME = r"[\u4e00-\u9fff·]{1,4}"
_NAMES = r"[\u4e00-\u9fff·\s、]{2,30}"
_DAY = r"(?:\d{1,2}月)?\d{1,2}日"
NEWS_LEAD = (
    rf"(?:本报(?:综合讯|综合消息|综合报道|讯|消息|[\u4e00-\u9fff]{{2,6}}{_DAY}(?:讯|电))"
    rf"|据?(?:新华社|中新社|中新网|人民网|央视网|央视新闻|人民日报|光明日报|经济日报)(?:[\u4e00-\u9fff]{{2,8}}{_DAY})?(?:专?电|讯|消息|报道)"
    rf"|据(?:新华社|中新社|央视|人民网)[\u4e00-\u9fff]{{0,8}}(?:{_DAY})?(?:专?电|消息|报道))"
)
_OPENER = re.compile(
    NEWS_LEAD + r"(?=[\s（(　]|[^，。]{0,3}$|[^，。])|[（(]" + _ROLE + r"[^（）()。，]{2,40}[）)]"
)
_NUMBER = r"([0-9]{1,3}|[一二三四五六七八九十]{1,3})"
JUMP_FROM = re.compile(
    rf"^\s*[▶◀←]*\s*(?P<open>[（(【])?\s*(?:上接|紧上?接|(?(open)接|$.))\s*第?\s*[A-Z]?\s*{_NUMBER}\s*版"
    r"(?(open)[^）)】。，]{0,16}[）)】])\s*"
)
JUMP_TO = re.compile(
    rf"\s*[（(【▶→]*\s*(?:紧?下转|转)\s*第?\s*[A-Z]?\s*{_NUMBER}\s*版[^）)】。，]{{0,8}}[）)】▶→]*\s*$"
)
_BYLINE = re.compile(
    rf"^(?:[■□◆●▲◎◇○]\s*(?:{_ROLE}\s*{_NAMES}|{_NAME}(?:[\s、]+{_NAME})*|[^，。：；！？]{{0,12}}(?:记者|通讯员)\s.{{0,28}})"
    rf"|{_ROLE}\s+{_NAMES}(?:{_ROLE}\s+{_NAMES})*(?:文/图|文图)?|[（(]{_ROLE}\s+{_NAMES}(?:{_ROLE}\s+{_NAMES})*(?:文/图|文图)?[）)]|文[/／].{{2,20}})$"
)
_CREDIT_END = (
    r"(?:摄|供图|图/文|文/图|文图|摄影|摄影报道|摄影 报道|/摄|文并图|提供图片|(?:新华社|中新社)发)"
)
_CREDIT = re.compile(
    rf"^[（(]?(?:.{{0,24}}(?:记者|通讯员|特约|实习生|本报))?\s*{_NAMES}\s*{_CREDIT_END}[）)]?$"
)
INLINE_CREDIT = re.compile(
    rf"(?:^|(?<=[。！？”]))\s*([（(]?(?:{_ROLE})?\s*[\u4e00-\u9fff·\s、]{{2,16}}\s?(?:摄|供图|摄影报道|文/图)[）)]?)$"
)
BYLINE_TAIL = re.compile(
    rf"\s*[（(]((?:{_DESK}(?:记者|通讯员)|综合)[^（）()。，]{{2,40}}"
    rf"|(?:据|来源)[^（）()。，]{{2,16}}|[\u4e00-\u9fff·]{{2,4}}|[\u4e00-\u9fff] [\u4e00-\u9fff])[）)]$"
)
_WEEKDAY = r"(?:星期|周)[一二三四五六日天]"
_DATED = r"(?:\d{4}\s*年\s*)?\d{1,2}\s*月\s*\d{1,2}\s*日"
_DESKS = r"(?:编辑|责编|校对|编审|审校|主编|总编|组版|排版|美编|视觉|统筹|版式|值班)"
_FOLIO_HINT = re.compile(
    r"星期|周[一二三四五六日]|版|编辑|责编|编审|审校|主编|总编|校对|组版|美编|视觉|统筹|值班|热线|电话|邮箱|信箱|mail|\d$|^[A-Z]?\d",
    re.IGNORECASE,
)
_FOLIO_CHARACTER = re.compile("[星周版编责审主总校组美视统值热话邮信mM]")
# What a line of the page itself is, and how it looks.
_ASIDE: tuple[tuple[Reason, re.Pattern[str]], ...] = (
    (
        "folio",
        re.compile(
            rf"^[A-Z]?\d{{1,2}}\s*版?\s+\S{{2,10}}(?:\s|$).*(?:\d{{4}}\s*年|{_WEEKDAY}|{_DESKS})"
        ),
    ),
    (
        "folio",
        re.compile(
            rf"^(?:\S{{2,8}}\s+)?{_DATED}.*{_WEEKDAY}|^{_WEEKDAY}\s+{_DATED}|^\d{{4}}[-./]\d{{1,2}}[-./]\d{{1,2}}\s.*{_WEEKDAY}"
        ),
    ),
    (
        "editors",
        re.compile(
            rf"^(?:\d{{4}}\s*年.*)?(?:本版|责任|值班|版面|美术|一版|执行|本期)*{_DESKS}(?:总?编辑|主任|编委)?(?:\s*[:：/／]\s*\S|\s+[\u4e00-\u9fff]{{1,3}}(?:\s|$))"
        ),
    ),
    (
        "hot line",
        re.compile(
            r"(?:新闻|报料|读者|发行|广告|服务|投诉|订报|本报|爆料|便民)(?:热线|电话)|热线电话|投稿邮箱|投稿信箱|电子邮箱|电子信箱|E-?mail\s*[:：]",
            re.IGNORECASE,
        ),
    ),
)
# A bare page number or name is the page's own only at its edge, for it may be the end of a jump mark.
_EDGE_FOLIO = re.compile(
    r"^第?\s*[A-Z]?\d{1,2}\s*版(?:\s*[:：]?\s*[\u4e00-\u9fff]{2,8})?$|^[\u4e00-\u9fff]{2,6}\s*[·|｜/\s]\s*(?:[A-Z]\d{1,2}|0\d)(?:\s*版)?$"
    r"|^(?:0\d\s*[·|｜/\s]|[A-Z]\d{1,2})\s*[\u4e00-\u9fff]{2,6}$"
)
_EDGE = 8
_PHONE = re.compile(r"\d{5,}|\d{3,4}-\d{6,}|@")
_SENTENCE_END = ("。", "！", "？", "…", "!", "?")
_OPENINGS = frozenset("本新中人央光经据（(【上紧接▶◀←")
_MARK_ENDS = ("）", ")", "】", "▶", "→", "版", "摄", "图", "报道")
_BULLETS = "■□◆●▲◎◇○"
_BYLINE_STARTS = frozenset("■□◆●▲◎◇○（(本见实首特全融新中晚日晨都记通评文撰")
_BLANKS = SPACES + "\ufeff\r\n\v\x1c\x1d\x1e\x85\u2028\u2029"
_CLOSERS = "”’》）)】」』〉"
DATELINE = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日|图为|近日|昨日|日前")
CAPTION_CUE = re.compile(r"图为|图①|左图|右图|上图|下图|图片|资料图")
NOTICE_CUE = re.compile(
    r"即日起|本报(?:特|现|将|今起|从今[天日]起|今[天日]起?)?(?:推出|开设|开辟)|栏目|专栏|敬请(?:关注|留意)|特此(?:公告|通知|声明|更正)|温馨提示|停水|停电|招聘启事|登报|征稿|以飨读者"
)
NOTE = re.compile(
    r"[【（(\[]?\s*(?:编者按|编者的话|编后|开栏的话|开栏语|编辑手记|核心提示|阅读提示)"
)
NOTICE_HEADLINE = re.compile(
    r"(?:公告|启事|通告|公示|编者按|开栏的话|开栏语|^更正|^致歉声明|^讣告|^.{0,6}(?:声明|通知|提示))$"
)
COLUMN_NAME = re.compile(
    r"^[【\[《◆●■]?\s*(?:[\u4e00-\u9fff]{0,4}(?:简讯|短讯|短波|简报|快讯|快报|要闻|速递|速览|快递|播报|动态|传真|集锦|集萃|扫描|点击)|一句话新闻|城事|社会广角)"
    r"\s*[】\]》]?$"
)


class Line(NamedTuple):
    """One non-blank line of an article.

    ``width`` is in full-width characters; ``closes``: a sentence or an item ends with this line; ``opens``: an item begins
    here for certain (a news lead, a jump from another page); ``role``: a line that is only a byline or only names
    a photographer is no text; ``size`` of the print in points, 0 where it is not known.
    """

    number: int
    text: str
    width: float
    indented: bool
    gap: bool
    closes: bool
    opens: bool
    role: Role
    size: float = 0.0


class Aside(NamedTuple):
    """A line of the page that is no article's, and why: ``folio``, ``editors``, ``hot line`` or ``column name``."""

    line: int
    text: str
    reason: Reason


def width(text: str) -> float:
    """Printed width in full-width characters: ``12月`` → 2.0."""
    return len(text) - len(text.encode("ascii", "ignore")) / 2


def lines_of(raw: Sequence[str], sizes: Sequence[float] = ()) -> tuple[list[Line], list[Aside]]:
    """Return the non-blank lines that can be an article's, and those that are the page's own; *sizes* of their print."""
    lines: list[Line] = []
    aside: list[Aside] = []
    filled = [
        (number, stripped)
        for number, text in enumerate(raw, 1)
        if (stripped := text.strip(_BLANKS))
    ]
    edge = len(filled) - _EDGE
    # A blank line after every line says nothing.
    spaced = len(filled) > _EDGE and sum(
        [after[0] > line[0] + 1 for line, after in pairwise(filled)]
    ) > 0.9 * len(filled)
    before, gap, ended = "", True, True
    last = 0
    for place, (number, text) in enumerate(filled):
        gap = gap or (number > last + 1 and not spaced)
        last = number
        if reason := _aside(text, (gap or ended) and (place < _EDGE or place >= edge)):
            aside.append(Aside(number, text, reason))
            gap = ended = True
            continue
        # A news lead may go over into the next line, a mark at an item's end come over from the last one.
        opens = False
        if text[0] in _OPENINGS:
            sequel = (
                text + filled[place + 1][1]
                if place + 1 < len(filled) and (spaced or filled[place + 1][0] == number + 1)
                else text
            )
            opens = bool(_OPENER.match(sequel) or JUMP_FROM.match(sequel))
        # What goes on with an unfinished line is no line of its own: a name may be broken at the column's end.
        alone = gap or ended or text[0] in _BULLETS
        role: Role = (
            "credit" if alone and is_credit(text) else "byline" if is_byline(text) else "text"
        )
        ended = closes(text)
        if not ended and text.endswith(_MARK_ENDS):
            whole = text if gap else before + text
            ended = bool(
                JUMP_TO.search(whole) or BYLINE_TAIL.search(whole) or INLINE_CREDIT.search(whole)
            )
        start = raw[number - 1]
        indented = (
            start[0] in SPACES and width(start[: len(start) - len(start.lstrip(SPACES))]) >= 1.5
        )
        lines.append(
            Line(
                number,
                text,
                width(text),
                indented,
                gap,
                ended,
                opens and role == "text",
                role,
                sizes[number - 1] if sizes else 0.0,
            )
        )
        before, gap, ended = text, False, ended or role != "text"
    return lines, aside


def closes(text: str) -> bool:
    """Whether a sentence ends with this text."""
    return (text.rstrip(_CLOSERS) if text[-1:] in _CLOSERS else text).endswith(_SENTENCE_END)


def is_byline(text: str) -> bool:
    return (
        text[0] in _BYLINE_STARTS
        and text[-1] not in "摄图"
        and len(text) <= 42
        and "。" not in text
        and bool(_BYLINE.match(text))
    )


def is_credit(text: str) -> bool:
    """Whether the line names a photographer and nothing else."""
    if (
        text[-1] not in "摄图道影发）)"
        or len(text) > 40
        or "。" in text
        or "，" in text
        or not text.rstrip("）)").endswith(("摄", "图", "报道", "摄影", "发"))
    ):
        return False
    return bool(_CREDIT.match(text)) and (
        not text.rstrip("）)").endswith("报道") or "记者" in text or "通讯员" in text
    )


def _aside(text: str, edge: bool) -> Reason | None:
    """Say what line of the page itself this is, None where it can be an article's; *edge*: it stands by itself among the page's first or last."""
    if not (_FOLIO_CHARACTER.search(text) or text[0].isascii() or text[-1].isdecimal()):
        return None
    if len(text) > 90 or "。" in text or not _FOLIO_HINT.search(text):
        return None
    if edge and _EDGE_FOLIO.match(text):
        return "folio"
    for reason, pattern in _ASIDE:
        if pattern.search(text) and (reason != "hot line" or _PHONE.search(text)):
            return reason
    return None
