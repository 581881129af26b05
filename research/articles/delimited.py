"""Tables of text: CSV, TSV, and whatever else stands between cells; Excel's "Unicode text".

Which row is the header is decided in ``table_rows``.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Literal, NamedTuple

from research.articles.fields import Fields
from research.articles.table_rows import (
    MAX_ROW_BYTES,
    MAX_TITLE_ROWS,
    CellRow,
    Reading,
    Row,
    header_position,
    n_known_names,
    name_cells,
)
from research.errors import InputError
from research.files import UTF16_BOMS, decode, from_text_cell

# Of a file so much is read to find its encoding and its delimiter.
_SAMPLE_BYTES = 1_000_000
_SAMPLE_CHARACTERS = 100_000
_BIG5 = "big5hkscs"
_MIN_SHARE_OF_NULS = 0.2  # Of the bytes at even or odd places, in UTF-16 without a mark.
_MIN_SHARE_OF_UTF8 = 0.8  # Of the lines with other characters than ASCII.
_USUAL_DELIMITERS = (",", "\t", ";", "|")
_QUOTES = frozenset("\"'")
_EXCEL_DELIMITER = re.compile(r"sep=(.)\r?\n?$")  # Excel reads it from the first line.
_UNDECODED = re.compile("[\udc80-\udcff]")  # Bytes that no character stands for.


class Form(NamedTuple):
    """How a table is written: its encoding, its delimiter, and the lines before the table.

    ``known_names`` counts the names of fields in its header; ``quoting`` says whether quotes
    enclose cells (``csv.QUOTE_MINIMAL``) or are characters as any (``csv.QUOTE_NONE``).
    """

    encoding: str
    delimiter: str
    lines_before: int
    known_names: int
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL


def delimited_rows(handle: BinaryIO, reading: Reading, form: Form) -> Iterator[Row]:
    """Yield the rows of a table of text under its header."""
    return name_cells(_cell_rows(handle, reading, form), reading)


def _cell_rows(handle: BinaryIO, reading: Reading, form: Form) -> Iterator[CellRow]:
    csv.field_size_limit(MAX_ROW_BYTES)
    # Lone halves of characters stay for the reader of texts to mend; other bytes are bad rows.
    errors = "surrogatepass" if form.encoding.startswith("utf-16") else "surrogateescape"
    text = io.TextIOWrapper(handle, form.encoding, errors, newline="")
    for _ in range(form.lines_before):
        text.readline()
    rows = csv.reader(text, delimiter=form.delimiter, strict=True, quoting=form.quoting)
    try:
        while True:
            first_line = form.lines_before + rows.line_num + 1
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                reading.problems.add("quotes", reading.source, str(first_line), _quotes(error))
                continue
            place = str(form.lines_before + rows.line_num)
            if any(map(_UNDECODED.search, cells)):
                encoding = form.encoding.removesuffix("-sig")
                message = f"not {encoding} like the lines before; convert the file to UTF-8"
                reading.problems.add("encoding", reading.source, place, message)
                continue
            yield CellRow(place, [from_text_cell(cell) for cell in cells])
    except UnicodeDecodeError as error:
        raise InputError(
            f"{reading.source}:{first_line}: not {form.encoding} ({error.reason}); "
            "convert the file to UTF-8"
        ) from None
    finally:
        text.detach()


def _quotes(error: csv.Error) -> str:
    if "unexpected end" in str(error):
        return "a quote that opens here is never closed; close it, or double quotes inside a field"
    return f"{error}; double quotes inside a quoted field, quote fields that hold line breaks"


def form_of(sample: bytes, source: str, fields: Fields, usual: str = ",") -> Form:
    """Return how a table is written, from its first bytes; *usual* is the likeliest delimiter."""
    try:
        form = _form(*_decode_sample(sample, source), fields, usual)
    except InputError:
        in_big5 = _form_in_big5(sample, fields, usual)
        if in_big5 is None:
            raise
        return in_big5
    if form.known_names == 0:
        form = _form_in_big5(sample, fields, usual) or form
    return form


def _form_in_big5(sample: bytes, fields: Fields, usual: str) -> Form | None:
    """Return how a table in Big5 is written; None where no name in its header is a field's."""
    end_of_lines = sample.rfind(b"\n") + 1
    try:
        text = sample[: end_of_lines or None].decode(_BIG5)
    except UnicodeDecodeError:
        return None
    form = _form(_BIG5, text, fields, usual)
    return form if form.known_names else None


def _form(encoding: str, text: str, fields: Fields, usual: str) -> Form:
    lines = text[:_SAMPLE_CHARACTERS].splitlines(keepends=True)
    if len(text) > _SAMPLE_CHARACTERS:
        lines = lines[:-1] or lines
    given = _EXCEL_DELIMITER.match(lines[0]) if lines else None
    if given:
        lines = lines[1:]
        delimiter = given[1]
    else:
        delimiter = _delimiter(lines, fields, usual)
    rows = _split(lines, delimiter)[:MAX_TITLE_ROWS]
    counts = [n_known_names(row, fields) for row in rows]
    quoting = _quoting(lines, delimiter)
    return Form(encoding, delimiter, int(bool(given)), max(counts, default=0), quoting)


def _quoting(lines: Sequence[str], delimiter: str) -> Literal[0, 3]:
    """Return whether quotes enclose cells: not in a table with tabs in which none is closed.

    There every line has the same number of cells once quotes are characters as any others.
    """
    filled = [line for line in lines if line.strip()]
    n_tabs = {line.count("\t") for line in filled}
    if delimiter != "\t" or len(n_tabs) != 1 or not any('"' in line for line in filled):
        return csv.QUOTE_MINIMAL
    try:
        rows = list(csv.reader(filled, delimiter="\t", strict=True))
    except csv.Error:
        return csv.QUOTE_NONE
    return csv.QUOTE_MINIMAL if len(rows) == len(filled) else csv.QUOTE_NONE


def read_sample(handle: BinaryIO) -> bytes:
    """Return the first bytes of a file, and go back to its beginning."""
    sample = handle.read(_SAMPLE_BYTES)
    handle.seek(0)
    return sample


def _decode_sample(sample: bytes, source: str) -> tuple[str, str]:
    """Return the encoding of the first whole lines, and their text without a byte order mark."""
    utf16 = _utf16(sample)
    if utf16:
        even = sample[: len(sample) // 2 * 2]
        return utf16, even.decode(utf16, "replace").removeprefix("\ufeff")
    end_of_lines = sample.rfind(b"\n") + 1
    if len(sample) < _SAMPLE_BYTES:
        end_of_lines = len(sample)
    lines = sample[: end_of_lines or None].replace(b"\0", b"")
    if _is_mostly_utf8(lines):
        return "utf-8-sig", lines.decode("utf-8-sig", "replace")
    text, encoding = decode(lines, source)
    return encoding, text


def _is_mostly_utf8(sample: bytes) -> bool:
    """Return whether nearly all lines that are not plain ASCII are UTF-8, as some are damaged."""
    lines = [line for line in sample.split(b"\n") if not line.isascii()]
    n_good = 0
    for line in lines:
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            continue
        n_good += 1
    return n_good >= _MIN_SHARE_OF_UTF8 * len(lines)


def _utf16(sample: bytes) -> str:
    """Return which UTF-16 a file is in, "" for none: by its mark, or by where its NULs are."""
    if sample.startswith(UTF16_BOMS):
        return "utf-16"
    pairs = max(1, len(sample) // 2)
    even, odd = sample[::2].count(0) / pairs, sample[1::2].count(0) / pairs
    if max(even, odd) < _MIN_SHARE_OF_NULS or min(even, odd) > _MIN_SHARE_OF_NULS / 2:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _delimiter(lines: Sequence[str], fields: Fields, usual: str) -> str:
    """Return what stands between the cells of a table.

    That under which a row has most names that corpora use; else that which occurs equally often
    in most lines.
    """
    candidates = dict.fromkeys((usual, *_USUAL_DELIMITERS))
    for line in lines[:MAX_TITLE_ROWS]:
        candidates |= dict.fromkeys(filter(_may_delimit, line))
    best, most = usual, (1, 0.0)
    for candidate in candidates:
        rows = _split(lines, candidate)
        score = _score(rows, fields)
        if score > most:
            best, most = candidate, score
    return best


def _may_delimit(character: str) -> bool:
    if character.isalnum() or character in _QUOTES or character == "_":
        return False
    return character == "\t" or not character.isspace()


def _split(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        for row in reader:
            if any(row):
                rows.append(row)
    except csv.Error:
        pass  # What is wrong is noted when the rows are read.
    return rows


def _score(rows: Sequence[Sequence[str]], fields: Fields) -> tuple[int, float]:
    """Return how many known names the header has, and the share of rows as long as it is."""
    if not rows:
        return 0, 0.0
    position = header_position(rows[:MAX_TITLE_ROWS], fields)
    header, below = rows[position], rows[position + 1 :]
    if len(header) < 2:
        return 0, 0.0
    alike = sum(len(row) == len(header) for row in below)
    return max(1, n_known_names(header, fields)), alike / max(1, len(below))
