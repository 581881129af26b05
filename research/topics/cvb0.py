"""Collapsed variational Bayes of zero order (CVB0) for latent Dirichlet allocation.

Asuncion, Welling, Smyth & Teh, "On smoothing and inference for topic models", UAI 2009; the moving
average over blocks of documents of the first sweeps is that of Foulds et al., "Stochastic collapsed
variational Bayesian inference for latent Dirichlet allocation", KDD 2013.

Memory holds documents × topics, three times words × topics, a block of documents × topics, and six
numbers for every nonzero count; never nonzeros × topics. Every sum runs in an order that the data
alone decide, so the number of threads changes no bit. Nothing here draws a start or orders topics:
the model does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.files import Progress, report_progress
from research.topics import entrance, kernels, priors
from research.topics.compiled import SparseCounts
from research.topics.kernels import (
    BlendWeights,
    BlockState,
    SweepOptions,
    TopicState,
    WordCounts,
    WordIndex,
)
from research.topics.parallel import Range, Threads, even_ranges, even_work

Floats = NDArray[np.float32]

_DOCUMENTS_PER_BLOCK = 4000  # Their topic counts fit the processor's cache.
_MAX_BLOCKS = 64
_SWEEPS_PER_BOUND = 5  # From one look at the bound to the next.
_SWEEPS_PER_LEARNING = 10  # From one learning of the priors to the next.
_TURNS_OF_FIRST_SWEEP = 5  # When the documents know nothing yet.
# The first sweeps move the words' counts block by block, by a step that falls with the sweep: a
# corpus of fewer blocks is no faster for it.
_MOVING_SWEEPS, _MIN_MOVING_BLOCKS, _FIRST_STEP = 3, 4, 0.5
# Both leave the fixed points where they are, and reach them in half the sweeps.
_DOCUMENT_STRIDE = 1.9  # Over-relaxation of the documents' counts.
_MAX_MOMENTUM = 0.9  # Of the words' counts.
_KEEP_COUNTS = BlendWeights(keep=1.0, gain=0.0, ahead=0.0)


@dataclass(frozen=True, slots=True)
class Settings:
    """How to fit.

    Attributes
    ----------
    alpha, eta
        Priors of topics in documents and of words in topics, as in :class:`research.TopicModel`.
    sweeps
        Most sweeps over the documents.
    tolerance
        Least share that a sweep lowers the perplexity by; less ends the fit.
    n_jobs
        Threads; one per core where None.
    seed
        Seed of the blocks that documents are divided into.
    """

    alpha: priors.Alpha
    eta: priors.Eta
    sweeps: int
    tolerance: float
    n_jobs: int | None
    seed: int


@dataclass(frozen=True, slots=True)
class _Block:
    """Some documents' counts, by document and by word, and the ranges that threads take."""

    rows: slice  # Of the documents' topic counts.
    counts: SparseCounts
    index: WordIndex
    norms: Floats  # (n_entries,), see BlockState.
    document_ranges: list[Range]
    word_ranges: list[Range]

    @property
    def n_documents(self) -> int:
        starts = self.counts.indptr
        return len(starts) - 1

    @property
    def n_tokens(self) -> float:
        tokens = self.counts.data
        return float(tokens.sum(dtype=np.float64))


def _blocks(X: sparse.csr_matrix, seed: int) -> list[_Block]:
    """Divide the documents at random: the first weeks of a year would not resemble the corpus."""
    n_documents = X.shape[0]
    rng = np.random.default_rng(seed)
    order = rng.permutation(n_documents)
    n_blocks = round(n_documents / _DOCUMENTS_PER_BLOCK)
    n_blocks = min(_MAX_BLOCKS, max(1, n_blocks))
    blocks = []
    first = 0
    for documents in np.array_split(order, n_blocks):
        block = _block(X[documents], first)
        blocks.append(block)
        first = block.rows.stop
    return blocks


def _block(part: sparse.csr_matrix, first: int) -> _Block:
    counts = SparseCounts.of(part)
    index = _word_index(part)
    n_documents, n_words = part.shape
    document_ranges = even_work(counts.indptr)
    word_ranges = even_work(index.starts)
    entrance.check_word_index(index, n_documents, n_words, part.nnz)
    entrance.check_ranges(document_ranges, n_documents)
    entrance.check_ranges(word_ranges, len(index.words))
    return _Block(
        rows=slice(first, first + n_documents),
        counts=counts,
        index=index,
        norms=np.zeros(part.nnz, np.float32),
        document_ranges=document_ranges,
        word_ranges=word_ranges,
    )


def _word_index(part: sparse.csr_matrix) -> WordIndex:
    """Transpose the places of a block's entries to the order of words."""
    places = np.arange(part.nnz, dtype=np.int32)
    by_document = sparse.csr_matrix(
        (places, part.indices, part.indptr),
        shape=part.shape,
    )
    by_word = by_document.tocsc()
    n_entries_by_word = np.diff(by_word.indptr)
    words = np.flatnonzero(n_entries_by_word)
    starts = np.append(by_word.indptr[words], part.nnz)
    return WordIndex(
        words=words.astype(np.int32),
        starts=starts.astype(np.int32),
        rows=by_word.indices.astype(np.int32),
        places=by_word.data.astype(np.int32),
    )


class Cvb0:
    """One fit: ``run`` continues from the present counts; Ctrl-C may end it between any two lines.

    Parameters
    ----------
    X
        CSR counts, n_documents × n_words.
    start
        Words × topics to begin with, n_words × n_topics, in any scale.
    settings
        The priors' first values and whether they are learned; when the fit ends.
    held
        Counts added to the priors that never change, n_words × n_topics.

    Attributes
    ----------
    words
        Expected counts without priors, n_words × n_topics.
    document_counts
        Expected counts with alpha, n_documents × n_topics, in the order of the blocks.
    alpha, eta
        Priors, (n_topics,) and (n_words,).
    bounds
        Pairs of sweep and perplexity of the training tokens.
    n_sweeps
        Sweeps done.
    state
        "converged", "all sweeps" or "stopped".
    """

    def __init__(
        self, X: sparse.csr_matrix, start: Floats, settings: Settings, held: Floats | None = None
    ) -> None:
        n_documents, n_words = X.shape
        n_topics = start.shape[1]
        self.settings = settings
        self.n_tokens = float(X.data.sum(dtype=np.float64))
        self.alpha = priors.first_values(settings.alpha, n_topics, priors.ALPHA, "alpha")
        self.eta = priors.first_values(settings.eta, n_words, priors.ETA, "eta")
        self.held = held
        self.words = _scaled(start, self.n_tokens)
        self.document_counts = np.ones((n_documents, n_topics), np.float32)
        self.bounds: list[tuple[int, float]] = []
        self.n_sweeps = 0
        self.state = "stopped"
        self._blocks = _blocks(X, settings.seed)
        self._word_ranges = even_ranges(n_words)
        self._new = np.zeros_like(self.words)
        self._smoothed = np.empty_like(self.words)
        self._totals = np.empty(n_topics, np.float32)
        self._make_room_for_blocks(n_topics)

    def run(self, progress: Progress | None = None) -> None:
        """Sweep until the bound gains less than the tolerance, or the sweeps are used up."""
        with Threads(self.settings.n_jobs) as threads:
            self._blend(threads, _KEEP_COUNTS)
            try:
                self.state = self._run_sweeps(threads, progress)
            except KeyboardInterrupt:
                if not self.n_sweeps:
                    raise

    def pseudo_counts(self) -> Floats:
        """Return expected counts with eta, without the held counts, n_words × n_topics."""
        eta = self.eta.astype(np.float32)
        return self.words + eta[:, None]

    def _run_sweeps(self, threads: Threads, progress: Progress | None) -> str:
        """Return the state that the sweeps end in."""
        last = self.settings.sweeps
        for sweep in range(1, last + 1):
            with_bound = sweep % _SWEEPS_PER_BOUND == 0 or sweep == last
            log_likelihood = self._sweep(threads, sweep, with_bound)
            self.n_sweeps = sweep
            if with_bound:
                perplexity = float(np.exp(-log_likelihood / self.n_tokens))
                self.bounds.append((sweep, perplexity))
            converged = with_bound and self._has_converged()
            report_progress(progress, self._stage(), sweep, sweep if converged else last)
            if converged:
                return "converged"
            if sweep % _SWEEPS_PER_LEARNING == 0:
                self._learn_priors()
                self._blend(threads, _KEEP_COUNTS)
        return "all sweeps"

    def _stage(self) -> str:
        if not self.bounds:
            return "topics"
        _, perplexity = self.bounds[-1]
        return f"topics, perplexity {perplexity:.0f}"

    def _prior(self) -> Floats:
        """Return the words' prior, n_words × n_topics, or n_words × 1 where the topics share it."""
        eta = self.eta.astype(np.float32)
        prior = eta[:, None]
        if self.held is None:
            return prior
        return prior + self.held

    def _has_converged(self) -> bool:
        if len(self.bounds) < 2:
            return False
        sweep_before, perplexity_before = self.bounds[-2]
        sweep, perplexity = self.bounds[-1]
        gain = (perplexity_before - perplexity) / perplexity
        n_sweeps = sweep - sweep_before
        return gain < self.settings.tolerance * n_sweeps

    def _sweep(self, threads: Threads, sweep: int, with_bound: bool) -> float:
        """Update every block once; return the log likelihood of all tokens, 0 without the bound."""
        moving = self._moves(sweep)
        options = self._sweep_options(sweep, with_bound)
        alpha = self.alpha.astype(np.float32)
        log_likelihood = 0.0
        for block in self._blocks:
            topics = TopicState(self._smoothed, self._totals, alpha)
            log_likelihood += self._sweep_block(threads, block, topics, options)
            if moving:
                step = _FIRST_STEP / sweep
                gain = step * self.n_tokens / block.n_tokens
                weights = BlendWeights(1 - step, gain, ahead=0.0)
                self._blend(threads, weights)
        if not moving:
            momentum = self._momentum(sweep)
            weights = BlendWeights(0.0, 1.0, ahead=momentum)
            self._blend(threads, weights)
        return log_likelihood

    def _sweep_block(
        self, threads: Threads, block: _Block, topics: TopicState, options: SweepOptions
    ) -> float:
        state = BlockState(self._used, block.norms, self._factors)
        own_counts = self.document_counts[block.rows]
        entrance.check_sweep(block.counts, topics, own_counts, state, self._new)
        log_likelihoods = threads(
            kernels.sweep_documents,
            block.document_ranges,
            block.counts,
            topics,
            own_counts,
            state,
            options,
        )
        threads(
            kernels.sweep_words,
            block.word_ranges,
            block.index,
            block.counts.data,
            topics,
            state,
            self._new,
        )
        return sum(log_likelihoods)

    def _sweep_options(self, sweep: int, with_bound: bool) -> SweepOptions:
        if sweep == 1:
            return SweepOptions(_TURNS_OF_FIRST_SWEEP, 1.0, with_bound)
        stride = 1.0 if self._moves(sweep) else _DOCUMENT_STRIDE
        return SweepOptions(1, stride, with_bound)

    def _moves(self, sweep: int) -> bool:
        """Return whether a sweep moves the words' counts after each block (Foulds et al. 2013)."""
        n_blocks = len(self._blocks)
        return sweep <= _MOVING_SWEEPS and n_blocks >= _MIN_MOVING_BLOCKS

    def _momentum(self, sweep: int) -> float:
        """Return Nesterov's momentum, which begins when the moving average is over."""
        sweeps_before = _MOVING_SWEEPS if self._moves(1) else 1
        n_sweeps = sweep - sweeps_before
        return min(_MAX_MOMENTUM, n_sweeps / (n_sweeps + 3))

    def _blend(self, threads: Threads, weights: BlendWeights) -> None:
        counts = WordCounts(
            expected=self.words,
            new=self._new,
            prior=self._prior(),
            smoothed=self._smoothed,
        )
        entrance.check_blend(counts)
        threads(kernels.blend, self._word_ranges, counts, weights)
        totals = self._smoothed.sum(axis=0, dtype=np.float64)
        self._totals = totals.astype(np.float32)

    def _learn_priors(self) -> None:
        alpha = self.settings.alpha
        if isinstance(alpha, str):
            self._learn_alpha(symmetric=alpha == "symmetric")
        eta = self.settings.eta
        if isinstance(eta, str):
            symmetric = eta == "symmetric"
            self.eta = priors.learn(self.words.T, self.eta, symmetric=symmetric)

    def _make_room_for_blocks(self, n_topics: int) -> None:
        """Allocate what one block leaves from its documents to its words, for the largest."""
        n_documents = max(block.n_documents for block in self._blocks)
        n_entries = max(len(block.norms) for block in self._blocks)
        self._used = np.empty((n_documents, n_topics), np.float32)
        self._factors = np.empty(n_entries, np.float32)

    def _learn_alpha(self, *, symmetric: bool) -> None:
        """Learn alpha, and put the new one in place of the old one in the documents' counts."""
        alpha = self.alpha.astype(np.float32)
        expected = np.maximum(self.document_counts - alpha, 0)
        self.alpha = priors.learn(expected, self.alpha, symmetric=symmetric)
        counts = expected + self.alpha
        self.document_counts = counts.astype(np.float32)


def _scaled(start: Floats, n_tokens: float) -> Floats:
    """Scale counts so that they sum to the tokens of the corpus."""
    scale = n_tokens / start.sum(dtype=np.float64)
    return np.ascontiguousarray(start * scale, dtype=np.float32)
