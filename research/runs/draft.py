"""A run being written: a hidden folder beside its place, renamed when it is whole.

What a run's files hold is no concern of this module.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from research.files import naming
from research.runs.folder import FORMAT, place_aside, recover, write_manifest


class Draft:
    """A run being written: a hidden folder that nobody loads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def bytes(self, name: str, content: bytes) -> None:
        """Write a file, its folder too; an error of the disk names the file."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        with naming(path):
            path.write_bytes(content)

    def text(self, name: str, content: str) -> None:
        """Write a text file in UTF-8."""
        self.bytes(name, content.encode(errors="backslashreplace"))

    def close(self, fingerprint: str) -> None:
        """Write the manifest of every file but the record."""
        write_manifest(self.folder, fingerprint, FORMAT)


@contextmanager
def drafting(runs: Path, name: str) -> Iterator[Draft]:
    """Yield a Draft; when the block ends well, put it into the run's place, else remove it."""
    runs.mkdir(parents=True, exist_ok=True)
    _sweep(runs)
    hidden = runs / f".{name}.{os.getpid()}.part"
    hidden.mkdir()
    try:
        yield Draft(hidden)
        _publish(hidden, runs / name)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def _publish(hidden: Path, place: Path) -> None:
    """Rename a draft to the run's place; the earlier run stands aside until that is done."""
    aside = place_aside(place)
    if place.exists():
        shutil.rmtree(aside, ignore_errors=True)
        place.rename(aside)
    hidden.rename(place)
    shutil.rmtree(aside, ignore_errors=True)


def _sweep(runs: Path) -> None:
    """Remove the drafts of killed trainings, and bring back the runs that they had put aside."""
    for hidden in runs.glob(".*.part"):
        pid = hidden.name.split(".")[-2]
        if pid.isdigit() and not _alive(int(pid)):
            shutil.rmtree(hidden, ignore_errors=True)
    for aside in runs.glob(".*.before"):
        recover(runs / aside.name[1:].removesuffix(".before"))


def _alive(pid: int) -> bool:
    """Return whether a process runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
