"""What the script of the page draws from: curves with bands, the map, articles behind points.

Names are short, for the page has them as many times as there are points.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.report.choice import choice_charts
from research.report.topics import TopicView
from research.themes.calendar import empty_years, first_day, last_day

if TYPE_CHECKING:
    from research.runs import ThemesRun
    from research.themes.points import Points
    from research.themes.shares import SharesOverTime

_DIGITS = 5  # Of a share: a curve is some hundred pixels high.


def curve_data(run: ThemesRun, topics: Sequence[TopicView]) -> dict[str, Any]:
    """Return periods, topics and events for the script."""
    shares, figures = run.shares, run.figures
    choice = None
    if figures.choice is not None:
        choice = choice_charts(figures.choice, figures.engine_topics or figures.n_topics)
    return {
        "by": run.config.time.by,
        "periods": shares.periods,
        "starts": [first_day(period).isoformat() for period in shares.periods],
        "counts": shares.counts.tolist(),
        "end": last_day(shares.periods[-1]).isoformat() if shares.periods else "",
        "breaks": [{"from": gap.start, "to": gap.end} for gap in axis_breaks(shares)],
        "unfinished": figures.unfinished,
        "bands": run.config.time.resamples > 0,
        "events": [{"name": event.name, "date": event.date} for event in run.events],
        "topics": [_curve(run, topic) for topic in topics],
        "choice": choice,
    }


class AxisBreak(NamedTuple):
    """Days (ISO) that the axis of time leaves out, *start* to *end*, and the empty periods."""

    start: str
    end: str
    label: str


def axis_breaks(shares: SharesOverTime) -> list[AxisBreak]:
    """Return where the axis of time is broken, for years without an article.

    The last empty period stays, as the distance between what is on both sides.
    """
    breaks = []
    periods = shares.periods
    for stretch in empty_years(periods, shares.counts.tolist()):
        first, last = periods[stretch.first], periods[stretch.last]
        start, end = first_day(first), first_day(last)
        breaks.append(AxisBreak(start.isoformat(), end.isoformat(), f"{first} – {last}"))
    return breaks


def _curve(run: ThemesRun, view: TopicView) -> dict[str, Any]:
    topic, shares = view.topic, run.shares
    curve = {
        "label": view.label,
        "share": topic.share,
        "place": topic.place,
        "words": view.all_words,
        "y": _numbers(shares.shares[:, topic.number]),
    }
    if run.config.time.resamples:
        curve["low"] = _numbers(shares.low[:, topic.number])
        curve["high"] = _numbers(shares.high[:, topic.number])
    return curve


def _numbers(series: NDArray[np.float64]) -> list[float | None]:
    """Return a series as JSON has it: null where there is no share."""
    return [None if isnan(value) else round(value, _DIGITS) for value in series.tolist()]


def point_data(points: Points) -> dict[str, Any]:
    """Return the articles behind points: date, page, headline and lead; and positions by point."""
    articles = []
    for article in points.articles:
        articles.append((article.date, article.page, article.headline, article.lead))
    return {"articles": articles, "points": points.behind}
