import numpy as np
import pytest
from conftest import PROJECT
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import cross_val_score

from research import Article, InputError, SectionClassifier, Segmenter, read_corpus
from research.config import FeatureConfig

ARTICLES = read_corpus(PROJECT / "data/articles.jsonl")
LABELS = [article.section for article in ARTICLES]
FEATURES = [
    FeatureConfig(kind="char-tfidf", ngrams=(1, 2), min_df=2),
    FeatureConfig(kind="hashing", field="headline"),
]


@pytest.mark.parametrize("kind", ["svm", "logistic", "bayes", "nb-svm"])
def test_every_kind_learns_the_sample_and_gives_probabilities(kind):
    model = SectionClassifier(FEATURES, kind=kind).fit(ARTICLES[::2], LABELS[::2])
    proba = model.predict_proba(ARTICLES[1::2])
    assert sorted(model.classes_) == sorted({"政务", "环保", "招商", "民生", "其他"})
    assert np.allclose(proba.sum(axis=1), 1) and (proba >= 0).all()
    assert (model.classes_[proba.argmax(axis=1)] == model.predict(ARTICLES[1::2])).all()
    # Five sections: chance is 0.2.
    assert np.mean(model.predict(ARTICLES[1::2]) == np.array(LABELS[1::2])) > 0.5


@pytest.mark.parametrize("kind", ["svm", "logistic", "bayes", "nb-svm"])
def test_two_sections_work_as_five_do(kind):
    pairs = [
        (article.text, label)
        for article, label in zip(ARTICLES, LABELS, strict=True)
        if label in ("招商", "环保")
    ]
    texts, labels = map(list, zip(*pairs, strict=True))
    model = SectionClassifier(FEATURES, kind=kind).fit(texts, labels)
    assert model.predict_proba(texts).shape == (len(texts), 2)
    assert np.mean(model.predict(texts) == np.array(labels)) > 0.9


def test_it_follows_scikit_learns_rules():
    model = SectionClassifier(FEATURES, Segmenter(), C=0.5)
    assert clone(model).get_params() == model.get_params()
    with pytest.raises(NotFittedError):
        model.predict(["文本"])
    scores = cross_val_score(model, np.array(ARTICLES, dtype=object), np.array(LABELS), cv=3)
    assert scores.mean() > 0.5


def test_probabilities_are_no_surer_than_they_are_right():
    """The temperature must bring the mean confidence near the share that is right."""
    half = len(ARTICLES) // 2
    order = np.random.default_rng(0).permutation(len(ARTICLES))
    train, test = order[:half], order[half:]
    model = SectionClassifier().fit([ARTICLES[i] for i in train], [LABELS[i] for i in train])
    proba = model.predict_proba([ARTICLES[i] for i in test])
    right = np.mean(model.classes_[proba.argmax(axis=1)] == np.array([LABELS[i] for i in test]))
    assert abs(proba.max(axis=1).mean() - right) < 0.2


def test_labels_called_sure_are_right_as_often_as_asked():
    """On articles never seen; more precision, fewer labels."""
    train, test = ARTICLES[::2], ARTICLES[1::2]
    truth = np.array(LABELS[1::2])
    shares = []
    for precision in (0.9, 0.99):
        model = SectionClassifier(precision=precision).fit(train, LABELS[::2])
        predicted = model.predict(test, otherwise="")
        assert np.mean(predicted[predicted != ""] == truth[predicted != ""]) > precision - 0.03
        assert (predicted == model.predict(test))[predicted != ""].all()
        shares.append(np.mean(predicted != ""))
    assert shares[0] > shares[1] > 0.3


def test_a_precision_never_reached_makes_nothing_sure():
    texts = ["甲乙丙丁", "甲乙丙戊", "甲乙丙己", "甲乙丙庚", "甲乙丙辛", "甲乙丙壬"]
    model = SectionClassifier([FeatureConfig(kind="char-tfidf")], precision=1.0).fit(
        texts, ["政务", "环保", "招商"] * 2
    )
    assert model.predict(texts, otherwise="其他").tolist() == ["其他"] * 6


@pytest.mark.parametrize("kind", ["svm", "logistic", "bayes", "nb-svm"])
def test_a_text_of_weight_two_counts_as_two(kind):
    texts, labels = [article.text for article in ARTICLES[:60]], LABELS[:60]
    features = [
        FeatureConfig(kind="hashing", max_features=2**12)
    ]  # no vocabulary or idf that doubled texts would change
    doubled = SectionClassifier(features, kind=kind).fit(texts * 2, labels * 2)
    weighted = SectionClassifier(features, kind=kind).fit(texts, labels, [2.0] * 60)
    uneven = SectionClassifier(features, kind=kind).fit(texts, labels, [1.0] * 30 + [5.0] * 30)
    hundredth = 0.01 * np.abs(doubled.coef_).max()
    assert np.allclose(doubled.coef_, weighted.coef_, atol=hundredth, rtol=0)
    assert not np.allclose(doubled.coef_, uneven.coef_, atol=5 * hundredth, rtol=0)
    with pytest.raises(InputError, match="60 texts but 2 weights"):
        SectionClassifier(features, kind=kind).fit(texts, labels, [1.0, 2.0])
    with pytest.raises(InputError, match="weight above 0"):
        SectionClassifier(features, kind=kind).fit(texts, labels, [0.0] * 60)


def test_two_sections_where_two_fit():
    model = SectionClassifier(FEATURES).fit(ARTICLES, LABELS)
    labels = model.predict_sections(ARTICLES)
    assert [sections[0] for sections in labels] == model.predict(ARTICLES).tolist()
    assert all(len(set(sections)) == len(sections) <= 2 for sections in labels)
    assert all(len(sections) == 1 for sections in model.predict_sections(ARTICLES, at_least=0.6))


@pytest.mark.parametrize(
    "blocks",
    [
        [FeatureConfig(kind="char-tfidf", ngrams=(1, 3), min_df=2)],
        [
            FeatureConfig(kind="word-tfidf", ngrams=(1, 2), min_df=2),
            FeatureConfig(kind="char-tfidf", field="headline", ngrams=(1, 2)),
        ],
        [
            FeatureConfig(kind="word-count", field="lead"),
            FeatureConfig(kind="hashing", field="headline", max_features=4096),
        ],
    ],
    ids=["chars", "words and headline", "lead and hashing"],
)
def test_what_an_explanation_says_adds_up_to_the_decision(blocks):
    """Every number of it is a part of the log-odds: nothing is left out or counted twice."""
    model = SectionClassifier(blocks).fit(ARTICLES, LABELS)
    for article in (
        *ARTICLES[:20],
        Article(headline="Ⅲ类水质…１００％", paragraphs=("ＣＯＤ下降、达标。", "好！")),
    ):
        explanation = model.explain(article)
        decision = dict(
            zip(
                model.classes_,
                model.decision_function([article])[0] / model.temperature_,
                strict=True,
            )
        )
        bias = dict(zip(model.classes_, model.intercept_ / model.temperature_, strict=True))
        odds = (
            decision[explanation.section]
            - decision[explanation.rival]
            - bias[explanation.section]
            + bias[explanation.rival]
        )
        assert sum(value for _, value in explanation.sentences) == pytest.approx(
            odds, abs=2e-3 * len(explanation.sentences) + 1e-3 * abs(odds) + 0.02
        )


def test_an_explanation_names_the_articles_own_words():
    model = SectionClassifier().fit(ARTICLES, LABELS)
    explanation = model.explain("候鸟飞到湿地，巡护员记录水质断面。市长没有来。")
    assert (explanation.section, explanation.rival != explanation.section) == ("环保", True)
    assert {"候鸟", "湿地"} <= {word for word, value in explanation.words if value > 0}
    assert [sentence for sentence, _ in explanation.sentences] == [
        "候鸟飞到湿地，巡护员记录水质断面。",
        "市长没有来。",
    ]
    assert explanation.sentences[0][1] > explanation.sentences[1][1]
    against = model.explain("候鸟飞到湿地，巡护员记录水质断面。市长没有来。", "政务", "环保")
    assert dict(against.words)["候鸟"] == pytest.approx(
        -dict(
            model.explain("候鸟飞到湿地，巡护员记录水质断面。市长没有来。", "环保", "政务").words
        )["候鸟"]
    )
    with pytest.raises(InputError, match="'环境' is not one of"):
        model.explain("候鸟", "环境")
    with pytest.raises(InputError, match="both '环保'"):
        model.explain("候鸟", "环保", "环保")


def test_state_brings_back_the_same_numbers():
    model = SectionClassifier(FEATURES).fit(ARTICLES, LABELS)
    again = SectionClassifier.from_state(*model.state())
    assert np.allclose(again.predict_proba(ARTICLES), model.predict_proba(ARTICLES), atol=1e-6)


def test_wrong_inputs_say_both_values():
    with pytest.raises(InputError, match="2 texts but 1 sections"):
        SectionClassifier().fit(["一", "二"], ["政务"])
    with pytest.raises(InputError, match="at least two sections"):
        SectionClassifier().fit(["一", "二"], ["政务", "政务"])


def test_thresholds_are_for_articles_like_the_typical_ones():
    """Half the texts are of another paper, whose labels are noise.

    Sure labels must be sure for the first half.
    """
    rng = np.random.default_rng(0)
    texts = [article.text for article in ARTICLES[:400]]
    other = [text[::-1] for text in texts]
    noise = rng.permutation(LABELS[:400]).tolist()
    typical = [True] * 400 + [False] * 400
    model = SectionClassifier(FEATURES).fit(texts + other, LABELS[:400] + noise, None, typical)
    blind = SectionClassifier(FEATURES).fit(texts + other, LABELS[:400] + noise)
    unseen = [article.text for article in ARTICLES[400:]]
    shares = [np.mean(fitted.predict(unseen, otherwise="") != "") for fitted in (model, blind)]
    assert shares[0] > shares[1]
    with pytest.raises(InputError, match="typical"):
        SectionClassifier(FEATURES).fit(texts, LABELS[:400], None, [False] * 400)


def test_without_calibration_the_labels_are_the_same():
    texts = [article.text for article in ARTICLES[:300]]
    one, other = (
        SectionClassifier(FEATURES).fit(texts, LABELS[:300]),
        SectionClassifier(FEATURES, calibrate=False).fit(texts, LABELS[:300]),
    )
    assert (one.predict(texts) == other.predict(texts)).all() and (
        other.predict(texts, otherwise="") == ""
    ).all()
