"""What a person decided about topics after training: names, merges, drops, splits, parents.

A ``topics.toml`` holds entries that apply from top to bottom, each to a topic that its words
identify, so that they outlast another training. A names file is such a file with names only.
How entries change topics is in ``curation_steps``; nothing here computes.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from research.toml import Table, check_table, read_toml

Kind = Literal["name", "merge", "drop", "split", "parent"]
Reference = str | tuple[str, ...]
"""A topic: words that identify it, apart by spaces or in a list, or a name given earlier."""

_SEPARATORS = re.compile(r"[\s、，,]+")
_MAX_NAME_CHARACTERS = 40
_KEYS: dict[Kind, tuple[str, ...]] = {
    "name": ("name", "words"),
    "merge": ("merge", "name"),
    "drop": ("drop",),
    "split": ("split", "into"),
    "parent": ("parent", "of"),
}
_EXAMPLES: dict[Kind, str] = {
    "name": 'name = "供水", words = ["水库", "管网"]',
    "merge": 'merge = ["水库 管网", "水价 水表"], name = "供水"',
    "drop": 'drop = "记者 通讯员"',
    "split": 'split = "学校 医院"',
    "parent": 'parent = "民生", of = ["水库 管网", "学校 医院"]',
}


class SplitPart(Table):
    """One part of a topic that is split: its name, and words that belong to it."""

    name: str | None = Field(None, min_length=1, max_length=_MAX_NAME_CHARACTERS)
    words: tuple[str, ...] = Field(min_length=1)


class CurationEntry(Table):
    """One ``[[topic]]`` of a topics file: a name, a merge, a drop, a split or a parent.

    Attributes
    ----------
    name : str, optional
        What the topic, or what comes of a merge, is called.
    words : Reference, optional
        Words of the topic that is named.
    merge : tuple[Reference, ...], optional
        The topics that become one.
    drop : Reference, optional
        The topic whose share goes to the others of each article.
    split : Reference, optional
        The topic that becomes two or more.
    into : tuple[SplitPart, ...]
        What they are; where left out, two are learned.
    parent : str, optional
        The name of a group of topics.
    of : tuple[Reference, ...], optional
        The topics of the group, or groups named earlier.
    """

    name: str | None = Field(None, min_length=1, max_length=_MAX_NAME_CHARACTERS)
    words: Reference | None = Field(None, min_length=1)
    merge: tuple[Reference, ...] | None = None
    drop: Reference | None = Field(None, min_length=1)
    split: Reference | None = Field(None, min_length=1)
    into: tuple[SplitPart, ...] = ()
    parent: str | None = Field(None, min_length=1, max_length=_MAX_NAME_CHARACTERS)
    of: tuple[Reference, ...] | None = Field(None, min_length=1)

    @model_validator(mode="after")
    def _check(self) -> CurationEntry:
        given = set(self.model_dump(exclude_defaults=True))
        kinds = [kind for kind in ("merge", "drop", "split", "parent") if kind in given]
        if len(kinds) > 1:
            raise ValueError(f"{' and '.join(kinds)} in one entry; give each its own [[topic]]")
        kind = self.kind
        strange = sorted(given.difference(_KEYS[kind]))
        if strange:
            raise ValueError(
                f"{', '.join(strange)} is not for {kind}; write it as {_EXAMPLES[kind]}"
            )
        required = {"name": "words", "parent": "of"}.get(kind)
        if required is not None and not {kind, required} <= given:
            raise ValueError(f"needs {kind} and {required}, as in {_EXAMPLES[kind]}")
        if self.merge is not None and len(self.merge) < 2:
            raise ValueError(f"merge takes two topics or more, as in {_EXAMPLES['merge']}")
        if len(self.into) == 1:
            raise ValueError("into has one part; give two or more, or leave it out")
        self._check_references()
        return self

    def _check_references(self) -> None:
        for reference in self.references:
            if not reference_words(reference):
                raise ValueError("a topic without words; name words that identify it")

    @property
    def kind(self) -> Kind:
        """What the entry does."""
        kinds: tuple[Kind, ...] = ("merge", "drop", "split", "parent")
        for kind in kinds:
            if getattr(self, kind) is not None:
                return kind
        return "name"

    @property
    def references(self) -> tuple[Reference, ...]:
        """The topics that the entry is about."""
        if self.merge is not None:
            return self.merge
        if self.of is not None:
            return self.of
        one = self.words or self.drop or self.split
        return () if one is None else (one,)

    @property
    def title(self) -> str:
        """The entry in short, for messages: ``merge 养老``."""
        name = self.name or self.parent
        if name is None:
            name = " ".join(reference_words(self.references[0])[:3])
        return f"{self.kind} {name}"


class Curation(Table):
    """A topics file: entries from top to bottom, and words that are no labels.

    Attributes
    ----------
    topic : tuple[CurationEntry, ...]
        The entries.
    label_stop_words : tuple[str, ...]
        Words that neither name a topic nor stand among the words shown of it.
    """

    topic: tuple[CurationEntry, ...] = ()
    label_stop_words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.topic or self.label_stop_words)

    def then(self, other: Curation) -> Curation:
        """Return the entries of both, those of *other* last; equal ones once."""
        entries = self.topic
        for entry in other.topic:
            if entry not in entries:
                entries += (entry,)
        words = dict.fromkeys(self.label_stop_words + other.label_stop_words)
        return Curation(topic=entries, label_stop_words=tuple(words))

    def without_first_names(self) -> Curation:
        """Return the decisions without names before the first change.

        They are of the engine's own topics, which keep their names where they are matched.
        """
        kinds = [entry.kind for entry in self.topic]
        n_names = next((i for i, kind in enumerate(kinds) if kind != "name"), len(kinds))
        return self.model_copy(update={"topic": self.topic[n_names:]})


NO_DECISIONS = Curation()


def read_curation(path: Path) -> Curation:
    """Read a topics file or a names file; raise InputError that lists everything wrong in it."""
    table, text = read_toml(path)
    return check_table(Curation, table, text, str(path))


def reference_words(reference: Reference) -> list[str]:
    """Return the words that identify a topic."""
    if isinstance(reference, tuple):
        return [word.strip() for word in reference if word.strip()]
    return [word for word in _SEPARATORS.split(reference) if word]
