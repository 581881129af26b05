"""Articles whose parts are labelled: lines 标题：…, 日期：…, 来源：…, 正文：…, one or many a file.

Also as literature databases export them (``Title-题名: …``). A label that comes again begins the
next article; lines without a label go on with the part above them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from research.pages.read.article_files.form import Entry, FileForm, Reading, TextFile
from research.pages.read.epaper.form import ArticleFile

_LABELS = {
    "headline": """
        标题 標題 题名 題名 篇名 题目 題目 文章标题 文章標題 主标题 新闻标题 正标题 主题 Title
    """,
    "intro_title": "引题 引題 肩题 肩題 眉题",
    "subtitle": "副题 副題 副标题 副標題",
    "author": "作者 记者 記者 责任者 Author",
    "date": """
        日期 时间 時間 发布时间 發佈時間 發布時間 发布日期 发表时间 发表日期 出版日期 见报日期
        Date PubTime
    """,
    "source": "来源 來源 报纸 報紙 报纸名称 文献来源 媒体 媒體 出处 出處 报名 Source",
    "page": "版次 版面 版号 版號 版序 页码 Page",
    "name": "版名 栏目 欄目 专栏 專欄",
    "text": """
        正文 内容 內容 全文 文章内容 文章內容 新闻内容 正文内容 稿件内容 摘要
        Content Text Summary Body
    """,
    "other": """
        关键词 關鍵詞 关键字 网址 链接 URL Link 字数 编辑 責編 责编 编号 来源库 机构 单位
        Keyword SrcDatabase Organ
    """,
}
_PART_OF_LABEL = {
    label.lower(): part for part, labels in _LABELS.items() for label in labels.split()
}
_ALL_LABELS = "|".join(sorted(map(re.escape, _PART_OF_LABEL), key=len, reverse=True))
_LABEL = re.compile(
    rf"""
    ^\s* (?:[A-Za-z]{{2,20}}-)?
    (?: [【\[［<《] \s* ({_ALL_LABELS}) \s* [】\]］>》] \s* [:：]?
      | ({_ALL_LABELS}) \s* [:：]
    ) \s* (.*)$
    """,
    re.VERBOSE | re.IGNORECASE,
)
_RULE = re.compile(r"^\s*[-=_—─*#]{4,}\s*$")
_TOP_LINES = 40
_PAGE_NUMBER = re.compile(r"([A-Za-z]{0,2}\d{1,3})")


def _part_of(line: str) -> tuple[str, str]:
    """Return the part that a line's label names, and the rest; "" where it has no label."""
    match = _LABEL.match(line)
    if match is None:
        return "", line.strip()
    label = (match[1] or match[2]).lower()
    return _PART_OF_LABEL[label], match[3].strip()


def _recognises(file: TextFile) -> bool:
    parts = {_part_of(line)[0] for line in file.lines[:_TOP_LINES]}
    return "headline" in parts and "text" in parts


class _Record:
    """One article's parts as they are met, with its first and last line."""

    def __init__(self, first: int) -> None:
        self.first = self.last = first
        self.parts: dict[str, list[str]] = {}

    def add(self, part: str, text: str, number: int) -> None:
        self.last = number
        texts = self.parts.setdefault(part, [])
        if text:
            texts.append(text)

    def line(self, part: str) -> str:
        return " ".join(self.parts.get(part, ()))

    def entry(self) -> Entry:
        page = _PAGE_NUMBER.search(self.line("page"))
        date = self.line("date")
        fields = ArticleFile(
            paragraphs=tuple(self.parts.get("text", ())),
            headline=self.line("headline"),
            intro_title=self.line("intro_title"),
            subtitle=self.line("subtitle"),
            author=self.line("author").rstrip(";； "),
            dates=(date,) if date else (),
            page_label=page[1].upper() if page else "",
            page_name=self.line("name"),
        )
        return Entry(fields, (self.first, self.last), self.line("source"))


def _read(file: TextFile) -> Reading:
    reading = Reading()
    records: list[_Record] = []
    part = ""
    first_part = _first_part(file.lines)
    for number, line in enumerate(file.lines, 1):
        if not line.strip():
            continue
        if _RULE.match(line):
            reading.aside["rule"] += 1
            part = ""
            continue
        label, text = _part_of(line)
        if label and _begins(label, first_part, records):
            records.append(_Record(number))
        part = label or part
        if not records or not part:
            reading.aside["without a label"] += 1
            continue
        if part == "other":
            reading.aside["other labels"] += 1
            continue
        records[-1].add(part, text, number)
    reading.entries = [record.entry() for record in records]
    return reading


def _first_part(lines: Sequence[str]) -> str:
    parts = (_part_of(line)[0] for line in lines)
    return next((part for part in parts if part not in ("", "other")), "")


def _begins(label: str, first_part: str, records: Sequence[_Record]) -> bool:
    """Return whether a label begins an article: the one that each begins with comes again."""
    if label == "other":
        return False
    return not records or (label == first_part and label in records[-1].parts)


LABELLED = FileForm("articles with labelled parts", _recognises, _read)
