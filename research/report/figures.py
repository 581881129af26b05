"""Figures for print: PNG, SVG or PDF of curves, or of all topics as layers."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.errors import InputError
from research.report.broken_axis import break_axis
from research.report.picture import check_suffix, picture_of_shares
from research.report.texts import DEFAULT_LANGUAGE, text
from research.runs import SectionsRun, ThemesRun
from research.themes.calendar import first_day
from research.themes.mentions import Mentions

_MAX_CURVES = 10
_MAX_LAYERS = 12  # Of topics, the largest; one more holds the others.
_CURVES_HEIGHT_INCHES = 4.5
_LAYERS_HEIGHT_INCHES = 6
_COLOUR_OF_OTHERS = "#d5d9de"


class Curves(NamedTuple):
    """Named series of shares with their bands: each array is n_periods × n_names."""

    days: Sequence[datetime.date]
    names: Sequence[str]
    shares: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def select(self, numbers: Sequence[int]) -> Curves:
        """Return the series with these numbers."""
        columns = list(numbers)
        return Curves(
            days=self.days,
            names=[self.names[column] for column in columns],
            shares=self.shares[:, columns],
            low=self.low[:, columns],
            high=self.high[:, columns],
        )


def draw_themes(run: ThemesRun | SectionsRun, path: Path, topics: Sequence[int] = ()) -> Path:
    """Draw the curves of topics with their bands, or all topics as layers of one picture.

    Parameters
    ----------
    run
        The run.
    path
        The file to write; it ends in ``.png``, ``.svg`` or ``.pdf``.
    topics
        The topics to draw, ten at most; where left out all, the largest twelve as layers.

    Returns
    -------
    Path
        *path*.

    Raises
    ------
    InputError
        For a sections run, another suffix or an unknown topic, and where matplotlib or a font with
        Chinese characters is missing.
    """
    check_suffix(path)
    if not isinstance(run, ThemesRun):
        raise InputError(
            f'{run.folder}: a sections run has no themes to draw; give a run with task = "themes"'
        )
    run.require_dates()
    _check_topics(topics, len(run.topics))
    curves = _curves_of(run)
    height = _CURVES_HEIGHT_INCHES if topics else _LAYERS_HEIGHT_INCHES
    with picture_of_shares(path, height) as axes:
        if topics:
            _draw_curves(axes, curves.select(topics))
        else:
            others = text(run.config.language or DEFAULT_LANGUAGE, "figures.others")
            _draw_layers(axes, curves.days, curves.shares, curves.names, others)
        break_axis(axes, run.shares.periods, run.shares.counts.tolist())
    return path


def _curves_of(run: ThemesRun) -> Curves:
    """Return the curves of all topics."""
    shares = run.shares
    days = [first_day(period) for period in shares.periods]
    names = [f"{topic.number} {topic.name}" for topic in run.topics]
    return Curves(days, names, shares.shares, shares.low, shares.high)


def draw_mentions(mentions: Mentions, path: Path) -> Path:
    """Draw which share of the articles has each word, with its interval.

    Files and errors are those of :func:`draw_themes`.
    """
    check_suffix(path)
    if len(mentions.words) > _MAX_CURVES:
        raise InputError(
            f"{len(mentions.words)} curves cannot be told apart; draw {_MAX_CURVES} at most"
        )
    days = [first_day(period) for period in mentions.periods]
    with picture_of_shares(path, _CURVES_HEIGHT_INCHES) as axes:
        _draw_curves(
            axes, Curves(days, mentions.words, mentions.shares, mentions.low, mentions.high)
        )
        break_axis(axes, mentions.periods, mentions.documents.tolist())
    return path


def _check_topics(topics: Sequence[int], n_topics: int) -> None:
    for topic in topics:
        if not 0 <= topic < n_topics:
            raise InputError(f"there is no topic {topic}; topics go from 0 to {n_topics - 1}")
    if len(topics) > _MAX_CURVES:
        raise InputError(
            f"{len(topics)} curves cannot be told apart; draw {_MAX_CURVES} at most, "
            "or name none for all in one picture"
        )


def _draw_curves(axes: Any, curves: Curves) -> None:
    for k, name in enumerate(curves.names):
        (line,) = axes.plot(
            curves.days,
            curves.shares[:, k],
            marker="o",
            markersize=2.5,
            linewidth=1.4,
            label=name,
        )
        axes.fill_between(
            curves.days,
            curves.low[:, k],
            curves.high[:, k],
            color=line.get_color(),
            alpha=0.18,
            linewidth=0,
        )
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))


def _draw_layers(
    axes: Any,
    days: Sequence[datetime.date],
    shares: NDArray[np.float64],
    names: Sequence[str],
    name_of_others: str,
) -> None:
    columns = _layer_order(shares)
    layers = [shares[:, k] for k in columns]
    labels = [names[k] for k in columns]
    colors = [f"C{n}" for n in range(len(columns))]
    others = np.setdiff1d(np.arange(shares.shape[1]), columns)
    if len(others):
        layers.append(shares[:, others].sum(axis=1))
        labels.append(name_of_others)
        colors.append(_COLOUR_OF_OTHERS)
    has_articles = ~np.isnan(shares[:, 0])
    axes.stackplot(
        np.array(days)[has_articles],
        *[layer[has_articles] for layer in layers],
        labels=labels,
        colors=colors,
        alpha=0.9,
        linewidth=0,
    )
    axes.set_ylim(0, 1)
    handles, texts = axes.get_legend_handles_labels()
    axes.legend(handles[::-1], texts[::-1], frameon=False, loc="upper left", bbox_to_anchor=(1, 1))


def _layer_order(shares: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the largest topics, those of early periods first.

    So the picture reads from the lower left to the upper right.
    """
    means = np.nan_to_num(np.nanmean(shares, axis=0))
    largest = np.argsort(-means, kind="stable")[:_MAX_LAYERS]
    positions = np.arange(len(shares))[:, None]
    totals = np.nansum(shares[:, largest], axis=0)
    centres = np.nansum(shares[:, largest] * positions, axis=0) / np.maximum(totals, 1e-12)
    order: NDArray[np.intp] = largest[np.argsort(centres, kind="stable")]
    return order
