"""Articles that continue on another page (下转 / 上接) → one article each.

The marks themselves are read in ``marks.jumps``.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from research.articles.article import Article
from research.pages.read.page import Page
from research.pages.split.page import split_page
from research.pages.split.shared_words import pairs_of

# Two halves are joined from this score on: when their marks name each other, or one mark names the
# other's page and the words agree.
_MIN_SCORE = 1.0
_IMPOSSIBLE = -1e6
# What the score of two halves is made of.
_MARKS_AGREE = 1.5  # subtracted where the mark of the second half names another page
_HEADLINE_IN_HEADLINE = 3.0  # times the share of words
_HEADLINE_IN_TEXT = 1.0  # times the share of words
_TEXT_IN_TEXT = 4.0  # times the cosine of the word sets
_MAX_TEXT_IN_TEXT = 2.0
_SENTENCE_CONTINUES = 0.5
_SENTENCE_ENDS = ("。", "！", "？", "”", "…")


def split_issue(pages: Sequence[Page]) -> list[Article]:
    """Split the pages of one issue into articles, and join those that continue on another page.

    Where pages lack numbers, or two have the same, they count as they come: the first is page 1. A
    joined article's ``lines`` are the ranges on all its pages, ``pages`` has the page of each.
    """
    articles: list[Article] = []
    for page, number in zip(pages, numbers_of(pages), strict=True):
        articles += [on_page(article, number) for article in split_page(page)]
    return join_jumps(articles)


def numbers_of(pages: Sequence[Page]) -> list[int]:
    """Return the pages' numbers; where some lack one or share one, all count as they come."""
    numbers = [page.number for page in pages]
    known = [number for number in numbers if number is not None]
    if len(set(known)) == len(pages):
        return known
    last = len(pages)
    return list(range(1, last + 1))


def on_page(article: Article, number: int) -> Article:
    """Return an article with the number of the page that each of its ranges of lines is on."""
    return replace(article, pages=(number,) * len(article.lines))


def join_jumps(articles: Sequence[Article]) -> list[Article]:
    """Join each article that continues on another page with its continuation there.

    Halves are matched over the whole issue at once (best assignment), by the page numbers of their
    marks, by words that their headlines and texts share, and by whether the sentence continues. A
    half that fits no other stays as it is.
    """
    follows = _continuations(articles)
    continuations = set(follows.values())
    joined = []
    for i, article in enumerate(articles):
        chain = _chain(i, follows)
        # In a circle no half begins the article; then the first in print order does.
        is_circle = follows.get(chain[-1]) == i
        begins_circle = is_circle and i == min(chain)
        if i in continuations and not begins_circle:
            continue
        for position in chain[1:]:
            article = join(article, articles[position])
        joined.append(article)
    return joined


def _continuations(articles: Sequence[Article]) -> dict[int, int]:
    """Return the position of each article's continuation, by the article's."""
    on_pages = [i for i, article in enumerate(articles) if article.pages]
    fronts = [i for i in on_pages if articles[i].jump_to is not None]
    backs = [i for i in on_pages if articles[i].jump_from is not None]
    if not fronts or not backs:
        return {}
    from scipy.optimize import linear_sum_assignment

    scores = _scores(articles, fronts, backs)
    rows, columns = linear_sum_assignment(-scores)
    follows = {}
    for row, column in zip(rows, columns, strict=True):
        if scores[row, column] < _MIN_SCORE:
            continue
        front, back = fronts[row], backs[column]
        follows[front] = back
    return follows


def _scores(
    articles: Sequence[Article], fronts: Sequence[int], backs: Sequence[int]
) -> NDArray[np.float64]:
    """Return the score of each front (rows) with each back (columns)."""
    scores = np.full((len(fronts), len(backs)), _IMPOSSIBLE)
    for row, front in enumerate(fronts):
        for column, back in enumerate(backs):
            if front != back:
                scores[row, column] = _score(articles[front], articles[back])
    return scores


def _chain(i: int, follows: Mapping[int, int]) -> list[int]:
    """Return the positions that follow one another from *i* on, each once."""
    chain = [i]
    following = follows.get(i)
    while following is not None and following not in chain:
        chain.append(following)
        following = follows.get(following)
    return chain


def _score(front: Article, back: Article) -> float:
    """Return how well *back* continues *front*."""
    if front.jump_to != back.pages[0]:
        return _IMPOSSIBLE
    headline, text = pairs_of(front.headline), pairs_of(front.text)
    back_headline, back_text = pairs_of(back.headline), pairs_of(back.text)
    score = _MARKS_AGREE if back.jump_from == front.pages[-1] else -_MARKS_AGREE
    if back_headline:
        shorter = min(len(back_headline), len(headline))
        score += _weighted(_HEADLINE_IN_HEADLINE, back_headline & headline, shorter)
        score += _weighted(_HEADLINE_IN_TEXT, back_headline & text, len(back_headline))
    score += _weighted(_HEADLINE_IN_TEXT, headline & back_text, len(headline))
    product = len(back_text) * max(len(text), 1)
    text_score = _weighted(_TEXT_IN_TEXT, text & back_text, math.sqrt(product))
    score += min(text_score, _MAX_TEXT_IN_TEXT)
    if _is_unfinished(front):
        score += _SENTENCE_CONTINUES
    return score


def _weighted(weight: float, shared: Collection[str], total: float) -> float:
    """Return a weight times the share of words that are shared."""
    return weight * len(shared) / max(total, 1)


def _is_unfinished(article: Article) -> bool:
    return not article.text.endswith(_SENTENCE_ENDS)


def join(front: Article, back: Article) -> Article:
    """Append *back* to *front*; a sentence that the jump cut is one again."""
    bylines = dict.fromkeys((front.byline, back.byline))
    return replace(
        front,
        headline=front.headline or back.headline,
        byline=" ".join(filter(None, bylines)),
        paragraphs=_joined_paragraphs(front, back),
        lines=front.lines + back.lines,
        pages=front.pages + back.pages,
        boxes=front.boxes + back.boxes,
        jump_to=back.jump_to,
        confidence=_joint_confidence(front, back),
    )


def _joined_paragraphs(front: Article, back: Article) -> tuple[str, ...]:
    if not front.paragraphs or not back.paragraphs or not _is_unfinished(front):
        return front.paragraphs + back.paragraphs
    sentence = front.paragraphs[-1] + back.paragraphs[0]
    return (*front.paragraphs[:-1], sentence, *back.paragraphs[1:])


def _joint_confidence(front: Article, back: Article) -> float | None:
    if front.confidence is None or back.confidence is None:
        return None
    return round(front.confidence * back.confidence, 4)
