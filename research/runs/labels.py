"""Labels of new texts by a trained run: sections, or topics with their shares; and their table.

It trains nothing and changes no run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

from research.articles.article import Article, Text
from research.errors import InputError
from research.files import Progress, replacing, report_progress, write_csv
from research.runs.loaded import SectionsRun, ThemesRun
from research.themes.hierarchy import Level

_TEXTS_PER_BATCH = 500
_MAX_HEADLINE_CHARACTERS = 80
_DIGITS = 4  # Of a probability or share.
_WORDS_PER_TOPIC = 5
_NO_TOPIC = "–"
_TEXTS_PER_REPORT = 100


@dataclass(frozen=True, slots=True)
class TextSource:
    """Where a text comes from, its date where it has one, and its headline or lead."""

    source: str
    date: str | None
    headline: str

    def to_json(self) -> dict[str, Any]:
        """Return the members as JSON types."""
        return {"source": self.source, "date": self.date, "headline": self.headline}


@dataclass(frozen=True, slots=True)
class SectionLabel:
    """The likeliest section of a text.

    ``sure`` says whether its probability reaches the section's threshold; ``probabilities`` has
    those of all sections.
    """

    text: TextSource
    section: str
    probability: float
    sure: bool
    probabilities: dict[str, float]

    @property
    def name(self) -> str:
        """The section, with a question mark where the model is not sure."""
        return self.section if self.sure else f"{self.section}?"

    def to_json(self) -> dict[str, Any]:
        """Return the members as one JSON object."""
        return self._without_probabilities() | {"probabilities": self.probabilities}

    def to_columns(self) -> dict[str, Any]:
        """Return the columns of a table, one per section after the others."""
        return self._without_probabilities() | self.probabilities

    def _without_probabilities(self) -> dict[str, Any]:
        return self.text.to_json() | {
            "section": self.section,
            "probability": self.probability,
            "sure": self.sure,
        }


@dataclass(frozen=True, slots=True)
class TopicLabel:
    """The largest topic of a text, with the topic's words; ``shares`` has those of all topics.

    A text without one word that the model knows has no topic: None, and no words.
    """

    text: TextSource
    topic: int | None
    topic_name: str
    probability: float | None
    words: list[str]
    shares: list[float] | list[None]

    @property
    def name(self) -> str:
        """The number and the name of the topic, a dash where there is none."""
        if self.topic is None:
            return _NO_TOPIC
        return f"{self.topic} {self.topic_name}"

    def to_json(self) -> dict[str, Any]:
        """Return the members as one JSON object."""
        return self._without_words() | {"words": self.words, "shares": self.shares}

    def to_columns(self) -> dict[str, Any]:
        """Return the columns of a table, one per topic after the others."""
        shares = {f"topic_{k}": share for k, share in enumerate(self.shares)}
        return self._without_words() | {"words": " ".join(self.words)} | shares

    def _without_words(self) -> dict[str, Any]:
        return self.text.to_json() | {
            "topic": self.topic,
            "name": self.topic_name,
            "probability": self.probability,
        }


Label = SectionLabel | TopicLabel


def label_texts(
    run: SectionsRun | ThemesRun, texts: Iterable[tuple[str, Text]], level: Level | None = None
) -> Iterator[SectionLabel] | Iterator[TopicLabel]:
    """Yield the label of every (place, text or article), read in batches.

    With a *level*, of a themes run, topics are the groups of that level of its hierarchy.
    """
    if isinstance(run, SectionsRun):
        if level is not None:
            raise InputError(f"{run.name}: a sections run has no levels; leave out the level")
        return _section_labels(run, texts)
    return _topic_labels(run, texts, level)


def _section_labels(run: SectionsRun, texts: Iterable[tuple[str, Text]]) -> Iterator[SectionLabel]:
    sections = run.model.classes_.tolist()
    for sources, batch in _batches(texts):
        proba = run.predict_proba(batch)
        is_sure = run.model.is_sure(proba, batch)
        for source, row, sure in zip(sources, proba, is_sure, strict=True):
            best = int(row.argmax())
            rounded = _rounded(row)
            yield SectionLabel(
                text=source,
                section=sections[best],
                probability=rounded[best],
                sure=bool(sure),
                probabilities=dict(zip(sections, rounded, strict=True)),
            )


def _topic_labels(
    run: ThemesRun, texts: Iterable[tuple[str, Text]], level: Level | None
) -> Iterator[TopicLabel]:
    words = run.top_words(_WORDS_PER_TOPIC)
    names = [topic.name for topic in run.topics]
    if level is not None:
        groups = run.hierarchy.at(level)
        words = [list(group.words[:_WORDS_PER_TOPIC]) for group in groups]
        names = [group.name for group in groups]
    without_topic: list[None] = [None] * len(names)
    for sources, batch in _batches(texts):
        has_theme = run.has_theme(batch)
        for source, row, known in zip(sources, run.transform(batch, level), has_theme, strict=True):
            if not known:
                yield TopicLabel(source, None, "", None, [], without_topic)
                continue
            best = int(row.argmax())
            rounded = _rounded(row)
            yield TopicLabel(
                text=source,
                topic=best,
                topic_name=names[best],
                probability=rounded[best],
                words=words[best],
                shares=rounded,
            )


def _rounded(row: NDArray[np.float64]) -> list[float]:
    return [round(value, _DIGITS) for value in row.tolist()]


def _batches(
    texts: Iterable[tuple[str, Text]],
) -> Iterator[tuple[list[TextSource], list[Text]]]:
    stream = iter(texts)
    while batch := list(islice(stream, _TEXTS_PER_BATCH)):
        sources = [_describe(place, text) for place, text in batch]
        yield sources, [text for _, text in batch]


def _describe(place: str, text: Text) -> TextSource:
    if isinstance(text, Article):
        headline = text.headline or text.text
        return TextSource(place, text.date, headline[:_MAX_HEADLINE_CHARACTERS])
    return TextSource(place, None, text[:_MAX_HEADLINE_CHARACTERS])


def refuse_other_tables(path: Path) -> None:
    """Raise InputError where labels cannot be written under a name that ends so."""
    if path.suffix not in (".csv", ".jsonl"):
        raise InputError(f"{path}: labels are written as .csv or .jsonl; name such a file")


def write_labels(path: Path, labels: Iterable[Label], progress: Progress | None = None) -> int:
    """Write labels as a table (.csv) or JSON lines, whole or not at all; return how many.

    A table starts with a byte order mark, so that Excel reads it as UTF-8.
    """
    as_table = path.suffix == ".csv"
    encoding = "utf-8-sig" if as_table else "utf-8"
    write = _write_table if as_table else _write_lines
    # A path that is not UTF-8 is written with escapes.
    with replacing(path) as beside, beside.open("w", -1, encoding, "backslashreplace", "") as out:
        return write(out, _counted(labels, progress))


def _write_table(out: TextIO, labels: Iterable[Label]) -> int:
    count = 0
    for label in labels:
        columns = label.to_columns()
        if count == 0:
            write_csv(out, [list(columns)])
        write_csv(out, [list(columns.values())])
        count += 1
    return count


def _write_lines(out: TextIO, labels: Iterable[Label]) -> int:
    count = 0
    for label in labels:
        out.write(json.dumps(label.to_json(), ensure_ascii=False) + "\n")
        count += 1
    return count


def _counted(labels: Iterable[Label], progress: Progress | None) -> Iterator[Label]:
    for count, label in enumerate(labels, 1):
        yield label
        if count % _TEXTS_PER_REPORT == 0:
            report_progress(progress, "labelling", count, 0)
