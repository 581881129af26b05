"""The command line, run as a user runs it."""

import csv
import gzip
import json
import os
import resource
import shutil
import subprocess
import sys

import pytest
from conftest import ITEMS, PROJECT, run_here

from research.text.segmenter import read_user_dictionary

PAGE = PROJECT / "data/pages/narrow-2024-07-18.txt"


def run(*arguments, cwd=PROJECT, stdin=None, limit=None):
    """Run a command and return its exit code and output.

    With a limit on file sizes it is a process of its own; else it runs in this one, which saves the
    second that starting Python and importing libraries takes.
    """
    if limit is None:
        return run_here([*map(str, arguments)], cwd, stdin or "")

    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        [sys.executable, "-m", "research", *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        env=_environment(),
        preexec_fn=limited if limit else None,
    )


def _environment():
    without_runs = {key: value for key, value in os.environ.items() if key != "RESEARCH_RUNS"}
    return without_runs | {"COLUMNS": "200"}


def fails(*arguments, says, **options):
    done = run(*arguments, **options)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert all(line.startswith("error: ") for line in done.stderr.splitlines())
    assert says in done.stderr
    return done.stderr


def test_split_prints_json_lines_with_the_promised_names():
    rows = [json.loads(line) for line in run("split", PAGE, "--jsonl").stdout.splitlines()]
    assert [row["kind"] for row in rows] == [
        "continuation",
        "article",
        "article",
        "article",
        "caption",
        "article",
    ]
    promised = {
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
    }
    assert all(set(row) == promised | {"confidence", "reasons"} for row in rows)


def test_split_prints_for_a_person():
    said = run("split", PAGE).stdout
    assert "6 items, utf-8, dated 2024-07-18" in said
    assert "■ 暴雨围困石门镇 一万一千名群众连夜转移\n  continuation · lines 1–" in said
    assert "上接1版" in said


def test_split_draws_pages_and_sends_folders_to_a_file(tmp_path):
    drawn = tmp_path / "page.html"
    assert run("split", PAGE, "--html", "-o", drawn).stdout == f"{drawn}\n"
    assert "暴雨围困石门镇" in drawn.read_text("utf-8")
    fails("split", PAGE.parent, says="a folder; add -o articles.jsonl")
    fails("split", tmp_path / "nowhere", "-o", tmp_path / "a.jsonl", says="no such file or folder")
    fails("split", PAGE, "--corrections", drawn, says="not TOML")


def test_files_that_are_articles_already_become_a_corpus_unsplit(tmp_path):
    (tmp_path / "a.txt").write_text("水厂投产\n日供水十万吨。\n", "utf-8")
    (tmp_path / "empty.txt").write_text("", "utf-8")
    done = run("split", tmp_path, "--whole", "-o", tmp_path / "a.jsonl")
    assert (
        done.returncode == 0
        and "articles  1" in done.stdout
        and "empty.txt: the file is empty" in done.stderr
    )
    fails("split", tmp_path, "--whole", says="goes with -o articles.jsonl alone")
    fails(
        "split",
        PAGE,
        "--whole",
        "--html",
        "-o",
        tmp_path / "a.html",
        says="goes with -o articles.jsonl alone",
    )


def test_train_compare_rerun_predict_report(configs, tmp_path):
    runs = ("--runs", tmp_path / "runs")
    done = run("train", configs / "sections.toml", configs / "themes.toml", *runs)
    assert done.returncode == 0 and done.stderr == ""
    assert (
        "macro_f1" in done.stdout
        and "coherence_npmi" in done.stdout
        and str(tmp_path / "runs/themes/report.html") in done.stdout
    )
    assert "unchanged" in run("train", configs / "sections.toml", *runs).stdout
    table = run("compare", "sections", "themes", *runs).stdout
    assert "macro_f1" in table and "topics.n_topics" in table
    again = run("rerun", "sections", *runs)
    assert (again.returncode, again.stdout) == (
        0,
        "equal: every file came out the same, byte for byte\n",
    )
    (label,) = run(
        "predict", "sections", "-", *runs, stdin="项目签约落户园区，总投资十亿元\n"
    ).stdout.splitlines()
    assert label.startswith("招商\t")
    rows = [
        json.loads(line)
        for line in run("predict", "themes", PAGE, "--jsonl", *runs).stdout.splitlines()
    ]
    assert (
        len(rows) == 6
        and abs(sum(rows[0]["shares"]) - 1) < 1e-3
        and rows[0]["source"].endswith(":1")
    )
    articles = run(
        "predict", "sections", PROJECT / "data/articles.jsonl", "--jsonl", *runs
    ).stdout.splitlines()
    assert len(articles) == ITEMS and json.loads(articles[0])["source"] == "qichuan-0001"
    (tmp_path / "new.csv").write_text(
        "标题,正文\n河道整治,污水直排口全部封堵，河水水质达标\n", "utf-8"
    )
    named = run(
        "predict",
        "sections",
        tmp_path / "new.csv",
        "--field",
        "headline=标题",
        "--field",
        "text=正文",
        *runs,
    )
    assert named.stdout.startswith("环保\t") and "河道整治" in named.stdout
    before = (tmp_path / "runs/sections/report.html").read_bytes()
    assert run("report", "sections", *runs).stdout.strip() == str(
        tmp_path / "runs/sections/report.html"
    )
    assert (tmp_path / "runs/sections/report.html").read_bytes() == before
    assert run("rerun", "sections", *runs).returncode == 0


def test_explain_names_words_and_sentences(trained):
    runs = ("--runs", trained)
    said = run("explain", "sections", "-", *runs, stdin="候鸟飞回湿地，水质达标。\n").stdout
    assert "环保" in said and "rather than" in said and "候鸟飞回湿地，水质达标。" in said
    assert "  + " in said and "  - " in said
    assert "候鸟" in run("explain", "themes", "-", *runs, stdin="候鸟\n").stdout
    fails("drift", "themes", "-", *runs, stdin="候鸟\n", says="a themes run has no sections")
    assert "here" in run("drift", "sections", "-", "--lines", *runs, stdin="候鸟飞来\n").stdout
    fails(
        "explain",
        "sections",
        "-",
        "--section",
        "环境",
        *runs,
        stdin="候鸟\n",
        says="section '环境' is not one of",
    )


def test_a_table_needs_no_names_told_and_no_dates_to_be_labelled(trained, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("标题,正文,时间\n医保报销比例提高,参保居民门诊报销,昨天\n", "gb18030")
    done = run("predict", "sections", path, "--runs", trained)
    assert done.returncode == 0 and done.stdout.endswith("\t医保报销比例提高\n")


def test_labels_are_written_as_a_table_with_dates_and_probabilities(trained, tmp_path):
    corpus = tmp_path / "a.jsonl"
    corpus.write_text(
        '{"id": "a", "title": "医保报销", "text": "门诊报销比例提高", "date": "2024-03-05"}\n'
        '{"id": "b", "text": "新闻"}\n',
        "utf-8",
    )
    table, lines = tmp_path / "out" / "labels.csv", tmp_path / "labels.jsonl"
    assert (
        run("predict", "sections", corpus, "-o", table, "--runs", trained).stdout
        == f"2 texts labelled in {table}\n"
    )
    assert table.read_bytes().startswith(b"\xef\xbb\xbf")
    first, second = csv.DictReader(table.read_text("utf-8-sig").splitlines())
    assert (
        first["source"],
        first["date"],
        first["headline"],
        second["date"],
        second["headline"],
    ) == ("a", "2024-03-05", "医保报销", "", "新闻")
    sections = ("政务", "环保", "招商", "民生", "其他")
    assert sum(float(first[name]) for name in sections) == pytest.approx(1, abs=0.001)
    assert (
        float(first["probability"])
        == max(float(first[name]) for name in sections)
        == float(first[first["section"]])
    )
    run("predict", "themes", corpus, "-o", lines, "--runs", trained)
    labels = [json.loads(line) for line in lines.read_text("utf-8").splitlines()]
    assert [label["source"] for label in labels] == ["a", "b"] and all(
        label["name"] and label["topic"] >= 0 for label in labels
    )
    assert (
        f"{labels[0]['topic']} {labels[0]['name']}\t"
        in run("predict", "themes", corpus, "--runs", trained).stdout
    )
    run("predict", "themes", corpus, "-o", table, "--runs", trained)
    assert next(csv.DictReader(table.read_text("utf-8-sig").splitlines()))["topic_0"]
    fails(
        "predict",
        "sections",
        corpus,
        "-o",
        tmp_path / "a.xlsx",
        "--runs",
        trained,
        says="written as .csv or .jsonl",
    )
    fails(
        "predict",
        "sections",
        corpus,
        tmp_path / "no.jsonl",
        "-o",
        table,
        "--runs",
        trained,
        says="no such file",
    )
    assert "topic_0" in table.read_text("utf-8-sig")


def test_suggest_writes_a_table_to_fill_in_and_train_on(trained, configs, tmp_path):
    rows = [
        json.loads(line)
        for line in (PROJECT / "data/articles.jsonl").read_text("utf-8").splitlines()[:300]
    ]
    unlabelled = [row | {"section": ""} if place % 3 else row for place, row in enumerate(rows)]
    archive = tmp_path / "archive.jsonl"
    archive.write_text(
        "".join(json.dumps(row) + "\n" for row in [*unlabelled, unlabelled[1] | {"id": "again"}]),
        "utf-8",
    )
    place = tmp_path / "label.csv"
    runs = ("--runs", trained)
    done = run("suggest", "sections", archive, "-n", "20", "-o", place, *runs)
    assert done.stdout == (
        f"20 of 201 articles in {place}; "
        "fill in the column section, then name the file in an [[also]]\n"
    )
    with place.open(encoding="utf-8-sig", newline="") as handle:
        table = list(csv.DictReader(handle))
    truth = {row["id"]: row for row in unlabelled if not row["section"]}
    assert len(table) == 20 and all(
        row["section"] == ""
        and row["likely"] != row["or"]
        and row["text"] == truth[row["id"]]["text"]
        for row in table
    )
    sections = {row["id"]: row["section"] for row in rows}
    filled = [[row["id"], sections[row["id"]], row["headline"], row["text"]] for row in table]
    with place.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([["id", "section", "headline", "text"], *filled])
    config = tmp_path / "more.toml"
    config.write_text(
        f'{(configs / "sections.toml").read_text("utf-8")}\n[[also]]\npath = "{place}"\n', "utf-8"
    )
    assert run("train", config, "--runs", tmp_path / "runs").returncode == 0
    fails(
        "suggest",
        "sections",
        archive,
        "-o",
        place,
        *runs,
        says="label.csv: holds labels already, which would be lost",
    )
    place.unlink()
    archive.write_text(json.dumps(rows[0]) + "\n", "utf-8")
    fails(
        "suggest",
        "sections",
        archive,
        "-o",
        place,
        *runs,
        says="every article in it has a section already",
    )
    fails("suggest", "themes", archive, "-o", place, *runs, says="a themes run has no sections")


def test_agree_tells_kappa_alpha_and_who_read_what(tmp_path):
    rows = [
        {"id": str(n), "text": f"稿件{n}", "section": "政务" if n % 2 else "民生"}
        for n in range(10)
    ]
    for name, changed in (("one", None), ("two", "3"), ("three", "4")):
        own = [row | ({"section": "环境"} if row["id"] == changed else {}) for row in rows]
        (tmp_path / f"{name}.jsonl").write_text(
            "".join(json.dumps(row) + "\n" for row in own), "utf-8"
        )
    done = run("agree", tmp_path / "one.jsonl", tmp_path / "two.jsonl", tmp_path / "three.jsonl")
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["annotators", "articles", "same", "kappa"] and len(lines) == 7
    assert lines[1].split()[-2:] == ["0.900", "0.818"]
    assert "2 articles were read differently" in lines[4]
    assert lines[5] == "3\t政务 环境 政务\t稿件3"
    fails("agree", tmp_path / "one.jsonl", says="one file; give the files of two annotators")
    (tmp_path / "four.jsonl").write_text(
        json.dumps({"id": "x", "text": "别的", "section": "政务"}) + "\n", "utf-8"
    )
    fails("agree", tmp_path / "one.jsonl", tmp_path / "four.jsonl", says="share no id")
    (tmp_path / "five.jsonl").write_text((tmp_path / "one.jsonl").read_text("utf-8") * 2, "utf-8")
    fails("agree", tmp_path / "one.jsonl", tmp_path / "five.jsonl", says="stands twice")


def test_rerun_says_what_differs_with_exit_code_1(configs, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(PROJECT / "data", data)
    config = tmp_path / "s.toml"
    config.write_text(
        (configs / "sections.toml").read_text("utf-8").replace(str(PROJECT / "data"), "data"),
        "utf-8",
    )
    run("train", config, "--runs", tmp_path)
    text = (data / "articles.jsonl").read_text("utf-8")
    (data / "articles.jsonl").write_text(text.replace("市委", "市府"), "utf-8")
    done = run("rerun", "s", "--runs", tmp_path)
    assert done.returncode == 1
    assert (
        "input changed since: data/articles.jsonl" in done.stdout
        and "differs: model/coef.npy" in done.stdout
    )


def test_one_bad_config_does_not_stop_the_others(configs, tmp_path):
    (tmp_path / "bad.toml").write_text('task = "themes"\n[corpus]\npath = "none.jsonl"\n', "utf-8")
    done = run("train", tmp_path / "bad.toml", configs / "themes.toml", "--runs", tmp_path / "runs")
    assert done.returncode == 2
    assert done.stderr == f"error: {tmp_path}/none.jsonl: no such file; check the path\n"
    assert "themes  trained" in done.stdout


def test_schema_is_json():
    assert json.loads(run("schema").stdout)["title"] == "research experiment"


def test_words_are_proposed_with_their_evidence_and_make_a_dictionary(tmp_path):
    texts = [
        f"{'持续大力不断'[n % 3 * 2 :][:2]}优化双招双引{'建设改革调研宣传'[n % 4 * 2 :][:2]}。"
        for n in range(30)
    ]
    (tmp_path / "a.jsonl").write_text(
        "".join(json.dumps({"id": str(n), "text": text}) + "\n" for n, text in enumerate(texts)),
        "utf-8",
    )
    done = run("words", str(tmp_path / "a.jsonl"), "-o", str(tmp_path / "words.txt"))
    assert done.returncode == 0 and "proposals in" in done.stdout
    words = [word.word for word in read_user_dictionary(tmp_path / "words.txt")]
    assert any("双招双引" in word for word in words)
    assert words[0] in run("words", str(tmp_path / "a.jsonl")).stdout
    assert not any(
        word
        in run(
            "words", str(tmp_path / "a.jsonl"), "--dictionary", str(tmp_path / "words.txt")
        ).stdout
        for word in words
    )


@pytest.mark.parametrize(
    "verb", ["split", "train", "rerun", "compare", "predict", "report", "words", "schema"]
)
def test_every_verb_teaches_itself(verb):
    done = run(verb, "--help")
    assert done.returncode == 0 and "Usage" in done.stdout
    assert verb in run("--help").stdout


def test_a_page_of_one_line_of_300_mb(tmp_path):
    path = tmp_path / "huge.txt"
    with path.open("wb") as handle:
        handle.truncate(300_000_000)
    fails("split", path, says="300,000,000 bytes is no newspaper page")


def test_a_corpus_of_one_line_of_300_mb(tmp_path, configs):
    # Zeros compress a thousandfold, so that the file is quick to make.
    with gzip.open(tmp_path / "huge.jsonl.gz", "wb", compresslevel=1) as handle:
        for _ in range(30):
            handle.write(b" " * 10_000_000)
    config = tmp_path / "x.toml"
    config.write_text('task = "themes"\n[corpus]\npath = "huge.jsonl.gz"\n', "utf-8")
    fails("train", config, "--runs", tmp_path, says="huge.jsonl.gz:1: a row of over")


def test_a_full_disk_leaves_the_earlier_run(configs, trained, tmp_path):
    shutil.copytree(trained, tmp_path / "runs")
    config = tmp_path / "sections.toml"
    config.write_text(
        (configs / "sections.toml").read_text("utf-8").replace("seed = 1", "seed = 5"), "utf-8"
    )
    # No file may grow over 100 kB: writing fails half-way, as it does on a full disk.
    fails(
        "train",
        config,
        "--runs",
        tmp_path / "runs",
        says="model/model.json: no space left",
        limit=100_000,
    )
    assert (
        run("predict", "sections", "-", "--runs", tmp_path / "runs", stdin="签约").returncode == 0
    )
    assert [path.name for path in (tmp_path / "runs").glob(".*")] == [".locks"]


def test_a_place_where_nothing_can_be_written(configs, tmp_path):
    (tmp_path / "runs").write_text("a file")
    fails("train", configs / "themes.toml", "--runs", tmp_path / "runs", says=f"{tmp_path}/runs: ")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write and read everywhere")
def test_no_permission(configs, tmp_path):
    tmp_path.chmod(0o500)
    fails(
        "train", configs / "themes.toml", "--runs", tmp_path / "runs", says="no permission to write"
    )


def test_bad_inputs_are_one_line_each_and_exit_code_2(tmp_path, trained):
    (tmp_path / "empty.txt").touch()
    (tmp_path / "empty.toml").touch()
    fails("split", tmp_path / "empty.txt", says="empty.txt: the page is empty")
    fails("split", tmp_path / "none.txt", says="none.txt: no such file")
    fails("train", tmp_path / "empty.toml", says="empty.toml:1: task is missing")
    fails("predict", "none", PAGE, "--runs", trained, says="no such run")
    fails(
        "predict", "sections", tmp_path / "a.docx", "--runs", trained, says="a.docx: no such file"
    )
    fails("rerun", tmp_path, says="no whole run")
    fails(
        "predict",
        "sections",
        PAGE,
        "--field",
        "title=headline",
        "--runs",
        trained,
        says="--field title=headline: write NAME=KEY",
    )
