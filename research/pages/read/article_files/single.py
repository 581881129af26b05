"""A text file that is one article: its first line is the headline where it is none of the body."""

from __future__ import annotations

from research.articles.headings import author_in, is_body, opening_of
from research.pages.read.article_files.form import Entry, FileForm, Reading, TextFile
from research.pages.read.epaper.form import ArticleFile

_MAX_COLUMN_CHARACTERS = 60  # Printed lines are shorter, so a longer one is a paragraph.


def _read(file: TextFile) -> Reading:
    filled = [number for number, line in enumerate(file.lines, 1) if line.strip()]
    texts = [line.strip() for line in file.lines if line.strip()]
    headline, datelines, body = opening_of(texts)
    authors = filter(None, map(author_in, datelines))
    fields = ArticleFile(
        paragraphs=tuple(body),
        headline=headline,
        author=next(authors, ""),
        dates=tuple(datelines),
    )
    reading = Reading([Entry(fields, (filled[0], filled[-1]))])
    reading.aside["source line"] += len(texts) - len(body) - bool(headline)
    return reading


def _recognises(file: TextFile) -> bool:
    """Return whether a text is surely one article: a headline over whole paragraphs only."""
    if file.path.suffix.lower() != ".txt":
        return False
    texts = [line.strip() for line in file.lines if line.strip()]
    headline, datelines, body = opening_of(texts)
    if not headline or not body or not all(map(is_body, body)):
        return False
    return bool(datelines) or max(map(len, body)) > _MAX_COLUMN_CHARACTERS


NAME = "an article a file"
PARAGRAPHS = FileForm(NAME, _recognises, _read)
"""A text file that is recognised as one article."""
SINGLE = FileForm(NAME, lambda _: True, _read)
"""A text file of which it is known that it is one article."""
