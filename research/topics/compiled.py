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

from research.errors import InputError

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")

# More than the widest vectors (16 floats), unrolled eight times, with room to spare.
_FLOATS_BETWEEN_ROWS = 320
_MOST_ENTRIES = np.iinfo(np.int32).max  # Of one matrix that kernels read.


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
        """Return a matrix's arrays in the types that kernels take.

        Raises
        ------
        InputError
            If an index leads outside the matrix, see :func:`check_entries`.
        """
        check_entries(X)
        return cls(
            indptr=X.indptr.astype(np.int32),
            indices=X.indices.astype(np.int32),
            data=X.data.astype(np.float32),
        )


def check_entries(X: sparse.csr_matrix | sparse.csc_matrix) -> None:
    """Refuse a CSR or CSC matrix whose arrays do not fit together or lead outside it.

    No compiled loop checks an index, neither ours nor scipy's: it would read whatever lies there.

    Raises
    ------
    InputError
        If row starts do not rise from 0 to at most the number of entries, an index is outside the
        matrix, or the matrix has more entries than 32 bits can number.
    """
    n_rows, n_columns = X.shape if X.format == "csr" else X.shape[::-1]
    starts, indices = X.indptr, X.indices
    if len(starts) != n_rows + 1 or len(indices) != len(X.data):
        raise _misfit(X, f"has {len(starts)} row starts, {len(indices)} indices")
    n_entries = starts[-1]  # scipy's arrays may have room for further ones.
    falling = starts[1:] < starts[:-1]
    if starts[0] != 0 or n_entries > len(indices) or falling.any():
        raise _misfit(X, f"has row starts that do not rise from 0 to {len(indices)} at most")
    if n_entries == 0:
        return
    if n_entries > _MOST_ENTRIES:
        raise _misfit(X, f"has {n_entries} entries, more than {_MOST_ENTRIES}")
    used = indices[:n_entries]
    least, most = used.min(), used.max()
    if least < 0 or most >= n_columns:
        raise _misfit(X, f"has indices from {least} to {most}, outside 0 to {n_columns - 1}")


def _misfit(X: sparse.csr_matrix | sparse.csc_matrix, fact: str) -> InputError:
    return InputError(
        f"a sparse matrix of shape {X.shape} with {len(X.data)} values {fact}; "
        "build the sparse matrix again"
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
