"""What the tests share: the project's folder, real data where it is, two small trained runs."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from openpyxl import Workbook

PROJECT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("RESEARCH_SHARED_DATA", PROJECT.parent / "shared" / "data"))
ITEMS = len((PROJECT / "data/articles.jsonl").read_text("utf-8").splitlines())
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_browser = pytest.mark.skipif(
    not CHROMIUM, reason="no chromium on this machine (Debian: apt-get install chromium)"
)

SECTIONS = """
task = "sections"
seed = 1
[corpus]
path = "{data}/articles.jsonl"
[[features]]
kind = "char-tfidf"
ngrams = [1, 2]
min_df = 2
[[features]]
kind = "word-tfidf"
field = "headline"
[split]
kind = "days"
test_share = 0.3
"""
THEMES = """
task = "themes"
[corpus]
path = "{data}/articles.jsonl"
[tokens]
min_length = 2
[topics]
n_topics = 4
passes = 3
"""


# Tests read the command line's tables in English, whatever the locale of the machine.
os.environ["RESEARCH_LANGUAGE"] = "en"

# Files that take longest; two workers that begin with them end at about the same time.
SLOWEST = (
    "test_docs.py",
    "test_train.py",
    "test_cli.py",
    "test_loading.py",
    "test_sweep.py",
    "test_presentation.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the slowest files first; the order within a file stays."""
    rank = {name: place for place, name in enumerate(SLOWEST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(SLOWEST)))


def run_here(arguments: list[str], cwd: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command of the package in this process, which saves the second that imports take."""
    from research.cli import main

    output, errors = io.StringIO(), io.StringIO()
    code = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cwd)
        patch.setattr(sys, "argv", ["research", *arguments])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        patch.setenv("COLUMNS", "200")
        patch.delenv("RESEARCH_RUNS", raising=False)
        with redirect_stdout(output), redirect_stderr(errors):
            try:
                main()
            except SystemExit as stop:
                code = int(stop.code or 0)
    return subprocess.CompletedProcess(arguments, code, output.getvalue(), errors.getvalue())


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip(f"real data are not at {SHARED}; set RESEARCH_SHARED_DATA")
    return SHARED


@pytest.fixture(scope="session")
def configs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with sections.toml and themes.toml, small enough to train in a second."""
    folder = tmp_path_factory.mktemp("experiments")
    (folder / "sections.toml").write_text(SECTIONS.format(data=PROJECT / "data"), "utf-8")
    (folder / "themes.toml").write_text(THEMES.format(data=PROJECT / "data"), "utf-8")
    return folder


@pytest.fixture(scope="session")
def trained(configs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A runs folder with both runs in it; not to be changed."""
    from research import train

    runs = tmp_path_factory.mktemp("trained") / "runs"
    for name in ("sections", "themes"):
        train(configs / f"{name}.toml", runs)
    return runs


def save_workbook(path: Path, **sheets: list[list[object]]) -> Workbook:
    """Save a workbook of sheets with their rows; return it."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return book


def browse(page: Path, profile: Path, *options: str) -> str:
    """Open a page in a real browser without a network; return what it drew without a complaint."""
    # The log goes to stderr: console messages, refused requests, script errors.
    command = [
        str(CHROMIUM),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
    ]
    command += [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        f"--user-data-dir={profile}",
    ]
    command += [
        "--proxy-server=127.0.0.1:9",
        "--enable-logging=stderr",
        "--virtual-time-budget=8000",
        *options,
        "--dump-dom",
        page.as_uri(),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert [line for line in done.stderr.splitlines() if "CONSOLE" in line] == []
    return done.stdout
