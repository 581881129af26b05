"""Articles under 第1版() and 专栏：, as archives of a party daily since 1946 are passed on.

``19500108-1.txt`` is a page, headlines followed by ``第1版() 专栏：``; ``.md`` is one article:
``### 题  副题``, author, ``1950-01-08``, ``第2版()``, ``专栏：``, the titles again, the body.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from research.articles.dates import day_in_text
from research.articles.headings import is_dateline
from research.pages.read.article_files.form import Entry, FileForm, Reading, TextFile
from research.pages.read.article_files.names import is_names
from research.pages.read.epaper.form import ArticleFile

_NUMBER = r"(?:[A-Za-z]?\d{1,3}|[一二三四五六七八九十]{1,3})"
_PAGE = re.compile(
    rf"""
    ^\s*+ 第 \s*+ ({_NUMBER}) \s*+ 版 \s*+
    (?: [(（] ([^)）]{{0,30}}) [)）] \s*+ (?:专栏|專欄|栏目)? \s*+ (?:[:：] (.{{0,40}}))?
      | (?:专栏|專欄|栏目) \s*+ [:：] (.{{0,40}})
    ) \s*+$
    """,
    re.VERBOSE,
)
_COLUMN = re.compile(r"^\s*(?:专栏|專欄|栏目)\s*[:：].{0,40}$")
_MAX_LINES_ABOVE = 8
_MAX_BLANK_LINES_ABOVE = 2
_AUTHOR_LABEL = re.compile(r"(?:作者|记者)\*{0,2}\s{0,4}[:：]\s{0,4}")
_AUTHOR_LINE = re.compile(r"(?:作者|记者)\s{0,4}[:：][^。，]{2,20}")
_SENTENCE_END = ("。", "。”", "。）", "！”", "？”")
_CHINESE = {character: number for number, character in enumerate("一二三四五六七八九十", 1)}


class _Heading(NamedTuple):
    """The lines of an article's heading: *first* to the page's line *at*, and the body's first."""

    first: int
    at: int
    body: int


def _recognises(file: TextFile) -> bool:
    return any(_PAGE.match(line) for line in file.lines)


def _read(file: TextFile) -> Reading:
    reading = Reading()
    headings = _headings(file.lines)
    before = file.lines[: headings[0].first]
    n_before = sum(bool(line.strip()) for line in before)
    if n_before:
        reading.aside["before the first headline"] += n_before
    n_lines = len(file.lines)
    end = _Heading(n_lines, n_lines, n_lines)
    for heading, following in pairwise([*headings, end]):
        body = file.lines[heading.body : following.first]
        fields = _fields(file.lines, heading, body, reading)
        last = _last_filled(file.lines, heading.at, following.first)
        entry = Entry(fields, (heading.first + 1, last))
        reading.entries.append(entry)
    return reading


def _last_filled(lines: Sequence[str], at: int, end: int) -> int:
    filled = [number for number in range(at, end) if lines[number].strip()]
    return filled[-1] + 1


def _headings(lines: Sequence[str]) -> list[_Heading]:
    headings: list[_Heading] = []
    for at, line in enumerate(lines):
        if not _PAGE.match(line):
            continue
        floor = headings[-1].body if headings else 0
        first = _first_above(lines, at, floor)
        heading = _Heading(first, at, _first_of_body(lines, at))
        headings.append(heading)
    return headings


def _first_of_body(lines: Sequence[str], at: int) -> int:
    """Return where the body begins: below the page's line, and the column's if that follows."""
    column = at + 1
    if column < len(lines) and not lines[column].strip():
        column += 1  # One blank line may stand between.
    has_column = column < len(lines) and _COLUMN.match(lines[column])
    return column + 1 if has_column else at + 1


def _first_above(lines: Sequence[str], at: int, floor: int) -> int:
    """Return the first line of the heading that ends above the page's line."""
    above = range(at - 1, max(floor, at - _MAX_LINES_ABOVE) - 1, -1)
    marked = [number for number in above if lines[number].lstrip().startswith("#")]
    if marked:
        return marked[0]
    first, n_blank, n_titles = at, 0, 0
    for number in above:
        text = lines[number].strip()
        if not text:
            n_blank += 1
            if n_titles or n_blank > _MAX_BLANK_LINES_ABOVE:
                break
            continue
        if n_titles and _ends_body(lines[number]):
            break
        first = number
        if not _is_only_date(text):
            n_titles += 1
    return first


def _ends_body(line: str) -> bool:
    return line.rstrip().endswith(_SENTENCE_END) or line.startswith("　　")


def _fields(
    lines: Sequence[str], heading: _Heading, body: Sequence[str], reading: Reading
) -> ArticleFile:
    above = lines[heading.first : heading.at]
    stripped = [line.strip().strip("*_") for line in above]
    texts = [text for text in stripped if text]
    dates = [text for text in texts if is_dateline(text) or _is_only_date(text)]
    titles = [text for text in texts if text not in dates]
    author = ""
    if len(titles) > 1 and _is_author(titles[-1]):
        author = _AUTHOR_LABEL.sub("", titles.pop())
    whole = "  ".join(titles).lstrip("# ").strip()
    paragraphs = [line.strip() for line in body if line.strip()]
    if not author and paragraphs and _AUTHOR_LINE.fullmatch(paragraphs[0]):
        author = _AUTHOR_LABEL.sub("", paragraphs.pop(0))
    parts, n_repeated = _repeated(whole, author, paragraphs)
    reading.aside["repeated heading"] += n_repeated
    reading.aside["page and column"] += heading.body - heading.at
    headline, subtitle = _titles(whole, parts)
    label, name = _page_of(lines[heading.at])
    return ArticleFile(
        paragraphs=tuple(paragraphs[n_repeated:]),
        headline=headline,
        subtitle=subtitle,
        author=author,
        dates=tuple(dates),
        page_label=_digits(label),
        page_name=name,
    )


def _is_author(line: str) -> bool:
    return is_names(line) or _AUTHOR_LABEL.match(line) is not None


def _page_of(line: str) -> tuple[str, str]:
    """Return a page's number and name as its line has them."""
    page = _PAGE.match(line)
    if page is None:
        return "", ""
    return page[1], page[2] or ""


def _is_only_date(text: str) -> bool:
    return len(text) <= 12 and day_in_text(text) is not None


def _repeated(whole: str, author: str, paragraphs: Sequence[str]) -> tuple[list[str], int]:
    """Return the titles that a body repeats at its beginning, and how many lines these are."""
    left = _without_spaces(whole)
    plain_author = _without_spaces(author)
    parts: list[str] = []
    n_repeated = 0
    for paragraph in paragraphs:
        plain = _without_spaces(paragraph)
        is_author = bool(author) and plain == plain_author
        is_title = bool(left) and left.startswith(plain)
        if not is_author and not is_title:
            break
        n_repeated += 1
        if is_title:
            parts.append(paragraph)
            left = left[len(plain) :]
    is_whole = not left
    return (parts if is_whole else []), n_repeated


def _without_spaces(text: str) -> str:
    return "".join(text.split())


def _titles(whole: str, parts: Sequence[str]) -> tuple[str, str]:
    """Return headline and subtitle: as two spaces part them, else as the body repeats them."""
    stripped = map(str.strip, re.split(r"\s{2,}|　", whole))
    titles = [part for part in stripped if part]
    if len(titles) <= 1 and parts:
        titles = list(parts)
    if not titles:
        return "", ""
    headline, *subtitles = titles
    return " ".join(headline.split()), " ".join(subtitles)


def _digits(label: str) -> str:
    """Return a page's number in digits: 四 → 4."""
    if not label or label[-1].isdecimal():
        return label.upper()
    tens, ten, ones = label.rpartition("十")
    if ten:
        number = 10 * _CHINESE.get(tens, 1)
        number += _CHINESE.get(ones, 0)
        return str(number)
    return str(_CHINESE.get(label[-1], 0))


HEADED = FileForm("articles under 第N版() 专栏：", _recognises, _read)
