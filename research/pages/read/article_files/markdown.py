"""Markdown: an article a file under its heading, or a day a file with a heading an article.

Front matter (``title:``, ``date:``, ``author:``) and lines that name day and source count as the
article's. The marks of Markdown are taken out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from research.articles.dates import day_in_text
from research.articles.headings import author_in, is_dateline
from research.pages.read.article_files.form import Entry, FileForm, Reading, TextFile
from research.pages.read.article_files.names import is_names
from research.pages.read.article_files.single import SINGLE
from research.pages.read.epaper.form import ArticleFile

_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s*+(\S.*)$")
_PAGE_NAME = re.compile(r"^第?\s*([A-Za-z]?\d{1,3})\s*版\s*[:：·\s]*(\S{0,20})$")
_FRONT = re.compile(r"^\s*+([A-Za-z\u4e00-\u9fff_]{1,20})\s*+[:：]\s*+(.*)$")
_FRONT_KEYS = {
    "title": "headline", "标题": "headline", "subtitle": "subtitle", "副题": "subtitle",
    "date": "date", "日期": "date", "author": "author", "作者": "author",
    "source": "source", "来源": "source", "page": "page", "版次": "page",
}  # fmt: skip
_UNDERLINE = re.compile(r"^\s{0,3}={3,}\s*$")
_PICTURE = re.compile(r"!\[[^\[\]]{0,200}\]\([^()\s]{0,1000}\)")
_LINK = re.compile(r"\[([^\[\]]{1,300})\]\([^()\s]{0,1000}\)")
_EMPHASIS = re.compile(r"\*\*|__|`|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)")
_LIST_OR_QUOTE = re.compile(r"^\s{0,8}(?:>\s?|[-+*]\s+)+")
_RULE = re.compile(r"^\s*(?:[-*_]\s*){3,}$")


@dataclass(slots=True)
class _Part:
    """A heading of a file, and the lines below it up to the next one."""

    level: int
    title: str
    number: int
    lines: list[tuple[int, str]] = field(default_factory=list)
    intro: str = ""
    subtitle: str = ""

    @property
    def has_text(self) -> bool:
        return any(text.strip() and not _RULE.match(text) for _, text in self.lines)


def _recognises(file: TextFile) -> bool:
    return file.path.suffix.lower() in (".md", ".markdown")


def _read(file: TextFile) -> Reading:
    lines = _with_marks(file.lines)
    front, begin = _front_matter(file.lines)
    if not front and not any(map(_HEADING.match, lines)):
        return SINGLE.read(file)
    reading = Reading()
    reading.aside["front matter"] += begin
    parts = _one_article(_parts(lines, begin))
    level = _level_of_articles(parts)
    page = name = day = ""
    article: list[_Part] = []
    for part in parts:
        if part.level > level:
            article.append(part)
            continue
        _close(reading, article, front, (page, name, day))
        article = []
        if part.level == level:
            article = [part]
            continue
        reading.aside["heading over articles"] += bool(part.title)
        if named := _PAGE_NAME.match(part.title):
            page, name = named[1].upper(), named[2]
        elif is_dateline(part.title) or not page:
            day = part.title
    _close(reading, article, front, (page, name, day))
    return reading


def _front_matter(lines: Sequence[str]) -> tuple[dict[str, str], int]:
    """Return the fields between two lines ``---`` at the top, and how many lines these are."""
    if not lines or lines[0].strip() != "---":
        return {}, 0
    fields: dict[str, str] = {}
    for number, line in enumerate(lines[1:], 1):
        if line.strip() == "---":
            return fields, number + 1
        match = _FRONT.match(line)
        key = _FRONT_KEYS.get(match[1].lower(), "") if match else ""
        if match and key:
            fields[key] = match[2].strip().strip("\"' ")
    return {}, 0


def _parts(lines: Sequence[str], begin: int) -> list[_Part]:
    parts = [_Part(0, "", begin + 1)]
    for number, line in enumerate(lines[begin:], begin + 1):
        if match := _HEADING.match(line):
            parts.append(_Part(len(match[1]), match[2].rstrip(" \t#"), number))
        else:
            parts[-1].lines.append((number, line))
    if not parts[0].has_text:
        parts = parts[1:]
    return parts


def _with_marks(lines: Sequence[str]) -> list[str]:
    """Return the lines, headings that are underlined (====) as those with a mark."""
    marked = list(lines)
    for number, line in enumerate(lines[1:], 1):
        if _UNDERLINE.match(line) and lines[number - 1].strip():
            marked[number - 1 : number + 1] = [f"# {lines[number - 1].strip()}", ""]
    return marked


def _one_article(parts: list[_Part]) -> list[_Part]:
    """Join the headings over the only text of a file: 引题, 题, 副题 on lines of their own."""
    with_text = [number for number, part in enumerate(parts) if part.has_text]
    if len(with_text) != 1 or with_text[0] == 0:
        return parts
    last = with_text[0]
    titles = parts[: last + 1]
    if any(_PAGE_NAME.match(part.title) or day_in_text(part.title) for part in titles):
        return parts
    place = min(range(last + 1), key=lambda number: titles[number].level)
    article = titles[last]
    article.intro = " ".join(part.title for part in titles[:place])
    article.subtitle = " ".join(part.title for part in titles[place + 1 :])
    article.title = titles[place].title
    article.level, article.number = titles[place].level, titles[0].number
    return [article, *parts[last + 1 :]]


def _level_of_articles(parts: Sequence[_Part]) -> int:
    """Return the level whose headings are articles': the highest with text under a heading."""
    levels = [part.level for part in parts if part.has_text and not _PAGE_NAME.match(part.title)]
    return min(levels, default=1)


def _close(
    reading: Reading, parts: Sequence[_Part], front: dict[str, str], place: tuple[str, str, str]
) -> None:
    """Add the article of a heading and of the headings below it."""
    if not parts:
        return
    page, name, day = place
    texts, details = _texts(parts, reading)
    title = front.get("headline", "") or parts[0].title
    headline, subtitle = _titles(title)
    author = front.get("author", "") or next(filter(None, map(author_in, details)), "")
    if not author and len(texts) > 1 and is_names(texts[0]):
        author = texts.pop(0)
    dates = [front.get("date", ""), *details, day]
    fields = ArticleFile(
        paragraphs=tuple(texts),
        headline=headline,
        intro_title=parts[0].intro,
        subtitle=front.get("subtitle", "") or parts[0].subtitle or subtitle,
        author=author,
        dates=tuple(filter(None, dates)),
        page_label=front.get("page", "") or page,
        page_name=name,
    )
    last = parts[-1].number + len(parts[-1].lines)
    reading.entries.append(Entry(fields, (parts[0].number, last), front.get("source", "")))


def _texts(parts: Sequence[_Part], reading: Reading) -> tuple[list[str], list[str]]:
    """Return the paragraphs, sub-headings among them, and the lines that name day and source."""
    texts: list[str] = []
    details: list[str] = []
    for text in _lines(parts):
        if _RULE.match(text):
            reading.aside["rule"] += 1
            continue
        plain, n_pictures = _without_marks(text)
        reading.aside["picture"] += n_pictures
        if not plain:
            continue
        if not texts and is_dateline(plain):
            details.append(plain)
            reading.aside["source line"] += 1
        else:
            texts.append(plain)
    return texts, details


def _lines(parts: Sequence[_Part]) -> Iterator[str]:
    for place, part in enumerate(parts):
        if place > 0:
            yield part.title
        yield from (line for _, line in part.lines if line.strip())


def _without_marks(text: str) -> tuple[str, int]:
    """Return a line without the marks of Markdown, and how many pictures were in it."""
    text, n_pictures = _PICTURE.subn("", text)
    text = _LINK.sub(r"\1", _LIST_OR_QUOTE.sub("", text))
    return _EMPHASIS.sub("", text).strip(), n_pictures


def _titles(title: str) -> tuple[str, str]:
    plain = _EMPHASIS.sub("", title)
    headline, _, subtitle = plain.partition("  ")
    return headline.strip(), subtitle.strip()


MARKDOWN = FileForm("Markdown", _recognises, _read)
