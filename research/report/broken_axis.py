"""The axis of time of a picture for print, broken where years have no article."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.themes.calendar import empty_years, first_day

_MAX_TICKS = 10
_DAYS_BEYOND = 1e6  # Before the first and after the last period the axis goes on as it is.
_DASHES = (0, (4, 3))  # Of the line in a gap: offset, then ink and space in points.
_SHRUNK = 1e-3  # How long a day is that the axis leaves out, so that no two days are one.


class _Days:
    """Days as they are (x of the data) and as they are drawn, *knots* of a broken line."""

    def __init__(self, knots: Sequence[tuple[float, float]]) -> None:
        self.real, self.drawn = np.array(knots).T

    def draw(self, days: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where days are drawn."""
        return np.asarray(np.interp(days, self.real, self.drawn))

    def undraw(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the days that are drawn at places."""
        return np.asarray(np.interp(places, self.drawn, self.real))


def break_axis(axes: Any, periods: Sequence[str], counts: Sequence[int]) -> None:
    """Leave years without an article out of the axis of time, a dashed line in their place.

    Parameters
    ----------
    axes
        Axes whose x are the first days of periods.
    periods
        The periods, those without articles too.
    counts
        The number of articles of each.
    """
    stretches = empty_years(periods, counts)
    if not stretches:
        return
    to_numbers: Any = import_module("matplotlib.dates").date2num
    first_days = [first_day(period) for period in periods]
    numbers = to_numbers(first_days)
    gaps = [_Gap(numbers[stretch.first], numbers[stretch.last]) for stretch in stretches]
    for gap in gaps:
        axes.axvline(gap.end, color="#777777", linewidth=0.8, linestyle=_DASHES)
    days = _Days(_knots(numbers[0], gaps))
    axes.set_xscale("function", functions=(days.draw, days.undraw))
    ticks = _ticks(counts)
    labels = [periods[tick] for tick in ticks]
    axes.set_xticks(numbers[ticks], labels=labels)
    axes.tick_params(axis="x", rotation=30)


class _Gap(NamedTuple):
    """The first day that the axis leaves out, and the first one after it."""

    begin: float
    end: float


def _knots(first: float, gaps: Sequence[_Gap]) -> list[tuple[float, float]]:
    """Return days and where they are drawn, for an axis from its first day on."""
    knots = [(first - _DAYS_BEYOND, -_DAYS_BEYOND), (first, 0.0)]
    for begin, end in gaps:
        last_day, last_place = knots[-1]
        place = last_place + begin - last_day
        width = _SHRUNK * (end - begin)
        knots.append((begin, place))
        knots.append((end, place + width))
    last_day, last_place = knots[-1]
    knots.append((last_day + _DAYS_BEYOND, last_place + _DAYS_BEYOND))
    return knots


def _ticks(counts: Sequence[int]) -> list[int]:
    """Return the positions of the periods that have a tick, ten at most, of those with articles."""
    with_articles = [position for position, count in enumerate(counts) if count]
    step = -(-len(with_articles) // _MAX_TICKS)
    return with_articles[:: max(1, step)]
