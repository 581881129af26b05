"""Markdown: an article a file under its heading, or a day a file with a heading an article.

Front matter (``title:``, ``date:``, ``author:``) and lines that name day and source count as the
article's. The marks of Markdown are taken out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

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
    place = _Place("", "", "")
    article: list[_Part] = []
    for part in parts:
        if part.level > level:
            article.append(part)
            continue
        _close(reading, article, front, place)
        article = []
        if part.level == level:
            article = [part]
            continue
        reading.aside["heading over articles"] += bool(part.title)
        place = place.below(part.title)
    _close(reading, article, front, place)
    return reading


class _Place(NamedTuple):
    """The page that an article is on, the page's name, and the day, as headings over it name."""

    page: str
    name: str
    day: str

    def below(self, title: str) -> _Place:
        """Return the place of the articles below another heading."""
        named = _PAGE_NAME.match(title)
        if named is not None:
            return self._replace(page=named[1].upper(), name=named[2])
        if is_dateline(title) or not self.page:
            return self._replace(day=title)
        return self


def _front_matter(lines: Sequence[str]) -> tuple[dict[str, str], int]:
    """Return the fields between two lines ``---`` at the top, and how many lines these are."""
    if not lines or lines[0].strip() != "---":
        return {}, 0
    fields: dict[str, str] = {}
    for number, line in enumerate(lines[1:], 1):
        if line.strip() == "---":
            return fields, number + 1
        match = _FRONT.match(line)
        if match is None:
            continue
        name, value = match.groups()
        key = _FRONT_KEYS.get(name.lower())
        if key is not None:
            fields[key] = value.strip().strip("\"' ")
    return {}, 0


def _parts(lines: Sequence[str], begin: int) -> list[_Part]:
    parts = [_Part(0, "", begin + 1)]
    for number, line in enumerate(lines[begin:], begin + 1):
        match = _HEADING.match(line)
        if match is None:
            parts[-1].lines.append((number, line))
            continue
        marks, title = match.groups()
        part = _Part(len(marks), title.rstrip(" \t#"), number)
        parts.append(part)
    if not parts[0].has_text:
        parts = parts[1:]
    return parts


def _with_marks(lines: Sequence[str]) -> list[str]:
    """Return the lines, headings that are underlined (====) as those with a mark."""
    marked = list(lines)
    for number, line in enumerate(lines[1:], 1):
        title = lines[number - 1].strip()
        if title and _UNDERLINE.match(line):
            marked[number - 1] = f"# {title}"
            marked[number] = ""
    return marked


def _one_article(parts: list[_Part]) -> list[_Part]:
    """Join the headings over the only text of a file: 引题, 题, 副题 on lines of their own."""
    with_text = [number for number, part in enumerate(parts) if part.has_text]
    if len(with_text) != 1 or with_text[0] == 0:
        return parts
    last = with_text[0]
    titles = parts[: last + 1]
    if any(_names_place(part.title) for part in titles):
        return parts
    place = min(range(last + 1), key=lambda number: titles[number].level)
    article = titles[last]
    article.intro = " ".join(part.title for part in titles[:place])
    article.subtitle = " ".join(part.title for part in titles[place + 1 :])
    article.title = titles[place].title
    article.level = titles[place].level
    article.number = titles[0].number
    return [article, *parts[last + 1 :]]


def _names_place(title: str) -> bool:
    """Return whether a heading is that of a page or a day, not of an article."""
    is_page = _PAGE_NAME.match(title) is not None
    return is_page or day_in_text(title) is not None


def _level_of_articles(parts: Sequence[_Part]) -> int:
    """Return the level whose headings are articles': the highest with text under a heading."""
    with_text = [part for part in parts if part.has_text]
    levels = [part.level for part in with_text if not _PAGE_NAME.match(part.title)]
    return min(levels, default=1)


def _close(reading: Reading, parts: Sequence[_Part], front: dict[str, str], place: _Place) -> None:
    """Add the article of a heading and of the headings below it."""
    if not parts:
        return
    texts, details = _texts(parts, reading)
    title = front.get("headline", "") or parts[0].title
    headline, subtitle = _titles(title)
    authors = [front.get("author", ""), *map(author_in, details)]
    author = next(filter(None, authors), "")
    if not author and len(texts) > 1 and is_names(texts[0]):
        author = texts.pop(0)
    dates = [front.get("date", ""), *details, place.day]
    fields = ArticleFile(
        paragraphs=tuple(texts),
        headline=headline,
        intro_title=parts[0].intro,
        subtitle=front.get("subtitle", "") or parts[0].subtitle or subtitle,
        author=author,
        dates=tuple(filter(None, dates)),
        page_label=front.get("page", "") or place.page,
        page_name=place.name,
    )
    last_part = parts[-1]
    last_line = last_part.number + len(last_part.lines)
    lines = (parts[0].number, last_line)
    entry = Entry(fields, lines, front.get("source", ""))
    reading.entries.append(entry)


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
    plain, n_pictures = _PICTURE.subn("", text)
    plain = _LIST_OR_QUOTE.sub("", plain)
    plain = _LINK.sub(r"\1", plain)
    plain = _EMPHASIS.sub("", plain)
    return plain.strip(), n_pictures


def _titles(title: str) -> tuple[str, str]:
    plain = _EMPHASIS.sub("", title)
    headline, _, subtitle = plain.partition("  ")
    return headline.strip(), subtitle.strip()


MARKDOWN = FileForm("Markdown", _recognises, _read)
