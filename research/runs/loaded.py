"""A trained run as objects: a section classifier or a topic model, with what was measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field, ValidationError

from research.articles.article import Article, Text
from research.config import Experiment, ThemesExperiment
from research.errors import InputError
from research.runs.folder import Strict, check_whole, find
from research.runs.reading import (
    read_array,
    read_figures,
    read_mentions,
    read_resolved,
    read_stories,
    read_table,
)
from research.sections.classifier import Explanation, SectionClassifier
from research.text.counts import count_words
from research.text.segmenter import Segmenter
from research.themes.mentions import Mentions, mentions_of
from research.themes.stories import story_tables_about as stories_about
from research.topics.model import TopicModel


class _SegmenterFile(Strict):
    user_words: list[tuple[str, int, str]]
    stop_words: list[str]
    numbers: bool
    latin: bool
    min_length: int
    engine: str = Field(pattern="^r?jieba$")


class _BlockFile(Strict):
    config: dict[str, Any]
    vocabulary: list[str] | None = None
    rules: list[dict[str, Any]] | None = None
    sections: list[str] | None = None
    scale: float | None = Field(None, gt=0)


class _SectionsFile(Strict):
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


class _ThemesFile(Strict):
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
    random_state: int
    vocabulary: list[str] = Field(min_length=1)
    segmenter: _SegmenterFile


@dataclass(frozen=True)
class Run:
    """A trained experiment. ``config`` is the resolved experiment, ``figures`` what was measured."""

    folder: Path
    config: Experiment
    figures: dict[str, Any]

    @property
    def name(self) -> str:
        return self.config.name


@dataclass(frozen=True)
class SectionsRun(Run):
    """A trained section classifier, ``model``."""

    model: SectionClassifier

    def predict(self, texts: Iterable[Text], otherwise: str | None = None) -> NDArray[Any]:
        """Return the section of every text or Article; *otherwise* (such as "" or 其他) where the model is not sure."""
        return self.model.predict(_several(texts), otherwise)

    def predict_sections(
        self, texts: Iterable[Text], at_least: float = 0.25
    ) -> list[tuple[str, ...]]:
        """Return one section, or two where the second has a probability of *at_least*."""
        return self.model.predict_sections(_several(texts), at_least)

    def explain(
        self, text: Text, section: str | None = None, rival: str | None = None
    ) -> Explanation:
        """Say which words and sentences speak for a section and against another, and which the other way."""
        return self.model.explain(text, section, rival)

    def predict_proba(self, texts: Iterable[Text]) -> NDArray[np.float64]:
        """Return n × n_sections probabilities, columns as in ``model.classes_``."""
        return self.model.predict_proba(_several(texts))


@dataclass(frozen=True)
class ThemesRun(Run):
    """A trained topic model, ``model``, with the words its columns stand for, ``vocabulary``."""

    model: TopicModel
    vocabulary: tuple[str, ...]
    segmenter: Segmenter

    def transform(self, texts: Iterable[Text]) -> NDArray[np.float64]:
        """Return topic shares of texts or Articles, n × n_topics."""
        return self.model.transform(count_words(_several(texts), self.segmenter, self.vocabulary))

    def predict(self, texts: Iterable[Text]) -> NDArray[np.intp]:
        """Return the number of every text's largest topic."""
        numbers: NDArray[np.intp] = self.transform(texts).argmax(axis=1)
        return numbers

    def top_words(self, n: int = 10) -> list[list[str]]:
        """Return the *n* likeliest words of every topic."""
        return self.model.top_words(self.vocabulary, n)

    @cached_property
    def shares(self) -> list[dict[str, str]]:
        """The topic shares over time: a row a period, as ``shares.csv`` has them."""
        return read_table(self.folder / "shares.csv")

    @cached_property
    def stories(self) -> list[dict[str, Any]]:
        """What was new in each period: ``period``, ``theme``, ``words``, ``documents`` (how many), ``articles``, ``weight``."""
        return read_stories(self.folder)

    def stories_about(self, text: str) -> list[dict[str, Any]]:
        """Return the stories that have words which stand in *text*, the best match first."""
        return stories_about(text, self.stories)

    def mentions(self, words: Sequence[str]) -> Mentions:
        """Return which share of each period's articles hold each of *words*, with Wilson's intervals; raise InputError for one unknown."""
        if isinstance(words, str):
            raise InputError(
                f"expected a list of words, got one str; put it into a list: [{words!r}]"
            )
        place = {word: column for column, word in enumerate(self.vocabulary)}
        columns = [place[self._known(word, place)] for word in words]
        config = cast(ThemesExperiment, self.config)
        documents = np.array([int(row["documents"]) for row in self.shares])
        counts = read_mentions(self.folder, (len(documents), len(self.vocabulary)))
        if counts is None:
            raise InputError(
                f"{self.folder}: an earlier version trained this run, and counted no words by period; train it again (--force)"
            )
        holding = counts[:, columns].toarray().astype(np.int64)
        return mentions_of(
            [self.vocabulary[column] for column in columns],
            holding,
            documents,
            [row["period"] for row in self.shares],
            config.time.by,
        )

    def _known(self, word: str, place: Mapping[str, int]) -> str:
        """Return a word as the vocabulary has it; say why not where it has none."""
        tokens = self.segmenter.segment(word)
        for form in [word, *tokens] if len(tokens) == 1 else [word]:
            if form in place:
                return form
        if len(cut := self.segmenter.cut(word.strip())) > 1:
            raise InputError(
                f"{word!r} is several words to {self.name}: {' '.join(cut)}; ask for one of these, or add it to a user dictionary and train again"
            )
        raise InputError(
            f"{word!r} is not among the {len(place)} words of {self.name}: left out as a stop word, too rare or too common; ask for another"
        )


def _several(texts: Iterable[Text]) -> list[Text]:
    if isinstance(texts, str | Article):
        raise InputError(
            f"expected a list of texts, got one {type(texts).__name__}; put it into a list: [text]"
        )
    return list(texts)


def load(
    name: str | PathLike[str], runs: str | PathLike[str] | None = None
) -> SectionsRun | ThemesRun:
    """Load a run by its folder or its bare name (looked up in *runs*, ``$RESEARCH_RUNS`` or ``runs/``).

    Raises InputError when the folder is no run, is not whole, or a file in it was changed.
    """
    folder = find(name, runs)
    check_whole(folder)
    config = read_resolved(folder)
    figures = read_figures(folder)
    checker: type[BaseModel] = _SectionsFile if config.task == "sections" else _ThemesFile
    try:
        facts = checker.model_validate_json(
            (folder / "model" / "model.json").read_bytes()
        ).model_dump(exclude={"task"})
    except ValidationError as error:
        problem = error.errors()[0]
        place = "".join(f"{part}: " for part in (".".join(map(str, problem["loc"])),) if part)
        raise InputError(
            f"{folder}/model/model.json: {place}{problem['msg']}; train the run again"
        ) from None
    arrays = {path.stem: read_array(path) for path in sorted((folder / "model").glob("*.npy"))}
    try:
        if config.task == "sections":
            return _load_sections(folder, config, figures, facts, arrays)
        return _load_themes(folder, config, figures, facts, arrays)
    except (KeyError, IndexError, TypeError, ValidationError) as error:
        raise InputError(
            f"{folder}/model: does not fit together ({type(error).__name__}: {error}); train the run again"
        ) from None


def _load_sections(
    folder: Path,
    config: Experiment,
    figures: dict[str, Any],
    facts: dict[str, Any],
    arrays: dict[str, NDArray[Any]],
) -> SectionsRun:
    model = SectionClassifier.from_state(facts, arrays)
    _check_array(folder, "coef", arrays, (len(model.classes_), model.features_.n_features_out))
    _check_array(folder, "intercept", arrays, (len(model.classes_),))
    if model.vectors is not None:
        _check_array(
            folder, "vectors", arrays, (len(model.vectors.words), arrays["vectors"].shape[-1])
        )
        _check_array(folder, "vectors-idf", arrays, (len(model.vectors.words),))
    for i, block in enumerate(facts["blocks"]):
        if f"idf-{i}" in arrays:
            _check_array(folder, f"idf-{i}", arrays, (len(block["vocabulary"]),))
        if block["rules"] is not None:
            _check_array(folder, f"cues-{i}", arrays, (len(block["rules"]),))
    return SectionsRun(folder, config, figures, model)


def _load_themes(
    folder: Path,
    config: Experiment,
    figures: dict[str, Any],
    facts: dict[str, Any],
    arrays: dict[str, NDArray[Any]],
) -> ThemesRun:
    vocabulary = tuple(facts.pop("vocabulary"))
    segmenter = Segmenter.from_state(facts.pop("segmenter"))
    _check_array(folder, "components", arrays, (facts["n_topics"], len(vocabulary)))
    _check_array(folder, "alpha", arrays, (facts["n_topics"],))
    _check_array(folder, "eta", arrays, (len(vocabulary),))
    return ThemesRun(
        folder, config, figures, TopicModel.from_state(facts, arrays), vocabulary, segmenter
    )


def _check_array(
    folder: Path, name: str, arrays: dict[str, NDArray[Any]], shape: tuple[int, ...]
) -> None:
    array = arrays[name]
    if array.shape != shape or array.dtype.kind != "f" or not np.isfinite(array).all():
        raise InputError(
            f"{folder}/model/{name}.npy: expected finite numbers of shape {shape}, found {array.dtype} of shape {array.shape}; train the run again"
        )
