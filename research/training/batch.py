"""Several experiments in one go: all members of sweeps, each whatever becomes of the others."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from research import runs
from research.config import PlannedExperiment, read_experiments
from research.config.compose import Layer, settings_of
from research.errors import InputError, message_of
from research.files import Progress
from research.report.sweep import Member, Sweep, write_sweep
from research.report.texts import Language
from research.training.train import Outcome, job_of, train_job

Watch = Callable[[], AbstractContextManager[Progress | None]]


@dataclass(frozen=True)
class Batch:
    """What ``train_all`` did.

    Attributes
    ----------
    outcomes : tuple of Outcome
        The experiments that were trained, or had been.
    problems : tuple of str
        What was wrong with the others, one or more lines each.
    sweeps : tuple of Sweep
        The sweeps, with the figures of their members.
    crashes : tuple of str
        Errors that are no fault of the input, each with where it happened.
    """

    outcomes: tuple[Outcome, ...]
    problems: tuple[str, ...]
    sweeps: tuple[Sweep, ...]
    crashes: tuple[str, ...]


def train_all(
    config_paths: Sequence[str | PathLike[str]],
    runs_folder: str | PathLike[str] = "runs",
    *,
    force: bool = False,
    settings: Mapping[str, Any] | None = None,
    watch: Watch = nullcontext,
) -> Batch:
    """Train the experiments of several files, and all members of their sweeps.

    An experiment that fails leaves the others running. What is trained already is not trained
    again, so that a sweep that was stopped goes on.

    Parameters
    ----------
    config_paths
        The experiment files.
    runs_folder
        The folder of all runs. The table and the picture of a sweep are written there too, as
        ``NAME.sweep.csv`` and ``NAME.sweep.html``.
    force
        Train even what did not change.
    settings
        Values that take the place of the files', by dotted key: ``{"classifier.C": 0.3}``.
    watch
        Gives a callback for progress, for each experiment in turn.

    Raises
    ------
    InputError
        Where two experiments have one name; then nothing is trained.
    """
    layers = settings_of(settings)
    return train_planned([Path(path) for path in config_paths], layers, runs_folder, force, watch)


def train_planned(
    config_paths: Sequence[Path],
    layers: Sequence[Layer],
    runs_folder: str | PathLike[str],
    force: bool,
    watch: Watch,
) -> Batch:
    """Train files' experiments with settings as *layers*; see :func:`train_all`."""
    root = Path(runs_folder)
    planned, problems = _plan(config_paths, layers)
    outcomes: list[Outcome] = []
    crashes: list[str] = []
    members: dict[str, list[Member]] = {}
    languages: dict[str, Language | None] = {}
    for experiment in planned:
        problem = None
        try:
            with watch() as progress:
                job = job_of(experiment, experiment.path.parent)
                outcomes.append(train_job(job, root, force=force, progress=progress))
        except InputError as error:
            problem = str(error)
            problems.append(problem)
        except OSError as error:
            problem = message_of(error)
            problems.append(problem)
        except Exception as error:  # One experiment never ends the others.
            problem = f"{experiment.config.name}: {type(error).__name__}: {error}"
            crashes.append(f"{problem}\n{traceback.format_exc()}")
        if experiment.sweep is not None:
            member = _member(root, experiment, problem)
            members.setdefault(experiment.sweep, []).append(member)
            languages[experiment.sweep] = experiment.config.language
    sweeps = tuple(write_sweep(root, name, rows, languages[name]) for name, rows in members.items())
    return Batch(tuple(outcomes), tuple(problems), sweeps, tuple(crashes))


def _plan(
    config_paths: Sequence[Path], layers: Sequence[Layer]
) -> tuple[list[PlannedExperiment], list[str]]:
    """Return the experiments that can be trained, and what is wrong with the others."""
    planned: list[PlannedExperiment] = []
    problems: list[str] = []
    for path in dict.fromkeys(config_paths):
        try:
            reading = read_experiments(path, layers)
        except InputError as error:
            problems.append(str(error))
            continue
        planned += reading.experiments
        problems += reading.problems
    clashes = list(_clashes(planned))
    if clashes:
        raise InputError("\n".join(clashes))
    return planned, problems


def _clashes(planned: Sequence[PlannedExperiment]) -> Iterator[str]:
    """Yield a message for each name that several experiments have.

    Names that differ in case alone are one name to many file systems.
    """
    by_name: dict[str, list[PlannedExperiment]] = {}
    for experiment in planned:
        by_name.setdefault(experiment.config.name.casefold(), []).append(experiment)
    for experiments in by_name.values():
        if len(experiments) > 1:
            files = ", ".join(str(experiment.path) for experiment in experiments)
            yield (
                f"{len(experiments)} experiments are called {experiments[0].config.name!r} "
                f"({files}), and each would replace the other's run; give each a name of its own "
                "(name = …); nothing was trained"
            )


def _member(root: Path, experiment: PlannedExperiment, problem: str | None) -> Member:
    """Return a member of a sweep with its figures, or with what was wrong."""
    name = experiment.config.name
    figures = None if problem else runs.read(root / name).figures
    return Member(name, dict(experiment.settings), figures, problem)
