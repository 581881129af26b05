"""What a person decided about topics, as the page and the command line word it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from research.report.texts import Language, Wording, in_each, text

if TYPE_CHECKING:
    from research.runs import ThemesRun
    from research.runs.figures import EntryFigures


class DecisionRow(NamedTuple):
    """An entry of a topics file, the engine's topics that it concerned, and its problem, if any."""

    entry: str
    topics: str
    problem: Wording


def decision_rows(run: ThemesRun) -> Sequence[DecisionRow]:
    """Return a row for each entry that shaped the topics of a run."""
    return [
        DecisionRow(
            outcome.entry,
            " · ".join(map(str, outcome.topics)),
            _problem(outcome),
        )
        for outcome in run.decisions
    ]


def _problem(outcome: EntryFigures) -> Wording:
    return in_each(lambda language: describe_problem(outcome, language))


def describe_problem(outcome: EntryFigures, language: Language) -> str:
    """Return why an entry was not applied, or not surely; "" where it was."""
    if not outcome.problem:
        return ""
    key = outcome.problem.replace(" ", "_")
    return text(language, f"shape.{key}", words=" ".join(outcome.words))
