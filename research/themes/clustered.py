"""Least squares whose errors hold where articles of one issue resemble each other.

Intervals are bias-reduced for few and uneven clusters, which those of Liang & Zeger (1986), as in
Stata and statsmodels, are not. What is regressed on what is up to ``effects``.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.themes.chance import Estimates, with_intervals

_TOLERANCE = 1e-9  # Of a direction of the design, beside the largest: less is none.
_MAX_LEVERAGE = 0.95  # Of one cluster in one direction, so that its residual is not divided by 0.
_MIN_FREEDOM = 1.0
_SMALL_LEVERAGE = 0.05  # Of one cluster; below it the first terms of a series are exact enough.
_LEAST_VARIANCE = 1e-18  # Of shares that differ by rounding errors only.


class _Cluster(NamedTuple):
    """One cluster: its design (n_articles × n_directions, orthonormal over all) and shares."""

    design: NDArray[np.float64]
    shares: NDArray[np.float64]


class _Basis(NamedTuple):
    """Directions of a design that differ: ``design @ turn`` is orthonormal, weights included."""

    turn: NDArray[np.float64]
    design: NDArray[np.float64]


def estimate(
    design: NDArray[np.float64],
    shares: NDArray[np.float64],
    clusters: NDArray[np.intp],
    contrasts: NDArray[np.float64],
) -> Estimates:
    """Regress topic shares on a design, and estimate contrasts of its coefficients.

    Parameters
    ----------
    design : NDArray[np.float64]
        n_documents × n_columns; columns may depend on each other.
    shares : NDArray[np.float64]
        Topic shares, n_documents × n_topics.
    clusters : NDArray[np.intp]
        The cluster of each article (n_documents,), from 0.
    contrasts : NDArray[np.float64]
        Weights of the coefficients, n_contrasts × n_columns.

    Returns
    -------
    Estimates
        n_contrasts × n_topics each; NaN where the articles show none.

    Notes
    -----
    Errors are "CR2" of Bell & McCaffrey (2002, "Bias reduction in standard errors for linear
    regression with multi-stage samples"), with Satterthwaite's degrees of freedom for each contrast
    (Pustejovsky & Tipton 2018), and never less than if articles resembled no others: shares are
    skewed, and a small group that has no article of a topic shows no spread at all. A contrast that
    columns do not determine, such as the difference of two papers of which each has years of its
    own, is NaN.
    """
    basis = _orthonormal(design)
    turned = contrasts @ basis.turn
    order = np.argsort(clusters, kind="stable")
    ordered = _clusters(basis.design[order], shares[order], clusters[order])
    parts = list(ordered)
    coefficients = basis.design.T @ shares
    squares, freedom = _spread(parts, coefficients, turned)
    lengths = (turned**2).sum(axis=1)
    independent = np.outer(lengths, shares.var(axis=0))
    variance = np.maximum(squares, independent)
    variance = np.maximum(variance, _LEAST_VARIANCE)
    value = turned @ coefficients
    estimates = with_intervals(value, np.sqrt(variance), freedom[:, None])
    unknown = ~_determined(contrasts, basis, design)
    for table in estimates:
        table[unknown] = np.nan
    return estimates


def determines(design: NDArray[np.float64], contrasts: NDArray[np.float64]) -> bool:
    """Return whether the rows of a design show any of the contrasts of its columns."""
    return bool(_determined(contrasts, _orthonormal(design), design).any())


def _orthonormal(design: NDArray[np.float64]) -> _Basis:
    """Return the directions in which the rows of a design differ."""
    squares = (design**2).sum(axis=0)
    scale = np.sqrt(squares)
    scale = np.where(scale > 0, scale, 1.0)
    scaled = design / scale
    values, vectors = np.linalg.eigh(scaled.T @ scaled)
    present = values > _TOLERANCE * values[-1]
    lengths = np.sqrt(values[present])
    turn = vectors[:, present] / lengths
    turn /= scale[:, None]
    return _Basis(turn=turn, design=design @ turn)


def _determined(
    contrasts: NDArray[np.float64], basis: _Basis, design: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return which contrasts the rows of the design determine (n_contrasts,)."""
    back = basis.design.T @ design
    again = contrasts @ basis.turn @ back
    difference = np.abs(again - contrasts).max(axis=1)
    size = np.abs(contrasts).max(axis=1)
    tolerance = np.sqrt(_TOLERANCE) * np.maximum(size, 1)
    determined: NDArray[np.bool_] = difference <= tolerance
    return determined


def _clusters(
    design: NDArray[np.float64], shares: NDArray[np.float64], clusters: NDArray[np.intp]
) -> Iterator[_Cluster]:
    """Yield the clusters of rows that are in their order."""
    begins = np.flatnonzero(np.diff(clusters)) + 1
    edges = [0, *begins.tolist(), len(clusters)]
    for start, end in pairwise(edges):
        yield _Cluster(design[start:end], shares[start:end])


def _spread(
    clusters: list[_Cluster], coefficients: NDArray[np.float64], contrasts: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each contrast's variance, n_contrasts × n_topics, and degrees of freedom."""
    n_contrasts, n_directions = contrasts.shape
    n_topics = coefficients.shape[1]
    squares = np.zeros((n_contrasts, n_topics))
    trace = np.zeros(n_contrasts)
    diagonal = np.zeros(n_contrasts)
    products = np.zeros((n_contrasts, n_directions, n_directions))
    for cluster in clusters:
        crossed = cluster.design.T @ cluster.design
        widened = contrasts @ _widening(crossed)
        expected = crossed @ coefficients
        scores = cluster.design.T @ cluster.shares - expected
        squares += (widened @ scores) ** 2
        projected = widened @ crossed
        length = (projected * widened).sum(axis=1)
        taken = (projected**2).sum(axis=1)
        left = length - taken
        trace += left
        diagonal += left**2 - taken**2
        products += projected[:, :, None] * projected[:, None, :]
    between = (products**2).sum(axis=(1, 2))
    total = np.maximum(diagonal + between, _LEAST_VARIANCE)
    freedom = trace**2 / total
    return squares, np.maximum(freedom, _MIN_FREEDOM)


def _widening(crossed: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (1 − H)^(−½) of a cluster for its directions, with *crossed* its design's product."""
    if np.trace(crossed) < _SMALL_LEVERAGE:
        identity = np.eye(len(crossed))
        first = identity + crossed / 2
        second = 0.375 * crossed @ crossed
        return np.asarray(first + second)
    values, vectors = np.linalg.eigh(crossed)
    leverage = np.clip(values, 0, _MAX_LEVERAGE)
    left = 1 - leverage
    scaled = vectors / np.sqrt(left)
    widened: NDArray[np.float64] = scaled @ vectors.T
    return widened
