"""Learners of section classifiers: each fits linear weights to counts. They know no text.

All results have the same form, whatever learner they come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

ClassifierKind = Literal["svm", "logistic", "bayes", "nb-svm"]
_RATIO_TOLERANCE = 0.05  # The svm of nb-svm is no worse for stopping a little earlier.
_RATIO_PRIOR = 0.5  # Articles that each feature is counted in besides, inside and outside.
_BESIDE_RATIO = 2.0  # Scale of a feature whose ratio is 0: how easily its weight goes far from 0.
_FOLDS = 3
_MAX_SVM_PASSES = 5000
_MAX_LOGISTIC_PASSES = 1000


class LinearModel(NamedTuple):
    """Weights n_sections × n_features and biases n_sections, float32."""

    coef: NDArray[np.float32]
    intercept: NDArray[np.float32]

    def decide(self, counts: sparse.csr_matrix) -> NDArray[np.float64]:
        """Return n_texts × n_sections decision values."""
        scores = counts @ self.coef.T
        return np.asarray(scores, dtype=np.float64) + self.intercept


@dataclass(frozen=True)
class Examples:
    """Texts to learn from.

    Parameters
    ----------
    counts
        n_texts × n_features.
    labels
        n_texts numbers of sections, from 0.
    weights
        n_texts weights above 0.
    """

    counts: sparse.csr_matrix
    labels: NDArray[np.intp]
    weights: NDArray[np.float64]

    def part(self, rows: NDArray[np.intp]) -> Examples:
        """Return some of the examples."""
        return Examples(
            counts=self.counts[rows],
            labels=self.labels[rows],
            weights=self.weights[rows],
        )


@dataclass(frozen=True)
class Learner:
    """How weights are fitted.

    Parameters
    ----------
    kind
        See :class:`SectionClassifier`.
    C
        Inverse strength of regularisation; for ``bayes`` its smoothing.
    random_state
        Seed of the svm and of the folds.
    occurring
        n_features: which columns mean that a term occurs. Only these have log-count ratios.
    """

    kind: ClassifierKind
    C: float
    random_state: int
    occurring: NDArray[np.bool_]

    def fit(self, examples: Examples) -> LinearModel:
        """Fit one row of weights per section."""
        if self.kind == "bayes":
            return self._fit_bayes(examples)
        if self.kind == "nb-svm":
            return self._fit_ratios(examples)
        if self.kind == "svm":
            return _fit_rows(self._svm(), examples)
        logistic = LogisticRegression(
            C=self.C,
            class_weight="balanced",
            max_iter=_MAX_LOGISTIC_PASSES,
        )
        return _fit_rows(logistic, examples)

    def decide_unseen(self, examples: Examples) -> NDArray[np.float64] | None:
        """Return decision values of every text by a model that did not learn from it.

        n_texts × n_sections; None where a section has one text.
        """
        n_per_section = np.bincount(examples.labels)
        rarest = n_per_section.min()
        if rarest < 2:
            return None
        folds = StratifiedKFold(
            n_splits=min(_FOLDS, rarest),
            shuffle=True,
            random_state=self.random_state,
        )
        labels = examples.labels
        decisions = np.zeros((len(labels), len(n_per_section)))
        for train, test in folds.split(labels, labels):
            model = self.fit(examples.part(train))
            decisions[test] = model.decide(examples.counts[test])
        return decisions

    def _svm(self, **settings: Any) -> LinearSVC:
        return LinearSVC(
            C=self.C,
            class_weight="balanced",
            random_state=self.random_state,
            max_iter=_MAX_SVM_PASSES,
            **settings,
        )

    def _fit_bayes(self, examples: Examples) -> LinearModel:
        bayes = ComplementNB(alpha=self.C)
        bayes.fit(examples.counts, examples.labels, examples.weights)
        coef = bayes.feature_log_prob_.astype(np.float32)
        intercept = np.zeros(len(coef), np.float32)
        return LinearModel(coef, intercept)

    def _fit_ratios(self, examples: Examples) -> LinearModel:
        """Fit one section after the other over features scaled by its log-count ratios.

        The scale goes into the weights. Wang & Manning scale by the ratio r and mix in the weights
        of another svm over plain features. One svm over features times sqrt(r² + b²) does both: it
        is the svm whose kernel is the sum of the two.
        """
        counts = examples.counts
        n_sections = examples.labels.max() + 1
        occurs = sparse.diags(examples.weights) @ (counts > 0)
        total = _sum_by_feature(occurs)
        coef = np.zeros((n_sections, counts.shape[1]), np.float32)
        intercept = np.zeros(n_sections, np.float32)
        scaled = counts.copy()
        svm = self._svm(tol=_RATIO_TOLERANCE)
        for k in range(n_sections):
            is_section = examples.labels == k
            inside = _sum_by_feature(occurs[is_section])
            scale = self._ratio_scale(inside, total)
            values = counts.data * scale[counts.indices]
            scaled.data = values.astype(counts.dtype)
            svm.fit(scaled, is_section, examples.weights)
            coef[k] = svm.coef_[0] * scale
            intercept[k] = svm.intercept_[0]
        return LinearModel(coef, intercept)

    def _ratio_scale(
        self, n_inside: NDArray[np.float64], n_total: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the n_features scales of one section.

        Parameters
        ----------
        n_inside, n_total
            In how many of the section's articles, and of all, each feature occurs.
        """
        inside = n_inside + _RATIO_PRIOR
        outside = n_total - inside + 2 * _RATIO_PRIOR
        log_share_inside = np.log(inside / inside.sum())
        log_share_outside = np.log(outside / outside.sum())
        ratio = log_share_inside - log_share_outside
        ratio = np.where(self.occurring, ratio, 0)
        scale: NDArray[np.float64] = np.hypot(ratio, _BESIDE_RATIO)
        return scale


def _fit_rows(learner: LinearSVC | LogisticRegression, examples: Examples) -> LinearModel:
    """Fit one of scikit-learn's linear models; return one row of weights per section."""
    learner.fit(examples.counts, examples.labels, examples.weights)
    coef = learner.coef_
    intercept = learner.intercept_
    if len(coef) == 1:
        # Two classes: scikit-learn keeps one row; its negative decides for the first class.
        coef = np.vstack([-coef, coef]) / 2
        intercept = np.concatenate([-intercept, intercept]) / 2
    return LinearModel(
        coef=coef.astype(np.float32),
        intercept=intercept.astype(np.float32),
    )


def _sum_by_feature(table: sparse.csr_matrix) -> NDArray[np.float64]:
    """Return n_features sums over the rows of a table."""
    sums = table.sum(axis=0)
    return np.asarray(sums, dtype=np.float64).ravel()
