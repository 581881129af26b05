"""What an experiment reads: articles, and the segmenter that its config describes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from research.articles.article import SECTIONS, Article
from research.articles.corpus import iter_corpus
from research.articles.dates import iso_date
from research.config import CorpusConfig, TokensConfig
from research.errors import InputError
from research.files import Progress
from research.text.new_words import propose_words
from research.text.segmenter import (
    Segmenter,
    UserWord,
    default_stop_words,
    default_words,
    read_stop_words,
    read_user_dictionary,
)


def build_segmenter(
    tokens: TokensConfig, base: Path, articles: Sequence[Article], progress: Progress | None = None
) -> Segmenter:
    """Build the segmenter that a config describes; its files are relative to *base*, its phrases learned from *articles*."""
    words = [
        word
        for name in tokens.user_dictionaries
        for word in (default_words() if name == "default" else read_user_dictionary(base / name))
    ]
    stop = frozenset[str]().union(
        *(
            default_stop_words() if name == "default" else read_stop_words(base / name)
            for name in tokens.stop_words
        )
    )
    if tokens.phrases:
        words += [
            UserWord(phrase.word)
            for phrase in propose_words(articles, Segmenter(words, stop), progress=progress)
        ]
    return Segmenter(
        words, stop, numbers=tokens.numbers, latin=tokens.latin, min_length=tokens.min_length
    )


def read_articles(
    corpus: CorpusConfig,
    base: Path,
    progress: Progress | None,
    *,
    sections: Sequence[str] | None = SECTIONS,
    require_date: bool = False,
    require_section: bool = True,
    on_bad_date: Callable[[Article, str], None] | None = None,
) -> list[Article]:
    """Read the articles of a corpus; *sections* are the labels that it may hold (None: any), *require_section* wants one everywhere."""
    required: list[Literal["date", "section"]] = []
    if require_date:
        required.append("date")
    if require_section:
        required.append("section")
    rows = iter_corpus(
        base / corpus.path,
        corpus.fields,
        require=required,
        sections=sections,
        labels=corpus.labels,
        on_bad_date=on_bad_date,
    )
    articles = []
    for article in islice(rows, corpus.limit):
        if _outside(article, corpus):
            continue
        articles.append(article)
        if len(articles) % 1000 == 0:
            tell(progress, f"reading {Path(corpus.path).name}", len(articles), 0)
    tell(progress, f"reading {Path(corpus.path).name}", len(articles), len(articles))
    if not articles:
        raise InputError(
            f"{base / corpus.path}: corpus.labels, since or until leaves every row out; map at least two labels, or widen the dates"
        )
    return articles


def _outside(article: Article, corpus: CorpusConfig) -> bool:
    """Whether an article's date lies before *since* or after *until*, as exact as both are; one without a date never does."""
    date = article.date or ""
    since, until = (iso_date(day) if day else "" for day in (corpus.since, corpus.until))
    return bool(date) and bool(
        (since and date[: len(since)] < since[: len(date)])
        or (until and date[: len(until)] > until)
    )


def in_batches(
    predict: Callable[[Sequence[Article]], NDArray[np.float64]],
    articles: Sequence[Article],
    stage: str,
    progress: Progress | None,
) -> NDArray[np.float64]:
    parts = []
    for start in range(0, len(articles), 1000):
        parts.append(predict(articles[start : start + 1000]))
        tell(progress, stage, min(start + 1000, len(articles)), len(articles))
    return np.vstack(parts)


def watched(
    articles: Sequence[Article], stage: str, progress: Progress | None
) -> Iterable[Article]:
    for i, article in enumerate(articles, 1):
        yield article
        if i % 200 == 0 or i == len(articles):
            tell(progress, stage, i, len(articles))


def tell(progress: Progress | None, stage: str, done: int, total: int) -> None:
    if progress:
        progress(stage, done, total)
