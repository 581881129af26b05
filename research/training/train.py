"""One experiment, the whole pipeline: corpus → tokens → features → model → figures → run → report.

What is trained is in ``sections`` and ``themes``; what a run's files hold is in ``runs``.
"""

from __future__ import annotations

import os
import platform
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from os import PathLike
from pathlib import Path
from typing import Any

from research import __version__, report, runs
from research.articles.parquet import parts
from research.config import (
    Experiment,
    PlannedExperiment,
    SectionsExperiment,
    ThemesExperiment,
    TokensConfig,
    read_one,
)
from research.errors import InputError
from research.files import Progress, refuse_unreadable, sha256
from research.runs.followed import followed_by
from research.themes.curation import Curation
from research.training.reuse import applied_decisions, reusable_run
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


@dataclass(frozen=True)
class Job:
    """One experiment to train: what it is, and the folder that its paths start from."""

    config: Experiment
    config_text: bytes
    config_path: str
    base: Path
    applied: Curation | None = None  # Decisions about topics; those of the run in place if None.


def train(
    config_path: str | PathLike[str],
    runs_folder: str | PathLike[str] = "runs",
    *,
    force: bool = False,
    base: str | PathLike[str] | None = None,
    settings: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Train the experiment of a config file into ``runs_folder/NAME``.

    Parameters
    ----------
    config_path
        The experiment file; of a sweep :func:`train_all` trains all members.
    runs_folder
        The folder of all runs.
    force
        Train even where the run there came from the same config, data and program.
    base
        The folder that paths in the config are relative to; the config's own where left out.
    settings
        Values that take the place of the file's, by dotted key: ``{"classifier.C": 0.3}``.
    progress
        Called with the name of a stage, and how much of it is done.

    Raises
    ------
    InputError
        For anything wrong in the inputs; the run that was there before is then still there.
    """
    path = Path(config_path)
    job = job_of(read_one(path, settings), path.parent if base is None else Path(base))
    return train_job(job, Path(runs_folder), force=force, progress=progress)


def job_of(planned: PlannedExperiment, base: Path) -> Job:
    """Return a planned experiment, whose paths start from *base*, as a job."""
    return Job(planned.config, planned.text.encode(), str(planned.path), base)


def train_job(
    job: Job, root: Path, *, force: bool = False, progress: Progress | None = None
) -> Outcome:
    """Train a job into ``root/NAME``; see :func:`train`."""
    started = time.time()
    config = job.config
    refuse_itself(config, job.base, root / config.name)
    inputs = hash_inputs(config, job.base)
    fingerprint = runs.fingerprint(config, inputs, runs.program())
    place = root / config.name
    if not force and runs.fingerprint_of(place) == fingerprint:
        return Outcome(place, trained=False)
    with runs.drafting(root, config.name) as draft:
        earlier = None if force else reusable_run(place, config, inputs)
        runs.write_experiment(draft, config, job.config_text, inputs)
        result = _fit(job, place, earlier, progress)
        runs.write(draft, result)
        if result.stopped:
            fingerprint += _STOPPED
        runs.write_report(draft, report.render(runs.read(draft.folder)))
        draft.close(fingerprint)
        runs.write_record(draft, _record(job, inputs, started))
    return Outcome(place, trained=earlier is None, presented=earlier is not None)


def refuse_itself(config: Experiment, base: Path, folder: Path) -> None:
    """Raise InputError where a run, which goes to *folder*, is to go on from itself.

    Each training would replace what the next one, and every rerun, must start from.
    """
    if not isinstance(config, ThemesExperiment) or config.topics.like is None:
        return
    earlier = (base / config.topics.like).resolve()
    if earlier == folder.resolve():
        raise InputError(
            f"topics.like names {config.topics.like}, the run that this experiment writes itself: "
            "each training would replace what the next one starts from, and none could be rerun; "
            f"keep the earlier run under another name (mv {folder} {folder}-before) and name that, "
            "or give the experiment another name"
        )
    for before in _predecessors(earlier):
        if before == folder.resolve():
            raise InputError(
                f"topics.like names {config.topics.like}, which goes on from the run that this "
                f"experiment writes: neither could be rerun; keep the earlier {folder.name} under "
                "another name and train both anew, or give the experiment another name"
            )


def _predecessors(folder: Path) -> Iterator[Path]:
    """Yield the runs that the run in a folder goes on from, as far as they are there."""
    passed: set[Path] = set()
    while (folder / runs.MANIFEST).is_file() and folder not in passed:
        passed.add(folder)
        run = runs.read(folder)
        if not isinstance(run, runs.ThemesRun) or run.config.topics.like is None:
            return
        folder = (Path(run.record.base) / run.config.topics.like).resolve()
        yield folder


def _fit(
    job: Job, place: Path, earlier: runs.ThemesRun | None, progress: Progress | None
) -> runs.SectionsResult | runs.ThemesResult:
    """Train, or present what the engine left in an *earlier* run."""
    if isinstance(job.config, SectionsExperiment):
        return SectionsTraining(job.config, job.base, progress).run()
    applied = applied_decisions(place) if job.applied is None else job.applied
    training = ThemesTraining(job.config, job.base, progress, applied)
    if earlier is None:
        return training.run()
    same_time = earlier.config.time == job.config.time and earlier.events == training.events
    followed = followed_by(earlier) if same_time else None
    return training.present(earlier.engine_topics(), followed)


def hash_inputs(config: Experiment, base: Path) -> dict[str, str]:
    """Return SHA-256 of every file that the config names."""
    names = sorted(set(_input_names(config)))
    files = [file for name in names for file in _files_of(name, base)]
    paths = {file: _path_of(file, base) for file in files}
    problems = []
    for path in paths.values():
        try:
            refuse_unreadable(path)
        except InputError as error:
            problems.append(str(error))
    if problems:
        raise InputError("\n".join(problems))
    return {file: sha256(path) for file, path in paths.items()}


def _path_of(file: str, base: Path) -> Path:
    """Return where a file of *base* is; the manifest of a run may be one that ships."""
    path = Path(file)
    if path.name != runs.MANIFEST:
        return base / file
    return runs.run_in(base, str(path.parent)) / runs.MANIFEST


def _files_of(name: str, base: Path) -> list[str]:
    """Return a file that a config names, or the parts of a table that is a folder of them."""
    path = base / name
    if not path.is_dir():
        return [name]
    return [f"{name}/{part.relative_to(path).as_posix()}" for part in parts(path)] or [name]


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
    for stop_list in config.topics.stop_words:
        if stop_list != "default":
            yield stop_list
    for name in (config.topics.names, config.topics.shape, config.time.events):
        if name is not None:
            yield name
    for run in (config.topics.like, config.sections):
        if run is not None:
            # The manifest of a run stands for all of it: it holds the digest of every file.
            yield f"{run}/{runs.MANIFEST}"


def _record(job: Job, inputs: dict[str, str], started: float) -> runs.Record:
    return runs.Record(
        trained_at=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(time.time() - started, 2),
        config=job.config_path,
        base=str(job.base.resolve()),
        inputs=inputs,
        host=platform.node(),
        platform=platform.platform(),
        cpus=os.cpu_count(),
        python=platform.python_version(),
        versions=versions(),
        git_commit=_git_commit(job.base),
        code=runs.code_digest(),
        processor=runs.processor(),
    )


def versions() -> dict[str, str | None]:
    """Return the versions of the package and of the libraries that decide a run's bytes."""
    return {"research": __version__} | {name: _version(name) for name in _LIBRARIES}


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
