"""Decode, hash, find and replace files; report progress.

No other module guesses an encoding or renames a file into place.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, TextIO

from research.errors import InputError

UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), *((bom, "utf-16") for bom in UTF16_BOMS))
_HAN = re.compile(r"[\u4e00-\u9fff]")
# Four in five Chinese characters of simplified print are of GB2312's first level.
# Text of another encoding that happens to decode as GB18030 falls far below this.
_MIN_SHARE_OF_FIRST_LEVEL = 0.6
_FIRST_LEVEL = range(0xB0, 0xD8)  # Leading bytes in GB2312.
# What a spreadsheet may take for a formula, in full width too, behind apostrophes of ours.
_FORMULA = re.compile(r"'*+[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,3})?%?")
_MAX_HAN_EXAMINED = 200_000  # characters of the text
_MIN_HAN_TO_JUDGE = 8
_BYTES_TO_GUESS_FROM = 65_536
_MAX_SHARE_OF_NULS = 0.1  # Of the characters of a text that some program padded.


class Decoded(NamedTuple):
    """Text and the encoding it was found to be in."""

    text: str
    encoding: str


def decode(
    raw: bytes, source: str, encoding: str | None = None, *, few_nuls: bool = False
) -> Decoded:
    """Decode bytes as UTF-8 (with or without BOM), UTF-16 with BOM or GB18030.

    Parameters
    ----------
    raw : the bytes of a whole file, or of its first lines.
    source : the file's path, for messages.
    encoding : used instead where it is known.
    few_nuls : whether some NUL characters are no error; the caller takes them out.

    Raises
    ------
    InputError
        With *source* and the line, on NUL bytes or when no encoding fits.
    """
    if encoding is None:
        encoding = next((name for bom, name in _BOMS if raw.startswith(bom)), None)
    if encoding is not None:
        text = _decode_as(raw, encoding, source)
    else:
        try:
            text, encoding = raw.decode("utf-8"), "utf-8"
        except UnicodeDecodeError as error:
            text, encoding = _decode_gb18030(raw, source, error), "gb18030"
    n_nuls = text.count("\0")
    if n_nuls and not (few_nuls and n_nuls <= _MAX_SHARE_OF_NULS * len(text)):
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputError(
            f"{source}:{line}: a NUL byte; "
            "this is not a text file, or it is damaged: export it again"
        )
    return Decoded(text.removeprefix("\ufeff"), encoding)


def read_text(path: Path, encoding: str | None = None) -> Decoded:
    """Read and decode a whole text file; see :func:`decode`."""
    refuse_unreadable(path)
    return decode(path.read_bytes(), str(path), encoding)


def as_csv(rows: Iterable[Sequence[object]]) -> str:
    """Return rows as CSV, with a BOM, so that Excel reads the Chinese in it."""
    out = io.StringIO()
    write_csv(out, rows)
    return "\ufeff" + out.getvalue()


def write_csv(out: TextIO, rows: Iterable[Sequence[object]]) -> None:
    """Write rows as CSV in which no text is a formula; see :func:`as_text_cell`."""
    table = csv.writer(out, lineterminator="\n")
    for row in rows:
        table.writerow([as_text_cell(cell) for cell in row])


def as_text_cell(cell: object) -> object:
    """Return a cell that a spreadsheet shows and does not run.

    A text that begins as a formula does (``=``, ``+``, ``-``, ``@``, a tab, a line break) gets an
    apostrophe before it, numbers apart; :func:`from_text_cell` takes it off. Line breaks become
    line feeds: a bare carriage return would end the row.
    """
    if not isinstance(cell, str):
        return cell
    text = cell.replace("\r\n", "\n").replace("\r", "\n")
    if not _FORMULA.match(text) or _NUMBER.fullmatch(text):
        return text
    return f"'{text}"


def from_text_cell(cell: str) -> str:
    """Return the text of which :func:`as_text_cell` made a cell."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _decode_as(raw: bytes, encoding: str, source: str) -> str:
    try:
        return raw.decode(encoding)
    except LookupError:
        raise InputError(
            f"{source}: encoding {encoding!r} is not known to Python; "
            "name one such as gb18030 or big5"
        ) from None
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{source}:{line}: byte 0x{raw[error.start]:02x} is not {encoding}; "
            "name the file's true encoding"
        ) from None


def _decode_gb18030(raw: bytes, source: str, utf8_error: UnicodeDecodeError) -> str:
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, max(error.start, utf8_error.start)) + 1
        raise InputError(
            f"{source}:{line}: neither UTF-8 nor GB18030{_guess(raw)}; "
            "convert the file or name its encoding"
        ) from None
    if _looks_foreign(text):
        line = raw.count(b"\n", 0, utf8_error.start) + 1
        raise InputError(
            f"{source}:{line}: not UTF-8, and as GB18030 not Chinese{_guess(raw)}; "
            "convert the file or name its encoding"
        )
    return text


def _looks_foreign(text: str) -> bool:
    """Return whether a text decoded as GB18030 is likely to be of another encoding."""
    han = _HAN.findall(text[:_MAX_HAN_EXAMINED])
    if len(han) < _MIN_HAN_TO_JUDGE:
        return any("\ue000" <= character <= "\uf8ff" for character in text)  # Private use.
    of_first_level = 0
    for character in han:
        with suppress(UnicodeEncodeError):
            of_first_level += character.encode("gb2312")[0] in _FIRST_LEVEL
    return of_first_level < _MIN_SHARE_OF_FIRST_LEVEL * len(han)


def _guess(raw: bytes) -> str:
    """Return the likely encoding in words, for a message; "" where there is none."""
    from charset_normalizer import from_bytes

    best = from_bytes(raw[:_BYTES_TO_GUESS_FROM]).best()
    if best is None or best.encoding in ("gb18030", "utf_8"):
        return ""
    return f" (it may be {best.encoding})"


def refuse_unreadable(path: Path) -> None:
    """Raise InputError with the remedy when *path* is missing, a folder or not readable."""
    if not path.exists():
        raise InputError(f"{path}: no such file; check the path")
    if path.is_dir():
        raise InputError(f"{path}: a folder; name a file in it")
    if not os.access(path, os.R_OK):
        raise InputError(f"{path}: no permission to read it; change its mode or owner")


def sha256(path: Path) -> str:
    """Hex digest of a file, read in blocks."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Give an OSError that knows no file (a full disk, met while writing) the file's name."""
    try:
        yield
    except OSError as error:
        if error.errno is None or error.filename is not None:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from None


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path beside *path* to write to; rename it over *path* only when the block ends well.

    The folder of *path* is made where it is missing.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with naming(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            yield beside
        with beside.open("rb") as handle:
            os.fsync(handle.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def absolute(path: str | os.PathLike[str]) -> Path:
    """Return a path from the root of the file system, without ``..``; links are not followed."""
    return Path(os.path.normpath(Path(path).absolute()))


def natural(name: str) -> list[tuple[int, str]]:
    """Sort key that counts numbers as numbers: ``page 2`` before ``page 10``."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", name)]


def files_of(source: Path, suffixes: Sequence[str]) -> list[Path]:
    """Return the files of a folder and all below it, or the one file, sorted.

    *suffixes* are in small letters (``.txt``); hidden files are left out.
    """
    candidates = source.rglob("*") if source.is_dir() else [source]
    matching = (path for path in candidates if path.suffix.lower() in suffixes)
    return sorted(path for path in matching if path.is_file() and not path.name.startswith("."))


Progress = Callable[[str, int, int], None]


def report_progress(progress: Progress | None, stage: str, done: int, total: int) -> None:
    """Call *progress*, where there is one, with the stage's name and how much of it is done."""
    if progress is not None:
        progress(stage, done, total)
