"""How fast a year of a daily is split: 3,000 pages in 375 issues, on all cores, and again on one.

``archive.py [ISSUES]``.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from experiments.layouts import STYLES, set_page, sources
from research.pages.archive import split_archive

_ISSUES = 375
_PAGES_PER_ISSUE = 8
_FIRST_DAY = date(2023, 1, 1)


def main() -> None:
    """Set the issues, split them twice and print the times."""
    n_issues = int(sys.argv[1]) if len(sys.argv) > 1 else _ISSUES
    with tempfile.TemporaryDirectory() as folder:
        paper = Path(folder) / "paper"
        _write_issues(paper, n_issues)
        for jobs, cores in ((None, "all cores"), (1, "one core")):
            start = time.perf_counter()
            result = split_archive([paper], Path(folder) / "articles.jsonl", n_jobs=jobs)
            seconds = time.perf_counter() - start
            rate = result.pages / seconds
            print(
                f"{result.pages:,} pages, {result.kinds.total():,} articles, {cores}: "
                f"{seconds:.1f} s, {rate:.0f} pages per second"
            )


def _write_issues(paper: Path, n_issues: int) -> None:
    """Write one folder per day, one text file per page."""
    articles = sources()
    rng = random.Random(0)
    for n in range(n_issues):
        folder = paper / (_FIRST_DAY + timedelta(n)).isoformat()
        folder.mkdir(parents=True)
        for number in range(1, _PAGES_PER_ISSUE + 1):
            style = rng.choice(STYLES)
            page, _, _ = set_page(style, rng.sample(articles, rng.randint(4, 9)), rng)
            (folder / f"{number:02d}.txt").write_text("\n".join(page.lines), "utf-8")


if __name__ == "__main__":
    main()
