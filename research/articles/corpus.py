"""Read articles from JSON Lines, CSV or Excel, and write them.

What a table's rows are is up to ``tables``, what their fields mean to ``article_rows``.
"""

from __future__ import annotations

import gzip
import json
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import BinaryIO, Literal, cast

from research.articles.article import SECTIONS, Article
from research.articles.article_rows import RowReader
from research.articles.date_column import DateColumn
from research.articles.fields import Fields
from research.articles.frames import Frame, is_frame, repeatable
from research.articles.parquet import ARROW_ENDINGS, PARQUET_ENDINGS, write_table
from research.articles.problems import Problems, iter_lines
from research.articles.row_rules import Required, RowRules
from research.articles.table_rows import Reading, Row
from research.articles.tables import iter_frame, iter_rows
from research.errors import InputError
from research.files import replacing

OnBadRow = Literal["refuse", "skip"]


class CorpusReader:
    """Iterate over the articles of a corpus; what is wrong with its rows is noted on the way.

    After the last article, or wherever reading stops, :meth:`refuse` raises what was noted.

    Parameters
    ----------
    path
        The corpus: a file, or a frame.
    rules
        What its rows are called, must have and may have.
    on_bad_row
        Whether a bad row is an error ("refuse") or is left out ("skip").
    problems
        Where what is wrong is noted.
    """

    def __init__(
        self,
        path: Path | Frame,
        rules: RowRules,
        on_bad_row: OnBadRow = "refuse",
        problems: Problems | None = None,
    ) -> None:
        self.path = path
        self.rules = rules
        self.problems = Problems() if problems is None else problems
        self._skips = on_bad_row == "skip"
        source, stem = "frame", "row"
        if isinstance(path, Path):
            source, stem = str(path), path.name.split(".")[0]
        self._rows = RowReader(source, stem, rules, self.problems, DateColumn(self._dates))

    def __iter__(self) -> Iterator[Article]:
        empty = True
        try:
            for place, values in self._table(self.problems):
                empty = False
                article = self._rows.read(place, values)
                if article is not None:
                    yield article
        except InputError as error:
            self.problems.fatal.append(str(error))
            return
        if empty and not self.problems.rows:
            self.problems.fatal.append(f"{self._rows.source}: {self._no_rows()}")

    def _no_rows(self) -> str:
        for remark in self.problems.remarks:
            if remark.kind == "hidden_sheets" and remark.source == self._rows.source:
                names = ", ".join(remark.places)
                return f"no rows but in hidden sheets; name one of them (sheet, --sheet): {names}"
        return "no rows; a corpus has one JSON object a line, or CSV rows under a header"

    def _dates(self) -> Iterator[str]:
        """Yield the dates of all rows as they are written, in a reading of their own."""
        for _, values in self._table(Problems()):
            yield self._rows.date_of(values)

    def _table(self, problems: Problems) -> Iterator[Row]:
        fields = self.rules.fields
        if isinstance(self.path, Path):
            return iter_rows(self.path, problems, fields, self.rules.sheet)
        return iter_frame(self.path, Reading(self._rows.source, fields, problems))

    def refuse(self) -> None:
        """Raise InputError that lists everything wrong so far, unless bad rows are left out."""
        if not self.problems.fatal:
            self._rows.refuse_unseen()
        if self._skips and not self.problems.fatal:
            return
        error = self.problems.error(skippable=not self._skips)
        if error is not None:
            raise error


def iter_corpus(
    path: str | PathLike[str] | Frame,
    fields: Fields | None = None,
    *,
    require: Required = (),
    sections: Sequence[str] | None = SECTIONS,
    labels: Mapping[str, str] | None = None,
    columns: Mapping[str, str] | None = None,
    on_bad_date: Callable[[Article, str], None] | None = None,
    on_bad_row: OnBadRow = "refuse",
    problems: Problems | None = None,
    sheet: str | None = None,
) -> Iterator[Article]:
    """Yield the articles of a corpus one by one.

    Parameters
    ----------
    path : JSON Lines or CSV (``.gz`` too), read in constant memory; an Excel workbook; a Parquet
        or Arrow file; or a frame of pandas, polars or pyarrow, or dicts.
    fields : what the corpus calls its fields; by default their usual names (title, 标题, 正文 …).
    require : fields that may not be missing.
    sections : the labels allowed; None allows any.
    labels : the corpus's own labels and the section of each; rows of a label that is mapped to
        "" are left out.
    columns : keep further columns whose values are short, and these: names → what the corpus calls
        them; None keeps none.
    on_bad_date : called with each article whose date no calendar has, and the reason; without
        it, such a date is an error.
    on_bad_row : "refuse" reads to the end and raises one error that lists all bad rows; "skip"
        leaves them out, with a warning that counts them.
    problems : notes what was wrong and what was left out; with it, "skip" warns of nothing.
    sheet : the name or number of the sheet of a workbook; those that hold articles where left out.

    Raises
    ------
    InputError
        After the last good article, with file, lines and remedies of everything wrong.
    """
    rules = RowRules(
        fields or Fields(), require, sections, labels or {}, columns, on_bad_date, sheet
    )
    corpus = repeatable(path) if is_frame(path) else Path(cast("str | PathLike[str]", path))
    reader = CorpusReader(corpus, rules, on_bad_row, problems)
    yield from reader
    reader.refuse()
    if problems is None:
        for line in iter_lines(reader.problems):
            warnings.warn(line, stacklevel=2)


def read_corpus(
    path: str | PathLike[str] | Frame,
    fields: Fields | None = None,
    *,
    require: Required = (),
    sections: Sequence[str] | None = SECTIONS,
    labels: Mapping[str, str] | None = None,
    on_bad_row: OnBadRow = "refuse",
    problems: Problems | None = None,
    sheet: str | None = None,
) -> list[Article]:
    """Read a whole corpus into memory; see :func:`iter_corpus`."""
    articles = iter_corpus(
        path,
        fields,
        require=require,
        sections=sections,
        labels=labels,
        on_bad_row=on_bad_row,
        problems=problems,
        sheet=sheet,
    )
    return list(articles)


def write_corpus(articles: Iterable[Article], path: str | PathLike[str]) -> None:
    """Write articles as a corpus, whole or not at all.

    The form is that of the name's ending: Parquet or Arrow (through pyarrow), else JSON Lines,
    gzipped where it is ``.gz``.
    """
    path = Path(path)
    ending = path.suffix.removeprefix(".").lower()
    if ending in PARQUET_ENDINGS + ARROW_ENDINGS:
        with replacing(path) as beside:
            write_table(articles, beside, ending)
        return
    with replacing(path) as beside, beside.open("wb") as raw:
        if path.suffix == ".gz":
            # mtime=0 and no file name in the header: the same articles give the same bytes.
            with gzip.GzipFile("", "wb", 9, raw, mtime=0) as zipped:
                _write_rows(articles, cast(BinaryIO, zipped))
        else:
            _write_rows(articles, raw)


def _write_rows(articles: Iterable[Article], out: BinaryIO) -> None:
    for article in articles:
        row = json.dumps(article.to_json(), ensure_ascii=False)
        out.write(row.encode(errors="backslashreplace") + b"\n")
