"""Themes where dates mean nothing, and where something was planted: what is called and found.

Null: topics are learned once; then dates are shuffled among the articles, or whole months (years)
among themselves, and every theme that still "rises", "comes with the season", "peaks" or "bursts"
is an error. Calendars: as it is; even; with one article a period in the first third, or the last.
Months that change places keep what happened in them, so that there trend and season alone count.
Lineage: topics of each year alone, by shuffled dates, that are called born, split, died or merged.

Power: articles of three years, forty a month, are drawn from the sample; a rise, a season or a
burst is planted in one theme by exchanging articles. The bound beside it is what any test can find
that corrects for forty themes: that of somebody who knows the theme's variance and the shape of
what was really planted (a theme of one point cannot lose two).
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy import stats
from shared_data import PROJECT, require_shared

from research import Article, Segmenter, TopicModel, learn_words
from research.config import EventConfig
from research.text.segmenter import default_stop_words
from research.themes.calendar import Period, lay_out
from research.themes.data import ThemeData
from research.themes.lineage import follow_topics, learn_period_topics, steps_through
from research.themes.mentions import count_mentions, mentions_of
from research.themes.movement import movements
from research.themes.shares import shares_over_time
from research.themes.stories import find_rising_words

SHUFFLES = 10  # Of every calendar.
WORDS = 40  # Followed one by one in every shuffle, drawn at random.
PLANTED = 60  # Archives for each thing that is planted.
MONTHS, PER_MONTH = 36, 40
LINEAGE_TOPICS = 15  # Of each year alone.
LINEAGE_SHUFFLES = 3


@dataclass(frozen=True)
class Archive:
    """Articles with their topic shares, the period they are followed by, and a name."""

    name: str
    by: Period
    data: ThemeData

    @property
    def rows(self) -> np.ndarray:
        """The position of each article's period."""
        return lay_out(self.data.dates, self.by)[1]


def learn(name: str, by: Period, rows: list[dict], n_topics: int, min_df: int) -> Archive:
    """Learn topics of articles as JSON objects."""
    articles = [
        Article(
            headline=row.get("title") or row.get("headline") or "",
            paragraphs=(row["text"],),
            date=str(row["date"]),
        )
        for row in rows
    ]
    segmenter = Segmenter(stop_words=default_stop_words(), min_length=2)
    counts, words = learn_words(articles, segmenter, min_df=min_df, max_df=0.3, max_words=30_000)
    model = TopicModel(n_topics, random_state=0).fit(counts)
    return Archive(name, by, ThemeData(articles, counts, model.transform(counts), words))


def read_lines(path: Path) -> list[dict]:
    raw = path.read_bytes()
    text = gzip.decompress(raw) if path.suffix == ".gz" else raw
    return [json.loads(line) for line in text.splitlines()]


def archives(shared: Path) -> Iterator[Archive]:
    sample = read_lines(PROJECT / "data/articles.jsonl")
    yield learn("sample", "month", sample, 40, 2)
    reports = read_lines(shared / "gov-reports.jsonl.gz")
    yield learn("government reports", "year", reports, 40, 5)
    news = read_lines(shared / "xwlb.jsonl.gz")
    drawn = np.sort(np.random.default_rng(0).choice(len(news), 8000, replace=False))
    yield learn("television news", "month", [news[i] for i in drawn], 50, 5)


def calendars(archive: Archive, rng: np.random.Generator) -> Iterator[tuple[str, ThemeData]]:
    """Yield the archive as it is, even, and thin in its first or last third."""
    rows = archive.rows
    last = int(rows.max())
    sizes = np.bincount(rows)
    yield "as it is", archive.data
    even = max(1, int(np.median(sizes[sizes > 0])))
    thin: dict[str, Callable[[int], int]] = {
        "even": lambda _: even,
        "thin early": lambda period: 1 if period < last / 3 else len(rows),
        "thin late": lambda period: 1 if period > last * 2 / 3 else len(rows),
    }
    for name, most in thin.items():
        kept = []
        for period in np.unique(rows):
            articles = rng.permutation(np.flatnonzero(rows == period))
            kept.extend(articles[: most(period)].tolist())
        yield name, archive.data.select(sorted(kept))


def with_dates(data: ThemeData, dates: list[str]) -> ThemeData:
    articles = [
        replace(article, date=date) for article, date in zip(data.articles, dates, strict=True)
    ]
    return ThemeData(articles, data.counts, data.shares, data.vocabulary)


def shuffle_articles(data: ThemeData, _: Period, rng: np.random.Generator) -> ThemeData:
    return with_dates(data, rng.permutation(data.dates).tolist())


def shuffle_periods(data: ThemeData, by: Period, rng: np.random.Generator) -> ThemeData:
    """Let whole periods change places, each with its articles."""
    periods, rows = lay_out(data.dates, by)
    occupied = np.unique(rows)
    place = dict(zip(occupied.tolist(), rng.permutation(occupied).tolist(), strict=True))
    return with_dates(data, [periods[place[row]] for row in rows.tolist()])


def called(data: ThemeData, by: Period, events: list[EventConfig]) -> dict[str, np.ndarray]:
    """Return which themes are said to move, by kind of movement."""
    weights = np.ones(len(data.dates))
    moved = movements(shares_over_time(data.shares, data.dates, by), data, weights, events)
    return {
        "trend": np.array([theme.trend.direction != "steady" for theme in moved]),
        "season": np.array(
            [theme.season is not None and theme.season.significant for theme in moved]
        ),
        "peak": np.array([bool(theme.peaks) for theme in moved]),
        "burst": np.array([bool(theme.bursts) for theme in moved]),
        "event": np.array([any(change.significant for change in theme.events) for theme in moved]),
    }


def words_called(data: ThemeData, by: Period, rng: np.random.Generator) -> np.ndarray:
    """Return which of some words peak or burst."""
    periods, rows = lay_out(data.dates, by)
    counts = count_mentions(data.counts, data.dates, by).toarray()
    columns = rng.choice(np.flatnonzero(counts.sum(axis=0) >= 10), WORDS, replace=False)
    words = [data.vocabulary[column] for column in columns]
    documents = np.bincount(rows, minlength=len(periods))
    mentions = mentions_of(words, counts[:, columns], documents, periods, by)
    return np.array([bool(mentions.peaks(word) or mentions.bursts(word)) for word in words])


def null(archive: Archive) -> None:
    kinds = ("trend", "season", "peak", "burst", "event")
    print(f"\n{archive.name}: {len(archive.data.dates)} articles, by {archive.by}")
    print(
        f"{'calendar':12} {'shuffled':9} {'themes':>7}", *(f"{kind:>7}" for kind in kinds), end=""
    )
    print(f" {'any':>7} {'words':>7} {'stories':>8}")
    results: dict[tuple[str, str], list[np.ndarray]] = {}
    for seed in range(SHUFFLES):
        rng = np.random.default_rng(seed)
        for calendar, data in calendars(archive, rng):
            for shuffled, shuffle in (("articles", shuffle_articles), ("periods", shuffle_periods)):
                moved = shuffle(data, archive.by, rng)
                days = (
                    []
                    if archive.by == "year"
                    else [moved.dates[int(rng.integers(len(moved.dates)))]]
                )
                events = [
                    EventConfig(name="drawn", date=day)
                    for day in days
                    if len(day) == len("2023-12-20")
                ]
                found = called(moved, archive.by, events)
                counted = kinds if shuffled == "articles" else ("trend", "season")
                any_of = np.any([found[kind] for kind in counted], axis=0)
                row = [any_of.size, *(found[kind].sum() for kind in kinds), any_of.sum()]
                words = stories = 0.0
                if shuffled == "articles":
                    words = words_called(moved, archive.by, rng).mean()
                    _, rows = lay_out(moved.dates, archive.by)
                    stories = sum(1 for _ in find_rising_words(moved.counts, rows, 12))
                results.setdefault((calendar, shuffled), []).append(
                    np.array([*row, words, stories])
                )
    for (calendar, shuffled), rows in results.items():
        table = np.array(rows)
        themes, *counts = table[:, :7].sum(axis=0).astype(int)
        share = f"{100 * counts[-1] / themes:.1f} %"
        print(f"{calendar:12} {shuffled:9} {themes:7}", *(f"{n:7}" for n in counts[:-1]), end="")
        print(f" {share:>7} {100 * table[:, 7].mean():5.1f} % {table[:, 8].mean():8.1f}")
    found = called(archive.data, archive.by, [])
    _, rows = lay_out(archive.data.dates, archive.by)
    stories = sum(1 for _ in find_rising_words(archive.data.counts, rows, 12))
    print("as dated:", ", ".join(f"{kind} {found[kind].sum()}" for kind in kinds[:-1]), end="")
    print(f" of {len(found['trend'])} themes; {stories} stories")


def lineage(archive: Archive) -> None:
    """Print how many topics of single years are said to come and go, by true and shuffled dates."""
    model = TopicModel(LINEAGE_TOPICS, random_state=0)
    print(f"\nlineage of {archive.name}, {LINEAGE_TOPICS} topics of each year alone")
    print(f"{'dates':12} {'topics':>7} {'no match':>9} {'came':>6} {'went':>6} {'called':>8}")
    for name, seeds in (("as it is", [None]), ("shuffled", range(LINEAGE_SHUFFLES))):
        counts = np.zeros(4, dtype=int)
        for seed in seeds:
            data = archive.data
            if seed is not None:
                data = shuffle_articles(data, "year", np.random.default_rng(seed))
            periods = learn_period_topics(data, "year", model)
            steps = follow_topics(periods, periods[0].topic_word, data.vocabulary)
            first, last = periods[0].period, periods[-1].period
            lines = steps_through([topics.topic_word for topics in periods])
            unmatched = sum(bool(step.began) for year in lines for step in year)
            can_change = sum(step.period != first for step in steps)
            came = sum(bool(step.began) for step in steps if step.period != first)
            went = sum(bool(step.ended) for step in steps if step.period != last)
            counts += [can_change, unmatched, came, went]
        topics, *others = counts.tolist()
        share = f"{100 * sum(others[1:]) / (2 * topics):.1f} %"
        print(f"{name:12} {topics:7} {others[0]:9} {others[1]:6} {others[2]:6} {share:>8}")


def drawn_months(archive: Archive, rng: np.random.Generator) -> tuple[np.ndarray, list[str]]:
    """Return three years of articles drawn from an archive (their shares), and their dates."""
    shares = archive.data.shares[rng.choice(len(archive.data.dates), MONTHS * PER_MONTH)]
    dates = [f"{2021 + month // 12}-{month % 12 + 1:02d}-15" for month in range(MONTHS)]
    return shares, [date for date in dates for _ in range(PER_MONTH)]


def plant(
    archive: Archive,
    shares: np.ndarray,
    topic: int,
    change: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Exchange articles so that a theme's mean share changes by *change* (n_months,)."""
    pool = archive.data.shares
    strong, weak = np.flatnonzero(pool[:, topic] > 0.3), np.flatnonzero(pool[:, topic] < 0.02)
    gap = pool[strong, topic].mean() - pool[weak, topic].mean()
    planted = shares.copy()
    for month, by in enumerate(change.tolist()):
        articles = np.arange(month * PER_MONTH, (month + 1) * PER_MONTH)
        exact = abs(by) / gap * PER_MONTH
        n = int(exact) + int(rng.random() < exact % 1)
        is_strong = planted[articles, topic] > 0.3
        replaced = rng.permutation(articles[~is_strong if by > 0 else is_strong])[:n]
        source = strong if by > 0 else weak
        planted[replaced] = pool[rng.choice(source, len(replaced))]
    return planted


def power(archive: Archive) -> None:
    month = np.arange(MONTHS)
    rise = month / (MONTHS - 1) - 0.5
    wave = np.cos(2 * np.pi * (month - 6) / 12)
    burst = np.isin(month, (17, 18)).astype(float)
    cases = [
        *(
            ("trend", f"a rise of {points} points over three years", points / 100 * rise)
            for points in (2, 4, 6)
        ),
        *(
            ("season", f"a season of ± {points} points", points / 100 * wave)
            for points in (2, 3, 4)
        ),
        *(
            ("burst", f"a burst of two months, {points} points", points / 100 * burst)
            for points in (4, 8, 12)
        ),
    ]
    print(f"\nplanted in {archive.name}, {PER_MONTH} articles a month for three years")
    print(f"{'planted':44} {'found':>7} {'bound':>7}")
    for kind, name, change in cases:
        hits, bounds = [], []
        for seed in range(PLANTED):
            rng = np.random.default_rng(seed)
            shares, dates = drawn_months(archive, rng)
            topic = int(rng.integers(shares.shape[1]))
            planted = plant(archive, shares, topic, change, rng)
            data = ThemeData(
                [Article(date=date) for date in dates],
                archive.data.counts[: len(dates)],
                planted,
                archive.data.vocabulary,
            )
            hits.append(called(data, "month", [])[kind][topic])
            deviation = archive.data.shares[:, topic].std()
            wanted_change = change - change.mean()
            changed = (planted - shares)[:, topic].reshape(MONTHS, PER_MONTH).mean(axis=1)
            # A theme of fewer than two points cannot lose two: what was planted may be less.
            reached = max(0.0, changed @ wanted_change / (wanted_change**2).sum())
            z = reached * np.sqrt(PER_MONTH * (wanted_change**2).sum()) / deviation
            critical = stats.norm.isf(0.025 / shares.shape[1])
            bounds.append(stats.norm.sf(critical - z))
        print(f"{name:44} {100 * np.mean(hits):5.0f} % {100 * np.mean(bounds):5.0f} %")


def main() -> None:
    for archive in archives(require_shared()):
        null(archive)
        if archive.by == "month":
            lineage(archive)
        if archive.name == "sample":
            power(archive)


if __name__ == "__main__":
    main()
