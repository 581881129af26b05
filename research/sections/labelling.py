"""The table of articles that a person labels: what goes into it, and how it is written.

Articles to label are chosen in ``sections.study``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from research.articles.article import Article
from research.articles.corpus import OnBadRow, iter_corpus
from research.articles.fields import Fields
from research.articles.problems import Problems
from research.errors import InputError
from research.files import as_csv, replacing
from research.sections.study import Suggestion

_COLUMNS = ("id", "date", "section", "likely", "or", "headline", "text")


def read_unlabelled(
    corpus: Path,
    fields: Fields,
    on_bad_row: OnBadRow = "refuse",
    problems: Problems | None = None,
    sheet: str | None = None,
) -> list[Article]:
    """Return the articles of a corpus that have no section; raise InputError where all have one."""
    rows = iter_corpus(
        corpus, fields, sections=None, on_bad_row=on_bad_row, problems=problems, sheet=sheet
    )
    articles = [article for article in rows if not article.section]
    if not articles:
        raise InputError(
            f"{corpus}: every article in it has a section already; "
            "give one with articles that have none"
        )
    return articles


def refuse_labelled(table: Path) -> None:
    """Raise InputError where a table exists in which a person has labelled articles."""
    if not table.is_file():
        return
    if any(article.section for article in iter_corpus(table, sections=None)):
        raise InputError(f"{table}: holds labels already, which would be lost; name another file")


def write_suggestions(
    table: Path, articles: Sequence[Article], suggestions: Sequence[Suggestion]
) -> None:
    """Write a CSV table of the suggested articles, its column ``section`` empty to fill in.

    Parameters
    ----------
    table
        The file to write, whole or not at all.
    articles
        All articles that were read.
    suggestions
        Which of them to label, with the two likeliest sections.
    """
    rows: list[Sequence[object]] = [_COLUMNS]
    for suggestion in suggestions:
        article = articles[suggestion.position]
        labels = ("", suggestion.section, suggestion.rival)
        rows.append((article.id, article.date or "", *labels, article.headline, article.text))
    with replacing(table) as beside:
        beside.write_text(as_csv(rows), "utf-8")
