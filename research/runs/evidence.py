"""What stands behind a theme: all its documents, and the words and paragraphs that made it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from research.articles.article import Text
from research.runs.documents import DocumentShare, documents_of, shares_of_documents
from research.runs.explanations import explain_theme
from research.runs.run import Run
from research.runs.table import Table
from research.themes.explanation import ThemeExplanation

if TYPE_CHECKING:
    from research.runs.loaded import ThemesRun


class Evidence(Run):
    """What a themes run has of the documents behind its themes."""

    def document_shares(self) -> NDArray[np.float64]:
        """Return the share of every theme in every document, n_documents × n_themes.

        Rows are in the order of ``documents``. A document without a known word has NaN.

        Raises
        ------
        InputError
            For a run of an early version, which did not store them.
        """
        return shares_of_documents(cast("ThemesRun", self))

    def documents_of(self, topic: int, at_least: float = 0.0) -> Table[DocumentShare]:
        """Return all documents with a share of a theme of *at_least*, the highest first."""
        return documents_of(cast("ThemesRun", self), topic, at_least)

    def explain(self, text: Text, topic: int | None = None) -> ThemeExplanation:
        """Describe which words and paragraphs of a text or Article made a theme.

        Parameters
        ----------
        text
            One text or Article.
        topic
            The number of the theme; the one with the largest share where left out.
        """
        return explain_theme(cast("ThemesRun", self), text, topic)
