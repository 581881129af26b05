"""Where a run's folder lies, whether it is whole, and what tells it from another."""

from __future__ import annotations

import hashlib
import json
import os
from os import PathLike
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from research.config import Experiment
from research.errors import InputError
from research.files import replacing, sha256

FORMAT = 4
RECORD, MANIFEST = "record.json", "manifest.json"


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Manifest(Strict):
    format: int
    fingerprint: str
    files: dict[str, str]


def find(name: str | PathLike[str], runs: str | PathLike[str] | None = None) -> Path:
    """Return the folder of a run given by path or bare name."""
    given = Path(name)
    root = Path(runs or os.environ.get("RESEARCH_RUNS", "runs"))
    for folder in (given, root / given):
        recover(folder)
        if (folder / MANIFEST).is_file():
            return folder
    if given.is_dir() or (root / given).is_dir():
        folder = given if given.is_dir() else root / given
        raise InputError(
            f"{folder}: no {MANIFEST} in it, so it is no whole run; train it again, or copy the whole folder"
        )
    known = sorted(
        path.parent.name
        for path in root.glob(f"*/{MANIFEST}")
        if not path.parent.name.startswith(".")
    )
    raise InputError(
        f"{name}: no such run; in {root}/ there {'are ' + ', '.join(known) if known else 'is none: train one first'}"
    )


def check_whole(folder: Path) -> _Manifest:
    """Check every file of a run against its manifest; raise InputError that names the first that differs."""
    try:
        manifest = _Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (ValidationError, OSError):
        raise InputError(
            f"{folder}/{MANIFEST}: damaged; train the run again, or copy it again"
        ) from None
    if manifest.format != FORMAT:
        raise InputError(
            f"{folder}: a run of format {manifest.format}, this version reads {FORMAT}; train it again"
        )
    for name, digest in manifest.files.items():
        path = folder / name
        if (
            ".." in Path(name).parts
            or Path(name).is_absolute()
            or path.is_symlink()
            or not path.is_file()
        ):
            raise InputError(
                f"{path}: missing, so the run is not whole; copy the whole folder again, or train it again"
            )
        if sha256(path) != digest:
            raise InputError(
                f"{path}: changed since it was trained (its SHA-256 differs); copy it again, or train the run again"
            )
    for path in sorted((folder / "model").rglob("*")):
        if path.relative_to(folder).as_posix() not in manifest.files:
            raise InputError(f"{path}: not part of the run as trained; take it out")
    return manifest


def write_manifest(folder: Path, fingerprint: str) -> None:
    """Seal the files of a run folder as they are."""
    names = sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )
    files = {name: sha256(folder / name) for name in names if name not in (RECORD, MANIFEST)}
    manifest = {"format": FORMAT, "fingerprint": fingerprint, "files": files}
    with replacing(folder / MANIFEST) as beside:
        beside.write_bytes((json.dumps(manifest, indent=1) + "\n").encode())


def fingerprint(config: Experiment, inputs: dict[str, str], version: str) -> str:
    """Return one digest of all that decides a run's bytes: resolved config, data, version of this package."""
    decisive = {
        "config": config.model_dump(mode="json"),
        "inputs": inputs,
        "version": version,
        "format": FORMAT,
    }
    return hashlib.sha256(
        json.dumps(decisive, sort_keys=True, ensure_ascii=False).encode()
    ).hexdigest()


def fingerprint_of(folder: Path) -> str | None:
    """Return the fingerprint of the whole run in *folder*, None when there is none or it was changed."""
    recover(folder)
    try:
        return check_whole(folder).fingerprint
    except InputError:
        return None


def differing_files(one: Path, other: Path) -> list[str]:
    """Return the names of the files, the record aside, that differ between two runs or stand in one only."""
    a, b = check_whole(one).files, check_whole(other).files
    return sorted(name for name in a.keys() | b.keys() if a.get(name) != b.get(name))


def recover(place: Path) -> None:
    """Bring back the earlier run when training was killed between the two renames."""
    aside = place_aside(place)
    if aside.is_dir() and not place.exists():
        aside.rename(place)


def place_aside(place: Path) -> Path:
    return place.with_name(f".{place.name}.before")
