"""News leads (本报讯, 新华社…电), names of reporters and photographers: lines and parts of texts.

Judges one line or one text by itself; what a line is among its neighbours, ``split`` decides.
"""

from __future__ import annotations

import re

from research.pages.marks.names import are_names, is_name

BULLETS = "■□◆●▲◎◇○"
# Where a line begins or ends like this it may be one of these; tried before the costly patterns.
_BYLINE_STARTS = frozenset(BULLETS + "（(本见实首特全融新中晚日晨都记通评文撰")
_CREDIT_ENDS = ("摄", "图", "报道", "摄影", "发")
_MAX_BYLINE_CHARACTERS = 42
_MAX_CREDIT_CHARACTERS = 40

_DESK = r"""
(?:本报|本台|本刊|见习|实习|首席|特约|全媒体|融媒体|融媒
  |新华社|中新社|晚报|日报|晨报|都市报)*
"""
_ROLE = rf"{_DESK}(?:记者|通讯员|评论员|实习生|特约撰稿|撰稿)"
_NAME = r"[\u4e00-\u9fff·]{1,4}"
_NAMES = r"[\u4e00-\u9fff·\s、]{2,30}"
_DAY = r"(?:\d{1,2}月)?\d{1,2}日"
_NEWS_LEAD = rf"""
(?:
    本报(?:综合讯|综合消息|综合报道|讯|消息|[\u4e00-\u9fff]{{2,6}}{_DAY}(?:讯|电))
  | 据?(?:新华社|中新社|中新网|人民网|央视网|央视新闻|人民日报|光明日报|经济日报)
    (?:[\u4e00-\u9fff]{{2,8}}{_DAY})?(?:专?电|讯|消息|报道)
  | 据(?:新华社|中新社|央视|人民网)
    [\u4e00-\u9fff]{{0,8}}(?:{_DAY})?(?:专?电|消息|报道)
)
"""
OPENER = re.compile(
    rf"""
      {_NEWS_LEAD}(?=[\s（(　]|[^，。]{{0,3}}$|[^，。])  # not 本报讯， inside a sentence
    | [（(]{_ROLE}[^（）()。，]{{2,40}}[）)]             # （本报记者 甲乙）
    """,
    re.VERBOSE,
)
_LEAD = re.compile(
    rf"""
    ^\s*
    (
        [【\[［]\s?{_NEWS_LEAD}\s?[】\]］]\s*(?:[（(][^）)。]{{2,60}}[）)])?
      | {_NEWS_LEAD}\s*(?:[（(][^）)。]{{2,60}}[）)])?  # 本报讯（记者 甲乙）
      | [（(](?:本报|见习|实习)*(?:记者|通讯员)[^）)。]{{2,60}}[）)]
    )\s*
    """,
    re.VERBOSE,
)
_BYLINE = re.compile(
    rf"""
    ^(?=.{{1,{_MAX_BYLINE_CHARACTERS}}}\Z)    # A longer one would be tried in too many ways.
    (?:
        [{BULLETS}]\s*
        (?:
            {_ROLE}\s*{_NAMES}                               # ■本报记者 甲乙
          | {_NAME}(?:[\s、]+{_NAME})*                       # □甲乙 丙丁
          | [^，。：；！？]{{0,12}}(?:记者|通讯员)\s.{{0,28}}    # ◎某报记者 甲乙
        )
      | {_ROLE}\s+{_NAMES}(?:{_ROLE}\s+{_NAMES})*(?:文/图|文图)?
      | [（(]{_ROLE}\s+{_NAMES}(?:{_ROLE}\s+{_NAMES})*(?:文/图|文图)?[）)]
      | 文[/／].{{2,20}}                                      # 文/甲乙
    )$
    """,
    re.VERBOSE,
)
_CREDIT = re.compile(
    rf"""
    ^(?=.{{1,{_MAX_CREDIT_CHARACTERS}}}\Z)
    [（(]?
    (?:.{{0,24}}(?:记者|通讯员|特约|实习生|本报))?\s*
    {_NAMES}\s*
    (?:摄|供图|图/文|文/图|文图|摄影|摄影报道|摄影\ 报道|/摄|文并图|提供图片|(?:新华社|中新社)发)
    [）)]?$
    """,
    re.VERBOSE,
)
INLINE_CREDIT = re.compile(
    rf"""
    (?:^|(?<=[。！？”]))\s*+    # after a sentence
    (
        [（(]?(?:{_ROLE})?\s*+
        [\u4e00-\u9fff·\s、]{{2,16}}\s?(?:摄|供图|摄影报道|文/图)[）)]?
    )$
    """,
    re.VERBOSE,
)
BYLINE_TAIL = re.compile(
    rf"""
    \s{{0,8}}[（(]
    (
        (?:{_DESK}(?:记者|通讯员)|综合)[^（）()。，]{{2,40}}    # （记者 甲乙）
      | (?:据|来源)[^（）()。，]{{2,16}}                        # （据新华社）
      | [\u4e00-\u9fff·]{{2,4}}                               # （甲乙）
      | [\u4e00-\u9fff]\ [\u4e00-\u9fff]                      # （甲 乙）
    )
    [）)]$
    """,
    re.VERBOSE,
)
# A paper that names itself, as e-papers print it: 栖川日报石门7月18日讯（全媒体记者 甲乙）.
_PAPER = r"(?:本报|[\u4e00-\u9fff]{1,8}?(?:日报|晚报|晨报|早报|商报|时报|都市报|报|网|新闻|客户端))"
_PAPER_LEAD = re.compile(
    rf"""
    ^\s*
    (
        {_PAPER} (?:[\u4e00-\u9fff]{{2,8}}?)? \s? {_DAY} \s? (?:专?电|讯|消息)
        \s* (?:[（(][^）)。]{{2,60}}[）)])?
      | {_PAPER} [\u4e00-\u9fff]{{0,6}}? (?:讯|消息) \s* [（(][^）)。]{{2,60}}[）)]
      | (?:讯|电) \s? [（(][\u4e00-\u9fff]{{0,10}}(?:记者|通讯员)[^）)。]{{2,60}}[）)]
      | [（(] [\u4e00-\u9fff]{{0,10}} (?:记者|通讯员) [^）)。，]{{2,60}} [）)]
    )\s*
    """,
    re.VERBOSE,
)
_PAPER_TAIL = re.compile(
    r"\s{0,4}[（(]([\u4e00-\u9fff]{0,10}(?:记者|通讯员|实习生)[^（）()。，]{2,40})[）)]$"
)
_WORK = r"(?:摄影报道|图文报道|文/图|图/文|文图|文并图|摄影|报道|摄|文|图)"
_PERSON = r"""
[\u4e00-\u9fff·]{2,4}
| [\u4e00-\u9fff]\s[\u4e00-\u9fff]                  # 孙 震
| [\u4e00-\u9fff]{1,6}·[\u4e00-\u9fff]{1,6}
"""
_REPORTER = rf"""
(?:[\u4e00-\u9fff·]{{0,14}}?)
(?:记者|通讯员|评论员|实习生|撰稿人?|特派员)
(?:\s{{0,4}}[:：]\s{{0,4}}|\s{{1,4}}|)
(?!手记|观察|调查|走访|体验|见闻|来信|节|证|站|们|从|在)
(?:{_PERSON})(?:[\s、，,]{{1,6}}+(?!(?:本报|通讯员|实习生))(?:{_PERSON})){{0,6}}
"""
_REPORTERS = rf"(?:{_REPORTER}[\s、，,；;/]{{0,6}}){{1,4}}"
_BYLINE_ALONE = re.compile(
    rf"""
    ^(?=.{{1,{_MAX_BYLINE_CHARACTERS}}}\Z)
    [{BULLETS}\s]*+ [（(]? \s*+
    (?:(?:文|图|图文|文图|采写|撰文|摄影|文/图|图/文)(?:\s*[/／:：]\s*|\s+))?
    {_REPORTERS}
    \s* {_WORK}? \s* [）)]?$
    """,
    re.VERBOSE,
)
_REPORTED = re.compile(
    rf"""
    ^\s*+
    ((?:{_PAPER}(?:[\u4e00-\u9fff]{{2,6}}?)?(?:讯|消息)\s{{0,4}})?
      {_REPORTERS}\s{{0,4}}(?:摄影|图文)?报道)
    \s*+(?:[:：]\s*+|(?<=\s))
    """,
    re.VERBOSE,
)
# Words at a paragraph's beginning: a role, with or without a name; a name; the text.
_BETWEEN_WORDS = " \u3000\u00a0\t、，,"
_WORD = re.compile(rf"(?:(?!\d{{1,2}}[月日])[^{_BETWEEN_WORDS}])++[{_BETWEEN_WORDS}]*+")
_ROLE_AND_NAME = re.compile(
    rf"""
    [{BULLETS}]? [\u4e00-\u9fff]{{0,10}}?
    (?:记者|通讯员|评论员|实习生|特派员)
    [:：]? ([\u4e00-\u9fff·]{{0,4}})
    """,
    re.VERBOSE,
)
_GOES_ON = re.compile("从|在|对|就|向|与|和|跟|到|看|说|问|随|走|采访|获悉|了解|来到|发现|报道")
# What each person did, between or before names: 记者 甲乙/文 丙丁/图, 编译 甲乙, 作者：甲乙.
# fmt: off
_WORKS = frozenset((
    "文", "图", "摄", "摄影", "报道", "图文", "文图", "图片", "撰文", "采写", "编译", "整理",
    "翻译", "译", "供稿", "供图", "口述", "撰稿", "作者", "摄影报道",
))
# fmt: on
_ROLE_ALONE = re.compile(
    r"""
    (?: [\u4e00-\u9fff·]{0,14} (?:记者|通讯员|实习生|特派员|撰稿人)
      | [\u4e00-\u9fff]{2,8}评论员 )
    """,
    re.VERBOSE,
)
_COMMENTATOR = re.compile(r"[（(]?(?:本[报台刊网]|[\u4e00-\u9fff]{2,6}[报网])(?:特约)?评论员[）)]?")
_RUBRICS = ("手记", "观察", "调查", "走访", "体验", "见闻", "来信")  # 记者 手记
_BETWEEN_BYLINE_WORDS = re.compile(r"[\s、，,；;/／:：]+")
_BETWEEN_NAMES_OR_BRACKETS = re.compile(r"[\s、，,；;/／:：（）()]+")
_LAST_BRACKETS = re.compile(r"\s{0,4}[（(]([^（）()。]{2,40})[）)]$")
_MAX_BYLINE_LINES = 3  # At a text's beginning, and as many at its end.
_MAX_RUNNING_BYLINE_CHARACTERS = 80
_SPACED_NAME = re.compile(
    r"(?<=[\s、])([\u4e00-\u9fff]) ([\u4e00-\u9fff])(?![\u4e00-\u9fff])"  # 记者 孙 震
)


def is_byline(text: str) -> bool:
    """Return whether the line names reporters and nothing else."""
    if text[0] not in _BYLINE_STARTS or text[-1] in "摄图":
        return False
    if len(text) > _MAX_BYLINE_CHARACTERS or "。" in text:
        return False
    return _BYLINE.match(text) is not None


def is_credit(text: str) -> bool:
    """Return whether the line names a photographer and nothing else."""
    if text[-1] not in "摄图道影发）)" or len(text) > _MAX_CREDIT_CHARACTERS:
        return False
    if "。" in text or "，" in text:
        return False
    unbracketed = text.rstrip("）)")
    if not unbracketed.endswith(_CREDIT_ENDS) or not _CREDIT.match(text):
        return False
    # 报道 ends many headlines, too.
    names_role = "记者" in text or "通讯员" in text
    return names_role or not unbracketed.endswith("报道")


def take_bylines(texts: list[str]) -> tuple[list[str], str, str]:
    """Take the news lead off the first paragraph, and the name in brackets off the last.

    Parameters
    ----------
    texts: an article's paragraphs; changed in place.

    Returns
    -------
    The paragraphs that are left, the news lead and the name, each empty where there is none.
    """
    if not texts:
        return [], "", ""
    lead = name = ""
    first = texts[0]
    mark = _LEAD.match(first) or _PAPER_LEAD.match(first)
    if mark is not None:
        lead = mark[1].strip()
        if lead.startswith(("（", "(")):
            lead = lead.strip("（）() ")
        texts[0] = first[mark.end() :]
    last = texts[-1]
    mark = BYLINE_TAIL.search(last) or _PAPER_TAIL.search(last) or _people_at_end(last)
    if mark is not None:
        name = mark[1].strip()
        texts[-1] = last[: mark.start()]
    left = [text for text in texts if text]
    return left, lead, name


def _people_at_end(text: str) -> re.Match[str] | None:
    """Return the brackets at a text's end where nothing but people is in them."""
    mark = _LAST_BRACKETS.search(text)
    if mark is None or not mark.start():
        return None
    return mark if are_names(mark[1]) or are_credits(mark[1]) else None


def take_byline_lines(texts: list[str]) -> tuple[list[str], list[str]]:
    """Take the paragraphs that only name reporters off a text's beginning and its end.

    Of a first paragraph that begins ``本报记者 甲乙 报道：`` the beginning is taken.

    Returns
    -------
    The paragraphs that are left, and the bylines without bullets and brackets. A text that is all
    bylines stays as it is.
    """
    begin, end = 0, len(texts)
    while begin < min(end, _MAX_BYLINE_LINES) and _is_byline_alone(texts[begin]):
        begin += 1
    last = max(begin, end - _MAX_BYLINE_LINES)
    while end > last and _is_byline_alone(texts[end - 1]):
        end -= 1
    if begin == end:
        return texts, []
    lines = [*texts[:begin], *texts[end:]]
    bylines = [line.strip(BULLETS + "（）() ") for line in lines]
    left = texts[begin:end]
    beginning = left[0][:_MAX_RUNNING_BYLINE_CHARACTERS]
    running, n_characters = _running_byline(beginning)
    if running:
        bylines.insert(begin, running)
        left[0] = left[0][n_characters:]
    return [text for text in left if text], bylines


def _running_byline(text: str) -> tuple[str, int]:
    """Return the byline with which a paragraph begins, and how many characters it takes.

    ``本报记者 甲乙 报道：``, or roles and names before the text: ``本报记者 甲乙 7月18日，…``.
    """
    mark = _REPORTED.match(text)
    if mark is not None:
        return mark[1].strip(), mark.end()
    end, has_name = 0, False
    half = ""  # Of a name that is printed with a space: 孙 震.
    for match in _WORD.finditer(text):
        word = half + match[0].strip(_BETWEEN_WORDS)
        half = word if end and len(word) == 1 else ""
        if half:
            continue
        role = _ROLE_AND_NAME.fullmatch(word)
        name = role[1] if role else word
        if role is None and not (end and is_name(name)):
            break
        has_name = is_name(name)  # The last role has one, or the names go on in the text.
        end = match.end()
    rest = text[end:].lstrip(_BETWEEN_WORDS)
    # Names end a sentence nowhere, and a verb after them goes on with it: 记者 王建国 从…获悉.
    if not has_name or not rest or _GOES_ON.match(rest):
        return "", 0
    byline = text[:end].strip(BULLETS + _BETWEEN_WORDS)
    n_characters = len(text) - len(rest)
    return byline, n_characters


def _is_byline_alone(text: str) -> bool:
    """Return whether a paragraph of an e-paper names reporters or photographers only."""
    if len(text) > _MAX_BYLINE_CHARACTERS or "。" in text or text.endswith(_RUBRICS):
        return False
    if is_byline(text) or is_credit(text) or are_names(text):
        return True
    return bool(_BYLINE_ALONE.match(text) or _COMMENTATOR.fullmatch(text)) or are_credits(text)


def are_credits(text: str) -> bool:
    """Return whether a text is roles or works with the names of who had them, and nothing else.

    >>> [are_credits(text) for text in ("记者 王建国/文 李静/图", "作者：李静", "记者 手记")]
    [True, True, False]
    """
    words = _BETWEEN_BYLINE_WORDS.split(text.strip(BULLETS + "（）() "))
    has_role = has_name = False
    half = ""  # Of a name that is printed with a space: 孙 震.
    for word in filter(None, words):
        if not half and (word in _WORKS or _ROLE_ALONE.fullmatch(word)):
            has_role = True
        elif is_name(half + word):
            has_name, half = True, ""
        elif role := _ROLE_AND_NAME.fullmatch(word):
            if half or not is_name(role[1]):
                return False
            has_role = has_name = True
        elif not half and len(word) == 1:
            half = word
        else:
            return False
    return has_role and has_name and not half


def people_in(text: str) -> set[str]:
    """Return the names of people in a byline.

    >>> sorted(people_in("本报讯（记者李静 通讯员 王建国）"))
    ['李静', '王建国']
    """
    names = set()
    for word in _BETWEEN_NAMES_OR_BRACKETS.split(text):
        role = _ROLE_AND_NAME.fullmatch(word)
        name = role[1] if role else word
        if is_name(name):
            names.add(name)
    return names


def take_credit(texts: list[str]) -> str:
    """Take the photographer's name off the last paragraph's end, in place; return it, or ""."""
    mark = INLINE_CREDIT.search(texts[-1]) if texts else None
    if mark is None or mark.start() == 0:
        return ""
    texts[-1] = texts[-1][: mark.start()]
    return mark[1].strip("（）() ")


def close_names(byline: str) -> str:
    """Undo the space that print puts into names of two characters.

    >>> close_names("记者 孙 震")
    '记者 孙震'
    """
    return _SPACED_NAME.sub(r"\1\2", byline)
