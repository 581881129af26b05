"""What an experiment reads: articles, and the segmenter that its config describes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from research.articles.article import SECTIONS, Article
from research.articles.corpus import CorpusReader
from research.articles.dates import iso_date
from research.articles.problems import Problems
from research.articles.row_rules import RowRules
from research.config import CorpusConfig, TokensConfig
from research.errors import InputError
from research.files import Progress, report_progress
from research.sections.classifier import SectionClassifier
from research.text.new_words import propose_words
from research.text.segmenter import (
    Segmenter,
    UserWord,
    default_stop_words,
    default_words,
    normal_token,
    read_stop_words,
    read_user_dictionary,
)

_DEFAULT = "default"  # Names the lists that ship, where a config names files.
_ARTICLES_PER_BATCH = 1000
_ARTICLES_PER_REPORT = 1000  # Of progress, while a corpus is read.
_ARTICLES_PER_STEP = 200  # Of progress, while articles are segmented.


def build_segmenter(
    tokens: TokensConfig, base: Path, articles: Sequence[Article], progress: Progress | None = None
) -> Segmenter:
    """Build the segmenter that a config describes.

    Parameters
    ----------
    tokens
        The config; its files are relative to *base*.
    base
        A folder.
    articles
        New words are learned from these, where the config asks for it.
    progress
        Called while they are learned.
    """
    words = _user_words(tokens.user_dictionaries, base)
    stop_words = _stop_words(tokens.stop_words, base)
    if tokens.new_words:
        segmenter = Segmenter(words, stop_words, traditional=tokens.traditional)
        new_words = propose_words(articles, segmenter, progress=progress)
        words += [UserWord(new_word.word) for new_word in new_words]
    return Segmenter(
        words,
        stop_words,
        numbers=tokens.numbers,
        latin=tokens.latin,
        min_length=tokens.min_length,
        traditional=tokens.traditional,
    )


def _user_words(names: Sequence[str], base: Path) -> list[UserWord]:
    words: list[UserWord] = []
    for name in names:
        words += default_words() if name == _DEFAULT else read_user_dictionary(base / name)
    return words


def _stop_words(names: Sequence[str], base: Path) -> frozenset[str]:
    words = frozenset[str]()
    for name in names:
        words |= default_stop_words() if name == _DEFAULT else read_stop_words(base / name)
    return words


def read_stop_lists(names: Sequence[str], words: Sequence[str], base: Path) -> frozenset[str]:
    """Return the stop words of files, whose paths are relative to *base*, and some *words*."""
    given = [normal_token(word) for word in words]
    return _stop_words(names, base).union(given)


def read_articles(
    corpus: CorpusConfig,
    base: Path,
    progress: Progress | None,
    *,
    sections: Sequence[str] | None = SECTIONS,
    require_date: bool = False,
    require_section: bool = True,
    columns: Mapping[str, str] | None = None,
    on_bad_date: Callable[[Article, str], None] | None = None,
    problems: Problems | None = None,
) -> list[Article]:
    """Read the articles of a corpus.

    Parameters
    ----------
    corpus
        The config; its path is relative to *base*.
    base
        A folder.
    progress
        Called every thousand articles.
    sections
        The labels that the corpus may hold; None for any.
    require_date, require_section
        Whether every article must have a date; whether articles without a section are left out.
    columns
        Names of further columns to keep, and what the corpus calls them.
    on_bad_date
        Called with an article whose date is none, and why; without it, a bad date is an error.
    problems
        Where rows that are left out are noted.

    Raises
    ------
    InputError
        For anything wrong in the corpus, and where no article is left.
    """
    path = base / corpus.path
    required = _required(date=require_date, section=require_section)
    rules = RowRules(corpus.fields, required, sections, corpus.labels, columns, on_bad_date)
    rules = replace(rules, sheet=corpus.sheet, partly_labelled=True)
    reader = CorpusReader(path, rules, corpus.on_bad_row, problems)
    articles = _read_rows(reader, corpus, path, progress)
    if not require_section:
        return articles
    return _labelled(articles, path, corpus.fields.section)


def _read_rows(
    reader: CorpusReader, corpus: CorpusConfig, path: Path, progress: Progress | None
) -> list[Article]:
    """Return the articles of a corpus; raise InputError for bad rows, or where none is left."""
    rows = islice(reader, corpus.limit)
    articles = _collect(rows, corpus, f"reading {path.name}", progress)
    reader.refuse()
    if not articles:
        raise InputError(
            f"{path}: corpus.labels, since, until or on_bad_row leaves every row out; map at least "
            "two labels, widen the dates, or correct the rows"
        )
    return articles


def _labelled(articles: Sequence[Article], path: Path, field: str) -> list[Article]:
    """Return the articles that have a section; raise InputError where none has."""
    labelled = [article for article in articles if article.section]
    if not labelled:
        raise InputError(
            f"{path}: no row has a section in field {field!r}; fill some in, or name the field"
        )
    return labelled


def _required(*, date: bool, section: bool) -> list[Literal["date", "section"]]:
    required: list[Literal["date", "section"]] = []
    if date:
        required.append("date")
    if section:
        required.append("section")
    return required


def _collect(
    rows: Iterable[Article], corpus: CorpusConfig, stage: str, progress: Progress | None
) -> list[Article]:
    """Return the articles between the corpus's first and last day, and report progress."""
    articles = []
    for article in rows:
        if _outside(article, corpus):
            continue
        articles.append(article)
        if len(articles) % _ARTICLES_PER_REPORT == 0:
            report_progress(progress, stage, len(articles), 0)
    report_progress(progress, stage, len(articles), len(articles))
    return articles


def _outside(article: Article, corpus: CorpusConfig) -> bool:
    """Return whether an article's date is before *since* or after *until*.

    Dates are compared as far as both are exact; an article without a date is never outside.
    """
    date = article.date
    if not date:
        return False
    since = iso_date(corpus.since) if corpus.since else ""
    until = iso_date(corpus.until) if corpus.until else ""
    too_early = bool(since) and date[: len(since)] < since[: len(date)]
    too_late = bool(until) and date[: len(until)] > until
    return too_early or too_late


def predict_in_batches(
    model: SectionClassifier, articles: Sequence[Article], progress: Progress | None
) -> NDArray[np.float64]:
    """Return the sections' probabilities, n_articles × n_sections, and report progress."""
    parts = []
    for start in range(0, len(articles), _ARTICLES_PER_BATCH):
        batch = articles[start : start + _ARTICLES_PER_BATCH]
        parts.append(model.predict_proba(batch))
        report_progress(progress, "labelling", start + len(batch), len(articles))
    return np.vstack(parts)


def watched(
    articles: Sequence[Article], stage: str, progress: Progress | None
) -> Iterator[Article]:
    """Yield the articles, and report progress."""
    for i, article in enumerate(articles, 1):
        yield article
        if i % _ARTICLES_PER_STEP == 0 or i == len(articles):
            report_progress(progress, stage, i, len(articles))
