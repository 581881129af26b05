"""What is written for people: no cell is a formula, and no encoding of a terminal ends a command."""

import csv
import io
import os
import subprocess
import sys

import pytest
from conftest import PROJECT
from hypothesis import given
from hypothesis import strategies as st

from research import read_corpus
from research.cli.terminal import print_in_any_encoding
from research.files import as_csv, as_text_cell, from_text_cell


@given(st.lists(st.text(max_size=8), min_size=1, max_size=4))
def test_any_text_comes_back_from_a_table_and_none_is_a_formula(texts):
    (row,) = csv.reader(io.StringIO(as_csv([texts]).removeprefix("\ufeff"), newline=""))
    for cell, text in zip(row, texts, strict=True):
        assert from_text_cell(cell) == text.replace("\r\n", "\n").replace("\r", "\n")
        assert cell[:1] not in ("=", "+", "@", "\t", "\r", "＝", "＋", "＠") or cell == text != "="


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_texts_that_spreadsheets_would_run_get_an_apostrophe(text):
    assert as_text_cell(text) == "'" + text.replace("\r", "\n")


def test_numbers_and_other_texts_stay_as_they_are():
    for cell in ("-0.25", "+3", "1e-05", "-7%", "2023-01-05", "'引文'", "——编者按", "", -3, None):
        assert as_text_cell(cell) == cell


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "latin-1", "utf-8"])
def test_an_emoji_or_half_a_character_ends_no_output(encoding, monkeypatch):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, errors="strict")
    monkeypatch.setattr(sys, "stdout", stream)
    print_in_any_encoding()
    print("市长😀𠮷野家\ud83d")  # noqa: T201
    stream.flush()
    assert raw.getvalue()


def test_a_command_survives_the_c_locale():
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(PROJECT),
        "LC_ALL": "C",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONUTF8": "0",
    }
    page = "data/pages/narrow-2024-07-18.txt"
    command = [sys.executable, "-m", "research", "split", page]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True)
    assert done.returncode == 0
    assert "■" in done.stdout.decode()


def test_a_corpus_is_read_without_the_apostrophes_of_its_table(tmp_path):
    path = tmp_path / "corpus.csv"
    path.write_text(
        as_csv([("headline", "text"), ("=涨价", "-5℃，天冷"), ("'引文'", "好")]), "utf-8"
    )
    articles = read_corpus(path)
    assert [(a.headline, a.text) for a in articles] == [("=涨价", "-5℃，天冷"), ("'引文'", "好")]
