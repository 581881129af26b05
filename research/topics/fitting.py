"""The fit of a topic model by either engine, from its parameters to numbers.

Nothing here checks parameters, orders topics or changes the model: the model does.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from research.files import Progress
from research.topics import gensim, parameters, priors, start
from research.topics.cvb0 import Cvb0, Floats, Settings
from research.topics.parallel import Threads

if TYPE_CHECKING:
    from research.topics.model import TopicModel

_SWEEPS_PER_UPDATE = 20  # Over new documents.
# Of the topic for common words, before it is learned, in tokens: every document has this topic.
_ALPHA_OF_COMMON_TOPIC = 10.0
_log = logging.getLogger(__name__)


class Fitted(NamedTuple):
    """What a fit results in; see the attributes of :class:`research.TopicModel`."""

    components: NDArray[np.float32]
    held: sparse.csr_matrix | None
    alpha: NDArray[np.float32]
    eta: NDArray[np.float32]
    bounds: list[tuple[int, float]]
    state: str


def fit(
    model: TopicModel, n_topics: int, X: sparse.csr_matrix, progress: Progress | None
) -> Fitted:
    """Fit so many topics, with a model's other parameters, to CSR counts, n_documents × n_words."""
    if model.engine == "gensim":
        return _fit_gensim(model, n_topics, X, progress)
    return _fit_cvb0(model, n_topics, X, progress)


def update(model: TopicModel, X: sparse.csr_matrix, progress: Progress | None) -> Fitted:
    """Fit on new documents, with the present counts held as if they were of earlier ones.

    *X* is CSR counts of the new documents, with the columns that the model has. What the prior
    holds beside tokens stays there.
    """
    expected = np.maximum(model.components_ - model.eta_, 0)
    counts = expected.astype(np.float32)
    held = counts if model.held_ is None else counts + model.held_.toarray()
    settings = _settings(
        model,
        alpha=model.alpha_.tolist(),
        eta=model.eta_.tolist(),
        sweeps=_SWEEPS_PER_UPDATE,
    )
    engine = Cvb0(
        X,
        start=np.ascontiguousarray(model.topic_word_.T, dtype=np.float32),
        settings=settings,
        held=np.ascontiguousarray(held.T),
    )
    engine.run(progress)
    result = _result(engine, model.held_)
    return result._replace(components=result.components + counts)


def _fit_gensim(
    model: TopicModel, n_topics: int, X: sparse.csr_matrix, progress: Progress | None
) -> Fitted:
    settings = gensim.Settings(
        n_topics=n_topics,
        alpha=model.alpha,
        eta=model.eta,
        passes=model.passes,
        seed=model.random_state,
    )
    topics = gensim.fit(X, settings, progress)
    n_words = X.shape[1]
    eta = np.broadcast_to(topics.eta, (n_words,))
    return Fitted(
        components=topics.components,
        held=None,
        alpha=topics.alpha,
        eta=eta.astype(np.float32),
        bounds=[],
        state="all sweeps",
    )


def _fit_cvb0(
    model: TopicModel, n_topics: int, X: sparse.csr_matrix, progress: Progress | None
) -> Fitted:
    common_topic = _has_common_topic(model, n_topics)
    options = start.Options(
        n_topics=n_topics,
        kind=parameters.given_topics(model.start),
        seeds=parameters.seed_columns(model.seeds),
        seed_strength=model.seed_strength,
        common_topic=common_topic,
        random_state=model.random_state,
    )
    with threadpool_limits(1, "blas"), Threads(model.n_jobs) as threads:
        words, seeds, leading = start.prepare(X, options, threads)
    settings = _settings(model, model.alpha, model.eta, model.passes)
    engine = Cvb0(X, words, settings, _sum(seeds, leading))
    if common_topic:
        engine.alpha[-1] = _ALPHA_OF_COMMON_TOPIC
    engine.run(progress)
    if engine.state == "stopped":
        _log.warning(
            "stopped after %d of %d passes; the model is the one after these",
            engine.n_sweeps,
            model.passes,
        )
    result = _result(engine, None if leading is None else sparse.csr_matrix(leading.T))
    if seeds is None:
        return result
    return result._replace(components=result.components + seeds.T)


def _sum(one: Floats | None, other: Floats | None) -> Floats | None:
    if one is None or other is None:
        return other if one is None else one
    return one + other


def _has_common_topic(model: TopicModel, n_topics: int) -> bool:
    """Return whether the last topic starts from the words of the whole corpus."""
    if not isinstance(model.start, str):
        return False
    learned = isinstance(model.alpha, str) and model.alpha == "asymmetric"
    n_free = n_topics - len(model.seeds)
    return learned and n_free > 1


def _settings(model: TopicModel, alpha: priors.Alpha, eta: priors.Eta, sweeps: int) -> Settings:
    return Settings(
        alpha=alpha,
        eta=eta,
        sweeps=sweeps,
        tolerance=model.tolerance,
        n_jobs=model.n_jobs,
        seed=model.random_state,
    )


def _result(engine: Cvb0, held: sparse.csr_matrix | None) -> Fitted:
    by_topic = engine.pseudo_counts().T
    return Fitted(
        components=np.ascontiguousarray(by_topic),
        held=held,
        alpha=engine.alpha.astype(np.float32),
        eta=engine.eta.astype(np.float32),
        bounds=engine.bounds,
        state=engine.state,
    )
