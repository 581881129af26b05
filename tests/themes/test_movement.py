"""Trends, seasons, peaks, bursts: found where planted, seldom where dates mean nothing."""

import numpy as np
import pytest
from scipy import sparse

from research.articles.article import Article
from research.config import EventConfig
from research.themes.chance import N_SHUFFLES, ChanceMaxima, significant_tests
from research.themes.data import ThemeData
from research.themes.movement import mean_difference, movements
from research.themes.panel import Panel
from research.themes.peaks import find_bursts, find_peaks
from research.themes.season import measure_seasons
from research.themes.shares import shares_over_time
from research.themes.trend import measure_trends

MONTHS = np.arange(120)
PART = MONTHS % 12


def _panel(rates, articles=40, seed=0):
    """Articles of successive months: *rates* (n_months,) is the probability that one is of topic 0.

    Such an article has a share of 0.5 to 0.9 of it, any other one of nearly 0, as real ones have.
    *articles* is how many a month has: a number, or one per month.
    """
    rng = np.random.default_rng(seed)
    rows = np.repeat(np.arange(len(rates)), articles)
    of_topic = rng.random(len(rows)) < np.asarray(rates)[rows]
    share = np.where(of_topic, rng.uniform(0.5, 0.9, len(rows)), rng.uniform(0, 0.02, len(rows)))
    return Panel(np.stack([share, 1 - share], axis=1), np.ones(len(rows)), rows, len(rates))


def _shuffled(panel):
    rng = np.random.default_rng(1)
    return [panel.shuffled_sums(rng) for _ in range(N_SHUFFLES)]


def _thinned(n_thin):
    """Forty articles a month, but one in the first *n_thin* months (the last, if negative)."""
    articles = np.full(len(MONTHS), 40)
    if n_thin > 0:
        articles[:n_thin] = 1
    else:
        articles[n_thin:] = 1
    return articles


def test_a_rise_is_found_with_its_slope_and_gaps_do_no_harm():
    articles = np.full(120, 40)
    articles[[3, 50, 51]] = 0
    rising, falling = measure_trends(_panel(0.05 + 0.2 * MONTHS / 120, articles), 12)
    per_year = 0.2 * 0.7 / 10
    assert rising.slope == pytest.approx(per_year, rel=0.2)
    assert rising.low < per_year < rising.high and rising.p < 1e-6
    assert (rising.direction, falling.direction) == ("rising", "falling")
    assert falling.slope == pytest.approx(-rising.slope)


@pytest.mark.parametrize("n_thin", [0, 40, -40, 80])
def test_without_a_trend_one_in_twenty_has_a_small_p_value_however_thin_some_months_are(n_thin):
    articles = _thinned(n_thin) if n_thin else 40
    trends = [
        measure_trends(_panel(np.full(120, 0.06), articles, seed), 12)[0] for seed in range(150)
    ]
    assert np.mean([trend.p < 0.05 for trend in trends]) < 0.1
    assert np.mean([trend.low < 0 < trend.high for trend in trends]) > 0.9


def test_a_series_that_wanders_is_not_taken_for_a_trend():
    """A series that depends on its past rises and falls by itself."""
    n_called = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        rates = np.zeros(120)
        for month in range(120):
            rates[month] = 0.7 * rates[month - 1] + rng.normal(0, 0.03)
        panel = _panel(np.clip(0.15 + rates, 0, 1), 100, seed)
        n_called += measure_trends(panel, 12)[0].p < 0.05
    assert n_called < 25


def test_too_few_periods_have_no_trend_and_no_season():
    assert np.isnan(measure_trends(_panel([0.1, 0.2, 0.3]), 12)[0].p)
    assert np.isnan(measure_seasons(_panel(np.full(14, 0.1)), np.arange(14) % 12)[0].p)
    equal = Panel(np.full((20, 1), 0.1), np.ones(20), np.arange(20), 20)
    (trend,) = measure_trends(equal, 12)
    assert trend.p == 1 and trend.direction == "steady"


def test_a_season_is_found_at_its_month_also_under_a_trend():
    rates = 0.05 + 0.02 * MONTHS / 12 + 0.2 * (PART == 8)
    season, _ = measure_seasons(_panel(rates, 60), PART)
    assert season.peak == 8 and season.p < 0.001 and season.significant
    assert season.low < season.amplitude < season.high and season.low > 0.05
    flat, _ = measure_seasons(_panel(np.full(120, 0.1)), PART)
    assert flat.p > 0.01 and not flat.significant


def test_a_slow_season_is_found_too_and_a_thin_year_makes_none():
    wave = 0.1 + 0.06 * np.cos(2 * np.pi * (PART - 6) / 12)
    season, _ = measure_seasons(_panel(wave), PART)
    assert season.significant and abs(season.peak - 6) <= 2
    called = [
        measure_seasons(_panel(np.full(36, 0.06), _thinned(12)[:36], seed), PART[:36])[0].p < 0.05
        for seed in range(60)
    ]
    assert np.mean(called) < 0.12


def test_what_happened_in_one_year_is_no_season():
    rates = np.full(36, 0.05)
    rates[[18, 19]] = 0.5  # A flood, in July and August of the second year.
    called = []
    for seed in range(20):
        season, _ = measure_seasons(_panel(rates, 40, seed), PART[:36])
        called.append(season.significant)
    assert sum(called) <= 2


def test_every_congress_is_a_peak_and_chance_is_not():
    rates = np.full(120, 0.05)
    rates[[10, 70]] = (0.45, 0.6)
    rates[[71, 72]] = 0.5  # Its aftermath is no peak of its own.
    articles = np.full(120, 60)
    articles[[40, 41]] = 0
    panel = _panel(rates, articles)
    peaks = find_peaks(panel.period_sums, _shuffled(panel), 12)[0]
    assert peaks == [70, 10]
    n_by_chance = 0
    for seed in range(30):
        steady = _panel(np.full(60, 0.05), _thinned(20)[:60], seed)
        n_by_chance += len(find_peaks(steady.period_sums, _shuffled(steady), 12)[0])
    assert n_by_chance <= 4


def test_one_article_makes_no_peak_however_large_its_share():
    rates = np.full(60, 0.03)
    rates[5] = 1
    articles = np.full(60, 40)
    articles[:12] = 1
    panel = _panel(rates, articles)
    assert panel.means[5, 0] > 0.4
    assert 5 not in find_peaks(panel.period_sums, _shuffled(panel), 12)[0]


def test_a_burst_is_found_where_it_is_and_steady_themes_have_none():
    rates = np.full(60, 0.05)
    rates[28:34] = 0.4
    articles = np.full(60, 100)
    articles[30] = 0  # A month without a paper, in the midst of it.
    panel = _panel(rates, articles)
    bursts, _ = find_bursts(panel.period_sums, _shuffled(panel))
    assert [(burst.first, burst.last) for burst in bursts] == [(28, 33)]
    steady = _panel(np.full(60, 0.05))
    assert find_bursts(steady.period_sums, _shuffled(steady)) == [[], []]


def test_two_months_of_eight_points_are_a_burst_among_forty_themes():
    """Eight archives of three years, forty articles a month; each has one theme that bursts."""
    n_found = n_other = 0
    for seed in range(8):
        rng = np.random.default_rng(seed)
        main = rng.integers(0, 40, 36 * 40)
        rows = np.repeat(np.arange(36), 40)
        in_burst = np.isin(rows, (17, 18)) & (rng.random(len(rows)) < 0.16)
        main[in_burst] = 7
        shares = rng.dirichlet(np.full(40, 0.05), len(rows)) * 0.45
        shares[np.arange(len(rows)), main] += 0.55
        panel = Panel(shares, np.ones(len(rows)), rows, 36).with_main_themes()
        bursts = find_bursts(panel.period_sums, _shuffled(panel), n_measures=2)
        n_found += any(burst.first <= 18 and burst.last >= 17 for burst in bursts[7])
        n_other += sum(bool(spans) for topic, spans in enumerate(bursts) if topic != 7)
    assert n_found >= 6 and n_other <= 3


def test_a_frequent_theme_may_burst_without_doubling():
    """The automaton sees nothing below twice the usual rate; the best window does."""
    rates = np.full(60, 0.4)
    rates[20:24] = 0.7
    panel = _panel(rates, 100)
    bursts = find_bursts(panel.period_sums, _shuffled(panel))[0]
    assert [(burst.first, burst.last) for burst in bursts] == [(20, 23)]
    assert bursts[0].weight > 0
    rates[20:24] = 0.5  # A quarter more is no burst, however many articles show it.
    panel = _panel(rates, 400)
    assert find_bursts(panel.period_sums, _shuffled(panel))[0] == []


def test_the_largest_of_many_shuffles_is_described_by_two_numbers():
    rng = np.random.default_rng(0)
    chance = ChanceMaxima(rng.gumbel(3, 2, (N_SHUFFLES, 1)))
    critical = 3 - 2 * np.log(-np.log(0.95))
    assert 0.03 < chance.p_values(np.array([critical]))[0] < 0.08
    assert chance.p_values(np.array([20.0]))[0] < 0.002
    many = ChanceMaxima(rng.gumbel(3, [2] * 40, (N_SHUFFLES, 40)))  # Tails are fitted together.
    at_one_in_thousand = 3 - 2 * np.log(-np.log(0.999))
    p = many.p_values(np.full(40, at_one_in_thousand))
    assert 0.0003 < np.exp(np.log(p).mean()) < 0.003
    assert chance.p_values(np.array([3.0]))[0] == pytest.approx(1 - np.exp(-1), abs=0.1)


def test_what_an_event_changed_has_an_interval():
    rng = np.random.default_rng(0)
    before, after = rng.dirichlet([1, 9], 200), rng.dirichlet([3, 7], 200)
    variance = np.concatenate([before, after]).var(axis=0)
    difference = mean_difference(before, after, variance)
    assert difference.value[0] == pytest.approx(0.2, abs=0.03)
    assert (difference.low < difference.value).all() and (difference.low[0] > 0.1)
    assert (difference.value < difference.high).all() and difference.p[0] < 1e-6
    few = mean_difference(before[:1], after[:1], variance)
    assert (few.high - few.low > 0.3).all()  # Two articles leave nearly everything open.


def test_of_many_tests_chance_ones_are_not_called_significant():
    p = [0.001, 0.012, *np.linspace(0.04, 1, 98), float("nan")]
    assert not significant_tests(p).any()  # 0.001 of 101 tests is what chance gives.
    assert significant_tests([0.0001, *p[1:]]).tolist()[:2] == [True, False]


def _archive():
    """Ten articles a month for ten years; topic 0 grows, topic 1 has half of May 2015."""
    articles, shares = [], []
    for month in MONTHS:
        year, part = 2010 + month // 12, month % 12 + 1
        rising = 0.1 + 0.3 * month / 120
        for day in range(3, 23, 2):
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
    assert (changed.event, changed.before, changed.after) == ("会", 10, 10)
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
