"""Topics shaped after training: shape."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from research.cli.options import RUNS_FOLDER, RunsOption, ThemesRunArgument
from research.cli.terminal import print_table
from research.cli.themes import open_themes
from research.errors import InputError

if TYPE_CHECKING:
    from research.runs import ThemesRun
    from research.runs.figures import EntryFigures


def shape(
    run: ThemesRunArgument,
    file: Annotated[
        Path | None,
        typer.Argument(
            help="A topics file (.toml): what to merge, drop, split, name and group. Without one, "
            "the run's topics are printed as such a file, to begin with.",
            readable=False,
        ),
    ] = None,
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Folder of the run to write; the run itself where left out."
        ),
    ] = None,
    undo: Annotated[
        bool, typer.Option("--undo", help="Take back what topics files did to the run.")
    ] = False,
    runs: RunsOption = RUNS_FOLDER,
) -> None:
    """Merge, drop, split, name and group a run's topics, without training."""
    from research.training import shaping

    trained = open_themes(run, runs)
    if file is None and not undo:
        typer.echo(shaping.template(trained), nl=False)
        return
    if file is not None and undo:
        raise InputError(f"--undo takes no file; leave out {file} or --undo")
    n_before = len(trained.topics)
    shaped = shaping.shape(trained, file)
    folder = shaping.save(shaped, trained.folder if output is None else output)
    _print_outcomes(shaped)
    typer.echo(f"{n_before} → {len(shaped.topics)} topics: {folder / 'report.html'}")


def _print_outcomes(run: ThemesRun) -> None:
    from research.report.texts import printed_names

    outcomes = run.decisions
    if outcomes:
        print_table([printed_names("tables.shape"), *map(_row, outcomes)])


def _row(outcome: EntryFigures) -> Sequence[str]:
    from research.report.shape import describe_problem
    from research.report.texts import terminal_language

    topics = " ".join(map(str, outcome.topics)) or "–"
    return outcome.entry, topics, describe_problem(outcome, terminal_language())
