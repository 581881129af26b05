"""What reading the corpora of an experiment left out → figures and the rows of a run's table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from research.articles.article import Article
from research.articles.problems import Problems
from research.runs.rows import BadRow


def reading_figures(problems: Problems, articles: Sequence[Article], base: Path) -> dict[str, Any]:
    """Return how many articles have no text, and what was left out of the corpora.

    Parameters
    ----------
    problems
        What was noted while the corpora were read.
    articles
        The articles that the run is of.
    base
        The folder that corpora are named from.
    """
    figures: dict[str, Any] = {}
    without_text = sum(not article.paragraphs for article in articles)
    if without_text:
        figures["articles_without_text"] = without_text
    if problems.rows:
        figures["bad_rows"] = dict(Counter(row.kind for row in problems.rows))
    remarks = [remark for remark in problems.remarks if remark.kind != "without_text"]
    if remarks:
        figures["remarks"] = [
            {
                "kind": remark.kind,
                "corpus": _name(remark.source, base),
                "rows": remark.number,
                "places": remark.places,
            }
            for remark in remarks
        ]
    return figures


def bad_rows(problems: Problems, base: Path) -> tuple[BadRow, ...]:
    """Return the rows that were left out, in the order in which they were read."""
    rows = []
    for problem in problems.rows:
        corpus = _name(problem.source, base)
        rows.append(BadRow(corpus, problem.place, problem.kind, problem.message))
    return tuple(rows)


def _name(source: str, base: Path) -> str:
    """Return a corpus's path as the experiment names it."""
    return source.removeprefix(f"{base}/")
