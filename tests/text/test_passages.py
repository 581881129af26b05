"""Which words of an article count: its parts, its passages, the cap on one article."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from research import Article, InputError, Segmenter, count_words
from research.text.cap import trained_passages
from research.text.passages import Counting, count_passages
from research.text.vocabulary import WordLimits, learn_passages

SEGMENTER = Segmenter(min_length=2)
ARTICLE = Article(headline="污染 治理", paragraphs=("投资 签约", "学校 开学", "污染 监测"))
WORDS = ["学校", "投资", "污染", "监测"]
ALL = WordLimits(min_df=1, max_df=1.0, max_words=1000)


def _counts(counting, article=ARTICLE):
    return count_passages([article], SEGMENTER, WORDS, counting).by_article().toarray()[0].tolist()


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ({}, [1, 1, 2, 1]),
        ({"headline": 1, "body": 1}, [1, 1, 2, 1]),
        ({"headline": 3, "body": 1}, [1, 1, 4, 1]),
        ({"headline": 2}, [0, 0, 2, 0]),
        ({"lead": 2, "body": 0.5}, [0.5, 2, 0.5, 0.5]),
        ({"lead": 1}, [0, 1, 0, 0]),
        ({"body": 1, "lead": 0}, [1, 0, 1, 1]),
    ],
)
@pytest.mark.parametrize("passage_words", [None, 2])
def test_a_part_counts_as_often_as_its_weight(weights, expected, passage_words):
    assert _counts(Counting(weights, passage_words)) == expected


def test_a_plain_text_is_a_body():
    assert _counts(Counting({"headline": 5, "body": 2}), "投资\n学校") == [2, 2, 0, 0]
    assert _counts(Counting({"headline": 5}), "投资\n学校") == [0, 0, 0, 0]


LINES = st.lists(st.text("投资签约学校开学污染 ，。\n", max_size=40), max_size=6)


@given(LINES, st.integers(1, 9))
@settings(max_examples=60, deadline=None)
def test_passages_hold_the_words_of_their_article_in_order_and_no_more(paragraphs, passage_words):
    article = Article(headline="污染", paragraphs=tuple(paragraphs))
    passages = count_passages([article, "学校"], SEGMENTER, WORDS, Counting({}, passage_words))
    whole = count_words([article, "学校"], SEGMENTER, WORDS)
    assert (passages.by_article() != whole).nnz == 0
    assert set(passages.article_of.tolist()) == {0, 1}
    assert np.all(np.diff(passages.article_of) >= 0)


def test_passages_are_whole_lines_of_about_the_length():
    lines = ["投资 签约 项目"] * 40 + ["污染 监测 治理"] * 40
    article = Article(paragraphs=tuple(lines))
    counts = count_passages([article], SEGMENTER, ["投资", "污染"], Counting({}, 60)).counts
    assert counts.toarray().tolist() == [[20, 0], [20, 0], [0, 20], [0, 20]]


def test_a_line_longer_than_a_passage_is_cut():
    article = Article(paragraphs=(" ".join(["投资"] * 200 + ["污染"] * 200),))
    counts = count_passages([article], SEGMENTER, ["投资", "污染"], Counting({}, 100)).counts
    assert counts.toarray().tolist() == [[100, 0], [100, 0], [0, 100], [0, 100]]


def test_shares_of_an_article_weigh_its_passages_by_their_known_words():
    article = Article(paragraphs=(" ".join(["投资"] * 30), " ".join(["污染"] * 10), "无 关"))
    passages = count_passages(["", article], SEGMENTER, ["投资", "污染"], Counting({}, 20))
    shares = np.zeros((len(passages.article_of), 2))
    shares[:, 1] = passages.counts.toarray()[:, 1] > 0
    shares[:, 0] = 1 - shares[:, 1]
    together = passages.article_shares(shares)
    assert together.sum(axis=1) == pytest.approx([1, 1])
    assert together[0].tolist() == [1, 0]  # An article without a word has the prior's shares.


def test_copies_count_once_for_the_words_that_stay():
    articles = ["投资 学校"] * 5 + ["污染 学校", "污染 监测"]
    limits = WordLimits(min_df=2, max_df=1.0, max_words=10)
    once = learn_passages(articles, SEGMENTER, Counting(), limits, np.array([0, 5, 6]))
    assert once.vocabulary == ["学校", "污染"]
    assert once.passages.counts.shape[0] == 7
    assert "投资" in learn_passages(articles, SEGMENTER, Counting(), limits).vocabulary


def test_stop_words_of_the_experiment_are_left_out_and_counted():
    limits = WordLimits(1, 1.0, 10, frozenset({"污染", "晴天"}))
    learned = learn_passages(["污染 污染 监测", "污染"], SEGMENTER, Counting(), limits)
    assert learned.vocabulary == ["监测"]
    assert (learned.stopped_words, learned.stopped_tokens) == (1, 3)
    with pytest.raises(InputError, match="1 of them stop words"):
        learn_passages(["污染"], SEGMENTER, Counting(), limits)


@pytest.mark.parametrize("passage_words", [None, 50])
@pytest.mark.parametrize("cap", ["auto", 40])
def test_one_long_article_counts_no_more_than_the_cap(passage_words, cap):
    articles = ["投资 签约 学校 监测 治理"] * 30 + [" ".join(["污染"] * 40_000)]
    limits = WordLimits(1, 1.0, 100, cap=cap)
    learned = learn_passages(articles, SEGMENTER, Counting({}, passage_words), limits)
    assert learned.cap.articles.tolist() == [30] and learned.cap.lengths.tolist() == [40_000]
    assert learned.cap.words == (15 if cap == "auto" else 40)
    documents = trained_passages(learned.passages, np.arange(31), learned.cap)
    column = learned.vocabulary.index("污染")
    assert documents.counts[:, column].sum() == pytest.approx(learned.cap.words, rel=0.01)
    assert documents.counts.shape[0] == 31


def test_words_of_one_long_article_do_not_push_others_out_of_the_vocabulary():
    rare = [f"A{letter}" for letter in "bcdefghij"]
    articles = ["投资 签约 学校"] * 20 + [" ".join(rare)] * 2 + [" ".join(rare * 900)]
    limits = WordLimits(min_df=2, max_df=1.0, max_words=3, cap="auto")
    vocabulary = learn_passages(articles, SEGMENTER, Counting(), limits).vocabulary
    assert vocabulary == ["学校", "投资", "签约"]
    assert "ab" in learn_passages(articles, SEGMENTER, Counting(), ALL).vocabulary


def test_a_common_word_is_judged_by_articles_not_by_the_passages_of_one():
    articles = ["学校 投资"] * 9 + ["\n".join(["污染 监测"] * 500)]
    limits = WordLimits(min_df=1, max_df=0.5, max_words=10)
    learned = learn_passages(articles, SEGMENTER, Counting({}, 20), limits)
    assert learned.vocabulary == ["污染", "监测"]
