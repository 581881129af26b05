"""Topics merged, dropped, split, named and grouped after training; shares add up exactly."""

import numpy as np
import pytest
from scipy import sparse

from research import InputError
from research.themes.curated import curate
from research.themes.curation import Curation, CurationEntry, read_curation
from research.themes.curation_steps import TopicState, apply_steps

WORDS = ("河", "桥", "山", "校", "医", "雨")


def state():
    components = np.full((4, 6), 1.0)
    for topic, columns in enumerate(([0], [1], [2], [3, 4])):
        components[topic, columns] = 100
    shares = np.array([[0.7, 0.1, 0.1, 0.1], [0.1, 0.6, 0.2, 0.1], [0.1, 0.1, 0.0, 0.8]] * 12)
    return TopicState(shares, components, ((0,), (1,), (2,), (3,)))


def counts():
    rows = []
    for n in range(36):
        row = [0.0] * 6
        row[[0, 1, 3 + (n // 3) % 2][n % 3]] = 6.0
        rows.append(row)
    return sparse.csr_matrix(np.array(rows, dtype=np.float32))


def curated(*entries, **more):
    curation = Curation(topic=tuple(CurationEntry(**entry) for entry in entries), **more)
    return curate(curation, state(), counts(), WORDS, 1)


def test_a_merge_adds_shares_and_takes_the_place_of_the_first():
    themes = curated({"merge": ("山", "河"), "name": "山河"})
    assert themes.state.made_of == ((0, 2), (1,), (3,)) and themes.names[0] == "山河"
    before = state().shares
    assert np.array_equal(themes.state.shares[:, 0], before[:, 0] + before[:, 2])


def test_what_is_dropped_goes_to_the_others_in_proportion():
    shares = curated({"drop": "桥"}).state.shares
    assert shares[0].tolist() == pytest.approx([0.7 / 0.9, 0.1 / 0.9, 0.1 / 0.9])
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-15)


def test_a_split_divides_one_topic_and_leaves_the_others():
    entry = {"split": "校 医", "into": ({"name": "学校", "words": ("校",)}, {"words": ("医",)})}
    themes = curated(entry)
    before, after = state().shares, themes.state.shares
    assert themes.names[3:] == ("学校", None) and themes.state.made_of[3:] == ((3,), (3,))
    assert np.array_equal(after[:, :3], before[:, :3])
    assert np.allclose(after[:, 3] + after[:, 4], before[:, 3], atol=1e-15)
    assert after[2, 3] > 0.7 and after[5, 4] > 0.7  # One article is of schools, the next is not.
    discovered = curated({"split": ("校", "医")}).curation.topic[0].into
    assert {part.words[0] for part in discovered} == {"校", "医"}


def test_new_articles_have_the_shares_of_those_that_were_trained_on():
    themes = curated({"merge": ("河", "桥")}, {"split": "校 医"}, {"drop": "山"})
    again = apply_steps(themes.steps, state(), counts())
    assert np.array_equal(again.shares, themes.state.shares)
    assert again.made_of == themes.state.made_of


def test_two_topics_of_one_name_become_one():
    named = curated({"name": "水", "words": ("河",)}, {"name": "水", "words": ("桥",)})
    assert named.state.made_of == ((0, 1), (2,), (3,)) and named.names[0] == "水"
    later = curated({"merge": ("河", "桥"), "name": "水"}, {"name": "水", "words": "山"})
    assert later.state.made_of == ((0, 1, 2), (3,))


def test_an_entry_may_refer_to_what_an_earlier_one_named():
    themes = curated(
        {"split": "校 医", "into": ({"name": "学校", "words": ("校",)}, {"words": ("医",)})},
        {"merge": ("学校", "山"), "name": "山里的学校"},
        {"parent": "民生", "of": ("山里的学校", "医")},
        {"parent": "全部", "of": ("民生", "河")},
    )
    assert themes.names[2] == "山里的学校"
    assert [(group.name, group.themes, group.inside) for group in themes.parents] == [
        ("民生", (2, 3), "全部"),
        ("全部", (0,), ""),
    ]


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({"drop": "海 湖"}, "no topic"),
        ({"drop": "雨"}, "no topic"),  # Every topic has this word as often.
        ({"drop": "河 桥"}, "two topics"),
        ({"merge": ("河", "河")}, "same topic"),
        ({"split": "山"}, "too few"),
        ({"name": "海", "words": "海"}, "no topic"),
        ({"name": "水", "words": "河 桥"}, "two topics"),
    ],
)
def test_an_entry_that_finds_no_topic_or_two_is_reported(entry, problem):
    [outcome] = curated(entry).outcomes
    assert outcome.problem == problem
    assert (outcome.topics == ()) == (problem != "two topics")


def test_two_topics_are_the_fewest():
    themes = curated(
        {"merge": ("河", "桥", "山", "校")}, {"drop": "河"}, {"drop": "桥"}, {"drop": "山"}
    )
    assert [outcome.problem for outcome in themes.outcomes] == ["too few", "", "", "too few"]
    assert np.allclose(themes.state.shares.sum(axis=1), 1)


def test_groups_do_not_stand_within_each_other():
    themes = curated(
        {"parent": "甲", "of": ("河",)},
        {"parent": "乙", "of": ("甲",)},
        {"parent": "甲", "of": ("乙",)},
    )
    assert [outcome.problem for outcome in themes.outcomes] == ["", "", "same topic"]


def test_a_topics_file_names_everything_wrong_in_it(tmp_path):
    path = tmp_path / "topics.toml"
    path.write_text(
        '[[topic]]\nmerge = ["河"]\n[[topic]]\ndrop = "河"\nsplit = "桥"\n[[topic]]\nname = "水"\n'
        '[[topic]]\ndrop = "河"\nname = "水"\n[[topic]]\nsplit = "河"\ninto = [{words = ["河"]}]\n'
        "[[topic]]\n",
        "utf-8",
    )
    with pytest.raises(InputError) as error:
        read_curation(path)
    lines = str(error.value).splitlines()
    assert len(lines) == 6 and all(
        f"topics.toml:{n}:" in str(error.value) for n in (1, 3, 6, 8, 11, 14)
    )
    assert "drop and split in one entry" in lines[1] and "name is not for drop" in lines[3]
