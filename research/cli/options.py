"""Arguments and options that several verbs have, each with its help text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

RUNS_FOLDER = Path("runs")

RunArgument = Annotated[str, typer.Argument(help="A run's folder or name.")]
SectionsRunArgument = Annotated[str, typer.Argument(help="A section run's folder or name.")]
ThemesRunArgument = Annotated[str, typer.Argument(help="A themes run's folder or name.")]
TextsArgument = Annotated[
    list[Path],
    typer.Argument(
        help=(
            "Pages (.txt, .pdf), articles (.jsonl, .csv, .xlsx, .parquet), or texts with --lines; "
            "- reads lines from stdin."
        ),
        readable=False,
    ),
]
RunsOption = Annotated[
    Path, typer.Option("--runs", help="Folder that holds the runs.", envvar="RESEARCH_RUNS")
]
LinesOption = Annotated[
    bool, typer.Option("--lines", help="Take each line of the files as a text of its own.")
]
FieldOption = Annotated[
    list[str] | None,
    typer.Option(help="What a corpus calls a field, such as headline=title; may be repeated."),
]
OnBadRowOption = Annotated[
    Literal["refuse", "skip"],
    typer.Option(help="Whether a row that cannot be read is an error, or is left out and told."),
]
SheetOption = Annotated[
    str | None,
    typer.Option(help="The sheet of a workbook; those that hold articles where left out."),
]
AnnotationTool = Literal["doccano", "label-studio", "argilla"]
EncodingOption = Annotated[
    str | None, typer.Option(help="The pages' encoding, where detecting it fails.")
]
