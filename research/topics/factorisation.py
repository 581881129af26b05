"""Non-negative factorisation of TF-IDF: topics to start from that do not depend on luck.

TF-IDF is brought to few dimensions by a randomised singular value decomposition (Halko, Martinsson
& Tropp 2011) and factorised there, from the decomposition's own non-negative parts (NNDSVD;
Boutsidis & Gallopoulos 2008), by alternating least squares (HALS; Cichocki & Phan 2009). Nothing
here knows the model that starts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.cluster.hierarchy import cut_tree, fcluster, linkage
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.utils.extmath import randomized_svd

from research.topics import entrance, fixed_topics
from research.topics.parallel import Each, Range, Threads, even_ranges, in_turn

Floats = NDArray[np.float32]

# Of alternating least squares: further ones change the start too little to be noticed, and those of
# a sample the mean of many samples.
_ROUNDS, _ROUNDS_OF_A_SAMPLE = 20, 10
_SVD_ITERATIONS = 2
_FIRST_SHARE = 0.1  # Of every topic in every document, before the first round.
_LEAST_VARIANCE = 1e-12  # Keeps a direction without documents from a division by zero.
_LEAST_SUM = 1e-9  # The same for a document without topics.
_CHANCE = (
    0.5e-4,
    1.5e-4,
)  # Range of the weights that a factor has where no singular vector gives one.
# Of a consensus.
_SHARE_OF_A_SAMPLE = 0.6  # Most documents in each factorisation, of all …
_SAMPLE_DOCUMENTS_PER_TOPIC, _MIN_SAMPLE_DOCUMENTS = 20, 1_000  # … and by the number of topics.
_MAX_DISTANCE_WITHIN_A_TOPIC = 0.5  # Mean cosine distance.
_REFINEMENTS = 4  # Rounds in which every topic goes to the nearest mean.
_MIN_SAMPLES, _MAX_SAMPLES = 10, 100
_CLUSTERED_TOPICS = 3_200  # Of all samples together: time grows with their square.


class Reduced(NamedTuple):
    """A matrix in few dimensions: documents · words ≈ the matrix.

    Attributes
    ----------
    documents : float32 array of shape (n_documents, n_dimensions)
        Left singular vectors times singular values.
    words : float32 array of shape (n_dimensions, n_words)
        Right singular vectors; rows are orthonormal.
    """

    documents: Floats
    words: Floats


class _SingularVectors(NamedTuple):
    """Left singular vectors (columns), falling singular values, right singular vectors (rows)."""

    left: Floats
    strengths: NDArray[np.float64]
    right: Floats


def tf_idf(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return TF-IDF with logarithmic term frequencies, rows of length 1.

    A count c has the frequency 1 + log c where it is 1 or more, and c below 1: the curve and its
    slope go on without a break, and no weight is negative.
    """
    frequencies = counts.astype(np.float32)
    fractions = frequencies.data < 1
    if fractions.any():
        below_one = frequencies.data[fractions]
        frequencies.data[fractions] = np.exp(below_one - 1)
    transformer = TfidfTransformer(sublinear_tf=True)
    weighted: sparse.csr_matrix = transformer.fit_transform(frequencies)
    return weighted


def reduce(matrix: sparse.csr_matrix, n_dimensions: int, seed: int) -> Reduced:
    """Bring a matrix to *n_dimensions*, or as many as it has, by a randomised decomposition."""
    rank = min(n_dimensions, *matrix.shape)
    left, strengths, right = randomized_svd(
        matrix,
        rank,
        n_iter=_SVD_ITERATIONS,
        random_state=seed,
    )
    documents = left * strengths
    return Reduced(
        documents=documents.astype(np.float32),
        words=np.ascontiguousarray(right, dtype=np.float32),
    )


def factorise(
    reduced: Reduced, n_topics: int, seed: int, each: Each, n_rounds: int = _ROUNDS
) -> Floats:
    """Return the words' factor of a non-negative factorisation.

    Parameters
    ----------
    reduced
        The factorised matrix.
    n_topics
        Columns of the factor.
    seed
        Seed of the small weights that no singular vector decides.
    each
        What calls the kernels.
    n_rounds
        Rounds of alternating least squares.

    Returns
    -------
    Words × topics, n_words × n_topics, columns of length 1.
    """
    left, right = reduced
    documents, words = _first_factors(reduced, n_topics, seed)
    document_ranges = even_ranges(len(documents))
    word_ranges = even_ranges(len(words))
    for _ in range(n_rounds):
        target = left @ (right @ words)
        _fit_rows(each, document_ranges, documents, target, words.T @ words)
        target = right.T @ (left.T @ documents)
        _fit_rows(each, word_ranges, words, target, documents.T @ documents)
    return of_length_one(words)


def recurring_topics(
    reduced: Reduced, n_topics: int, seed: int, rng: np.random.Generator, threads: Threads
) -> Floats:
    """Factorise many samples of the documents; return the topics that come back in most of them.

    This is in the spirit of Kotliar et al., "Identifying gene expression programs of cell-type
    identity and cellular activity with single-cell RNA-Seq", eLife 2019.

    Parameters
    ----------
    reduced
        The factorised matrix.
    n_topics
        Topics of each factorisation, and of the result. For 100 topics, 32 samples are factorised.
    seed
        Seed of each factorisation.
    rng
        What draws the samples.
    threads
        Threads, each of which factorises whole samples.

    Returns
    -------
    Words × topics, n_words × n_topics, columns of length 1.
    """

    def factorise_sample(rows: NDArray[np.intp]) -> Floats:
        documents = reduced.documents[rows]
        sample = Reduced(documents, reduced.words)
        return factorise(sample, n_topics, seed, in_turn, _ROUNDS_OF_A_SAMPLE)

    samples = _samples(len(reduced.documents), n_topics, rng)
    factors = threads(factorise_sample, samples)
    return _means_of_largest_clusters(factors)


def document_shares(matrix: sparse.csr_matrix, words: Floats, threads: Threads) -> Floats:
    """Fit topic shares of documents to a matrix, n_documents × n_words, given its words' factor.

    Returns
    -------
    Documents × topics; rows sum to 1.
    """
    n_documents = matrix.shape[0]
    n_topics = words.shape[1]
    shares = np.full(
        (n_documents, n_topics),
        fill_value=_FIRST_SHARE,
        dtype=np.float32,
    )
    target = np.ascontiguousarray(matrix @ words)
    gram = words.T @ words
    ranges = even_ranges(n_documents)
    for _ in range(_ROUNDS):
        _fit_rows(threads, ranges, shares, target, gram)
    sums = shares.sum(axis=1, keepdims=True)
    shares /= sums + np.float32(_LEAST_SUM)
    return shares


def of_length_one(columns: Floats) -> Floats:
    """Scale columns to length 1; a column of zeros stays."""
    lengths = np.linalg.norm(columns, axis=0)
    divisors = np.where(lengths > 0, lengths, 1)
    scaled = columns / divisors
    return np.ascontiguousarray(scaled, dtype=np.float32)


def _fit_rows(
    each: Each, ranges: Sequence[Range], weights: Floats, target: Floats, gram: Floats
) -> None:
    """Take one round of alternating least squares, as :func:`fixed_topics.fit_rows` describes."""
    entrance.check_fit_rows(weights, target, gram)
    each(fixed_topics.fit_rows, ranges, weights, target, gram)


def _means_of_largest_clusters(factors: Sequence[Floats]) -> Floats:
    """Cluster the topics of all factors; return the means of the largest clusters.

    There are as many as one factor has topics.
    """
    n_wanted = factors[0].shape[1]
    topics = np.hstack(factors)
    distances = _cosine_distances(topics)
    tree = linkage(distances, "average")
    clusters = _clusters(tree, n_wanted)
    sizes = np.bincount(clusters)
    by_size = np.argsort(-sizes, kind="stable")
    means = []
    for cluster in by_size[:n_wanted]:
        of_cluster = clusters == cluster
        members = topics[:, of_cluster]
        means.append(members.mean(axis=1))
    centres = of_length_one(np.stack(means, axis=1))
    for _ in range(_REFINEMENTS):
        centres = _refined(centres, topics)
    return centres


def _clusters(tree: NDArray[np.floating[Any]], fewest: int) -> NDArray[np.integer[Any]]:
    """Return the cluster of each leaf: those of near leaves, or *fewest* where these are fewer."""
    merge_distances = tree[:, 2]
    n_close = int((merge_distances <= _MAX_DISTANCE_WITHIN_A_TOPIC).sum())
    n_leaves = len(tree) + 1
    if n_leaves - n_close >= fewest:
        numbers: NDArray[np.integer[Any]] = fcluster(tree, _MAX_DISTANCE_WITHIN_A_TOPIC, "distance")
        return numbers - 1
    clusters: NDArray[np.integer[Any]] = cut_tree(tree, [fewest])
    return clusters.ravel()


def _refined(centres: Floats, topics: Floats) -> Floats:
    """Return the means of the topics that are nearest to each centre, and not too far from it."""
    similarities = centres.T @ topics
    nearest = similarities.argmax(axis=0)
    close = similarities.max(axis=0) >= 1 - _MAX_DISTANCE_WITHIN_A_TOPIC
    means = centres.copy()
    for k in range(centres.shape[1]):
        members = close & (nearest == k)
        if members.any():
            means[:, k] = topics[:, members].mean(axis=1)
    return of_length_one(means)


def _first_factors(reduced: Reduced, n_topics: int, seed: int) -> tuple[Floats, Floats]:
    """Return documents × topics and words × topics from the stronger sides of singular vectors.

    This is NNDSVD (Boutsidis & Gallopoulos 2008).
    """
    vectors = _singular_vectors(reduced)
    n_documents = len(vectors.left)
    n_words = vectors.right.shape[1]
    # Where there are more topics than singular vectors, chance: topics that start alike stay alike.
    rng = np.random.default_rng(seed)
    documents = _small_weights((n_documents, n_topics), rng)
    words = _small_weights((n_words, n_topics), rng)
    n_vectors = len(vectors.strengths)
    for k in range(min(n_topics, n_vectors)):
        left = vectors.left[:, k]
        right = vectors.right[k]
        left_side, right_side = _stronger_side(left, right)
        left_length = _length(left_side)
        right_length = _length(right_side)
        if left_length * right_length > 0:
            strength = vectors.strengths[k]
            scale = np.sqrt(strength * left_length * right_length)
            documents[:, k] = scale * left_side / left_length
            words[:, k] = scale * right_side / right_length
    return documents, words


def _singular_vectors(reduced: Reduced) -> _SingularVectors:
    gram = reduced.documents.T @ reduced.documents
    rising_squares, rising_turn = np.linalg.eigh(gram.astype(np.float64))
    squares = rising_squares[::-1]
    turn = rising_turn[:, ::-1]
    strengths = np.sqrt(np.maximum(squares, _LEAST_VARIANCE))
    left = reduced.documents @ turn / strengths
    right = turn.T @ reduced.words
    return _SingularVectors(
        left=left.astype(np.float32),
        strengths=strengths,
        right=right.astype(np.float32),
    )


def _stronger_side(left: Floats, right: Floats) -> tuple[Floats, Floats]:
    """Return the positive or the negative parts of two vectors, whichever pair is longer."""
    positive_left = np.maximum(left, 0)
    positive_right = np.maximum(right, 0)
    negative_left = np.maximum(-left, 0)
    negative_right = np.maximum(-right, 0)
    positive = _length(positive_left) * _length(positive_right)
    negative = _length(negative_left) * _length(negative_right)
    if negative > positive:
        return negative_left, negative_right
    return positive_left, positive_right


def _length(vector: Floats) -> float:
    return float(np.linalg.norm(vector))


def _samples(n_documents: int, n_topics: int, rng: np.random.Generator) -> list[NDArray[np.intp]]:
    """Draw the rows of each sample of a consensus, rising."""
    n_samples = _CLUSTERED_TOPICS // n_topics
    n_samples = min(_MAX_SAMPLES, max(_MIN_SAMPLES, n_samples))
    most = max(_MIN_SAMPLE_DOCUMENTS, _SAMPLE_DOCUMENTS_PER_TOPIC * n_topics)
    sample_size = min(max(1, int(_SHARE_OF_A_SAMPLE * n_documents)), most)
    samples = []
    for _ in range(n_samples):
        rows = rng.choice(n_documents, sample_size, replace=False)
        samples.append(np.sort(rows))
    return samples


def _cosine_distances(columns: Floats) -> NDArray[np.floating[Any]]:
    """Return the distances of every two columns of length 1, in the order of ``linkage``."""
    similarities = columns.T @ columns
    rows = []
    for i, row in enumerate(similarities):
        following = row[i + 1 :]
        rows.append(1 - following)
    distances: NDArray[np.floating[Any]] = np.maximum(np.concatenate(rows), 0)
    return distances


def _small_weights(shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    least, most = _CHANCE
    weights = rng.uniform(least, most, shape)
    return weights.astype(np.float32)
