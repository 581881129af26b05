import numpy as np
import pytest
from scipy import sparse
from sklearn.metrics import f1_score, precision_recall_fscore_support

from research import InputError
from research.sections.agreement import cohen_kappa, krippendorff_alpha
from research.sections.metrics import section_figures, sure_figures, suspect_labels
from research.topics.metrics import coherence, exclusivity, matched_overlap, npmi, topic_figures

CLASSES = ["其他", "政务", "民生"]


def _figures(truth, predicted, sure=0.9):
    proba = np.full((len(predicted), 3), (1 - sure) / 2)
    proba[np.arange(len(predicted)), [CLASSES.index(name) for name in predicted]] = sure
    return section_figures(truth, predicted, proba, CLASSES)


def test_figures_agree_with_scikit_learn():
    rng = np.random.default_rng(3)
    truth, predicted = rng.choice(CLASSES, 200).tolist(), rng.choice(CLASSES, 200).tolist()
    figures = _figures(truth, predicted)
    assert figures["macro_f1"] == pytest.approx(
        f1_score(truth, predicted, average="macro"), abs=1e-4
    )
    for name, *values in zip(
        CLASSES, *precision_recall_fscore_support(truth, predicted, labels=CLASSES), strict=True
    ):
        row = figures["sections"][name]
        assert [row["precision"], row["recall"], row["f1"], row["articles"]] == pytest.approx(
            values, abs=1e-4
        )
        assert row["f1_interval"][0] < row["f1"] < row["f1_interval"][1]
    low, high = figures["accuracy_interval"]
    assert (
        low
        == pytest.approx(
            figures["accuracy"]
            - 1.96 * np.sqrt(figures["accuracy"] * (1 - figures["accuracy"]) / 200),
            abs=0.01,
        )
        and high < low + 0.15
    )
    low, high = figures["macro_f1_interval"]
    assert low < figures["macro_f1"] < high and high - low < 0.2


def test_sections_come_in_the_papers_order_and_confusions_in_rows_of_truth():
    figures = _figures(["政务", "政务", "民生"], ["政务", "民生", "民生"])
    assert figures["confusion"] == {
        "sections": ["政务", "民生", "其他"],
        "counts": [[1, 1, 0], [0, 1, 0], [0, 0, 0]],
    }


def test_calibration_error_is_the_gap_between_sure_and_right():
    truth = ["政务"] * 7 + ["民生"] * 3
    assert _figures(truth, ["政务"] * 10, sure=0.7)["calibration_error"] == pytest.approx(
        0, abs=1e-4
    )
    assert _figures(truth, ["政务"] * 10, sure=0.95)["calibration_error"] == pytest.approx(
        0.25, abs=1e-4
    )


def test_npmi_is_one_for_words_that_go_together_and_minus_one_for_those_that_never_meet():
    counts = sparse.csr_matrix([[1, 1, 0], [2, 5, 0], [0, 0, 1], [0, 0, 1]])
    together, apart = npmi([[0, 1], [0, 2]], counts)
    assert (together, apart) == (pytest.approx(1), -1)


def test_npmi_agrees_with_gensim():
    from gensim.corpora import Dictionary
    from gensim.models import CoherenceModel

    rng = np.random.default_rng(0)
    counts = sparse.csr_matrix(rng.poisson(0.8, (300, 12)))
    words = [f"w{i:02d}" for i in range(12)]
    texts = [
        [word for word, count in zip(words, row, strict=True) if count] for row in counts.toarray()
    ]
    dictionary = Dictionary([words])
    # A window longer than any text makes gensim count documents.
    reference = CoherenceModel(
        topics=[words[:6], words[6:]],
        texts=texts,
        dictionary=dictionary,
        coherence="c_npmi",
        window_size=100,
        processes=1,
    )
    assert npmi([list(range(6)), list(range(6, 12))], counts) == pytest.approx(
        reference.get_coherence_per_topic(), abs=1e-3
    )


def test_no_figure_of_topics_is_ever_nan():
    counts = sparse.csr_matrix([[1, 1, 1, 0], [1, 1, 0, 0]])
    figures = topic_figures([[0, 1], [2, 3], [3, 3]], counts)
    assert all(
        np.isfinite(
            [
                figures["coherence_npmi"],
                figures["diversity"],
                *(t["coherence_npmi"] for t in figures["topics"]),
            ]
        )
    )
    assert figures["diversity"] == round(4 / 6, 4)


@pytest.mark.parametrize(
    ("measure", "window"), [("c_npmi", None), ("c_v", None), ("c_npmi", 3), ("c_v", 5)]
)
def test_coherence_agrees_with_gensim(measure, window):
    from gensim.corpora import Dictionary
    from gensim.models import CoherenceModel

    rng = np.random.default_rng(0)
    words = [f"词{n}" for n in range(30)]
    texts = [
        [words[i] for i in rng.integers(n % 3 * 10, n % 3 * 10 + 14, rng.integers(4, 160)) % 30]
        for n in range(60)
    ]
    topics = [words[:6], words[10:16], ["词1", "词12", "词25", "词29"]]
    dictionary = Dictionary(texts)
    model = CoherenceModel(
        topics=topics,
        texts=texts,
        dictionary=dictionary,
        coherence=measure,
        window_size=window,
        topn=6,
        processes=1,
    )
    assert np.allclose(
        coherence(topics, texts, measure, window), model.get_coherence_per_topic(), atol=1e-6
    )


def test_coherence_is_a_number_even_where_words_never_occur():
    for measure in ("c_npmi", "c_v"):
        assert np.isfinite(coherence([["甲", "乙"], ["甲"]], [["丙"], []], measure)).all()
        assert np.isfinite(coherence([["甲", "乙"]], [], measure)).all()


def test_exclusivity_is_one_where_no_other_topic_has_the_words():
    topic_word = np.array([[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]])
    assert exclusivity(topic_word, [[0], [1, 2]]) == [1.0, 1.0]
    assert exclusivity(np.full((2, 2), 0.5), [[0], [1]]) == [0.5, 0.5]


def test_topics_are_matched_one_to_one():
    some, others = np.array([[0, 1], [2, 3]]), np.array([[3, 2], [1, 4]])
    assert matched_overlap(some, others).tolist() == [1 / 3, 1.0]


def test_sure_figures_count_only_what_is_labelled():
    figures = sure_figures(
        ["政务", "政务", "民生"], ["政务", "民生", "民生"], np.array([True, False, True]), 0.9
    )
    assert (figures["precision"], figures["share_labelled"]) == (1.0, 0.6667)
    sure = {"precision": 1.0, "precision_interval": [1.0, 1.0], "labelled": 1}
    assert figures["sections"] == {"政务": sure, "民生": sure}
    assert figures["share_labelled_interval"] == [0.0, 1.0]
    assert sure_figures(["政务"], ["政务"], np.array([False]), 0.9)["precision"] is None


def test_wrong_labels_are_suspected_and_right_ones_are_not():
    """Thirty sure articles, two of them labelled wrong; one that nobody is sure of."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 31)
    proba = np.full((31, 3), 0.1)
    proba[np.arange(31), truth] = 0.8
    proba[30] = [0.3, 0.35, 0.35]
    labels = [CLASSES[k] for k in truth]
    wrong = [4, 17]
    for place in wrong:
        labels[place] = CLASSES[(truth[place] + 1) % 3]
    suspects = suspect_labels(labels, proba, CLASSES)
    assert sorted(suspect.position for suspect in suspects) == wrong
    assert all(suspect.suggested == CLASSES[truth[suspect.position]] for suspect in suspects)


def test_agreement_beyond_chance():
    """Krippendorff's example of nominal data with gaps has alpha 0.743.

    Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability".
    """
    readings = ["123321412***", "1233224125*3", "*3332342251*", "12332441251*"]
    assert krippendorff_alpha(
        [[None if label == "*" else label for label in row] for row in readings]
    ) == pytest.approx(0.743, abs=5e-4)
    assert (
        cohen_kappa(list("aabb"), list("aabb")) == 1
        and cohen_kappa(list("aaaa"), list("aaaa")) == 1
    )
    assert cohen_kappa(list("abab"), list("aabb")) == pytest.approx(0)
    with pytest.raises(InputError, match="no article has labels of two"):
        krippendorff_alpha([["a", None], [None, "b"]])


def test_reliability_counts_every_article_once():
    figures = _figures(
        ["政务", "政务", "民生", "民生"], ["政务", "民生", "民生", "民生"], sure=0.85
    )
    assert figures["reliability"] == [{"articles": 4, "probability": 0.85, "right": 0.75}]
