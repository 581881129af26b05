"""One experiment, the whole pipeline: corpus → tokens → features → model → figures → run → report.

What is trained is in ``sections`` and ``themes``; what a run's files hold is in ``runs``.
"""

from __future__ import annotations

import os
import platform
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from os import PathLike
from pathlib import Path

from research import __version__, report, runs
from research.config import (
    Experiment,
    SectionsExperiment,
    ThemesExperiment,
    TokensConfig,
    read_config,
)
from research.files import Progress, refuse_unreadable, sha256
from research.runs.engine import EngineTopics
from research.themes.curation import Curation
from research.training.reuse import applied_decisions, reusable_engine
from research.training.sections import SectionsTraining
from research.training.themes import ThemesTraining

_LIBRARIES = ("numpy", "scipy", "scikit-learn", "numba", "gensim", "jieba", "rjieba")
# On the fingerprint of a run cut short, so that the next training does not take it for finished.
_STOPPED = "-stopped"
_GIT_TIMEOUT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What ``train`` did.

    Attributes
    ----------
    folder : Path
        The run's folder.
    trained : bool
        Whether it had to be trained.
    presented : bool
        Whether, without training, names and the like were applied to it.
    """

    folder: Path
    trained: bool
    presented: bool = False


@dataclass(frozen=True, slots=True)
class Reproduction:
    """The result of ``rerun``: inputs that changed since, and files of the run that differ."""

    changed_inputs: list[str]
    differing_files: list[str]

    @property
    def equal(self) -> bool:
        """Whether every file came out the same."""
        return not self.differing_files


@dataclass(frozen=True)
class _Job:
    """One experiment to train: where its file is, and the folder that its paths start from."""

    config: Experiment
    config_path: Path
    base: Path
    applied: Curation | None = None  # Decisions about topics; those of the run in place if None.


def train(
    config_path: str | PathLike[str],
    runs_folder: str | PathLike[str] = "runs",
    *,
    force: bool = False,
    base: str | PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Train the experiment of a config file into ``runs_folder/NAME``.

    Parameters
    ----------
    config_path
        The experiment file.
    runs_folder
        The folder of all runs.
    force
        Train even where the run there came from the same config and data.
    base
        The folder that paths in the config are relative to; the config's own where left out.
    progress
        Called with the name of a stage, and how much of it is done.

    Raises
    ------
    InputError
        For anything wrong in the inputs; the run that was there before is then still there.
    """
    config_path = Path(config_path)
    config = read_config(config_path)
    start = config_path.parent if base is None else Path(base)
    job = _Job(config, config_path, start)
    return _train(job, Path(runs_folder), force=force, progress=progress)


def rerun(
    run: str | PathLike[str],
    runs_folder: str | PathLike[str] | None = None,
    *,
    base: str | PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Reproduction:
    """Train a run again from its own config and record, and compare every byte but the record's.

    Parameters
    ----------
    run
        The run's folder, or its bare name in *runs_folder*.
    runs_folder
        The folder of all runs.
    base
        The folder that the config's paths start from, where it is not the recorded one any more.
    progress
        Called with the name of a stage, and how much of it is done.
    """
    earlier = runs.open_run(run, runs_folder)
    start = Path(earlier.record.base if base is None else base)
    applied = applied_decisions(earlier.folder)
    job = _Job(earlier.config, earlier.folder / runs.files.CONFIG_TEXT, start, applied)
    inputs = _hash_inputs(earlier.config, start)
    recorded = earlier.record.inputs
    changed = sorted(name for name in inputs if recorded.get(name) != inputs[name])
    with tempfile.TemporaryDirectory(prefix="research-rerun-") as beside:
        outcome = _train(job, Path(beside), force=True, progress=progress)
        return Reproduction(changed, runs.differing_files(earlier.folder, outcome.folder))


def _train(job: _Job, root: Path, *, force: bool, progress: Progress | None) -> Outcome:
    started = time.time()
    config = job.config
    inputs = _hash_inputs(config, job.base)
    fingerprint = runs.fingerprint(config, inputs, __version__)
    place = root / config.name
    if not force and runs.fingerprint_of(place) == fingerprint:
        return Outcome(place, trained=False)
    engine = None if force else reusable_engine(place, config, inputs)
    with runs.drafting(root, config.name) as draft:
        runs.write_experiment(draft, config, job.config_path.read_bytes(), inputs)
        result = _fit(job, place, engine, progress)
        runs.write(draft, result)
        if result.stopped:
            fingerprint += _STOPPED
        runs.write_report(draft, report.render(runs.read(draft.folder)))
        draft.close(fingerprint)
        runs.write_record(draft, _record(job, inputs, started))
    return Outcome(place, trained=engine is None, presented=engine is not None)


def _fit(
    job: _Job, place: Path, engine: EngineTopics | None, progress: Progress | None
) -> runs.SectionsResult | runs.ThemesResult:
    """Train, or present what the *engine* left already."""
    if isinstance(job.config, SectionsExperiment):
        return SectionsTraining(job.config, job.base, progress).run()
    applied = applied_decisions(place) if job.applied is None else job.applied
    training = ThemesTraining(job.config, job.base, progress, applied)
    return training.run() if engine is None else training.present(engine)


def _hash_inputs(config: Experiment, base: Path) -> dict[str, str]:
    """Return SHA-256 of every file that the config names."""
    names = sorted(set(_input_names(config)))
    for name in names:
        refuse_unreadable(base / name)
    return {name: sha256(base / name) for name in names}


def _input_names(config: Experiment) -> Iterator[str]:
    for corpus in config.corpora:
        yield corpus.path
    yield from _token_files(config.tokens)
    if isinstance(config, SectionsExperiment):
        yield from _section_inputs(config)
    else:
        yield from _theme_inputs(config)


def _token_files(tokens: TokensConfig) -> Iterator[str]:
    for name in (*tokens.user_dictionaries, *tokens.stop_words):
        if name != "default":
            yield name


def _section_inputs(config: SectionsExperiment) -> Iterator[str]:
    for corpus in (*config.also, *config.unlabelled):
        yield corpus.path
    if config.test is not None:
        yield config.test.path
    if config.rules is not None:
        yield from config.rules.files
    for block in config.features:
        yield from block.rule_files


def _theme_inputs(config: ThemesExperiment) -> Iterator[str]:
    for name in (config.topics.names, config.topics.shape, config.time.events):
        if name is not None:
            yield name
    for run in (config.topics.like, config.sections):
        if run is not None:
            # The manifest of a run stands for all of it: it holds the digest of every file.
            yield f"{run}/{runs.MANIFEST}"


def _record(job: _Job, inputs: dict[str, str], started: float) -> runs.Record:
    versions: dict[str, str | None] = {"research": __version__}
    versions |= {name: _version(name) for name in _LIBRARIES}
    return runs.Record(
        trained_at=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(time.time() - started, 2),
        config=str(job.config_path),
        base=str(job.base.resolve()),
        inputs=inputs,
        host=platform.node(),
        platform=platform.platform(),
        cpus=os.cpu_count(),
        python=platform.python_version(),
        versions=versions,
        git_commit=_git_commit(job.base),
    )


def _version(library: str) -> str | None:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return None


def _git_commit(folder: Path) -> str | None:
    """Return the commit of a folder, None outside of git."""
    command = ["git", "-C", str(folder), "describe", "--always", "--dirty", "--abbrev=40"]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_GIT_TIMEOUT_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None
