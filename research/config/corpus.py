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
