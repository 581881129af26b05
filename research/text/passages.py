"""Articles → word counts of their passages: which parts of an article count, and how much.

A passage is a run of whole lines of one article; an article that is not split is one passage.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

from research.articles.article import Article, Text, parts_of
from research.text.segmenter import Segmenter

_EQUAL_WEIGHTS = {"headline": 1.0, "body": 1.0}


@dataclass(frozen=True)
class Counting:
    """Which words of an article count, and how much.

    Attributes
    ----------
    weights : mapping of str to float, default {}
        How often each word of a part counts: of "headline", "body", "lead" (the body's first
        paragraph, which then counts in the body no more). Parts without a weight do not count.
        Where empty, headline and body count once.
    passage_words : int or None, default None
        An article is split into passages of about so many words, those that the segmenter keeps;
        None: into none.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    passage_words: int | None = None


class PassageCounts(NamedTuple):
    """Word counts of passages.

    Attributes
    ----------
    counts : csr_matrix of shape (n_passages, n_words), float32
    article_of : intp array of shape (n_passages,)
        The position of each passage's article, in rising order. Every article has a passage.
    n_articles : int
    """

    counts: sparse.csr_matrix
    article_of: NDArray[np.intp]
    n_articles: int

    @property
    def split(self) -> bool:
        """Whether an article has several passages."""
        return len(self.article_of) > self.n_articles

    def by_article(self) -> sparse.csr_matrix:
        """Return the word counts of articles, n_articles × n_words."""
        if not self.split:
            return self.counts
        ones = np.ones(len(self.article_of), np.float32)
        counts: sparse.csr_matrix = self._of_articles(ones) @ self.counts
        return counts

    def article_shares(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Put together the topic shares of articles from those of their passages.

        Parameters
        ----------
        shares
            n_passages × n_topics.

        Returns
        -------
        n_articles × n_topics: means, weighted by the passages' words. A passage without a known
        word counts only in an article that has none.
        """
        if not self.split:
            return shares
        words = np.asarray(self.counts.sum(axis=1), dtype=np.float64).ravel()
        words_of_article = np.bincount(self.article_of, words, self.n_articles)
        words[words_of_article[self.article_of] == 0] = 1.0
        sums = self._of_articles(words) @ shares
        totals = np.bincount(self.article_of, words, self.n_articles)
        return np.asarray(sums / totals[:, None])

    def _of_articles(self, weights: NDArray[np.floating]) -> sparse.csr_matrix:
        """Return the matrix that adds up weighted passages, n_articles × n_passages."""
        passages = np.arange(len(self.article_of))
        shape = (self.n_articles, len(self.article_of))
        return sparse.csr_matrix((weights, (self.article_of, passages)), shape)


def count_passages(
    articles: Iterable[Text], segmenter: Segmenter, vocabulary: Sequence[str], counting: Counting
) -> PassageCounts:
    """Return the word counts of articles' passages over a given vocabulary."""
    counter = CountVectorizer(vocabulary=list(vocabulary), analyzer=list, dtype=np.float32)
    pieces = _Pieces(segmenter, counting)
    counts = counter.transform(pieces.read(articles))
    return pieces.put_together(counts)


def counted_text(text: Text, counting: Counting) -> Text:
    """Return a text or Article without the parts whose words do not count."""
    weights = counting.weights
    if not weights:
        return text
    article = text if isinstance(text, Article) else Article(paragraphs=tuple(text.split("\n")))
    body_weight = weights.get("body", 0.0)
    lead_weight = weights.get("lead", body_weight)
    paragraphs: tuple[str, ...] = ()
    if lead_weight:
        paragraphs += article.paragraphs[:1]
    if body_weight:
        paragraphs += article.paragraphs[1:]
    headline = article.headline if weights.get("headline") else ""
    return replace(article, headline=headline, paragraphs=paragraphs)


def read_passages(
    articles: Iterable[Text], segmenter: Segmenter, counting: Counting
) -> tuple[PassageCounts, NDArray[np.object_]]:
    """Return the counts of all words of articles' passages, and the words in code-point order.

    Raises
    ------
    ValueError
        Where there is no word.
    """
    counter = CountVectorizer(analyzer=list, dtype=np.float32)
    pieces = _Pieces(segmenter, counting)
    counts = counter.fit_transform(pieces.read(articles))
    words: NDArray[np.object_] = counter.get_feature_names_out()
    return pieces.put_together(counts), words


class _Pieces:
    """The pieces of articles that are counted apart: words of one passage and one weight."""

    def __init__(self, segmenter: Segmenter, counting: Counting) -> None:
        self.segmenter = segmenter
        self.counting = counting
        self.weights: list[float] = []
        self.passages: list[int] = []
        self.articles: list[int] = []  # Of each passage.

    def read(self, articles: Iterable[Text]) -> Iterator[list[str]]:
        """Yield the tokens of every piece, and remember its weight and passage."""
        for position, article in enumerate(articles):
            lines = self._lines(article)
            for passage in _split(lines, self.counting.passage_words):
                yield from self._pieces(passage)
                self.articles.append(position)

    def put_together(self, counts: sparse.csr_matrix) -> PassageCounts:
        """Return the counts of passages from those of pieces, n_pieces × n_words."""
        n_passages, n_pieces = len(self.articles), len(self.passages)
        n_articles = self.articles[-1] + 1 if self.articles else 0
        is_weighted = set(self.weights) != {1.0}
        if is_weighted or n_pieces > n_passages:
            places = (self.passages, np.arange(n_pieces))
            weights = np.array(self.weights, np.float32)
            sums = sparse.csr_matrix((weights, places), (n_passages, n_pieces))
            counts = sums @ counts
            counts.sort_indices()
        article_of = np.array(self.articles, dtype=np.intp)
        return PassageCounts(counts, article_of, n_articles)

    def _lines(self, article: Text) -> list[_Line]:
        weights = self.counting.weights
        if not weights and self.counting.passage_words is None:
            tokens = self.segmenter.segment(text_of(article))
            return [_Line(tokens, 1.0)]
        lines = []
        for text, weight in _weighted_texts(article, weights or _EQUAL_WEIGHTS):
            if weight:
                tokens = self.segmenter.segment(text)
                lines.append(_Line(tokens, weight))
        return lines

    def _pieces(self, passage: Sequence[_Line]) -> Iterator[list[str]]:
        by_weight: dict[float, list[str]] = {}
        for line in passage:
            tokens = by_weight.setdefault(line.weight, [])
            tokens.extend(line.tokens)
        if not by_weight:
            by_weight[1.0] = []
        for weight, tokens in by_weight.items():
            self.weights.append(weight)
            self.passages.append(len(self.articles))
            yield tokens


def _weighted_texts(article: Text, weights: Mapping[str, float]) -> list[tuple[str, float]]:
    """Return the headline and the paragraphs of an article, and the weight of each."""
    parts = parts_of(article)
    lead, *paragraphs = parts["body"].split("\n")
    body_weight = weights.get("body", 0.0)
    weighted = [
        (parts["headline"], weights.get("headline", 0.0)),
        (lead, weights.get("lead", body_weight)),
    ]
    weighted += [(paragraph, body_weight) for paragraph in paragraphs]
    return weighted


class _Line(NamedTuple):
    """The tokens of a line, or of a piece of a long one, and how often each counts."""

    tokens: list[str]
    weight: float


def _split(lines: Sequence[_Line], passage_words: int | None) -> list[Sequence[_Line]]:
    """Split the lines of an article into passages of about equal length."""
    if passage_words is None:
        return [lines]
    n_words = sum(len(line.tokens) for line in lines)
    n_passages = round(n_words / passage_words)
    if n_passages <= 1:
        return [lines]
    short: list[_Line] = []
    for line in lines:
        short += _shortened(line, passage_words)
    ends = np.cumsum([len(line.tokens) for line in short])
    targets = n_words * np.arange(1, n_passages) / n_passages
    distances = np.abs(ends - targets[:, None])
    nearest = distances.argmin(axis=1) + 1
    places = [0, *np.unique(nearest).tolist(), len(short)]
    passages = [short[begin:end] for begin, end in pairwise(places)]
    return [passage for passage in passages if any(line.tokens for line in passage)]


def _shortened(line: _Line, most: int) -> list[_Line]:
    """Return a line in equal pieces of at most so many tokens."""
    n_tokens = len(line.tokens)
    if n_tokens <= most:
        return [line]
    n_pieces = ceil(n_tokens / most)
    length = ceil(n_tokens / n_pieces)
    pieces = []
    for start in range(0, n_tokens, length):
        tokens = line.tokens[start : start + length]
        pieces.append(_Line(tokens, line.weight))
    return pieces


def text_of(article: Text) -> str:
    """Return the text of which all words count: headline and body."""
    if isinstance(article, Article):
        return f"{article.headline}\n{article.text}"
    return article
