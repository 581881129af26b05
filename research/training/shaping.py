"""Runs that a person shaped: a topics file applied to a run, and what comes of it written.

Nothing is trained but the parts of a topic that is split.
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from research import report, runs
from research.config import ThemesExperiment
from research.config.experiment import NAME
from research.errors import InputError
from research.runs.reshape import with_decisions
from research.themes.curation import Curation, read_curation

_WORDS_PER_TOPIC = 8  # In a topics file to begin with.


def shape(run: runs.ThemesRun, path: str | PathLike[str] | None) -> runs.ThemesRun:
    """Return a run under the shape that a topics file describes; *run* stays as it is.

    Parameters
    ----------
    run
        The run.
    path
        The file. It takes the place of what the run was shaped by before, beside the files that
        its experiment names; None takes that back.
    """
    applied = Curation() if path is None else read_curation(Path(path))
    earlier = run.shape.applied.topic
    named = [entry for entry in run.shape.curation.topic if entry not in earlier]
    curation = Curation(topic=tuple(named)).then(applied)
    return with_decisions(run, curation, applied)


def save(run: runs.ThemesRun, folder: str | PathLike[str]) -> Path:
    """Write a run that was merged, split or the like, with its report; return its folder.

    Parameters
    ----------
    run
        The run.
    folder
        Where to write it: its own folder, whose files are then replaced, or another.

    Raises
    ------
    InputError
        Where the run has not been changed, or the folder's last part is no name of a run.
    """
    folder = Path(folder)
    result = vars(run).get("result")
    if result is None:
        raise InputError(
            f"{run.folder}: nothing was changed since it was loaded; copy the folder, or merge, "
            "drop, split, rename or parent topics first"
        )
    if not NAME.fullmatch(folder.name):
        raise InputError(
            f"{folder}: {folder.name!r} is no name of a run; use letters, digits, - _ ."
        )
    config: ThemesExperiment = run.config.model_copy(update={"name": folder.name})
    text = (run.folder / runs.files.CONFIG_TEXT).read_bytes()
    record, inputs = run.record, run.inputs
    with runs.drafting(folder.parent, folder.name) as draft:
        runs.write_experiment(draft, config, text, inputs)
        runs.write(draft, result)
        runs.write_report(draft, report.render(runs.read(draft.folder)))
        draft.close(runs.fingerprint(config, inputs, runs.program()))
        runs.write_record(draft, record)
    return folder


def template(run: runs.ThemesRun) -> str:
    """Return a topics file with every topic of a run under its name, to begin with."""
    lines = [f"# {run.name}"]
    for topic in run.topics:
        words = ", ".join(f'"{entry.word}"' for entry in topic.relevant[:_WORDS_PER_TOPIC])
        lines += [
            "",
            f"# {topic.number}, {topic.share:.1%}",
            "[[topic]]",
            f'name = "{topic.name}"',
            f"words = [{words}]",
        ]
    return "\n".join(lines) + "\n"
