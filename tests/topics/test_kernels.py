"""Kernels: what they take, and what any division of their rows leaves the same."""

import inspect

import numpy as np
import pytest
from scipy import sparse

from research import TopicModel
from research.topics import compiled, fixed_topics, kernels
from research.topics.compiled import SparseCounts
from research.topics.fixed_topics import InferenceOptions
from research.topics.parallel import Threads, even_ranges, even_work, in_turn

KERNELS = [
    kernels.sweep_documents,
    kernels.sweep_words,
    kernels.blend,
    fixed_topics.infer_documents,
    fixed_topics.fit_rows,
    fixed_topics.count_words,
]


@pytest.fixture(scope="module")
def counts():
    rng = np.random.default_rng(0)
    return sparse.csr_matrix(rng.poisson(0.5, (50, 12)).astype(np.int64))


@pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.__name__)
def test_a_kernel_has_few_arguments_all_of_them_annotated(kernel):
    parameters = inspect.signature(kernel.py_func).parameters.values()
    assert len(parameters) <= 6
    assert all(parameter.annotation is not inspect.Parameter.empty for parameter in parameters)


@pytest.mark.parametrize(
    "fields",
    [
        compiled.SparseCounts,
        kernels.WordIndex,
        kernels.TopicState,
        kernels.BlockState,
        kernels.SweepOptions,
        kernels.WordCounts,
        kernels.BlendWeights,
        fixed_topics.InferenceOptions,
    ],
)
def test_every_field_that_a_kernel_reads_is_documented(fields):
    assert all(name in fields.__doc__ for name in fields._fields)


def test_a_matrix_is_given_to_kernels_in_their_types(counts):
    arrays = SparseCounts.of(counts)
    assert [array.dtype.name for array in arrays] == ["int32", "int32", "float32"]
    copy = sparse.csr_matrix((arrays.data, arrays.indices, arrays.indptr), counts.shape)
    assert (copy != counts).nnz == 0


def test_ranges_cover_every_row_once_whatever_the_rows_hold(counts):
    empty_rows = sparse.vstack([sparse.csr_matrix((40, 12)), counts], "csr")
    for ranges, n_rows in (
        (even_ranges(7), 7),
        (even_ranges(1000), 1000),
        (even_work(counts.indptr), 50),
        (even_work(empty_rows.indptr), 90),
    ):
        rows = [row for first, last in ranges for row in range(first, last)]
        assert rows == list(range(n_rows))


def test_threads_and_the_calling_thread_return_the_same_in_the_same_order():
    parts = list(range(40))
    with Threads(3) as threads:
        assert threads(pow, parts, 2) == in_turn(pow, parts, 2) == [part**2 for part in parts]


def test_one_range_or_many_give_the_same_topic_counts(counts):
    rng = np.random.default_rng(1)
    topic_word = rng.dirichlet(np.ones(12), 3).astype(np.float32)
    by_word = np.ascontiguousarray(topic_word.T)
    alpha = np.full(3, 0.1, np.float32)
    options = InferenceOptions(max_turns=20, tolerance=1e-3)
    inferred = np.empty((2, 50, 3), np.float32)
    arrays = SparseCounts.of(counts)
    fixed_topics.infer_documents((0, 50), arrays, by_word, alpha, inferred[0], options)
    ranges = even_work(counts.indptr)
    in_turn(fixed_topics.infer_documents, ranges, arrays, by_word, alpha, inferred[1], options)
    assert inferred[0].tobytes() == inferred[1].tobytes()
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    assert np.allclose(inferred[0].sum(axis=1), lengths + alpha.sum(), rtol=1e-4)


def test_words_of_fixed_topics_are_counted_once_each(counts):
    rng = np.random.default_rng(2)
    words = rng.dirichlet(np.ones(12), 3).T.astype(np.float32)
    shares = rng.dirichlet(np.ones(3), 50).astype(np.float32)
    topic_counts = np.zeros((12, 3), np.float32)
    columns = SparseCounts.of(counts.tocsc())
    fixed_topics.count_words((0, 12), columns, np.ascontiguousarray(words), shares, topic_counts)
    joint = shares[:, None, :] * words[None]
    shared = counts.toarray()[:, :, None] * joint / joint.sum(axis=2, keepdims=True)
    assert np.allclose(topic_counts, shared.sum(axis=0), rtol=1e-4)


def test_topics_to_start_from_are_not_changed(counts):
    start = TopicModel(2, passes=2).fit(counts).components_
    for order in ("C", "F"):
        given = np.array(start, order=order)
        TopicModel(3, start=given, passes=2).fit(counts)
        assert (given == start).all()
