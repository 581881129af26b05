"""How the words of a theme change from period to period."""

import numpy as np
import pytest
from scipy import sparse

from research.articles.article import Article
from research.themes.data import ThemeData
from research.themes.wording import (
    changed_words,
    largest,
    smooth_words,
    words_by_period,
    words_of_periods,
)

TOPIC_WORD = np.full((2, 12), 0.002)
TOPIC_WORD[0, :3] += 1 / 3
TOPIC_WORD[1, 8:10] += 1 / 2
TOPIC_WORD /= TOPIC_WORD.sum(axis=1, keepdims=True)


@pytest.fixture
def data():
    """Topic 0 has word 0 in the first half and word 1 in the second; word 2 stays."""
    rng = np.random.default_rng(0)
    rows = []
    for i in range(200):
        own = [0, 2] if i < 100 else [1, 2]
        row = np.zeros(12)
        row[own if i % 2 else [8, 9]] = rng.integers(5, 9, 2)
        rows.append(row)
    shares = np.array([[0.95, 0.05] if i % 2 else [0.05, 0.95] for i in range(200)])
    articles = [Article(date="2023-04" if i < 100 else "2024") for i in range(200)]
    return ThemeData(
        articles, sparse.csr_matrix(np.array(rows)), shares, "零一二三四五六七八九十终"
    )


def test_a_word_that_a_theme_takes_up_is_found_and_counts_add_up(data):
    halves = [np.arange(100), np.arange(100, 200)]
    first, second = words_by_period(data.counts, data.shares, TOPIC_WORD, halves, n_jobs=1)
    assert (first + second).sum() == pytest.approx(data.counts.sum(), rel=1e-5)
    again = list(words_by_period(data.counts, data.shares, TOPIC_WORD, halves, n_jobs=5))
    assert again[0].tobytes() == first.tobytes()
    changes = {
        (change.topic, change.word): change.z
        for change in changed_words(first, second, first + second)
    }
    assert changes[0, 1] > 5 and changes[0, 0] < -5
    assert (0, 2) not in changes and (1, 8) not in changes
    smoothed = smooth_words(second, np.array([500.0, 500.0]), TOPIC_WORD)
    assert np.allclose(smoothed.sum(axis=1), 1) and smoothed[0, 1] > smoothed[0, 0] > 0


def test_words_of_a_period_are_named_with_what_changed(data):
    words = words_of_periods(data, TOPIC_WORD, "year")
    top = [row for row in words if row.kind == "top" and row.topic == 0]
    assert [row.period for row in top] == ["2023"] * 6 + ["2024"] * 6
    assert {row.word for row in top[:2]} == {"零", "二"}
    assert {row.word for row in top[6:8]} == {"一", "二"}
    assert all(row.against == "" and np.isnan(row.z) for row in top)
    gained = [row for row in words if row.kind == "gained"]
    first = gained[0]
    assert (first.topic, first.word) == (0, "一")
    assert (first.period, first.against) == ("2024", "2023")
    assert all(row.z > 0 and row.share > row.share_before for row in gained)
    lost = [row for row in words if row.kind == "lost"]
    assert lost[0].word == "零" and lost[0].z < 0


def test_dates_that_name_no_period_are_left_out(data):
    by_month = words_of_periods(data, TOPIC_WORD, "month")
    assert {row.period for row in by_month} == {"2023-04"}
    assert {row.kind for row in by_month} == {"top"}


def test_the_largest_values_come_first_and_the_earlier_of_equal_ones():
    assert largest(np.array([1.0, 3.0, 2.0, 3.0]), 3).tolist() == [1, 3, 2]
    assert largest(np.array([1.0, 2.0]), 5).tolist() == [1, 0]
