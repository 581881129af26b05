"""import research: quick, and the names that are promised."""

import subprocess
import sys

import pytest

import research


def test_import_is_quick_and_loads_nothing_heavy():
    code = (
        "import sys, time; start = time.perf_counter(); import research; "
        "print(time.perf_counter() - start); "
        "print([m for m in ('sklearn', 'gensim', 'numpy', 'jieba', 'pydantic') if m in sys.modules])"
    )
    # The best of five: a busy machine slows a run, never speeds one up.
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.split("\n")
        for _ in range(5)
    ]
    assert min(float(run[0]) for run in runs) < 0.1
    assert runs[0][1] == "[]"


def test_every_promised_name_resolves():
    assert [name for name in research.__all__ if getattr(research, name) is None] == []


def test_an_unknown_name_says_which_exist():
    with pytest.raises(AttributeError, match="SectionClassifier"):
        _ = research.SectionClasifier
