"""Trained models on new texts: predict."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from research.cli.levels import parse_level
from research.cli.options import (
    RUNS_FOLDER,
    EncodingOption,
    FieldOption,
    LinesOption,
    OnBadRowOption,
    RunArgument,
    RunsOption,
    SheetOption,
    TextsArgument,
)
from research.cli.sources import read_texts
from research.cli.terminal import show_progress

if TYPE_CHECKING:
    from research.runs.labels import Label

_MAX_HEADLINE_CHARACTERS = 40


def predict(
    run: RunArgument,
    files: TextsArgument,
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Write a table (.csv, for Excel too) or .jsonl instead of printing.",
        ),
    ] = None,
    runs: RunsOption = RUNS_FOLDER,
    lines: LinesOption = False,
    field: FieldOption = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Print one JSON object a text.")] = False,
    encoding: EncodingOption = None,
    level: Annotated[
        str, typer.Option(help="Groups of themes instead of themes: how many, or parent.")
    ] = "",
    on_bad_row: OnBadRowOption = "refuse",
    sheet: SheetOption = None,
) -> None:
    """Label new pages, articles or lines: sections, or topics with their shares."""
    from research.runs import load
    from research.runs.labels import label_texts, refuse_other_tables, write_labels

    if output:
        refuse_other_tables(output)
    texts = read_texts(
        files, field, lines=lines, encoding=encoding, on_bad_row=on_bad_row, sheet=sheet
    )
    labels = label_texts(load(run, runs), texts, parse_level(level) if level else None)
    if output:
        with show_progress() as progress:
            count = write_labels(output, labels, progress)
        typer.echo(f"{count} texts labelled in {output}")
        return
    for label in labels:
        typer.echo(json.dumps(label.to_json(), ensure_ascii=False) if jsonl else _line(label))


def _line(label: Label) -> str:
    headline = label.text.headline[:_MAX_HEADLINE_CHARACTERS]
    probability = "" if label.probability is None else f"{label.probability:.2f}"
    return f"{label.name}\t{probability}\t{headline}"
