"""The door: a file that holds articles already → its articles; None for a page's dump or a PDF."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from research.articles.article import Article
from research.articles.characters import Healed, heal
from research.articles.dates import day_in_path
from research.articles.text_files import FileArticles, FileReader
from research.errors import InputError
from research.files import decode, refuse_unreadable
from research.pages.marks.source_lines import SOURCE_LINE
from research.pages.read.article_files.crawled import CRAWLED, page_in_name
from research.pages.read.article_files.export import EXPORT
from research.pages.read.article_files.form import Entry, FileForm, Reading, TextFile
from research.pages.read.article_files.headed import HEADED
from research.pages.read.article_files.labelled import LABELLED
from research.pages.read.article_files.markdown import MARKDOWN
from research.pages.read.article_files.saved_page import read_saved_page
from research.pages.read.article_files.single import PARAGRAPHS, SINGLE
from research.pages.read.article_files.tagged import TAGGED
from research.pages.read.article_files.true_names import DOCUMENT_ENDINGS, true_name
from research.pages.read.article_files.word import read_docx
from research.pages.read.epaper.compose import compose, first_date, page_in_source_line
from research.pages.read.folio import number_and_name
from research.pages.read.text import MAX_BYTES_PER_PAGE

FORMS = (TAGGED, EXPORT, HEADED, LABELLED, MARKDOWN, CRAWLED, PARAGRAPHS)
"""The forms of text files that hold articles, in the order in which they are tried."""

MAX_BYTES_PER_FILE = 400_000_000
_FIRST_BYTES = 262_144
_LINE_END = re.compile(r"\r\n|\r|\n")
_HTML = "saved HTML article"
_WORD = "Word document"


def read_article_file(
    path: Path, encoding: str | None = None, *, whole: bool = False
) -> FileArticles | None:
    """Read a file that holds articles; None where it is a page's dump or a PDF.

    Parameters
    ----------
    path : a file of any kind.
    encoding : of a text file; by default it is detected.
    whole : whether a text file of no other form is one article, and no page.

    Raises
    ------
    InputError
        When the file cannot be read; one that is no text is named for what it is.
    """
    refuse_unreadable(path)
    true = true_name(path)
    if true.readable is None:
        raise InputError(f"{path}: is {true.name}; {true.remedy}")
    if true.readable == "pdf":
        return None
    if true.readable == "html":
        return _composed(path, _HTML, read_saved_page(path))
    if true.readable == "docx":
        return _word_articles(path)
    if not whole and _is_large_page(path, encoding):
        return None  # Which is refused as a page for its size.
    text, n_healed = _text(path, encoding)
    file = TextFile(path, tuple(_LINE_END.split(text)))
    form = _form_of(file) or (SINGLE if whole or path.suffix.lower() != ".txt" else None)
    if form is None:
        return None
    if not any(line.strip() for line in file.lines):
        raise InputError(f"{path}: the file is empty; fill it or take it out")
    return replace(_composed(path, form.name, form.read(file)), n_healed=n_healed)


def _is_large_page(path: Path, encoding: str | None) -> bool:
    """Return whether a file is larger than a page, and of no form by its first lines."""
    if path.stat().st_size <= MAX_BYTES_PER_PAGE:
        return False
    with path.open("rb") as opened:
        beginning = opened.read(_FIRST_BYTES)
    whole_lines = beginning[: beginning.rfind(b"\n") + 1]
    try:
        text = decode(whole_lines, str(path), encoding, few_nuls=True).text
    except InputError:
        return True
    return _form_of(TextFile(path, tuple(_LINE_END.split(text)))) is None


def _text(path: Path, encoding: str | None) -> Healed:
    size = path.stat().st_size
    if size > MAX_BYTES_PER_FILE:
        raise InputError(
            f"{path}: {size:,} bytes (at most {MAX_BYTES_PER_FILE:,}); cut the file in parts"
        )
    return heal(decode(path.read_bytes(), str(path), encoding, few_nuls=True).text)


def _form_of(file: TextFile) -> FileForm | None:
    return next((form for form in FORMS if form.recognises(file)), None)


def _word_articles(path: Path) -> FileArticles:
    file, n_boxes = read_docx(path)
    if not any(line.strip() for line in file.lines):
        raise InputError(f"{path}: the document has no text; fill it or take it out")
    form = _form_of(file) or SINGLE
    reading = form.read(file)
    if n_boxes:
        reading.problems.append(f"{path}: {n_boxes} text boxes are not read; copy them into text")
    return _composed(path, f"{_WORD}, {form.name}" if form != SINGLE else _WORD, reading)


def _composed(path: Path, form: str, reading: Reading) -> FileArticles:
    """Make articles of a file's entries: bylines, jumps, kinds, as in e-papers."""
    aside = +reading.aside
    problems = list(reading.problems)
    articles = []
    for entry in reading.entries:
        dated, n_lines = _with_source(entry)
        aside["source line"] += n_lines
        composed = compose(dated.fields, dated.fields.headline)
        aside["editors"] += composed.n_editors_lines
        article = composed.article
        if article is None:
            problems.append(_no_body(path, dated))
            continue
        articles.append(_placed(article, dated, path))
    return FileArticles(tuple(articles), form, +aside, tuple(problems))


def _no_body(path: Path, entry: Entry) -> str:
    place = f"{path}:{entry.lines[0]}" if entry.lines[0] > 1 else str(path)
    headline = entry.fields.headline
    return f"{place}: body of “{headline}” not found" if headline else f"{place}: no body found"


def _with_source(entry: Entry) -> tuple[Entry, int]:
    """Return an entry with the day and the page of its source line; and how many lines these are.

    ``compose`` takes the line itself out of the body.
    """
    fields = entry.fields
    date, label = page_in_source_line(fields)
    if not date:
        return entry, 0
    n_lines = sum(bool(SOURCE_LINE.fullmatch(text.strip())) for text in fields.paragraphs)
    dates = (*fields.dates, date)
    fields = fields._replace(dates=dates, page_label=fields.page_label or label)
    return entry._replace(fields=fields), n_lines


def _placed(article: Article, entry: Entry, path: Path) -> Article:
    """Return an article with its page, its lines, its day and its paper."""
    fields = entry.fields
    label = fields.page_label or page_in_name(path)
    number, name = number_and_name(label)
    return replace(
        article,
        date=article.date or first_date(fields.dates) or day_in_path(path),
        lines=(entry.lines,) if entry.lines[0] else (),
        pages=() if number is None else (number,),
        page_names=(name,) if name else (),
        source=entry.source,
        id=fields.id,
    )


def _read_whole(path: Path, encoding: str | None) -> FileArticles:
    read = read_article_file(path, encoding, whole=True)
    if read is None:
        raise InputError(f"{path}: a PDF has pages; leave out --whole")
    return read


ARTICLE_ENDINGS = (".md", ".markdown", ".htm", ".html", *DOCUMENT_ENDINGS)
"""Endings of files that hold articles, or are refused by name, beside ``.txt``."""
WHOLE_FILES = FileReader((".txt", *ARTICLE_ENDINGS), _read_whole)
"""Reads every file as articles: a text file of no other form is one."""
