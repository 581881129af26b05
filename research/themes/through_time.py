"""Topics through time: curves, movements, words, breakdown and points, computed in one go.

Each part is in a module of its own; no file is read or written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.config import EventConfig, ThemesExperiment
from research.files import Progress, report_progress
from research.themes.breakdown import BreakdownRow, break_down
from research.themes.calendar import Period
from research.themes.data import ThemeData
from research.themes.mentions import count_mentions
from research.themes.movement import Movement, movements
from research.themes.points import Points, find_points
from research.themes.shares import (
    SharesOverTime,
    document_weights,
    shares_over_time,
    shares_without_dates,
)
from research.themes.wording import WordOfPeriod, words_of_periods

_STEPS = 5


class ThroughTime(NamedTuple):
    """How topics move through time, in the articles that curves show.

    Attributes
    ----------
    shares : SharesOverTime
        Their shares by period, with bands.
    mention_counts : sparse.csc_matrix
        How many articles of each period hold each word, n_periods × n_words.
    movements : list[Movement]
        Peaks, trend, season, bursts and events of each topic.
    words : list[WordOfPeriod]
        Each topic's likeliest words by period, and those gained and lost.
    breakdown : list[BreakdownRow]
        Their shares by section, page or source, and year.
    points : Points
        The articles behind the points of the curves.
    events : tuple[EventConfig, ...]
        The dated events of the experiment.
    """

    shares: SharesOverTime
    mention_counts: sparse.csc_matrix
    movements: list[Movement]
    words: list[WordOfPeriod]
    breakdown: list[BreakdownRow]
    points: Points
    events: tuple[EventConfig, ...]


def without_time(
    data: ThemeData, by: Period, breakdown: list[BreakdownRow], events: Sequence[EventConfig]
) -> ThroughTime:
    """Return what an archive has in which no article has a date: no period, and its breakdown."""
    n_topics = data.shares.shape[1]
    n_words = len(data.vocabulary)
    return ThroughTime(
        shares=shares_without_dates(n_topics, by),
        mention_counts=sparse.csc_matrix((0, n_words), dtype=np.int32),
        movements=[],
        words=[],
        breakdown=breakdown,
        points=Points((), {}),
        events=tuple(events),
    )


def follow_through_time(
    data: ThemeData,
    topic_word: NDArray[np.float64],
    config: ThemesExperiment,
    events: Sequence[EventConfig] = (),
    progress: Progress | None = None,
) -> ThroughTime:
    """Follow topics through time.

    Parameters
    ----------
    data : ThemeData
        The articles that curves show; each has a date.
    topic_word : NDArray[np.float64]
        Topic–word distributions, n_topics × n_words.
    config : ThemesExperiment
        Its table ``time`` says how; its seed is that of the bands.
    events : Sequence[EventConfig]
        The dated events of the experiment.
    progress : Progress, optional
        Called after each part.
    """
    settings = config.time
    weights = document_weights(data.counts, settings.weigh)
    report_progress(progress, "through time", 0, _STEPS)
    shares = shares_over_time(
        data.shares,
        data.dates,
        settings.by,
        weights=weights,
        resamples=settings.resamples,
        random_state=config.seed,
    )
    mention_counts = count_mentions(data.counts, data.dates, settings.by)
    report_progress(progress, "through time", 1, _STEPS)
    moved = movements(shares, data, weights, events)
    report_progress(progress, "through time", 2, _STEPS)
    words = words_of_periods(data, topic_word, settings.words_by)
    report_progress(progress, "through time", 3, _STEPS)
    breakdown = break_down(data, config.divisions)
    report_progress(progress, "through time", 4, _STEPS)
    points = find_points(data, settings.by)
    report_progress(progress, "through time", _STEPS, _STEPS)
    return ThroughTime(shares, mention_counts, moved, words, breakdown, points, tuple(events))
