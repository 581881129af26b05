"""SectionClassifier: which section an article belongs to.

Whatever trains it, what is kept is a linear model: one weight per feature and section, one bias per
section and one temperature, all plain numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple, Self

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

from research.articles.article import Text
from research.config import FeatureConfig
from research.errors import InputError
from research.sections.features import DEFAULT_FEATURES, DENSE, ArticleFeatures
from research.text.segmenter import Segmenter
from research.text.word_vectors import WordVectors

Kind = Literal["svm", "logistic", "bayes", "nb-svm"]
_RATIO_TOLERANCE = 0.05  # None the worse for stopping a little earlier.
_RATIO_PRIOR = 0.5
_BESIDE_RATIO = 2.0  # How far a weight of nb-svm may go for a feature whose ratio says nothing.
_NEVER = 2.0  # A threshold that no probability reaches.
_SENTENCE = re.compile(r"[^。！？；\n]*(?:[。！？；\n]+[”’）》]*|$)")


class Explanation(NamedTuple):
    """Why an article goes under *section* and not under *rival*, the next likely one.

    Numbers are log-odds (natural logarithm) of *section* against *rival*: above 0 speaks for *section*. ``words`` are the
    article's own, strongest first, each with all its places; ``sentences`` stand in the article's order.
    """

    section: str
    rival: str
    probability: float
    words: tuple[tuple[str, float], ...]
    sentences: tuple[tuple[str, float], ...]


class SectionClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Label articles with sections, by scikit-learn's rules.

    ``fit(texts_or_articles, sections)``, ``predict``, ``predict_proba`` (n × n_sections, rows sum to 1, columns
    as in ``classes_``). *kind* is the learner: ``svm`` (linear, one against the rest), ``logistic``, ``bayes``
    (complement naive Bayes; Rennie et al. 2003), or ``nb-svm`` (the same svm, where a section's weights go the more easily far from 0,
    the more the log-count ratios of its features say; after Wang & Manning 2012), the best for headlines and beside vectors.
    Probabilities are the softmax of the decision values over a temperature found by cross-validation (Guo et al. 2017, "On
    calibration of modern neural networks"). Without *calibrate*, fitting takes a quarter of the time, and probabilities and
    thresholds mean nothing.
    """

    def __init__(
        self,
        features: Sequence[FeatureConfig] = DEFAULT_FEATURES,
        segmenter: Segmenter | None = None,
        vectors: WordVectors | None = None,
        *,
        kind: Kind = "svm",
        C: float = 1.0,
        precision: float = 0.95,
        calibrate: bool = True,
        random_state: int = 0,
    ) -> None:
        self.features = features
        self.segmenter = segmenter
        self.vectors = vectors
        self.kind = kind
        self.C = C
        self.precision = precision
        self.calibrate = calibrate
        self.random_state = random_state

    def fit(
        self,
        texts: Iterable[Text],
        sections: Sequence[str],
        sample_weight: Sequence[float] | None = None,
        typical: Sequence[bool] | None = None,
    ) -> Self:
        """Fit on texts or Articles and their sections; at least two sections are needed.

        *sample_weight*: what each text counts. *typical*: which texts are like those to be labelled later; the temperature and the
        thresholds are found on these alone, so that probabilities hold for them. All, where left out.
        """
        texts = list(texts)
        if len(texts) != len(sections):
            raise InputError(
                f"{len(texts)} texts but {len(sections)} sections; give one section a text"
            )
        weights = (
            np.ones(len(texts))
            if sample_weight is None
            else np.asarray(sample_weight, dtype=np.float64)
        )
        if weights.shape != (len(texts),) or not (weights > 0).all():
            raise InputError(
                f"{len(texts)} texts but {weights.size} weights, or one that is not above 0; give each text a weight above 0"
            )
        like = (
            np.ones(len(texts), dtype=bool) if typical is None else np.asarray(typical, dtype=bool)
        )
        if like.shape != (len(texts),) or not like.any():
            raise InputError(
                f"{len(texts)} texts but typical has {like.size} entries, {int(like.sum())} of them true; give one a text, some true"
            )
        if self.kind == "bayes" and (
            signed := [block.kind for block in self.features if block.kind in DENSE]
        ):
            raise InputError(
                f'bayes learns from counts, and features of kind {signed[0]} lie below 0 too; leave them out, or take kind = "svm"'
            )
        self.classes_ = unique_labels(sections)
        if len(self.classes_) < 2:
            raise InputError(
                f"all {len(texts)} texts have the section {self.classes_[0]!r}; a classifier needs at least two sections"
            )
        self.features_ = ArticleFeatures(self.features, self.segmenter, self.vectors)
        # One thread: the order of summation, and so every byte, is the same on any machine's number of cores.
        with threadpool_limits(1):
            counts = self.features_.fit_transform(texts, sections)
            labels = np.searchsorted(self.classes_, np.asarray(sections))
            self.coef_, self.intercept_ = self._learn(counts, labels, weights)
            decisions = self._decide_unseen(counts, labels, weights) if self.calibrate else None
        self.temperature_ = (
            1.0 if decisions is None else _temperature(decisions[like], labels[like], weights[like])
        )
        self.out_of_fold_ = (
            None if decisions is None else special.softmax(decisions / self.temperature_, axis=1)
        )
        self.thresholds_ = np.full(len(self.classes_), _NEVER)
        if self.out_of_fold_ is not None:
            self.thresholds_ = _thresholds(
                self.out_of_fold_[like], labels[like], weights[like], self.precision
            )
        return self

    def decision_function(self, texts: Iterable[Text]) -> NDArray[np.float64]:
        """Return n × n_sections decision values (also for two sections: a column each)."""
        if not hasattr(self, "coef_"):
            raise NotFittedError(
                "SectionClassifier is not fitted; call fit, or research.load a run"
            )
        return _decide(self.features_.transform(texts), self.coef_, self.intercept_)

    def predict_proba(self, texts: Iterable[Text]) -> NDArray[np.float64]:
        """Return n × n_sections probabilities, columns as in ``classes_``."""
        proba: NDArray[np.float64] = special.softmax(
            self.decision_function(texts) / self.temperature_, axis=1
        )
        return proba

    def predict(self, texts: Iterable[Text], otherwise: str | None = None) -> NDArray[Any]:
        """Return the likeliest section of every text; *otherwise* (such as "" or 其他) where it is below its threshold."""
        proba = self.predict_proba(texts)
        labels: NDArray[Any] = self.classes_[proba.argmax(axis=1)]
        return labels if otherwise is None else np.where(self.is_sure(proba), labels, otherwise)

    def is_sure(self, proba: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return, for rows of probabilities, whether the likeliest section reaches its threshold."""
        sure: NDArray[np.bool_] = proba.max(axis=1) >= self.thresholds_[proba.argmax(axis=1)]
        return sure

    def predict_sections(
        self, texts: Iterable[Text], at_least: float = 0.25
    ) -> list[tuple[str, ...]]:
        """Return one section or, where a second has a probability of *at_least*, two, the likelier first."""
        proba = self.predict_proba(texts)
        order = np.argsort(-proba, axis=1, kind="stable")[:, :2]
        pairs = zip(proba, order, strict=True)
        return [
            tuple(
                str(self.classes_[k])
                for rank, k in enumerate(best)
                if rank == 0 or row[k] >= at_least
            )
            for row, best in pairs
        ]

    def explain(
        self, text: Text, section: str | None = None, rival: str | None = None
    ) -> Explanation:
        """Say which words and sentences of a text speak for a section and against another, and which the other way.

        Where none is given, *section* is the likeliest, and *rival* the likeliest of the others.
        """
        proba = self.predict_proba([text])[0]
        if unknown := [
            name for name in (section, rival) if name is not None and name not in self.classes_
        ]:
            raise InputError(f"section {unknown[0]!r} is not one of {', '.join(self.classes_)}")
        if section is not None and section == rival:
            raise InputError(f"section and rival are both {section!r}; name two, or leave one out")
        left = proba.copy()
        left[[self.classes_.tolist().index(name) for name in (section, rival) if name]] = -1
        chosen = int(left.argmax()) if section is None else self.classes_.tolist().index(section)
        left[chosen] = -1
        other = int(left.argmax()) if rival is None else self.classes_.tolist().index(rival)
        weights = (self.coef_[chosen].astype(np.float64) - self.coef_[other]) / self.temperature_
        whole, score = self.features_.spread(text, weights)
        words: Counter[str] = Counter()
        for word, first, last in self.features_.segmenter_.places(whole):
            words[word] += score[first:last].sum()
        strongest = sorted(
            ((word, round(float(value), 4)) for word, value in words.items()),
            key=lambda entry: (-abs(entry[1]), entry[0]),
        )
        sentences = (
            (found.group().strip(), round(float(score[found.start() : found.end()].sum()), 4))
            for found in _SENTENCE.finditer(whole)
        )
        return Explanation(
            str(self.classes_[chosen]),
            str(self.classes_[other]),
            float(proba[chosen]),
            tuple(strongest),
            tuple(entry for entry in sentences if entry[0]),
        )

    def _learn(
        self, counts: sparse.csr_matrix, labels: NDArray[np.intp], weights: NDArray[np.float64]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Fit the learner; return float32 weights (n_classes × n_features) and biases, a row a class."""
        if self.kind == "bayes":
            bayes = ComplementNB(alpha=self.C).fit(counts, labels, weights)
            return bayes.feature_log_prob_.astype(np.float32), np.zeros(
                len(bayes.classes_), np.float32
            )
        svm = LinearSVC(
            C=self.C, class_weight="balanced", random_state=self.random_state, max_iter=5000
        )
        if self.kind == "nb-svm":
            return self._learn_ratios(svm, counts, labels, weights)
        learner = (
            svm
            if self.kind == "svm"
            else LogisticRegression(C=self.C, class_weight="balanced", max_iter=1000)
        )
        learner.fit(counts, labels, weights)
        coef, intercept = learner.coef_, learner.intercept_
        if len(coef) == 1:
            # Two classes: scikit-learn keeps one row; its negative decides for the first class.
            coef, intercept = (
                np.vstack([-coef, coef]) / 2,
                np.concatenate([-intercept, intercept]) / 2,
            )
        return coef.astype(np.float32), intercept.astype(np.float32)

    def _learn_ratios(
        self,
        svm: LinearSVC,
        counts: sparse.csr_matrix,
        labels: NDArray[np.intp],
        weights: NDArray[np.float64],
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Fit a section after the other over features that are scaled by its log-count ratios; the scale goes into the weights.

        Wang & Manning scale by the ratio r and mix in the weights of another svm over plain features. One svm over features times
        sqrt(r² + b²) does both: it is the svm whose kernel is the sum of the two.
        """
        occurs = sparse.diags(weights) @ (counts > 0)
        total = np.asarray(occurs.sum(axis=0)).ravel()
        coef = np.zeros((len(self.classes_), counts.shape[1]), np.float32)
        intercept = np.zeros(len(self.classes_), np.float32)
        scaled = counts.copy()
        svm.set_params(tol=_RATIO_TOLERANCE)
        for k in range(len(self.classes_)):
            mine = np.asarray(occurs[labels == k].sum(axis=0)).ravel() + _RATIO_PRIOR
            rest = total - mine + 2 * _RATIO_PRIOR
            ratio = np.where(
                self.features_.occurring, np.log(mine / mine.sum()) - np.log(rest / rest.sum()), 0
            )
            scale = np.hypot(ratio, _BESIDE_RATIO)
            scaled.data = (counts.data * scale[counts.indices]).astype(counts.dtype)
            svm.fit(scaled, labels == k, weights)
            coef[k], intercept[k] = svm.coef_[0] * scale, svm.intercept_[0]
        return coef, intercept

    def _decide_unseen(
        self, counts: sparse.csr_matrix, labels: NDArray[np.intp], weights: NDArray[np.float64]
    ) -> NDArray[np.float64] | None:
        """Return decision values of every article by a model that did not learn from it; None where a section has one article."""
        rarest = np.bincount(labels).min()
        if rarest < 2:
            return None
        decisions = np.zeros((len(labels), len(self.classes_)))
        folds = StratifiedKFold(min(3, rarest), shuffle=True, random_state=self.random_state)
        for train, test in folds.split(labels, labels):
            decisions[test] = _decide(
                counts[test], *self._learn(counts[train], labels[train], weights[train])
            )
        return decisions

    def state(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """Return the fitted classifier as JSON types and arrays by name."""
        blocks, arrays = self.features_.state()
        facts = {
            "kind": self.kind,
            "C": self.C,
            "random_state": self.random_state,
            "classes": self.classes_.tolist(),
            "temperature": self.temperature_,
            "precision": self.precision,
            "thresholds": self.thresholds_.tolist(),
            "blocks": blocks,
            "vector_words": None if self.vectors is None else list(self.vectors.words),
            "segmenter": self.features_.segmenter_.state(),
        }
        return facts, arrays | {"coef": self.coef_, "intercept": self.intercept_}

    @classmethod
    def from_state(
        cls, facts: dict[str, Any], arrays: dict[str, NDArray[Any]]
    ) -> SectionClassifier:
        segmenter = Segmenter.from_state(facts["segmenter"])
        features = ArticleFeatures.from_state(
            facts["blocks"], arrays, segmenter, facts["vector_words"]
        )
        model = cls(
            features.blocks,
            segmenter,
            features.vectors,
            kind=facts["kind"],
            C=facts["C"],
            precision=facts["precision"],
            random_state=facts["random_state"],
        )
        model.features_ = features
        model.classes_ = np.asarray(facts["classes"])
        model.coef_, model.intercept_ = arrays["coef"], arrays["intercept"]
        model.temperature_ = float(facts["temperature"])
        model.thresholds_ = np.asarray(facts["thresholds"], dtype=np.float64)
        return model


def _decide(
    counts: sparse.csr_matrix, coef: NDArray[np.float32], intercept: NDArray[np.float32]
) -> NDArray[np.float64]:
    return np.asarray(counts @ coef.T, dtype=np.float64) + intercept


def _temperature(
    decisions: NDArray[np.float64], labels: NDArray[np.intp], weights: NDArray[np.float64]
) -> float:
    """Return the temperature of least log loss."""

    def loss(log_temperature: float) -> float:
        scaled = decisions / np.exp(log_temperature)
        picked = np.take_along_axis(scaled, labels[:, None], axis=1)[:, 0]
        return float(np.average(special.logsumexp(scaled, axis=1) - picked, weights=weights))

    # Rounded: the last bits of an optimum are noise.
    return float(
        f"{np.exp(optimize.minimize_scalar(loss, bounds=(-6, 4), method='bounded').x):.4g}"
    )


def _thresholds(
    proba: NDArray[np.float64],
    labels: NDArray[np.intp],
    weights: NDArray[np.float64],
    precision: float,
) -> NDArray[np.float64]:
    """Return a section's lowest probability at and above which the share of right labels is *precision*; _NEVER where there is none."""
    said, sure = proba.argmax(axis=1), proba.max(axis=1)
    found = np.full(proba.shape[1], _NEVER)
    for k in range(proba.shape[1]):
        mine = np.flatnonzero(said == k)
        mine = mine[np.argsort(-sure[mine], kind="stable")]
        right = np.cumsum(weights[mine] * (labels[mine] == k)) / np.cumsum(weights[mine])
        if (enough := np.flatnonzero(right >= precision)).size:
            # Rounded down: the article that sets the threshold has to reach it.
            found[k] = np.floor(sure[mine[enough[-1]]] * 1e4) / 1e4
    return found
