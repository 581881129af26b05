"""A run being written: beside its place, and renamed when whole."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.files import as_csv, naming, replacing
from research.runs.folder import place_aside, recover, write_manifest


class Draft:
    """A run being written: a hidden folder that nobody loads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def bytes(self, name: str, content: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        with naming(path):
            path.write_bytes(content)

    def text(self, name: str, content: str) -> None:
        self.bytes(name, content.encode())

    def json(self, name: str, value: object, indent: int | None = 1) -> None:
        self.text(name, json.dumps(value, ensure_ascii=False, indent=indent) + "\n")

    def table(self, name: str, rows: Iterable[Sequence[object]]) -> None:
        self.text(name, as_csv(rows))

    def matrix(self, name: str, matrix: sparse.csc_matrix) -> None:
        with naming(self.folder / name):
            sparse.save_npz(self.folder / name, matrix)

    def model(self, facts: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> None:
        self.json("model/model.json", facts, indent=None)
        for name, array in sorted(arrays.items()):
            path = self.folder / "model" / f"{name}.npy"
            with naming(path):
                np.save(path, np.ascontiguousarray(array), allow_pickle=False)

    def close(self, fingerprint: str) -> None:
        """Write the manifest over everything but the record."""
        write_manifest(self.folder, fingerprint)


@contextmanager
def drafting(runs: Path, name: str) -> Iterator[Draft]:
    """Give a Draft; when the block ends well, put it into the run's place, else leave no trace of it."""
    runs.mkdir(parents=True, exist_ok=True)
    _sweep(runs)
    hidden = runs / f".{name}.{os.getpid()}.part"
    hidden.mkdir()
    try:
        yield Draft(hidden)
        _publish(hidden, runs / name)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def replace_report(folder: Path, html: str, fingerprint: str) -> Path:
    """Put another report into a run that was found whole, and seal it with its fingerprint."""
    with replacing(folder / "report.html") as beside:
        beside.write_text(html, encoding="utf-8")
    write_manifest(folder, fingerprint)
    return folder / "report.html"


def _publish(hidden: Path, place: Path) -> None:
    aside = place_aside(place)
    if place.exists():
        shutil.rmtree(aside, ignore_errors=True)
        place.rename(aside)
    hidden.rename(place)
    shutil.rmtree(aside, ignore_errors=True)


def _sweep(runs: Path) -> None:
    """Remove what killed trainings left behind."""
    for hidden in runs.glob(".*.part"):
        number = hidden.name.split(".")[-2]
        if number.isdigit() and not _alive(int(number)):
            shutil.rmtree(hidden, ignore_errors=True)
    for aside in runs.glob(".*.before"):
        recover(runs / aside.name[1:].removesuffix(".before"))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
