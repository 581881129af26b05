"""Every figure that is reported, defined once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.articles import SECTIONS

_RESAMPLES = 1000
_BINS = 10


def section_figures(truth: Sequence[str], predicted: Sequence[str], proba: NDArray[np.float64], classes: Sequence[str]) -> dict[str, Any]:
    """Return accuracy, macro-F1 with its 95 % bootstrap interval, figures per section, confusions, calibration.

    *proba* is n × n_classes. Macro-F1 averages over the sections that occur in *truth*; the expected
    calibration error uses ten bins of equal width (Guo et al. 2017).
    """
    names = sorted(set(truth) | set(classes), key=_section_order)
    index = {name: i for i, name in enumerate(names)}
    y = np.array([index[name] for name in truth])
    p = np.array([index[name] for name in predicted])
    confusion = _confusion(y, p, len(names))
    precision, recall, f1 = _rates(confusion)
    rng = np.random.default_rng(0)
    draws = (rng.integers(0, len(y), len(y)) for _ in range(_RESAMPLES))
    resampled = [_macro_f1(_confusion(y[draw], p[draw], len(names))) for draw in draws]
    return {
        "articles": len(y),
        "accuracy": _figure(confusion.trace() / len(y)),
        "macro_f1": _figure(_macro_f1(confusion)),
        "macro_f1_interval": [_figure(value) for value in np.quantile(resampled, (0.025, 0.975))],
        "calibration_error": _figure(_calibration_error(y == p, proba.max(axis=1))),
        "sections": {
            name: {
                "articles": int(confusion[i].sum()),
                "precision": _figure(precision[i]),
                "recall": _figure(recall[i]),
                "f1": _figure(f1[i]),
            }
            for name, i in index.items()
        },
        "confusion": {"sections": names, "counts": confusion.tolist()},
    }


def _section_order(name: str) -> tuple[int, str]:
    return (SECTIONS.index(name) if name in SECTIONS else len(SECTIONS)), name


def _confusion(y: NDArray[np.intp], p: NDArray[np.intp], n: int) -> NDArray[np.int64]:
    """Count truth (rows) against prediction (columns)."""
    return np.bincount(y * n + p, minlength=n * n).reshape(n, n)


def _rates(confusion: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    hits = confusion.diagonal().astype(float)
    said, true = confusion.sum(axis=0), confusion.sum(axis=1)
    precision = np.divide(hits, said, out=np.zeros_like(hits), where=said > 0)
    recall = np.divide(hits, true, out=np.zeros_like(hits), where=true > 0)
    f1 = np.divide(2 * hits, said + true, out=np.zeros_like(hits), where=said + true > 0)
    return precision, recall, f1


def _macro_f1(confusion: NDArray[np.int64]) -> float:
    occurs = confusion.sum(axis=1) > 0
    return float(_rates(confusion)[2][occurs].mean())


def _calibration_error(right: NDArray[np.bool_], confidence: NDArray[np.float64]) -> float:
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    gaps = [abs(right[bins == b].mean() - confidence[bins == b].mean()) * (bins == b).mean() for b in range(_BINS) if (bins == b).any()]
    return float(sum(gaps))


def topic_figures(top_words: Sequence[Sequence[int]], counts: sparse.csr_matrix) -> dict[str, Any]:
    """Return coherence (mean NPMI of each topic's top words) and diversity (share of distinct top words).

    *top_words* are columns of *counts* (n_documents × n_words), a row a topic. NPMI is over documents
    (Bouma 2009; Aletras & Stevenson 2013); a pair that never meets counts −1, so NaN never comes out.
    """
    per_topic = npmi(top_words, counts)
    distinct = {word for words in top_words for word in words}
    return {
        "coherence_npmi": _figure(np.mean(per_topic)),
        "diversity": _figure(len(distinct) / sum(len(words) for words in top_words)),
        "topics": [{"coherence_npmi": _figure(value)} for value in per_topic],
    }


def npmi(top_words: Sequence[Sequence[int]], counts: sparse.csr_matrix) -> list[float]:
    """Return each topic's mean normalised pointwise mutual information over pairs of its top words."""
    words = sorted({word for topic in top_words for word in topic})
    place = {word: i for i, word in enumerate(words)}
    present = (counts[:, words] > 0).astype(np.float64)
    together = (present.T @ present).toarray() / counts.shape[0]
    alone = together.diagonal()
    means = []
    for topic in top_words:
        values = []
        for a, b in combinations([place[word] for word in topic], 2):
            joint = together[a, b]
            if joint == 0:
                values.append(-1.0)
            elif joint == 1:
                values.append(1.0)
            else:
                values.append(float(np.log(joint / (alone[a] * alone[b])) / -np.log(joint)))
        means.append(float(np.mean(values)) if values else 0.0)
    return means


def _figure(value: float | np.floating[Any]) -> float:
    """Round a figure to what is reported."""
    return round(float(value), 4)
