"""What blocks of features read of an article, and the article as contributions are laid over it.

Texts are segmented once, before any block counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.articles.article import ArticlePart, Text, parts_of
from research.text.segmenter import Segmenter

Unit = Literal["tokens", "characters", "articles"]
Occurrence = tuple[int, int, int]
"""The number of a term, the place of its first character, and the place after its last."""

_SPACE = re.compile(r"\s+")


class View(NamedTuple):
    """What a block reads of every article.

    ``part`` is the part of the article; ``first`` is how many of its characters are read (None for
    all, spaces not counted); ``unit`` is tokens joined by spaces, characters without spaces, or the
    article itself.
    """

    part: ArticlePart
    first: int | None
    unit: Unit


def cut_views(
    articles: Iterable[Text], views: set[View], segmenter: Segmenter
) -> dict[View, list[Any]]:
    """Return what each view has of every article; no text is segmented twice.

    Parameters
    ----------
    articles
        n articles or texts.
    views
        What to read of each.
    segmenter
        Cuts the tokens.

    Returns
    -------
    dict
        Views → n strings, or n articles for views whose unit is articles.
    """
    cut: dict[View, list[Any]] = {view: [] for view in views}
    for original in articles:
        article = segmenter.plain(original)
        parts = parts_of(article)
        tokens = _Tokens(segmenter)
        for view, items in cut.items():
            items.append(_cut(article, parts, view, tokens))
    return cut


class _Tokens(dict[str, str]):
    """Texts of one article → their tokens joined by spaces."""

    def __init__(self, segmenter: Segmenter) -> None:
        self.segmenter = segmenter

    def __missing__(self, text: str) -> str:
        tokens = " ".join(map(_joined, self.segmenter.segment(text)))
        self[text] = tokens
        return tokens


def _joined(token: str) -> str:
    """Return a token without spaces, which stand between tokens: Color OS is color_os."""
    return token.replace(" ", "_")


def _cut(article: Text, parts: dict[ArticlePart, str], view: View, tokens: _Tokens) -> Any:
    """Return what a view has of one article."""
    if view.unit == "articles":
        return article
    part = parts[view.part]
    if view.unit == "characters":
        characters = _SPACE.sub("", part)
        return characters[: view.first]
    if view.part == "all" and view.first is None:
        # The whole is cut as its two parts, which other views may have cut already.
        headline = tokens[parts["headline"]]
        body = tokens[parts["body"]]
        return f"{headline} {body}"
    lead = lead_of(part, view.first)
    return tokens[lead]


def lead_of(text: str, n_characters: int | None) -> str:
    """Return a text up to its *n_characters*-th character that is no space; all of it for None."""
    if n_characters is None or len(text) <= n_characters:
        return text
    n_read = 0
    for end, character in enumerate(text, 1):
        if character.isspace():
            continue
        n_read += 1
        if n_read == n_characters:
            return text[:end]
    return text


class ArticleText:
    """One article's text, over whose characters contributions are laid.

    ``whole`` is headline and body with a line feed between; ``scores`` has one number per
    character of it, 0 at first.
    """

    def __init__(self, article: Text, segmenter: Segmenter) -> None:
        self.article = segmenter.plain(article)
        self.segmenter = segmenter
        self._parts = parts_of(self.article)
        self.whole = parts_of(article)["all"]
        n_characters = len(self.whole)
        self.scores: NDArray[np.float64] = np.zeros(n_characters)
        self._cut: dict[View, list[Any]] = {}

    def cut(self, view: View) -> list[Any]:
        """Return what a view has of the article, as a list of one."""
        if view not in self._cut:
            self._cut |= cut_views([self.article], {view}, self.segmenter)
        return self._cut[view]

    def start_of(self, part: ArticlePart) -> int:
        """Return the place in the whole where a part begins."""
        if part not in ("lead", "body"):
            return 0
        headline = self._parts["headline"]
        return len(headline) + 1

    def span(self, view: View) -> tuple[int, int]:
        """Return the places in the whole where a view begins and ends."""
        start = self.start_of(view.part)
        part = self._parts[view.part]
        lead = lead_of(part, view.first)
        return start, start + len(lead)

    def units(self, view: View) -> list[tuple[str, int, int]]:
        """Return the characters or tokens of a view, each with its begin and end in the whole."""
        start, end = self.span(view)
        text = self._parts["all"][start:end]
        units = []
        if view.unit == "tokens":
            for token, first, last in self.segmenter.places(text):
                unit = (_joined(token), start + first, start + last)
                units.append(unit)
            return units
        for place, character in enumerate(text, start):
            if not character.isspace():
                unit = (character, place, place + 1)
                units.append(unit)
        return units

    def lay(self, contributions: dict[int, float], occurrences: Iterable[Occurrence]) -> None:
        """Lay contributions over the characters where their terms occur, in equal shares.

        Parameters
        ----------
        contributions
            Numbers of terms → their contributions to a score.
        occurrences
            Number of a term, first character, and the one after its last.
        """
        spans_by_term: dict[int, list[tuple[int, int]]] = {}
        for number, begin, end in occurrences:
            spans = spans_by_term.setdefault(number, [])
            spans.append((begin, end))
        for number, spans in spans_by_term.items():
            n_spans = len(spans)
            contribution = contributions.get(number, 0.0)
            share = contribution / n_spans
            for begin, end in spans:
                length = end - begin
                n_characters = max(length, 1)
                self.scores[begin:end] += share / n_characters
