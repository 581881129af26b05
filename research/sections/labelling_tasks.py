"""What a person should label, as annotation tools import it: doccano, Label Studio, Argilla.

Their exports are read in ``articles.annotation_tools``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal
from xml.sax.saxutils import quoteattr

from research.articles.article import Article
from research.files import replacing
from research.sections.study import Suggestion

AnnotationTool = Literal["doccano", "label-studio", "argilla"]
_QUESTION = "section"
_AGENT = "research"
_LABELLING_VIEW = """\
<View>
  <Header value="$headline"/>
  <Text name="text" value="$text"/>
  <Choices name="section" toName="text" choice="single-radio" showInline="true">
{choices}
  </Choices>
</View>
"""


def write_tasks(
    path: Path,
    articles: Sequence[Article],
    suggestions: Sequence[Suggestion],
    tool: AnnotationTool,
    sections: Sequence[str],
) -> list[Path]:
    """Write the suggested articles for an annotation tool, each with its likeliest section.

    Parameters
    ----------
    path
        The file to write, whole or not at all.
    articles
        All articles that were read.
    suggestions
        Which of them to label.
    tool
        Who imports the file. doccano takes one object a line, whose text begins with the headline;
        Label Studio a list of tasks with predictions; Argilla a list of records with suggestions.
    sections
        The labels to choose from.

    Returns
    -------
    list[Path]
        What was written: for Label Studio beside the tasks the view to label them in (``.xml``).
    """
    chosen = [(articles[suggestion.position], suggestion) for suggestion in suggestions]
    if tool == "doccano":
        lines = [_as_json(_doccano_example(*pair)) for pair in chosen]
        return [_write(path, "".join(f"{line}\n" for line in lines))]
    if tool == "argilla":
        return [_write(path, _as_json([_argilla_record(*pair) for pair in chosen], indent=1))]
    tasks = [_studio_task(*pair) for pair in chosen]
    view = path.with_suffix(".xml")
    return [_write(path, _as_json(tasks, indent=1)), _write(view, labelling_view(sections))]


def labelling_view(sections: Sequence[str]) -> str:
    """Return the XML of a view of Label Studio in which one of some sections is chosen."""
    choices = "\n".join(f"    <Choice value={quoteattr(section)}/>" for section in sections)
    return _LABELLING_VIEW.format(choices=choices)


def _doccano_example(article: Article, suggestion: Suggestion) -> dict[str, Any]:
    # doccano numbers examples itself, shows one text, and gives other fields back as they were.
    text = f"{article.headline}\n{article.text}" if article.headline else article.text
    return {
        "text": text,
        "label": [],
        "article_id": article.id,
        "headline": article.headline,
        "date": article.date or "",
        "likely": suggestion.section,
        "or": suggestion.rival,
    }


def _studio_task(article: Article, suggestion: Suggestion) -> dict[str, Any]:
    choice = {
        "id": _QUESTION,
        "from_name": _QUESTION,
        "to_name": "text",
        "type": "choices",
        "value": {"choices": [suggestion.section]},
    }
    return {
        "data": {
            "id": article.id,
            "headline": article.headline,
            "text": article.text,
            "date": article.date or "",
            "or": suggestion.rival,
        },
        "predictions": [{"model_version": _AGENT, "result": [choice]}],
    }


def _argilla_record(article: Article, suggestion: Suggestion) -> dict[str, Any]:
    return {
        "id": article.id,
        "fields": {"headline": article.headline, "text": article.text},
        "metadata": {"date": article.date or "", "or": suggestion.rival},
        "suggestions": {_QUESTION: {"value": suggestion.section, "score": None, "agent": _AGENT}},
        "responses": {},
        "vectors": {},
    }


def _as_json(value: object, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _write(path: Path, text: str) -> Path:
    with replacing(path) as beside:
        beside.write_text(text, "utf-8")
    return path
