"""An issue's articles → the rows of a corpus, with ids and the files that each was read from."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from research.articles.article import Article


def rows_of(articles: Sequence[Article], sources: Sequence[list[str]], issue: str) -> list[str]:
    """Return an issue's articles as lines of JSON, numbered on the page on which each begins.

    *sources* has the files of each article.
    """
    rows = []
    names = _names_of_pages(articles)
    counts = Counter[str]()
    for article, files in zip(articles, sources, strict=True):
        page = names[_first_page(article)]
        counts[page] += 1
        row = {"id": ""} | article.to_json()  # The id comes first.
        row["id"] = f"{issue}/{page}-{counts[page]:02d}"
        row["sources"] = files
        rows.append(json.dumps(row, ensure_ascii=False))
    return rows


def _first_page(article: Article) -> tuple[int, str]:
    number = article.pages[0] if article.pages else 0
    name = article.page_names[0] if article.page_names else ""
    return number, name


def _names_of_pages(articles: Sequence[Article]) -> dict[tuple[int, str], str]:
    """Return what an id calls each page: its number, where several have one (A01, B01) its name."""
    pages = {_first_page(article) for article in articles}
    n_of_number = Counter(number for number, _ in pages)
    names = {}
    for number, name in pages:
        is_shared = n_of_number[number] > 1
        names[number, name] = name if name and is_shared else f"{number:02d}"
    return names
