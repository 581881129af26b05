"""Keys of ``[corpus]``, ``[test]``, ``[[unlabelled]]``, ``[[also]]``: where articles are."""

from __future__ import annotations

from pathlib import PurePath
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from research.articles.dates import iso_date
from research.articles.fields import Fields
from research.toml import Table


class CorpusConfig(Table):
    """Where articles come from."""

    left_out_where_default: ClassVar[frozenset[str]] = frozenset(
        {"name", "columns", "sheet", "on_bad_row"}
    )

    path: str = Field(
        min_length=1,
        description="A .jsonl or .csv file (.gz too) or an .xlsx workbook, relative to the "
        "experiment file.",
    )
    sheet: str | None = Field(
        None, description="The sheet of a workbook; those that hold articles where left out."
    )
    fields: Fields = Fields()
    labels: dict[str, str] = Field(
        {}, description='The corpus\'s own labels → sections; "" leaves such rows out.'
    )
    limit: int | None = Field(None, ge=1, description="Read only the first so many articles.")
    since: str | None = Field(None, description="Leave out articles before this date.")
    until: str | None = Field(None, description="Leave out articles after this date.")
    on_bad_row: Literal["refuse", "skip"] = Field(
        "refuse",
        description='Whether rows that cannot be read are an error, or are left out ("skip") and '
        "listed in the run.",
    )
    name: str | None = Field(
        None,
        min_length=1,
        description="Of one of several corpora, [[corpus]] each; the file's name where left out.",
    )
    columns: dict[str, str] = Field(
        {},
        description="Names of further columns, to compare articles by → what the corpus calls "
        "them; a column that time.breakdown names by its own name needs no entry.",
    )

    @property
    def title(self) -> str:
        """The name of the corpus among several: its own, or that of its file without ending."""
        return self.name or PurePath(self.path).name.split(".")[0]

    @model_validator(mode="after")
    def _check_dates(self) -> CorpusConfig:
        since = _day(self.since)
        until = _day(self.until)
        if not since or not until:
            return self
        if since > until:
            raise ValueError(f"since {since} is after until {until}; turn them round")
        return self


def _day(text: str | None) -> str | None:
    if not text:
        return None
    return iso_date(text)


class WeightedCorpus(CorpusConfig):
    """A corpus that is trained on besides the main one, and never tested on."""

    weight: float = Field(
        1.0,
        gt=0,
        description="Weight of each of its articles; an article of the main corpus has weight 1.",
    )
