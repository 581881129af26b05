"""Train a run again from its own record, and say what differs, and what may be the reason."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from research import runs
from research.files import Progress
from research.runs import Record
from research.training.reuse import applied_decisions
from research.training.train import Job, refuse_itself, train_job, versions

_SHOWN_CHARACTERS_OF_DIGEST = 12


@dataclass(frozen=True, slots=True)
class Reproduction:
    """The result of ``rerun``.

    Attributes
    ----------
    changed_inputs : list of str
        Files that changed since the run was trained.
    differing_files : list of str
        Files of the run that came out otherwise.
    changed_conditions : list of str
        What else is not as it was: the program, versions of libraries, Python, the processor.
    """

    changed_inputs: list[str]
    differing_files: list[str]
    changed_conditions: list[str]

    @property
    def equal(self) -> bool:
        """Whether every file came out the same."""
        return not self.differing_files


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
    record = earlier.record
    start = Path(record.base if base is None else base)
    refuse_itself(earlier.config, start, earlier.folder)
    text_path = earlier.folder / runs.files.CONFIG_TEXT
    config_text = text_path.read_bytes()
    applied = applied_decisions(earlier.folder)
    job = Job(earlier.config, config_text, str(text_path), start, applied)
    with tempfile.TemporaryDirectory(prefix="research-rerun-") as folder:
        outcome = train_job(job, Path(folder), force=True, progress=progress)
        differing_files = runs.differing_files(earlier.folder, outcome.folder)
        inputs = runs.read(outcome.folder).inputs
    changed_inputs = [name for name, digest in inputs.items() if record.inputs.get(name) != digest]
    conditions = list(_changed_conditions(record))
    return Reproduction(sorted(changed_inputs), differing_files, conditions)


def _changed_conditions(record: Record) -> Iterator[str]:
    """Yield what is not as it was when a run was trained, then → now."""
    code = runs.code_digest()
    if record.code is not None and record.code != code:
        then = record.code[:_SHOWN_CHARACTERS_OF_DIGEST]
        now = code[:_SHOWN_CHARACTERS_OF_DIGEST]
        yield f"the program's code: {then} → {now}"
    for name, version in versions().items():
        recorded = record.versions.get(name)
        if recorded != version:
            then = recorded or "none"
            now = version or "none"
            yield f"{name}: {then} → {now}"
    python = platform.python_version()
    if record.python != python:
        yield f"Python: {record.python} → {python}"
    processor = runs.processor()
    if record.processor is not None and record.processor != processor:
        yield f"the processor: {record.processor} → {processor}"
