"""Which files of two runs differ, also where their formats do. What is compared is bytes, else JSON."""

from __future__ import annotations

import json
from pathlib import Path

from research.runs import files
from research.runs.folder import Source, check_whole, source_of
from research.runs.json_files import read_upgraded


def differing_files(one: Path, other: Path) -> list[str]:
    """Return the files, the record aside, that differ between two runs or are in one only.

    Between runs of two formats, a JSON file differs where its content in the present format does.
    """
    sources = source_of(one), source_of(other)
    left, right = _digests(sources[0]), _digests(sources[1])
    names = [name for name in left.keys() | right.keys() if left.get(name) != right.get(name)]
    if sources[0].format == sources[1].format:
        return sorted(names)
    in_both = left.keys() & right.keys()
    return sorted(name for name in names if name not in in_both or not _same(name, *sources))


def _digests(source: Source) -> dict[str, str]:
    """Return SHA-256 of every file of a run under its present name."""
    digests = dict(check_whole(source.folder).files)
    table = files.NEAR_DUPLICATES
    former_name = table.name_in(source)
    if former_name in digests:
        digests[table.name] = digests.pop(former_name)
    return digests


def _same(name: str, one: Source, other: Source) -> bool:
    """Return whether a file of two formats has the same content."""
    if not name.endswith(".json"):
        return False
    left = json.loads(read_upgraded(one, name))
    right = json.loads(read_upgraded(other, name))
    return bool(left == right)
