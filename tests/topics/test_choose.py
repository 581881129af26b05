import numpy as np
import pytest
from scipy import sparse

from research import InputError, TopicModel, choose_n_topics, stability


@pytest.fixture(scope="module")
def corpus():
    """Documents of five topics of twelve words each, one or two to a document."""
    rng = np.random.default_rng(1)
    topics = np.kron(np.eye(5), rng.dirichlet(np.full(12, 3.0)))
    shares = rng.dirichlet(np.full(5, 0.1), 400)
    return sparse.csr_matrix(np.array([rng.multinomial(60, row @ topics) for row in shares]))


def test_the_number_that_the_corpus_was_drawn_with_is_recommended(corpus):
    choice = choose_n_topics(corpus, [2, 5, 12], TopicModel(random_state=1))
    assert choice.n_topics == 5
    assert [row["n_topics"] for row in choice.rows] == [2, 5, 12]
    assert choice.rows[1]["perplexity"] < choice.rows[0]["perplexity"]
    assert choice.reason.startswith("5 topics balance best") and all(
        np.isfinite(list(row.values())).all() for row in choice.rows
    )


def test_clear_topics_are_stable_and_too_many_are_not(corpus):
    right, many = stability(corpus, TopicModel(5)), stability(corpus, TopicModel(15))
    assert right.mean > 0.45 and right.topics.shape == (
        5,
    )  # Words past the twelfth of a topic are chance.
    assert many.mean < right.mean


def test_stability_is_measured_on_other_documents_and_seeds_each_time(corpus):
    assert stability(corpus, TopicModel(12, start="random", passes=3)).mean < 0.9
    assert stability(corpus, TopicModel(5)).mean == stability(corpus, TopicModel(5)).mean


def test_candidates_must_be_numbers_of_topics(corpus):
    for candidates in ([], [1, 5]):
        with pytest.raises(InputError, match="from 2 upwards"):
            choose_n_topics(corpus, candidates)


def test_a_fitted_models_own_topics_get_their_own_figures(corpus):
    """Whatever their numbers: the figures follow when the topics change places."""
    model = TopicModel(5).fit(corpus)
    before = stability(corpus, model)
    after = stability(corpus, model.reorder([4, 2, 0, 1, 3]))
    assert (
        after.topics == pytest.approx(before.topics[[4, 2, 0, 1, 3]]) and after.mean == before.mean
    )
