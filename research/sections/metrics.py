"""Figures of section labels, of classifiers and of suspects. Agreement is in ``agreement``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.articles.article import SECTIONS
from research.sections.bootstrap import ALL_ROWS, Rows, estimate, rounded, with_intervals

_BINS = 10  # Of equal width, for calibration.
_UNREACHABLE = 2.0  # Above any probability.
_NO_CANDIDATE = -1.0  # Below any probability.
_RATES = ("precision", "recall", "f1")
_OVERALL = ("accuracy", "macro_f1", "calibration_error")


class _Rates(NamedTuple):
    """Figures of n sections each."""

    precision: NDArray[np.float64]
    recall: NDArray[np.float64]
    f1: NDArray[np.float64]


class _Labels(NamedTuple):
    """True and predicted sections of n articles, as numbers below ``n_sections``."""

    truth: NDArray[np.intp]
    predicted: NDArray[np.intp]
    n_sections: int

    def confusion(self, rows: Rows = ALL_ROWS) -> NDArray[np.int64]:
        """Count truth (rows) against prediction (columns)."""
        n = self.n_sections
        truth = self.truth[rows]
        predicted = self.predicted[rows]
        cells = truth * n + predicted
        counts = np.bincount(cells, minlength=n * n)
        return counts.reshape(n, n)

    def rates(self, rows: Rows) -> NDArray[np.float64]:
        """Return every section's precision, then every section's recall, then F1."""
        confusion = self.confusion(rows)
        rates = _rates(confusion)
        return np.concatenate(rates)

    def macro_f1(self, rows: Rows) -> float:
        """Return mean F1 of the sections that occur in the truth."""
        confusion = self.confusion(rows)
        n_true = confusion.sum(axis=1)
        occurs = n_true > 0
        f1 = _rates(confusion).f1
        return float(f1[occurs].mean())


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
    labels = _numbered(names, truth, predicted)
    is_right = labels.truth == labels.predicted
    confidence = proba.max(axis=1)
    confusion = labels.confusion()
    return {
        "articles": len(is_right),
        **_overall_figures(labels, is_right, confidence),
        "reliability": _reliability(is_right, confidence),
        "sections": _figures_by_section(names, labels, confusion),
        "confusion": {"sections": names, "counts": confusion.tolist()},
    }


def _overall_figures(
    labels: _Labels, is_right: NDArray[np.bool_], confidence: NDArray[np.float64]
) -> dict[str, Any]:
    def overall(rows: Rows) -> list[float]:
        right = is_right[rows]
        accuracy = right.mean()
        error = calibration_error(right, confidence[rows])
        return [accuracy, labels.macro_f1(rows), error]

    names = [("", name) for name in _OVERALL]
    figures = with_intervals(names, overall, len(is_right))
    return figures[""]


def _figures_by_section(
    names: Sequence[str], labels: _Labels, confusion: NDArray[np.int64]
) -> dict[str, dict[str, Any]]:
    rate_names = [(name, rate) for rate in _RATES for name in names]
    figures = with_intervals(rate_names, labels.rates, len(labels.truth))
    n_articles = confusion.sum(axis=1).tolist()
    section_rows = {}
    for name, n in zip(names, n_articles, strict=True):
        rates = figures[name]
        section_rows[name] = {"articles": n, **rates}
    return section_rows


def macro_f1(truth: Sequence[str], predicted: Sequence[str]) -> tuple[float, list[float]]:
    """Return macro-F1 over the sections of *truth*, and its 95 % bootstrap interval."""
    names = sorted({*truth, *predicted})
    labels = _numbered(names, truth, predicted)
    return estimate(labels.macro_f1, len(truth))


def macro_f1_change(
    truth: Sequence[str], before: Sequence[str], after: Sequence[str]
) -> tuple[float, list[float]]:
    """Return by how much macro-F1 changes from one prediction to another.

    With it comes the 95 % interval of a paired bootstrap over articles.
    """
    names = sorted({*truth, *before, *after})
    labels_before = _numbered(names, truth, before)
    labels_after = _numbered(names, truth, after)

    def change(rows: Rows) -> float:
        f1_before = labels_before.macro_f1(rows)
        f1_after = labels_after.macro_f1(rows)
        return f1_after - f1_before

    return estimate(change, len(truth))


def sure_figures(
    truth: Sequence[str], predicted: Sequence[str], sure: NDArray[np.bool_], target: float
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
    target
        The precision that thresholds were set for.
    """
    true_names = np.asarray(truth)
    predicted_names = np.asarray(predicted)
    is_right = predicted_names == true_names
    names = sorted({*truth, *predicted}, key=_section_order)
    is_labelled = []
    for name in names:
        is_predicted = predicted_names == name
        is_labelled.append(sure & is_predicted)

    def overall(rows: Rows) -> list[float]:
        precision = _share(is_right[rows], sure[rows])
        share_labelled = float(sure[rows].mean())
        return [precision, share_labelled]

    def precisions(rows: Rows) -> list[float]:
        right = is_right[rows]
        return [_share(right, labelled[rows]) for labelled in is_labelled]

    n = len(is_right)
    overall_names = [("", "precision"), ("", "share_labelled")]
    overall_figures = with_intervals(overall_names, overall, n)
    precision_names = [(name, "precision") for name in names]
    figures = with_intervals(precision_names, precisions, n)
    sections = {}
    for name, labelled in zip(names, is_labelled, strict=True):
        n_labelled = int(labelled.sum())
        sections[name] = {**figures[name], "labelled": n_labelled}
    return {"wanted": target, **overall_figures[""], "sections": sections}


def _share(right: NDArray[np.bool_], among: NDArray[np.bool_]) -> float:
    """Return the share of right labels among some; nan where there is none."""
    if not among.any():
        return np.nan
    return float(right[among].mean())


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
    label_columns = np.array([classes.index(label) for label in labels])
    means = np.full(len(classes), _UNREACHABLE)
    for k in np.unique(label_columns):
        in_class = label_columns == k
        means[k] = proba[in_class, k].mean()
    candidates = np.where(proba >= means, proba, _NO_CANDIDATE)
    best = candidates.argmax(axis=1)
    has_candidate = candidates.max(axis=1) > 0
    rows = np.flatnonzero(has_candidate & (best != label_columns))
    suspects = []
    for i in rows.tolist():
        label_column = label_columns[i]
        best_column = best[i]
        suspect = Suspect(
            position=i,
            suggested=classes[best_column],
            p_given=float(proba[i, label_column]),
            p_suggested=float(proba[i, best_column]),
        )
        suspects.append(suspect)
    return sorted(suspects, key=_strength)


def _strength(suspect: Suspect) -> tuple[float, int]:
    return suspect.p_given - suspect.p_suggested, suspect.position


def _section_order(name: str) -> tuple[int, str]:
    """Return a key that sorts the paper's sections first, in their order."""
    if name in SECTIONS:
        return SECTIONS.index(name), name
    return len(SECTIONS), name


def _numbered(names: Sequence[str], truth: Iterable[str], predicted: Iterable[str]) -> _Labels:
    """Return labels as positions in *names*."""
    number = {name: k for k, name in enumerate(names)}
    return _Labels(
        truth=np.array([number[name] for name in truth]),
        predicted=np.array([number[name] for name in predicted]),
        n_sections=len(names),
    )


def _rates(confusion: NDArray[np.int64]) -> _Rates:
    """Return figures of n sections from n × n counts; 0 where there is nothing to divide by."""
    hits = confusion.diagonal().astype(float)
    n_predicted = confusion.sum(axis=0)
    n_true = confusion.sum(axis=1)
    return _Rates(
        precision=_ratio(hits, n_predicted),
        recall=_ratio(hits, n_true),
        f1=_ratio(2 * hits, n_predicted + n_true),
    )


def _ratio(counts: NDArray[np.float64], totals: NDArray[np.int64]) -> NDArray[np.float64]:
    ratios = np.zeros_like(counts)
    has_total = totals > 0
    np.divide(counts, totals, out=ratios, where=has_total)
    return ratios


def calibration_error(right: NDArray[np.bool_], confidence: NDArray[np.float64]) -> float:
    """Return the expected calibration error of ten even bins.

    How far confidence lies from the share that is right, on average over articles.
    """
    gaps = []
    for in_bin in _filled_bins(confidence):
        share_right = right[in_bin].mean()
        gap = abs(share_right - confidence[in_bin].mean())
        gaps.append(gap * in_bin.mean())
    return float(sum(gaps))


def _reliability(right: NDArray[np.bool_], confidence: NDArray[np.float64]) -> list[dict[str, Any]]:
    """Return each filled bin's number of articles, mean probability, and share that was right."""
    rows = []
    for in_bin in _filled_bins(confidence):
        probability = confidence[in_bin].mean()
        share_right = right[in_bin].mean()
        row = {
            "articles": int(in_bin.sum()),
            "probability": rounded(probability),
            "right": rounded(share_right),
        }
        rows.append(row)
    return rows


def _filled_bins(confidence: NDArray[np.float64]) -> Iterator[NDArray[np.bool_]]:
    """Yield, of each bin that holds articles, which articles it holds."""
    bins = (confidence * _BINS).astype(int)
    bins = np.minimum(bins, _BINS - 1)
    for number in np.unique(bins):
        yield bins == number
