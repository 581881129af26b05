import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT, THEMES

from research import InputError, runs, train
from research.experiment import rerun


def test_the_same_config_data_and_seed_give_the_same_bytes(configs, trained, tmp_path):
    """Another process, other hash seed, other number of threads: only the record differs."""
    for threads, seed in (("1", "1"), ("2", "2")):
        environment = os.environ | {"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-m", "research", "train", *map(str, sorted(configs.glob("*.toml"))), "--runs", str(tmp_path / threads)]
        subprocess.run(command, env=environment, check=True, capture_output=True, cwd=PROJECT)
        for name in ("sections", "themes"):
            one, other = trained / name, tmp_path / threads / name
            assert {p.relative_to(one) for p in one.rglob("*")} == {p.relative_to(other) for p in other.rglob("*")}
            assert runs.differing_files(one, other) == []
            for path in one.rglob("*"):
                if path.is_file() and path.name != "record.json":
                    assert path.read_bytes() == (other / path.relative_to(one)).read_bytes(), path


def test_nothing_is_trained_twice_unless_something_changed(configs, tmp_path):
    config = Path(shutil.copy(configs / "sections.toml", tmp_path / "a.toml"))
    assert train(config, tmp_path / "runs").trained
    assert not train(config, tmp_path / "runs").trained
    assert train(config, tmp_path / "runs", force=True).trained
    with config.open("a") as handle:
        handle.write("# a comment changes nothing\n")
    assert not train(config, tmp_path / "runs").trained
    config.write_text(config.read_text("utf-8").replace("seed = 1", "seed = 2"), "utf-8")
    assert train(config, tmp_path / "runs").trained


def test_changed_data_are_trained_on_again_and_named_by_rerun(tmp_path):
    shutil.copy(PROJECT / "data/articles.jsonl", tmp_path)
    config = tmp_path / "t.toml"
    config.write_text(THEMES.format(data="."), "utf-8")
    folder = train(config, tmp_path / "runs").folder
    assert rerun(folder).equal
    data = tmp_path / "articles.jsonl"
    data.write_text("".join(data.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")
    found = rerun(folder)
    assert found.changed_inputs == ["./articles.jsonl"]
    assert {"figures.json", "model/components.npy"} <= set(found.differing_files) and not found.equal
    assert train(config, tmp_path / "runs").trained


def test_rerun_finds_data_that_moved(tmp_path):
    (tmp_path / "old").mkdir()
    shutil.copy(PROJECT / "data/articles.jsonl", tmp_path / "old")
    config = tmp_path / "old/t.toml"
    config.write_text(THEMES.format(data="."), "utf-8")
    folder = train(config, tmp_path / "runs").folder
    (tmp_path / "old").rename(tmp_path / "new")
    with pytest.raises(InputError, match="no such file"):
        rerun(folder)
    assert rerun(folder, base=tmp_path / "new").equal


def test_the_record_holds_what_may_differ(trained):
    record = json.loads((trained / "sections/record.json").read_text())
    assert {"trained_at", "host", "versions", "git_commit", "inputs", "seconds"} <= set(record)
    assert len(record["inputs"]) == 1 and all(len(digest) == 64 for digest in record["inputs"].values())
    for path in (trained / "sections").rglob("*.json"):
        if path.name != "record.json":
            assert record["trained_at"] not in path.read_text("utf-8")


def test_near_identical_texts_never_stand_on_both_sides(tmp_path):
    rows = [json.loads(line) for line in (PROJECT / "data/articles.jsonl").read_text("utf-8").splitlines()]
    copies = [row | {"id": f"copy-{row['id']}", "date": "2022-05-01", "text": row["text"].replace("。", "．", 1)} for row in rows if row["date"] > "2024-10"]
    (tmp_path / "articles.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows + copies), "utf-8")
    config = tmp_path / "a.toml"
    text = 'task = "sections"\n[corpus]\npath = "articles.jsonl"\n[[features]]\nkind = "char-tfidf"\n[split]\nkind = "date"\ntest_from = "2024-10"\n'
    config.write_text(text, "utf-8")
    figures = runs.read_figures(train(config, tmp_path).folder)
    assert figures["near_identical_dropped"] == len(copies) > 10
    assert figures["train_articles"] + figures["test_articles"] == len(rows)
    config.write_text(text + 'near_identical = "refuse"\n', "utf-8")
    with pytest.raises(InputError, match="nearly repeat a test article, such as copy-"):
        train(config, tmp_path)


def test_a_test_corpus_of_its_own(tmp_path, configs):
    rows = (PROJECT / "data/articles.jsonl").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "one.jsonl").write_text("".join(rows[::2]), "utf-8")
    (tmp_path / "two.csv").write_text("title,body,label\n标题,项目签约落户园区投资十亿元,经济\n河水,污水治理环境改善,绿色\n球赛,主队获胜,体育\n", "utf-8")
    (tmp_path / "a.toml").write_text(
        'task = "sections"\n[corpus]\npath = "one.jsonl"\n[[features]]\nkind = "char-tfidf"\n[test]\npath = "two.csv"\n'
        'fields = {headline = "title", text = "body", section = "label"}\nlabels = {"经济" = "招商", "绿色" = "环保", "体育" = ""}\n',
        "utf-8",
    )
    folder = train(tmp_path / "a.toml", tmp_path).folder
    assert [row["section"] for row in runs.read_table(folder / "predictions.csv")] == ["招商", "环保"]


def test_progress_is_told_stage_by_stage(configs, tmp_path):
    stages = {}
    train(configs / "themes.toml", tmp_path, progress=lambda stage, done, total: stages.update({stage: (done, total)}))
    assert stages["segmenting"] == (150, 150) and stages["topics"] == (450, 450) and stages["topic shares"] == (150, 150)
