"""Experiment files → experiments: what a file extends, what is set besides, and its sweep."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

from research.config.compose import (
    Composition,
    Layer,
    by_dotted_key,
    read_composition,
    settings_of,
)
from research.config.experiment import Experiment, check_config
from research.config.sweep import member_name, variants_of
from research.errors import InputError


class PlannedExperiment(NamedTuple):
    """An experiment to train.

    Attributes
    ----------
    config : Experiment
        The checked experiment.
    text : str
        Its file, with what it extends and what is set besides as comments.
    path : Path
        Its file.
    sweep : str or None
        The name of the sweep that it is a member of.
    settings : dict
        The keys in which it differs from the other members, with their values.
    """

    config: Experiment
    text: str
    path: Path
    sweep: str | None = None
    settings: Mapping[str, Any] = {}


class Reading(NamedTuple):
    """The experiments of one file; members of a sweep that are wrong are named in *problems*."""

    experiments: tuple[PlannedExperiment, ...]
    problems: tuple[str, ...]


def read_config(path: str | PathLike[str], settings: Mapping[str, Any] | None = None) -> Experiment:
    """Read and check an experiment file.

    Parameters
    ----------
    path
        The file. It may extend another: ``extends = "base.toml"``.
    settings
        Values that take the place of the file's, by dotted key: ``{"classifier.C": 0.3}``.

    Raises
    ------
    InputError
        For everything wrong at once, one line each: file, line, key, what is allowed. Also where
        the file is a sweep of several experiments.
    """
    return read_one(Path(path), settings).config


def read_one(path: Path, settings: Mapping[str, Any] | None = None) -> PlannedExperiment:
    """Read a file of one experiment; see :func:`read_config`."""
    experiments = _read_all(path, settings)
    if len(experiments) > 1:
        raise InputError(
            f"{path}: a sweep of {len(experiments)} experiments; train them all "
            "(research.train_all), or read them with research.read_configs"
        )
    return experiments[0]


def read_configs(
    path: str | PathLike[str], settings: Mapping[str, Any] | None = None
) -> tuple[Experiment, ...]:
    """Read all experiments of a file: one, or the members of its sweep; see :func:`read_config`."""
    experiments = _read_all(Path(path), settings)
    return tuple(experiment.config for experiment in experiments)


def _read_all(path: Path, settings: Mapping[str, Any] | None) -> tuple[PlannedExperiment, ...]:
    layers = settings_of(settings)
    reading = read_experiments(path, layers)
    if reading.problems:
        raise InputError("\n".join(reading.problems))
    return reading.experiments


def read_experiments(path: Path, settings: Sequence[Layer] = ()) -> Reading:
    """Read the experiments of a file, set besides; the members of a sweep that are right.

    Raises
    ------
    InputError
        Where the file is wrong apart from its sweep.
    """
    composition = read_composition(path).with_settings(settings)
    variants = variants_of(composition)
    if not variants:
        config = check_config(composition.table, composition.locate, path.stem)
        planned = PlannedExperiment(config, _text(composition), path)
        return Reading((planned,), ())
    experiments, problems = [], []
    name = composition.table.get("name", path.stem)
    for variant in variants:
        member = composition.with_settings(variant.layers)
        table = {key: value for key, value in member.table.items() if key != "sweep"}
        table["name"] = member_name(name, variant.label)
        try:
            config = check_config(table, member.locate, path.stem)
        except InputError as error:
            problems.append(str(error))
            continue
        planned = PlannedExperiment(config, _text(member), path, str(name), variant.values)
        experiments.append(planned)
    return Reading(tuple(experiments), tuple(dict.fromkeys(problems)))


def _text(composition: Composition) -> str:
    """Return the experiment's own file, with the other layers as comments after it."""
    files = [layer for layer in composition.layers if layer.text is not None]
    settings = [layer for layer in composition.layers if layer.text is None]
    lines = []
    for layer in files[1:]:
        source = Path(layer.source)
        layer_lines = (layer.text or "").splitlines()
        lines.append(f"# extends {source.name}:")
        lines += [f"# {line}".rstrip() for line in layer_lines]
    for layer in reversed(settings):
        for key, value in by_dotted_key(layer.table).items():
            shown = json.dumps(value, ensure_ascii=False, default=str)
            lines.append(f"# set: {key} = {shown}")
    text = files[0].text or ""
    if not lines:
        return text
    body = text.rstrip("\n")
    comments = "\n".join(lines)
    return f"{body}\n\n{comments}\n"
