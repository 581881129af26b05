"""Curves of groups of themes: a level of the tree through time."""

from __future__ import annotations

from research.config import ThemesExperiment
from research.themes.data import ThemeData
from research.themes.hierarchy import Hierarchy, Level
from research.themes.shares import SharesOverTime, document_weights, shares_over_time


def shares_of_level(
    data: ThemeData, config: ThemesExperiment, hierarchy: Hierarchy, level: Level
) -> SharesOverTime:
    """Return the shares of a level's groups by period, with bands.

    *data* are the articles of the curves, with the shares of themes.
    """
    settings = config.time
    return shares_over_time(
        hierarchy.sums(data.shares, level),
        data.dates,
        settings.by,
        weights=document_weights(data.counts, settings.weigh),
        resamples=settings.resamples,
        random_state=config.seed,
    )
