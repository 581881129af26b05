"""What blocks of features read of an article, and the article as contributions are laid over it.

Segmenting happens here, once per text, before any block counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.articles.article import ArticlePart, Text, parts_of
from research.text.segmenter import Segmenter

Unit = Literal["tokens", "characters", "articles"]
Occurrence = tuple[int, int, int]
_SPACE = re.compile(r"\s+")


class View(NamedTuple):
    """What a block reads of every article.

    ``part``; ``first``, how many of its characters (None for all, spaces not counted); ``unit``,
    whether it comes as tokens joined by spaces, as characters without spaces, or as the article.
    """

    part: ArticlePart
    first: int | None
    unit: Unit


def cut_views(
    articles: Iterable[Text], views: set[View], segmenter: Segmenter
) -> dict[View, list[Any]]:
    """Return what each view has of every article; no text is segmented twice."""
    cut: dict[View, list[Any]] = {view: [] for view in views}
    for article in articles:
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
        tokens = " ".join(self.segmenter.segment(text))
        self[text] = tokens
        return tokens


def _cut(article: Text, parts: dict[ArticlePart, str], view: View, tokens: _Tokens) -> Any:
    if view.unit == "articles":
        return article
    if view.unit == "characters":
        return _SPACE.sub("", parts[view.part])[: view.first]
    if view.part == "all" and view.first is None:
        # The whole is cut as its two parts, which other views may have cut already.
        return " ".join((tokens[parts["headline"]], tokens[parts["body"]]))
    return tokens[lead_of(parts[view.part], view.first)]


def lead_of(text: str, n_characters: int | None) -> str:
    """Return a text up to its *n_characters*-th character that is no space; all of it for None."""
    if n_characters is None or len(text) <= n_characters:
        return text
    ends = (place for place, char in enumerate(text, 1) if not char.isspace())
    return text[: next(islice(ends, n_characters - 1, None), len(text))]


class ArticleText:
    """One article's text, over whose characters contributions are laid.

    ``whole`` is headline and body with a line feed between; ``scores`` has one number per
    character of it, 0 at first.
    """

    def __init__(self, article: Text, segmenter: Segmenter) -> None:
        self.article = article
        self.segmenter = segmenter
        self._parts = parts_of(article)
        self.whole = self._parts["all"]
        self.scores: NDArray[np.float64] = np.zeros(len(self.whole))
        self._cut: dict[View, list[Any]] = {}

    def cut(self, view: View) -> list[Any]:
        """Return what a view has of the article, as a list of one."""
        if view not in self._cut:
            self._cut |= cut_views([self.article], {view}, self.segmenter)
        return self._cut[view]

    def start_of(self, part: ArticlePart) -> int:
        """Return the place in the whole where a part begins."""
        return len(self._parts["headline"]) + 1 if part in ("lead", "body") else 0

    def span(self, view: View) -> tuple[int, int]:
        """Return the places in the whole where a view begins and ends."""
        start = self.start_of(view.part)
        return start, start + len(lead_of(self._parts[view.part], view.first))

    def units(self, view: View) -> list[tuple[str, int, int]]:
        """Return the characters or tokens of a view, each with its begin and end in the whole."""
        begin, end = self.span(view)
        if view.unit == "tokens":
            tokens = self.segmenter.places(self.whole[begin:end])
            return [(token, begin + first, begin + last) for token, first, last in tokens]
        characters = enumerate(self.whole[begin:end], begin)
        return [(char, place, place + 1) for place, char in characters if not char.isspace()]

    def lay(self, contributions: dict[int, float], occurrences: Iterable[Occurrence]) -> None:
        """Lay contributions over the characters where their terms occur, in equal shares.

        Parameters
        ----------
        contributions
            Numbers of terms → what each adds to a score.
        occurrences
            Number of a term, first character, and the one after its last.
        """
        spans_of: dict[int, list[tuple[int, int]]] = {}
        for number, begin, end in occurrences:
            spans_of.setdefault(number, []).append((begin, end))
        for number, spans in spans_of.items():
            contribution = contributions.get(number, 0.0)
            for begin, end in spans:
                self.scores[begin:end] += contribution / len(spans) / max(end - begin, 1)
