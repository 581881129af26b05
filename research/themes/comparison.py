"""Groups of articles compared: their curves, and what they make of topics beyond chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from research.themes.calendar import Period
from research.themes.covariates import Covariate, check_names, covariate_of, issues_of, values_of
from research.themes.data import ThemeData
from research.themes.effects import Effect, Sample, measure_effects
from research.themes.groups import GroupShare, follow_groups


class Division(NamedTuple):
    """How many articles a covariate compares, and how many it cannot.

    Attributes
    ----------
    by : str
        The covariate.
    groups, articles : int
        Its groups, and the articles in them.
    rare_values, rare : int
        Values too rare to be compared, and the articles that have them.
    without : int
        Articles without a value.
    """

    by: str
    groups: int
    articles: int
    rare_values: int
    rare: int
    without: int


class Comparison(NamedTuple):
    """What groups of articles make of topics.

    ``effects`` are all from one model, ``groups`` has the curves, ``divisions`` what was left out.
    """

    effects: list[Effect]
    groups: list[GroupShare]
    divisions: list[Division]


def compare_groups(data: ThemeData, names: Sequence[str], by: Period) -> Comparison:
    """Compare the groups of every covariate that has one.

    Parameters
    ----------
    data : ThemeData
        Articles; those without a date are in no curve.
    names : Sequence[str]
        The covariates.
    by : Period
        The length of a period of the curves, which those of groups may exceed.
    """
    sample = sample_of(data, names)
    return Comparison(
        effects=measure_effects(sample),
        groups=follow_groups(sample, by),
        divisions=[_division(covariate) for covariate in sample.covariates],
    )


def sample_of(data: ThemeData, names: Sequence[str], where: str = "time.breakdown") -> Sample:
    """Return articles with their topic shares and those covariates that have a group.

    Raises InputError for a name that is neither known nor a column; *where* is what names them.
    """
    check_names(data.articles, names, where)
    covariates = []
    for name in names:
        covariate = covariate_of(name, values_of(data.articles, name))
        if covariate.groups:
            covariates.append(covariate)
    papers = [article.source for article in data.articles]
    return Sample(
        shares=data.shares,
        dates=data.dates,
        issues=issues_of(data.dates, papers),
        covariates=covariates,
    )


def _division(covariate: Covariate) -> Division:
    sizes = covariate.sizes
    *groups, rare, without = sizes.tolist()
    return Division(
        by=covariate.name,
        groups=len(groups),
        articles=int(np.sum(groups)),
        rare_values=covariate.n_rare,
        rare=rare,
        without=without,
    )
