"""What speaks for each block being a headline, a sub-heading, an item's beginning …: one row of figures a block.

Only observes; what an observation is worth was learned (``weights.npz``), and ``split`` weighs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from research.pages.split.blocks import Block
from research.pages.split.lines import (
    CAPTION_CUE,
    COLUMN_NAME,
    DATELINE,
    INLINE_CREDIT,
    JUMP_FROM,
    NOTE,
    NOTICE_CUE,
    NOTICE_HEADLINE,
)
from research.pages.split.shared_words import OF_HEADING, OF_TEXT, SharedWords

_TWO_PARTS = re.compile(r"\S{3,}[ \u3000]+\S{3,}")
_FUNCTION_WORDS = re.compile(r"[的了是在也都就还这那我你他她们吗呢着过]")
_EVENT = re.compile(
    "召开|举行|举办|开幕|闭幕|闭会|会见|会谈|通话|签署|签约|发布|印发|公布|启动|开工|竣工|通车|投产|投用|开通|启用|揭牌|亮相|调研|考察|视察|慰问|看望|强调|指出|要求|部署|出席"
    "|致电|致信|贺信|讲话|主持|参加|审议|通过|任命|当选|就任|抵达|出访|访问|回应|表示|宣布|决定|提醒|呼吁|谴责|将于|将在|突破|完成|实现|超过|增长|下降|上涨|回落|达到|创|获|夺|首次|首个"
    "|发射|成功|建成|落户|收官|上线|发现|破获|抓获|查处|通报|致|遇难|受伤|身亡|逝世|受灾|救援|袭击|爆炸|地震|纪念|庆祝|表彰|入选|揭晓|收官|迎来|出台|实施|施行|推进|推动"
)
_TIME = re.compile(
    r"\d日|今天|今日|昨天|昨日|昨晚|明天|近日|日前|连日来|近年来|当地时间|上午|下午|获悉|记者|本周|上周|去年|今年|截至"
)
_NUMBERED = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,2}[、．.）)]|第[一二三四五六七八九十]")
_QUOTATION = re.compile("[“”《》（）‘’]")
_PAIRED = (("“", "”"), ("《", "》"), ("（", "）"), ("‘", "’"))
_SIZES = np.array([4, 7, 12, 18, 26, 36, 60])
_NO_CUE = 10**6
_SHORT = 60

OBSERVED = (
    "always",
    # the block itself
    "news lead",
    "continues from another page",
    "byline line",
    "photographer's line",
    "ends a sentence",
    "one line",
    "four lines or more",
    "up to 4 characters",
    "5 to 7 characters",
    "8 to 12 characters",
    "13 to 18 characters",
    "19 to 26 characters",
    "27 to 36 characters",
    "37 to 60 characters",
    "longer than 60 characters",
    "could be a heading",
    "full stop inside",
    "commas",
    "enumeration marks",
    "ends with a comma or colon",
    "open quotation or bracket",
    "two parts with a space",
    "ends with ！ or ？",
    "function words",
    "tells an event, as headlines do",
    "starts with a bullet",
    "starts with a number",
    "starts with a date",
    "tells a time in its first words",
    "speaks of a picture",
    "credit inside",
    "photographer named soon",
    "names a photographer and is short until there",
    "announces a column",
    "announces a column soon",
    "worded like a notice's headline",
    "editor's note",
    "a column's usual name",
    "ends like an item",
    # what stands before it
    "first on the page",
    "text before it ends a sentence",
    "text before it is unfinished",
    "after a byline line",
    "after a photographer's line",
    "after an item's end mark",
    "after a possible heading",
    "text before it ends short of its column",
    "text before it ends full",
    # layout
    "after a blank line",
    "no blank line before, on a page with blank lines",
    "indented",
    "not indented, on a page with indents",
    "much narrower than its column",
    "narrower than its column",
    "narrower by an indent",
    "fills its column",
    "wider than its column",
    "second line fills its column",
    "column width changes here",
    "heading apart: blank before and after",
    # what comes after
    "last on the page",
    "news lead next",
    "byline line next",
    "continuation next",
    "possible heading next",
    "indented text next",
    "text narrower by an indent next",
    "full line after a blank line next",
    "blank line next",
    "date next",
    "time told next",
    "news lead after the next",
    "several news leads next",
    # words shared
    *OF_HEADING,
    *OF_TEXT,
    # the page
    "longer than the page's headings are",
    "shorter than the page's headings are",
    "few possible headings on the page",
    "short text since the last possible heading",
    "long text since the last possible heading",
    "short text until the next possible heading",
    "no news lead next, where the page's items have them",
    "could be a heading, on a page without blank lines and indents",
    "not indented heading, on a page with indents",
    "heading after a full line",
)

Column = NDArray[Any]


def observe(blocks: Sequence[Block]) -> NDArray[np.float64]:
    """Return the figures of every block, shape (n_blocks, n_evidence), most of them 0 or 1, none beyond ±3."""
    page = _Page(blocks)
    facts = page.itself() | page.before() | page.layout() | page.after() | page.words()
    return np.array([facts[name] for name in OBSERVED], dtype=np.float64).T


def _column(values: Iterable[Any]) -> Column:
    return np.array(list(values))


def _shifted(values: Column, by: int, edge: Any) -> Column:
    """Return each block's predecessor's value (by -1) or successor's (1, 2 …)."""
    moved = np.full_like(values, edge)
    if by < 0:
        moved[-by:] = values[:by]
    elif by < len(values):
        moved[:-by] = values[by:]
    return moved


class _Page:
    """The blocks' properties, an array each."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.texts = [block.text for block in blocks]
        self.size = _column(map(len, self.texts))
        self.may = _column(block.may_head for block in blocks)
        self.opens = _column(block.opens for block in blocks)
        self.closes = _column(block.closes for block in blocks)
        self.byline = _column(block.role == "byline" for block in blocks)
        self.credit = _column(block.role == "credit" for block in blocks)
        self.ends_item = _column(block.ends_item for block in blocks)
        self.column = _column(block.column for block in blocks)
        firsts = [block.lines[0] for block in blocks]
        self.gap = _column(line.gap for line in firsts)
        self.indented = _column(line.indented for line in firsts)
        self.width = _column(line.width for line in firsts)
        self.second = _column(
            block.lines[1].width if len(block.lines) > 1 else -99.0 for block in blocks
        )
        self.last = _column(block.lines[-1].width for block in blocks)
        self.count = _column(len(block.lines) for block in blocks)
        self.continues = _column(
            block.opens and bool(JUMP_FROM.match(block.text)) for block in blocks
        )
        self.bullet = _column(text[0] in "●◆■□▲★◎·" for text in self.texts)
        self.dated = _column(bool(DATELINE.match(text)) for text in self.texts)
        self.timed = _column(
            not block.may_head and bool(_TIME.search(block.text, 0, 36)) for block in blocks
        )
        self.indents = int(self.indented.sum()) >= 3
        self.gaps = int(self.gap.sum()) * 8 >= len(blocks)
        self.heads = np.flatnonzero(self.may)
        self.none = np.zeros(len(blocks), dtype=bool)
        self.first, self.end = self.none.copy(), self.none.copy()
        self.first[0] = self.end[-1] = True

    def _among(self, pattern: re.Pattern[str], where: Column) -> Column:
        """Say which of the blocks *where* hold a pattern."""
        found = self.none.copy()
        for i in np.flatnonzero(where):
            found[i] = pattern.search(self.texts[i]) is not None
        return found

    def itself(self) -> dict[str, Column]:
        texts, size, short = self.texts, self.size, self.size <= _SHORT
        ends = [text[-1] for text in texts]
        brief = [text if small else "" for text, small in zip(texts, short, strict=True)]
        facts: dict[str, Column] = {
            "always": ~self.none,
            "news lead": self.opens,
            "continues from another page": self.continues,
            "byline line": self.byline,
            "photographer's line": self.credit,
            "ends a sentence": self.closes,
            "one line": self.count == 1,
            "four lines or more": self.count >= 4,
            "could be a heading": self.may,
            "full stop inside": _column("。" in text[:-1] for text in texts),
            "commas": np.minimum([text.count("，") for text in brief], 3),
            "enumeration marks": np.minimum([text.count("、") for text in brief], 3),
            "ends with a comma or colon": _column(end in "，；：、,;:" for end in ends),
            "open quotation or bracket": self._unpaired(),
            "two parts with a space": self._among(_TWO_PARTS, self.may),
            "ends with ！ or ？": _column(end in "！？!?" for end in ends),
            "function words": np.minimum(
                _column(
                    len(_FUNCTION_WORDS.findall(text)) if may else 0
                    for text, may in zip(texts, self.may, strict=True)
                )
                * 10
                / size,
                3.0,
            ),
            "tells an event, as headlines do": self._among(_EVENT, self.may),
            "starts with a bullet": self.bullet,
            "starts with a number": _column(bool(_NUMBERED.match(text)) for text in texts),
            "starts with a date": self.dated,
            "tells a time in its first words": self.timed,
            "speaks of a picture": self._among(CAPTION_CUE, size < 200),
            "worded like a notice's headline": self._among(NOTICE_HEADLINE, self.may),
            "editor's note": _column(bool(NOTE.match(text)) for text in texts),
            "a column's usual name": self._among(COLUMN_NAME, self.may & (size <= 8)),
            "ends like an item": self.ends_item,
        }
        credited = _column(
            block.role == "text" and end in "摄图道）)"
            for block, end in zip(self.blocks, ends, strict=True)
        ) & (size < 260)
        facts["credit inside"] = _column(
            bool(at and INLINE_CREDIT.search(block.lines[-1].text))
            for block, at in zip(self.blocks, credited, strict=True)
        )
        of_size = np.searchsorted(_SIZES, size)
        first = OBSERVED.index("up to 4 characters")
        facts |= {OBSERVED[first + k]: of_size == k for k in range(len(_SIZES) + 1)}
        return facts | self._announcements() | self._pictures()

    def _unpaired(self) -> Column:
        found = self.none.copy()
        for i in self.heads.tolist():
            text = self.texts[i]
            found[i] = bool(_QUOTATION.search(text)) and any(
                text.count(left) != text.count(right) for left, right in _PAIRED
            )
        return found

    def _announcements(self) -> dict[str, Column]:
        # Where each block announces something, in characters from its beginning.
        cue = _column(
            found.start() if (found := NOTICE_CUE.search(text, 0, 160)) else _NO_CUE
            for text in self.texts
        )
        soon = np.minimum(cue, self.size + _shifted(cue, 1, _NO_CUE)) <= 160
        return {"announces a column": cue < _NO_CUE, "announces a column soon": soon}

    def _pictures(self) -> dict[str, Column]:
        soon, brief = self.none.copy(), self.none.copy()
        for k in np.flatnonzero(self.credit).tolist():
            soon[max(k - 2, 0) : k] = True
            size = 0
            for i in range(k - 1, max(k - 7, -1), -1):
                size += int(self.size[i])
                brief[i] |= size <= 130
        return {
            "photographer named soon": soon,
            "names a photographer and is short until there": brief,
        }

    def before(self) -> dict[str, Column]:
        closed, headed = _shifted(self.closes, -1, False), _shifted(self.may, -1, False)
        short = _shifted(self.last < self.column - 0.75, -1, False)
        since = np.where(self.first, 0, self._since())
        return {
            "first on the page": self.first,
            "text before it ends a sentence": closed,
            "text before it is unfinished": ~(closed | headed | self.first),
            "after a byline line": _shifted(self.byline, -1, False),
            "after a photographer's line": _shifted(self.credit, -1, False),
            "after an item's end mark": _shifted(self.ends_item, -1, False),
            "after a possible heading": headed,
            "text before it ends short of its column": closed & short,
            "text before it ends full": closed & ~short,
            "heading after a full line": self.may & closed & ~short,
            "short text since the last possible heading": (since < 60) & ~self.first,
            "long text since the last possible heading": np.minimum(since / 400, 3.0),
        }

    def _since(self) -> Column:
        """Return the characters of text from the last possible heading to each block."""
        sizes = np.where(self.may, 0, self.size)
        total: Column = np.cumsum(sizes) - sizes
        at_head: Column = np.maximum.accumulate(np.where(_shifted(self.may, -1, False), total, 0))
        since: Column = total - at_head
        return since

    def layout(self) -> dict[str, Column]:
        gap, indented, may = self.gap, self.indented, self.may
        closed = _shifted(self.closes | self.may, -1, True)
        # A heading says nothing of its column's width; the text before it does.
        column = np.where(may & ~self.first, _shifted(self.column, -1, 0.0), self.column)
        off = self.width - column + 2 * indented
        sizes = np.sort(self.size[self.heads])
        usual = int(sizes[len(sizes) // 2]) if len(sizes) else 0
        return {
            "after a blank line": gap & ~self.first,
            "no blank line before, on a page with blank lines": ~gap & self.gaps,
            "indented": indented,
            "not indented, on a page with indents": closed & ~indented & self.indents,
            "not indented heading, on a page with indents": may & ~indented & self.indents,
            "could be a heading, on a page without blank lines and indents": may
            & (not (self.indents or self.gaps)),
            "much narrower than its column": off < -5,
            "narrower than its column": (off >= -5) & (off < -3),
            "narrower by an indent": (off >= -3) & (off < -1.25),
            "fills its column": (off >= -1.25) & (off <= 1),
            "wider than its column": np.clip(off - 1, 0.0, 3.0),
            "second line fills its column": np.abs(self.second - self.column) <= 1,
            "heading apart: blank before and after": may & gap & _shifted(gap, 1, False),
            "column width changes here": self._column_changes(),
            "longer than the page's headings are": np.clip((self.size - usual) / 6, 0.0, 3.0) * may,
            "shorter than the page's headings are": np.clip((usual - self.size) / 6, 0.0, 3.0)
            * may,
            "few possible headings on the page": may & (len(self.heads) * 6 < len(self.blocks)),
        }

    def _column_changes(self) -> Column:
        """Say where the full lines after differ in width from those before; a heading has none."""
        full = np.array([_wrapped(block) for block in self.blocks])
        ahead, behind = full.copy(), full.copy()
        for step in (1, 2, 3):
            ahead = np.where(ahead > 0, ahead, _shifted(full, step, 0.0))
            behind = np.where(behind > 0, behind, _shifted(full, -step, 0.0))
        behind = _shifted(np.where(behind > 0, behind, self.column), -1, 0.0)
        ahead = np.where(ahead > 0, ahead, self.column)
        changes: Column = ~self.may & ~self.first & ~self.end & (np.abs(ahead - behind) >= 4)
        return changes

    def after(self) -> dict[str, Column]:
        opens, byline, gap = (
            _shifted(self.opens, 1, False),
            _shifted(self.byline, 1, False),
            _shifted(self.gap, 1, False),
        )
        width, second = _shifted(self.width, 1, 0.0), _shifted(self.second, 1, -99.0)
        leads = self.opens | self.byline
        share = min(int(leads.sum()) / len(self.heads), 1.0) if len(self.heads) else 0.0
        headed = _shifted(self.may, 1, False)
        starts = leads | (self.bullet & ~self.may)
        several = sum(_shifted(starts, k, False).astype(int) for k in (1, 2, 3, 4, 5))
        heads = (
            headed
            | _shifted(self.may, 2, False)
            | _shifted(self.may, 3, False)
            | _shifted(self.may, 4, False)
        )
        sizes = np.where(self.may, 0, self.size)
        until = self._until(sizes)
        return {
            "last on the page": self.end,
            "news lead next": opens,
            "byline line next": byline,
            "continuation next": _shifted(self.continues, 1, False),
            "possible heading next": headed,
            "indented text next": _shifted(self.indented, 1, False),
            "text narrower by an indent next": (second - width >= 1.25) & (second - width <= 3),
            "full line after a blank line next": gap
            & (width >= _shifted(self.column, 1, 1e9) - 0.75)
            & (_shifted(self.count, 1, 0) > 1),
            "blank line next": gap,
            "date next": _shifted(self.dated, 1, False),
            "time told next": _shifted(self.timed, 1, False),
            "news lead after the next": _shifted(leads, 2, False),
            "several news leads next": (several >= 3) & ~heads,
            "short text until the next possible heading": until < 60,
            "no news lead next, where the page's items have them": np.where(
                self.may & ~opens & ~byline & ~self.end, share, 0.0
            ),
        }

    def _until(self, sizes: Column) -> Column:
        """Return the characters of text between each block and the next possible heading."""
        total: Column = np.cumsum(sizes[::-1])[::-1] - sizes
        at_head: Column = np.maximum.accumulate(
            np.where(_shifted(self.may, 1, False), total, 0)[::-1]
        )[::-1]
        until: Column = total - at_head
        return until

    def words(self) -> dict[str, Column]:
        shared = SharedWords(self.blocks)
        headings, texts = (
            np.zeros((len(self.blocks), len(OF_HEADING))),
            np.zeros((len(self.blocks), len(OF_TEXT))),
        )
        for i in self.heads:
            headings[i] = shared.of_heading(int(i))
        begins = _shifted(self.closes, -1, False) & ~self.may & ~self.byline & ~self.credit
        following = np.searchsorted(self.heads, np.arange(len(self.blocks)))
        for i in np.flatnonzero(begins):
            if following[i] < len(self.heads):
                texts[i] = shared.of_text(int(i), int(self.heads[following[i]]))
        return dict(zip((*OF_HEADING, *OF_TEXT), (*headings.T, *texts.T), strict=True))


def _wrapped(block: Block) -> float:
    """Return the width of a block's full lines, 0 where it has none."""
    if block.may_head or block.role != "text":
        return 0.0
    return max((line.width for line in block.lines if not line.closes), default=0.0)
