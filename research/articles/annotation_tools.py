"""Exports of annotation tools → rows with a section: doccano, Label Studio, Argilla, Prodigy.

What the tools are given to label is written in ``sections.labelling_tasks``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from research.articles.fields import Fields, is_known_name, keys_of
from research.articles.table_rows import Reading, Row
from research.articles.values import NotTextError, as_text

# Of Label Studio's short forms (JSON-MIN, CSV): what is about the annotation, not the text.
ANNOTATION_ID = "annotation_id"
_ABOUT_ANNOTATION = frozenset(
    ("annotator", ANNOTATION_ID, "created_at", "updated_at", "lead_time", "agreement")
)
_OTHER_ROWS = "\0other rows"  # Of one text, by other annotators; no name that a file can have.
_DISCARDED = frozenset(("discarded", "reject", "ignore"))
_SUBMITTED = "submitted"
_UNFINISHED = frozenset(("default", "pending", "draft", "edited"))
_NO_ANSWER = _DISCARDED | _UNFINISHED
_LISTS_OF_LABELS = ("label", "labels", "annotations", "entities")
_RESPONSES = ".responses"  # How a question's column ends in Argilla's flattened exports.
_SPANS = "labels of spans inside the text; a section is of a whole text: export choices or classes"


class AnnotationError(ValueError):
    """An annotation names no one section; the message says why."""


class Annotated(NamedTuple):
    """A row of an export: the text's own fields, and the labels that annotators gave it.

    ``discarded`` says whether annotators refused the text.
    """

    values: dict[str, Any]
    labels: Sequence[object] = ()
    discarded: bool = False


def joined_annotators(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield rows, those of one text in Label Studio's short forms as one.

    There each annotator's label is a row of its own, under the text's ``id``.
    """
    by_text: dict[str, list[Row]] = {}
    for place, row in rows:
        if ANNOTATION_ID in row and row.get("id") not in (None, ""):
            by_text.setdefault(str(row["id"]), []).append((place, row))
        else:
            yield place, row
    for group in by_text.values():
        place, first = group[0]
        yield place, {**first, _OTHER_ROWS: [row for _, row in group[1:]]}


def annotated_rows(place: str, row: dict[str, Any], reading: Reading) -> Iterator[Row] | None:
    """Return the row of an annotation tool's export with its section; None of any other row."""
    try:
        annotated = _annotated(row, reading.fields)
        if annotated is None:
            return None
        values, is_by_majority = _with_section(annotated, reading.fields)
    except AnnotationError as error:
        reading.problems.add("annotation", reading.source, place, str(error))
        return iter(())
    if annotated.discarded:
        reading.problems.note("discarded", reading.source, place)
        return iter(())
    if is_by_majority:
        reading.problems.note("majority", reading.source, place)
    return iter([(place, values)])


def _annotated(row: dict[str, Any], fields: Fields) -> Annotated | None:
    if isinstance(row.get("data"), Mapping) and _has_any(row, "annotations", "completions"):
        return _label_studio(row, fields)
    if ANNOTATION_ID in row and "annotator" in row:
        return _label_studio_short(row, fields)
    if isinstance(row.get("fields"), Mapping) and _has_any(row, "responses", "suggestions"):
        return _argilla(row, fields)
    if "annotation" in row and _has_any(row, "annotation_agent", "prediction_agent", "inputs"):
        return _argilla_classification(row)
    if any(str(key).endswith(_RESPONSES) for key in row):
        return _argilla_flat(row, fields)
    if row.get("answer") in ("accept", "reject", "ignore"):
        return _prodigy(row)
    return _doccano(row, fields)


def _has_any(row: Mapping[str, Any], *keys: str) -> bool:
    return any(key in row for key in keys)


def _with_section(annotated: Annotated, fields: Fields) -> tuple[dict[str, Any], bool]:
    """Return the text's fields with the section that most annotators gave.

    And whether others gave another one. Without a majority the text has no one section.
    """
    values = annotated.values
    counts = Counter(_label_text(label) for label in annotated.labels)
    if not counts or not fields.section:
        return values, False
    ((section, most), *others) = counts.most_common()
    if 2 * most <= counts.total():
        raise AnnotationError(
            f"labels {', '.join(map(repr, counts))}; a text has one section, and most annotators "
            "gave none of these: let them agree, or take out all but one"
        )
    values[fields.section] = section
    return values, bool(others)


def _label_text(label: object) -> str:
    try:
        return as_text(label, " ").strip()
    except NotTextError:
        raise AnnotationError(f"a label that is a {type(label).__name__}, not text") from None


def _label_studio(task: Mapping[str, Any], fields: Fields) -> Annotated:
    """Read a task: its data, and the choices in its annotations, those of ground truth first."""
    values = dict(task["data"])
    if "id" not in keys_of(values, fields).of and "id" in task:
        values["id"] = task["id"]
    annotations = [item for item in _items(task, "annotations", "completions") if item]
    done = [item for item in annotations if not item.get("was_cancelled")]
    if annotations and not done:
        return Annotated(values, discarded=True)
    truth = [item for item in done if item.get("ground_truth")]
    results: list[Mapping[str, Any]] = []
    for annotation in truth or done:
        results += annotation.get("result") or ()
    return Annotated(values, _choices(results, fields))


def _items(row: Mapping[str, Any], *keys: str) -> list[Mapping[str, Any]]:
    """Return the objects of the first of some keys that holds a list."""
    for key in keys:
        items = row.get(key)
        if isinstance(items, list):
            return [item for item in items if isinstance(item, Mapping)]
    return []


def _choices(results: Iterable[Mapping[str, Any]], fields: Fields) -> list[object]:
    by_question: dict[str, list[object]] = {}
    has_spans = False
    for result in results:
        value = result.get("value") or {}
        question = str(result.get("from_name"))
        labels = by_question.setdefault(question, [])
        labels += _chosen(value)
        has_spans = has_spans or "start" in value
    answered = {question: labels for question, labels in by_question.items() if labels}
    if has_spans and not answered:
        raise AnnotationError(_SPANS)
    return _of_one_question(answered, fields)


def _chosen(value: Mapping[str, Any]) -> Sequence[object]:
    """Return the labels of one answer; of a taxonomy the lowest of each path."""
    choices: Sequence[object] = value.get("choices") or ()
    if choices:
        return choices
    paths = value.get("taxonomy") or ()
    return [path[-1] for path in paths if path]


def _of_one_question(by_question: Mapping[str, list[object]], fields: Fields) -> list[object]:
    """Return the labels that answer the question for the section, or the only question."""
    if len(by_question) < 2:
        answers = by_question.values()
        return [label for labels in answers for label in labels]
    if fields.section in by_question:
        return by_question[fields.section]
    raise AnnotationError(
        f"answers to several questions ({', '.join(by_question)}); say which is the section "
        "(--field section=KEY; in an experiment, corpus.fields)"
    )


def _label_studio_short(row: Mapping[str, Any], fields: Fields) -> Annotated:
    """Read a row of JSON-MIN or CSV: the label stands under the name of its question."""
    values = {key: value for key, value in row.items() if key not in _ABOUT_ANNOTATION}
    other_rows = values.pop(_OTHER_ROWS, ())
    key = _key_of_label(values, fields)
    if key is None:
        return Annotated(values)
    labels = _short_labels(values.pop(key))
    for other in other_rows:
        labels += _short_labels(other.get(key))
    if any(isinstance(item, Mapping) and "start" in item for item in labels):
        raise AnnotationError(_SPANS)
    return Annotated(values, [item for item in labels if item])


def _short_labels(label: object) -> list[object]:
    """Return the labels of a cell: one, a list, or JSON of them."""
    if isinstance(label, str) and label.startswith(("{", "[")):
        label = _parsed(label)
    if isinstance(label, Mapping):
        label = label.get("choices")
    return list(_as_list(label))


def _key_of_label(values: Mapping[str, Any], fields: Fields) -> str | None:
    """Return the key of the section, else the only key that is none of an article's fields."""
    key = keys_of(values, fields).of.get("section")
    if key is not None:
        return key
    others = [name for name in values if not is_known_name(name, fields)]
    return others[0] if len(others) == 1 else None


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _parsed(text: str) -> object:
    try:
        parsed: object = json.loads(text)
    except json.JSONDecodeError:
        return text
    return parsed


def _argilla(record: Mapping[str, Any], fields: Fields) -> Annotated:
    """Read a record of Argilla: its fields, and the responses that were submitted."""
    values = {**_metadata(record), **record["fields"]}
    if "id" not in keys_of(values, fields).of:
        values["id"] = record.get("external_id") or record.get("id")
    by_question: dict[str, list[object]] = {}
    statuses: list[str] = []
    for name, status, value in _responses(record.get("responses")):
        statuses.append(status)
        if status not in _NO_ANSWER and value is not None:
            by_question.setdefault(name, []).append(value)
    labels = _of_one_question(by_question, fields)
    return Annotated(values, labels, _are_discarded(statuses))


def _are_discarded(statuses: Sequence[str]) -> bool:
    """Return whether all annotators refused a text."""
    return bool(statuses) and _DISCARDED.issuperset(statuses)


def _responses(responses: object) -> Iterator[tuple[str, str, object]]:
    """Yield question, status and value of each response, as either version writes them."""
    if isinstance(responses, Mapping):
        for name, answers in responses.items():
            for answer in answers or ():
                yield str(name), _status_of(answer), answer.get("value")
    elif isinstance(responses, list):
        for response in responses:
            status = _status_of(response)
            answers = response.get("values") or {"": {}}
            for name, answer in answers.items():
                value = answer.get("value") if isinstance(answer, Mapping) else answer
                yield str(name), status, value


def _status_of(response: Mapping[str, Any]) -> str:
    status = response.get("status") or _SUBMITTED
    return str(status)


def _metadata(record: Mapping[str, Any]) -> dict[str, Any]:
    metadata = record.get("metadata")
    if isinstance(metadata, str):
        metadata = _parsed(metadata)
    return dict(metadata) if isinstance(metadata, Mapping) else {}


def _argilla_classification(record: Mapping[str, Any]) -> Annotated:
    """Read a record of Argilla's first version; only a validated one is labelled."""
    inputs = record.get("inputs")
    values = _metadata(record)
    if isinstance(inputs, Mapping):
        values.update(inputs)
    else:
        values["text"] = inputs or record.get("text")
    values.setdefault("id", record.get("id"))
    status = str(record.get("status") or "").casefold()
    labels = [label for label in _as_list(record["annotation"]) if label]
    if status in _NO_ANSWER:
        labels = []
    return Annotated(values, labels, status in _DISCARDED)


def _argilla_flat(row: Mapping[str, Any], fields: Fields) -> Annotated:
    """Read a row of a flattened export: ``label.responses``, ``label.responses.status``."""
    values = {key: value for key, value in row.items() if "." not in str(key)}
    by_question: dict[str, list[object]] = {}
    statuses: list[str] = []
    for key, responses in row.items():
        if not str(key).endswith(_RESPONSES):
            continue
        question = str(key).removesuffix(_RESPONSES)
        answers = responses or ()
        answer_statuses = row.get(f"{key}.status") or [_SUBMITTED] * len(answers)
        statuses += map(str, answer_statuses)
        for answer, status in zip(answers, answer_statuses, strict=False):
            if status not in _NO_ANSWER:
                by_question.setdefault(question, []).append(answer)
    labels = _of_one_question(by_question, fields)
    return Annotated(values, labels, _are_discarded(statuses))


def _prodigy(row: Mapping[str, Any]) -> Annotated:
    """Read an answer of Prodigy: an accepted label, or the accepted ones of several options."""
    values = dict(row)
    meta = row.get("meta")
    if isinstance(meta, Mapping):
        values.update(meta)
    values.pop("label", None)
    options = row.get("accept")
    accepted = options if isinstance(options, list) else [row.get("label")]
    labels = [label for label in accepted if label]
    return Annotated(values, labels, row["answer"] in _DISCARDED)


def _doccano(row: dict[str, Any], fields: Fields) -> Annotated | None:
    """Read an example of doccano: a list of labels, or the numbers of labels in annotations."""
    if not any(isinstance(row.get(name), list) for name in _LISTS_OF_LABELS):
        return None
    values = dict(row)
    if isinstance(values.get("data"), str) and "text" not in keys_of(values, fields).of:
        values["text"] = values.pop("data")
    has_labels = isinstance(row.get("labels"), list) and "label" not in row
    key = "labels" if has_labels else "label"
    labels = values.get(key)
    if isinstance(labels, list):
        del values[key]
    elif isinstance(row.get("annotations"), list):
        labels = [item.get("label") for item in _items(row, "annotations")]
    else:
        labels = []
    spans = [*labels, *_items(row, "entities")]
    if any(map(_is_span, spans)):
        raise AnnotationError(_SPANS)
    if not isinstance(row.get(key), list) and "annotations" not in row:
        return None
    if "article_id" in values:
        values["id"] = values.pop("article_id")
    _take_headline_out(values, fields)
    return Annotated(values, [label for label in labels if label not in (None, "")])


def _is_span(label: object) -> bool:
    """Return whether a label is of a part of the text: with its first and last place."""
    if isinstance(label, Mapping):
        return "start_offset" in label or "start" in label
    return isinstance(label, list)


def _take_headline_out(values: dict[str, Any], fields: Fields) -> None:
    """Take the headline out of a text that begins with it, as a tool of one field shows it."""
    keys = keys_of(values, fields).of
    text_key = keys.get("text", "")
    headline = values.get(keys.get("headline", ""))
    text = values.get(text_key)
    if not isinstance(headline, str) or not isinstance(text, str):
        return
    if headline:
        values[text_key] = text.removeprefix(f"{headline}\n")
