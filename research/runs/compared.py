"""Groups of a run's articles compared: what stands in its files, or any other comparison."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from research.config import ThemesExperiment
from research.errors import InputError
from research.runs import files
from research.runs.engine import EngineTopics
from research.runs.folder import Source
from research.themes.calendar import PERIODS_PER_YEAR, Period
from research.themes.comparison import Comparison, Division, sample_of
from research.themes.data import ThemeData
from research.themes.effects import Effect, Sample, measure_effects, parse_formula
from research.themes.groups import GroupShare, follow_groups


def compared_rows(
    engine: EngineTopics, data: ThemeData, config: ThemesExperiment
) -> NDArray[np.intp]:
    """Return positions of the articles that are compared: those of the curves.

    All with a theme where no article has a date.
    """
    copies = config.near_duplicates != "once"
    rows = engine.shown(copies=copies)
    shown = rows[data.has_theme[rows]]
    if not len(shown):
        rows = engine.counted(copies=copies)
        shown = rows[data.has_theme[rows]]
    return shown


class RunComparison:
    """Groups of the articles of one run compared: as its training did, or by any covariate.

    Parameters
    ----------
    source
        The run.
    config
        Its experiment.
    read_data
        Returns the articles that are compared, with the shares of themes.
    measured
        What its training compared, where the run has no files.
    """

    def __init__(
        self,
        source: Source,
        config: ThemesExperiment,
        read_data: Callable[[], ThemeData],
        measured: Comparison | None = None,
    ) -> None:
        self.source = source
        self.config = config
        self._read_data = read_data
        self._measured = measured

    @property
    def _is_there(self) -> bool:
        return (self.source.folder / files.DIVISIONS.name).is_file()

    @cached_property
    def divisions(self) -> tuple[Division, ...]:
        """How many articles each covariate compares; none in a run of an early version."""
        if self._measured is not None:
            return tuple(self._measured.divisions)
        return files.DIVISIONS.read(self.source) if self._is_there else ()

    @cached_property
    def data(self) -> ThemeData:
        """The articles that are compared."""
        return self._read_data()

    def effects(self, formula: str | Sequence[str] | None = None) -> tuple[Effect, ...]:
        """Return what groups of articles make of topics, date and other covariates held fixed.

        Parameters
        ----------
        formula
            Covariates, such as ``"paper + section"``; those of ``time.breakdown`` where left out.
        """
        if formula is None and self._measured is not None:
            return tuple(self._measured.effects)
        if formula is None:
            return files.EFFECTS.read(self.source) if self._is_there else ()
        names = parse_formula(formula)
        if not names:
            raise InputError(f'effects of {formula!r}: name a covariate, such as "section"')
        where = f"effects of {formula!r}"
        effects = tuple(measure_effects(self._sample(names, where)))
        same = set(names).difference(effect.by for effect in effects)
        if same:
            nothing = ", ".join(sorted(map(repr, same)))
            raise InputError(
                f"{where}: all articles that have a value in {nothing} have the same; take it out"
            )
        return effects

    def groups(self, name: str | None = None, by: Period | None = None) -> tuple[GroupShare, ...]:
        """Return topic shares of groups of articles through time, with intervals.

        Parameters
        ----------
        name
            A covariate, such as ``"paper"``; all of ``time.breakdown`` where left out.
        by
            The length of a period; the shortest with enough articles where left out.
        """
        if name is None and self._measured is not None:
            return tuple(self._measured.groups)
        if name is None:
            return files.GROUPS.read(self.source) if self._is_there else ()
        where = f"groups of {name!r}"
        if by is not None and by not in PERIODS_PER_YEAR:
            allowed = ", ".join(PERIODS_PER_YEAR)
            raise InputError(f"{where}: no period is called {by!r}; choose from {allowed}")
        sample = self._sample([name], where)
        return tuple(follow_groups(sample, by or self.config.time.by, exactly=by is not None))

    def _sample(self, names: Sequence[str], where: str) -> Sample:
        sample = sample_of(self.data, names, where)
        empty = set(names).difference(covariate.name for covariate in sample.covariates)
        if empty:
            nameless = ", ".join(sorted(map(repr, empty)))
            raise InputError(f"{where}: no article has a value in {nameless}")
        return sample
