"""A text file that is one article: its first line is the headline where it is none of the body."""

from __future__ import annotations

from research.articles.headings import author_in, opening_of
from research.pages.read.article_files.form import Entry, FileForm, Reading, TextFile
from research.pages.read.epaper.form import ArticleFile


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


SINGLE = FileForm("an article a file", lambda _: True, _read)
