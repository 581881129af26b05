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
from scipy import sparse

from research import __version__, metrics, report, runs
from research.articles import SECTIONS, Article
from research.choice import choose_n_topics, stability
from research.config import CorpusConfig, Experiment, SectionsExperiment, SplitConfig, ThemesExperiment, TokensConfig, read_config
from research.corpus import Progress, iter_corpus, near_duplicates, split_by_date, split_by_days
from research.errors import InputError
from research.features import learn_words
from research.files import refuse_unreadable, sha256
from research.phrases import propose_words
from research.sections import SectionClassifier
from research.tokens import Segmenter, UserWord, default_stop_words, read_stop_words, read_user_dictionary
from research.topics import TopicModel, periods_of, shares_over_time
from research.topics.naming import described, place_names, propose_names, read_names, relevant_words

_LIBRARIES = ("numpy", "scipy", "scikit-learn", "numba", "gensim", "jieba", "rjieba")
_TOP_WORDS = 10
_EXPLAINED = 200  # Mistakes whose words are told: a report shows fewer, and a person reads fewer still.
_WORDS_WHY = 5
_STOPPED = "-stopped"  # On the fingerprint of a run cut short, so that the next training does not take it for done.


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
        elif not _train_themes(config, base, draft, progress):
            fingerprint += _STOPPED
        draft.text("report.html", report.render(draft.folder))
        draft.close(fingerprint)
        draft.json(runs.RECORD, _record(config_path, base, inputs, started))
    return Outcome(root / config.name, trained=True)


def _train_sections(config: SectionsExperiment, base: Path, draft: runs.Draft, progress: Progress | None) -> None:
    train_articles, weights, test_articles, dropped = _sides(config, base, progress)
    model = SectionClassifier(
        config.features,
        build_segmenter(config.tokens, base, train_articles, progress),
        kind=config.classifier.kind,
        C=config.classifier.C,
        precision=config.classifier.precision,
        random_state=config.seed,
    )
    _tell(progress, f"training on {len(train_articles)} articles", 0, 1)
    model.fit(train_articles, _sections_of(train_articles), weights)
    _tell(progress, f"training on {len(train_articles)} articles", 1, 1)
    proba = _in_batches(model.predict_proba, test_articles, "labelling", progress)
    predicted = model.classes_[proba.argmax(axis=1)].tolist()
    truth = _sections_of(test_articles)
    figures = metrics.section_figures(truth, predicted, proba, model.classes_.tolist())
    figures["sure"] = metrics.sure_figures(truth, predicted, model.is_sure(proba), model.precision)
    suspects = [] if model.out_of_fold_ is None else metrics.suspect_labels(_sections_of(train_articles), model.out_of_fold_, model.classes_.tolist())
    sides = {"train_articles": len(train_articles), "test_articles": len(test_articles), "near_identical_dropped": dropped}
    draft.json("figures.json", {"task": "sections", **sides, **figures, "suspect_labels": len(suspects)})
    draft.table("suspects.csv", _suspect_rows(suspects, train_articles))
    draft.table("predictions.csv", _prediction_rows(model, test_articles, predicted, proba))
    facts, arrays = model.state()
    draft.model({"task": "sections", **facts}, arrays)


def _sides(config: SectionsExperiment, base: Path, progress: Progress | None) -> tuple[list[Article], list[float], list[Article], int]:
    """Read the corpora; return training articles, their weights, test articles, and how many near-identical ones were dropped."""
    articles = _read(config.corpus, base, progress, sections=config.sections, require_date=config.split is not None)
    if config.test is not None:
        rest, tested = articles, _read(config.test, base, progress, sections=config.sections)
        rule = "drop"
    else:
        assert config.split is not None  # the config's own check says so
        train, test = _split(articles, config.split, config.seed)
        rest, tested = [articles[i] for i in train], [articles[i] for i in test]
        rule = config.split.near_identical
    weights = [1.0] * len(rest)
    for corpus in config.also:
        more = _read(corpus, base, progress, sections=config.sections)
        rest, weights = rest + more, weights + [corpus.weight] * len(more)
    pairs = near_duplicates([a.text for a in rest], [a.text for a in tested], progress=progress)
    if pairs and rule == "refuse":
        pair = pairs[0]
        raise InputError(
            f"{len(pairs)} training articles nearly repeat a test article, such as {rest[pair.left].id} and "
            f'{tested[pair.right].id} (similarity {pair.similarity}); take one out, or set split.near_identical = "drop"'
        )
    twins = {pair.left for pair in pairs}
    kept = [i for i in range(len(rest)) if i not in twins]
    if not kept:
        raise InputError("every training article nearly repeats a test article; give another [test] or [split]")
    return [rest[i] for i in kept], [weights[i] for i in kept], tested, len(twins)


def _split(articles: Sequence[Article], split: SplitConfig, seed: int) -> tuple[list[int], list[int]]:
    if split.test_from is not None:
        return split_by_date(articles, split.test_from)
    return split_by_days(articles, split.test_share or 0.25, seed)


def _prediction_rows(model: SectionClassifier, articles: Sequence[Article], predicted: Sequence[str], proba: NDArray[np.float64]) -> Iterable[Sequence[object]]:
    yield ["id", "date", "headline", "section", "predicted", "sure", "why", *(f"p_{name}" for name in model.classes_)]
    explained = 0
    for article, label, sure, row in zip(articles, predicted, model.is_sure(proba), proba, strict=True):
        why = ""
        if label != article.section and article.section in model.classes_ and explained < _EXPLAINED:
            explained += 1
            words = model.explain(article, label, article.section).words
            why = " ".join(islice((word for word, value in words if value > 0 and len(word) > 1), _WORDS_WHY))
        yield [article.id, article.date or "", article.headline, article.section, label, int(sure), why, *(f"{p:.4f}" for p in row)]


def _suspect_rows(suspects: Sequence[metrics.Suspect], articles: Sequence[Article]) -> Iterable[Sequence[object]]:
    yield ["id", "date", "headline", "section", "suggested", "p_section", "p_suggested"]
    for place, suggested, p_given, p_suggested in suspects:
        article = articles[place]
        yield [article.id, article.date or "", article.headline, article.section, suggested, f"{p_given:.4f}", f"{p_suggested:.4f}"]


def _train_themes(config: ThemesExperiment, base: Path, draft: runs.Draft, progress: Progress | None) -> bool:
    """Return whether training went to its end: Ctrl-C keeps the model so far."""
    settings = config.topics
    given = read_names(base / settings.names) if settings.names else ()
    articles = _read(config.corpus, base, progress, require_date=True, require_section=False)
    dates = [article.date or "" for article in articles]
    periods_of(dates, config.time.by)  # A date too coarse is found before the long work, not after.
    segmenter = build_segmenter(config.tokens, base, articles, progress)
    watched = _watched(articles, "segmenting", progress)
    counts, vocabulary = learn_words(watched, segmenter, min_df=settings.min_df, max_df=settings.max_df, max_words=settings.max_words)
    model, found = _fit_topics(config, counts, vocabulary, progress)
    shares = model.transform(counts, progress=progress)
    over_time = shares_over_time(shares, dates, config.time.by)
    size = {"documents": counts.shape[0], "words": counts.shape[1], "tokens": int(counts.sum()), "periods": len(over_time.periods)}
    topics = _describe_topics(model, counts, vocabulary, shares, articles)
    known = set(vocabulary)
    headlines = ([token if token in known else "" for token in segmenter.cut(article.headline or article.text[:30])] for article in articles)
    proposed = propose_names(headlines, shares)
    names, homeless = place_names(given, model.topic_word_, vocabulary)
    for k, topic in enumerate(topics):
        topic |= {"name": names.get(k) or proposed[k], "named_by": "hand" if k in names else "headlines"}
        topic |= {"stability": round(float(found["stability"].topics[k]), 4)} if "stability" in found else {}
    figures = {"task": "themes", **size, "n_topics": model.n_topics, **_topic_figures(model, counts, found)}
    draft.json("figures.json", figures | ({"names_without_topic": homeless} if given else {}))
    draft.json("topics.json", topics)
    draft.table("shares.csv", over_time.rows())
    draft.table("documents.csv", _document_rows(articles, shares))
    facts, arrays = model.state()
    draft.model({"task": "themes", **facts, "vocabulary": vocabulary, "segmenter": segmenter.state()}, arrays)
    return model.state_ != "stopped"


def _fit_topics(config: ThemesExperiment, counts: sparse.csr_matrix, vocabulary: Sequence[str], progress: Progress | None) -> tuple[TopicModel, dict[str, Any]]:
    """Return the model, and what else was asked: "choice" of the number of topics, "stability"."""
    settings = config.topics
    wanted = {name: getattr(settings, name) for name in ("engine", "alpha", "eta", "passes", "tolerance", "start", "seed_strength")}
    model = TopicModel(2, seeds=_seed_columns(settings.seeds, vocabulary), random_state=config.seed, **wanted)
    found: dict[str, Any] = {}
    if isinstance(settings.n_topics, tuple):
        found["choice"] = choose_n_topics(counts, settings.n_topics, model, progress)
        model.set_params(n_topics=found["choice"].n_topics)
    else:
        model.set_params(n_topics=settings.n_topics)
    model.fit(counts, progress=progress)
    if settings.stability and model.state_ != "stopped":
        found["stability"] = stability(counts, model, progress)
    return model, found


def _seed_columns(seeds: Sequence[Sequence[str]], vocabulary: Sequence[str]) -> list[list[int]]:
    place = {word: column for column, word in enumerate(vocabulary)}
    missing = [word for words in seeds for word in words if word not in place]
    if missing:
        raise InputError(f"topics.seeds: {'、'.join(missing)} not among the corpus's {len(place)} words; take out, lower min_df, or add to a user dictionary")
    return [[place[word] for word in words] for words in seeds]


def _topic_figures(model: TopicModel, counts: sparse.csr_matrix, found: dict[str, Any]) -> dict[str, Any]:
    top = np.argsort(-model.components_, axis=1, kind="stable")[:, :_TOP_WORDS].tolist()
    figures = metrics.topic_figures(top, counts)
    figures.pop("topics")
    figures |= {"state": model.state_}
    if model.bounds_:
        figures |= {"passes": model.bounds_[-1][0], "training_perplexity": round(model.bounds_[-1][1], 2)}
    if "stability" in found:
        figures["stability"] = round(found["stability"].mean, 4)
    if "choice" in found:
        figures["choice"] = {"reason": found["choice"].reason, "rows": list(found["choice"].rows)}
    return figures


def _describe_topics(
    model: TopicModel, counts: sparse.csr_matrix, vocabulary: Sequence[str], shares: NDArray[np.float64], articles: Sequence[Article]
) -> list[dict[str, Any]]:
    topic_word = model.topic_word_
    top = np.argsort(-topic_word, axis=1, kind="stable")[:, : 2 * _TOP_WORDS]
    relevant = relevant_words(topic_word, np.asarray(counts.sum(axis=0), dtype=np.float64).ravel() / counts.sum(), 2 * _TOP_WORDS)
    per_topic = metrics.topic_figures(top[:, :_TOP_WORDS].tolist(), counts)["topics"]
    exclusive = metrics.exclusivity(topic_word, top[:, :_TOP_WORDS].tolist())
    typical = np.argsort(-shares, axis=0, kind="stable")[:5].T
    return [
        {
            "topic": k,
            "share": round(float(shares[:, k].mean()), 6),
            **per_topic[k],
            "exclusivity": round(exclusive[k], 4),
            "words": described(topic_word, vocabulary, top[k], k),
            "relevant": described(topic_word, vocabulary, relevant[k], k),
            "typical": [_typical(articles[i], float(shares[i, k])) for i in typical[k]],
        }
        for k in range(model.n_topics)
    ]


def _typical(article: Article, share: float) -> dict[str, Any]:
    return {"id": article.id, "date": article.date, "headline": article.headline or article.text[:30], "share": round(share, 4)}


def _document_rows(articles: Sequence[Article], shares: NDArray[np.float64]) -> Iterable[Sequence[object]]:
    yield ["id", "date", "headline", "topic", "share", "second_topic", "second_share"]
    order = np.argsort(-shares, axis=1, kind="stable")[:, :2]
    for article, row, (first, second) in zip(articles, shares, order, strict=True):
        yield [article.id, article.date, article.headline, first, f"{row[first]:.4f}", second, f"{row[second]:.4f}"]


def build_segmenter(tokens: TokensConfig, base: Path, articles: Sequence[Article], progress: Progress | None = None) -> Segmenter:
    """Build the segmenter that a config describes; its files are relative to *base*, its phrases learned from *articles*."""
    words = [word for name in tokens.user_dictionaries for word in read_user_dictionary(base / name)]
    stop = frozenset[str]().union(*(default_stop_words() if name == "default" else read_stop_words(base / name) for name in tokens.stop_words))
    if tokens.phrases:
        words += [UserWord(phrase.word) for phrase in propose_words(articles, Segmenter(words, stop), progress=progress)]
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
    if isinstance(config, SectionsExperiment):
        names += [corpus.path for corpus in (*config.also, config.test) if corpus is not None]
    if isinstance(config, ThemesExperiment) and config.topics.names is not None:
        names.append(config.topics.names)
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
