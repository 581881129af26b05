"""Tables of a run as columns, by name: what ``run.to_frame(name)`` gives.

A table that is a tuple of rows has one column per field; the others are laid out here.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from research.config import EventConfig
from research.errors import InputError
from research.runs.documents import document_columns
from research.runs.rows import (
    BadRow,
    DocumentTopics,
    NearDuplicate,
    Prediction,
    SuspectLabel,
    UndatedArticle,
)
from research.runs.shares import shares_columns
from research.runs.table import (
    MAX_ROWS_SHOWN,
    Columns,
    Table,
    columns_of,
    columns_to_html,
    fields_of,
)
from research.sections.rules import RuleFigures
from research.themes.breakdown import BreakdownRow
from research.themes.comparison import Division
from research.themes.description import Topic
from research.themes.effects import Effect
from research.themes.groups import GroupShare
from research.themes.hierarchy import TreeNode
from research.themes.lineage import LineageStep
from research.themes.movement import Movement
from research.themes.stories import Story
from research.themes.wording import WordOfPeriod

if TYPE_CHECKING:
    from research.runs.loaded import ThemesRun
    from research.runs.run import Run


_TABLES: dict[str, dict[str, type[object]]] = {
    "sections": {
        "predictions": Prediction,
        "suspects": SuspectLabel,
        "rules": RuleFigures,
        "bad_rows": BadRow,
    },
    "themes": {
        "topics": Topic,
        "movements": Movement,
        "events": EventConfig,
        "words": WordOfPeriod,
        "stories": Story,
        "lineage": LineageStep,
        "breakdown": BreakdownRow,
        "effects": Effect,
        "groups": GroupShare,
        "divisions": Division,
        "hierarchy": TreeNode,
        "documents": DocumentTopics,
        "undated": UndatedArticle,
        "near_duplicates": NearDuplicate,
        "bad_rows": BadRow,
    },
}


_COLUMNS_OF_POINTS = ("topic", "period", "date", "page", "headline", "lead")


def run_columns(run: Run, name: str) -> Columns:
    """Return one table of a run as columns; raise InputError for a name that is none."""
    laid_out = _LAID_OUT.get(name)
    if laid_out is not None and run.task == "themes":
        return laid_out(run)
    rows: tuple[object, ...] = ()
    row_types = _TABLES[run.task]
    if name in row_types:
        no_rows: tuple[object, ...] = Table((), fields_of(row_types[name]))
        rows = _rows(run, name) or no_rows
    elif name == "figures":
        rows = (getattr(run, name),)
    else:
        names = ", ".join(table_names(run))
        raise InputError(f"{run.name} has no table {name!r}; it has {names}")
    return columns_of(rows)


def _rows(run: Run, name: str) -> tuple[object, ...]:
    """Return the rows of a table that has one column per field."""
    rows_of = _ROWS_OF.get(name)
    rows: tuple[object, ...] = getattr(run, name) if rows_of is None else rows_of(run)
    return rows


def table_names(run: Run) -> list[str]:
    """Return the names of a run's tables."""
    names = [*_TABLES[run.task], "figures"]
    if run.task == "themes":
        names += _LAID_OUT
    return names


def _bands(run: ThemesRun) -> Columns:
    """Return one row per period with documents and topic: share with its band."""
    shares = run.shares
    n_topics = shares.shares.shape[1]
    periods = np.flatnonzero(shares.counts)
    rows = np.repeat(periods, n_topics)
    topics = np.tile(np.arange(n_topics), len(periods))
    return {
        "period": [shares.periods[i] for i in rows],
        "documents": shares.counts[rows],
        "topic": topics,
        "name": [run.topics[k].name for k in topics],
        "share": shares.shares[rows, topics],
        "low": shares.low[rows, topics],
        "high": shares.high[rows, topics],
    }


def _mentions(run: ThemesRun) -> Columns:
    """Return one row per period and word that occurs in it: how many articles hold it."""
    if run.mention_counts is None:
        return {"period": [], "word": [], "documents": []}
    counts = run.mention_counts.tocoo()
    order = np.lexsort((counts.col, counts.row))
    rows = counts.row[order]
    columns = counts.col[order]
    return {
        "period": [run.shares.periods[row] for row in rows],
        "word": [run.vocabulary[column] for column in columns],
        "documents": counts.data[order],
    }


def _points(run: ThemesRun) -> Columns:
    """Return one row per article behind a point of the curves."""
    rows: list[tuple[object, ...]] = []
    for topic, periods in run.points.behind.items():
        for period, positions in periods.items():
            articles = [run.points.articles[position] for position in positions]
            rows += [(topic, period, *article) for article in articles]
    columns: dict[str, list[Any]] = {}
    for place, name in enumerate(_COLUMNS_OF_POINTS):
        columns[name] = [row[place] for row in rows]
    return columns


# Tables that stand behind something else.
_ROWS_OF: dict[str, Callable[[Any], tuple[object, ...]]] = {
    "effects": lambda run: run.effects(),
    "groups": lambda run: run.groups(),
    "divisions": lambda run: run.comparison.divisions,
    "hierarchy": lambda run: tuple(run.hierarchy.nodes),
}
_LAID_OUT: dict[str, Callable[[Any], Columns]] = {
    "shares": lambda run: shares_columns(run.shares),
    "bands": _bands,
    "mentions": _mentions,
    "points": _points,
    "document_shares": document_columns,
}


def run_to_html(run: Run) -> str:
    """Return what a notebook shows of a run: its name, its figures, its first table."""
    title = html.escape(f"{run.name} ({run.task}): {run.folder}")
    parts = [f"<p><b>{title}</b></p>"]
    figures = run_columns(run, "figures")
    numbers = {name: cell for name, cell in figures.items() if isinstance(cell[0], int | float)}
    parts.append(columns_to_html(numbers, 1))
    first_table = next(iter(_TABLES[run.task]))
    columns = run_columns(run, first_table)
    first_column = next(iter(columns.values()), ())
    first_rows = {name: values[:MAX_ROWS_SHOWN] for name, values in columns.items()}
    parts.append(columns_to_html(first_rows, len(first_column)))
    return "".join(parts)
