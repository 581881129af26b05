import numpy as np
import pytest
from conftest import PROJECT
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import cross_val_score

from research import InputError, SectionClassifier, read_corpus
from research.config import FeatureConfig

ARTICLES = read_corpus(PROJECT / "data/articles.jsonl")
LABELS = [article.section for article in ARTICLES]
FEATURES = [FeatureConfig(kind="char-tfidf", ngrams=(1, 2), min_df=2), FeatureConfig(kind="hashing", field="headline")]


@pytest.mark.parametrize("kind", ["svm", "logistic", "bayes"])
def test_every_kind_learns_the_sample_and_gives_probabilities(kind):
    model = SectionClassifier(FEATURES, kind=kind).fit(ARTICLES[::2], LABELS[::2])
    proba = model.predict_proba(ARTICLES[1::2])
    assert sorted(model.classes_) == sorted({"政务", "环保", "招商", "民生", "其他"})
    assert np.allclose(proba.sum(axis=1), 1) and (proba >= 0).all()
    assert (model.classes_[proba.argmax(axis=1)] == model.predict(ARTICLES[1::2])).all()
    # Five sections: chance is 0.2.
    assert np.mean(model.predict(ARTICLES[1::2]) == np.array(LABELS[1::2])) > 0.5


@pytest.mark.parametrize("kind", ["svm", "logistic", "bayes"])
def test_two_sections_work_as_five_do(kind):
    pairs = [(article.text, label) for article, label in zip(ARTICLES, LABELS, strict=True) if label in ("招商", "环保")]
    texts, labels = map(list, zip(*pairs, strict=True))
    model = SectionClassifier(FEATURES, kind=kind).fit(texts, labels)
    assert model.predict_proba(texts).shape == (len(texts), 2)
    assert np.mean(model.predict(texts) == np.array(labels)) > 0.9


def test_it_follows_scikit_learns_rules():
    model = SectionClassifier(FEATURES, C=0.5)
    assert clone(model).get_params() == model.get_params()
    with pytest.raises(NotFittedError):
        model.predict(["文本"])
    scores = cross_val_score(model, np.array(ARTICLES, dtype=object), np.array(LABELS), cv=3)
    assert scores.mean() > 0.5


def test_probabilities_are_no_surer_than_they_are_right():
    """A margin is no probability: the temperature must bring the mean confidence near the share that is right."""
    half = len(ARTICLES) // 2
    order = np.random.default_rng(0).permutation(len(ARTICLES))
    train, test = order[:half], order[half:]
    model = SectionClassifier().fit([ARTICLES[i] for i in train], [LABELS[i] for i in train])
    proba = model.predict_proba([ARTICLES[i] for i in test])
    right = np.mean(model.classes_[proba.argmax(axis=1)] == np.array([LABELS[i] for i in test]))
    assert abs(proba.max(axis=1).mean() - right) < 0.2


def test_state_brings_back_the_same_numbers():
    model = SectionClassifier(FEATURES).fit(ARTICLES, LABELS)
    again = SectionClassifier.from_state(*model.state())
    assert np.allclose(again.predict_proba(ARTICLES), model.predict_proba(ARTICLES), atol=1e-6)


def test_wrong_inputs_say_both_values():
    with pytest.raises(InputError, match="2 texts but 1 sections"):
        SectionClassifier().fit(["一", "二"], ["政务"])
    with pytest.raises(InputError, match="at least two sections"):
        SectionClassifier().fit(["一", "二"], ["政务", "政务"])
