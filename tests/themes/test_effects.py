"""What groups of articles make of topics, beyond chance and with all else held fixed."""

import datetime

import numpy as np
import pytest

from research import InputError
from research.themes.clustered import estimate
from research.themes.covariates import covariate_of, issues_of
from research.themes.effects import Sample, measure_effects, parse_formula
from research.themes.groups import follow_groups

DAYS, PER_DAY = 150, 6
EFFECT, OF_SECTION = 0.06, 0.08


def _sample(seed, effect=EFFECT):
    """Two papers; the first prints more of a section that has more of topic 0; topic 1 is noise."""
    rng = np.random.default_rng(seed)
    day = np.repeat(np.arange(DAYS), PER_DAY)
    paper = rng.choice(["晨报", "晚报"], len(day))
    likely = np.where(paper == "晨报", 0.7, 0.2)
    section = np.where(rng.random(len(day)) < likely, "政务", "民生")
    dates = [(datetime.date(2021, 1, 1) + datetime.timedelta(7 * int(d))).isoformat() for d in day]
    issues = issues_of(dates, paper.tolist())
    shock = rng.normal(0, 0.01, issues.max() + 1)[issues]
    mean = 0.12 + shock + effect * (paper == "晨报") + OF_SECTION * (section == "政务")
    topic = rng.beta(2 * mean, 2 * (1 - mean))
    shares = np.stack([topic, rng.beta(0.2, 1.8, len(day))], axis=1)
    covariates = [
        covariate_of("paper", paper.tolist()),
        covariate_of("section", section.tolist()),
    ]
    return Sample(shares, dates, issues, covariates)


def _effect(effects, by, value, topic=0, measure="share"):
    [effect] = [
        effect
        for effect in effects
        if (effect.by, effect.value, effect.topic, effect.measure) == (by, value, topic, measure)
    ]
    return effect


def test_an_effect_is_measured_with_the_other_covariates_held_fixed():
    effects = measure_effects(_sample(0))
    paper = _effect(effects, "paper", "晨报")
    assert paper.low <= EFFECT <= paper.high and paper.significant
    section = _effect(effects, "section", "政务")
    assert section.low <= OF_SECTION <= section.high
    assert paper.adjusted == pytest.approx(
        _effect(effects, "paper", "晚报").adjusted + paper.difference
    )
    # Papers' plain shares differ by more, for one prints more of the section.
    assert paper.share - _effect(effects, "paper", "晚报").share > EFFECT + 0.02
    assert not _effect(effects, "paper", "晨报", topic=1).significant


def test_without_an_effect_the_section_alone_explains_the_difference_of_papers():
    paper = _effect(measure_effects(_sample(1, effect=0)), "paper", "晨报")
    assert paper.low <= 0 <= paper.high and not paper.significant


def test_a_group_may_rise_faster_than_the_others():
    sample = _sample(2)
    years = (
        np.array(
            [
                (datetime.date.fromisoformat(date) - datetime.date(2021, 1, 1)).days
                for date in sample.dates
            ]
        )
        / 365.25
    )
    sample.shares[:, 1] += 0.03 * years * (sample.covariates[0].codes == 0)
    value = sample.covariates[0].groups[0]
    trend = _effect(measure_effects(sample), "paper", value, topic=1, measure="trend")
    assert trend.low <= 0.03 <= trend.high and trend.significant and trend.difference > 0
    assert np.isnan(trend.adjusted)


def test_a_group_of_few_issues_has_an_interval_and_no_test():
    sample = _sample(3)
    values = ["特刊" if issue < 4 else "平日" for issue in sample.issues]
    effects = measure_effects(sample._replace(covariates=[covariate_of("kind", values)]))
    few = _effect(effects, "kind", "特刊")
    assert few.issues == 4 and np.isnan(few.p) and not few.significant and few.low < few.high


def test_a_covariate_that_is_the_same_is_not_held_fixed_and_that_is_said():
    sample = _sample(4)
    paper, section = sample.covariates
    twin = paper._replace(name="source")
    effects = measure_effects(sample._replace(covariates=[paper, section, twin]))
    effect = _effect(effects, "paper", "晨报")
    assert effect.held == ("section",) and effect.low <= EFFECT <= effect.high
    assert _effect(effects, "section", "政务").held == ("paper", "source")


def test_articles_without_a_value_are_not_among_the_others():
    sample = _sample(8)
    paper = sample.covariates[0]
    first = paper.groups.index("晨报")
    region = [
        ("东区" if i % 2 else "西区") if code == first else "" for i, code in enumerate(paper.codes)
    ]
    effects = measure_effects(sample._replace(covariates=[covariate_of("region", region), paper]))
    east = _effect(effects, "region", "东区")
    assert east.low <= 0 <= east.high and east.held == ("paper",)
    assert _effect(effects, "paper", "晨报").held == ()  # The other paper has no region at all.
    assert _effect(effects, "paper", "晨报").significant


def test_articles_without_dates_are_compared_too():
    sample = _sample(5)
    nowhere = [""] * len(sample.dates)
    undated = sample._replace(dates=nowhere, issues=issues_of(nowhere, nowhere))
    paper = _effect(measure_effects(undated), "paper", "晨报")
    assert paper.low <= EFFECT <= paper.high
    assert follow_groups(undated, "month") == []


def test_errors_are_those_of_the_reference_where_issues_are_many():
    ols = pytest.importorskip("statsmodels.regression.linear_model").OLS
    rng = np.random.default_rng(6)
    clusters = np.repeat(np.arange(400), 5)
    x = rng.normal(size=(400, 1))[clusters] + rng.normal(size=(2000, 1))
    design = np.hstack([np.ones((2000, 1)), x])
    y = 0.3 * x[:, 0] + rng.normal(size=400)[clusters] + rng.normal(size=2000)
    ours = estimate(design, y[:, None], clusters, np.array([[0.0, 1.0]]))
    theirs = ols(y, design).fit(cov_type="cluster", cov_kwds={"groups": clusters}, use_t=True)
    assert ours.value[0, 0] == pytest.approx(theirs.params[1])
    low, high = theirs.conf_int()[1]
    assert (ours.low[0, 0], ours.high[0, 0]) == (
        pytest.approx(low, abs=1e-3),
        pytest.approx(high, abs=1e-3),
    )


def test_groups_have_curves_whose_intervals_know_small_numbers():
    rows = follow_groups(_sample(7), "month")
    assert {row.period for row in rows if row.by == "paper"} >= {"2021-Q1", "2021-Q2"}
    assert all(0 <= row.low < row.share < row.high <= 1 for row in rows)
    exact = follow_groups(_sample(7), "month", exactly=True)
    assert {row.period[:5] for row in exact} == {"2021-", "2022-", "2023-"}
    [one] = [
        r for r in exact if (r.by, r.value, r.period, r.topic) == ("paper", "晨报", "2021-01", 0)
    ]
    [all_year] = [
        r
        for r in follow_groups(_sample(7), "year")
        if (r.by, r.value, r.period, r.topic) == ("paper", "晨报", "2021", 0)
    ]
    assert one.high - one.low > all_year.high - all_year.low


@pytest.mark.parametrize(
    ("formula", "names"),
    [
        ("paper + section", ("paper", "section")),
        ("~ paper+ s(date)", ("paper",)),
        (["地区", "paper"], ("地区", "paper")),
        ("date", ()),
    ],
)
def test_a_formula_is_a_sum_of_names(formula, names):
    assert parse_formula(formula) == names


@pytest.mark.parametrize("formula", ["", "paper * section", "__import__('os')", "a + + b"])
def test_another_formula_is_refused_and_never_run(formula):
    with pytest.raises(InputError, match="no name"):
        parse_formula(formula)
