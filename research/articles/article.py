"""Article: one item of a newspaper, and its JSON form. Reads no file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

ArticleKind = Literal["article", "continuation", "brief", "caption", "notice"]
KINDS: tuple[ArticleKind, ...] = get_args(ArticleKind)
SECTIONS = ("政务", "环保", "招商", "民生", "其他")

Box = tuple[float, float, float, float]
"""``(left, top, right, bottom)`` from the page's upper left corner, in the page's own units."""


@dataclass(frozen=True, slots=True)
class Article:
    """One item of a page.

    Parameters
    ----------
    kind : article, continuation (of a jump), brief, caption or notice.
    headline, byline : "" where there is none.
    date : ISO, which may end with the month or the year (``2023-12``, ``2023``).
    paragraphs : the body, without byline and jump marker.
    lines : ranges of the page's lines, 1-based and inclusive: ``(first, last)``.
    jump_from, jump_to : page numbers of 上接 and 下转.
    section : the label.
    id : unique in a corpus.
    intro_title, subtitle : 引题 and 副题, where the source keeps them apart from the headline.
    pages : the number of the page that each range of lines is on.
    boxes : the place of each range of lines on its page.
    confidence : the probability that the article begins and ends where it was cut.
    reasons : what spoke for the beginning of the article there.
    source : the paper, where a corpus holds several.
    columns : names and values of further columns of the corpus, where an experiment names them.
    page_names : the printed name of each page in ``pages`` where that is more than its number, as
        ``A01``; of a PDF with page numbers of its own, the newspaper's page (``01版``); () where
        numbers say it all.
    jump_from_name, jump_to_name : the printed name of the page that a mark means, where it has one.

    >>> Article(headline="秋粮入库", paragraphs=("今年", "丰收")).text
    '今年\\n丰收'
    """

    kind: ArticleKind = "article"
    headline: str = ""
    byline: str = ""
    date: str | None = None
    paragraphs: tuple[str, ...] = ()
    lines: tuple[tuple[int, int], ...] = ()
    jump_from: int | None = None
    jump_to: int | None = None
    section: str | None = None
    id: str = ""
    intro_title: str = ""
    subtitle: str = ""
    pages: tuple[int, ...] = ()
    boxes: tuple[Box, ...] = ()
    confidence: float | None = None
    reasons: tuple[str, ...] = ()
    source: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    page_names: tuple[str, ...] = ()
    jump_from_name: str = ""
    jump_to_name: str = ""

    @property
    def text(self) -> str:
        """The paragraphs joined by line feeds, without byline and jump marker."""
        return "\n".join(self.paragraphs)

    def to_json(self) -> dict[str, Any]:
        """Return the fields as JSON types; fields that not every source has only where set."""
        row: dict[str, Any] = {"id": self.id} if self.id else {}
        row |= {
            "kind": self.kind,
            "headline": self.headline,
            "byline": self.byline,
            "date": self.date,
            "paragraphs": list(self.paragraphs),
            "text": self.text,
            "lines": [list(span) for span in self.lines],
            "jump_from": self.jump_from,
            "jump_to": self.jump_to,
            "section": self.section,
        }
        optional: dict[str, Any] = {
            "intro_title": self.intro_title,
            "subtitle": self.subtitle,
            "pages": list(self.pages),
            "boxes": [list(box) for box in self.boxes],
            "confidence": self.confidence,
            "reasons": list(self.reasons),
            "source": self.source,
            "page_names": list(self.page_names),
            "jump_from_name": self.jump_from_name,
            "jump_to_name": self.jump_to_name,
        }
        row |= {name: value for name, value in optional.items() if value not in ("", [], None)}
        return row | {name: value for name, value in self.columns if name not in row}


FIELD_NAMES = frozenset(field.name for field in fields(Article))
Text = str | Article  # A plain text is a body without headline.
ArticlePart = Literal["headline", "lead", "body", "all"]


def parts_of(article: Text) -> dict[ArticlePart, str]:
    """Return the parts that a config may name: headline, lead (first paragraph), body, all."""
    if isinstance(article, Article):
        headline, body = article.headline, article.text
    else:
        headline, body = "", article
    return {
        "headline": headline,
        "lead": body.partition("\n")[0],
        "body": body,
        "all": f"{headline}\n{body}",
    }


def around(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around some boxes."""
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)
