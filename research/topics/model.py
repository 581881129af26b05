"""TopicModel: latent Dirichlet allocation (Blei, Ng & Jordan 2003) behind scikit-learn's grammar.

The model checks its input, chooses what a fit starts from, and orders the topics; the arithmetic is
in the modules that it calls. It knows no dates and no files.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.exceptions import NotFittedError

from research.errors import InputError
from research.files import Progress
from research.topics import fitting, gensim, inference, parameters, priors
from research.topics.metrics import top_columns
from research.topics.novelty import Novelty, novelty
from research.topics.start import Kind

if TYPE_CHECKING:
    from gensim.models import LdaModel


class TopicModel(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Latent Dirichlet allocation [1]_ over a document–term matrix.

    Topics are numbered from 0 in falling order of their share of the corpus (those with seed words
    first, in the order of the seeds), and keep their numbers everywhere. The same X, parameters and
    *random_state* give the same bytes on the same kind of processor.

    Parameters
    ----------
    n_topics : int, default=20
        Number of topics.

    engine : {"cvb0", "gensim"}, default="cvb0"
        "cvb0" is zero-order collapsed variational Bayes [2]_; "gensim" is online variational Bayes
        [3]_, as the reference.

    alpha : float, sequence of n_topics floats, "symmetric" or "asymmetric", default=0.1
        Prior of the topics of a document, in tokens: given, or learned [4]_. "asymmetric" starts
        one topic from the words of the whole corpus, for those that every article has: it takes the
        place of an ever longer stop list.

    eta : float, sequence of n_words floats, "symmetric" or "asymmetric", default=0.01
        Prior of the words of a topic, in tokens: given, or learned in the same way.

    passes : int, default=100
        Most passes over the documents.

    tolerance : float, default=2e-4
        The fit has converged when a pass lowers the perplexity by less than this share. Only used
        by "cvb0".

    start : {"factorised", "consensus", "random"} or array, default="factorised"
        What the fit starts from. Only used by "cvb0".

        - "factorised": a non-negative factorisation of TF-IDF.
        - "consensus": the topics that come back in most of many such factorisations of samples,
          their leading words in the prior; slower and stabler.
        - "random": random counts.
        - an array of n_given × n_words, n_given at most n_topics: the ``components_`` of an earlier
          model. Its topics keep their numbers; further ones come after them.

    seeds : sequence of sequences of int, default=()
        Columns of X that belong to topic 0, to topic 1, … Only used by "cvb0".

    seed_strength : float, default=1.0
        Prior of a seed word in its topic, as a multiple of its count in the corpus.

    random_state : int, default=0
        Seed of what is drawn: the documents of the start, and the order of documents.

    n_jobs : int, default=None
        Threads; one per core where None. The result does not depend on it.

    Attributes
    ----------
    components_ : float32 array of shape (n_topics, n_words)
        Pseudo-counts of words by topic, priors included, in tokens.

    topic_word_ : float64 array of shape (n_topics, n_words)
        Probability of each word in each topic; rows sum to 1.

    alpha_ : float32 array of shape (n_topics,)
        Prior of the topics of a document, in tokens.

    eta_ : float32 array of shape (n_words,)
        Prior of the words of a topic, in tokens.

    bounds_ : list of (int, float)
        Sweeps, and the perplexity of the training tokens after each of these. Empty with "gensim".

    state_ : {"converged", "all sweeps", "stopped"}
        How the fit ended; "stopped" by Ctrl-C.

    n_features_in_ : int
        Number of words seen during ``fit``.

    novelty_ : Novelty
        What the topics did not explain of the documents that ``partial_fit`` was last given.

    See Also
    --------
    choose_n_topics : Fit with several numbers of topics and recommend one.
    stability : Compare the topics of fits on several samples.

    References
    ----------
    .. [1] D. M. Blei, A. Y. Ng & M. I. Jordan, "Latent Dirichlet allocation", JMLR 3, 2003.

    .. [2] A. Asuncion, M. Welling, P. Smyth & Y. W. Teh, "On smoothing and inference for topic
           models", UAI 2009.

    .. [3] M. D. Hoffman, D. M. Blei & F. Bach, "Online learning for latent Dirichlet allocation",
           NIPS 2010.

    .. [4] H. M. Wallach, D. Mimno & A. McCallum, "Rethinking LDA: why priors matter", NIPS 2009.

    Examples
    --------
    >>> X, vocabulary = research.learn_words(articles, segmenter)
    >>> model = research.TopicModel(20, alpha="asymmetric").fit(X)
    >>> model.top_words(vocabulary, 3)[0]
    ['签约', '项目', '投资']
    """

    components_: NDArray[np.float32]
    alpha_: NDArray[np.float32]
    eta_: NDArray[np.float32]
    bounds_: list[tuple[int, float]]
    state_: str
    n_features_in_: int
    novelty_: Novelty

    def __init__(
        self,
        n_topics: int = 20,
        *,
        engine: Literal["cvb0", "gensim"] = "cvb0",
        alpha: priors.Alpha = priors.ALPHA,
        eta: priors.Eta = priors.ETA,
        passes: int = 100,
        tolerance: float = 2e-4,
        start: Kind | NDArray[np.floating[Any]] = "factorised",
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
        """Fit the model.

        Ctrl-C, after the first pass, keeps the model as it is (``state_`` is "stopped").

        Parameters
        ----------
        X
            CSR counts, n_documents × n_words.
        y
            Not used; there for scikit-learn's pipelines.
        progress
            Called with a stage, passes done and passes to do.

        Raises
        ------
        InputError
            If X holds no word or a negative count, or a parameter does not fit it.
        """
        X = parameters.checked_counts(X)
        n_words = X.shape[1]
        parameters.check_some_words(X, "lower min_df or raise max_df")
        parameters.check_parameters(self, n_words)
        self._take(fitting.fit(self, X, progress))
        self.n_features_in_ = n_words
        self._order_by_size()
        return self

    def transform(
        self, X: sparse.csr_matrix, progress: Progress | None = None
    ) -> NDArray[np.float64]:
        """Return the topic shares of documents; those of one document do not depend on the others.

        Parameters
        ----------
        X
            CSR counts, n_documents × n_words.
        progress
            Called with "topic shares", documents done and documents to do.

        Returns
        ------- Shares, n_documents × n_topics; rows sum to 1. A document without a known word gets
        the prior's.
        """
        self._check_fitted()
        X = parameters.checked_counts(X)
        if X.shape[1] != self.n_features_in_:
            raise InputError(
                f"X has {X.shape[1]} words but the model was fitted on {self.n_features_in_}; "
                "count with the model's vocabulary"
            )
        return inference.infer_shares(X, self.topic_word_, self.alpha_, self.n_jobs, progress)

    def perplexity(self, X: sparse.csr_matrix) -> float:
        """Return the perplexity of half of each document's tokens, given the other half.

        This is document completion. Tokens go to the halves in turn, in the order of X's columns
        (Wallach, Murray, Salakhutdinov & Mimno, "Evaluation methods for topic models", ICML 2009).
        *X* is CSR counts, n_documents × n_words.
        """
        counts = parameters.checked_counts(X)
        observed, predicted = inference.halves(counts)
        shares = self.transform(observed)
        return inference.perplexity(predicted, shares, self.topic_word_)

    def partial_fit(
        self, X: sparse.csr_matrix, y: object = None, progress: Progress | None = None
    ) -> Self:
        """Continue with new documents: topics keep their numbers and their counts.

        What the topics did not explain of the new documents is in ``novelty_``. On an unfitted
        model this is ``fit``.

        Parameters
        ----------
        X
            CSR counts of the new documents; it may have more columns than before: new words.
        y
            Not used; there for scikit-learn's pipelines.
        progress
            Called with a stage, passes done and passes to do.

        Raises
        ------
        InputError
            If X holds no word, or fewer columns than the model.
        """
        if not hasattr(self, "components_"):
            return self.fit(X, progress=progress)
        X = parameters.checked_counts(X)
        if X.shape[1] < self.n_features_in_:
            raise InputError(
                f"X has {X.shape[1]} words but the model {self.n_features_in_}; "
                "keep the model's columns, and add new words after them"
            )
        parameters.check_some_words(X, "give new documents that have some")
        self._add_words(X.shape[1] - self.n_features_in_)
        self.novelty_ = novelty(X, self.transform(X), self.topic_word_)
        self._take(fitting.update(self, X, progress))
        return self

    @property
    def topic_word_(self) -> NDArray[np.float64]:
        """Probability of every word in every topic, n_topics × n_words."""
        self._check_fitted()
        counts = self.components_.astype(np.float64)
        totals = counts.sum(axis=1, keepdims=True)
        probabilities: NDArray[np.float64] = counts / totals
        return probabilities

    def reorder(self, order: Sequence[int]) -> Self:
        """Renumber the topics: the new topic k is the old ``order[k]``."""
        self._check_fitted()
        if sorted(order) != list(range(self.n_topics)):
            raise InputError(
                f"order {list(order)} must name each of the {self.n_topics} topics once"
            )
        topics = list(order)
        self.components_ = np.ascontiguousarray(self.components_[topics])
        self.alpha_ = self.alpha_[topics]
        return self

    def top_words(self, vocabulary: Sequence[str], n: int = 10) -> list[list[str]]:
        """Return the *n* most probable words of every topic, the most probable first."""
        self._check_vocabulary(vocabulary)
        columns = top_columns(self.components_, n)
        words = []
        for topic in columns.tolist():
            words.append([vocabulary[column] for column in topic])
        return words

    def to_gensim(self, vocabulary: Sequence[str]) -> LdaModel:
        """Return a ``gensim.models.LdaModel`` with the same topics under the same numbers."""
        self._check_vocabulary(vocabulary)
        topics = gensim.Topics(
            components=self.components_,
            alpha=self.alpha_,
            eta=self.eta_,
        )
        return gensim.to_gensim(topics, vocabulary, self.random_state)

    @classmethod
    def from_gensim(cls, lda: LdaModel) -> tuple[TopicModel, list[str]]:
        """Return a model with the topics of a ``gensim.models.LdaModel``, and its vocabulary.

        The topics keep their numbers.
        """
        topics, vocabulary = gensim.from_gensim(lda)
        n_topics = len(topics.components)
        model = cls(n_topics, engine="gensim")
        model.components_ = topics.components
        model.alpha_ = topics.alpha
        model.eta_ = topics.eta
        model.n_features_in_ = len(vocabulary)
        model.bounds_ = []
        model.state_ = "all sweeps"
        return model, vocabulary

    def state(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """Return the fitted model as parameters in JSON types, and arrays by name."""
        self._check_fitted()
        facts = self.get_params()
        del facts["n_jobs"]
        for name in ("alpha", "eta"):
            prior = facts[name]
            if not isinstance(prior, str):
                facts[name] = np.asarray(prior).tolist()
        if not isinstance(self.start, str):
            facts["start"] = "given"
        facts["seeds"] = [[int(column) for column in words] for words in self.seeds]
        arrays = {
            "components": self.components_,
            "alpha": self.alpha_,
            "eta": self.eta_,
        }
        return facts, arrays

    @classmethod
    def from_state(cls, facts: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> TopicModel:
        """Return the model that :meth:`state` described."""
        model = cls(**facts)
        model.components_ = arrays["components"]
        model.alpha_ = arrays["alpha"]
        model.eta_ = arrays["eta"]
        model.n_features_in_ = model.components_.shape[1]
        return model

    def _take(self, fitted: fitting.Fitted) -> None:
        """Set the fitted attributes."""
        self.components_ = fitted.components
        self.alpha_ = fitted.alpha
        self.eta_ = fitted.eta
        self.bounds_ = fitted.bounds
        self.state_ = fitted.state

    def _order_by_size(self) -> None:
        """Number topics in falling order of their counts, after those with seeds or given ones."""
        start = self.start
        n_fixed = len(self.seeds) if isinstance(start, str) else len(start)
        free = self.components_[n_fixed:]
        sizes = free.sum(axis=1)
        order = np.argsort(-sizes, kind="stable") + n_fixed
        self.reorder([*range(n_fixed), *order.tolist()])

    def _add_words(self, n_new: int) -> None:
        """Add *n_new* columns that have the mean prior and no counts."""
        mean_eta = self.eta_.mean()
        new_eta = np.full(n_new, mean_eta, np.float32)
        new_columns = np.tile(new_eta, (self.n_topics, 1))
        self.components_ = np.hstack([self.components_, new_columns])
        self.eta_ = np.concatenate([self.eta_, new_eta])
        self.n_features_in_ += n_new

    def _check_fitted(self) -> None:
        if not hasattr(self, "components_"):
            raise NotFittedError("TopicModel is not fitted; call fit, or research.load a run")

    def _check_vocabulary(self, vocabulary: Sequence[str]) -> None:
        self._check_fitted()
        if len(vocabulary) != self.n_features_in_:
            raise InputError(
                f"the vocabulary has {len(vocabulary)} words but the model {self.n_features_in_}; "
                "give the one it was counted with"
            )
