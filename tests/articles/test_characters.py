"""Characters that cannot be read are taken out of what is read, and counted."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research import read_corpus, split_archive
from research.articles.characters import heal
from research.articles.problems import Problems

JUNK = "\0\x08\x7f\u00ad\u200b\u200d\u2060\u202e\ufeff\ufe0f\ue123\U000f1234\ud83d\udc00\uffff"


@given(st.lists(st.sampled_from([*"水库加固a1，。\n", *JUNK]), max_size=30))
def test_a_text_is_the_same_with_and_without_what_cannot_be_read(characters):
    text = "".join(characters)
    seen = "".join(c for c in characters if c not in JUNK)
    if "\ud83d\udc00" not in text:
        assert heal(text) == (seen, len(text) - len(seen))


def test_both_halves_of_a_character_are_joined():
    assert heal("\ud83d\ude00好").text == "😀好"
    assert heal("\ud842\udfb7野家").text == "𠮷野家"


def test_what_gb18030_kept_in_private_use_becomes_the_character():
    assert heal("\ue78d\ue5e5").text == "︐\u3000"


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_a_corpus_is_healed_and_says_how_many_characters(tmp_path, ending):
    path = tmp_path / f"corpus.{ending}"
    if ending == "csv":
        path.write_text("标题,正文\n水\u200b库,加\u00ad固\ue000工程\n完工,通水\n", "utf-8")
    else:
        rows = [
            {"headline": "水\u200b库", "text": "加\u00ad固\ud83d工程"},
            {"headline": "完工", "text": "通水\0"},
        ]
        path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    problems = Problems()
    articles = read_corpus(path, problems=problems)
    assert [(a.headline, a.text) for a in articles] == [("水库", "加固工程"), ("完工", "通水")]
    (remark,) = problems.remarks
    assert (remark.kind, remark.number) == ("healed", 3 + (ending == "jsonl"))


def test_dates_are_read_beside_the_others_of_their_column(tmp_path):
    path = tmp_path / "corpus.csv"
    path.write_text("正文,日期\n一,44931\n二,44932\n三,不详\n", "utf-8")
    articles = read_corpus(path.with_suffix(".csv"), on_bad_row="skip", problems=Problems())
    assert [article.date for article in articles] == ["2023-01-05", "2023-01-06"]
    path.write_text("正文,日期\n一,23-1-5\n二,2022年12月31日\n三,２０２３/1/6 08:00\n", "utf-8")
    assert [a.date for a in read_corpus(path)] == ["2023-01-05", "2022-12-31", "2023-01-06"]


def test_pages_are_healed_while_they_are_split(tmp_path):
    text = (
        "水库加固工程开工\n\n　　本报讯（记者 王\u200b伟） 市水利\0局今年投入两亿元加固小型水库，"
        "惠及\u00ad下游三万居民，工程将于汛期前完\n工。\n"
    )
    day = tmp_path / "民国二十三年五月三日"
    day.mkdir()
    (day / "01.txt").write_text(text, "utf-8")
    summary = split_archive([tmp_path], tmp_path / "out.jsonl", n_jobs=1)
    (article,) = read_corpus(tmp_path / "out.jsonl")
    assert (summary.healed, article.date) == (3, "1934-05-03")
    assert article.paragraphs[0].startswith("市水利局今年") and "王伟" in article.byline
