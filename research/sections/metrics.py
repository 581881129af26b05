"""Figures of section labels: classifiers, suspects, annotators. Each is defined here only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.articles.article import SECTIONS
from research.errors import InputError

_RESAMPLES = 1000
_BINS = 10  # Of equal width, for calibration.
_UNREACHABLE = 2.0  # Above any probability.
_QUANTILES = (0.025, 0.975)
Rows = NDArray[np.intp] | slice


def section_figures(
    truth: Sequence[str],
    predicted: Sequence[str],
    proba: NDArray[np.float64],
    classes: Sequence[str],
) -> dict[str, Any]:
    """Return the figures of a section classifier, each with its 95 % bootstrap interval.

    Accuracy, macro-F1, expected calibration error, and each section's precision, recall and F1,
    with intervals beside them (``…_interval``); confusions and reliability.

    Parameters
    ----------
    truth, predicted
        n labels each. Macro-F1 averages over the sections that occur in *truth*.
    proba
        n × n_classes. The expected calibration error uses ten bins of equal width (Guo et al.
        2017).
    classes
        The classifier's sections.
    """
    names = sorted(set(truth) | set(classes), key=_section_order)
    index = {name: i for i, name in enumerate(names)}
    y = np.array([index[name] for name in truth])
    p = np.array([index[name] for name in predicted])
    confidence = proba.max(axis=1)

    def rates(rows: Rows) -> NDArray[np.float64]:
        return np.concatenate(_rates(_confusion(y[rows], p[rows], len(names))))

    def overall(rows: Rows) -> list[float]:
        is_right = y[rows] == p[rows]
        f1 = _macro_f1(_confusion(y[rows], p[rows], len(names)))
        return [is_right.mean(), f1, calibration_error(is_right, confidence[rows])]

    rate_names = [(name, rate) for rate in ("precision", "recall", "f1") for name in names]
    by_section = _with_intervals(rate_names, rates, len(y))
    overall_names = [("", name) for name in ("accuracy", "macro_f1", "calibration_error")]
    overall_figures = _with_intervals(overall_names, overall, len(y))[""]
    confusion = _confusion(y, p, len(names))
    section_rows = {}
    for name, i in index.items():
        section_rows[name] = {"articles": int(confusion[i].sum()), **by_section[name]}
    return {
        "articles": len(y),
        **overall_figures,
        "reliability": _reliability(y == p, confidence),
        "sections": section_rows,
        "confusion": {"sections": names, "counts": confusion.tolist()},
    }


def macro_f1(truth: Sequence[str], predicted: Sequence[str]) -> tuple[float, list[float]]:
    """Return macro-F1 over the sections of *truth*, and its 95 % bootstrap interval."""
    (y, p), n = _numbered(truth, predicted)

    def figure(rows: Rows) -> float:
        return _macro_f1(_confusion(y[rows], p[rows], n))

    return _figure(figure(slice(None))), _interval([figure(draw) for draw in _draws(len(y))])


def macro_f1_change(
    truth: Sequence[str], before: Sequence[str], after: Sequence[str]
) -> tuple[float, list[float]]:
    """Return by how much macro-F1 changes from one prediction to another.

    With it comes the 95 % interval of a paired bootstrap over articles.
    """
    (y, p, q), n = _numbered(truth, before, after)

    def change(rows: Rows) -> float:
        f1_before = _macro_f1(_confusion(y[rows], p[rows], n))
        f1_after = _macro_f1(_confusion(y[rows], q[rows], n))
        return f1_after - f1_before

    return _figure(change(slice(None))), _interval([change(draw) for draw in _draws(len(y))])


def sure_figures(
    truth: Sequence[str], predicted: Sequence[str], sure: NDArray[np.bool_], wanted: float
) -> dict[str, Any]:
    """Return how often sure labels were right, and how many articles have one.

    ``precision`` is None where no label is sure. Beside each figure is its 95 % bootstrap interval
    (``…_interval``).

    Parameters
    ----------
    truth, predicted
        n labels each.
    sure
        n: whether the label is above its section's threshold.
    wanted
        The precision that thresholds were set for.
    """
    pairs = zip(predicted, truth, strict=True)
    is_right = np.array([label == true for label, true in pairs], dtype=bool)
    names = sorted(set(truth) | set(predicted), key=_section_order)
    is_name = np.array([[label == name for label in predicted] for name in names])
    is_labelled = is_name & sure

    def overall(rows: Rows) -> list[float]:
        return [_share(is_right[rows], sure[rows]), float(sure[rows].mean())]

    def precision(rows: Rows) -> list[float]:
        return [_share(is_right[rows], labelled[rows]) for labelled in is_labelled]

    n = len(is_right)
    overall_figures = _with_intervals([("", "precision"), ("", "share_labelled")], overall, n)[""]
    by_section = _with_intervals([(name, "precision") for name in names], precision, n)
    sections = {}
    for name, labelled in zip(names, is_labelled, strict=True):
        sections[name] = {**by_section[name], "labelled": int(labelled.sum())}
    return {"wanted": wanted, **overall_figures, "sections": sections}


def _share(right: NDArray[np.bool_], among: NDArray[np.bool_]) -> float:
    return float(right[among].mean()) if among.any() else np.nan


def _with_intervals(
    names: Sequence[tuple[str, str]],
    figures: Callable[[Rows], Sequence[float] | NDArray[np.float64]],
    n: int,
) -> dict[str, dict[str, Any]]:
    """Return figures of n articles as {group: {figure: value, figure_interval: […]}}.

    *names* are (group, figure) of each number that *figures* returns for rows of articles; nan is
    None.
    """
    drawn = np.array([figures(rows) for rows in _draws(n)])
    groups: dict[str, dict[str, Any]] = {}
    for (group, name), value, values in zip(names, figures(slice(None)), drawn.T, strict=True):
        row = groups.setdefault(group, {})
        if np.isnan(value):
            row[name] = row[f"{name}_interval"] = None
        else:
            row[name] = _figure(value)
            row[f"{name}_interval"] = _interval(values[~np.isnan(values)])
    return groups


class Suspect(NamedTuple):
    """A label that looks wrong: its article's position, and the label suggested.

    Models that did not see the article suggest it; ``p_given`` and ``p_suggested`` are their
    probabilities of both.
    """

    position: int
    suggested: str
    p_given: float
    p_suggested: float


def suspect_labels(
    labels: Sequence[str], proba: NDArray[np.float64], classes: Sequence[str]
) -> list[Suspect]:
    """Return labels that look wrong, the likeliest errors first.

    Confident learning (Northcutt, Jiang & Chuang 2021): an article counts for another class where
    that class's probability reaches its mean over the class's articles; of several, the likeliest.

    Parameters
    ----------
    labels
        n labels.
    proba
        n × n_classes, of models that did not learn from the article.
    classes
        The columns of *proba*.
    """
    given = np.array([classes.index(label) for label in labels])
    means = np.full(len(classes), _UNREACHABLE)
    for k in np.unique(given):
        means[k] = proba[given == k, k].mean()
    reaching = np.where(proba >= means, proba, -1.0)
    best = reaching.argmax(axis=1)
    rows = np.flatnonzero((reaching.max(axis=1) > 0) & (best != given))
    suspects = []
    for i in rows:
        p_given, p_suggested = float(proba[i, given[i]]), float(proba[i, best[i]])
        suspects.append(Suspect(int(i), classes[best[i]], p_given, p_suggested))
    return sorted(suspects, key=_strength)


def _strength(suspect: Suspect) -> tuple[float, int]:
    return suspect.p_given - suspect.p_suggested, suspect.position


def cohen_kappa(one: Sequence[str], other: Sequence[str]) -> float:
    """Return two annotators' agreement beyond chance (Cohen 1960); 1.0 where all labels are one."""
    from sklearn.metrics import cohen_kappa_score

    if len({*one, *other}) == 1:
        return 1.0
    return float(cohen_kappa_score(one, other))


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


def _numbered(*labels: Sequence[str]) -> tuple[list[NDArray[np.intp]], int]:
    """Return each list of labels as numbers, and how many different labels there are."""
    number = {name: k for k, name in enumerate(sorted(set().union(*labels)))}
    return [np.array([number[name] for name in names]) for names in labels], len(number)


def _draws(n: int) -> Iterator[NDArray[np.intp]]:
    """Yield bootstrap samples of n articles, always the same."""
    rng = np.random.default_rng(0)
    return (rng.integers(0, n, n) for _ in range(_RESAMPLES))


def _interval(values: Sequence[float]) -> list[float]:
    return [_figure(value) for value in np.quantile(values, _QUANTILES)]


def _confusion(y: NDArray[np.intp], p: NDArray[np.intp], n: int) -> NDArray[np.int64]:
    """Count truth (rows) against prediction (columns)."""
    return np.bincount(y * n + p, minlength=n * n).reshape(n, n)


def _rates(
    confusion: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    hits = confusion.diagonal().astype(float)
    n_predicted, n_true = confusion.sum(axis=0), confusion.sum(axis=1)
    precision = np.divide(hits, n_predicted, out=np.zeros_like(hits), where=n_predicted > 0)
    recall = np.divide(hits, n_true, out=np.zeros_like(hits), where=n_true > 0)
    n_both = n_predicted + n_true
    f1 = np.divide(2 * hits, n_both, out=np.zeros_like(hits), where=n_both > 0)
    return precision, recall, f1


def _macro_f1(confusion: NDArray[np.int64]) -> float:
    occurs = confusion.sum(axis=1) > 0
    return float(_rates(confusion)[2][occurs].mean())


def calibration_error(right: NDArray[np.bool_], confidence: NDArray[np.float64]) -> float:
    """Return the expected calibration error of ten even bins.

    How far confidence lies from the share that is right, on average over articles.
    """
    gaps = []
    for in_bin in _filled_bins(confidence):
        gap = abs(right[in_bin].mean() - confidence[in_bin].mean())
        gaps.append(gap * in_bin.mean())
    return float(sum(gaps))


def _reliability(right: NDArray[np.bool_], confidence: NDArray[np.float64]) -> list[dict[str, Any]]:
    """Return each filled bin's number of articles, mean probability, and share that was right."""
    return [
        {
            "articles": int(in_bin.sum()),
            "probability": _figure(confidence[in_bin].mean()),
            "right": _figure(right[in_bin].mean()),
        }
        for in_bin in _filled_bins(confidence)
    ]


def _filled_bins(confidence: NDArray[np.float64]) -> Iterator[NDArray[np.bool_]]:
    """Yield, of each bin that holds articles, which articles it holds."""
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    for number in np.unique(bins):
        yield bins == number


def _figure(value: float | np.floating[Any]) -> float:
    """Round a figure to what is reported."""
    return round(float(value), 4)
