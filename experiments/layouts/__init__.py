"""Sets real articles as pages, as papers' dumps give them, with gold for every line.

``words`` and ``templates`` hold what pages are filled with, ``styles`` what papers' dumps look
like, ``typeset`` breaks lines, ``page`` sets a page, ``sources`` reads the articles. Knows what
print does (columns, indents, punctuation marks that may not begin a line, blank lines where a
column ends, decks, bylines, jumps, folio lines) and nothing of how pages are split.

A seed means the same pages for ever: a draw that is added, left out or moved changes all of them.

``experiments`` is found from the project's folder, or anywhere in its editable install.
"""

from __future__ import annotations

from experiments.layouts.page import Item, set_page
from experiments.layouts.sources import DATA_FILES, sources
from experiments.layouts.styles import STYLES, Style, any_style
from experiments.layouts.templates import person
from experiments.layouts.typeset import bare, width, wrap

__all__ = [
    "DATA_FILES",
    "STYLES",
    "Item",
    "Style",
    "any_style",
    "bare",
    "person",
    "set_page",
    "sources",
    "width",
    "wrap",
]
