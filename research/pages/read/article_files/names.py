"""Which lines of a text file can be the names of its authors."""

from __future__ import annotations

import re

from research.pages.marks.bylines import is_byline

_MAX_NAMES_CHARACTERS = 30
_NAMES = re.compile(r"[\u4e00-\u9fff·]{2,4}(?:[\s、，,]+[\u4e00-\u9fff·]{1,4}){0,5}")


def is_names(line: str) -> bool:
    """Return whether a line can be the authors' names and nothing else."""
    text = line.strip()
    if not text or len(text) > _MAX_NAMES_CHARACTERS:
        return False
    return is_byline(text) or bool(_NAMES.fullmatch(text))
