from itertools import cycle, islice

import pytest

from research import Article, Segmenter, propose_words
from research.text.segmenter import UserWord

BEFORE = ["持续", "大力", "不断", "全面", "深入", "积极"]
AFTER = ["建设", "改革", "调研", "宣传", "会议", "服务", "成效"]


def _texts(word, n=60):
    before, after = islice(cycle(BEFORE), n), islice(cycle(AFTER), n)
    return [
        f"{first}{word}{last}，共有{i}人参加。"
        for i, (first, last) in enumerate(zip(before, after, strict=True))
    ]


@pytest.mark.parametrize("word", ["营商环境", "乡村振兴", "主题教育", "双招双引"])
def test_words_that_occur_side_by_side_are_proposed_whole_with_their_evidence(word):
    proposals = propose_words(_texts(word), Segmenter())
    new_words = {new_word.word: new_word for new_word in proposals}
    assert word in new_words
    new_word = new_words[word]
    assert "".join(new_word.parts) == word
    assert new_word.count == 60
    assert new_word.npmi > 0.5
    assert new_word.left > 2
    assert new_word.right > 2
    sentence = f"优化{word}工作"
    with_word = Segmenter([UserWord(word)])
    assert with_word.segment(sentence) != Segmenter().segment(sentence)


def test_half_of_a_longer_word_is_not_proposed():
    proposals = propose_words(_texts("数字经济产业园"), Segmenter())
    words = [new_word.word for new_word in proposals]
    assert "数字经济产业园" in words
    assert "经济产业园" not in words
    assert "数字经济" not in words


def test_words_that_are_neighbours_by_chance_are_not_proposed():
    texts = [f"{a}{b}。" for a in BEFORE for b in AFTER for _ in range(12)]
    assert propose_words(texts, Segmenter()) == []


def test_a_new_word_has_no_stop_word_number_or_end_of_a_paragraph():
    articles = [Article(headline="营商", paragraphs=("环境",)) for _ in range(40)]
    assert propose_words(articles, Segmenter()) == []
    texts = [f"我们的{BEFORE[n % 6]}三十{AFTER[n % 7]}" for n in range(80)]
    assert propose_words(texts, Segmenter()) == []


def test_nothing_to_read_proposes_nothing():
    assert propose_words([], Segmenter()) == []
    assert propose_words(["", "。"], Segmenter()) == []
