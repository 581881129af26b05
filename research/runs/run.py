"""What every run has: its folder, its experiment and its record."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from research.config import Experiment
from research.errors import InputError
from research.files import read_text
from research.runs import files
from research.runs.folder import RECORD, Source
from research.runs.frames import run_columns, run_to_html
from research.runs.rows import BadRow, Record
from research.runs.table import Table, columns_to_frame

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Run:
    """A trained experiment: its folder, and the experiment with every default written out."""

    source: Source
    config: Experiment

    task: ClassVar[str]

    @property
    def folder(self) -> Path:
        """The folder of the run."""
        return self.source.folder

    @property
    def name(self) -> str:
        """The name of the run, which is its folder's where nobody renamed it."""
        return self.config.name

    @property
    def report(self) -> Path:
        """The path of the report."""
        return self.folder / files.REPORT

    @cached_property
    def config_text(self) -> str:
        """The experiment file as it was."""
        return read_text(self.folder / files.CONFIG_TEXT).text

    @cached_property
    def inputs(self) -> dict[str, str]:
        """SHA-256 of every file that was read."""
        return files.INPUTS.read(self.source)

    @cached_property
    def record(self) -> Record:
        """Time, host, versions and data of the training."""
        if not (self.folder / RECORD).is_file():
            raise InputError(
                f"{self.folder}/{RECORD}: missing; without its record a run cannot be trained "
                "again from itself"
            )
        return files.RECORD.read(self.source)

    @cached_property
    def bad_rows(self) -> tuple[BadRow, ...]:
        """Rows of the corpora that were left out; none where every row was read."""
        return Table(files.read_bad_rows(self.source), BadRow._fields)

    def to_frame(self, name: str) -> pd.DataFrame:
        """Return a table of the run as a pandas DataFrame with typed columns.

        Parameters
        ----------
        name
            Such as "shares" or "predictions"; the error for a wrong name lists all.

        Raises
        ------
        InputError
            Where there is no such table, or pandas is missing.
        """
        return columns_to_frame(run_columns(self, name))

    def _repr_html_(self) -> str:
        return run_to_html(self)
