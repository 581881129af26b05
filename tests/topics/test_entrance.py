"""No kernel runs on arrays of a wrong shape or type, or with indices that lead outside."""

import numpy as np
import pytest
from scipy import sparse

from research import InputError
from research.topics import entrance
from research.topics.compiled import SparseCounts
from research.topics.cvb0 import Cvb0, Settings
from research.topics.inference import infer_shares
from research.topics.kernels import BlockState, TopicState, WordCounts, WordIndex

N_DOCUMENTS, N_WORDS, N_TOPICS = 6, 5, 3


def _floats(*shape):
    return np.ones(shape, np.float32)


def _ints(*values):
    return np.array(values, np.int32)


@pytest.fixture
def X():
    rng = np.random.default_rng(0)
    return sparse.csr_matrix(rng.poisson(1.0, (N_DOCUMENTS, N_WORDS)))


def _sweep(X):
    """What a sweep is given, by the names that messages use."""
    return {
        "word_counts": _floats(N_WORDS, N_TOPICS),
        "totals": _floats(N_TOPICS),
        "alpha": _floats(N_TOPICS),
        "own_counts": _floats(N_DOCUMENTS, N_TOPICS),
        "document_counts": _floats(N_DOCUMENTS + 2, N_TOPICS),
        "norms": _floats(X.nnz),
        "factors": _floats(X.nnz + 2),
        "new": _floats(N_WORDS, N_TOPICS),
    }


def _check_sweep(X, arrays):
    topics = TopicState(arrays["word_counts"], arrays["totals"], arrays["alpha"])
    state = BlockState(arrays["document_counts"], arrays["norms"], arrays["factors"])
    counts = SparseCounts.of(X)
    entrance.check_sweep(counts, topics, arrays["own_counts"], state, arrays["new"])


@pytest.mark.parametrize("name", ["totals", "alpha", "own_counts", "document_counts", "new"])
def test_a_sweep_with_an_array_too_small_is_refused(X, name):
    arrays = _sweep(X)
    _check_sweep(X, arrays)
    arrays[name] = arrays[name][..., :-1]
    with pytest.raises(InputError, match=f"a kernel is given {name} of shape"):
        _check_sweep(X, arrays)


@pytest.mark.parametrize(
    ("name", "n_rows"),
    [("own_counts", 5), ("document_counts", 5), ("new", 4), ("norms", 3), ("factors", 3)],
)
def test_a_sweep_with_too_few_rows_is_refused(X, name, n_rows):
    arrays = _sweep(X)
    arrays[name] = arrays[name][:n_rows]
    with pytest.raises(InputError, match=f"a kernel is given {name} of shape"):
        _check_sweep(X, arrays)


@pytest.mark.parametrize("name", _sweep(sparse.csr_matrix((1, 1))))
def test_a_sweep_with_another_type_is_refused(X, name):
    arrays = _sweep(X)
    arrays[name] = arrays[name].astype(np.float64)
    with pytest.raises(InputError, match=f"a kernel is given {name} .* type float64"):
        _check_sweep(X, arrays)


@pytest.mark.parametrize("name", ["expected", "new", "prior", "smoothed"])
@pytest.mark.parametrize("shape", [(4, 3), (5, 2), (5,), (15,)])
def test_a_blend_of_other_shapes_is_refused(name, shape):
    arrays = dict.fromkeys(WordCounts._fields, _floats(N_WORDS, N_TOPICS))
    entrance.check_blend(WordCounts(**arrays))
    entrance.check_blend(WordCounts(**arrays | {"prior": _floats(N_WORDS, 1)}))
    with pytest.raises(InputError, match="a kernel is given"):
        entrance.check_blend(WordCounts(**arrays | {name: _floats(*shape)}))


def test_shares_under_topics_of_other_shapes_are_refused(X):
    topic_word = np.full((N_TOPICS, N_WORDS), 1 / N_WORDS)
    infer_shares(X, topic_word, _floats(N_TOPICS), 1, None)
    for topics, alpha in (
        (topic_word[:, :-1], _floats(N_TOPICS)),
        (topic_word, _floats(N_TOPICS - 1)),
        (topic_word, _floats(N_TOPICS, 1)),
        (topic_word[0], _floats(N_TOPICS)),
    ):
        with pytest.raises(InputError, match="a kernel is given"):
            infer_shares(X, topics, alpha, 1, None)


def test_least_squares_of_other_shapes_are_refused():
    weights, gram = _floats(N_WORDS, N_TOPICS), _floats(N_TOPICS, N_TOPICS)
    entrance.check_fit_rows(weights, weights.copy(), gram)
    for arrays in (
        (weights, weights[:-1], gram),
        (weights, weights[:, :-1], gram),
        (weights, weights, gram[:-1]),
        (weights, weights, gram.astype(np.float64)),
        (weights[0], weights, gram),
    ):
        with pytest.raises(InputError, match="a kernel is given"):
            entrance.check_fit_rows(*arrays)


def test_words_counted_under_topics_of_other_shapes_are_refused(X):
    counts = SparseCounts.of(X.tocsc())
    words, shares = _floats(N_WORDS, N_TOPICS), _floats(N_DOCUMENTS, N_TOPICS)
    entrance.check_word_counting(counts, words, shares, words.copy())
    for arrays in (
        (words[:-1], shares, words),
        (words, shares[:3], words),
        (words, shares[:, :-1], words),
        (words, shares, words[:, :-1]),
        (words, shares.astype(np.float64), words),
    ):
        with pytest.raises(InputError, match="a kernel is given"):
            entrance.check_word_counting(counts, *arrays)


INDEX = {
    "words": _ints(0, 2),
    "starts": _ints(0, 1, 3),
    "rows": _ints(0, 1, 0),
    "places": _ints(0, 2, 1),
}


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("words", _ints(0, 5)),
        ("words", _ints(-1, 2)),
        ("starts", _ints(0, 4, 3)),
        ("starts", _ints(0, 3)),
        ("starts", _ints(2, 1, 3)),
        ("rows", _ints(0, 6, 0)),
        ("rows", _ints(0, -1, 0)),
        ("rows", _ints(0, 1)),
        ("places", _ints(0, 3, 1)),
        ("places", np.array([0, 2, 1])),
    ],
)
def test_an_index_of_words_that_leads_outside_is_refused(name, array):
    sizes = {"n_documents": N_DOCUMENTS, "n_words": N_WORDS, "n_entries": 3}
    entrance.check_word_index(WordIndex(**INDEX), **sizes)
    with pytest.raises(InputError, match="a kernel is given"):
        entrance.check_word_index(WordIndex(**INDEX | {name: array}), **sizes)


def test_ranges_beyond_the_rows_are_refused():
    entrance.check_ranges([(0, 2), (2, 6)], 6)
    for wild in ((0, 7), (-1, 3), (4, 2)):
        with pytest.raises(InputError, match="a kernel is given rows"):
            entrance.check_ranges([wild], 6)


@pytest.mark.parametrize("form", ["csr", "csc"])
def test_a_matrix_that_leads_outside_reaches_no_kernel(X, form):
    matrix = X.asformat(form)
    SparseCounts.of(matrix)
    for name, place, value in (
        ("indices", 2, 6),
        ("indices", 2, -1),
        ("indptr", 0, 1),
        ("indptr", 2, 0),
        ("indptr", -1, 10**6),
    ):
        wild = matrix.copy()
        getattr(wild, name)[place] = value
        with pytest.raises(InputError, match="build the sparse matrix again"):
            SparseCounts.of(wild)
    shorter = matrix.copy()
    shorter.indices = shorter.indices[:-1]
    with pytest.raises(InputError, match="build the sparse matrix again"):
        SparseCounts.of(shorter)


def test_a_fit_whose_arrays_change_size_is_stopped(X):
    settings = Settings(alpha=0.1, eta=0.1, sweeps=2, tolerance=0.0, n_jobs=1, seed=0)
    for name in ("document_counts", "words", "alpha"):
        engine = Cvb0(X, _floats(N_WORDS, N_TOPICS), settings)
        setattr(engine, name, getattr(engine, name)[:-1])
        with pytest.raises((InputError, ValueError)):
            engine.run()
