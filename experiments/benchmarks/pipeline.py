"""Time and memory of whole experiments on real archives, each in a process of its own."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from shared_data import require_shared

from research import load

SECTIONS_OF_SILVER_LABELS = """
task = "sections"
sections = ["政务", "环保", "招商", "民生"]
[corpus]
path = "{shared}/sections-silver.jsonl.gz"
fields = {{headline = ""}}
[[features]]
kind = "char-tfidf"
ngrams = [1, 3]
min_df = 5
max_features = 300_000
[[features]]
kind = "word-tfidf"
min_df = 3
[split]
kind = "date"
test_from = "2023"
"""
THEMES_OF_NEWS = """
task = "themes"
[corpus]
path = "{shared}/xwlb.jsonl.gz"
fields = {{headline = "title", section = ""}}
[tokens]
min_length = 2
[topics]
n_topics = 50
passes = 1
min_df = 10
max_df = 0.3
"""
EXPERIMENTS = {"silver": SECTIONS_OF_SILVER_LABELS, "xwlb": THEMES_OF_NEWS}
SHOWN_FIGURES = (
    "macro_f1",
    "train_articles",
    "test_articles",
    "coherence_npmi",
    "documents",
    "tokens",
)


def train(config: Path, runs: Path) -> float:
    """Train in a process of its own; return its peak memory in MB."""
    command = [sys.executable, "-m", "research", "train", str(config), "--runs", str(runs)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{config.stem}: training failed")
    return usage.ru_maxrss / 1024


def main() -> None:
    shared = require_shared()
    for name, experiment in EXPERIMENTS.items():
        with tempfile.TemporaryDirectory() as folder:
            config = Path(folder) / f"{name}.toml"
            config.write_text(experiment.format(shared=shared), "utf-8")
            peak = train(config, Path(folder))
            run = load(name, folder)
            seconds, figures = run.record.seconds, run.figures
        shown = {key: figures[key] for key in SHOWN_FIGURES if key in figures}
        print(f"{name}: {seconds:.0f} s, peak {peak:.0f} MB, {shown}")


main()
