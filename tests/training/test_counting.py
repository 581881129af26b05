"""Which words count, from the experiment file to the run: passages, parts, stop lists, the cap."""

import json

import numpy as np
import pytest

from research import Article, InputError, load_themes, read_corpus, rerun, train
from research.cli.runs import train as train_command

RIVER, SCHOOL, SHOP = (
    "水质 断面 监测 排污 治理 河道",
    "学校 开学 老师 学生 课堂 校园",
    "空调 冰箱 优惠 门店 顾客 品牌",
)
CONFIG = """
task = "themes"
name = "{name}"
near_duplicates = "keep"
[corpus]
path = "archive.jsonl"
[tokens]
min_length = 2
[topics]
n_topics = 3
max_df = 1.0
{topics}
[time]
resamples = 0
{time}
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("archive")
    rows = []
    for n in range(60):
        words = (RIVER, SCHOOL)[n % 2] if n % 10 else SHOP
        tokens = words.split()
        text = " ".join(tokens[n % 3 :] + tokens[: n % 4]) + f"\n记者走访第{n}号"
        date = f"2024-{1 + n % 6:02d}-{1 + n % 28:02d}"
        rows.append({"id": str(n), "headline": tokens[n % 6], "text": text, "date": date})
    report = "\n".join([f"{RIVER}。"] * 30 + [f"{SCHOOL}。"] * 30)
    rows.append({"id": "report", "headline": "工作报告", "text": report, "date": "2024-03-05"})
    (folder / "archive.jsonl").write_text(_lines(rows), "utf-8")
    advertisement = "\n".join([f"{SHOP}。"] * 3000)
    rows.append({"id": "ad", "headline": "大优惠", "text": advertisement, "date": "2024-05-01"})
    (folder / "with_ad.jsonl").write_text(_lines(rows), "utf-8")
    (folder / "stop.txt").write_text("记者  走访 # 不计\nＡＢＣ\n", "utf-8")
    return folder


def _lines(rows):
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _train(archive, runs, topics, *, name="run", time="", corpus="archive"):
    text = CONFIG.format(name=name, topics=topics, time=time)
    text = text.replace("archive.jsonl", f"{corpus}.jsonl")
    (archive / f"{name}.toml").write_text(text, "utf-8")
    return load_themes(train(archive / f"{name}.toml", runs).folder)


@pytest.fixture(scope="module")
def in_passages(archive, tmp_path_factory):
    topics = 'passages = 60\nfields = { headline = 2, body = 1 }\nstop_words = ["stop.txt"]\n'
    topics += 'leave_out = ["ＡＢＣ", "号"]\ncap = 400\n'
    time = 'lineage = "quarter"\nlineage_topics = 2\n'
    return _train(archive, tmp_path_factory.mktemp("runs"), topics, time=time)


def test_an_article_is_put_together_from_its_passages(in_passages, archive):
    assert in_passages.figures.documents == 61
    assert in_passages.figures.passages == 66
    articles = list(read_corpus(archive / "archive.jsonl"))
    shares = in_passages.transform(articles)
    assert np.allclose(shares.sum(axis=1), 1)
    report = shares[-1]
    assert np.sort(report)[-2:] == pytest.approx([0.5, 0.5], abs=0.05)
    document = in_passages.documents[-1]
    assert document.share == pytest.approx(report.max(), abs=1e-4)
    assert in_passages.predict(articles).tolist() == [row.topic for row in in_passages.documents]


def test_new_articles_are_counted_as_those_of_the_training(in_passages):
    river, school = (
        Article(headline=" ".join([words.split()[0]] * 9)) for words in (RIVER, SCHOOL)
    )
    assert in_passages.predict([river])[0] != in_passages.predict([school])[0]
    assert in_passages.predict(["", "没有"]).tolist() == [-1, -1]
    assert in_passages.transform([]).shape == (0, 3)


def test_stop_words_of_the_experiment_are_told_and_leave_segmentation_alone(in_passages):
    assert not {"记者", "走访"} & set(in_passages.vocabulary)
    assert in_passages.figures.stop_words.words == 1
    assert in_passages.figures.stop_words.tokens == 60
    assert "stop.txt" in in_passages.inputs
    assert in_passages.segmenter.segment("记者走访") == ["走访"]


def test_the_report_says_what_was_counted(in_passages):
    report = in_passages.report.read_text("utf-8")
    assert "passages of about 60 words" in report
    assert "60 tokens left out" in report


def test_a_run_with_passages_comes_out_the_same_again(in_passages):
    assert rerun(in_passages.folder).equal


def test_a_run_without_these_keys_does_not_write_them(archive, tmp_path):
    run = _train(archive, tmp_path, "", name="plain")
    assert run.figures.passages is None and run.figures.stop_words is None
    assert '"cap"' not in (run.folder / "config.json").read_text("utf-8")
    assert "counting" not in (run.folder / "model" / "model.json").read_text("utf-8")


@pytest.mark.parametrize("passages", ["", "passages = 60"])
def test_an_advertisement_takes_no_topic_for_itself(archive, tmp_path, passages):
    run = _train(archive, tmp_path, passages, name="ad", corpus="with_ad")
    topic = run.documents[-1].topic
    assert sum(row.topic == topic for row in run.documents) > 5
    assert run.topics[topic].share < 0.2
    capped = run.figures.capped
    assert [row.id for row in capped.longest] == ["ad", "report"]
    assert capped.longest[0].words == 18_001
    assert f"each counts as {capped.cap} words" in run.report.read_text("utf-8")


@pytest.mark.parametrize(
    ("topics", "message"),
    [
        ("fields = { title = 1 }", "'title' unknown; allowed: headline, lead, body"),
        ('fields = ["headline", "text"]', "'text' unknown"),
        ("fields = { headline = 0, body = 0 }", "every weight is 0"),
        ("fields = { headline = -1 }", "greater than or equal to 0"),
        ("passages = 3", "greater than or equal to 20"),
        ("cap = 0", '0 must be 1 or more words, or "auto", or "none"'),
        ('stop_words = ["missing.txt"]', "missing.txt"),
    ],
)
def test_a_wrong_key_gets_one_line(archive, tmp_path, topics, message):
    with pytest.raises(InputError) as error:
        _train(archive, tmp_path, topics, name="wrong")
    assert message in str(error.value)
    assert len(str(error.value).splitlines()) == 1


def test_parts_may_be_named_without_weights(archive, tmp_path):
    run = _train(archive, tmp_path, 'fields = ["headline"]\nmin_df = 1\n', name="headlines")
    assert set(run.vocabulary) <= set(f"{RIVER} {SCHOOL} {SHOP} 工作 报告 工作报告".split())
    assert run.figures.tokens == 61


def test_short_articles_are_warned_of_and_have_a_way(archive, tmp_path, caplog):
    run = _train(archive, tmp_path, "", name="plain")
    assert run.figures.words_per_article == 9
    assert "set topics.short_texts = true" in caplog.text
    assert "too short to show which words belong together" in run.report.read_text("utf-8")
    caplog.clear()
    short = _train(archive, tmp_path, "short_texts = true", name="short")
    assert "short_texts" not in caplog.text
    assert "topics are learned from which words occur together" in short.report.read_text("utf-8")
    assert len({row.topic for row in short.documents}) == 3
    assert rerun(short.folder).equal


def test_the_command_line_names_the_longest_article_and_stop_words_in_vain(
    archive, tmp_path, capsys
):
    text = CONFIG.format(name="told", topics='leave_out = ["无此词"]', time="")
    (archive / "told.toml").write_text(text.replace("archive.jsonl", "with_ad.jsonl"), "utf-8")
    train_command([archive / "told.toml"], tmp_path)
    out = capsys.readouterr().out
    assert "the longest is ad 大优惠, 18001 words" in out
    assert "no word of topics.stop_words or topics.leave_out occurs" in out


def test_an_explanation_shows_the_parts_that_count(archive, tmp_path):
    run = _train(archive, tmp_path, 'fields = ["headline"]\nmin_df = 1\n', name="headlines")
    explanation = run.explain(Article(headline="学校 开学", paragraphs=("水质 断面", "治理")))
    assert "水质" not in {part.word for part in explanation.words}
    assert [part.text for part in explanation.paragraphs] == ["学校 开学"]
