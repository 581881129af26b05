"""What an experiment reads: articles, and the segmenter that its config describes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from research.articles.article import SECTIONS, Article
from research.articles.corpus import iter_corpus
from research.articles.dates import iso_date
from research.config import CorpusConfig, ThemesExperiment, TokensConfig
from research.errors import InputError
from research.files import Progress
from research.runs import SectionsRun, load
from research.text.new_words import propose_words
from research.text.segmenter import (
    Segmenter,
    UserWord,
    default_stop_words,
    default_words,
    read_stop_words,
    read_user_dictionary,
)
from research.themes.calendar import far_from_others, too_coarse


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


def read_dated(
    config: ThemesExperiment, base: Path, progress: Progress | None
) -> tuple[list[Article], list[tuple[int, str, str]]]:
    """Read the corpus; return its articles, and of those that no curve can show their position, date and why.

    Dates that are missing, no date of the calendar, too coarse for the periods, or of another century than the rest.
    """
    wrong: list[tuple[Article, str]] = []
    articles = read_articles(
        config.corpus,
        base,
        progress,
        sections=None,
        require_section=False,
        on_bad_date=lambda article, why: wrong.append((article, why)),
    )
    why_wrong = {id(article): why for article, why in wrong}
    by = config.time.by
    undated: list[tuple[int, str, str]] = []
    for i, article in enumerate(articles):
        if article.date is None:
            undated.append(
                (
                    i,
                    "",
                    why_wrong.get(id(article), f"no date in field {config.corpus.fields.date!r}"),
                )
            )
        elif too_coarse(article.date, by):
            undated.append((i, article.date, f"names no {by}"))
    out = {i for i, _, _ in undated}
    left = [i for i in range(len(articles)) if i not in out]
    far = far_from_others([articles[i].date or "" for i in left])
    undated += [
        (i, articles[i].date or "", "far from the other dates: another century?")
        for n, i in enumerate(left)
        if n in far
    ]
    if 2 * len(undated) > len(articles):
        i, date, why = undated[0]
        raise InputError(
            f"{base / config.corpus.path}: {len(undated)} of {len(articles)} articles have no usable date, such as {articles[i].id}: "
            f"{date} {why}; name the field, set time.by to something longer, or correct the dates"
        )
    return articles, sorted(undated)


def label_sections(
    config: ThemesExperiment, base: Path, articles: list[Article], progress: Progress | None
) -> list[Article]:
    """Give articles without section the one that the config's section run is sure of; the others stay without."""
    if config.sections is None:
        return articles
    run = load(base / config.sections)
    if not isinstance(run, SectionsRun):
        raise InputError(
            f'{base / config.sections}: a themes run labels no sections; give a run with task = "sections"'
        )
    model = run.model
    bare = [i for i, article in enumerate(articles) if not article.section]
    if bare:
        proba = in_batches(model.predict_proba, [articles[i] for i in bare], "labelling", progress)
        for i, best, sure in zip(bare, proba.argmax(axis=1), model.is_sure(proba), strict=True):
            articles[i] = (
                replace(articles[i], section=str(model.classes_[best])) if sure else articles[i]
            )
    return articles
