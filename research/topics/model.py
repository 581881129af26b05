"""TopicModel: latent Dirichlet allocation (Blei, Ng & Jordan 2003) behind scikit-learn's grammar."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.exceptions import NotFittedError
from threadpoolctl import threadpool_limits

from research.errors import InputError
from research.files import Progress
from research.topics import gensim as reference
from research.topics import kernels, priors
from research.topics.cvb0 import Cvb0, Settings
from research.topics.novelty import Novelty, novelty
from research.topics.parallel import Threads, even_work
from research.topics.start import (
    factorised_start,
    given_start,
    held_words,
    random_start,
    seeded,
    with_common_words,
)

if TYPE_CHECKING:
    from gensim.models import LdaModel

_TURNS, _STILL = (
    100,
    1e-3,
)  # Of inference: most rounds a document, and the change (of its tokens) that ends them.
_CHUNK = 5000
_UPDATE_SWEEPS = 20
_COMMON_ALPHA = 10.0  # Of the topic for common words, before it is learned.
log = logging.getLogger(__name__)


class TopicModel(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Latent Dirichlet allocation over a document–term matrix.

    ``fit(X)`` takes CSR counts (n_documents × n_words). Fitted: ``components_`` (n_topics × n_words
    pseudo-counts, priors included), ``topic_word_`` (the same, rows sum to 1), ``alpha_`` (n_topics,),
    ``eta_`` (n_words,), ``bounds_`` (pairs of sweep and perplexity of the training tokens), ``state_``
    ("converged", "all sweeps", or "stopped" by Ctrl-C). Topics are numbered from 0 in falling order of their
    share of the corpus (those with seed words first, in the seeds' order), and keep their numbers everywhere.

    Args:
        engine: "cvb0", zero-order collapsed variational Bayes (Asuncion et al. 2009), or "gensim", online
            variational Bayes (Hoffman, Blei & Bach 2010), as the reference.
        alpha: prior of the documents' topics: a number, one number a topic, or learned: "symmetric" or
            "asymmetric" (Wallach, Mimno & McCallum 2009). "asymmetric" starts one topic from the words of the
            whole corpus, for those that every article has: it takes the place of an ever longer stop list.
        eta: prior of the topics' words: a number, one a word, or learned in the same way.
        passes: how often training goes over the documents, at most.
        tolerance: the fit has converged when a pass lowers the perplexity by less than this share (cvb0).
        start: "factorised", from a non-negative factorisation of TF-IDF; "consensus", from the topics that come
            back in many of samples, their leading words in the prior, slower and stabler; "random"; or an array, n_topics
            or fewer × n_words: an earlier model's ``components_``, whose topics keep their numbers, further ones after them (cvb0).
        seeds: columns of X that belong to topic 0, to topic 1, … (cvb0).
        seed_strength: a seed word's prior in its topic, as a multiple of its count in the corpus.
        random_state: seed of what is drawn: documents of the start, order of documents.
        n_jobs: threads; one a core where None. The result does not depend on it.

    The same X, parameters and *random_state* give the same bytes on the same kind of processor.
    """

    components_: NDArray[np.float32]
    alpha_: NDArray[np.float32]
    eta_: NDArray[np.float32]

    def __init__(
        self,
        n_topics: int = 20,
        *,
        engine: Literal["cvb0", "gensim"] = "cvb0",
        alpha: priors.Alpha = priors.ALPHA,
        eta: priors.Eta = priors.ETA,
        passes: int = 100,
        tolerance: float = 2e-4,
        start: Literal["factorised", "consensus", "random"] | NDArray[np.floating] = "factorised",
        seeds: Sequence[Sequence[int]] = (),
        seed_strength: float = 1.0,
        random_state: int = 0,
        n_jobs: int | None = None,
    ) -> None:
        self.n_topics = n_topics
        self.engine = engine
        self.alpha = alpha
        self.eta = eta
        self.passes = passes
        self.tolerance = tolerance
        self.start = start
        self.seeds = seeds
        self.seed_strength = seed_strength
        self.random_state = random_state
        self.n_jobs = n_jobs

    def fit(self, X: sparse.csr_matrix, y: object = None, progress: Progress | None = None) -> Self:
        """Fit on CSR counts; *progress* is called with a stage, passes done and passes to do.

        Ctrl-C, after the first pass, keeps the model as it is by then (``state_`` is "stopped").
        """
        X = _checked(X)
        self._check_parameters(X)
        if self.engine == "gensim":
            self._fit_gensim(X, progress)
        else:
            self._fit_cvb0(X, progress)
        self.n_features_in_ = X.shape[1]
        settled = len(self.seeds) if isinstance(self.start, str) else len(self.start)
        free = np.argsort(-self.components_[settled:].sum(axis=1), kind="stable") + settled
        order = np.concatenate([np.arange(settled), free])
        self.components_, self.alpha_ = self.components_[order], self.alpha_[order]
        return self

    def _check_parameters(self, X: sparse.csr_matrix) -> None:
        if not X.nnz:
            raise InputError(
                f"the document–term matrix of shape {X.shape} holds no word; lower min_df or raise max_df"
            )
        for name, allowed in (
            ("engine", ("cvb0", "gensim")),
            ("start", ("factorised", "consensus", "random")),
        ):
            if isinstance(value := getattr(self, name), str) and value not in allowed:
                raise InputError(f"{name} {value!r} is unknown; choose from {', '.join(allowed)}")
        if not isinstance(self.start, str):
            self._check_given(self.start, X)
        if self.n_topics < 1 or self.passes < 1:
            raise InputError(
                f"n_topics is {self.n_topics} and passes {self.passes}; both are at least 1"
            )
        if len(self.seeds) > self.n_topics:
            raise InputError(
                f"there are seeds for {len(self.seeds)} topics but n_topics is {self.n_topics}; raise it"
            )
        if self.seeds and self.engine == "gensim":
            raise InputError('seed words need engine = "cvb0"')
        outside = [
            column for words in self.seeds for column in words if not 0 <= column < X.shape[1]
        ]
        if outside:
            raise InputError(
                f"seed word {outside[0]} is no column of X, which has {X.shape[1]}; give columns of the vocabulary"
            )

    def _check_given(self, start: NDArray[np.floating], X: sparse.csr_matrix) -> None:
        if self.engine == "gensim" or self.seeds:
            raise InputError(
                'topics to start from need engine = "cvb0", and no seeds: they have their numbers'
            )
        if start.ndim != 2 or start.shape[1] != X.shape[1] or not 1 <= len(start) <= self.n_topics:
            raise InputError(
                f"start has shape {start.shape}; give 1 to {self.n_topics} topics × the {X.shape[1]} words of X"
            )
        if not np.isfinite(start).all() or start.min() < 0 or not start.sum(axis=1).all():
            raise InputError(
                "start holds topics without words, or numbers that are no counts; give the components_ of a fitted model"
            )

    def _fit_cvb0(self, X: sparse.csr_matrix, progress: Progress | None) -> None:
        common = (
            isinstance(self.start, str)
            and self.alpha == "asymmetric"
            and self.n_topics > len(self.seeds) + 1
        )
        with threadpool_limits(1, "blas"), Threads(self.n_jobs) as threads:
            n_topics = self.n_topics - common
            if not isinstance(self.start, str):
                start = given_start(X, self.start, n_topics, self.random_state, threads)
            elif self.start == "random":
                start = random_start(X.shape[1], n_topics, self.random_state)
            else:
                start = factorised_start(
                    X, n_topics, self.random_state, threads, consensus=self.start == "consensus"
                )
        held = None
        if self.seeds:
            start, held = seeded(X, start, self.seeds, self.seed_strength)
        if isinstance(self.start, str) and self.start == "consensus":
            held = held_words(X, start) + (0 if held is None else held)
        if common:
            start = with_common_words(X, start)
            held = None if held is None else np.hstack([held, np.zeros((len(held), 1), np.float32)])
        engine = Cvb0(X, start, self._settings(self.alpha, self.eta, self.passes), held)
        if common:
            engine.alpha[-1] = _COMMON_ALPHA
        engine.run(progress)
        self._take(engine)
        if engine.state == "stopped":
            log.warning(
                "stopped after %d of %d passes; the model is what they found",
                engine.n_sweeps,
                self.passes,
            )

    def _settings(self, alpha: priors.Alpha, eta: priors.Eta, sweeps: int) -> Settings:
        return Settings(alpha, eta, sweeps, self.tolerance, self.n_jobs, self.random_state)

    def _take(self, engine: Cvb0) -> None:
        self.components_ = np.ascontiguousarray(engine.pseudo_counts().T)
        self.alpha_ = engine.alpha.astype(np.float32)
        self.eta_ = engine.eta.astype(np.float32)
        self.bounds_, self.state_ = engine.bounds, engine.state

    def _fit_gensim(self, X: sparse.csr_matrix, progress: Progress | None) -> None:
        self.components_, self.alpha_, eta = reference.fit(
            X, self.n_topics, self.alpha, self.eta, self.passes, self.random_state, progress
        )
        self.eta_ = np.broadcast_to(eta, (X.shape[1],)).astype(np.float32)
        self.bounds_, self.state_ = [], "all sweeps"

    @property
    def topic_word_(self) -> NDArray[np.float64]:
        """Probability of every word in every topic, n_topics × n_words."""
        self._check_fitted()
        counts = self.components_.astype(np.float64)
        shares: NDArray[np.float64] = counts / counts.sum(axis=1, keepdims=True)
        return shares

    def transform(
        self, X: sparse.csr_matrix, progress: Progress | None = None
    ) -> NDArray[np.float64]:
        """Return topic shares, n_documents × n_topics; a document's do not depend on its neighbours.

        A document without a known word gets the prior's shares.
        """
        self._check_fitted()
        X = _checked(X)
        if X.shape[1] != self.n_features_in_:
            raise InputError(
                f"X has {X.shape[1]} words but the model was fitted on {self.n_features_in_}; count with the model's vocabulary"
            )
        by_word = np.ascontiguousarray(self.topic_word_.T, dtype=np.float32)
        alpha = np.asarray(self.alpha_, np.float32)
        shares = np.empty((X.shape[0], self.n_topics), np.float32)
        with Threads(self.n_jobs) as threads:
            for first in range(0, X.shape[0], _CHUNK):
                part = X[first : first + _CHUNK]
                threads(
                    kernels.infer_documents,
                    even_work(part.indptr),
                    kernels.SparseCounts.of(part),
                    by_word,
                    alpha,
                    shares[first : first + _CHUNK],
                    kernels.InferenceOptions(_TURNS, _STILL),
                )
                if progress:
                    progress("topic shares", min(first + _CHUNK, X.shape[0]), X.shape[0])
        exact = shares.astype(np.float64)
        normed: NDArray[np.float64] = exact / exact.sum(axis=1, keepdims=True)
        return normed

    def perplexity(self, X: sparse.csr_matrix) -> float:
        """Return the perplexity of half of each document's tokens, given the other half (document completion).

        Tokens go to the halves in turn, in the order of X's columns (Wallach et al., "Evaluation methods for
        topic models", ICML 2009).
        """
        observed, asked = _halves(_checked(X))
        if not asked.nnz:
            raise InputError(
                "no document has two tokens, so none has a half to be foretold; give longer documents"
            )
        shares, topic_word = self.transform(observed), self.topic_word_
        said = 0.0
        for first in range(0, X.shape[0], _CHUNK):
            part = asked[first : first + _CHUNK].tocoo()
            p = np.einsum(
                "ik,ki->i", shares[first : first + _CHUNK][part.row], topic_word[:, part.col]
            )
            said += float(part.data @ np.log(p))
        return float(np.exp(-said / asked.data.sum()))

    def partial_fit(
        self, X: sparse.csr_matrix, y: object = None, progress: Progress | None = None
    ) -> Self:
        """Go on with new documents: topics keep their numbers, what they learned before counts as before.

        X may have more columns than before: new words. What the topics so far do not explain is in
        ``novelty_`` (:class:`Novelty`). On an unfitted model this is ``fit``.
        """
        if not hasattr(self, "components_"):
            self.fit(X, progress=progress)
            return self
        X = _checked(X)
        new_words = X.shape[1] - self.n_features_in_
        if new_words < 0:
            raise InputError(
                f"X has {X.shape[1]} words but the model {self.n_features_in_}; keep the model's columns, and add new words after them"
            )
        if not X.nnz:
            raise InputError(
                f"the document–term matrix of shape {X.shape} holds no word; give new documents that have some"
            )
        eta = np.concatenate([self.eta_, np.full(new_words, self.eta_.mean(), np.float32)])
        self.components_ = np.hstack(
            [self.components_, np.tile(eta[self.n_features_in_ :], (self.n_topics, 1))]
        )
        self.n_features_in_, self.eta_ = X.shape[1], eta
        self.novelty_: Novelty = novelty(X, self.transform(X), self.topic_word_)
        held = np.ascontiguousarray(np.maximum(self.components_ - eta, 0).T)
        start = np.ascontiguousarray(self.topic_word_.T, dtype=np.float32)
        engine = Cvb0(
            X, start, self._settings(self.alpha_.tolist(), eta.tolist(), _UPDATE_SWEEPS), held
        )
        engine.run(progress)
        self._take(engine)
        return self

    def reorder(self, order: Sequence[int]) -> Self:
        """Number the topics anew: the new topic k is the old ``order[k]``."""
        self._check_fitted()
        if sorted(order) != list(range(self.n_topics)):
            raise InputError(
                f"order {list(order)} must name each of the {self.n_topics} topics once"
            )
        self.components_, self.alpha_ = (
            np.ascontiguousarray(self.components_[list(order)]),
            self.alpha_[list(order)],
        )
        return self

    def top_words(self, vocabulary: Sequence[str], n: int = 10) -> list[list[str]]:
        """Return the *n* most probable words of every topic, the likeliest first."""
        self._check_vocabulary(vocabulary)
        return [
            [vocabulary[i] for i in np.argsort(-row, kind="stable")[:n]] for row in self.components_
        ]

    def to_gensim(self, vocabulary: Sequence[str]) -> LdaModel:
        """Return a ``gensim.models.LdaModel`` with the same topics under the same numbers."""
        self._check_vocabulary(vocabulary)
        return reference.to_gensim(
            self.components_, self.alpha_, self.eta_, vocabulary, self.random_state
        )

    @classmethod
    def from_gensim(cls, lda: LdaModel) -> tuple[TopicModel, list[str]]:
        """Return a model with the topics of a ``gensim.models.LdaModel`` under the same numbers, and its vocabulary."""
        components, alpha, eta, vocabulary = reference.from_gensim(lda)
        model = cls(len(components), engine="gensim")
        model.components_, model.alpha_, model.eta_ = components, alpha, eta
        model.n_features_in_, model.bounds_, model.state_ = len(vocabulary), [], "all sweeps"
        return model, vocabulary

    def _check_fitted(self) -> None:
        if not hasattr(self, "components_"):
            raise NotFittedError("TopicModel is not fitted; call fit, or research.load a run")

    def _check_vocabulary(self, vocabulary: Sequence[str]) -> None:
        self._check_fitted()
        if len(vocabulary) != self.n_features_in_:
            raise InputError(
                f"the vocabulary has {len(vocabulary)} words but the model {self.n_features_in_}; give the one it was counted with"
            )

    def state(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """Return the fitted model as JSON types and arrays by name."""
        self._check_fitted()
        facts = {name: value for name, value in self.get_params().items() if name != "n_jobs"}
        facts |= {
            name: np.asarray(facts[name]).tolist()
            for name in ("alpha", "eta")
            if not isinstance(facts[name], str)
        }
        facts["start"] = self.start if isinstance(self.start, str) else "given"
        facts["seeds"] = [[int(column) for column in words] for words in self.seeds]
        return facts, {"components": self.components_, "alpha": self.alpha_, "eta": self.eta_}

    @classmethod
    def from_state(cls, facts: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> TopicModel:
        model = cls(**facts)
        model.components_, model.alpha_, model.eta_ = (
            arrays["components"],
            arrays["alpha"],
            arrays["eta"],
        )
        model.n_features_in_ = model.components_.shape[1]
        return model


def _checked(X: sparse.csr_matrix) -> sparse.csr_matrix:
    if not sparse.issparse(X):
        X = sparse.csr_matrix(np.atleast_2d(X))
    X = X.tocsr()
    if X.nnz and not (np.isfinite(X.data).all() and X.data.min() >= 0):
        raise InputError(
            f"X holds the count {X.data.min()}; a topic model takes counts of words, 0 or more"
        )
    if X.nnz and (X.data == 0).any():
        X = X.copy()
        X.eliminate_zeros()
    return X


def _halves(X: sparse.csr_matrix) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Part every document's tokens in turn: first, third, … and second, fourth, …"""
    counts = np.asarray(X.data, dtype=np.int64)
    ends = np.cumsum(counts)
    starts_of_rows = np.concatenate([[0], ends])[X.indptr[:-1]]
    before = ends - counts - np.repeat(starts_of_rows, np.diff(X.indptr))
    first = (counts + 1 - before % 2) // 2
    halves = []
    for part in (first, counts - first):
        half = sparse.csr_matrix((part.astype(np.float32), X.indices, X.indptr), X.shape, copy=True)
        half.eliminate_zeros()
        halves.append(half)
    return halves[0], halves[1]
