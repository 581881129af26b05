"""Blocks of language models: one column per section; the models are ``language_model``'s."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.config import LanguageConfig
from research.sections.blocks.block import Arrays, Block
from research.sections.language_model import LanguageScores
from research.sections.views import ArticleText, View
from research.text.word_vectors import WordVectors


class LanguageBlock(Block[LanguageConfig]):
    """Columns are the sections that the training articles have."""

    counts_terms: ClassVar[bool] = False

    def __init__(self, config: LanguageConfig, vectors: WordVectors | None = None) -> None:
        super().__init__(config)
        self.models = LanguageScores(config.ngrams[1])

    @property
    def view(self) -> View:
        return View(self.config.field, self.config.first, "characters")

    @property
    def names(self) -> Sequence[str]:
        return self.models.sections

    def fit_transform(self, view: Sequence[str], y: Sequence[str] | None) -> sparse.csr_matrix:
        return self.models.fit_transform(view, y)

    def transform(self, view: Sequence[str]) -> sparse.csr_matrix:
        return self.models.transform(view)

    def spread(self, text: ArticleText, weights: NDArray[np.float64]) -> None:
        units = text.units(self.view)
        places = [begin for _, begin, _ in units]
        characters = "".join(char for char, _, _ in units)
        block_weights = weights * self.config.weight
        contributions = self.models.contributions(characters, block_weights)
        text.scores[places] += contributions

    def state(self) -> tuple[dict[str, Any], Arrays]:
        facts = {
            "vocabulary": self.models.ngrams.names,
            "sections": self.models.sections,
            "scale": self.models.scale,
        }
        return facts, {"language": self.models.counts}

    def restore(self, facts: dict[str, Any], arrays: Arrays) -> None:
        self.models.restore(
            names=facts["vocabulary"],
            sections=facts["sections"],
            counts=arrays["language"],
            scale=facts["scale"],
        )
