"""Every command and every line of Python in both READMEs runs, in order, as for a newcomer."""

import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest
from conftest import PROJECT

READMES = ["README.md", "README.zh-CN.md"]


def _blocks(name, language):
    return re.findall(
        rf"```{language}\n(.*?)```", (PROJECT / name).read_text("utf-8"), flags=re.DOTALL
    )


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """What a clone holds, with both experiments trained."""
    folder = tmp_path_factory.mktemp("clone")
    for name in ("data", "experiments"):
        shutil.copytree(PROJECT / name, folder / name)
    _run(
        [
            sys.executable,
            "-m",
            "research",
            "train",
            "experiments/sections.toml",
            "experiments/themes.toml",
        ],
        folder,
    )
    return folder


def _run(command, cwd):
    environment = {key: value for key, value in os.environ.items() if key != "RESEARCH_RUNS"}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, (command, done.stderr)
    return done.stdout


@pytest.fixture(scope="module")
def output_of(checkout):
    """Run a command in the checkout and return its output; once, though both pages show it."""
    outputs = {}

    def run(command):
        if command not in outputs:
            program, *arguments = shlex.split(command)
            if program == "make":
                outputs[command] = _run(["make", "--dry-run", *arguments], PROJECT)
            else:
                assert [program, *arguments[:2]] == ["python", "-m", "research"], command
                outputs[command] = _run([sys.executable, *arguments], checkout)
        return outputs[command]

    return run


@pytest.mark.parametrize("name", READMES)
def test_every_command_runs(name, output_of):
    lines = [line for block in _blocks(name, "bash") for line in block.splitlines()]
    commands = [line.split("#")[0].strip() for line in lines]
    assert len(commands) > 8
    for command in commands:
        output = output_of(command)
        assert output or command.startswith("make"), command


@pytest.mark.parametrize("name", READMES)
def test_every_line_of_python_runs(name, checkout):
    code = "".join(_blocks(name, "python"))
    said = _run([sys.executable, "-W", "error", "-c", code], checkout)
    assert said.startswith("['招商']\n")
    assert "暴雨围困石门镇" in said


def test_the_files_shown_are_good(tmp_path):
    from research import read_config
    from research.config import read_events
    from research.pages.corrections import read_corrections
    from research.sections.rules import read_rules
    from research.themes.naming import read_names

    corrections, sections, blocks, rules, themes, names, through_time, events, experiment = _blocks(
        "README.md", "toml"
    )
    (tmp_path / "s.toml").write_text(sections, "utf-8")
    assert [corpus.weight for corpus in read_config(tmp_path / "s.toml").also] == [1.0]
    (tmp_path / "r.toml").write_text(rules, "utf-8")
    assert read_rules([tmp_path / "r.toml"]).sections == ("环保", "环保", "环保", "政务", "民生")
    (tmp_path / "w.toml").write_text(through_time, "utf-8")
    assert read_config(tmp_path / "w.toml").time.weigh == "length"
    (tmp_path / "e.toml").write_text(events, "utf-8")
    assert [event.days for event in read_events(tmp_path / "e.toml")] == [60]
    (tmp_path / "x.toml").write_text(experiment, "utf-8")
    assert read_config(tmp_path / "x.toml").split.test_from == "2024-07-01"
    (tmp_path / "b.toml").write_text(experiment + blocks, "utf-8")
    assert [
        (block.kind, block.reads) for block in read_config(tmp_path / "b.toml").features[-2:]
    ] == [("cues", "all"), ("char-tfidf", "all[:20]")]
    (tmp_path / "c.toml").write_text(corrections, "utf-8")
    assert len(read_corrections(tmp_path / "c.toml").entries) == 3
    (tmp_path / "t.toml").write_text(themes, "utf-8")
    assert read_config(tmp_path / "t.toml").topics.n_topics == (10, 20, 40)
    (tmp_path / "n.toml").write_text(names, "utf-8")
    assert [entry.name for entry in read_names(tmp_path / "n.toml")] == ["养老服务"]


def test_make_help_names_every_target_of_the_readme():
    said = _run(["make", "help"], PROJECT)
    assert all(
        re.search(rf"^{target}\s", said, flags=re.MULTILINE)
        for target in ("train", "test", "lint", "bench", "data-check", "report", "clean")
    )
