"""The door to numba: how a kernel is compiled, what all kernels read, and their scratch rows.

Each kernel works on a range of documents or words and writes to rows of its own, so ranges may run
in any threads at any time: the sums inside a row always run in the same order (what a loop writes
lies far from all other memory, see :func:`scratch_rows`). There is no ``parallel=True``: a thread
pool over ranges needs no threading layer, and survives forks and Ctrl-C.

Two rules keep the compiled loops fast and their bytes the same. The loops are written out, however
long: a call inside them would keep the compiler from vectors. And a kernel binds the fields of its
NamedTuples to local names first, so that the loops read plain arrays. numba keeps compiled code
until the file of the kernel changes: so NamedTuples are defined in the file of their kernels, but
for :class:`SparseCounts`, whose fields are scipy's.

No module outside this folder imports numba.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, ParamSpec, TypeVar

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import sparse

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")

# More than the widest vectors (16 floats), unrolled eight times, with room to spare.
_FLOATS_BETWEEN_ROWS = 320


class SparseCounts(NamedTuple):
    """Counts of tokens: CSR, where rows are documents, or CSC, where the major axis is words.

    Attributes
    ----------
    indptr : int32 array of shape (n_rows + 1,)
        Where the entries of each row begin in the other two; rows are columns where CSC.
    indices : int32 array of shape (n_entries,)
        Column of each entry (row where CSC).
    data : float32 array of shape (n_entries,)
        Tokens, above 0.
    """

    indptr: NDArray[np.int32]
    indices: NDArray[np.int32]
    data: NDArray[np.float32]

    @classmethod
    def of(cls, X: sparse.csr_matrix | sparse.csc_matrix) -> SparseCounts:
        """Return a matrix's arrays in the types that kernels take."""
        return cls(
            indptr=X.indptr.astype(np.int32),
            indices=X.indices.astype(np.int32),
            data=X.data.astype(np.float32),
        )


def compiled(function: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Compile a kernel, and keep the compiled code beside this file or in the user's cache."""
    options: dict[str, Any] = {
        "nogil": True,
        "error_model": "numpy",
        "fastmath": {"reassoc", "contract", "nsz", "arcp"},
    }
    compiled: Callable[_Parameters, _Result]
    try:
        compiled = njit(cache=True, **options)(function)
    except RuntimeError:  # No folder to keep the compiled code in.
        compiled = njit(**options)(function)
    return compiled


@compiled
def scratch_rows(n: int) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return three rows of *n* floats and more, far from each other and from all other memory.

    Where two arrays lie within a few vectors of each other, compiled loops fall back to one sum
    after another: the last bits would depend on where the memory happened to be.
    """
    rows = np.empty((5, n + _FLOATS_BETWEEN_ROWS), np.float32)
    return rows[1], rows[2], rows[3]
