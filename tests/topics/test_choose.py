import logging

import numpy as np
import pytest
from scipy import sparse

from research import InputError, TopicModel, choose_n_topics, most_topics, stability
from research.topics.search import _best, _lowest, overlap_beyond_chance


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
    assert choose_n_topics(corpus, np.array([2, 5])).n_topics == 5
    for candidates in ([], [1, 5], "many", 5, [2.5, 4], ["2", 4], ["auto"], [np.nan]):
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


def test_topics_of_single_documents_are_not_recommended():
    """Words drawn anew for each document: a topic per document is coherent on its own corpus."""
    rng = np.random.default_rng(0)
    rows = [rng.multinomial(150, rng.dirichlet(np.full(400, 0.05))) for _ in range(50)]
    choice = choose_n_topics(sparse.csr_matrix(np.array(rows)), [2, 5, 10, 20, 40])
    assert choice.n_topics == 2 and choice.rows[-1]["stability"] < 0.1
    noise = sparse.csr_matrix(rng.multinomial(60, np.ones(200) / 200, 60))
    only_too_many = choose_n_topics(noise, [20, 30])
    assert only_too_many.n_topics == 20 and "take 3 at most" in only_too_many.reason


def test_auto_finds_the_numbers_to_try_and_stops_where_they_get_no_better(corpus):
    choice = choose_n_topics(corpus, "auto", TopicModel(random_state=1))
    tried = [row["n_topics"] for row in choice.rows]
    assert choice.n_topics in (4, 6) and tried == [2, 3, 4, 6, 8, 11, 16][: len(tried)]
    model = TopicModel("auto", random_state=1, passes=10).fit(corpus)
    assert len(model.components_) == model.choice_.n_topics in (4, 6)
    assert model.n_topics == "auto" and model.transform(corpus).shape[1] == model.choice_.n_topics
    assert TopicModel.from_state(*model.state()).n_topics == model.choice_.n_topics
    assert not hasattr(model.set_params(n_topics=3).fit(corpus), "choice_")
    seeded = choose_n_topics(corpus, "auto", TopicModel(seeds=[[0], [12], [24]]))
    assert seeded.rows[0]["n_topics"] == 3


def test_overlap_of_chance_is_zero():
    rng = np.random.default_rng(0)
    words = np.arange(200).reshape(10, 20)
    dealt = rng.permutation(words.ravel()).reshape(words.shape)
    assert overlap_beyond_chance(words, words) == 1
    assert abs(overlap_beyond_chance(words, dealt)) < 0.05


def test_a_corpus_has_room_for_a_topic_per_ten_documents_and_a_thousand_words():
    def room(n_documents, n_words, value=1):
        X = np.zeros((n_documents, 300))
        X[:, :n_words] = value
        return most_topics(X)

    assert room(50, 300, 100) == 5  # However long the documents are.
    assert room(1000, 5) == 5  # Headlines.
    assert room(1000, 100, 0.01) == 100  # Weights: a thousand documents of a hundred words.
    assert room(8, 300) == 2
    assert most_topics(np.vstack([np.ones((40, 300)), np.zeros((100, 300))])) == 4


def test_too_many_topics_are_warned_of_once(corpus, caplog):
    few = corpus[:60]
    with caplog.at_level(logging.WARNING):
        TopicModel(3, passes=2).fit(few)
        choose_n_topics(few, [2, 30])
        assert not caplog.messages
        fitted = TopicModel(30, passes=2).fit(few)
        stability(few, fitted)
        assert len(caplog.messages) == 1 and "take 3 at most" in caplog.messages[0]
        stability(few, TopicModel(30, passes=2))
    assert len(caplog.messages) == 2


def test_what_cannot_be_chosen_for_is_refused(corpus):
    for X in (corpus[:3], sparse.vstack([corpus[:3], sparse.csr_matrix((9, 60))], "csr")):
        with pytest.raises(InputError, match="3 documents with words"):
            choose_n_topics(X)
    with pytest.raises(InputError, match="alpha is one number per topic"):
        TopicModel("auto", alpha=[0.1, 0.2]).fit(corpus)
    with pytest.raises(InputError, match="need n_topics as a number"):
        TopicModel("auto", start=np.ones((2, 60))).fit(corpus)
    with pytest.raises(InputError, match="n_topics is 'best'"):
        TopicModel("best").fit(corpus)


def test_a_step_that_gains_little_does_not_end_the_search():
    """Each number is hardly better than the one before: the search goes on, the smallest near wins."""
    rows = [(2, 3000), (3, 2600), (4, 2440), (6, 2121), (8, 2028), (11, 1892)]
    measured = [{"n_topics": n, "perplexity": p, "coherence_npmi": 0.2} for n, p in rows]
    assert _lowest(measured, most=100) == 5 and _best(measured, most=100) == 3
    assert _lowest(measured, most=8) == _best(measured, most=8) == 3
    assert _best(measured, most=1) == 0


def test_passages_of_one_article_stay_in_one_half():
    """Fifty articles of ten passages: what an article's passages share is no topic of the corpus."""
    rng = np.random.default_rng(0)
    rows = [rng.multinomial(60, rng.dirichlet(np.full(400, 0.05)), 10) for _ in range(50)]
    X, articles = sparse.csr_matrix(np.vstack(rows)), np.repeat(np.arange(50), 10)
    assert choose_n_topics(X, [2, 20, 40]).n_topics > 2
    assert choose_n_topics(X, [2, 20, 40], groups=articles).n_topics == 2
    assert (most_topics(X), most_topics(X, articles)) == (30, 5)
    with pytest.raises(InputError, match="groups have shape"):
        choose_n_topics(X, "auto", groups=articles[:9])
