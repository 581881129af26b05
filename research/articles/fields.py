"""The names that a corpus gives to what an article has."""

from __future__ import annotations

from research.toml import Table


class Fields(Table):
    """Names that a corpus gives its fields, where they are not the usual ones (title, 标题, 正文, 日期 …); "" says that it has none."""

    id: str = "id"
    headline: str = "headline"
    text: str = "text"
    date: str = "date"
    section: str = "section"
    page: str = "page"
    source: str = "source"
