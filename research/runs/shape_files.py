"""What a person decided about the topics of a run, and the steps that it came to: ``shape/``.

A run that nobody shaped has no such folder.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import TypeAdapter

from research.errors import InputError
from research.runs import matrices
from research.runs.draft import Draft
from research.runs.folder import Source
from research.runs.json_files import JsonFile, JsonRow
from research.themes.curated import CuratedTopics
from research.themes.curation import Curation
from research.themes.curation_steps import Drop, Merge, Split, Step


class StepJson(JsonRow):
    """A step: the topics that it is about, and how many parts a split has."""

    merge: tuple[int, ...] | None = None
    drop: int | None = None
    split: int | None = None
    parts: int | None = None

    @classmethod
    def of(cls, step: Step) -> StepJson:
        """Return a step as the file has it."""
        if isinstance(step, Merge):
            return cls(merge=step.topics)
        if isinstance(step, Drop):
            return cls(drop=step.topic)
        return cls(split=step.topic, parts=len(step.components))


class ShapeJson(JsonRow):
    """What ``shape/shape.json`` holds.

    ``applied`` is the part of the curation that no file of the experiment has: a training into the
    same place keeps it.
    """

    curation: Curation
    applied: Curation = Curation()
    steps: tuple[StepJson, ...] = ()


SHAPE = JsonFile("shape/shape.json", TypeAdapter(ShapeJson))
_SPLIT = "shape/split-{}.npy"


def write_shape(draft: Draft, curated: CuratedTopics, applied: Curation) -> None:
    """Write what was decided; nothing where nothing was."""
    if not curated.curation:
        return
    steps = tuple(StepJson.of(step) for step in curated.steps)
    SHAPE.write(draft, ShapeJson(curation=curated.curation, applied=applied, steps=steps))
    for number, step in enumerate(curated.steps):
        if isinstance(step, Split):
            matrices.write_array(draft, _SPLIT.format(number), step.components)


def read_shape(source: Source) -> ShapeJson:
    """Return what was decided about the topics of a run; nothing where there is no such file."""
    if not (source.folder / SHAPE.name).is_file():
        return ShapeJson(curation=Curation())
    return SHAPE.read(source)


def read_steps(source: Source, n_words: int) -> tuple[Step, ...]:
    """Return the steps from the engine's topics to the themes of a run, over *n_words* words."""
    return tuple(
        _step(source, number, step, n_words) for number, step in enumerate(read_shape(source).steps)
    )


def _step(source: Source, number: int, step: StepJson, n_words: int) -> Step:
    if step.merge is not None:
        return Merge(step.merge)
    if step.drop is not None:
        return Drop(step.drop)
    if step.split is None or step.parts is None:
        raise InputError(
            f"{source.folder}/{SHAPE.name}: step {number} is none; copy the run again, "
            "or train it again"
        )
    name = _SPLIT.format(number)
    return Split(step.split, matrices.read_array(source, name, (step.parts, n_words)))


def check_steps(source: Source, steps: Sequence[Step], n_topics: int) -> None:
    """Refuse steps about topics that there are not; *n_topics* are the engine's."""
    for step in steps:
        topics = step.topics if isinstance(step, Merge) else (step.topic,)
        if not topics or min(topics) < 0 or max(topics) >= n_topics:
            raise InputError(
                f"{source.folder}/{SHAPE.name}: a step about topic {max(topics, default=0)} of "
                f"{n_topics}; copy the run again, or train it again"
            )
        if isinstance(step, Split):
            n_topics += len(step.components)
        n_topics -= len(topics) - isinstance(step, Merge)
