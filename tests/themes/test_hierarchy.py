"""The tree over themes: similar ones together, groups of a person whole, cut at a level."""

import numpy as np
import pytest

from research import InputError
from research.themes.curated import ParentGroup
from research.themes.hierarchy import ThemeLabels, build_hierarchy

WORDS = tuple("河湖海校师桥")
LABELS = ThemeLabels(["水", "湖", "海", "学校", "桥"], np.array([0.1, 0.3, 0.2, 0.2, 0.2]))


def tree(*parents):
    rows = [[8, 6, 1, 1, 1, 1], [6, 8, 2, 1, 1, 1], [3, 5, 8, 1, 1, 1], [1, 1, 1, 8, 8, 1]]
    topic_word = np.array([*rows, [1, 1, 1, 2, 1, 9]], dtype=float)
    topic_word /= topic_word.sum(axis=1, keepdims=True)
    return build_hierarchy(topic_word, LABELS, WORDS, parents)


def members(hierarchy, level):
    return [node.themes for node in hierarchy.at(level)]


def test_similar_themes_stand_together():
    hierarchy = tree()
    assert len(hierarchy.nodes) == 9 and hierarchy.nodes[-1].parent is None
    assert members(hierarchy, 3) == [(0, 1, 2), (3,), (4,)]
    assert members(hierarchy, 4) == [(0, 1), (2,), (3,), (4,)]
    water = hierarchy.at(3)[0]
    assert water.name == "湖、海" and set(water.words[:3]) == {"河", "湖", "海"}
    heights = {node.node: node.height for node in hierarchy.nodes}
    assert all(heights[node.node] <= heights[node.parent] for node in hierarchy.nodes[:-1])


def test_shares_of_every_level_add_up():
    hierarchy = tree(ParentGroup("工程", (0, 4), ""))
    shares = np.random.default_rng(1).dirichlet(np.ones(5), 20)
    for level in (1, 2, 3, 4, 5, "parent"):
        sums = hierarchy.sums(shares, level)
        assert sums.shape[1] == len(hierarchy.at(level))
        assert np.allclose(sums.sum(axis=1), 1, atol=1e-15)
    assert np.allclose(hierarchy.sums(shares, 5), shares)


def test_a_persons_groups_stay_whole_and_may_stand_within_each_other():
    inner, outer = ParentGroup("工程", (0, 4), "城市"), ParentGroup("城市", (3,), "")
    hierarchy = tree(inner, outer, ParentGroup("单", (2,), ""))
    assert [(node.name, node.themes) for node in hierarchy.nodes if node.by_hand] == [
        ("工程", (0, 4)),
        ("城市", (0, 3, 4)),
        ("单", (2,)),
    ]
    assert [node.name for node in hierarchy.at("parent")] == ["工程", "湖", "单", "城市"]
    assert (0, 3, 4) in members(hierarchy, 2) or (0, 3, 4) in members(hierarchy, 3)


@pytest.mark.parametrize("level", [0, 6, "parents", "parent"])
def test_a_level_that_there_is_not_is_refused(level):
    with pytest.raises(InputError, match="level"):
        tree().at(level)


def test_a_deep_tree_is_walked():
    n = 400
    topic_word = np.eye(n) + np.tril(np.ones((n, n))) * 0.01 + 1e-6
    labels = ThemeLabels([str(k) for k in range(n)], np.full(n, 1 / n))
    hierarchy = build_hierarchy(topic_word, labels, [f"词{k}" for k in range(n)])
    assert len(list(hierarchy.walk())) == n + 2 * (n - 1)
