import numpy as np
import pytest
from conftest import PROJECT
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from research import Article, ArticleFeatures, InputError, Segmenter
from research.config import FeatureConfig
from research.text.counts import count_words, learn_words

ARTICLES = [
    Article(headline="污水厂投运", paragraphs=("污水处理能力提高。", "河水变清。")),
    Article(headline="项目签约", paragraphs=("投资项目落户园区。",)),
    Article(headline="医保新政", paragraphs=("门诊费用可以报销。",)),
]


def _names(*blocks):
    return (
        ArticleFeatures([FeatureConfig(**block) for block in blocks])
        .fit(ARTICLES)
        .get_feature_names_out()
        .tolist()
    )


def test_each_kind_counts_what_it_says():
    assert "all:word:污水" in _names({"kind": "word-tfidf"})
    assert "body:word:河水 变" in _names({"kind": "word-count", "field": "body", "ngrams": (2, 2)})
    assert _names({"kind": "char-tfidf", "field": "headline", "ngrams": (5, 5)}) == [
        "headline:char:污水厂投运"
    ]
    assert len(_names({"kind": "hashing", "max_features": 64})) == 64


def test_headline_and_body_are_kept_apart_and_weighted():
    blocks = [
        FeatureConfig(kind="char-tfidf", field="headline", weight=3.0),
        FeatureConfig(kind="char-tfidf", field="body"),
    ]
    features = ArticleFeatures(blocks)
    matrix = features.fit_transform(ARTICLES)
    heads = np.array([name.startswith("headline:") for name in features.get_feature_names_out()])
    norms = (
        np.sqrt(matrix.multiply(matrix)[:, heads].sum(axis=1)),
        np.sqrt(matrix.multiply(matrix)[:, ~heads].sum(axis=1)),
    )
    assert np.allclose(norms[0], 3) and np.allclose(norms[1], 1)


def test_plain_texts_are_bodies_without_headline():
    features = ArticleFeatures([FeatureConfig(kind="word-tfidf", field="body")]).fit(ARTICLES)
    same = features.transform([ARTICLES[0].text]) - features.transform([ARTICLES[0]])
    assert abs(same).sum() == 0


def test_it_is_a_scikit_learn_transformer():
    features = clone(ArticleFeatures([FeatureConfig(kind="word-tfidf")]))
    with pytest.raises(NotFittedError):
        features.transform(ARTICLES)
    assert features.fit_transform(ARTICLES).shape == (3, len(features.get_feature_names_out()))


def test_state_brings_back_the_same_matrix():
    kinds = ["word-tfidf", "char-tfidf", "word-count", "hashing"]
    cues = FeatureConfig(kind="cues", files=(str(PROJECT / "data/cues.toml"),))
    features = ArticleFeatures(
        [cues, *(FeatureConfig(kind=kind, weight=0.5) for kind in kinds)]
    ).fit(ARTICLES)
    again = ArticleFeatures.from_state(*features.state(), Segmenter())
    assert abs(again.transform(ARTICLES) - features.transform(ARTICLES)).max() < 1e-6


def test_a_block_without_any_term_says_which():
    with pytest.raises(InputError, match="features of headline"):
        ArticleFeatures([FeatureConfig(kind="word-tfidf", field="headline", min_df=3)]).fit(
            ARTICLES
        )


def test_document_term_matrix_counts_words_of_headline_and_text():
    counts, vocabulary = learn_words(ARTICLES, Segmenter(), min_df=1, max_df=1.0, max_words=100)
    assert counts[0, vocabulary.index("污水")] == 1 and counts[0, vocabulary.index("污水处理")] == 1
    assert (count_words(ARTICLES, Segmenter(), vocabulary) != counts).nnz == 0
    with pytest.raises(InputError, match="lower topics"):
        learn_words(ARTICLES, Segmenter(), min_df=3, max_df=1.0, max_words=100)


def test_the_lead_is_the_first_paragraph():
    articles = [
        Article(headline="标题", paragraphs=("候鸟来了。", "水质变好。")),
        Article(headline="水质", paragraphs=("湿地候鸟。",)),
    ]
    for kind in ("char-tfidf", "word-count"):
        builder = ArticleFeatures([FeatureConfig(kind=kind, field="lead")]).fit(articles)
        seen = "".join(name.rpartition(":")[2] for name in builder.get_feature_names_out())
        assert "鸟" in seen and "质" not in seen and "标" not in seen
        assert (
            builder.transform(["候鸟来了。\n水质变好。"]).toarray()
            == builder.transform(articles[:1]).toarray()
        ).all()


@pytest.mark.parametrize("kind", ["char-tfidf", "word-count"])
def test_a_block_may_read_the_first_characters_only_spaces_not_counted(kind):
    builder = ArticleFeatures([FeatureConfig(kind=kind, first=4)]).fit(
        ["候 鸟湿地污水", "湿地\n候鸟 污水"]
    )
    names = builder.get_feature_names_out().tolist()
    assert all(name.startswith("all[:4]:") for name in names) and not any(
        char in name for name in names for char in "污水"
    )
    assert builder.transform(["污水污水候鸟湿地"]).nnz == 0 and builder.transform(["湿地"]).nnz > 0
    whole, score = builder.spread("湿 地候鸟湿地", np.ones(builder.n_features_out))
    assert (
        score[: whole.index("鸟") + 1].sum()
        == pytest.approx(float(builder.transform(["湿 地候鸟湿地"]).sum()))
        and not score[whole.index("鸟") + 1 :].any()
    )


@pytest.mark.parametrize("kind", ["char-tfidf", "word-tfidf", "hashing"])
def test_edges_tell_where_a_word_stands_and_are_spread_over_its_characters(kind):
    plain, edged = (
        ArticleFeatures([FeatureConfig(kind=kind, ngrams=(2, 2), edges=edges)]).fit(
            ["水质 改善", "改善 水质"]
        )
        for edges in (False, True)
    )
    first, last = edged.transform(["水质", "改善水质"]).toarray() != 0
    assert (plain.transform(["水质"]).nnz > 0) == (kind == "char-tfidf") and first.sum() > 1
    assert not (first & last).all() and (first & last).any()
    weights = np.random.default_rng(0).normal(size=edged.n_features_out)
    text = "改善（水质）"
    whole, score = edged.spread(text, weights)
    assert whole == "\n" + text and score.sum() == pytest.approx(
        float((edged.transform([text]) @ weights)[0]), abs=1e-5
    )
