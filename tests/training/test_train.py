import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ITEMS, PROJECT, THEMES

from research import InputError, load, runs, train
from research.training.rerun import rerun


def test_the_same_config_data_and_seed_give_the_same_bytes(configs, trained, tmp_path):
    """Another process, other hash seed, other number of threads: only the record differs."""
    for threads, seed in (("1", "1"), ("2", "2")):
        environment = os.environ | {
            "OMP_NUM_THREADS": threads,
            "OPENBLAS_NUM_THREADS": threads,
            "PYTHONHASHSEED": seed,
        }
        command = [
            sys.executable,
            "-m",
            "research",
            "train",
            *map(str, sorted(configs.glob("*.toml"))),
            "--runs",
            str(tmp_path / threads),
        ]
        subprocess.run(command, env=environment, check=True, capture_output=True, cwd=PROJECT)
        for name in ("sections", "themes"):
            one, other = trained / name, tmp_path / threads / name
            assert {p.relative_to(one) for p in one.rglob("*")} == {
                p.relative_to(other) for p in other.rglob("*")
            }
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
    assert {"figures.json", "model/components.npy"} <= set(
        found.differing_files
    ) and not found.equal
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
    assert len(record["inputs"]) == 1 and all(
        len(digest) == 64 for digest in record["inputs"].values()
    )
    for path in (trained / "sections").rglob("*.json"):
        if path.name != "record.json":
            assert record["trained_at"] not in path.read_text("utf-8")


def test_wrong_labels_and_mistakes_are_listed_with_their_words(tmp_path, configs):
    """Labels turned wrong by hand are among the suspects, near the top; mistakes name words that stand in the article."""
    rows = [
        json.loads(line)
        for line in (PROJECT / "data/articles.jsonl").read_text("utf-8").splitlines()
    ]
    turned = {
        "春季招商月收官": "环保",
        "市委审计委员会召开会议": "民生",
        "巴黎奥运会": "招商",
        "市疾控中心提示": "政务",
    }
    spoilt = [
        next(row for row in rows if row["headline"].startswith(opening)) for opening in turned
    ]
    for row, section in zip(spoilt, turned.values(), strict=True):
        row["section"] = section
    (tmp_path / "articles.jsonl").write_text(
        "".join(json.dumps(row) + "\n" for row in rows), "utf-8"
    )
    text = (configs / "sections.toml").read_text("utf-8").replace(str(PROJECT / "data"), ".")
    (tmp_path / "a.toml").write_text(
        text.replace('kind = "days"\ntest_share = 0.3', 'kind = "date"\ntest_from = "2025-07"'),
        "utf-8",
    )
    folder = train(tmp_path / "a.toml", tmp_path / "runs").folder
    run = runs.read(folder)
    assert {row["id"] for row in spoilt} <= {suspect.id for suspect in run.suspects[:8]}
    assert run.figures.suspect_labels == len(run.suspects)
    mistakes = [row for row in run.predictions if row.section != row.predicted]
    texts = {row["id"]: row["headline"] + row["text"] for row in rows}
    assert mistakes
    for mistake in mistakes:
        assert mistake.why and all(word in texts[mistake.id] for word in mistake.why.split())
    assert all(row.why == "" for row in run.predictions if row.section == row.predicted)
    html = (folder / "report.html").read_text("utf-8")
    assert all(row["headline"] in html for row in spoilt)
    assert mistakes[0].why.split()[0] in html


def test_near_identical_texts_never_stand_on_both_sides(tmp_path):
    rows = [
        json.loads(line)
        for line in (PROJECT / "data/articles.jsonl").read_text("utf-8").splitlines()
    ]
    copies = [
        row
        | {
            "id": f"copy-{row['id']}",
            "date": "2022-05-01",
            "text": row["text"].replace("。", "．", 1),
        }
        for row in rows
        if row["date"] > "2024-10"
    ]
    (tmp_path / "articles.jsonl").write_text(
        "".join(json.dumps(row) + "\n" for row in rows + copies), "utf-8"
    )
    config = tmp_path / "a.toml"
    text = 'task = "sections"\n[corpus]\npath = "articles.jsonl"\n[[features]]\nkind = "char-tfidf"\n[split]\nkind = "date"\ntest_from = "2024-10"\n'
    config.write_text(text, "utf-8")
    figures = runs.read(train(config, tmp_path).folder).figures
    assert figures.near_duplicates_dropped == len(copies) > 10
    assert figures.train_articles + figures.test_articles == len(rows)
    config.write_text(text + 'near_duplicates = "refuse"\n', "utf-8")
    with pytest.raises(InputError, match="nearly repeat a test article, such as copy-"):
        train(config, tmp_path)


def test_a_test_corpus_of_its_own(tmp_path, configs):
    rows = (PROJECT / "data/articles.jsonl").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "one.jsonl").write_text("".join(rows[::2]), "utf-8")
    (tmp_path / "two.csv").write_text(
        "title,body,label\n标题,项目签约落户园区投资十亿元,经济\n河水,污水治理环境改善,绿色\n球赛,主队获胜,体育\n",
        "utf-8",
    )
    (tmp_path / "a.toml").write_text(
        'task = "sections"\n[corpus]\npath = "one.jsonl"\n[[features]]\nkind = "char-tfidf"\n[test]\npath = "two.csv"\n'
        'fields = {headline = "title", text = "body", section = "label"}\nlabels = {"经济" = "招商", "绿色" = "环保", "体育" = ""}\n',
        "utf-8",
    )
    folder = train(tmp_path / "a.toml", tmp_path).folder
    assert [row.section for row in runs.read(folder).predictions] == ["招商", "环保"]


def test_another_corpus_is_trained_on_besides_with_its_weight_and_labels(tmp_path):
    """The sample never met a loom; another paper's rows, under labels of its own, teach it."""
    (tmp_path / "main.jsonl").write_text(
        (PROJECT / "data/articles.jsonl").read_text("utf-8"), "utf-8"
    )
    more = (
        "".join(f"第{n}批纺织机出口{n}台,布匹纺织机丝绸订单增加{n}笔,丝业\n" for n in range(30))
        + "闲话,与谁都无关的一段闲话,杂谈\n"
    )
    (tmp_path / "more.csv").write_text(f"title,body,label\n{more}", "utf-8")
    (tmp_path / "test.jsonl").write_text(
        json.dumps({"id": "t", "headline": "丝绸", "text": "纺织机与丝绸布匹", "section": "招商"})
        + "\n",
        "utf-8",
    )
    base = 'task = "sections"\n[corpus]\npath = "main.jsonl"\n[[features]]\nkind = "char-tfidf"\nngrams = [1, 2]\n[test]\npath = "test.jsonl"\n'
    fields = 'fields = {{headline = "title", text = "body", section = "label"}}'
    also = f'[[also]]\npath = "more.csv"\nweight = {{}}\n{fields}\nlabels = {{{{"丝业" = "招商", "杂谈" = ""}}}}\n'
    found = []
    for name, text in (
        ("alone", base),
        ("light", base + also.format(0.01)),
        ("full", base + also.format(1)),
    ):
        (tmp_path / f"{name}.toml").write_text(text, "utf-8")
        run = runs.read(train(tmp_path / f"{name}.toml", tmp_path / "runs").folder)
        found.append((run.figures.train_articles, run.predictions[0].probabilities["招商"]))
    assert [count for count, _ in found] == [ITEMS, ITEMS + 30, ITEMS + 30]
    assert found[0][1] <= found[1][1] + 0.05 and found[1][1] < found[2][1]
    (tmp_path / "bad.toml").write_text(base + also.format(1).replace('"招商"', '"经济"'), "utf-8")
    with pytest.raises(InputError, match=r"also\.labels\.丝业"):
        train(tmp_path / "bad.toml", tmp_path / "runs")
    (tmp_path / "more.csv").write_text(f"title,body,label\n{more.replace('纺织', '织造')}", "utf-8")
    assert train(tmp_path / "full.toml", tmp_path / "runs").trained


def test_progress_is_told_stage_by_stage(configs, tmp_path):
    stages = {}
    train(
        configs / "themes.toml",
        tmp_path,
        progress=lambda stage, done, total: stages.update({stage.partition(",")[0]: (done, total)}),
    )
    done, total = stages["topics"]
    assert (
        stages["segmenting"] == (ITEMS, ITEMS)
        and done == total > 0
        and stages["topic shares"] == (ITEMS, ITEMS)
    )


def _themes(tmp_path, topics, tokens=""):
    config = tmp_path / "themes.toml"
    corpus = f'task = "themes"\n[corpus]\npath = "{PROJECT / "data/articles.jsonl"}"\n'
    config.write_text(
        f"{corpus}[tokens]\nmin_length = 2\n{tokens}\n[topics]\nmin_df = 4\nmax_df = 0.15\n{topics}\n",
        "utf-8",
    )
    return config


def test_the_number_of_topics_is_chosen_and_the_choice_shown(tmp_path):
    folder = train(
        _themes(tmp_path, "n_topics = [4, 8]\nstability = true\npasses = 20"), tmp_path / "runs"
    ).folder
    run = runs.read(folder)
    figures = run.figures
    assert [row.n_topics for row in figures.choice.rows] == [4, 8] and figures.n_topics in (4, 8)
    measured = {"perplexity", "coherence_npmi", "stability", "diversity"}
    assert measured <= set(figures.choice.rows[0].keys())
    assert figures.choice.reason.startswith(f"{figures.n_topics} topics balance best")
    assert 0 < figures.stability <= 1
    assert all(0 <= topic.stability <= 1 for topic in run.topics)
    html = (folder / "report.html").read_text("utf-8")
    assert f"{figures.n_topics} topics balance best" in html and 'id="choice"' in html


def test_seed_words_and_a_persons_names_stay_with_their_topics(tmp_path):
    names = '[[topic]]\nname = "社区养老"\nwords = ["老人", "居民"]\n[[topic]]\nname = "无处可归"\nwords = ["没有这个词"]\n'
    (tmp_path / "names.toml").write_text(names, "utf-8")
    topics = 'n_topics = 6\nseeds = [["签约", "项目"], ["老人", "居民"]]\nnames = "names.toml"'
    run = load(train(_themes(tmp_path, topics), tmp_path / "runs").folder)
    assert "项目" in run.top_words(5)[0] and "老人" in run.top_words(10)[1]
    assert run.topics[1].name == "社区养老" and run.topics[1].named_by == "hand"
    assert run.figures.names_without_topic == ("无处可归",)
    proposed = [topic.name for topic in run.topics if topic.named_by == "headlines"]
    assert len(set(proposed)) == 5 and all(2 <= len(name) <= 8 for name in proposed if name)
    with pytest.raises(InputError, match="没有这个词 not among"):
        train(_themes(tmp_path, 'seeds = [["没有这个词"]]'), tmp_path / "runs")


def test_phrases_of_the_corpus_stand_whole(tmp_path):
    rows = [
        {
            "id": str(n),
            "date": "2024-01-01",
            "text": f"{'我们你们他们'[n % 3 * 2 :][:2]}优化营商环境{'之后再看说明'[n % 5 :][:2]}，乡村振兴{n}年。",
        }
        for n in range(60)
    ]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    text = 'task = "themes"\n[corpus]\npath = "a.jsonl"\n[tokens]\nuser_dictionaries = []\nnew_words = true\n[topics]\nn_topics = 2\nmax_df = 1.0\n'
    (tmp_path / "a.toml").write_text(text, "utf-8")
    vocabulary = load(train(tmp_path / "a.toml", tmp_path / "runs").folder).vocabulary
    assert "营商环境" in vocabulary or "优化营商环境" in vocabulary
    (tmp_path / "a.toml").write_text(text.replace("new_words = true", ""), "utf-8")
    assert "营商环境" not in load(train(tmp_path / "a.toml", tmp_path / "runs").folder).vocabulary


def test_ctrl_c_keeps_the_topics_so_far_and_the_next_training_does_it_all(tmp_path):
    def stop(stage, done, total):
        if stage.startswith("topics") and done == 3:
            raise KeyboardInterrupt

    config = _themes(tmp_path, "n_topics = 4\ntolerance = 0.0")
    folder = train(config, tmp_path / "runs", progress=stop).folder
    assert runs.read(folder).figures.state == "stopped"
    assert load(folder).transform(["污水"]).shape == (1, 4)
    assert train(config, tmp_path / "runs").trained
    assert runs.read(folder).figures.state != "stopped"
