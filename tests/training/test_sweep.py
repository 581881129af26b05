"""Variants of an experiment without copies of its file: sweeps, settings, files that extend."""

import csv
import os
import shutil
import subprocess
import sys

import pytest
from conftest import PROJECT

import research
from research import InputError, read_config, read_configs, runs, train, train_all
from research.config.compose import merge

BASE = """
task = "sections"
[corpus]
path = "{data}/articles.jsonl"
[[features]]
kind = "hashing"
max_features = 4096
[classifier]
kind = "logistic"
[split]
kind = "days"
test_share = 0.7
"""


@pytest.fixture
def base(tmp_path):
    path = tmp_path / "base.toml"
    path.write_text(BASE.format(data=PROJECT / "data"), "utf-8")
    return path


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """A grid of four, one of which is wrong, trained once."""
    folder = tmp_path_factory.mktemp("swept")
    text = BASE.format(data=PROJECT / "data") + '[sweep]\n"classifier.C" = [0.1, -1, 1, 3]\n'
    path = _write(folder / "s.toml", text)
    return path, folder / "runs", train_all([path], folder / "runs")


def test_a_sweep_trains_what_is_right_and_names_what_is_wrong(swept):
    path, folder, batch = swept
    assert [outcome.folder.name for outcome in batch.outcomes] == ["s-C-0.1", "s-C-1", "s-C-3"]
    assert len(batch.problems) == 1
    line = path.read_text("utf-8").splitlines().index("[sweep]") + 1
    assert batch.problems[0].startswith(f"{path}:{line}: sweep.classifier.C: classifier.C: -1")
    assert research.load("s-C-3", folder).config.classifier.C == 3


def test_a_sweep_has_one_table_and_one_picture(swept):
    (sweep,) = swept[2].sweeps
    rows = list(csv.DictReader(sweep.csv_path.read_text("utf-8-sig").splitlines()))
    assert [row["classifier.C"] for row in rows] == ["0.1", "1", "3"]
    assert all(0 < float(row["test_macro_f1"]) < 1 for row in rows)
    picture = sweep.picture_path.read_text("utf-8")
    assert picture.count("<circle") == 3 and "classifier.C = 0.1" in picture


def test_a_sweep_is_judged_by_cross_validation_alone(swept):
    _, folder, batch = swept
    (sweep,) = batch.sweeps
    figures = {name: research.load(name, folder).figures for name in ("s-C-0.1", "s-C-1", "s-C-3")}
    best = max(figures, key=lambda name: figures[name].cross_validated.macro_f1)
    assert sweep.best.name == best
    assert "test articles chose nothing" in sweep.advice.en


def test_a_sweep_that_was_stopped_goes_on(swept):
    path, folder, _ = swept
    shutil.rmtree(folder / "s-C-1")
    batch = train_all([path], folder)
    assert [outcome.trained for outcome in batch.outcomes] == [False, True, False]
    assert len(batch.sweeps[0].members) == 3


def test_a_list_of_variants_has_names_and_keys_of_its_own(base):
    _write(
        base,
        base.read_text("utf-8")
        + '[[sweep]]\nname = "小"\nseed = 2\n[[sweep]]\n"classifier.kind" = "svm"\nclassifier.C = 2\n',
    )
    configs = read_configs(base)
    assert [config.name for config in configs] == ["base-小", "base-kind-svm-C-2"]
    assert configs[0].seed == 2 and configs[1].classifier.C == 2


def test_a_grid_has_every_value_with_every_other(base):
    _write(
        base,
        base.read_text("utf-8")
        + '[sweep]\nseed = [1, 2]\n"features.0.ngrams" = [[1, 1], [1, 2]]\n',
    )
    names = [config.name for config in read_configs(base)]
    assert names == [
        "base-seed-1-ngrams-1-1",
        "base-seed-1-ngrams-1-2",
        "base-seed-2-ngrams-1-1",
        "base-seed-2-ngrams-1-2",
    ]


def test_members_that_would_have_one_name_are_numbered(base):
    _write(
        base, base.read_text("utf-8") + '[sweep]\n"tokens.user_dictionaries" = [["a b"], ["a-b"]]\n'
    )
    assert [config.name for config in read_configs(base)] == ["base-1", "base-2"]


@pytest.mark.parametrize(
    ("sweep", "message"),
    [
        ("[sweep]\n", "sweep. is empty"),
        ('[sweep]\n"classifier.C" = 1\n', "sweep.classifier.C is 1; give a list"),
        ('[sweep]\n"classifier.C" = []\n', "give a list"),
        ('[sweep]\n"classifier.D" = [1]\n', "classifier.D: unknown key"),
        ('[sweep]\n"features.7.weight" = [1.0]\n', "names item 7 of a list of 1"),
        (f"[sweep]\nseed = {list(range(1001))}\n", "at most 1000"),
        ('[[sweep]]\nname = "a"\n', "give keys with values"),
    ],
)
def test_a_wrong_sweep_is_named(base, sweep, message):
    _write(base, base.read_text("utf-8") + sweep)
    with pytest.raises(InputError, match=message):
        read_configs(base)


def test_train_refuses_a_sweep(base, tmp_path):
    _write(base, base.read_text("utf-8") + "[sweep]\nseed = [1, 2]\n")
    with pytest.raises(InputError, match="a sweep of 2 experiments"):
        train(base, tmp_path / "runs")


def test_settings_take_the_place_of_what_the_file_says(base):
    config = read_config(base, {"classifier.C": 0.25, "features.0.weight": 2.0, "seed": 9})
    assert (config.classifier.C, config.features[0].weight, config.seed) == (0.25, 2.0, 9)
    with pytest.raises(InputError, match=r"settings classifier.kind: classifier.kind: 'svn'"):
        read_config(base, {"classifier.kind": "svn"})


def test_a_file_extends_another_whose_paths_start_from_its_own_folder(base, tmp_path):
    shutil.copytree(PROJECT / "data", tmp_path / "data")
    _write(base, BASE.format(data="data"))
    child = _write(
        tmp_path / "deep" / "er" / "child.toml",
        'extends = "../../base.toml"\n[classifier]\nC = 0.5\n',
    )
    config = read_config(child)
    assert config.name == "child"
    assert (config.classifier.kind, config.classifier.C) == ("logistic", 0.5)
    assert config.corpus.path == "../../data/articles.jsonl"
    assert train(child, tmp_path / "runs").trained
    text = (tmp_path / "runs/child/config.toml").read_text("utf-8")
    assert "# extends base.toml:" in text and '# kind = "logistic"' in text
    assert research.rerun(tmp_path / "runs/child").equal


def test_errors_name_the_file_in_which_a_key_stands(base, tmp_path):
    _write(base, base.read_text("utf-8").replace('"logistic"', '"logistics"'))
    child = _write(tmp_path / "child.toml", 'extends = "base.toml"\nseeds = 1\n')
    with pytest.raises(InputError) as caught:
        read_config(child)
    lines = str(caught.value).splitlines()
    assert any(line.startswith(f"{base}:9: classifier.kind") for line in lines)
    assert any(line.startswith(f"{child}:2: seeds: unknown key") for line in lines)


@pytest.mark.parametrize(
    ("extends", "message"),
    [('"child.toml"', "break the circle"), ('"nothing.toml"', "check the path"), ("1", "give one")],
)
def test_a_file_that_cannot_be_extended_is_named(tmp_path, extends, message):
    child = _write(tmp_path / "child.toml", f"extends = {extends}\n")
    with pytest.raises(InputError, match=rf"child\.toml:1: .*{message}"):
        read_config(child)


def test_two_experiments_of_one_name_are_refused_before_anything_is_trained(base, tmp_path):
    other = _write(tmp_path / "other" / "BASE.toml", base.read_text("utf-8"))
    with pytest.raises(InputError, match="2 experiments are called") as caught:
        train_all([base, other], tmp_path / "runs")
    assert str(base) in str(caught.value) and str(other) in str(caught.value)
    assert not (tmp_path / "runs").exists()


def test_one_file_given_twice_is_one_experiment(base, tmp_path):
    assert len(train_all([base, base], tmp_path / "runs").outcomes) == 1


def test_an_experiment_that_fails_leaves_the_others_running(base, tmp_path):
    broken = _write(tmp_path / "broken.toml", "task = 1\n")
    missing = _write(tmp_path / "missing.toml", BASE.format(data=tmp_path))
    batch = train_all([broken, missing, base], tmp_path / "runs")
    assert [outcome.folder.name for outcome in batch.outcomes] == ["base"]
    assert len(batch.problems) == 2


def test_what_is_no_run_is_never_replaced(base, tmp_path):
    other = _write(tmp_path / "other.toml", base.read_text("utf-8"))
    note = _write(tmp_path / "runs" / "base" / "note.txt", "a folder of the user's own")
    batch = train_all([base, other], tmp_path / "runs")
    assert [outcome.folder.name for outcome in batch.outcomes] == ["other"]
    assert "something that is no run" in batch.problems[0]
    assert note.is_file()


def test_an_error_of_the_program_leaves_the_others_running(base, tmp_path):
    """A locks folder that is a file makes the first training fail, and no input is at fault."""
    other = _write(tmp_path / "other.toml", base.read_text("utf-8"))
    (tmp_path / "runs" / ".locks" / "base.lock").mkdir(parents=True)
    batch = train_all([base, other], tmp_path / "runs")
    assert [outcome.folder.name for outcome in batch.outcomes] == ["other"]
    assert len(batch.crashes) + len(batch.problems) == 1


HOLDER = """
import sys
from pathlib import Path
from research import runs
with runs.drafting(Path(sys.argv[1]), "base"):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_run_that_another_process_trains_is_left_alone(base, tmp_path):
    folder = tmp_path / "runs"
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=PROJECT,
    )
    with process:
        assert process.stdout.readline() == b"held\n"
        (draft,) = folder.glob(".base.*.part")
        with pytest.raises(InputError, match=rf"another training \(process {process.pid} on "):
            train(base, folder)
        other = _write(tmp_path / "other.toml", base.read_text("utf-8"))
        assert train(other, folder).trained
        assert draft.is_dir()
        process.stdin.write(b"\n")
        process.stdin.flush()
    assert (folder / "base").is_dir()


def test_a_draft_of_another_machine_that_died_is_removed(base, tmp_path):
    dead = tmp_path / "runs" / f".gone.elsewhere-{os.getpid()}.part"
    dead.mkdir(parents=True)
    train(base, tmp_path / "runs")
    assert not dead.exists()


def test_another_program_trains_again_and_rerun_names_it(base, tmp_path):
    """A run is unchanged only where the code that trained it is the present code."""
    package = tmp_path / "other"
    shutil.copytree(PROJECT / "research", package / "research")
    folder = tmp_path / "runs"
    train(base, folder)
    assert not train(base, folder).trained
    module = package / "research/sections/learners.py"
    module.write_text(module.read_text("utf-8") + "\n# Another program.\n", "utf-8")
    code = f"import research; print(research.train({str(base)!r}, {str(folder)!r}).trained)"
    environment = os.environ | {"PYTHONPATH": str(package)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stdout == "True\n", done.stderr
    again = research.rerun(folder / "base")
    assert any(line.startswith("the program's code: ") for line in again.changed_conditions)
    assert again.equal


def test_rerun_names_versions_and_the_processor(base, tmp_path):
    folder = train(base, tmp_path / "runs").folder
    path = folder / runs.RECORD
    text = path.read_text("utf-8")
    record = research.load(folder).record
    path.write_text(
        text.replace(record.versions["numpy"], "0.1").replace(record.processor, "abacus"), "utf-8"
    )
    conditions = research.rerun(folder).changed_conditions
    assert f"numpy: 0.1 → {record.versions['numpy']}" in conditions
    assert f"the processor: abacus → {record.processor}" in conditions


def test_a_setting_beyond_the_end_of_a_list_is_told_so():
    with pytest.raises(InputError, match=r"names item 3 of a list of 1"):
        merge({"features": [{"weight": 1}]}, {"features": {"3": {"weight": 2}}})
