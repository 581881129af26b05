"""Read and write articles as JSON Lines or CSV; split them; find near-identical texts across a split."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from research.articles import KINDS, SECTIONS, Article, Box, Kind, iso_date
from research.config import Fields
from research.errors import InputError
from research.files import decode, refuse_unreadable, replacing

T = TypeVar("T")

_TEXTS = ("id", "headline", "text", "date", "section")
_OFTEN = {  # What corpora call these fields, for a hint to those whose rows seem empty.
    "headline": ("标题", "题目", "title", "Title"),
    "text": ("正文", "内容", "全文", "文本", "content", "body"),
    "date": ("日期", "时间", "发布时间", "published", "pubdate"),
}
MAX_ROW_BYTES = 64_000_000
Progress = Callable[[str, int, int], None]
"""Called as ``progress(stage, done, total)`` while something long goes on."""


class Pair(NamedTuple):
    """Two near-identical texts: their positions and the Jaccard similarity of their character 5-grams."""

    left: int
    right: int
    similarity: float


def iter_corpus(
    path: str | PathLike[str],
    fields: Fields | None = None,
    *,
    require: Collection[Literal["date", "section"]] = (),
    sections: Sequence[str] | None = SECTIONS,
    labels: Mapping[str, str] | None = None,
    on_bad_date: Callable[[Article, str], None] | None = None,
) -> Iterator[Article]:
    """Yield the articles of a JSON Lines or CSV file (``.gz`` too) one by one, in constant memory.

    *require* names fields that may not be missing; *sections* are the labels allowed (None: any);
    *labels* maps the corpus's own labels to them, and rows whose label maps to "" are left out. *on_bad_date* is called with each
    article whose date is none of the calendar, and why; without it, that is an error.
    Raises InputError with file, line and remedy at the first bad row.
    """
    path = Path(path)
    refuse_unreadable(path)
    fields = fields or Fields()
    empty = True
    for line, row in _rows(path):
        empty = False
        label = row.get(fields.section)
        if labels and isinstance(label, str) and label in labels:
            if not labels[label]:
                continue
            row = row | {fields.section: labels[label]}
        article, wrong = _article(row, f"{path}:{line}", f"{path.name.split('.')[0]}:{line}", fields, require, sections)
        if wrong and on_bad_date is None:
            raise InputError(f"{path}:{line}: {wrong}")
        if wrong and on_bad_date is not None:
            on_bad_date(article, wrong)
        yield article
    if empty:
        raise InputError(f"{path}: no rows; a corpus has one JSON object a line, or CSV rows under a header")


def read_corpus(
    path: str | PathLike[str],
    fields: Fields | None = None,
    *,
    require: Collection[Literal["date", "section"]] = (),
    sections: Sequence[str] = SECTIONS,
    labels: Mapping[str, str] | None = None,
) -> list[Article]:
    """Read a whole corpus into memory; see :func:`iter_corpus`."""
    return list(iter_corpus(path, fields, require=require, sections=sections, labels=labels))


def write_corpus(articles: Iterable[Article], path: str | PathLike[str]) -> None:
    """Write articles as JSON Lines (gzipped where the name ends in ``.gz``), whole or not at all."""
    path = Path(path)
    # mtime=0 and no file name in the header: the same articles give the same bytes.
    with replacing(path) as beside, beside.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) if path.suffix == ".gz" else raw as out:
        for article in articles:
            cast(BinaryIO, out).write(json.dumps(article.to_json(), ensure_ascii=False).encode() + b"\n")


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    kind = path.name.lower().removesuffix(".gz").rsplit(".", 1)[-1]
    if kind not in ("jsonl", "ndjson", "json", "csv", "tsv"):
        raise InputError(f"{path}: a corpus is .jsonl or .csv (or either with .gz), not .{kind}; for a page use research split")
    zipped = path.name.lower().endswith(".gz")
    try:
        with gzip.open(path, "rb") if zipped else path.open("rb") as handle:
            source = cast(BinaryIO, handle)
            yield from _csv_rows(source, path, "\t" if kind == "tsv" else ",") if kind in ("csv", "tsv") else _json_rows(source, path)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(f"{path}: damaged or cut-off gzip file ({error}); copy it again") from None


def _json_rows(handle: BinaryIO, path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    line = 0
    while raw := handle.readline(MAX_ROW_BYTES + 1):
        line += 1
        where = f"{path}:{line}"
        if len(raw) > MAX_ROW_BYTES:
            raise InputError(f"{where}: a row of over {MAX_ROW_BYTES:,} bytes; a corpus has one article a line")
        try:
            text = raw.decode("utf-8-sig" if line == 1 else "utf-8").strip()
        except UnicodeDecodeError:
            raise InputError(f"{where}: not UTF-8; JSON Lines are UTF-8: convert the file (iconv -f GB18030 -t UTF-8)") from None
        if not text:
            continue
        try:
            row = json.loads(text)
        except (json.JSONDecodeError, RecursionError) as error:
            raise InputError(f"{where}: not JSON ({error}); write one object a line") from None
        if not isinstance(row, dict):
            raise InputError(f'{where}: a {type(row).__name__}, not an object; write one object a line, such as {{"text": "…"}}')
        yield line, row


def _csv_rows(handle: BinaryIO, path: Path, delimiter: str) -> Iterator[tuple[int, dict[str, Any]]]:
    csv.field_size_limit(MAX_ROW_BYTES)
    # Excel writes CSV in the system's encoding: what the first lines are in, all are in.
    start = handle.read(1_000_000)
    encoding = decode(start[: start.rfind(b"\n") + 1 or None], str(path)).encoding
    handle.seek(0)
    text = io.TextIOWrapper(handle, encoding, newline="")
    rows = csv.DictReader(text, delimiter=delimiter, strict=True)
    try:
        for row in rows:
            if None in row:
                raise InputError(f"{path}:{rows.line_num}: {len(row[None])} more fields than the header; quote fields that hold a {delimiter!r}")
            yield rows.line_num, row
    except csv.Error as error:
        raise InputError(f"{path}:{rows.line_num}: {error}; quote fields that hold line breaks") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}:{rows.line_num + 1}: not {encoding} like the lines before; convert the file to UTF-8") from None
    finally:
        text.detach()


def _hint(row: Mapping[str, Any], fields: Fields) -> str:
    """Return how to name a row's fields where they have usual names, in brackets; "" where they have not."""
    missed = ((name, keys) for name, keys in _OFTEN.items() if getattr(fields, name) not in row)
    named = [(name, key) for name, keys in missed if (key := next(filter(row.__contains__, keys), None))]
    if not named:
        return ""
    in_experiment = ", ".join(f'{name} = "{key}"' for name, key in named)
    return f" ({' '.join(f'--field {name}={key}' for name, key in named)}; in an experiment, fields = {{{in_experiment}}})"


def _article(
    row: dict[str, Any],
    where: str,
    fallback_id: str,
    fields: Fields,
    require: Collection[str],
    sections: Sequence[str] | None,
) -> tuple[Article, str]:
    """Return a row's article, and what is wrong with its date."""
    values = {name: _string(row.get(key), where, key) if (key := getattr(fields, name)) else "" for name in _TEXTS}
    if not values["text"].strip() and not values["headline"].strip():
        found = ", ".join(map(str, row)) or "nothing"
        raise InputError(f"{where}: no text in field {fields.text!r} (the row has {found}); name the field{_hint(row, fields)}, or take the row out")
    if "\0" in values["text"]:
        raise InputError(f"{where}: a NUL byte in the text; the file is damaged: export it again")
    if "date" in require and not values["date"]:
        raise InputError(f"{where}: no date in field {fields.date!r}; add one (2023-12-20, 2023-12 or 2023), or name the field")
    section = values["section"] or None
    if section is None and "section" in require:
        raise InputError(f"{where}: no section in field {fields.section!r}; give one of {', '.join(sections or SECTIONS)}")
    if section is not None and sections is not None and section not in sections:
        raise InputError(f"{where}: section {section!r} is not one of {', '.join(sections)}; mend the row, or map it with corpus.labels")
    date, wrong = None, ""
    try:
        date = iso_date(values["date"]) if values["date"] else None
    except ValueError as error:
        wrong = str(error)
    kind = row.get("kind", "article")
    article = Article(
        kind=cast(Kind, kind) if kind in KINDS else "article",
        headline=values["headline"],
        byline=_string(row.get("byline"), where, "byline"),
        date=date,
        paragraphs=tuple(part.strip() for part in values["text"].split("\n") if part.strip()),
        lines=_spans(row.get("lines")),
        jump_from=_page_number(row.get("jump_from")),
        jump_to=_page_number(row.get("jump_to")),
        section=section,
        id=values["id"] or fallback_id,
        intro_title=_words(row.get("intro_title")),
        subtitle=_words(row.get("subtitle")),
        pages=_items(row.get("pages"), int) or _single_page(row.get(fields.page)),
        boxes=tuple(cast(Box, box) for box in map(tuple, _items(row.get("boxes"), list)) if len(box) == 4),
        confidence=confidence if isinstance(confidence := row.get("confidence"), float) else None,
        reasons=_items(row.get("reasons"), str),
        source=_words(row.get(fields.source)),
    )
    return article, wrong


def _single_page(value: object) -> tuple[int, ...]:
    """Return the number in ``4``, ``"04"`` or ``"A04"`` alone; nothing where there is none."""
    digits = re.search(r"\d+", value) if isinstance(value, str) else None
    number = int(digits[0]) if digits else value
    return (number,) if isinstance(number, int) and not isinstance(number, bool) else ()


def _words(value: object) -> str:
    return value if isinstance(value, str) else ""


def _items(value: object, kind: type[T]) -> tuple[T, ...]:
    """Return a list's items where all are of one type, else none: another tool may mean something else by the name."""
    return tuple(value) if isinstance(value, list) and all(type(item) is kind for item in value) else ()


def _string(value: object, where: str, key: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise InputError(f"{where}: field {key!r} is a {type(value).__name__}, not text; name another field, or mend the row")


def _spans(value: object) -> tuple[tuple[int, int], ...]:
    if not isinstance(value, list):
        return ()
    return tuple((span[0], span[1]) for span in value if isinstance(span, list) and len(span) == 2)


def _page_number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def split_by_date(articles: Sequence[Article], test_from: str) -> tuple[list[int], list[int]]:
    """Return positions of the articles before *test_from* and of those from it on: train on the past.

    Raises InputError when an article has no date or a side is empty.
    """
    start = iso_date(test_from)
    dates = _dates(articles)
    past = [i for i, date in enumerate(dates) if date < start]
    later = [i for i, date in enumerate(dates) if date >= start]
    return _both_sides(past, later, f"split.test_from {test_from}: the corpus goes from {min(dates)} to {max(dates)}")


def split_by_days(articles: Sequence[Article], test_share: float, seed: int) -> tuple[list[int], list[int]]:
    """Return positions for training and testing; whole days are drawn at random until *test_share* is reached.

    Items of one day often tell one story twice; a day never stands on both sides.
    """
    dates = _dates(articles)
    days = sorted(set(dates))
    drawn: set[str] = set()
    counts = Counter(dates)
    reached = 0
    for k in np.random.default_rng(seed).permutation(len(days)):
        if reached >= test_share * len(dates):
            break
        drawn.add(days[k])
        reached += counts[days[k]]
    train = [i for i, date in enumerate(dates) if date not in drawn]
    test = [i for i, date in enumerate(dates) if date in drawn]
    return _both_sides(train, test, f"split.test_share {test_share}: the corpus has {len(days)} days")


def _dates(articles: Sequence[Article]) -> list[str]:
    for article in articles:
        if article.date is None:
            raise InputError(f"article {article.id!r} has no date; a split by time needs one for every article")
    return [cast(str, article.date) for article in articles]


def _both_sides(train: list[int], test: list[int], why: str) -> tuple[list[int], list[int]]:
    if not train or not test:
        raise InputError(f"{why}; that leaves {'training' if not train else 'test'} without articles: choose another")
    return train, test


_MARKS = re.compile(r"[\W_]+")
_SHINGLE = 5
_TWINS = "near-identical texts"
_MIX = np.array([0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1], dtype=np.uint32)


def near_duplicates(
    left: Sequence[str],
    right: Sequence[str],
    threshold: float = 0.8,
    progress: Progress | None = None,
) -> list[Pair]:
    """Return the pairs of a *left* and a *right* text whose character 5-grams agree (Jaccard ≥ *threshold*).

    Candidates come from MinHash with locality-sensitive hashing (Broder 1997; datasketch), and each is
    confirmed exactly, so no pair that is returned is wrong. Punctuation and spaces do not count.
    """
    index = _Index(threshold)
    total = len(left) + len(right)
    for i, text in enumerate(left):
        index.add(i, index.sketch(text))
        if progress and i % 500 == 0:
            progress(_TWINS, i, total)
    pairs = []
    for j, text in enumerate(right):
        if progress and j % 500 == 0:
            progress(_TWINS, len(left) + j, total)
        pairs += [Pair(i, j, similarity) for i, similarity in index.like(text, index.sketch(text), left)]
    if progress:
        progress(_TWINS, total, total)
    return pairs


def repeated(texts: Sequence[str], threshold: float = 0.8, progress: Progress | None = None) -> list[list[int]]:
    """Return groups of near-identical texts (wire copy), positions rising, the group with the earliest text first.

    A text joins a group when it nearly repeats one of it, as :func:`near_duplicates` has it. Texts that nothing repeats are in no group.
    """
    index = _Index(threshold)
    first = list(range(len(texts)))

    def root(i: int) -> int:
        while first[i] != i:
            i = first[i] = first[first[i]]
        return i

    for j, text in enumerate(texts):
        sketch = index.sketch(text)
        for i, _ in index.like(text, sketch, texts):
            one, other = sorted((root(i), root(j)))
            first[other] = one
        index.add(j, sketch)
        if progress and (j % 500 == 0 or j + 1 == len(texts)):
            progress(_TWINS, j + 1, len(texts))
    groups: dict[int, list[int]] = {}
    for j in range(len(texts)):
        groups.setdefault(root(j), []).append(j)
    return [group for group in groups.values() if len(group) > 1]


class _Index:
    """Finds candidates for near-identical texts."""

    def __init__(self, threshold: float) -> None:
        from datasketch import MinHash, MinHashLSH

        self.threshold = threshold
        self.lsh = MinHashLSH(threshold=max(0.1, threshold - 0.1), num_perm=64)
        self.blank = MinHash(num_perm=64, hashfunc=int)

    def sketch(self, text: str) -> Any:
        """Return the MinHash of a text, None for one without a letter."""
        if not (bare := _MARKS.sub("", text)):
            return None
        found = self.blank.copy()
        found.update_batch(_hashed(bare).tolist())
        return found

    def add(self, key: int, sketch: Any) -> None:
        if sketch is not None:
            self.lsh.insert(key, sketch)

    def like(self, text: str, sketch: Any, texts: Sequence[str]) -> Iterator[tuple[int, float]]:
        """Yield which texts added so far, out of *texts*, truly agree, and how far."""
        candidates = [] if sketch is None else sorted(self.lsh.query(sketch))
        grams = _grams(text) if candidates else frozenset()
        for i in candidates:
            twin = _grams(texts[i])
            similarity = len(grams & twin) / len(grams | twin)
            if similarity >= self.threshold:
                yield i, round(similarity, 4)


def _hashed(bare: str) -> NDArray[np.uint32]:
    """Return 32-bit hashes of a text's different 5-grams, all at once."""
    codes = np.frombuffer(bare.encode("utf-32-le"), dtype=np.uint32)
    codes = np.pad(codes, (0, max(0, _SHINGLE - len(codes))))
    windows = np.lib.stride_tricks.sliding_window_view(codes * np.uint32(0x01000193), _SHINGLE)
    mixed = ((windows ^ (windows >> np.uint32(15))) * _MIX).sum(axis=1, dtype=np.uint32)
    return np.unique(mixed ^ (mixed >> np.uint32(13)))


def _grams(text: str) -> frozenset[str]:
    bare = _MARKS.sub("", text)
    return frozenset(bare[i : i + _SHINGLE] for i in range(max(1, len(bare) - _SHINGLE + 1)) if bare)
