"""Every command, every line of Python and every TOML file of the README and of docs/ works."""

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from contextlib import redirect_stdout
from pathlib import Path

import pytest
import typer.main
from conftest import PROJECT, run_here

import research
from research import read_config, read_configs
from research.cli import app
from research.config import json_schema, read_events
from research.pages.corrections import read_corrections
from research.sections.rules import read_rules
from research.themes.curation import read_curation

READMES = [Path("README.md"), Path("README.zh-CN.md")]
PAGES = sorted(page.relative_to(PROJECT) for page in (PROJECT / "docs").rglob("*.md"))
TUTORIALS = [page for page in PAGES if page.parent.name == "tutorials"]

# Which reader takes a TOML block, by one of its top-level keys.
READERS = {
    "task": read_config,
    "also": read_config,
    "sweep": read_configs,
    "merge": read_corrections,
    "topic": read_curation,
    "event": read_events,
    "cues": lambda path: read_rules([path]),
}
EXPERIMENT = """task = "sections"
[corpus]
path = "articles.jsonl"
[split]
kind = "days"
test_share = 0.3
"""
THEMES = 'task = "themes"\ncorpus.path = "articles.jsonl"\n'


def _blocks(page, language):
    text = (PROJECT / page).read_text("utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


def _pages_with(language):
    return [page for page in READMES + PAGES if _blocks(page, language)]


def _without_comments(block):
    """Return a block without its comments, which may differ from language to language."""
    lines = [re.sub(r"(^|\s+)# .*", "", line).rstrip() for line in block.splitlines()]
    return "\n".join(line for line in lines if line)


def _file_name(block):
    """Return the name that a TOML block gives itself in its first line; None without one."""
    name = re.match(r"# (\w+\.toml)\n", block)
    return name and name[1]


def _run(command, cwd):
    environment = {key: value for key, value in os.environ.items() if key != "RESEARCH_RUNS"}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, (command, done.stderr)
    return done.stdout


def _research(arguments, cwd):
    done = run_here(arguments, cwd)
    assert done.returncode == 0, (arguments, done.stderr)
    return done.stdout


def _python(code, cwd):
    output = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(output):
        patch.chdir(cwd)
        patch.delenv("RESEARCH_RUNS", raising=False)
        exec(compile(code, "<docs>", "exec"), {"__name__": "docs"})
    return output.getvalue()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """What a clone holds, with both experiments trained and the pages split."""
    folder = tmp_path_factory.mktemp("clone")
    for name in ("data", "experiments"):
        shutil.copytree(PROJECT / name, folder / name)
    _research(["train", "experiments/sections.toml", "experiments/themes.toml"], folder)
    _research(["split", "data/pages", "-o", "articles.jsonl"], folder)
    return folder


@pytest.fixture(scope="module")
def output_of(checkout):
    """Run a command or Python in the checkout and return its output; once, whoever shows it."""
    outputs = {}

    def run(command, is_python=False):
        if command not in outputs:
            program, *arguments = shlex.split("" if is_python else command) or [""]
            if is_python:
                outputs[command] = _python(command, checkout)
            elif program == "make":
                outputs[command] = _run(["make", "--dry-run", *arguments], PROJECT)
            else:
                assert [program, *arguments[:2]] == ["python", "-m", "research"], command
                outputs[command] = _research(arguments[2:], checkout)
        return outputs[command]

    return run


@pytest.mark.parametrize("page", _pages_with("bash"), ids=str)
def test_every_command_runs(page, checkout, output_of):
    """From top to bottom, after the files that the page shows; a tutorial's Python in its place."""
    text = (PROJECT / page).read_text("utf-8")
    for language, block in re.findall(r"```(bash|python|toml)\n(.*?)```", text, flags=re.DOTALL):
        if language == "toml" and _file_name(block):
            (checkout / _file_name(block)).write_text(_without_comments(block), "utf-8")
        elif language == "python" and page in TUTORIALS:
            assert output_of(_without_comments(block), is_python=True)
        elif language == "bash":
            for command in _without_comments(block).splitlines():
                assert output_of(command) or command.startswith("make"), command


@pytest.mark.parametrize("page", [p for p in _pages_with("python") if p not in TUTORIALS], ids=str)
def test_every_line_of_python_runs(page, output_of):
    code = "".join(_blocks(page, "python"))
    assert output_of(_without_comments(code), is_python=True)


@pytest.mark.parametrize("page", READMES, ids=str)
def test_the_readme_shows_what_its_three_lines_print(page, output_of):
    code = "".join(_blocks(page, "python"))
    assert output_of(_without_comments(code), is_python=True) == "['招商']\n"


@pytest.mark.parametrize("page", _pages_with("toml"), ids=str)
def test_every_file_shown_is_good(page, tmp_path):
    shutil.copytree(PROJECT / "experiments", tmp_path / "experiments")
    for block in _blocks(page, "toml"):
        keys = tomllib.loads(block).keys()
        readers = {reader for key, reader in READERS.items() if key in keys}
        assert len(readers) == 1 or keys <= {"features", "language"}, (page, block)
        (tmp_path / "shown").mkdir(exist_ok=True)
        path = tmp_path / "shown" / (_file_name(block) or "shown.toml")
        whole = block + THEMES if "language" in keys else EXPERIMENT + block
        path.write_text(block if readers else whole, "utf-8")
        assert (readers or {read_config}).pop()(path)


def test_pages_exist_in_both_languages():
    english, chinese = (
        {page.relative_to(folder) for page in PAGES if page.is_relative_to(folder)}
        for folder in (Path("docs/en"), Path("docs/zh"))
    )
    assert english == chinese


@pytest.mark.parametrize("page", [p for p in PAGES if p.parts[1] == "en"], ids=str)
def test_both_languages_have_the_same_headings_and_examples(page):
    chinese = Path("docs/zh") / page.relative_to("docs/en")
    assert _outline(page) == _outline(chinese)
    assert _examples(page) == _examples(chinese)


def test_both_readmes_have_the_same_headings_and_examples():
    english, chinese = READMES
    assert _outline(english) == _outline(chinese)
    assert _examples(english) == _examples(chinese)


def _outline(page):
    """Return the levels of a page's headings, and how many rows and items stand below each."""
    text = (PROJECT / page).read_text("utf-8").partition("<!-- Generated")[0]
    text = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    parts = re.split(r"^(#+) .*", text, flags=re.MULTILINE)
    return [
        (level, len(re.findall(r"^(?:\||- )", below, flags=re.MULTILINE)))
        for level, below in zip(parts[1::2], parts[2::2], strict=True)
    ]


def _examples(page):
    """Return what a page shows as code, without comments."""
    languages = ("bash", "python", "toml")
    return [
        (language, _without_comments(block))
        for language in languages
        for block in _blocks(page, language)
    ]


def test_links_lead_to_files():
    for page in READMES + PAGES:
        text = (PROJECT / page).read_text("utf-8")
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
            assert (PROJECT / page.parent / target).exists(), (page, target)


def test_make_help_names_every_target():
    output = _run(["make", "help"], PROJECT)
    for target in ("train", "test", "lint", "bench", "data-check", "report", "clean"):
        assert re.search(rf"^{target}\s", output, flags=re.MULTILINE)


def test_the_site_builds_and_loads_nothing_from_any_address(tmp_path):
    pytest.importorskip("material", reason="the site needs the extra docs")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(tmp_path)]
    _run(command, PROJECT)
    for page in tmp_path.rglob("*.html"):
        text = page.read_text("utf-8")
        assert not re.findall(r"<(?:script|img|iframe)[^>]*https?://[^>]*>", text), page
        links = re.findall(r"<link[^>]*href=\"?https?://[^>]*>", text)
        assert not [link for link in links if "stylesheet" in link or "preconnect" in link], page


def test_reference_pages_are_those_of_the_code():
    _run([sys.executable, "docs/reference.py", "--check"], PROJECT)


def test_every_command_key_and_public_name_is_documented():
    commands, keys, names = (
        (PROJECT / f"docs/en/reference/{page}.md").read_text("utf-8")
        for page in ("commands", "experiment-file", "python")
    )
    documented = re.findall(r"^## `(\S+)`$", commands, flags=re.MULTILINE)
    assert documented == list(typer.main.get_command(app).commands)
    assert re.findall(r"^## `(\w+)`$", names, flags=re.MULTILINE) == list(research.__all__)
    for table, facts in json_schema()["$defs"].items():
        missing = [key for key in facts.get("properties", {}) if f"| `{key}` |" not in keys]
        assert not missing, (table, missing)


@pytest.mark.parametrize("page", READMES, ids=str)
def test_a_readme_is_short(page):
    assert len((PROJECT / page).read_text("utf-8").splitlines()) <= 150
