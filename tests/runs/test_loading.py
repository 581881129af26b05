"""A run folder loads as it was trained, anywhere; anything wrong is refused and never run."""

import json
import pickle
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from conftest import PROJECT

import research
from research import InputError, runs
from research.report import render

TEXTS = [
    "市生态环境局查处三家违法排污企业，河道水质恢复。",
    "总投资十亿元的新材料项目签约落户开发区。",
]


@pytest.fixture
def copied(trained, tmp_path):
    """The trained runs at another place, free to be spoilt."""
    return Path(shutil.copytree(trained, tmp_path / "elsewhere"))


def test_a_loaded_sections_run_labels_texts(trained):
    run = research.load(trained / "sections")
    assert run.predict(TEXTS).tolist() == ["环保", "招商"]
    assert run.predict_proba(TEXTS).shape == (2, 5)
    assert run.figures["task"] == "sections" and run.config.seed == 1 and run.name == "sections"
    assert sorted(run.model.classes_) == sorted(run.figures["sections"])


@pytest.mark.parametrize("name", ["sections", "themes"])
def test_runs_pickle_before_and_after_their_model_was_read(trained, name):
    run = research.load(trained / name)
    copy = pickle.loads(pickle.dumps(run))
    assert (copy.predict(TEXTS) == run.predict(TEXTS)).all()
    again = pickle.loads(pickle.dumps(run))
    assert (again.predict(TEXTS) == run.predict(TEXTS)).all() and again.figures == run.figures


def test_a_sections_run_scores_texts(trained):
    assert research.load(trained / "sections").score(TEXTS, ["环保", "政务"]) == 0.5


def test_a_loaded_themes_run_gives_shares_and_words(trained):
    run = research.load(trained / "themes")
    assert np.allclose(run.transform(TEXTS).sum(axis=1), 1)
    assert run.predict(TEXTS).shape == (2,)
    assert [len(words) for words in run.top_words(5)] == [5] * 4
    assert run.shares.periods[0] == "2023-01" and len(run.shares.periods) == 36


def test_it_loads_after_moving_by_bare_name_and_without_the_data(trained, tmp_path, monkeypatch):
    moved = shutil.copytree(trained, tmp_path / "runs")
    monkeypatch.chdir(tmp_path)
    here = research.load("sections")
    assert (
        here.predict_proba(TEXTS) == research.load(trained / "sections").predict_proba(TEXTS)
    ).all()
    monkeypatch.chdir("/")
    monkeypatch.setenv("RESEARCH_RUNS", str(moved))
    assert research.load("themes").folder == moved / "themes"


def test_one_text_instead_of_a_list_is_refused(trained):
    with pytest.raises(InputError, match=r"put it into a list: \[text\]"):
        research.load(trained / "sections").predict("一段文字")


def test_an_unknown_run_says_which_exist(trained):
    with pytest.raises(InputError, match="sections, themes"):
        research.load("section", trained)


def _reseal(folder):
    """What someone with bad intent would do: bring the manifest up to date."""
    manifest = json.loads((folder / "manifest.json").read_text())
    runs.write_manifest(folder, manifest["fingerprint"], manifest["format"])


def test_a_half_copied_run_is_refused(copied):
    (copied / "sections/model/coef.npy").unlink()
    with pytest.raises(InputError, match=r"coef\.npy: missing"):
        research.load("sections", copied)
    (copied / "sections/manifest.json").unlink()
    with pytest.raises(InputError, match="no whole run"):
        research.load("sections", copied)


def test_one_changed_byte_in_any_file_is_refused(copied):
    folder = copied / "sections"
    for name in json.loads((folder / "manifest.json").read_text())["files"]:
        raw = (folder / name).read_bytes()
        middle = len(raw) // 2
        (folder / name).write_bytes(raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :])
        with pytest.raises(InputError, match=f"{Path(name).name}: changed since it was trained"):
            research.load(folder)
        (folder / name).write_bytes(raw)
    research.load(folder)


class _Bomb:
    def __reduce__(self):
        return (Path.touch, (Path("exploded"),))


def test_a_pickle_in_place_of_an_array_is_refused_and_never_run(copied, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    folder = copied / "sections"
    evil = np.array([_Bomb()], dtype=object)
    for write in (
        lambda path: path.write_bytes(pickle.dumps(_Bomb())),
        lambda path: np.save(path, evil, allow_pickle=True),
    ):
        write(folder / "model/coef.npy")
        with pytest.raises(InputError, match="changed since"):
            research.load(folder)
        _reseal(folder)
        with pytest.raises(
            InputError, match=r"coef\.npy: not a plain array; nothing in it was run"
        ):
            research.load(folder)
    assert not (tmp_path / "exploded").exists()


def test_a_pickle_among_the_counts_of_words_is_refused_and_never_run(copied, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    folder = copied / "themes"
    with np.load(folder / "mentions.npz") as counts:
        whole = dict(counts)
    evil = np.array([_Bomb()], dtype=object)
    for spoilt in (
        whole | {"data": evil},
        whole | {"shape": np.array([1, 1])},
        {"data": evil},
        None,
    ):
        if spoilt is None:
            (folder / "mentions.npz").write_bytes(pickle.dumps(_Bomb()))
        else:
            np.savez(folder / "mentions.npz", **spoilt)
        _reseal(folder)
        with pytest.raises(
            InputError,
            match=r"mentions\.npz: (not a sparse matrix; nothing in it was run"
            r"|expected whole numbers)",
        ):
            research.load(folder).mentions(["水库"])
    assert not (tmp_path / "exploded").exists()


def test_a_run_from_before_words_were_counted_has_its_report_and_says_so(copied):
    folder = copied / "themes"
    (folder / "mentions.npz").unlink()
    _reseal(folder)
    assert 'id="word"' in (folder / "report.html").read_text("utf-8")
    assert 'id="word"' not in render(runs.read(folder))
    with pytest.raises(InputError, match=r"an earlier version trained this run.*train it again"):
        research.load(folder).mentions(["水库"])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda facts: facts | {"evil": "os.system"}, "evil"),
        (lambda facts: facts | {"kind": "eval"}, "kind"),
        (lambda facts: facts | {"classes": facts["classes"][:-1]}, "expected finite numbers"),
        (lambda facts: facts | {"temperature": "1"}, "temperature"),
        (lambda facts: facts | {"blocks": facts["blocks"][:1]}, "expected finite numbers"),
        (
            lambda facts: {key: value for key, value in facts.items() if key != "segmenter"},
            "segmenter",
        ),
        (
            lambda facts: facts["blocks"][0]["vocabulary"].__setitem__(0, "") or facts,
            "n-gram '' has 0 characters",
        ),
    ],
)
def test_anything_unexpected_in_a_sealed_model_is_refused(copied, change, says):
    path = copied / "sections/model/model.json"
    path.write_text(json.dumps(change(json.loads(path.read_text()))))
    _reseal(copied / "sections")
    with pytest.raises(InputError, match=says):
        research.load("sections", copied)


def test_files_that_were_not_trained_are_refused(copied):
    (copied / "themes/model/extra.npy").write_bytes(b"")
    with pytest.raises(InputError, match=r"extra\.npy: not part of the run"):
        research.load("themes", copied)


def test_a_failed_draft_leaves_the_earlier_run_and_no_trace(copied):
    with pytest.raises(OSError, match="disk"), runs.drafting(copied, "sections") as draft:
        draft.text("config.toml", "half")
        raise OSError("disk")
    research.load("sections", copied)
    assert [path.name for path in copied.glob(".*")] == [".locks"]


def test_an_earlier_run_comes_back_when_killed_between_the_renames(copied):
    (copied / "sections").rename(copied / ".sections.before")
    assert research.load("sections", copied).name == "sections"


ENDLESS = """
import sys
from research import train
train(sys.argv[1], sys.argv[2])
print("ready", flush=True)
while True:
    train(sys.argv[1], sys.argv[2], force=True)
"""


def test_killed_at_any_moment_no_half_run_is_left(configs, tmp_path):
    rng = np.random.default_rng()
    for name in ("sections", "themes") * 3:
        process = subprocess.Popen(
            [sys.executable, "-c", ENDLESS, configs / f"{name}.toml", tmp_path],
            stdout=subprocess.PIPE,
            cwd=PROJECT,
        )
        with process:
            assert process.stdout.readline() == b"ready\n"
            time.sleep(rng.uniform(0, 0.8))
            process.kill()
        assert research.load(name, tmp_path).name == name
    with runs.drafting(tmp_path, "third"):
        pass
    assert [path.name for path in tmp_path.glob(".*")] == [".locks"]
