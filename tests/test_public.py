"""import research: quick, and the names that are promised."""

import ast
import subprocess
import sys
from pathlib import Path

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


def test_type_checkers_see_the_same_names():
    """The block under TYPE_CHECKING imports each name from the module that it is loaded from."""
    tree = ast.parse(Path(research.__file__).read_text("utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {
        alias.asname: statement.module.removeprefix("research.")
        for statement in block.body
        for alias in statement.names
    }
    assert seen == research._HOME


def test_what_users_get_back_is_public():
    names = {"SectionsRun", "ThemesRun", "Explanation", "Mentions", "Story", "Topic", "Movement"}
    names |= {"NewWord", "FeatureConfig", "SharesOverTime", "Outcome", "Reproduction"}
    assert names <= set(research.__all__)
    for name in names:
        assert getattr(research, name).__module__.startswith("research.")


def test_a_former_name_still_works_and_says_so():
    with pytest.warns(DeprecationWarning, match=r"research\.Phrase is called research\.NewWord"):
        assert research.Phrase is research.NewWord


def test_an_unknown_name_says_which_exist():
    with pytest.raises(AttributeError, match="SectionClassifier"):
        _ = research.SectionClasifier
