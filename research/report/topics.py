"""Topics as the page names and describes them: labels, words by period, peaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from research.runs import ThemesRun
    from research.themes.description import Topic
    from research.themes.movement import Movement, Peak
    from research.themes.wording import WordOfPeriod

_WORDS_OF_A_NAME = 3  # Of a topic without a name.
_MAX_GAINED_PER_PERIOD = 4
_MAX_PEAKS = 5


class PeriodWords(NamedTuple):
    """A topic's likeliest words of a period, and words gained since the period before."""

    period: str
    words: Sequence[str]
    gained: Sequence[str]


@dataclass(frozen=True, slots=True)
class TopicWords:
    """How a topic's words change.

    ``gained`` and ``lost`` are between ``first``, the first period, and the last; all empty where
    there is one period only.
    """

    periods: Sequence[PeriodWords]
    first: str
    gained: Sequence[str]
    lost: Sequence[str]


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic as the page shows it: ``label`` is its number and name; ``peaks`` in time's order.

    ``moved`` is how it moves, None in an archive without dates.
    """

    topic: Topic
    label: str
    moved: Movement | None
    peaks: Sequence[Peak]
    words: TopicWords

    @property
    def number(self) -> int:
        """The topic's number."""
        return self.topic.number

    @property
    def movement(self) -> Movement:
        """How it moves, in an archive with dates."""
        assert self.moved is not None, "an archive without dates has no movements"
        return self.moved

    @property
    def all_words(self) -> str:
        """Its most relevant words, one space between."""
        return " ".join(entry.word for entry in self.topic.relevant)


def topic_views(run: ThemesRun) -> list[TopicView]:
    """Return the topics of a run as its page shows them."""
    words: dict[int, list[WordOfPeriod]] = {}
    for row in run.words:
        rows = words.setdefault(row.topic, [])
        rows.append(row)
    views = []
    movements: Sequence[Movement | None] = run.movements
    if not run.shares.periods:
        movements = [None] * len(run.topics)
    for topic, movement in zip(run.topics, movements, strict=True):
        strongest = () if movement is None else movement.peaks[:_MAX_PEAKS]
        view = TopicView(
            topic=topic,
            label=_label(topic),
            moved=movement,
            peaks=sorted(strongest, key=lambda peak: peak.period),
            words=_topic_words(words.get(topic.number, ())),
        )
        views.append(view)
    return views


def _label(topic: Topic) -> str:
    relevant = topic.relevant[:_WORDS_OF_A_NAME]
    words = " ".join(entry.word for entry in relevant)
    return f"{topic.number} {topic.name or words}"


def _topic_words(rows: Sequence[WordOfPeriod]) -> TopicWords:
    likeliest: dict[str, list[str]] = {}
    for row in rows:
        if row.kind == "top":
            likeliest.setdefault(row.period, []).append(row.word)
    periods = list(likeliest)
    if len(periods) < 2:
        return TopicWords([PeriodWords(*pair, ()) for pair in likeliest.items()], "", (), ())
    first, last = periods[0], periods[-1]
    gained = _gained_by_period(rows, since_first=first)
    return TopicWords(
        periods=[
            PeriodWords(period, words, gained.get(period, ()))
            for period, words in likeliest.items()
        ],
        first=first,
        gained=_changed(rows, "gained", first, last),
        lost=_changed(rows, "lost", first, last),
    )


def _gained_by_period(rows: Sequence[WordOfPeriod], since_first: str) -> Mapping[str, list[str]]:
    """Return the first words gained in each period since the one before it.

    Changes since the first period are left out: the topic's own line has them.
    """
    gained: dict[str, list[str]] = {}
    for row in rows:
        if row.kind == "gained" and row.against != since_first:
            words = gained.setdefault(row.period, [])
            if len(words) < _MAX_GAINED_PER_PERIOD:
                words.append(row.word)
    return gained


def _changed(rows: Sequence[WordOfPeriod], kind: str, first: str, last: str) -> list[str]:
    return [
        row.word for row in rows if row.kind == kind and (row.against, row.period) == (first, last)
    ]
