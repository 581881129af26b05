"""How fast a year of a daily is split: 3,000 pages in 375 issues, on all cores, and again on one."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from layout import STYLES, set_page, sources

from research.pages.archive import split_archive

ISSUES = int(sys.argv[1]) if len(sys.argv) > 1 else 375


def main() -> None:
    articles = sources()
    rng = random.Random(0)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "paper"
        for n in range(ISSUES):
            day = root / (date(2023, 1, 1) + timedelta(n)).isoformat()
            day.mkdir(parents=True)
            for number in range(1, 9):
                page, _, _ = set_page(
                    rng.choice(STYLES), rng.sample(articles, rng.randint(4, 9)), rng
                )
                (day / f"{number:02d}.txt").write_text("\n".join(page.lines), "utf-8")
        for jobs in (None, 1):
            start = time.perf_counter()
            found = split_archive([root], Path(folder) / "articles.jsonl", n_jobs=jobs)
            spent = time.perf_counter() - start
            said = f"{found.pages:,} pages, {found.kinds.total():,} articles"
            print(
                f"{said}, {'one core' if jobs else 'all cores'}: {spent:.1f} s, {found.pages / spent:.0f} pages a second"
            )


if __name__ == "__main__":
    main()
