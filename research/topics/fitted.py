"""What a fitted topic model can do without learning: shares, scores, words, other numbers.

Every method here takes its shapes from the fitted arrays, never from parameters, which may have
been set anew since. Nothing here fits a model.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.exceptions import NotFittedError

from research.errors import InputError
from research.files import Progress
from research.topics import inference
from research.topics.counts import CountsLike, counts_for, rows_with_words
from research.topics.metrics import top_columns
from research.topics.parallel import number_of_threads


class FittedTopics(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """The methods of a fitted :class:`research.TopicModel`; see there for its attributes."""

    components_: NDArray[np.float32]
    held_: sparse.csr_matrix | None = None
    alpha_: NDArray[np.float32]
    eta_: NDArray[np.float32]
    n_features_in_: int
    feature_names_in_: NDArray[np.object_]
    n_jobs: int | None

    def transform(self, X: CountsLike, progress: Progress | None = None) -> NDArray[np.float64]:
        """Return the topic shares of documents; those of one document do not depend on the others.

        Parameters
        ----------
        X
            Counts, n_documents × n_words, as in ``fit``.
        progress
            Called with "topic shares", documents done and documents to do.

        Returns
        -------
        Shares, n_documents × n_topics; rows sum to 1. A document without a known word gets the
        prior's, ``alpha_ / alpha_.sum()``, and has no topic: see :meth:`has_evidence`.

        Raises
        ------
        InputError
            If X is refused by ``fit``, or has other columns than the X of ``fit``.
        """
        self._check_fitted()
        counts = counts_for(self, X)
        return inference.infer_shares(counts, self.topic_word_, self.alpha_, self.n_jobs, progress)

    def has_evidence(self, X: CountsLike) -> NDArray[np.bool_]:
        """Return whether each document holds a word that the model knows, (n_documents,).

        A document that holds none has the prior's shares in ``transform``: it has no topic, and
        tables and figures leave it out.
        """
        self._check_fitted()
        counts = counts_for(self, X)
        return rows_with_words(counts)

    def perplexity(self, X: CountsLike) -> float:
        """Return the perplexity of half of each document's tokens, given the other half.

        This is document completion. Tokens go to the halves in turn, in the order of X's columns
        (Wallach, Murray, Salakhutdinov & Mimno, "Evaluation methods for topic models", ICML 2009).
        *X* is counts, n_documents × n_words, as in ``fit``.
        """
        self._check_fitted()
        counts = counts_for(self, X)
        observed, predicted = inference.halves(counts)
        topic_word = self.topic_word_
        shares = inference.infer_shares(observed, topic_word, self.alpha_, self.n_jobs, None)
        return inference.perplexity(predicted, shares, topic_word)

    def score(self, X: CountsLike, y: object = None) -> float:
        """Return the mean log likelihood of a token, in nats: greater is better.

        It is minus the logarithm of :meth:`perplexity`: half of each document's tokens are
        predicted from the other half. *y* is not used.
        """
        perplexity = self.perplexity(X)
        return -float(np.log(perplexity))

    @property
    def topic_word_(self) -> NDArray[np.float64]:
        """Probability of every word in every topic, n_topics × n_words."""
        self._check_fitted()
        return inference.parts_of_rows(self.pseudo_counts())

    def get_feature_names_out(
        self, input_features: Sequence[str] | None = None
    ) -> NDArray[np.object_]:
        """Return the names of the columns of ``transform``: topic_0, topic_1, …

        scikit-learn's own would be topicmodel0, topicmodel1, …; tables of a run say "topic".
        *input_features* are only checked: they are the names of the words, or None.
        """
        self._check_fitted()
        if input_features is not None:
            self._check_input_features(input_features)
        n_topics = len(self.components_)
        names = [f"topic_{topic}" for topic in range(n_topics)]
        return np.array(names, dtype=object)

    def reorder(self, order: Sequence[int]) -> Self:
        """Renumber the topics: the new topic k is the old ``order[k]``."""
        self._check_fitted()
        n_topics = len(self.components_)
        topics = list(order)
        if sorted(topics) != list(range(n_topics)):
            raise InputError(f"order {topics} must name each of the {n_topics} topics once")
        self.components_ = np.ascontiguousarray(self.components_[topics])
        if self.held_ is not None:
            self.held_ = self.held_[topics]
        self.alpha_ = self.alpha_[topics]
        return self

    def top_words(self, vocabulary: Sequence[str], n: int = 10) -> list[list[str]]:
        """Return the *n* most probable words of every topic, the most probable first."""
        self._check_vocabulary(vocabulary)
        columns = top_columns(self.topic_word_, n)
        words = []
        for topic in columns.tolist():
            words.append([vocabulary[column] for column in topic])
        return words

    def __sklearn_tags__(self) -> Any:
        """Describe the model to scikit-learn: X may be sparse, and is never negative."""
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.positive_only = True
        return tags

    def _check_fitted(self) -> None:
        """Refuse a model that is not fitted, or whose fitted arrays do not fit each other."""
        if not hasattr(self, "components_"):
            raise NotFittedError(
                "TopicModel is not fitted; call fit before get_feature_names_out, transform and "
                "the like, or research.load a run"
            )
        number_of_threads(self.n_jobs)
        shapes = [np.shape(self.components_), np.shape(self.alpha_), np.shape(self.eta_)]
        n_words = self.n_features_in_
        n_topics = len(self.components_)
        if self.held_ is not None and self.held_.shape != (n_topics, n_words):
            raise InputError(
                f"held_ has shape {self.held_.shape}, and the topics {(n_topics, n_words)}: they "
                "do not fit each other; fit the model again"
            )
        if shapes != [(n_topics, n_words), (n_topics,), (n_words,)]:
            raise InputError(
                f"components_, alpha_ and eta_ have shapes {', '.join(map(str, shapes))}, and "
                f"n_features_in_ is {n_words}: they do not fit each other; fit the model again"
            )

    def _check_vocabulary(self, vocabulary: Sequence[str]) -> None:
        self._check_fitted()
        if len(vocabulary) != self.n_features_in_:
            raise InputError(
                f"the vocabulary has {len(vocabulary)} words but the model {self.n_features_in_}; "
                "give the one it was counted with"
            )

    def _check_input_features(self, input_features: Sequence[str]) -> None:
        """Refuse what scikit-learn refuses, in its words."""
        names = getattr(self, "feature_names_in_", None)
        if names is not None and list(names) != list(input_features):
            raise InputError("input_features is not equal to feature_names_in_")
        if len(input_features) != self.n_features_in_:
            raise InputError(
                "input_features should have length equal to number of features "
                f"({self.n_features_in_}), got {len(input_features)}"
            )

    def pseudo_counts(self) -> NDArray[np.float32]:
        """Return counts with all that the prior holds, n_topics × n_words."""
        if self.held_ is None:
            return self.components_
        counts: NDArray[np.float32] = self.components_ + self.held_.toarray()
        return counts

    def _add_words(self, n_new: int) -> None:
        """Add *n_new* columns that have the mean prior and no counts."""
        mean_eta = self.eta_.mean()
        new_eta = np.full(n_new, mean_eta, np.float32)
        new_columns = np.tile(new_eta, (len(self.components_), 1))
        self.components_ = np.hstack([self.components_, new_columns])
        self.eta_ = np.concatenate([self.eta_, new_eta])
        if self.held_ is not None:
            nothing = np.zeros((len(self.components_), n_new), np.float32)
            of_new_words = sparse.csr_matrix(nothing)
            self.held_ = sparse.hstack([self.held_, of_new_words], format="csr")
