"""Headline findings of a run in sentences, from what was tested; the strongest of each kind.

Themes: what rose, fell, came with the season or suddenly, by the tests of ``themes.movement``.
Sections: how often the classifier is right, where it is weak, what it confuses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from research.report.formats import fixed, percent
from research.report.texts import Wording, wording
from research.themes.calendar import PERIODS_PER_YEAR, first_day

if TYPE_CHECKING:
    from research.report.movers import MoverList
    from research.report.topics import TopicView
    from research.runs.figures import SectionsFigures
    from research.themes.shares import SharesOverTime

_MAX_PER_KIND = 3
_MIN_YEAR_PART = 0.5  # Of a year's periods, with articles: an end of the archive of fewer is left.
_STRETCHES = 3  # Of an archive without two years; its first and its last stretch are compared.


class Stretch(NamedTuple):
    """Periods with articles (their positions) that are taken together, and their name."""

    name: str
    periods: Sequence[int]


def themes_findings(
    shares: SharesOverTime, topics: Sequence[TopicView], movers: Sequence[MoverList]
) -> list[Wording]:
    """Return sentences on the themes that move most, or that none does.

    Parameters
    ----------
    shares
        Shares of all topics through time.
    topics
        All topics.
    movers
        Those that move beyond chance, by kind of movement.
    """
    if not movers:
        return []
    first, last = first_and_last(shares)
    sentences = []
    for listed in movers:
        for row in listed.rows[:_MAX_PER_KIND]:
            if listed.kind in ("rising", "falling"):
                sentences.append(_change(shares, topics[row.topic], (first, last)))
            else:
                key = f"findings.{listed.kind}"
                sentences.append(wording(key, topic=row.label, figure=row.figure))
    if not any(listed.rows for listed in movers if listed.kind in ("rising", "falling")):
        sentences.insert(0, wording("findings.no_trend", n=len(topics)))
    largest = max(topics, key=lambda view: view.topic.share)
    share = percent(largest.topic.share)
    return [*sentences, wording("findings.largest", topic=largest.label, share=share)]


def first_and_last(shares: SharesOverTime) -> tuple[Stretch, Stretch]:
    """Return the first and the last year of an archive; of a short one its first and last third."""
    filled = [i for i, count in enumerate(shares.counts.tolist()) if count]
    years: dict[int, list[int]] = {}
    for i in filled:
        year = first_day(shares.periods[i]).year
        years.setdefault(year, []).append(i)
    least = _MIN_YEAR_PART * PERIODS_PER_YEAR[shares.by]
    full = [Stretch(str(year), periods) for year, periods in years.items() if len(periods) >= least]
    if len(full) >= 2:
        return full[0], full[-1]
    length = max(1, len(filled) // _STRETCHES)
    ends = filled[:length], filled[-length:]
    first, last = (Stretch(_span(shares.periods, periods), periods) for periods in ends)
    return first, last


def _span(periods: Sequence[str], positions: Sequence[int]) -> str:
    begin, end = periods[positions[0]], periods[positions[-1]]
    return begin if begin == end else f"{begin} – {end}"


def _change(shares: SharesOverTime, view: TopicView, stretches: tuple[Stretch, Stretch]) -> Wording:
    """Return how a topic rose or fell between two stretches; by its slope where these disagree."""
    first, last = stretches
    before, after = (_mean_share(shares, view.number, stretch) for stretch in stretches)
    direction = view.movement.trend.direction
    if (after > before) == (direction == "rising"):
        key, names = f"findings.{direction}", {"first": first.name, "last": last.name}
        figures = {"before": percent(before), "after": percent(after)}
        return wording(key, topic=view.label, **names, **figures)
    slope = 100 * abs(view.movement.trend.slope)
    return wording(f"findings.{direction}_by", topic=view.label, slope=slope)


def _mean_share(shares: SharesOverTime, topic: int, stretch: Stretch) -> float:
    periods = list(stretch.periods)
    return float(np.average(shares.shares[periods, topic], weights=shares.counts[periods]))


def sections_findings(figures: SectionsFigures) -> list[Wording]:
    """Return sentences on how good a section classifier is, and where it is not."""
    return [*_how_right(figures), *_where_wrong(figures)]


def _how_right(figures: SectionsFigures) -> Iterator[Wording]:
    low, high = map(percent, figures.accuracy_interval)
    right = {"accuracy": percent(figures.accuracy), "low": low, "high": high}
    if figures.test_articles:
        yield wording("findings.accuracy", n=figures.test_articles, **right)
    else:
        yield wording("findings.like_rules", **right)
    sure = figures.sure
    if sure.precision is not None:
        labelled, precision = percent(sure.share_labelled), percent(sure.precision)
        yield wording("findings.sure", share=labelled, precision=precision)


def _where_wrong(figures: SectionsFigures) -> Iterator[Wording]:
    scores = {name: row.f1 for name, row in figures.sections.items()}
    best, worst = max(scores, key=scores.__getitem__), min(scores, key=scores.__getitem__)
    f1 = {"best_f1": fixed(scores[best], 2), "worst_f1": fixed(scores[worst], 2)}
    yield wording("findings.best_and_worst", best=best, worst=worst, **f1)
    counts = np.array(figures.confusion.counts)
    np.fill_diagonal(counts, 0)
    if counts.any():
        true, said = np.unravel_index(counts.argmax(), counts.shape)
        names = figures.confusion.sections
        pair = {"true": names[true], "said": names[said]}
        yield wording("findings.confused", n=int(counts[true, said]), **pair)
    if figures.suspect_labels:
        yield wording("findings.suspects", n=figures.suspect_labels)
