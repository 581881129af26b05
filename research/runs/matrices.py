"""Matrices and arrays of a run in files of their own: shapes and numbers checked, no pickle."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.errors import InputError
from research.files import naming
from research.runs.draft import Draft
from research.runs.folder import Source, existing

_REMEDY = "copy the run again, or train it again"


def write_sparse(draft: Draft, name: str, matrix: sparse.csr_matrix | sparse.csc_matrix) -> None:
    """Write a sparse matrix under a name that ends with .npz."""
    path = draft.folder / name
    path.parent.mkdir(exist_ok=True)
    with naming(path):
        sparse.save_npz(path, matrix)


def write_array(draft: Draft, name: str, array: NDArray[np.float32]) -> None:
    """Write an array under a name that ends with .npy."""
    path = draft.folder / name
    path.parent.mkdir(exist_ok=True)
    with naming(path):
        np.save(path, np.ascontiguousarray(array), allow_pickle=False)


def read_sparse(source: Source, name: str, shape: tuple[int, int]) -> sparse.csr_matrix:
    """Read a sparse matrix of counts; raise InputError where it is none of that *shape*."""
    path = existing(source, name)
    matrix: sparse.csr_matrix = load_sparse(path, "csr")
    _check_numbers(path, matrix.data, matrix.shape, shape)
    return matrix


def load_sparse(path: Path, form: Literal["csr", "csc"]) -> Any:
    """Load a sparse matrix in one form; raise InputError where the file holds none."""
    try:
        loaded: Any = sparse.load_npz(path)
        matrix = loaded.asformat(form)
        matrix.check_format()
    except (ValueError, KeyError, EOFError, OSError, BadZipFile, AttributeError):
        raise InputError(f"{path}: not a sparse matrix; nothing in it was run; {_REMEDY}") from None
    return matrix


def read_array(source: Source, name: str, shape: tuple[int, int]) -> NDArray[np.float32]:
    """Read an array of shares or counts; raise InputError where it is none of that *shape*."""
    path = existing(source, name)
    try:
        array: NDArray[np.float32] = np.load(path, allow_pickle=False)
    except (ValueError, EOFError, OSError):
        raise InputError(f"{path}: not a plain array; nothing in it was run; {_REMEDY}") from None
    _check_numbers(path, array, array.shape, shape)
    return array


def _check_numbers(
    path: Path, numbers: NDArray[Any], actual: tuple[int, ...], expected: tuple[int, int]
) -> None:
    is_number = numbers.dtype.kind == "f" and bool(np.isfinite(numbers).all())
    if actual != expected or not is_number or (numbers < 0).any():
        raise InputError(
            f"{path}: expected finite numbers from 0 of shape {expected}, found {numbers.dtype} "
            f"of shape {actual}; {_REMEDY}"
        )
