"""The fields of an article's file → Article: bylines, jumps, notes of the editors, what kind it is.

The same for all forms. Which page the article is on, ``places`` decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from research.articles.article import Article, ArticleKind
from research.articles.dates import day_in_text, iso_date
from research.pages.marks.bylines import (
    BULLETS,
    is_credit,
    people_in,
    take_byline_lines,
    take_bylines,
    take_credit,
)
from research.pages.marks.jumps import take_jumps
from research.pages.marks.kinds import kind_of
from research.pages.marks.source_lines import SOURCE_LINE
from research.pages.marks.spaces import tidy
from research.pages.read.epaper.form import ArticleFile

_MAX_EDITORS_CHARACTERS = 120
_MIN_FILES_WITH_NAME = 3  # Two halves of one article may have one title.
_MAX_CAPTION_CHARACTERS = 260
_DESK = re.compile(
    r"""
    (?:本版|本期|本报|值班|执行|今日|版面|一版|责任|美术|视觉|副|见习|助理){0,3}
    (?:责编|编辑|主编|总编辑?|编审|编委|美编|校对|审读|审校|版式|组版|制版|检校|统筹
      |(?:版式|版面)?设计|责任校对|制图|策划)
    """,
    re.VERBOSE,
)
_DESK_AND_NAME = re.compile(
    r"(?:本版|本期|责任)(?:责任)?(?:编辑|责编|美编|校对)([\u4e00-\u9fff]{2,4})"
)
_BETWEEN_NAMES = re.compile(r"[\s:：/／、，,；;丨|]+")
_NAME = re.compile(r"[\u4e00-\u9fff·]{1,4}|[\w.-]+@[\w.-]+|[\d-]{5,}|(?:电话|邮箱|E-?mail)")
_ADVERTISEMENT = re.compile(
    r"[（(【\[]?(?:图片|整版|公益|分类|形象|商业|报眼|半版|通栏)?广告(?:[一二三四五六七八九十\d]{0,2}|专版|信息)[）)】\]]?"
)
_PICTURE_HEADLINE = re.compile(
    r"[（(]?(?:图片(?:新闻|报道)?|图像|配图|无标题|\(?无题\)?)\d{0,3}[）)]?"
)


class Composed(NamedTuple):
    """An article, None where the file has neither body nor picture; editors' lines taken off."""

    article: Article | None
    n_editors_lines: int = 0


def compose(file: ArticleFile, headline: str) -> Composed:
    """Make an article of its file's fields; *headline* is the one that was chosen."""
    tidied = (tidy(paragraph) for paragraph in file.paragraphs)
    paragraphs = [text for text in tidied if text and not _is_source(text)]
    paragraphs = _without_heading(paragraphs, file, headline)
    texts = [text for text in paragraphs if not is_editors_line(text)]
    n_editors_lines = len(paragraphs) - len(texts)
    plain_headline = "".join(headline.split())  # 广 告
    is_desk = bool(_DESK.fullmatch(plain_headline))  # 责编
    if is_desk or (not texts and (n_editors_lines or is_editors_line(headline))):
        notice = _notice(file, headline, paragraphs)
        return Composed(notice)
    if not texts and _ADVERTISEMENT.fullmatch(plain_headline):
        return Composed(_notice(file, headline, []), n_editors_lines)
    if not texts and not file.has_picture:
        return Composed(None, n_editors_lines)
    article = _article(file, headline, texts)
    if article.kind != "caption" and not article.paragraphs:  # Bylines and jump marks only.
        return Composed(None, n_editors_lines)
    return Composed(article, n_editors_lines)


def _without_heading(paragraphs: list[str], file: ArticleFile, headline: str) -> list[str]:
    """Return the paragraphs without those at the beginning that repeat the article's fields."""
    fields = (headline, file.headline, file.intro_title, file.subtitle, file.author)
    heading = {tidy(field) for field in fields}
    begin = 0
    while begin < len(paragraphs) and paragraphs[begin] in heading:
        begin += 1
    return paragraphs[begin:]


def is_editors_line(text: str) -> bool:
    """Return whether a paragraph names the page's editors: 本版责编：甲乙.

    >>> is_editors_line("本版责编：王建国 李晓梅")
    True
    """
    if len(text) > _MAX_EDITORS_CHARACTERS or "。" in text:
        return False
    words = _BETWEEN_NAMES.split(text.strip(BULLETS + "（）()【】[] "))
    words = [word for word in words if word]
    if not words:
        return False
    names = words[1:]
    names_desk = bool(names) and _DESK.fullmatch(words[0]) is not None
    if not names_desk and _DESK_AND_NAME.fullmatch(words[0]) is None:
        return False
    return all(_NAME.fullmatch(word) or _DESK.fullmatch(word) for word in names)


def page_in_source_line(file: ArticleFile) -> tuple[str, str]:
    """Return date and page label of 《栖川日报》（2024年03月05日 第 01 版） in a body, else ""."""
    for paragraph in (*file.paragraphs[:2], *file.paragraphs[-3:]):
        text = tidy(paragraph)
        if _is_source(text) and (named := SOURCE_LINE.search(text)):
            return named[1], named[2].upper()
    return "", ""


def papers_names(files: Collection[ArticleFile]) -> set[str]:
    """Return the titles that are no article's: those of many files are the paper's name."""
    counts = Counter(file.title for file in files)
    few = min(_MIN_FILES_WITH_NAME, len(files))
    return {title for title, count in counts.items() if count >= max(few, 2)}


def headline_of(file: ArticleFile, page_fields: ArticleFile, names: Collection[str]) -> str:
    """Return an article's headline: as its file marks it, as its page links it, its title.

    *names* are the titles that are the paper's name.
    """
    candidates = (file.headline, page_fields.headline, file.title)
    headlines = [text for text in candidates if text and text not in names]
    if headlines:
        return headlines[0]
    return file.headline  # Several articles may have one headline, 简讯.


def filled(file: ArticleFile, page_fields: ArticleFile) -> ArticleFile:
    """Return an article's fields, those that its file lacks from its page's file."""
    return file._replace(
        intro_title=file.intro_title or page_fields.intro_title,
        subtitle=file.subtitle or page_fields.subtitle,
        author=file.author or page_fields.author,
    )


def first_date(values: Iterable[str]) -> str | None:
    """Return the first of some dates that a calendar has, in ISO."""
    for value in values:
        try:
            return iso_date(value)
        except ValueError:
            if day := day_in_text("".join(value.split())):
                return day
    return None


def _is_source(text: str) -> bool:
    return len(text) <= _MAX_EDITORS_CHARACTERS and bool(SOURCE_LINE.fullmatch(text))


def _notice(file: ArticleFile, headline: str, paragraphs: list[str]) -> Article:
    return Article(
        kind="notice",
        headline=headline,
        date=first_date(file.dates),
        paragraphs=tuple(paragraphs),
        id=file.id,
    )


def _article(file: ArticleFile, headline: str, texts: list[str]) -> Article:
    texts, jump_from, jump_to = take_jumps(texts)
    is_caption = _is_caption(file, headline, texts)
    texts, lines = take_byline_lines(texts)
    texts, lead, name = take_bylines(texts)
    credit = take_credit(texts) if is_caption else ""
    kind: ArticleKind = "caption"
    if not is_caption or jump_from.number is not None:
        is_advertisement = bool(_ADVERTISEMENT.fullmatch(headline))
        kind = kind_of(headline, texts, jump_from.number, bool(lead), is_advertisement)
    return Article(
        kind=kind,
        headline=headline,
        byline=_byline(file.author, [*lines, lead, name, credit]),
        date=first_date(file.dates),
        paragraphs=tuple(texts),
        jump_from=jump_from.number,
        jump_to=jump_to.number,
        jump_from_name=jump_from.name,
        jump_to_name=jump_to.name,
        id=file.id,
        intro_title=file.intro_title,
        subtitle=file.subtitle,
    )


def _byline(author: str, of_body: Sequence[str]) -> str:
    """Return the author of a file's field, and the bylines of its body that name others."""
    if not author:
        return " ".join(filter(None, of_body))
    known = people_in(author)
    others = [text for text in of_body if not people_in(text) <= known]
    return " ".join([author, *(text for text in others if text not in author)])


def _is_caption(file: ArticleFile, headline: str, texts: list[str]) -> bool:
    """Return whether an item is a picture and at most a few words about it."""
    if not file.has_picture:
        return False
    if not texts or _PICTURE_HEADLINE.fullmatch(headline):
        return True
    short = sum(map(len, texts)) <= _MAX_CAPTION_CHARACTERS
    return short and is_credit(texts[-1][-40:])
