"""Exports of annotation tools are labelled corpora."""

import csv
import json

import pytest

from research import Fields, InputError, read_corpus
from research.articles.problems import Problems

TEXT = "三号水厂昨日投产。"


def _studio(*chosen, data=None, **annotation):
    results = [
        {"from_name": name, "to_name": "text", "type": "choices", "value": {"choices": labels}}
        for name, labels in chosen
    ]
    annotations = [{"id": 5, "was_cancelled": False, "result": results, **annotation}]
    return {"id": 9, "data": data or {"text": TEXT}, "annotations": annotations, "predictions": []}


def _agreed(*labels):
    """A task that several annotators labelled."""
    task = _studio()
    task["annotations"] = [_studio(("topic", [label]))["annotations"][0] for label in labels]
    return task


SHORT = {
    "text": TEXT,
    "id": 9,
    "annotator": 1,
    "annotation_id": 5,
    "created_at": "2024-01-01T00:00:00Z",
}
RECORD = {
    "id": "r",
    "fields": {"text": TEXT},
    "metadata": {},
    "suggestions": {"topic": {"value": "招商"}},
}
VERSION1 = {
    "text": TEXT,
    "annotation_agent": "li",
    "prediction": [{"label": "招商", "score": 0.9}],
    "metadata": {},
}
FLAT = {"text": TEXT, "topic.suggestion": "招商"}


@pytest.mark.parametrize(
    ("row", "section"),
    [
        ({"id": 1, "text": TEXT, "label": ["民生"], "Comments": []}, "民生"),
        ({"id": 1, "text": TEXT, "label": []}, None),
        ({"id": 1, "data": TEXT, "label": ["民生"]}, "民生"),
        ({"id": 1, "text": TEXT, "labels": ["民生"], "annotation_approver": "li"}, "民生"),
        (_studio(("topic", ["民生"])), "民生"),
        (_studio(("topic", ["民生"]), ("quality", ["好"])) | {"n": 1}, "民生"),
        (_studio(), None),
        (_agreed("民生", "民生"), "民生"),
        (SHORT | {"topic": "民生"}, "民生"),
        (SHORT | {"topic": {"choices": ["民生"]}}, "民生"),
        (SHORT | {"section": '{"choices": ["民生"]}'}, "民生"),
        (
            RECORD
            | {"responses": {"topic": [{"value": "民生", "user_id": "u"}]}, "status": "completed"},
            "民生",
        ),
        (RECORD | {"responses": {"topic": [{"value": "民生", "status": "draft"}]}}, None),
        (RECORD | {"responses": {}}, None),
        (
            RECORD
            | {"responses": [{"status": "submitted", "values": {"topic": {"value": "民生"}}}]},
            "民生",
        ),
        (VERSION1 | {"annotation": "民生", "status": "Validated"}, "民生"),
        (VERSION1 | {"annotation": None, "status": "Default"}, None),
        (FLAT | {"topic.responses": ["民生"], "topic.responses.status": ["submitted"]}, "民生"),
        (FLAT | {"topic.responses": None}, None),
        ({"text": TEXT, "label": "民生", "answer": "accept"}, "民生"),
        ({"text": TEXT, "options": [], "accept": ["民生"], "answer": "accept"}, "民生"),
    ],
)
@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_the_label_of_an_annotator_is_the_section(tmp_path, row, section, form):
    path = tmp_path / f"a.{form}"
    path.write_text(json.dumps([row] if form == "json" else row, ensure_ascii=False), "utf-8")
    (article,) = read_corpus(path, Fields(section="topic") if "n" in row else None)
    assert (article.text, article.section, article.date) == (TEXT, section, None)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (
            {"text": TEXT, "label": ["民生", "招商"]},
            "labels '民生', '招商'; a text has one section",
        ),
        ({"text": TEXT, "label": [[0, 4, "民生"]]}, "labels of spans inside the text"),
        (
            {"text": TEXT, "entities": [{"label": "民生", "start_offset": 0}], "relations": []},
            "spans inside",
        ),
        (_agreed("民生", "招商"), "labels '民生', '招商'"),
        (
            _studio(("topic", ["民生"]), ("quality", ["好"])),
            r"several questions \(topic, quality\)",
        ),
        (
            {
                "id": 1,
                "data": {"text": TEXT},
                "annotations": [{"result": [{"value": {"start": 1, "labels": ["民生"]}}]}],
            },
            "spans",
        ),
    ],
)
def test_an_annotation_that_names_no_one_section_is_told(tmp_path, row, says):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "好"}\n' + json.dumps(row, ensure_ascii=False), "utf-8")
    with pytest.raises(InputError, match=r"a\.jsonl:2: .*" + says):
        read_corpus(path)


@pytest.mark.parametrize(
    "row",
    [
        _studio(was_cancelled=True),
        RECORD | {"responses": {"topic": [{"value": None, "status": "discarded"}]}},
        VERSION1 | {"annotation": None, "status": "Discarded"},
        {"text": TEXT, "label": "民生", "answer": "reject"},
    ],
)
def test_what_annotators_discard_is_left_out_and_counted(tmp_path, row):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "好"}\n' + json.dumps(row, ensure_ascii=False), "utf-8")
    problems = Problems()
    assert len(read_corpus(path, problems=problems)) == 1
    assert [(remark.kind, remark.number) for remark in problems.remarks] == [("discarded", 1)]


@pytest.mark.parametrize("label", ["民生", '{"choices": ["民生"]}'])
def test_a_table_of_label_studio(tmp_path, label):
    path = tmp_path / "a.csv"
    row = SHORT | {"headline": "水厂", "topic": label, "lead_time": 3.5}
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([list(row), list(row.values())])
    (article,) = read_corpus(path)
    assert (article.headline, article.text, article.section) == ("水厂", TEXT, "民生")


def test_numbers_of_labels_can_be_mapped(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": TEXT, "annotations": [{"label": 4, "user": 1}]}), "utf-8")
    assert read_corpus(path, labels={"4": "民生"})[0].section == "民生"


def _votes(*labels):
    """Return the exports in which several annotators labelled one text, in four forms."""
    studio = [{"result": [{"value": {"choices": [label]}}]} for label in labels]
    rows = [
        {"id": 7, "text": TEXT, "section": label, "annotator": n, "annotation_id": n}
        for n, label in enumerate(labels)
    ]
    answers = [{"value": label, "status": "submitted"} for label in labels]
    argilla = {"fields": {"text": TEXT}, "responses": {"section": answers}}
    return [[{"id": 7, "data": {"text": TEXT}, "annotations": studio}], rows, [argilla]]


@pytest.mark.parametrize("rows", _votes("民生", "招商", "民生"))
def test_most_annotators_decide_and_that_is_counted(tmp_path, rows):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    problems = Problems()
    (article,) = read_corpus(path, require=["section"], problems=problems)
    assert article.section == "民生"
    assert [(remark.kind, remark.number) for remark in problems.remarks] == [("majority", 1)]


@pytest.mark.parametrize("rows", _votes("民生", "招商"))
def test_without_a_majority_a_text_has_no_section(tmp_path, rows):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    with pytest.raises(InputError, match="labels '民生', '招商'; a text has one section"):
        read_corpus(path, require=["section"])


def test_labels_that_pandas_wrote_as_numbers_with_a_point_can_be_mapped(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"text,label\n{TEXT},1.0\n{TEXT}二,2.0\n", "utf-8")
    articles = read_corpus(path, labels={"1": "民生", "2": "招商"}, require=["section"])
    assert [article.section for article in articles] == ["民生", "招商"]
