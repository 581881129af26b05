"""The names that a corpus gives to what an article has."""

from __future__ import annotations

from research.toml import Table


class Fields(Table):
    """Names of a corpus's fields, where they are not the usual ones (title, 标题, 正文, 日期 …).

    An empty name says that the corpus has no such field.
    """

    id: str = "id"
    headline: str = "headline"
    text: str = "text"
    date: str = "date"
    section: str = "section"
    page: str = "page"
    source: str = "source"
