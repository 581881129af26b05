"""One experiment, the whole street: corpus → tokens → features → model → figures → run → report."""

from __future__ import annotations

import os
import platform
import subprocess
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from os import PathLike
from pathlib import Path
from typing import Any

from research import __version__, report, runs
from research.config import Experiment, SectionsExperiment, ThemesExperiment, read_config
from research.files import Progress, refuse_unreadable, sha256
from research.training.sections import train_sections
from research.training.themes import train_themes

_LIBRARIES = ("numpy", "scipy", "scikit-learn", "numba", "gensim", "jieba", "rjieba")
_STOPPED = "-stopped"  # On the fingerprint of a run cut short, so that the next training does not take it for done.


@dataclass(frozen=True, slots=True)
class Outcome:
    """What ``train`` did: the run's folder, and whether it had to be trained."""

    folder: Path
    trained: bool


@dataclass(frozen=True, slots=True)
class Reproduction:
    """What ``rerun`` found: inputs that changed since, and files of the run that came out otherwise."""

    changed_inputs: list[str]
    differing_files: list[str]

    @property
    def equal(self) -> bool:
        return not self.differing_files


def train(
    config_path: str | PathLike[str],
    runs_folder: str | PathLike[str] = "runs",
    *,
    force: bool = False,
    base: str | PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Train the experiment of a config file into ``runs_folder/NAME``.

    Nothing is trained when the run there came from the same config and data, unless *force*. Paths in the
    config are relative to its folder, or to *base*. Raises InputError for anything wrong in the inputs; the
    run that was there before is then still there.
    """
    config_path = Path(config_path)
    config = read_config(config_path)
    base = config_path.parent if base is None else Path(base)
    return _train(config, config_path, base, Path(runs_folder), force, progress)


def rerun(
    run: str | PathLike[str],
    runs_folder: str | PathLike[str] | None = None,
    *,
    base: str | PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Reproduction:
    """Train a run again from its own config and record, and compare every byte but the record's.

    *base* is the folder that the config's paths start from, where it is not the recorded one any more.
    """
    folder = runs.find(run, runs_folder)
    runs.check_whole(folder)
    record = runs.read_record(folder)
    base = Path(str(record.get("base", "."))) if base is None else Path(base)
    config = runs.read_resolved(folder)
    recorded = record.get("inputs", {})
    now = _hash_inputs(config, base)
    changed = sorted(name for name in now if recorded.get(name) != now[name])
    with tempfile.TemporaryDirectory(prefix="research-rerun-") as beside:
        again = _train(
            config, folder / "config.toml", base, Path(beside), force=True, progress=progress
        )
        return Reproduction(changed, runs.differing_files(folder, again.folder))


def _train(
    config: Experiment,
    config_path: Path,
    base: Path,
    root: Path,
    force: bool,
    progress: Progress | None,
) -> Outcome:
    started = time.time()
    inputs = _hash_inputs(config, base)
    fingerprint = runs.fingerprint(config, inputs, __version__)
    if not force and runs.fingerprint_of(root / config.name) == fingerprint:
        return Outcome(root / config.name, trained=False)
    with runs.drafting(root, config.name) as draft:
        draft.bytes("config.toml", config_path.read_bytes())
        draft.json("config.json", config.model_dump(mode="json"))
        draft.json("inputs.json", inputs)
        if isinstance(config, SectionsExperiment):
            train_sections(config, base, draft, progress)
        elif not train_themes(config, base, draft, progress):
            fingerprint += _STOPPED
        draft.text("report.html", report.render(draft.folder))
        draft.close(fingerprint)
        draft.json(runs.RECORD, _record(config_path, base, inputs, started))
    return Outcome(root / config.name, trained=True)


def _hash_inputs(config: Experiment, base: Path) -> dict[str, str]:
    """Return SHA-256 of every file that the config names."""
    names = [
        config.corpus.path,
        *(
            n
            for n in (*config.tokens.user_dictionaries, *config.tokens.stop_words)
            if n != "default"
        ),
    ]
    if isinstance(config, SectionsExperiment):
        names += [
            corpus.path
            for corpus in (*config.also, *config.unlabelled, config.test)
            if corpus is not None
        ]
        names += config.rules.files if config.rules else ()
        names += [name for block in config.features for name in block.files]
    if isinstance(config, ThemesExperiment):
        names += [name for name in (config.topics.names, config.time.events) if name is not None]
        # The manifest of a run stands for all of it: it holds the digest of every file.
        names += [
            f"{run}/{runs.MANIFEST}"
            for run in (config.topics.like, config.sections)
            if run is not None
        ]
    for name in names:
        refuse_unreadable(base / name)
    return {name: sha256(base / name) for name in sorted(set(names))}


def _record(
    config_path: Path, base: Path, inputs: dict[str, str], started: float
) -> dict[str, Any]:
    return {
        "trained_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(time.time() - started, 2),
        "config": str(config_path),
        "base": str(base.resolve()),
        "inputs": inputs,
        "host": platform.node(),
        "platform": platform.platform(),
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "versions": {"research": __version__} | {name: _version(name) for name in _LIBRARIES},
        "git_commit": _git_commit(base),
    }


def _version(library: str) -> str | None:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return None


def _git_commit(folder: Path) -> str | None:
    command = ["git", "-C", str(folder), "describe", "--always", "--dirty", "--abbrev=40"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None
