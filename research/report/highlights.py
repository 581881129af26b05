"""Typical articles of topics, the words of the topic lit up in their paragraphs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from markupsafe import Markup, escape

from research.articles.article import Article
from research.runs.engine import read_texts
from research.themes.explanation import (
    ParagraphPart,
    ThemeWords,
    explain_paragraphs,
    theme_probabilities,
)

if TYPE_CHECKING:
    from research.runs import ThemesRun

_MAX_ARTICLES_PER_TOPIC = 3
_MAX_PARAGRAPHS_PER_ARTICLE = 3  # Those with most of the topic; in a report there is little room.
_MAX_CHARACTERS_PER_PARAGRAPH = 240
_MIN_PROBABILITY_LIT = 0.2
_STYLE = Markup("color: inherit; background: rgba(var(--heat), {:.2f})")
_MARK = Markup('<mark style="{}">{}</mark>')
_STRONGEST_LIGHT = 0.4  # The opacity behind a word that surely belongs to the topic.


class LitArticle(NamedTuple):
    """Paragraphs of an article as HTML, with the words of one topic marked."""

    paragraphs: Sequence[Markup]


Highlights = Mapping[tuple[int, str], LitArticle]


def highlights(run: ThemesRun) -> Highlights:
    """Return typical articles with the words of their topic lit up, by topic and id.

    A run of an early version has none, for it did not store their texts.
    """
    typical = list(_typical_articles(run))
    if not typical:
        return {}
    # By the shares of the whole archive: by those of such an article every word would be lit.
    shares = np.array([topic.share for topic in run.topics])
    column_of = {word: column for column, word in enumerate(run.vocabulary)}
    lit = {}
    for number, article in typical:
        probabilities = theme_probabilities(shares, run.topic_word, number)
        words = ThemeWords(probabilities, column_of, run.segmenter)
        paragraphs = explain_paragraphs(article.text, words)
        lit[number, article.id] = _light(paragraphs)
    return lit


def _typical_articles(run: ThemesRun) -> Iterator[tuple[int, Article]]:
    """Yield the number of each topic with its first typical articles, as far as they have text."""
    texts = read_texts(run.source)
    for topic in run.topics:
        for reference in topic.typical[:_MAX_ARTICLES_PER_TOPIC]:
            paragraphs = tuple(texts.get(reference.id, ()))
            if not paragraphs:
                continue
            article = Article(id=reference.id, headline=reference.headline, paragraphs=paragraphs)
            yield topic.number, article


def _light(parts: Sequence[ParagraphPart]) -> LitArticle:
    """Return the paragraphs with most of a topic, in their order."""
    strongest = sorted(range(len(parts)), key=lambda n: (-parts[n].tokens, n))
    shown = sorted(strongest[:_MAX_PARAGRAPHS_PER_ARTICLE])
    paragraphs = [_marked(parts[n]) for n in shown]
    return LitArticle(paragraphs)


def _marked(part: ParagraphPart) -> Markup:
    """Return a paragraph as HTML in which words of the topic are marked, the surer the stronger."""
    text = part.text[:_MAX_CHARACTERS_PER_PARAGRAPH]
    pieces = []
    end = 0
    for place in part.places:
        if place.probability < _MIN_PROBABILITY_LIT or place.end > len(text):
            continue
        before = text[end : place.begin]
        word = text[place.begin : place.end]
        opacity = _STRONGEST_LIGHT * place.probability
        style = _STYLE.format(opacity)
        pieces.append(escape(before))
        pieces.append(_MARK.format(style, word))
        end = place.end
    pieces.append(escape(text[end:]))
    if len(part.text) > len(text):
        pieces.append(Markup("…"))
    return Markup("").join(pieces)
