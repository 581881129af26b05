"""The articles of one corpus or several, with the columns that they are compared by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from research.articles.article import Article
from research.articles.problems import Problems
from research.config import CorpusConfig, ThemesExperiment
from research.files import Progress
from research.themes.covariates import check_names, is_of_article
from research.training.inputs import read_articles

_CORPUS = "corpus"  # The column that names an article's corpus, where there are several.


class Corpora(NamedTuple):
    """The articles of all corpora, in their order, and why each has no date, "" where it has."""

    articles: list[Article]
    dateless: list[str]


def read_corpora(
    config: ThemesExperiment,
    base: Path,
    progress: Progress | None,
    problems: Problems | None = None,
) -> Corpora:
    """Read the articles of every corpus of an experiment whose paths are relative to *base*.

    An article of several corpora has its corpus's name as a column, and as its paper where it
    names none; where corpora share an id, all ids begin with the corpus's name. What is left out of
    them is noted in *problems*.

    Raises InputError for anything wrong in a corpus, and for a column that no article has a value
    in.
    """
    parts = []
    dateless: list[str] = []
    reader = _Reader(config, base, problems or Problems(), progress)
    for corpus in config.corpora:
        articles, why = reader.read(corpus)
        parts.append(articles)
        dateless += why
    if len(parts) > 1:
        parts = _with_names(parts, [corpus.title for corpus in config.corpora])
    together = [article for part in parts for article in part]
    named = dict.fromkeys(config.divisions)
    for corpus in config.corpora:
        named |= dict.fromkeys(corpus.columns)
    check_names(together, list(named), "time.breakdown")
    return Corpora(together, dateless)


class _Reader(NamedTuple):
    """Read the corpora of an experiment, and note what is left out of them."""

    config: ThemesExperiment
    base: Path
    problems: Problems
    progress: Progress | None

    def read(self, corpus: CorpusConfig) -> tuple[list[Article], list[str]]:
        """Return the articles of one corpus, and why each has no date."""
        reasons: dict[int, str] = {}

        def note_bad_date(article: Article, why: str) -> None:
            reasons[id(article)] = why

        named = {name: name for name in self.config.divisions if not is_of_article(name)}
        articles = read_articles(
            corpus,
            self.base,
            self.progress,
            sections=None,
            require_section=False,
            columns=named | corpus.columns,
            on_bad_date=note_bad_date,
            problems=self.problems,
        )
        missing = f"no date in field {corpus.fields.date!r}"
        why = ["" if article.date else reasons.get(id(article), missing) for article in articles]
        return articles, why


def _with_names(parts: Sequence[list[Article]], titles: Sequence[str]) -> list[list[Article]]:
    """Return the articles of several corpora with the names of these."""
    ids = [article.id for part in parts for article in part]
    shared = len(set(ids)) < len(ids)
    named = []
    for part, title in zip(parts, titles, strict=True):
        articles = []
        for article in part:
            own = tuple(column for column in article.columns if column[0] != _CORPUS)
            changed = replace(
                article,
                id=f"{title}:{article.id}" if shared else article.id,
                source=article.source or title,
                columns=(*own, (_CORPUS, title)),
            )
            articles.append(changed)
        named.append(articles)
    return named
