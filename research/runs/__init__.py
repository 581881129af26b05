"""The only place that knows what a run folder looks like.

    runs/NAME/
      config.toml     the experiment file as given
      config.json     the same, every default spelled out
      figures.json    what was measured
      inputs.json     SHA-256 of what was read
      predictions.csv, suspects.csv, rules.csv (sections)
      topics.json, shares.csv, bands.csv, movement.json, events.json, words.csv, mentions.npz, lineage.csv, stories.json,
      breakdown.csv, documents.csv, points.json, undated.csv, repeated.csv (themes)
      model/          model.json and one .npy file an array
      report.html     all of it, to look at
      manifest.json   SHA-256 of every file above, and of config and data together
      record.json     time, host, versions, git commit, data: the one file that differs between equal runs

A run is written to a hidden folder beside its place and renamed when whole. Loading reads JSON and plain
arrays, checks every file against the manifest, and never runs anything it finds.
"""

from research.runs.draft import Draft, drafting, replace_report
from research.runs.folder import (
    FORMAT,
    MANIFEST,
    RECORD,
    check_whole,
    differing_files,
    find,
    fingerprint,
    fingerprint_of,
    write_manifest,
)
from research.runs.loaded import Run, SectionsRun, ThemesRun, load
from research.runs.reading import (
    read_figures,
    read_mentions,
    read_movement,
    read_record,
    read_resolved,
    read_stories,
    read_table,
    read_topics,
    read_vocabulary,
)

__all__ = [
    "FORMAT",
    "MANIFEST",
    "RECORD",
    "Draft",
    "Run",
    "SectionsRun",
    "ThemesRun",
    "check_whole",
    "differing_files",
    "drafting",
    "find",
    "fingerprint",
    "fingerprint_of",
    "load",
    "read_figures",
    "read_mentions",
    "read_movement",
    "read_record",
    "read_resolved",
    "read_stories",
    "read_table",
    "read_topics",
    "read_vocabulary",
    "replace_report",
    "write_manifest",
]
