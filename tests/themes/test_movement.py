import numpy as np
import pytest
from scipy import sparse

from research.articles.article import Article
from research.config import EventConfig
from research.themes.data import ThemeData
from research.themes.movement import mean_difference, movements
from research.themes.peaks import find_bursts, find_peaks
from research.themes.season import measure_season
from research.themes.shares import shares_over_time
from research.themes.trend import measure_trend, significant_tests

MONTHS = np.arange(120)
PART = MONTHS % 12


def _noise(seed, scale=0.01):
    return np.random.default_rng(seed).normal(0, scale, len(MONTHS))


def test_a_rise_is_found_with_its_slope_and_gaps_do_no_harm():
    series = 0.05 + 0.01 * MONTHS / 12 + _noise(0)
    series[[3, 50, 51]] = np.nan
    measured = measure_trend(series, 12)
    assert measured.low < 0.01 < measured.high and measured.slope == pytest.approx(0.01, rel=0.15)
    assert measured.p < 1e-6 and measure_trend(-series, 12).slope == pytest.approx(-measured.slope)


def test_neither_noise_nor_an_autocorrelated_series_has_a_trend():
    """An autocorrelated series rises and falls by chance; the plain test calls that a trend."""
    assert np.mean([measure_trend(0.05 + _noise(seed), 12).p < 0.05 for seed in range(200)]) < 0.09
    called = 0
    for seed in range(200):
        series = np.zeros(120)
        for t, shock in enumerate(_noise(seed)):
            series[t] = 0.7 * series[t - 1] + shock
        called += measure_trend(series, 12).p < 0.05
    assert called < 50  # Without the correction, about 90.


def test_too_few_periods_give_no_figures():
    assert np.isnan(measure_trend(np.array([0.1, np.nan, 0.3]), 12).p)
    assert np.isnan(measure_season(np.full(14, 0.1), np.arange(14) % 12).p)
    assert measure_trend(np.full(20, 0.1), 12).p == 1


def test_a_season_is_found_at_its_month_also_under_a_trend():
    series = 0.05 + 0.02 * MONTHS / 12 + 0.03 * (PART == 8) + _noise(1, 0.004)
    measured = measure_season(series, PART)
    assert measured.peak == 8 and measured.p < 0.001 and measured.strength > 0.5
    assert measured.low < measured.amplitude < measured.high and measured.low > 0.015
    flat = measure_season(0.05 + _noise(2), PART)
    assert flat.p > 0.01 and flat.strength < 0.35


def test_every_congress_is_a_peak_and_chance_seldom():
    series = np.full(120, 0.05)
    series[[10, 70]] = (0.20, 0.30)
    series[[71, 72]] = 0.28  # Its aftermath is no peak of its own.
    series[[40, 41]] = np.nan
    measured = find_peaks(series, series - 0.01, series + 0.01, 12)
    assert measured == [70, 10]
    assert find_peaks(np.full(24, 0.1), np.full(24, 0.05), np.full(24, 0.15), 12) == []
    by_chance = 0
    for seed in range(100):
        # A period's interval is as wide as its chance: 1.96 times its deviation.
        noisy = 0.05 + _noise(seed, 0.005)
        by_chance += len(find_peaks(noisy, noisy - 0.0098, noisy + 0.0098, 12))
    assert by_chance / 100 / len(MONTHS) < 0.01
    assert find_peaks(np.array([]), np.array([]), np.array([]), 12) == []


def test_a_burst_is_found_where_it_is_and_steady_themes_have_none():
    documents = np.full(60, 100.0)
    documents[30] = 0  # A month without a paper, in the midst of it.
    share = np.full(60, 0.05)
    share[28:34] = 0.25
    measured = find_bursts(share * documents, documents)
    assert [(burst.first, burst.last) for burst in measured] == [(28, 33)]
    assert find_bursts(np.full(60, 5.0), np.full(60, 100.0)) == []
    assert find_bursts(np.zeros(60), documents) == []


def test_what_an_event_changed_has_an_interval():
    rng = np.random.default_rng(0)
    before, after = rng.dirichlet([1, 9], 200), rng.dirichlet([3, 7], 200)
    change, interval = mean_difference(before, after)
    assert change[0] == pytest.approx(0.2, abs=0.03)
    assert (interval[0] < change).all() and (change < interval[1]).all()


def test_of_many_tests_chance_ones_are_not_called_significant():
    p = [0.001, 0.012, *np.linspace(0.04, 1, 98), float("nan")]
    # Chance gives 0.001 to one of 101 tests.
    assert significant_tests(p).tolist() == [False] * 101
    assert significant_tests([0.0001, *p[1:]]).tolist()[:2] == [True, False]


def _archive():
    """Two articles a month for ten years; topic 0 grows, topic 1 has half of May 2015."""
    articles, shares = [], []
    for month in MONTHS:
        year, part = 2010 + month // 12, month % 12 + 1
        rising = 0.1 + 0.3 * month / 120
        for day in (5, 20):
            articles.append(Article(date=f"{year}-{part:02d}-{day:02d}"))
            shares.append([rising, 0.5 if (year, part) == (2015, 5) else 0.05])
    rest = np.array(shares)
    table = np.column_stack([rest, 1 - rest.sum(axis=1)])
    return ThemeData(articles, sparse.csr_matrix((len(articles), 4)), table, "甲乙丙丁")


def test_each_topic_has_a_movement_with_periods_by_name():
    data = _archive()
    curves = shares_over_time(data.shares, data.dates, "month")
    event = EventConfig(name="会", date="2015-05-01", days=31)
    nothing = EventConfig(name="无", date="1990-01-01")
    moved = movements(curves, data, np.ones(len(data.articles)), [event, nothing])
    rising, congress, _ = moved
    assert [movement.topic for movement in moved] == [0, 1, 2]
    assert rising.trend.direction == "rising" and congress.trend.direction == "steady"
    assert rising.trend.slope == pytest.approx(0.03, rel=0.01)
    assert congress.peak.period == "2015-05" and congress.peak.share == pytest.approx(0.5)
    assert [peak.period for peak in congress.peaks] == ["2015-05"]
    assert congress.season is not None and not congress.season.significant
    changed, unknown = congress.events
    assert (changed.event, changed.before, changed.after) == ("会", 2, 2)
    assert changed.change == pytest.approx(0.45) and changed.low <= changed.change <= changed.high
    assert (unknown.before, unknown.after) == (0, 0) and np.isnan(unknown.change)


def test_years_have_no_season():
    data = _archive()
    curves = shares_over_time(data.shares, data.dates, "year")
    moved = movements(curves, data, np.ones(len(data.articles)))
    assert all(movement.season is None and movement.events == () for movement in moved)


def test_days_are_followed_by_month_where_trend_and_season_are_measured():
    data = _archive()
    weights = np.ones(len(data.articles))
    by_day, by_month = (
        movements(shares_over_time(data.shares, data.dates, by), data, weights)
        for by in ("day", "month")
    )
    assert by_day[0].trend == by_month[0].trend and by_day[0].season == by_month[0].season
    assert len(by_day[1].peak.period) == len("2015-05-05")
