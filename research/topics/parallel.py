"""Kernels over ranges of rows, in threads: which thread takes which range changes nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, Self

import numpy as np

Each = Callable[..., list[Any]]  # Calls a kernel for every part: a Threads, or in_turn.
PIECES = 16  # Of one work, for any number of threads.


class Threads:
    """A pool of threads, one a core where *n_jobs* is left out."""

    def __init__(self, n_jobs: int | None = None) -> None:
        self.pool = ThreadPoolExecutor(n_jobs or os.cpu_count() or 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.pool.shutdown(wait=True, cancel_futures=True)

    def __call__(self, kernel: Callable[..., Any], parts: Sequence[Any], *arrays: Any) -> list[Any]:
        """Call ``kernel(part, *arrays)`` for every part, most often a range of rows; return what they return, in the parts' order."""
        return list(self.pool.map(lambda part: kernel(part, *arrays), parts))


def in_turn(kernel: Callable[..., Any], parts: Sequence[Any], *arrays: Any) -> list[Any]:
    """Do what :class:`Threads` does in the thread that asks: for work that is itself a part of one."""
    return [kernel(part, *arrays) for part in parts]


def even_ranges(n: int) -> list[tuple[int, int]]:
    """Part 0 … n into ranges of equal length."""
    return _between(np.linspace(0, n, PIECES + 1).astype(int).tolist())


def even_work(starts: Any) -> list[tuple[int, int]]:
    """Part rows into ranges of about as many nonzeros each; *starts* is where each row begins, as CSR has it."""
    edges = np.searchsorted(starts, np.linspace(0, starts[-1], PIECES + 1)[1:-1])
    return _between([0, *edges.tolist(), len(starts) - 1])


def _between(edges: list[int]) -> list[tuple[int, int]]:
    return [(first, last) for first, last in pairwise(edges) if last > first]
