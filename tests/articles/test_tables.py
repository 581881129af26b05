import json
from datetime import date, datetime

import pytest
from conftest import save_workbook

from research import InputError, read_corpus
from research.articles.tables import iter_rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_as_excel_saves_it(tmp_path, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes(
        'headline,text,section\r\n水厂投产,"第一段，\n第二段",民生\r\n签约,新项目落户开发区,招商\r\n'.encode(
            encoding
        )
    )
    first, second = read_corpus(path)
    assert first.paragraphs == ("第一段，", "第二段")
    assert (second.headline, second.section) == ("签约", "招商")


def test_a_row_without_end_is_refused_before_it_fills_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr("research.articles.json_rows.MAX_ROW_BYTES", 1000)
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "好"}\n{"text": "' + "好" * 5000, "utf-8")
    with pytest.raises(InputError, match=":2: a row of over"):
        read_corpus(path)


def test_rows_of_nothing_but_commas_are_no_articles(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("headline,text\n签约,新项目落户\n,\n,\n", "utf-8")
    assert [row for _, row in iter_rows(path)] == [{"headline": "签约", "text": "新项目落户"}]


def test_a_json_file_may_hold_one_list(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(
        json.dumps(
            [{"title": "水厂投产", "content": "日供水十万吨"}, {"text": "新闻"}],
            ensure_ascii=False,
            indent=1,
        ),
        "utf-8-sig",
    )
    first, second = read_corpus(path)
    assert (first.headline, first.text, second.text) == ("水厂投产", "日供水十万吨", "新闻")
    path.write_text('{"text": "一"}\n{"text": "二"}\n', "utf-8")
    assert [article.text for article in read_corpus(path)] == ["一", "二"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('[{"text": "一"}, 2]', "item 2: a int, not an object"),
        ('[{"text": "一"}', "begins as a list but is not JSON"),
        ("[" * 100_000, "begins as a list but is not JSON"),
        ('[{"text": "一"}, {"id": "二"}]', "item 2: no text in field 'text'"),
        ("[]", "no rows"),
    ],
)
def test_a_bad_list_is_told(tmp_path, content, says):
    path = tmp_path / "a.json"
    path.write_text(content, "utf-8")
    with pytest.raises(InputError, match=says):
        read_corpus(path)


def test_a_list_too_long_for_the_memory_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("research.articles.json_rows.MAX_LIST_BYTES", 1000)
    (tmp_path / "a.json").write_text("[" + "1," * 1000 + "1]", "utf-8")
    with pytest.raises(InputError, match="write one object a line"):
        read_corpus(tmp_path / "a.json")


def _workbook(path, **sheets):
    save_workbook(path, **sheets)
    return path


def test_a_workbook_is_a_corpus_with_its_dates_and_numbers(tmp_path):
    head = ["编号", "标题", "正文", "日期", "版次"]
    path = _workbook(
        tmp_path / "报纸.xlsx",
        a=[
            head,
            [7, "水厂投产", "第一段，\n第二段", datetime(2024, 3, 5, 10, 22), 4],
            [],
            [8, "签约", "新项目落户开发区", date(2024, 3, 6), "A04"],
            [9, None, "只有正文", "2024年3月7日", None],
        ],
    )
    first, second, third = read_corpus(path)
    assert (first.headline, first.paragraphs, first.date, first.pages) == (
        "水厂投产",
        ("第一段，", "第二段"),
        "2024-03-05",
        (4,),
    )
    assert (second.date, second.pages, second.id) == ("2024-03-06", (4,), "报纸:4")
    assert (third.headline, third.date) == ("", "2024-03-07")
    assert [row["编号"] for _, row in iter_rows(path)] == [7, 8, 9]


def test_every_sheet_of_a_workbook_is_read_and_a_bad_row_named_by_sheet_and_line(tmp_path):
    years = {
        "2023": [["text", "date"], ["旧闻", "2023"]],
        "空": [],
        "2024": [[], ["date", "text"], ["2024", "新闻"], ["2024-02-31", "新闻"]],
    }
    path = _workbook(tmp_path / "a.xlsx", **years)
    assert [place for place, _ in iter_rows(path)] == ["2023:2", "2024:3", "2024:4"]
    with pytest.raises(InputError, match=r"a\.xlsx:2024:4: .*impossible"):
        read_corpus(path)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"not a workbook", "no Excel table"),
        (b"", "no Excel table"),
        (b"PK\x03\x04" + bytes(200), "no Excel table"),
    ],
)
def test_a_damaged_workbook_says_so(tmp_path, content, says):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(InputError, match=says):
        read_corpus(path)


def test_a_workbook_cut_off_or_with_a_nameless_column_says_so(tmp_path):
    path = _workbook(tmp_path / "a.xlsx", a=[["text", None], ["新闻", "何物"]])
    with pytest.raises(InputError, match=r"a\.xlsx:2: '何物' stands in a column without a name"):
        read_corpus(path)
    path.write_bytes(path.read_bytes()[:1500])
    with pytest.raises(InputError, match="damaged"):
        read_corpus(path)


def test_a_workbook_without_the_package_that_reads_it_names_the_package(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "python_calamine", None)
    with pytest.raises(InputError, match="pip install 'chinese-newspapers\\[excel\\]'"):
        read_corpus(_workbook(tmp_path / "a.xlsx", a=[["text"], ["新闻"]]))
