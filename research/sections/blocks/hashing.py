"""Blocks of hashed word n-grams: no vocabulary, so columns have numbers instead of names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer

from research.config import HashingConfig
from research.sections.blocks.block import Arrays, Block
from research.sections.blocks.ngrams import (
    known_occurrences,
    occurrences_of,
    term_contributions,
)
from research.sections.views import ArticleText, View
from research.text.ngram_units import BEGIN, END
from research.text.word_vectors import WordVectors

DEFAULT_COLUMNS = 2**18


class HashingBlock(Block[HashingConfig]):
    """Columns are remainders of the n-grams' hashes; rows have length 1."""

    def __init__(self, config: HashingConfig, vectors: WordVectors | None = None) -> None:
        super().__init__(config)
        self.n_columns = config.max_features or DEFAULT_COLUMNS
        edges = f"{BEGIN} {{}} {END}".format if config.edges else None
        # Tokens come joined by spaces; the segmenter settled their case.
        self.vectorizer = HashingVectorizer(
            n_features=self.n_columns,
            alternate_sign=False,
            ngram_range=config.ngrams,
            preprocessor=edges,
            lowercase=False,
            token_pattern=r"\S+",
            dtype=np.float32,
        )

    @property
    def view(self) -> View:
        return View(self.config.field, self.config.first, "tokens")

    @property
    def names(self) -> Sequence[int]:
        return range(self.n_columns)

    def fit_transform(self, view: Sequence[str], y: Sequence[str] | None) -> sparse.csr_matrix:
        return self.transform(view)

    def transform(self, view: Sequence[str]) -> sparse.csr_matrix:
        table: sparse.csr_matrix = self.vectorizer.transform(view)
        return table

    def spread(self, text: ArticleText, weights: NDArray[np.float64]) -> None:
        contributions = term_contributions(self, text, weights)
        occurrences = occurrences_of(self.config, "tokens", text)
        ngrams = sorted({ngram for ngram, _, _ in occurrences})
        text.lay(contributions, known_occurrences(occurrences, self._columns(ngrams)))

    def _columns(self, ngrams: Sequence[str]) -> dict[str, int]:
        """Return the column of each n-gram."""
        if not ngrams:
            return {}
        hashing = HashingVectorizer(
            n_features=self.n_columns,
            alternate_sign=False,
            norm=None,
            analyzer=_as_one_term,
            dtype=np.float32,
        )
        return dict(zip(ngrams, hashing.transform(ngrams).indices.tolist(), strict=True))

    def state(self) -> tuple[dict[str, Any], Arrays]:
        return {}, {}

    def restore(self, facts: dict[str, Any], arrays: Arrays) -> None:
        """Change nothing: there is no vocabulary."""


def _as_one_term(ngram: str) -> list[str]:
    return [ngram]
