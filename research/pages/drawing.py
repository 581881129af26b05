"""A split page as one HTML file that opens offline: its lines coloured by article, with reasons.

Only draws; ``split`` decides.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from research.articles.article import Box
from research.pages.split.page import Layout
from research.pages.split.reasons import Language, sentences

# A golden angle's turn gives neighbours hues that are far apart, however many there are.
_HUE_TURN_DEGREES = 137.508
_LANGUAGES: tuple[Language, ...] = ("zh", "en")
_MARGIN = 20  # of a drawn page, in the units of its boxes


class _Extent(NamedTuple):
    """How far right and down a drawing reaches."""

    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class _DrawnLine:
    """A line of a page.

    ``article`` is the position of its article, None for a line set aside for a ``reason``; ``box``
    and print ``size`` come from a PDF.
    """

    number: int
    text: str
    article: int | None
    reason: str
    box: Box | None
    size: float


@dataclass(frozen=True, slots=True)
class _DrawnPage:
    """What the template draws: a layout, its lines, and the number of articles of each kind."""

    layout: Layout
    lines: list[_DrawnLine]
    extent: _Extent | None
    kinds: list[tuple[str, int]]


def draw(layouts: list[Layout], language: Language = "zh") -> str:
    """Return pages as one HTML document that opens in *language*; a switch shows the other.

    It has no script and fetches nothing; text of a page can never become markup. The texts stand
    in ``drawing.zh.toml`` and ``drawing.en.toml``.
    """
    environment = Environment(
        loader=PackageLoader("research.pages", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("drawing.html.j2")
    return template.render(
        pages=[_drawn(layout) for layout in layouts],
        hue=_hue,
        percent=_percent,
        reasons=_reasons,
        t=_text,
        named=_named,
        language=language,
    )


@cache
def _catalogue(language: Language) -> dict[str, str]:
    file = resources.files("research.pages") / f"drawing.{language}.toml"
    texts: dict[str, str] = tomllib.loads(file.read_text("utf-8"))
    return texts


def _text(key: str, **values: object) -> Markup:
    """Return a text in each language; the style of the page shows one."""
    return _spans(lambda language: _catalogue(language)[key].format(**values))


def _named(group: str, name: str) -> Markup:
    """Return the name of a kind or of a reason in each language; an unknown one as it is."""
    key = f"{group}_{name.replace(' ', '_')}"
    return _spans(lambda language: _catalogue(language).get(key, name))


def _reasons(identifiers: tuple[str, ...]) -> list[Markup]:
    """Return the sentences of reasons in each language."""
    listed = [sentences(identifiers, language) for language in _LANGUAGES]
    span = Markup('<span lang="zh">{}</span><span lang="en">{}</span>')
    return [span.format(*pair) for pair in zip(*listed, strict=True)]


def _spans(word: Callable[[Language], str]) -> Markup:
    span = Markup('<span lang="{}">{}</span>')
    return Markup("").join(span.format(language, word(language)) for language in _LANGUAGES)


def _drawn(layout: Layout) -> _DrawnPage:
    return _DrawnPage(layout, _lines(layout), _extent(layout), _kinds(layout))


def _hue(article: int) -> int:
    return round(article * _HUE_TURN_DEGREES % 360)


def _percent(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.0f}%"


def _lines(layout: Layout) -> list[_DrawnLine]:
    page = layout.page
    articles = _articles_of_lines(layout)
    reasons = {entry.line: entry.reason for entry in layout.aside}
    # The pages of a document, joined, would be drawn over one another: their lines follow.
    has_places = bool(page.boxes) and not page.starts
    boxes = page.boxes if has_places else (None,) * len(page.lines)
    sizes = page.sizes or (0.0,) * len(page.lines)
    rows = zip(page.lines, boxes, sizes, strict=True)
    return [
        _DrawnLine(number, text, articles.get(number), reasons.get(number, ""), box, size)
        for number, (text, box, size) in enumerate(rows, 1)
    ]


def _articles_of_lines(layout: Layout) -> dict[int, int]:
    """Return the position of the article of each line, by the line's number."""
    articles = {}
    for position, article in enumerate(layout.articles):
        for first, last in article.lines:
            articles.update(dict.fromkeys(range(first, last + 1), position))
    return articles


def _extent(layout: Layout) -> _Extent | None:
    """Return how far the page's boxes reach, with a margin; None where it has no boxes."""
    boxes = [box for box in layout.page.boxes if box]
    if not boxes or layout.page.starts:
        return None
    right = max(box[2] for box in boxes)
    bottom = max(box[3] for box in boxes)
    return _Extent(right + _MARGIN, bottom + _MARGIN)


def _kinds(layout: Layout) -> list[tuple[str, int]]:
    kinds = [article.kind for article in layout.articles]
    return [(kind, kinds.count(kind)) for kind in dict.fromkeys(kinds)]
