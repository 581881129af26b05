"""Read a file's rows: by its ending, the reader that knows its form.

What the fields mean is decided in ``article_rows``.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Sequence
from io import BufferedReader
from pathlib import Path
from typing import cast

from research.articles.annotation_tools import (
    ANNOTATION_ID,
    annotated_rows,
    joined_annotators,
)
from research.articles.delimited import delimited_rows, form_of, read_sample
from research.articles.fields import Fields
from research.articles.frames import Frame, frame_rows
from research.articles.json_rows import article_rows_of, json_rows
from research.articles.parquet import ARROW_ENDINGS, PARQUET_ENDINGS, arrow_rows, parts
from research.articles.problems import Problems
from research.articles.table_rows import Reading, Row
from research.articles.workbook import SHEET_ENDINGS, workbook_rows
from research.errors import InputError
from research.files import refuse_unreadable

_JSON_ENDINGS = ("jsonl", "ndjson", "json")
_DELIMITERS = {"csv": ",", "tsv": "\t", "tab": "\t", "psv": "|", "txt": "\t"}
# Excel's "Unicode text" is a table in a .txt; other .txt are pages or articles.
_MIN_NAMES_IN_TEXT_FILE = 2


def iter_rows(
    path: Path,
    problems: Problems | None = None,
    fields: Fields | None = None,
    sheet: str | None = None,
) -> Iterator[Row]:
    """Return a file's rows.

    ``.jsonl`` and ``.csv`` (``.gz`` too) are read in constant memory.

    Parameters
    ----------
    path
        The file.
    problems
        Where rows that cannot be read are noted, and what is left out.
    fields
        What the corpus calls its fields: headers are recognized by these, too.
    sheet
        The sheet of a workbook; those that hold articles where left out.

    Raises
    ------
    InputError
        With file and remedy at what ends the reading.
    """
    reading = Reading(str(path), fields or Fields(), problems or Problems(), sheet)
    if path.is_dir():
        return _folder_rows(path, reading)
    refuse_unreadable(path)
    ending = path.name.lower().removesuffix(".gz").rsplit(".", 1)[-1]
    if ending in SHEET_ENDINGS:
        return _annotated(workbook_rows(path, reading), reading)
    if ending in PARQUET_ENDINGS + ARROW_ENDINGS:
        return _arrow_file_rows([path], ending, reading)
    if ending not in _JSON_ENDINGS and ending not in _DELIMITERS:
        raise _no_corpus(str(path), ending)
    return _text_file_rows(path, ending, reading)


def _folder_rows(path: Path, reading: Reading) -> Iterator[Row]:
    """Return the rows of a table that was written as a folder of parts."""
    files = parts(path)
    if files:
        return _arrow_file_rows(files, "parquet", reading)
    raise InputError(
        f"{path}: a folder; name a file in it, "
        "or make a corpus of its pages or articles with research split -o"
    )


def _arrow_file_rows(paths: Sequence[Path], ending: str, reading: Reading) -> Iterator[Row]:
    for path in paths:
        prefix = f"{path.name}:" if len(paths) > 1 else ""
        for place, row in arrow_rows(path, ending):
            yield from article_rows_of(prefix + place, row, reading)


def _text_file_rows(path: Path, ending: str, reading: Reading) -> Iterator[Row]:
    is_zipped = path.name.lower().endswith(".gz")
    try:
        with gzip.open(path, "rb") if is_zipped else path.open("rb") as handle:
            yield from _text_rows(cast(BufferedReader, handle), reading, ending)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(f"{path}: damaged or cut-off gzip file ({error}); copy it again") from None


def iter_frame(frame: Frame, reading: Reading) -> Iterator[Row]:
    """Yield the rows of a frame of pandas, polars or pyarrow, or of a list of dicts."""
    for place, row in frame_rows(frame):
        yield from article_rows_of(place, row, reading)


def _text_rows(handle: BufferedReader, reading: Reading, ending: str) -> Iterator[Row]:
    if ending in _JSON_ENDINGS:
        return json_rows(handle, reading)
    form = form_of(read_sample(handle), reading.source, reading.fields, _DELIMITERS[ending])
    if ending == "txt" and form.known_names < _MIN_NAMES_IN_TEXT_FILE:
        raise _no_corpus(reading.source, ending)
    return _annotated(delimited_rows(handle, reading, form), reading)


def _annotated(rows: Iterator[Row], reading: Reading) -> Iterator[Row]:
    """Yield rows of a table, those of an annotation tool with their section."""
    for place, row in joined_annotators(rows):
        annotated = annotated_rows(place, row, reading) if ANNOTATION_ID in row else None
        if annotated is None:
            yield place, row
        else:
            yield from annotated


def is_text_table(path: Path) -> bool:
    """Return whether a ``.txt`` is a table with names of fields, as Excel's "Unicode text" is."""
    if path.suffix.lower() != ".txt" or not path.is_file():
        return False
    with path.open("rb") as handle:
        try:
            form = form_of(read_sample(handle), str(path), Fields(), _DELIMITERS["txt"])
        except InputError:
            return False
    return form.known_names >= _MIN_NAMES_IN_TEXT_FILE


def _no_corpus(source: str, ending: str) -> InputError:
    return InputError(
        f"{source}: a corpus is .jsonl, .csv (or either with .gz) or .xlsx, not .{ending}; "
        "of pages and articles in .txt make one with research split -o"
    )
