"""Collapsed variational Bayes of zero order (CVB0) for latent Dirichlet allocation.

Asuncion, Welling, Smyth & Teh, "On smoothing and inference for topic models", UAI 2009; the moving average
over blocks of documents of the first sweeps is that of Foulds et al., "Stochastic collapsed variational
Bayesian inference for latent Dirichlet allocation", KDD 2013.

What is held: documents × topics, three times words × topics, a block of documents × topics, and six numbers for
every nonzero count; never nonzeros × topics. Every sum runs in an order that the data alone decide, so the
number of threads changes no bit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.files import Progress
from research.topics import kernels, priors
from research.topics.parallel import Threads, even_ranges, even_work

Counts = NDArray[np.float32]
_BLOCK = 4000  # Documents whose topic counts fit the processor's cache.
_MOST_BLOCKS = 64
_JUDGED = 5  # Sweeps from one look at the bound to the next.
_LEARNED = 10  # Sweeps from one learning of the priors to the next.
_FIRST_TURNS = 5  # Of the first sweep, when the documents know nothing yet.
_MOVING, _MOVING_BLOCKS, _STEP = (
    3,
    4,
    0.5,
)  # First sweeps with a moving average, where there are so many blocks.
_DOCUMENT_STRIDE = 1.9  # Over-relaxation of the documents' counts, and
_MOST_AHEAD = 0.9  # momentum of the words': fixed points stay, and are reached in half the sweeps.


@dataclass(frozen=True, slots=True)
class Settings:
    """How to fit: priors as in :class:`research.TopicModel`; *tolerance* is the least gain of the bound, a sweep."""

    alpha: priors.Alpha
    eta: priors.Eta
    sweeps: int
    tolerance: float
    n_jobs: int | None
    seed: int


@dataclass(frozen=True, slots=True)
class _Block:
    """Some documents' counts, by document and by word."""

    rows: NDArray[np.intp]
    indptr: NDArray[np.int32]
    indices: NDArray[np.int32]
    data: Counts
    word_of: NDArray[np.int32]
    start_of: NDArray[np.int32]
    row_of: NDArray[np.int32]
    place_of: NDArray[np.int32]
    norms: Counts
    document_chunks: list[tuple[int, int]]
    word_chunks: list[tuple[int, int]]


def _blocks(X: sparse.csr_matrix, seed: int) -> list[_Block]:
    """Part the documents at random: a block of a year's first weeks would be no fair picture of the corpus."""
    order = np.random.default_rng(seed).permutation(X.shape[0])
    n_blocks = min(_MOST_BLOCKS, max(1, round(X.shape[0] / _BLOCK)))
    return [_block(X, rows) for rows in np.array_split(order, n_blocks)]


def _block(X: sparse.csr_matrix, rows: NDArray[np.intp]) -> _Block:
    part = X[rows]
    by_word = sparse.csr_matrix(
        (np.arange(part.nnz, dtype=np.int32), part.indices, part.indptr), part.shape
    ).tocsc()
    word_of = np.flatnonzero(np.diff(by_word.indptr)).astype(np.int32)
    start_of = np.append(by_word.indptr[word_of], part.nnz).astype(np.int32)
    return _Block(
        rows,
        part.indptr.astype(np.int32),
        part.indices.astype(np.int32),
        part.data.astype(np.float32),
        word_of,
        start_of,
        by_word.indices.astype(np.int32),
        by_word.data.astype(np.int32),
        np.zeros(part.nnz, np.float32),
        even_work(part.indptr),
        even_work(start_of),
    )


class Cvb0:
    """One fit: ``run`` goes on from what is there, and may be stopped with Ctrl-C between any two lines.

    *X* is CSR counts, n_documents × n_words; *start* words × topics, any scale; *settings* the priors' first
    values and how they are learned. *held* counts, words × topics, are added to the priors and never change.
    """

    def __init__(
        self, X: sparse.csr_matrix, start: Counts, settings: Settings, held: Counts | None = None
    ) -> None:
        self.settings = settings
        self.n_documents, self.n_words = X.shape
        n_topics = start.shape[1]
        self.tokens = float(X.data.sum(dtype=np.float64))
        self.alpha = priors.first_values(settings.alpha, n_topics, priors.ALPHA, "alpha")
        self.eta = priors.first_values(settings.eta, self.n_words, priors.ETA, "eta")
        self.held = held
        self.blocks = _blocks(X, settings.seed)
        self.words = np.ascontiguousarray(
            start * (self.tokens / start.sum(dtype=np.float64)), dtype=np.float32
        )
        self.documents = np.ones((self.n_documents, n_topics), np.float32)
        self.places = np.cumsum([0, *(len(block.rows) for block in self.blocks)])
        self.used = np.empty((max(len(block.rows) for block in self.blocks), n_topics), np.float32)
        self.new = np.zeros_like(self.words)
        self.smoothed = np.empty_like(self.words)
        self.bounds: list[tuple[int, float]] = []
        self.sweeps = 0
        self.state = "stopped"

    def run(self, progress: Progress | None = None) -> None:
        """Sweep until the bound gains less than the tolerance, or the sweeps are used up."""
        settings = self.settings
        with Threads(settings.n_jobs) as threads:
            self._blend(threads, 1.0, 0.0)
            try:
                for sweep in range(1, settings.sweeps + 1):
                    judged = sweep % _JUDGED == 0 or sweep == settings.sweeps
                    bound = self._sweep(threads, sweep, judged)
                    self.sweeps = sweep
                    if judged:
                        self.bounds.append((sweep, float(np.exp(-bound / self.tokens))))
                    settled = judged and self._settled()
                    if progress:
                        said = f", perplexity {self.bounds[-1][1]:.0f}" if self.bounds else ""
                        progress(f"topics{said}", sweep, sweep if settled else settings.sweeps)
                    if settled:
                        self.state = "converged"
                        return
                    if sweep % _LEARNED == 0:
                        self._learn_priors()
                        self._blend(threads, 1.0, 0.0)
                self.state = "all sweeps"
            except KeyboardInterrupt:
                if not self.sweeps:
                    raise

    def pseudo_counts(self) -> Counts:
        """Words × topics: expected counts with their priors."""
        return self.words + self._prior()

    def _prior(self) -> Counts:
        prior = self.eta[:, None].astype(np.float32)
        return prior if self.held is None else prior + self.held

    def _settled(self) -> bool:
        if len(self.bounds) < 2:
            return False
        (before, earlier), (now, later) = self.bounds[-2:]
        return (earlier - later) / later < self.settings.tolerance * (now - before)

    def _sweep(self, threads: Threads, sweep: int, judged: bool) -> float:
        step = _STEP / sweep if self._moving(sweep) else None
        inner = _FIRST_TURNS if sweep == 1 else 1
        stride = _DOCUMENT_STRIDE if sweep > 1 and step is None else 1.0
        bound = 0.0
        alpha = self.alpha.astype(np.float32)
        factors = np.empty(max(len(block.data) for block in self.blocks), np.float32)
        for block, first, last in zip(self.blocks, self.places[:-1], self.places[1:], strict=True):
            totals = self.totals
            counts = (block.indptr, block.indices, block.data, self.smoothed, totals, alpha)
            shares = self.documents[first:last]
            bound += sum(
                threads(
                    kernels.sweep_documents,
                    block.document_chunks,
                    *counts,
                    shares,
                    self.used,
                    block.norms,
                    factors,
                    inner,
                    stride,
                    judged,
                )
            )
            by_word = (block.word_of, block.start_of, block.row_of, block.place_of, block.data)
            threads(
                kernels.sweep_words,
                block.word_chunks,
                *by_word,
                self.smoothed,
                totals,
                self.used,
                block.norms,
                factors,
                self.new,
            )
            if step is not None:
                self._blend(
                    threads, 1 - step, step * self.tokens / float(block.data.sum(dtype=np.float64))
                )
        if step is None:
            # Nesterov's momentum, begun when the moving average is over.
            settled = sweep - _MOVING if self._moving(1) else sweep - 1
            self._blend(threads, 0.0, 1.0, min(_MOST_AHEAD, settled / (settled + 3)))
        return bound

    def _moving(self, sweep: int) -> bool:
        return sweep <= _MOVING and len(self.blocks) >= _MOVING_BLOCKS

    def _blend(self, threads: Threads, keep: float, gain: float, ahead: float = 0.0) -> None:
        threads(
            kernels.blend,
            even_ranges(self.n_words),
            self.words,
            self.new,
            keep,
            gain,
            ahead,
            self._prior(),
            self.smoothed,
        )
        self.totals = self.smoothed.sum(axis=0, dtype=np.float64).astype(np.float32)

    def _learn_priors(self) -> None:
        for name, counts, prior in (
            ("alpha", self.documents, self.settings.alpha),
            ("eta", self.words.T, self.settings.eta),
        ):
            if isinstance(prior, str):
                had = getattr(self, name)
                exact = (
                    np.maximum(counts - had.astype(np.float32), 0) if name == "alpha" else counts
                )
                learned = priors.learn(exact, had, symmetric=prior == "symmetric")
                setattr(self, name, learned)
                if name == "alpha":
                    self.documents = (exact + learned).astype(np.float32)
