"""Which files of two runs differ, by their bytes, or by their JSON where the formats differ."""

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
    source, other_source = source_of(one), source_of(other)
    digests = _digests(source)
    other_digests = _digests(other_source)
    differing = []
    for name in sorted(digests.keys() | other_digests.keys()):
        digest, other_digest = digests.get(name), other_digests.get(name)
        if digest == other_digest:
            continue
        in_both = digest is not None and other_digest is not None
        if in_both and _same_content(name, source, other_source):
            continue
        differing.append(name)
    return differing


def _digests(source: Source) -> dict[str, str]:
    """Return SHA-256 of every file of a run under its present name."""
    digests = dict(check_whole(source.folder).files)
    table = files.NEAR_DUPLICATES
    former_name = table.name_in(source)
    if former_name in digests:
        digests[table.name] = digests.pop(former_name)
    return digests


def _same_content(name: str, one: Source, other: Source) -> bool:
    """Return whether a JSON file of two formats has the same content."""
    if one.format == other.format or not name.endswith(".json"):
        return False
    content = json.loads(read_upgraded(one, name))
    other_content = json.loads(read_upgraded(other, name))
    return bool(content == other_content)
