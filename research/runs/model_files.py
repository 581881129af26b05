"""The files of a run's ``model/`` folder: model.json, and one plain .npy file per array.

Reading checks types and shapes before a model is built, and runs nothing that it reads.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from research.errors import InputError
from research.files import naming
from research.runs.draft import Draft
from research.runs.folder import Source
from research.runs.json_files import read_upgraded, wrong_json
from research.sections.classifier import SectionClassifier
from research.text.passages import Counting
from research.text.segmenter import Segmenter
from research.topics.model import TopicModel

MODEL = "model/model.json"
Arrays = dict[str, NDArray[Any]]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _SegmenterFile(_Strict):
    user_words: list[tuple[str, int, str]]
    stop_words: list[str]
    numbers: bool
    latin: bool
    min_length: int
    engine: str = Field(pattern="^r?jieba$")


class _BlockFile(_Strict):
    config: dict[str, Any]
    vocabulary: list[str] | None = None
    rules: list[dict[str, Any]] | None = None
    sections: list[str] | None = None
    scale: float | None = Field(None, gt=0)


class _FamiliarityFile(_Strict):
    ngrams: list[str] = Field(min_length=1)
    limits: list[float]
    share: float = Field(ge=0, le=1)


class _SectionsFile(_Strict):
    task: str = Field(pattern="^sections$")
    kind: str = Field(pattern="^(svm|logistic|bayes|nb-svm)$")
    C: float
    random_state: int
    classes: list[str] = Field(min_length=2)
    temperature: float = Field(gt=0)
    precision: float = Field(gt=0, le=1)
    thresholds: list[float] = Field(min_length=2)
    blocks: list[_BlockFile] = Field(min_length=1)
    vector_words: list[str] | None
    segmenter: _SegmenterFile
    familiarity: _FamiliarityFile | None = None


class _CountingFile(_Strict):
    weights: dict[str, float]
    passage_words: int | None = Field(ge=1)


class _ThemesFile(_Strict):
    task: str = Field(pattern="^themes$")
    n_topics: int = Field(ge=1)
    engine: str = Field(pattern="^(cvb0|gensim)$")
    alpha: float | str | list[float]
    eta: float | str | list[float]
    passes: int
    tolerance: float
    start: str
    seeds: list[list[int]]
    seed_strength: float
    short_texts: bool = False
    random_state: int
    vocabulary: list[str] = Field(min_length=1)
    segmenter: _SegmenterFile
    counting: _CountingFile | None = None


_ALL_WORDS = Counting()
M = TypeVar("M", bound=_Strict)


class ThemesModel(NamedTuple):
    """A topic model, the words that its columns stand for, and how the texts were counted.

    ``segmenter`` segmented them; which of their words count is in ``counting``.
    """

    model: TopicModel
    vocabulary: tuple[str, ...]
    segmenter: Segmenter
    counting: Counting = _ALL_WORDS


def write_sections_model(draft: Draft, model: SectionClassifier) -> None:
    """Write a section classifier."""
    facts, arrays = model.state()
    _write(draft, {"task": "sections", **facts}, arrays)


def write_themes_model(draft: Draft, trained: ThemesModel) -> None:
    """Write a topic model with its vocabulary, its segmenter and what it counts."""
    facts, arrays = trained.model.state()
    facts |= {"vocabulary": list(trained.vocabulary), "segmenter": trained.segmenter.state()}
    if trained.counting != _ALL_WORDS:
        facts["counting"] = asdict(trained.counting)
    _write(draft, {"task": "themes", **facts}, arrays)


def _write(draft: Draft, facts: dict[str, Any], arrays: Arrays) -> None:
    draft.text(MODEL, json.dumps(facts, ensure_ascii=False) + "\n")
    for name, array in sorted(arrays.items()):
        path = draft.folder / "model" / f"{name}.npy"
        with naming(path):
            np.save(path, np.ascontiguousarray(array), allow_pickle=False)


def read_sections_model(source: Source) -> SectionClassifier:
    """Read a section classifier; raise InputError for anything that does not fit together."""
    facts = _read_facts(source, _SectionsFile)
    arrays = _read_arrays(source)
    try:
        model = SectionClassifier.from_state(facts, arrays)
        _check_sections_arrays(source, model, facts, arrays)
    except (KeyError, IndexError, TypeError, ValidationError) as error:
        raise _misfit(source, error) from None
    return model


def read_themes_model(source: Source) -> ThemesModel:
    """Read a topic model; raise InputError for anything that does not fit together."""
    facts = _read_facts(source, _ThemesFile)
    arrays = _read_arrays(source)
    try:
        vocabulary = tuple(facts.pop("vocabulary"))
        segmenter = Segmenter.from_state(facts.pop("segmenter"))
        counting = Counting(**(facts.pop("counting") or {}))
        n_topics, n_words = facts["n_topics"], len(vocabulary)
        shapes: dict[str, tuple[int, ...]] = {
            "components": (n_topics, n_words),
            "alpha": (n_topics,),
            "eta": (n_words,),
        }
        if "held" in arrays:
            shapes["held"] = (len(arrays["held"]), 3)
        _check_arrays(source, arrays, shapes)
        model = TopicModel.from_state(facts, arrays)
        return ThemesModel(model, vocabulary, segmenter, counting)
    except (KeyError, IndexError, TypeError, ValidationError) as error:
        raise _misfit(source, error) from None


def read_vocabulary(source: Source) -> tuple[str, ...]:
    """Return a themes run's words, in the order of its model's columns, without its arrays."""
    return tuple(_read_facts(source, _ThemesFile)["vocabulary"])


def _read_facts(source: Source, checker: type[M]) -> dict[str, Any]:
    try:
        checked = checker.model_validate_json(read_upgraded(source, MODEL))
    except ValidationError as error:
        raise wrong_json(source.folder / MODEL, error) from None
    return checked.model_dump(exclude={"task"})


def _read_arrays(source: Source) -> Arrays:
    paths = sorted((source.folder / "model").glob("*.npy"))
    return {path.stem: _read_array(path) for path in paths}


def _read_array(path: Path) -> NDArray[Any]:
    try:
        array: NDArray[Any] = np.load(path, allow_pickle=False)
    except (ValueError, EOFError, OSError):
        raise InputError(
            f"{path}: not a plain array; nothing in it was run. "
            "Copy the run again, or train it again"
        ) from None
    return array


def _check_sections_arrays(
    source: Source, model: SectionClassifier, facts: dict[str, Any], arrays: Arrays
) -> None:
    n_sections = len(model.classes_)
    n_features = model.features_.n_features_out
    shapes: dict[str, tuple[int, ...]] = {
        "coef": (n_sections, n_features),
        "intercept": (n_sections,),
    }
    if facts["familiarity"] is not None:
        shapes["familiarity"] = (len(facts["familiarity"]["ngrams"]),)
    if model.vectors is not None:
        n_words = len(model.vectors.words)
        n_dimensions = arrays["vectors"].shape[-1]
        shapes["vectors"] = (n_words, n_dimensions)
        shapes["vectors-idf"] = (n_words,)
    for i, block in enumerate(facts["blocks"]):
        if f"idf-{i}" in arrays:
            shapes[f"idf-{i}"] = (len(block["vocabulary"]),)
        if block["rules"] is not None:
            shapes[f"cues-{i}"] = (len(block["rules"]),)
    _check_arrays(source, arrays, shapes)


def _check_arrays(source: Source, arrays: Arrays, shapes: dict[str, tuple[int, ...]]) -> None:
    """Raise InputError for an array that has another shape, or holds no finite numbers."""
    for name, shape in shapes.items():
        array = arrays[name]
        numbers = array.dtype.kind == "f" and bool(np.isfinite(array).all())
        if array.shape != shape or not numbers:
            raise InputError(
                f"{source.folder}/model/{name}.npy: expected finite numbers of shape {shape}, "
                f"found {array.dtype} of shape {array.shape}; train the run again"
            )


def _misfit(source: Source, error: Exception) -> InputError:
    what = f"{type(error).__name__}: {error}"
    return InputError(f"{source.folder}/model: does not fit together ({what}); train the run again")
