"""Word vectors from unlabelled articles: words with like neighbours lie close.

So a classifier knows words that no labelled article has.
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
_STAGE = "word vectors"


@dataclass(frozen=True)
class WordVectors:
    """Words with their vectors.

    ``vectors`` are n_words × n_dimensions unit vectors, float32; ``idf`` (n_words,) are the words'
    inverse document frequencies.
    """

    words: tuple[str, ...]
    vectors: NDArray[np.float32]
    idf: NDArray[np.float32]

    def __deepcopy__(self, memo: dict[int, object]) -> WordVectors:
        """Return itself: nothing in it changes, and sklearn.clone copies what an estimator is given."""
        return self

    @cached_property
    def place(self) -> dict[str, int]:
        return {word: row for row, word in enumerate(self.words)}

    def counted(self, tokens: Iterable[str]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Return which words occur among *tokens*, and the weight of each in their mean.

        A weight is (1 + ln count) times idf, scaled so that the mean has length 1.
        """
        place = self.place
        counts = Counter(place[token] for token in tokens if token in place)
        rows = np.fromiter(counts, dtype=np.intp, count=len(counts))
        n_times = np.fromiter(counts.values(), dtype=np.float64, count=len(counts))
        weights = (1 + np.log(n_times)) * self.idf[rows]
        length = np.linalg.norm(weights @ self.vectors[rows]) if len(rows) else 0.0
        if not length:
            return rows, np.zeros(len(rows))
        return rows, weights / length

    def mean(self, texts: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        """Return the weighted mean of each text's word vectors, n_texts × n_dimensions, length 1.

        Zeros for a text without a known word.
        """
        means = np.zeros((len(texts), self.vectors.shape[1]), dtype=np.float32)
        for mean, tokens in zip(means, texts, strict=True):
            rows, weights = self.counted(tokens)
            mean[:] = weights @ self.vectors[rows]
        return means

    def nearest(self, word: str, n: int = 10) -> list[str]:
        """Return the words closest to one, itself left out."""
        if word not in self.place:
            raise InputError(f"{word} is not among the {len(self.words)} words that have a vector")
        order = np.argsort(-(self.vectors @ self.vectors[self.place[word]]), kind="stable")
        return [self.words[row] for row in order[: n + 1] if self.words[row] != word][:n]


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
        Where not even three words are left.
    """
    documents = [[token for token in text if len(token) > 1] for text in texts]
    words = _frequent(documents, min_count)[:max_words]
    if len(words) <= 2:
        raise InputError(
            f"{len(words)} words occur {min_count} times in {len(documents)} articles; word vectors "
            "need more articles"
        )
    rows = _rows_of(documents, words)
    table = _mutual_information(_neighbours(rows, len(words), window, progress))
    # One thread: the order of summation, and so every byte, is the same on any machine.
    with threadpool_limits(1):
        left, strength, _ = randomized_svd(
            table,
            min(n_dimensions, len(words) - 1),
            n_iter=_SVD_ITERATIONS,
            random_state=0,
        )
    vectors = left * np.sqrt(strength)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    if progress:
        progress(_STAGE, window + 1, window + 1)
    return WordVectors(tuple(words), unit.astype(np.float32), _idf(rows, len(words)))


def _frequent(documents: Sequence[Sequence[str]], min_count: int) -> list[str]:
    """Return the words of so many occurrences, the most frequent first."""
    count = Counter(token for document in documents for token in document)
    words = [word for word, n in count.items() if n >= min_count]
    return sorted(words, key=lambda word: (-count[word], word))


def _rows_of(documents: Sequence[Sequence[str]], words: Sequence[str]) -> list[NDArray[np.int32]]:
    """Return each document's words as numbers, without those that have none."""
    number = {word: row for row, word in enumerate(words)}
    rows = []
    for document in documents:
        numbers = [number[token] for token in document if token in number]
        rows.append(np.array(numbers, dtype=np.int32))
    return rows


def _idf(documents: Sequence[NDArray[np.int32]], n_words: int) -> NDArray[np.float32]:
    """Return each word's inverse document frequency, 0 at least."""
    n_documents = Counter(row for document in documents for row in set(document.tolist()))
    idf = [np.log(len(documents) / (n_documents[row] + 1)) for row in range(n_words)]
    positive: NDArray[np.float32] = np.maximum(np.array(idf), 0).astype(np.float32)
    return positive


def _neighbours(
    texts: Sequence[NDArray[np.int32]], n_words: int, window: int, progress: Progress | None
) -> sparse.csr_matrix:
    """Return n_words × n_words counts of how often two words are neighbours in one text."""
    words = np.concatenate(texts)
    text = np.repeat(np.arange(len(texts), dtype=np.int32), [len(rows) for rows in texts])
    table = sparse.csr_matrix((n_words, n_words)).astype(np.float32)
    for apart in range(1, window + 1):
        in_one_text = text[:-apart] == text[apart:]
        first, second = words[:-apart][in_one_text], words[apart:][in_one_text]
        ones = np.ones(len(first), np.float32)
        table = table + sparse.csr_matrix((ones, (first, second)), shape=table.shape)
        if progress:
            progress(_STAGE, apart, window + 1)
    return table + table.T


def _mutual_information(table: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return ln p(word, neighbour) / (p(word) p(neighbour)) where it is above 0."""
    counts = np.asarray(table.sum(axis=1), dtype=np.float64).ravel()
    smoothed = counts**_EXPONENT_OF_NEIGHBOURS
    shares = smoothed / smoothed.sum()
    pairs = table.tocoo()
    information = np.log(pairs.data / (counts[pairs.row] * shares[pairs.col]))
    is_positive = information > 0
    rows, columns = pairs.row[is_positive], pairs.col[is_positive]
    values = information[is_positive].astype(np.float32)
    return sparse.csr_matrix((values, (rows, columns)), shape=table.shape)
