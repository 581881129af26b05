"""Topics that each period has by itself, followed from one period to the next.

Whether two topics are one is decided in ``matching``; the comparison with an earlier run is there.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from itertools import count, pairwise
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.errors import InputError
from research.files import Progress, report_progress
from research.themes.calendar import Period, rows_by_period
from research.themes.data import ThemeData
from research.themes.matching import (
    MAX_DISTANCE_OF_PERIODS,
    TopicMatching,
    distances,
    match_topics,
)
from research.themes.turnover import (
    LearnedPeriod,
    Turnover,
    chance_distance,
    measure_turnover,
)
from research.themes.wording import largest
from research.topics.capacity import most_topics
from research.topics.model import TopicModel

_log = logging.getLogger(__name__)

_MIN_ARTICLES_PER_TOPIC = 5
_MIN_PERIODS = 2
_WORDS_PER_TOPIC = 6

Beginning = Literal["", "born", "split"]
End = Literal["", "died", "merged"]


class LineStep(NamedTuple):
    """One topic of a period on its line through the periods.

    Attributes
    ----------
    line : int
        Its number in all periods.
    distance : float
        How far it lies from the same line a period earlier; NaN where the line begins.
    began : {"", "born", "split"}
        How the line begins in this period, "" where it goes on, or begins as chance has it.
    ended : {"", "died", "merged"}
        How the line ends in this period, "" where it goes on, or ends as chance has it.
    source, heir : int or None
        The lines that it split from and merged into.
    """

    line: int
    distance: float
    began: Beginning
    ended: End
    source: int | None
    heir: int | None


class PeriodTopics(NamedTuple):
    """The topics of one period's articles alone.

    ``topic_word`` has their distributions, n_topics × n_words; ``shares`` is each topic's share of
    the period's words (n_topics,). ``came`` and ``went`` say which topics are new or gone beyond
    chance (see ``turnover``); None where that was not tested, and all count.
    """

    period: str
    topic_word: NDArray[np.float64]
    shares: NDArray[np.float64]
    came: NDArray[np.bool_] | None = None
    went: NDArray[np.bool_] | None = None


class LineageStep(NamedTuple):
    """One topic of one period, on its line through the periods.

    Attributes
    ----------
    line : int
        Its number in all periods.
    period : str
        The period whose articles it was learned from.
    began : {"", "born", "split"}
        How the line begins in this period, "" where it goes on, or begins as chance has it.
    ended : {"", "died", "merged"}
        How the line ends in this period, "" where it goes on, or ends as chance has it.
    source, heir : int or None
        The lines that it split from and merged into.
    distance : float
        Jensen–Shannon distance to the same line a period earlier; NaN where the line begins.
    share : float
        Its share of the period's words.
    theme : int or None
        The nearest topic of the whole archive, where one is near.
    words : tuple[str, ...]
        Its six likeliest words.
    """

    line: int
    period: str
    began: Beginning
    ended: End
    source: int | None
    heir: int | None
    distance: float
    share: float
    theme: int | None
    words: tuple[str, ...]


def follow_topics(
    periods: Sequence[PeriodTopics], topic_word: NDArray[np.float64], vocabulary: Sequence[str]
) -> list[LineageStep]:
    """Follow the topics of single periods through all of them.

    Parameters
    ----------
    periods : Sequence[PeriodTopics]
        The topics of each period, in order.
    topic_word : NDArray[np.float64]
        The topics of the whole archive, n_topics × n_words.
    vocabulary : Sequence[str]
        The n_words words.

    Returns
    -------
    list[LineageStep]
        One step for each topic of each period, period by period.
    """
    topic_words = [topics.topic_word for topics in periods]
    all_steps = steps_through(topic_words, chance_distance(topic_words, MAX_DISTANCE_OF_PERIODS))
    lineage = []
    for topics, steps in zip(periods, all_steps, strict=True):
        period_steps = _beyond_chance(steps, topics)
        to_themes = distances(topics.topic_word, topic_word)
        for k, step in enumerate(period_steps):
            theme = int(to_themes[k].argmin())
            is_near = to_themes[k, theme] <= MAX_DISTANCE_OF_PERIODS
            columns = largest(topics.topic_word[k], _WORDS_PER_TOPIC)
            lineage.append(
                LineageStep(
                    line=step.line,
                    period=topics.period,
                    began=step.began,
                    ended=step.ended,
                    source=step.source,
                    heir=step.heir,
                    distance=step.distance,
                    share=float(topics.shares[k]),
                    theme=theme if is_near else None,
                    words=tuple(vocabulary[column] for column in columns),
                )
            )
    return lineage


def _beyond_chance(steps: Sequence[LineStep], topics: PeriodTopics) -> list[LineStep]:
    """Return steps that begin and end without a name where chance explains it."""
    named = []
    for k, step in enumerate(steps):
        named_step = step
        if topics.came is not None and not topics.came[k]:
            named_step = named_step._replace(began="", source=None)
        if topics.went is not None and not topics.went[k]:
            named_step = named_step._replace(ended="", heir=None)
        named.append(named_step)
    return named


def learn_period_topics(
    data: ThemeData, by: Period, model: TopicModel, progress: Progress | None = None
) -> list[PeriodTopics]:
    """Learn the topics of each period's articles alone, and test which came and went.

    Parameters
    ----------
    data : ThemeData
        Articles; those whose date is too coarse for the periods are left out.
    by : Period
        The length of a period.
    model : TopicModel
        An unfitted model, whose parameters each period's model takes.
    progress : Progress, optional
        Called with each period that is done.

    Raises
    ------
    InputError
        Where fewer than two periods have five articles for each topic.
    """
    n_topics = model.n_topics
    if isinstance(n_topics, str):
        raise InputError(f"time.lineage: n_topics is {n_topics!r}; give time.lineage_topics")
    names, counts = _large_periods(data, by, n_topics)
    learned = _learn(counts, model, progress)
    room = [most_topics(period.counts) for period in learned]
    _warn_of_excess(room, by, n_topics)
    report = partial(report_progress, progress, "topics by chance")
    turnover = measure_turnover(learned, model, MAX_DISTANCE_OF_PERIODS, report)
    topics = []
    for n, (name, period) in enumerate(zip(names, learned, strict=True)):
        topics.append(_period_topics(name, period, turnover, n))
    return topics


def _large_periods(
    data: ThemeData, by: Period, n_topics: int
) -> tuple[list[str], list[sparse.csr_matrix]]:
    """Return the periods that have five articles for each topic, and the counts of each."""
    periods, rows = rows_by_period(data.dates, by)
    min_articles = _MIN_ARTICLES_PER_TOPIC * n_topics
    names = []
    counts = []
    for period, period_rows in zip(periods, rows, strict=True):
        if len(period_rows) >= min_articles:
            names.append(period)
            counts.append(data.counts[period_rows])
    if len(names) < _MIN_PERIODS:
        raise InputError(
            f"time.lineage: {len(names)} {by}s have the {min_articles} articles that "
            f"{n_topics} topics need, two must; lower time.lineage_topics, "
            "or take longer periods"
        )
    return names, counts


def _learn(
    counts: Sequence[sparse.csr_matrix], model: TopicModel, progress: Progress | None
) -> list[LearnedPeriod]:
    """Learn the topics of each period; *counts* are n_articles × n_words each."""
    learned: list[LearnedPeriod] = []
    for period_counts in counts:
        report_progress(progress, "topics by period", len(learned), len(counts))
        learned.append(LearnedPeriod.learn(period_counts, model))
    report_progress(progress, "topics by period", len(counts), len(counts))
    return learned


def _period_topics(period: str, learned: LearnedPeriod, turnover: Turnover, n: int) -> PeriodTopics:
    """Return the topics of a period, the *n*-th that topics were learned of."""
    tokens = learned.model.components_.sum(axis=1)
    return PeriodTopics(
        period=period,
        topic_word=learned.model.topic_word_,
        shares=tokens / tokens.sum(),
        came=turnover.came[n],
        went=turnover.went[n],
    )


def _warn_of_excess(most: Sequence[int], by: Period, n_topics: int) -> None:
    """Log that some periods have room for fewer topics; *most* is the room of each."""
    n_small = sum(n_topics > room for room in most)
    if n_small:
        _log.warning(
            "time.lineage: %d topics are too many for %d of %d %ss; the smallest has room for %d: "
            "lower time.lineage_topics, or take longer periods",
            n_topics,
            n_small,
            len(most),
            by,
            min(most),
        )


def steps_through(
    periods: Sequence[NDArray[np.float64]], max_distance: float = MAX_DISTANCE_OF_PERIODS
) -> list[list[LineStep]]:
    """Follow topics from period to period; return a step for each topic of each period.

    *periods* are n_topics × n_words each, over the same words; topics farther apart than
    *max_distance* are not the same. Nothing is born in the first period, and nothing dies in the
    last.
    """
    matchings = [match_topics(old, new, max_distance) for old, new in pairwise(periods)]
    lines = _number_lines(matchings, [len(topics) for topics in periods])
    steps = []
    for n, period_lines in enumerate(lines):
        beginnings = _Beginnings({}, {}, {})
        if n > 0:
            beginnings = _beginnings(matchings[n - 1], lines[n - 1])
        ends = _Ends({}, {})
        if n < len(matchings):
            ends = _ends(matchings[n], lines[n + 1])
        steps.append(
            [
                LineStep(
                    line,
                    beginnings.distance.get(k, np.nan),
                    beginnings.kind.get(k, ""),
                    ends.kind.get(k, ""),
                    beginnings.source.get(k),
                    ends.heir.get(k),
                )
                for k, line in enumerate(period_lines)
            ]
        )
    return steps


def _number_lines(matchings: Sequence[TopicMatching], n_topics: Sequence[int]) -> list[list[int]]:
    """Return the line of each topic of each period; *n_topics* is how many each period has."""
    if not n_topics:
        return []
    lines = [list(range(n_topics[0]))]
    new_lines = count(n_topics[0])
    for matching, n in zip(matchings, n_topics[1:], strict=True):
        old_lines = lines[-1]
        continued = {j: old_lines[i] for i, j, _ in matching.same}
        period_lines = []
        for j in range(n):
            if j in continued:
                period_lines.append(continued[j])
            else:
                period_lines.append(next(new_lines))
        lines.append(period_lines)
    return lines


class _Beginnings(NamedTuple):
    """How topics of a period follow from the period before, by their numbers."""

    distance: dict[int, float]
    kind: dict[int, Beginning]
    source: dict[int, int]


def _beginnings(matching: TopicMatching, old_lines: Sequence[int]) -> _Beginnings:
    """Return how topics begin, from their matching with those of the period before."""
    distance = {j: d for _, j, d in matching.same}
    kind: dict[int, Beginning] = dict.fromkeys(matching.born, "born")
    source = {}
    for i, heirs in matching.split:
        for j in heirs:
            if j in kind:
                kind[j] = "split"
                source[j] = old_lines[i]
    return _Beginnings(distance, kind, source)


class _Ends(NamedTuple):
    """How topics of a period end before the next, by their numbers."""

    kind: dict[int, End]
    heir: dict[int, int]


def _ends(matching: TopicMatching, new_lines: Sequence[int]) -> _Ends:
    """Return how topics end, from their matching with those of the period after."""
    kind: dict[int, End] = dict.fromkeys(matching.died, "died")
    heir = {}
    for forebears, j in matching.merged:
        for i in forebears:
            if i in kind:
                kind[i] = "merged"
                heir[i] = new_lines[j]
    return _Ends(kind, heir)
