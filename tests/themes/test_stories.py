"""What is new in a period: words that rose together, and their articles."""

import numpy as np
from scipy import sparse

from research.articles.article import Article
from research.themes.data import ArticleReference, ThemeData
from research.themes.stories import Story, find_rising_words, find_stories, stories_about

USUAL, FLOOD, FAIR = range(0, 6), range(6, 9), range(9, 12)


def _archive(months=36, flood=14, fair=(14, 30)):
    """Ten articles a month of six usual words, and more in some months.

    Sixteen on a flood in one month, twelve on a fair in two.
    """
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


def test_the_first_period_is_compared_with_those_after_it():
    stories = find_rising_words(*_archive(flood=0, fair=()), n_before=6)
    assert {story.period for story in stories} == {0}


def test_stories_are_limited_and_do_not_depend_on_the_order_of_articles():
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


def test_a_story_names_its_words_theme_and_articles():
    X, periods = _archive()
    dates = [f"{2020 + month // 12}-{month % 12 + 1:02d}" for month in periods]
    articles = [Article(id=f"{i}", date=date, headline=f"第{i}篇") for i, date in enumerate(dates)]
    is_flood = np.asarray(X[:, 6].toarray()).ravel() > 0
    shares = np.where(is_flood[:, None], [0.2, 0.8], [0.9, 0.1])
    data = ThemeData(articles, X, shares, [f"词{i}" for i in range(12)])
    stories = find_stories(data, "month")
    flood = next(story for story in stories if "词6" in story.words)
    assert (flood.period, flood.theme, flood.documents) == ("2021-03", 1, 16)
    assert set(flood.words) == {"词6", "词7", "词8"}
    assert len(flood.articles) == 3 and flood.articles[0].headline.startswith("第")
    assert {reference.date for reference in flood.articles} == {"2021-03"}
    assert all(reference.share is None for reference in flood.articles)
    assert find_stories(data, "month", 0) == []
