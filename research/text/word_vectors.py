"""Word vectors from unlabelled articles: what stands in like company lies close, so a classifier knows words that no labelled article has."""

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

_SMOOTHING = 0.75  # On the counts of neighbours, so that rare ones do not look close to everything (Levy, Goldberg & Dagan 2015).
_STAGE = "word vectors"


@dataclass(frozen=True)
class WordVectors:
    """Words, their unit vectors (n_words × n_dimensions, float32), and how much each tells, ``idf`` (n_words,)."""

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
        """Return which words occur among *tokens*, and how much each counts in their mean: (1 + ln count) times idf, unit length together."""
        counts = Counter(row for token in tokens if (row := self.place.get(token)) is not None)
        rows = np.fromiter(counts, dtype=np.intp, count=len(counts))
        shares = (
            1 + np.log(np.fromiter(counts.values(), dtype=np.float64, count=len(counts)))
        ) * self.idf[rows]
        length = np.linalg.norm(shares @ self.vectors[rows]) if len(rows) else 0.0
        return rows, shares / length if length else np.zeros(len(rows))

    def mean(self, texts: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        """Return the weighted mean of each text's word vectors, n × n_dimensions, length 1; zeros where it has no known word."""
        found = np.zeros((len(texts), self.vectors.shape[1]), dtype=np.float32)
        for row, tokens in zip(found, texts, strict=True):
            rows, shares = self.counted(tokens)
            row[:] = shares @ self.vectors[rows]
        return found

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
    """Learn word vectors from segmented *texts*.

    Positive pointwise mutual information of words that stand within *window* words of each other, factorised (Levy & Goldberg 2014,
    "Neural word embedding as implicit matrix factorization"): as good as word2vec for classifying here, and the same bytes every time.
    Words of one character, of fewer than *min_count* occurrences, and beyond the *max_words* most frequent have no vector.
    """
    documents = [[token for token in text if len(token) > 1] for text in texts]
    count = Counter(token for text in documents for token in text)
    frequent = sorted(
        (word for word, n in count.items() if n >= min_count), key=lambda word: (-count[word], word)
    )[:max_words]
    if len(frequent) <= 2:
        raise InputError(
            f"{len(frequent)} words occur {min_count} times in {len(documents)} articles; word vectors need more articles"
        )
    place = {word: row for row, word in enumerate(frequent)}
    rows = [
        np.array([place[token] for token in text if token in place], dtype=np.int32)
        for text in documents
    ]
    table = _mutual_information(_neighbours(rows, len(frequent), window, progress))
    # One thread: the order of summation, and so every byte, is the same on any machine's number of cores.
    with threadpool_limits(1):
        left, strength, _ = randomized_svd(
            table, min(n_dimensions, len(frequent) - 1), n_iter=3, random_state=0
        )
    vectors = left * np.sqrt(strength)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    seen = Counter(row for text in rows for row in set(text.tolist()))
    idf = np.array([np.log(len(rows) / (seen[row] + 1)) for row in range(len(frequent))])
    if progress:
        progress(_STAGE, window + 1, window + 1)
    unit = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return WordVectors(
        tuple(frequent), unit.astype(np.float32), np.maximum(idf, 0).astype(np.float32)
    )


def _neighbours(
    texts: Sequence[NDArray[np.int32]], n_words: int, window: int, progress: Progress | None
) -> sparse.csr_matrix:
    """Count how often two words stand within *window* words of each other in one text."""
    words = np.concatenate(texts)
    text = np.repeat(np.arange(len(texts), dtype=np.int32), [len(rows) for rows in texts])
    table = sparse.csr_matrix((n_words, n_words)).astype(np.float32)
    for apart in range(1, window + 1):
        together = text[:-apart] == text[apart:]
        pair = (words[:-apart][together], words[apart:][together])
        table = table + sparse.csr_matrix(
            (np.ones(len(pair[0]), np.float32), pair), shape=table.shape
        )
        if progress:
            progress(_STAGE, apart, window + 1)
    return table + table.T


def _mutual_information(table: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return ln p(word, neighbour) / (p(word) p(neighbour)) where it is above 0."""
    each = np.asarray(table.sum(axis=1), dtype=np.float64).ravel()
    smooth = each**_SMOOTHING / (each**_SMOOTHING).sum()
    pairs = table.tocoo()
    information = np.log(pairs.data / (each[pairs.row] * smooth[pairs.col]))
    kept = information > 0
    return sparse.csr_matrix(
        (information[kept].astype(np.float32), (pairs.row[kept], pairs.col[kept])),
        shape=table.shape,
    )
