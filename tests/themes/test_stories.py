"""What is new in a period: words that rose together, and their articles."""

import numpy as np
from scipy import sparse

from research.themes.data import ArticleReference
from research.themes.stories import Story, find_rising_words, stories_about

USUAL, FLOOD, FAIR = range(0, 6), range(6, 9), range(9, 12)


def _archive(months=36, flood=14, fair=(14, 30)):
    """Ten articles a month of six usual words; sixteen more on a flood in one month, twelve on a fair in two."""
    rng = np.random.default_rng(0)
    rows, periods = [], []
    for month in range(months):
        written = [(USUAL, 10), (FLOOD, 16 * (month == flood)), (FAIR, 12 * (month in fair))]
        for words, times in written:
            for _ in range(times):
                row = np.zeros(12)
                row[list(words)] = rng.integers(1, 3, len(words))
                rows.append(row)
                periods.append(month)
    return sparse.csr_matrix(np.array(rows)), periods


def test_what_rose_together_is_one_story_with_its_own_articles():
    X, periods = _archive()
    stories = list(find_rising_words(X, periods, n_before=6))
    found = {(story.period, frozenset(story.words)) for story in stories}
    assert found == {(14, frozenset(FLOOD)), (14, frozenset(FAIR)), (30, frozenset(FAIR))}
    flood = next(story for story in stories if set(story.words) == set(FLOOD))
    assert [periods[i] for i in flood.documents] == [14] * 16 and all(
        X[i, 6] for i in flood.documents
    )
    assert stories[0] is flood  # Of its period the one with more articles comes first.


def test_what_goes_on_is_news_once_and_what_was_always_there_never():
    X, periods = _archive(fair=range(26, 36), flood=-1)
    assert [story.period for story in find_rising_words(X, periods, n_before=6)] == [26]
    assert not list(find_rising_words(*_archive(flood=-1, fair=()), n_before=6))


def test_the_first_period_is_held_against_those_after_it():
    assert {
        story.period for story in find_rising_words(*_archive(flood=0, fair=()), n_before=6)
    } == {0}


def test_no_more_than_asked_for_and_the_order_of_articles_matters_not():
    X, periods = _archive()
    assert [story.period for story in find_rising_words(X, periods, n_before=6, max_groups=1)] == [
        14,
        30,
    ]
    order = np.random.default_rng(1).permutation(len(periods))
    turned = list(find_rising_words(X[order], [periods[i] for i in order], n_before=6))
    assert [(story.period, story.words) for story in turned] == [
        (story.period, story.words) for story in find_rising_words(X, periods, n_before=6)
    ]


def test_a_story_is_found_by_its_rarest_words_and_by_its_headlines():
    rows = [
        ("2016-08", ["奥运会", "里约", "金牌"], 5.0, "里约奥运会闭幕"),
        ("2012-08", ["奥运会", "伦敦", "金牌"], 9.0, "伦敦奥运会闭幕"),
        ("2018-10", ["港珠澳", "大桥"], 7.0, "跨海大桥通车"),
        ("2021-09", ["孟晚", "舟"], 20.0, "孟晚舟回到祖国"),
    ]
    stories = [
        Story(when, 0, weight, 4, tuple(words), (ArticleReference("", when, headline),))
        for when, words, weight, headline in rows
    ]
    found = lambda text: [story.period for story in stories_about(text, stories)]  # noqa: E731
    assert found("里约奥运会") == ["2016-08", "2012-08"] and found("伦敦奥运会 闭幕") == [
        "2012-08",
        "2016-08",
    ]
    assert found("跨海 通车") == ["2018-10"]  # Words of no story, but of a headline.
    assert found("孟晚舟") == ["2021-09"] and found("台风") == [] and found("") == []
