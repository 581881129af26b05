"""What a topic model takes as counts: a matrix, a sparse matrix or a data frame, checked.

Everything that a caller hands over is checked here, before any compiled code reads it; what leaves
is a CSR matrix in one form, however its entries were stored. Nothing here changes the caller's
matrix or a model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_array, validate_data

from research.errors import InputError
from research.topics.compiled import check_entries

if TYPE_CHECKING:
    from research.topics.fitted import FittedTopics

CountsLike = ArrayLike | sparse.sparray | sparse.spmatrix

# Weights of words need not be whole numbers, but single precision must hold them, their products
# and their sums.
_LEAST_COUNT, _MOST_COUNT = 1e-6, 1e9
# What to do about scikit-learn's refusals, by how their first line begins.
_REMEDIES = {
    "Input X contains": "give 0 where a word does not occur",
    "X has": "count with the model's vocabulary",
    "could not convert string": "count the words of texts with research.learn_words",
    "Expected 2D": "give documents × words. Reshape your data if it is one document's counts",
}
# Of counts inside the engine; others are converted to the first. What a fit starts from is computed
# in the type of X: the last bits of a fit, but nothing that reads a fitted model, depend on it.
_DTYPES = (np.float64, np.int64, np.float32)


def checked_counts(X: CountsLike) -> sparse.csr_matrix:
    """Return counts in CSR, n_documents × n_words, as the engine works with them.

    No entry is stored twice, and none is 0. The order of a row's entries stays, since the last bits
    of a fit depend on it; what reads a fitted model takes :func:`in_order`. Numbers that are not
    whole (weights such as TF-IDF) are counts like others.

    Raises
    ------
    InputError
        If X is no matrix of numbers, or a number is negative, not finite, or outside 1e-6 to 1e9.
    """
    _check_stored(X)
    try:
        checked = check_array(X, estimator="TopicModel", input_name="X", **_options(1))
    except ValueError as error:
        raise _refusal(error) from None
    return _as_counts(checked)


def counts_for(model: FittedTopics, X: CountsLike) -> sparse.csr_matrix:
    """Return the counts of documents that have the words that *model* was fitted on, in order.

    However the entries of X are stored, the counts are the same. X may have no rows; see
    :func:`checked_counts`. A data frame's columns must have the names and the order that they had
    in ``fit``.

    Raises
    ------
    InputError
        If X has other columns than the model, or as :func:`checked_counts`.
    """
    _check_stored(X)
    try:
        checked = validate_data(model, X, reset=False, **_options(0))
    except ValueError as error:
        raise _refusal(error) from None
    counts = _as_counts(checked)
    return in_order(counts)


def in_order(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return the counts with the words of each document in the order of columns."""
    if counts.has_sorted_indices:
        return counts
    ordered = counts.copy()
    ordered.sort_indices()
    return ordered


def column_names(X: CountsLike) -> NDArray[np.object_] | None:
    """Return the names of a data frame's columns, (n_words,); None where X has none.

    Raises
    ------
    TypeError
        If only some names are strings.
    """
    probe = BaseEstimator()
    validate_data(probe, X, reset=True, skip_check_array=True)
    names: NDArray[np.object_] | None = getattr(probe, "feature_names_in_", None)
    return names


def check_new_columns(model: FittedTopics, X: CountsLike, n_words: int) -> None:
    """Refuse new documents without the model's words, or with these in other columns.

    New words come after the words of the model, which has fewer than the *n_words* of X.
    """
    known = getattr(model, "feature_names_in_", None)
    if n_words <= model.n_features_in_ or known is None:
        return
    names = column_names(X)
    if names is None:
        raise InputError(
            f"X has {n_words} columns without names, but TopicModel was fitted on "
            f"{len(known)} columns with names; name the new words too"
        )
    if list(names[: len(known)]) != list(known):
        raise InputError(
            "The feature names should match those that were passed during fit; "
            "keep the model's columns in their order, and add new words after them"
        )


def check_some_words(X: sparse.csr_matrix, remedy: str) -> None:
    """Refuse counts that are all 0."""
    if not X.nnz:
        raise InputError(f"the document–term matrix of shape {X.shape} holds no word; {remedy}")


def rows_with_words(X: sparse.csr_matrix) -> NDArray[np.bool_]:
    """Return whether each document has a word, (n_documents,); X holds no stored zeros."""
    entries_per_row = np.diff(X.indptr)
    with_words: NDArray[np.bool_] = entries_per_row > 0
    return with_words


def _options(min_samples: int) -> dict[str, Any]:
    return {"accept_sparse": "csr", "dtype": _DTYPES, "ensure_min_samples": min_samples}


def _check_stored(X: CountsLike) -> None:
    """Refuse a sparse matrix whose indices lead outside it: scipy would follow them."""
    if not sparse.issparse(X):
        return
    if X.format in ("csr", "csc"):
        check_entries(X)
    elif X.format == "coo":
        _check_coordinates(X)
    elif X.format == "bsr":
        _check_blocks(X)


def _check_coordinates(X: Any) -> None:
    if len(X.shape) != 2:
        return  # scikit-learn refuses it.
    for places, length in zip((X.row, X.col), X.shape, strict=True):
        if len(places) != len(X.data):
            raise InputError(
                f"X has {len(X.data)} values and {len(places)} coordinates; "
                "build the sparse matrix again"
            )
        if len(places) and not 0 <= places.min() <= places.max() < length:
            raise InputError(
                f"X of shape {X.shape} holds coordinates from {places.min()} to {places.max()}; "
                "build the sparse matrix again"
            )


def _check_blocks(X: Any) -> None:
    height, width = X.blocksize
    n_rows, n_columns = X.shape
    block_of_each = np.arange(len(X.data))
    blocks = sparse.csr_matrix((n_rows // height, n_columns // width), dtype=np.int64)
    blocks.data, blocks.indices, blocks.indptr = block_of_each, X.indices, X.indptr
    check_entries(blocks)


def _refusal(error: ValueError) -> InputError:
    """Return scikit-learn's refusal as one for users, with a remedy where it has none."""
    message = str(error)
    first_line = message.split("\n", 1)[0]
    for beginning, remedy in _REMEDIES.items():
        if first_line.startswith(beginning):
            return InputError(f"{first_line.rstrip(':.')}; {remedy}")
    if first_line.startswith("The feature names"):
        return InputError(message)  # What follows names the columns.
    return InputError(first_line)  # What follows shows all of X.


def _as_counts(checked: Any) -> sparse.csr_matrix:
    """Return a CSR matrix in which each entry is stored once, and none is 0.

    The matrix is built from its arrays: what scipy remembers of the caller's, such as that its
    indices are sorted, may be true no more.
    """
    counts: sparse.csr_matrix
    if isinstance(checked, np.ndarray):
        counts = sparse.csr_matrix(checked)
    else:
        check_entries(checked)
        arrays = (checked.data, checked.indices, checked.indptr)
        counts = sparse.csr_matrix(arrays, checked.shape)
    if counts.nnz:
        _check_range(counts.data)
    if _has_duplicates(counts):
        counts = counts.copy()
        counts.sum_duplicates()
    if not np.all(counts.data):
        counts = counts.copy()
        counts.eliminate_zeros()
    return counts


def _has_duplicates(counts: sparse.csr_matrix) -> bool:
    if counts.has_canonical_format:
        return False
    # Transposed, the entries are in order whatever they were, in linear time.
    by_word = counts.tocsc()
    return not by_word.has_canonical_format


def _check_range(values: NDArray[Any]) -> None:
    least, most = values.min(), values.max()
    if least < 0:
        raise InputError(
            f"Negative values in data passed to TopicModel: X holds the count {least}; "
            "give counts of words, 0 or more"
        )
    if least == 0:
        positive = values[values > 0]
        least = positive.min(initial=1)
    if least < _LEAST_COUNT or most > _MOST_COUNT:
        extreme = least if least < _LEAST_COUNT else most
        raise InputError(
            f"X holds the count {extreme}; counts are 0, or from {_LEAST_COUNT:g} "
            f"to {_MOST_COUNT:g} tokens: scale X"
        )
