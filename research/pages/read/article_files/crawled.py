"""A file an article, as crawlers of party dailies save it: 引题, 题, 副题 on lines of their own.

``20240305/20240305-01-02.txt``: a line is empty where the article has no such title; the body
follows, and at its end 《X报》（2024年03月05日 第 01 版）.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from research.articles.dates import day_in_text, without_days
from research.articles.headings import is_body, is_dateline, is_unwrapped
from research.pages.marks.source_lines import SOURCE_LINE
from research.pages.read.article_files.form import Entry, FileForm, Reading, TextFile
from research.pages.read.article_files.names import is_names
from research.pages.read.epaper.form import ArticleFile

_BYLINE_BEGINNINGS = ("本报", "新华社", "记者")
_TITLE_LINES = 3
_MAX_HEADING_LINES = 8
_LAST_LINES = 6  # The source line is among so many.
# Page and article, after the day: 20240305-01-02, 2024-03-05_A01_3, 20240305-01-02-标题
_PAGE_AND_ARTICLE = re.compile(r"^[-_ ]*第?([A-Za-z]?\d{1,3})版?[-_ ](\d{1,4})(?![\d])")
_PAGE_AND_ARTICLE_ALONE = re.compile(r"([A-Za-z]?\d{1,2})[-_](\d{1,3})(?:[-_ ].*)?")


def page_in_name(path: Path) -> str:
    """Return the page that a file's name has before the article's number, "" where none."""
    stem = path.stem
    rest = without_days(stem)
    if day_in_text(stem) is not None:
        named = _PAGE_AND_ARTICLE.match(rest.strip())
    else:
        named = _PAGE_AND_ARTICLE_ALONE.fullmatch(stem)
    return named[1].upper() if named else ""


def _recognises(file: TextFile) -> bool:
    if file.path.suffix.lower() != ".txt":
        return False
    named = bool(page_in_name(file.path))
    body = [line for line in file.lines[_TITLE_LINES:] if line.strip()]
    if not body:  # Titles only, which is what crawlers save of a picture.
        return named
    return is_unwrapped(body) and (named or _source_at_end(file.lines) is not None)


def _source_at_end(lines: Sequence[str]) -> tuple[int, str] | None:
    """Return where the source line begins, and its text; it may be broken over several lines."""
    first = max(0, len(lines) - _LAST_LINES)
    for begin in range(first, len(lines)):
        text = "".join(lines[begin:]).strip()
        names_paper = lines[begin].lstrip().startswith("《")
        if names_paper and SOURCE_LINE.fullmatch(text):
            return begin, " ".join(text.split())
    return None


def _read(file: TextFile) -> Reading:
    lines = list(file.lines)
    source = _source_at_end(lines)
    end = len(lines) if source is None else source[0]
    n_lines_of_source = sum(bool(line.strip()) for line in lines[end:])
    heading = _heading_lines(lines[:end])
    intro, headline, subtitle = _titles(lines[:heading])
    n_titles = min(heading, _TITLE_LINES)
    stripped = map(str.strip, lines[n_titles:end])
    paragraphs = [line for line in stripped if line]
    if source is not None:
        _, source_line = source
        paragraphs.append(source_line)  # Which names the day and the page.
    fields = ArticleFile(
        paragraphs=tuple(paragraphs),
        headline=headline,
        intro_title=intro,
        subtitle=subtitle,
        page_label=page_in_name(file.path),
    )
    reading = Reading([Entry(fields, (1, max(len(lines), 1)))])
    # The last of them stays among the paragraphs, and is counted there.
    reading.aside["source line"] += max(n_lines_of_source - 1, 0)
    return reading


def _heading_lines(lines: Sequence[str]) -> int:
    """Return how many lines stand before the body."""
    for number, line in enumerate(lines[:_MAX_HEADING_LINES]):
        text = line.strip()
        if not text:
            continue
        is_below_title = number > 0
        if is_body(text) or (is_below_title and _is_apart(text)):
            return number
    return min(len(lines), _TITLE_LINES)


def _is_apart(text: str) -> bool:
    if is_dateline(text):
        return True
    return is_names(text) and text.startswith(_BYLINE_BEGINNINGS)


def _titles(lines: Sequence[str]) -> tuple[str, str, str]:
    """Return 引题, 题 and 副题; where blank lines were taken out, by how many lines are left."""
    titles = [" ".join(line.split()) for line in lines]
    if len(titles) >= _TITLE_LINES:
        intro, headline, subtitle = titles[:_TITLE_LINES]
        if headline:
            return intro, headline, subtitle
        titles = [intro, subtitle]
    filled = [title for title in titles if title]
    if len(filled) == 2:
        headline, subtitle = filled
        return "", headline, subtitle
    headline = filled[0] if filled else ""
    return "", headline, ""


CRAWLED = FileForm("an article a file (引题, 题, 副题)", _recognises, _read)
