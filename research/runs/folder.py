"""Where a run's folder is, whether it is whole, and what distinguishes it from another.

What the files of a run hold is no concern of this module.
"""

from __future__ import annotations

import hashlib
import json
import os
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from research.config import Experiment
from research.errors import InputError
from research.files import replacing, sha256
from research.runs.locks import locked

FORMAT = 5  # What changed since format 4 is in ``format4``.
OLDEST_FORMAT = 4  # Earlier ones were never released.
ASIDE = ".before"  # Ends the name of an earlier run while another takes its place.
RECORD, MANIFEST = "record.json", "manifest.json"
SHIPPED = Path(__file__).parent / "shipped"  # Runs that come with the package.


class Source(NamedTuple):
    """A run's folder, and the format of its files."""

    folder: Path
    format: int


class Manifest(BaseModel):
    """SHA-256 of every file of a run but the record's, and the fingerprint of what decided them."""

    model_config = ConfigDict(extra="forbid", strict=True)

    format: int
    fingerprint: str
    files: dict[str, str]


def find(name: str | PathLike[str], runs: str | PathLike[str] | None = None) -> Path:
    """Return the folder of a run that is named by its path or its bare name.

    Parameters
    ----------
    name
        A folder, or the name of one in *runs*, or of a run that ships with the package where
        neither is a run.
    runs
        The folder of all runs; ``$RESEARCH_RUNS`` or ``runs`` where left out.

    Raises
    ------
    InputError
        Where there is no such run; the message lists those that exist.
    """
    path = Path(name)
    root = Path(runs or os.environ.get("RESEARCH_RUNS", "runs"))
    candidates = (path, root / path)
    for folder in candidates:
        recover(folder)
        if (folder / MANIFEST).is_file():
            return folder
    shipped = find_shipped(name)
    # A folder of the run's name elsewhere holds something else; one among the runs is a broken run.
    if shipped is not None and not (root / path).is_dir():
        return shipped
    for folder in candidates:
        if folder.is_dir():
            raise InputError(
                f"{folder}: no {MANIFEST} in it, so it is no whole run; train it again, "
                "or copy the whole folder"
            )
    known = _names_of_runs(root)
    choice = f"are {', '.join(known)}" if known else "is none: train one first"
    ships = ", ".join(_names_of_runs(SHIPPED))
    raise InputError(
        f"{name}: no such run; in {root}/ there {choice}; with the package comes {ships}"
    )


def find_shipped(name: str | PathLike[str]) -> Path | None:
    """Return the folder of a run that ships with the package, by its bare name; None for none."""
    bare = os.fspath(name)
    return SHIPPED / bare if bare in _names_of_runs(SHIPPED) else None


def run_in(base: Path, name: str) -> Path:
    """Return the folder of a run named relative to *base*, or of one that ships with the package.

    Whether it is a run is not checked.
    """
    folder = base / name
    shipped = None if (folder / MANIFEST).is_file() else find_shipped(name)
    return folder if shipped is None else shipped


def _names_of_runs(root: Path) -> list[str]:
    folders = (path.parent for path in root.glob(f"*/{MANIFEST}"))
    return sorted(folder.name for folder in folders if not folder.name.startswith("."))


def source_of(folder: Path) -> Source:
    """Return a run's folder with its format; a draft, without a manifest, has the present one."""
    if not (folder / MANIFEST).is_file():
        return Source(folder, FORMAT)
    return Source(folder, _read_manifest(folder).format)


def existing(source: Source, name: str) -> Path:
    """Return the path of one of a run's files; raise InputError where it is missing."""
    path = source.folder / name
    if not path.is_file():
        raise InputError(
            f"{path}: missing, so the run is not whole; copy the whole folder again, "
            "or train it again"
        )
    return path


def check_whole(folder: Path) -> Manifest:
    """Check every file of a run against its manifest; raise InputError for the first wrong one."""
    manifest = _read_manifest(folder)
    for name, digest in manifest.files.items():
        _check_file(folder, name, digest)
    for path in sorted((folder / "model").rglob("*")):
        if path.relative_to(folder).as_posix() not in manifest.files:
            raise InputError(f"{path}: not part of the run as trained; take it out")
    return manifest


def _read_manifest(folder: Path) -> Manifest:
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (ValidationError, OSError):
        raise InputError(
            f"{folder}/{MANIFEST}: damaged; train the run again, or copy it again"
        ) from None
    if manifest.format > FORMAT:
        raise InputError(
            f"{folder}: a run of format {manifest.format}, and this version reads formats up to "
            f"{FORMAT}; upgrade the package"
        )
    if manifest.format < OLDEST_FORMAT:
        raise InputError(
            f"{folder}: a run of format {manifest.format}, which no released version wrote; "
            f"this version reads formats {OLDEST_FORMAT} to {FORMAT}"
        )
    return manifest


def _check_file(folder: Path, name: str, digest: str) -> None:
    path = folder / name
    outside = ".." in Path(name).parts or Path(name).is_absolute() or path.is_symlink()
    if outside or not path.is_file():
        raise InputError(
            f"{path}: missing, so the run is not whole; copy the whole folder again, "
            "or train it again"
        )
    if sha256(path) != digest:
        raise InputError(
            f"{path}: changed since it was trained (its SHA-256 differs); copy it again, "
            "or train the run again"
        )


def write_manifest(folder: Path, fingerprint: str, run_format: int) -> None:
    """Write the manifest of a run's files as they are."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    names = sorted(path.relative_to(folder).as_posix() for path in paths)
    files = {name: sha256(folder / name) for name in names if name not in (RECORD, MANIFEST)}
    manifest = Manifest(format=run_format, fingerprint=fingerprint, files=files)
    text = json.dumps(manifest.model_dump(), indent=1) + "\n"
    with replacing(folder / MANIFEST) as beside:
        beside.write_bytes(text.encode(errors="backslashreplace"))


def fingerprint(config: Experiment, inputs: dict[str, str], program: str) -> str:
    """Return one digest of all that decides a run's bytes.

    Parameters
    ----------
    config
        The experiment, every default written out.
    inputs
        SHA-256 of every file that it reads.
    program
        The version of this package, and the digest of its code.
    """
    decisive = {
        "config": config.model_dump(mode="json"),
        "inputs": inputs,
        "program": program,
        "format": FORMAT,
    }
    text = json.dumps(decisive, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()


def fingerprint_of(folder: Path) -> str | None:
    """Return the fingerprint of the run in *folder*, None where there is none or it was changed."""
    recover(folder)
    try:
        return check_whole(folder).fingerprint
    except InputError:
        return None


def recover(place: Path) -> None:
    """Bring back the earlier run where a training was killed between its two renames.

    A training that lives does this itself: its lock is held.
    """
    if not place_aside(place).is_dir() or place.exists():
        return
    with locked(place) as is_free:
        if is_free:
            bring_back(place)


def bring_back(place: Path) -> None:
    """Rename the earlier run to its place, where it stands aside; the run's lock is ours."""
    aside = place_aside(place)
    if aside.is_dir() and not place.exists():
        aside.rename(place)


def place_aside(place: Path) -> Path:
    """Return where the earlier run is while another takes its place."""
    return place.with_name(f".{place.name}{ASIDE}")
