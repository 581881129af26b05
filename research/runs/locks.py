"""Locks on the runs of a folder, so that several processes and machines can train into it.

A lock ends with its process, however that ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

_FOLDER = ".locks"  # Beside the runs. A lock's file stays: removing it would race with another.


@contextmanager
def locked(place: Path) -> Iterator[bool]:
    """Yield whether nobody else holds the lock of the run in *place*; hold it in the block."""
    folder = place.parent / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / f"{place.name}.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()
