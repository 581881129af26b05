"""How well pages are split: real articles set as pages in every common style of dump, and the result against gold.

The setter here knows what print does (columns, indents, punctuation that may not begin a line, blank lines where a
column ends) and nothing of how the splitter decides. Figures a style: B-cubed F1 over lines weighted by characters
(Bagga & Baldwin 1998), shares of exact headlines, exact bodies and right kinds, pages a second.
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import islice

from shared_data import require_shared

from research import Article, Fields, Page, iter_corpus, split_page

PAGES = int(sys.argv[1]) if len(sys.argv) > 1 else 200
NEVER_FIRST = set("，。、；：！？”’》）…—％%")
NEVER_LAST = set("“‘《（")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰云帆子涵思远雨欣宇轩佳怡浩然"
PLACES = ["北京", "上海", "郑州", "武汉", "成都", "西安", "广州", "南京"]


@dataclass
class Style:
    """What a paper's dumps look like."""

    name: str
    headline: str = "before"
    blank: bool = True  # between paragraphs, around headlines, and where a column ends
    indent: bool = False
    folio: bool = False
    decks: float = 0.0
    subheads: float = 0.0
    briefs: float = 0.0
    extras: float = 0.2  # share of captions, notices and continuations
    leads: float = 0.85  # share of articles that open with a news lead or a byline
    columns: tuple[int, int] = (13, 22)


STYLES = [
    Style("body first", headline="after"),
    Style("body first, indents", headline="after", blank=False, indent=True),
    Style("headline first"),
    Style("headline first, indents", blank=False, indent=True, folio=True),
    Style("indents and blanks", indent=True, folio=True),
    Style("neither", blank=False),
    Style("narrow columns", headline="after", columns=(10, 13)),
    Style("wide columns", columns=(22, 26)),
    Style("decks", decks=0.6),
    Style("decks, body first", headline="after", decks=0.6),
    Style("sub-headings", headline="after", subheads=0.5),
    Style("sub-headings, first", blank=False, indent=True, subheads=0.5),
    Style("briefs", briefs=0.4, blank=False, indent=True, folio=True),
]


@dataclass
class Item:
    """One item as set: what it says, and the lines that it got."""

    kind: str
    headline: str = ""
    text: str = ""
    lines: list[int] = field(default_factory=list)


def width(text: str) -> float:
    return sum(0.5 if ord(char) < 0x2000 else 1.0 for char in text)


def wrap(text: str, column: int, indent: int, rng: random.Random) -> list[str]:
    """Set a paragraph into a column; justified print squeezes punctuation, so lines vary by up to a character."""
    lines, line = [], ""
    for char in text:
        room = column - (indent if not lines else 0) + (rng.random() < 0.15 and any(c in "，。、" for c in line))
        if width(line + char) > room and char not in NEVER_FIRST and line[-1:] not in NEVER_LAST:
            lines.append(line.strip())
            line = ""
        line += char
    return [*lines, line.strip()]


def person(rng: random.Random) -> str:
    name = rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, rng.choice((1, 2, 2))))
    return f"{name[0]} {name[1]}" if len(name) == 2 and rng.random() < 0.7 else name


def lead(rng: random.Random) -> tuple[str, str]:
    """Return (line of its own before the text, beginning of the text)."""
    month, day, place = rng.randint(1, 12), rng.randint(1, 28), rng.choice(PLACES)
    ways = (
        ("", f"本报讯（记者 {person(rng)}） "),
        ("", f"本报讯（记者 {person(rng)} 通讯员 {person(rng)}） "),
        ("", f"本报讯（见习记者 {person(rng)}）"),
        ("", "本报讯 "),
        ("", f"新华社{place}{month}月{day}日电（记者 {person(rng)} {person(rng)}）"),
        ("", f"新华社{place}{month}月{day}日电 "),
        (f"■本报记者 {person(rng)}", ""),
        (f"□本报记者 {person(rng)} 通讯员 {person(rng)}", ""),
        (f"本报记者 {person(rng)}", ""),
    )
    return rng.choice(ways)


def head_lines(headline: str, rng: random.Random) -> list[str]:
    """Break a headline as an editor does: at a space, else near the middle when it is long."""
    if len(headline) > 13 and " " in headline and rng.random() < 0.5:
        return headline.split(" ")
    if len(headline) > 14 and rng.random() < 0.6:
        middle = len(headline) // 2 + rng.randint(-2, 2)
        if headline[middle] not in NEVER_FIRST and headline[middle - 1] not in NEVER_LAST:
            return [headline[:middle].strip(), headline[middle:].strip()]
    return [headline]


class Setter:
    """Sets one page line by line."""

    def __init__(self, style: Style, rng: random.Random) -> None:
        self.style, self.rng = style, rng
        self.lines: list[str] = []
        self.items: list[Item] = []

    def put(self, item: Item | None, text: str) -> None:
        self.lines.append(text)
        if item is not None:
            item.lines.append(len(self.lines))

    def gap(self) -> None:
        if self.style.blank and self.lines and self.lines[-1]:
            self.lines.append("")

    def body(self, item: Item, paragraphs: list[str], column: int, subheads: dict[int, str]) -> None:
        tall, set_lines = self.rng.randint(12, 40), 0
        for number, paragraph in enumerate(paragraphs):
            if number in subheads:
                self.gap()
                self.put(item, subheads[number])
                self.gap()
            pieces = wrap(paragraph, column, 2, self.rng)
            for place, piece in enumerate(pieces):
                self.put(item, ("　　" if self.style.indent and place == 0 else "") + piece)
                set_lines += 1
                if set_lines % tall == 0 and place < len(pieces) - 1:
                    self.gap()
            self.gap()

    def article(self, source: Article, kind: str = "article") -> None:
        rng, style = self.rng, self.style
        item = Item(kind, source.headline, "".join(source.paragraphs))
        heads = head_lines(source.headline, rng)
        if rng.random() < style.decks:
            clauses = [c for c in re.split("[，。；]", "".join(source.paragraphs)) if 8 <= len(c) <= 20 and not re.search("[“”（）《》：、]", c)]
            if clauses:
                deck = rng.choice(clauses)
                heads = [deck, *heads] if rng.random() < 0.5 else [*heads, deck]
                item.headline = "".join(heads)
        own, opening = lead(rng) if kind == "article" and rng.random() < style.leads else ("", "")
        if kind == "continuation":
            opening = f"（上接{rng.randint(1, 4):02d}版）"
        paragraphs = [opening + source.paragraphs[0], *source.paragraphs[1:]]
        subheads = {}
        if rng.random() < style.subheads and len(paragraphs) > 3:
            place = rng.randrange(2, len(paragraphs) - 1)
            clauses = [c for c in re.split("[，。；：、]", paragraphs[place])[1:] if 5 <= len(c) <= 12 and bare(c) == c]
            if clauses:
                said = rng.choice(clauses)
                subheads = {place: said}
                item.text = "".join([*source.paragraphs[:place], said, *source.paragraphs[place:]])
        if style.headline == "before":
            self.heads(item, heads)
        if own:
            self.put(item, own)
        self.body(item, paragraphs, rng.randint(*style.columns), subheads)
        if style.headline == "after":
            self.heads(item, heads)
        self.items.append(item)

    def heads(self, item: Item, heads: list[str]) -> None:
        self.gap()
        for head in heads:
            self.put(item, head)
        self.gap()

    def caption(self, source: Article) -> None:
        text = f"{self.rng.randint(1, 12)}月{self.rng.randint(1, 28)}日，{source.paragraphs[0].split('。')[0][:70]}。"
        item = Item("caption", "", text)
        self.gap()
        self.body(item, [text], self.rng.randint(26, 36), {})
        self.put(item, f"本报记者 {person(self.rng)} 摄")
        self.gap()
        self.items.append(item)

    def brief(self, source: Article) -> None:
        text = source.paragraphs[0].split("。")[0][:90] + "。"
        item = Item("brief", "", text)
        self.body(item, [f"本报讯（记者 {person(self.rng)}） {text}"], self.rng.randint(*self.style.columns), {})
        self.items.append(item)


def set_page(style: Style, sources: list[Article], rng: random.Random) -> tuple[Page, list[Item]]:
    page = Setter(style, rng)
    if style.folio:
        date = f"2023年{rng.randint(1, 12)}月{rng.randint(1, 28)}日 星期{rng.choice('一二三四五六日')}"
        page.put(None, f"0{rng.randint(1, 8)} 综合新闻 {date} 编辑：{person(rng)}")
        page.gap()
    for source in sources:
        if rng.random() < style.extras:
            page.article(source, "continuation") if rng.random() < 0.5 else page.caption(source)
        elif rng.random() < style.briefs:
            page.brief(source)
        else:
            page.article(source)
    if style.folio:
        page.put(None, f"新闻热线：0371-{rng.randint(1000000, 9999999)} 投稿邮箱：news@example.com")
    return Page(tuple(page.lines)), page.items


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def b_cubed(page: Page, gold: list[Item], found: list[Article]) -> float:
    """B-cubed F1 over the lines of the gold items, each weighted by its characters."""
    weight = {n: len(bare(line)) for n, line in enumerate(page.lines, 1)}
    true = {n: i for i, item in enumerate(gold) for n in item.lines}
    said = {n: i for i, article in enumerate(found) for first, last in article.lines for n in range(first, last + 1)}
    lines = [n for n in true if n in said]
    both = Counter[tuple[int, int]]()
    of_true, of_said = Counter[int](), Counter[int]()
    for n in lines:
        both[true[n], said[n]] += weight[n]
        of_true[true[n]] += weight[n]
        of_said[said[n]] += weight[n]
    total = sum(weight[n] for n in true)
    precision = sum(weight[n] * both[true[n], said[n]] / of_said[said[n]] for n in lines) / total
    recall = sum(weight[n] * both[true[n], said[n]] / of_true[true[n]] for n in lines) / total
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def measure(style: Style, sources: list[Article], rng: random.Random, show: int = 0) -> list[float]:
    pages = [set_page(style, rng.sample(sources, rng.randint(4, 9)), rng) for _ in range(PAGES)]
    start = time.perf_counter()
    results = [split_page(page) for page, _ in pages]
    rate = PAGES / (time.perf_counter() - start)
    cubed, headlines, bodies, kinds = [], [], [], []
    for (page, gold), found in zip(pages, results, strict=True):
        cubed.append(b_cubed(page, gold, found))
        starts = {article.lines[0][0]: article for article in found}
        for item in gold:
            article = starts.get(item.lines[0], Article())
            headlines.append(bare(article.headline) == bare(item.headline))
            bodies.append(bare(article.text) == bare(item.text))
            kinds.append(article.kind == item.kind)
            if show and not (headlines[-1] and bodies[-1] and kinds[-1]):
                show -= 1
                near = page.lines[item.lines[0] - 4 : item.lines[-1] + 3]
                print("-" * 60, item.kind, item.headline, "| found:", article.kind, article.headline, article.lines, sep="\n")
                print(*near[:14], "  …", *near[-10:], sep="\n")
    return [sum(values) / len(values) for values in (cubed, headlines, bodies, kinds)] + [rate]


def sources() -> list[Article]:
    shared = require_shared()
    fields = Fields(headline="title", section="")
    rows = [*islice(iter_corpus(shared / "xwlb.jsonl.gz", fields), 0, None, 20), *iter_corpus(shared / "rmrb-1998.jsonl.gz", fields)]
    kept = []
    for row in rows:
        paragraphs = tuple(
            p for p in row.paragraphs if len(p) > 12 and p[-1] in "。！？”" and not p.startswith(("（", "(", "【", "据", "新华社", "本报", "央视网", "本台"))
        )
        if 2 <= len(paragraphs) <= 14 and 8 <= len(row.headline) <= 34 and not re.search(r"[。（【(]|快讯", row.headline):
            kept.append(replace(row, paragraphs=paragraphs))
    return kept


def main() -> None:
    articles = sources()
    wanted = sys.argv[2] if len(sys.argv) > 2 else None
    print(f"{len(articles)} real articles, {PAGES} pages a style")
    print(f"{'style':26} B-cubed  headline  body   kind   pages/s")
    for number, style in enumerate(STYLES):
        if wanted in (None, style.name):
            cubed, headline, body, kind, rate = measure(style, articles, random.Random(number), show=8 if wanted else 0)
            print(f"{style.name:26} {cubed:.4f}   {headline:.4f}   {body:.4f} {kind:.4f} {rate:7.0f}", flush=True)


main()
