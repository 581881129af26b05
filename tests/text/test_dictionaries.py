"""Words that jieba would cut apart stay whole, whatever they hold; what can never match is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research import InputError, Segmenter
from research.text.segmenter import UserWord, read_user_dictionary

DICTIONARY = """词语,词频,词性
Color OS
New York Times\t500\tnz
双招双推,500,n
营商环境，8000
（双碳）战略
𠮷野家   300
鸿蒙·智行 nz
C# 100
"Wi-Fi 7"
市民之家 \t 300 ,ns  # 大厅
㐂堂𱁬
"""


@pytest.fixture
def dictionary(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text(DICTIONARY, "utf-8")
    return path


def test_entries_stand_between_spaces_tabs_or_commas(dictionary):
    assert read_user_dictionary(dictionary) == [
        UserWord("Color OS"),
        UserWord("New York Times", 500, "nz"),
        UserWord("双招双推", 500),
        UserWord("营商环境", 8000),
        UserWord("(双碳)战略"),
        UserWord("𠮷野家", 300),
        UserWord("鸿蒙·智行", tag="nz"),
        UserWord("C#", 100),
        UserWord("Wi-Fi 7"),
        UserWord("市民之家", 300, "ns"),
        UserWord("㐂堂𱁬"),
    ]


@pytest.mark.parametrize("engine", ["rjieba", "jieba"])
@pytest.mark.parametrize(
    ("text", "word", "written"),
    [
        ("发布Color OS系统", "color os", "Color OS"),
        ("发布ＣＯＬＯＲ　ＯＳ系统", "color os", "ＣＯＬＯＲ　ＯＳ"),
        ("据New York Times报道", "new york times", "New York Times"),
        ("推进（双碳）战略落地", "(双碳)战略", "（双碳）战略"),
        ("去𠮷野家吃饭", "𠮷野家", "𠮷野家"),
        ("试驾鸿蒙•智行汽车", "鸿蒙·智行", "鸿蒙•智行"),
        ("学习c#语言", "c#", "c#"),
        ("支持Wi-Fi 7网络", "wi-fi 7", "Wi-Fi 7"),
        ("老店㐂堂𱁬开业", "㐂堂𱁬", "㐂堂𱁬"),
    ],
)
def test_words_with_marks_match_and_keep_their_places(dictionary, engine, text, word, written):
    segmenter = Segmenter(dictionary, engine=engine)
    assert word in segmenter.segment(text)
    places = {token: text[begin:end] for token, begin, end in segmenter.places(text)}
    assert places[word] == written


def test_a_word_does_not_match_inside_a_longer_latin_word():
    segmenter = Segmenter(["Color OS", "App"])
    assert segmenter.segment("Apple的MyColor OSX") == ["apple", "mycolor", "osx"]


@given(st.text("安格拉Color OS·（双碳）战略市长 了a", max_size=30))
def test_tokens_join_to_the_text(text):
    assert "".join(WHOLE.cut(text)) == "".join(PLAIN.cut(text))


WHOLE, PLAIN = Segmenter(["Color OS", "（双碳）战略", "安格·拉"]), Segmenter()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("总统弗拉基米尔·普京表示", "弗拉基米尔·普京"),
        ("总统约瑟夫·拜登特别代表", "约瑟夫·拜登"),
        ("球员穆罕默德·萨拉赫打进一球", "穆罕默德·萨拉赫"),
        ("教授史蒂芬•霍金去世", "史蒂芬·霍金"),
        ("J·K·罗琳的新书", "j·k·罗琳"),
        ("在柏林安格拉·默克尔说", "安格拉·默克尔"),
        ("努尔·白克力主持会议", "努尔·白克力"),
        ("哈利·波特与魔法石", "哈利·波特"),
    ],
)
@pytest.mark.parametrize("engine", ["rjieba", "jieba"])
def test_names_with_an_interpunct_stay_whole_without_a_dictionary(text, name, engine):
    assert name in Segmenter(engine=engine).segment(text)


@pytest.mark.parametrize("text", ["中国·栖川食品博览会", "新闻·综合", "春·夏·秋·冬", "2023·秋"])
def test_an_interpunct_between_other_words_makes_no_name(text):
    assert not any("·" in token for token in Segmenter().segment(text))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("……", "no letter"),
        ("好词 0", "frequency is 0"),
        ("营商 环境 n 3", "not 'word"),
        ("字" * 80, "80 characters"),
    ],
)
def test_entries_that_are_none_are_listed_with_their_lines(tmp_path, line, reason):
    path = tmp_path / "words.txt"
    path.write_text(f"好词\n{line}\n坏词 0\n", "utf-8")
    with pytest.raises(InputError) as caught:
        read_user_dictionary(path)
    first, second = str(caught.value).splitlines()
    assert f"{path}:2: " in first and reason in first and f"{path}:3: " in second


def test_words_that_can_never_match_are_told():
    words = ["好词", "的", "12345", "http://a.b/c", UserWord("在了", 1)]
    with pytest.warns(UserWarning, match="4 user words can never match") as caught:
        Segmenter(words)
    (warning,) = caught
    assert "'的'" in str(warning.message) and "leave the number out" in str(warning.message)


def test_stop_words_and_user_words_are_given_by_path(tmp_path):
    stop_words = tmp_path / "stop"
    stop_words.write_text("市民\n", "utf-8")
    for path in (stop_words, str(stop_words)):
        assert Segmenter(stop_words=path).segment("市民的满意") == ["的", "满意"]
    with pytest.raises(InputError, match="no such file"):
        Segmenter(stop_words=str(tmp_path / "none"))


def test_traditional_texts_are_read_in_simplified_characters_at_their_places():
    text = "環境保護局長視察乾隆年間的水庫，麵粉裡有問題。"
    simplified = "环境保护局长视察乾隆年间的水库，面粉里有问题。"
    assert Segmenter().segment(text) == Segmenter().segment(simplified)
    places = [(begin, end) for _, begin, end in Segmenter().places(text)]
    assert places == [(begin, end) for _, begin, end in Segmenter().places(simplified)]
    assert "環境" in Segmenter(traditional="keep").segment(text)
    assert Segmenter(["環保局長"]).segment("環保局長視察") == ["环保局长", "视察"]


@pytest.mark.parametrize(
    "text", ["毕昇发明活字", "题为《後漢書》的讲座", "乾隆年间，著名学者", "市长李昇", ""]
)
def test_simplified_texts_stay_as_they_are(text):
    assert Segmenter([], []).cut(text) == Segmenter([], [], traditional="keep").cut(text)


def test_the_setting_comes_back_with_the_state():
    kept = Segmenter(traditional="keep")
    assert Segmenter.from_state(kept.state()).traditional == "keep"
    assert "traditional" not in Segmenter().state()


def test_a_latin_word_before_a_small_number_is_warned_of(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text('Wi-Fi 6\nColor OS 300\n"iPhone 15"\n水厂 5\n', "utf-8")
    with pytest.warns(UserWarning, match=r"words\.txt:1: 'Wi-Fi 6': read as a word and its freq"):
        words = read_user_dictionary(path)
    assert [word.word for word in words] == ["Wi-Fi", "Color OS", "iPhone 15", "水厂"]
