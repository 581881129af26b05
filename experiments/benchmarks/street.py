"""Time and memory of whole experiments on real archives, each in a process of its own."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from shared_data import require_shared

SILVER = """
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
XWLB = """
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


def main() -> None:
    shared = require_shared()
    for name, config in (("silver", SILVER), ("xwlb", XWLB)):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{name}.toml"
            path.write_text(config.format(shared=shared), "utf-8")
            process = subprocess.Popen(
                [sys.executable, "-m", "research", "train", str(path), "--runs", folder],
                stdout=subprocess.DEVNULL,
            )
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                sys.exit(f"{name}: training failed")
            seconds = json.loads((Path(folder) / name / "record.json").read_text("utf-8"))[
                "seconds"
            ]
            figures = json.loads((Path(folder) / name / "figures.json").read_text("utf-8"))
        shown = {
            key: figures[key]
            for key in (
                "macro_f1",
                "train_articles",
                "test_articles",
                "coherence_npmi",
                "documents",
                "tokens",
            )
            if key in figures
        }
        print(f"{name}: {seconds:.0f} s, peak {usage.ru_maxrss / 1024:.0f} MB, {shown}")


main()
