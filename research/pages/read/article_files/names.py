"""Which lines of a text file can be the names of its authors."""

from __future__ import annotations

from research.pages.marks.bylines import is_byline
from research.pages.marks.names import are_names

_MAX_CHARACTERS = 30


def is_names(line: str) -> bool:
    """Return whether a line can be the authors' names and nothing else."""
    text = line.strip()
    if not text or len(text) > _MAX_CHARACTERS:
        return False
    return is_byline(text) or are_names(text)
