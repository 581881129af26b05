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
def test_words_that_stand_together_are_proposed_whole_with_their_evidence(word):
    found = {phrase.word: phrase for phrase in propose_words(_texts(word), Segmenter())}
    assert word in found
    phrase = found[word]
    assert "".join(phrase.parts) == word and phrase.count == 60
    assert phrase.npmi > 0.5 and phrase.left > 2 and phrase.right > 2
    assert Segmenter([UserWord(word)]).segment(f"优化{word}工作") != Segmenter().segment(
        f"优化{word}工作"
    )


def test_half_of_a_longer_word_is_not_proposed():
    found = [phrase.word for phrase in propose_words(_texts("数字经济产业园"), Segmenter())]
    assert "数字经济产业园" in found and "经济产业园" not in found and "数字经济" not in found


def test_words_that_merely_meet_are_not_proposed():
    texts = [f"{a}{b}。" for a in BEFORE for b in AFTER for _ in range(12)]
    assert propose_words(texts, Segmenter()) == []


def test_stop_words_numbers_and_paragraphs_end_a_phrase():
    articles = [Article(headline="营商", paragraphs=("环境",)) for _ in range(40)]
    assert propose_words(articles, Segmenter()) == []
    assert (
        propose_words([f"我们的{BEFORE[n % 6]}三十{AFTER[n % 7]}" for n in range(80)], Segmenter())
        == []
    )


def test_nothing_to_read_proposes_nothing():
    assert propose_words([], Segmenter()) == [] and propose_words(["", "。"], Segmenter()) == []
