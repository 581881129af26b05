"""Model cards: what a model is, what it is for and not for, its figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from research.report.texts import Wording, wording

if TYPE_CHECKING:
    from research.runs import SectionsRun, ThemesRun

_PARAGRAPHS = ("what", "purpose", "limits", "figures")


Card = Sequence[tuple[Wording, Wording]]
"""Paragraphs of a title and a text."""

_NOTHING = Wording("", "")


def themes_card(run: ThemesRun) -> Card:
    """Return the card of a topic model."""
    figures, topics = run.figures, run.config.topics
    stability = _NOTHING
    if figures.stability is not None:
        stability = wording("themes_card.stability", stability=figures.stability)
    return _card(
        "themes_card",
        n_topics=figures.n_topics,
        engine=wording(f"themes_card.{topics.engine}"),
        n_articles=n_training_articles(run),
        span=_span(run.shares.periods),
        seed=run.config.seed,
        alpha=topics.alpha,
        eta=topics.eta,
        stability=stability,
        coherence=figures.coherence_npmi,
        diversity=figures.diversity,
        undated=figures.undated,
    )


def _span(periods: Sequence[str]) -> Wording:
    if not periods:
        return wording("themes_card.undated")
    return wording("themes_card.span", first=periods[0], last=periods[-1])


def n_training_articles(run: ThemesRun) -> int:
    """Return how many articles the topics were learned from."""
    if run.config.near_duplicates == "keep":
        return run.figures.documents
    return run.figures.documents - run.figures.near_duplicates


def sections_card(run: SectionsRun) -> Card:
    """Return the card of a section classifier."""
    figures = run.figures
    tested_on = wording("sections_card.against_rules")
    if figures.test_articles:
        tested_on = wording("sections_card.tested_on", n=figures.test_articles)
    low, high = figures.macro_f1_interval
    return _card(
        "sections_card",
        kind=run.config.classifier.kind,
        n_articles=figures.train_articles,
        rules=wording("sections_card.rules") if figures.rules else _NOTHING,
        seed=run.config.seed,
        tested_on=tested_on,
        macro_f1=figures.macro_f1,
        low=low,
        high=high,
        calibration_error=figures.calibration_error,
    )


def _card(group: str, **values: object) -> Card:
    return [(wording(f"card.{name}"), wording(f"{group}.{name}", **values)) for name in _PARAGRAPHS]
