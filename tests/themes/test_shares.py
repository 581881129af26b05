import datetime
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from research import InputError
from research.themes.calendar import (
    empty_years,
    far_from_others,
    first_day,
    last_day,
    last_is_unfinished,
    periods_between,
    periods_of,
)
from research.themes.shares import document_weights, shares_over_time

ONE = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]])


@pytest.mark.parametrize(
    ("by", "periods"),
    [
        ("day", ["2024-12-30", "2024-12-31", "2025-01-01", "2025-01-02"]),
        ("week", ["2025-W01"]),
        ("month", ["2024-12", "2025-01"]),
        ("quarter", ["2024-Q4", "2025-Q1"]),
        ("year", ["2024", "2025"]),
        ("decade", ["2020s"]),
    ],
)
def test_periods_are_those_of_the_calendar(by, periods):
    """30 December 2024 belongs to the first ISO week of 2025."""
    table = shares_over_time(ONE, ["2024-12-30", "2025-01-02", "2025-01-02"], by)
    assert list(table.periods) == periods
    assert table.counts.sum() == 3 and np.isnan(table.shares).any(axis=1).tolist() == [
        count == 0 for count in table.counts
    ]


@given(
    st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)),
    st.integers(0, 9000),
    st.sampled_from(["day", "week", "month", "quarter", "year", "decade"]),
)
def test_periods_follow_each_other_without_gap_or_overlap(first, days, by):
    last = first + datetime.timedelta(days)
    names = periods_of([first.isoformat(), last.isoformat()], by)
    periods = periods_between(*names, by)
    assert periods[0] == names[0] and periods[-1] == names[1]
    assert first_day(periods[0]) <= first <= last_day(periods[0]) and first_day(
        periods[-1]
    ) <= last <= last_day(periods[-1])
    for one, other in pairwise(periods):
        assert first_day(other) - last_day(one) == datetime.timedelta(1)


def test_bands_hold_the_share_and_narrow_with_more_documents():
    rng = np.random.default_rng(0)
    many = rng.dirichlet([1, 1], 400)
    dates = ["2024-01"] * 20 + ["2024-02"] * 380
    table = shares_over_time(many, dates, "month", resamples=300)
    assert (table.low <= table.shares).all() and (table.shares <= table.high).all()
    width = table.high - table.low
    assert (width[0] > 2 * width[1]).all() and (width > 0).all()
    again = shares_over_time(many, dates, "month", resamples=300)
    assert again.low.tobytes() == table.low.tobytes()


def test_long_documents_weigh_more_where_asked():
    table = shares_over_time(ONE[:2], ["2024-01", "2024-01"], "month", weights=[3, 1])
    assert table.shares[0] == pytest.approx([0.75, 0.25])
    counts = sparse.csr_matrix([[2, 1], [0, 0]])
    assert document_weights(counts, "length").tolist() == [3, 1]  # One without words counts 1.
    assert document_weights(counts, "article").tolist() == [1, 1]


@pytest.mark.parametrize(
    ("last", "unfinished"), [("2024-02-11", True), ("2024-02-29", False), ("2024-02-28", False)]
)
def test_a_last_period_that_is_cut_short_is_marked(last, unfinished):
    days = [f"2024-01-{day:02d}" for day in range(1, 32)] + [last]
    assert shares_over_time(np.ones((32, 1)), days, "month").unfinished is unfinished


def test_a_weekly_paper_is_not_unfinished_because_its_week_is_not_over():
    first = datetime.date(2024, 1, 5)  # The last is 23 February.
    days = [(first + datetime.timedelta(7 * n)).isoformat() for n in range(8)]
    assert not shares_over_time(np.ones((8, 1)), days, "month").unfinished


def test_a_date_of_another_century_is_found_and_gaps_of_the_archive_are_not():
    dates = ["1954", "1964", "1975", "1980"] * 5 + ["2980-01-01", "0980"]
    assert far_from_others(dates) == {20, 21}
    assert far_from_others(dates[:20]) == set()


def test_two_archives_of_different_centuries_are_no_typing_errors():
    republic, today = ["1934"] * 10, ["2023-05-01"] * 30
    assert far_from_others(republic + today) == set()
    assert far_from_others(republic[:2] + today) == {0, 1}


@pytest.mark.parametrize(
    ("years", "unfinished"),
    [((1998, 2003), True), ((1998, 2010), False), ((1950, 1990), False), ((1999, 2002), True)],
)
def test_a_decade_is_unfinished_where_years_of_it_are_left(years, unfinished):
    step = 10 if years == (1950, 1990) else 1  # A census every ten years leaves none.
    dates = [str(year) for year in range(years[0], years[1], step)]
    assert last_is_unfinished(dates, "decade") is unfinished


def test_empty_years_are_those_that_take_up_much_of_the_axis():
    periods = periods_between("1934", "2000", "year")
    counts = [
        int(period in ("1934", "1940", "1941", "1943") or period > "1990") for period in periods
    ]
    assert [(periods[gap.first], periods[gap.last]) for gap in empty_years(periods, counts)] == [
        ("1935", "1939"),
        ("1944", "1990"),
    ]
    months = periods_between("2020-01", "2022-12", "month")
    counts = [int(not period.startswith("2021")) for period in months]
    assert empty_years(months, counts) == [(12, 23)]
    assert empty_years(months, [1] * 36) == empty_years((), []) == []


def test_too_coarse_and_too_many_are_refused_with_the_remedy():
    with pytest.raises(InputError, match='= "month"'):
        periods_of(["2024-01"], "day")
    with pytest.raises(InputError, match="unknown; choose"):
        periods_of(["2024-01"], "century")
    with pytest.raises(InputError, match="more than 20,000 days"):
        periods_between("1900-01-01", "2000-01-01", "day")


def test_shares_are_means_by_calendar_month_with_gaps():
    shares = np.array([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]])
    table = shares_over_time(shares, ["2023-11-02", "2023-11-30", "2024-02-01"], "month")
    assert table.periods == ("2023-11", "2023-12", "2024-01", "2024-02")
    assert table.counts.tolist() == [2, 0, 0, 1]
    assert table.shares[0].tolist() == [0.75, 0.25] and np.isnan(table.shares[1]).all()
    assert shares_over_time(shares, ["1998", "2001", "2001-05"], "year").counts.tolist() == [
        1,
        0,
        0,
        2,
    ]


def test_a_date_too_coarse_for_months_says_what_to_set():
    with pytest.raises(InputError, match='= "year"'):
        shares_over_time(np.ones((1, 1)), ["1998"], "month")
