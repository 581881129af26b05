"""N-grams counted by numbers are those that scikit-learn counts by strings."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from research.text import ngrams
from research.text.ngrams import NGrams

# Without spaces: scikit-learn makes one of several.
TEXTS = st.lists(st.text("水质改善河aA⟨🐟", max_size=30), min_size=1, max_size=12)


def _like(units, n, edges, weigh, **more):
    """Return scikit-learn's vectorizer of the same settings."""
    kind = TfidfVectorizer if weigh == "tfidf" else CountVectorizer
    form = {"analyzer": "char"} if units == "characters" else {"token_pattern": r"\S+"}
    edged = (
        {"preprocessor": ("⟨{}⟩" if units == "characters" else "⟨ {} ⟩").format} if edges else {}
    )
    return kind(
        ngram_range=n,
        lowercase=False,
        dtype=np.float32,
        **form,
        **edged,
        **({"sublinear_tf": True} if weigh == "tfidf" else {}),
        **more,
    )


@settings(deadline=None)
@given(
    TEXTS,
    TEXTS,
    st.sampled_from([(1, 1), (1, 3), (2, 4)]),
    st.booleans(),
    st.sampled_from(["characters", "tokens"]),
    st.sampled_from(["count", "tfidf"]),
)
def test_the_matrix_is_scikit_learns(texts, others, n, edges, units, weigh):
    if units == "tokens":
        texts, others = ([" ".join(text) for text in group] for group in (texts, others))
    ours, theirs = NGrams(units, n, edges=edges, weigh=weigh), _like(units, n, edges, weigh)
    try:
        expected = theirs.fit_transform(texts)
    except ValueError:
        with pytest.raises(ValueError, match="no n-gram is left"):
            ours.fit_transform(texts)
        return
    matrix = ours.fit_transform(texts)
    columns = [theirs.vocabulary_[name] for name in ours.names]
    assert sorted(columns) == list(range(expected.shape[1]))
    assert np.allclose(matrix.toarray(), expected.toarray()[:, columns], atol=1e-6)
    assert np.allclose(
        ours.transform(others).toarray(), theirs.transform(others).toarray()[:, columns], atol=1e-6
    )
    again = NGrams(units, n, edges=edges, weigh=weigh).restore(ours.names[::-1], ours.idf[::-1])
    assert np.allclose(again.transform(others).toarray()[:, ::-1], ours.transform(others).toarray())
    assert set(ours.grams(texts[0])) <= set(ours.names)


def test_rare_common_and_surplus_ngrams_are_left_out():
    texts = ["水质", "水量", "水费 水", "河"]

    def names(**settings):
        return set(_fitted(texts, **settings).names)

    assert names() == set("水质量费河 ")
    assert names(min_df=2) == {"水"}
    assert names(max_df=0.5) == set("质量费河 ")
    assert names(max_features=1) == {"水"}
    with pytest.raises(ValueError, match="no n-gram is left of 6 in 4 texts"):
        _fitted(texts, min_df=4)


def _fitted(texts, **more):
    vectorizer = NGrams("characters", **more)
    vectorizer.fit_transform(texts)
    return vectorizer


def test_texts_counted_in_batches_give_the_matrix_of_all(monkeypatch):
    texts = [f"第{n}条河的水质{n % 7}" for n in range(50)]
    whole = NGrams("characters", (1, 3))
    matrix, names = whole.fit_transform(texts), whole.names
    monkeypatch.setattr(ngrams, "_UNITS_PER_BATCH", 40)
    batched = NGrams("characters", (1, 3))
    assert (batched.fit_transform(texts) != matrix).nnz == 0
    assert batched.names == names
    assert (batched.transform(texts) != matrix).nnz == 0
    assert batched.transform([]).shape == (0, len(names))
