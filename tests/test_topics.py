import numpy as np
import pytest
from scipy import sparse
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from research import InputError, TopicModel, shares_over_time

WORDS = [f"词{n}" for n in range(30)]


@pytest.fixture(scope="module")
def counts():
    """Ninety documents, each of one of three topics of ten words."""
    rng = np.random.default_rng(0)
    rows = [rng.multinomial(40, np.repeat(np.eye(3)[n % 3], 10) / 10) for n in range(90)]
    return sparse.csr_matrix(np.array(rows))


@pytest.fixture(scope="module")
def model(counts):
    return TopicModel(3, alpha=0.1, eta=0.1, passes=20, random_state=1).fit(counts)


def test_topics_of_the_data_are_found(model, counts):
    found = {frozenset(words) for words in model.top_words(WORDS, 10)}
    assert found == {frozenset(WORDS[start : start + 10]) for start in (0, 10, 20)}
    shares = model.transform(counts)
    assert shares.shape == (90, 3) and np.allclose(shares.sum(axis=1), 1)
    assert len({tuple(shares[n::3].argmax(axis=1)) for n in range(3)}) == 3
    assert (shares.max(axis=1) > 0.9).all()


def test_rows_of_topic_word_sum_to_one_and_topics_fall_in_size(model):
    assert model.topic_word_.shape == (3, 30)
    assert np.allclose(model.topic_word_.sum(axis=1), 1)
    sizes = model.components_.sum(axis=1)
    assert (np.diff(sizes) <= 0).all()


def test_same_data_and_seed_same_bytes(model, counts):
    again = TopicModel(3, alpha=0.1, eta=0.1, passes=20, random_state=1).fit(counts)
    assert again.components_.tobytes() == model.components_.tobytes()
    assert again.transform(counts).tobytes() == model.transform(counts).tobytes()
    other = TopicModel(3, alpha=0.1, eta=0.1, passes=20, random_state=2).fit(counts)
    assert other.components_.tobytes() != model.components_.tobytes()


def test_a_documents_shares_do_not_depend_on_its_neighbours(model, counts):
    assert np.allclose(model.transform(counts[7:8])[0], model.transform(counts)[7], atol=1e-4)


def test_gensim_model_has_the_same_topics_under_the_same_numbers(model):
    lda = model.to_gensim(WORDS)
    assert np.allclose(lda.get_topics(), model.topic_word_, atol=1e-6)
    assert [[word for word, _ in lda.show_topic(k, 5)] for k in range(3)] == model.top_words(WORDS, 5)
    assert lda[[(0, 5), (1, 5)]]


def test_state_brings_back_the_same_model(model, counts):
    again = TopicModel.from_state(*model.state())
    assert again.transform(counts).tobytes() == model.transform(counts).tobytes()


def test_empty_documents_get_the_prior(model):
    assert np.allclose(model.transform(sparse.csr_matrix((2, 30))), 1 / 3)


def test_progress_reaches_its_end(counts):
    seen = []
    TopicModel(3, passes=4).fit(counts, progress=lambda stage, done, total: seen.append((stage, done, total)))
    assert seen[-1] == ("topics", 360, 360)


def test_wrong_inputs_are_refused(model, counts):
    with pytest.raises(NotFittedError):
        clone(model).transform(counts)
    with pytest.raises(InputError, match="29 words but the model was fitted on 30"):
        model.transform(counts[:, :29])
    with pytest.raises(InputError, match="negative"):
        TopicModel(2).fit(-counts)
    with pytest.raises(InputError, match="holds no word"):
        TopicModel(2).fit(sparse.csr_matrix((3, 4)))
    with pytest.raises(InputError, match="2 words but the model 30"):
        model.top_words(["一", "二"])


def test_shares_are_means_by_calendar_month_with_gaps():
    shares = np.array([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]])
    table = shares_over_time(shares, ["2023-11-02", "2023-11-30", "2024-02-01"], "month")
    assert table.periods == ("2023-11", "2023-12", "2024-01", "2024-02")
    assert table.counts.tolist() == [2, 0, 0, 1]
    assert table.shares[0].tolist() == [0.75, 0.25] and np.isnan(table.shares[1]).all()
    assert list(table.rows())[2] == ["2023-12", "0", "", ""]
    assert shares_over_time(shares, ["1998", "2001", "2001-05"], "year").counts.tolist() == [1, 0, 0, 2]


def test_a_date_too_coarse_for_months_says_what_to_set():
    with pytest.raises(InputError, match='= "year"'):
        shares_over_time(np.ones((1, 1)), ["1998"], "month")
