import pytest

from research import Article
from research.articles.dates import iso_date


def test_json_has_exactly_the_promised_fields():
    article = Article(
        kind="continuation",
        headline="秋粮入库",
        paragraphs=("一段。", "二段。"),
        lines=((3, 9),),
        jump_from=1,
    )
    row = article.to_json()
    assert list(row) == [
        "kind",
        "headline",
        "byline",
        "date",
        "paragraphs",
        "text",
        "lines",
        "jump_from",
        "jump_to",
        "section",
    ]
    assert row["text"] == "一段。\n二段。"
    assert row["lines"] == [[3, 9]]


@pytest.mark.parametrize(
    ("given", "iso"),
    [
        ("2023-12-05", "2023-12-05"),
        ("2023/12/5", "2023-12-05"),
        ("2023年12月5日", "2023-12-05"),
        ("20231205", "2023-12-05"),
        ("2016-10-31 09:28:27.0", "2016-10-31"),
        ("2023-12", "2023-12"),
        ("2023年12月", "2023-12"),
        ("1998", "1998"),
        ("2024-02-29", "2024-02-29"),
    ],
)
def test_dates_are_read_as_exactly_as_they_are_given(given, iso):
    assert iso_date(given) == iso


@pytest.mark.parametrize(
    "given",
    [
        "2023-02-29",
        "2023-13-01",
        "2023-04-31",
        "去年冬天",
        "12月5日",
        "2023-00",
        "43895",
        "2023125",
    ],
)
def test_impossible_dates_are_refused(given):
    with pytest.raises(ValueError, match=given):
        iso_date(given)
