"""From decision values to probabilities, and from which probability on a label is sure.

It knows decision values and labels only, no model.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

UNREACHABLE = 2.0  # A threshold that no probability reaches.
_THRESHOLD_STEPS = 1e4  # Thresholds have four decimal places.
_LOG_TEMPERATURES = (-6, 4)  # Bounds of the search, natural logarithm.


def fit_temperature(
    decisions: NDArray[np.float64], labels: NDArray[np.intp], weights: NDArray[np.float64]
) -> float:
    """Return the temperature of least log loss (Guo et al. 2017).

    Parameters
    ----------
    decisions
        n_texts × n_sections decision values of models that did not learn from the text.
    labels
        n_texts numbers of sections.
    weights
        n_texts weights above 0.
    """
    columns = labels[:, None]

    def loss(log_temperature: float) -> float:
        temperature = np.exp(log_temperature)
        scaled = decisions / temperature
        of_label = np.take_along_axis(scaled, columns, axis=1)
        log_sums = special.logsumexp(scaled, axis=1)
        losses = log_sums - of_label[:, 0]
        mean = np.average(losses, weights=weights)
        return float(mean)

    optimum = optimize.minimize_scalar(
        loss,
        bounds=_LOG_TEMPERATURES,
        method="bounded",
    )
    temperature = np.exp(optimum.x)
    # Rounded: the last bits of an optimum are noise.
    return float(f"{temperature:.4g}")


def fit_thresholds(
    proba: NDArray[np.float64],
    labels: NDArray[np.intp],
    weights: NDArray[np.float64],
    precision: float,
) -> NDArray[np.float64]:
    """Return each section's lowest probability from which on labels are right often enough.

    Parameters
    ----------
    proba
        n_texts × n_sections, by models that did not learn from the text.
    labels
        n_texts numbers of sections.
    weights
        n_texts weights above 0.
    precision
        Share of right labels at and above a threshold.

    Returns
    -------
    ndarray
        n_sections thresholds. No probability reaches that of a section without such a probability.
    """
    n_sections = proba.shape[1]
    predicted = proba.argmax(axis=1)
    confidence = proba.max(axis=1)
    thresholds = np.full(n_sections, UNREACHABLE)
    for k in range(n_sections):
        rows = np.flatnonzero(predicted == k)
        doubt = -confidence[rows]
        surest_first = np.argsort(doubt, kind="stable")
        rows = rows[surest_first]
        row_weights = weights[rows]
        is_right = labels[rows] == k
        n_right = np.cumsum(row_weights * is_right)
        n_rows = np.cumsum(row_weights)
        share_right = n_right / n_rows
        precise_enough = np.flatnonzero(share_right >= precision)
        if not precise_enough.size:
            continue
        last = precise_enough[-1]
        lowest = confidence[rows[last]]
        # Rounded down: the article that sets the threshold has to reach it.
        steps = np.floor(lowest * _THRESHOLD_STEPS)
        thresholds[k] = steps / _THRESHOLD_STEPS
    return thresholds
