import json

import pytest
from conftest import PROJECT
from hypothesis import given, settings
from hypothesis import strategies as st

from research import InputError, Segmenter
from research.text.segmenter import (
    UserWord,
    default_stop_words,
    default_words,
    read_stop_words,
    read_user_dictionary,
)

SAMPLE = [
    json.loads(line)["text"]
    for line in (PROJECT / "data/articles.jsonl").read_text("utf-8").splitlines()
]
ODD = [
    "3-7天内降温8.5℃，a.com、b_c.jpg和T-shirt打9.9折，PM2.5为35μg/m³。",
    "ＡＩ企业２０２３年营收１．５亿元（同比＋12%）",
    "C++、AT&T、Wi-Fi 6，5G+工业互联网 #标签# @用户",
    "繁體中文與简体混排，𠮷野家，①②③Ⅳ",
    "",
    " \n\t　",
]
WORDS = [
    UserWord("双招双推"),
    UserWord("豫农优品", 50_000, "nz"),
    UserWord("生态环境局"),
    UserWord("PM2.5"),
    UserWord("5g-a"),
]


@pytest.mark.parametrize("words", [[], WORDS], ids=["plain", "user dictionary"])
def test_rjieba_gives_jiebas_own_tokens(words):
    fast, slow = Segmenter(words), Segmenter(words, engine="jieba")
    for text in (
        SAMPLE + ODD + ["双招双推大会上，豫农优品亮相，生态环境局发布PM2.5数据，5G-A基站建成。"]
    ):
        assert fast.cut(text) == slow.cut(text)


SLOW, FAST = Segmenter(engine="jieba"), Segmenter()


@settings(max_examples=300, deadline=None)
@given(
    st.text(
        st.sampled_from("市政府招商环保民生的了在上下一二三1290.-_%+#&@ aZbQ：，。/（）𠮷é"),
        max_size=40,
    )
)
def test_rjieba_gives_jiebas_own_tokens_on_any_text(text):
    assert FAST.cut(text) == SLOW.cut(text)


def test_a_user_word_stays_whole_and_in_its_own_segmenter():
    text = "全市双招双推大会昨日召开"
    assert "双招双推" in Segmenter([UserWord("双招双推")]).segment(text)
    assert "双招双推" not in Segmenter().segment(text)


def test_numbers_latin_and_short_words_are_dropped_as_set():
    text = "２０２３年，三十 家AI企业投资1.5亿元，5G基站启用"
    assert Segmenter([], []).segment(text) == [
        "年",
        "家",
        "ai",
        "企业",
        "投资",
        "亿元",
        "5g",
        "基站",
        "启用",
    ]
    assert {"2023", "三十", "1.5"} <= set(Segmenter([], [], numbers=True).segment(text))
    assert Segmenter([], [], latin=False, min_length=2).segment(text) == [
        "企业",
        "投资",
        "亿元",
        "基站",
        "启用",
    ]


@pytest.mark.parametrize("engine", ["rjieba", "jieba"])
def test_addresses_are_no_words_and_do_not_move_the_words_beside_them(engine):
    segmenter = Segmenter(engine=engine)
    text = "水库http://www.a-b.gov.cn/zw/1.html?x=1，来信zhang.li@163.com，WWW.News.cn学校5G@"
    assert segmenter.segment(text) == ["水库", "来信", "学校", "5g"]
    words = [text[begin:end] for _, begin, end in segmenter.places(text)]
    assert words == ["水库", "来信", "学校", "5G"]


def test_stop_words_are_the_default_or_the_users():
    assert Segmenter().segment("市民的满意是在的") == ["市民", "满意"]
    assert Segmenter(stop_words=["市民"]).segment("市民的满意") == ["的", "满意"]


def test_shipped_stop_words_spare_the_words_that_carry_news():
    words = default_stop_words()
    assert len(words) > 500
    assert not words & {
        "企业",
        "项目",
        "环境",
        "医院",
        "学校",
        "投资",
        "污染",
        "市委",
        "群众",
        "政府",
    }


def test_state_brings_back_the_same_segmenter():
    one = Segmenter(WORDS, ["的"], numbers=True, min_length=2)
    other = Segmenter.from_state(json.loads(json.dumps(one.state())))
    assert [one.segment(text) for text in SAMPLE[:20] + ODD] == [
        other.segment(text) for text in SAMPLE[:20] + ODD
    ]


def test_dictionaries_and_stop_words_are_read_from_files(tmp_path):
    path = tmp_path / "words.txt"
    path.write_bytes(
        "# 本市专名\n双招双推\n营商环境 8000\n市民之家 300 ns  # 大厅\n沙澧河 ns\n".encode(
            "gb18030"
        )
    )
    assert read_user_dictionary(path) == [
        UserWord("双招双推"),
        UserWord("营商环境", 8000),
        UserWord("市民之家", 300, "ns"),
        UserWord("沙澧河", tag="ns"),
    ]
    path.write_text("的 了\n# 注\n是\n", "utf-8")
    assert read_stop_words(path) == {"的", "了", "是"}


def test_a_bad_dictionary_line_is_named(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("双招双推\n营商 环境 n 3\n", "utf-8")
    with pytest.raises(InputError, match=r"words\.txt:2: "):
        read_user_dictionary(path)


def test_words_of_news_that_ship_stand_whole():
    tokens = Segmenter(default_words(), []).cut("党的十九大以来，乡村振兴与一带一路")
    assert {"党的十九大", "乡村振兴", "一带一路"} <= set(tokens)
    words = [word.word for word in default_words()]
    assert len(words) == len(set(words)) and all(2 <= len(word) <= 12 for word in words)
