"""Every file of a run: what is read is typed and written again as it was; errors say where."""

import json
from pathlib import Path

import numpy as np
import pytest

from research import InputError, runs, shares_over_time
from research.runs import files, shares
from research.runs.csv_files import CsvFile
from research.runs.folder import source_of
from research.runs.json_files import JsonFile, ResultFile, ResultsFile

FROZEN = Path(__file__).parent / "format4"
OF_SECTIONS = (files.CONFIG, files.INPUTS, files.SECTIONS_FIGURES, files.SUSPECTS)
OF_THEMES = (
    files.CONFIG,
    files.INPUTS,
    files.THEMES_FIGURES,
    files.TOPICS,
    files.MOVEMENT,
    files.EVENTS,
    files.STORIES,
    files.POINTS,
    files.WORDS,
    files.LINEAGE,
    files.BREAKDOWN,
    files.DOCUMENTS,
    files.UNDATED,
    files.NEAR_DUPLICATES,
)


@pytest.fixture
def draft(tmp_path):
    return runs.Draft(tmp_path)


@pytest.mark.parametrize(
    ("task", "file"),
    [("sections", file) for file in OF_SECTIONS] + [("themes", file) for file in OF_THEMES],
    ids=lambda value: getattr(value, "name", value),
)
def test_what_is_read_is_written_again_byte_for_byte(trained, draft, task, file):
    folder = trained / task
    file.write(draft, file.read(source_of(folder)))
    assert (draft.folder / file.name).read_bytes() == (folder / file.name).read_bytes()


def test_predictions_have_a_probability_per_section(trained, draft):
    run = runs.read(trained / "sections")
    files.PREDICTIONS.write(draft, run.predictions, run.model.classes_.tolist())
    name = files.PREDICTIONS.name
    assert (draft.folder / name).read_bytes() == (run.folder / name).read_bytes()
    best = max(run.predictions[0].probabilities, key=run.predictions[0].probabilities.get)
    assert best == run.predictions[0].predicted and isinstance(run.predictions[0].sure, bool)


def test_shares_and_their_bands_come_back(trained, draft):
    run = runs.read(trained / "themes")
    shares.write_shares(draft, run.shares)
    for name in (files.SHARES.name, files.BANDS.name):
        assert (draft.folder / name).read_bytes() == (run.folder / name).read_bytes()
    has_articles = run.shares.counts > 0
    assert (run.shares.low[has_articles] <= run.shares.high[has_articles]).all()
    assert np.isnan(run.shares.shares[~has_articles]).all()


def test_a_period_without_a_document_has_empty_cells_and_no_band(draft):
    proportions = np.array([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]])
    dates = ["2023-11-02", "2023-11-30", "2024-01-01"]
    shares.write_shares(draft, shares_over_time(proportions, dates, "month"))
    table = (draft.folder / files.SHARES.name).read_text("utf-8-sig").splitlines()
    assert table[1:3] == ["2023-11,2,0.750000,0.250000", "2023-12,0,,"]
    bands = (draft.folder / files.BANDS.name).read_text("utf-8-sig").splitlines()
    assert [line.split(",")[:3] for line in bands[1:]] == [
        ["2023-11", "2", "0"],
        ["2023-11", "2", "1"],
        ["2024-01", "1", "0"],
        ["2024-01", "1", "1"],
    ]


def test_a_themes_run_has_typed_members(trained):
    run = runs.load_themes(trained / "themes")
    topic = run.topics[3]
    assert topic.number == 3 and topic.words[0].word == run.top_words(1)[3][0]
    movement = run.movements[3]
    assert movement.topic == 3 and movement.peak.period in run.shares.periods
    assert movement.peak.low <= movement.peak.share <= movement.peak.high
    assert movement.trend.direction in ("rising", "falling", "steady")
    assert len(run.documents) == run.figures.documents == run.figures["documents"]
    assert run.mention_counts.shape == (len(run.shares.periods), len(run.vocabulary))
    assert {row.kind for row in run.words} == {"top", "gained", "lost"}
    behind = run.points.articles[run.points.behind[3][run.shares.periods[0]][0]]
    assert behind.date.startswith(run.shares.periods[0])


def test_a_sections_run_has_typed_members(trained):
    run = runs.load_sections(trained / "sections")
    assert run.figures.macro_f1 == run.figures["macro_f1"] > 0.5
    assert run.figures.sections["环保"].f1 == run.figures["sections"]["环保"]["f1"]
    assert "rules" not in run.figures and run.figures.rules is None and run.rules == ()
    assert run.figures.to_json() == json.loads((run.folder / "figures.json").read_bytes())
    assert run.record.versions["research"] and run.inputs == run.record.inputs
    assert len(run.suspects) == run.figures.suspect_labels


def test_the_other_kind_of_run_is_refused(trained):
    with pytest.raises(InputError, match="a themes run has no sections; give a run with task"):
        runs.load_sections(trained / "themes")
    with pytest.raises(InputError, match="a sections run has no themes; give a run with task"):
        runs.load_themes("sections", trained)


@pytest.mark.parametrize(
    ("file", "spoil", "message"),
    [
        (files.BREAKDOWN, ("0.", "x."), r"breakdown\.csv:2: share 'x\.\d+' should be a number"),
        (files.BREAKDOWN, ("by,", "of,"), r"breakdown\.csv:1: expected the columns by, value"),
        (files.DOCUMENTS, ("\n", ",7\n"), r"documents\.csv:1: expected the columns id, date"),
        (files.TOPICS, ('"topic": 0', '"topic": "0"'), r"topics\.json: 0\.topic: Input should be"),
        (files.TOPICS, ("[", "[["), r"topics\.json: not JSON \(.* at line \d+ column \d+\)"),
        (files.THEMES_FIGURES, ('"undated"', '"undatable"'), r"figures\.json: undated: Field"),
    ],
)
def test_a_wrong_file_says_where_and_what(trained, tmp_path, file, spoil, message):
    text = (trained / "themes" / file.name).read_text("utf-8")
    (tmp_path / file.name).write_text(text.replace(*spoil, 1), "utf-8")
    with pytest.raises(InputError, match=f"{message}.*; copy the run again"):
        file.read(source_of(tmp_path))


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(InputError, match=r"words\.csv: missing, so the run is not whole"):
        files.WORDS.read(source_of(tmp_path))


def test_no_other_module_names_a_file_of_a_run():
    package = Path(runs.__file__).parents[1]
    kinds = (CsvFile, JsonFile, ResultFile, ResultsFile)
    names = {value.name for value in vars(files).values() if isinstance(value, kinds)}
    names |= {files.MENTIONS, files.REPORT, files.CONFIG_TEXT, runs.MANIFEST, runs.RECORD}
    assert len(names) == 29
    naming = {
        f"{path.relative_to(package)}: {name}"
        for path in package.rglob("*.py")
        if path.parent.name != "runs"
        for name in names
        if f'"{name}"' in path.read_text("utf-8") or f"/{name}" in path.read_text("utf-8")
    }
    assert naming == set()
