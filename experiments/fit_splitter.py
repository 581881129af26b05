"""Learns the splitter's weights from real articles set as pages of many layouts.

Writes ``research/pages/split/weights.npz``: a network over the evidence, how parts follow each
other, and what both were learned from; no text. One half of the articles is used, the other is for
``benchmarks/pages.py``; the layouts are drawn at random by the same program, and may come out like
one of its styles. Takes a quarter of an hour on two cores.

Run it after a change of what lines, blocks or evidence observe, from the project's folder:
``python -m experiments.fit_splitter [--pages N] [--passes N] [--output FILE]``.
"""

from __future__ import annotations

import argparse
import hashlib
import platform
from collections.abc import Sequence
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from experiments.benchmarks.shared_data import require_shared
from experiments.layouts import DATA_FILES, sources
from experiments.splitter.examples import Example, Examples, draw_examples
from experiments.splitter.fit import Fit, Settings, batches_of
from research import Article, __version__
from research.pages.split.weights import Provenance, write_weights

WEIGHTS = Path(__file__).parents[1] / "research" / "pages" / "split" / "weights.npz"
_UNSEEN_SEED = 1
_FIRST_SEED = 2
# The articles of a worker, set when it starts: sent once, not with every chunk of pages.
_worker_articles: list[Article] = []


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw pages, learn from them and write the weights."""
    options = _parse(arguments)
    settings = Settings(pages=options.pages, passes=options.passes, pages_unseen=options.unseen)
    articles = sources(learning=True)
    unseen_articles = articles[: settings.articles_unseen]
    pages = _draw(articles[settings.articles_unseen :], settings, options.start_method)
    unseen = draw_examples(_UNSEEN_SEED, unseen_articles, settings.pages_unseen).pages
    fit, loss = _learn(pages, unseen, settings)
    write_weights(options.output, fit.learned, _provenance(settings, loss))


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Learn the splitter's weights.")
    default = Settings()
    parser.add_argument("--pages", type=int, default=default.pages, help="pages to learn from")
    parser.add_argument("--passes", type=int, default=default.passes, help="over these pages")
    parser.add_argument(
        "--unseen", type=int, default=default.pages_unseen, help="pages to measure the loss on"
    )
    parser.add_argument("--output", type=Path, default=WEIGHTS, help="file to write")
    parser.add_argument(
        "--start-method",
        choices=("fork", "spawn", "forkserver"),
        help="how worker processes start; the system's own way if not given",
    )
    return parser.parse_args(arguments)


def _draw(articles: list[Article], settings: Settings, start_method: str | None) -> list[Example]:
    """Set and observe pages on all cores."""
    context = get_context(start_method)
    seeds = range(_FIRST_SEED, _FIRST_SEED + settings.pages // settings.chunk)
    tasks = [(seed, settings.chunk) for seed in seeds]
    with context.Pool(initializer=_start_worker, initargs=(articles,)) as pool:
        chunks = pool.starmap(_draw_chunk, tasks)
    pages = [page for chunk in chunks for page in chunk.pages]
    n_blocks = sum(len(page.states) for page in pages)
    n_odd = sum(chunk.n_odd for chunk in chunks)
    print(
        f"{len(pages)} pages, {n_blocks} blocks; {n_odd} pages set aside as no sequence of parts",
        flush=True,
    )
    return pages


def _start_worker(articles: list[Article]) -> None:
    _worker_articles[:] = articles


def _draw_chunk(seed: int, count: int) -> Examples:
    return draw_examples(seed, _worker_articles, count)


def _learn(
    pages: list[Example], unseen: list[Example], settings: Settings
) -> tuple[Fit, dict[str, float | None]]:
    """Learn from pages; return what was learned, and the loss per page after the last pass."""
    batches = batches_of(pages, settings.batch)
    unseen_batches = batches_of(unseen, settings.batch)
    fit, rng = Fit(settings), np.random.default_rng(1)
    loss: dict[str, float | None] = {"learned": None, "unseen": None}
    for number in range(settings.passes):
        loss = {
            "learned": float(fit.run_pass(number, batches, rng)),
            "unseen": float(fit.loss(unseen_batches)),
        }
        print(
            f"pass {number + 1}: loss per page {loss['learned']:.3f}, "
            f"on unseen articles {loss['unseen']:.3f}",
            flush=True,
        )
    return fit, loss


def _provenance(settings: Settings, loss: dict[str, float | None]) -> Provenance:
    """Record what weights were learned from."""
    shared = require_shared()
    hashes = {name: hashlib.sha256((shared / name).read_bytes()).hexdigest() for name in DATA_FILES}
    versions = {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "research": __version__,
    }
    return Provenance(hashes, asdict(settings), loss, versions)


if __name__ == "__main__":
    main()
