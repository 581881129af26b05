"""What is no part of the training: a name or an event is applied to the run that is there."""

import json
import shutil

import numpy as np
import pytest

from research import InputError, load, rerun, save, train
from research.cli.shape import shape as verb
from research.runs import differing_files

TOPICS = ("河水 断面 排污 监测", "学校 老师 学生 课堂", "洪水 堤防 抢险 转移")
CONFIG = """
task = "themes"
name = "paper"
seed = {seed}
[corpus]
path = "paper.jsonl"
[topics]
n_topics = 3
min_df = 1
max_df = 1.0
names = "names.toml"
[time]
resamples = 20
{time}
"""


@pytest.fixture
def paper(tmp_path):
    rows = []
    for n in range(60):
        words = TOPICS[n % 3].split()
        row = {
            "id": str(n),
            "headline": words[n % 4],
            "text": " ".join([*words, words[n % 2]]) + f" {n}",
            "date": f"2024-{n % 12 + 1:02d}-05",
        }
        rows.append(json.dumps(row, ensure_ascii=False))
    (tmp_path / "paper.jsonl").write_text("\n".join(rows), "utf-8")
    name(tmp_path, "水质", "排污")
    (tmp_path / "events.toml").write_text('[[event]]\nname = "汛"\ndate = "2024-06-01"\n', "utf-8")
    return tmp_path


def name(folder, topic, word):
    text = f'[[topic]]\nname = "{topic}"\nwords = ["{word}"]\n'
    (folder / "names.toml").write_text(text, "utf-8")


def trained(folder, seed=1, time="", **options):
    (folder / "paper.toml").write_text(CONFIG.format(seed=seed, time=time), "utf-8")
    return train(folder / "paper.toml", folder / "runs", **options)


@pytest.mark.parametrize("time", ["", 'events = "events.toml"\nstories = 2\nwords_by = "month"'])
def test_a_name_or_an_event_is_applied_without_training(paper, time):
    assert trained(paper).trained
    name(paper, "河里的水", "排污")
    outcome = trained(paper, time=time)
    assert outcome.presented and not outcome.trained
    assert "河里的水" in (outcome.folder / "report.html").read_text("utf-8")
    shutil.copytree(outcome.folder, paper / "applied")
    assert trained(paper, time=time, force=True).trained
    assert differing_files(paper / "applied", outcome.folder) == []
    unchanged = trained(paper, time=time)
    assert not unchanged.trained and not unchanged.presented


def test_what_is_trained_is_trained_again(paper):
    assert trained(paper).trained
    assert trained(paper, seed=2).trained
    text = (paper / "paper.jsonl").read_text("utf-8")
    (paper / "paper.jsonl").write_text(text.replace("河水", "湖水"), "utf-8")
    assert trained(paper, seed=2).trained


MERGE = '[[topic]]\nmerge = ["排污 断面", "抢险 堤防"]\nname = "水"\n'


def test_a_run_is_shaped_in_python_and_the_old_one_stays(paper):
    run = load(trained(paper).folder)
    flood, water = (_topic(run, word) for word in ("抢险", "断面"))
    merged = run.merge([flood, water], name="水")
    assert len(run.topics) == 3 and [topic.name for topic in merged.topics].count("水") == 1
    place = _topic(merged, "抢险")
    assert place == _topic(merged, "断面")
    both = run.shares.shares[:, [flood, water]].sum(axis=1)
    assert np.allclose(merged.shares.shares[:, place], both, atol=2e-6)
    assert np.allclose(merged.shares.shares.sum(axis=1), 1, atol=1e-15)
    shares = merged.transform([article.headline for article in run.documents])
    assert shares.shape == (60, 2) and np.allclose(shares.sum(axis=1), 1)
    assert merged.rename(place, "河").parent([0, 1], "全部").topics[place].parent == "全部"
    texts = ["抢险 堤防", "无关"]
    assert np.allclose(run.transform(texts, level=2).sum(axis=1), 1)
    assert run.predict(texts, level=1).tolist() == [0, -1]
    assert np.allclose(run.shares_at(2).shares.sum(axis=1), 1)
    assert run.hierarchy == load(run.folder).hierarchy
    with pytest.raises(InputError, match="topics go from 0 to 1"):
        merged.drop(2)
    with pytest.raises(InputError, match="too few"):
        merged.drop(0)
    folder = save(merged, paper / "runs" / "shaped")
    again = load(folder)
    assert again.topics == load(folder).topics and again.topics[place].made_of
    assert np.allclose(again.transform(["抢险 堤防"]), merged.transform(["抢险 堤防"]))
    assert rerun(folder).equal
    with pytest.raises(InputError, match="nothing was changed"):
        save(again, paper / "runs" / "other")


def test_a_shape_is_kept_over_another_training_and_can_be_taken_back(paper, capsys):
    outcome = trained(paper)
    shutil.copytree(outcome.folder, paper / "before")
    (paper / "topics.toml").write_text(MERGE + '[[topic]]\ndrop = "火星"\n', "utf-8")
    verb(str(outcome.folder), paper / "topics.toml")
    assert "no topic is identified by 火星" in capsys.readouterr().out
    assert "水" in (outcome.folder / "report.html").read_text("utf-8")
    assert not trained(paper).trained  # The experiment is what it was.
    kept = load(trained(paper, seed=2).folder)
    assert kept.topics[_topic(kept, "抢险")].name == "水" and len(kept.topics) == 2
    assert rerun(kept.folder).equal
    trained(paper)
    verb(str(outcome.folder), undo=True)
    assert differing_files(outcome.folder, paper / "before") == []


def test_an_experiment_names_its_topics_file(paper):
    (paper / "topics.toml").write_text(MERGE, "utf-8")
    plain = trained(paper)
    assert plain.trained
    config = CONFIG.replace("[time]", 'shape = "topics.toml"\n[time]')
    (paper / "paper.toml").write_text(config.format(seed=1, time=""), "utf-8")
    assert train(paper / "paper.toml", paper / "runs").presented
    continued = config.replace('shape = "topics.toml"', 'like = "runs/paper"\nstart = "like"')
    (paper / "next.toml").write_text(
        continued.replace('"paper"\nseed', '"next"\nseed').format(seed=5, time=""), "utf-8"
    )
    run = load(train(paper / "next.toml", paper / "runs").folder)
    assert run.topics[_topic(run, "抢险")].name == "水" and run.figures.engine_topics == 3


def _topic(run, word):
    return int(run.topic_word[:, run.vocabulary.index(word)].argmax())
