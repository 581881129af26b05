"""Model cards: what a model is, what it is for and not for, its figures; one card per language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from research.report.texts import LANGUAGES, Language, text

if TYPE_CHECKING:
    from research.runs import SectionsRun, ThemesRun

_PARAGRAPHS = ("what", "purpose", "limits", "figures")


class Card(NamedTuple):
    """A model card: its language, with code, name and colon, and paragraphs of (title, text)."""

    language: str
    language_name: str
    colon: str
    paragraphs: Sequence[tuple[str, str]]


def themes_cards(run: ThemesRun) -> list[Card]:
    """Return the cards of a topic model."""
    return [_themes_card(run, language) for language in LANGUAGES]


def sections_cards(run: SectionsRun) -> list[Card]:
    """Return the cards of a section classifier."""
    return [_sections_card(run, language) for language in LANGUAGES]


def _themes_card(run: ThemesRun, language: Language) -> Card:
    figures, topics = run.figures, run.config.topics
    stability = ""
    if figures.stability is not None:
        stability = text(language, "themes_card.stability", stability=figures.stability)
    return _card(
        language,
        "themes_card",
        n_topics=figures.n_topics,
        engine=text(language, f"themes_card.{topics.engine}"),
        n_articles=n_training_articles(run),
        span=_span(run.shares.periods, language),
        seed=run.config.seed,
        alpha=topics.alpha,
        eta=topics.eta,
        stability=stability,
        coherence=figures.coherence_npmi,
        diversity=figures.diversity,
        undated=figures.undated,
    )


def _span(periods: Sequence[str], language: Language) -> str:
    if not periods:
        return text(language, "themes_card.undated")
    return text(language, "themes_card.span", first=periods[0], last=periods[-1])


def n_training_articles(run: ThemesRun) -> int:
    """Return how many articles the topics were learned from."""
    if run.config.near_duplicates == "keep":
        return run.figures.documents
    return run.figures.documents - run.figures.near_duplicates


def _sections_card(run: SectionsRun, language: Language) -> Card:
    figures = run.figures
    tested_on = text(language, "sections_card.against_rules")
    if figures.test_articles:
        tested_on = text(language, "sections_card.tested_on", n=figures.test_articles)
    low, high = figures.macro_f1_interval
    return _card(
        language,
        "sections_card",
        kind=run.config.classifier.kind,
        n_articles=figures.train_articles,
        rules=text(language, "sections_card.rules") if figures.rules else "",
        seed=run.config.seed,
        tested_on=tested_on,
        macro_f1=figures.macro_f1,
        low=low,
        high=high,
        calibration_error=figures.calibration_error,
    )


def _card(language: Language, group: str, **values: object) -> Card:
    paragraphs = [
        (text(language, f"card.{name}"), text(language, f"{group}.{name}", **values))
        for name in _PARAGRAPHS
    ]
    code, name, colon = (
        text(language, f"card.{key}") for key in ("language_code", "language", "colon")
    )
    return Card(code, name, colon, paragraphs)
