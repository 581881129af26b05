"""gensim's LDA, made deterministic: the engine to compare with, and the door to tools around it.

No other module imports gensim.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from research.errors import InputError
from research.files import Progress, report_progress
from research.topics import priors

if TYPE_CHECKING:
    from gensim.models import LdaModel

_DOCUMENTS_PER_UPDATE = 2000  # gensim's default.
_TURNS_PER_DOCUMENT = 50  # gensim's default; with the next, when the inference of a document ends.
_MEAN_CHANGE_OF_TOPICS = 0.001  # gensim's default.
_DOCUMENTS_PER_REPORT = 200


class Topics(NamedTuple):
    """Topics as gensim holds them.

    Attributes
    ----------
    components : float32 array of shape (n_topics, n_words)
        Pseudo-counts, prior included.
    alpha : float32 array of shape (n_topics,)
        Prior of the topics of a document.
    eta : float32 array of shape (n_words,), or () where the words share it
        Prior of the words of a topic.
    """

    components: NDArray[np.float32]
    alpha: NDArray[np.float32]
    eta: NDArray[np.float32]


class Settings(NamedTuple):
    """How to fit: parameters of :class:`research.TopicModel`."""

    n_topics: int
    alpha: priors.Alpha
    eta: priors.Eta
    passes: int
    seed: int


def fit(X: sparse.csr_matrix, settings: Settings, progress: Progress | None) -> Topics:
    """Fit topics by online variational Bayes (Hoffman, Blei & Bach 2010).

    *X* is CSR counts, n_documents × n_words; *progress* is called with "topics", documents read and
    documents to read in all passes.

    Raises
    ------
    InputError
        If a prior is "symmetric", which gensim does not learn, or gensim is not installed.
    """
    documents = _Documents(X, settings.passes, progress)
    columns = [str(column) for column in range(X.shape[1])]
    alpha, eta = _as_gensim(settings.alpha, "alpha"), _as_gensim(settings.eta, "eta")
    with threadpool_limits(1):
        lda = _lda_model(settings.n_topics, columns, alpha, eta, settings.seed)
        lda.update(
            documents,
            chunksize=_DOCUMENTS_PER_UPDATE,
            passes=settings.passes,
            iterations=_TURNS_PER_DOCUMENT,
            gamma_threshold=_MEAN_CHANGE_OF_TOPICS,
            eval_every=0,
        )
    return _topics(lda)


def to_gensim(topics: Topics, vocabulary: Sequence[str], seed: int) -> LdaModel:
    """Return a ``gensim.models.LdaModel`` of these topics, under the same numbers."""
    lda = _lda_model(len(topics.components), vocabulary, topics.alpha, topics.eta, seed)
    lda.state.sstats = topics.components - topics.eta
    lda.sync_state()
    return lda


def from_gensim(lda: LdaModel) -> tuple[Topics, list[str]]:
    """Return the topics of a ``gensim.models.LdaModel``, eta (n_words,), and its vocabulary."""
    topics = _topics(lda)
    n_words = topics.components.shape[1]
    eta = np.broadcast_to(topics.eta, (n_words,)).copy()
    vocabulary = [str(lda.id2word[i]) for i in range(n_words)]
    return topics._replace(eta=eta), vocabulary


def _topics(lda: LdaModel) -> Topics:
    components = lda.state.get_lambda().astype(np.float32)
    alpha, eta = np.asarray(lda.alpha, np.float32), np.asarray(lda.eta, np.float32)
    return Topics(components, alpha, eta)


def _as_gensim(prior: priors.Alpha, name: str) -> Any:
    """Return a prior as gensim takes it: a number, an array, or "auto" where it is learned."""
    if prior == "symmetric":
        raise InputError(
            f"gensim learns no symmetric {name}; "
            'give a number, or "asymmetric", or set engine = "cvb0"'
        )
    if prior == "asymmetric":
        return "auto"
    return prior if isinstance(prior, float | int) else np.asarray(prior)


def _lda_model(
    n_topics: int, vocabulary: Sequence[str], alpha: Any, eta: Any, seed: int
) -> LdaModel:
    """Return an untrained model; only its seed draws."""
    try:
        from gensim.models import LdaModel
    except ImportError:
        raise InputError(
            "this needs gensim, which has no wheels for Python 3.14 yet; use Python 3.11 to 3.13"
        ) from None
    words = dict(enumerate(vocabulary))
    return LdaModel(
        num_topics=n_topics, id2word=words, alpha=alpha, eta=eta, random_state=seed, eval_every=0
    )


class _Documents:
    """A CSR matrix as gensim reads a corpus; it reports how much of all passes is read."""

    def __init__(self, X: sparse.csr_matrix, passes: int, progress: Progress | None) -> None:
        self.X = X
        self.n_to_read = X.shape[0] * passes
        self.progress = progress
        self.n_read = 0

    def __len__(self) -> int:
        return int(self.X.shape[0])

    def __iter__(self) -> Iterator[list[tuple[int, float]]]:
        """Yield pairs of column and count of each document."""
        X = self.X
        for start, end in zip(X.indptr[:-1], X.indptr[1:], strict=True):
            columns, counts = X.indices[start:end].tolist(), X.data[start:end].tolist()
            yield list(zip(columns, counts, strict=True))
            self.n_read += 1
            if self.n_read % _DOCUMENTS_PER_REPORT == 0 or self.n_read == self.n_to_read:
                report_progress(self.progress, "topics", self.n_read, self.n_to_read)
