"""Word vectors from unlabelled articles: words with like neighbours lie close.

So a classifier knows words that no labelled article has. Takes texts that are segmented already,
and does not read or write files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.utils.extmath import randomized_svd
from threadpoolctl import threadpool_limits

from research.errors import InputError
from research.files import Progress

# Without this exponent of the neighbours' counts, rare ones look close to everything (Levy,
# Goldberg & Dagan 2015).
_EXPONENT_OF_NEIGHBOURS = 0.75
_SVD_ITERATIONS = 3
_MIN_WORDS = 3
_MIN_CHARACTERS = 2
_STAGE = "word vectors"


@dataclass(frozen=True)
class WordVectors:
    """Words with their vectors.

    Parameters
    ----------
    words : tuple of str
    vectors : array of shape (n_words, n_dimensions)
        Vectors of length 1.
    idf : array of shape (n_words,)
        The words' inverse document frequencies.
    """

    words: tuple[str, ...]
    vectors: NDArray[np.float32]
    idf: NDArray[np.float32]

    def __deepcopy__(self, memo: dict[int, object]) -> WordVectors:
        """Return itself: nothing in it changes, and sklearn.clone copies what it is given."""
        return self

    @cached_property
    def place(self) -> dict[str, int]:
        """Each word's row in ``vectors``."""
        return {word: row for row, word in enumerate(self.words)}

    def counted(self, tokens: Iterable[str]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Return which words occur among *tokens*, and the weight of each in their mean.

        A weight is (1 + ln count) times idf, scaled so that the mean has length 1.
        """
        row_of = self.place
        known = [row_of[token] for token in tokens if token in row_of]
        counts = Counter(known)
        n_words = len(counts)
        rows = np.fromiter(counts, np.intp, n_words)
        n_times = np.fromiter(counts.values(), np.float64, n_words)
        if not n_words:
            return rows, n_times
        frequency_weights = 1 + np.log(n_times)
        weights = frequency_weights * self.idf[rows]
        total = weights @ self.vectors[rows]
        length = np.linalg.norm(total)
        if length == 0:
            return rows, np.zeros(n_words)
        return rows, weights / length

    def mean(self, texts: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        """Return the weighted mean of each text's word vectors, n_texts × n_dimensions, length 1.

        Zeros for a text without a known word.
        """
        n_dimensions = self.vectors.shape[1]
        means = np.zeros((len(texts), n_dimensions), dtype=np.float32)
        for i, tokens in enumerate(texts):
            rows, weights = self.counted(tokens)
            vectors = self.vectors[rows]
            means[i] = weights @ vectors
        return means

    def nearest(self, word: str, n: int = 10) -> list[str]:
        """Return the *n* words closest to one by cosine, itself left out.

        >>> vectors.nearest("污水", 2)
        ['水质', '河流']
        """
        if word not in self.place:
            n_words = len(self.words)
            raise InputError(f"{word} is not among the {n_words} words that have a vector")
        vector = self.vectors[self.place[word]]
        cosines = self.vectors @ vector
        order = np.argsort(-cosines, kind="stable")
        neighbours = [self.words[row] for row in order[: n + 1]]
        if word in neighbours:
            neighbours.remove(word)
        return neighbours[:n]


def learn_vectors(
    texts: Iterable[Sequence[str]],
    n_dimensions: int = 300,
    *,
    window: int = 8,
    min_count: int = 10,
    max_words: int = 30_000,
    progress: Progress | None = None,
) -> WordVectors:
    """Learn word vectors from segmented texts.

    Positive pointwise mutual information of words that occur near each other, factorised (Levy &
    Goldberg 2014, "Neural word embedding as implicit matrix factorization"): as good as word2vec
    for classifying here, and the same bytes every time. Words of one character have no vector.

    Parameters
    ----------
    texts
        Lists of tokens.
    n_dimensions
        Length of a vector; fewer where there are fewer words.
    window
        Words at most so far apart are neighbours, in tokens.
    min_count
        Words of fewer occurrences have no vector.
    max_words
        Of the others, only so many of the most frequent have one.
    progress
        Called while neighbours are counted.

    Raises
    ------
    InputError
        Where not even three words are frequent enough.
    """
    documents = [_long_tokens(text) for text in texts]
    words = _frequent(documents, min_count, max_words)
    n_words = len(words)
    rows = _rows_of(documents, words)
    counts = _neighbours(rows, n_words, window, progress)
    information = _mutual_information(counts)
    vectors = _factorised(information, n_dimensions)
    if progress:
        progress(_STAGE, window + 1, window + 1)
    return WordVectors(
        words=tuple(words),
        vectors=vectors.astype(np.float32),
        idf=_idf(rows, n_words),
    )


def _long_tokens(text: Sequence[str]) -> list[str]:
    """Return the tokens of two characters or more."""
    return [token for token in text if len(token) >= _MIN_CHARACTERS]


def _factorised(table: sparse.csr_matrix, n_dimensions: int) -> NDArray[np.float64]:
    """Return one vector of length 1 per row, whose products approximate the table."""
    n_words = table.shape[0]
    # One thread: the order of summation, and so every byte, is the same on any machine.
    with threadpool_limits(1):
        left, strength, _ = randomized_svd(
            table,
            min(n_dimensions, n_words - 1),
            n_iter=_SVD_ITERATIONS,
            random_state=0,
        )
    vectors = left * np.sqrt(strength)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: NDArray[np.float64] = np.divide(
        vectors,
        lengths,
        out=np.zeros_like(vectors),
        where=lengths > 0,
    )
    return unit


def _frequent(documents: Sequence[Sequence[str]], min_count: int, max_words: int) -> list[str]:
    """Return the words of so many occurrences, the most frequent first; at least three."""
    count: Counter[str] = Counter()
    for document in documents:
        count.update(document)
    words = []
    for word, n_occurrences in count.items():
        if n_occurrences >= min_count:
            words.append(word)
    words.sort(key=lambda word: (-count[word], word))
    words = words[:max_words]
    if len(words) < _MIN_WORDS:
        raise InputError(
            f"{len(words)} words occur {min_count} times in {len(documents)} articles; "
            "word vectors need more articles"
        )
    return words


def _rows_of(documents: Sequence[Sequence[str]], words: Sequence[str]) -> list[NDArray[np.int32]]:
    """Return each document's words as numbers, without those that have none."""
    row_of = {word: row for row, word in enumerate(words)}
    rows_of_documents = []
    for document in documents:
        rows = [row_of[token] for token in document if token in row_of]
        numbers = np.array(rows, dtype=np.int32)
        rows_of_documents.append(numbers)
    return rows_of_documents


def _idf(documents: Sequence[NDArray[np.int32]], n_words: int) -> NDArray[np.float32]:
    """Return each word's inverse document frequency, 0 at least."""
    n_documents: Counter[int] = Counter()
    for document in documents:
        distinct = set(document.tolist())
        n_documents.update(distinct)
    idf = np.zeros(n_words)
    for row in range(n_words):
        ratio = len(documents) / (n_documents[row] + 1)
        idf[row] = np.log(ratio)
    positive = np.maximum(idf, 0)
    single: NDArray[np.float32] = positive.astype(np.float32)
    return single


def _neighbours(
    texts: Sequence[NDArray[np.int32]], n_words: int, window: int, progress: Progress | None
) -> sparse.csr_matrix:
    """Return n_words × n_words counts of how often two words are neighbours in one text."""
    lengths = [len(rows) for rows in texts]
    text_numbers = np.arange(len(texts), dtype=np.int32)
    words = np.concatenate(texts)
    text = np.repeat(text_numbers, lengths)
    shape = (n_words, n_words)
    table = sparse.csr_matrix(shape).astype(np.float32)
    for apart in range(1, window + 1):
        in_one_text = text[:-apart] == text[apart:]
        first = words[:-apart]
        first = first[in_one_text]
        second = words[apart:]
        second = second[in_one_text]
        ones = np.ones(len(first), np.float32)
        pairs = (first, second)
        counts = sparse.csr_matrix((ones, pairs), shape=shape)
        table = table + counts
        if progress:
            progress(_STAGE, apart, window + 1)
    return table + table.T


def _mutual_information(table: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return ln p(word, neighbour) / (p(word) p(neighbour)) where it is above 0."""
    totals = table.sum(axis=1)
    counts = np.asarray(totals, dtype=np.float64).ravel()
    smoothed = counts**_EXPONENT_OF_NEIGHBOURS
    shares = smoothed / smoothed.sum()
    pairs = table.tocoo()
    words = pairs.row
    neighbours = pairs.col
    by_chance = counts[words] * shares[neighbours]
    ratio = pairs.data / by_chance
    information = np.log(ratio)
    is_positive = information > 0
    cells = (words[is_positive], neighbours[is_positive])
    positive = information[is_positive]
    values = positive.astype(np.float32)
    return sparse.csr_matrix((values, cells), shape=table.shape)
