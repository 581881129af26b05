"""A themes run under another shape: topics merged, dropped, split, renamed, grouped.

The run that is changed stays as it is; what comes of it stands in memory until it is saved. A
change is what an entry of a topics file would do: it names the topic's words, and applies to
another training too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from research.errors import InputError
from research.runs.followed import followed_by
from research.runs.presentation import Wishes, present
from research.runs.results import ThemesResult
from research.runs.shape_files import ShapeJson, StepJson
from research.runs.shares import as_table
from research.runs.table import Table
from research.themes.curated import CuratedTopics, EntryOutcome, curate
from research.themes.curation import Curation, CurationEntry, Kind, Reference
from research.toml import check_values

if TYPE_CHECKING:
    from research.runs.loaded import ThemesRun

_WORDS_OF_REFERENCE = (8, 3)  # Fewer, that set the topic apart most, where many are ambiguous.

PartLike = Sequence[str] | tuple[str, Sequence[str]]
"""A part of a topic: its words, or its name and its words."""

R = TypeVar("R", bound="ThemesRun")


class Change(NamedTuple):
    """A change of one or some topics, by their numbers."""

    kind: Kind
    topics: int | Sequence[int]
    name: str | None = None
    into: tuple[PartLike, ...] = ()


def reshape(run: R, change: Change) -> R:
    """Return a run with one change more; *run* stays as it is."""
    numbers = numbers_of(run, change.topics)
    if change.kind == "merge" and len(set(numbers)) < 2:
        raise InputError(f"merge takes two topics or more, got {list(numbers)}")
    curation = run.shape.curation.then(Curation(topic=(_entry(run, change, numbers),)))
    return with_decisions(run, curation, run.shape.applied.then(curation))


def with_decisions(run: R, curation: Curation, applied: Curation) -> R:
    """Return a run with other decisions about its topics.

    Parameters
    ----------
    run
        The run, which stays as it is.
    curation
        All decisions.
    applied
        The part of them that no file of the experiment has.
    """
    wishes = Wishes(curation, applied, run.events)
    engine, followed = run.engine_topics(), followed_by(run)
    result = present(engine, run.config, wishes, followed=followed)
    return with_result(run, result)


def with_result(run: R, result: ThemesResult) -> R:
    """Return a run whose members are those of a result; it has no files."""
    shaped = replace(run)
    curated, followed = result.curated, result.through_time
    steps = tuple(StepJson.of(step) for step in curated.steps)
    members: dict[str, Any] = {
        "result": result,
        "_engine": result.engine,
        "trained": result.engine.trained,
        "vocabulary": result.engine.trained.vocabulary,
        "shape": ShapeJson(curation=curated.curation, applied=result.applied, steps=steps),
        "steps": curated.steps,
        "figures": result.figures,
        "topics": Table(result.topics),
        "shares": as_table(followed.shares),
        "movements": Table(followed.movements),
        "events": followed.events,
        "words": Table(followed.words),
        "mention_counts": followed.mention_counts,
        "breakdown": Table(followed.breakdown),
        "hierarchy": result.hierarchy,
        "points": followed.points,
        "_comparison": result.comparison,
        "bad_rows": result.bad_rows,
        "lineage": Table(result.lineage),
        "stories": Table(result.stories),
        "documents": Table(result.documents),
        "undated": Table(result.undated),
        "near_duplicates": Table(result.near_duplicates),
    }
    vars(shaped).update(members)
    return shaped


def numbers_of(run: ThemesRun, topics: int | Sequence[int]) -> tuple[int, ...]:
    """Return numbers of topics as a tuple; raise InputError for one that there is not."""
    given: list[Any] = np.atleast_1d(np.asarray(topics, dtype=object)).tolist()
    last = len(run.topics) - 1
    numbers = []
    for number in given:
        is_number = isinstance(number, int | np.integer) and not isinstance(number, bool)
        if not is_number or not 0 <= number <= last:
            raise InputError(f"no topic {number!r} in {run.name}; topics go from 0 to {last}")
        numbers.append(int(number))
    if not numbers:
        raise InputError("no topic given; give the number of one or more")
    return tuple(numbers)


def _entry(run: ThemesRun, change: Change, numbers: Sequence[int]) -> CurationEntry:
    """Return a change as an entry that finds the same topics by their words."""
    wanted = {member for number in numbers for member in _members(run, number)}
    outcome = EntryOutcome("")
    for n_words in _WORDS_OF_REFERENCE:
        references = tuple(_words(run, number, n_words) for number in numbers)
        entry = _as_entry(change, references)
        curated = _tried(run, entry)
        outcome = curated.outcomes[-1]
        if set(outcome.topics) == wanted:
            return curated.curation.topic[-1]
    raise InputError(_refusal(change, numbers, outcome))


def _members(run: ThemesRun, number: int) -> tuple[int, ...]:
    return run.topics[number].made_of or (number,)


def _tried(run: ThemesRun, entry: CurationEntry) -> CuratedTopics:
    engine = run.engine_topics()
    curation = run.shape.curation.then(Curation(topic=(entry,)))
    vocabulary = engine.trained.vocabulary
    return curate(curation, engine.state, engine.counts, vocabulary, run.config.seed)


def _words(run: ThemesRun, number: int, n_words: int) -> tuple[str, ...]:
    """Return words that identify a topic: relevant ones that no other topic has more of."""
    topic_word = run.topic_word
    column_of = {word: column for column, word in enumerate(run.vocabulary)}
    fits = {}
    for entry in run.topics[number].relevant:
        column = topic_word[:, column_of[entry.word]]
        if column.argmax() == number:
            fits[entry.word] = column[number] / column.sum()
    words = list(fits) or [entry.word for entry in run.topics[number].relevant]
    if n_words < max(_WORDS_OF_REFERENCE):
        words.sort(key=lambda word: -fits.get(word, 0))
    return tuple(words[:n_words])


def _as_entry(change: Change, references: tuple[Reference, ...]) -> CurationEntry:
    [first, *_] = references
    table: dict[str, Any]
    match change.kind:
        case "merge":
            table = {"merge": references} | ({} if change.name is None else {"name": change.name})
        case "drop":
            table = {"drop": first}
        case "split":
            table = {"split": first, "into": tuple(map(_part, change.into))}
        case "parent":
            table = {"parent": change.name, "of": references}
        case "name":
            table = {"name": change.name, "words": first}
    entry: CurationEntry = check_values(CurationEntry, table, change.kind)
    return entry


def _part(part: PartLike) -> dict[str, Any]:
    if isinstance(part, str):
        raise InputError(f"a part is a list of words, got {part!r}; put it into a list: [{part!r}]")
    if len(part) == 2 and not isinstance(part[1], str):
        return {"name": part[0], "words": tuple(part[1])}
    return {"words": tuple(part)}


def _refusal(change: Change, numbers: Sequence[int], outcome: EntryOutcome) -> str:
    topics = ", ".join(map(str, numbers))
    if outcome.problem == "too few":
        return f"{change.kind} {topics}: too few articles or topics are left; leave it out"
    words = " ".join(outcome.words)
    if change.into and outcome.problem == "no topic":
        return f"{change.kind} {topics}: no word of the run among {words}; give others for the part"
    return (
        f"{change.kind} {topics}: the words {words} do not identify the topic; shape it by an "
        "entry of a topics file with words of your choice"
    )
