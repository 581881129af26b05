"""How well pages are split: real articles set as pages in every common style of dump, and the result against gold.

Figures a style: B-cubed F1 over lines weighted by characters (Bagga & Baldwin 1998), shares of exact headlines, exact
bodies and right kinds; the share of articles cut just right, and how sure the splitter was of them; pages a second.
`pages.py [PAGES] [STYLE]`; naming a style also shows what went wrong. The splitter's weights are learned by
`fit_splitter.py` from the other half of the articles.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter

from layout import STYLES, Item, Style, bare, set_page, sources

from research import Article, Page, split_page


def b_cubed(page: Page, gold: list[Item], found: list[Article]) -> float:
    """B-cubed F1 over the lines of the gold items, each weighted by its characters."""
    weight = {n: len(bare(line)) for n, line in enumerate(page.lines, 1)}
    true = {n: i for i, item in enumerate(gold) for n in item.lines}
    said = {
        n: i
        for i, article in enumerate(found)
        for first, last in article.lines
        for n in range(first, last + 1)
    }
    lines = [n for n in true if n in said]
    both = Counter[tuple[int, int]]()
    of_true, of_said = Counter[int](), Counter[int]()
    for n in lines:
        both[true[n], said[n]] += weight[n]
        of_true[true[n]] += weight[n]
        of_said[said[n]] += weight[n]
    total = sum(weight[n] for n in true)
    precision = sum(weight[n] * both[true[n], said[n]] / of_said[said[n]] for n in lines) / total
    recall = sum(weight[n] * both[true[n], said[n]] / of_true[true[n]] for n in lines) / total
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def measure(
    style: Style, articles: list[Article], rng: random.Random, count: int, show: int = 0
) -> list[float]:
    pages = [set_page(style, rng.sample(articles, rng.randint(4, 9)), rng) for _ in range(count)]
    start = time.perf_counter()
    results = [split_page(page) for page, _, _ in pages]
    rate = count / (time.perf_counter() - start)
    cubed, headlines, bodies, kinds, right, sure = [], [], [], [], [], []
    for (page, gold, _), found in zip(pages, results, strict=True):
        cubed.append(b_cubed(page, gold, found))
        cuts = {tuple(item.lines) for item in gold}
        right += [
            tuple(
                n
                for first, last in article.lines
                for n in range(first, last + 1)
                if page.lines[n - 1].strip()
            )
            in cuts
            for article in found
        ]
        sure += [article.confidence for article in found]
        starts = {article.lines[0][0]: article for article in found}
        for item in gold:
            article = starts.get(item.lines[0], Article())
            headlines.append(bare(article.headline) == bare(item.headline))
            bodies.append(bare(article.text) == bare(item.text))
            kinds.append(article.kind == item.kind)
            if show and not (headlines[-1] and bodies[-1] and kinds[-1]):
                show -= 1
                near = page.lines[max(0, item.lines[0] - 4) : item.lines[-1] + 3]
                print(
                    "-" * 60,
                    f"{item.kind} {item.headline}",
                    f"found: {article.kind} {article.headline} {article.lines}",
                    sep="\n",
                )
                print(
                    *near[:14], *(["  …", *near[-10:]] if len(near) > 24 else near[14:]), sep="\n"
                )
    return [
        sum(values) / len(values) for values in (cubed, headlines, bodies, kinds, right, sure)
    ] + [rate]


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    wanted = sys.argv[2] if len(sys.argv) > 2 else None
    articles = sources()
    print(f"{len(articles)} real articles, {count} pages a style")
    print(f"{'style':28} B-cubed  headline  body   kind   cut right  sure  pages/s")
    rows = []
    for number, style in enumerate(STYLES):
        if wanted in (None, style.name):
            figures = measure(
                style, articles, random.Random(number), count, show=12 if wanted else 0
            )
            print(
                "{:28} {:.4f}   {:.4f}   {:.4f} {:.4f}   {:.4f}   {:.4f} {:6.0f}".format(
                    style.name, *figures
                ),
                flush=True,
            )
            rows.append(figures)
    print(
        "{:28} {:.4f}   {:.4f}   {:.4f} {:.4f}   {:.4f}   {:.4f} {:6.0f}".format(
            "mean", *(sum(column) / len(rows) for column in zip(*rows, strict=True))
        )
    )


if __name__ == "__main__":
    main()
