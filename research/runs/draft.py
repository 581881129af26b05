"""A run being written: a hidden folder beside its place, renamed when it is whole.

What a run's files hold is no concern of this module.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from research.errors import InputError
from research.files import naming
from research.runs.folder import (
    ASIDE,
    FORMAT,
    MANIFEST,
    bring_back,
    place_aside,
    recover,
    write_manifest,
)
from research.runs.locks import locked

_DRAFT = ".part"


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
    """Yield a Draft; when the block ends well, put it into the run's place, else remove it.

    Raises
    ------
    InputError
        Where another process, of this machine or another, is training the same run.
    """
    place = runs / name
    runs.mkdir(parents=True, exist_ok=True)
    with locked(place) as is_free:
        if not is_free:
            raise InputError(_who_trains(place))
        _sweep(runs, place)
        _refuse_what_is_no_run(place)
        hidden = runs / f".{name}.{_owner()}{_DRAFT}"
        hidden.mkdir()
        try:
            yield Draft(hidden)
            _publish(hidden, place)
        finally:
            shutil.rmtree(hidden, ignore_errors=True)


def _refuse_what_is_no_run(place: Path) -> None:
    """Raise InputError where a run would replace something that is none."""
    if place.is_symlink() or (place.exists() and not (place / MANIFEST).is_file()):
        raise InputError(
            f"{place}: in the run's place stands something that is no run; move it away, or give "
            "another name or another folder of runs (--runs)"
        )


def _owner() -> str:
    """Return this machine and process as a part of a file's name."""
    host = re.sub(r"[^\w-]", "-", platform.node()) or "unknown"
    return f"{host}-{os.getpid()}"


def _who_trains(place: Path) -> str:
    """Return a message that names the process that holds a run's lock."""
    owners = []
    for draft in place.parent.glob(f".{place.name}.*{_DRAFT}"):
        host, _, process = draft.name.split(".")[-2].rpartition("-")
        owners.append(f" (process {process} on {host})")
    owner = owners[0] if owners else ""
    return (
        f"{place}: another training{owner} is writing this run; wait until it has ended, or give "
        "another name or another folder of runs (--runs)"
    )


def _publish(hidden: Path, place: Path) -> None:
    """Rename a draft to the run's place; the earlier run stands aside until that is done."""
    aside = place_aside(place)
    if place.exists():
        shutil.rmtree(aside, ignore_errors=True)
        place.rename(aside)
    hidden.rename(place)
    shutil.rmtree(aside, ignore_errors=True)


def _sweep(runs: Path, locked_place: Path) -> None:
    """Remove the drafts of killed trainings, and bring back the runs that they had put aside.

    A draft whose run's lock is free belongs to nobody any more; *locked_place* is our own.
    """
    for hidden in runs.glob(f".*{_DRAFT}"):
        name = hidden.name[1:].removesuffix(_DRAFT).rpartition(".")[0]
        if name == locked_place.name:
            shutil.rmtree(hidden, ignore_errors=True)
            continue
        with locked(runs / name) as is_free:
            if is_free:
                shutil.rmtree(hidden, ignore_errors=True)
    bring_back(locked_place)
    for aside in runs.glob(f".*{ASIDE}"):
        recover(runs / aside.name[1:].removesuffix(ASIDE))
