"""Count the words of a themes experiment: fields, stop lists, passages, the cap on one article.

What is counted how is in ``text.passages`` and ``text.cap``.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.config import ThemesExperiment, TopicsConfig
from research.files import Progress
from research.runs.figures import CapFigures, LongArticle, StopWordFigures
from research.runs.model_files import ThemesModel
from research.text.cap import capped, trained_passages
from research.text.passages import Counting, PassageCounts
from research.text.segmenter import Segmenter
from research.text.vocabulary import LearnedWords, WordLimits, learn_passages
from research.themes.data import ThemeData
from research.topics.model import TopicModel
from research.training.dated import ThemesCorpus
from research.training.inputs import build_segmenter, read_stop_lists, watched

MOST_WORDS_OF_SHORT_TEXTS = 12  # Known ones, that half of the articles have at most.
_log = logging.getLogger(__name__)
_CAPPED_SHOWN = 20  # Articles that are longer than the cap, in the figures.


class CountingFigures(TypedDict, total=False):
    """What a run tells of the counting, where it differs from all words of all articles."""

    passages: int
    words_per_article: float
    capped: CapFigures
    stop_words: StopWordFigures


@dataclass(frozen=True)
class CountedWords:
    """The words of an experiment's articles.

    Attributes
    ----------
    corpus : ThemesCorpus
        The articles.
    learned : LearnedWords
        Counts of passages as they are, and the vocabulary.
    segmenter : Segmenter
        What segmented the articles.
    settings : TopicsConfig
        Which of their words count.
    """

    corpus: ThemesCorpus
    learned: LearnedWords
    segmenter: Segmenter
    settings: TopicsConfig

    @property
    def vocabulary(self) -> list[str]:
        """The words of the columns."""
        return self.learned.vocabulary

    @property
    def counting(self) -> Counting:
        """Which words of an article count, and in which passages."""
        return _counting(self.settings)

    @cached_property
    def counts(self) -> sparse.csr_matrix:
        """Word counts, n_articles × n_words; those of an article beyond the cap are scaled down."""
        return capped(self.learned.passages.by_article(), self.learned.cap)

    @cached_property
    def documents(self) -> PassageCounts:
        """What topics are fitted to: passages, or whole articles, without extra copies."""
        return trained_passages(self.learned.passages, self.corpus.distinct, self.learned.cap)

    def shares(self, model: TopicModel, progress: Progress | None) -> NDArray[np.float64]:
        """Return the topic shares of articles, n_articles × n_topics."""
        passages = self.learned.passages
        return passages.article_shares(model.transform(passages.counts, progress=progress))

    def trained(self, model: TopicModel) -> ThemesModel:
        """Return what a run keeps of a fitted model, so that it counts new articles likewise."""
        return ThemesModel(model, tuple(self.vocabulary), self.segmenter, self.counting)

    def data(self, shares: NDArray[np.float64]) -> ThemeData:
        """Return the articles with their counts and shares, n_articles × n_topics."""
        return ThemeData(self.corpus.articles, self.counts, shares, self.vocabulary)

    def dated_documents(self, shares: NDArray[np.float64]) -> ThemeData:
        """Return what topics are fitted to, with the dates and shares of the articles."""
        documents = self.documents
        shown = np.isin(documents.article_of, self.corpus.distinct_dated)
        rows = np.flatnonzero(shown)
        positions = documents.article_of[rows]
        articles = [self.corpus.articles[i] for i in positions.tolist()]
        return ThemeData(articles, documents.counts[rows], shares[positions], self.vocabulary)

    def figures(self) -> CountingFigures:
        """Return what a run tells of the counting, where it differs from all words of all."""
        figures: CountingFigures = {}
        if self.counting.passage_words is not None:
            figures["passages"] = self.documents.counts.shape[0]
        if self._words_per_article <= MOST_WORDS_OF_SHORT_TEXTS:
            figures["words_per_article"] = self._words_per_article
        if len(self.learned.cap.articles):
            figures["capped"] = self._capped()
        if self.settings.stop_words or self.settings.leave_out:
            figures["stop_words"] = StopWordFigures(
                words=self.learned.stopped_words, tokens=round(self.learned.stopped_tokens)
            )
        return figures

    @cached_property
    def _words_per_article(self) -> float:
        """How many words half of the articles have at most that have any."""
        words = np.asarray(self.counts.sum(axis=1)).ravel()
        return float(np.median(words[words > 0]))

    def warn_of_short_texts(self) -> None:
        """Log a warning where articles are too short for topics as they are fitted."""
        if self._words_per_article <= MOST_WORDS_OF_SHORT_TEXTS and not self.settings.short_texts:
            _log.warning(
                f"half of the articles have {self._words_per_article:.0f} words at most, too few "
                "to show which words belong together; set topics.short_texts = true"
            )

    def _capped(self) -> CapFigures:
        longest = []
        shown = self.learned.cap.articles[:_CAPPED_SHOWN].tolist()
        for position, words in zip(shown, self.learned.cap.lengths.tolist(), strict=False):
            article = self.corpus.articles[position]
            longest.append(LongArticle(id=article.id, headline=article.headline, words=words))
        return CapFigures(
            cap=self.learned.cap.words,
            articles=len(self.learned.cap.articles),
            longest=tuple(longest),
        )


def count_articles(
    config: ThemesExperiment, base: Path, corpus: ThemesCorpus, progress: Progress | None
) -> CountedWords:
    """Segment the articles of an experiment, and count the words that its settings let count."""
    settings = config.topics
    segmenter = build_segmenter(config.tokens, base, corpus.articles, progress)
    stop_words = read_stop_lists(settings.stop_words, settings.leave_out, base)
    limits = WordLimits(
        min_df=_fewest_articles(settings.min_df, corpus),
        max_df=settings.max_df,
        max_words=settings.max_words,
        stop_words=stop_words,
        cap=settings.cap,
    )
    articles = watched(corpus.articles, "segmenting", progress)
    learned = learn_passages(articles, segmenter, _counting(settings), limits, corpus.distinct)
    words = CountedWords(corpus, learned, segmenter, settings)
    words.warn_of_short_texts()
    return words


def _counting(settings: TopicsConfig) -> Counting:
    weights = {str(part): weight for part, weight in settings.fields.items()}
    return Counting(weights, settings.passages)


def _fewest_articles(min_df: int, corpus: ThemesCorpus) -> int:
    """Return the fewest articles of a word: where nearly all are copies, half of the others."""
    if not len(corpus.extra_copies):
        return min_df
    return min(min_df, max(1, len(corpus.distinct) // 2))
