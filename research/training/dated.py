"""The articles of a themes experiment: read, dated, labelled, near-duplicates grouped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.articles.article import Article
from research.articles.near_duplicates import near_duplicate_groups
from research.articles.problems import Problems
from research.config import ThemesExperiment
from research.errors import InputError
from research.files import Progress
from research.runs import SectionsRun, load, run_in
from research.themes.calendar import Period, far_from_others, lay_out, too_coarse
from research.training.corpora import read_corpora
from research.training.inputs import predict_in_batches


class Undated(NamedTuple):
    """An article (its position) that no curve can show, its date as far as it has one, and why."""

    position: int
    date: str
    why: str


@dataclass(frozen=True)
class ThemesCorpus:
    """The articles of an experiment.

    Attributes
    ----------
    articles : list[Article]
        All of them.
    undated : list[Undated]
        Those that no curve can show.
    groups : list[list[int]]
        Positions of articles with nearly the same text, group by group, in rising order.
    problems : Problems
        Rows that could not be read, and what was left out of the corpus.
    """

    articles: list[Article]
    undated: list[Undated]
    groups: list[list[int]]
    problems: Problems = field(default_factory=Problems)

    @cached_property
    def extra_copies(self) -> NDArray[np.intp]:
        """Positions of all but the first of every group, in rising order."""
        positions: list[int] = []
        for group in self.groups:
            positions += group[1:]
        return np.array(sorted(positions), dtype=np.intp)

    @cached_property
    def distinct(self) -> NDArray[np.intp]:
        """Positions of the articles without the extra copies."""
        return np.setdiff1d(np.arange(len(self.articles)), self.extra_copies)

    @property
    def undated_positions(self) -> list[int]:
        """Positions of the articles that no curve can show."""
        return [entry.position for entry in self.undated]

    @property
    def distinct_dated(self) -> NDArray[np.intp]:
        """Positions of the articles with a date, without the extra copies."""
        return np.setdiff1d(self.distinct, self.undated_positions)


def read_corpus(config: ThemesExperiment, base: Path, progress: Progress | None) -> ThemesCorpus:
    """Read the articles of an experiment whose paths are relative to *base*."""
    problems = Problems()
    articles, undated = _read_dated(config, base, problems, progress)
    if config.sections is not None:
        articles = label_sections(articles, run_in(base, config.sections), progress)
    groups: list[list[int]] = []
    if config.near_duplicates != "keep":
        texts = [article.text for article in articles]
        groups = near_duplicate_groups(texts, progress=progress)
    return ThemesCorpus(articles, undated, groups, problems)


def _read_dated(
    config: ThemesExperiment, base: Path, problems: Problems, progress: Progress | None
) -> tuple[list[Article], list[Undated]]:
    """Return the articles, and those that no curve can show.

    Their dates are missing, no date of the calendar, too coarse for the periods, or of another
    century than the rest.
    """
    corpora = read_corpora(config, base, progress, problems)
    articles = corpora.articles
    undated = []
    for i, article in enumerate(articles):
        if article.date is None:
            undated.append(Undated(i, "", corpora.dateless[i]))
        elif too_coarse(article.date, config.time.by):
            why = f"names no {config.time.by}"
            undated.append(Undated(i, article.date, why))
    without_period = {entry.position for entry in undated}
    undated += _of_another_century(articles, without_period)
    _check_periods(articles, undated, config.time.by)
    return articles, sorted(undated)


def _check_periods(articles: Sequence[Article], undated: Sequence[Undated], by: Period) -> None:
    """Raise InputError where the dates span too many periods, before anything is trained."""
    left_out = {entry.position for entry in undated}
    positions = [i for i in range(len(articles)) if i not in left_out]
    dates = [articles[i].date or "" for i in positions]
    lay_out(dates, by)


def _of_another_century(articles: Sequence[Article], undated: set[int]) -> list[Undated]:
    """Return the dated articles that are far from all others."""
    positions = [i for i in range(len(articles)) if i not in undated]
    dates = [articles[i].date or "" for i in positions]
    why = "far from the other dates: another century?"
    far = []
    for n in sorted(far_from_others(dates)):
        far.append(Undated(positions[n], dates[n], why))
    return far


def label_sections(
    articles: Sequence[Article], folder: Path, progress: Progress | None
) -> list[Article]:
    """Label articles without a section by the sections run in *folder*, where it is sure."""
    run = load(folder)
    if not isinstance(run, SectionsRun):
        raise InputError(
            f'{folder}: a themes run labels no sections; give a run with task = "sections"'
        )
    labelled = list(articles)
    positions = [i for i, article in enumerate(articles) if not article.section]
    if not positions:
        return labelled
    unlabelled = [articles[i] for i in positions]
    proba = predict_in_batches(run.model, unlabelled, progress)
    likeliest = proba.argmax(axis=1)
    sections = run.model.classes_[likeliest].tolist()
    sure = run.model.is_sure(proba, unlabelled)
    for n in np.flatnonzero(sure):
        position = positions[n]
        labelled[position] = replace(unlabelled[n], section=sections[n])
    return labelled
