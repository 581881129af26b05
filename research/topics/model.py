"""TopicModel: latent Dirichlet allocation (Blei, Ng & Jordan 2003) behind scikit-learn's grammar.

The engine is gensim's online variational Bayes (Hoffman, Blei & Bach 2010), made deterministic.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.exceptions import NotFittedError
from threadpoolctl import threadpool_limits

from research.corpus import Progress
from research.errors import InputError

if TYPE_CHECKING:
    from gensim.models import LdaModel

_CHUNK = 2000


class TopicModel(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Latent Dirichlet allocation over a document–term matrix.

    ``fit(X)`` takes CSR counts (n_documents × n_words). Fitted: ``components_`` (n_topics × n_words
    pseudo-counts), ``topic_word_`` (the same, rows sum to 1), ``alpha_`` (n_topics,). Topics are numbered
    from 0 in falling order of their share of the corpus, and keep their numbers everywhere.

    *alpha* and *eta* are the Dirichlet priors as gensim takes them; *passes* is how often training goes over
    the documents. The same X and *random_state* give the same bytes.
    """

    def __init__(
        self,
        n_topics: int = 20,
        *,
        alpha: float | Literal["symmetric", "asymmetric", "auto"] = "symmetric",
        eta: float | Literal["symmetric", "auto"] = "symmetric",
        passes: int = 10,
        random_state: int = 0,
    ) -> None:
        self.n_topics = n_topics
        self.alpha = alpha
        self.eta = eta
        self.passes = passes
        self.random_state = random_state

    def fit(self, X: sparse.csr_matrix, y: object = None, progress: Progress | None = None) -> Self:
        """Fit on CSR counts; *progress* is called with documents seen and documents to see."""
        X = _checked(X)
        if not X.nnz:
            raise InputError(f"the document–term matrix of shape {X.shape} holds no word; lower min_df or raise max_df")
        documents = _Documents(X, self.passes, progress)
        with threadpool_limits(1):
            lda = _gensim(self.n_topics, X.shape[1], self.alpha, self.eta, self.random_state)
            lda.update(documents, chunksize=_CHUNK, passes=self.passes, iterations=50, gamma_threshold=0.001, eval_every=0)
        self.n_features_in_ = X.shape[1]
        self.components_ = lda.state.get_lambda().astype(np.float32)
        self.alpha_ = np.asarray(lda.alpha, dtype=np.float32)
        self.eta_ = np.asarray(lda.eta, dtype=np.float32)
        order = np.argsort(-self.components_.sum(axis=1), kind="stable")
        self.components_, self.alpha_ = self.components_[order], self.alpha_[order]
        return self

    @property
    def topic_word_(self) -> NDArray[np.float64]:
        """Probability of every word in every topic, n_topics × n_words."""
        self._check_fitted()
        counts = self.components_.astype(np.float64)
        shares: NDArray[np.float64] = counts / counts.sum(axis=1, keepdims=True)
        return shares

    def transform(self, X: sparse.csr_matrix, progress: Progress | None = None) -> NDArray[np.float64]:
        """Return topic shares, n_documents × n_topics; a document's do not depend on its neighbours.

        A document without a known word gets the prior's shares.
        """
        self._check_fitted()
        X = _checked(X)
        if X.shape[1] != self.n_features_in_:
            raise InputError(f"X has {X.shape[1]} words but the model was fitted on {self.n_features_in_}; count with the model's vocabulary")
        lda = self._lda(None)
        shares = np.empty((X.shape[0], self.n_topics))
        with threadpool_limits(1):
            for start in range(0, X.shape[0], _CHUNK):
                chunk = list(_Documents(X[start : start + _CHUNK]))
                # gensim starts each document at a random point; the mean of that draw serves as well.
                lda.random_state = _Mean()
                shares[start : start + _CHUNK] = lda.inference(chunk)[0]
                if progress:
                    progress("topic shares", min(start + _CHUNK, X.shape[0]), X.shape[0])
        normed: NDArray[np.float64] = shares / shares.sum(axis=1, keepdims=True)
        return normed

    def top_words(self, vocabulary: Sequence[str], n: int = 10) -> list[list[str]]:
        """Return the *n* most probable words of every topic, the likeliest first."""
        self._check_vocabulary(vocabulary)
        return [[vocabulary[i] for i in np.argsort(-row, kind="stable")[:n]] for row in self.components_]

    def to_gensim(self, vocabulary: Sequence[str]) -> LdaModel:
        """Return a ``gensim.models.LdaModel`` with the same topics under the same numbers."""
        self._check_vocabulary(vocabulary)
        return self._lda(dict(enumerate(vocabulary)))

    def _lda(self, id2word: dict[int, str] | None) -> Any:
        lda = _gensim(self.n_topics, self.n_features_in_, self.alpha_, self.eta_, self.random_state, id2word)
        lda.state.sstats = self.components_ - self.eta_
        lda.sync_state()
        return lda

    def _check_fitted(self) -> None:
        if not hasattr(self, "components_"):
            raise NotFittedError("TopicModel is not fitted; call fit, or research.load a run")

    def _check_vocabulary(self, vocabulary: Sequence[str]) -> None:
        self._check_fitted()
        if len(vocabulary) != self.n_features_in_:
            raise InputError(f"the vocabulary has {len(vocabulary)} words but the model {self.n_features_in_}; give the one it was counted with")

    def state(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """Return the fitted model as JSON types and arrays by name."""
        self._check_fitted()
        return self.get_params(), {"components": self.components_, "alpha": self.alpha_, "eta": self.eta_}

    @classmethod
    def from_state(cls, facts: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> TopicModel:
        model = cls(**facts)
        model.components_, model.alpha_, model.eta_ = arrays["components"], arrays["alpha"], arrays["eta"]
        model.n_features_in_ = model.components_.shape[1]
        return model


def _gensim(n_topics: int, n_words: int, alpha: Any, eta: Any, seed: int, id2word: dict[int, str] | None = None) -> Any:
    try:
        from gensim.models import LdaModel
    except ImportError:
        raise InputError("topic models need gensim, which has no wheels for Python 3.14 yet; use Python 3.11 to 3.13") from None
    words = id2word or {i: str(i) for i in range(n_words)}
    return LdaModel(num_topics=n_topics, id2word=words, alpha=alpha, eta=eta, random_state=seed, eval_every=0)


def _checked(X: sparse.csr_matrix) -> sparse.csr_matrix:
    if not sparse.issparse(X):
        X = sparse.csr_matrix(np.atleast_2d(X))
    X = X.tocsr()
    if X.nnz and X.data.min() < 0:
        raise InputError(f"X holds the negative count {X.data.min()}; a topic model takes counts of words")
    return X


class _Documents:
    """A CSR matrix as gensim reads a corpus, telling how far the reading is."""

    def __init__(self, X: sparse.csr_matrix, passes: int = 1, progress: Progress | None = None) -> None:
        self.X = X
        self.total = X.shape[0] * passes
        self.progress = progress
        self.seen = 0

    def __len__(self) -> int:
        return int(self.X.shape[0])

    def __iter__(self) -> Iterator[list[tuple[int, float]]]:
        X = self.X
        for start, end in zip(X.indptr[:-1], X.indptr[1:], strict=True):
            yield list(zip(X.indices[start:end].tolist(), X.data[start:end].tolist(), strict=True))
            self.seen += 1
            if self.progress and (self.seen % 200 == 0 or self.seen == self.total):
                self.progress("topics", self.seen, self.total)


class _Mean:
    """Stands in for a random state: every draw is the distribution's mean."""

    def gamma(self, shape: float, scale: float, size: tuple[int, int]) -> NDArray[np.float64]:
        return np.full(size, shape * scale)
