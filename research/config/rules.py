"""Keys of files of labelling rules, and of ``[rules]``, which names such files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from research.errors import InputError
from research.toml import Table, check_table, read_toml


class RuleConfig(Table):
    """A labelling rule: where it holds, it votes for its section."""

    section: str
    name: str = Field("", description="Its name in figures; its words or pattern where left out.")
    words: tuple[str, ...] = Field((), description="Words of which some occur in the text.")
    at_least: int = Field(1, ge=1, description="How many different ones of the words.")
    pattern: str = Field("", description="Or a regular expression that occurs in the text.")
    field: Literal["headline", "lead", "body", "all"] = Field(
        "all", description='Part of the article; "lead" is its first paragraph.'
    )

    @model_validator(mode="after")
    def _check(self) -> RuleConfig:
        if bool(self.words) == bool(self.pattern):
            raise ValueError("give one of words and pattern")
        n_words = len(set(self.words))
        if "" in self.words or (self.words and n_words < self.at_least):
            raise ValueError(
                f"at_least {self.at_least} of {n_words} words can never hold, or a word is empty"
            )
        try:
            re.compile(self.pattern)
        except re.error as error:
            raise ValueError(
                f"pattern {self.pattern!r} is no regular expression: {error}"
            ) from None
        return self

    @property
    def title(self) -> str:
        """The rule's name in figures."""
        return self.name or self.pattern or " ".join(self.words)


class RulesFile(Table):
    """A file of labelling rules."""

    cues: dict[str, tuple[str, ...]] = Field(
        {}, description="Sections and their cue words; each word is a rule."
    )
    rule: tuple[RuleConfig, ...] = ()


class RulesConfig(Table):
    """Label the articles of [corpus] that have no section by rules."""

    files: tuple[str, ...] = Field(
        min_length=1, description="Files of rules, relative to the experiment file."
    )
    most: int = Field(
        2000,
        ge=1,
        description="Most articles per section; those that the rules are surest of are kept.",
    )
    weight: float = Field(
        0.3,
        gt=0,
        description="Weight of an article labelled by rule; one labelled by hand has weight 1.",
    )


def read_rules_file(path: Path, sections: Sequence[str] | None) -> list[RuleConfig]:
    """Read a file of labelling rules; every cue word becomes a rule.

    Parameters
    ----------
    path
        A TOML file.
    sections
        Those that rules may vote for; None for any.

    Raises
    ------
    InputError
        For an unknown key or section, a pattern that is none, or a rule that can never hold.
    """
    table, text = read_toml(path)
    checked = check_table(RulesFile, table, text, str(path))
    rules = [
        RuleConfig(section=section, words=(word,))
        for section, words in checked.cues.items()
        for word in words
    ]
    rules += checked.rule
    if sections is not None:
        _check_sections(rules, sections, path, text)
    return rules


def _check_sections(
    rules: Sequence[RuleConfig], sections: Sequence[str], path: Path, text: str
) -> None:
    for section in dict.fromkeys(rule.section for rule in rules):
        if section not in sections:
            allowed = ", ".join(sections)
            raise InputError(
                f'{path}:{_first_line(text, section)}: section "{section}" is not one of {allowed}'
            )


def _first_line(text: str, word: str) -> int:
    """Return the number of the first line that has a word; 1 where none has."""
    for number, line in enumerate(text.splitlines(), 1):
        if word in line:
            return number
    return 1
