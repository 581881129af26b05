import numpy as np
import pytest

from research import Article, InputError, SectionClassifier, Segmenter
from research.config import FeatureConfig
from research.text.word_vectors import learn_vectors

# Words of two topics that never occur in one text, each in many orders.
RIVER, SCHOOL = ["河流", "污水", "湿地", "水质", "白鹭"], ["学校", "老师", "学生", "课堂", "作业"]


def _texts(n=200):
    rng = np.random.default_rng(0)
    return [list(rng.permutation(RIVER if i % 2 else SCHOOL)) for i in range(n)]


def test_words_with_similar_neighbours_lie_close():
    vectors = learn_vectors(_texts(), 4)
    assert set(vectors.nearest("污水", 4)) == set(RIVER) - {"污水"}
    with pytest.raises(InputError, match="飞船"):
        vectors.nearest("飞船")


def test_equal_texts_give_equal_bytes_and_unit_means():
    one, other = learn_vectors(_texts(), 4), learn_vectors(_texts(), 4)
    assert one.words == other.words and one.vectors.tobytes() == other.vectors.tobytes()
    means = one.mean([["河流", "湿地"], ["飞船"]])
    assert np.linalg.norm(means, axis=1) == pytest.approx([1, 0], abs=1e-6)


def test_too_few_articles_are_refused():
    with pytest.raises(InputError, match="need more articles"):
        learn_vectors([["河流"]])


@pytest.mark.parametrize("kind", ["svm", "nb-svm", "logistic"])
def test_a_classifier_knows_words_that_no_labelled_article_has(kind):
    """Trained on 河流 and 学校, it predicts 白鹭 and 作业 by their neighbours without labels."""
    vectors = learn_vectors(_texts(), 4)
    features = [FeatureConfig(kind="word-tfidf"), FeatureConfig(kind="vectors")]
    texts, sections = ["河流"] * 4 + ["学校"] * 4, ["环保"] * 4 + ["民生"] * 4
    model = SectionClassifier(features, Segmenter(stop_words=()), vectors, kind=kind).fit(
        texts, sections
    )
    assert model.predict(["白鹭", "作业"]).tolist() == ["环保", "民生"]
    explained = model.explain(Article(headline="白鹭", paragraphs=("写作业的白鹭。",)))
    assert dict(explained.words)["白鹭"] * dict(explained.words)["作业"] < 0


def test_a_block_that_needs_vectors_is_refused_without_them():
    with pytest.raises(InputError, match="unlabelled"):
        SectionClassifier([FeatureConfig(kind="vectors")]).fit(["河流", "学校"], ["环保", "民生"])
