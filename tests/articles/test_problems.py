"""Everything wrong with a corpus is listed at once, or left out and counted."""

import json

import pytest

from research import Fields, InputError, read_corpus
from research.articles.problems import PROBLEM_KINDS, REMARK_KINDS, Problems
from research.report.texts import LANGUAGES, text

LONG = "市水务集团三号水厂昨日正式投产，日供水能力达到十万吨，城东三个街道的居民用上了新水源。"


def _write(path, *rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def test_all_bad_rows_are_listed_by_kind_with_their_first_places(tmp_path):
    path = tmp_path / "a.jsonl"
    good = '{"text": "好", "date": "2023-01-05"}\n'
    bad = ['{"text": ""}\n', '{"text": "好", "date": "2023-02-30"}\n', "不是对象\n"]
    path.write_text(good + "".join(bad) * 8 + good, "utf-8")
    with pytest.raises(InputError) as caught:
        read_corpus(path)
    lines = str(caught.value).splitlines()
    assert lines[0].startswith(f"{path}:2: no text")
    assert lines[1] == "  and 7 more such rows: 5, 8, 11, 14, 17 …"
    assert lines[2].startswith(f"{path}:3: '2023-02-30' is impossible")
    assert lines[4].startswith(f"{path}:4: not JSON")
    assert "24 bad rows in all" in lines[-1] and 'on_bad_row = "skip"' in lines[-1]


def test_bad_rows_are_left_out_with_a_warning_that_counts_them(tmp_path):
    path = _write(tmp_path / "a.jsonl", {"text": "好"}, {"text": ""}, {"text": ""}, {"text": "又"})
    with pytest.warns(UserWarning, match=r"2 rows left out \(2, 3\): no text"):
        articles = read_corpus(path, on_bad_row="skip")
    assert [article.text for article in articles] == ["好", "又"]
    problems = Problems()
    read_corpus(path, on_bad_row="skip", problems=problems)
    assert [(row.kind, row.place) for row in problems.rows] == [("no_text", "2"), ("no_text", "3")]


def test_one_row_may_have_several_problems(tmp_path):
    path = _write(tmp_path / "a.jsonl", {"text": "", "date": "2023-13-01", "section": "副刊"})
    with pytest.raises(InputError) as caught:
        read_corpus(path)
    for says in ("no text", "no month 13", "section '副刊' is not one of"):
        assert says in str(caught.value)


@pytest.mark.parametrize("name", ["text", "headline", "date", "section", "page", "source", "id"])
def test_a_field_that_no_row_has_is_an_error_with_the_names_that_rows_have(tmp_path, name):
    path = _write(tmp_path / "a.jsonl", {"title": "水厂投产", "content": LONG}, {"content": LONG})
    with pytest.raises(InputError, match=r"no row has the field 'contents?2'") as caught:
        read_corpus(path, Fields(**{name: "content2"}), on_bad_row="skip")
    assert "the rows have title, content (did you mean 'content'?)" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_field_that_some_row_has_is_no_error(tmp_path):
    path = _write(tmp_path / "a.jsonl", {"text": LONG}, {"text": LONG, "Rubrik ": "环保"})
    assert read_corpus(path, Fields(section="rubrik"))[1].section == "环保"


@pytest.mark.parametrize("name", ["报道详情", "story_html", "摘要与全文"])
def test_a_long_field_that_is_not_read_is_named(tmp_path, name):
    rows = [{"title": "水厂投产", name: LONG, "url": "http://example.org/" + "a" * 200}] * 3
    path = _write(tmp_path / "a.jsonl", *rows)
    with pytest.raises(InputError, match=f"Chinese characters in '{name}', which is not read"):
        read_corpus(path)
    assert read_corpus(path, Fields(text=name))[0].text == LONG
    problems = Problems()
    assert read_corpus(path, Fields(text=""), problems=problems)[0].text == ""
    assert [(r.kind, r.number) for r in problems.remarks] == [("without_text", 3)]


@pytest.mark.parametrize(
    "names",
    [
        ("文章标题", "稿件内容", "版面", "栏目"),
        ("標題", "內容", "版次", "類別"),
        ("Title", "Full Text", "Page No.", "Label"),
        (" 题 目 ", "* 正文（必填）", "版号：", "分类"),
        ("新聞標題", "新聞內容", "版號", "標籤"),
        ("ARTICLE_TITLE", "article_body", "page", "Category"),
    ],
)
def test_usual_names_in_both_scripts_and_any_spelling(tmp_path, names):
    path = _write(
        tmp_path / "a.jsonl", dict(zip(names, ["水厂", LONG, "A04", "民生"], strict=True))
    )
    (article,) = read_corpus(path)
    assert (article.headline, article.text, article.pages, article.section) == (
        "水厂",
        LONG,
        (4,),
        "民生",
    )


def test_a_guessed_label_is_a_section_only_where_it_is_one(tmp_path):
    path = _write(
        tmp_path / "a.jsonl", {"text": LONG, "栏目": "副刊"}, {"text": LONG, "栏目": "环保"}
    )
    problems = Problems()
    sections = [article.section for article in read_corpus(path, problems=problems)]
    assert sections == [None, "环保"]
    assert [(remark.kind, remark.places) for remark in problems.remarks] == [
        ("other_label", ("1",))
    ]
    assert read_corpus(path, labels={"副刊": "其他"})[0].section == "其他"
    with pytest.raises(InputError, match=r":1: section '副刊' is not one of"):
        read_corpus(path, require=["section"])


def test_labels_that_are_numbers_can_be_mapped(tmp_path):
    path = _write(tmp_path / "a.jsonl", {"text": "好", "label": 1}, {"text": "又", "label": 2.0})
    articles = read_corpus(path, labels={"1": "政务", "2": "环保"})
    assert [article.section for article in articles] == ["政务", "环保"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["一段。", "二段。"], "一段。\n二段。"),
        ([["一段。"], None, ["二段。", ""]], "一段。\n二段。"),
        ([{"type": "p", "text": "一段。"}, {"type": "img", "src": "a.png"}], "一段。"),
        (20230105, "20230105"),
    ],
)
def test_a_text_may_be_a_list_of_paragraphs(tmp_path, value, expected):
    assert read_corpus(_write(tmp_path / "a.jsonl", {"text": value}))[0].text == expected


@pytest.mark.parametrize(
    "date",
    [
        {"$date": "2023-01-05T08:00:00Z"},
        {"$date": 1672905600000},
        {"$date": {"$numberLong": "1672905600000"}},
        ["2023年1月5日"],
    ],
)
def test_dates_and_ids_as_mongo_writes_them(tmp_path, date):
    row = {"_id": {"$oid": "63b6"}, "text": "好", "date": date, "page": {"$numberInt": "4"}}
    (article,) = read_corpus(_write(tmp_path / "a.jsonl", row))
    assert (article.id, article.date) == ("63b6", "2023-01-05")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_problem_has_words_in_both_languages(language):
    for kind in PROBLEM_KINDS + REMARK_KINDS:
        assert text(language, f"reading.{kind}")
