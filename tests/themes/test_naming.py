import numpy as np
import pytest

from research import InputError
from research.themes.curation import CurationEntry, read_curation
from research.themes.headline_names import propose_names
from research.themes.naming import GivenName, TopicName, name_topics, place_names
from research.themes.relevance import relevant_words


def test_relevance_prefers_words_that_set_a_topic_apart():
    topic_word = np.array([[0.5, 0.4, 0.1, 0.0001], [0.5, 0.0001, 0.0001, 0.5]])
    topic_word /= topic_word.sum(axis=1, keepdims=True)
    share = topic_word.mean(axis=0)
    assert relevant_words(topic_word, share, 2).tolist() == [[1, 0], [3, 0]]
    assert relevant_words(topic_word, share, 2, weight=1.0)[0].tolist() == [0, 1]
    assert relevant_words(topic_word, share, 2, weight=0.0)[0].tolist() == [1, 2]


def test_names_are_phrases_that_a_topics_headlines_have_and_others_have_not():
    headlines = [["项目", "签约"], ["医保", "门诊"], ["项目", "开工"], ["医保", "门诊"]] * 5
    shares = np.array([[0.9, 0.1], [0.1, 0.9]] * 10)
    vocabulary = ["项目", "签约", "开工", "医保", "门诊"]
    topic_word = np.array([[0.4, 0.3, 0.2, 0.05, 0.05], [0.05, 0.05, 0.1, 0.4, 0.4]])
    assert propose_names(headlines, shares, topic_word, vocabulary) == ["项目", "医保门诊"]
    assert propose_names([["甲"]], np.array([[1.0, 0.0]]), topic_word, vocabulary) == ["", ""]


def test_how_many_of_something_is_no_name():
    headlines = [["下午", "四点", "老街"], ["三天", "门诊"]] * 10
    shares = np.array([[0.9, 0.1], [0.1, 0.9]] * 10)
    topic_word = np.array([[0.6, 0.01, 0.3, 0.09], [0.01, 0.6, 0.09, 0.3]])
    assert propose_names(headlines, shares, topic_word, ["四点", "三天", "老街", "门诊"]) == [
        "老街",
        "门诊",
    ]


def test_a_name_is_of_words_that_the_articles_of_its_topic_use():
    # Each headline of the water begins with the column's name, which its articles never hold.
    headlines = [["记者调查", "水库"], ["医保"]] * 10
    shares = np.array([[0.9, 0.1], [0.1, 0.9]] * 10)
    fillers = [f"词{i}" for i in range(40)]
    water, insurance, column = [0.2, 0.001, 0.0001], [0.001, 0.2, 0.0001], 0.02
    topic_word = np.array([[*water, *[column] * 40], [*insurance, *[column] * 40]])
    assert propose_names(headlines, shares, topic_word, ["水库", "医保", "记者调查", *fillers]) == [
        "水库",
        "医保",
    ]


def test_a_name_stays_while_it_is_of_its_topics_words():
    headlines = [["签约", "项目"], ["医保"]] * 10
    shares = np.array([[0.9, 0.1], [0.1, 0.9]] * 10)
    vocabulary = ["项目", "签约", "医保", *(f"词{i}" for i in range(60))]
    topic_word = np.full((2, 63), 0.01)
    topic_word[0, :2] = topic_word[1, 2] = 0.2
    topic_word[1, :2] = topic_word[0, 2] = 0.0001
    named = lambda earlier: propose_names(  # noqa: E731
        headlines, shares, topic_word, vocabulary, earlier
    )
    assert named({}) == ["签约项目", "医保"]
    assert named({0: "项目", 1: "签约"}) == ["项目", "医保"]  # 签约 is no word of topic 1.


def test_names_given_by_hand_find_their_topics_by_words():
    topic_word = np.array([[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]])
    given = [
        GivenName(name="水", words=("河",)),
        GivenName(name="路", words=("桥", "无")),
        GivenName(name="无", words=("没有",)),
    ]
    assert place_names(given, topic_word, ["山", "桥", "河"]) == ({2: "水", 1: "路"}, ["无"])
    even = np.full((2, 2), 0.5)
    assert place_names([GivenName(name="水", words=("河",))], even, ["山", "河"]) == ({}, ["水"])


def test_a_names_file_says_what_is_wrong_in_it(tmp_path):
    path = tmp_path / "names.toml"
    path.write_text('[[topic]]\nname = "水"\nwords = ["河"]\n', "utf-8")
    assert read_curation(path).topic == (CurationEntry(name="水", words=("河",)),)
    path.write_text('[[topic]]\nname = "水"\nword = ["河"]\n', "utf-8")
    with pytest.raises(InputError, match=r"names.toml:\d+: .*unknown key"):
        read_curation(path)


def test_a_name_by_hand_goes_before_one_from_the_headlines():
    earlier = {
        0: TopicName("老水", "hand"),
        1: TopicName("老路", "hand"),
        2: TopicName("头条", "headlines"),
        3: TopicName("水", "hand"),
    }
    assert name_topics({0: "水"}, earlier, ["一", "二", "三", "四"]) == [
        ("水", "hand"),
        ("老路", "hand"),
        ("三", "headlines"),
        ("四", "headlines"),  # 水 is given to topic 0 now.
    ]
