"""TopicModel: latent Dirichlet allocation (Blei, Ng & Jordan 2003) behind scikit-learn's grammar.

The model checks its input, chooses what a fit starts from, and orders the topics; the arithmetic is
in the modules that it calls, and what a fitted model does in ``fitted``. It knows no dates and no
files.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.files import Progress
from research.topics import fitting, gensim, inference, parameters, priors
from research.topics.capacity import warn_of_excess
from research.topics.counts import (
    CountsLike,
    check_new_columns,
    check_some_words,
    checked_counts,
    column_names,
    counts_for,
    in_order,
)
from research.topics.fitted import FittedTopics
from research.topics.held import as_triples, from_triples
from research.topics.novelty import Novelty, novelty
from research.topics.search import Choice, search
from research.topics.short_texts import word_network
from research.topics.start import Kind

if TYPE_CHECKING:
    from gensim.models import LdaModel


class TopicModel(FittedTopics):
    """Latent Dirichlet allocation [1]_ over a document–term matrix.

    Topics are numbered from 0 in falling order of their share of the corpus (those with seed words
    first, in the order of the seeds), and keep their numbers everywhere. The same X, parameters and
    *random_state* give the same bytes on the same kind of processor.

    Parameters
    ----------
    n_topics : int or "auto", default=20
        Number of topics; "auto" takes the number that :func:`research.choose_n_topics` recommends,
        which takes far longer than one fit. More topics than the corpus has room for
        (:func:`research.most_topics`) are learned with a logged warning.

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

    tolerance : float, default=1e-3
        The fit has converged when a pass lowers the perplexity by less than this share. Only used
        by "cvb0".

    start : {"consensus", "factorised", "random"} or array, default="consensus"
        What the fit starts from. Only used by "cvb0".

        - "consensus": the topics that come back in most of many non-negative factorisations of the
          TF-IDF of samples, their leading words in the prior.
        - "factorised": one such factorisation; quicker and less stable.
        - "random": random counts.
        - an array of n_given × n_words, n_given at most n_topics: the ``components_`` of an earlier
          model. Its topics keep their numbers; further ones come after them.

    seeds : sequence of sequences of int, default=()
        Columns of X that belong to topic 0, to topic 1, … Only used by "cvb0".

    seed_strength : float, default=1.0
        Prior of a seed word in its topic, as a multiple of its count in the corpus.

    short_texts : bool, default=False
        Learn from which words occur together instead of from documents: for texts of a dozen words,
        such as headlines. See :func:`research.topics.short_texts.word_network`.

    random_state : int, default=0
        Seed of what is drawn: the documents of the start, and the order of documents.

    n_jobs : int, default=None
        Threads; one per core where None or -1, one less where -2. The result does not depend on it.

    Attributes
    ----------
    components_ : float32 array of shape (n_topics, n_words)
        Expected counts of words by topic plus eta: ``components_ - eta_`` sums to the tokens (and
        the prior of seed words).

    held_ : float32 sparse matrix of shape (n_topics, n_words), or None
        What the prior holds beside them: leading words of a consensus, in tokens.

    topic_word_ : float64 array of shape (n_topics, n_words)
        Probability of each word in each topic, from ``components_`` and ``held_``; rows sum to 1.

    alpha_ : float32 array of shape (n_topics,)
        Prior of the topics of a document, in tokens.

    eta_ : float32 array of shape (n_words,)
        Prior of the words of a topic, in tokens.

    choice_ : Choice
        Why there are so many topics, where *n_topics* is "auto".

    bounds_ : list of (int, float)
        Sweeps, and the perplexity of the training tokens after each of these. Empty with "gensim".

    state_ : {"converged", "all sweeps", "stopped"}
        How the fit ended; "stopped" by Ctrl-C.

    n_features_in_ : int
        Number of words seen during ``fit``.

    feature_names_in_ : object array of shape (n_words,)
        Names of X's columns, where it is a data frame whose column names are all strings. Another
        data frame must then have the same columns in the same order.

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

    choice_: Choice
    bounds_: list[tuple[int, float]]
    state_: str
    novelty_: Novelty

    def __init__(
        self,
        n_topics: int | Literal["auto"] = 20,
        *,
        engine: Literal["cvb0", "gensim"] = "cvb0",
        alpha: priors.Alpha = priors.ALPHA,
        eta: priors.Eta = priors.ETA,
        passes: int = 100,
        tolerance: float = 1e-3,
        start: Kind | NDArray[np.floating[Any]] = "consensus",
        seeds: Sequence[Sequence[int]] = (),
        seed_strength: float = 1.0,
        short_texts: bool = False,
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
        self.short_texts = short_texts
        self.random_state = random_state
        self.n_jobs = n_jobs

    def fit(self, X: CountsLike, y: object = None, progress: Progress | None = None) -> Self:
        """Fit the model.

        Ctrl-C, after the first pass, keeps the model as it is (``state_`` is "stopped"). A fit that
        is refused leaves the model as it was.

        Parameters
        ----------
        X
            Counts, n_documents × n_words: a sparse matrix, an array or a data frame. They need not
            be whole numbers: weights such as TF-IDF count as so many tokens.
        y
            Not used; there for scikit-learn's pipelines.
        progress
            Called with a stage, passes done and passes to do.

        Raises
        ------
        InputError
            If X holds no word, or what is no count, or a parameter has a wrong value or does not
            fit X.
        """
        counts = checked_counts(X)
        self._learn(counts, column_names(X), progress)
        warn_of_excess(counts, len(self.components_))
        return self

    def fit_quietly(self, X: CountsLike) -> Self:
        """Fit as ``fit`` does, without a warning of too many topics: for fits that are compared."""
        self._learn(checked_counts(X), column_names(X), None)
        return self

    def partial_fit(
        self, X: CountsLike, y: object = None, progress: Progress | None = None
    ) -> Self:
        """Continue with new documents: topics keep their numbers and their counts.

        What the topics did not explain of the new documents is in ``novelty_``. On an unfitted
        model this is ``fit``.

        Parameters
        ----------
        X
            Counts of the new documents, as in ``fit``; it may have more columns than before, after
            those of the model: new words.
        y
            Not used; there for scikit-learn's pipelines.
        progress
            Called with a stage, passes done and passes to do.

        Raises
        ------
        InputError
            If X holds no word, fewer columns than the model or these in another order, or is
            refused by ``fit``.
        """
        if not hasattr(self, "components_"):
            return self.fit(X, progress=progress)
        self._check_fitted()
        parameters.check_parameters_of_update(self)
        counts = checked_counts(X)
        n_new = counts.shape[1] - self.n_features_in_
        if n_new > 0:
            check_new_columns(self, X, counts.shape[1])
        else:
            counts_for(self, X)  # Refuses other columns.
        check_some_words(counts, "give new documents that have some")
        if n_new > 0:
            self._add_words(n_new)
            self._take_words(counts.shape[1], column_names(X))
        topic_word = self.topic_word_
        ordered = in_order(counts)
        shares = inference.infer_shares(ordered, topic_word, self.alpha_, self.n_jobs, None)
        self.novelty_ = novelty(ordered, shares, topic_word)
        self._take(fitting.update(self, self._documents(counts), progress))
        return self

    def to_gensim(self, vocabulary: Sequence[str]) -> LdaModel:
        """Return a ``gensim.models.LdaModel`` with the same topics under the same numbers."""
        self._check_vocabulary(vocabulary)
        topics = gensim.Topics(
            components=self.pseudo_counts(),
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
        model.held_ = None
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
        if not self.short_texts:
            del facts["short_texts"]  # As in models from before there were any.
        facts["n_topics"] = len(self.components_)
        for name in ("alpha", "eta"):
            prior = facts[name]
            if not isinstance(prior, str):
                facts[name] = np.asarray(prior).tolist()
        if not isinstance(self.start, str):
            facts["start"] = "given"
        facts["seeds"] = parameters.seed_columns(self.seeds)
        arrays: dict[str, NDArray[Any]] = {
            "components": self.components_,
            "alpha": self.alpha_,
            "eta": self.eta_,
        }
        if self.held_ is not None:
            arrays["held"] = as_triples(self.held_)
        return facts, arrays

    @classmethod
    def from_state(cls, facts: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> TopicModel:
        """Return the model that :meth:`state` described."""
        model = cls(**facts)
        model.components_ = arrays["components"]
        model.alpha_ = arrays["alpha"]
        model.eta_ = arrays["eta"]
        model.n_features_in_ = model.components_.shape[1]
        model.held_ = None
        if "held" in arrays:
            model.held_ = from_triples(arrays["held"], model.components_.shape)
        return model

    def _learn(
        self,
        counts: sparse.csr_matrix,
        names: NDArray[np.object_] | None,
        progress: Progress | None,
    ) -> None:
        """Fit to checked counts, n_documents × n_words, whose columns have names or None."""
        n_words = counts.shape[1]
        parameters.check_parameters(self, n_words)
        check_some_words(counts, "lower min_df or raise max_df")
        choice = None
        if self.n_topics == "auto":
            choice = search(counts, "auto", self, progress)
        n_topics = self.n_topics if choice is None else choice.n_topics
        documents = self._documents(counts)
        self._take(fitting.fit(self, int(n_topics), documents, progress))
        self._take_words(n_words, names)
        self._take_choice(choice)
        self.__dict__.pop("novelty_", None)
        self._order_by_size()

    def _documents(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        """Return what topics are fitted to: the documents, or what the words of short ones make."""
        return word_network(counts) if self.short_texts else counts

    def _take_choice(self, choice: Choice | None) -> None:
        """Set why there are so many topics, or forget an earlier choice."""
        self.__dict__.pop("choice_", None)
        if choice is not None:
            self.choice_ = choice

    def _take(self, fitted: fitting.Fitted) -> None:
        """Set the fitted attributes."""
        self.components_ = fitted.components
        self.held_ = fitted.held
        self.alpha_ = fitted.alpha
        self.eta_ = fitted.eta
        self.bounds_ = fitted.bounds
        self.state_ = fitted.state

    def _take_words(self, n_words: int, names: NDArray[np.object_] | None) -> None:
        """Set the number of words, and their names where X has some."""
        self.n_features_in_ = n_words
        self.__dict__.pop("feature_names_in_", None)
        if names is not None:
            self.feature_names_in_ = names

    def _order_by_size(self) -> None:
        """Number topics in falling order of their counts, after those with seeds or given ones."""
        start = self.start
        n_fixed = len(self.seeds) if isinstance(start, str) else len(start)
        free = self.components_[n_fixed:]
        sizes = free.sum(axis=1)
        order = np.argsort(-sizes, kind="stable") + n_fixed
        self.reorder([*range(n_fixed), *order.tolist()])
