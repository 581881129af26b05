"""The names that a corpus gives to what an article has: a user's, or the usual ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple

from research.articles.article import FIELD_NAMES
from research.toml import Table


class Fields(Table):
    """Names of a corpus's fields, where they are not the usual ones (title, 标题, 正文, 日期 …).

    An empty name says that the corpus has no such field.
    """

    id: str = "id"
    headline: str = "headline"
    text: str = "text"
    date: str = "date"
    section: str = "section"
    page: str = "page"
    source: str = "source"


# What corpora call a field, the likeliest first, in the form that ``plain_name`` gives.
# fmt: off
USUAL_NAMES: Mapping[str, Sequence[str]] = {
    "id": ("id", "articleid", "docid", "newsid", "uuid", "文章id", "文章编号", "稿件id", "稿件编号",
           "文章編號", "稿件編號"),
    "headline": (
        "headline", "title", "articletitle", "newstitle", "maintitle", "heading", "标题", "题目",
        "题名", "文章标题", "新闻标题", "稿件标题", "报道标题", "文章题目", "文章题名", "新闻题目",
        "稿件题目", "稿件名称", "文章名称", "正标题", "主标题", "大标题", "篇名", "文题", "稿名",
        "標題", "題目", "題名", "文章標題", "新聞標題", "稿件標題", "報道標題", "報導標題",
        "文章題目", "文章題名", "新聞題目", "稿件題目", "稿件名稱", "文章名稱", "正標題", "主標題",
        "大標題", "文題",
    ),
    "text": (
        "text", "content", "contents", "body", "fulltext", "articletext", "articlebody",
        "articlecontent", "newstext", "newsbody", "newscontent", "bodytext", "maintext",
        "textcontent", "paragraphs", "正文", "内容", "全文", "文本", "正文内容", "文章内容",
        "稿件内容", "新闻内容", "报道内容", "文本内容", "文字内容", "详细内容", "全文内容",
        "文章正文", "稿件正文", "新闻正文", "报道正文", "文章全文", "新闻全文", "稿件全文",
        "正文文本", "内文", "原文", "內容", "正文內容", "文章內容", "稿件內容", "新聞內容",
        "報道內容", "報導內容", "文本內容", "文字內容", "詳細內容", "全文內容", "新聞正文",
        "報道正文", "報導正文", "新聞全文", "內文",
    ),
    "date": (
        "date", "published", "pubdate", "publishdate", "publisheddate", "publicationdate",
        "datepublished", "publishedat", "publishtime", "pubtime", "newsdate", "articledate",
        "issuedate", "日期", "发布日期", "发布时间", "发表日期", "发表时间", "出版日期",
        "出版时间", "刊发日期", "刊发时间", "刊登日期", "见报日期", "见报时间", "报纸日期",
        "新闻日期", "文章日期", "稿件日期", "发稿日期", "发稿时间", "发文日期", "发文时间", "时间",
        "發布日期", "發佈日期", "發布時間", "發佈時間", "發表日期", "發表時間", "出版時間",
        "刊發日期", "刊發時間", "見報日期", "見報時間", "報紙日期", "新聞日期", "發稿日期",
        "發稿時間", "發文日期", "發文時間", "時間",
    ),
    "section": (
        "section", "label", "labels", "category", "categories", "版面类别", "版类", "类别", "分类",
        "文章类别", "新闻类别", "稿件类别", "文章分类", "新闻分类", "稿件分类", "标签", "栏目",
        "版面類別", "版類", "類別", "分類", "文章類別", "新聞類別", "稿件類別", "文章分類",
        "新聞分類", "稿件分類", "標籤", "標簽", "欄目",
    ),
    "page": (
        "page", "pageno", "pagenum", "pagenumber", "pageid", "版次", "版面", "版", "版号",
        "版面号", "版序", "版位", "所在版面", "所在版", "版號", "版面號",
    ),
    "source": (
        "source", "newspaper", "paper", "papername", "publication", "media", "来源", "媒体",
        "报纸", "报纸名称", "报名", "媒体名称", "来源媒体", "文章来源", "新闻来源", "稿件来源",
        "來源", "媒體", "報紙", "報紙名稱", "報名", "媒體名稱", "來源媒體", "文章來源",
        "新聞來源", "稿件來源",
    ),
    "byline": ("byline", "author", "authors", "作者", "记者", "署名", "記者"),
    "intro_title": ("introtitle", "pretitle", "引题", "肩题", "眉题", "引題", "肩題", "眉題"),
    "subtitle": ("subtitle", "副题", "副标题", "副題", "副標題"),
}
# fmt: on
# Fields of this package's own corpora, which have no other names; a further column has its own.
_OTHER_FIELDS = FIELD_NAMES - {*USUAL_NAMES, "columns"}
_KNOWN_NAMES = frozenset(name for names in USUAL_NAMES.values() for name in names)
_REMARK = re.compile(r"[(（\[【][^()（）\[\]【】]{0,40}[)）\]】]")
_MAX_NAME_CHARACTERS = 60
_MAX_NAMES_SHOWN = 20


def plain_name(name: object) -> str:
    """Return a field's name in the form of the usual ones.

    Without case, spaces, marks and remarks in brackets: ``* Pub_Date（必填）：`` is ``pubdate``.
    """
    text = unicodedata.normalize("NFKC", str(name)[: 2 * _MAX_NAME_CHARACTERS]).casefold()
    without_remarks = _REMARK.sub("", text)
    letters = _letters(without_remarks)
    return letters or _letters(text)


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def is_known_name(name: object, fields: Fields) -> bool:
    """Return whether a cell holds the name of a field: the user's, or a usual one."""
    plain = plain_name(name)
    if plain in _KNOWN_NAMES:
        return True
    return bool(plain) and any(plain == plain_name(value) for _, value in named(fields))


def named(fields: Fields) -> Iterator[tuple[str, str]]:
    """Yield the fields that a user named otherwise than by default, each with its name."""
    for field, info in type(fields).model_fields.items():
        value = getattr(fields, field)
        if isinstance(value, str) and value and value != info.default:
            yield field, value


class Keys(NamedTuple):
    """What rows of one shape call their fields.

    ``of`` has the key of each field that the rows have, ``others`` the less likely ones, which are
    read where a row has nothing under it, ``sections`` the keys that may hold the section, the
    likeliest first, and ``unread`` the keys that nothing is read from.
    """

    of: Mapping[str, str]
    others: Mapping[str, Sequence[str]]
    sections: Sequence[str]
    unread: Sequence[str]


def keys_of(names: Iterable[str], fields: Fields) -> Keys:
    """Return what rows with fields of some *names* call what an article has."""
    return _keys_of(tuple(names), fields)


# Rows of one corpus are of few shapes; of JSON they may be of any number.
@lru_cache(maxsize=1024)
def _keys_of(names: tuple[str, ...], fields: Fields) -> Keys:
    by_plain_name: dict[str, str] = {}
    for name in names:
        by_plain_name.setdefault(plain_name(name), name)
    of: dict[str, str] = {}
    others: dict[str, Sequence[str]] = {}
    for field in USUAL_NAMES:
        keys = _candidates(field, fields, names, by_plain_name)
        if keys:
            of[field], *others[field] = keys
    sections = _candidates("section", fields, names, by_plain_name)
    read = {*of.values(), *sections, *_OTHER_FIELDS}
    unread = [name for name in names if name not in read]
    return Keys(of, others, sections, unread)


def _candidates(
    field: str, fields: Fields, names: Collection[str], by_plain_name: Mapping[str, str]
) -> list[str]:
    """Return the keys that may hold a field: the user's alone, or its own and the usual ones."""
    given = str(getattr(fields, field, field))
    if not given:
        return []
    if given in names:
        first = [given]
    elif plain_name(given) in by_plain_name:
        first = [by_plain_name[plain_name(given)]]
    else:
        first = []
    if given != field:
        return first
    usual = [by_plain_name[name] for name in USUAL_NAMES[field] if name in by_plain_name]
    return list(dict.fromkeys(first + usual))


def missing_field(field: str, name: str, names: Sequence[str]) -> str:
    """Return the message for a field that the user named and no row has."""
    shown = ", ".join(names[:_MAX_NAMES_SHOWN]) or "nothing"
    close = get_close_matches(name, names, n=1)
    guess = f" (did you mean {close[0]!r}?)" if close else ""
    return (
        f"no row has the field {name!r} that {field} is named as; the rows have {shown}{guess}; "
        f"correct the name (--field {field}=KEY; in an experiment, corpus.fields)"
    )
