"""Check the sample: `python data/check.py [FOLDER]` (or `make data-check`).

Prints what is wrong, then figures of its prose. Where real news is at hand (RESEARCH_SHARED_DATA,
or ../shared/data beside the project), its figures are printed, too.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import sys
import tomllib
from collections import Counter
from itertools import pairwise
from pathlib import Path

from research import Fields, InputError, Segmenter, iter_corpus, near_duplicates, read_corpus
from research.articles.article import SECTIONS, Article
from research.text.segmenter import read_user_dictionary

HERE = Path(__file__).parent
INEWS = (
    Path(os.environ.get("RESEARCH_SHARED_DATA", HERE.parents[1] / "shared" / "data"))
    / "inews.jsonl.gz"
)
SHORTEST, LONGEST = 120, 700
RUN, MOST_RUNS = 16, 3
LEAST_CUES = 150
DICTIONARIES = ("dictionary.txt", "places.txt", "bureaus.txt", "slogans.txt")


def problems(folder: Path) -> list[str]:
    """Return what is wrong with a sample folder, a line each."""
    path = folder / "articles.jsonl"
    try:
        articles = read_corpus(path, require=["date", "section"])
    except InputError as error:
        return [str(error)]
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    copies = {row["id"]: row["copy_of"] for row in rows if "copy_of" in row}
    return [
        *_order(articles),
        *_items(articles, rows),
        *_repeats(articles, copies),
        *_pages(folder, articles),
        *_words(folder),
    ]


def _order(articles: list[Article]) -> list[str]:
    found = []
    for place, article in enumerate(articles, 1):
        if article.id != f"qichuan-{place:04d}":
            found.append(f"articles.jsonl:{place}: id {article.id}, not qichuan-{place:04d}")
        if article.date and not re.fullmatch(r"\d{4}-\d\d-\d\d", article.date):
            found.append(f"articles.jsonl:{place}: date {article.date} is no day")
    found += [
        f"{later.id}: dated {later.date}, before {earlier.id}"
        for earlier, later in pairwise(articles)
        if str(later.date) < str(earlier.date)
    ]
    return found


def _items(articles: list[Article], rows: list[dict[str, str]]) -> list[str]:
    found = []
    for article, row in zip(articles, rows, strict=True):
        length = len(article.text.replace("\n", ""))
        if not SHORTEST <= length <= LONGEST:
            found.append(f"{article.id}: {length} characters, not {SHORTEST} to {LONGEST}")
        if not (article.headline and article.byline and row.get("page")):
            found.append(f"{article.id}: headline, byline or page is missing")
        second = row.get("second_section")
        if second is not None and (second not in SECTIONS or second == article.section):
            found.append(f"{article.id}: second section {second!r} beside {article.section}")
    heads = Counter(article.headline for article in articles)
    return found + [
        f"headline {head!r} stands {count} times" for head, count in heads.items() if count > 1
    ]


def _repeats(articles: list[Article], copies: dict[str, str]) -> list[str]:
    runs: dict[str, set[str]] = {}
    for article in articles:
        for start in range(len(article.text) - RUN + 1):
            runs.setdefault(article.text[start : start + RUN], set()).add(article.id)
    found = [
        f"{run!r} stands in {len(ids)} items" for run, ids in runs.items() if len(ids) > MOST_RUNS
    ]
    texts = [article.text for article in articles]
    twins = {
        (articles[pair.left].id, articles[pair.right].id)
        for pair in near_duplicates(texts, texts, 0.3)
        if pair.left < pair.right
    }
    meant = {(of, copy) for copy, of in copies.items()}
    found += [
        f"{later} nearly repeats {earlier}; rewrite one, or say copy_of"
        for earlier, later in sorted(twins - meant)
    ]
    return found + [
        f"{copy}: copy_of {of}, which it does not repeat" for of, copy in sorted(meant - twins)
    ]


def _pages(folder: Path, articles: list[Article]) -> list[str]:
    known = {article.id: article for article in articles}
    found = []
    for gold in [*sorted((folder / "pages").rglob("*.gold.jsonl")), folder / "epaper/gold.jsonl"]:
        for number, line in enumerate(gold.read_text("utf-8").splitlines(), 1):
            row = json.loads(line)
            where = f"{gold.relative_to(folder)}:{number}"
            if "id" in row and row["id"] not in known:
                found.append(f"{where}: no item {row['id']}")
            elif "id" in row and not all(
                paragraph in known[row["id"]].text for paragraph in row["paragraphs"]
            ):
                found.append(f"{where}: not the words of {row['id']}")
    return found


def _words(folder: Path) -> list[str]:
    found = []
    for name in DICTIONARIES:
        words = [entry.word for entry in read_user_dictionary(folder / name)]
        found += [
            f"{name}: {word} stands {count} times"
            for word, count in Counter(words).items()
            if count > 1
        ]
    cues = tomllib.loads((folder / "cues.toml").read_text("utf-8")).get("cues", {})
    if tuple(cues) != SECTIONS:
        found.append(f"cues.toml: sections {', '.join(cues)}, not {', '.join(SECTIONS)}")
    found += [
        f"cues.toml: {len(words)} words for {section}, not {LEAST_CUES}"
        for section, words in cues.items()
        if len(words) < LEAST_CUES
    ]
    found += [
        f"cues.toml: {word} stands {n} times"
        for word, n in Counter(word for words in cues.values() for word in words).items()
        if n > 1
    ]
    return found


def prose(texts: list[str], tokens: int) -> str:
    """Describe the first *tokens* words: type–token ratio, sentence lengths (characters)."""
    segmenter = Segmenter(stop_words=())
    words: list[str] = []
    sentences: list[int] = []
    for text in texts:
        words += segmenter.segment(text)
        sentences += [len(part.strip()) for part in re.split("[。！？\n]", text) if part.strip()]
        if len(words) >= tokens:
            break
    words = words[:tokens]
    low, middle, high = statistics.quantiles(sentences, n=4)
    mean, deviation = statistics.mean(sentences), statistics.stdev(sentences)
    quartiles = f"quartiles {low:.0f} {middle:.0f} {high:.0f}"
    ratio = len(set(words)) / len(words)
    return (
        f"{len(words):,} words, type–token ratio {ratio:.3f}, "
        f"sentences {mean:.1f} ± {deviation:.1f} ({quartiles})"
    )


def main(folder: Path) -> int:
    found = problems(folder)
    for line in found:
        print(line)
    if not found:
        articles = read_corpus(folder / "articles.jsonl")
        count = len(
            Segmenter(stop_words=()).segment("\n".join(article.text for article in articles))
        )
        real = (
            [article.text for article in iter_corpus(INEWS, Fields(headline="title", section=""))]
            if INEWS.is_file()
            else []
        )
        count = (
            min(count, len(Segmenter(stop_words=()).segment("\n".join(real[:2000]))))
            if real
            else count
        )
        sections = Counter(article.section for article in articles)
        counts = ", ".join(f"{section} {n}" for section, n in sections.items())
        print(f"{len(articles)} items: {counts}; nothing wrong")
        print(f"this sample: {prose([article.text for article in articles], count)}")
        print(
            f"real web news (inews): {prose(real, count)}" if real else f"no real news at {INEWS}"
        )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE))
