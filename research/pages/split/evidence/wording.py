"""Observations of a block's own text: its length, punctuation marks and words."""

from __future__ import annotations

import re

import numpy as np

from research.pages.marks.bylines import INLINE_CREDIT
from research.pages.marks.kinds import CAPTION_CUE, COLUMN_NAME, NOTE, NOTICE_CUE, NOTICE_HEADLINE
from research.pages.split.blocks import Block
from research.pages.split.evidence.arrays import (
    BlockArrays,
    Column,
    Observations,
    column_of,
    shifted,
)
from research.pages.split.evidence.observations import LENGTHS

_MAX_COUNT = 3.0  # No observation is beyond it, so that none outweighs all others.
_LENGTH_LIMITS = np.array([4, 7, 12, 18, 26, 36, 60])  # Characters, as LENGTHS names them.
_SHORT_CHARACTERS = 60  # Punctuation marks are counted in texts that could be headings.
_COLUMN_NAME_CHARACTERS = 8
_CAPTION_CHARACTERS = 200
_CREDITED_CHARACTERS = 260
_NOTICE_CHARACTERS = 160
_CREDIT_BLOCKS = 2  # A caption's text is at most so many blocks before its credit,
_CREDIT_REACH_BLOCKS = 6  # or so many, where they are short:
_CREDIT_REACH_CHARACTERS = 130
_NO_CUE = 10**6

_TWO_PARTS = re.compile(r"\S{3}[ \u3000]++\S{3}")
_FUNCTION_WORDS = re.compile(r"[的了是在也都就还这那我你他她们吗呢着过]")
_NUMBERED = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,2}[、．.）)]|第[一二三四五六七八九十]")
_QUOTATION = re.compile("[“”《》（）‘’]")
_PAIRS = (("“", "”"), ("《", "》"), ("（", "）"), ("‘", "’"))
# Words of headlines: meetings, projects, visits, statements, figures, findings, disasters, rules …
_EVENT = re.compile(
    """
      召开|举行|举办|开幕|闭幕|闭会|会见|会谈|通话|签署|签约|发布|印发|公布
    | 启动|开工|竣工|通车|投产|投用|开通|启用|揭牌|亮相
    | 调研|考察|视察|慰问|看望|强调|指出|要求|部署|出席
    | 致电|致信|贺信|讲话|主持|参加|审议|通过|任命|当选|就任|抵达|出访|访问
    | 回应|表示|宣布|决定|提醒|呼吁|谴责|将于|将在
    | 突破|完成|实现|超过|增长|下降|上涨|回落|达到|创|获|夺|首次|首个
    | 发射|成功|建成|落户|收官|上线|发现|破获|抓获|查处|通报
    | 致|遇难|受伤|身亡|逝世|受灾|救援|袭击|爆炸|地震
    | 纪念|庆祝|表彰|入选|揭晓|收官|迎来|出台|实施|施行|推进|推动
    """,
    re.VERBOSE,
)


def observe_wording(arrays: BlockArrays) -> Observations:
    """Observe each block by itself."""
    return (
        _observe_form(arrays)
        | _observe_marks(arrays)
        | _observe_words(arrays)
        | _observe_announcements(arrays)
        | _observe_credits(arrays)
    )


def _observe_form(arrays: BlockArrays) -> Observations:
    length = np.searchsorted(_LENGTH_LIMITS, arrays.size)
    lengths = {name: length == k for k, name in enumerate(LENGTHS)}
    return lengths | {
        "always": ~arrays.none,
        "news_lead": arrays.opens,
        "continued_from_page": arrays.continues,
        "byline_line": arrays.byline,
        "credit_line": arrays.credit,
        "ends_sentence": arrays.closes,
        "one_line": arrays.n_lines == 1,
        "four_lines_or_more": arrays.n_lines >= 4,
        "may_be_heading": arrays.may_head,
        "ends_like_item": arrays.ends_item,
        "starts_with_bullet": arrays.bullet,
        "starts_with_date": arrays.dated,
        "time_in_first_words": arrays.timed,
    }


def _observe_marks(arrays: BlockArrays) -> Observations:
    texts = arrays.texts
    ends = [text[-1] for text in texts]
    is_short = arrays.size <= _SHORT_CHARACTERS
    shorts = [text if short else "" for text, short in zip(texts, is_short, strict=True)]
    commas = [text.count("，") for text in shorts]
    enumeration_marks = [text.count("、") for text in shorts]
    return {
        "full_stop_inside": column_of("。" in text[:-1] for text in texts),
        "commas": np.minimum(commas, _MAX_COUNT),
        "enumeration_marks": np.minimum(enumeration_marks, _MAX_COUNT),
        "ends_with_comma_or_colon": column_of(end in "，；：、,;:" for end in ends),
        "unpaired_marks": _unpaired(arrays),
        "two_parts": arrays.matches(_TWO_PARTS, arrays.may_head),
        "ends_with_exclamation_or_question": column_of(end in "！？!?" for end in ends),
        "starts_with_number": column_of(bool(_NUMBERED.match(text)) for text in texts),
    }


def _unpaired(arrays: BlockArrays) -> Column:
    """Return which possible headings hold a mark of a pair without the other."""
    unpaired = arrays.none.copy()
    for i in arrays.heads.tolist():
        text = arrays.texts[i]
        if _QUOTATION.search(text):
            unpaired[i] = any(text.count(left) != text.count(right) for left, right in _PAIRS)
    return unpaired


def _observe_words(arrays: BlockArrays) -> Observations:
    texts, may_head, size = arrays.texts, arrays.may_head, arrays.size
    function_words = column_of(
        len(_FUNCTION_WORDS.findall(text)) if may else 0
        for text, may in zip(texts, may_head, strict=True)
    )
    return {
        "function_words": np.minimum(function_words * 10 / size, _MAX_COUNT),
        "event_verb": arrays.matches(_EVENT, may_head),
        "picture_words": arrays.matches(CAPTION_CUE, size < _CAPTION_CHARACTERS),
        "notice_headline": arrays.matches(NOTICE_HEADLINE, may_head),
        "editors_note": column_of(bool(NOTE.match(text)) for text in texts),
        "usual_column_name": arrays.matches(
            COLUMN_NAME, may_head & (size <= _COLUMN_NAME_CHARACTERS)
        ),
    }


def _observe_announcements(arrays: BlockArrays) -> Observations:
    # How many characters into each block something is announced.
    cue = column_of(_cue_place(text) for text in arrays.texts)
    until_next = arrays.size + shifted(cue, 1, _NO_CUE)
    soon = np.minimum(cue, until_next) <= _NOTICE_CHARACTERS
    return {"announces_column": cue < _NO_CUE, "announces_column_soon": soon}


def _cue_place(text: str) -> int:
    """Return how many characters into a text something is announced."""
    cue = NOTICE_CUE.search(text, 0, _NOTICE_CHARACTERS)
    return cue.start() if cue else _NO_CUE


def _observe_credits(arrays: BlockArrays) -> Observations:
    is_small = arrays.size < _CREDITED_CHARACTERS
    inside = column_of(
        bool(small and _has_credit(block))
        for block, small in zip(arrays.blocks, is_small, strict=True)
    )
    soon, soon_after_short = arrays.none.copy(), arrays.none.copy()
    for k in np.flatnonzero(arrays.credit).tolist():
        soon[max(k - _CREDIT_BLOCKS, 0) : k] = True
        size = 0
        for i in range(k - 1, max(k - 1 - _CREDIT_REACH_BLOCKS, -1), -1):
            size += int(arrays.size[i])
            soon_after_short[i] |= size <= _CREDIT_REACH_CHARACTERS
    return {
        "credit_inside": inside,
        "credit_soon": soon,
        "credit_soon_after_short_text": soon_after_short,
    }


def _has_credit(block: Block) -> bool:
    """Return whether a photographer's name ends a block of text."""
    if block.role != "text" or block.text[-1] not in "摄图道）)":
        return False
    return INLINE_CREDIT.search(block.lines[-1].text) is not None
