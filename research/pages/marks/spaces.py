"""Blanks of print: which characters they are, and which of them a text keeps."""

from __future__ import annotations

import re

SPACES = " \t\u3000\u00a0\f"
# What may stand around a line's text and is none of it.
BLANKS = SPACES + "\ufeff\r\n\v\x1c\x1d\x1e\x85\u2028\u2029"
_RUN_OF_SPACES = re.compile(r"[\s\u3000\u00a0]+")
_LETTER = r"[\u4e00-\u9fffA-Za-z]"
# A space stays only between two letters (names, Latin words) or two numbers.
_STRAY_SPACE = re.compile(
    rf"""
      (?<!{_LETTER})\ (?=\D)      # after something that is no letter
    | (?<={_LETTER})\ (?!{_LETTER})  # before something that is no letter
    | (?<=\d)\ (?=\D)             # 496 件
    | (?<=\D)\ (?=\d)             # 案件 496
    | (?<=[^\w\s])\ (?=\d)        # after a punctuation mark
    """,
    re.VERBOSE,
)


def tidy(text: str) -> str:
    """Collapse white space and drop what typesetting left.

    >>> tidy("案件 496 件")
    '案件496件'
    """
    if not _RUN_OF_SPACES.search(text):
        return text
    collapsed = _RUN_OF_SPACES.sub(" ", text).strip()
    return _STRAY_SPACE.sub("", collapsed)
