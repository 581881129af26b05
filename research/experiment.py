"""One experiment, the whole street: corpus → tokens → features → model → figures → run → report."""

from __future__ import annotations

import os
import platform
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from research import __version__, metrics, report, runs
from research.articles import SECTIONS, Article
from research.config import CorpusConfig, Experiment, SectionsExperiment, SplitConfig, ThemesExperiment, TokensConfig, read_config
from research.corpus import Progress, iter_corpus, near_duplicates, split_by_date, split_by_days
from research.errors import InputError
from research.features import learn_words
from research.files import refuse_unreadable, sha256
from research.sections import SectionClassifier
from research.tokens import Segmenter, default_stop_words, read_stop_words, read_user_dictionary
from research.topics import TopicModel, periods_of, shares_over_time

_LIBRARIES = ("numpy", "scipy", "scikit-learn", "gensim", "jieba", "rjieba")
_TOP_WORDS = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What ``train`` did: the run's folder, and whether it had to be trained."""

    folder: Path
    trained: bool


@dataclass(frozen=True, slots=True)
class Reproduction:
    """What ``rerun`` found: inputs that changed since, and files of the run that came out otherwise."""

    changed_inputs: list[str]
    differing_files: list[str]

    @property
    def equal(self) -> bool:
        return not self.differing_files


def train(
    config_path: str | PathLike[str],
    runs_folder: str | PathLike[str] = "runs",
    *,
    force: bool = False,
    base: str | PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Train the experiment of a config file into ``runs_folder/NAME``.

    Nothing is trained when the run there came from the same config and data, unless *force*. Paths in the
    config are relative to its folder, or to *base*. Raises InputError for anything wrong in the inputs; the
    run that was there before is then still there.
    """
    config_path = Path(config_path)
    config = read_config(config_path)
    base = config_path.parent if base is None else Path(base)
    return _train(config, config_path, base, Path(runs_folder), force, progress)


def rerun(
    run: str | PathLike[str],
    runs_folder: str | PathLike[str] | None = None,
    *,
    base: str | PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Reproduction:
    """Train a run again from its own config and record, and compare every byte but the record's.

    *base* is the folder that the config's paths start from, where it is not the recorded one any more.
    """
    folder = runs.find(run, runs_folder)
    runs.check_whole(folder)
    record = runs.read_record(folder)
    base = Path(str(record.get("base", "."))) if base is None else Path(base)
    config = runs.read_resolved(folder)
    recorded = record.get("inputs", {})
    now = _hash_inputs(config, base)
    changed = sorted(name for name in now if recorded.get(name) != now[name])
    with tempfile.TemporaryDirectory(prefix="research-rerun-") as beside:
        again = _train(config, folder / "config.toml", base, Path(beside), force=True, progress=progress)
        return Reproduction(changed, runs.differing_files(folder, again.folder))


def _train(config: Experiment, config_path: Path, base: Path, root: Path, force: bool, progress: Progress | None) -> Outcome:
    started = time.time()
    inputs = _hash_inputs(config, base)
    fingerprint = runs.fingerprint(config, inputs, __version__)
    if not force and runs.fingerprint_of(root / config.name) == fingerprint:
        return Outcome(root / config.name, trained=False)
    with runs.drafting(root, config.name) as draft:
        draft.bytes("config.toml", config_path.read_bytes())
        draft.json("config.json", config.model_dump(mode="json"))
        if isinstance(config, SectionsExperiment):
            _train_sections(config, base, draft, progress)
        else:
            _train_themes(config, base, draft, progress)
        draft.text("report.html", report.render(draft.folder))
        draft.close(fingerprint)
        draft.json(runs.RECORD, _record(config_path, base, inputs, started))
    return Outcome(root / config.name, trained=True)


def _train_sections(config: SectionsExperiment, base: Path, draft: runs.Draft, progress: Progress | None) -> None:
    train_articles, test_articles, dropped = _sides(config, base, progress)
    model = SectionClassifier(
        config.features,
        build_segmenter(config.tokens, base),
        kind=config.classifier.kind,
        C=config.classifier.C,
        random_state=config.seed,
    )
    _tell(progress, f"training on {len(train_articles)} articles", 0, 1)
    model.fit(train_articles, _sections_of(train_articles))
    _tell(progress, f"training on {len(train_articles)} articles", 1, 1)
    proba = _in_batches(model.predict_proba, test_articles, "labelling", progress)
    predicted = model.classes_[proba.argmax(axis=1)].tolist()
    truth = _sections_of(test_articles)
    figures = metrics.section_figures(truth, predicted, proba, model.classes_.tolist())
    sides = {"train_articles": len(train_articles), "test_articles": len(test_articles), "near_identical_dropped": dropped}
    draft.json("figures.json", {"task": "sections", **sides, **figures})
    draft.table("predictions.csv", _prediction_rows(model, test_articles, predicted, proba))
    facts, arrays = model.state()
    draft.model({"task": "sections", **facts}, arrays)


def _sides(config: SectionsExperiment, base: Path, progress: Progress | None) -> tuple[list[Article], list[Article], int]:
    """Read the corpora and return training articles, test articles, and how many near-identical ones were dropped."""
    articles = _read(config.corpus, base, progress, sections=config.sections, require_date=config.split is not None)
    if config.test is not None:
        rest, tested = articles, _read(config.test, base, progress, sections=config.sections)
        rule = "drop"
    else:
        assert config.split is not None  # the config's own check says so
        train, test = _split(articles, config.split, config.seed)
        rest, tested = [articles[i] for i in train], [articles[i] for i in test]
        rule = config.split.near_identical
    pairs = near_duplicates([a.text for a in rest], [a.text for a in tested], progress=progress)
    if pairs and rule == "refuse":
        pair = pairs[0]
        raise InputError(
            f"{len(pairs)} training articles nearly repeat a test article, such as {rest[pair.left].id} and "
            f'{tested[pair.right].id} (similarity {pair.similarity}); take one out, or set split.near_identical = "drop"'
        )
    twins = {pair.left for pair in pairs}
    kept = [article for i, article in enumerate(rest) if i not in twins]
    if not kept:
        raise InputError("every training article nearly repeats a test article; give another [test] or [split]")
    return kept, tested, len(twins)


def _split(articles: Sequence[Article], split: SplitConfig, seed: int) -> tuple[list[int], list[int]]:
    if split.test_from is not None:
        return split_by_date(articles, split.test_from)
    return split_by_days(articles, split.test_share or 0.25, seed)


def _prediction_rows(model: SectionClassifier, articles: Sequence[Article], predicted: Sequence[str], proba: NDArray[np.float64]) -> Iterable[Sequence[object]]:
    yield ["id", "date", "headline", "section", "predicted", *(f"p_{name}" for name in model.classes_)]
    for article, label, row in zip(articles, predicted, proba, strict=True):
        yield [article.id, article.date or "", article.headline, article.section, label, *(f"{p:.4f}" for p in row)]


def _train_themes(config: ThemesExperiment, base: Path, draft: runs.Draft, progress: Progress | None) -> None:
    settings = config.topics
    articles = _read(config.corpus, base, progress, require_date=True, require_section=False)
    dates = [article.date or "" for article in articles]
    periods_of(dates, config.time.by)  # A date too coarse is found before the long work, not after.
    segmenter = build_segmenter(config.tokens, base)
    watched = _watched(articles, "segmenting", progress)
    counts, vocabulary = learn_words(watched, segmenter, min_df=settings.min_df, max_df=settings.max_df, max_words=settings.max_words)
    model = TopicModel(settings.n_topics, alpha=settings.alpha, eta=settings.eta, passes=settings.passes, random_state=config.seed)
    model.fit(counts, progress=progress)
    shares = model.transform(counts, progress=progress)
    over_time = shares_over_time(shares, dates, config.time.by)
    top = np.argsort(-model.components_, axis=1, kind="stable")[:, :_TOP_WORDS]
    figures = metrics.topic_figures(top.tolist(), counts)
    per_topic = figures.pop("topics")
    size = {"documents": counts.shape[0], "words": counts.shape[1], "tokens": int(counts.sum()), "periods": len(over_time.periods)}
    draft.json("figures.json", {"task": "themes", **size, "n_topics": settings.n_topics, **figures})
    draft.json("topics.json", _topics(model, vocabulary, shares, articles, per_topic))
    draft.table("shares.csv", over_time.rows())
    draft.table("documents.csv", _document_rows(articles, shares))
    facts, arrays = model.state()
    draft.model({"task": "themes", **facts, "vocabulary": vocabulary, "segmenter": segmenter.state()}, arrays)


def _topics(
    model: TopicModel, vocabulary: Sequence[str], shares: NDArray[np.float64], articles: Sequence[Article], per_topic: list[dict[str, float]]
) -> list[dict[str, Any]]:
    topics = []
    for k, row in enumerate(model.topic_word_):
        best_words = np.argsort(-row, kind="stable")[: 2 * _TOP_WORDS]
        best = np.argsort(-shares[:, k], kind="stable")[:5]
        topics.append(
            {
                "topic": k,
                "share": round(float(shares[:, k].mean()), 6),
                **per_topic[k],
                "words": [{"word": vocabulary[i], "p": round(float(row[i]), 6)} for i in best_words],
                "typical": [
                    {
                        "id": articles[i].id,
                        "date": articles[i].date,
                        "headline": articles[i].headline or articles[i].text[:30],
                        "share": round(float(shares[i, k]), 4),
                    }
                    for i in best
                ],
            }
        )
    return topics


def _document_rows(articles: Sequence[Article], shares: NDArray[np.float64]) -> Iterable[Sequence[object]]:
    yield ["id", "date", "headline", "topic", "share", "second_topic", "second_share"]
    order = np.argsort(-shares, axis=1, kind="stable")[:, :2]
    for article, row, (first, second) in zip(articles, shares, order, strict=True):
        yield [article.id, article.date, article.headline, first, f"{row[first]:.4f}", second, f"{row[second]:.4f}"]


def build_segmenter(tokens: TokensConfig, base: Path) -> Segmenter:
    """Build the segmenter that a config describes; its files are relative to *base*."""
    words = [word for name in tokens.user_dictionaries for word in read_user_dictionary(base / name)]
    stop = frozenset[str]().union(*(default_stop_words() if name == "default" else read_stop_words(base / name) for name in tokens.stop_words))
    return Segmenter(words, stop, numbers=tokens.numbers, latin=tokens.latin, min_length=tokens.min_length)


def _read(
    corpus: CorpusConfig,
    base: Path,
    progress: Progress | None,
    *,
    sections: Sequence[str] = SECTIONS,
    require_date: bool = False,
    require_section: bool = True,
) -> list[Article]:
    fields = corpus.fields if require_section else corpus.fields.model_copy(update={"section": ""})
    rows = iter_corpus(
        base / corpus.path,
        fields,
        require=[name for name, wanted in (("date", require_date), ("section", require_section)) if wanted],  # type: ignore[misc]
        sections=sections,
        labels=corpus.labels if require_section else None,
    )
    articles = []
    for article in islice(rows, corpus.limit):
        articles.append(article)
        if len(articles) % 1000 == 0:
            _tell(progress, f"reading {Path(corpus.path).name}", len(articles), 0)
    _tell(progress, f"reading {Path(corpus.path).name}", len(articles), len(articles))
    if not articles:
        raise InputError(f"{base / corpus.path}: corpus.labels leaves every row out; map at least two labels to sections")
    return articles


def _hash_inputs(config: Experiment, base: Path) -> dict[str, str]:
    """Return SHA-256 of every file that the config names."""
    names = [config.corpus.path, *config.tokens.user_dictionaries, *(n for n in config.tokens.stop_words if n != "default")]
    if isinstance(config, SectionsExperiment) and config.test is not None:
        names.append(config.test.path)
    for name in names:
        refuse_unreadable(base / name)
    return {name: sha256(base / name) for name in sorted(set(names))}


def _record(config_path: Path, base: Path, inputs: dict[str, str], started: float) -> dict[str, Any]:
    return {
        "trained_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(time.time() - started, 2),
        "config": str(config_path),
        "base": str(base.resolve()),
        "inputs": inputs,
        "host": platform.node(),
        "platform": platform.platform(),
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "versions": {"research": __version__} | {name: _version(name) for name in _LIBRARIES},
        "git_commit": _git_commit(base),
    }


def _version(library: str) -> str | None:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return None


def _git_commit(folder: Path) -> str | None:
    command = ["git", "-C", str(folder), "describe", "--always", "--dirty", "--abbrev=40"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None


def _sections_of(articles: Sequence[Article]) -> list[str]:
    return [article.section or "" for article in articles]


def _in_batches(
    predict: Callable[[Sequence[Article]], NDArray[np.float64]], articles: Sequence[Article], stage: str, progress: Progress | None
) -> NDArray[np.float64]:
    parts = []
    for start in range(0, len(articles), 1000):
        parts.append(predict(articles[start : start + 1000]))
        _tell(progress, stage, min(start + 1000, len(articles)), len(articles))
    return np.vstack(parts)


def _watched(articles: Sequence[Article], stage: str, progress: Progress | None) -> Iterable[Article]:
    for i, article in enumerate(articles, 1):
        yield article
        if i % 200 == 0 or i == len(articles):
            _tell(progress, stage, i, len(articles))


def _tell(progress: Progress | None, stage: str, done: int, total: int) -> None:
    if progress:
        progress(stage, done, total)
