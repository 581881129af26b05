"""Experiments and their runs: train, rerun, compare, report, schema."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import typer

from research.cli.app import BaseOption, RunsOption, app, print_table, show_progress
from research.errors import InputError


@app.command()
def train(
    configs: Annotated[
        list[Path], typer.Argument(help="Experiment files (.toml).", readable=False)
    ],
    runs: RunsOption = Path("runs"),
    force: Annotated[
        bool, typer.Option("--force", help="Train even where neither config nor data changed.")
    ] = False,
) -> None:
    """Train experiments, and print their figures and where their reports lie."""
    from research.training import train as experiment

    done, problems = [], []
    for config in configs:
        try:
            with show_progress() as progress:
                done.append(experiment.train(config, runs, force=force, progress=progress))
        except InputError as error:
            problems.append(str(error))
    if done:
        _print_outcomes(
            [(outcome.folder, "trained" if outcome.trained else "unchanged") for outcome in done]
        )
    if problems:
        raise InputError("\n".join(problems))


def _print_outcomes(outcomes: Sequence[tuple[Path, str]]) -> None:
    from research.runs import read_figures

    rows = [["run", "", "figures", "report"]]
    for folder, state in outcomes:
        figures = read_figures(folder)
        shown = ("macro_f1", "accuracy", "n_topics", "coherence_npmi", "diversity", "stability")
        said = ", ".join(f"{name} {figures[name]:.4g}" for name in shown if name in figures)
        rows.append([folder.name, state, said, str(folder / "report.html")])
    print_table(rows)


@app.command()
def rerun(
    run: Annotated[str, typer.Argument(help="A run's folder or name.")],
    runs: RunsOption = Path("runs"),
    base: BaseOption = None,
) -> None:
    """Train a run again from its own record, and say whether every byte came out equal (exit code 1 if not)."""
    from research.training import train as experiment

    with show_progress() as progress:
        found = experiment.rerun(run, runs, base=base, progress=progress)
    for name in found.changed_inputs:
        typer.echo(f"input changed since: {name}")
    for name in found.differing_files:
        typer.echo(f"differs: {name}")
    typer.echo(
        "equal: every file came out the same, byte for byte"
        if found.equal
        else f"not equal: {len(found.differing_files)} files differ"
    )
    raise typer.Exit(0 if found.equal else 1)


@app.command()
def compare(
    names: Annotated[list[str], typer.Argument(metavar="RUN...", help="Runs' folders or names.")],
    runs: RunsOption = Path("runs"),
) -> None:
    """Print runs' figures side by side, and the config keys in which they differ."""
    from research.runs import check_whole, find, read_figures, read_resolved

    folders = [find(name, runs) for name in names]
    for folder in folders:
        check_whole(folder)
    figures = [_flat(_counted(read_figures(folder))) for folder in folders]
    configs = [_flat(read_resolved(folder).model_dump(mode="json")) for folder in folders]
    print_table([["figure", *map(str, names)], *_side_by_side(figures)])
    differing = [row for row in _side_by_side(configs) if len(set(row[1:])) > 1]
    typer.echo("")
    print_table(
        [["config key", *map(str, names)], *differing]
        if differing
        else [["the configs do not differ"]]
    )


def _counted(figures: dict[str, Any]) -> dict[str, Any]:
    """Return a run's figures with how many topics were the same, born … instead of which."""
    lineage = figures.get("lineage") or {}
    return figures | (
        {
            "lineage": {
                name: len(lineage[name]) for name in ("same", "born", "died", "split", "merged")
            }
        }
        if lineage
        else {}
    )


def _side_by_side(tables: Sequence[dict[str, Any]]) -> list[list[str]]:
    keys = dict.fromkeys(chain.from_iterable(tables))
    return [[key, *(str(table.get(key, "–")) for table in tables)] for key in keys]


def _flat(value: Any, path: str = "") -> dict[str, Any]:
    if isinstance(value, dict):
        parts = [
            _flat(item, f"{path}.{key}" if path else str(key))
            for key, item in value.items()
            if key not in ("confusion", "reliability")
        ]
        return {key: item for part in parts for key, item in part.items()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return _flat(dict(enumerate(value)), path)
    return {path: value}


@app.command()
def report(
    run: Annotated[str, typer.Argument(help="A run's folder or name.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where to write it; into the run where left out."),
    ] = None,
    runs: RunsOption = Path("runs"),
) -> None:
    """Draw a run's report anew, as this version does, and print its path."""
    from research.files import replacing
    from research.report import render
    from research.runs import check_whole, find, replace_report

    folder = find(run, runs)
    manifest = check_whole(folder)
    html = render(folder)
    if output is None:
        output = replace_report(folder, html, manifest)
    else:
        with replacing(output) as beside:
            beside.write_text(html, encoding="utf-8")
    typer.echo(str(output))


@app.command()
def schema() -> None:
    """Print the JSON Schema of experiment files."""
    from research.config import json_schema

    typer.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))
