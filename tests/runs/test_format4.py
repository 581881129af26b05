"""Runs that earlier versions trained still open; those of later versions say what to do."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from research import InputError, load, load_sections, load_themes, runs
from research.report import render
from research.runs import files
from research.runs.format4 import upgrade

FROZEN = Path(__file__).parent / "format4"
EXPECTED = json.loads((FROZEN / "expected.json").read_bytes())


@pytest.fixture
def copied(tmp_path):
    """The frozen runs at another place, free to be changed."""
    return Path(shutil.copytree(FROZEN, tmp_path / "runs"))


def test_a_sections_run_of_format_4_predicts_and_explains_as_it_did():
    run = load_sections(FROZEN / "sections")
    assert run.source.format == 4
    assert run.model.classes_.tolist() == EXPECTED["classes"]
    proba = run.predict_proba(EXPECTED["texts"])
    assert np.array_equal(np.round(proba, 6), np.array(EXPECTED["proba"]))
    words = [[word, round(value, 4)] for word, value in run.explain(EXPECTED["texts"][0]).words]
    assert words[:3] == EXPECTED["explain"]


def test_a_themes_run_of_format_4_gives_the_same_shares():
    run = load_themes(FROZEN / "themes")
    shares = run.transform(EXPECTED["texts"])
    assert np.array_equal(np.round(shares, 6), np.array(EXPECTED["shares"]))


def test_figures_and_settings_of_format_4_have_their_present_names():
    sections, themes = load(FROZEN / "sections"), load(FROZEN / "themes")
    assert sections.figures.near_duplicates_dropped == 0 and themes.figures.near_duplicates == 0
    with pytest.warns(DeprecationWarning, match="'repeated' is called 'near_duplicates' now"):
        assert themes.figures["repeated"] == 0
    assert themes.movements[0].trend.direction == "steady"
    assert themes.movements[0].season.significant is False
    assert themes.near_duplicates == ()
    kinds = [block.kind for block in sections.config.features]
    assert kinds[-3:] == ["vectors", "cues", "language"]


def test_every_member_of_a_run_of_format_4_can_be_read():
    for run in (load(FROZEN / "sections"), load(FROZEN / "themes")):
        members = [name for name in dir(run) if not name.startswith("_")]
        assert len(members) > 15
        assert [name for name in members if getattr(run, name) is None] == []


def test_a_run_of_format_4_has_its_report_drawn_anew_and_stays_what_it_is(copied):
    for name in ("sections", "themes"):
        folder = copied / name
        manifest = runs.check_whole(folder)
        runs.replace_report(folder, render(load(folder)), manifest)
        assert runs.check_whole(folder).format == 4
        assert load(folder).folder == folder
        assert (folder / files.REPORT).read_text("utf-8").startswith("<!doctype html>")


def _as_format_4(folder):
    """Turn a themes run of the present format into what format 4 would have had."""

    def rewrite(name, *renamed):
        text = (folder / name).read_text("utf-8")
        for present, former in renamed:
            text = text.replace(f'"{present}"', f'"{former}"')
        (folder / name).write_text(text, "utf-8")

    (folder / files.NEAR_DUPLICATES.name).rename(folder / "repeated.csv")
    rewrite(files.CONFIG.name, ("near_duplicates", "repeats"), ("new_words", "phrases"))
    rewrite(files.THEMES_FIGURES.name, ("near_duplicates", "repeated"))
    rewrite(files.MOVEMENT.name, ("direction", "said"), ("significant", "said"))
    manifest = json.loads((folder / runs.MANIFEST).read_bytes())
    runs.write_manifest(folder, manifest["fingerprint"], 4)


def test_a_run_of_format_4_is_compared_with_a_later_one_by_content(trained, tmp_path):
    earlier = Path(shutil.copytree(trained / "themes", tmp_path / "earlier"))
    _as_format_4(earlier)
    assert load(earlier).source.format == 4
    assert runs.differing_files(earlier, trained / "themes") == []
    figures = earlier / files.THEMES_FIGURES.name
    figures.write_text(figures.read_text("utf-8").replace('"undated": 0', '"undated": 1'), "utf-8")
    runs.write_manifest(earlier, "", 4)
    assert runs.differing_files(earlier, trained / "themes") == [files.THEMES_FIGURES.name]


def test_only_the_files_that_changed_are_upgraded():
    assert upgrade(files.INPUTS.name, {"said": 1}) == {"said": 1}
    table = {"task": "themes", "repeated": 3, "undated": 0}
    upgraded = upgrade(files.THEMES_FIGURES.name, table)
    assert list(upgraded.items()) == [("task", "themes"), ("near_duplicates", 3), ("undated", 0)]


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (runs.FORMAT + 1, r"a run of format \d+, and this version reads .* upgrade the package"),
        (3, r"a run of format 3, which no released version wrote"),
    ],
)
def test_a_format_that_is_not_known_says_what_to_do(copied, number, message):
    path = copied / "sections" / runs.MANIFEST
    manifest = json.loads(path.read_text("utf-8")) | {"format": number}
    path.write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(InputError, match=message):
        load("sections", copied)
