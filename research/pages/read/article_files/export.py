"""The text export of a press database: numbered articles under 文章总数, each with its 文章编号.

An article is ``1. 栖川日报 - 要闻 (题)``, a line ``A02 | 要闻 | 2021-03-05 | …``, headline, body,
``文章编号: ID``, a sentence on copyright, and a rule of hyphens.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from research.articles.dates import day_in_text
from research.articles.headings import is_body
from research.pages.read.article_files.form import Entry, FileForm, Reading, TextFile
from research.pages.read.article_files.names import is_names
from research.pages.read.epaper.form import ArticleFile

_TOP_LINES = 30
_ITEMS = "文章|文獻|文献|新闻|新聞|报道|報道|记录|記錄"
_TOTAL = re.compile(rf"^\s*(?:{_ITEMS})(?:总数|總數|总计|總計)\s*[:：]\s*([\d,]+)")
_ID = re.compile(rf"^\s*(?:{_ITEMS})(?:编号|編號|号|號)\s*[:：]\s*(\S+)")
_RULE = re.compile(r"^\s*[-=_—─*]{4,}\s*$")
_NUMBERED = re.compile(r"^\s*(\d{1,6})\s*[.．、]\s*(\S.*)$")
_PAPER = re.compile(
    r"""
    ^ (?P<paper>[^(（]{1,40}?)
    (?: \s{1,4}[-–—－]\s{1,4} (?P<section>[^(（]{0,40}?) )?
    \s{0,4} [(（] (?P<title>.*) [)）] \s*+$
    """,
    re.VERBOSE,
)
_COPYRIGHT = re.compile(r"(?i)版权|版權|copyright|©|著作权|著作權|翻印必究|慧科|本文只供|本內容")
_MAX_COPYRIGHT_CHARACTERS = 400
_AUTHOR_LABEL = re.compile(r"^作者\s{0,4}[:：]\s{0,4}")
_AUTHOR = re.compile("记者|記者|作者|通讯员")
_BAR = re.compile("[|｜]")
_LABEL = re.compile(r"第?\s*([A-Za-z]{0,3}\d{1,3})\s*版?")


def _recognises(file: TextFile) -> bool:
    has_total = any(_TOTAL.match(line) for line in file.lines[:_TOP_LINES])
    has_rules = any(_RULE.match(line) for line in file.lines)
    has_ids = any(_ID.match(line) for line in file.lines)
    return has_rules and (has_total or has_ids)


def _read(file: TextFile) -> Reading:
    reading = Reading()
    lines = file.lines
    begins = _begins(lines)
    if not begins:
        reading.problems.append(f"{file.path}: an export, but no article found in it")
        return reading
    _set_aside(lines[: begins[0]], reading)
    for begin, end in pairwise([*begins, len(lines)]):
        entry = _entry(lines[begin:end], begin, reading)
        reading.entries.append(entry)
    _compare_with_total(file, reading)
    return reading


def _begins(lines: Sequence[str]) -> list[int]:
    """Return where the articles begin: at a numbered line behind a rule, an id or a copyright."""
    numbered, after_rule = [], []
    is_free = is_behind_rule = False
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        if _RULE.match(line):
            is_free = is_behind_rule = True
        elif _ID.match(line) or _TOTAL.match(line) or _is_copyright(line):
            is_free = True
        else:
            if is_free and _NUMBERED.match(line):
                numbered.append(number)
            if is_behind_rule:
                after_rule.append(number)
            is_free = is_behind_rule = False
    return numbered or after_rule


def _is_copyright(line: str) -> bool:
    return len(line) <= _MAX_COPYRIGHT_CHARACTERS and bool(_COPYRIGHT.search(line))


def _set_aside(lines: Sequence[str], reading: Reading) -> None:
    reading.aside["export's own lines"] += sum(bool(line.strip()) for line in lines)


def _entry(lines: Sequence[str], offset: int, reading: Reading) -> Entry:
    texts = [line.strip() for line in lines]
    paper = _paper_of(texts[0])
    rest = _after_first(texts)
    details = _details([])
    if rest and _BAR.search(rest[0]):
        details = _details(_BAR.split(rest.pop(0)))
    body, id_ = _body(rest, reading)
    headline = paper.title
    if body and not is_body(body[0]):
        headline = body.pop(0)
    author = ""
    if len(body) > 1 and is_names(body[0]):
        author = body.pop(0)
    filled = [number for number, text in enumerate(texts) if text]
    n_of_article = len(body) + 1 + bool(author)
    reading.aside["export's own lines"] += len(filled) - n_of_article
    fields = ArticleFile(
        paragraphs=tuple(body),
        headline=headline or paper.whole,
        author=author or details.author,
        dates=(details.date,) if details.date else (),
        id=id_,
        page_label=details.label,
        page_name=details.section or paper.section,
    )
    place = (offset + 1, offset + filled[-1] + 1)
    return Entry(fields, place, paper.name)


class _Paper(NamedTuple):
    """What an article's numbered line names: paper, section and title, else the whole line."""

    name: str = ""
    section: str = ""
    title: str = ""
    whole: str = ""


def _paper_of(line: str) -> _Paper:
    numbered = _NUMBERED.match(line)
    text = numbered[2] if numbered else line
    paper = _PAPER.match(text)
    if paper is None:
        return _Paper(whole=text)
    return _Paper(paper["paper"].strip(), paper["section"] or "", paper["title"])


def _after_first(texts: Sequence[str]) -> list[str]:
    return [text for text in texts[1:] if text and not _RULE.match(text)]


def _body(texts: Sequence[str], reading: Reading) -> tuple[list[str], str]:
    """Return an article's lines up to its id or its copyright, and the id."""
    body: list[str] = []
    id_ = ""
    for text in texts:
        if named := _ID.match(text):
            id_ = named[1]
        elif id_ == "" and not (text is texts[-1] and _is_copyright(text)):
            body.append(text)
        elif not _is_copyright(text):
            reading.aside["behind an article's id"] += 1
    return body, id_


class _Details(NamedTuple):
    """What the line under an article's number says, each "" where it does not."""

    label: str
    section: str
    date: str
    author: str


def _details(parts: Sequence[str]) -> _Details:
    """Take the parts of a line by what they are, in whatever order they stand."""
    label = name = date = author = ""
    for part in map(str.strip, parts):
        if not author and _AUTHOR.search(part):
            author = _AUTHOR_LABEL.sub("", part)
        elif not date and day_in_text(part):
            date = part
        elif not label and (match := _LABEL.fullmatch(part)):
            label = match[1].upper()
        elif not name and part and not any(character.isdigit() for character in part):
            name = part
    return _Details(label, name, date, author)


def _compare_with_total(file: TextFile, reading: Reading) -> None:
    matches = map(_TOTAL.match, file.lines[:_TOP_LINES])
    match = next(filter(None, matches), None)
    if match is None:
        return
    total = int(match[1].replace(",", ""))
    n_read = len(reading.entries)
    if total != n_read:
        reading.problems.append(
            f"{file.path}: says that it has {total} articles, {n_read} found; export it again"
        )


EXPORT = FileForm("press database export", _recognises, _read)
