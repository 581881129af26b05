"""How well pages are split, against gold.

Real articles are set as pages in every common style of dump. Figures per style: B-cubed F1 over
lines weighted by characters (Bagga & Baldwin 1998), shares of exact headlines, exact bodies and
right kinds; the share of articles cut just right, and how sure the splitter was of them; pages per
second. ``pages.py [PAGES] [STYLE]``; naming a style also shows
what went wrong. The splitter's weights are learned by ``fit_splitter.py`` from the other half of
the articles.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from experiments.layouts import STYLES, Item, bare, set_page, sources
from research import Article, Page, split_page

_PAGES_PER_STYLE = 200
_SHOWN_MISTAKES = 12
_HEADING = f"{'style':28} B-cubed  headline  body   kind   cut right  sure  pages/s"


class Figures(NamedTuple):
    """What is measured of one style; means over pages, items or articles."""

    b_cubed: float
    headlines: float
    bodies: float
    kinds: float
    cut_right: float
    confidence: float
    pages_per_second: float


class Split(NamedTuple):
    """A page, its gold, and the articles that it was split into."""

    page: Page
    gold: list[Item]
    articles: list[Article]


class Match(NamedTuple):
    """Whether an item came out with the headline, the body and the kind of the gold."""

    headline: bool
    body: bool
    kind: bool


def lines_in(article: Article) -> list[int]:
    """Return the numbers of all lines in an article's ranges."""
    return [number for first, last in article.lines for number in range(first, last + 1)]


def b_cubed(page: Page, gold: Sequence[Item], articles: Sequence[Article]) -> float:
    """Return B-cubed F1 over the lines of the gold items, each weighted by its characters."""
    weight = {number: len(bare(line)) for number, line in enumerate(page.lines, 1)}
    true = {number: i for i, item in enumerate(gold) for number in item.lines}
    predicted = {number: i for i, article in enumerate(articles) for number in lines_in(article)}
    lines = [number for number in true if number in predicted]
    both = Counter[tuple[int, int]]()
    of_true, of_predicted = Counter[int](), Counter[int]()
    for number in lines:
        both[true[number], predicted[number]] += weight[number]
        of_true[true[number]] += weight[number]
        of_predicted[predicted[number]] += weight[number]
    total = sum(weight[number] for number in true)
    precision = recall = 0.0
    for number in lines:
        shared = weight[number] * both[true[number], predicted[number]]
        precision += shared / of_predicted[predicted[number]] / total
        recall += shared / of_true[true[number]] / total
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def measure(pages: Sequence[tuple[Page, list[Item]]], show: int = 0) -> Figures:
    """Split pages of one style, and print the first *show* mistakes."""
    start = time.perf_counter()
    splits = [Split(page, gold, split_page(page)) for page, gold in pages]
    rate = len(pages) / (time.perf_counter() - start)
    matches = []
    for split in splits:
        for item, article in _pairs(split):
            match = _compare(item, article)
            matches.append(match)
            if show and not all(match):
                show -= 1
                _show_mistake(split.page, item, article)
    headlines, bodies, kinds = zip(*matches, strict=True)
    return Figures(
        _mean([b_cubed(*split) for split in splits]),
        _mean(headlines),
        _mean(bodies),
        _mean(kinds),
        _mean([right for split in splits for right in _cut_right(split)]),
        _mean([article.confidence or 0.0 for split in splits for article in split.articles]),
        rate,
    )


def _pairs(split: Split) -> list[tuple[Item, Article]]:
    """Return every gold item with the article that begins at its first line, or an empty one."""
    starts = {article.lines[0][0]: article for article in split.articles}
    return [(item, starts.get(item.lines[0], Article())) for item in split.gold]


def _compare(item: Item, article: Article) -> Match:
    return Match(
        bare(article.headline) == bare(item.headline),
        bare(article.text) == bare(item.text),
        article.kind == item.kind,
    )


def _cut_right(split: Split) -> list[bool]:
    """Return for every article whether its lines are those of one gold item."""
    gold_lines = {tuple(item.lines) for item in split.gold}
    lines = split.page.lines
    filled = [
        tuple(number for number in lines_in(article) if lines[number - 1].strip())
        for article in split.articles
    ]
    return [numbers in gold_lines for numbers in filled]


def _show_mistake(page: Page, item: Item, article: Article) -> None:
    near = page.lines[max(0, item.lines[0] - 4) : item.lines[-1] + 3]
    if len(near) > 24:
        near = (*near[:14], "  …", *near[-10:])
    predicted = f"predicted: {article.kind} {article.headline} {article.lines}"
    print("-" * 60, f"{item.kind} {item.headline}", predicted, *near, sep="\n")


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _print_figures(name: str, figures: Sequence[float]) -> None:
    b_cubed_f1, headlines, bodies, kinds, cut_right, confidence, rate = figures
    print(
        f"{name:28} {b_cubed_f1:.4f}   {headlines:.4f}   {bodies:.4f} {kinds:.4f}   "
        f"{cut_right:.4f}   {confidence:.4f} {rate:6.0f}",
        flush=True,
    )


def main() -> None:
    """Measure every style, or the one that is named."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else _PAGES_PER_STYLE
    name = sys.argv[2] if len(sys.argv) > 2 else None
    articles = sources()
    print(f"{len(articles)} real articles, {count} pages per style", _HEADING, sep="\n")
    rows = []
    for number, style in enumerate(STYLES):
        if name not in (None, style.name):
            continue
        rng = random.Random(number)
        pages = []
        for _ in range(count):
            page, gold, _roles = set_page(style, rng.sample(articles, rng.randint(4, 9)), rng)
            pages.append((page, gold))
        rows.append(measure(pages, show=_SHOWN_MISTAKES if name else 0))
        _print_figures(style.name, rows[-1])
    _print_figures("mean", [_mean(column) for column in zip(*rows, strict=True)])


if __name__ == "__main__":
    main()
