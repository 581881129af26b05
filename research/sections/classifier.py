"""SectionClassifier: which section an article belongs to.

Whatever trains it, the result is a linear model: one weight per feature and section, one bias per
section and one temperature, all plain numbers. It does not read or write files. Learners,
calibration and explanations have files of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import special
from sklearn.base import ClassifierMixin
from sklearn.exceptions import NotFittedError
from threadpoolctl import threadpool_limits

from research.articles.article import Article, Text, parts_of
from research.articles.texts import list_of_texts
from research.config import ClassifierConfig, check_features
from research.errors import InputError
from research.sections.blocks import block_of
from research.sections.calibration import UNREACHABLE, fit_temperature, fit_thresholds
from research.sections.estimator import TextEstimator
from research.sections.explanation import (
    Explanation,
    choose_pair,
    sentence_scores,
    word_scores,
)
from research.sections.familiarity import Familiarity
from research.sections.features import DEFAULT_FEATURES, ArticleFeatures, Features
from research.sections.labels import checked_typical, checked_weights, list_of_labels
from research.sections.learners import ClassifierKind, Examples, Learner, LinearModel
from research.text.segmenter import Segmenter
from research.text.word_vectors import WordVectors
from research.toml import check_values

_SECOND_SECTION_PROBABILITY = 0.25  # From which on a second section is labelled too.


class SectionClassifier(ClassifierMixin, TextEstimator):  # type: ignore[misc]
    """Label articles with sections, by scikit-learn's rules.

    ``fit(texts_or_articles, sections)``, ``predict``, ``predict_proba`` (n × n_sections, rows sum
    to 1, columns as in ``classes_``). Probabilities are the softmax of the decision values over a
    temperature that is fitted by cross-validation (Guo et al. 2017, "On calibration of modern
    neural networks").

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
            n texts or articles, n labels: strings or whole numbers.
        sample_weight
            n weights above 0; ones where left out.
        typical
            Which of the texts are like those to be labelled later; temperature and thresholds are
            fitted on these alone, so that probabilities hold for them. All where left out.

        Raises
        ------
        InputError
            Where lengths differ, a text or a label is missing, there is one section only, a
            parameter is out of range, or the learner cannot use a feature.
        """
        texts = list_of_texts(texts)
        labels_of_texts = list_of_labels(sections, len(texts))
        weights = checked_weights(sample_weight, len(texts))
        is_typical = checked_typical(typical, len(texts))
        self._check_parameters()
        self.classes_, labels = np.unique(labels_of_texts, return_inverse=True)
        self.features_ = ArticleFeatures(self.features, self.segmenter, self.vectors)
        decisions = None
        # One thread: the order of summation, and so every byte, is the same on any machine.
        with threadpool_limits(1):
            counts = self.features_.fit_transform(texts, labels_of_texts)
            examples = Examples(counts, labels, weights)
            learner = self._learner()
            model = learner.fit(examples)
            if self.calibrate:
                decisions = learner.decide_unseen(examples)
        self.familiarity_: Familiarity | None = None
        self.coef_ = model.coef
        self.intercept_ = model.intercept
        self._calibrate(decisions, examples, is_typical)
        return self

    def _check_parameters(self) -> None:
        """Raise InputError for parameters out of range, or features that the learner cannot use."""
        values = {
            "kind": self.kind,
            "C": _plain_number(self.C),
            "precision": _plain_number(self.precision),
        }
        check_values(ClassifierConfig, values, "SectionClassifier")
        if not isinstance(self.segmenter, Segmenter | None):
            raise InputError(f"segmenter is {self.segmenter!r}; give a Segmenter, or leave it out")
        if self.kind != "bayes":
            return
        for config in check_features(self.features):
            if not block_of(config).counts_terms:
                raise InputError(
                    f"bayes learns from counts, and features of kind {config.kind} lie below 0 "
                    'too; leave them out, or take kind = "svm"'
                )

    def _learner(self) -> Learner:
        return Learner(
            kind=self.kind,
            C=self.C,
            random_state=self.random_state,
            occurring=self.features_.occurring,
        )

    def _calibrate(
        self,
        decisions: NDArray[np.float64] | None,
        examples: Examples,
        is_typical: NDArray[np.bool_],
    ) -> None:
        """Fit temperature and thresholds to decision values of models that did not see a text.

        Without *decisions* (n × n_sections) the temperature is 1, and no label is sure.
        """
        self.temperature_ = 1.0
        self.out_of_fold_ = None
        self.thresholds_ = np.full(len(self.classes_), UNREACHABLE)
        if decisions is None:
            return
        labels = examples.labels[is_typical]
        weights = examples.weights[is_typical]
        self.temperature_ = fit_temperature(decisions[is_typical], labels, weights)
        self.out_of_fold_ = special.softmax(decisions / self.temperature_, axis=1)
        proba = self.out_of_fold_[is_typical]
        self.thresholds_ = fit_thresholds(proba, labels, weights, self.precision)

    def decision_function(self, texts: Iterable[Text]) -> NDArray[np.float64]:
        """Return n × n_sections decision values (also for two sections: a column each)."""
        self._check_is_fitted()
        counts = self.features_.transform(list_of_texts(texts))
        model = LinearModel(self.coef_, self.intercept_)
        return model.decide(counts)

    def _check_is_fitted(self) -> None:
        if not hasattr(self, "coef_"):
            raise NotFittedError(
                "SectionClassifier is not fitted; call fit, or research.load a run"
            )

    def predict_proba(self, texts: Iterable[Text]) -> NDArray[np.float64]:
        """Return n × n_sections probabilities, columns as in ``classes_``."""
        scaled = self.decision_function(texts) / self.temperature_
        proba: NDArray[np.float64] = special.softmax(scaled, axis=1)
        return proba

    def predict(self, texts: Iterable[Text], otherwise: str | None = None) -> NDArray[Any]:
        """Return the likeliest section of every text.

        *otherwise* (such as "" or 其他) where its probability is below its threshold, or the text
        is not familiar to the classifier.
        """
        texts = list_of_texts(texts)
        proba = self.predict_proba(texts)
        best = proba.argmax(axis=1)
        labels: NDArray[Any] = self.classes_[best]
        if otherwise is None:
            return labels
        is_sure = self.is_sure(proba, texts)
        return np.where(is_sure, labels, otherwise)

    def is_sure(
        self, proba: NDArray[np.float64], texts: Sequence[Text] | None = None
    ) -> NDArray[np.bool_]:
        """Return which labels are sure, (n,).

        Parameters
        ----------
        proba
            n × n_sections; the likeliest has to reach its section's threshold.
        texts
            The n texts; those that are not familiar get no sure label. Not asked where left out.
        """
        best = proba.argmax(axis=1)
        sure: NDArray[np.bool_] = proba.max(axis=1) >= self.thresholds_[best]
        if texts is None:
            return sure
        familiar: NDArray[np.bool_] = sure & self.is_familiar(texts)
        return familiar

    def is_familiar(self, texts: Iterable[Text]) -> NDArray[np.bool_]:
        """Return which texts are in the language that the classifier learned from, (n,).

        All are where it was trained without a model of that language, as only the one that ships
        was trained with.
        """
        texts = list_of_texts(texts)
        if self.familiarity_ is None:
            return np.ones(len(texts), dtype=bool)
        return self.familiarity_.is_familiar([parts_of(text)["all"] for text in texts])

    def predict_sections(
        self, texts: Iterable[Text], at_least: float = _SECOND_SECTION_PROBABILITY
    ) -> list[tuple[str, ...]]:
        """Return one section per text, or two where a second has a probability of *at_least*.

        The likelier is first.
        """
        proba = self.predict_proba(texts)
        order = np.argsort(-proba, axis=1, kind="stable")
        names = self.classes_.tolist()
        sections: list[tuple[str, ...]] = []
        for row, (first, second) in zip(proba, order[:, :2], strict=True):
            labels: tuple[str, ...] = (names[first],)
            if row[second] >= at_least:
                labels = (names[first], names[second])
            sections.append(labels)
        return sections

    def explain(
        self, text: Text, section: str | None = None, rival: str | None = None
    ) -> Explanation:
        """Return which words and sentences of a text are for a section and against another.

        Parameters
        ----------
        text
            A text or an Article.
        section
            The likeliest where left out.
        rival
            The likeliest of the others where left out.

        Raises
        ------
        InputError
            Where the model does not have these sections, or both are the same.
        """
        if not isinstance(text, str | Article):
            raise InputError(f"text is a {type(text).__name__}; explain one str or Article")
        proba = self.predict_proba([text])[0]
        names = self.classes_.tolist()
        chosen, other = choose_pair(proba, names, section, rival)
        # float64 before subtracting: the contributions add up to the log-odds.
        difference = self.coef_[chosen].astype(np.float64) - self.coef_[other]
        weights = difference / self.temperature_
        whole, scores = self.features_.spread(text, weights)
        return Explanation(
            section=names[chosen],
            rival=names[other],
            probability=float(proba[chosen]),
            words=word_scores(whole, scores, self.features_.segmenter_),
            sentences=sentence_scores(whole, scores),
        )

    def get_feature_names_out(self, input_features: object = None) -> NDArray[Any]:
        """Return the names of the columns of ``coef_``, such as ``headline:word:营商环境``."""
        self._check_is_fitted()
        return self.features_.get_feature_names_out()

    def state(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """Return the fitted classifier as JSON types and arrays by name."""
        blocks, arrays = self.features_.state()
        vector_words = None
        if self.vectors is not None:
            vector_words = list(self.vectors.words)
        facts = {
            "kind": self.kind,
            "C": self.C,
            "random_state": self.random_state,
            "classes": self.classes_.tolist(),
            "temperature": self.temperature_,
            "precision": self.precision,
            "thresholds": self.thresholds_.tolist(),
            "blocks": blocks,
            "vector_words": vector_words,
            "segmenter": self.features_.segmenter_.state(),
        }
        if self.familiarity_ is not None:
            facts["familiarity"], familiarity_arrays = self.familiarity_.state()
            arrays |= familiarity_arrays
        arrays["coef"] = self.coef_
        arrays["intercept"] = self.intercept_
        return facts, arrays

    @classmethod
    def from_state(
        cls, facts: dict[str, Any], arrays: dict[str, NDArray[Any]]
    ) -> SectionClassifier:
        """Return the fitted classifier that :meth:`state` described."""
        segmenter = Segmenter.from_state(facts["segmenter"])
        features = ArticleFeatures.from_state(
            blocks=facts["blocks"],
            arrays=arrays,
            segmenter=segmenter,
            vector_words=facts["vector_words"],
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
        # Stored weights may be float16, which sparse matrices cannot be multiplied by.
        model.coef_ = arrays["coef"].astype(np.float32)
        model.intercept_ = arrays["intercept"]
        model.familiarity_ = None
        if facts.get("familiarity") is not None:
            model.familiarity_ = Familiarity.from_state(facts["familiarity"], arrays["familiarity"])
        model.temperature_ = float(facts["temperature"])
        model.thresholds_ = np.asarray(facts["thresholds"], dtype=np.float64)
        return model


def _plain_number(value: Any) -> Any:
    """Return a number of numpy's as Python's own."""
    return value.item() if isinstance(value, np.number) else value
