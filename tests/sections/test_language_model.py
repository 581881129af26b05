"""Language models: probabilities by the formula, and training texts scored by the others."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from research import ArticleFeatures, InputError, SectionClassifier, Segmenter
from research.config import FeatureConfig
from research.sections.language_model import LanguageScores

TEXTS = st.lists(st.text("水质河⟨🐟", max_size=12), min_size=2, max_size=5)
WATER = ["河水变清。", "水质改善。", "湿地来了候鸟。", "河道清淤。"]
MONEY = ["项目签约。", "投资落户园区。", "招商引资。", "企业投产。"]


def test_probabilities_are_those_of_absolute_discounting():
    model = LanguageScores(2)
    model.fit_transform(["水", "火"], ["甲", "乙"])
    # By hand, discount 0.8, four characters that may come (one of them unknown).
    # In 水's section: a single 水 and the end (1 - 0.8 + 0.8 × 2 / 4) / 2 = 0.3, a 火 0.2;
    # after the beginning, 水 0.2 + 0.8 × 0.3 = 0.44, 火 0.8 × 0.2 = 0.16; the end after 水 0.44.
    # In the other section, which never has 水, the end after it 0.3.
    scores = model.transform(["水"]).toarray()[0] * model.scale * np.sqrt(2)
    water, fire = scores[[model.sections.index(name) for name in "甲乙"]]
    assert water - fire == pytest.approx(np.log(0.44 * 0.44 / (0.16 * 0.3)), abs=1e-6)
    # An unknown character is evidence for no section; what follows it has no context.
    assert model.transform(["土"]).toarray()[0] == pytest.approx([0, 0], abs=1e-6)


@settings(deadline=None)
@given(TEXTS, TEXTS, st.sampled_from([2, 3, 4]))
def test_training_texts_are_scored_by_the_other_texts(left, right, longest):
    every = ["水质河⟨🐟", "🐟⟨河质水"]  # So that the others always know all characters.
    texts, sections = [*left, *right, *every], ["甲"] * len(left) + ["乙"] * len(right) + ["丙"] * 2
    model = LanguageScores(longest)
    scores = model.fit_transform(texts, sections).toarray() * model.scale
    for i in range(len(left) + len(right)):
        others = LanguageScores(longest)
        others.fit_transform(texts[:i] + texts[i + 1 :], sections[:i] + sections[i + 1 :])
        assert scores[i] == pytest.approx(
            others.transform(texts[i : i + 1]).toarray()[0] * others.scale, abs=1e-4
        )


def test_a_text_is_likelier_in_the_language_of_its_section():
    block = FeatureConfig(kind="language", ngrams=(1, 3))
    features = ArticleFeatures([block]).fit([*WATER, *MONEY], ["环保"] * 4 + ["招商"] * 4)
    assert features.get_feature_names_out().tolist() == ["all:language:招商", "all:language:环保"]
    money, water = features.transform(["项目投产。", "水质变清。"]).toarray()
    assert money[0] > 0 > money[1] and water[0] < 0 < water[1]
    assert features.transform([""]).shape == (1, 2)


def test_a_classifier_with_a_language_block_explains_and_is_restored_from_its_state():
    blocks = [
        FeatureConfig(kind="char-tfidf"),
        FeatureConfig(kind="language", field="all", ngrams=(1, 3), weight=0.5, first=8),
    ]
    model = SectionClassifier(blocks, Segmenter(), kind="nb-svm").fit(
        [*WATER, *MONEY], ["环保"] * 4 + ["招商"] * 4
    )
    again = SectionClassifier.from_state(*model.state())
    texts = ["水质 改善了，候鸟来了。", "签约", "", "🐟"]
    assert (again.predict_proba(texts) == model.predict_proba(texts)).all()
    for text in texts:
        weights = np.random.default_rng(0).normal(size=model.features_.n_features_out)
        _, score = model.features_.spread(text, weights)
        assert not text or score.sum() == pytest.approx(
            float((model.features_.transform([text]) @ weights)[0]), abs=1e-5
        )
    assert (
        model.explain("水质改善").section == "环保"
        and model.explain("水质改善").sentences[0][1] > 0
    )


def test_what_cannot_be_learned_or_was_changed_is_refused():
    with pytest.raises(InputError, match="language learn from sections"):
        ArticleFeatures([FeatureConfig(kind="language", ngrams=(1, 2))]).fit(WATER)
    with pytest.raises(
        InputError, match="bayes learns from counts, and features of kind language lie below 0"
    ):
        SectionClassifier([FeatureConfig(kind="language", ngrams=(1, 2))], kind="bayes").fit(
            WATER, ["甲", "甲", "乙", "乙"]
        )
    model = LanguageScores(2)
    model.fit_transform(WATER, ["甲", "甲", "乙", "乙"])
    with pytest.raises(InputError, match="train the run again"):
        LanguageScores(2).restore(model.ngrams.names[1:], model.sections, model.counts, model.scale)
    without = [i for i, name in enumerate(model.ngrams.names) if name != "水"]
    with pytest.raises(InputError, match="without their parts"):
        LanguageScores(2).restore(
            [model.ngrams.names[i] for i in without],
            model.sections,
            model.counts[without],
            model.scale,
        )
    for ngrams in ((2, 3), (1, 1)):
        with pytest.raises(ValueError, match="language model"):
            FeatureConfig(kind="language", ngrams=ngrams)
    for key in ("min_df", "max_features"):
        with pytest.raises(ValueError, match=f"{key}\n  Extra inputs"):
            FeatureConfig(kind="language", ngrams=(1, 3), **{key: 2})
