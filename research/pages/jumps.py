"""Articles that go on on another page (下转 / 上接) → one article."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from research.articles.article import Article
from research.pages.read.page import Page
from research.pages.split.page import split_page
from research.pages.split.shared_words import pairs_of

# Two halves are worth joining when their marks name each other, or one mark and the words agree.
_ENOUGH = 1.0


def split_issue(pages: Sequence[Page]) -> list[Article]:
    """Split the pages of one issue into articles, and join what goes on on another page.

    Where pages lack numbers, or two have the same, they count as they come: the first is page 1. A joined article's ``lines`` are the ranges on all
    its pages, ``pages`` says on which page each range stands.
    """
    numbers = numbers_of(pages)
    return join_jumps(
        [
            on_page(article, number)
            for page, number in zip(pages, numbers, strict=True)
            for article in split_page(page)
        ]
    )


def numbers_of(pages: Sequence[Page]) -> list[int]:
    """Return the pages' numbers; where some lack one or share one, all count as they come."""
    numbers = [page.number for page in pages]
    known = [number for number in numbers if number is not None]
    return known if len(set(known)) == len(pages) else list(range(1, len(pages) + 1))


def on_page(article: Article, number: int) -> Article:
    """Note the page that an article stands on."""
    return replace(article, pages=(number,) * len(article.lines))


def join_jumps(articles: Sequence[Article]) -> list[Article]:
    """Join each article that goes on on another page with its continuation there.

    Halves are matched over the whole issue at once (best assignment), by the pages that their marks name, by words that
    their headlines and texts share, and by whether the sentence goes on. A half that nothing fits stays as it is.
    """
    fronts = [
        i for i, article in enumerate(articles) if article.jump_to is not None and article.pages
    ]
    backs = [
        i for i, article in enumerate(articles) if article.jump_from is not None and article.pages
    ]
    follows: dict[int, int] = {}
    if fronts and backs:
        from scipy.optimize import linear_sum_assignment

        worth = np.array(
            [[_fit(articles[f], articles[b]) if f != b else -1e6 for b in backs] for f in fronts]
        )
        for f, b in zip(*linear_sum_assignment(-worth), strict=True):
            if worth[f, b] >= _ENOUGH:
                follows[fronts[f]] = backs[b]
    joined: list[Article] = []
    behind = set(follows.values())
    for i, article in enumerate(articles):
        if i in behind and not _in_circle(i, follows):
            continue
        seen = {i}
        while (step := follows.get(i)) is not None and step not in seen:
            article = join(article, articles[step])
            seen.add(step)
            i = step
        joined.append(article)
    return joined


def _in_circle(i: int, follows: dict[int, int]) -> bool:
    """Whether no half of this chain begins it; then the first in print order does."""
    circle, at = [i], follows.get(i)
    while at is not None and at != i:
        if at in circle:
            return False
        circle.append(at)
        at = follows.get(at)
    return at == i and i == min(circle)


def _fit(front: Article, back: Article) -> float:
    """Weigh whether *back* is the continuation of *front*."""
    if front.jump_to != back.pages[0]:
        return -1e6
    fit = 1.5 if back.jump_from == front.pages[-1] else -1.5
    theirs = pairs_of(back.headline)
    if theirs:
        words = pairs_of(front.headline)
        fit += 3.0 * len(theirs & words) / max(min(len(theirs), len(words)), 1)
        fit += 1.0 * len(theirs & pairs_of(front.text)) / len(theirs)
    ours, text = pairs_of(front.headline), pairs_of(back.text)
    fit += 1.0 * len(ours & text) / max(len(ours), 1)
    shared = pairs_of(front.text) & text
    fit += min(
        4.0 * len(shared) / max(math.sqrt(len(text) * max(len(pairs_of(front.text)), 1)), 1.0), 2.0
    )
    return fit + (0.5 if _unfinished(front) else 0.0)


def _unfinished(article: Article) -> bool:
    return not article.text.endswith(("。", "！", "？", "”", "…"))


def join(front: Article, back: Article) -> Article:
    """Append *back* to *front*; a sentence that the jump cut is one again."""
    texts = [*front.paragraphs]
    if texts and back.paragraphs and _unfinished(front):
        texts[-1:] = [texts[-1] + back.paragraphs[0], *back.paragraphs[1:]]
    else:
        texts += back.paragraphs
    confidence = (
        None
        if front.confidence is None or back.confidence is None
        else round(front.confidence * back.confidence, 4)
    )
    return replace(
        front,
        headline=front.headline or back.headline,
        byline=" ".join(dict.fromkeys(part for part in (front.byline, back.byline) if part)),
        paragraphs=tuple(texts),
        lines=front.lines + back.lines,
        pages=front.pages + back.pages,
        boxes=front.boxes + back.boxes,
        jump_to=back.jump_to,
        confidence=confidence,
    )
