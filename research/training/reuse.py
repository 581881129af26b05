"""When an experiment needs no training: its run was trained, and only presentation has changed.

Names of topics, events and the like decide nothing that is trained: they are applied to what the
engine left in the run.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from research import runs
from research.config import Experiment, ThemesExperiment
from research.errors import InputError
from research.runs.engine import has_engine
from research.runs.folder import source_of
from research.runs.shape_files import read_shape
from research.themes.covariates import check_names
from research.themes.curation import Curation

# Keys of an experiment that only say how topics are presented, by table.
_PRESENTATION = {
    "topics": ("names", "shape"),
    "time": ("weigh", "resamples", "words_by", "stories", "breakdown", "events"),
}
_FILES = (("topics", "names"), ("topics", "shape"), ("time", "events"))


def reusable_run(folder: Path, config: Experiment, inputs: dict[str, str]) -> runs.ThemesRun | None:
    """Return the run of *folder*, with all its members, None where it must be trained anew.

    Parameters
    ----------
    folder
        Where the run of an earlier training is, if there is one.
    config
        The experiment as it is now.
    inputs
        SHA-256 of every file that it reads.
    """
    fingerprint = runs.fingerprint_of(folder)
    if fingerprint is None or not isinstance(config, ThemesExperiment):
        return None
    run = runs.read(folder)
    if not isinstance(run, runs.ThemesRun) or not has_engine(run.source):
        return None
    if fingerprint != runs.fingerprint(run.config, run.inputs, runs.program()):
        return None  # Another version of this package trained it, or it was stopped.
    if _trained_part(run.config, run.inputs) != _trained_part(config, inputs):
        return None
    try:
        check_names(run.engine_topics().articles, config.divisions, "time.breakdown")
    except InputError:
        return None  # The run did not keep such a column, or the corpus has none.
    return run


def applied_decisions(folder: Path) -> Curation:
    """Return what the run of *folder* was shaped by beside the files of its experiment."""
    if runs.fingerprint_of(folder) is None:
        return Curation()
    return read_shape(source_of(folder)).applied


def _trained_part(config: ThemesExperiment, inputs: dict[str, str]) -> dict[str, Any]:
    """Return all that decides what the engine learns."""
    settings = config.model_dump(mode="json")
    shown = [settings[table].get(key) for table, key in _FILES]
    for table, keys in _PRESENTATION.items():
        for key in keys:
            settings[table].pop(key, None)
    read = {name: digest for name, digest in inputs.items() if name not in shown}
    return {"settings": settings, "inputs": read}
