from hypothesis import given
from hypothesis import strategies as st

from research import near_duplicates
from research.articles.near_duplicates import near_duplicate_groups


def test_near_identical_texts_are_found_across_sides_and_others_are_not():
    story = (
        "昨日上午，市图书馆新馆在河东路开门迎客，首日接待读者三千余人，少儿阅览区座无虚席，志愿者引导排队。"
        * 2
    )
    other = (
        "省青年篮球联赛第九轮昨晚战罢，主队末节连得十一分完成逆转，三千名球迷见证了这场久违的胜利，全场沸腾。"
        * 2
    )
    pairs = near_duplicates(
        [other, story, ""], [story.replace("三千余", "四千余", 1).replace("，", " "), "", "一"]
    )
    assert [(pair.left, pair.right) for pair in pairs] == [(1, 0)]
    assert 0.8 <= pairs[0].similarity < 1


def test_wire_copy_comes_in_groups_and_what_stands_alone_in_none():
    story = (
        "昨日上午，市图书馆新馆在河东路开门迎客，首日接待读者三千余人，少儿阅览区座无虚席，志愿者引导排队。"
        * 2
    )
    other = (
        "省青年篮球联赛第九轮昨晚战罢，主队末节连得十一分完成逆转，三千名球迷见证了这场久违的胜利，全场沸腾。"
        * 2
    )
    texts = [
        other,
        story,
        "",
        story.replace("，", " "),
        "一",
        story.replace("三千余", "四千余", 1),
        "",
        other + "！",
    ]
    assert near_duplicate_groups(texts) == [[0, 7], [1, 3, 5]]
    assert near_duplicate_groups([]) == near_duplicate_groups(["", "", "。"]) == []


@given(
    st.lists(st.text("市委今天召开会议研究部署", min_size=30, max_size=60), max_size=6),
    st.integers(0, 5),
)
def test_an_exact_copy_is_always_found(texts, which):
    texts = [*texts, "某日某地某事某人说某话，某报记者某某报道某某消息如下，全文完毕。"]
    copied = texts[which % len(texts)]
    groups = near_duplicate_groups([*texts, copied])
    assert any(len(texts) in group for group in groups)
    assert all(group == sorted(set(group)) for group in groups)
