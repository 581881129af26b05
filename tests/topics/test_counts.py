"""What a topic model takes as counts: any way of storing them, and one line for what is wrong."""

import numpy as np
import pytest
from scipy import sparse

from research import InputError, TopicModel, choose_n_topics, stability


@pytest.fixture(scope="module")
def counts():
    rng = np.random.default_rng(0)
    topics = np.repeat(np.eye(3), 4, axis=1) / 4
    rows = [rng.multinomial(20, topics[n % 3] * 0.8 + 0.2 / 12) for n in range(60)]
    return sparse.csr_matrix(np.array(rows))


@pytest.fixture(scope="module")
def model(counts):
    return TopicModel(3, passes=10).fit(counts)


def _shuffled(counts):
    """The same matrix with the entries of each row in another order."""
    rng = np.random.default_rng(1)
    data, indices = counts.data.copy(), counts.indices.copy()
    for start, end in zip(counts.indptr[:-1], counts.indptr[1:], strict=True):
        order = start + rng.permutation(end - start)
        data[start:end], indices[start:end] = counts.data[order], counts.indices[order]
    return sparse.csr_matrix((data, indices, counts.indptr.copy()), counts.shape)


def _in_parts(counts):
    """The same matrix with every count of two or more stored as two entries."""
    table = counts.tocoo()
    first = np.minimum(table.data, 1)
    data = np.concatenate([first, table.data - first])
    rows, columns = np.tile(table.row, 2), np.tile(table.col, 2)
    order = np.argsort(rows, kind="stable")
    starts = np.searchsorted(rows[order], np.arange(counts.shape[0] + 1))
    return sparse.csr_matrix((data[order], columns[order], starts), counts.shape)


def _with_wide_indices(counts):
    wide = counts.copy()
    wide.indices, wide.indptr = wide.indices.astype(np.int64), wide.indptr.astype(np.int64)
    return wide


def _with_stale_flag(counts):
    """Entries that were sorted when scipy looked, and are no more."""
    stale, shuffled = counts.copy(), _shuffled(counts)
    assert stale.has_canonical_format
    stale.data[:], stale.indices[:] = shuffled.data, shuffled.indices
    return stale


def _with_room(counts):
    roomy = counts.copy()
    roomy.data = np.append(roomy.data, [7, 7])
    roomy.indices = np.append(roomy.indices, np.array([99, -5], np.int32))
    return roomy


FORMS = {
    "csc": lambda X: X.tocsc(),
    "coo": lambda X: X.tocoo(),
    "lil": lambda X: X.tolil(),
    "dok": lambda X: X.todok(),
    "bsr": lambda X: X.tobsr((2, 3)),
    "csr array": sparse.csr_array,
    "dense": lambda X: X.toarray(),
    "columns first": lambda X: np.asfortranarray(X.toarray()),
    "lists": lambda X: X.toarray().tolist(),
    "float64": lambda X: X.astype(np.float64),
    "float32": lambda X: X.astype(np.float32),
    "int32": lambda X: X.astype(np.int32),
    "uint8": lambda X: X.astype(np.uint8),
    "shuffled": _shuffled,
    "twice stored": _in_parts,
    "wide indices": _with_wide_indices,
    "stale flag": _with_stale_flag,
    "room for more": _with_room,
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_shares_and_perplexity_do_not_depend_on_how_counts_are_stored(model, counts, form):
    X = form(counts)
    assert model.transform(X).tobytes() == model.transform(counts).tobytes()
    assert model.perplexity(X) == model.perplexity(counts)
    assert model.score(X) == model.score(counts)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_fit_finds_the_same_topics_however_counts_are_stored(model, counts, form):
    fitted = TopicModel(3, passes=10).fit(form(counts))
    assert np.allclose(fitted.topic_word_, model.topic_word_, rtol=1e-3, atol=1e-5)


def test_a_matrix_is_not_changed(model, counts):
    for form in (_shuffled, _in_parts, _with_room):
        X = form(counts)
        before = [X.data.copy(), X.indices.copy(), X.indptr.copy()]
        TopicModel(3, passes=2).fit(X).transform(X)
        for array, earlier in zip([X.data, X.indices, X.indptr], before, strict=True):
            assert np.array_equal(array, earlier)


def test_numbers_that_are_not_whole_count_as_they_are(model, counts):
    """Half of each count: the same shares as of counts with twice the prior."""
    half = counts * 0.5
    doubled = TopicModel.from_state(*model.state())
    doubled.alpha_ = model.alpha_ * 2
    assert np.allclose(model.transform(half), doubled.transform(counts), atol=2e-3)
    assert model.perplexity(counts + counts * 0.4) != model.perplexity(counts)
    assert 0.9 < model.perplexity(half) / model.perplexity(counts) < 1.1
    fitted = TopicModel(3, passes=20).fit(counts * 0.25)
    assert {frozenset(np.argsort(-row)[:4]) for row in fitted.components_} == {
        frozenset(range(first, first + 4)) for first in (0, 4, 8)
    }
    expected = (fitted.components_ - fitted.eta_).sum()
    assert np.isclose(expected, counts.sum() / 4, rtol=1e-4)
    fitted.partial_fit(half)
    assert np.isfinite(fitted.components_).all()


def test_halves_of_fractions_add_up_and_are_even(model):
    from research.topics.inference import halves

    X = sparse.csr_matrix(np.array([[0.5, 0.75, 1.5, 0.25], [0.0, 1.0, 2.0, 3.0]]))
    odd, even = halves(X)
    assert np.allclose((odd + even).toarray(), X.toarray())
    assert odd.toarray().tolist() == [[0.5, 0.5, 0.75, 0.25], [0, 1, 1, 1]]
    assert even.toarray()[1].tolist() == [0, 0, 1, 2]


WRONG_INDICES = {
    "a column beyond the last": ("indices", 5, 4000),
    "a negative column": ("indices", 5, -1),
    "a start that falls": ("indptr", 3, 0),
    "a start beyond the entries": ("indptr", 3, 10**6),
    "a first start that is not 0": ("indptr", 0, 2),
    "more entries than there are": ("indptr", -1, 10**6),
}


@pytest.mark.parametrize("wrong", WRONG_INDICES.values(), ids=WRONG_INDICES)
@pytest.mark.parametrize("form", ["csr", "csc", "bsr"])
def test_wild_indices_are_refused_before_anything_reads_them(model, counts, form, wrong):
    name, place, value = wrong
    X = counts.asformat(form, copy=True)
    getattr(X, name)[place] = value
    fresh = TopicModel(3, passes=2)
    for method in (
        fresh.fit,
        fresh.fit_transform,
        model.transform,
        model.perplexity,
        model.has_evidence,
        model.partial_fit,
    ):
        with pytest.raises(InputError, match="build the sparse matrix again"):
            method(X)


def test_wild_coordinates_are_refused(model, counts):
    for name, value in (("row", 60), ("row", -1), ("col", 12), ("col", 10**6)):
        X = counts.tocoo(copy=True)
        getattr(X, name)[3] = value
        for method in (TopicModel(3).fit, model.transform):
            with pytest.raises(InputError, match="build the sparse matrix again"):
                method(X)


def test_wild_indices_in_lists_are_refused(model, counts):
    X = counts.tolil()
    X.rows[0][-1] = 500
    with pytest.raises(InputError, match="build the sparse matrix again"):
        model.transform(X)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (-1, "Negative values in data passed to TopicModel: X holds the count -1"),
        (np.nan, "Input X contains NaN; give 0 where a word does not occur"),
        (np.inf, "Input X contains infinity"),
        (1e-30, "counts are 0, or from 1e-06 to 1e[+]09 tokens: scale X"),
        (1e30, "counts are 0, or from 1e-06 to 1e[+]09 tokens: scale X"),
    ],
)
def test_what_is_no_count_is_refused_in_one_line(model, counts, value, message):
    dense = counts.toarray().astype(float)
    dense[4, 5] = value
    for X in (dense, sparse.csr_matrix(dense), sparse.csc_matrix(dense)):
        for method in (TopicModel(3).fit, model.transform, model.perplexity, model.partial_fit):
            with pytest.raises(InputError, match=message) as refusal:
                method(X)
            assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (None, "Expected 2D array, got scalar array instead; give documents × words"),
        (3, "Expected 2D array, got scalar array instead; give documents × words"),
        ("文", "could not convert string .*; count the words of texts with research.learn_words"),
        (["一 二", "三"], "could not convert string .*; count the words of texts with"),
        ([["一", "二"]], "could not convert string .*; count the words of texts with"),
        (np.ones(12), "Expected 2D array, got 1D array instead; .* if it is one document's counts"),
        ([], "Expected 2D array"),
        (np.ones((2, 2, 12)), "Found array with dim 3"),
        (np.ones((2, 12), complex), "Complex data not supported"),
        ([[1, 2], [3]], "inhomogeneous"),
    ],
)
def test_what_is_no_matrix_is_refused(model, X, message):
    for method in (TopicModel(2).fit, model.transform, model.partial_fit, model.has_evidence):
        with pytest.raises(InputError, match=message):
            method(X)


def test_other_columns_are_refused_with_a_remedy(model, counts):
    for X in (counts[:, :11], sparse.hstack([counts, counts], "csr")):
        with pytest.raises(InputError, match="expecting 12 features as input; count with"):
            model.transform(X)


def test_documents_without_a_known_word_have_no_evidence(model, counts):
    X = sparse.vstack([counts[:2], sparse.csr_matrix((1, 12)), counts[2:3]], "csr")
    assert model.has_evidence(X).tolist() == [True, True, False, True]
    assert model.has_evidence(X.toarray()).dtype == bool
    one_word = sparse.csr_matrix(([1], ([0], [3])), (1, 12))
    stored = sparse.vstack([X[:2], one_word, X[3:]], "csr")
    stored.data[stored.indptr[2]] = 0  # A zero that is stored is no word.
    assert model.has_evidence(stored).tolist() == [True, True, False, True]
    assert np.allclose(model.transform(X)[2], 1 / 3)
    assert np.allclose(model.transform(X).sum(axis=1), 1)
    asymmetric = TopicModel(3, alpha=[0.3, 0.2, 0.1], passes=5).fit(counts)
    share = asymmetric.transform(X)[2]
    assert np.allclose(share, asymmetric.alpha_ / asymmetric.alpha_.sum())


def test_no_documents_have_no_shares(model):
    nothing = sparse.csr_matrix((0, 12))
    assert model.transform(nothing).shape == (0, 3)
    assert model.has_evidence(nothing).shape == (0,)


def test_numbers_of_topics_are_compared_on_any_counts(counts):
    model = TopicModel(passes=3)
    dense = choose_n_topics(counts.toarray(), [2, 3], model)
    assert dense.rows == choose_n_topics(counts, [2, 3], model).rows
    assert stability(counts.tocoo(), model).mean == stability(counts, model).mean


def test_a_refusal_does_not_show_the_whole_matrix():
    with pytest.raises(InputError) as caught:
        TopicModel(2).fit(np.ones((30, 40)) + 1j)
    assert str(caught.value) == "Complex data not supported"
