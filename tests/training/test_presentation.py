"""What is no part of the training: a name or an event is applied to the run that is there."""

import json
import shutil

import pytest

from research import train
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
