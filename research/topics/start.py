"""What a fit by CVB0 starts from: words of topics, and counts that it holds to.

Nothing here fits a model.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linear_sum_assignment

from research.topics import factorisation
from research.topics.factorisation import of_length_one
from research.topics.parallel import Threads

Floats = NDArray[np.float32]
Kind = Literal["factorised", "consensus", "random"]

# Of what is factorised: documents at most, the commonest words, dimensions beyond the topics.
_MAX_DOCUMENTS, _MAX_WORDS, _SPARE_DIMENSIONS = 20_000, 10_000, 20
# Of a consensus: the commonest words of each topic's share, and at least.
_CONSENSUS_WORDS_PER_TOPIC, _MIN_CONSENSUS_WORDS = 40, 2_000
# Of a consensus topic: the words that stay in its prior, and the tokens of that prior, as a share
# of the tokens that a topic has on average in at most so many documents; less where a topic has
# fewer documents than are needed to know its leading words.
_LEADING_WORDS, _LEADING_SHARE, _LEADING_DOCUMENTS = 20, 1 / 16, 20_000
_DOCUMENTS_TO_KNOW_A_TOPIC = 100
_LEAST_OF_THE_FIRST = 0.01  # Of the count of a topic's first word, that a leading word has.
_COMMON_SHARE = 0.3  # Of all tokens, that a topic for common words starts with.
_COUNT_OF_EVERY_WORD = 1e-3  # In every topic, so that no topic is closed to a word.


class Options(NamedTuple):
    """How a start is chosen.

    Attributes
    ----------
    n_topics
        Topics of the start, the one for common words included.
    kind
        "factorised", "consensus", "random", or counts of an earlier model, n_given × n_words.
    seeds
        Columns of words that belong to topic 0, to topic 1, …
    seed_strength
        Prior of a seed word in its topic, as a multiple of its count in the corpus.
    common_topic
        Whether the last topic starts from the words of the whole corpus.
    random_state
        Seed of all that is drawn.
    """

    n_topics: int
    kind: Kind | NDArray[np.floating[Any]]
    seeds: Sequence[Sequence[int]]
    seed_strength: float
    common_topic: bool
    random_state: int


class Start(NamedTuple):
    """What a fit starts from.

    Attributes
    ----------
    words : float32 array of shape (n_words, n_topics)
        Expected counts, in any scale.
    seeds : float32 array of shape (n_words, n_topics), or None
        Counts of seed words, in tokens, that are added to the prior and never change.
    leading : float32 array of shape (n_words, n_topics), or None
        The same of the leading words of a consensus.
    """

    words: Floats
    seeds: Floats | None
    leading: Floats | None


def prepare(X: sparse.csr_matrix, options: Options, threads: Threads) -> Start:
    """Return the start of a fit on CSR counts, n_documents × n_words."""
    words = _words(X, options, threads)
    seeds = leading = None
    if options.seeds:
        words, seeds = seeded(X, words, options.seeds, options.seed_strength)
    # Beside a topic for common words, none keeps those that it happened to start with.
    if _is(options.kind, "consensus") and not options.common_topic:
        leading = leading_words(X, words)
    if options.common_topic:
        words = with_common_words(X, words)
        if seeds is not None:
            seeds = _with_empty_topic(seeds)
    return Start(words, seeds, leading)


def _words(X: sparse.csr_matrix, options: Options, threads: Threads) -> Floats:
    n_topics = options.n_topics - options.common_topic
    seed = options.random_state
    if not isinstance(options.kind, str):
        return given_start(X, options.kind, n_topics, seed, threads)
    if options.kind == "random":
        n_words = X.shape[1]
        return random_start(n_words, n_topics, seed)
    return factorised_start(
        X,
        n_topics,
        seed,
        threads,
        consensus=_is(options.kind, "consensus"),
    )


def random_start(n_words: int, n_topics: int, seed: int) -> Floats:
    """Draw every count alone; return words × topics."""
    rng = np.random.default_rng(seed)
    shape = (n_words, n_topics)
    counts = rng.gamma(1.0, 1.0, shape)
    return counts.astype(np.float32)


def factorised_start(
    X: sparse.csr_matrix, n_topics: int, seed: int, threads: Threads, *, consensus: bool = False
) -> Floats:
    """Factorise the TF-IDF of the commonest words in a sample of documents.

    With *consensus*, many small samples of them are factorised by fewer words, and the topics that
    come back in the most of these taken: the topics differ less from one corpus to the next.

    Returns
    -------
    Expected counts of the sample, n_words × n_topics.
    """
    rng = np.random.default_rng(seed)
    sample = _sample(X, _MAX_DOCUMENTS, rng)
    n_words = _MAX_WORDS
    if consensus:
        n_words = max(_MIN_CONSENSUS_WORDS, _CONSENSUS_WORDS_PER_TOPIC * n_topics)
    columns = _commonest_words(sample, n_words)
    weighted = factorisation.tf_idf(sample[:, columns])
    reduced = factorisation.reduce(weighted, n_topics + _SPARE_DIMENSIONS, seed)
    n_dimensions = len(reduced.words)
    if consensus and n_topics < n_dimensions:
        words = factorisation.recurring_topics(reduced, n_topics, seed, rng, threads)
    else:
        words = factorisation.factorise(reduced, n_topics, seed, threads)
    shares = factorisation.document_shares(weighted, words, threads)
    counts = sample.T @ shares
    counts = np.asarray(counts, dtype=np.float32)
    return counts + np.float32(_COUNT_OF_EVERY_WORD)


def given_start(
    X: sparse.csr_matrix,
    topics: NDArray[np.floating[Any]],
    n_topics: int,
    seed: int,
    threads: Threads,
) -> Floats:
    """Begin with the topics of an earlier corpus.

    Words that they lack occur in each as they occur in X. Further topics, up to *n_topics*, are
    those of a factorisation of X that are least like any given one.

    Parameters
    ----------
    X
        CSR counts, n_documents × n_words.
    topics
        Counts of the earlier corpus, n_given × n_words.
    n_topics
        Topics of the result, n_given or more.
    seed, threads
        As in :func:`factorised_start`.

    Returns
    -------
    Expected counts, n_words × n_topics.
    """
    totals = _word_totals(X)
    given = _given_counts(totals, topics)
    n_given = given.shape[1]
    n_further = n_topics - n_given
    if not n_further:
        return given
    factorised = factorised_start(X, n_topics, seed, threads)
    similarities = of_length_one(given).T @ of_length_one(factorised)
    closest = similarities.max(axis=0)
    least_alike = np.argsort(closest, kind="stable")
    further = np.sort(least_alike[:n_further])
    return np.hstack([given, factorised[:, further]])


def seeded(
    X: sparse.csr_matrix, start: Floats, seeds: Sequence[Sequence[int]], strength: float
) -> tuple[Floats, Floats]:
    """Give the first topics to seed words.

    Each set of seeds takes the topic of the start that has most of it, which then has the seeds'
    number; half of its words are drawn from the documents in which the seeds occur.

    Parameters
    ----------
    X
        CSR counts, n_documents × n_words.
    start
        Expected counts, n_words × n_topics.
    seeds
        Columns of X, one sequence per topic.
    strength
        Prior of a seed word, as a multiple of its count in X.

    Returns
    -------
    A start, and the counts to hold, both n_words × n_topics.
    """
    columns = [list(words) for words in seeds]
    words = _seeded_first(start, columns)
    totals = _word_totals(X)
    held = np.zeros_like(words)
    for k, seed_words in enumerate(columns):
        seed_totals = totals[seed_words]
        held[seed_words, k] = strength * seed_totals
        nearby = _words_beside(X, seed_words)
        n_nearby = nearby.sum()
        if n_nearby > 0:
            topic = words[:, k]
            scale = topic.sum() / n_nearby / 2
            words[:, k] = topic / 2 + nearby * scale
    return words, held


def leading_words(X: sparse.csr_matrix, start: Floats) -> Floats:
    """Return counts to hold, words × topics, so that a fit keeps to the leading words of its start.

    Every topic gets the same tokens: one sixteenth of what it has on average in 20,000 documents,
    fewer where X has fewer, and a smaller share where X has under 100 documents per topic.
    """
    n_topics = start.shape[1]
    n_documents = X.shape[0]
    n_tokens = float(X.data.sum(dtype=np.float64))  # X.sum() would sort the entries of X.
    tokens = _LEADING_SHARE * n_tokens / n_topics
    tokens *= min(1.0, _LEADING_DOCUMENTS / n_documents)
    tokens *= min(1.0, n_documents / n_topics / _DOCUMENTS_TO_KNOW_A_TOPIC)
    held = np.zeros_like(start)
    for k in range(n_topics):
        counts = start[:, k]
        by_count = np.argsort(-counts, kind="stable")
        words = by_count[:_LEADING_WORDS]
        words = words[counts[words] > _LEAST_OF_THE_FIRST * counts[words[0]]]
        weights = np.sqrt(counts[words])
        total = weights.sum()
        held[words, k] = tokens * weights / total
    return held


def with_common_words(X: sparse.csr_matrix, start: Floats) -> Floats:
    """Add a last topic with the words of the whole corpus, as common as they are there."""
    totals = _word_totals(X)
    n_tokens = totals.sum()
    scale = _COMMON_SHARE * start.sum() / n_tokens
    common = totals * scale
    others = start * np.float32(1 - _COMMON_SHARE)
    words = np.column_stack([others, common])
    return words.astype(np.float32)


def _with_empty_topic(held: Floats) -> Floats:
    n_words = len(held)
    empty = np.zeros(n_words, np.float32)
    return np.column_stack([held, empty])


def _sample(X: sparse.csr_matrix, most: int, rng: np.random.Generator) -> sparse.csr_matrix:
    """Return at most so many random documents, in the order of X."""
    n_documents = X.shape[0]
    n_sample = min(n_documents, most)
    rows = rng.choice(n_documents, n_sample, replace=False)
    rows.sort()
    return X[rows]


def _commonest_words(sample: sparse.csr_matrix, n_commonest: int) -> NDArray[np.intp]:
    """Return the columns of words in the most documents, in the order of columns."""
    n_words = sample.shape[1]
    document_counts = np.bincount(sample.indices, minlength=n_words)
    by_count = np.argsort(-document_counts, kind="stable")
    commonest = by_count[:n_commonest]
    return np.sort(commonest)


def _word_totals(X: sparse.csr_matrix) -> Floats:
    """Return the count of each word, (n_words,)."""
    totals = X.sum(axis=0)
    return np.asarray(totals, dtype=np.float32).ravel()


def _given_counts(totals: Floats, topics: NDArray[np.floating[Any]]) -> Floats:
    """Scale counts of an earlier corpus to this one's, and share out its words that they lack."""
    given = topics.T.astype(np.float32, order="C")
    word_counts = given.sum(axis=1)
    known = word_counts > 0
    n_known_tokens = totals[known].sum()
    given *= n_known_tokens / given.sum()
    topic_counts = given.sum(axis=0)
    topic_shares = topic_counts / given.sum()
    new_words = totals[~known]
    given[~known] = np.outer(new_words, topic_shares)
    return given


def _seeded_first(start: Floats, columns: Sequence[list[int]]) -> Floats:
    """Order topics so that each set of seeds comes first with the topic that has most of it."""
    n_topics = start.shape[1]
    shares = []
    for words in columns:
        shares.append(_mean_topic_shares(start, words))
    costs = -np.array(shares)
    _, taken = linear_sum_assignment(costs)
    topics = np.arange(n_topics)
    rest = np.setdiff1d(topics, taken)
    order = np.concatenate([taken, rest])
    return np.ascontiguousarray(start[:, order])


def _mean_topic_shares(start: Floats, words: list[int]) -> NDArray[np.floating[Any]]:
    """Return the mean share that each topic has of these words, (n_topics,); 0 without words."""
    if not words:
        n_topics = start.shape[1]
        return np.zeros(n_topics)
    counts = start[words]
    totals = counts.sum(axis=1, keepdims=True)
    shares = counts / totals
    means: NDArray[np.floating[Any]] = shares.mean(axis=0)
    return means


def _words_beside(X: sparse.csr_matrix, words: list[int]) -> Floats:
    """Return the counts of all words in the documents of these words, (n_words,).

    Documents are weighted by their tokens of these words; the largest weight is 1.
    """
    columns = X[:, words]
    sums = columns.sum(axis=1)
    tokens = np.asarray(sums).ravel()
    most = float(tokens.max(initial=0))
    weights = tokens / max(most, 1.0)
    counts = X.T @ weights
    counts = np.asarray(counts, dtype=np.float32)
    return counts.ravel()


def _is(kind: Kind | NDArray[np.floating[Any]], name: Kind) -> bool:
    """Compare names; an array is no name, and would be compared number by number."""
    return isinstance(kind, str) and kind == name
