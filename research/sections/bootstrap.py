"""Bootstrap intervals: how far figures vary over samples of articles. It defines no figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_N_SAMPLES = 1000
_SEED = 0  # Fixed, so that figures of the same labels are the same in every run.
_QUANTILES = (0.025, 0.975)  # The ends of a 95 % interval.
_DECIMAL_PLACES = 4

Rows = NDArray[np.intp] | slice
"""Which articles a figure is computed on; an article may be drawn several times."""

ALL_ROWS = slice(None)


def estimate(figure: Callable[[Rows], float], n: int) -> tuple[float, list[float]]:
    """Return a figure of n articles and its 95 % interval."""
    values = [figure(rows) for rows in _samples(n)]
    value = figure(ALL_ROWS)
    return rounded(value), _interval(values)


def with_intervals(
    names: Sequence[tuple[str, str]],
    figures: Callable[[Rows], Sequence[float] | NDArray[np.float64]],
    n: int,
) -> dict[str, dict[str, Any]]:
    """Return figures of n articles as {group: {figure: value, figure_interval: […]}}.

    Parameters
    ----------
    names
        The group and the name of each number that *figures* returns.
    figures
        Compute numbers on some of the articles. A number that is nan has no value: None is
        returned for it, and samples where it is nan do not enter its interval.
    n
        Number of articles.
    """
    samples = [figures(rows) for rows in _samples(n)]
    values = figures(ALL_ROWS)
    columns = np.array(samples).T
    groups: dict[str, dict[str, Any]] = {}
    for i, (group, name) in enumerate(names):
        value = values[i]
        drawn = columns[i]
        row = groups.setdefault(group, {})
        interval_name = f"{name}_interval"
        if np.isnan(value):
            row[name] = None
            row[interval_name] = None
            continue
        is_number = ~np.isnan(drawn)
        numbers = drawn[is_number]
        row[name] = rounded(value)
        row[interval_name] = _interval(numbers)
    return groups


def rounded(value: float | np.floating[Any]) -> float:
    """Round a figure to the decimal places that are reported."""
    number = float(value)
    return round(number, _DECIMAL_PLACES)


def _samples(n: int) -> Iterator[NDArray[np.intp]]:
    """Yield bootstrap samples of n articles, always the same."""
    rng = np.random.default_rng(_SEED)
    for _ in range(_N_SAMPLES):
        yield rng.integers(0, n, n)


def _interval(values: Sequence[float] | NDArray[np.float64]) -> list[float]:
    ends = np.quantile(values, _QUANTILES)
    return [rounded(end) for end in ends]
