"""SectionClassifier: which section an article belongs to.

Whatever trains it, what is kept is a linear model: one weight per feature and section, one bias per
section and one temperature, all plain numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse, special
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC
from sklearn.utils.multiclass import unique_labels
from threadpoolctl import threadpool_limits

from research.config import FeatureConfig
from research.errors import InputError
from research.features import DEFAULT_FEATURES, ArticleFeatures, Text
from research.tokens import Segmenter

Kind = Literal["logistic", "svm", "bayes"]


class SectionClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Label articles with sections, by scikit-learn's rules.

    ``fit(texts_or_articles, sections)``, ``predict``, ``predict_proba`` (n × n_sections, rows sum to 1, columns
    as in ``classes_``). *kind* is the learner: ``svm`` (linear, one against the rest), ``logistic``, or
    ``bayes`` (complement naive Bayes; Rennie et al. 2003). Probabilities are the softmax of the decision
    values over a temperature found by cross-validation (Guo et al. 2017, "On calibration of modern neural networks").
    """

    def __init__(
        self,
        features: Sequence[FeatureConfig] = DEFAULT_FEATURES,
        segmenter: Segmenter | None = None,
        *,
        kind: Kind = "svm",
        C: float = 1.0,
        random_state: int = 0,
    ) -> None:
        self.features = features
        self.segmenter = segmenter
        self.kind = kind
        self.C = C
        self.random_state = random_state

    def fit(self, texts: Iterable[Text], sections: Sequence[str]) -> Self:
        """Fit on texts or Articles and their sections; at least two sections are needed."""
        texts = list(texts)
        if len(texts) != len(sections):
            raise InputError(f"{len(texts)} texts but {len(sections)} sections; give one section a text")
        self.classes_ = unique_labels(sections)
        if len(self.classes_) < 2:
            raise InputError(f"all {len(texts)} texts have the section {self.classes_[0]!r}; a classifier needs at least two sections")
        self.features_ = ArticleFeatures(self.features, self.segmenter)
        # One thread: the order of summation, and so every byte, is the same on any machine's number of cores.
        with threadpool_limits(1):
            counts = self.features_.fit_transform(texts)
            labels = np.searchsorted(self.classes_, np.asarray(sections))
            self.coef_, self.intercept_ = self._learn(counts, labels)
            self.temperature_ = self._find_temperature(counts, labels)
        return self

    def decision_function(self, texts: Iterable[Text]) -> NDArray[np.float64]:
        """Return n × n_sections decision values (also for two sections: a column each)."""
        if not hasattr(self, "coef_"):
            raise NotFittedError("SectionClassifier is not fitted; call fit, or research.load a run")
        return _decide(self.features_.transform(texts), self.coef_, self.intercept_)

    def predict_proba(self, texts: Iterable[Text]) -> NDArray[np.float64]:
        """Return n × n_sections probabilities, columns as in ``classes_``."""
        proba: NDArray[np.float64] = special.softmax(self.decision_function(texts) / self.temperature_, axis=1)
        return proba

    def predict(self, texts: Iterable[Text]) -> NDArray[Any]:
        """Return the likeliest section of every text."""
        best = self.decision_function(texts).argmax(axis=1)
        labels: NDArray[Any] = self.classes_[best]
        return labels

    def _learn(self, counts: sparse.csr_matrix, labels: NDArray[np.intp]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Fit the learner; return float32 weights (n_classes × n_features) and biases, a row a class."""
        if self.kind == "bayes":
            bayes = ComplementNB(alpha=self.C).fit(counts, labels)
            return bayes.feature_log_prob_.astype(np.float32), np.zeros(len(bayes.classes_), np.float32)
        learner = (
            LinearSVC(C=self.C, class_weight="balanced", random_state=self.random_state, max_iter=5000)
            if self.kind == "svm"
            else LogisticRegression(C=self.C, class_weight="balanced", max_iter=1000)
        )
        learner.fit(counts, labels)
        coef, intercept = learner.coef_, learner.intercept_
        if len(coef) == 1:
            # Two classes: scikit-learn keeps one row; its negative decides for the first class.
            coef, intercept = np.vstack([-coef, coef]) / 2, np.concatenate([-intercept, intercept]) / 2
        return coef.astype(np.float32), intercept.astype(np.float32)

    def _find_temperature(self, counts: sparse.csr_matrix, labels: NDArray[np.intp]) -> float:
        """Choose the temperature of least log loss on decision values of articles not trained on."""
        rarest = np.bincount(labels).min()
        if rarest < 2:
            return 1.0
        decisions = np.zeros((len(labels), len(self.classes_)))
        folds = StratifiedKFold(min(3, rarest), shuffle=True, random_state=self.random_state)
        for train, test in folds.split(labels, labels):
            decisions[test] = _decide(counts[test], *self._learn(counts[train], labels[train]))

        def loss(log_temperature: float) -> float:
            scaled = decisions / np.exp(log_temperature)
            picked = np.take_along_axis(scaled, labels[:, None], axis=1)[:, 0]
            return float((special.logsumexp(scaled, axis=1) - picked).mean())

        # Rounded: the last bits of an optimum are noise.
        return float(f"{np.exp(optimize.minimize_scalar(loss, bounds=(-6, 4), method='bounded').x):.4g}")

    def state(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """Return the fitted classifier as JSON types and arrays by name."""
        blocks, arrays = self.features_.state()
        facts = {
            "kind": self.kind,
            "C": self.C,
            "random_state": self.random_state,
            "classes": self.classes_.tolist(),
            "temperature": self.temperature_,
            "blocks": blocks,
            "segmenter": self.features_.segmenter_.state(),
        }
        return facts, arrays | {"coef": self.coef_, "intercept": self.intercept_}

    @classmethod
    def from_state(cls, facts: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> SectionClassifier:
        segmenter = Segmenter.from_state(facts["segmenter"])
        features = ArticleFeatures.from_state(facts["blocks"], arrays, segmenter)
        model = cls(features.blocks, segmenter, kind=facts["kind"], C=facts["C"], random_state=facts["random_state"])
        model.features_ = features
        model.classes_ = np.asarray(facts["classes"])
        model.coef_, model.intercept_ = arrays["coef"], arrays["intercept"]
        model.temperature_ = float(facts["temperature"])
        return model


def _decide(counts: sparse.csr_matrix, coef: NDArray[np.float32], intercept: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.asarray(counts @ coef.T, dtype=np.float64) + intercept
