"""What reading a corpus left out is in the run, its figures and its report."""

import csv
import json

import pytest
from conftest import PROJECT

from research import InputError, load, read_corpus, train

SECTIONS = """
task = "sections"
[corpus]
path = "c.csv"
{more}
[split]
kind = "days"
test_share = 0.3
[[features]]
kind = "char-tfidf"
"""


@pytest.fixture
def folder(tmp_path):
    """A table under a title row, partly labelled, with one wrong label and one wrong date."""
    articles = read_corpus(PROJECT / "data/articles.jsonl")[:120]
    with (tmp_path / "c.csv").open("w", encoding="gb18030", newline="") as out:
        table = csv.writer(out, delimiter=";")
        table.writerow(["栖川日报稿件"])
        table.writerow(["文章标题", "稿件内容", "发布日期", "类别"])
        for i, article in enumerate(articles):
            section = {7: "副刊", 8: "", 9: " "}.get(i, article.section)
            date = "2023-02-30" if i == 5 else article.date
            text = "" if i == 11 else article.text
            table.writerow([article.headline, text, date, section])
    return tmp_path


def _train(folder, more):
    (folder / "x.toml").write_text(SECTIONS.format(more=more), "utf-8")
    return train(folder / "x.toml", folder / "runs").folder


def test_rows_that_are_left_out_are_in_figures_table_and_report(folder):
    run = load(_train(folder, 'on_bad_row = "skip"'))
    corpus = json.loads((run.folder / "config.json").read_text("utf-8"))["corpus"]
    assert corpus["on_bad_row"] == "skip" and "sheet" not in corpus
    figures = run.figures
    assert figures.bad_rows == {"bad_date": 1, "other_section": 1}
    assert [(row.corpus, row.kind) for row in run.bad_rows] == [
        ("c.csv", "bad_date"),
        ("c.csv", "other_section"),
    ]
    assert {remark.kind: remark.rows for remark in figures.remarks} == {
        "title_rows": 1,
        "without_label": 2,
    }
    assert figures.articles_without_text == 1
    assert figures.train_articles + figures.test_articles <= 116
    page = run.report.read_text("utf-8")
    assert "1 篇只有标题，没有正文" in page and "2 行尚未填写版类" in page
    assert "版类不在所列之中" in page and "&#39;副刊&#39; is not one of" in page


def test_bad_rows_are_refused_all_at_once_by_default(folder):
    with pytest.raises(InputError) as caught:
        _train(folder, "")
    assert "is impossible" in str(caught.value) and "'副刊' is not one of" in str(caught.value)


def test_a_corpus_without_labels_says_so_and_a_wrong_name_is_an_error(folder):
    with pytest.raises(InputError, match="no row has the field 'Sparte' that section is named as"):
        _train(folder, 'fields = {section = "Sparte"}\non_bad_row = "skip"')
    with pytest.raises(InputError, match="no row has a section in field ''"):
        _train(folder, 'fields = {section = ""}\non_bad_row = "skip"')
