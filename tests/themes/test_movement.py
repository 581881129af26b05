import numpy as np
import pytest

from research.themes.movement import mean_difference
from research.themes.peaks import find_bursts, find_peaks
from research.themes.season import measure_season
from research.themes.trend import measure_trend, significant_tests

MONTHS = np.arange(120)
PART = MONTHS % 12


def _noise(seed, scale=0.01):
    return np.random.default_rng(seed).normal(0, scale, len(MONTHS))


def test_a_rise_is_found_with_its_slope_and_gaps_do_no_harm():
    series = 0.05 + 0.01 * MONTHS / 12 + _noise(0)
    series[[3, 50, 51]] = np.nan
    found = measure_trend(series, 12)
    assert found.low < 0.01 < found.high and found.slope == pytest.approx(0.01, rel=0.15)
    assert found.p < 1e-6 and measure_trend(-series, 12).slope == pytest.approx(-found.slope)


def test_noise_has_no_trend_and_wandering_is_not_taken_for_one():
    """A series that remembers its past rises and falls by itself: the plain test calls that a trend far too often."""
    assert np.mean([measure_trend(0.05 + _noise(seed), 12).p < 0.05 for seed in range(200)]) < 0.09
    called = 0
    for seed in range(200):
        series = np.zeros(120)
        for t, shock in enumerate(_noise(seed)):
            series[t] = 0.7 * series[t - 1] + shock
        called += measure_trend(series, 12).p < 0.05
    assert called < 50  # Without the correction, about 90.


def test_too_few_periods_say_nothing():
    assert np.isnan(measure_trend(np.array([0.1, np.nan, 0.3]), 12).p)
    assert np.isnan(measure_season(np.full(14, 0.1), np.arange(14) % 12).p)
    assert measure_trend(np.full(20, 0.1), 12).p == 1


def test_a_season_is_found_at_its_month_also_under_a_trend():
    series = 0.05 + 0.02 * MONTHS / 12 + 0.03 * (PART == 8) + _noise(1, 0.004)
    found = measure_season(series, PART)
    assert found.peak == 8 and found.p < 0.001 and found.strength > 0.5
    assert found.low < found.amplitude < found.high and found.low > 0.015
    flat = measure_season(0.05 + _noise(2), PART)
    assert flat.p > 0.01 and flat.strength < 0.35


def test_every_congress_is_a_peak_and_chance_seldom():
    series = np.full(120, 0.05)
    series[[10, 70]] = (0.20, 0.30)
    series[[71, 72]] = 0.28  # Its aftermath is no peak of its own.
    series[[40, 41]] = np.nan
    found = find_peaks(series, series - 0.01, series + 0.01, 12)
    assert found == [70, 10]
    assert find_peaks(np.full(24, 0.1), np.full(24, 0.05), np.full(24, 0.15), 12) == []
    by_chance = 0
    for seed in range(100):
        noisy = 0.05 + _noise(
            seed, 0.005
        )  # A period's own interval is as wide as its chance: 1.96 times its deviation.
        by_chance += len(find_peaks(noisy, noisy - 0.0098, noisy + 0.0098, 12))
    assert by_chance / 100 / len(MONTHS) < 0.01
    assert find_peaks(np.array([]), np.array([]), np.array([]), 12) == []


def test_a_burst_is_found_where_it_is_and_steady_themes_have_none():
    documents = np.full(60, 100.0)
    documents[30] = 0  # A month without a paper, in the midst of it.
    share = np.full(60, 0.05)
    share[28:34] = 0.25
    found = find_bursts(share * documents, documents)
    assert [(burst.first, burst.last) for burst in found] == [(28, 33)]
    assert find_bursts(np.full(60, 5.0), np.full(60, 100.0)) == []
    assert find_bursts(np.zeros(60), documents) == []


def test_what_an_event_changed_has_an_interval():
    rng = np.random.default_rng(0)
    before, after = rng.dirichlet([1, 9], 200), rng.dirichlet([3, 7], 200)
    change, interval = mean_difference(before, after)
    assert (
        change[0] == pytest.approx(0.2, abs=0.03)
        and (interval[0] < change).all()
        and (change < interval[1]).all()
    )


def test_of_many_tests_chance_ones_are_not_called_significant():
    p = [0.001, 0.012, *np.linspace(0.04, 1, 98), float("nan")]
    assert (
        significant_tests(p).tolist() == [False] * 101
    )  # 0.001 of 101 tests is what chance gives.
    assert significant_tests([0.0001, *p[1:]]).tolist()[:2] == [True, False]
