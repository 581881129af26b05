"""Everything about a theme: its documents, the whole table, what made it; tables for notebooks."""

import csv
import html
import io
import re
import sys

import numpy as np
import pandas as pd
import pytest
from conftest import PROJECT, browse, needs_browser

from research import Article, InputError, load, read_corpus
from research.cli.explain import explain
from research.cli.themes import themes
from research.runs.table import Table

THEMES_TABLES = (
    *("topics", "movements", "events", "words", "stories", "lineage"),
    *("breakdown", "documents", "undated", "near_duplicates", "bad_rows"),
    *("effects", "groups", "divisions", "hierarchy"),
)


@pytest.fixture(scope="module")
def run(trained):
    return load(trained / "themes")


@pytest.fixture(scope="module")
def articles():
    return read_corpus(PROJECT / "data/articles.jsonl")


def test_every_document_has_a_share_of_every_theme(run, articles):
    shares = run.document_shares()
    assert shares.shape == (len(articles), 4)
    assert shares.sum(axis=1) == pytest.approx(np.ones(len(articles)))
    assert shares[:20] == pytest.approx(run.transform(articles[:20]), abs=1e-5)
    for row, share in zip(run.documents, shares.max(axis=1), strict=True):
        assert row.share == pytest.approx(share, abs=1e-4)


def test_all_documents_of_a_theme_are_given_the_strongest_first(run, articles):
    rows = run.documents_of(2)
    assert len(rows) == len(articles)
    assert [row.share for row in rows] == sorted((row.share for row in rows), reverse=True)
    assert [row.id for row in rows[:5]] == [article.id for article in run.topics[2].typical]
    some = run.documents_of(2, at_least=0.5)
    assert some == tuple(row for row in rows if row.share >= 0.5) and 0 < len(some) < len(rows)
    with pytest.raises(InputError, match="topics go from 0 to 3"):
        run.documents_of(4)


def test_the_whole_table_is_written_as_csv_and_parquet(run, tmp_path, capsys):
    for name in ("all.csv", "all.parquet"):
        themes(str(run.folder), documents=tmp_path / name)
    capsys.readouterr()
    frame = run.to_frame("document_shares")
    from_csv = pd.read_csv(tmp_path / "all.csv")
    from_parquet = pd.read_parquet(tmp_path / "all.parquet")
    assert list(frame) == list(from_csv) == list(from_parquet)
    topics = [f"topic_{k}" for k in range(4)]
    assert from_csv[topics].to_numpy() == pytest.approx(frame[topics].to_numpy(), abs=1e-6)
    assert (from_parquet[topics].to_numpy() == frame[topics].to_numpy()).all()
    assert list(from_parquet["headline"]) == list(frame["headline"])
    first = (tmp_path / "all.parquet").read_bytes()
    themes(str(run.folder), documents=tmp_path / "all.parquet")
    assert (tmp_path / "all.parquet").read_bytes() == first


def test_the_documents_of_one_theme_are_printed(run, capsys):
    themes(str(run.folder), topic=[1], documents="-", at_least=0.6)
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["id"] for row in rows] == [row.id for row in run.documents_of(1, 0.6)]
    with pytest.raises(InputError, match="one --topic"):
        themes(str(run.folder), topic=[1, 2], documents="-")
    with pytest.raises(InputError, match="--at-least needs a --topic"):
        themes(str(run.folder), documents="-", at_least=0.6)
    with pytest.raises(InputError, match=r"ends in \.csv or \.parquet"):
        themes(str(run.folder), documents=PROJECT / "all.xlsx")


def test_what_is_missing_is_named(run, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError, match=r"pyarrow; install it: .*\[parquet\]"):
        themes(str(run.folder), documents=tmp_path / "all.parquet")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(InputError, match=r"pandas; install it: .*\[frames\]"):
        run.to_frame("shares")


def test_words_and_paragraphs_add_up_to_the_share_of_a_theme(run, articles):
    alpha = run.model.alpha_
    for article in articles[:25]:
        for topic in range(4):
            explanation = run.explain(article, topic)
            n_words = sum(word.occurrences for word in explanation.words)
            tokens = sum(word.tokens for word in explanation.words)
            share = (tokens + alpha[topic]) / (n_words + alpha.sum())
            assert share == pytest.approx(explanation.share, abs=0.01)
            in_paragraphs = sum(paragraph.tokens for paragraph in explanation.paragraphs)
            assert in_paragraphs == pytest.approx(tokens, abs=0.01)


def test_an_explanation_names_the_words_where_they_stand(run, articles):
    article = articles[0]
    explanation = run.explain(article)
    assert explanation.topic == run.predict([article])[0]
    assert [part.text for part in explanation.paragraphs] == [article.headline, *article.paragraphs]
    places = {
        part.text[place.begin : place.end].lower()
        for part in explanation.paragraphs
        for place in part.places
    }
    assert places == {word.word for word in explanation.words}
    of_text = run.explain(article.headline + "\n" + article.text, explanation.topic)
    assert of_text.words == explanation.words
    for text, topic, reason in (("ＸＹＺ", None, "no word"), (article, 4, "topics go from 0 to 3")):
        with pytest.raises(InputError, match=reason):
            run.explain(text, topic)


def test_explain_prints_themes_and_refuses_the_other_task(run, trained, articles, tmp_path, capsys):
    file = tmp_path / "texts.txt"
    file.write_text(articles[0].text.replace("\n", "") + "\nＸＹＺ\n", "utf-8")
    explain(str(run.folder), [file], lines=True, words=3)
    out = capsys.readouterr().out
    assert articles[0].paragraphs[0] in out and "no word that the model knows" in out
    assert run.topics[run.predict([articles[0].text])[0]].name in out
    with pytest.raises(InputError, match="use --topic"):
        explain(str(run.folder), [file], lines=True, section="环保")
    with pytest.raises(InputError, match="use --section"):
        explain(str(trained / "sections"), [file], lines=True, topic=1)


def test_every_table_is_a_typed_frame(run, trained):
    themes_tables = ("shares", "bands", "mentions", "points", "document_shares", *THEMES_TABLES)
    for name in (*themes_tables, "figures"):
        frame = run.to_frame(name)
        assert len(frame.columns) > 2, name  # Of a table without rows too.
    assert (
        run.to_frame("shares")["topic_0"].dtype == run.shares.to_frame()["topic_0"].dtype == float
    )
    assert run.to_frame("movements")["trend_slope"].dtype == float
    assert run.to_frame("figures")["documents"][0] == run.figures.documents
    sections = load(trained / "sections")
    for name in ("predictions", "suspects", "rules", "bad_rows", "figures"):
        assert len(sections.to_frame(name).columns) > 2, name
    assert sections.to_frame("predictions")["probabilities_环保"].dtype == float
    with pytest.raises(InputError, match="no table 'share'; it has topics, movements"):
        run.to_frame("share")
    for secret in ("_trained", "source", "model", "name"):
        with pytest.raises(InputError, match="no table"):
            run.to_frame(secret)


def test_whole_numbers_stay_whole_beside_gaps():
    rows = Table([Article(id="a", jump_to=3), Article(id="b")])
    frame = rows.to_frame()
    assert str(frame["jump_to"].dtype) == "Int64" and frame["jump_to"].isna().tolist() == [
        False,
        True,
    ]


def test_notebooks_show_runs_and_tables(run, trained):
    for shown in (run, load(trained / "sections"), run.topics, run.shares, run.undated):
        page = shown._repr_html_()
        assert page.count("<table>") == page.count("</table>") > 0
    assert "20 of" in run.documents._repr_html_()
    evil = Table([Article(headline="<script>alert(1)</script>")])
    assert "<script>" not in evil._repr_html_()
    assert html.escape("<script>") in evil._repr_html_()


def test_shaped_topics_have_documents_words_and_frames_too(run, articles):
    merged = run.merge([0, 3])
    sums = run.document_shares()[:, 0] + run.document_shares()[:, 3]
    assert merged.document_shares().shape[1] == len(merged.topics) == 3
    both = merged.predict([articles[0]])[0]
    assert any(merged.document_shares()[:, k] == pytest.approx(sums) for k in range(3))
    table = merged.to_frame("document_shares").filter(like="topic_")
    assert np.nansum(np.abs(table.to_numpy() - merged.document_shares())) == 0
    assert table.sum(axis=1).to_numpy() == pytest.approx(1, abs=1e-12)
    explanation = merged.explain(articles[0])
    assert explanation.topic == both and explanation.name == merged.topics[both].name
    for name in (*THEMES_TABLES, "shares", "document_shares", "bands"):
        assert len(merged.to_frame(name).columns) > 2, name
    assert "<table>" in merged._repr_html_() + merged.shares._repr_html_()


@needs_browser
def test_the_report_lights_up_the_words_of_a_theme(run, tmp_path):
    page = browse(run.report, tmp_path)
    assert "主题的词标在文中" in page
    marks = re.findall(r"<mark [^>]*>([^<]+)</mark>", page)
    assert len(marks) > 20 and set(marks) <= set(run.vocabulary)
