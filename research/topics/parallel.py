"""Kernels over ranges of rows, in threads: which thread takes which range changes nothing.

Nothing here knows what a kernel computes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from numbers import Integral
from typing import Any, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from research.errors import InputError

Range = tuple[int, int]  # First row, and the row after the last.
# Ranges per call, for any number of threads: the ranges, and so the sums inside them, depend on the
# data alone.
_RANGES_PER_CALL = 16
_Part = TypeVar("_Part")
_Result = TypeVar("_Result")


class Each(Protocol):
    """What calls a kernel for every part: a :class:`Threads`, or :func:`in_turn`."""

    def __call__(
        self, kernel: Callable[..., _Result], parts: Iterable[_Part], /, *arguments: Any
    ) -> list[_Result]: ...


class Threads:
    """A pool of *n_jobs* threads, see :func:`number_of_threads`.

    >>> with Threads(2) as threads:
    ...     threads(max, [(1, 2), (5, 3)])
    [2, 5]
    """

    def __init__(self, n_jobs: int | None = None) -> None:
        self._pool = ThreadPoolExecutor(number_of_threads(n_jobs))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def __call__(
        self, kernel: Callable[..., _Result], parts: Iterable[_Part], /, *arguments: Any
    ) -> list[_Result]:
        """Call ``kernel(part, *arguments)`` for every part, most often a range of rows.

        Returns
        -------
        What the calls return, in the order of the parts.
        """

        def call(part: _Part) -> _Result:
            return kernel(part, *arguments)

        results = self._pool.map(call, parts)
        return list(results)


def number_of_threads(n_jobs: int | None) -> int:
    """Return *n_jobs*; the number of cores where None or −1, one less where −2, and so on.

    Raises
    ------
    InputError
        If *n_jobs* is 0, or no whole number.
    """
    n_cores = os.cpu_count() or 1
    if n_jobs is None:
        return n_cores
    is_whole = isinstance(n_jobs, Integral) and not isinstance(n_jobs, bool)
    if not is_whole or n_jobs == 0:
        raise InputError(
            f"n_jobs is {n_jobs!r}; give a number of threads, or None for one per core"
        )
    if n_jobs < 0:
        return max(1, n_cores + 1 + int(n_jobs))
    return int(n_jobs)


def in_turn(
    kernel: Callable[..., _Result], parts: Iterable[_Part], /, *arguments: Any
) -> list[_Result]:
    """Do what :class:`Threads` does in the calling thread, for work that is one part of a call."""
    results = []
    for part in parts:
        results.append(kernel(part, *arguments))
    return results


def even_ranges(n_rows: int) -> list[Range]:
    """Divide rows 0 … *n_rows* into ranges of equal length."""
    edges = np.linspace(0, n_rows, _RANGES_PER_CALL + 1)
    whole_edges = edges.astype(int)
    return _ranges_between(whole_edges.tolist())


def even_work(starts: ArrayLike) -> list[Range]:
    """Divide rows into ranges of about as many entries each.

    *starts* (n_rows + 1,) is where the entries of each row begin, as in a CSR matrix.
    """
    row_starts = np.asarray(starts)
    n_rows = len(row_starts) - 1
    n_entries = row_starts[-1]
    equal_work = np.linspace(0, n_entries, _RANGES_PER_CALL + 1)
    edges = np.searchsorted(row_starts, equal_work[1:-1])
    return _ranges_between([0, *edges.tolist(), n_rows])


def _ranges_between(edges: Sequence[int]) -> list[Range]:
    """Return the ranges between neighbouring edges that hold a row."""
    ranges = []
    for first, last in pairwise(edges):
        if last > first:
            ranges.append((first, last))
    return ranges
