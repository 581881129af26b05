"""Blocks of mean word vectors; the vectors themselves are learned before, by ``text``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.config import VectorsConfig
from research.errors import InputError
from research.sections.blocks.block import Arrays, Block
from research.sections.views import ArticleText, View
from research.text.word_vectors import WordVectors

_NO_VECTOR = -1  # Row of a word that has no vector.


class VectorsBlock(Block[VectorsConfig]):
    """Columns are the dimensions of the weighted mean of a text's word vectors."""

    counts_terms: ClassVar[bool] = False

    def __init__(self, config: VectorsConfig, vectors: WordVectors | None = None) -> None:
        super().__init__(config)
        if vectors is None:
            raise InputError(
                "features of kind vectors need word vectors; give [[unlabelled]] articles, or "
                "vectors=research.learn_vectors(…)"
            )
        self.vectors = vectors

    @property
    def view(self) -> View:
        return View(self.config.field, self.config.first, "tokens")

    @property
    def names(self) -> Sequence[int]:
        return range(self.vectors.vectors.shape[1])

    def fit_transform(self, view: Sequence[str], y: Sequence[str] | None) -> sparse.csr_matrix:
        return self.transform(view)

    def transform(self, view: Sequence[str]) -> sparse.csr_matrix:
        tokens = [text.split() for text in view]
        means = self.vectors.mean(tokens)
        return sparse.csr_matrix(means)

    def spread(self, text: ArticleText, weights: NDArray[np.float64]) -> None:
        units = text.units(self.view)
        rows, shares = self.vectors.counted(token for token, _, _ in units)
        block_weights = weights * self.config.weight
        scores = self.vectors.vectors[rows] @ block_weights
        values = shares * scores
        contributions = dict(zip(rows.tolist(), values.tolist(), strict=True))
        row_of_word = self.vectors.place
        occurrences = []
        for token, begin, end in units:
            row = row_of_word.get(token, _NO_VECTOR)
            occurrences.append((row, begin, end))
        text.lay(contributions, occurrences)

    def state(self) -> tuple[dict[str, Any], Arrays]:
        return {}, {}  # The vectors are stored once, however many blocks use them.

    def restore(self, facts: dict[str, Any], arrays: Arrays) -> None:
        """Change nothing: the vectors were given."""
