"""Sets real articles as pages, as papers' dumps give them, with gold for every line.

Knows what print does (columns, indents, punctuation that may not begin a line, blank lines where a column ends, decks,
bylines, jumps, folio lines) and nothing of how pages are split.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any
from zlib import crc32

from shared_data import require_shared

from research import Article, Fields, Page, iter_corpus

NEVER_FIRST = set("，。、；：！？”’》）…—％%")
NEVER_LAST = set("“‘《（")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰云帆子涵思远雨欣宇轩佳怡浩然"
PLACES = ["北京", "上海", "郑州", "武汉", "成都", "西安", "广州", "南京", "日内瓦", "石家庄"]
COLUMN_NAMES = [
    "简讯",
    "一句话新闻",
    "短波",
    "要闻速览",
    "新闻速递",
    "市县传真",
    "各地动态",
    "近日要闻",
    "时政简报",
    "城事",
    "区县速递",
]
COLUMN_WORDS = (
    [
        "一周",
        "今日",
        "本周",
        "每日",
        "身边",
        "基层",
        "部门",
        "民生",
        "环保",
        "经济",
        "文教",
        "法治",
        "乡村",
        "社区",
        "街道",
        "园区",
        "校园",
    ],
    [
        "要闻",
        "短波",
        "快讯",
        "点击",
        "扫描",
        "播报",
        "速递",
        "动态",
        "窗口",
        "一线",
        "茶座",
        "集锦",
    ],
)
ENDINGS = ["（上）", "（下）", "（一）", "（二）", "（人物）", "（附名单）", "（深读）", "（组图）"]
LAUNCHES = [
    "为深入报道{a}的进展，即日起，本报推出《{c}》栏目，介绍各地的做法和成效，敬请关注。",
    "{a}正在展开。本报从今天起开设《{c}》专栏，讲述其中的人和事，欢迎读者提供线索。",
    "{a}，离不开每一个人。本报今起开辟《{c}》专栏，记录身边的变化，今天刊发第一篇。",
]
NOTES = [
    "编者按：{a}，一直为读者关心。它怎样开始，又遇到过什么？记者为此走访了多个地方，今天刊出所见所闻。",
    "编者按 {a}是今年的一件大事。本报记者连日来深入一线，采写了这组报道，以飨读者。",
    "【编者按】围绕{a}，各地进行了许多探索。本报选取其中几个，看看他们是怎么做的。",
]
NOTICES = [
    (
        "停水通知",
        "因{p}路供水管道改造，定于{m}月{d}日8时至20时对{p}路沿线停水，请用户提前储水，不便之处敬请谅解。特此通知。",
    ),
    ("遗失声明", "{n}遗失身份证，声明作废。{p}商贸有限公司公章丢失，声明作废。"),
    (
        "招聘启事",
        "本单位因工作需要招聘编辑两名，本科以上学历，有意者请于{m}月{d}日前携带简历到{p}路18号面试。",
    ),
    (
        "公告",
        "根据有关规定，{p}区将于{m}月{d}日起对占道车辆进行清理，请车主自行挪离，逾期不挪的依法处置。特此公告。",
    ),
    ("更正", "本报{m}月{d}日2版刊登的稿件中，“{n}”应为“{n}等”，特此更正，并向读者致歉。"),
]
SLOGANS = [
    "扎实推进保民生",
    "凝心聚力谋发展",
    "问题从哪里来",
    "钱花在了哪里",
    "数字背后的变化",
    "一张蓝图绘到底",
    "从无到有",
    "破局",
    "起步",
    "难在何处",
    "变化看得见",
    "守住底线",
    "久久为功",
    "向新而行",
    "以人为本",
    "补齐短板强弱项",
    "产业兴则乡村兴",
    "把论文写在大地上",
    "好日子还在后头",
    "小切口办成大事",
    "群众说好才是好",
    "路通了心近了",
    "账要算清楚",
    "人才从哪里来",
    "让数据多跑路",
    "一站到底",
    "靠前一步",
    "谁来种地",
    "怎么种好",
    "老树发新芽",
    "清单一目了然",
    "干出来的样子",
    "未来可期",
    "再出发",
    "打通最后一公里",
    "既要快也要稳",
    "拧成一股绳",
    "对标先进找差距",
    "从“有没有”到“好不好”",
    "守正创新",
    "同题共答",
    "规划先行",
    "制度护航",
    "科技赋能",
    "党建引领聚合力",
    "服务升级增后劲",
    "创新驱动添活力",
    "绿色转型开新局",
    "筑牢安全防线",
    "擦亮城市底色",
    "激活一池春水",
    "下好先手棋",
    "种好责任田",
]
LEADS: dict[str, Any] = {
    "本报讯": lambda r: ("", f"本报讯（记者 {person(r)}） "),
    "本报讯 half-width": lambda r: ("", f"本报讯(记者 {person(r)}) "),
    "本报讯, correspondent": lambda r: ("", f"本报讯（记者 {person(r)} 通讯员 {person(r)}） "),
    "本报讯, trainee": lambda r: ("", f"本报讯（见习记者 {person(r)}）"),
    "本报讯, bare": lambda _: ("", "本报讯 "),
    "本报讯, dated": lambda r: (
        "",
        f"本报{r.choice(PLACES)}{r.randint(1, 12)}月{r.randint(1, 28)}日讯（记者 {person(r)}）",
    ),
    "新华社, names": lambda r: (
        "",
        f"新华社{r.choice(PLACES)}{r.randint(1, 12)}月{r.randint(1, 28)}日电（记者 {person(r)} {person(r)}）",
    ),
    "新华社": lambda r: (
        "",
        f"新华社{r.choice(PLACES)}{r.randint(1, 12)}月{r.randint(1, 28)}日电 ",
    ),
    "据新华社": lambda r: (
        "",
        f"据新华社{r.choice(PLACES)}{r.randint(1, 12)}月{r.randint(1, 28)}日电 ",
    ),
    "■": lambda r: (f"■本报记者 {person(r)}", ""),
    "□": lambda r: (f"□本报记者 {person(r)} 通讯员 {person(r)}", ""),
    "□ 通讯员": lambda r: (f"□ 通讯员 {person(r)}", ""),
    "本报记者": lambda r: (f"本报记者 {person(r)}", ""),
    "several": lambda r: (f"本报记者 {person(r)} {person(r)} {person(r)}", ""),
    "据新华社, names": lambda r: (
        "",
        f"据新华社{r.choice(PLACES)}{r.randint(1, 12)}月{r.randint(1, 28)}日电（记者 {person(r)}、{person(r)}）",
    ),
    "据新华社电": lambda _: ("", "据新华社电 "),
    "新华社记者": lambda r: (f"新华社记者 {person(r)} {person(r)}", ""),
    "记者, correspondent": lambda r: (f"记者 {person(r)} 通讯员 {person(r)}", ""),
    "文/": lambda r: (f"文/本报记者 {person(r)}", ""),
    "本报记者 inline": lambda r: ("", f"（本报记者 {person(r)}）"),
}
TAILS = [
    lambda r: f"（记者 {person(r)}）",
    lambda r: f"（{person(r)}）",
    lambda _: "（据新华社）",
    lambda r: f"（通讯员 {person(r)}）",
    lambda r: f"（本报记者 {person(r)} 通讯员 {person(r)}）",
]
FROM = [
    "（上接{:02d}版）",
    "（上接{}版）",
    "（上接第{}版）",
    "（紧接{}版）",
    "(上接{:02d}版)",
    "（上接A{:02d}版）",
    "（上接第{c}版）",
]
TO = [
    "（下转{:02d}版）",
    "（下转第{}版）",
    "（下转{}版）",
    "▶▶下转{:02d}版",
    "(下转{:02d}版)",
    "（下转第{c}版）",
]
CREDITS = [
    lambda r: f"本报记者 {person(r)} 摄",
    lambda r: f"新华社记者 {person(r)} 摄",
    lambda r: f"{person(r)} 摄",
    lambda r: f"通讯员 {person(r)} 摄影报道",
    lambda r: f"（本报记者 {person(r)} 摄）",
    lambda r: f"记者 {person(r)} 摄",
]


@dataclass
class Style:
    """What a paper's dumps look like; shares are probabilities an article or a page."""

    name: str
    headline: str = "before"
    gaps: str = "paragraphs"  # blank lines: "paragraphs" (also where a column ends), "items", "none", "lines" (after every line)
    head_gap: bool = True  # a blank line between headline and body, where there are any
    indent: str = ""
    folio: float = 0.0
    decks: float = 0.0
    deck_place: str = "either"
    heads: int = 2  # at most so many lines of one headline
    subheads: float = 0.0
    briefs: float = 0.0  # items that are briefs without headlines
    columns: float = 0.0  # share of pages with briefs under a column name
    continuations: float = 0.1
    jumps_out: float = 0.05
    captions: float = 0.1
    notices: float = 0.0
    notes: float = 0.0
    leads: float = 0.85  # share of articles that open with a news lead or a byline
    lead: str = ""  # one of LEADS; "": any
    tails: float = 0.05
    listed: float = 0.03  # share of articles that list points, each a paragraph with a mark
    width: tuple[int, int] = (13, 22)
    shortened: bool = (
        True  # a paragraph's first line is narrower by its indent, also where the dump dropped it
    )
    kinsoku: bool = True  # no line begins with a comma; else lines are cut by count alone
    centred: bool = False  # spaces before headlines
    # Share of blank lines that the dump lost, and of lines that one too many stands after; at 0 nothing is drawn for them.
    lost: float = 0.0
    stray: float = 0.0


TWO = "\u3000\u3000"
STYLES = [
    Style("body first", "after"),
    Style("body first, indents", "after", "none", indent=TWO),
    Style("body first, items apart", "after", "items", indent=TWO),
    Style("headline first"),
    Style("headline first, indents", gaps="none", indent=TWO, folio=1),
    Style("indents and blanks", indent=TWO, folio=1),
    Style("items apart", gaps="items"),
    Style("items apart, indents", gaps="items", indent="    ", head_gap=False),
    Style("neither", gaps="none"),
    Style("neither, body first", "after", "none"),
    Style("every line apart", gaps="lines", indent=TWO),
    Style("narrow columns", "after", width=(10, 13)),
    Style("narrow, indents", gaps="none", indent=TWO, width=(10, 13)),
    Style("wide columns", width=(22, 26)),
    Style("wide, body first", "after", width=(22, 26)),
    Style("several headlines", heads=4),
    Style("several, body first", "after", heads=4),
    Style("decks above", decks=0.6, deck_place="above"),
    Style("decks below", decks=0.6, deck_place="below"),
    Style("decks, body first", "after", decks=0.6),
    Style("sub-headings", subheads=0.5),
    Style("sub-headings, after", "after", subheads=0.5),
    Style("sub-headings, indents", gaps="none", indent=TWO, subheads=0.5),
    Style("briefs, column name", briefs=0.1, columns=1, gaps="none", indent=TWO, folio=1),
    Style("briefs, body first", "after", briefs=0.3, columns=0.5),
    Style("captions", captions=0.4),
    Style("notices", notices=0.3, notes=0.2),
    Style("notices, body first", "after", notices=0.3, notes=0.2),
    Style("jumps", continuations=0.3, jumps_out=0.3),
    Style("jumps, body first", "after", continuations=0.3, jumps_out=0.3),
    Style("no leads", leads=0.1),
    Style("no leads, body first", "after", leads=0.1),
    Style("no leads, sub-headings", leads=0.1, subheads=0.4),
    Style("bylines after", leads=0.2, tails=0.8, gaps="none", indent=TWO),
    *(
        Style(
            f"lead {name}",
            ("before", "after")[n % 2],
            ("paragraphs", "none")[n // 2 % 2],
            indent=("", TWO)[n // 2 % 2],
            lead=name,
        )
        for n, name in enumerate(LEADS)
    ),
    Style("first lines full", shortened=False),
    Style("first lines full, after", "after", "none", shortened=False),
    Style("cut by count", kinsoku=False),
    Style("centred", "before", "none", indent=TWO, centred=True),
    Style(
        "everything",
        folio=1,
        decks=0.3,
        heads=3,
        subheads=0.3,
        briefs=0.15,
        columns=0.3,
        captions=0.15,
        notices=0.1,
        notes=0.1,
        leads=0.6,
        tails=0.2,
    ),
    Style(
        "everything, after",
        "after",
        folio=1,
        decks=0.3,
        heads=3,
        subheads=0.3,
        briefs=0.15,
        columns=0.3,
        captions=0.15,
        notices=0.1,
        notes=0.1,
        leads=0.6,
        tails=0.2,
    ),
]


def any_style(rng: random.Random) -> Style:
    """Draw a style: some paper's, that no style above names."""
    low = rng.choice((10, 12, 13, 14, 16, 18, 22))
    if rng.random() < 0.05:
        low = 600  # a paragraph a line
    indent = rng.choice((TWO, TWO, TWO, "    ", "", "", ""))
    return Style(
        "any",
        rng.choice(("before", "after")),
        rng.choice(
            ("paragraphs", "paragraphs", "paragraphs", "items", "items", "none", "none", "lines")
        ),
        rng.random() < 0.7,
        indent,
        folio=rng.random(),
        decks=rng.choice((0, 0, 0.3, 0.6)),
        deck_place=rng.choice(("above", "below", "either")),
        heads=rng.choice((2, 2, 3, 4)),
        subheads=rng.choice((0, 0.3, 0.6)),
        briefs=rng.choice((0, 0, 0, 0, 0.2)),
        columns=rng.choice((0, 0, 0, 1)),
        continuations=rng.choice((0, 0.1, 0.3)),
        jumps_out=rng.choice((0, 0.1, 0.3)),
        captions=rng.choice((0, 0.1, 0.3)),
        notices=rng.choice((0, 0, 0.15)),
        notes=rng.choice((0, 0, 0.15)),
        leads=rng.choice((0.1, 0.1, 0.5, 0.85, 0.85, 1)),
        lead=rng.choice(("", "", rng.choice(list(LEADS)))),
        tails=rng.choice((0, 0.1, 0.6)),
        listed=rng.choice((0, 0.05, 0.2)),
        width=(low, low + rng.randint(0, 8)),
        shortened=bool(indent) or rng.random() < 0.7,
        kinsoku=rng.random() < 0.8,
        centred=rng.random() < 0.1,
        lost=rng.choice((0, 0, 0, 0, 0, 0.1, 0.3)),
        stray=rng.choice((0, 0, 0, 0, 0, 0, 0.03, 0.08)),
    )


@dataclass
class Item:
    """One item as set: what it says, and the lines that it got."""

    kind: str
    headline: str = ""
    text: str = ""
    lines: list[int] = field(default_factory=list)


def width(text: str) -> float:
    return sum(0.5 if ord(char) < 0x2000 else 1.0 for char in text)


def wrap(text: str, column: int, style: Style, rng: random.Random) -> list[str]:
    """Set a paragraph into a column; justified print squeezes punctuation, so lines vary by up to a character."""
    lines, line = [], ""
    indent = 2 * style.shortened
    for char in text:
        room = (
            column
            - (indent if not lines else 0)
            + (style.kinsoku and rng.random() < 0.15 and any(c in "，。、" for c in line))
        )
        if width(line + char) > room and not (
            style.kinsoku and (char in NEVER_FIRST or line[-1:] in NEVER_LAST)
        ):
            lines.append(line.strip())
            line = ""
        line += char
    return [*lines, line.strip()]


def person(rng: random.Random) -> str:
    name = rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, rng.choice((1, 2, 2))))
    return f"{name[0]} {name[1]}" if len(name) == 2 and rng.random() < 0.7 else name


def numbered(marks: list[str], page: int, rng: random.Random) -> str:
    return rng.choice(marks).format(page, c="一二三四五六七八"[page - 1])


def head_lines(headline: str, most: int, rng: random.Random) -> list[str]:
    """Break a headline as an editor does: at a space, else near the middle when it is long."""
    if len(headline) > 13 and " " in headline and rng.random() < 0.5:
        return headline.split(" ")
    if len(headline) > 14 and rng.random() < 0.6:
        middle = len(headline) // 2 + rng.randint(-2, 2)
        if headline[middle] not in NEVER_FIRST and headline[middle - 1] not in NEVER_LAST:
            halves = [headline[:middle].strip(), headline[middle:].strip()]
            return (
                [line for half in halves for line in head_lines(half, most // 2, rng)]
                if most > 2
                else halves
            )
    return [headline]


def clauses_of(text: str, least: int, most: int) -> list[str]:
    return [
        c
        for c in re.split("[，。；]", text)
        if least <= len(c) <= most and not re.search("[“”（）《》：、]", c)
    ]


def subheading(paragraph: str, count: int, rng: random.Random) -> str:
    """Think up a sub-heading: a slogan, some of the paragraph's own words, or two of them run together."""
    if rng.random() < 0.3:
        return (
            rng.choice(SLOGANS)
            if rng.random() < 0.7
            else rng.choice(("：", "——", "，")).join(rng.sample(SLOGANS, 2))
        )
    clauses = [
        c
        for c in re.split("[，。；：、]", paragraph)[1:]
        if 5 <= len(c) <= 12 and bare(c) == c and not re.search("[“”（）《》]", c)
    ]
    if len(clauses) < 2:
        return ""
    one, other = rng.sample(clauses, 2)
    said = rng.choice((one, one[:4] + other[-4:], other[-5:], one[:2] + other[2:6]))
    return rng.choice(("", "", "", "", f"{'一二三四五'[count]}、")) + said


def subheading_lines(said: str, column: int, rng: random.Random) -> list[str]:
    """Break a sub-heading in two where its column is too narrow for it, or as an editor likes it."""
    if len(said) < 7 or not (width(said) > column - 2 or rng.random() < 0.1):
        return [said]
    middle = len(said) // 2 + rng.randint(-1, 1)
    # Near the middle, rather after a punctuation mark, never before one.
    places = [
        n
        for n in range(2, len(said) - 1)
        if said[n] not in NEVER_FIRST and said[n - 1] not in NEVER_LAST
    ]
    at = min(places, key=lambda n: abs(n - middle) - 3 * (said[n - 1] in NEVER_FIRST))
    return [said[:at], said[at:]]


class Setter:
    """Sets one page line by line."""

    def __init__(self, style: Style, rng: random.Random) -> None:
        self.style, self.rng = style, rng
        self.lines: list[str] = []
        self.items: list[Item] = []
        self.roles: dict[int, str] = {}
        self.apart = False  # a blank line after every line, as of what was set in a box

    def put(self, item: Item | None, text: str, role: str) -> None:
        self.lines.append(text)
        self.roles[len(self.lines)] = role
        if item is not None:
            item.lines.append(len(self.lines))
        if (
            self.style.gaps == "lines"
            or self.apart
            or (self.style.stray and self.rng.random() < self.style.stray)
        ):
            self.lines.append("")

    def gap(self, *of: str) -> None:
        if (
            self.style.gaps in of
            and self.lines
            and self.lines[-1]
            and not (self.style.lost and self.rng.random() < self.style.lost)
        ):
            self.lines.append("")

    def body(
        self,
        item: Item,
        paragraphs: list[str],
        column: int,
        subheads: dict[int, str],
        role: str = "body",
    ) -> None:
        tall, set_lines = self.rng.randint(12, 40), 0
        for number, paragraph in enumerate(paragraphs):
            if number in subheads:
                self.gap("paragraphs")
                for line in subheading_lines(subheads[number], column, self.rng):
                    self.put(item, line, "subhead")
                self.gap("paragraphs")
            pieces = wrap(paragraph, column, self.style, self.rng)
            for place, piece in enumerate(pieces):
                self.put(item, (self.style.indent if place == 0 else "") + piece, role)
                set_lines += 1
                if set_lines % tall == 0 and place < len(pieces) - 1:
                    self.gap("paragraphs")
            self.gap("paragraphs")

    def article(self, source: Article, kind: str = "article") -> None:
        rng, style = self.rng, self.style
        source = self.listed(source)
        text = "".join(source.paragraphs)
        headline = source.headline + (rng.choice(ENDINGS) if rng.random() < 0.03 else "")
        item = Item(kind, headline, text)
        heads = head_lines(headline, style.heads, rng)
        if rng.random() < style.decks and (clauses := clauses_of(text, 8, 20)):
            heads = self.deck(heads, rng.choice(clauses))
            item.headline = "".join(heads)
        own, opening = (
            LEADS[style.lead or rng.choice(list(LEADS))](rng)
            if kind == "article" and rng.random() < style.leads
            else ("", "")
        )
        if kind == "continuation":
            mark = numbered(FROM, rng.randint(1, 4), rng)
            own, opening = (mark, "") if rng.random() < 0.3 else ("", mark)
        paragraphs = [opening + source.paragraphs[0], *source.paragraphs[1:]]
        if kind == "article" and rng.random() < style.jumps_out:
            if rng.random() < 0.4:
                # Print cuts where the column is full, mid-sentence as well.
                source = replace(
                    source,
                    paragraphs=(
                        *source.paragraphs[:-1],
                        source.paragraphs[-1].rpartition("，")[0] or source.paragraphs[-1],
                    ),
                )
                item.text = "".join(source.paragraphs)
                paragraphs = [opening + source.paragraphs[0], *source.paragraphs[1:]]
            paragraphs[-1] += numbered(TO, rng.randint(2, 8), rng)
        elif not (own or opening) and rng.random() < style.tails:
            paragraphs[-1] += rng.choice(TAILS)(rng)
        subheads = self.subheads(paragraphs)
        if subheads:
            item.text = "".join(subheads.get(n, "") + p for n, p in enumerate(source.paragraphs))
        self.gap("items")
        if style.headline == "before":
            self.heads(item, heads)
        if own:
            self.put(item, own, "body")
        self.body(item, paragraphs, rng.randint(*style.width), subheads)
        if style.headline == "after":
            self.heads(item, heads)
        self.gap("items")
        self.items.append(item)

    def listed(self, source: Article) -> Article:
        """Make an article's later paragraphs points of a list, each with a mark."""
        if len(source.paragraphs) < 4 or self.rng.random() >= self.style.listed:
            return source
        mark, start = (
            self.rng.choice(("——", "●", "一是")),
            self.rng.randrange(1, len(source.paragraphs) - 1),
        )
        return replace(
            source,
            paragraphs=(*source.paragraphs[:start], *(mark + p for p in source.paragraphs[start:])),
        )

    def deck(self, heads: list[str], deck: str) -> list[str]:
        place = self.style.deck_place
        above = place == "above" or (place == "either" and self.rng.random() < 0.5)
        return [deck, *heads] if above else [*heads, deck]

    def subheads(self, paragraphs: list[str]) -> dict[int, str]:
        """Think up sub-headings for some paragraphs."""
        rng = self.rng
        found: dict[int, str] = {}
        if rng.random() < self.style.subheads and len(paragraphs) > 3:
            for place in sorted(
                rng.sample(range(1, len(paragraphs)), rng.randint(1, min(3, len(paragraphs) - 2)))
            ):
                if place - 1 not in found and (
                    said := subheading(paragraphs[place], len(found), rng)
                ):
                    found[place] = said
        return found

    def heads(self, item: Item, heads: list[str]) -> None:
        self.gap("paragraphs")
        for head in heads:
            self.put(item, " " * 2 * self.style.centred * self.rng.randint(1, 4) + head, "head")
        if self.style.head_gap or self.style.headline == "after":
            self.gap("paragraphs")

    def alone(self, kind: str, text: str, column: int, role: str, headline: str = "") -> Item:
        """Set one item that is a single paragraph."""
        item = Item(kind, headline, text)
        self.gap("paragraphs", "items")
        if headline and self.style.headline == "before":
            self.heads(item, [headline])
        self.body(item, [text], column, {}, role)
        if headline and self.style.headline == "after":
            self.heads(item, [headline])
        self.gap("items")
        self.items.append(item)
        return item

    def caption(self, source: Article) -> None:
        rng = self.rng
        said = source.paragraphs[0].split("。")[0][:70]
        ways = (
            f"{rng.randint(1, 12)}月{rng.randint(1, 28)}日，{said}。",
            f"图为{said}。",
            f"近日，{said}。图为活动现场。",
            f"{said}。",
        )
        text = rng.choice(ways)
        inline = rng.random() < 0.25
        item = Item("caption", "", text)
        self.gap("paragraphs", "items")
        credit = rng.choice(CREDITS)(rng)
        self.body(
            item,
            [text + " " * inline + credit * inline],
            rng.choice((rng.randint(26, 36), rng.randint(*self.style.width))),
            {},
            "caption",
        )
        if not inline:
            if self.style.gaps == "paragraphs" and self.lines[-1] == "" and rng.random() < 0.5:
                self.lines.pop()
            self.put(item, credit, "caption")
        self.gap("paragraphs", "items")
        self.items.append(item)

    def brief(self, source: Article, bullet: str = "") -> None:
        text = source.paragraphs[0].split("。")[0][:90] + "。"
        lead = self.rng.choice(
            (
                f"本报讯（记者 {person(self.rng)}） ",
                "本报讯 ",
                f"新华社{self.rng.choice(PLACES)}{self.rng.randint(1, 12)}月3日电 ",
            )
        )
        item = Item("brief", "", bullet + text)
        self.gap("items")
        self.body(
            item,
            [bullet + text if bullet else lead + text],
            self.rng.randint(*self.style.width),
            {},
        )
        self.items.append(item)

    def column(self, sources: list[Article]) -> None:
        """Set briefs run together under one column name."""
        self.gap("paragraphs", "items")
        name = (
            self.rng.choice(COLUMN_NAMES)
            if self.rng.random() < 0.5
            else "".join(self.rng.choice(words) for words in COLUMN_WORDS)
        )
        self.put(None, name, "column")
        self.gap("paragraphs")
        bullet = self.rng.choice(("", "", "●", "◆", "▲", "■ "))
        for source in sources:
            self.brief(source, bullet)

    def note(self, source: Article) -> None:
        about = (clauses_of(source.headline, 4, 30) or ["身边的变化"])[0]
        text = self.rng.choice(NOTES).format(a=about)
        self.alone("notice", text, self.rng.randint(*self.style.width), "notice")

    def notice(self, source: Article) -> None:
        rng = self.rng
        about = (clauses_of(source.headline, 4, 30) or ["身边的变化"])[0]
        if rng.random() < 0.5:
            text = rng.choice(LAUNCHES).format(
                a=about, c=rng.choice(("一线见闻", "民生面对面", "整改回头看", "身边人", "走基层"))
            )
            self.apart = self.style.gaps == "paragraphs" and rng.random() < 0.3
            self.alone(
                "notice",
                text,
                rng.randint(24, 34) if self.apart else rng.randint(*self.style.width),
                "notice",
            )
            self.apart = False
        else:
            headline, text = rng.choice(NOTICES)
            text = text.format(
                p=rng.choice(("人民", "解放", "黄河", "文化")),
                m=rng.randint(1, 12),
                d=rng.randint(1, 28),
                n=bare(person(rng)),
            )
            self.alone("notice", text, rng.randint(*self.style.width), "body", headline)

    def folio(self) -> None:
        rng = self.rng
        date = f"2023年{rng.randint(1, 12)}月{rng.randint(1, 28)}日"
        day = f"星期{rng.choice('一二三四五六日')}"
        number, name = rng.randint(1, 8), rng.choice(("综合新闻", "要闻", "民生", "时政", "广告"))
        ways = (
            [f"0{number} {name} {date} {day} 编辑：{person(rng)} 校对：{person(rng)}"],
            [f"{date} {day}", f"第0{number}版", f"责任编辑：{person(rng)}"],
            [f"{name} 0{number}", f"{date} {day} 本版编辑 {person(rng)} 美编 {person(rng)}"],
            [f"A0{number}版 {name}", f"编辑/{person(rng)} 校对/{person(rng)} 组版/{person(rng)}"],
            [f"{date} {day} 农历癸卯年十一月初八 {name} 0{number}"],
        )
        for text in rng.choice(ways):
            self.put(None, text, "folio")
        self.gap("paragraphs", "items")

    def hot_line(self) -> None:
        rng = self.rng
        phone = f"0371-{rng.randint(1000000, 9999999)}"
        self.gap("paragraphs", "items")
        self.put(
            None,
            rng.choice(
                (
                    f"新闻热线：{phone} 投稿邮箱：news@example.com",
                    f"本报热线 {phone}",
                    f"发行热线：{phone}　广告热线：{phone}",
                )
            ),
            "folio",
        )


def set_page(
    style: Style, sources: list[Article], rng: random.Random
) -> tuple[Page, list[Item], dict[int, str]]:
    """Set a page; return it with its items and every line's role."""
    page = Setter(style, rng)
    folio = rng.random() < style.folio
    if folio:
        page.folio()
    sources = list(sources)
    under = rng.randrange(len(sources)) if rng.random() < style.columns else -1
    ways = (page.caption, page.notice, page.note, page.brief)
    for place, source in enumerate(sources):
        if place == under:
            page.column(rng.sample(sources, min(len(sources), rng.randint(3, 5))))
        elif rng.random() < style.continuations:
            page.article(source, "continuation")
        else:
            drawn = next(
                (
                    way
                    for way, share in zip(
                        ways,
                        (style.captions, style.notices, style.notes, style.briefs),
                        strict=True,
                    )
                    if rng.random() < share
                ),
                page.article,
            )
            drawn(source)
            if drawn == page.note:
                page.article(source)
    if folio and rng.random() < 0.7:
        page.hot_line()
    return Page(tuple(page.lines)), page.items, page.roles


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def sources(learning: bool = False) -> list[Article]:
    """Return real articles that a page could hold, in a fixed order: some to measure on, or others to learn from."""
    shared = require_shared()
    fields = Fields(headline="title", section="")
    rows = [
        *islice(iter_corpus(shared / "xwlb.jsonl.gz", fields), 0, None, 1 if learning else 12),
        *iter_corpus(shared / "rmrb-1998.jsonl.gz", fields),
    ]
    kept = []
    for row in rows:
        paragraphs = tuple(
            p
            for p in row.paragraphs
            if len(p) > 12
            and p[-1] in "。！？”"
            and not p.startswith(("（", "(", "【", "据", "新华社", "本报", "央视网", "本台"))
        )
        mine = crc32(row.headline.encode()) % 2 == learning
        if (
            mine
            and 2 <= len(paragraphs) <= 14
            and 8 <= len(row.headline) <= 34
            and not re.search(r"[。（【(]|快讯", row.headline)
        ):
            kept.append(replace(row, paragraphs=paragraphs))
    random.Random(0).shuffle(kept)
    return kept
