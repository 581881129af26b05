"""A trained section classifier as an object, with everything in its folder as typed members."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from research.articles.article import Text
from research.config import SectionsExperiment
from research.runs import files, model_files
from research.runs.figures import SectionsFigures
from research.runs.rows import Prediction, SuspectLabel
from research.runs.run import Run
from research.runs.table import Table
from research.sections.classifier import SectionClassifier
from research.sections.explanation import Explanation
from research.sections.rules import RuleFigures


@dataclass(frozen=True)
class SectionsRun(Run):
    """A trained section classifier, ``model``, with what was measured of it."""

    config: SectionsExperiment

    task = "sections"

    @cached_property
    def model(self) -> SectionClassifier:
        """The fitted classifier."""
        return model_files.read_sections_model(self.source)

    @cached_property
    def figures(self) -> SectionsFigures:
        """What was measured."""
        return files.SECTIONS_FIGURES.read(self.source)

    @cached_property
    def predictions(self) -> tuple[Prediction, ...]:
        """The test articles with their sections and what was predicted."""
        return files.PREDICTIONS.read(self.source)

    @cached_property
    def suspects(self) -> tuple[SuspectLabel, ...]:
        """Training articles whose labels look wrong, the likeliest errors first."""
        return files.SUSPECTS.read(self.source)

    @cached_property
    def rules(self) -> tuple[RuleFigures, ...]:
        """The labelling rules and how far they held; none where the experiment has no rules."""
        if not self.config.rules:
            return Table((), RuleFigures._fields)
        return files.RULES.read(self.source)

    def predict(self, texts: Iterable[Text], otherwise: str | None = None) -> NDArray[Any]:
        """Return the section of every text or Article, *otherwise* where the model is not sure.

        Parameters
        ----------
        texts
            Texts or Articles.
        otherwise
            Such as "" or 其他; None for the likeliest section everywhere.
        """
        return self.model.predict(texts, otherwise)

    def predict_sections(
        self, texts: Iterable[Text], at_least: float = 0.25
    ) -> list[tuple[str, ...]]:
        """Return one section per text, or two where the second has a probability of *at_least*."""
        return self.model.predict_sections(texts, at_least)

    def predict_proba(self, texts: Iterable[Text]) -> NDArray[np.float64]:
        """Return n × n_sections probabilities, columns as in ``model.classes_``."""
        return self.model.predict_proba(texts)

    def score(self, texts: Iterable[Text], sections: Iterable[str]) -> float:
        """Return the share of texts whose likeliest section is theirs in *sections*."""
        labels = list(sections)
        return float(self.model.score(texts, labels))

    def explain(
        self, text: Text, section: str | None = None, rival: str | None = None
    ) -> Explanation:
        """Describe which words and sentences speak for a section and against another.

        Parameters
        ----------
        text
            One text or Article.
        section
            The section to explain; the likeliest where left out.
        rival
            The section to set it against; the next likely one where left out.
        """
        return self.model.explain(text, section, rival)
