"""Which words and paragraphs of an article made a theme of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from research.articles.article import Text
from research.errors import InputError
from research.text.passages import counted_text
from research.themes.explanation import (
    ThemeExplanation,
    ThemeWords,
    explain_paragraphs,
    explain_words,
    theme_probabilities,
)

if TYPE_CHECKING:
    from research.runs.loaded import ThemesRun

_DIGITS = 6


def explain_theme(run: ThemesRun, text: Text, topic: int | None = None) -> ThemeExplanation:
    """Return which words and paragraphs of a text or Article made a theme.

    Parameters
    ----------
    run
        The run.
    text
        One text or Article.
    topic
        The number of the theme; the one with the largest share where left out.

    Raises
    ------
    InputError
        Where there is no such theme, or the text has no word that the model knows.
    """
    n_topics = len(run.topics)
    if topic is not None and not 0 <= topic < n_topics:
        raise InputError(f"there is no topic {topic}; topics go from 0 to {n_topics - 1}")
    if not run.has_theme([text])[0]:
        raise InputError(f"no word of this article is among the words of {run.name}: no theme")
    [shares] = run.transform([text])
    number = int(shares.argmax()) if topic is None else topic
    words = ThemeWords(
        probabilities=theme_probabilities(shares, run.topic_word, number),
        column_of={word: column for column, word in enumerate(run.vocabulary)},
        segmenter=run.segmenter,
    )
    counted = counted_text(text, run.trained.counting)
    return ThemeExplanation(
        topic=number,
        name=run.topics[number].name,
        share=round(float(shares[number]), _DIGITS),
        words=explain_words(counted, words),
        paragraphs=explain_paragraphs(counted, words),
    )
