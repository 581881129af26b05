"""Rows as annotation tools export them → rows with a section. (None is read yet.)"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from research.articles.table_rows import Reading, Row


def annotated_rows(place: str, row: dict[str, Any], reading: Reading) -> Iterator[Row]:  # noqa: ARG001
    """Yield a row as it is."""
    yield place, row
