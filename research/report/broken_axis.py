"""The axis of time of a picture for print, broken where years have no article."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from research.themes.calendar import empty_years, first_day

_MAX_TICKS = 10
_DAYS_BEYOND = 1e6  # Before the first and after the last period the axis goes on as it is.
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
    numbers = to_numbers([first_day(period) for period in periods])
    knots = [(numbers[0] - _DAYS_BEYOND, -_DAYS_BEYOND), (numbers[0], 0.0)]
    for stretch in stretches:
        begin, end = numbers[stretch.first], numbers[stretch.last]
        last_real, last_drawn = knots[-1]
        drawn = last_drawn + begin - last_real
        knots += [(begin, drawn), (end, drawn + _SHRUNK * (end - begin))]
        axes.axvline(end, color="#777777", linewidth=0.8, linestyle=(0, (4, 3)))
    last_real, last_drawn = knots[-1]
    knots.append((last_real + _DAYS_BEYOND, last_drawn + _DAYS_BEYOND))
    days = _Days(knots)
    axes.set_xscale("function", functions=(days.draw, days.undraw))
    shown = [i for i, count in enumerate(counts) if count]
    ticks = shown[:: max(1, -(-len(shown) // _MAX_TICKS))]
    axes.set_xticks([numbers[i] for i in ticks], labels=[periods[i] for i in ticks])
    axes.tick_params(axis="x", rotation=30)
