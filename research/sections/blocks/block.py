"""What every block of features can do. It knows nothing of any kind of block."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Generic, Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.config import FeatureConfig
from research.sections.views import ArticleText, View
from research.text.word_vectors import WordVectors

Arrays = dict[str, NDArray[Any]]
C = TypeVar("C", bound=FeatureConfig)


class Block(ABC, Generic[C]):
    """A block of features: what a view has of articles → n_articles × n_columns, float32.

    A block is built from its config and, for kinds that use them, word vectors.
    """

    counts_terms: ClassVar[bool] = True  # Whether a column above 0 means that its term occurs.

    def __init__(self, config: C, vectors: WordVectors | None = None) -> None:
        self.config = config

    @property
    @abstractmethod
    def view(self) -> View:
        """What the block reads of an article."""

    @property
    @abstractmethod
    def names(self) -> Sequence[object]:
        """What the columns are: terms, sections, or numbers alone."""

    @abstractmethod
    def fit_transform(self, view: Sequence[Any], y: Sequence[str] | None) -> sparse.csr_matrix:
        """Learn from what the view has of articles and their sections *y*; return the matrix."""

    @abstractmethod
    def transform(self, view: Sequence[Any]) -> sparse.csr_matrix:
        """Return the matrix of other articles."""

    @abstractmethod
    def spread(self, text: ArticleText, weights: NDArray[np.float64]) -> None:
        """Lay over an article's characters the contribution of each to a score.

        *weights* (n_columns,) are the linear model's, for columns times the block's weight.
        """

    @abstractmethod
    def state(self) -> tuple[dict[str, Any], Arrays]:
        """Return what the block learned, as JSON types and as arrays by name."""

    @classmethod
    def from_state(
        cls, config: C, facts: dict[str, Any], arrays: Arrays, vectors: WordVectors | None
    ) -> Self:
        """Return the block that learned what :meth:`state` returned."""
        block = cls(config, vectors)
        block.restore(facts, arrays)
        return block

    @abstractmethod
    def restore(self, facts: dict[str, Any], arrays: Arrays) -> None:
        """Become the block that learned what :meth:`state` returned."""

    def unknown_terms(self, text: Any) -> tuple[int, int]:
        """Return how many different terms of one article have no column, and how many it has."""
        return 0, 0

    def knows(self, word: str) -> bool:
        """Return whether a word is a column."""
        return False
