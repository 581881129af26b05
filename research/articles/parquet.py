"""Parquet and Arrow files ↔ rows and articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from research.articles.article import Article
from research.articles.frames import ArrowTable, is_index
from research.articles.table_rows import Row
from research.errors import InputError, missing_extra

PARQUET_ENDINGS = ("parquet", "pq")
ARROW_ENDINGS = ("arrow", "feather", "ipc", "arrows")
_ROWS_PER_BATCH = 1000


def _pyarrow() -> Any:
    """Return pyarrow; raise InputError with the command that installs it where it is missing."""
    try:
        import pyarrow
        import pyarrow.ipc
        import pyarrow.parquet
    except ImportError:
        raise missing_extra(
            "Parquet and Arrow files need pyarrow (or save the table as CSV)", "parquet"
        ) from None
    return pyarrow


def table_of(frame: object) -> ArrowTable:
    """Return anything that gives an Arrow stream as a table."""
    table: ArrowTable = _pyarrow().table(frame)
    return table


def arrow_rows(path: Path, ending: str) -> Iterator[Row]:
    """Yield the rows of a Parquet or Arrow file, batch by batch.

    Raises InputError where it is damaged, or pyarrow is missing.
    """
    pyarrow = _pyarrow()
    batches = _parquet_batches if ending in PARQUET_ENDINGS else _arrow_batches
    number = 0
    try:
        for batch in batches(pyarrow, path):
            names = [name for name in batch.schema.names if not is_index(name)]
            for row in batch.select(names).to_pylist():
                number += 1
                yield str(number), row
    except (pyarrow.ArrowException, OSError) as error:
        reason = str(error).partition("\n")[0]
        raise InputError(f"{path}: no {ending} file, or a damaged one ({reason})") from None


def _parquet_batches(pyarrow: Any, path: Path) -> Iterator[Any]:
    with pyarrow.parquet.ParquetFile(path) as file:
        yield from file.iter_batches(_ROWS_PER_BATCH)


def _arrow_batches(pyarrow: Any, path: Path) -> Iterator[Any]:
    """Yield the batches of an Arrow file, of a stream of batches, or of Feather's first version."""
    with pyarrow.OSFile(str(path)) as file:
        try:
            reader = pyarrow.ipc.open_file(file)
        except pyarrow.ArrowInvalid:
            file.seek(0)
            yield from pyarrow.ipc.open_stream(file)
            return
        for position in range(reader.num_record_batches):
            yield reader.get_batch(position)


def write_table(articles: Iterable[Article], path: Path, ending: str) -> None:
    """Write articles as a Parquet or Arrow file, one row per article."""
    pyarrow = _pyarrow()
    rows = [article.to_json() for article in articles]
    names = list(dict.fromkeys(name for row in rows for name in row))
    schema = pyarrow.schema([(name, _type(pyarrow, name)) for name in names])
    table = pyarrow.Table.from_pylist(rows, schema=schema)
    if ending in PARQUET_ENDINGS:
        pyarrow.parquet.write_table(table, path)
        return
    with pyarrow.OSFile(str(path), "wb") as file, pyarrow.ipc.new_file(file, schema) as writer:
        writer.write_table(table)


def _type(pyarrow: Any, name: str) -> Any:
    """Return the Arrow type of a field of articles; further columns are texts."""
    text, whole, decimal = pyarrow.string(), pyarrow.int64(), pyarrow.float64()
    types = {
        "paragraphs": pyarrow.list_(text),
        "reasons": pyarrow.list_(text),
        "page_names": pyarrow.list_(text),
        "lines": pyarrow.list_(pyarrow.list_(whole)),
        "pages": pyarrow.list_(whole),
        "boxes": pyarrow.list_(pyarrow.list_(decimal)),
        "jump_from": whole,
        "jump_to": whole,
        "confidence": decimal,
    }
    return types.get(name, text)


def parts(folder: Path) -> Sequence[Path]:
    """Return the Parquet files of a table that was written as a folder, as Spark does."""
    files = [path for path in folder.rglob("*") if path.suffix[1:].lower() in PARQUET_ENDINGS]
    return sorted(path for path in files if not path.name.startswith((".", "_")))
