"""Sections that labelling rules give to articles without one. Rules are in ``sections.rules``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.articles.article import Article
from research.errors import InputError
from research.runs.figures import RuleCoverage
from research.sections.rules import LabelModel, RuleFigures

_MIN_SECTIONS = 2
_UNDECIDED = ""


@dataclass(frozen=True)
class RuleLabels:
    """What rules predict for the unlabelled articles.

    Attributes
    ----------
    classes : tuple[str, ...]
        The sections that have rules.
    labels : NDArray[np.str_]
        The section of every article, "" where no rule decides (n_articles,).
    certainty : NDArray[np.float64]
        Its probability (n_articles,).
    n_votes : NDArray[np.int64]
        How many rules hold for every article (n_articles,).
    figures : tuple[RuleFigures, ...]
        How far each rule held among all articles, the one with most articles first.
    """

    classes: tuple[str, ...]
    labels: NDArray[np.str_]
    certainty: NDArray[np.float64]
    n_votes: NDArray[np.int64]
    figures: tuple[RuleFigures, ...]

    @classmethod
    def predict(
        cls, model: LabelModel, votes: sparse.csr_matrix, unlabelled: sparse.csr_matrix
    ) -> RuleLabels:
        """Predict the unlabelled articles.

        Parameters
        ----------
        model
            The fitted model.
        votes
            Which rule holds for which article, n_articles × n_rules: labelled articles too.
        unlabelled
            The rows of *votes* that are to be predicted.
        """
        figures = sorted(model.figures(votes), key=_most_articles_first)
        proba = model.predict_proba(unlabelled)
        n_votes = np.asarray(unlabelled.sum(axis=1))
        return cls(
            classes=tuple(model.classes_.tolist()),
            labels=model.predict(unlabelled),
            certainty=proba.max(axis=1),
            n_votes=n_votes.ravel(),
            figures=tuple(figures),
        )

    def surest(self, articles: Sequence[Article], n_per_section: int) -> list[Article]:
        """Return the articles that the rules are surest of, at most so many per section.

        Raises InputError where they are of one section only.
        """
        rows: list[int] = []
        for name in self.classes:
            candidates = np.flatnonzero(self.labels == name)
            order = np.argsort(-self.certainty[candidates], kind="stable")
            rows += candidates[order][:n_per_section].tolist()
        rows.sort()
        sections = [str(self.labels[i]) for i in rows]
        if len(set(sections)) < _MIN_SECTIONS:
            raise InputError(
                f"the rules found articles of fewer than two sections among {len(articles)}; "
                "widen them"
            )
        labelled = []
        for row, section in zip(rows, sections, strict=True):
            labelled.append(replace(articles[row], section=section))
        return labelled

    def coverage(self, chosen: Sequence[Article]) -> RuleCoverage:
        """Return how far the rules cover the articles, and how many of each section were chosen."""
        sections = [article.section for article in chosen]
        covered = float(np.mean(self.n_votes > 0))
        undecided = float(np.mean(self.labels == _UNDECIDED))
        return RuleCoverage(
            rules=len(self.figures),
            covered=round(covered, 4),
            undecided=round(undecided, 4),
            kept={name: sections.count(name) for name in self.classes},
        )


def _most_articles_first(rule: RuleFigures) -> tuple[int, str]:
    return -rule.articles, rule.name
