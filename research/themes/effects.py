"""In which groups of articles a theme is stronger, with date and the other covariates held fixed.

Shares are regressed on covariates and a smooth function of the date, as R's ``stm::estimateEffect``
does; errors are clustered by issue (see ``clustered``). What an article's group is, is decided in
``covariates``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BSpline
from threadpoolctl import threadpool_limits

from research.errors import InputError
from research.themes.calendar import first_day, too_coarse
from research.themes.chance import Estimates, significant_tests
from research.themes.clustered import determines, estimate
from research.themes.covariates import DATE, Covariate

_MIN_ISSUES = 5  # Of a group that is tested: fewer show no spread between issues.
_MAX_SPLINE_COLUMNS = 10
_DATES_PER_SPLINE_COLUMN = 4
_MIN_DATES_FOR_SPLINE = 16  # Fewer have a straight line.
_DAYS_PER_YEAR = 365.25
_MIN_YEARS_FOR_SEASON = 2
_MIN_YEARS_FOR_TREND = 1
_SMOOTH_DATE = re.compile(r"s\(\s*date\s*\)")

Measure = Literal["share", "trend"]


class Effect(NamedTuple):
    """What a group of articles makes of a topic.

    Attributes
    ----------
    by, value : str
        The covariate, and the group.
    measure : {"share", "trend"}
        Whether shares are compared, or their change per year.
    documents, issues : int
        Articles of the group, and issues (date and paper) that they are from.
    topic : int
        The number of the topic.
    share : float
        The topic's mean share in the group.
    adjusted : float
        The mean share that all articles would have as articles of the group, whose dates and other
        covariates stay as they are. NaN of a trend.
    difference, low, high : float
        By how much the share (its change per year) is higher than in all other articles that have
        a value, with date and other covariates held fixed, and its 95 % interval; NaN where the
        articles cannot show it.
    p : float
        How probable so large a difference is by chance; NaN of a group of fewer than five issues.
    significant : bool
        Whether the difference is significant among those of all groups of the covariate and all
        topics.
    held : tuple[str, ...]
        The other covariates that are held fixed, beside the date.
    """

    by: str
    value: str
    measure: Measure
    documents: int
    issues: int
    topic: int
    share: float
    adjusted: float
    difference: float
    low: float
    high: float
    p: float
    significant: bool = False
    held: tuple[str, ...] = ()


class Sample(NamedTuple):
    """Articles with their topic shares, and what they are compared by.

    ``shares`` is n_documents × n_topics; ``dates`` are ISO, "" for none; ``issues`` is the number
    of each article's issue (n_documents,).
    """

    shares: NDArray[np.float64]
    dates: Sequence[str]
    issues: NDArray[np.intp]
    covariates: Sequence[Covariate]


def parse_formula(formula: str | Sequence[str]) -> tuple[str, ...]:
    """Return the names of covariates in a formula such as ``paper + section + date``.

    The date is held fixed with or without its name. Raises InputError for what is no sum of names.
    """
    if isinstance(formula, str):
        plain = _SMOOTH_DATE.sub(DATE, formula.strip().lstrip("~"))
        names = [name.strip() for name in plain.split("+")]
    else:
        names = list(formula)
    for name in names:
        if not name or re.search(r"[*:()^|~]", name):
            raise InputError(
                f"effects of {formula!r}: {name!r} is no name; give names of covariates and + "
                'between them: "paper + section"'
            )
    return tuple(name for name in dict.fromkeys(names) if name != DATE)


def measure_effects(sample: Sample) -> list[Effect]:
    """Return what each group of each covariate makes of each topic.

    Every covariate has a regression of its own, with the date and the other covariates, and one
    more for trends. A covariate that cannot be told apart from the one that is measured, such as a
    column that one of two corpora lacks, is not held fixed there: ``held`` names those that are.
    The tests of a covariate are corrected together.
    """
    compared = [covariate for covariate in sample.covariates if _can_compare(covariate)]
    dates = _Dates.of(sample.dates)
    has_trend = dates.years >= _MIN_YEARS_FOR_TREND and dates.n_distinct >= _MIN_DATES_FOR_SPLINE
    effects: list[Effect] = []
    with threadpool_limits(1, "blas"):
        columns = dates.columns()
        for covariate in compared:
            others = [other for other in compared if other is not covariate]
            design = _Design.of(sample, covariate, others, columns)
            of_covariate = _rows(design, "share", *design.levels())
            if has_trend:
                of_covariate += _rows(design, "trend", design.trends(dates.time), None)
            effects += _corrected(of_covariate)
    return effects


def _corrected(effects: Sequence[Effect]) -> list[Effect]:
    """Return the effects of one covariate with those marked that are significant among them."""
    significant = significant_tests([effect.p for effect in effects])
    return [
        effect._replace(significant=bool(passed))
        for effect, passed in zip(effects, significant, strict=True)
    ]


def _can_compare(covariate: Covariate) -> bool:
    """Return whether articles have different values: two groups, or one and rarer values."""
    with_value = covariate.sizes[:-1]
    return int(np.count_nonzero(with_value)) > 1


class _Dates(NamedTuple):
    """The dates of articles in years after their middle (n_documents,), 0 where there is none."""

    time: NDArray[np.float64]
    dated: NDArray[np.bool_]
    name_months: bool

    @classmethod
    def of(cls, dates: Sequence[str]) -> _Dates:
        """Return ISO dates as numbers; one that names a month or a year is its first day."""
        dated = np.array([bool(date) for date in dates])
        days = np.array([first_day(date).toordinal() if date else 0 for date in dates])
        time = days / _DAYS_PER_YEAR
        if dated.any():
            middle = time[dated].mean()
            time = np.where(dated, time - middle, 0.0)
        name_months = not any(too_coarse(date, "month") for date in dates if date)
        return cls(time, dated, name_months)

    @property
    def n_distinct(self) -> int:
        """How many dates there are."""
        return len(np.unique(self.time[self.dated]))

    @property
    def years(self) -> float:
        """How many years lie between the first and the last date."""
        times = self.time[self.dated]
        return float(times.max() - times.min()) if len(times) else 0.0

    def columns(self) -> list[NDArray[np.float64]]:
        """Return what of a share may come with the date: a smooth curve, and a wave of a year."""
        columns = []
        if not self.dated.all():
            columns.append(self.dated.astype(np.float64))
        if self.n_distinct >= _MIN_DATES_FOR_SPLINE:
            columns += self._spline()
        elif self.n_distinct > 1:
            columns.append(self.time)
        if self.years >= _MIN_YEARS_FOR_SEASON and self.name_months:
            angle = 2 * np.pi * self.time
            columns.append(np.cos(angle) * self.dated)
            columns.append(np.sin(angle) * self.dated)
        return columns

    def _spline(self) -> list[NDArray[np.float64]]:
        """Return a cubic spline whose knots have as many dates between them."""
        degree = 3
        distinct = np.unique(self.time[self.dated])
        n_columns = min(_MAX_SPLINE_COLUMNS, len(distinct) // _DATES_PER_SPLINE_COLUMN)
        n_parts = n_columns - degree + 1
        quantiles = np.arange(1, n_parts) / n_parts
        inner = np.quantile(distinct, quantiles)
        first, last = distinct[0], distinct[-1]
        n_at_end = degree + 1
        knots = np.concatenate([[first] * n_at_end, inner, [last] * n_at_end])
        within = np.clip(self.time, first, last)
        table = BSpline.design_matrix(within, knots, degree).toarray()
        table *= self.dated[:, None]
        return list(table.T[1:])


class _Design(NamedTuple):
    """The columns that shares are regressed on for one covariate.

    Its indicators come after the constant; then those of the covariates that are ``held`` fixed,
    and the date's.
    """

    sample: Sample
    covariate: Covariate
    held: tuple[str, ...]
    table: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        sample: Sample,
        covariate: Covariate,
        others: Sequence[Covariate],
        dates: Sequence[NDArray[np.float64]],
    ) -> _Design:
        """Return the design that holds as many of the *others* fixed as leave groups comparable."""
        for held in _ever_fewer(others):
            columns = [np.ones(len(sample.issues)), *_indicators(covariate)]
            for other in held:
                columns += _indicators(other)
            table = np.stack([*columns, *dates], axis=1)
            names = tuple(other.name for other in held)
            design = cls(sample, covariate, names, table)
            if not held or determines(design.table, design.differences):
                break
        return design

    @property
    def differences(self) -> NDArray[np.float64]:
        """Contrasts of each group with the others that have a value, n_groups × n_columns."""
        against = _against_others(self.covariate)
        contrasts = np.zeros((len(against), self.table.shape[1]))
        contrasts[:, 1 : 1 + against.shape[1]] = against
        return contrasts

    def levels(self) -> tuple[Estimates, NDArray[np.float64]]:
        """Compare the shares of each group with those of the others.

        Returns the differences, and the shares of all articles as articles of each group,
        n_groups × n_topics.
        """
        n_groups = len(self.covariate.groups)
        n_codes = len(self.covariate.sizes)
        adjusted = np.tile(self.table.mean(axis=0), (n_groups, 1))
        adjusted[:, 1 : 1 + n_codes] = np.eye(n_groups, n_codes)
        contrasts = np.concatenate([self.differences, adjusted])
        both = self._estimate(self.table, contrasts)
        of_groups = Estimates(*(table[:n_groups] for table in both))
        return of_groups, both.value[n_groups:]

    def trends(self, time: NDArray[np.float64]) -> Estimates:
        """Return by how much each group's change per year exceeds that of the others."""
        changes = np.stack(_indicators(self.covariate), axis=1) * time[:, None]
        against = _against_others(self.covariate)
        level = np.zeros((len(against), self.table.shape[1]))
        contrasts = np.concatenate([level, against], axis=1)
        table = np.concatenate([self.table, changes], axis=1)
        return self._estimate(table, contrasts)

    def _estimate(self, table: NDArray[np.float64], contrasts: NDArray[np.float64]) -> Estimates:
        return estimate(table, self.sample.shares, self.sample.issues, contrasts)


def _ever_fewer(covariates: Sequence[Covariate]) -> Iterator[Sequence[Covariate]]:
    """Yield all covariates, then all but one, then the same without the last, down to none."""
    yield covariates
    for n in range(len(covariates), 0, -1):
        first = covariates[:n]
        for left_out in reversed(first):
            yield [other for other in first if other is not left_out]


def _indicators(covariate: Covariate) -> list[NDArray[np.float64]]:
    """Return a column for each group, one for rarer values and one for none."""
    n_columns = len(covariate.sizes)
    return [(covariate.codes == code).astype(np.float64) for code in range(n_columns)]


def _against_others(covariate: Covariate) -> NDArray[np.float64]:
    """Return contrasts of each group with all other articles that have a value.

    They are n_groups × (n_groups + 2); rarer values are among the others.
    """
    sizes = covariate.sizes.astype(np.float64)
    sizes[-1] = 0
    contrasts = []
    for group in range(len(covariate.groups)):
        others = sizes.copy()
        others[group] = 0
        contrast = -others / max(1.0, others.sum())
        contrast[group] = 1
        contrasts.append(contrast)
    return np.array(contrasts)


def _rows(
    design: _Design,
    measure: Measure,
    estimates: Estimates,
    adjusted: NDArray[np.float64] | None,
) -> list[Effect]:
    """Return one effect per group and topic."""
    sample, covariate = design.sample, design.covariate
    if adjusted is None:
        adjusted = np.full_like(estimates.value, np.nan)
    rows = []
    for group, value in enumerate(covariate.groups):
        chosen = covariate.codes == group
        n_issues = len(np.unique(sample.issues[chosen]))
        means = sample.shares[chosen].mean(axis=0)
        is_tested = n_issues >= _MIN_ISSUES
        for topic, share in enumerate(means.tolist()):
            p = float(estimates.p[group, topic])
            effect = Effect(
                by=covariate.name,
                value=value,
                measure=measure,
                documents=int(chosen.sum()),
                issues=n_issues,
                topic=topic,
                share=share,
                adjusted=float(adjusted[group, topic]),
                difference=float(estimates.value[group, topic]),
                low=float(estimates.low[group, topic]),
                high=float(estimates.high[group, topic]),
                p=p if is_tested else np.nan,
                held=design.held,
            )
            rows.append(effect)
    return rows
