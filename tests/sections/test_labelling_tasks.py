"""What is written for annotation tools comes back labelled from their exports."""

import csv
import json
from xml.etree import ElementTree

import pytest
from conftest import PROJECT

from research import Article, read_corpus
from research.sections.labelling_tasks import write_tasks
from research.sections.study import Suggestion

ARTICLES = [
    Article(id="a-1", headline="水厂投产", date="2023-01-05", paragraphs=("一段。", "二段。")),
    Article(id="a-2", date="2023-01-06", paragraphs=("签约<仪式> & 落户。",)),
]
SUGGESTIONS = [Suggestion(0, "民生", "环保", 0.1), Suggestion(1, "招商", "政务", 0.2)]
SECTIONS = ("政务", "环保", "招商", "民生", '其"他&')


def _write(tmp_path, tool):
    return write_tasks(tmp_path / "tasks.json", ARTICLES, SUGGESTIONS, tool, SECTIONS)


def _check(path, *sections):
    articles = read_corpus(path)
    facts = [(a.id, a.headline, a.date, a.paragraphs) for a in articles]
    assert facts == [(a.id, a.headline, a.date, a.paragraphs) for a in ARTICLES]
    assert [article.section for article in articles] == list(sections)


@pytest.mark.parametrize("tool", ["doccano", "label-studio", "argilla"])
def test_tasks_are_unlabelled_whatever_is_suggested(tmp_path, tool):
    path, *_ = _write(tmp_path, tool)
    text = path.read_text("utf-8")
    assert "民生" in text and "环保" in text
    _check(path, None, None)


def test_an_export_of_doccano_has_the_articles_with_their_labels(tmp_path):
    (path,) = _write(tmp_path, "doccano")
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert rows[0]["text"] == "水厂投产\n一段。\n二段。"
    exported = [
        row | {"id": n, "label": ["环保"], "Comments": []} for n, row in enumerate(rows, 41)
    ]
    export = tmp_path / "admin.jsonl"
    export.write_text("\n".join(json.dumps(row) for row in exported), "utf-8")
    _check(export, "环保", "环保")


def test_an_export_of_label_studio_in_all_its_forms(tmp_path):
    path, view = _write(tmp_path, "label-studio")
    root = ElementTree.fromstring(view.read_text("utf-8"))
    assert [choice.get("value") for choice in root.iter("Choice")] == list(SECTIONS)
    assert root.find("Choices").get("name") == "section"
    tasks = json.loads(path.read_text("utf-8"))
    for number, task in enumerate(tasks, 7):
        (prediction,) = task["predictions"]
        task["id"] = number
        task["annotations"] = [{"result": prediction["result"], "was_cancelled": False}]
    export = tmp_path / "project-1.json"
    export.write_text(json.dumps(tasks), "utf-8")
    _check(export, "民生", "招商")
    short = [
        task["data"] | {"section": "环保", "annotator": 1, "annotation_id": n, "lead_time": 2.5}
        for n, task in enumerate(tasks)
    ]
    export.write_text(json.dumps(short), "utf-8")
    _check(export, "环保", "环保")
    with (tmp_path / "project-1.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([list(short[0]), *(row.values() for row in short)])
    _check(tmp_path / "project-1.csv", "环保", "环保")


def test_an_export_of_argilla_has_the_articles_with_their_labels(tmp_path):
    (path,) = _write(tmp_path, "argilla")
    records = json.loads(path.read_text("utf-8"))
    records[0]["responses"] = {"section": [{"value": "环保", "user_id": "u"}]}
    export = tmp_path / "records.json"
    export.write_text(json.dumps(records), "utf-8")
    _check(export, "环保", None)


def test_the_sample_can_be_written_for_every_tool(tmp_path):
    articles = read_corpus(PROJECT / "data/articles.jsonl")[:50]
    suggestions = [Suggestion(i, "民生", "环保", 0.1) for i in range(50)]
    for tool in ("doccano", "label-studio", "argilla"):
        path, *_ = write_tasks(tmp_path / f"{tool}.json", articles, suggestions, tool, SECTIONS)
        back = read_corpus(path)
        assert [(a.id, a.headline, a.text) for a in back] == [
            (a.id, a.headline, a.text) for a in articles
        ]
