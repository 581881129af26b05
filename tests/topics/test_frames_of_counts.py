"""Data frames in, data frames out: names of columns are kept, and checked."""

import numpy as np
import pytest
from scipy import sparse

from research import InputError, TopicModel

pd = pytest.importorskip("pandas", reason="needs pandas: pip install -e '.[dev]'")

WORDS = [f"词{n}" for n in range(12)]


@pytest.fixture(scope="module")
def counts():
    rng = np.random.default_rng(0)
    topics = np.repeat(np.eye(3), 4, axis=1) / 4
    rows = [rng.multinomial(20, topics[n % 3] * 0.8 + 0.2 / 12) for n in range(60)]
    return np.array(rows)


@pytest.fixture(scope="module")
def frame(counts):
    days = pd.date_range("2023-01-01", periods=60)
    return pd.DataFrame(counts, index=days, columns=WORDS)


@pytest.fixture(scope="module")
def model(frame):
    return TopicModel(3, passes=10).fit(frame)


def test_names_of_columns_are_kept_and_change_no_byte(model, frame, counts):
    assert model.feature_names_in_.tolist() == WORDS
    plain = TopicModel(3, passes=10).fit(counts)
    assert plain.components_.tobytes() == model.components_.tobytes()
    assert not hasattr(plain, "feature_names_in_")
    assert plain.transform(counts).tobytes() == model.transform(frame).tobytes()


def test_columns_in_another_order_or_of_other_names_are_refused(model, frame):
    renamed = frame.rename(columns={"词3": "新"})
    for wrong, message in (
        (frame[WORDS[::-1]], "(?s)feature names should match.*same order"),
        (frame[WORDS[:-1]], "(?s)feature names should match.*missing.*词11"),
        (renamed, "(?s)feature names should match.*unseen at fit time.*新"),
        (frame.assign(新=1), "(?s)feature names should match.*unseen at fit time.*新"),
    ):
        for method in (model.transform, model.perplexity, model.score, model.has_evidence):
            with pytest.raises(InputError, match=message):
                method(wrong)


def test_columns_without_names_are_warned_of(model, counts):
    with pytest.warns(UserWarning, match="X does not have valid feature names"):
        model.transform(counts)


def test_a_frame_of_sparse_columns(model, frame, counts):
    columns = pd.DataFrame.sparse.from_spmatrix(sparse.csr_matrix(counts), columns=WORDS)
    assert model.transform(columns).tobytes() == model.transform(frame).tobytes()


def test_a_missing_value_is_refused(frame):
    missing = frame.astype(float)
    missing.iloc[3, 4] = None
    with pytest.raises(InputError, match="Input X contains NaN"):
        TopicModel(3).fit(missing)


def test_names_of_which_some_are_no_strings_are_refused(frame):
    mixed = frame.rename(columns={"词3": 3})
    with pytest.raises(TypeError, match="all input features have string names"):
        TopicModel(3).fit(mixed)


def test_shares_come_as_a_frame_where_asked_for(frame, counts):
    model = TopicModel(3, passes=10).set_output(transform="pandas").fit(frame)
    shares = model.transform(frame)
    assert shares.columns.tolist() == ["topic_0", "topic_1", "topic_2"]
    assert shares.index.equals(frame.index)
    plain = TopicModel(3, passes=10).fit(counts)
    assert shares.to_numpy().tobytes() == plain.transform(counts).tobytes()
    assert model.perplexity(frame) == plain.perplexity(counts)
    assert isinstance(model.fit_transform(frame), pd.DataFrame)
    model.partial_fit(frame)
    assert model.novelty_.documents.shape == (50,)


def test_names_of_input_are_checked(model):
    assert model.get_feature_names_out(WORDS).tolist() == ["topic_0", "topic_1", "topic_2"]
    with pytest.raises(InputError, match="input_features is not equal to feature_names_in_"):
        model.get_feature_names_out(WORDS[::-1])


def test_new_words_come_after_those_of_the_model(frame, counts):
    model = TopicModel(3, passes=10).fit(frame)
    with pytest.raises(InputError, match="keep the model's columns in their order"):
        model.partial_fit(frame[WORDS[::-1]].assign(新=1))
    with pytest.raises(InputError, match="12 columns with names; name the new words too"):
        model.partial_fit(np.hstack([counts, counts[:, :1]]))
    with pytest.raises(InputError, match="feature names should match"):
        model.partial_fit(frame[WORDS[::-1]])
    assert model.feature_names_in_.tolist() == WORDS
    model.partial_fit(frame.assign(新=1))
    assert model.feature_names_in_.tolist() == [*WORDS, "新"]
    assert model.transform(frame.assign(新=1)).shape == (60, 3)


def test_a_later_fit_takes_its_own_names(frame, counts):
    model = TopicModel(3, passes=2).fit(frame)
    assert not hasattr(model.fit(counts), "feature_names_in_")
    assert model.transform(counts).shape == (60, 3)
