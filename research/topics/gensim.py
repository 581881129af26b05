"""gensim's LDA, made deterministic: the engine to compare with, and the door to the tools around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from research.errors import InputError
from research.files import Progress
from research.topics import priors

_CHUNK = 2000


def fit(
    X: sparse.csr_matrix,
    n_topics: int,
    alpha: priors.Alpha,
    eta: priors.Eta,
    passes: int,
    seed: int,
    progress: Progress | None,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return pseudo-counts (n_topics × n_words), alpha and eta of online variational Bayes."""
    documents = _Documents(X, passes, progress)
    with threadpool_limits(1):
        lda = _gensim(
            n_topics, X.shape[1], _as_gensim(alpha, "alpha"), _as_gensim(eta, "eta"), seed
        )
        lda.update(
            documents,
            chunksize=_CHUNK,
            passes=passes,
            iterations=50,
            gamma_threshold=0.001,
            eval_every=0,
        )
    return (
        lda.state.get_lambda().astype(np.float32),
        np.asarray(lda.alpha, np.float32),
        np.asarray(lda.eta, np.float32),
    )


def _as_gensim(prior: priors.Alpha, name: str) -> Any:
    if prior == "symmetric":
        raise InputError(
            f'gensim learns no symmetric {name}; give a number, or "asymmetric", or set engine = "cvb0"'
        )
    if prior == "asymmetric":
        return "auto"
    return prior if isinstance(prior, float | int) else np.asarray(prior)


def to_gensim(
    components: NDArray[np.float32],
    alpha: NDArray[np.float32],
    eta: NDArray[np.float32],
    vocabulary: Sequence[str],
    seed: int,
) -> Any:
    """Return a ``gensim.models.LdaModel`` of these pseudo-counts."""
    n_topics, n_words = components.shape
    lda = _gensim(n_topics, n_words, alpha, eta, seed, dict(enumerate(vocabulary)))
    lda.state.sstats = components - eta
    lda.sync_state()
    return lda


def from_gensim(
    lda: Any,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], list[str]]:
    """Return pseudo-counts, alpha, eta (n_words,) and vocabulary of a ``gensim.models.LdaModel``."""
    components = lda.state.get_lambda().astype(np.float32)
    eta = np.broadcast_to(np.asarray(lda.eta, np.float32), (components.shape[1],)).copy()
    return (
        components,
        np.asarray(lda.alpha, np.float32),
        eta,
        [str(lda.id2word[i]) for i in range(components.shape[1])],
    )


def _gensim(
    n_topics: int,
    n_words: int,
    alpha: Any,
    eta: Any,
    seed: int,
    id2word: dict[int, str] | None = None,
) -> Any:
    try:
        from gensim.models import LdaModel
    except ImportError:
        raise InputError(
            "this needs gensim, which has no wheels for Python 3.14 yet; use Python 3.11 to 3.13"
        ) from None
    words = id2word or {i: str(i) for i in range(n_words)}
    return LdaModel(
        num_topics=n_topics, id2word=words, alpha=alpha, eta=eta, random_state=seed, eval_every=0
    )


class _Documents:
    """A CSR matrix as gensim reads a corpus, telling how far the reading is."""

    def __init__(self, X: sparse.csr_matrix, passes: int, progress: Progress | None) -> None:
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
