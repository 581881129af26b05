"""Groups of articles compared: lists of the clearest differences, and what their charts draw."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import TYPE_CHECKING, Any, NamedTuple

from research.report.texts import Wording, field_name, joined
from research.report.topics import TopicView
from research.themes.calendar import first_day

if TYPE_CHECKING:
    from research.runs import ThemesRun
    from research.themes.comparison import Division
    from research.themes.effects import Effect, Measure
    from research.themes.groups import GroupShare

_MAX_DIFFERENCES = 3  # Of a group's list; the chart has all.
_DIGITS = 4  # Of a share: a chart is some hundred pixels wide.


class Difference(NamedTuple):
    """A theme that is stronger or weaker in a group: its number and label, and the difference."""

    topic: int
    label: str
    effect: Effect


class ComparedGroup(NamedTuple):
    """A group of articles, and the clearest of its differences from the others."""

    value: str
    documents: int
    issues: int
    differences: Sequence[Difference]


class ComparedBy(NamedTuple):
    """The groups of one covariate, and how many articles are in none of them.

    ``name`` is the covariate's; ``not_held`` names covariates that could not be held fixed.
    """

    division: Division
    groups: Sequence[ComparedGroup]
    name: Wording
    not_held: Wording


def compared_lists(run: ThemesRun, topics: Sequence[TopicView]) -> list[ComparedBy]:
    """Return the groups of each covariate with their clearest differences in shares."""
    effects = [effect for effect in run.effects() if effect.measure == "share"]
    held = {effect.by: effect.held for effect in effects}
    compared = []
    for division in run.comparison.divisions:
        of_covariate = [effect for effect in effects if effect.by == division.by]
        if not of_covariate:
            continue
        by_group = _effects_by_group(of_covariate)
        lists = [_group(of_group, topics) for of_group in by_group.values()]
        fixed = (division.by, *held[division.by])
        not_held = [by for by in held if by not in fixed]
        names = joined(map(field_name, not_held))
        compared.append(ComparedBy(division, lists, field_name(division.by), names))
    return compared


def _effects_by_group(effects: Sequence[Effect]) -> dict[str, list[Effect]]:
    groups: dict[str, list[Effect]] = {}
    for effect in effects:
        group = groups.setdefault(effect.value, [])
        group.append(effect)
    return groups


def _group(effects: Sequence[Effect], topics: Sequence[TopicView]) -> ComparedGroup:
    first = effects[0]
    clear = [effect for effect in effects if effect.significant]
    clear.sort(key=lambda effect: -abs(effect.difference))
    differences = []
    for effect in clear[:_MAX_DIFFERENCES]:
        label = topics[effect.topic].label
        differences.append(Difference(effect.topic, label, effect))
    return ComparedGroup(first.value, first.documents, first.issues, differences)


def comparison_data(run: ThemesRun) -> dict[str, Any]:
    """Return what the charts of groups draw: covariates with effects and curves of every topic."""
    effects, groups = run.effects(), run.groups()
    covariates = []
    for division in run.comparison.divisions:
        of_covariate = [effect for effect in effects if effect.by == division.by]
        if of_covariate:
            curves = [row for row in groups if row.by == division.by]
            covariates.append(_covariate(division.by, of_covariate, curves))
    return {"covariates": covariates}


def _covariate(
    name: str, effects: Sequence[Effect], curves: Sequence[GroupShare]
) -> dict[str, Any]:
    values = list(_effects_by_group(effects))
    periods = sorted({row.period for row in curves}, key=first_day)
    starts = [first_day(period).isoformat() for period in periods]
    return {
        "name": field_name(name)._asdict(),
        "values": values,
        "periods": periods,
        "starts": starts,
        "share": _intervals(effects, "share", values),
        "trend": _intervals(effects, "trend", values),
        "curves": _curves(curves, values, periods),
    }


def _intervals(
    effects: Sequence[Effect], measure: Measure, values: Sequence[str]
) -> dict[int, list[Any]]:
    """Return by topic, for each group: difference, low, high, whether it is significant."""
    place = {value: i for i, value in enumerate(values)}
    table: dict[int, list[Any]] = {}
    for effect in effects:
        if effect.measure != measure or isnan(effect.difference):
            continue
        row = table.setdefault(effect.topic, [None] * len(values))
        figures = (effect.difference, effect.low, effect.high)
        rounded = [round(figure, _DIGITS) for figure in figures]
        row[place[effect.value]] = [*rounded, int(effect.significant)]
    return table


def _curves(
    rows: Sequence[GroupShare], values: Sequence[str], periods: Sequence[str]
) -> dict[int, list[dict[str, list[Any]]]]:
    """Return by topic, for each group: shares, bounds and articles of every period, or null."""
    group_of = {value: i for i, value in enumerate(values)}
    place = {period: i for i, period in enumerate(periods)}
    table: dict[int, list[dict[str, list[Any]]]] = {}
    for row in rows:
        if row.value not in group_of:
            continue
        if row.topic not in table:
            table[row.topic] = [_gaps(len(periods)) for _ in values]
        group = group_of[row.value]
        position = place[row.period]
        curve = table[row.topic][group]
        figures = {"y": row.share, "low": row.low, "high": row.high}
        for key, figure in figures.items():
            curve[key][position] = round(figure, _DIGITS)
        curve["n"][position] = row.documents
    return table


def _gaps(n_periods: int) -> dict[str, list[Any]]:
    return {key: [None] * n_periods for key in ("y", "low", "high", "n")}
