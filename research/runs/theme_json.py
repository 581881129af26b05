"""What the JSON files of a themes run hold: results of ``themes`` ↔ checked JSON types, rounded.

One class per object of a file; ``of`` makes it from a result, ``result`` gives the result back.
Missing numbers are NaN in results and null in JSON.
"""

from __future__ import annotations

import math
from typing import Self

from pydantic import Field

from research.runs.json_files import JsonRow
from research.themes.data import ArticleReference
from research.themes.description import Topic, WordProbability
from research.themes.movement import Burst, EventChange, Movement, Peak
from research.themes.naming import NamedBy
from research.themes.points import PointArticle, Points
from research.themes.season import Season
from research.themes.stories import Story
from research.themes.trend import Direction, Trend

_PAGE = "第{}版"  # As the report prints a page number.


def _rounded(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 6)


def _number(value: float | None) -> float:
    return math.nan if value is None else value


class WordJson(JsonRow):
    """A word of a topic, with its probability."""

    word: str
    p: float

    @classmethod
    def of(cls, word: WordProbability) -> Self:
        """Return a word as the file has it."""
        return cls(word=word.word, p=round(word.p, 6))

    def result(self) -> WordProbability:
        """Return the word."""
        return WordProbability(self.word, self.p)


class ArticleJson(JsonRow):
    """What a reader identifies an article by; ``share`` is of the topic in question."""

    id: str
    date: str | None
    headline: str
    share: float | None = None

    @classmethod
    def of(cls, article: ArticleReference) -> Self:
        """Return a reference as the file has it."""
        share = None if article.share is None else round(article.share, 4)
        return cls(id=article.id, date=article.date, headline=article.headline, share=share)

    def result(self) -> ArticleReference:
        """Return the reference."""
        return ArticleReference(self.id, self.date, self.headline, self.share)


class TopicJson(JsonRow):
    """A topic."""

    topic: int
    share: float
    coherence_npmi: float
    exclusivity: float
    place: tuple[float, float]
    words: tuple[WordJson, ...]
    relevant: tuple[WordJson, ...]
    typical: tuple[ArticleJson, ...]
    name: str
    named_by: NamedBy
    stability: float | None = None
    made_of: tuple[int, ...] = ()
    parent: str = ""

    @classmethod
    def of(cls, topic: Topic) -> Self:
        """Return a topic as the file has it."""
        stability = topic.stability
        return cls(
            topic=topic.number,
            share=round(topic.share, 6),
            coherence_npmi=round(topic.coherence_npmi, 4),
            exclusivity=round(topic.exclusivity, 4),
            place=(round(topic.place[0], 4), round(topic.place[1], 4)),
            words=tuple(map(WordJson.of, topic.words)),
            relevant=tuple(map(WordJson.of, topic.relevant)),
            typical=tuple(map(ArticleJson.of, topic.typical)),
            name=topic.name,
            named_by=topic.named_by,
            stability=None if stability is None else round(stability, 4),
            made_of=topic.made_of,
            parent=topic.parent,
        )

    def result(self) -> Topic:
        """Return the topic."""
        return Topic(
            number=self.topic,
            name=self.name,
            named_by=self.named_by,
            share=self.share,
            coherence_npmi=self.coherence_npmi,
            exclusivity=self.exclusivity,
            stability=self.stability,
            place=self.place,
            words=tuple(word.result() for word in self.words),
            relevant=tuple(word.result() for word in self.relevant),
            typical=tuple(article.result() for article in self.typical),
            made_of=self.made_of,
            parent=self.parent,
        )


class PeakJson(JsonRow):
    """A period in which a topic stands out."""

    period: str
    share: float | None
    low: float | None
    high: float | None

    @classmethod
    def of(cls, peak: Peak) -> Self:
        """Return a peak as the file has it."""
        share, low, high = map(_rounded, (peak.share, peak.low, peak.high))
        return cls(period=peak.period, share=share, low=low, high=high)

    def result(self) -> Peak:
        """Return the peak."""
        return Peak(self.period, *map(_number, (self.share, self.low, self.high)))


class TrendJson(JsonRow):
    """A topic's change per year."""

    slope: float | None
    low: float | None
    high: float | None
    p: float | None
    direction: Direction

    @classmethod
    def of(cls, trend: Trend) -> Self:
        """Return a trend as the file has it."""
        return cls(
            slope=_rounded(trend.slope),
            low=_rounded(trend.low),
            high=_rounded(trend.high),
            p=_rounded(trend.p),
            direction=trend.direction,
        )

    def result(self) -> Trend:
        """Return the trend."""
        slope, low, high, p = map(_number, (self.slope, self.low, self.high, self.p))
        return Trend(slope, low, high, p, self.direction)


class SeasonJson(JsonRow):
    """How much of a topic's movement comes with the season."""

    strength: float | None
    p: float | None
    peak: int
    amplitude: float | None
    low: float | None
    high: float | None
    significant: bool

    @classmethod
    def of(cls, season: Season) -> Self:
        """Return a season as the file has it."""
        return cls(
            strength=_rounded(season.strength),
            p=_rounded(season.p),
            peak=season.peak,
            amplitude=_rounded(season.amplitude),
            low=_rounded(season.low),
            high=_rounded(season.high),
            significant=season.significant,
        )

    def result(self) -> Season:
        """Return the season."""
        return Season(
            strength=_number(self.strength),
            p=_number(self.p),
            peak=self.peak,
            amplitude=_number(self.amplitude),
            low=_number(self.low),
            high=_number(self.high),
            significant=self.significant,
        )


class BurstJson(JsonRow):
    """Periods in which a topic was far more frequent than usual."""

    first: str = Field(alias="from")
    last: str = Field(alias="to")
    weight: float
    articles: float

    @classmethod
    def of(cls, burst: Burst) -> Self:
        """Return a burst as the file has it."""
        weight, articles = round(burst.weight, 1), round(burst.articles, 1)
        return cls(first=burst.first, last=burst.last, weight=weight, articles=articles)

    def result(self) -> Burst:
        """Return the burst."""
        return Burst(self.first, self.last, self.weight, self.articles)


class EventJson(JsonRow):
    """By how much a topic's share changed with an event, where both sides have articles."""

    event: str
    before: int
    after: int
    change: float | None = None
    low: float | None = None
    high: float | None = None
    significant: bool = False

    @classmethod
    def of(cls, event: EventChange) -> Self:
        """Return a change as the file has it."""
        return cls(
            event=event.event,
            before=event.before,
            after=event.after,
            change=_rounded(event.change),
            low=_rounded(event.low),
            high=_rounded(event.high),
            significant=event.significant,
        )

    def result(self) -> EventChange:
        """Return the change."""
        change, low, high = map(_number, (self.change, self.low, self.high))
        return EventChange(self.event, self.before, self.after, change, low, high, self.significant)


class MovementJson(JsonRow):
    """How one topic moves."""

    topic: int
    peak: PeakJson
    peaks: tuple[PeakJson, ...]
    trend: TrendJson
    bursts: tuple[BurstJson, ...]
    events: tuple[EventJson, ...]
    season: SeasonJson | None = None

    @classmethod
    def of(cls, movement: Movement) -> Self:
        """Return a movement as the file has it."""
        season = movement.season
        return cls(
            topic=movement.topic,
            peak=PeakJson.of(movement.peak),
            peaks=tuple(map(PeakJson.of, movement.peaks)),
            trend=TrendJson.of(movement.trend),
            bursts=tuple(map(BurstJson.of, movement.bursts)),
            events=tuple(map(EventJson.of, movement.events)),
            season=None if season is None else SeasonJson.of(season),
        )

    def result(self) -> Movement:
        """Return the movement."""
        return Movement(
            topic=self.topic,
            peak=self.peak.result(),
            peaks=tuple(peak.result() for peak in self.peaks),
            trend=self.trend.result(),
            season=None if self.season is None else self.season.result(),
            bursts=tuple(burst.result() for burst in self.bursts),
            events=tuple(event.result() for event in self.events),
        )


class StoryJson(JsonRow):
    """What was new in one period."""

    period: str
    theme: int
    weight: float
    documents: int
    words: tuple[str, ...]
    articles: tuple[ArticleJson, ...]

    @classmethod
    def of(cls, story: Story) -> Self:
        """Return a story as the file has it."""
        return cls(
            period=story.period,
            theme=story.theme,
            weight=round(story.weight, 1),
            documents=story.documents,
            words=story.words,
            articles=tuple(map(ArticleJson.of, story.articles)),
        )

    def result(self) -> Story:
        """Return the story."""
        articles = tuple(article.result() for article in self.articles)
        return Story(self.period, self.theme, self.weight, self.documents, self.words, articles)


class PointsJson(JsonRow):
    """The articles behind points: date, page, headline and lead of each; positions of them."""

    articles: tuple[tuple[str, str, str, str], ...]
    points: dict[str, dict[str, tuple[int, ...]]]

    @classmethod
    def of(cls, points: Points) -> Self:
        """Return points as the file has them."""
        articles = tuple(map(_point_article_cells, points.articles))
        behind = {str(topic): periods for topic, periods in points.behind.items()}
        return cls(articles=articles, points=behind)

    def result(self) -> Points:
        """Return the points."""
        articles = tuple(_point_article(*cells) for cells in self.articles)
        return Points(articles, {int(topic): periods for topic, periods in self.points.items()})


def _point_article_cells(article: PointArticle) -> tuple[str, str, str, str]:
    page = "" if article.page is None else _PAGE.format(article.page)
    return article.date, page, article.headline, article.lead


def _point_article(date: str, page: str, headline: str, lead: str) -> PointArticle:
    before, after = _PAGE.split("{}")
    number = page.removeprefix(before).removesuffix(after)
    return PointArticle(date, int(number) if number else None, headline, lead)
