"""Parameters of a topic model: wrong ones are refused in one line, later ones reach no array."""

import numpy as np
import pytest
from scipy import sparse

from research import InputError, TopicModel

WORDS = [f"词{n}" for n in range(12)]


@pytest.fixture(scope="module")
def counts():
    rng = np.random.default_rng(0)
    topics = np.repeat(np.eye(3), 4, axis=1) / 4
    rows = [rng.multinomial(20, topics[n % 3] * 0.8 + 0.2 / 12) for n in range(60)]
    return sparse.csr_matrix(np.array(rows))


def _fitted(counts):
    return TopicModel(3, passes=5).fit(counts)


WRONG = [
    ("n_topics", 0, "n_topics is 0; give a whole number, 1 or more"),
    ("n_topics", -4, "n_topics is -4; give a whole number"),
    ("n_topics", 2.5, "n_topics is 2.5; give a whole number"),
    ("n_topics", np.nan, "n_topics is nan; give a whole number"),
    ("n_topics", None, "n_topics is None; give a whole number"),
    ("n_topics", "3", "n_topics is '3'; give a whole number"),
    ("n_topics", True, "n_topics is True; give a whole number"),
    ("n_topics", [3], r"n_topics is \[3\]; give a whole number"),
    ("passes", -3, "passes is -3; give a whole number, 1 or more"),
    ("passes", 0, "passes is 0"),
    ("passes", np.inf, "passes is inf"),
    ("engine", "lda", "engine 'lda' is unknown; choose from cvb0, gensim"),
    ("engine", None, "engine None is unknown"),
    ("start", "nmf", "start 'nmf' is unknown; choose from factorised, consensus, random"),
    ("start", None, "start None is unknown"),
    ("start", 3, "start 3 is unknown"),
    ("start", ["a", "b"], "start is no array of numbers"),
    ("start", [[1.0, 2.0]], r"start has shape \(1, 2\); give 1 to 3 topics × the 12 words"),
    ("start", np.full((3, 12), np.nan), "numbers that are no counts"),
    ("start", np.full((3, 12), -1.0), "numbers that are no counts"),
    ("alpha", -1, "alpha has the value -1.0; a Dirichlet prior is above 0"),
    ("alpha", 0, "alpha has the value 0.0"),
    ("alpha", np.nan, "alpha has the value nan"),
    ("alpha", np.inf, "alpha has the value inf"),
    ("alpha", 1e-40, "alpha has the value 1e-40"),
    ("alpha", None, "alpha (is None|has the value nan)"),
    ("alpha", "auto", "alpha 'auto' is unknown"),
    ("alpha", {}, r"alpha is \{\}; give a number, 3 numbers"),
    ("alpha", [0.1, 0.1], "alpha has 2 values, and 3 are wanted"),
    ("alpha", [0.1, np.nan, 0.1], "alpha has the value nan"),
    ("alpha", ["a", "b", "c"], "alpha is .*; give a number, 3 numbers"),
    ("eta", -0.5, "eta has the value -0.5"),
    ("eta", [0.1] * 11, "eta has 11 values, and 12 are wanted"),
    ("eta", object(), "eta is .*; give a number, 12 numbers"),
    ("tolerance", np.nan, "tolerance is nan; give a number, 0 or more"),
    ("tolerance", -1e-3, "tolerance is -0.001"),
    ("tolerance", None, "tolerance is None"),
    ("tolerance", "1", "tolerance is '1'"),
    ("seeds", None, "seeds is None; give lists of columns, one per topic"),
    ("seeds", "词", "seeds is '词'"),
    ("seeds", 3, "seeds is 3"),
    ("seeds", [1, 2], "seeds hold 1; give lists of columns"),
    ("seeds", [["词"]], "seed word '词' is no column of X, which has 12"),
    ("seeds", [[12]], "seed word 12 is no column of X"),
    ("seeds", [[-1]], "seed word -1 is no column of X"),
    ("seeds", [[1.5]], "seed word 1.5 is no column of X"),
    ("seeds", [[1], [2], [3], [4]], "seeds for 4 topics but n_topics is 3"),
    ("seed_strength", -1, "seed_strength is -1; give a number, 0 or more"),
    ("seed_strength", np.nan, "seed_strength is nan"),
    ("random_state", -1, "random_state is -1; give a whole number, 0 or more"),
    ("random_state", None, "random_state is None; give a whole number"),
    ("random_state", 1.5, "random_state is 1.5"),
    ("random_state", 2**40, "random_state is 1099511627776; it is at most 4294967295"),
    ("n_jobs", 0, "n_jobs is 0; give a number of threads, or None"),
    ("n_jobs", 1.5, "n_jobs is 1.5; give a number of threads"),
    ("n_jobs", "2", "n_jobs is '2'; give a number of threads"),
]


@pytest.mark.parametrize(("name", "value", "message"), WRONG)
def test_a_wrong_parameter_is_refused_in_one_line(counts, name, value, message):
    model = TopicModel(3).set_params(**{name: value})
    with pytest.raises(InputError, match=message) as refusal:
        model.fit(counts)
    assert "\n" not in str(refusal.value)
    assert not hasattr(model, "components_")


@pytest.mark.parametrize("seeds", [None, "词", 3, [["词"]], [[12]]])
def test_wrong_seeds_are_refused_without_a_number_of_topics_too(counts, seeds):
    with pytest.raises(InputError, match="seed"):
        TopicModel("auto", seeds=seeds).fit(counts)


@pytest.mark.parametrize("name", ["alpha", "eta"])
def test_gensim_refuses_wrong_priors_in_the_same_words(counts, name):
    model = TopicModel(3, engine="gensim").set_params(**{name: -1.0})
    with pytest.raises(InputError, match=f"{name} has the value -1.0"):
        model.fit(counts)


def test_numbers_of_numpy_and_arrays_are_parameters_too(counts):
    plain = TopicModel(3, passes=5, seeds=[[1, 2]], alpha=[0.1, 0.2, 0.3]).fit(counts)
    model = TopicModel(
        np.int64(3),
        passes=np.int32(5),
        seeds=np.array([[1, 2]]),
        alpha=np.array([0.1, 0.2, 0.3]),
        tolerance=np.float64(2e-4),
        n_jobs=-1,
    )
    assert model.fit(counts).components_.tobytes() == plain.components_.tobytes()
    start = plain.components_
    given = TopicModel(3, passes=5, start=start).fit(counts)
    lists = TopicModel(3, passes=5, start=start.tolist()).fit(counts)
    assert np.allclose(given.components_, lists.components_, rtol=1e-4)


LATER = [
    {"n_topics": 500},
    {"n_topics": 1},
    {"n_topics": "many"},
    {"alpha": [0.1]},
    {"alpha": np.nan},
    {"eta": [0.1, 0.2]},
    {"engine": "gensim"},
    {"passes": -1},
    {"start": np.ones((2, 5))},
    {"start": "none"},
    {"seeds": [[4000]]},
    {"seed_strength": np.nan},
    {"random_state": 9},
    {"n_jobs": 2},
]


@pytest.mark.parametrize("parameters", LATER, ids=str)
def test_parameters_set_later_change_nothing_that_is_fitted(counts, parameters):
    model, expected = _fitted(counts), _fitted(counts)
    model.set_params(**parameters)
    assert model.transform(counts).tobytes() == expected.transform(counts).tobytes()
    assert model.perplexity(counts) == expected.perplexity(counts)
    assert model.score(counts) == expected.score(counts)
    assert model.has_evidence(counts).all()
    assert model.topic_word_.tobytes() == expected.topic_word_.tobytes()
    assert model.top_words(WORDS) == expected.top_words(WORDS)
    assert model.get_feature_names_out().tolist() == ["topic_0", "topic_1", "topic_2"]
    facts, arrays = model.state()
    assert facts["n_topics"] == 3
    again = TopicModel.from_state(facts, arrays)
    assert again.transform(counts).tobytes() == expected.transform(counts).tobytes()
    for fitted in (model, expected):
        fitted.reorder([2, 0, 1])
    assert model.components_.tobytes() == expected.components_.tobytes()
    assert np.allclose(model.to_gensim(WORDS).get_topics(), model.topic_word_, atol=1e-6)


@pytest.mark.parametrize("parameters", LATER[:-2], ids=str)
def test_parameters_set_later_do_not_change_what_new_documents_teach(counts, parameters):
    model, expected = _fitted(counts), _fitted(counts)
    new = sparse.hstack([counts[:20], counts[:20, :2]], "csr")
    model.set_params(**parameters).partial_fit(new)
    expected.partial_fit(new)
    assert model.components_.shape == (3, 14)
    assert model.components_.tobytes() == expected.components_.tobytes()
    assert model.novelty_.words.tolist() == expected.novelty_.words.tolist()
    assert model.n_features_in_ == 14


@pytest.mark.parametrize(
    "parameters", [{"tolerance": np.nan}, {"random_state": -1}, {"n_jobs": 0}], ids=str
)
def test_new_documents_need_right_values_of_the_parameters_in_use(counts, parameters):
    model = _fitted(counts).set_params(**parameters)
    with pytest.raises(InputError, match=next(iter(parameters))):
        model.partial_fit(counts)


def test_a_later_fit_uses_the_parameters_of_its_time(counts):
    model = _fitted(counts)
    model.set_params(n_topics=5, alpha=0.2).fit(counts)
    assert model.components_.shape == (5, 12) and model.transform(counts).shape == (60, 5)
    assert np.allclose(model.alpha_, 0.2)
    model.partial_fit(counts)
    model.n_topics = 2
    model.fit(counts[:, :7])
    assert model.components_.shape == (2, 7) and model.n_features_in_ == 7
    assert not hasattr(model, "novelty_")


def test_a_refused_fit_leaves_the_model_as_it_was(counts):
    model = _fitted(counts)
    before = model.transform(counts).tobytes()
    with pytest.raises(InputError):
        model.set_params(n_topics=0).fit(counts[:, :5])
    with pytest.raises(InputError):
        model.set_params(n_topics=3).fit(-counts[:, :5])
    assert model.n_features_in_ == 12
    assert model.transform(counts).tobytes() == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("alpha_", np.ones(2, np.float32)),
        ("alpha_", np.ones((3, 3), np.float32)),
        ("alpha_", np.float32(1)),
        ("components_", np.ones((3, 5), np.float32)),
        ("components_", np.ones((7, 12), np.float32)),
        ("components_", np.ones(36, np.float32)),
        ("eta_", np.ones(3, np.float32)),
        ("n_features_in_", 40),
        ("n_features_in_", 4),
    ],
)
def test_fitted_arrays_that_do_not_fit_each_other_are_refused(counts, name, value):
    model = _fitted(counts)
    setattr(model, name, value)
    for method in (model.transform, model.perplexity, model.partial_fit, model.has_evidence):
        with pytest.raises(InputError, match="do not fit each other; fit the model again"):
            method(counts)
    with pytest.raises(InputError, match="do not fit each other"):
        model.top_words(WORDS)
    with pytest.raises(InputError, match="do not fit each other"):
        model.reorder([0, 1, 2])
    assert model.fit(counts).transform(counts).shape == (60, 3)


def test_fitted_arrays_of_other_types_work(counts):
    model, expected = _fitted(counts), _fitted(counts)
    model.components_ = np.asfortranarray(model.components_.astype(np.float64))
    model.alpha_ = model.alpha_.astype(np.float64)
    assert np.allclose(model.transform(counts), expected.transform(counts), atol=1e-6)
    assert np.isfinite(model.partial_fit(counts).components_).all()


def test_an_order_names_each_topic_once(counts):
    model = _fitted(counts)
    for order in ([0, 1], [0, 1, 1], [0, 1, 3], [0, 1, 2, 3], [-1, 0, 1]):
        with pytest.raises(InputError, match="must name each of the 3 topics once"):
            model.reorder(order)
