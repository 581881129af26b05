"""Groups of articles compared in a run: its files, in Python, on the command line, in the report."""

import json

import numpy as np
import pytest
from conftest import browse, needs_browser

from research import InputError, load, train
from research.cli.themes import themes
from research.runs import read

WATER, SCHOOL = "水质 断面 监测 排污 治理", "学校 开学 老师 学生 课堂"
CONFIG = """
task = "themes"
[[corpus]]
name = "晨报"
path = "morning.jsonl"
[[corpus]]
name = "晚报"
path = "evening.jsonl"
columns = { region = "地区" }
[tokens]
min_length = 2
[topics]
n_topics = 2
min_df = 2
max_df = 1.0
[time]
resamples = 0
stories = 0
breakdown = ["section", "region"]
"""


def _rows(rng, share_of_water):
    for n in range(240):
        words = (WATER if rng.random() < share_of_water else SCHOOL).split()
        text = " ".join(rng.choice(words, 4)) + f" 第{n}号"
        date = f"202{n // 120}-{n % 12 + 1:02d}-{n % 28 + 1:02d}"
        yield {"id": str(n), "text": text, "date": date, "地区": "东区" if n % 3 else "西区"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("two")
    rng = np.random.default_rng(0)
    for name, share in (("morning", 0.8), ("evening", 0.3)):
        lines = (json.dumps(row, ensure_ascii=False) for row in _rows(rng, share))
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "two.toml").write_text(CONFIG, "utf-8")
    return folder


@pytest.fixture(scope="module")
def run(folder):
    return load(train(folder / "two.toml", folder / "runs").folder)


def _water(run):
    return next(t.number for t in run.topics if "断面" in [word.word for word in t.words[:5]])


def test_several_corpora_are_compared_without_being_asked(run):
    [morning] = [
        effect
        for effect in run.effects()
        if (effect.by, effect.value, effect.measure) == ("corpus", "晨报", "share")
        and effect.topic == _water(run)
    ]
    assert morning.significant and 0.3 < morning.low < morning.high < 0.7
    assert (morning.documents, morning.issues) == (
        240,
        len({row["date"] for row in _rows(np.random.default_rng(0), 1)}),
    )
    assert not any(effect.significant for effect in run.effects() if effect.by == "region")


def test_what_is_in_no_group_is_counted(run):
    by = {division.by: division for division in run.comparison.divisions}
    assert (by["region"].articles, by["region"].without) == (240, 240)  # One corpus has none.
    assert by["corpus"].groups == 2 and "section" not in by


def test_any_column_can_be_compared_afterwards(run):
    effects = run.effects("corpus + 地区")
    assert {effect.by for effect in effects} == {"corpus", "地区"}
    assert {row.period for row in run.groups("地区", "year")} == {"2020", "2021"}
    with pytest.raises(InputError, match=r"'区县'; there are section, .*地区"):
        run.effects("区县")
    with pytest.raises(InputError, match="no article has a value in 'section'"):
        run.effects("section")
    with pytest.raises(InputError, match="a value in 'kind' have the same; take it out"):
        run.effects("corpus + kind")


def test_the_command_line_prints_differences(run, capsys):
    themes(str(run.folder), by="corpus + region")
    printed = capsys.readouterr().out
    assert "晨报" in printed and "西区" not in printed and "differences" in printed
    themes(str(run.folder), by="region", csv=True)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("by,value,measure,documents") and len(lines) == 1 + 2 * 2 * 2


def test_a_run_of_an_earlier_version_has_no_comparison(run, tmp_path):
    import shutil

    old = tmp_path / "old"
    shutil.copytree(run.folder, old)
    for name in ("effects.csv", "groups.csv", "divisions.csv"):
        (old / name).unlink()
    earlier = read(old)
    assert (earlier.effects(), earlier.groups(), earlier.comparison.divisions) == ((), (), ())


@needs_browser
def test_the_report_draws_the_groups(run, tmp_path):
    page = browse(run.report, tmp_path)
    assert 'data-drawn="yes"' in page
    charts = page[page.index('id="compared-effects"') :]
    assert charts.count("东区") >= 3 and charts.count("晨报") >= 2
