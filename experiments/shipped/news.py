"""Learn the section model that ships, and write it to research/runs/shipped/news.

Large models (``teachers``) are fitted to the real labels and the sample; they label unlabelled
news; a small model (``student``) is fitted to these decisions, and loses its lightest n-grams.
Temperature and thresholds come from cross-validation, in which large and small model are fitted
anew. The gold items are read last, for figures. Parts that take minutes are stored in
build/shipped, and read from there by the next call.

    python experiments/shipped/news.py
"""

import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
import student
import teachers
from card import write_cards
from numpy.typing import NDArray
from scipy import sparse, special
from sklearn.model_selection import StratifiedKFold

from research import SectionClassifier, __version__, read_config, runs
from research.articles.article import Article, parts_of
from research.files import sha256
from research.runs.figures import SectionsFigures
from research.sections import metrics
from research.sections.calibration import fit_temperature, fit_thresholds
from research.sections.familiarity import Familiarity, learn_familiarity
from research.sections.study import drift
from research.text.segmenter import Segmenter
from research.text.word_vectors import WordVectors
from research.training.train import versions

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("RESEARCH_SHARED_DATA", teachers.PROJECT.parent / "shared" / "data"))
STORE = teachers.PROJECT / "build" / "shipped"
CONFIG = HERE / "news.toml"
INPUTS = (  # As the configuration names them.
    "../../data/articles.jsonl",
    "../../../shared/data/sections-train.jsonl",
    "../../../shared/data/sections-gold.jsonl",
    "../../../shared/data/xwlb.jsonl.gz",
    "../../../shared/data/inews.jsonl.gz",
)
N_FOLDS = 3
DAMPING = 0.3  # Chosen by cross-validation among 0.3, 1 and 2.
N_NGRAMS = 260_000  # As many as 12 MB hold beside the model of familiar language.
PRECISION = 0.95
N_FAMILIAR, N_LIMITS = 20_000, 3_000  # Articles of the model of familiar language.
MAX_PAIRS = 120_000
Arrays = dict[str, NDArray]


def stored(name: str, compute: Callable[[], Arrays]) -> Arrays:
    """Return arrays that an earlier call stored, or compute and store them."""
    path = STORE / f"{name}.npz"
    if not path.is_file():
        STORE.mkdir(parents=True, exist_ok=True)
        print(f"computing {name}", flush=True)
        np.savez(path, **compute())
    with np.load(path) as arrays:
        return dict(arrays)


class Sources:
    """All that is learned from."""

    def __init__(self) -> None:
        self.real = teachers.read_real(SHARED)
        self.sample = teachers.read_sample()
        self.unlabelled = teachers.read_unlabelled(SHARED)
        self.pool = teachers.choose_pool(self.unlabelled)
        self.classes, self.labels = np.unique(self.real.sections, return_inverse=True)
        sample_labels = np.searchsorted(self.classes, self.sample.sections)
        self.sample_targets = student.targets_of(sample_labels, len(self.classes))
        self.real_targets = student.targets_of(self.labels, len(self.classes))
        folds = StratifiedKFold(N_FOLDS, shuffle=True, random_state=0)
        self.folds = list(folds.split(self.labels, self.labels))

    @property
    def everything(self) -> list[Article]:
        """The articles that n-grams are learned from: pool, real ones, sample."""
        return [*self.pool, *self.real.articles, *self.sample.articles]

    def vectors(self) -> WordVectors:
        def compute() -> Arrays:
            learned = teachers.learn_vectors(self.unlabelled)
            words = np.array(learned.words)
            return {"words": words, "vectors": learned.vectors, "idf": learned.idf}

        found = stored("vectors", compute)
        return WordVectors(tuple(found["words"].tolist()), found["vectors"], found["idf"])

    def known(self, rows: NDArray[np.intp]) -> teachers.Labelled:
        articles = [self.real.articles[i] for i in rows]
        return teachers.Labelled(articles, self.real.weights[rows], self.real.is_sure[rows])

    def decisions(self, name: str, rows: NDArray[np.intp], n_pool: int) -> NDArray[np.float64]:
        """Return what a large model of some real articles decides about the pool."""

        def compute() -> Arrays:
            model = teachers.fit_teacher(self.known(rows), self.sample, self.vectors())
            return {"pool": teachers.decide(model, self.pool[:n_pool])}

        return stored(f"teacher-{name}", compute)["pool"]

    def familiarity(self) -> Familiarity:
        """Learn which texts are in the language of the unlabelled news."""

        def compute() -> Arrays:
            order = np.random.default_rng(1).permutation(len(self.unlabelled))
            chosen = [self.unlabelled[i] for i in order[: N_FAMILIAR + N_LIMITS]]
            texts = ["".join(parts_of(article)["all"].split()) for article in chosen]
            learned = learn_familiarity(texts[:N_FAMILIAR], texts[N_FAMILIAR:], max_pairs=MAX_PAIRS)
            return {
                "ngrams": np.array(learned.ngrams.names),
                "counts": learned.log_counts,
                "limits": np.array(learned.limits),
                "share": np.array(learned.share),
            }

        found = stored("familiarity", compute)
        facts = {
            "ngrams": found["ngrams"].tolist(),
            "limits": found["limits"].tolist(),
            "share": float(found["share"]),
        }
        return Familiarity.from_state(facts, found["counts"].astype(np.float16))


class Counted:
    """The n-grams of everything, by rows of the pool, of real articles, of the sample."""

    def __init__(self, sources: Sources, table: sparse.csr_matrix) -> None:
        self.sources = sources
        n_pool, n_real = len(sources.pool), len(sources.labels)
        self.table = table
        self.pool = table[:n_pool]
        self.real = table[n_pool : n_pool + n_real]
        self.sample = table[n_pool + n_real :]

    def fit(
        self, decisions: NDArray[np.float64], rows: NDArray[np.intp], damping: float = DAMPING
    ) -> student.Linear:
        """Fit the small model to decisions about the pool and to labels."""
        sources = self.sources
        n_pool = len(decisions)
        table = sparse.vstack([self.pool[:n_pool], self.real[rows], self.sample], format="csr")
        targets = [
            student.centred(decisions),
            sources.real_targets[rows],
            sources.sample_targets,
        ]
        weights = [np.ones(n_pool), sources.real.weights[rows], sources.sample.weights]
        return student.fit(table, np.concatenate(targets), np.concatenate(weights), damping)


def cross_validate(sources: Sources, counted: Counted, damping: float) -> NDArray[np.float64]:
    """Return decisions about the real articles by models that saw none of them."""
    unseen = np.zeros((len(sources.labels), len(sources.classes)))
    for number, (rows, left) in enumerate(sources.folds):
        decisions = sources.decisions(str(number), rows, teachers.N_IN_FOLDS)
        unseen[left] = counted.fit(decisions, rows, damping).decide(counted.real[left])
    return unseen


def count(sources: Sources) -> tuple[sparse.csr_matrix, list[student.NGrams]]:
    """Count the n-grams of everything."""

    def compute() -> Arrays:
        table, vectorizers = student.count(sources.everything)
        arrays = {"data": table.data, "indices": table.indices, "indptr": table.indptr}
        for i, ngrams in enumerate(vectorizers):
            arrays |= {f"names-{i}": np.array(ngrams.names), f"idf-{i}": ngrams.idf}
        return arrays

    found = stored("counts", compute)
    vectorizers = []
    for i, part in enumerate(student.PARTS):
        names = found[f"names-{i}"].tolist()
        ngrams = student.NGrams("characters", part.ngrams).restore(names, found[f"idf-{i}"])
        vectorizers.append(ngrams)
    width = sum(len(ngrams.names) for ngrams in vectorizers)
    shape = (len(found["indptr"]) - 1, width)
    table = sparse.csr_matrix((found["data"], found["indices"], found["indptr"]), shape=shape)
    return table, vectorizers


class Small(NamedTuple):
    """A small model and what counts its n-grams."""

    linear: student.Linear
    vectorizers: list[student.NGrams]

    def decide(self, articles: Sequence[Article]) -> NDArray[np.float64]:
        return self.linear.decide(student.count_known(articles, self.vectorizers))


def fit_both(sources: Sources, counted: Counted, vectorizers: list[student.NGrams]) -> list[Small]:
    """Return the small model with all n-grams, and with the heaviest alone."""
    rows = np.arange(len(sources.labels))
    decisions = sources.decisions("all", rows, len(sources.pool))

    def compute() -> Arrays:
        whole = counted.fit(decisions, rows)
        columns = student.heaviest(whole, counted.table, N_NGRAMS)
        table = student.narrowed(counted.table, vectorizers, columns)
        pruned = Counted(sources, table).fit(decisions, rows)
        return {
            "columns": columns,
            "coef": whole.coef,
            "intercept": whole.intercept,
            "pruned-coef": pruned.coef.astype(np.float16),
            "pruned-intercept": pruned.intercept,
        }

    found = stored("small", compute)
    whole = student.Linear(found["coef"], found["intercept"])
    coef = found["pruned-coef"].astype(np.float32)
    pruned = student.Linear(coef, found["pruned-intercept"])
    return [
        Small(whole, vectorizers),
        Small(pruned, student.keep(vectorizers, found["columns"])),
    ]


def assemble(
    sources: Sources, small: Small, unseen: NDArray[np.float64]
) -> tuple[SectionClassifier, NDArray[np.float64]]:
    """Return the classifier, calibrated on *unseen* decisions, and the probabilities of these."""
    weights = np.ones(len(sources.labels))
    temperature = fit_temperature(unseen, sources.labels, weights)
    proba = special.softmax(unseen / temperature, axis=1)
    thresholds = fit_thresholds(proba, sources.labels, weights, PRECISION)
    config = read_config(CONFIG)
    blocks = []
    arrays = {"coef": small.linear.coef, "intercept": small.linear.intercept}
    for i, (block, ngrams) in enumerate(zip(config.features, small.vectorizers, strict=True)):
        blocks.append({"config": block.model_dump(), "vocabulary": ngrams.names})
        arrays[f"idf-{i}"] = ngrams.idf
    familiarity, familiarity_arrays = sources.familiarity().state()
    facts = {
        "kind": "svm",
        "C": 1.0,
        "random_state": 0,
        "classes": sources.classes.tolist(),
        "temperature": temperature,
        "precision": PRECISION,
        "thresholds": thresholds.tolist(),
        "blocks": blocks,
        "vector_words": None,
        "segmenter": Segmenter().state(),
        "familiarity": familiarity,
    }
    return SectionClassifier.from_state(facts, arrays | familiarity_arrays), proba


def measure(model: SectionClassifier, sources: Sources, unseen: NDArray) -> SectionsFigures:
    """Return the figures on the gold items, and of cross-validation."""
    gold = teachers.read_gold(SHARED)
    proba = model.predict_proba(gold.articles)
    truth = gold.sections.tolist()
    names = model.classes_.tolist()
    predicted = model.classes_[proba.argmax(axis=1)].tolist()
    sure = model.is_sure(proba, gold.articles)
    folds = model.classes_[unseen.argmax(axis=1)].tolist()
    real = metrics.section_figures(sources.real.sections.tolist(), folds, unseen, names)
    figures = {
        "task": "sections",
        "train_articles": len(sources.labels) + len(sources.sample.articles),
        "test_articles": len(truth),
        "unlabelled_articles": len(sources.unlabelled),
        "near_duplicates_dropped": 0,
        **metrics.section_figures(truth, predicted, proba, names),
        "sure": metrics.sure_figures(truth, predicted, sure, PRECISION),
        "suspect_labels": 0,
        # Unknown words of texts that are not ours to publish are left out.
        "drift": drift(model, gold.articles, proba) | {"unknown_words": []},
        "cross_validated": {
            "articles": len(folds),
            "macro_f1": real["macro_f1"],
            "interval": real["macro_f1_interval"],
        },
    }
    print("calibration error, cross-validated:", real["calibration_error"])
    for name, rows in (("sure", gold.is_sure), ("arguable", ~gold.is_sure)):
        _print_part(name, truth, predicted, sure, rows)
    is_sure = sources.real.is_sure
    sure_folds = model.is_sure(unseen, sources.real.articles)
    for name, rows in (("sure, cross-validated", is_sure), ("arguable", ~is_sure)):
        _print_part(name, sources.real.sections.tolist(), folds, sure_folds, rows)
    return SectionsFigures.model_validate(figures)


def _print_part(
    name: str, truth: list[str], predicted: list[str], sure: NDArray, rows: NDArray
) -> None:
    places = np.flatnonzero(rows)
    right = np.array([truth[i] == predicted[i] for i in places])
    value, interval = metrics.macro_f1([truth[i] for i in places], [predicted[i] for i in places])
    labelled = sure[places]
    print(
        f"{name}: {len(places)} items, macro-F1 {value} {interval}, "
        f"{labelled.mean():.1%} sure, {right[labelled].mean():.1%} of these right"
    )


def write(model: SectionClassifier, figures: SectionsFigures) -> None:
    """Write the run: no article of anybody, no report."""
    config = read_config(CONFIG)
    inputs = {name: sha256(_path_of(name)) for name in INPUTS}
    model.coef_ = model.coef_.astype(np.float16)
    result = runs.SectionsResult(model, figures, (), ())
    with runs.drafting(HERE.parents[1] / "research/runs/shipped", "news") as draft:
        runs.write_experiment(draft, config, CONFIG.read_bytes(), inputs)
        runs.write(draft, result)
        write_cards(draft, figures, inputs)
        draft.close(runs.fingerprint(config, inputs, runs.program()))
        runs.write_record(draft, _record(inputs))


def _path_of(name: str) -> Path:
    """Return where an input is, wherever the real data are."""
    if "shared" in name:
        return SHARED / Path(name).name
    return HERE / name


def _record(inputs: dict[str, str]) -> runs.Record:
    return runs.Record(
        trained_at=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=0.0,
        config="experiments/shipped/news.toml",
        base="experiments/shipped",
        inputs=inputs,
        host="",
        platform="",
        cpus=None,
        python=sys.version.split()[0],
        versions={**versions(), "research": __version__},
        git_commit=None,
    )


def main() -> None:
    if not SHARED.is_dir():
        sys.exit(f"the real data are not at {SHARED}; set RESEARCH_SHARED_DATA")
    sources = Sources()
    table, vectorizers = count(sources)
    counted = Counted(sources, table)
    unseen = stored("unseen", lambda: {"unseen": cross_validate(sources, counted, DAMPING)})
    whole, pruned = fit_both(sources, counted, vectorizers)
    model, proba = assemble(sources, pruned, unseen["unseen"])
    gold = teachers.read_gold(SHARED)
    for name, small in (("all n-grams", whole), ("the heaviest", pruned)):
        best = small.decide(gold.articles).argmax(axis=1)
        value, _ = metrics.macro_f1(gold.sections.tolist(), sources.classes[best].tolist())
        print(f"gold, {name}: macro-F1 {value}")
    write(model, measure(model, sources, proba))


main()
