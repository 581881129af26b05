"""What a user's type checker sees of the package."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from mypy.modulefinder import get_search_dirs

import research

ROOT = Path(__file__).parents[1]
# What a script gets from the main functions, by the end of the type that mypy reveals.
RESULTS = {
    'research.read_page("a.html")': "research.pages.read.page.Page",
    'research.split_page(research.read_page("a.html"))': (
        "list[research.articles.article.Article]"
    ),
    "research.TopicModel(3).fit": "research.topics.model.TopicModel",
    "research.TopicModel(3).transform": "numpy.dtype[numpy.float64]]",
    'research.TopicModel(3).top_words(["a"])': "list[list[str]]",
    "research.learn_words": "tuple[scipy.sparse._csr.csr_matrix[Any], list[str]]",
}


@pytest.fixture(scope="module")
def revealed(tmp_path_factory):
    """The type that mypy reveals of each public name and each result, by expression."""
    expressions = [*(f"research.{name}" for name in research.__all__), *RESULTS]
    script = tmp_path_factory.mktemp("user") / "script.py"
    lines = ["import research", *(f"reveal_type({expression})" for expression in expressions)]
    script.write_text("\n".join(lines), "utf-8")
    # With the tree's settings and cache: after `make lint` the checker knows the tree already.
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-pretty", str(script)],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    types = re.findall(r'Revealed type is "(.*)"$', run.stdout, re.MULTILINE)
    assert run.returncode == 0 and len(types) == len(expressions), run.stdout + run.stderr
    return dict(zip(expressions, types, strict=True))


def test_an_editable_install_is_visible_to_a_checker():
    """A checker reads search paths and .pth files but runs no import hook."""
    folders = [Path(folder) for found in get_search_dirs(sys.executable) for folder in found]
    assert any((folder / "research" / "py.typed").is_file() for folder in folders)


@pytest.mark.parametrize("name", research.__all__)
def test_no_parameter_or_result_of_a_public_name_is_any(revealed, name):
    """Any inside brackets is numpy's and scipy's: of any shape, of any kind of number."""
    whole = revealed[f"research.{name}"]
    without_brackets = whole
    while (shorter := re.sub(r"\[[^\[\]]*\]", "", without_brackets)) != without_brackets:
        without_brackets = shorter
    assert not re.search(r"\bAny\b", without_brackets), whole


@pytest.mark.parametrize("expression", RESULTS)
def test_the_result_of_a_main_function_has_its_type(revealed, expression):
    assert revealed[expression].endswith(RESULTS[expression])
