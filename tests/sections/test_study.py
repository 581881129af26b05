import numpy as np
from conftest import PROJECT

from research import SectionClassifier, read_corpus
from research.config import FeatureConfig
from research.sections.study import ablation, drift, learning_curve, suggest

ARTICLES = read_corpus(PROJECT / "data/articles.jsonl")
LABELS = [article.section or "" for article in ARTICLES]
# The second block sees a letter or two of a headline: it adds next to nothing.
MODEL = SectionClassifier(
    [
        FeatureConfig(kind="char-tfidf", ngrams=(1, 2), min_df=2),
        FeatureConfig(kind="word-tfidf", field="headline", max_features=2),
    ]
)


def test_more_articles_help_and_the_curve_shows_it():
    train, test = slice(0, None, 2), slice(1, None, 2)
    rows = learning_curve(
        MODEL,
        ARTICLES[train],
        LABELS[train],
        [1.0] * len(LABELS[train]),
        ARTICLES[test],
        LABELS[test],
    )
    sizes = [row["articles"] for row in rows]
    assert sizes == sorted(sizes) and sizes[-1] == len(LABELS[train]) and len(rows) >= 3
    assert rows[-1]["macro_f1"] > rows[0]["macro_f1"] + 0.1
    assert all(low <= row["macro_f1"] <= high for row in rows for low, high in [row["interval"]])


def test_a_block_that_matters_differs_from_one_that_does_not():
    rows = ablation(MODEL, ARTICLES, LABELS, [1.0] * len(LABELS), [True] * len(LABELS))
    whole, without_chars, without_headline = rows
    assert whole["without"] == "" and without_chars["without"] == "char-tfidf all 1–2"
    assert without_chars["change"] < -0.2 and without_chars["interval"][1] < 0
    assert (
        without_headline["interval"][0] < 0 < without_headline["interval"][1]
        or abs(without_headline["change"]) < 0.03
    )


def test_drift_sees_another_kind_of_text():
    model = SectionClassifier([FeatureConfig(kind="char-tfidf", ngrams=(1, 2), min_df=2)]).fit(
        ARTICLES[::2], LABELS[::2]
    )
    like = drift(model, ARTICLES[1::2])
    poem = "鸿雁传书，锦鲤跃渊，琉璃瓦上霜华重，胭脂泪里粉黛残。"
    unlike = drift(model, [poem] * 3)
    assert unlike["unknown_terms"] > like["unknown_terms"] + 0.2 and unlike["mix"]["其他"] == 1
    rivers, fairs = (
        [article.text for article in ARTICLES[1::2] if article.section == section]
        for section in ("环保", "招商")
    )
    torn = drift(
        model, [f"{river[:150]}{fair[:150]}" for river, fair in zip(rivers, fairs, strict=False)]
    )
    assert torn["mean_probability"] < like["mean_probability"] - 0.05
    assert ["胭脂", 3] in unlike["unknown_words"]
    assert abs(sum(like["mix"].values()) - 1) < 0.01 and like["articles"] == len(ARTICLES[1::2])
    assert np.isfinite([like["share_sure"], unlike["share_sure"]]).all()


def test_suggested_are_the_least_certain_of_every_section_without_near_duplicates():
    model = SectionClassifier(calibrate=False).fit(
        ARTICLES[::2], [article.section for article in ARTICLES[::2]]
    )
    pool = [*ARTICLES[1::2], *ARTICLES[1::2]]
    chosen = suggest(model, pool, 25)
    proba = np.sort(model.predict_proba(pool), axis=1)
    margins, predicted = proba[:, -1] - proba[:, -2], model.predict(pool)
    assert len({pool[suggestion.position].id for suggestion in chosen}) == 25
    assert {
        section: sum(suggestion.section == section for suggestion in chosen)
        for section in model.classes_
    } == dict.fromkeys(model.classes_, 5)
    for section in model.classes_:
        taken = [suggestion.position for suggestion in chosen if suggestion.section == section]
        assert np.allclose(
            sorted(margins[taken]),
            np.sort(margins[: len(pool) // 2][predicted[: len(pool) // 2] == section])[:5],
        )
    assert all(suggestion.rival != suggestion.section for suggestion in chosen)
    everything = suggest(model, pool, 10_000)
    assert (
        len(everything) == len({suggestion.position for suggestion in everything}) <= len(pool) // 2
        and suggest(model, [], 5) == []
    )
