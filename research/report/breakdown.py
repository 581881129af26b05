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
        groups.setdefault((row.by, row.value), []).append(row)
    return [_table(value, group, topics) for (_, value), group in groups.items()]


def _table(value: str, rows: Sequence[BreakdownRow], topics: Sequence[TopicView]) -> BreakdownTable:
    shares: dict[int, dict[str, float]] = {}
    documents: dict[str, int] = {}
    for row in rows:
        shares.setdefault(row.topic, {})[row.year] = row.share
        documents[row.year] = row.documents
    years = [year for year in documents if year and value]
    leading = sorted(shares, key=lambda topic: -shares[topic][_ALL_YEARS])
    return BreakdownTable(
        value=value,
        documents=documents[_ALL_YEARS],
        years=years,
        rows=[_row(topics[k], shares[k], years) for k in leading[:_MAX_THEMES_PER_TABLE]],
    )


def _row(topic: TopicView, shares: Mapping[str, float], years: Sequence[str]) -> ThemeRow:
    by_year = [shares.get(year, 0.0) for year in years]
    cells = [ShareCell(share, min(_HEAT_PER_SHARE * share, _MAX_HEAT)) for share in by_year]
    return ThemeRow(topic.number, topic.label, shares[_ALL_YEARS], cells)


def near_duplicate_groups(rows: Sequence[NearDuplicate]) -> list[list[NearDuplicate]]:
    """Return groups of articles with nearly the same text, the largest first."""
    groups: dict[int, list[NearDuplicate]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    ordered = sorted(groups.values(), key=lambda group: (-len(group), group[0].date or ""))
    return ordered[:_MAX_GROUPS]
