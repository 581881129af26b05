"""A text file that is one article: its first line is the headline where it is none of the body."""

from __future__ import annotations

from research.articles.headings import author_in, is_body, opening_of
from research.pages.read.article_files.form import Entry, FileForm, Reading, TextFile
from research.pages.read.epaper.form import ArticleFile

_MAX_COLUMN_CHARACTERS = 60  # Printed lines are shorter, so a longer one is a paragraph.


def _read(file: TextFile) -> Reading:
    stripped = [line.strip() for line in file.lines]
    numbers = [number for number, line in enumerate(stripped, 1) if line]
    texts = [line for line in stripped if line]
    headline, datelines, body = opening_of(texts)
    authors = filter(None, map(author_in, datelines))
    fields = ArticleFile(
        paragraphs=tuple(body),
        headline=headline,
        author=next(authors, ""),
        dates=tuple(datelines),
    )
    lines = (numbers[0], numbers[-1])
    reading = Reading([Entry(fields, lines)])
    n_of_article = len(body) + bool(headline)
    reading.aside["source line"] += len(texts) - n_of_article
    return reading


def _recognises(file: TextFile) -> bool:
    """Return whether a text is surely one article: a headline over whole paragraphs only."""
    if file.path.suffix.lower() != ".txt":
        return False
    stripped = map(str.strip, file.lines)
    texts = [line for line in stripped if line]
    headline, datelines, body = opening_of(texts)
    if not headline or not body:
        return False
    if not all(map(is_body, body)):
        return False
    longest = max(map(len, body))
    return bool(datelines) or longest > _MAX_COLUMN_CHARACTERS


NAME = "an article a file"
PARAGRAPHS = FileForm(NAME, _recognises, _read)
"""A text file that is recognised as one article."""
SINGLE = FileForm(NAME, lambda _: True, _read)
"""A text file of which it is known that it is one article."""
