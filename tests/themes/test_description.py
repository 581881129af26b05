"""What topics are, by section, and which articles stand behind a point."""

import numpy as np
import pytest
from scipy import sparse

from research.articles.article import Article
from research.themes.breakdown import BreakdownRow, break_down
from research.themes.data import ThemeData, refer_to
from research.themes.description import describe_topics
from research.themes.naming import TopicName
from research.themes.points import PointArticle, find_points

WORDS = ["水", "河", "学校", "老师"]
TOPIC_WORD = np.array([[0.5, 0.3, 0.1, 0.1], [0.1, 0.1, 0.5, 0.3]])


@pytest.fixture
def data():
    articles = [
        Article(id="1", date="2023-01", headline="治水", section="环保", pages=(3, 4)),
        Article(id="2", date="2023-02", paragraphs=("开学了，", "老师来了。"), section="民生"),
        Article(id="3", date="2024-01", headline="河长", section="环保", source="晚报"),
        Article(id="4", date="2024-01", headline="河湖"),
    ]
    counts = sparse.csr_matrix([[3, 2, 0, 0], [0, 0, 4, 2], [1, 2, 0, 0], [1, 1, 1, 0]])
    shares = np.array([[0.9, 0.1], [0.05, 0.95], [0.8, 0.2], [0.6, 0.4]])
    return ThemeData(articles, counts, shares, WORDS)


def test_a_topic_has_words_figures_and_typical_articles(data):
    names = [TopicName("水务", "hand"), TopicName("学校", "headlines")]
    water, school = describe_topics(data, TOPIC_WORD, names, [0.5, 0.75])
    assert (water.number, water.name, water.named_by) == (0, "水务", "hand")
    assert (
        school.stability == 0.75 and describe_topics(data, TOPIC_WORD, names)[1].stability is None
    )
    assert [word.word for word in school.words] == ["学校", "老师", "水", "河"]
    assert school.words[0].p == pytest.approx(0.5)
    assert water.share == pytest.approx(data.shares[:, 0].mean())
    assert [article.id for article in water.typical] == ["1", "3", "4", "2"]
    assert water.typical[0].share == pytest.approx(0.9)
    assert len(water.place) == 2 and 0 < water.exclusivity <= 1 and -1 <= water.coherence_npmi <= 1


def test_an_article_without_headline_is_known_by_its_first_words(data):
    reference = refer_to(data.articles[1], 0.3)
    assert reference == ("2", "2023-02", "开学了，\n老师来了。", 0.3)


def test_data_can_be_restricted_to_some_articles(data):
    part = data.select([3, 0])
    assert part.dates == ["2024-01", "2023-01"] and part.counts.toarray()[0].tolist() == [
        1,
        1,
        1,
        0,
    ]
    assert part.shares.tolist() == [[0.6, 0.4], [0.9, 0.1]] and part.vocabulary == WORDS


def test_a_breakdown_has_all_years_and_each(data):
    rows = break_down(data, ["section", "source"])
    assert BreakdownRow("section", "环保", "", 2, 0, pytest.approx(0.85)) in rows
    assert BreakdownRow("section", "环保", "2024", 1, 1, pytest.approx(0.2)) in rows
    assert {row.value for row in rows} == {"环保", "民生", "晚报"}
    assert [row.value for row in rows][:2] == ["环保", "环保"]  # The commonest comes first.
    assert not [row for row in rows if row.value == "民生" and row.year == "2024"]


def test_a_breakdown_by_page_takes_the_first(data):
    assert {row.value for row in break_down(data, ["page"])} == {"3"}


def test_behind_a_point_stand_the_articles_with_most_of_the_topic(data):
    points = find_points(data, "month")
    assert points.articles[0] == PointArticle("2023-01", 3, "治水", "")
    assert points.articles[1] == PointArticle("2023-02", None, "", "开学了， 老师来了。")
    assert points.behind[0] == {"2023-01": (0,), "2024-01": (2, 3)}
    assert points.behind[1]["2024-01"] == (3, 2)
    assert "2023-02" not in points.behind[0]  # A twentieth of a topic is no example of it.
