"""What a themes experiment tells of time: curves with bands, movements, events, words that come and go, themes by section."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.articles.article import Article
from research.articles.dates import iso_date
from research.config import EventConfig, ThemesExperiment
from research.errors import InputError
from research.files import Progress
from research.runs import Draft, SectionsRun, load
from research.themes import movement
from research.themes.calendar import (
    PER_YEAR,
    Period,
    far_from_others,
    first_day,
    lay_out,
    periods_between,
    periods_of,
    too_coarse,
)
from research.themes.lineage import KIN, distances, steps_through
from research.themes.mentions import count_mentions
from research.themes.shares import SharesOverTime, shares_over_time
from research.themes.stories import find_stories
from research.themes.wording import changed_words, smoothed, words_by_period
from research.topics.model import TopicModel
from research.training.inputs import in_batches, read_articles, tell

_VALUES = 12  # Of a breakdown: the commonest.
_POINTS, _PER_POINT = 50_000, 8  # Articles behind the points of curves: in all, and of one point.
_LEAST_SHARE = 0.1
_PEAKS = 8
_LEAD = 60
_PERIOD_WORDS = 6
_LEAST_BEFORE = 4  # Periods that a story is held against; a year's, where those are more.
_PER_STORY = 3
_LEAST_PER_TOPIC = 5  # Articles that a period needs, for each topic, to have topics of its own.


def read_dated(
    config: ThemesExperiment, base: Path, progress: Progress | None
) -> tuple[list[Article], list[tuple[int, str, str]]]:
    """Read the corpus; return its articles, and of those that no curve can show their position, date and why.

    Dates that are missing, no date of the calendar, too coarse for the periods, or of another century than the rest.
    """
    wrong: list[tuple[Article, str]] = []
    articles = read_articles(
        config.corpus,
        base,
        progress,
        sections=None,
        require_section=False,
        on_bad_date=lambda article, why: wrong.append((article, why)),
    )
    why_wrong = {id(article): why for article, why in wrong}
    by = config.time.by
    undated: list[tuple[int, str, str]] = []
    for i, article in enumerate(articles):
        if article.date is None:
            undated.append(
                (
                    i,
                    "",
                    why_wrong.get(id(article), f"no date in field {config.corpus.fields.date!r}"),
                )
            )
        elif too_coarse(article.date, by):
            undated.append((i, article.date, f"names no {by}"))
    out = {i for i, _, _ in undated}
    left = [i for i in range(len(articles)) if i not in out]
    far = far_from_others([articles[i].date or "" for i in left])
    undated += [
        (i, articles[i].date or "", "far from the other dates: another century?")
        for n, i in enumerate(left)
        if n in far
    ]
    if 2 * len(undated) > len(articles):
        i, date, why = undated[0]
        raise InputError(
            f"{base / config.corpus.path}: {len(undated)} of {len(articles)} articles have no usable date, such as {articles[i].id}: "
            f"{date} {why}; name the field, set time.by to something longer, or mend the dates"
        )
    return articles, sorted(undated)


def label_sections(
    config: ThemesExperiment, base: Path, articles: list[Article], progress: Progress | None
) -> list[Article]:
    """Give articles without section the one that the config's section run is sure of; the others stay without."""
    if config.sections is None:
        return articles
    run = load(base / config.sections)
    if not isinstance(run, SectionsRun):
        raise InputError(
            f'{base / config.sections}: a themes run labels no sections; give a run with task = "sections"'
        )
    model = run.model
    bare = [i for i, article in enumerate(articles) if not article.section]
    if bare:
        proba = in_batches(model.predict_proba, [articles[i] for i in bare], "labelling", progress)
        for i, best, sure in zip(bare, proba.argmax(axis=1), model.is_sure(proba), strict=True):
            articles[i] = (
                replace(articles[i], section=str(model.classes_[best])) if sure else articles[i]
            )
    return articles


def follow(
    config: ThemesExperiment,
    events: Sequence[EventConfig],
    articles: Sequence[Article],
    followed: Sequence[int],
    counts: sparse.csr_matrix,
    shares: NDArray[np.float64],
    model: TopicModel,
    vocabulary: Sequence[str],
    draft: Draft,
    progress: Progress | None,
) -> dict[str, Any]:
    """Write curves, movements and what else is told of time into the run; *followed* are the articles that curves show."""
    settings = config.time
    shown, mine = [articles[i] for i in followed], shares[list(followed)]
    dates = [article.date or "" for article in shown]
    lengths = np.asarray(counts.sum(axis=1), dtype=np.float64).ravel()[list(followed)]
    weights = np.maximum(lengths, 1) if settings.weigh == "length" else np.ones(len(shown))
    stages = 5
    tell(progress, "through time", 0, stages)
    over_time = shares_over_time(
        mine,
        dates,
        settings.by,
        weights=weights.tolist(),
        resamples=settings.resamples,
        random_state=config.seed,
    )
    draft.table("shares.csv", over_time.rows())
    draft.table("bands.csv", over_time.bands())
    draft.matrix("mentions.npz", count_mentions(counts[list(followed)], dates, settings.by))
    tell(progress, "through time", 1, stages)
    draft.json("movement.json", _movements(over_time, settings.by, mine, dates, weights, events))
    tell(progress, "through time", 2, stages)
    draft.table(
        "words.csv",
        _word_rows(counts[list(followed)], mine, model, vocabulary, dates, settings.words_by),
    )
    tell(progress, "through time", 3, stages)
    draft.table("breakdown.csv", _breakdown_rows(shown, mine, dates, settings.breakdown))
    tell(progress, "through time", 4, stages)
    draft.json("points.json", _points(shown, mine, periods_of(dates, settings.by)), indent=None)
    tell(progress, "through time", stages, stages)
    draft.json("events.json", [event.model_dump(mode="json") for event in events])
    return {
        "periods": len(over_time.periods),
        "empty_periods": int((over_time.counts == 0).sum()),
        "unfinished": over_time.unfinished,
    }


def _movements(
    over_time: SharesOverTime,
    by: Period,
    shares: NDArray[np.float64],
    dates: Sequence[str],
    weights: NDArray[np.float64],
    events: Sequence[EventConfig],
) -> list[dict[str, Any]]:
    """Describe each topic's peaks, trend, season, bursts, and what changed with each event."""
    slow = (
        shares_over_time(shares, dates, "month", weights=weights.tolist())
        if by in ("day", "week")
        else over_time
    )
    per_year = PER_YEAR["month" if by in ("day", "week") else by]
    part = (
        np.array([(first_day(period).month - 1) * int(per_year) // 12 for period in slow.periods])
        if per_year >= 4
        else np.zeros(0, dtype=np.intp)
    )
    whole = (
        slice(None, -1) if over_time.unfinished and len(slow.periods) > 1 else slice(None)
    )  # Half a month is no month of a trend.
    trends = [movement.trend(series, per_year) for series in slow.shares[whole].T]
    seasons = (
        [movement.season(series, part[whole]) for series in slow.shares[whole].T]
        if len(part)
        else []
    )
    moving = movement.significant([trend.p for trend in trends])
    seasonal = movement.significant([season.p for season in seasons])
    changes = [(event, *_around(event, shares, dates)) for event in events]
    documents = over_time.counts.astype(np.float64)
    found = []
    for k, trend in enumerate(trends):
        peak = int(np.nanargmax(over_time.shares[:, k]))
        peaks = movement.peaks(
            over_time.shares[:, k], over_time.low[:, k], over_time.high[:, k], PER_YEAR[by]
        )[:_PEAKS]
        expected = np.nan_to_num(over_time.shares[:, k]) * documents
        burst = movement.bursts(expected, documents)[:5]
        row: dict[str, Any] = {
            "topic": k,
            "peak": {"period": over_time.periods[peak], **_figures(over_time, peak, k)},
            "peaks": [{"period": over_time.periods[i], **_figures(over_time, i, k)} for i in peaks],
            "trend": _named(trend)
            | {
                "said": ("rising" if trend.slope > 0 else "falling")
                if moving[k] and trend.low * trend.high > 0
                else "steady"
            },
            "bursts": [
                {
                    "from": over_time.periods[b.first],
                    "to": over_time.periods[b.last],
                    "weight": round(b.weight, 1),
                    "articles": round(float(expected[b.first : b.last + 1].sum()), 1),
                }
                for b in burst
            ],
            "events": [
                {"event": event.name, "before": n[0], "after": n[1]}
                | (
                    {
                        "change": _round(change[k]),
                        "low": _round(interval[0, k]),
                        "high": _round(interval[1, k]),
                    }
                    if change is not None and interval is not None
                    else {}
                )
                for event, n, change, interval in changes
            ],
        }
        if seasons:
            row["season"] = _named(seasons[k]) | {"said": bool(seasonal[k] and seasons[k].low > 0)}
        found.append(row)
    return found


def _figures(over_time: SharesOverTime, period: int, topic: int) -> dict[str, float | None]:
    return {
        name: _round(getattr(over_time, field)[period, topic])
        for name, field in (("share", "shares"), ("low", "low"), ("high", "high"))
    }


def _named(figures: Any) -> dict[str, Any]:
    return {
        name: value if isinstance(value, int) else _round(value)
        for name, value in figures._asdict().items()
    }


def _round(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 6)


def _around(
    event: EventConfig, shares: NDArray[np.float64], dates: Sequence[str]
) -> tuple[tuple[int, int], NDArray[np.float64] | None, NDArray[np.float64] | None]:
    """Return how many articles lie in the days before and after an event, how shares changed between them, and the intervals."""
    start = first_day(iso_date(event.date)).toordinal()
    end = first_day(iso_date(event.until or event.date)).toordinal()
    days = np.array([first_day(date).toordinal() if len(date) == 10 else -1 for date in dates])
    before = shares[(days >= start - event.days) & (days < start)]
    after = (
        shares[(days > end) & (days <= end + event.days)]
        if event.until
        else shares[(days >= start) & (days < start + event.days)]
    )
    if not len(before) or not len(after):
        return (len(before), len(after)), None, None
    return ((len(before), len(after)), *movement.difference(before, after))


def _word_rows(
    counts: sparse.csr_matrix,
    shares: NDArray[np.float64],
    model: TopicModel,
    vocabulary: Sequence[str],
    dates: Sequence[str],
    by: Period,
) -> Iterator[Sequence[object]]:
    """Yield the likeliest words of each topic and period, and those gained and lost since the period before and since the first."""
    yield ["topic", "period", "against", "kind", "word", "z", "share_before", "share"]
    dated = [i for i, date in enumerate(dates) if not too_coarse(date, by)]
    keys = periods_of([dates[i] for i in dated], by)
    periods = (
        [period for period in periods_between(min(keys), max(keys), by) if period in set(keys)]
        if keys
        else []
    )
    place = {period: n for n, period in enumerate(periods)}
    of = np.array([place[key] for key in keys], dtype=np.intp)
    rows = [np.asarray(dated, dtype=np.intp)[of == n] for n in range(len(periods))]
    topic_word = model.topic_word_
    total = next(words_by_period(counts, shares, topic_word, [np.asarray(dated, dtype=np.intp)]))
    usual = total.sum(axis=1) / max(1, len(periods))
    first = before = None
    known = topic_word
    for n, now in enumerate(words_by_period(counts, shares, topic_word, rows)):
        known = smoothed(now, usual, known)
        for k in np.flatnonzero(now.sum(axis=1) >= 1):
            yield from (
                [k, periods[n], "", "top", vocabulary[w], "", "", f"{known[k, w]:.6f}"]
                for w in _largest(known[k], _PERIOD_WORDS)
            )
        if before is not None:
            yield from _changes(before, now, total, vocabulary, periods[n], periods[n - 1])
        if first is not None and n > 1 and n == len(periods) - 1:
            yield from _changes(first, now, total, vocabulary, periods[n], periods[0])
        first, before = (now if first is None else first), now


def trace(
    config: ThemesExperiment,
    articles: Sequence[Article],
    fitted: Sequence[int],
    counts: sparse.csr_matrix,
    model: TopicModel,
    vocabulary: Sequence[str],
    progress: Progress | None,
) -> Iterator[Sequence[object]]:
    """Yield the topics that each period's *fitted* articles have by themselves, each on its line through the periods."""
    yield [
        "line",
        "period",
        "began",
        "ended",
        "source",
        "heir",
        "distance",
        "share",
        "theme",
        "words",
    ]
    settings = config.time
    if settings.lineage is None:
        return
    dated = [
        i
        for i in fitted
        if articles[i].date and not too_coarse(articles[i].date or "", settings.lineage)
    ]
    keys = np.array(periods_of([articles[i].date or "" for i in dated], settings.lineage))
    names, found = np.unique(keys, return_counts=True)
    periods = names[found >= _LEAST_PER_TOPIC * settings.lineage_topics].tolist()
    if len(periods) < 2:
        raise InputError(
            f"time.lineage: {len(periods)} {settings.lineage}s have the {_LEAST_PER_TOPIC * settings.lineage_topics} articles that "
            f"{settings.lineage_topics} topics need, two must; lower time.lineage_topics, or take longer periods"
        )
    wanted = {
        name: value
        for name, value in model.get_params().items()
        if name not in ("n_topics", "seeds")
    }
    own = []
    for n, period in enumerate(periods):
        tell(progress, "topics by period", n, len(periods))
        own.append(
            TopicModel(settings.lineage_topics, **wanted).fit(
                counts[np.asarray(dated)[keys == period]]
            )
        )
    tell(progress, "topics by period", len(periods), len(periods))
    for period, mine, steps in zip(
        periods, own, steps_through([fit.topic_word_ for fit in own]), strict=True
    ):
        near = distances(mine.topic_word_, model.topic_word_)
        weights = mine.components_.sum(axis=1)
        for k, step in enumerate(steps):
            theme = int(near[k].argmin()) if near[k].min() <= KIN else ""
            words = " ".join(vocabulary[w] for w in _largest(mine.topic_word_[k], _PERIOD_WORDS))
            distance = "" if np.isnan(step.distance) else f"{step.distance:.4f}"
            ties = ("" if line is None else line for line in (step.source, step.heir))
            yield [
                step.line,
                period,
                step.began,
                step.ended,
                *ties,
                distance,
                f"{weights[k] / weights.sum():.6f}",
                theme,
                words,
            ]


def chronicle(
    config: ThemesExperiment,
    articles: Sequence[Article],
    dated: Sequence[int],
    counts: sparse.csr_matrix,
    shares: NDArray[np.float64],
    vocabulary: Sequence[str],
) -> list[dict[str, Any]]:
    """Return what was new in each period among the *dated* articles: words, articles, and the theme that those have most of."""
    by = config.time.by
    if not config.time.stories:
        return []
    periods, rows = lay_out([articles[i].date or "" for i in dated], by)
    found = find_stories(
        counts[list(dated)], rows, max(_LEAST_BEFORE, round(PER_YEAR[by])), config.time.stories
    )
    return [
        {
            "period": periods[story.period],
            "theme": int(shares[[dated[i] for i in story.documents]].mean(axis=0).argmax()),
            "weight": round(story.weight, 1),
            "documents": len(story.documents),
            "words": [vocabulary[w] for w in story.words],
            "articles": [name_article(articles[dated[i]]) for i in story.documents[:_PER_STORY]],
        }
        for story in found
    ]


def name_article(article: Article) -> dict[str, Any]:
    """Return what a reader knows an article by: id, date, headline or, without one, its first words."""
    return {
        "id": article.id,
        "date": article.date,
        "headline": article.headline or article.text[:30],
    }


def _largest(values: NDArray[np.float64], n: int) -> NDArray[np.intp]:
    """Return where the *n* largest stand, the largest first, the earlier of equal ones first."""
    least = np.partition(values, -n)[-n] if len(values) > n else -np.inf
    near = np.flatnonzero(values >= least)
    return near[np.argsort(-values[near], kind="stable")][:n]


def _changes(
    earlier: NDArray[np.float64],
    now: NDArray[np.float64],
    total: NDArray[np.float64],
    vocabulary: Sequence[str],
    period: str,
    against: str,
) -> Iterator[Sequence[object]]:
    for change in changed_words(earlier, now, total):
        kind = "gained" if change.z > 0 else "lost"
        told = (f"{change.z:.2f}", f"{change.share_before:.6f}", f"{change.share_after:.6f}")
        yield [change.topic, period, against, kind, vocabulary[change.word], *told]


def _breakdown_rows(
    articles: Sequence[Article],
    shares: NDArray[np.float64],
    dates: Sequence[str],
    wanted: Sequence[str],
) -> Iterator[Sequence[object]]:
    """Yield mean topic shares by section, page or source and year; year "" is all of them together."""
    yield ["by", "value", "year", "documents", "topic", "share"]
    years = np.array([date[:4] for date in dates])
    for by in wanted:
        values = np.array([_value(article, by) for article in articles])
        names, count = np.unique(values[values != ""], return_counts=True)
        for name in names[np.argsort(-count, kind="stable")][:_VALUES]:
            for year in ["", *np.unique(years)]:
                chosen = (values == name) & ((years == year) | (year == ""))
                if chosen.any():
                    yield from (
                        [by, name, year, int(chosen.sum()), k, f"{share:.6f}"]
                        for k, share in enumerate(shares[chosen].mean(axis=0))
                    )


def _value(article: Article, by: str) -> str:
    if by == "page":
        return str(article.pages[0]) if article.pages else ""
    return (article.section if by == "section" else article.source) or ""


def _points(
    articles: Sequence[Article], shares: NDArray[np.float64], keys: Sequence[str]
) -> dict[str, Any]:
    """Return the articles behind each point of the curves: per topic and period those with most of the topic, as positions in ``articles``."""
    periods, of = np.unique(keys, return_inverse=True)
    n_topics = shares.shape[1]
    most = int(np.clip(_POINTS // (len(periods) * n_topics), 1, _PER_POINT))
    topics, places, values = [], [], []
    for n in range(len(periods)):
        mine = np.flatnonzero(of == n)
        best = mine[np.argsort(-shares[mine], axis=0, kind="stable")[:most]]
        for k in range(n_topics):
            kept = best[:, k][shares[best[:, k], k] >= _LEAST_SHARE]
            topics += [k] * len(kept)
            places += kept.tolist()
            values += shares[kept, k].tolist()
    strongest = np.argsort(-np.array(values), kind="stable")[:_POINTS]
    used = sorted({places[i] for i in strongest})
    number = {place: n for n, place in enumerate(used)}
    points: dict[str, dict[str, list[int]]] = {}
    for i in sorted(strongest.tolist(), key=lambda i: (topics[i], places[i])):
        points.setdefault(str(topics[i]), {}).setdefault(str(periods[of[places[i]]]), []).append(i)
    ranked = {
        topic: {
            period: [
                number[places[i]] for i in sorted(found, key=lambda i: (-values[i], places[i]))
            ]
            for period, found in by_period.items()
        }
        for topic, by_period in points.items()
    }
    return {"articles": [_told(articles[place]) for place in used], "points": ranked}


def _told(article: Article) -> list[str]:
    page = f"第{article.pages[0]}版" if article.pages else ""
    return [article.date or "", page, article.headline, article.text.replace("\n", " ")[:_LEAD]]
