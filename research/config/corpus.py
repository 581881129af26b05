"""Keys of ``[corpus]``, ``[test]``, ``[[unlabelled]]``, ``[[also]]``: where articles are."""

from __future__ import annotations

from pydantic import Field, model_validator

from research.articles.dates import iso_date
from research.articles.fields import Fields
from research.toml import Table


class CorpusConfig(Table):
    """Where articles come from."""

    path: str = Field(
        min_length=1,
        description="A .jsonl or .csv file (.gz too) or an .xlsx workbook, relative to the "
        "experiment file.",
    )
    fields: Fields = Fields()
    labels: dict[str, str] = Field(
        {}, description='The corpus\'s own labels → sections; "" leaves such rows out.'
    )
    limit: int | None = Field(None, ge=1, description="Read only the first so many articles.")
    since: str | None = Field(None, description="Leave out articles before this date.")
    until: str | None = Field(None, description="Leave out articles after this date.")

    @model_validator(mode="after")
    def _check_dates(self) -> CorpusConfig:
        since = iso_date(self.since) if self.since else None
        until = iso_date(self.until) if self.until else None
        if since and until and since > until:
            raise ValueError(f"since {since} is after until {until}; turn them round")
        return self


class WeightedCorpus(CorpusConfig):
    """A corpus that is trained on besides the main one, and never tested on."""

    weight: float = Field(
        1.0,
        gt=0,
        description="Weight of each of its articles; an article of the main corpus has weight 1.",
    )
