"""Experiments and their runs: train, rerun, compare, report, schema."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from research.cli.options import RUNS_FOLDER, RunArgument, RunsOption
from research.cli.terminal import print_table, show_progress
from research.errors import InputError

if TYPE_CHECKING:
    from research.report.sweep import Sweep
    from research.runs import ThemesRun
    from research.runs.figures import SectionsFigures, ThemesFigures
    from research.training.train import Outcome

_MAIN_FIGURES = (
    "macro_f1",
    "accuracy",
    "n_topics",
    "coherence_npmi",
    "diversity",
    "stability",
)
_SIGNIFICANT_DIGITS = 4


def train(
    configs: Annotated[
        list[Path], typer.Argument(help="Experiment files (.toml).", readable=False)
    ],
    runs: RunsOption = RUNS_FOLDER,
    force: Annotated[
        bool,
        typer.Option("--force", help="Train even where config, data and program are the same."),
    ] = False,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="Set a key of every file, such as classifier.C=0.3; may be repeated.",
        ),
    ] = None,
) -> None:
    """Train experiments, and print their figures and where their reports lie.

    A file with a sweep is several experiments; their figures become one table and one picture. An
    experiment that fails leaves the others running; the exit code is then not 0.
    """
    from research.config.compose import setting
    from research.training.batch import train_planned

    layers = [setting(assignment, f"--set {assignment}") for assignment in settings or ()]
    batch = train_planned(configs, layers, runs, force, show_progress)
    if batch.outcomes:
        _print_outcomes(batch.outcomes)
    for sweep in batch.sweeps:
        _print_sweep(sweep)
    if batch.crashes:
        typer.echo("\n".join((*batch.problems, *batch.crashes)), err=True)
        raise typer.Exit(1)
    if batch.problems:
        raise InputError("\n".join(batch.problems))


def _print_sweep(sweep: Sweep) -> None:
    from research.report.texts import terminal_language

    typer.echo("")
    print_table(sweep.table)
    advice = sweep.advice.of(terminal_language())
    if advice:
        typer.echo(advice)
    typer.echo(f"{sweep.csv_path}  {sweep.picture_path}")


def _print_outcomes(outcomes: Sequence[Outcome]) -> None:
    from research.report.texts import printed, printed_names
    from research.runs import ThemesRun, read

    rows: list[Sequence[str]] = [printed_names("tables.outcomes")]
    notes: list[str] = []
    trained = [read(outcome.folder) for outcome in outcomes]
    for outcome, run in zip(outcomes, trained, strict=True):
        state = "presented" if outcome.presented else "unchanged"
        if outcome.trained:
            state = "trained"
        state = printed(f"outcomes.{state}")
        rows.append((outcome.folder.name, state, _main_figures(run.figures), str(run.report)))
        if isinstance(run, ThemesRun) and run.undated:
            notes.append(_note_undated(run))
        if isinstance(run, ThemesRun):
            notes += _notes_of_counting(run)
            notes += _notes_of_shape(run)
    print_table(rows)
    for note in notes:
        typer.echo(note)
    for outcome, run in zip(outcomes, trained, strict=True):
        _print_left_out(outcome.folder.name, run.figures)


def _print_left_out(run: str, figures: SectionsFigures | ThemesFigures) -> None:
    """Print what reading the corpora left out, where it left out anything."""
    from research.report.texts import printed

    counts = list((figures.bad_rows or {}).items())
    lines = [
        printed("outcomes.left_out", n=n, why=printed(f"reading.{kind}")) for kind, n in counts
    ]
    lines += [printed(f"reading.{remark.kind}", n=remark.rows) for remark in figures.remarks]
    if figures.articles_without_text:
        lines.append(printed("reading.without_text", n=figures.articles_without_text))
    for line in lines:
        typer.echo(f"{run}: {line}", err=True)


def _note_undated(run: ThemesRun) -> str:
    """Return how many articles no curve shows, with one of them and the reason."""
    from research.report.texts import printed

    example = run.undated[0]
    return printed(
        "outcomes.undated" if run.shares.periods else "outcomes.none_dated",
        run=run.name,
        n=run.figures.undated,
        documents=run.figures.documents,
        example=f"{example.id}: {f'{example.date} {example.why}'.strip()}",
    )


def _notes_of_counting(run: ThemesRun) -> list[str]:
    """Return how many articles have no theme or are over the cap; stop words that take nothing."""
    from research.report.texts import printed

    notes = []
    figures = run.figures
    capped, stop_words = figures.capped, figures.stop_words
    if figures.without_theme:
        n, documents = figures.without_theme, figures.documents
        note = printed("outcomes.without_theme", run=run.name, n=n, documents=documents)
        notes.append(note)
    if capped is not None:
        longest = capped.longest[0]
        example = f"{longest.id} {longest.headline}".strip()
        notes.append(
            printed(
                "outcomes.capped",
                run=run.name,
                n=capped.articles,
                cap=capped.cap,
                example=example,
                words=longest.words,
            )
        )
    if stop_words is not None and not stop_words.words:
        notes.append(printed("outcomes.no_stop_word", run=run.name))
    return notes


def _notes_of_shape(run: ThemesRun) -> list[str]:
    """Return what became of entries of topics files that were not applied, or not surely."""
    from research.report.shape import describe_problem
    from research.report.texts import printed, terminal_language

    notes = []
    for outcome in run.decisions:
        problem = describe_problem(outcome, terminal_language())
        if problem:
            note = printed(
                "shape.note",
                run=run.name,
                entry=outcome.entry,
                problem=problem,
            )
            notes.append(note)
    return notes


def _main_figures(figures: SectionsFigures | ThemesFigures) -> str:
    """Return the figures by which runs are compared first, those that a run has."""
    values = [(name, getattr(figures, name, None)) for name in _MAIN_FIGURES]
    return ", ".join(
        f"{name} {value:.{_SIGNIFICANT_DIGITS}g}" for name, value in values if value is not None
    )


def rerun(
    run: RunArgument,
    runs: RunsOption = RUNS_FOLDER,
    base: Annotated[
        Path | None, typer.Option("--base", help="Folder that the config's paths start from.")
    ] = None,
) -> None:
    """Train a run again from its own record, and check whether every byte came out equal.

    The exit code is 1 where a file differs.
    """
    from research.report.texts import printed
    from research.training import rerun as training

    with show_progress() as progress:
        outcome = training.rerun(run, runs, base=base, progress=progress)
    for name in outcome.changed_inputs:
        typer.echo(printed("rerun.changed_input", name=name))
    for condition in outcome.changed_conditions:
        typer.echo(printed("rerun.changed_condition", condition=condition))
    for name in outcome.differing_files:
        typer.echo(printed("rerun.differs", name=name))
    if outcome.equal:
        typer.echo(printed("rerun.equal"))
    else:
        typer.echo(printed("rerun.not_equal", n=len(outcome.differing_files)))
        raise typer.Exit(1)


def compare(
    names: Annotated[list[str], typer.Argument(metavar="RUN...", help="Runs' folders or names.")],
    runs: RunsOption = RUNS_FOLDER,
) -> None:
    """Print runs' figures side by side, and the config keys in which they differ."""
    from research.report.texts import printed
    from research.runs import open_run
    from research.runs.comparison import compare_runs

    comparison = compare_runs([open_run(name, runs) for name in names])
    print_table([(printed("tables.figure"), *names), *comparison.figures])
    typer.echo("")
    if comparison.settings:
        print_table([(printed("tables.config_key"), *names), *comparison.settings])
    else:
        typer.echo(printed("tables.equal_configs"))


def report(
    run: RunArgument,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where to write it; into the run where left out."),
    ] = None,
    runs: RunsOption = RUNS_FOLDER,
) -> None:
    """Draw a run's report anew, as this version does, and print its path."""
    from research.files import replacing
    from research.report import render
    from research.runs import check_whole, find, read, replace_report

    folder = find(run, runs)
    manifest = check_whole(folder)
    html = render(read(folder))
    if output is None:
        output = replace_report(folder, html, manifest)
    else:
        with replacing(output) as beside:
            beside.write_text(html, encoding="utf-8")
    typer.echo(str(output))


def schema() -> None:
    """Print the JSON Schema of experiment files."""
    from research.config import json_schema

    typer.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))
