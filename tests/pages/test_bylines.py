"""Bylines as papers print them, in the bodies of articles."""

import pytest

from research.pages.marks.bylines import people_in, take_byline_lines, take_bylines

BODY = "全市水利工程建设推进会在栖川召开，会议要求加快进度。"


def without_bylines(*texts):
    left, lines = take_byline_lines(list(texts))
    left, lead, name = take_bylines(left)
    return left, [*lines, *filter(None, (lead, name))]


@pytest.mark.parametrize(
    "byline",
    [
        "本报记者闫景 徐子昕报道",
        "栖川青年报·栖青在线记者 李超",
        "记者 王建国 李静 文 张伟 图",
        "记者 王建国/文 李静/图",
        "撰文/摄影 张伟",
        "整理/本报记者 王建国",
        "编译 王建国",
        "作者：李静",
        "王建国 栖川晚报记者",
        "本报评论员",
    ],
)
def test_a_paragraph_of_names_and_roles_is_a_byline(byline):
    assert without_bylines(byline, BODY, BODY) == ([BODY, BODY], [byline])


@pytest.mark.parametrize(
    "lead",
    [
        "【本报讯】",
        "[本报讯]（记者 王建国）",
        "讯（记者 王建国）",
        "栖川晚报讯 记者李静、通讯员王建国报道：",
        "本报石门讯 记者李静报道 ",
        "栖川日报石门讯（记者 李静）",
    ],
)
def test_a_lead_is_taken_off_the_text(lead):
    left, bylines = without_bylines(lead + BODY, BODY)
    assert left == [BODY, BODY]
    assert bylines == [lead.strip("： ")]


@pytest.mark.parametrize("tail", ["王建国 李静", "文/王建国", "文 王建国 图 李静"])
def test_names_in_brackets_end_a_text(tail):
    assert without_bylines(BODY, f"{BODY}（{tail}）") == ([BODY, BODY], [tail])


@pytest.mark.parametrize(
    "text",
    ["记者 手记", "记者从市水利局获悉，今年汛期提前。", "（作者系栖川大学教授）", "整理 归档"],
)
def test_other_paragraphs_stay(text):
    assert without_bylines(text, BODY) == ([text, BODY], [])


def test_names_of_people_in_a_byline():
    assert people_in("本报讯（记者李静 通讯员 王建国）") == {"李静", "王建国"}
