import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from scipy.spatial.distance import jensenshannon

from research import InputError, TopicModel
from research.articles.article import Article
from research.themes.data import ThemeData
from research.themes.lineage import (
    PeriodTopics,
    follow_topics,
    learn_period_topics,
    steps_through,
)
from research.themes.map import topic_map
from research.themes.matching import distances, keep_numbers, match_topics, on_common_words


def _topics(*groups, n=30):
    """Return topics that each give nearly all to some words."""
    table = np.full((len(groups), n), 0.002)
    for row, words in zip(table, groups, strict=True):
        row[list(words)] += 1 / len(words)
    return table / table.sum(axis=1, keepdims=True)


def test_distances_are_those_of_jensen_and_shannon():
    old, new = _topics(range(5), range(5, 10)), _topics(range(3, 8), range(10))
    assert distances(old, new)[1, 0] == pytest.approx(jensenshannon(old[1], new[0], base=2))


def test_what_stays_dies_is_born_splits_and_merges():
    old = _topics(range(6), range(6, 12), range(12, 15), range(15, 18))
    new = _topics(range(6, 12), range(3), range(3, 6), range(12, 18), range(20, 26))
    matching = match_topics(old, new, max_distance=0.72)
    assert (1, 0) in [(i, j) for i, j, _ in matching.same]
    assert {i: set(heirs) for i, heirs in matching.split} == {0: {1, 2}}
    assert [(set(forebears), j) for forebears, j in matching.merged] == [({2, 3}, 3)]
    assert 4 in matching.born and len(matching.died) == 1


def test_matched_topics_keep_their_numbers():
    old = _topics(range(5), range(5, 10), range(10, 15))
    new = old[[2, 0, 1]]
    order = keep_numbers(match_topics(old, new), 3)
    assert np.allclose(new[order], old)


def test_a_line_keeps_its_number_from_period_to_period():
    first = _topics(range(5), range(6, 12), range(12, 15), range(15, 18))
    second = _topics(range(6, 12), range(12, 18), range(5), range(20, 25))
    third = _topics(range(20, 25), range(6, 9), range(9, 12), range(12, 18))
    one, two, three = steps_through([first, second, third], max_distance=0.72)
    assert [step.line for step in one] == [0, 1, 2, 3]
    assert not any(step.began for step in one) and np.isnan(one[0].distance)
    assert [two[0].line, two[2].line] == [1, 0] and two[2].distance == pytest.approx(0, abs=1e-6)
    goes_on, merged = sorted(one[2:], key=lambda step: step.ended)
    assert goes_on.line == two[1].line and (merged.ended, merged.heir) == ("merged", two[1].line)
    assert (two[3].line, two[3].began, two[3].source) == (4, "born", None)
    assert two[2].ended == "died"
    split = next(step for step in three[1:3] if step.began)
    assert (split.began, split.source) == ("split", 1) and three[0].line == 4
    assert not any(step.ended for step in three)


def test_one_period_has_no_lineage_and_none_has_no_step():
    [steps] = steps_through([_topics(range(5), range(5, 10))])
    assert [step.line for step in steps] == [0, 1]
    assert steps_through([]) == []


def test_a_step_has_the_words_share_and_theme_of_its_topic():
    vocabulary = [f"词{i:02d}" for i in range(30)]
    first, second = _topics(range(5), range(10, 15)), _topics(range(10, 15), range(20, 25))
    periods = [
        PeriodTopics("2023", first, np.array([0.75, 0.25])),
        PeriodTopics("2024", second, np.array([0.5, 0.5])),
    ]
    steps = follow_topics(periods, _topics(range(10, 15), range(5)), vocabulary)
    assert [(step.period, step.line, step.theme) for step in steps] == [
        ("2023", 0, 1),
        ("2023", 1, 0),
        ("2024", 1, 0),
        ("2024", 2, None),
    ]
    assert steps[0].words[:5] == ("词00", "词01", "词02", "词03", "词04")
    assert len(steps[0].words) == 6 and steps[0].share == 0.75
    assert steps[3].began == "born" and np.isnan(steps[3].distance)


def test_a_topic_that_chance_explains_begins_and_ends_without_a_name():
    vocabulary = [f"词{i:02d}" for i in range(30)]
    first, second = _topics(range(5), range(10, 15)), _topics(range(10, 15), range(20, 25))
    shares = np.array([0.5, 0.5])
    never, last = np.array([False, False]), np.array([False, True])
    periods = [
        PeriodTopics("2023", first, shares, came=never, went=never),
        PeriodTopics("2024", second, shares, came=last, went=never),
    ]
    steps = follow_topics(periods, first, vocabulary)
    assert [step.line for step in steps] == [0, 1, 1, 2]
    assert [step.began for step in steps] == ["", "", "", "born"]
    assert [step.ended for step in steps] == [""] * 4


def _years_of_words(*texts, n=120):
    """Return *n* articles a year of one of some groups of words each, drawn at random."""
    rng = np.random.default_rng(0)
    rows, dates = [], []
    for year, groups in enumerate(texts):
        for _ in range(n):
            row = np.zeros(30)
            words = groups[rng.integers(len(groups))]
            np.add.at(row, rng.choice(list(words), 12), 1)
            rows.append(row)
            dates.append(str(2021 + year))
    articles = [Article(date=date) for date in dates]
    counts = sparse.csr_matrix(np.array(rows, dtype=np.float32))
    return ThemeData(articles, counts, np.ones((len(articles), 1)), [f"词{i}" for i in range(30)])


def test_only_what_came_and_went_is_said_to_be_born_and_to_die():
    water, school, flood = range(10), range(10, 20), range(20, 30)
    data = _years_of_words([water, school], [water, flood], [water, flood])
    learned = learn_period_topics(data, "year", TopicModel(2, passes=20))
    steps = follow_topics(learned, learned[0].topic_word, data.vocabulary)
    began = [(step.period, step.began) for step in steps if step.began]
    ended = [(step.period, step.ended) for step in steps if step.ended]
    assert began == [("2022", "born")] and ended == [("2021", "died")]


def test_where_nothing_changed_nothing_is_born():
    groups = [range(3 * k, 3 * k + 8) for k in range(7)]
    data = _years_of_words(groups, groups, groups, groups)
    learned = learn_period_topics(data, "year", TopicModel(5, passes=10))
    unmatched = steps_through([topics.topic_word for topics in learned], max_distance=0.4)
    assert any(step.began for year in unmatched for step in year)  # Fits differ all the same.
    steps = follow_topics(learned, learned[0].topic_word, data.vocabulary)
    assert not any(step.began or step.ended for step in steps)


def _two_years(n):
    """Return *n* articles a year of four words, and one whose date names no year."""
    rng = np.random.default_rng(0)
    articles = [Article(date=date) for date in ["2023-05"] * n + ["2024"] * n + [None]]
    counts = sparse.csr_matrix(rng.integers(1, 5, (len(articles), 4)).astype(np.float32))
    return ThemeData(articles, counts, np.ones((len(articles), 1)), "甲乙丙丁")


def test_topics_are_learned_from_each_period_alone():
    stages = []
    model = TopicModel(2, passes=2)
    learned = learn_period_topics(
        _two_years(10),
        "year",
        model,
        lambda stage, done, total: stage == "topics by period" and stages.append((done, total)),
    )
    assert [topics.period for topics in learned] == ["2023", "2024"]
    assert all(np.allclose(topics.topic_word.sum(axis=1), 1) for topics in learned)
    assert all(topics.shares.sum() == pytest.approx(1) for topics in learned)
    assert stages[0] == (0, 2) and stages[-1] == (2, 2) and not hasattr(model, "components_")


def test_periods_with_too_few_articles_for_topics_are_refused():
    with pytest.raises(InputError, match="0 years have the 10 articles that 2 topics need"):
        learn_period_topics(_two_years(9), "year", TopicModel(2))


@given(st.permutations(range(6)))
def test_any_shuffle_of_topics_is_undone(order):
    old = _topics(*(range(5 * k, 5 * k + 5) for k in range(6)))
    new = old[list(order)]
    assert np.allclose(new[keep_numbers(match_topics(old, new), 6)], old)


def test_models_with_other_words_are_compared_over_the_words_of_both():
    one, other = on_common_words(
        np.array([[0.5, 0.5]]), ["河", "湖"], np.array([[0.2, 0.8]]), ["湖", "海"]
    )
    assert one.tolist() == [[0.5, 0.0, 0.5]] and other.tolist() == [[0.0, 0.8, 0.2]]


def test_like_topics_lie_close_on_the_map():
    topics = _topics(range(5), range(1, 6), range(20, 25), range(21, 26))
    places = topic_map(topics)
    assert np.linalg.norm(places[0] - places[1]) < np.linalg.norm(places[0] - places[2]) / 3
    assert topic_map(topics).tobytes() == places.tobytes() and topic_map(topics[:2]).shape == (2, 2)


def test_topics_are_numbered_anew():
    X = sparse.random(60, 20, 0.3, format="csr", random_state=0, data_rvs=lambda n: np.full(n, 2.0))
    model = TopicModel(3, passes=2).fit(X)
    before = model.topic_word_.copy()
    assert np.allclose(model.reorder([2, 0, 1]).topic_word_, before[[2, 0, 1]])
