"""A person's decisions applied to topics: entries find their topics by words and change them.

What the entries are is in ``curation``, what they do to shares and words in ``curation_steps``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby
from typing import Literal, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.errors import InputError
from research.themes.curation import (
    Curation,
    CurationEntry,
    Reference,
    SplitPart,
    reference_words,
)
from research.themes.curation_steps import (
    USUAL_PARTS,
    Drop,
    Merge,
    Split,
    Step,
    TopicState,
    discover_parts,
    learn_parts,
    teaching_tokens,
)
from research.themes.naming import MIN_FIT, GivenName, place_names
from research.themes.relevance import mean_fits

# Mean p(topic | word) of the words that identify a topic. After ten other trainings (experiments/
# benchmarks/curation.py) topics that are there again mostly have more than the first, those that
# are gone seldom; below the second nothing is changed.
_SURE_FIT = 0.5
_MIN_FIT_TO_CHANGE = 0.25
_MAX_RIVAL = 0.7  # Of the fit of another topic, as a share of the best, to be one topic's words.
_MIN_TOPICS = 2

Problem = Literal["", "no topic", "two topics", "weak", "same topic", "too few"]
T = TypeVar("T")


class EntryOutcome(NamedTuple):
    """What became of an entry.

    Attributes
    ----------
    entry : str
        The entry in short.
    topics : tuple[int, ...]
        The engine's topics that it concerned.
    problem : Problem
        "no topic" where none fits its words. "two topics" where another fits nearly as well, "weak"
        where the best fits not well: it was applied to the best. "same topic" where those to merge
        are one; "too few" where too few topics or articles are left: such an entry was not
        applied. "" for none.
    words : tuple[str, ...]
        The words that the problem is with.
    """

    entry: str
    topics: tuple[int, ...] = ()
    problem: Problem = ""
    words: tuple[str, ...] = ()


class ParentGroup(NamedTuple):
    """A group of themes that a person named, with the group that it is in, "" for none."""

    name: str
    themes: tuple[int, ...]
    inside: str


@dataclass(frozen=True)
class CuratedTopics:
    """Topics after a person's decisions.

    Attributes
    ----------
    state : TopicState
        The themes' shares, counts of words, and the engine's topics that they are made of.
    steps : tuple[Step, ...]
        How they came from the engine's.
    names : tuple[str or None, ...]
        The name that a person gave to each.
    parents : tuple[ParentGroup, ...]
        Groups of them.
    curation : Curation
        The decisions, with the words of every part that was learned.
    outcomes : tuple[EntryOutcome, ...]
        What became of each.
    """

    state: TopicState
    steps: tuple[Step, ...]
    names: tuple[str | None, ...]
    parents: tuple[ParentGroup, ...]
    curation: Curation
    outcomes: tuple[EntryOutcome, ...]


def curate(
    curation: Curation,
    state: TopicState,
    counts: sparse.csr_matrix,
    vocabulary: Sequence[str],
    random_state: int,
) -> CuratedTopics:
    """Apply decisions to the engine's topics, from top to bottom.

    Parameters
    ----------
    curation : Curation
        The decisions.
    state : TopicState
        The engine's topics.
    counts : sparse.csr_matrix
        How often each article has each word, n_articles × n_words.
    vocabulary : Sequence[str]
        The n_words words.
    random_state : int
        The seed of the engine, for topics that are split.
    """
    column_of = {word: column for column, word in enumerate(vocabulary)}
    work = _Work(state, counts, tuple(vocabulary), column_of, random_state)
    for kind, entries in groupby(curation.topic, lambda entry: entry.kind):
        if kind == "name":
            work.name(list(entries))
            continue
        for entry in entries:
            work.change(entry)
    return CuratedTopics(
        state=work.state,
        steps=tuple(work.steps),
        names=tuple(work.names),
        parents=tuple(work.groups()),
        curation=curation.model_copy(update={"topic": tuple(work.entries)}),
        outcomes=tuple(work.outcomes),
    )


class _NotAppliedError(Exception):
    """An entry that changes nothing; it carries what became of it."""

    def __init__(self, problem: Problem, words: Sequence[str] = ()) -> None:
        super().__init__(problem)
        self.problem = problem
        self.words = tuple(words)


@dataclass
class _Work:
    """The themes while decisions are applied; names and parents are by theme."""

    state: TopicState
    counts: sparse.csr_matrix
    vocabulary: tuple[str, ...]
    column_of: dict[str, int]
    random_state: int
    steps: list[Step] = field(default_factory=list)
    names: list[str | None] = field(init=False)
    parents: list[str] = field(init=False)
    inside: dict[str, str] = field(default_factory=dict)  # The group that each group is in.
    entries: list[CurationEntry] = field(default_factory=list)
    outcomes: list[EntryOutcome] = field(default_factory=list)
    doubt: Problem = ""  # Of the present entry, and the words that it is about.
    doubtful_words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.names = [None] * self.n_topics
        self.parents = [""] * self.n_topics

    @property
    def n_topics(self) -> int:
        """How many topics there are."""
        return len(self.state.made_of)

    def name(self, entries: Sequence[CurationEntry]) -> None:
        """Give names, each to a topic of its own; topics of one name become one."""
        given = []
        for entry in entries:
            words = tuple(reference_words(entry.references[0]))
            given.append(GivenName(name=str(entry.name), words=words))
        placed, _ = place_names(given, self.state.topic_word, self.vocabulary)
        for entry in entries:
            topics = [k for k, name in placed.items() if name == entry.name]
            outcome = self._outcome_of_name(entry, topics)
            self.outcomes.append(outcome)
        self.entries += entries
        for topic, name in placed.items():
            self.names[topic] = name
        self._merge_namesakes()

    def _outcome_of_name(self, entry: CurationEntry, topics: Sequence[int]) -> EntryOutcome:
        """Return what became of a name, given the topics that have it."""
        words = tuple(reference_words(entry.references[0]))
        if not topics:
            return EntryOutcome(entry.title, (), "no topic", words)
        problem = self._doubt(self._fits(words), topics[0])
        doubtful = words if problem else ()
        return EntryOutcome(entry.title, self._members(topics), problem, doubtful)

    def _members(self, topics: Sequence[int]) -> tuple[int, ...]:
        """Return the engine's topics that topics are made of."""
        made_of = [self.state.made_of[k] for k in topics]
        return tuple(chain.from_iterable(made_of))

    def change(self, entry: CurationEntry) -> None:
        """Apply an entry that is no name, and note what became of it."""
        self.doubt, self.doubtful_words = "", []
        apply = {
            "merge": self._merge,
            "drop": self._drop,
            "split": self._split,
            "parent": self._parent,
        }
        try:
            topics: list[int] = []
            for reference in entry.references:
                topics += self._find(reference, entry)
            members = sorted(set(self._members(topics)))
            applied = apply[entry.kind](entry, topics)
        except _NotAppliedError as reason:
            self.entries.append(entry)
            outcome = EntryOutcome(entry.title, (), reason.problem, reason.words)
        else:
            self.entries.append(applied)
            doubtful = tuple(self.doubtful_words)
            outcome = EntryOutcome(entry.title, tuple(members), self.doubt, doubtful)
            self._merge_namesakes()
        self.outcomes.append(outcome)

    def groups(self) -> Iterator[ParentGroup]:
        """Yield the groups that have a theme or a group, in the order in which they were named."""
        for name, inside in self.inside.items():
            themes = tuple(k for k, parent in enumerate(self.parents) if parent == name)
            if themes or name in self.inside.values():
                yield ParentGroup(name, themes, inside)

    def _find(self, reference: Reference, entry: CurationEntry) -> list[int]:
        """Return the topic that a reference identifies; none for a group's name in ``of``."""
        if isinstance(reference, str):
            named = [k for k, name in enumerate(self.names) if name == reference]
            if named:
                return named[:1]
            if entry.kind == "parent" and reference in self.inside:
                return []
        words = reference_words(reference)
        fits = self._fits(words)
        best = int(fits.argmax())
        if fits[best] <= max(MIN_FIT / self.n_topics, _MIN_FIT_TO_CHANGE):
            raise _NotAppliedError("no topic", words)
        doubt = self._doubt(fits, best)
        if doubt:
            self.doubt = doubt
            self.doubtful_words += words
        return [best]

    def _fits(self, words: Sequence[str]) -> NDArray[np.float64]:
        """Return how far words stand for each topic (n_topics,): the mean p(topic | word)."""
        columns = self._columns(words)
        if not columns:
            return np.zeros(self.n_topics)
        [fits] = mean_fits([columns], self.state.topic_word)
        return np.asarray(fits)

    def _columns(self, words: Sequence[str]) -> list[int]:
        """Return the columns of those words that the vocabulary has."""
        return [self.column_of[word] for word in words if word in self.column_of]

    def _doubt(self, fits: NDArray[np.float64], topic: int) -> Problem:
        """Return whether another topic fits nearly as well, or this one not well."""
        least = max(MIN_FIT / self.n_topics, _MAX_RIVAL * fits[topic])
        if np.delete(fits, topic).max() > least:
            return "two topics"
        return "weak" if fits[topic] < _SURE_FIT else ""

    def _merge(self, entry: CurationEntry, topics: Sequence[int]) -> CurationEntry:
        distinct = sorted(set(topics))
        if len(distinct) < _MIN_TOPICS:
            raise _NotAppliedError("same topic", reference_words(entry.references[0]))
        place = self._merge_topics(distinct)
        if entry.name is not None:
            self.names[place] = entry.name
        return entry

    def _merge_topics(self, topics: Sequence[int]) -> int:
        """Merge topics and return the new one, under the name and parent of the largest."""
        if self.n_topics - len(topics) + 1 < _MIN_TOPICS:
            raise _NotAppliedError("too few")
        sizes = self.state.shares[:, list(topics)].mean(axis=0)
        by_size = [topics[i] for i in np.argsort(-sizes, kind="stable")]
        names = [self.names[k] for k in by_size]
        parents = [self.parents[k] for k in by_size]
        name = next((name for name in names if name is not None), None)
        parent = next(filter(None, parents), "")
        self._take(Merge(tuple(topics)), topics)
        self.names = _replaced(self.names, topics, [name])
        self.parents = _replaced(self.parents, topics, [parent])
        return min(topics)

    def _merge_namesakes(self) -> None:
        """Merge topics that a person gave one name."""
        names = [name for name in self.names if name is not None]
        for name in names:
            topics = [k for k, other in enumerate(self.names) if other == name]
            if len(topics) < 2:
                continue
            try:
                self._merge_topics(topics)
            except _NotAppliedError as reason:
                outcome = EntryOutcome(f"name {name}", (), reason.problem, (name,))
                self.outcomes.append(outcome)
                return

    def _drop(self, entry: CurationEntry, topics: Sequence[int]) -> CurationEntry:
        [topic] = topics
        if self.n_topics <= _MIN_TOPICS:
            raise _NotAppliedError("too few", reference_words(entry.references[0]))
        self._take(Drop(topic), topics)
        self.names = _replaced(self.names, topics, [])
        self.parents = _replaced(self.parents, topics, [])
        return entry

    def _split(self, entry: CurationEntry, topics: Sequence[int]) -> CurationEntry:
        [topic] = topics
        seeds = [self._part_columns(part) for part in entry.into]
        n_parts = len(seeds) or USUAL_PARTS
        try:
            tokens = teaching_tokens(topic, self.state, self.counts, n_parts)
            seeds = seeds or discover_parts(tokens, self.random_state)
            step = Split(topic, learn_parts(tokens, seeds, self.random_state))
        except InputError:
            raise _NotAppliedError("too few", reference_words(entry.references[0])) from None
        parts = entry.into or tuple(map(self._part_of, seeds))
        parents = [self.parents[topic]] * len(parts)
        self._take(step, topics)
        self.names = _replaced(self.names, topics, [part.name for part in parts])
        self.parents = _replaced(self.parents, topics, parents)
        return entry.model_copy(update={"into": parts})

    def _part_of(self, columns: Sequence[int]) -> SplitPart:
        """Return the part of a topic that some columns of words belong to."""
        words = [self.vocabulary[column] for column in columns]
        return SplitPart(words=tuple(words))

    def _part_columns(self, part: SplitPart) -> list[int]:
        """Return the columns of a part's words."""
        columns = self._columns(part.words)
        if not columns:
            raise _NotAppliedError("no topic", part.words)
        return columns

    def _parent(self, entry: CurationEntry, topics: Sequence[int]) -> CurationEntry:
        name = str(entry.parent)
        groups = [reference for reference in entry.references if reference in self.inside]
        self.inside.setdefault(name, "")
        for group in map(str, groups):
            if group in self._around(name):
                raise _NotAppliedError("same topic", (group,))
            self.inside[group] = name
        for topic in topics:
            self.parents[topic] = name
        return entry

    def _around(self, group: str) -> list[str]:
        """Return a group, the one that it is in, the one that this is in, and so on."""
        groups = []
        while group:
            groups.append(group)
            group = self.inside.get(group, "")
        return groups

    def _take(self, step: Step, topics: Sequence[int]) -> None:
        self.state = step.apply(self.state, self.counts)
        self.steps.append(step)


def _replaced(values: Sequence[T], topics: Sequence[int], new: Sequence[T]) -> list[T]:
    """Return values by topic after a step, as :meth:`TopicState.replace` orders topics."""
    place = min(topics)
    before = [value for k, value in enumerate(values) if k < place]
    after = [value for k, value in enumerate(values) if k > place and k not in topics]
    return [*before, *new[:1], *after, *new[1:]]
