import numpy as np
import pytest
from scipy import sparse
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from research import InputError, TopicModel

WORDS = [f"词{n}" for n in range(30)]


@pytest.fixture(scope="module")
def counts():
    """Ninety documents, each of one of three topics of ten words."""
    rng = np.random.default_rng(0)
    rows = [rng.multinomial(40, np.repeat(np.eye(3)[n % 3], 10) / 10) for n in range(90)]
    return sparse.csr_matrix(np.array(rows))


@pytest.fixture(scope="module")
def model(counts):
    return TopicModel(3, alpha=0.1, eta=0.1, random_state=1).fit(counts)


def test_topics_of_the_data_are_found(model, counts):
    topics = {frozenset(words) for words in model.top_words(WORDS, 10)}
    assert topics == {frozenset(WORDS[start : start + 10]) for start in (0, 10, 20)}
    shares = model.transform(counts)
    assert shares.shape == (90, 3) and np.allclose(shares.sum(axis=1), 1)
    assert len({tuple(shares[n::3].argmax(axis=1)) for n in range(3)}) == 3
    assert (shares.max(axis=1) > 0.9).all()


def test_rows_of_topic_word_sum_to_one_and_topics_fall_in_size(model):
    assert model.topic_word_.shape == (3, 30)
    assert np.allclose(model.topic_word_.sum(axis=1), 1)
    sizes = model.components_.sum(axis=1)
    assert (np.diff(sizes) <= 0).all()


@pytest.fixture(scope="module")
def corpus():
    """Six hundred documents drawn as LDA says: eight topics over three hundred words."""
    rng = np.random.default_rng(5)
    topics = rng.dirichlet(np.full(300, 0.05), 8)
    shares = rng.dirichlet(np.full(8, 0.15), 600)
    return sparse.csr_matrix(np.array([rng.multinomial(80, row @ topics) for row in shares]))


@pytest.mark.parametrize("start", ["factorised", "consensus", "random"])
def test_same_data_and_seed_same_bytes_on_any_number_of_threads(corpus, start):
    fits = [
        TopicModel(8, passes=12, start=start, random_state=1, n_jobs=n).fit(corpus)
        for n in (1, 2, 5, 1)
    ]
    assert len({fit.components_.tobytes() for fit in fits}) == 1
    assert len({fit.transform(corpus).tobytes() for fit in fits}) == 1
    assert len({str(fit.bounds_) for fit in fits}) == 1
    other = TopicModel(8, passes=12, start=start, random_state=2).fit(corpus[:500])
    assert other.components_.tobytes() != fits[0].components_.tobytes()


def test_blocks_of_documents_change_no_byte_on_any_number_of_threads():
    rng = np.random.default_rng(0)
    X = sparse.random(
        20_000, 50, 0.1, format="csr", random_state=0, data_rvs=lambda n: rng.integers(1, 4, n)
    )
    one, four = (TopicModel(3, passes=6, n_jobs=n).fit(X) for n in (1, 4))
    assert one.components_.tobytes() == four.components_.tobytes()


def test_more_topics_than_the_corpus_has_dimensions_still_differ():
    X = sparse.csr_matrix(np.random.default_rng(0).multinomial(30, np.ones(8) / 8, 12))
    model = TopicModel(20, passes=10).fit(X)
    assert (
        len({row.tobytes() for row in model.components_}) == 20
        and np.isfinite(model.components_).all()
    )


def test_expected_counts_add_up_to_the_tokens(corpus):
    model = TopicModel(8, passes=30).fit(corpus)
    model.partial_fit(corpus[:50])
    corpus = sparse.vstack([corpus, corpus[:50]], "csr")
    assert np.isclose((model.components_ - model.eta_).sum(), corpus.sum(), rtol=1e-4)
    assert np.allclose(
        (model.components_ - model.eta_).sum(axis=0), corpus.sum(axis=0), rtol=1e-3, atol=1e-3
    )


def test_a_consensus_keeps_its_leading_words_in_the_prior(corpus):
    model = TopicModel(8, passes=30, start="consensus").fit(corpus)
    held = model.held_.toarray()
    n_documents_per_topic = 600 / 8  # Of a hundred that the whole share needs.
    assert np.isclose(held.sum(), corpus.sum() / 16 * n_documents_per_topic / 100, rtol=1e-3)
    for topic, words in zip(held, np.argsort(-model.topic_word_, axis=1), strict=True):
        assert (topic > 0).sum() == 20 and (topic[words[:3]] > 0).all()
    kept = TopicModel.from_state(*model.state())
    assert kept.topic_word_.tobytes() == model.topic_word_.tobytes()
    wider = sparse.hstack([corpus[:40], np.ones((40, 2))], "csr")
    assert model.partial_fit(wider).reorder([*range(7, -1, -1)]).held_.shape == (8, 302)
    assert (model.held_.toarray()[::-1, :300] == held).all()
    assert TopicModel(8, start="factorised", passes=5).fit(corpus).held_ is None


def test_the_fit_is_the_fixed_point_of_the_exact_update():
    """CVB0 as printed (Asuncion et al. 2009, eq. 11), with every token's share kept, agrees."""
    rng = np.random.default_rng(2)
    X = rng.multinomial(30, np.repeat(np.eye(2), 6, axis=1)[0] / 6, 8) + rng.multinomial(
        12, np.ones(12) / 12, 8
    )
    X[4:] = X[4:, ::-1]
    model = TopicModel(2, alpha=0.3, eta=0.2, passes=400, tolerance=0).fit(sparse.csr_matrix(X))
    start = np.einsum("jk,wk->jwk", model.transform(sparse.csr_matrix(X)), model.topic_word_.T)
    shares = start / start.sum(axis=2, keepdims=True)
    for _ in range(500):
        words, documents = np.einsum("jw,jwk->wk", X, shares), np.einsum("jw,jwk->jk", X, shares)
        others = words[None] - shares
        new = (
            (others + 0.2)
            * (documents[:, None] - shares + 0.3)
            / (words.sum(axis=0) - shares + 12 * 0.2)
        )
        shares = new / new.sum(axis=2, keepdims=True)
    exact = np.einsum("jw,jwk->wk", X, shares) + 0.2
    assert np.allclose(model.topic_word_, (exact / exact.sum(axis=0)).T, atol=0.004)


def test_training_stops_when_it_gains_no_more_and_says_so(corpus):
    model = TopicModel(8, passes=500).fit(corpus)
    passes, perplexities = zip(*model.bounds_, strict=True)
    assert model.state_ == "converged" and passes[-1] < 500
    assert perplexities[-1] < perplexities[0]
    assert TopicModel(8, passes=5).fit(corpus).state_ == "all sweeps"


def test_ctrl_c_keeps_the_model_so_far(corpus):
    def stop(stage, done, total):
        if done == 7:
            raise KeyboardInterrupt

    model = TopicModel(8, tolerance=0).fit(corpus, progress=stop)
    assert model.state_ == "stopped"
    assert (
        model.components_.tobytes()
        == TopicModel(8, passes=7, tolerance=0).fit(corpus).components_.tobytes()
    )


def test_an_asymmetric_prior_learns_which_topics_are_common():
    rng = np.random.default_rng(3)
    topics = np.kron(np.eye(4), np.ones(10)) / 10
    shares = rng.dirichlet([3.0, 0.1, 0.1, 0.1], 500)
    X = sparse.csr_matrix(np.array([rng.multinomial(60, row @ topics) for row in shares]))
    model = TopicModel(4, alpha="asymmetric").fit(X)
    assert model.alpha_[0] > 3 * model.alpha_[1:].max()
    one = TopicModel(4, alpha="symmetric", eta="symmetric").fit(X)
    assert np.ptp(one.alpha_) == 0 and np.ptp(one.eta_) == 0 and one.alpha_[0] != np.float32(0.1)
    words = TopicModel(4, eta="asymmetric").fit(X)
    assert np.ptp(words.eta_) > 0
    given = TopicModel(4, alpha=[0.4, 0.3, 0.2, 0.1]).fit(X)
    assert np.allclose(np.sort(given.alpha_), [0.1, 0.2, 0.3, 0.4])


def test_with_an_asymmetric_prior_words_of_every_document_get_a_topic_of_their_own():
    rng = np.random.default_rng(4)
    own = np.kron(np.eye(6), np.ones(10)) / 10
    topics = np.vstack(
        [np.hstack([own, np.zeros((6, 8))]), np.hstack([np.zeros(60), np.ones(8) / 8])]
    )
    shares = np.hstack([rng.dirichlet(np.full(6, 0.1), 600) * 0.6, np.full((600, 1), 0.4)])
    X = sparse.csr_matrix(np.array([rng.multinomial(80, row @ topics) for row in shares]))
    model = TopicModel(7, alpha="asymmetric").fit(X)
    common = int(model.alpha_.argmax())
    assert set(np.argsort(-model.components_[common])[:8]) == set(range(60, 68))
    others = np.delete(model.topic_word_, common, axis=0)
    assert (
        others[:, 60:].sum(axis=1).mean()
        < TopicModel(6).fit(X).topic_word_[:, 60:].sum(axis=1).mean() / 3
    )
    seeded = TopicModel(8, alpha="asymmetric", seeds=[[0, 1]]).fit(X)
    assert {0, 1} <= set(np.argsort(-seeded.components_[0])[:10])


def test_seed_words_hold_to_the_end(corpus):
    plain = TopicModel(8).fit(corpus)
    best = np.argsort(-plain.components_, axis=1)
    seeds = [best[5, :2].tolist(), best[2, :2].tolist()]
    model = TopicModel(8, seeds=seeds).fit(corpus)
    for k, words in enumerate(seeds):
        assert (model.components_[:, words].argmax(axis=0) == k).all()
    # Words that never meet are brought together where a person says so.
    apart = [[int(best[0, 0]), int(best[1, 0])]]
    together = TopicModel(8, seeds=apart, seed_strength=5.0).fit(corpus)
    assert (together.components_[:, apart[0]].argmax(axis=0) == 0).all()
    assert (
        TopicModel.from_state(*model.state()).transform(corpus).tobytes()
        == model.transform(corpus).tobytes()
    )


def test_new_documents_are_learned_and_the_unexplained_is_listed(counts):
    model = TopicModel(3, alpha=0.1, eta=0.1, random_state=1).fit(counts)
    before = model.top_words(WORDS, 10)
    new = np.zeros((20, 32), dtype=int)
    new[:, :10] = 2
    new[15:, 30:] = 20  # Two words that the model does not know, in five of the documents.
    model.partial_fit(sparse.csr_matrix(new))
    assert model.n_features_in_ == 32 and model.components_.shape == (3, 32)
    novelty = model.novelty_
    assert novelty.words[:2].tolist() == [30, 31]
    assert set(novelty.documents[:5]) == set(range(15, 20))
    assert 0.3 < novelty.excess < 0.7
    after = model.top_words([*WORDS, "新", "词"], 8)
    kept = [k for k, words in enumerate(after) if "新" not in words]
    assert kept
    assert all(set(after[k][:5]) <= set(before[k]) for k in kept)
    expected = (model.components_ - model.eta_).sum()
    assert np.isclose(expected, counts.sum() + new.sum(), rtol=1e-3)


def test_given_topics_keep_their_numbers_and_new_ones_come_after_them(counts):
    """The earlier model knew two of three topics, the smaller first, and none of ten new words."""
    two = sparse.hstack([counts[:, 10:20], counts[:, :10]], "csr")
    before = TopicModel(2, random_state=1).fit(sparse.vstack([two[0::3], two[1::3][:10]], "csr"))
    known = np.zeros((2, 30))
    known[:, 10:20], known[:, :10] = before.components_[:, :10], before.components_[:, 10:]
    named = [
        set(words)
        for words in TopicModel.from_state(*before.state()).top_words([*WORDS[10:20], *WORDS[:10]])
    ]
    fits = [
        TopicModel(n, start=known, random_state=1, n_jobs=jobs).fit(counts)
        for n, jobs in ((3, 1), (3, 2), (2, 1))
    ]
    assert [set(words) for words in fits[0].top_words(WORDS)] == [*named, set(WORDS[20:])]
    assert fits[0].components_.tobytes() == fits[1].components_.tobytes()
    assert [bool(named[k] & set(words)) for k, words in enumerate(fits[2].top_words(WORDS, 5))] == [
        True,
        True,
    ]
    assert (
        TopicModel.from_state(*fits[0].state()).transform(counts).tobytes()
        == fits[0].transform(counts).tobytes()
    )


def test_perplexity_is_of_the_other_half_of_each_document(model, counts):
    assert 9 < model.perplexity(counts) < 12  # Ten words a topic, all alike.
    worse = TopicModel(3, alpha=0.1, eta=0.1, passes=1, start="random").fit(counts)
    assert worse.perplexity(counts) > model.perplexity(counts)
    with pytest.raises(InputError, match="two tokens"):
        model.perplexity(sparse.csr_matrix(np.eye(30)))


def test_gensim_as_the_engine_finds_the_same_topics(counts):
    model = TopicModel(3, engine="gensim", alpha=0.1, eta=0.1, passes=20, random_state=1).fit(
        counts
    )
    again = TopicModel(3, engine="gensim", alpha=0.1, eta=0.1, passes=20, random_state=1).fit(
        counts
    )
    assert again.components_.tobytes() == model.components_.tobytes()
    topics = {frozenset(words) for words in model.top_words(WORDS, 10)}
    assert topics == {frozenset(WORDS[start : start + 10]) for start in (0, 10, 20)}


def test_a_documents_shares_do_not_depend_on_its_neighbours(model, counts):
    assert np.allclose(model.transform(counts[7:8])[0], model.transform(counts)[7], atol=1e-4)


def test_gensim_model_has_the_same_topics_under_the_same_numbers(model):
    lda = model.to_gensim(WORDS)
    assert np.allclose(lda.get_topics(), model.topic_word_, atol=1e-6)
    assert [[word for word, _ in lda.show_topic(k, 5)] for k in range(3)] == model.top_words(
        WORDS, 5
    )
    assert lda[[(0, 5), (1, 5)]]
    back, words = TopicModel.from_gensim(lda)
    assert words == WORDS and np.allclose(back.topic_word_, model.topic_word_, atol=1e-6)
    assert np.allclose(back.alpha_, model.alpha_)


def test_state_brings_back_the_same_model(model, counts):
    again = TopicModel.from_state(*model.state())
    assert again.transform(counts).tobytes() == model.transform(counts).tobytes()


def test_empty_documents_get_the_prior(model):
    assert np.allclose(model.transform(sparse.csr_matrix((2, 30))), 1 / 3)


def test_progress_reaches_its_end(counts):
    seen = []
    TopicModel(3, passes=4).fit(
        counts, progress=lambda stage, done, total: seen.append((stage, done, total))
    )
    assert seen[-1][0].startswith("topics, perplexity ") and seen[-1][1:] == (4, 4)


def test_wrong_inputs_are_refused(model, counts):
    with pytest.raises(NotFittedError):
        clone(model).transform(counts)
    with pytest.raises(InputError, match="X has 29 features, but TopicModel is expecting 30"):
        model.transform(counts[:, :29])
    with pytest.raises(
        InputError, match="Negative values in data passed to TopicModel: X holds the count -"
    ):
        TopicModel(2).fit(-counts)
    with pytest.raises(InputError, match="holds no word"):
        TopicModel(2).fit(sparse.csr_matrix((3, 4)))
    with pytest.raises(InputError, match="no column of X"):
        TopicModel(2, seeds=[[30]]).fit(counts)
    with pytest.raises(InputError, match="seeds for 3 topics"):
        TopicModel(2, seeds=[[1], [2], [3]]).fit(counts)
    with pytest.raises(InputError, match="above 0"):
        TopicModel(2, alpha=0.0).fit(counts)
    with pytest.raises(InputError, match="3 values, and 2 are wanted"):
        TopicModel(2, alpha=[0.1, 0.1, 0.1]).fit(counts)
    with pytest.raises(InputError, match="unknown"):
        TopicModel(2, engine="lda").fit(counts)
    with pytest.raises(InputError, match="choose from factorised, consensus, random"):
        TopicModel(2, start="nmf").fit(counts)
    with pytest.raises(InputError, match="give 1 to 3 topics × the 30 words"):
        TopicModel(3, start=np.ones((4, 30))).fit(counts)
    with pytest.raises(InputError, match="topics without words"):
        TopicModel(3, start=np.zeros((3, 30))).fit(counts)
    with pytest.raises(InputError, match='need engine = "cvb0"'):
        TopicModel(3, start=np.ones((3, 30)), engine="gensim").fit(counts)
    with pytest.raises(InputError, match="2 words but the model 30"):
        model.top_words(["一", "二"])


def test_short_texts_are_learned_from_words_that_occur_together():
    rng = np.random.default_rng(0)
    counts = np.zeros((900, 60), int)
    for row, text in enumerate(counts):
        topic = row % 6
        text[rng.choice(10, 3, replace=False) + 10 * topic] = 1
    labels = np.arange(900) % 6
    model = TopicModel(6, short_texts=True).fit(counts)
    shares = model.transform(counts)
    agreement = np.zeros((6, 6))
    np.add.at(agreement, (shares.argmax(axis=1), labels), 1)
    assert agreement.max(axis=1).sum() > 850
    facts, arrays = model.state()
    assert facts["short_texts"] is True
    assert np.array_equal(TopicModel.from_state(facts, arrays).transform(counts), shares)
    assert "short_texts" not in TopicModel(2).fit(counts).state()[0]


@pytest.mark.parametrize(
    ("settings", "counts", "message"),
    [
        ({"short_texts": "yes"}, np.eye(4), "short_texts is 'yes'; give True or False"),
        ({"short_texts": True, "engine": "gensim"}, np.eye(4), 'needs engine = "cvb0"'),
        ({"short_texts": True}, np.ones((3, 100)), "100 different words on average"),
    ],
)
def test_short_texts_are_refused_where_they_make_no_sense(settings, counts, message):
    with pytest.raises(InputError, match=message):
        TopicModel(2, **settings).fit(counts)


def test_texts_of_one_word_are_learned_as_they_are():
    assert TopicModel(2, short_texts=True).fit(np.eye(4)).components_.shape == (2, 4)
