"""Every figure that is reported, defined once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.articles.article import SECTIONS
from research.errors import InputError

_RESAMPLES = 1000
_BINS = 10
Rows = NDArray[np.intp] | slice


def section_figures(
    truth: Sequence[str],
    predicted: Sequence[str],
    proba: NDArray[np.float64],
    classes: Sequence[str],
) -> dict[str, Any]:
    """Return accuracy, macro-F1, calibration error, precision, recall and F1 per section, each with its 95 % bootstrap interval beside it
    (``…_interval``), confusions, and reliability.

    *proba* is n × n_classes. Macro-F1 averages over the sections that occur in *truth*; the expected
    calibration error uses ten bins of equal width (Guo et al. 2017).
    """
    names = sorted(set(truth) | set(classes), key=_section_order)
    index = {name: i for i, name in enumerate(names)}
    y = np.array([index[name] for name in truth])
    p = np.array([index[name] for name in predicted])
    confidence = proba.max(axis=1)

    def rates(rows: Rows) -> NDArray[np.float64]:
        return np.concatenate(_rates(_confusion(y[rows], p[rows], len(names))))

    def overall(rows: Rows) -> list[float]:
        right = y[rows] == p[rows]
        return [
            right.mean(),
            _macro_f1(_confusion(y[rows], p[rows], len(names))),
            calibration_error(right, confidence[rows]),
        ]

    by_section = _with_intervals(
        [(name, of) for of in ("precision", "recall", "f1") for name in names], rates, len(y)
    )
    found = _with_intervals(
        [("", of) for of in ("accuracy", "macro_f1", "calibration_error")], overall, len(y)
    )
    confusion = _confusion(y, p, len(names))
    return {
        "articles": len(y),
        **found[""],
        "reliability": _reliability(y == p, confidence),
        "sections": {
            name: {"articles": int(confusion[i].sum()), **by_section[name]}
            for name, i in index.items()
        },
        "confusion": {"sections": names, "counts": confusion.tolist()},
    }


def macro_f1(truth: Sequence[str], predicted: Sequence[str]) -> tuple[float, list[float]]:
    """Return macro-F1 over the sections that occur in *truth*, and its 95 % bootstrap interval."""
    y, p, n = _numbered(truth, predicted)
    return _figure(_macro_f1(_confusion(y, p, n))), _interval(
        [_macro_f1(_confusion(y[draw], p[draw], n)) for draw in _draws(len(y))]
    )


def macro_f1_change(
    truth: Sequence[str], before: Sequence[str], after: Sequence[str]
) -> tuple[float, list[float]]:
    """Return by how much macro-F1 changes from one prediction to another, and the 95 % interval (paired bootstrap over articles)."""
    y, p, q, n = _numbered(truth, before, after)

    def change(rows: Rows) -> float:
        return _macro_f1(_confusion(y[rows], q[rows], n)) - _macro_f1(
            _confusion(y[rows], p[rows], n)
        )

    return _figure(change(slice(None))), _interval([change(draw) for draw in _draws(len(y))])


def sure_figures(
    truth: Sequence[str], predicted: Sequence[str], sure: NDArray[np.bool_], wanted: float
) -> dict[str, Any]:
    """Return how often labels above their thresholds were right (``precision``; None for no label) and how many articles have one.

    Beside each its 95 % bootstrap interval (``…_interval``).
    """
    right = np.array(
        [said == true for said, true in zip(predicted, truth, strict=True)], dtype=bool
    )
    names = sorted(set(truth) | set(predicted), key=_section_order)
    labelled = np.array([[said == name for said in predicted] for name in names]) & sure

    def overall(rows: Rows) -> list[float]:
        return [_share(right[rows], sure[rows]), float(sure[rows].mean())]

    def precision(rows: Rows) -> list[float]:
        return [_share(right[rows], mine[rows]) for mine in labelled]

    by_section = _with_intervals([(name, "precision") for name in names], precision, len(right))
    return {
        "wanted": wanted,
        **_with_intervals([("", "precision"), ("", "share_labelled")], overall, len(right))[""],
        "sections": {
            name: {**by_section[name], "labelled": int(mine.sum())}
            for name, mine in zip(names, labelled, strict=True)
        },
    }


def _share(right: NDArray[np.bool_], among: NDArray[np.bool_]) -> float:
    return float(right[among].mean()) if among.any() else np.nan


def _with_intervals(
    names: Sequence[tuple[str, str]],
    figures: Callable[[Rows], Sequence[float] | NDArray[np.float64]],
    n: int,
) -> dict[str, dict[str, Any]]:
    """Return figures of n articles, named (group, figure), as {group: {figure: value, figure_interval: […]}}; None for what has no value."""
    drawn = np.array([figures(rows) for rows in _draws(n)])
    found: dict[str, dict[str, Any]] = {}
    for (group, name), value, values in zip(names, figures(slice(None)), drawn.T, strict=True):
        known = values[~np.isnan(values)]
        found.setdefault(group, {})[name] = None if np.isnan(value) else _figure(value)
        found[group][f"{name}_interval"] = None if np.isnan(value) else _interval(known)
    return found


class Suspect(NamedTuple):
    """A label that looks wrong: its position, the label that models which did not see it give, and the probabilities of both."""

    position: int
    suggested: str
    p_given: float
    p_suggested: float


def suspect_labels(
    labels: Sequence[str], proba: NDArray[np.float64], classes: Sequence[str]
) -> list[Suspect]:
    """Return labels that look wrong, the likeliest errors first, by confident learning (Northcutt, Jiang & Chuang 2021).

    *proba* is n × n_classes, of models that did not learn from the article. An article counts for another class where that class's
    probability reaches the mean that it has over its own articles; of several, the likeliest.
    """
    given = np.array([classes.index(label) for label in labels])
    own = np.array(
        [proba[given == k, k].mean() if (given == k).any() else 2.0 for k in range(len(classes))]
    )
    reaching = np.where(proba >= own, proba, -1.0)
    best = reaching.argmax(axis=1)
    found = np.flatnonzero((reaching.max(axis=1) > 0) & (best != given))
    suspects = [
        Suspect(int(i), classes[best[i]], float(proba[i, given[i]]), float(proba[i, best[i]]))
        for i in found
    ]
    return sorted(
        suspects, key=lambda suspect: (suspect.p_given - suspect.p_suggested, suspect.position)
    )


def cohen_kappa(one: Sequence[str], other: Sequence[str]) -> float:
    """Return two annotators' agreement beyond chance (Cohen 1960); 1.0 where both give one same label throughout."""
    from sklearn.metrics import cohen_kappa_score

    return (
        1.0
        if set(one) == set(other) and len(set(one)) == 1
        else float(cohen_kappa_score(one, other))
    )


def krippendorff_alpha(readings: Sequence[Sequence[str | None]]) -> float:
    """Return several annotators' agreement beyond chance, nominal labels (Krippendorff 2004, ch. 11).

    *readings* is annotators × articles, None where an annotator has none. 1.0 where all labels are the same;
    raises InputError where no article has two readings.
    """
    together: defaultdict[tuple[str, str], float] = defaultdict(float)
    for article in zip(*readings, strict=True):
        given = Counter(label for label in article if label is not None)
        read = given.total()
        for one, n in given.items():
            for other, m in given.items():
                if read > 1:
                    together[one, other] += n * (m - (one == other)) / (read - 1)
    total = sum(together.values())
    if not total:
        raise InputError("no article has labels of two annotators; give files that share ids")
    size: defaultdict[str, float] = defaultdict(float)
    for (one, _), count in together.items():
        size[one] += count
    apart = sum(count for (one, other), count in together.items() if one != other)
    expected = sum(size[one] * size[other] for one in size for other in size if one != other) / (
        total - 1
    )
    return 1.0 - apart / expected if expected else 1.0


def _section_order(name: str) -> tuple[int, str]:
    return (SECTIONS.index(name) if name in SECTIONS else len(SECTIONS)), name


def _numbered(*labels: Sequence[str]) -> Any:
    """Return each list of labels as numbers, and how many different ones there are."""
    place = {name: k for k, name in enumerate(sorted(set().union(*labels)))}
    return (*(np.array([place[name] for name in given]) for given in labels), len(place))


def _draws(n: int) -> Iterator[NDArray[np.intp]]:
    """Yield bootstrap samples of n articles, always the same."""
    rng = np.random.default_rng(0)
    return (rng.integers(0, n, n) for _ in range(_RESAMPLES))


def _interval(values: Sequence[float]) -> list[float]:
    return [_figure(value) for value in np.quantile(values, (0.025, 0.975))]


def _confusion(y: NDArray[np.intp], p: NDArray[np.intp], n: int) -> NDArray[np.int64]:
    """Count truth (rows) against prediction (columns)."""
    return np.bincount(y * n + p, minlength=n * n).reshape(n, n)


def _rates(
    confusion: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    hits = confusion.diagonal().astype(float)
    said, true = confusion.sum(axis=0), confusion.sum(axis=1)
    precision = np.divide(hits, said, out=np.zeros_like(hits), where=said > 0)
    recall = np.divide(hits, true, out=np.zeros_like(hits), where=true > 0)
    f1 = np.divide(2 * hits, said + true, out=np.zeros_like(hits), where=said + true > 0)
    return precision, recall, f1


def _macro_f1(confusion: NDArray[np.int64]) -> float:
    occurs = confusion.sum(axis=1) > 0
    return float(_rates(confusion)[2][occurs].mean())


def calibration_error(right: NDArray[np.bool_], confidence: NDArray[np.float64]) -> float:
    """Return the expected calibration error of ten even bins: how far confidence lies from the share that is right, on average."""
    bins = _bins(confidence)
    gaps = [
        abs(right[bins == b].mean() - confidence[bins == b].mean()) * (bins == b).mean()
        for b in range(_BINS)
        if (bins == b).any()
    ]
    return float(sum(gaps))


def _reliability(right: NDArray[np.bool_], confidence: NDArray[np.float64]) -> list[dict[str, Any]]:
    """Return, for each bin that holds articles, how many, their mean probability, and the share that was right."""
    bins = _bins(confidence)
    return [
        {
            "articles": int((bins == b).sum()),
            "probability": _figure(confidence[bins == b].mean()),
            "right": _figure(right[bins == b].mean()),
        }
        for b in range(_BINS)
        if (bins == b).any()
    ]


def _bins(confidence: NDArray[np.float64]) -> NDArray[np.intp]:
    bins: NDArray[np.intp] = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    return bins


def _figure(value: float | np.floating[Any]) -> float:
    """Round a figure to what is reported."""
    return round(float(value), 4)
