"""Groups of a run's articles compared: what stands in its files, or any other comparison."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from research.config import ThemesExperiment
from research.errors import InputError
from research.runs import files
from research.runs.engine import EngineTopics, read_engine
from research.runs.folder import Source
from research.runs.model_files import ThemesModel
from research.themes.calendar import Period
from research.themes.comparison import Division, sample_of
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
    read_model
        Returns its model.
    """

    def __init__(
        self, source: Source, config: ThemesExperiment, read_model: Callable[[], ThemesModel]
    ) -> None:
        self.source = source
        self.config = config
        self._read_model = read_model

    @property
    def _is_there(self) -> bool:
        return (self.source.folder / files.DIVISIONS.name).is_file()

    @cached_property
    def divisions(self) -> tuple[Division, ...]:
        """How many articles each covariate compares; none in a run of an early version."""
        return files.DIVISIONS.read(self.source) if self._is_there else ()

    @cached_property
    def data(self) -> ThemeData:
        """The articles that are compared."""
        engine = read_engine(self.source, self._read_model())
        return engine.data.select(compared_rows(engine, engine.data, self.config))

    def effects(self, formula: str | Sequence[str] | None = None) -> tuple[Effect, ...]:
        """Return what groups of articles make of topics, date and other covariates held fixed.

        Parameters
        ----------
        formula
            Covariates, such as ``"paper + section"``; those of ``time.breakdown`` where left out.
        """
        if formula is None:
            return files.EFFECTS.read(self.source) if self._is_there else ()
        names = parse_formula(formula)
        if not names:
            raise InputError(f'effects of {formula!r}: name a covariate, such as "section"')
        return tuple(measure_effects(self._sample(names, f"effects of {formula!r}")))

    def groups(self, name: str | None = None, by: Period | None = None) -> tuple[GroupShare, ...]:
        """Return topic shares of groups of articles through time, with intervals.

        Parameters
        ----------
        name
            A covariate, such as ``"paper"``; all of ``time.breakdown`` where left out.
        by
            The length of a period; the shortest with enough articles where left out.
        """
        if name is None:
            return files.GROUPS.read(self.source) if self._is_there else ()
        sample = self._sample([name], f"groups of {name!r}")
        return tuple(follow_groups(sample, by or self.config.time.by, exactly=by is not None))

    def _sample(self, names: Sequence[str], where: str) -> Sample:
        sample = sample_of(self.data, names, where)
        empty = set(names).difference(covariate.name for covariate in sample.covariates)
        if empty:
            nameless = ", ".join(sorted(map(repr, empty)))
            raise InputError(f"{where}: no article has a value in {nameless}")
        return sample
