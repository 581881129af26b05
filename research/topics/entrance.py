"""What kernels are given is checked here: a compiled loop reads and writes wherever it is led.

Shapes and types are checked at every call, which costs microseconds; indices once, where the
arrays that hold them are built (:func:`research.topics.compiled.check_entries` and
:func:`check_word_index`). Nothing here computes anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from research.errors import InputError
from research.topics.compiled import SparseCounts
from research.topics.kernels import BlockState, TopicState, WordCounts, WordIndex
from research.topics.parallel import Range

_Shape = tuple[int, ...]
_FLOAT = np.dtype(np.float32)
_INT = np.dtype(np.int32)


def check_sweep(
    counts: SparseCounts,
    topics: TopicState,
    own_counts: NDArray[np.float32],
    state: BlockState,
    new: NDArray[np.float32],
) -> None:
    """Check what the sweep over a block's documents and words is given.

    Parameters
    ----------
    counts
        The block's tokens, n_block_documents × n_words; indices are checked before.
    topics, own_counts, state, new
        As in :func:`research.topics.kernels.sweep_documents` and
        :func:`research.topics.kernels.sweep_words`.

    Raises
    ------
    InputError
        With the first array whose shape or type does not fit the others.
    """
    n_words, n_topics = _shape_of_matrix("word_counts", topics.word_counts)
    n_documents = len(counts.indptr) - 1
    n_entries = len(counts.data)
    by_word = (n_words, n_topics)
    by_document = (n_documents, n_topics)
    check_array("word_counts", topics.word_counts, by_word)
    check_array("new", new, by_word)
    check_array("totals", topics.totals, (n_topics,))
    check_array("alpha", topics.alpha, (n_topics,))
    check_array("own_counts", own_counts, by_document)
    # These two have room for the largest block.
    document_counts = state.document_counts[:n_documents]
    factors = state.factors[:n_entries]
    check_array("document_counts", document_counts, by_document)
    check_array("factors", factors, (n_entries,))
    check_array("norms", state.norms, (n_entries,))


def check_blend(counts: WordCounts) -> None:
    """Check what the blend of old and new counts is given."""
    shape = _shape_of_matrix("expected", counts.expected)
    check_array("expected", counts.expected, shape)
    check_array("new", counts.new, shape)
    check_array("smoothed", counts.smoothed, shape)
    n_words = shape[0]
    if counts.prior.shape == (n_words, 1):
        shape = (n_words, 1)  # The topics share it.
    check_array("prior", counts.prior, shape)


def check_inference(
    topic_word: NDArray[np.float32],
    alpha: NDArray[np.float32],
    inferred: NDArray[np.float32],
    n_words: int,
) -> None:
    """Check what the inference of documents that have *n_words* columns is given."""
    _, n_topics = _shape_of_matrix("topic_word", topic_word)
    check_array("topic_word", topic_word, (n_words, n_topics))
    check_array("alpha", alpha, (n_topics,))
    check_array("inferred", inferred, (len(inferred), n_topics))


def check_fit_rows(
    weights: NDArray[np.float32], target: NDArray[np.float32], gram: NDArray[np.float32]
) -> None:
    """Check what one round of alternating least squares is given."""
    shape = _shape_of_matrix("weights", weights)
    n_topics = shape[1]
    check_array("weights", weights, shape)
    check_array("target", target, shape)
    check_array("gram", gram, (n_topics, n_topics))


def check_word_counting(
    counts: SparseCounts,
    word_weights: NDArray[np.float32],
    shares: NDArray[np.float32],
    topic_counts: NDArray[np.float32],
) -> None:
    """Check what :func:`research.topics.fixed_topics.count_words` is given.

    The arguments are those of that kernel; *counts* may hold no document that *shares* lacks.
    """
    n_words = len(counts.indptr) - 1
    n_documents, n_topics = _shape_of_matrix("shares", shares)
    by_word = (n_words, n_topics)
    check_array("word_weights", word_weights, by_word)
    check_array("topic_counts", topic_counts, by_word)
    check_array("shares", shares, (n_documents, n_topics))
    last_document = counts.indices.max(initial=-1)
    if last_document >= n_documents:
        raise InputError(f"a kernel is given shares of {n_documents} documents, not as in counts")


def check_word_index(index: WordIndex, n_documents: int, n_words: int, n_entries: int) -> None:
    """Check the entries of a block in the order of words: every index, once per fit."""
    words, starts, rows, places = index
    n_block_words = len(words)
    _check_indices("words", words, n_block_words, n_words)
    _check_indices("starts", starts, n_block_words + 1, n_entries + 1)
    _check_indices("rows", rows, n_entries, n_documents)
    _check_indices("places", places, n_entries, n_entries)
    falling = starts[1:] < starts[:-1]
    if falling.any():
        raise InputError("a kernel is given starts that do not rise; build the index again")


def check_ranges(ranges: Sequence[Range], n_rows: int) -> None:
    """Check that ranges of rows lie within *n_rows*."""
    for first, last in ranges:
        if not 0 <= first <= last <= n_rows:
            raise InputError(f"a kernel is given rows {first} to {last} of {n_rows}")


def check_array(name: str, array: Any, shape: _Shape, dtype: np.dtype[Any] = _FLOAT) -> None:
    """Refuse an array of another shape or type."""
    if array.shape != shape or array.dtype != dtype:
        raise InputError(
            f"a kernel is given {name} of shape {array.shape} and type {array.dtype}, "
            f"not {shape} and {dtype}"
        )


def _shape_of_matrix(name: str, array: NDArray[Any]) -> tuple[int, int]:
    if array.ndim != 2:
        raise InputError(f"a kernel is given {name} of shape {array.shape}, not a matrix")
    n_rows, n_columns = array.shape
    return n_rows, n_columns


def _check_indices(name: str, indices: NDArray[np.int32], length: int, n: int) -> None:
    """Refuse indices that are not *length* numbers from 0 to *n* - 1."""
    check_array(name, indices, (length,), _INT)
    if not length:
        return
    least = indices.min()
    most = indices.max()
    if least < 0 or most >= n:
        raise InputError(f"a kernel is given {name} from {least} to {most}, outside 0 to {n - 1}")
