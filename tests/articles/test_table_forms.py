"""Tables as programs and people leave them: any delimiter, titles, sheets, formulas, nesting."""

import csv
import io
import json

import pytest
from conftest import save_workbook
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from research import Fields, InputError, read_corpus
from research.articles.fields import is_known_name
from research.articles.problems import Problems
from research.articles.tables import iter_rows

HEAD = ["标题", "正文", "日期"]
ROWS = [
    ["水厂投产", "日供水十万吨，分三期建成。", "2023-01-05"],
    ["签约", "甲；乙|丙, 丁", "2023-01-06"],
]


def _table(rows, delimiter=","):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def _read(path):
    problems = Problems()
    articles = read_corpus(path, problems=problems)
    return articles, {remark.kind: remark.number for remark in problems.remarks}


def _check(articles):
    assert [[a.headline, a.text, a.date] for a in articles] == ROWS


@pytest.mark.parametrize(
    "delimiter", [",", ";", "\t", "|", "，", "；", "^", "~", "\x01", "¦", "/", ":"]
)
@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_any_delimiter(tmp_path, delimiter, name):
    (tmp_path / name).write_text(_table([HEAD, *ROWS], delimiter), "utf-8")
    _check(read_corpus(tmp_path / name))


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "gb18030", "be-mark"]
)
@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.tsv"])
def test_utf16_of_both_orders_and_unicode_text_of_excel(tmp_path, encoding, name):
    text = _table([HEAD, *ROWS], "\t")
    raw = b"\xfe\xff" + text.encode("utf-16-be") if encoding == "be-mark" else text.encode(encoding)
    (tmp_path / name).write_bytes(raw)
    _check(read_corpus(tmp_path / name))


def test_a_long_file_in_utf16_is_cut_for_its_sample_within_no_character(tmp_path, monkeypatch):
    monkeypatch.setattr("research.articles.delimited._SAMPLE_BYTES", 1001)
    text = _table([HEAD, *[[f"水厂{n}", "正文" * 20, "2023-01-05"] for n in range(200)]])
    (tmp_path / "a.csv").write_bytes(text.encode("utf-16"))
    assert len(read_corpus(tmp_path / "a.csv")) == 200


def test_excels_own_line_for_the_delimiter(tmp_path):
    (tmp_path / "a.csv").write_text("sep=;\r\n" + _table([HEAD, *ROWS], ";"), "utf-8-sig")
    _check(read_corpus(tmp_path / "a.csv"))


@pytest.mark.parametrize(
    "above",
    [
        [["栖川日报2023年稿件一览"]],
        [["栖川日报"], [], ["制表：资料室", "", "2023-12-31"]],
        [["报纸", "栖川日报"], ["版本", "第二版"]],
    ],
)
def test_what_stands_above_the_header_is_left_out_and_counted(tmp_path, above):
    rows = [row + [""] * (3 - len(row)) for row in above]
    (tmp_path / "a.csv").write_text(_table([*rows, HEAD, *ROWS]), "utf-8")
    articles, remarks = _read(tmp_path / "a.csv")
    _check(articles)
    assert remarks == {"title_rows": sum(any(row) for row in above)}


@pytest.mark.parametrize("again", [HEAD, ["\ufeff标题", *HEAD[1:]], ["日期", "标题", "正文"]])
def test_headers_of_files_put_one_after_another_are_left_out(tmp_path, again):
    second = [ROWS[1][HEAD.index(name.strip("\ufeff"))] for name in again]
    (tmp_path / "a.csv").write_text(_table([HEAD, ROWS[0], again, second]), "utf-8")
    articles, remarks = _read(tmp_path / "a.csv")
    _check(articles)
    assert remarks == {"repeated_headers": 1}


def test_blanks_in_the_header_and_an_index_without_a_name(tmp_path):
    head = ["", " 标 题 ", "正文\n（全文）", "\u200b日期 "]
    rows = [[n, *row] for n, row in enumerate(ROWS)]
    (tmp_path / "a.csv").write_text(_table([head, *rows]), "utf-8")
    articles, remarks = _read(tmp_path / "a.csv")
    _check(articles)
    assert remarks == {"index": 1}


@pytest.mark.parametrize(
    "text",
    [
        " 标题 | 正文 \n------+------\n 水厂 | 投产 \n",
        "| 标题 | 正文 |\n|:--|---|\n| 水厂 | 投产 |\n",
        "标题||正文\n水厂||投产\n",
    ],
)
def test_tables_as_databases_and_markdown_draw_them(tmp_path, text):
    (tmp_path / "a.csv").write_text(text, "utf-8")
    (article,) = read_corpus(tmp_path / "a.csv")
    assert (article.headline.strip(), article.text) == ("水厂", "投产")


def test_big5_is_read_where_its_header_is_known(tmp_path):
    rows = [
        ["標題", "內容", "日期"],
        *[["水廠投產", f"日供水第{n}期，居民用上新水源", "2023-01-05"] for n in range(9)],
    ]
    (tmp_path / "a.csv").write_bytes(_table(rows).encode("big5"))
    assert read_corpus(tmp_path / "a.csv")[8].text == "日供水第8期，居民用上新水源"


def test_a_table_without_a_header_says_so(tmp_path):
    (tmp_path / "a.csv").write_text(_table([["水厂", "日供水十万吨。" * 20]] * 3), "utf-8")
    with pytest.raises(InputError, match=r"a\.csv:1: no header: '日供水"):
        read_corpus(tmp_path / "a.csv")


def test_rows_longer_or_shorter_than_the_header(tmp_path):
    text = "标题,正文,日期\n水厂,投产,2023,,\n签约,落户\n坏,行,2023,多余\n又,一行,2023\n"
    (tmp_path / "a.csv").write_text(text, "utf-8")
    with pytest.raises(
        InputError, match=r"a\.csv:4: 1 more fields than the header, such as '多余'"
    ):
        read_corpus(tmp_path / "a.csv")
    problems = Problems()
    articles = read_corpus(tmp_path / "a.csv", on_bad_row="skip", problems=problems)
    assert len(articles) == 3 and problems.remarks[0].kind == "short_rows"


def test_a_name_that_occurs_twice_is_read_once_and_told(tmp_path):
    (tmp_path / "a.csv").write_text("正文,正文\n第一列,第二列\n", "utf-8")
    articles, remarks = _read(tmp_path / "a.csv")
    assert articles[0].text == "第一列" and remarks == {"repeated_columns": 1}


def test_rows_with_broken_quotes_or_bytes_are_told_with_the_rows_after_them(tmp_path):
    raw = (
        '标题,正文\n一,"甲"乙\n二,好\n三,'.encode() + b"\xff\xfe\n" + '四,好\n五,"没有完\n'.encode()
    )
    (tmp_path / "a.csv").write_bytes(("标题,正文\n" + "好,好\n" * 3).encode() + raw)
    with pytest.raises(InputError) as caught:
        read_corpus(tmp_path / "a.csv")
    lines = str(caught.value).splitlines()
    assert "a.csv:6: " in lines[0] and "double quotes inside" in lines[0]
    assert lines[1] == "  and 1 more such rows: 10"
    assert "a.csv:8: not utf-8" in lines[2]


def test_sheets_are_chosen_by_what_they_hold_and_hidden_ones_left_out(tmp_path):
    path = tmp_path / "a.xlsx"
    sheets = {
        "说明": [["本表由资料室整理"]],
        "统计": [["标题", "数量"], ["水厂", 3]],
        "稿件": [HEAD, *ROWS],
    }
    book = save_workbook(path, **sheets, 旧稿=[HEAD, *ROWS], 草稿=[HEAD, *ROWS])
    book["旧稿"].sheet_state = "hidden"
    book["草稿"].sheet_state = "veryHidden"
    book.save(path)
    articles, remarks = _read(path)
    _check(articles)
    assert remarks == {"hidden_sheets": 2, "other_sheets": 2}
    for sheet in ("旧稿", "3", " 稿件"):
        _check(read_corpus(path, sheet=sheet))
    with pytest.raises(InputError, match="no sheet '无'; it has 说明, 统计, 稿件"):
        read_corpus(path, sheet="无")


def test_a_workbook_whose_articles_are_all_hidden_names_the_sheets(tmp_path):
    path = tmp_path / "a.xlsx"
    book = save_workbook(path, 说明=[["说明"]], 稿件=[HEAD, *ROWS])
    book["稿件"].sheet_state = "hidden"
    book.save(path)
    with pytest.raises(
        InputError, match=r"no rows but in hidden sheets; name one of them .*: 稿件"
    ):
        read_corpus(path)


def test_no_sheet_of_texts_is_an_error_that_names_their_columns(tmp_path):
    save_workbook(tmp_path / "a.xlsx", 甲=[["代码", "说明"], [1, "二"]], 乙=[["x"], [1]])
    with pytest.raises(
        InputError, match=r"no sheet has a column of texts .甲 has 代码, 说明; 乙 has x"
    ):
        read_corpus(tmp_path / "a.xlsx")


def test_merged_labels_are_filled_and_merged_titles_left_out(tmp_path):
    path = tmp_path / "a.xlsx"
    head = ["类别", "标题", "正文", "作者"]
    rows = [
        ["环保", "甲", "一"],
        [None, "乙", "二"],
        [None, "丙", "三"],
        ["民生", "丁", "四", "张"],
        [None, None, None, "李"],
    ]
    book = save_workbook(path, 稿件=[["栖川日报稿件"], head, *rows])
    sheet = book["稿件"]
    for area in ("A1:C1", "A3:A5", "A6:A7", "B6:B7", "C6:C7"):
        sheet.merge_cells(area)
    book.save(path)
    articles, remarks = _read(path)
    assert [(a.section, a.text) for a in articles] == [
        ("环保", "一"),
        ("环保", "二"),
        ("环保", "三"),
        ("民生", "四"),
    ]
    assert remarks == {"title_rows": 1, "merged_cells": 1}


def test_a_header_of_two_rows_with_merged_cells(tmp_path):
    path = tmp_path / "a.xlsx"
    rows = [
        ["标题", "正文", "版面信息", None],
        [None, None, "版次", "版名"],
        ["甲", "一", 4, "要闻"],
    ]
    book = save_workbook(path, 稿件=rows)
    for area in ("A1:A2", "B1:B2", "C1:D1"):
        book["稿件"].merge_cells(area)
    book.save(path)
    (article,) = read_corpus(path)
    assert (article.headline, article.text, article.pages) == ("甲", "一", (4,))


def test_formulas_without_values_and_with_errors_are_told(tmp_path):
    path = tmp_path / "a.xlsx"
    book = save_workbook(
        path,
        稿件=[
            ["标题", "正文", "字数"],
            ["甲", "=A2&A2", "=LEN(B2)"],
            ["乙", "x", "=1/0"],
            ["丙", "好", 1],
        ],
    )
    book["稿件"]["B3"] = "#REF!"
    book["稿件"]["B3"].data_type = "e"
    book.save(path)
    with pytest.raises(InputError) as caught:
        read_corpus(path)
    assert "a.xlsx:2: a formula without a value in column '正文'" in str(caught.value)
    assert "a.xlsx:3: a formula failed in column '正文'" in str(caught.value)
    assert [a.text for a in read_corpus(path, on_bad_row="skip", problems=Problems())] == ["好"]


ARTICLES = [dict(zip(("title", "content"), row, strict=False)) for row in ROWS]


@pytest.mark.parametrize(
    "document",
    [
        {"date": "2023-01-05", "pages": [{"no": 1, "name": "要闻", "articles": ARTICLES}]},
        {"code": 0, "data": {"list": ARTICLES, "total": 2}},
        {"2023-01-05": {"A01": ARTICLES}},
        {"issue": {"title": "栖川日报", "pages": [{"title": "要闻", "items": ARTICLES}]}},
        {"hits": {"hits": [{"_id": str(n), "_source": row} for n, row in enumerate(ARTICLES)]}},
        {"title": [r[0] for r in ROWS], "content": [r[1] for r in ROWS]},
        {
            "title": {"0": ROWS[0][0], "1": ROWS[1][0]},
            "content": {"0": ROWS[0][1], "1": ROWS[1][1]},
        },
        {"columns": ["title", "content"], "index": [0, 1], "data": [r[:2] for r in ROWS]},
        [{"date": "2023-01-05", "articles": ARTICLES}],
        [[ARTICLES[0]], [ARTICLES[1]]],
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_articles_inside_a_document(tmp_path, document, indent):
    text = json.dumps(document, ensure_ascii=False, indent=indent)
    (tmp_path / "a.json").write_text(text, "utf-8")
    articles = read_corpus(tmp_path / "a.json")
    assert [[a.headline, a.text] for a in articles] == [row[:2] for row in ROWS]
    if "2023-01-05" in text:
        assert {a.date for a in articles} == {"2023-01-05"}
    if '"no"' in text or "A01" in text:
        assert {a.pages for a in articles} == {(1,)}


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({"title": "水厂", "content": {"html": "<p>一段。</p><p>二段。</p>"}}, "一段。\n二段。"),
        ({"title": "水厂", "content": {"text": ["一段。", "二段。"]}}, "一段。\n二段。"),
        ({"title": "水厂", "text": None, "content": "一段。"}, "一段。"),
        ({"title": "水厂", "text": "", "正文": "一段。"}, "一段。"),
        ({"id": "7", "attributes": {"title": "水厂", "body": "一段。"}}, "一段。"),
    ],
)
def test_texts_that_stand_deeper_or_under_the_other_name(tmp_path, row, text):
    (tmp_path / "a.jsonl").write_text(json.dumps(row, ensure_ascii=False), "utf-8")
    (article,) = read_corpus(tmp_path / "a.jsonl")
    assert (article.headline, article.text) == ("水厂", text)
    assert article.id == row.get("id", article.id)


@pytest.mark.parametrize(
    "text", ['["标题", "正文"]\n["水厂", "投产"]\n', '[["标题", "正文"], ["水厂", "投产"]]']
)
def test_lists_of_cells_are_rows_under_a_header(tmp_path, text):
    (tmp_path / "a.jsonl").write_text(text, "utf-8")
    (article,) = read_corpus(tmp_path / "a.jsonl")
    assert (article.headline, article.text) == ("水厂", "投产")


def test_objects_over_several_lines_and_the_shell_of_mongo(tmp_path):
    text = '{\n "text": "一"\n}\n{\n "text": "二", "date": ISODate("2023-01-05T00:00:00Z")\n}'
    (tmp_path / "a.json").write_text(text, "utf-8")
    assert [(a.text, a.date) for a in read_corpus(tmp_path / "a.json")] == [
        ("一", None),
        ("二", "2023-01-05"),
    ]


def _is_plain(cell):
    """Cells that mean something to a reader of tables are tested by themselves."""
    return "#" not in cell and not is_known_name(cell, Fields())


CELLS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\u2028\u2029\x85"),
    max_size=30,
).filter(_is_plain)
TABLES = st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5)
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def _expected(rows):
    return [row for row in rows if any(row)]


@QUICK
@given(
    rows=TABLES,
    delimiter=st.sampled_from(",\t;|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_text_in_a_table_of_text_comes_back(tmp_path, rows, delimiter, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes(_table([("headline", "text"), *rows], delimiter).encode(encoding))
    read = [(row["headline"], row["text"]) for _, row in iter_rows(path)]
    assert read == _expected(rows)


@settings(QUICK, max_examples=10)
@given(rows=TABLES)
def test_any_text_in_a_workbook_comes_back_but_for_blanks_around_it(tmp_path, rows):
    path = tmp_path / "a.xlsx"
    book = Workbook()
    for line, row in enumerate([("headline", "text"), *rows], 1):
        for column, cell in enumerate(row, 1):
            written = book.active.cell(line, column, "")
            written._value, written.data_type = cell, "s"  # As it is, even after "=".
    book.save(path)
    stripped = [tuple(cell.strip() for cell in row) for row in rows]
    read = [(row["headline"] or "", row["text"] or "") for _, row in iter_rows(path)]
    assert read == _expected(stripped)


@pytest.mark.parametrize("cell", ['"两山"论新实践', '"稳增长', '谈"双碳"', '"开门红"与"满堂红"'])
def test_quotes_of_a_headline_are_no_marks_of_a_table_with_tabs(tmp_path, cell):
    path = tmp_path / "a.tsv"
    path.write_text(f"标题\t正文\n{cell}\t水库开工。\n甲\t水库完工。\n", "utf-8")
    assert [article.headline for article in read_corpus(path)] == [cell, "甲"]


def test_quoted_cells_of_a_table_with_tabs_may_hold_lines(tmp_path):
    path = tmp_path / "a.tsv"
    path.write_text('标题\t正文\n甲\t"水库""开工""。\n水库完工。"\n', "utf-8")
    assert read_corpus(path)[0].paragraphs == ('水库"开工"。', "水库完工。")
