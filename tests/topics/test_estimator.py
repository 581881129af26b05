"""TopicModel keeps the rules of scikit-learn: its checks, names of columns, output, score."""

import pickle

import numpy as np
import pytest
from scipy import sparse
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler
from sklearn.utils import get_tags
from sklearn.utils.estimator_checks import estimator_checks_generator

from research import InputError, TopicModel

# Checks that are expected to fail, by name, each with its reason.
EXPECTED_FAILURES: dict[str, str] = {}


@pytest.fixture(scope="module")
def counts():
    rng = np.random.default_rng(0)
    topics = np.repeat(np.eye(3), 4, axis=1) / 4
    rows = [rng.multinomial(20, topics[n % 3]) for n in range(60)]
    return sparse.csr_matrix(np.array(rows))


@pytest.fixture(scope="module")
def model(counts):
    return TopicModel(3, passes=10).fit(counts)


def _checks():
    model = TopicModel(2, passes=5, n_jobs=1)
    return [
        pytest.param(estimator, check, id=_name_of(check))
        for estimator, check in estimator_checks_generator(
            model, expected_failed_checks=EXPECTED_FAILURES, mark="xfail"
        )
    ]


def _name_of(check):
    return getattr(check, "func", check).__name__


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
@pytest.mark.parametrize(("estimator", "check"), _checks())
def test_scikit_learns_check(estimator, check):
    check(estimator)  # Skips, with the reason, where it needs pandas or polars.


def test_tags(model):
    tags = get_tags(model)
    assert tags.input_tags.sparse and tags.input_tags.positive_only
    assert not tags.input_tags.allow_nan


def test_score_is_minus_the_log_of_perplexity(model, counts):
    assert model.score(counts) == pytest.approx(-np.log(model.perplexity(counts)))
    worse = TopicModel(3, passes=1, start="random").fit(counts)
    assert worse.score(counts) < model.score(counts)
    assert model.score(counts, y=np.zeros(60)) == model.score(counts)


def test_a_search_uses_the_score(counts):
    search = GridSearchCV(TopicModel(passes=5), {"n_topics": [1, 3]}, cv=2)
    assert search.fit(counts).best_params_ == {"n_topics": 3}


def test_a_pipeline_with_weights(counts):
    pipeline = make_pipeline(MaxAbsScaler(), TopicModel(3, passes=5))
    assert pipeline.fit_transform(counts).shape == (60, 3)
    assert list(pipeline.get_feature_names_out()) == ["topic_0", "topic_1", "topic_2"]


def test_names_of_topics(model):
    assert model.get_feature_names_out().tolist() == ["topic_0", "topic_1", "topic_2"]
    assert model.get_feature_names_out().dtype == object
    with pytest.raises(NotFittedError):
        TopicModel(3).get_feature_names_out()
    with pytest.raises(InputError, match="should have length equal to number of features"):
        model.get_feature_names_out(["一", "二"])


def test_a_copy_through_pickle_gives_the_same_bytes(model, counts):
    again = pickle.loads(pickle.dumps(model))
    assert again.transform(counts).tobytes() == model.transform(counts).tobytes()


def test_a_copy_is_not_fitted_and_fits_the_same(model, counts):
    copy = clone(model)
    assert not hasattr(copy, "components_")
    assert copy.fit(counts).components_.tobytes() == model.components_.tobytes()
