"""The sample that ships: complete, distinct, dated, labelled."""

import json
from collections import Counter

from conftest import PROJECT

from research import near_duplicates, read_corpus

ARTICLES = read_corpus(PROJECT / "data/articles.jsonl", require=["date", "section"])


def test_thirty_items_a_section_over_twenty_four_months():
    assert Counter(article.section for article in ARTICLES) == dict.fromkeys(["政务", "环保", "招商", "民生", "其他"], 30)
    assert len({article.date[:7] for article in ARTICLES}) == 24
    assert [article.id for article in ARTICLES] == [f"qichuan-{n:04d}" for n in range(1, 151)]
    assert [article.date for article in ARTICLES] == sorted(article.date for article in ARTICLES)


def test_items_have_the_promised_lengths_and_headlines_of_their_own():
    assert [a.id for a in ARTICLES if not 120 <= len(a.text.replace("\n", "")) <= 500] == []
    assert len({article.headline for article in ARTICLES}) == 150
    assert all(article.byline for article in ARTICLES)


def test_no_phrase_is_used_like_a_template():
    runs = Counter()
    for article in ARTICLES:
        runs.update({article.text[i : i + 16] for i in range(len(article.text) - 15)})
    assert max(runs.values()) <= 3
    assert near_duplicates([a.text for a in ARTICLES[::2]], [a.text for a in ARTICLES[1::2]], 0.3) == []


def test_pages_are_made_of_the_items():
    texts = "".join(article.text for article in ARTICLES)
    pages = sorted((PROJECT / "data/pages").glob("*.gold.jsonl"))
    assert len(pages) == 4
    for path in pages:
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            if row["kind"] == "article":
                assert all(paragraph in texts for paragraph in row["paragraphs"])
