"""Find a run, check it, and give it as an object. What the object has is in ``loaded``."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from research.config import SectionsExperiment, check_config
from research.errors import InputError
from research.runs import files
from research.runs.folder import check_whole, find, source_of
from research.runs.loaded import SectionsRun, ThemesRun


def read(folder: Path) -> SectionsRun | ThemesRun:
    """Return the run in a folder, also of a draft, without a check of whether it is whole."""
    source = source_of(folder)
    path = folder / files.CONFIG.name
    config = check_config(files.CONFIG.read(source), lambda _: f"{path}:1", folder.name)
    if isinstance(config, SectionsExperiment):
        return SectionsRun(source, config)
    return ThemesRun(source, config)


def open_run(
    name: str | PathLike[str], runs: str | PathLike[str] | None = None
) -> SectionsRun | ThemesRun:
    """Return a run that is whole; its model is read when first asked for. See :func:`load`."""
    folder = find(name, runs)
    check_whole(folder)
    return read(folder)


def load(
    name: str | PathLike[str], runs: str | PathLike[str] | None = None
) -> SectionsRun | ThemesRun:
    """Load a run with its model.

    Parameters
    ----------
    name
        Its folder, or its bare name in *runs*.
    runs
        The folder of all runs; ``$RESEARCH_RUNS`` or ``runs`` where left out.

    Raises
    ------
    InputError
        Where the folder is no run, is not whole, or a file in it was changed.
    """
    run = open_run(name, runs)
    _ = run.model  # Read now, so that a model that does not fit together is refused here.
    return run


def load_sections(
    name: str | PathLike[str], runs: str | PathLike[str] | None = None
) -> SectionsRun:
    """Load a sections run; see :func:`load`. Raises InputError for a themes run too."""
    run = load(name, runs)
    if not isinstance(run, SectionsRun):
        raise InputError(f'{name}: a themes run has no sections; give a run with task = "sections"')
    return run


def load_themes(name: str | PathLike[str], runs: str | PathLike[str] | None = None) -> ThemesRun:
    """Load a themes run; see :func:`load`. Raises InputError for a sections run too."""
    run = load(name, runs)
    if not isinstance(run, ThemesRun):
        raise InputError(f'{name}: a sections run has no themes; give a run with task = "themes"')
    return run
