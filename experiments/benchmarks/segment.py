"""How fast the Segmenter cuts, beside jieba on the same texts; whether every token is the same."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import islice
from statistics import median

from experiments.benchmarks.shared_data import require_shared
from research import Fields, Segmenter, iter_corpus

_REPEATS = 5
_ITEMS, _ITEMS_PER_TEXT = 60_000, 60


def main() -> None:
    """Cut some thousand news items with both, in turn, and print the rates."""
    articles = iter_corpus(require_shared() / "xwlb.jsonl.gz", Fields(headline="title", section=""))
    texts = [article.text for article in islice(articles, 0, _ITEMS, _ITEMS_PER_TEXT)]
    n_characters = sum(map(len, texts))
    fast, slow = Segmenter(), Segmenter(engine="jieba")
    n_same = sum(fast.cut(text) == slow.cut(text) for text in texts)
    fast_seconds, slow_seconds = [], []
    for _ in range(_REPEATS):
        # In turn, so that a busy moment of the machine meets both.
        fast_seconds.append(_time(fast, texts))
        slow_seconds.append(_time(slow, texts))
    fast_rate = n_characters / median(fast_seconds) / 1e6
    slow_rate = n_characters / median(slow_seconds) / 1e6
    print(
        f"{len(texts)} texts, {n_characters:,} characters; same tokens in {n_same} of {len(texts)}"
    )
    print(
        f"rjieba {fast_rate:.2f}, jieba {slow_rate:.2f} million characters per second: "
        f"{fast_rate / slow_rate:.1f} times"
    )


def _time(segmenter: Segmenter, texts: Sequence[str]) -> float:
    start = time.perf_counter()
    for text in texts:
        segmenter.cut(text)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
