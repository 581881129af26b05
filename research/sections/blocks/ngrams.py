"""Blocks of n-grams of characters or words: TF-IDF or counts, with a vocabulary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.config import CharTfidfConfig, NgramConfig, VocabularyConfig, WordTfidfConfig
from research.sections.blocks.block import Arrays, Block
from research.sections.views import ArticleText, Occurrence, Unit, View
from research.text.ngram_units import BEGIN, END
from research.text.ngrams import NGrams
from research.text.word_vectors import WordVectors


class NgramBlock(Block[VocabularyConfig]):
    """Columns are the n-grams of the training articles."""

    def __init__(self, config: VocabularyConfig, vectors: WordVectors | None = None) -> None:
        super().__init__(config)
        self.unit: Literal["characters", "tokens"] = "tokens"
        if isinstance(config, CharTfidfConfig):
            self.unit = "characters"
        weigh: Literal["count", "tfidf"] = "count"
        sublinear = False
        if isinstance(config, CharTfidfConfig | WordTfidfConfig):
            weigh = "tfidf"
            sublinear = config.sublinear
        self.ngrams = NGrams(
            self.unit,
            config.ngrams,
            edges=config.edges,
            weigh=weigh,
            sublinear=sublinear,
            min_df=config.min_df,
            max_df=config.max_df,
            max_features=config.max_features,
        )

    @property
    def view(self) -> View:
        return View(self.config.field, self.config.first, self.unit)

    @property
    def names(self) -> Sequence[str]:
        return self.ngrams.names

    def fit_transform(self, view: Sequence[str], y: Sequence[str] | None) -> sparse.csr_matrix:
        return self.ngrams.fit_transform(view)

    def transform(self, view: Sequence[str]) -> sparse.csr_matrix:
        return self.ngrams.transform(view)

    def spread(self, text: ArticleText, weights: NDArray[np.float64]) -> None:
        contributions = term_contributions(self, text, weights)
        occurrences = occurrences_of(self.config, self.unit, text)
        known = known_occurrences(occurrences, self.ngrams.vocabulary)
        text.lay(contributions, known)

    def state(self) -> tuple[dict[str, Any], Arrays]:
        facts = {"vocabulary": self.ngrams.names}
        return facts, {} if self.ngrams.weigh == "count" else {"idf": self.ngrams.idf}

    def restore(self, facts: dict[str, Any], arrays: Arrays) -> None:
        idf = None if self.ngrams.weigh == "count" else arrays["idf"]
        self.ngrams.restore(facts["vocabulary"], idf)

    def unknown_terms(self, text: str) -> tuple[int, int]:
        terms = set(self.ngrams.grams(text))
        unknown = terms - self.ngrams.vocabulary.keys()
        return len(unknown), len(terms)

    def knows(self, word: str) -> bool:
        return word in self.ngrams.vocabulary


def term_contributions(
    block: Block[Any], text: ArticleText, weights: NDArray[np.float64]
) -> dict[int, float]:
    """Return the contributions of an article's columns to a score: column numbers → numbers.

    Parameters
    ----------
    block
        A fitted block whose columns are terms.
    text
        The article.
    weights
        n_columns weights of the linear score.
    """
    view = text.cut(block.view)
    weight = np.float32(block.config.weight)
    row = block.transform(view)
    values = row * weight
    columns = values.indices
    # astype: a float32 sum over some thousand features would lose the last digits.
    numbers = values.data.astype(np.float64)
    contributions = numbers * weights[columns]
    pairs = zip(
        columns.tolist(),
        contributions.tolist(),
        strict=True,
    )
    return dict(pairs)


def occurrences_of(
    config: NgramConfig, unit: Unit, text: ArticleText
) -> list[tuple[str, int, int]]:
    """Return every n-gram of an article with its first character and the one after its last."""
    view = View(config.field, config.first, unit)
    units = text.units(view)
    if config.edges:
        begin, end = text.span(view)
        units = [(BEGIN, begin, begin), *units, (END, end, end)]
    between = "" if unit == "characters" else " "
    shortest, longest = config.ngrams
    names = [name for name, _, _ in units]
    begins = [begin for _, begin, _ in units]
    ends = [end for _, _, end in units]
    occurrences = []
    for n in range(shortest, longest + 1):
        n_units = len(units)
        n_ngrams = n_units - n + 1
        for first in range(n_ngrams):
            last = first + n - 1
            ngram = between.join(names[first : last + 1])
            occurrence = (ngram, begins[first], ends[last])
            occurrences.append(occurrence)
    return occurrences


def known_occurrences(
    occurrences: Sequence[tuple[str, int, int]], columns: Mapping[str, int]
) -> Iterator[Occurrence]:
    """Yield those occurrences whose n-gram has a column, under the column's number."""
    for ngram, begin, end in occurrences:
        if ngram in columns:
            yield columns[ngram], begin, end
