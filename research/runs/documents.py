"""All documents of a themes run with their shares: of one topic, or the whole table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.errors import InputError, missing_extra
from research.files import as_csv, replacing
from research.runs.table import Columns, Table
from research.themes.curation_steps import apply_steps
from research.topics.counts import rows_with_words

if TYPE_CHECKING:
    from research.runs.loaded import ThemesRun

_SUFFIXES = (".csv", ".parquet")
_DIGITS = 9  # Of a cell, so that a row adds up to 1 within a millionth.


class DocumentShare(NamedTuple):
    """A document, and the share of one topic in it."""

    id: str
    date: str | None
    source: str
    section: str | None
    headline: str
    share: float


def shares_of_documents(run: ThemesRun) -> NDArray[np.float64]:
    """Return the share of every theme in every document, n_documents × n_themes.

    A document without a known word has NaN.
    """
    engine = run.engine_topics()
    shares = apply_steps(run.steps, engine.state, engine.counts).shares.copy()
    shares[~rows_with_words(engine.counts)] = np.nan
    return shares


def documents_of(run: ThemesRun, topic: int, at_least: float = 0.0) -> Table[DocumentShare]:
    """Return the documents with a share of a topic, the highest share first.

    Parameters
    ----------
    run
        The run.
    topic
        The number of the topic.
    at_least
        The lowest share, 0 to 1.

    Raises
    ------
    InputError
        Where there is no such topic or share, or an early version trained the run.
    """
    n_topics = len(run.topics)
    if not 0 <= topic < n_topics:
        raise InputError(f"there is no topic {topic}; topics go from 0 to {n_topics - 1}")
    if not 0 <= at_least <= 1:
        raise InputError(f"at_least is {at_least}; give a share from 0 to 1")
    shares = run.document_shares()[:, topic]
    order = np.argsort(-np.nan_to_num(shares, nan=-1.0), kind="stable")
    rows = []
    for position in order.tolist():
        share = float(shares[position])
        if not share >= at_least:
            break  # What follows has less, or no theme.
        article = run.engine_topics().articles[position]
        rows.append(
            DocumentShare(
                id=article.id,
                date=article.date,
                source=article.source,
                section=article.section,
                headline=article.headline,
                share=share,
            )
        )
    return Table(rows)


def document_columns(run: ThemesRun) -> dict[str, Sequence[Any] | NDArray[Any]]:
    """Return the whole table: a row per document, with the share of every topic.

    A document without a known word has no theme, and NaN for shares.
    """
    articles = run.engine_topics().articles
    columns: dict[str, Sequence[Any] | NDArray[Any]] = {
        "id": [article.id for article in articles],
        "date": [article.date for article in articles],
        "source": [article.source for article in articles],
        "section": [article.section for article in articles],
        "headline": [article.headline for article in articles],
    }
    shares = run.document_shares()
    for topic in range(shares.shape[1]):
        columns[f"topic_{topic}"] = shares[:, topic]
    return columns


def write_columns(columns: Columns, path: Path) -> Path:
    """Write a table as CSV (with a BOM, as Excel likes it) or Parquet, by the name's ending.

    Raises
    ------
    InputError
        For another ending, or where pyarrow is missing.
    """
    if path.suffix not in _SUFFIXES:
        raise InputError(f"{path}: give a name that ends in {' or '.join(_SUFFIXES)}")
    with replacing(path) as beside:
        if path.suffix == ".parquet":
            _write_parquet(columns, beside)
        else:
            _write_csv(columns, beside)
    return path


def csv_lines(columns: Columns) -> Iterator[list[str]]:
    """Yield the lines of a table, its names first; what is missing is an empty cell."""
    yield list(columns)
    for row in zip(*columns.values(), strict=True):
        yield [_cell(value) for value in row]


def _cell(value: Any) -> str:
    if value is None or value != value:  # NaN is not equal to itself.
        return ""
    if isinstance(value, float):
        return f"{value:.{_DIGITS}f}"
    return str(value)


def _write_csv(columns: Columns, path: Path) -> None:
    path.write_text(as_csv(csv_lines(columns)), encoding="utf-8", newline="")


def _write_parquet(columns: Columns, path: Path) -> None:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise missing_extra("Parquet needs pyarrow", "parquet") from None
    arrays = {name: pa.array(values, from_pandas=True) for name, values in columns.items()}
    parquet.write_table(pa.table(arrays), path)
