"""What a user of scikit-learn types first: plain strings, arrays, columns, and slips."""

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import SkipTestWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import cross_val_predict
from sklearn.utils.estimator_checks import check_estimator

from research import Article, ArticleFeatures, InputError, SectionClassifier, Segmenter

TEXTS = ["市委召开会议研究工作", "市长调研政务服务", "河水变清鱼儿洄游", "空气质量持续好转"] * 3
LABELS = ["政务", "政务", "环保", "环保"] * 3


@pytest.fixture(scope="module")
def fitted():
    return SectionClassifier().fit(TEXTS, LABELS)


@pytest.mark.parametrize(
    "collection",
    [list, tuple, iter, np.array, lambda x: np.array(x, dtype=object), pd.Series, pd.Index],
)
def test_plain_strings_fit_and_predict(collection, fitted):
    model = SectionClassifier().fit(collection(TEXTS), collection(LABELS))
    assert model.predict(collection(TEXTS)).tolist() == LABELS
    assert (model.predict_proba(TEXTS) == fitted.predict_proba(TEXTS)).all()


def test_two_texts_are_enough():
    assert SectionClassifier().fit(["河水变清", "市委开会"], ["环保", "政务"]).predict(["河水"])


def test_headlines_count_where_there_are_some():
    articles = [Article(headline=text, paragraphs=(text,)) for text in TEXTS]
    with_headlines = SectionClassifier().fit(articles, LABELS).get_feature_names_out()
    without = SectionClassifier().fit(TEXTS, LABELS).get_feature_names_out()
    assert any(name.startswith("headline:") for name in with_headlines)
    assert not any(name.startswith("headline:") for name in without)


def test_whole_numbers_are_labels():
    model = SectionClassifier().fit(TEXTS, [0, 0, 1, 1] * 3)
    assert model.predict(TEXTS[:4]).tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("市委开会", "texts is one str, not a list"),
        (b"x", "texts is one bytes"),
        (Article(headline="市委开会"), "texts is one Article"),
        (pd.DataFrame({"标题": ["a"], "正文": ["b"]}), r"columns \('标题', '正文'\)"),
        (np.array([["a"], ["b"]]), r"shape \(2, 1\)"),
        (None, "texts is None"),
        (7, "texts is 7"),
        ({"市委开会": 1}, "texts is a dict"),
        ({"市委开会"}, "texts is a set"),
        (["a", None], r"texts\[1\] is None"),
        (pd.Series(["a", float("nan")]), r"texts\[1\] is nan"),
        ([1, 2, 3, 4, 5], r"texts\[2\] is 3 and 2 more"),
        ([["市委", "开会"]], r"texts\[0\] is \['市委', '开会'\]"),
    ],
)
def test_what_is_no_list_of_texts_is_refused(texts, message, fitted):
    with pytest.raises(InputError, match=message):
        fitted.predict(texts)
    with pytest.raises(InputError, match=message):
        SectionClassifier().fit(texts, LABELS)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (None, "one NoneType"),
        ("政务", "one str"),
        (LABELS[:3], "12 texts but 3 sections"),
        ([*LABELS[:11], None], r"1 of 12 labels .* sections\[11\] is None"),
        ([float("nan"), *LABELS[1:]], r"sections\[0\] is nan"),
        ([0.5, *LABELS[1:]], r"sections\[0\] is 0.5"),
        ([1, *LABELS[1:]], "11 labels are texts and 1 are numbers"),
        (["政务"] * 12, "all 12 texts have the section '政务'"),
        (pd.DataFrame({"section": LABELS}), "data frame"),
    ],
)
def test_what_is_no_list_of_labels_is_refused(labels, message):
    with pytest.raises(InputError, match=message):
        SectionClassifier().fit(TEXTS, labels)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"kind": "nbsvm"}, "kind: 'nbsvm' should be 'svm', 'logistic', 'bayes' or 'nb-svm'"),
        ({"kind": None}, "kind"),
        ({"C": 0}, "C: 0 should be greater than 0"),
        ({"C": float("nan")}, "C: nan"),
        ({"precision": 1.5}, "precision: 1.5"),
        ({"segmenter": "jieba"}, "segmenter is 'jieba'"),
        ({"features": "char-tfidf"}, "features is one str"),
        ({"features": {"kind": "char-tfidf"}}, "features is one dict"),
        ({"features": []}, "features is empty"),
        ({"features": ["char-tfidf"]}, r"features\[0\] is 'char-tfidf'"),
        ({"features": [{"kind": "chars"}]}, r"features\[0\]: kind: 'chars'"),
        ({"features": [{"kind": "char-tfidf", "field": "headline"}]}, "none of the 12 texts"),
    ],
)
def test_wrong_parameters_are_named(parameters, message):
    with pytest.raises(InputError, match=message):
        SectionClassifier(**parameters).fit(TEXTS, LABELS)


def test_all_wrong_parameters_are_named_at_once():
    with pytest.raises(InputError, match=r"(?s)kind.*C.*precision"):
        SectionClassifier(kind="nbsvm", C=-1, precision=0).fit(TEXTS, LABELS)


def test_blocks_may_be_plain_tables():
    features = [{"kind": "char-tfidf", "ngrams": [1, 2]}]
    model = SectionClassifier(features).fit(TEXTS, LABELS)
    assert clone(model).fit(TEXTS, LABELS).predict(TEXTS[:1]) == ["政务"]


def test_explain_takes_one_text(fitted):
    with pytest.raises(InputError, match="explain one str or Article"):
        fitted.explain(TEXTS)


def test_a_classifier_pickles(fitted):
    copy = pickle.loads(pickle.dumps(fitted))
    assert (copy.predict_proba(TEXTS) == fitted.predict_proba(TEXTS)).all()
    assert copy.explain(TEXTS[0]).words == fitted.explain(TEXTS[0]).words


def test_a_segmenter_pickles_and_is_an_analyzer():
    segmenter = Segmenter(min_length=2, latin=False)
    copy = pickle.loads(pickle.dumps(segmenter))
    assert copy.state() == segmenter.state()
    vectorizer = TfidfVectorizer(analyzer=copy).fit(TEXTS)
    assert "空气质量" in vectorizer.vocabulary_


def test_cross_validation_works_in_processes():
    model = SectionClassifier([{"kind": "char-tfidf"}], calibrate=False)
    predicted = cross_val_predict(model, TEXTS, LABELS, cv=2, n_jobs=2)
    assert np.mean(predicted == LABELS) > 0.9


@pytest.mark.parametrize("estimator", [SectionClassifier(), ArticleFeatures()])
def test_scikit_learn_checks_what_takes_texts(estimator):
    """Its checks of values make arrays of numbers; an estimator that takes texts is left at that."""
    with pytest.warns(SkipTestWarning, match="string=True"):
        check_estimator(estimator)
