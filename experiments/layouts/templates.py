"""Templates of leads, bylines, jumps, credits and folio lines, and how their blanks are filled.

``{person}``, ``{place}``, ``{month}`` and ``{day}`` are drawn anew wherever they occur, from left
to right; other blanks are given.
"""

from __future__ import annotations

import random
import re
from typing import NamedTuple

from experiments.layouts.words import GIVEN_NAME_CHARACTERS, PLACES, SURNAMES

_BLANK = re.compile(r"\{(\w+)\}")
_DATELINE = "{place}{month}月{day}日"


class Lead(NamedTuple):
    """How an article opens: with a line of its own, or in its first paragraph."""

    line: str = ""
    inline: str = ""


LEADS = {
    "本报讯": Lead(inline="本报讯（记者 {person}） "),
    "本报讯 half-width": Lead(inline="本报讯(记者 {person}) "),
    "本报讯, correspondent": Lead(inline="本报讯（记者 {person} 通讯员 {person}） "),
    "本报讯, trainee": Lead(inline="本报讯（见习记者 {person}）"),
    "本报讯, bare": Lead(inline="本报讯 "),
    "本报讯, dated": Lead(inline=f"本报{_DATELINE}讯（记者 {{person}}）"),
    "新华社, names": Lead(inline=f"新华社{_DATELINE}电（记者 {{person}} {{person}}）"),
    "新华社": Lead(inline=f"新华社{_DATELINE}电 "),
    "据新华社": Lead(inline=f"据新华社{_DATELINE}电 "),
    "■": Lead("■本报记者 {person}"),
    "□": Lead("□本报记者 {person} 通讯员 {person}"),
    "□ 通讯员": Lead("□ 通讯员 {person}"),
    "本报记者": Lead("本报记者 {person}"),
    "several": Lead("本报记者 {person} {person} {person}"),
    "据新华社, names": Lead(inline=f"据新华社{_DATELINE}电（记者 {{person}}、{{person}}）"),
    "据新华社电": Lead(inline="据新华社电 "),
    "新华社记者": Lead("新华社记者 {person} {person}"),
    "记者, correspondent": Lead("记者 {person} 通讯员 {person}"),
    "文/": Lead("文/本报记者 {person}"),
    "本报记者 inline": Lead(inline="（本报记者 {person}）"),
}
TAILS = (
    "（记者 {person}）",
    "（{person}）",
    "（据新华社）",
    "（通讯员 {person}）",
    "（本报记者 {person} 通讯员 {person}）",
)
# Jumps; {c} is the page number in Chinese.
JUMPS_FROM = (
    "（上接{:02d}版）",
    "（上接{}版）",
    "（上接第{}版）",
    "（紧接{}版）",
    "(上接{:02d}版)",
    "（上接A{:02d}版）",
    "（上接第{c}版）",
)
JUMPS_TO = (
    "（下转{:02d}版）",
    "（下转第{}版）",
    "（下转{}版）",
    "▶▶下转{:02d}版",
    "(下转{:02d}版)",
    "（下转第{c}版）",
)
CREDITS = (
    "本报记者 {person} 摄",
    "新华社记者 {person} 摄",
    "{person} 摄",
    "通讯员 {person} 摄影报道",
    "（本报记者 {person} 摄）",
    "记者 {person} 摄",
)
CAPTIONS = (
    "{month}月{day}日，{text}。",
    "图为{text}。",
    "近日，{text}。图为活动现场。",
    "{text}。",
)
BRIEF_LEADS = ("本报讯（记者 {person}） ", "本报讯 ", "新华社{place}{month}月3日电 ")
FOLIOS = (
    ("0{number} {name} {date} {weekday} 编辑：{person} 校对：{person}",),
    ("{date} {weekday}", "第0{number}版", "责任编辑：{person}"),
    ("{name} 0{number}", "{date} {weekday} 本版编辑 {person} 美编 {person}"),
    ("A0{number}版 {name}", "编辑/{person} 校对/{person} 组版/{person}"),
    ("{date} {weekday} 农历癸卯年十一月初八 {name} 0{number}",),
)
HOT_LINES = (
    "新闻热线：{phone} 投稿邮箱：news@example.com",
    "本报热线 {phone}",
    "发行热线：{phone}　广告热线：{phone}",
)


def person(rng: random.Random) -> str:
    """Draw a name of two or three characters; print often parts one of two by a space."""
    surname = rng.choice(SURNAMES)
    given = rng.sample(GIVEN_NAME_CHARACTERS, rng.choice((1, 2, 2)))
    name = surname + "".join(given)
    if len(name) == 2 and rng.random() < 0.7:
        return f"{name[0]} {name[1]}"
    return name


def fill(template: str, rng: random.Random, **values: str | int) -> str:
    """Fill a template's blanks with *values*, or draw them."""

    def blank(match: re.Match[str]) -> str:
        name = match[1]
        return str(values[name]) if name in values else _draw(name, rng)

    return _BLANK.sub(blank, template)


def _draw(name: str, rng: random.Random) -> str:
    match name:
        case "person":
            return person(rng)
        case "place":
            return rng.choice(PLACES)
        case "month":
            return str(rng.randint(1, 12))
        case "day":
            return str(rng.randint(1, 28))
    raise ValueError(f"{name!r}: no blank that is drawn")


def jump(templates: tuple[str, ...], page_number: int, rng: random.Random) -> str:
    """Draw the mark of a jump to or from a page."""
    return rng.choice(templates).format(page_number, c="一二三四五六七八"[page_number - 1])
