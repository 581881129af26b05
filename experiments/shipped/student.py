"""The small model: a linear one over n-grams of characters, fitted to what large ones decide.

The large models read words, word vectors and language models; what these know about the words of
unlabelled news goes into the weights of n-grams. Then the n-grams of least weight are left out.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import lsqr
from sklearn.preprocessing import normalize

from research.articles.article import Article
from research.sections.views import View, cut_views
from research.text.ngrams import NGrams
from research.text.segmenter import Segmenter

MIN_ARTICLES = 5  # Of an n-gram.
LSQR_PASSES = 60


class Part(NamedTuple):
    """A block of the small model: part of the article, n-grams, most columns, weight."""

    field: str
    ngrams: tuple[int, int]
    most: int
    weight: float


PARTS = (Part("all", (1, 4), 400_000, 1.0), Part("headline", (1, 3), 60_000, 0.6))


def characters(articles: Sequence[Article], field: str) -> list[str]:
    view = View(field, None, "characters")
    return cut_views(articles, {view}, Segmenter())[view]


def count(articles: Sequence[Article]) -> tuple[sparse.csr_matrix, list[NGrams]]:
    """Learn the n-grams of articles: n_articles × n_ngrams, and one vectorizer per part."""
    tables, vectorizers = [], []
    for part in PARTS:
        ngrams = NGrams("characters", part.ngrams, min_df=MIN_ARTICLES, max_features=part.most)
        table = ngrams.fit_transform(characters(articles, part.field))
        tables.append(table * np.float32(part.weight))
        vectorizers.append(ngrams)
    return sparse.hstack(tables, format="csr"), vectorizers


def count_known(articles: Sequence[Article], vectorizers: Sequence[NGrams]) -> sparse.csr_matrix:
    tables = [
        ngrams.transform(characters(articles, part.field)) * np.float32(part.weight)
        for part, ngrams in zip(PARTS, vectorizers, strict=True)
    ]
    return sparse.hstack(tables, format="csr")


class Linear(NamedTuple):
    """Weights n_sections × n_ngrams and biases n_sections."""

    coef: NDArray[np.float32]
    intercept: NDArray[np.float32]

    def decide(self, counts: sparse.csr_matrix) -> NDArray[np.float64]:
        return counts @ self.coef.T + self.intercept


def fit(
    counts: sparse.csr_matrix,
    targets: NDArray[np.float64],
    weights: NDArray[np.float64],
    damping: float,
) -> Linear:
    """Fit weights to targets by least squares with a penalty on their squares."""
    roots = np.sqrt(weights).astype(np.float32)
    ones = np.ones((counts.shape[0], 1), np.float32)
    table = sparse.diags(roots) @ sparse.hstack([counts, ones], format="csr", dtype=np.float32)
    rows = [
        lsqr(table, target * roots, damp=damping, iter_lim=LSQR_PASSES)[0] for target in targets.T
    ]
    solved = np.stack(rows).astype(np.float32)
    return Linear(solved[:, :-1], solved[:, -1])


def heaviest(model: Linear, counts: sparse.csr_matrix, n: int) -> NDArray[np.intp]:
    """Return the columns that move decisions most, over all articles: n of them, ascending."""
    centred = model.coef - model.coef.mean(axis=0)
    squares = counts.multiply(counts).sum(axis=0)
    influence = np.linalg.norm(centred, axis=0) * np.sqrt(np.asarray(squares).ravel())
    return np.sort(np.argsort(-influence, kind="stable")[:n])


def keep(vectorizers: Sequence[NGrams], columns: NDArray[np.intp]) -> list[NGrams]:
    """Return vectorizers that know the n-grams of some columns only."""
    smaller, start = [], 0
    for part, ngrams in zip(PARTS, vectorizers, strict=True):
        end = start + len(ngrams.names)
        inside = columns[(columns >= start) & (columns < end)] - start
        names = [ngrams.names[column] for column in inside]
        idf = ngrams.idf[inside].astype(np.float16)
        smaller.append(NGrams("characters", part.ngrams).restore(names, idf))
        start = end
    return smaller


def narrowed(
    counts: sparse.csr_matrix, vectorizers: Sequence[NGrams], columns: NDArray[np.intp]
) -> sparse.csr_matrix:
    """Return some columns of counts, each part's rows as long as they were with all columns."""
    tables, start = [], 0
    for part, ngrams in zip(PARTS, vectorizers, strict=True):
        end = start + len(ngrams.names)
        inside = columns[(columns >= start) & (columns < end)]
        tables.append(normalize(counts[:, inside]) * np.float32(part.weight))
        start = end
    return sparse.hstack(tables, format="csr")


def centred(decisions: NDArray[np.float64]) -> NDArray[np.float64]:
    return decisions - decisions.mean(axis=1, keepdims=True)


def targets_of(labels: NDArray[np.intp], n_sections: int) -> NDArray[np.float64]:
    """Return what a perfect margin would decide about labelled articles."""
    return centred(2.0 * np.eye(n_sections)[labels] - 1)
