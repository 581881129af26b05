"""Article: one item of a newspaper, and its JSON form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args

Kind = Literal["article", "continuation", "brief", "caption", "notice"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Box = tuple[float, float, float, float]
SECTIONS = ("政务", "环保", "招商", "民生", "其他")


@dataclass(frozen=True, slots=True)
class Article:
    """One item of a page.

    ``lines`` are 1-based inclusive ``(first, last)`` ranges of the page's lines; ``date`` is ISO and may
    be cut to ``2023-12`` or ``2023``; ``jump_from`` and ``jump_to`` are page numbers. Where the source tells:
    ``intro_title`` (引题) and ``subtitle`` (副题) apart from the headline; ``pages``, the number of the page that each
    range of lines stands on; ``boxes``, where on it, ``(left, top, right, bottom)`` from the page's upper left corner
    in the page's own units. ``confidence`` is the probability that the article begins and ends where it was cut,
    ``reasons`` what spoke for its beginning there. ``source`` is the paper, where a corpus holds several.

    >>> Article(headline="秋粮入库", paragraphs=("今年", "丰收")).text
    '今年\\n丰收'
    """

    kind: Kind = "article"
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

    @property
    def text(self) -> str:
        """The paragraphs joined by line feeds, without byline and jump marker."""
        return "\n".join(self.paragraphs)

    def to_json(self) -> dict[str, Any]:
        """Return the fields as JSON types; what the source does not tell only where the article has it."""
        row: dict[str, Any] = {"id": self.id} if self.id else {}
        told: dict[str, Any] = {
            "intro_title": self.intro_title,
            "subtitle": self.subtitle,
            "pages": list(self.pages),
            "boxes": [list(box) for box in self.boxes],
            "confidence": self.confidence,
            "reasons": list(self.reasons),
            "source": self.source,
        }
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
        return row | {name: value for name, value in told.items() if value not in ("", [], None)}


Text = str | Article  # A plain text is a body without headline.
Part = Literal["headline", "lead", "body", "all"]


def parts_of(article: Text) -> dict[Part, str]:
    """Return the parts of an article that a config may name: headline, lead (the first paragraph), body, and all of it."""
    headline, body = (
        (article.headline, article.text) if isinstance(article, Article) else ("", article)
    )
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
