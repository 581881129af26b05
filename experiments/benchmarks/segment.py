"""How fast the Segmenter cuts, beside jieba on the same texts, and whether every token is the same."""

import time
from itertools import islice
from statistics import median

from shared_data import require_shared

from research import Fields, Segmenter, iter_corpus

REPEATS = 5


def main() -> None:
    rows = iter_corpus(require_shared() / "xwlb.jsonl.gz", Fields(headline="title", section=""))
    texts = [article.text for article in islice(rows, 0, 60_000, 60)]
    characters = sum(map(len, texts))
    fast, slow = Segmenter(), Segmenter(engine="jieba")
    same = sum(fast.cut(text) == slow.cut(text) for text in texts)
    seconds: dict[str, list[float]] = {"rjieba": [], "jieba": []}
    for _ in range(REPEATS):
        # In turn, so that a busy moment of the machine meets both.
        for name, segmenter in (("rjieba", fast), ("jieba", slow)):
            start = time.perf_counter()
            for text in texts:
                segmenter.cut(text)
            seconds[name].append(time.perf_counter() - start)
    rates = {name: characters / median(values) / 1e6 for name, values in seconds.items()}
    print(f"{len(texts)} texts, {characters:,} characters; same tokens in {same} of {len(texts)}")
    print(
        f"rjieba {rates['rjieba']:.2f}, jieba {rates['jieba']:.2f} million characters a second: {rates['rjieba'] / rates['jieba']:.1f} times"
    )


main()
