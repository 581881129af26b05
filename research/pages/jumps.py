"""Articles that continue on another page (下转 / 上接) → one article each.

The marks themselves are read in ``marks.jumps``.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.articles.article import Article
from research.pages.read.page import Page, joined
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
    pages = joined(pages)
    numbers = numbers_of(pages)
    for page, number in zip(pages, numbers, strict=True):
        for article in split_page(page):
            articles.append(on_page(article, number, page.name))
    return join_jumps(articles)


def numbers_of(pages: Sequence[Page]) -> list[int]:
    """Return the pages' numbers; where some lack one or share one, all count as they come.

    Pages of one number with names of their own (``A01``, ``B01``) share nothing.
    """
    known = []
    names = set()
    for page in pages:
        if page.number is not None:
            known.append(page.number)
            names.add(page.name or str(page.number))
    last = len(pages)
    if len(known) == len(names) == last:
        return known
    return list(range(1, last + 1))


def on_page(article: Article, number: int, name: str = "") -> Article:
    """Return an article with the page that each of its ranges of lines is on."""
    if article.pages:  # Of a document of several pages, where each range has its own.
        return article
    n_ranges = len(article.lines)
    return replace(
        article, pages=(number,) * n_ranges, page_names=(name,) * n_ranges if name else ()
    )


def join_jumps(articles: Sequence[Article]) -> list[Article]:
    """Join each article that continues on another page with its continuation there.

    Halves are matched over the whole issue at once (best assignment), by the page numbers of their
    marks, by words that their headlines and texts share, and by whether the sentence continues. A
    half that fits no other stays as it is.
    """
    joined = []
    for first, *others in chains(articles):
        article = articles[first]
        for position in others:
            article = join(article, articles[position])
        joined.append(article)
    return joined


def chains(articles: Sequence[Article]) -> list[list[int]]:
    """Return the positions of the halves of each article, in order; see :func:`join_jumps`."""
    follows = _continuations(articles)
    continuations = set(follows.values())
    all_chains = []
    for i in range(len(articles)):
        chain = _chain(i, follows)
        # In a circle no half begins the article; then the first in print order does.
        is_circle = follows.get(chain[-1]) == i
        begins_circle = is_circle and i == min(chain)
        if i in continuations and not begins_circle:
            continue
        all_chains.append(chain)
    return all_chains


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
        front = fronts[row]
        follows[front] = backs[column]
    return follows


def _scores(
    articles: Sequence[Article], fronts: Sequence[int], backs: Sequence[int]
) -> NDArray[np.float64]:
    """Return the score of each front (rows) with each back (columns)."""
    shape = (len(fronts), len(backs))
    scores = np.full(shape, _IMPOSSIBLE)
    for row, front in enumerate(fronts):
        for column, back in enumerate(backs):
            if front == back:
                continue
            score = _score(articles[front], articles[back])
            scores[row, column] = score
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
    front_page, back_page = _last_page(front), _first_page(back)
    to_page = _marked(front.jump_to, front.jump_to_name, front_page)
    if not _is_page(to_page, back_page):
        return _IMPOSSIBLE
    headline = pairs_of(front.headline)
    text = pairs_of(front.text)
    back_headline = pairs_of(back.headline)
    back_text = pairs_of(back.text)
    from_page = _marked(back.jump_from, back.jump_from_name, back_page)
    marks_agree = _is_page(from_page, front_page)
    score = _MARKS_AGREE if marks_agree else -_MARKS_AGREE
    if back_headline:
        n_words = len(back_headline)
        shorter = min(n_words, len(headline))
        in_headline = back_headline & headline
        score += _weighted(_HEADLINE_IN_HEADLINE, in_headline, shorter)
        in_text = back_headline & text
        score += _weighted(_HEADLINE_IN_TEXT, in_text, n_words)
    in_back = headline & back_text
    score += _weighted(_HEADLINE_IN_TEXT, in_back, len(headline))
    product = len(back_text) * max(len(text), 1)
    in_both = text & back_text
    text_score = _weighted(_TEXT_IN_TEXT, in_both, math.sqrt(product))
    score += min(text_score, _MAX_TEXT_IN_TEXT)
    if _is_unfinished(front):
        score += _SENTENCE_CONTINUES
    return score


class _Place(NamedTuple):
    """A page by its number and the letter of its name, "" where that has none."""

    number: int | None
    letter: str


def _first_page(article: Article) -> _Place:
    return _Place(article.pages[0], _letter(article.page_names[:1]))


def _last_page(article: Article) -> _Place:
    return _Place(article.pages[-1], _letter(article.page_names[-1:]))


def _letter(names: Sequence[str]) -> str:
    """Return the capital that a page's name begins with, "" where it is no section's letter."""
    name = "".join(names)
    return name[:1] if name[:1].isupper() and name[:1].isascii() else ""


def _marked(number: int | None, name: str, on: _Place) -> _Place:
    """Return the page that a mark means: without a letter of its own, one of its page's letter."""
    return _Place(number, name[:1] or on.letter)


def _is_page(marked: _Place, page: _Place) -> bool:
    """Return whether a mark may mean a page; a page without a letter may have any."""
    same_letter = "" in (marked.letter, page.letter) or marked.letter == page.letter
    return marked.number == page.number and same_letter


def _weighted(weight: float, shared: Collection[str], total: float) -> float:
    """Return a weight times the share of words that are shared."""
    n_words = max(total, 1)
    return weight * len(shared) / n_words


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
        page_names=_joined_names(front, back),
        boxes=front.boxes + back.boxes,
        jump_to=back.jump_to,
        jump_to_name=back.jump_to_name,
        confidence=_joint_confidence(front, back),
    )


def _joined_names(front: Article, back: Article) -> tuple[str, ...]:
    """Return the names of both halves' pages, () where neither has any."""
    names: list[str] = []
    for half in (front, back):
        names += half.page_names or ("",) * len(half.pages)
    return tuple(names) if any(names) else ()


def _joined_paragraphs(front: Article, back: Article) -> tuple[str, ...]:
    before = front.paragraphs
    after = back.paragraphs
    if not before or not after or not _is_unfinished(front):
        return before + after
    *whole, unfinished = before
    rest, *others = after
    paragraph = unfinished + rest
    return (*whole, paragraph, *others)


def _joint_confidence(front: Article, back: Article) -> float | None:
    if front.confidence is None or back.confidence is None:
        return None
    return round(front.confidence * back.confidence, 4)
