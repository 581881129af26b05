"""Sets one page line by line: which items, in what order, and the gold of every line."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from experiments.layouts import templates, words
from experiments.layouts.styles import Style
from experiments.layouts.templates import fill, jump, person
from experiments.layouts.typeset import (
    bare,
    clauses_of,
    head_lines,
    subheading,
    subheading_lines,
    wrap,
)
from research import Article, Page

_BRIEF_CHARACTERS = 90
_CAPTION_CHARACTERS = 70
_COLUMN_LINES = (12, 40)  # A column of print is so many lines tall.
_DECK_CHARACTERS = range(8, 21)
_ABOUT_CHARACTERS = range(4, 31)
_BULLETS = ("", "", "●", "◆", "▲", "■ ")
_LIST_MARKS = ("——", "●", "一是")


@dataclass
class Item:
    """One item as set: its kind, headline and text, and the lines that it got."""

    kind: str
    headline: str = ""
    text: str = ""
    lines: list[int] = field(default_factory=list)


class _Body(NamedTuple):
    """What belongs to a headline: a line of names, paragraphs, sub-headings by paragraph."""

    byline: str
    paragraphs: list[str]
    subheads: dict[int, str]


def set_page(
    style: Style, sources: list[Article], rng: random.Random
) -> tuple[Page, list[Item], dict[int, str]]:
    """Set a page of some articles.

    Returns
    -------
    The page, its items, and the role of every line by its number: ``head``, ``body``, ``subhead``,
    ``caption``, ``notice``, ``column`` or ``folio``.
    """
    setter = Setter(style, rng)
    has_folio = rng.random() < style.folio
    if has_folio:
        setter.folio()
    under_column = rng.randrange(len(sources)) if rng.random() < style.columns else -1
    for place, source in enumerate(sources):
        if place == under_column:
            setter.column(rng.sample(sources, min(len(sources), rng.randint(3, 5))))
        elif rng.random() < style.continuations:
            setter.continuation(source)
        else:
            setter.any_item(source)
    if has_folio and rng.random() < 0.7:
        setter.hot_line()
    return Page(tuple(setter.lines)), setter.items, setter.roles


class Setter:
    """Sets one page line by line; draws in a fixed order, so that a seed means one page."""

    def __init__(self, style: Style, rng: random.Random) -> None:
        self.style = style
        self.rng = rng
        self.lines: list[str] = []
        self.items: list[Item] = []
        self.roles: dict[int, str] = {}
        self.in_box = False  # A blank line after every line, as of what was set in a box.

    # Lines

    def put(self, item: Item | None, text: str, role: str) -> None:
        """Set one line, of an item or of the page itself."""
        self.lines.append(text)
        self.roles[len(self.lines)] = role
        if item is not None:
            item.lines.append(len(self.lines))
        if self.style.gaps == "lines" or self.in_box or self._drawn(self.style.stray):
            self.lines.append("")

    def gap(self, *gaps: str) -> None:
        """Set a blank line, if the style has them here and none is there; the dump may lose it."""
        if self.style.gaps not in gaps or not self.lines or not self.lines[-1]:
            return
        if not self._drawn(self.style.lost):
            self.lines.append("")

    def _drawn(self, share: float) -> bool:
        """Draw whether something of this share happens; at 0 nothing is drawn."""
        return bool(share) and self.rng.random() < share

    def column_width(self) -> int:
        """Draw the width of a column."""
        return self.rng.randint(*self.style.width)

    def paragraph(self, item: Item, text: str, column: int, role: str) -> None:
        """Set an item's only paragraph."""
        self.body(item, _Body("", [text], {}), column, role)

    def body(self, item: Item, body: _Body, column: int, role: str = "body") -> None:
        """Set paragraphs, with a blank line where a column of print ends."""
        lines_per_column = self.rng.randint(*_COLUMN_LINES)
        n_lines = 0
        for number, paragraph in enumerate(body.paragraphs):
            if number in body.subheads:
                self._subhead(item, body.subheads[number], column)
            pieces = wrap(paragraph, column, self.style, self.rng)
            for place, piece in enumerate(pieces):
                indent = "" if place else self.style.indent
                self.put(item, indent + piece, role)
                n_lines += 1
                if n_lines % lines_per_column == 0 and place < len(pieces) - 1:
                    self.gap("paragraphs")
            self.gap("paragraphs")

    def _subhead(self, item: Item, subhead: str, column: int) -> None:
        self.gap("paragraphs")
        for line in subheading_lines(subhead, column, self.rng):
            self.put(item, line, "subhead")
        self.gap("paragraphs")

    def heads(self, item: Item, heads: list[str]) -> None:
        """Set the lines of a headline."""
        self.gap("paragraphs")
        for head in heads:
            indent = "  " * self.rng.randint(1, 4)  # Drawn whether the style centres or not.
            self.put(item, indent + head if self.style.centred else head, "head")
        if self.style.head_gap or self.style.headline == "after":
            self.gap("paragraphs")

    # Articles

    def any_item(self, source: Article) -> None:
        """Draw what an article is set as: a caption, a notice, a brief or itself."""
        style = self.style
        if self.rng.random() < style.captions:
            self.caption(source)
        elif self.rng.random() < style.notices:
            self.notice(source)
        elif self.rng.random() < style.notes:
            self.note(source)
            self.article(source)
        elif self.rng.random() < style.briefs:
            self.brief(source)
        else:
            self.article(source)

    def article(self, source: Article) -> None:
        """Set an article with headline, byline, jump and sub-headings, as the style has them."""
        source = self._listed(source)
        item, heads = self._headline(source, "article")
        byline, opening = "", ""
        if self.rng.random() < self.style.leads:
            byline, opening = self._lead()
        jumps = self.rng.random() < self.style.jumps_out
        if jumps and self.rng.random() < 0.4:
            source = _cut_short(source)
            item.text = "".join(source.paragraphs)
        paragraphs = [opening + source.paragraphs[0], *source.paragraphs[1:]]
        if jumps:
            paragraphs[-1] += jump(templates.JUMPS_TO, self.rng.randint(2, 8), self.rng)
        elif not (byline or opening):
            self._sign(paragraphs)
        self._set(item, heads, source, byline, paragraphs)

    def continuation(self, source: Article) -> None:
        """Set an article that continues from another page."""
        source = self._listed(source)
        item, heads = self._headline(source, "continuation")
        mark = jump(templates.JUMPS_FROM, self.rng.randint(1, 4), self.rng)
        alone = self.rng.random() < 0.3
        byline, opening = (mark, "") if alone else ("", mark)
        paragraphs = [opening + source.paragraphs[0], *source.paragraphs[1:]]
        self._set(item, heads, source, byline, paragraphs)

    def _headline(self, source: Article, kind: str) -> tuple[Item, list[str]]:
        """Draw the lines of a headline, with an ending or a deck; return the item and them."""
        rng = self.rng
        text = "".join(source.paragraphs)
        ending = rng.choice(words.HEADLINE_ENDINGS) if rng.random() < 0.03 else ""
        item = Item(kind, source.headline + ending, text)
        heads = head_lines(item.headline, self.style.heads, rng)
        if rng.random() < self.style.decks and (clauses := clauses_of(text, _DECK_CHARACTERS)):
            heads = self._with_deck(heads, rng.choice(clauses))
            item.headline = "".join(heads)
        return item, heads

    def _lead(self) -> tuple[str, str]:
        """Draw how an article opens: a line before it, and what its first paragraph begins with."""
        name = self.style.lead or self.rng.choice(list(templates.LEADS))
        lead = templates.LEADS[name]
        return fill(lead.line, self.rng), fill(lead.inline, self.rng)

    def _sign(self, paragraphs: list[str]) -> None:
        """Perhaps put a name in brackets at the end, in place."""
        if self.rng.random() < self.style.tails:
            paragraphs[-1] += fill(self.rng.choice(templates.TAILS), self.rng)

    def _set(
        self, item: Item, heads: list[str], source: Article, byline: str, paragraphs: list[str]
    ) -> None:
        """Set an article's headline and body in the style's order."""
        body = _Body(byline, paragraphs, self._subheads(paragraphs))
        if body.subheads:
            numbered = enumerate(source.paragraphs)
            item.text = "".join(body.subheads.get(n, "") + text for n, text in numbered)
        self.gap("items")
        if self.style.headline == "before":
            self.heads(item, heads)
        if byline:
            self.put(item, byline, "body")
        self.body(item, body, self.column_width())
        if self.style.headline == "after":
            self.heads(item, heads)
        self.gap("items")
        self.items.append(item)

    def _listed(self, source: Article) -> Article:
        """Perhaps make an article's later paragraphs points of a list, each with a mark."""
        paragraphs = source.paragraphs
        if len(paragraphs) < 4 or self.rng.random() >= self.style.listed:
            return source
        mark = self.rng.choice(_LIST_MARKS)
        start = self.rng.randrange(1, len(paragraphs) - 1)
        points = [mark + paragraph for paragraph in paragraphs[start:]]
        return replace(source, paragraphs=(*paragraphs[:start], *points))

    def _with_deck(self, heads: list[str], deck: str) -> list[str]:
        place = self.style.deck_place
        is_above = place == "above" or (place == "either" and self.rng.random() < 0.5)
        return [deck, *heads] if is_above else [*heads, deck]

    def _subheads(self, paragraphs: list[str]) -> dict[int, str]:
        """Think up sub-headings for some paragraphs, by the paragraph's place."""
        rng = self.rng
        subheads: dict[int, str] = {}
        if rng.random() >= self.style.subheads or len(paragraphs) <= 3:
            return subheads
        count = rng.randint(1, min(3, len(paragraphs) - 2))
        for place in sorted(rng.sample(range(1, len(paragraphs)), count)):
            if place - 1 in subheads:
                continue
            if subhead := subheading(paragraphs[place], len(subheads), rng):
                subheads[place] = subhead
        return subheads

    # Smaller items

    def alone(self, text: str, column: int, role: str, headline: str = "") -> None:
        """Set a notice that is a single paragraph."""
        item = Item("notice", headline, text)
        self.gap("paragraphs", "items")
        if headline and self.style.headline == "before":
            self.heads(item, [headline])
        self.paragraph(item, text, column, role)
        if headline and self.style.headline == "after":
            self.heads(item, [headline])
        self.gap("items")
        self.items.append(item)

    def caption(self, source: Article) -> None:
        """Set a photograph's caption, its credit inline or on a line of its own."""
        rng = self.rng
        sentence = source.paragraphs[0].split("。")[0][:_CAPTION_CHARACTERS]
        text = rng.choice([fill(template, rng, text=sentence) for template in templates.CAPTIONS])
        is_inline = rng.random() < 0.25
        item = Item("caption", "", text)
        self.gap("paragraphs", "items")
        credit = fill(rng.choice(templates.CREDITS), rng)
        column = rng.choice((rng.randint(26, 36), self.column_width()))
        self.paragraph(item, f"{text} {credit}" if is_inline else text, column, "caption")
        if not is_inline:
            if self.style.gaps == "paragraphs" and self.lines[-1] == "" and rng.random() < 0.5:
                self.lines.pop()
            self.put(item, credit, "caption")
        self.gap("paragraphs", "items")
        self.items.append(item)

    def brief(self, source: Article, bullet: str = "") -> None:
        """Set a brief without a headline, after a bullet or a news lead."""
        text = source.paragraphs[0].split("。")[0][:_BRIEF_CHARACTERS] + "。"
        lead = self.rng.choice([fill(lead, self.rng) for lead in templates.BRIEF_LEADS])
        item = Item("brief", "", bullet + text)
        self.gap("items")
        self.paragraph(item, (bullet or lead) + text, self.column_width(), "body")
        self.items.append(item)

    def column(self, sources: list[Article]) -> None:
        """Set briefs run together under one column name."""
        rng = self.rng
        self.gap("paragraphs", "items")
        if rng.random() < 0.5:
            name = rng.choice(words.COLUMN_NAMES)
        else:
            name = rng.choice(words.COLUMN_NAME_BEGINNINGS) + rng.choice(words.COLUMN_NAME_ENDS)
        self.put(None, name, "column")
        self.gap("paragraphs")
        bullet = rng.choice(_BULLETS)
        for source in sources:
            self.brief(source, bullet)

    def note(self, source: Article) -> None:
        """Set an editor's note on an article."""
        text = fill(self.rng.choice(words.NOTES), self.rng, about=_about(source))
        self.alone(text, self.column_width(), "notice")

    def notice(self, source: Article) -> None:
        """Set the launch of a column, in a box or not, or a notice with a headline."""
        if self.rng.random() < 0.5:
            self._launch(source)
        else:
            self._small_notice()

    def _launch(self, source: Article) -> None:
        rng = self.rng
        template = rng.choice(words.LAUNCHES)
        column_name = rng.choice(words.LAUNCHED_COLUMNS)
        text = fill(template, rng, about=_about(source), column=column_name)
        self.in_box = self.style.gaps == "paragraphs" and rng.random() < 0.3
        column = rng.randint(24, 34) if self.in_box else self.column_width()
        self.alone(text, column, "notice")
        self.in_box = False

    def _small_notice(self) -> None:
        rng = self.rng
        headline, template = rng.choice(words.NOTICES)
        # All are drawn, whichever the notice needs.
        values = {
            "street": rng.choice(words.STREETS),
            "month": rng.randint(1, 12),
            "day": rng.randint(1, 28),
            "name": bare(person(rng)),
        }
        text = fill(template, rng, **values)
        self.alone(text, self.column_width(), "body", headline)

    # The page's own lines

    def folio(self) -> None:
        """Set the lines of date, page number and editors."""
        rng = self.rng
        values = {
            "date": f"2023年{rng.randint(1, 12)}月{rng.randint(1, 28)}日",
            "weekday": f"星期{rng.choice('一二三四五六日')}",
            "number": rng.randint(1, 8),
            "name": rng.choice(words.PAGE_NAMES),
        }
        folios = [[fill(line, rng, **values) for line in folio] for folio in templates.FOLIOS]
        for text in rng.choice(folios):
            self.put(None, text, "folio")
        self.gap("paragraphs", "items")

    def hot_line(self) -> None:
        """Set a line of telephone numbers."""
        phone = f"0371-{self.rng.randint(1000000, 9999999)}"
        self.gap("paragraphs", "items")
        text = fill(self.rng.choice(templates.HOT_LINES), self.rng, phone=phone)
        self.put(None, text, "folio")


def _about(source: Article) -> str:
    """Return what an article is about, as a note or a notice names it."""
    return (clauses_of(source.headline, _ABOUT_CHARACTERS) or ["身边的变化"])[0]


def _cut_short(source: Article) -> Article:
    """Cut an article mid-sentence: print cuts where the column is full."""
    *paragraphs, last = source.paragraphs
    return replace(source, paragraphs=(*paragraphs, last.rpartition("，")[0] or last))
