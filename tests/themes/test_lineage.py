import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from scipy.spatial.distance import jensenshannon

from research import TopicModel
from research.themes.lineage import steps_through
from research.themes.map import topic_map
from research.themes.matching import distances, keep_numbers, match_topics, on_common_words
from research.themes.wording import changed_words, smooth_words, words_by_period


def _topics(*groups, n=30):
    """Topics that each give nearly all to some words."""
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
    found = match_topics(old, new, max_distance=0.72)
    assert (1, 0) in [(i, j) for i, j, _ in found.same]
    assert {i: set(heirs) for i, heirs in found.split} == {0: {1, 2}}
    assert [(set(forebears), j) for forebears, j in found.merged] == [({2, 3}, 3)]
    assert 4 in found.born and len(found.died) == 1


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
    assert (
        [step.line for step in one] == [0, 1, 2, 3]
        and not any(step.began for step in one)
        and np.isnan(one[0].distance)
    )
    assert [two[0].line, two[2].line] == [1, 0] and two[2].distance == pytest.approx(0, abs=1e-6)
    goes_on, merged = sorted(one[2:], key=lambda step: step.ended)
    assert goes_on.line == two[1].line and (merged.ended, merged.heir) == ("merged", two[1].line)
    assert (two[3].line, two[3].began, two[3].source) == (4, "born", None) and two[
        2
    ].ended == "died"
    split = next(step for step in three[1:3] if step.began)
    assert (
        (split.began, split.source) == ("split", 1)
        and three[0].line == 4
        and not any(step.ended for step in three)
    )


def test_one_period_has_no_lineage_and_none_has_no_step():
    assert [step.line for step in steps_through([_topics(range(5), range(5, 10))])[0]] == [
        0,
        1,
    ] and steps_through([]) == []


@given(st.permutations(range(6)))
def test_any_shuffle_of_topics_is_undone(order):
    old = _topics(*(range(5 * k, 5 * k + 5) for k in range(6)))
    assert np.allclose(old[list(order)][keep_numbers(match_topics(old, old[list(order)]), 6)], old)


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


def test_a_word_that_a_theme_takes_up_is_found_and_counts_add_up():
    """Topic 0 speaks of word 0 in the first half and of word 1 in the second; word 2 stays."""
    rng = np.random.default_rng(0)
    rows = []
    for i in range(200):
        own = [0, 2] if i < 100 else [1, 2]
        row = np.zeros(12)
        row[own if i % 2 else [8, 9]] = rng.integers(5, 9, 2)
        rows.append(row)
    X = sparse.csr_matrix(np.array(rows))
    topic_word = _topics(range(3), range(8, 10), n=12)
    shares = np.array([[0.95, 0.05] if i % 2 else [0.05, 0.95] for i in range(200)])
    halves = [np.arange(100), np.arange(100, 200)]
    first, second = words_by_period(X, shares, topic_word, halves, n_jobs=1)
    assert (first + second).sum() == pytest.approx(X.sum(), rel=1e-5)
    again = list(words_by_period(X, shares, topic_word, halves, n_jobs=5))
    assert again[0].tobytes() == first.tobytes()
    changes = {
        (change.topic, change.word): change.z
        for change in changed_words(first, second, first + second)
    }
    assert (
        changes[0, 1] > 5 and changes[0, 0] < -5 and (0, 2) not in changes and (1, 8) not in changes
    )
    then = smooth_words(second, np.array([500.0, 500.0]), topic_word)
    assert np.allclose(then.sum(axis=1), 1) and then[0, 1] > then[0, 0] > 0


def test_topics_are_numbered_anew():
    X = sparse.random(60, 20, 0.3, format="csr", random_state=0, data_rvs=lambda n: np.full(n, 2.0))
    model = TopicModel(3, passes=2).fit(X)
    before = model.topic_word_.copy()
    assert np.allclose(model.reorder([2, 0, 1]).topic_word_, before[[2, 0, 1]])
