"""SectionClassifier: which section an article belongs to.

Whatever trains it, the result is a linear model: one weight per feature and section, one bias per
section and one temperature, all plain numbers. It does not read or write files.
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
from research.config import check_features
from research.errors import InputError
from research.sections.blocks import block_of
from research.sections.features import DEFAULT_FEATURES, ArticleFeatures, Features
from research.text.segmenter import Segmenter
from research.text.word_vectors import WordVectors

ClassifierKind = Literal["svm", "logistic", "bayes", "nb-svm"]
_RATIO_TOLERANCE = 0.05  # The svm of nb-svm is no worse for stopping a little earlier.
_RATIO_PRIOR = 0.5  # Articles that each feature is counted in besides, inside and outside.
_BESIDE_RATIO = 2.0  # Scale of a feature whose ratio is 0: how easily its weight goes far from 0.
_UNREACHABLE = 2.0  # A threshold that no probability reaches.
_TAKEN = -1.0  # Below any probability.
_FOLDS = 3
_SVM_PASSES = 5000
_THRESHOLD_STEPS = 1e4  # Thresholds have four decimal places.
_LOG_TEMPERATURES = (-6, 4)
_SENTENCE = re.compile(r"[^。！？；\n]*(?:[。！？；\n]+[”’）》]*|$)")


class Explanation(NamedTuple):
    """Why an article goes under *section* and not under *rival*, the next likely one.

    Numbers are log-odds (natural logarithm) of *section* against *rival*: above 0 is for *section*.
    ``words`` are the article's, strongest first, each with all its places; ``sentences`` are in the
    article's order.
    """

    section: str
    rival: str
    probability: float
    words: tuple[tuple[str, float], ...]
    sentences: tuple[tuple[str, float], ...]


class SectionClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Label articles with sections, by scikit-learn's rules.

    ``fit(texts_or_articles, sections)``, ``predict``, ``predict_proba`` (n × n_sections, rows sum to
    1, columns as in ``classes_``). Probabilities are the softmax of the decision values over a
    temperature found by cross-validation (Guo et al. 2017, "On calibration of modern neural
    networks").

    Parameters
    ----------
    features, segmenter, vectors
        See :class:`ArticleFeatures`.
    kind
        The learner: ``svm`` (linear, one against the rest), ``logistic``, ``bayes`` (complement
        naive Bayes; Rennie et al. 2003), or ``nb-svm`` (the same svm, where a weight goes the more
        easily far from 0, the larger its feature's log-count ratio for the section; after Wang &
        Manning 2012), the best for headlines and beside vectors.
    C
        Inverse strength of regularisation; for ``bayes`` its smoothing.
    precision
        Share of right labels from which on a label is sure.
    calibrate
        Without it, fitting takes a quarter of the time, and probabilities and thresholds mean
        nothing.
    random_state
        Seed of the learner and of the folds of cross-validation.
    """

    def __init__(
        self,
        features: Features = DEFAULT_FEATURES,
        segmenter: Segmenter | None = None,
        vectors: WordVectors | None = None,
        *,
        kind: ClassifierKind = "svm",
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

        Parameters
        ----------
        texts, sections
            n texts or articles, n labels.
        sample_weight
            n weights above 0; ones where left out.
        typical
            Which of the texts are like those to be labelled later; temperature and thresholds are
            found on these alone, so that probabilities hold for them. All where left out.
        """
        texts = list(texts)
        if len(texts) != len(sections):
            raise InputError(
                f"{len(texts)} texts but {len(sections)} sections; give one section a text"
            )
        weights = _checked_weights(sample_weight, len(texts))
        is_typical = _checked_typical(typical, len(texts))
        self._check_learner()
        self.classes_ = unique_labels(sections)
        if len(self.classes_) < 2:
            raise InputError(
                f"all {len(texts)} texts have the section {self.classes_[0]!r}; a classifier needs "
                "at least two sections"
            )
        labels = np.searchsorted(self.classes_, np.asarray(sections))
        self.features_ = ArticleFeatures(self.features, self.segmenter, self.vectors)
        # One thread: the order of summation, and so every byte, is the same on any machine.
        with threadpool_limits(1):
            counts = self.features_.fit_transform(texts, sections)
            self.coef_, self.intercept_ = self._learn(counts, labels, weights)
            decisions = self._decide_unseen(counts, labels, weights) if self.calibrate else None
        self._calibrate(decisions, labels, weights, is_typical)
        return self

    def _check_learner(self) -> None:
        """Raise InputError where the features are not for the learner."""
        if self.kind != "bayes":
            return
        for config in check_features(self.features):
            if not block_of(config).counts_terms:
                raise InputError(
                    f"bayes learns from counts, and features of kind {config.kind} lie below 0 "
                    'too; leave them out, or take kind = "svm"'
                )

    def _calibrate(
        self,
        decisions: NDArray[np.float64] | None,
        labels: NDArray[np.intp],
        weights: NDArray[np.float64],
        is_typical: NDArray[np.bool_],
    ) -> None:
        """Find temperature and thresholds from decision values of models that did not see a text.

        Without *decisions* (n × n_sections) the temperature is 1, and no label is sure.
        """
        self.temperature_ = 1.0
        self.out_of_fold_ = None
        self.thresholds_ = np.full(len(self.classes_), _UNREACHABLE)
        if decisions is None:
            return
        labels, weights = labels[is_typical], weights[is_typical]
        self.temperature_ = _temperature(decisions[is_typical], labels, weights)
        self.out_of_fold_ = special.softmax(decisions / self.temperature_, axis=1)
        proba = self.out_of_fold_[is_typical]
        self.thresholds_ = _thresholds(proba, labels, weights, self.precision)

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
        """Return the likeliest section of every text.

        *otherwise* (such as "" or 其他) where its probability is below its threshold.
        """
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
        """Return one section per text, or two where a second has a probability of *at_least*.

        The likelier is first.
        """
        proba = self.predict_proba(texts)
        order = np.argsort(-proba, axis=1, kind="stable")[:, :2]
        sections = []
        for row, (first, second) in zip(proba, order, strict=True):
            names = [str(self.classes_[first])]
            if row[second] >= at_least:
                names.append(str(self.classes_[second]))
            sections.append(tuple(names))
        return sections

    def explain(
        self, text: Text, section: str | None = None, rival: str | None = None
    ) -> Explanation:
        """Return which words and sentences of a text are for a section and against another.

        Where none is given, *section* is the likeliest, and *rival* the likeliest of the others.
        """
        proba = self.predict_proba([text])[0]
        chosen, other = self._choose_pair(proba, section, rival)
        weights = (self.coef_[chosen].astype(np.float64) - self.coef_[other]) / self.temperature_
        whole, scores = self.features_.spread(text, weights)
        return Explanation(
            section=str(self.classes_[chosen]),
            rival=str(self.classes_[other]),
            probability=float(proba[chosen]),
            words=self._word_scores(whole, scores),
            sentences=_sentence_scores(whole, scores),
        )

    def _choose_pair(
        self, proba: NDArray[np.float64], section: str | None, rival: str | None
    ) -> tuple[int, int]:
        """Return the numbers of the section and its rival; the likeliest for those not given."""
        names = self.classes_.tolist()
        for name in (section, rival):
            if name is not None and name not in names:
                raise InputError(f"section {name!r} is not one of {', '.join(names)}")
        if section is not None and section == rival:
            raise InputError(f"section and rival are both {section!r}; name two, or leave one out")
        free = proba.copy()
        free[[names.index(name) for name in (section, rival) if name]] = _TAKEN
        chosen = int(free.argmax()) if section is None else names.index(section)
        free[chosen] = _TAKEN
        other = int(free.argmax()) if rival is None else names.index(rival)
        return chosen, other

    def _word_scores(
        self, whole: str, scores: NDArray[np.float64]
    ) -> tuple[tuple[str, float], ...]:
        """Return each word's sum of scores over all its places, the strongest first."""
        sums: Counter[str] = Counter()
        for word, first, last in self.features_.segmenter_.places(whole):
            sums[word] += scores[first:last].sum()
        words = [(word, round(float(value), 4)) for word, value in sums.items()]
        return tuple(sorted(words, key=lambda entry: (-abs(entry[1]), entry[0])))

    def _learn(
        self, counts: sparse.csr_matrix, labels: NDArray[np.intp], weights: NDArray[np.float64]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Fit the learner; return float32 weights (n_classes × n_features) and biases, a row a class."""
        if self.kind == "bayes":
            bayes = ComplementNB(alpha=self.C).fit(counts, labels, weights)
            biases = np.zeros(len(bayes.classes_), np.float32)
            return bayes.feature_log_prob_.astype(np.float32), biases
        if self.kind == "nb-svm":
            return self._learn_ratios(counts, labels, weights)
        learner = self._svm()
        if self.kind == "logistic":
            learner = LogisticRegression(C=self.C, class_weight="balanced", max_iter=1000)
        learner.fit(counts, labels, weights)
        coef, intercept = learner.coef_, learner.intercept_
        if len(coef) == 1:
            # Two classes: scikit-learn keeps one row; its negative decides for the first class.
            coef = np.vstack([-coef, coef]) / 2
            intercept = np.concatenate([-intercept, intercept]) / 2
        return coef.astype(np.float32), intercept.astype(np.float32)

    def _svm(self, **settings: Any) -> Any:
        return LinearSVC(
            C=self.C,
            class_weight="balanced",
            random_state=self.random_state,
            max_iter=_SVM_PASSES,
            **settings,
        )

    def _learn_ratios(
        self, counts: sparse.csr_matrix, labels: NDArray[np.intp], weights: NDArray[np.float64]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Fit one section after the other over features scaled by its log-count ratios.

        The scale goes into the weights. Wang & Manning scale by the ratio r and mix in the weights
        of another svm over plain features. One svm over features times sqrt(r² + b²) does both: it
        is the svm whose kernel is the sum of the two.
        """
        occurs = sparse.diags(weights) @ (counts > 0)
        total = np.asarray(occurs.sum(axis=0)).ravel()
        coef = np.zeros((len(self.classes_), counts.shape[1]), np.float32)
        intercept = np.zeros(len(self.classes_), np.float32)
        scaled = counts.copy()
        svm = self._svm(tol=_RATIO_TOLERANCE)
        for k in range(len(self.classes_)):
            inside = np.asarray(occurs[labels == k].sum(axis=0)).ravel() + _RATIO_PRIOR
            outside = total - inside + 2 * _RATIO_PRIOR
            ratio = np.log(inside / inside.sum()) - np.log(outside / outside.sum())
            scale = np.hypot(np.where(self.features_.occurring, ratio, 0), _BESIDE_RATIO)
            scaled.data = (counts.data * scale[counts.indices]).astype(counts.dtype)
            svm.fit(scaled, labels == k, weights)
            coef[k], intercept[k] = svm.coef_[0] * scale, svm.intercept_[0]
        return coef, intercept

    def _decide_unseen(
        self, counts: sparse.csr_matrix, labels: NDArray[np.intp], weights: NDArray[np.float64]
    ) -> NDArray[np.float64] | None:
        """Return decision values of every text by a model that did not learn from it.

        None where a section has one text.
        """
        rarest = np.bincount(labels).min()
        if rarest < 2:
            return None
        decisions = np.zeros((len(labels), len(self.classes_)))
        folds = StratifiedKFold(min(_FOLDS, rarest), shuffle=True, random_state=self.random_state)
        for train, test in folds.split(labels, labels):
            coef, intercept = self._learn(counts[train], labels[train], weights[train])
            decisions[test] = _decide(counts[test], coef, intercept)
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

    optimum = optimize.minimize_scalar(loss, bounds=_LOG_TEMPERATURES, method="bounded")
    # Rounded: the last bits of an optimum are noise.
    return float(f"{np.exp(optimum.x):.4g}")


def _thresholds(
    proba: NDArray[np.float64],
    labels: NDArray[np.intp],
    weights: NDArray[np.float64],
    precision: float,
) -> NDArray[np.float64]:
    """Return each section's lowest probability from which on labels are right often enough.

    At and above it the share of right labels is *precision*; no probability reaches the threshold
    of a section that has none such.
    """
    predicted, confidence = proba.argmax(axis=1), proba.max(axis=1)
    thresholds = np.full(proba.shape[1], _UNREACHABLE)
    for k in range(proba.shape[1]):
        rows = np.flatnonzero(predicted == k)
        rows = rows[np.argsort(-confidence[rows], kind="stable")]
        n_right = np.cumsum(weights[rows] * (labels[rows] == k))
        enough = np.flatnonzero(n_right / np.cumsum(weights[rows]) >= precision)
        if enough.size:
            lowest = confidence[rows[enough[-1]]]
            # Rounded down: the article that sets the threshold has to reach it.
            thresholds[k] = np.floor(lowest * _THRESHOLD_STEPS) / _THRESHOLD_STEPS
    return thresholds


def _sentence_scores(whole: str, scores: NDArray[np.float64]) -> tuple[tuple[str, float], ...]:
    """Return each sentence's sum of scores, in order."""
    sentences = []
    for match in _SENTENCE.finditer(whole):
        sentence = match.group().strip()
        if sentence:
            score = float(scores[match.start() : match.end()].sum())
            sentences.append((sentence, round(score, 4)))
    return tuple(sentences)


def _checked_weights(sample_weight: Sequence[float] | None, n: int) -> NDArray[np.float64]:
    """Return n weights above 0; ones for None."""
    if sample_weight is None:
        return np.ones(n)
    weights = np.asarray(sample_weight, dtype=np.float64)
    if weights.shape != (n,) or not (weights > 0).all():
        raise InputError(
            f"{n} texts but {weights.size} weights, or one that is not above 0; give each text a "
            "weight above 0"
        )
    return weights


def _checked_typical(typical: Sequence[bool] | None, n: int) -> NDArray[np.bool_]:
    """Return which of n texts are typical; all for None."""
    if typical is None:
        return np.ones(n, dtype=bool)
    is_typical = np.asarray(typical, dtype=bool)
    if is_typical.shape != (n,) or not is_typical.any():
        raise InputError(
            f"{n} texts but typical has {is_typical.size} entries, {int(is_typical.sum())} of them "
            "true; give one a text, some true"
        )
    return is_typical
