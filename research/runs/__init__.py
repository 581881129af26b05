"""Runs: the one place that knows what is in a run's folder, and gives it as typed objects.

A training returns a result; ``write`` makes it a run's files, ``read`` and ``load`` give them back
as ``SectionsRun`` or ``ThemesRun``. ``files`` lists every file.

A run is written to a hidden folder beside its place and renamed when it is whole. Loading reads
JSON and plain arrays, checks every file against the manifest, and runs nothing that it reads.
"""

from research.runs import files
from research.runs.draft import Draft, drafting
from research.runs.folder import (
    FORMAT,
    MANIFEST,
    RECORD,
    check_whole,
    find,
    fingerprint,
    fingerprint_of,
    run_in,
    write_manifest,
)
from research.runs.loaded import Run, SectionsRun, ThemesRun
from research.runs.loading import load, load_sections, load_themes, open_run, read
from research.runs.program import code_digest, processor, program
from research.runs.reproduction import differing_files
from research.runs.results import (
    SectionsResult,
    ThemesResult,
    replace_report,
    write,
    write_experiment,
    write_record,
    write_report,
)
from research.runs.rows import Record

__all__ = [
    "FORMAT",
    "MANIFEST",
    "RECORD",
    "Draft",
    "Record",
    "Run",
    "SectionsResult",
    "SectionsRun",
    "ThemesResult",
    "ThemesRun",
    "check_whole",
    "code_digest",
    "differing_files",
    "drafting",
    "files",
    "find",
    "fingerprint",
    "fingerprint_of",
    "load",
    "load_sections",
    "load_themes",
    "open_run",
    "processor",
    "program",
    "read",
    "replace_report",
    "run_in",
    "write",
    "write_experiment",
    "write_manifest",
    "write_record",
    "write_report",
]
