"""A split page as one HTML file that opens offline: its lines coloured by article, with what was found and why."""

from __future__ import annotations

from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from research.articles.article import Box
from research.pages.split.page import Layout
from research.pages.split.reasons import sentences

# A golden angle's turn gives neighbours hues far apart, however many there are.
_TURN = 137.508


@dataclass(frozen=True, slots=True)
class _Drawn:
    number: int
    text: str
    article: int | None
    reason: str
    box: Box | None
    size: float


def draw(layouts: list[Layout]) -> str:
    """Return pages as one HTML document: no script, nothing fetched; text of a page can never become markup."""
    environment = Environment(
        loader=PackageLoader("research.pages", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages = [
        {
            "layout": layout,
            "lines": _lines(layout),
            "extent": _extent(layout),
            "kinds": _tally(layout),
        }
        for layout in layouts
    ]
    return environment.get_template("drawing.html.j2").render(
        pages=pages,
        hue=lambda n: round(n * _TURN % 360),
        percent=_percent,
        sentences=sentences,
    )


def _percent(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.0f} %"


def _lines(layout: Layout) -> list[_Drawn]:
    owner = {
        n: k
        for k, article in enumerate(layout.articles)
        for first, last in article.lines
        for n in range(first, last + 1)
    }
    reasons = {entry.line: entry.reason for entry in layout.aside}
    page = layout.page
    return [
        _Drawn(
            n,
            text,
            owner.get(n),
            reasons.get(n, ""),
            page.boxes[n - 1] if page.boxes else None,
            page.sizes[n - 1] if page.sizes else 0.0,
        )
        for n, text in enumerate(page.lines, 1)
    ]


def _extent(layout: Layout) -> tuple[float, float] | None:
    """Return how far right and down the page's boxes reach, with a margin."""
    boxes = [box for box in layout.page.boxes if box]
    return (max(box[2] for box in boxes) + 20, max(box[3] for box in boxes) + 20) if boxes else None


def _tally(layout: Layout) -> list[tuple[str, int]]:
    kinds = [article.kind for article in layout.articles]
    return [(kind, kinds.count(kind)) for kind in dict.fromkeys(kinds)]
