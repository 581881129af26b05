"""The only place that knows what a run folder looks like.

    runs/NAME/
      config.toml     the experiment file as given
      config.json     the same, every default spelled out
      figures.json    what was measured
      inputs.json     SHA-256 of what was read
      predictions.csv, suspects.csv, rules.csv (sections)
      topics.json, shares.csv, bands.csv, movement.json, events.json, words.csv, mentions.npz, lineage.csv, stories.json,
      breakdown.csv, documents.csv, points.json, undated.csv, repeated.csv (themes)
      model/          model.json and one .npy file an array
      report.html     all of it, to look at
      manifest.json   SHA-256 of every file above, and of config and data together
      record.json     time, host, versions, git commit, data: the one file that differs between equal runs

A run is written to a hidden folder beside its place and renamed when whole. Loading reads JSON and plain
arrays, checks every file against the manifest, and never runs anything it finds.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any, cast
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from scipy import sparse

from research.articles import Article, Text
from research.config import Experiment, ThemesExperiment, check_config
from research.errors import InputError
from research.features import count_words
from research.files import as_csv, naming, replacing, sha256
from research.sections import Explanation, SectionClassifier
from research.tokens import Segmenter
from research.topics import Mentions, TopicModel
from research.topics.mentions import mentions_of
from research.topics.stories import stories_about

FORMAT = 4
RECORD, MANIFEST = "record.json", "manifest.json"


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
    random_state: int
    vocabulary: list[str] = Field(min_length=1)
    segmenter: _SegmenterFile


class _Manifest(_Strict):
    format: int
    fingerprint: str
    files: dict[str, str]


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

    def predict_sections(self, texts: Iterable[Text], at_least: float = 0.25) -> list[tuple[str, ...]]:
        """Return one section, or two where the second has a probability of *at_least*."""
        return self.model.predict_sections(_several(texts), at_least)

    def explain(self, text: Text, section: str | None = None, rival: str | None = None) -> Explanation:
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
        place = {word: column for column, word in enumerate(self.vocabulary)}
        columns = [place[self._known(word, place)] for word in words]
        config = cast(ThemesExperiment, self.config)
        documents = np.array([int(row["documents"]) for row in self.shares])
        path = self.folder / "mentions.npz"
        if not path.is_file():
            raise InputError(f"{self.folder}: an earlier version trained this run, and counted no words by period; train it again (--force)")
        holding = _read_counts(path, (len(documents), len(self.vocabulary)))[:, columns].toarray().astype(np.int64)
        return mentions_of([self.vocabulary[column] for column in columns], holding, documents, [row["period"] for row in self.shares], config.time.by)

    def _known(self, word: str, place: Mapping[str, int]) -> str:
        """Return a word as the vocabulary has it; say why not where it has none."""
        tokens = self.segmenter.segment(word)
        for form in [word, *tokens] if len(tokens) == 1 else [word]:
            if form in place:
                return form
        if len(cut := self.segmenter.cut(word.strip())) > 1:
            raise InputError(f"{word!r} is several words to {self.name}: {' '.join(cut)}; ask for one of these, or add it to a user dictionary and train again")
        raise InputError(f"{word!r} is not among the {len(place)} words of {self.name}: left out as a stop word, too rare or too common; ask for another")


def _several(texts: Iterable[Text]) -> list[Text]:
    if isinstance(texts, str | Article):
        raise InputError(f"expected a list of texts, got one {type(texts).__name__}; put it into a list: [text]")
    return list(texts)


def load(name: str | PathLike[str], runs: str | PathLike[str] | None = None) -> SectionsRun | ThemesRun:
    """Load a run by its folder or its bare name (looked up in *runs*, ``$RESEARCH_RUNS`` or ``runs/``).

    Raises InputError when the folder is no run, is not whole, or a file in it was changed.
    """
    folder = find(name, runs)
    check_whole(folder)
    config = read_resolved(folder)
    figures = read_figures(folder)
    checker: type[BaseModel] = _SectionsFile if config.task == "sections" else _ThemesFile
    try:
        facts = checker.model_validate_json((folder / "model" / "model.json").read_bytes()).model_dump(exclude={"task"})
    except ValidationError as error:
        problem = error.errors()[0]
        place = "".join(f"{part}: " for part in (".".join(map(str, problem["loc"])),) if part)
        raise InputError(f"{folder}/model/model.json: {place}{problem['msg']}; train the run again") from None
    arrays = {path.stem: _read_array(path) for path in sorted((folder / "model").glob("*.npy"))}
    try:
        if config.task == "sections":
            return _load_sections(folder, config, figures, facts, arrays)
        return _load_themes(folder, config, figures, facts, arrays)
    except (KeyError, IndexError, TypeError, ValidationError) as error:
        raise InputError(f"{folder}/model: does not fit together ({type(error).__name__}: {error}); train the run again") from None


def _load_sections(folder: Path, config: Experiment, figures: dict[str, Any], facts: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> SectionsRun:
    model = SectionClassifier.from_state(facts, arrays)
    _check_array(folder, "coef", arrays, (len(model.classes_), model.features_.n_features_out))
    _check_array(folder, "intercept", arrays, (len(model.classes_),))
    if model.vectors is not None:
        _check_array(folder, "vectors", arrays, (len(model.vectors.words), arrays["vectors"].shape[-1]))
        _check_array(folder, "vectors-idf", arrays, (len(model.vectors.words),))
    for i, block in enumerate(facts["blocks"]):
        if f"idf-{i}" in arrays:
            _check_array(folder, f"idf-{i}", arrays, (len(block["vocabulary"]),))
        if block["rules"] is not None:
            _check_array(folder, f"cues-{i}", arrays, (len(block["rules"]),))
    return SectionsRun(folder, config, figures, model)


def _load_themes(folder: Path, config: Experiment, figures: dict[str, Any], facts: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> ThemesRun:
    vocabulary = tuple(facts.pop("vocabulary"))
    segmenter = Segmenter.from_state(facts.pop("segmenter"))
    _check_array(folder, "components", arrays, (facts["n_topics"], len(vocabulary)))
    _check_array(folder, "alpha", arrays, (facts["n_topics"],))
    _check_array(folder, "eta", arrays, (len(vocabulary),))
    return ThemesRun(folder, config, figures, TopicModel.from_state(facts, arrays), vocabulary, segmenter)


def find(name: str | PathLike[str], runs: str | PathLike[str] | None = None) -> Path:
    """Return the folder of a run given by path or bare name."""
    given = Path(name)
    root = Path(runs or os.environ.get("RESEARCH_RUNS", "runs"))
    for folder in (given, root / given):
        _recover(folder)
        if (folder / MANIFEST).is_file():
            return folder
    if given.is_dir() or (root / given).is_dir():
        folder = given if given.is_dir() else root / given
        raise InputError(f"{folder}: no {MANIFEST} in it, so it is no whole run; train it again, or copy the whole folder")
    known = sorted(path.parent.name for path in root.glob(f"*/{MANIFEST}") if not path.parent.name.startswith("."))
    raise InputError(f"{name}: no such run; in {root}/ there {'are ' + ', '.join(known) if known else 'is none: train one first'}")


def check_whole(folder: Path) -> _Manifest:
    """Check every file of a run against its manifest; raise InputError that names the first that differs."""
    try:
        manifest = _Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (ValidationError, OSError):
        raise InputError(f"{folder}/{MANIFEST}: damaged; train the run again, or copy it again") from None
    if manifest.format != FORMAT:
        raise InputError(f"{folder}: a run of format {manifest.format}, this version reads {FORMAT}; train it again")
    for name, digest in manifest.files.items():
        path = folder / name
        if ".." in Path(name).parts or Path(name).is_absolute() or path.is_symlink() or not path.is_file():
            raise InputError(f"{path}: missing, so the run is not whole; copy the whole folder again, or train it again")
        if sha256(path) != digest:
            raise InputError(f"{path}: changed since it was trained (its SHA-256 differs); copy it again, or train the run again")
    for path in sorted((folder / "model").rglob("*")):
        if path.relative_to(folder).as_posix() not in manifest.files:
            raise InputError(f"{path}: not part of the run as trained; take it out")
    return manifest


def fingerprint_of(folder: Path) -> str | None:
    """Return the fingerprint of the whole run in *folder*, None when there is none or it was changed."""
    _recover(folder)
    try:
        return check_whole(folder).fingerprint
    except InputError:
        return None


def read_resolved(folder: Path) -> Experiment:
    """Return the experiment of a run, every default spelled out."""
    path = folder / "config.json"
    return check_config(_read_json(path), "", str(path), default_name=folder.name)


def read_figures(folder: Path) -> dict[str, Any]:
    """Return what a run measured."""
    return _read_json(folder / "figures.json")


def read_topics(folder: Path) -> list[dict[str, Any]]:
    """Return the topics of a themes run: number, name, share, figures, words, typical articles."""
    topics: list[dict[str, Any]] = json.loads((folder / "topics.json").read_bytes())
    return topics


def read_movement(folder: Path) -> list[dict[str, Any]]:
    """Return how the topics of a themes run move: peak, trend, season, bursts, events."""
    movement: list[dict[str, Any]] = json.loads((folder / "movement.json").read_bytes())
    return movement


def read_stories(folder: Path) -> list[dict[str, Any]]:
    """Return what was new in each period of a themes run: period, theme, words, articles; none in a run that told none."""
    path = folder / "stories.json"
    stories: list[dict[str, Any]] = json.loads(path.read_bytes()) if path.is_file() else []
    return stories


def read_lexicon(folder: Path, n_periods: int) -> tuple[list[str], sparse.csc_matrix]:
    """Return a themes run's words, and how many articles of each period hold each (n_periods × n_words); no word in a run that did not count."""
    path = folder / "mentions.npz"
    if not path.is_file():
        return [], sparse.csc_matrix((n_periods, 0), dtype=np.int32)
    vocabulary = _read_json(folder / "model" / "model.json")["vocabulary"]
    return vocabulary, _read_counts(path, (n_periods, len(vocabulary)))


def _read_counts(path: Path, shape: tuple[int, int]) -> sparse.csc_matrix:
    try:
        counts = sparse.load_npz(path).tocsc()
    except (ValueError, KeyError, EOFError, OSError, BadZipFile, AttributeError):
        raise InputError(f"{path}: not a sparse matrix; nothing in it was run. Copy the run again, or train it again") from None
    if counts.shape != shape or counts.dtype.kind != "i":
        raise InputError(f"{path}: expected whole numbers of shape {shape}, found {counts.dtype} of shape {counts.shape}; train the run again")
    return counts


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise InputError(f"{path}: not JSON; copy the run again, or train it again") from None
    if not isinstance(value, dict):
        raise InputError(f"{path}: not a JSON object; copy the run again, or train it again")
    return value


def read_table(path: Path) -> list[dict[str, str]]:
    """Read one of a run's CSV tables: a dict a row."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def _read_array(path: Path) -> NDArray[Any]:
    try:
        array: NDArray[Any] = np.load(path, allow_pickle=False)
    except (ValueError, EOFError, OSError):
        raise InputError(f"{path}: not a plain array; nothing in it was run. Copy the run again, or train it again") from None
    return array


def _check_array(folder: Path, name: str, arrays: dict[str, NDArray[Any]], shape: tuple[int, ...]) -> None:
    array = arrays[name]
    if array.shape != shape or array.dtype.kind != "f" or not np.isfinite(array).all():
        raise InputError(
            f"{folder}/model/{name}.npy: expected finite numbers of shape {shape}, found {array.dtype} of shape {array.shape}; train the run again"
        )


class Draft:
    """A run being written: a hidden folder that nobody loads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def bytes(self, name: str, content: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        with naming(path):
            path.write_bytes(content)

    def text(self, name: str, content: str) -> None:
        self.bytes(name, content.encode())

    def json(self, name: str, value: object, indent: int | None = 1) -> None:
        self.text(name, json.dumps(value, ensure_ascii=False, indent=indent) + "\n")

    def table(self, name: str, rows: Iterable[Sequence[object]]) -> None:
        self.text(name, as_csv(rows))

    def matrix(self, name: str, matrix: sparse.csc_matrix) -> None:
        with naming(self.folder / name):
            sparse.save_npz(self.folder / name, matrix)

    def model(self, facts: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> None:
        self.json("model/model.json", facts, indent=None)
        for name, array in sorted(arrays.items()):
            path = self.folder / "model" / f"{name}.npy"
            with naming(path):
                np.save(path, np.ascontiguousarray(array), allow_pickle=False)

    def close(self, fingerprint: str) -> None:
        """Write the manifest over everything but the record."""
        write_manifest(self.folder, fingerprint)


def write_manifest(folder: Path, fingerprint: str) -> None:
    """Seal the files of a run folder as they are."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    files = {name: sha256(folder / name) for name in names if name not in (RECORD, MANIFEST)}
    manifest = {"format": FORMAT, "fingerprint": fingerprint, "files": files}
    with replacing(folder / MANIFEST) as beside:
        beside.write_bytes((json.dumps(manifest, indent=1) + "\n").encode())


def replace_report(folder: Path, html: str, fingerprint: str) -> Path:
    """Put another report into a run that was found whole, and seal it with its fingerprint."""
    with replacing(folder / "report.html") as beside:
        beside.write_text(html, encoding="utf-8")
    write_manifest(folder, fingerprint)
    return folder / "report.html"


@contextmanager
def drafting(runs: Path, name: str) -> Iterator[Draft]:
    """Give a Draft; when the block ends well, put it into the run's place, else leave no trace of it."""
    runs.mkdir(parents=True, exist_ok=True)
    _sweep(runs)
    hidden = runs / f".{name}.{os.getpid()}.part"
    hidden.mkdir()
    try:
        yield Draft(hidden)
        _publish(hidden, runs / name)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def _publish(hidden: Path, place: Path) -> None:
    aside = _aside(place)
    if place.exists():
        shutil.rmtree(aside, ignore_errors=True)
        place.rename(aside)
    hidden.rename(place)
    shutil.rmtree(aside, ignore_errors=True)


def _recover(place: Path) -> None:
    """Bring back the earlier run when training was killed between the two renames."""
    aside = _aside(place)
    if aside.is_dir() and not place.exists():
        aside.rename(place)


def _aside(place: Path) -> Path:
    return place.with_name(f".{place.name}.before")


def _sweep(runs: Path) -> None:
    """Remove what killed trainings left behind."""
    for hidden in runs.glob(".*.part"):
        number = hidden.name.split(".")[-2]
        if number.isdigit() and not _alive(int(number)):
            shutil.rmtree(hidden, ignore_errors=True)
    for aside in runs.glob(".*.before"):
        _recover(runs / aside.name[1:].removesuffix(".before"))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def fingerprint(config: Experiment, inputs: dict[str, str], version: str) -> str:
    """Return one digest of all that decides a run's bytes: resolved config, data, version of this package."""
    decisive = {"config": config.model_dump(mode="json"), "inputs": inputs, "version": version, "format": FORMAT}
    return hashlib.sha256(json.dumps(decisive, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def differing_files(one: Path, other: Path) -> list[str]:
    """Return the names of the files, the record aside, that differ between two runs or stand in one only."""
    a, b = check_whole(one).files, check_whole(other).files
    return sorted(name for name in a.keys() | b.keys() if a.get(name) != b.get(name))


def read_record(folder: Path) -> dict[str, Any]:
    """Return time, host, versions and data of a run."""
    if not (folder / RECORD).is_file():
        raise InputError(f"{folder}/{RECORD}: missing; without its record a run cannot be trained again from itself")
    return _read_json(folder / RECORD)
