"""What a run's files say: figures, topics, tables. They are taken as they stand; ``folder.check_whole`` says whether they may be."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from scipy import sparse

from research.config import Experiment, check_config, upgrade_config
from research.errors import InputError

_FORMER_FIGURES = {
    "near_identical_dropped": "near_duplicates_dropped",
    "repeated": "near_duplicates",
}


def read_resolved(folder: Path) -> Experiment:
    """Return the experiment of a run, every default spelled out."""
    path = folder / "config.json"
    return check_config(upgrade_config(read_json(path)), "", str(path), default_name=folder.name)


def read_figures(folder: Path) -> dict[str, Any]:
    """Return what a run measured."""
    figures = read_json(folder / "figures.json")
    for former, present in _FORMER_FIGURES.items():
        if present in figures:
            figures[former] = figures[present]
    return figures


def read_topics(folder: Path) -> list[dict[str, Any]]:
    """Return the topics of a themes run: number, name, share, figures, words, typical articles."""
    topics: list[dict[str, Any]] = json.loads((folder / "topics.json").read_bytes())
    return topics


def read_movement(folder: Path) -> list[dict[str, Any]]:
    """Return how the topics of a themes run move: peak, trend, season, bursts, events."""
    movement: list[dict[str, Any]] = json.loads((folder / "movement.json").read_bytes())
    for row in movement:
        row["trend"].setdefault("said", row["trend"].get("direction"))
        if "season" in row:
            row["season"].setdefault("said", row["season"].get("significant"))
    return movement


def read_stories(folder: Path) -> list[dict[str, Any]]:
    """Return what was new in each period of a themes run: period, theme, words, articles; none in a run that told none."""
    path = folder / "stories.json"
    stories: list[dict[str, Any]] = json.loads(path.read_bytes()) if path.is_file() else []
    return stories


def read_vocabulary(folder: Path) -> list[str]:
    """Return a themes run's words, in the order of its model's columns."""
    vocabulary: list[str] = read_json(folder / "model" / "model.json")["vocabulary"]
    return vocabulary


def read_mentions(folder: Path, shape: tuple[int, int]) -> sparse.csc_matrix | None:
    """Return how many articles of each period hold each word, n_periods × n_words, which *shape* says; None of a run that did not count."""
    path = folder / "mentions.npz"
    if not path.is_file():
        return None
    try:
        matrix: Any = sparse.load_npz(path)
        counts: sparse.csc_matrix = matrix.tocsc()
    except (ValueError, KeyError, EOFError, OSError, BadZipFile, AttributeError):
        raise InputError(
            f"{path}: not a sparse matrix; nothing in it was run. Copy the run again, or train it again"
        ) from None
    if counts.shape != shape or counts.dtype.kind != "i":
        raise InputError(
            f"{path}: expected whole numbers of shape {shape}, found {counts.dtype} of shape {counts.shape}; train the run again"
        )
    return counts


def read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise InputError(f"{path}: not JSON; copy the run again, or train it again") from None
    if not isinstance(value, dict):
        raise InputError(f"{path}: not a JSON object; copy the run again, or train it again")
    return value


def read_table(path: Path) -> list[dict[str, str]]:
    """Read one of a run's CSV tables: a dict a row."""
    if path.name == "repeated.csv" and not path.is_file():
        path = path.with_name("near_duplicates.csv")
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))
