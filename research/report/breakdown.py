"""Tables of themes by section, page or source, and groups of near-duplicates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from research.report.topics import TopicView

if TYPE_CHECKING:
    from research.runs.rows import NearDuplicate
    from research.themes.breakdown import BreakdownRow

_MAX_THEMES_PER_TABLE = 6
_MAX_GROUPS = 200  # The run has all.
_ALL_YEARS = ""
_HEAT_PER_SHARE, _MAX_HEAT = 2, 0.6  # The opacity of the colour behind a share.


class ShareCell(NamedTuple):
    """A share in one year, and the opacity of the colour behind it."""

    share: float
    heat: float


class ThemeRow(NamedTuple):
    """A leading theme of a section, page or source: its share in all articles and by year."""

    topic: int
    label: str
    share: float
    years: Sequence[ShareCell]


@dataclass(frozen=True, slots=True)
class BreakdownTable:
    """The leading themes of one section, page or source."""

    value: str
    documents: int
    years: Sequence[str]
    rows: Sequence[ThemeRow]


def breakdown_tables(
    rows: Sequence[BreakdownRow], topics: Sequence[TopicView]
) -> list[BreakdownTable]:
    """Return one table for each section, page or source."""
    groups: dict[tuple[str, str], list[BreakdownRow]] = {}
    for row in rows:
        group = groups.setdefault((row.by, row.value), [])
        group.append(row)
    tables = []
    for (_, value), group in groups.items():
        tables.append(_table(value, group, topics))
    return tables


def _table(value: str, rows: Sequence[BreakdownRow], topics: Sequence[TopicView]) -> BreakdownTable:
    shares: dict[int, dict[str, float]] = {}
    documents: dict[str, int] = {}
    for row in rows:
        by_year = shares.setdefault(row.topic, {})
        by_year[row.year] = row.share
        documents[row.year] = row.documents
    years = [year for year in documents if year and value]
    in_all_years = {topic: by_year[_ALL_YEARS] for topic, by_year in shares.items()}
    leading = sorted(shares, key=in_all_years.__getitem__, reverse=True)
    theme_rows = []
    for topic in leading[:_MAX_THEMES_PER_TABLE]:
        theme_rows.append(_row(topics[topic], shares[topic], years))
    return BreakdownTable(
        value=value,
        documents=documents[_ALL_YEARS],
        years=years,
        rows=theme_rows,
    )


def _row(topic: TopicView, shares: Mapping[str, float], years: Sequence[str]) -> ThemeRow:
    cells = []
    for year in years:
        share = shares.get(year, 0.0)
        heat = min(_HEAT_PER_SHARE * share, _MAX_HEAT)
        cells.append(ShareCell(share, heat))
    return ThemeRow(
        topic=topic.number,
        label=topic.label,
        share=shares[_ALL_YEARS],
        years=cells,
    )


def near_duplicate_groups(rows: Sequence[NearDuplicate]) -> list[list[NearDuplicate]]:
    """Return groups of articles with nearly the same text, the largest first."""
    groups: dict[int, list[NearDuplicate]] = {}
    for row in rows:
        group = groups.setdefault(row.group, [])
        group.append(row)
    by_date = sorted(groups.values(), key=_first_date)
    largest_first = sorted(by_date, key=len, reverse=True)
    return largest_first[:_MAX_GROUPS]


def _first_date(group: Sequence[NearDuplicate]) -> str:
    return group[0].date or ""
