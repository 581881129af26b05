"""What papers' dumps look like: some sixty named styles to measure on, others drawn at random."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

from experiments.layouts.templates import LEADS

Order = Literal["before", "after"]
TWO_SPACES = "\u3000\u3000"
_PARAGRAPH_PER_LINE_WIDTH = 600


@dataclass
class Style:
    """What a paper's dumps look like.

    Shares are probabilities, per article unless a comment names the page or the line; widths are
    in full-width characters.
    """

    name: str
    headline: Order = "before"
    # Blank lines: "paragraphs" (also where a column ends), "items", "none", "lines" (after each).
    gaps: Literal["paragraphs", "items", "none", "lines"] = "paragraphs"
    head_gap: bool = True  # A blank line between headline and body, where there are any.
    indent: str = ""
    folio: float = 0.0  # Per page.
    decks: float = 0.0
    deck_place: Literal["above", "below", "either"] = "either"
    heads: int = 2  # At most so many lines of one headline.
    subheads: float = 0.0
    briefs: float = 0.0  # Items that are briefs without headlines.
    columns: float = 0.0  # Briefs under a column name, per page.
    continuations: float = 0.1
    jumps_out: float = 0.05
    captions: float = 0.1
    notices: float = 0.0
    notes: float = 0.0
    leads: float = 0.85  # Articles that open with a news lead or a byline.
    lead: str = ""  # One of LEADS; "": any.
    tails: float = 0.05
    listed: float = 0.03  # Articles that list points, each a paragraph with a mark.
    width: tuple[int, int] = (13, 22)
    # A paragraph's first line is narrower by its indent, also where the dump dropped it.
    shortened: bool = True
    kinsoku: bool = True  # No line begins with a comma; else lines are cut by count alone.
    centred: bool = False  # Spaces before headlines.
    # Blank lines that the dump lost, lines that one too many stands after; at 0 nothing is drawn.
    lost: float = 0.0
    stray: float = 0.0


def _lead_styles() -> list[Style]:
    """Return one style per lead, headline orders and blank lines in turn."""
    styles = []
    for n, name in enumerate(LEADS):
        has_indents = bool(n // 2 % 2)
        order: Order = "after" if n % 2 else "before"
        style = Style(f"lead {name}", order, "paragraphs", lead=name)
        if has_indents:
            style.gaps, style.indent = "none", TWO_SPACES
        styles.append(style)
    return styles


def _everything(name: str, order: Order) -> Style:
    return Style(
        name,
        order,
        folio=1,
        decks=0.3,
        heads=3,
        subheads=0.3,
        briefs=0.15,
        columns=0.3,
        captions=0.15,
        notices=0.1,
        notes=0.1,
        leads=0.6,
        tails=0.2,
    )


STYLES = [
    Style("body first", "after"),
    Style("body first, indents", "after", "none", indent=TWO_SPACES),
    Style("body first, items apart", "after", "items", indent=TWO_SPACES),
    Style("headline first"),
    Style("headline first, indents", gaps="none", indent=TWO_SPACES, folio=1),
    Style("indents and blanks", indent=TWO_SPACES, folio=1),
    Style("items apart", gaps="items"),
    Style("items apart, indents", gaps="items", indent="    ", head_gap=False),
    Style("neither", gaps="none"),
    Style("neither, body first", "after", "none"),
    Style("every line apart", gaps="lines", indent=TWO_SPACES),
    Style("narrow columns", "after", width=(10, 13)),
    Style("narrow, indents", gaps="none", indent=TWO_SPACES, width=(10, 13)),
    Style("wide columns", width=(22, 26)),
    Style("wide, body first", "after", width=(22, 26)),
    Style("several headlines", heads=4),
    Style("several, body first", "after", heads=4),
    Style("decks above", decks=0.6, deck_place="above"),
    Style("decks below", decks=0.6, deck_place="below"),
    Style("decks, body first", "after", decks=0.6),
    Style("sub-headings", subheads=0.5),
    Style("sub-headings, after", "after", subheads=0.5),
    Style("sub-headings, indents", gaps="none", indent=TWO_SPACES, subheads=0.5),
    Style("briefs, column name", briefs=0.1, columns=1, gaps="none", indent=TWO_SPACES, folio=1),
    Style("briefs, body first", "after", briefs=0.3, columns=0.5),
    Style("captions", captions=0.4),
    Style("notices", notices=0.3, notes=0.2),
    Style("notices, body first", "after", notices=0.3, notes=0.2),
    Style("jumps", continuations=0.3, jumps_out=0.3),
    Style("jumps, body first", "after", continuations=0.3, jumps_out=0.3),
    Style("no leads", leads=0.1),
    Style("no leads, body first", "after", leads=0.1),
    Style("no leads, sub-headings", leads=0.1, subheads=0.4),
    Style("bylines after", leads=0.2, tails=0.8, gaps="none", indent=TWO_SPACES),
    *_lead_styles(),
    Style("first lines full", shortened=False),
    Style("first lines full, after", "after", "none", shortened=False),
    Style("cut by count", kinsoku=False),
    Style("centred", "before", "none", indent=TWO_SPACES, centred=True),
    _everything("everything", "before"),
    _everything("everything, after", "after"),
]


def any_style(rng: random.Random) -> Style:
    """Draw a style: some paper's, that no style above names.

    A value is as probable as its share of the tuple that it is drawn from.
    """
    low = rng.choice((10, 12, 13, 14, 16, 18, 22))
    if rng.random() < 0.05:
        low = _PARAGRAPH_PER_LINE_WIDTH
    indent = rng.choice((*[TWO_SPACES] * 3, "    ", "", "", ""))
    return Style(
        "any",
        rng.choice(("before", "after")),
        rng.choice((*["paragraphs"] * 3, "items", "items", "none", "none", "lines")),
        rng.random() < 0.7,
        indent,
        folio=rng.random(),
        decks=rng.choice((0, 0, 0.3, 0.6)),
        deck_place=rng.choice(("above", "below", "either")),
        heads=rng.choice((2, 2, 3, 4)),
        subheads=rng.choice((0, 0.3, 0.6)),
        briefs=rng.choice((0, 0, 0, 0, 0.2)),
        columns=rng.choice((0, 0, 0, 1)),
        continuations=rng.choice((0, 0.1, 0.3)),
        jumps_out=rng.choice((0, 0.1, 0.3)),
        captions=rng.choice((0, 0.1, 0.3)),
        notices=rng.choice((0, 0, 0.15)),
        notes=rng.choice((0, 0, 0.15)),
        leads=rng.choice((0.1, 0.1, 0.5, 0.85, 0.85, 1)),
        lead=rng.choice(("", "", rng.choice(list(LEADS)))),
        tails=rng.choice((0, 0.1, 0.6)),
        listed=rng.choice((0, 0.05, 0.2)),
        width=(low, low + rng.randint(0, 8)),
        shortened=bool(indent) or rng.random() < 0.7,
        kinsoku=rng.random() < 0.8,
        centred=rng.random() < 0.1,
        lost=rng.choice((*[0] * 5, 0.1, 0.3)),
        stray=rng.choice((*[0] * 6, 0.03, 0.08)),
    )
