"""The section model on real news, beside plain TF-IDF + linear SVM on the same data.

The news are the gold items, from which no model learns.

ECE is the expected calibration error; "sure", the share of the four sections' items that get one of
them at the threshold of 95 % precision (fitted by cross-validation on the training data), and
"right", how many such labels are right. Since 223 items are few for calibration, the best model's
is measured over all 1,022 labelled ones by cross-validation, too.

The gold items are for testing only: no setting was chosen by them.
"""

import json
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from shared_data import PROJECT, require_shared
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from research import Fields, SectionClassifier, iter_corpus, load, read_corpus, train
from research.config import FeatureConfig
from research.runs import read
from research.sections.metrics import calibration_error
from research.sections.study import suggest

# Weights, fields and the learner were chosen on sections-train.jsonl: by cross-validation, and by
# the figures of the sample's model on it.
CONFIG = """
task = "sections"
seed = 1
[corpus]
path = "{corpus}"
fields = {{headline = "{headline}"}}
[[features]]
kind = "char-tfidf"
ngrams = [1, 3]
min_df = 2
max_features = 300_000
[[features]]
kind = "word-tfidf"
ngrams = [1, 2]
min_df = 2
max_features = 300_000
[[features]]
kind = "char-tfidf"
field = "headline"
ngrams = [1, 2]
weight = 0.6
[[features]]
kind = "language"
ngrams = [1, 3]
weight = 0.2
[[features]]
kind = "language"
first = 200
ngrams = [1, 3]
weight = 0.2
[classifier]
kind = "nb-svm"
C = 0.3
[test]
path = "{gold}"
fields = {{headline = "title"}}
{labels}
{more}
"""
ALSO = f"""
[[also]]
path = "{PROJECT / "data/articles.jsonl"}"
"""
VECTORS = """
[[features]]
kind = "vectors"
weight = 1.5
[[features]]
kind = "vectors"
field = "headline"
weight = 0.6
[[features]]
kind = "vectors"
field = "lead"
weight = 0.6
"""
UNLABELLED = """
[[unlabelled]]
path = "{unlabelled}"
fields = {{headline = "title", section = ""}}
"""
RULES = f"""
[rules]
files = ["{PROJECT / "data/cues.toml"}"]
"""
FOUR = 'labels = {"其他" = ""}'


def main() -> None:
    shared = require_shared()
    gold, real = shared / "sections-gold.jsonl", shared / "sections-train.jsonl"
    sample = PROJECT / "data/articles.jsonl"
    print(
        f"{'trained on':42} {'macro-F1':>8} {'95 %':>15} {'plain SVM':>9} {'ECE':>5} "
        f"{'sure':>6} {'right':>6} {'seconds':>7}"
    )
    with tempfile.TemporaryDirectory() as folder:
        unlabelled = write_unlabelled(shared, gold, Path(folder) / "unlabelled.jsonl")
        news = UNLABELLED.format(unlabelled=unlabelled)
        for name, corpus, headline, labels, more in (
            ("the sample (data/articles.jsonl)", sample, "headline", "", ""),
            ("… and unlabelled news", sample, "headline", "", VECTORS + news),
            ("sections-train.jsonl", real, "title", "", ""),
            ("… and the sample", real, "title", "", ALSO),
            ("… and unlabelled news", real, "title", "", ALSO + VECTORS + news),
            ("no label: cue words over unlabelled news", unlabelled, "title", "", RULES + VECTORS),
            ("silver (four sections)", shared / "sections-silver.jsonl.gz", "", FOUR, ""),
        ):
            config = Path(folder) / "sections.toml"
            text = CONFIG.format(
                corpus=corpus, gold=gold, headline=headline, labels=labels, more=more
            )
            config.write_text(
                text if headline else text.replace('field = "headline"\n', ""), "utf-8"
            )
            start = time.perf_counter()
            run = train(config, folder).folder
            seconds = time.perf_counter() - start
            corpora = [(corpus, headline)] + [(sample, "headline")] * (more.startswith(ALSO))
            plain = (
                "–"
                if more.startswith(RULES)
                else f"{plain_svm(corpora, gold, {'其他': ''} if labels else None):.3f}"
            )
            print(
                f"{name:42} {told(run)} {plain:>9} {' '.join(sure(run))} {seconds:7.0f}", flush=True
            )
        calibration(real, unlabelled, Path(folder))
    few_labels(real)
    chosen_labels(real, sample)


def calibration(real: Path, unlabelled: Path, folder: Path, n_folds: int = 5) -> None:
    """Print the calibration error of the best model over all 1,022 real items.

    Each is left out of a training and of its unlabelled news once. The error of 223 items drawn at
    random is printed too: the figure on the gold items may differ by chance as much.
    """
    rows = list(map(json.loads, real.read_text("utf-8").splitlines()))
    sections = np.array([row["section"] for row in rows])
    right, confidence = np.zeros(len(rows), dtype=bool), np.zeros(len(rows))
    parts = {name: folder / f"{name}.jsonl" for name in ("known", "left", "news")}
    config = folder / "fold.toml"
    news = UNLABELLED.format(unlabelled=parts["news"])
    config.write_text(
        CONFIG.format(
            corpus=parts["known"],
            gold=parts["left"],
            headline="title",
            labels="",
            more=ALSO + VECTORS + news,
        ),
        "utf-8",
    )
    for known, left in StratifiedKFold(n_folds, shuffle=True, random_state=0).split(
        sections, sections
    ):
        ids = {rows[i]["id"] for i in left}
        for name, chosen in (("known", known), ("left", left)):
            parts[name].write_text(
                "".join(json.dumps(rows[i], ensure_ascii=False) + "\n" for i in chosen), "utf-8"
            )
        with (
            unlabelled.open(encoding="utf-8") as lines,
            parts["news"].open("w", encoding="utf-8") as out,
        ):
            out.writelines(line for line in lines if json.loads(line)["id"] not in ids)
        model = load(train(config, folder).folder)
        proba = model.predict_proba(read_corpus(parts["left"]))
        confidence[left] = proba.max(axis=1)
        right[left] = model.model.classes_[proba.argmax(axis=1)] == sections[left]
    rng = np.random.default_rng(0)
    drawn = (rng.choice(len(rows), 223, replace=False) for _ in range(2000))
    low, high = np.percentile(
        [calibration_error(right[some], confidence[some]) for some in drawn], [2.5, 97.5]
    )
    error = calibration_error(right, confidence)
    print(
        f"calibration error over {len(rows):,} items, {n_folds} folds: {error:.3f}; "
        f"of 223 drawn: {low:.3f} – {high:.3f}",
        flush=True,
    )


def few_labels(real: Path, draws: int = 5) -> None:
    """Print macro-F1 with and without cue words beside few labels.

    It is the median of some draws from the real items, tested on the others.
    """
    articles = read_corpus(real, Fields(headline="title"), require=["section"])
    sections = np.array([article.section for article in articles])
    words = (
        FeatureConfig(kind="char-tfidf", ngrams=(1, 3)),
        FeatureConfig(kind="word-tfidf", ngrams=(1, 2)),
    )
    cues = FeatureConfig(kind="cues", files=(str(PROJECT / "data/cues.toml"),))
    print("labels  words  words and cues")
    for size in (30, 60, 120, 240, 480):
        found: list[list[float]] = [[], []]
        for draw in range(draws):
            order = np.random.default_rng(draw).permutation(len(articles))
            known, new = order[:size], order[size:]
            for figures, blocks in zip(found, (words, (*words, cues)), strict=True):
                model = SectionClassifier(blocks, calibrate=False).fit(
                    [articles[i] for i in known], sections[known]
                )
                figures.append(
                    float(
                        f1_score(
                            sections[new],
                            model.predict([articles[i] for i in new]),
                            average="macro",
                        )
                    )
                )
        print(
            f"{size:6} {statistics.median(found[0]):6.3f} {statistics.median(found[1]):15.3f}",
            flush=True,
        )


def chosen_labels(
    real: Path, sample: Path, draws: int = 5, rounds: int = 4, step: int = 100
) -> None:
    """Print macro-F1 with labels that `research suggest` chooses, round after round.

    They are added to the sample; the figure is the median on 300 other real items.
    """
    articles, also = (
        read_corpus(real, Fields(headline="title"), require=["section"]),
        read_corpus(sample, require=["section"]),
    )
    blocks = (
        FeatureConfig(kind="char-tfidf", ngrams=(1, 3), min_df=2),
        FeatureConfig(kind="word-tfidf", ngrams=(1, 2), min_df=2),
    )
    found: dict[str, list[list[float]]] = {"drawn": [], "chosen": []}
    for draw in range(draws):
        order = np.random.default_rng(draw).permutation(len(articles))
        new, pool = [articles[i] for i in order[:300]], [articles[i] for i in order[300:]]
        for way, figures in found.items():
            known, left = pool[:step], pool[step:]
            figures.append([])
            for _ in range(rounds):
                model = SectionClassifier(blocks, kind="nb-svm", C=0.3).fit(
                    [*also, *known], [article.section or "" for article in [*also, *known]]
                )
                figures[-1].append(
                    float(
                        f1_score(
                            [article.section for article in new],
                            model.predict(new),
                            average="macro",
                        )
                    )
                )
                picked = (
                    [left[found.position] for found in suggest(model, left, step)]
                    if way == "chosen"
                    else left[:step]
                )
                ids = {article.id for article in picked}
                known, left = (
                    [*known, *picked],
                    [article for article in left if article.id not in ids],
                )
    print("labels  drawn  chosen by suggest (beside the sample)")
    for k in range(rounds):
        drawn, chosen = (statistics.median(row[k] for row in figures) for figures in found.values())
        print(f"{step * (k + 1):6} {drawn:6.3f} {chosen:7.3f}", flush=True)


def write_unlabelled(shared: Path, gold: Path, path: Path) -> Path:
    """Write the news of both large files without the gold items and their like."""
    tested = read_corpus(gold, Fields(headline="title"))
    ids, begins = {article.id for article in tested}, {article.text[:60] for article in tested}
    with path.open("w", encoding="utf-8") as out:
        for name in ("xwlb", "inews"):
            for article in iter_corpus(
                shared / f"{name}.jsonl.gz", Fields(headline="title", section="")
            ):
                if article.id not in ids and article.text[:60] not in begins:
                    row = {"id": article.id, "title": article.headline, "text": article.text[:1500]}
                    out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


def told(run: Path) -> str:
    figures = read(run).figures
    low, high = figures.macro_f1_interval
    return f"{figures.macro_f1:8.3f} {low:6.3f} – {high:.3f}"


def sure(run: Path) -> list[str]:
    """Return shares of the four sections' items with a sure label, and of right ones of these."""
    trained = read(run)
    four = [row for row in trained.predictions if row.section != "其他"]
    labelled = [row for row in trained.predictions if row.sure and row.predicted != "其他"]
    share = sum(row.sure and row.predicted != "其他" for row in four) / len(four)
    right = sum(row.predicted == row.section for row in labelled) / max(1, len(labelled))
    return [f"{trained.figures.calibration_error:5.3f}", f"{share:6.1%}", f"{right:6.1%}"]


def plain_svm(corpora: list[tuple[Path, str]], gold: Path, labels: dict[str, str] | None) -> float:
    known = [
        article
        for corpus, headline in corpora
        for article in read_corpus(corpus, Fields(headline=headline), require=["section"])
    ]
    new = read_corpus(gold, Fields(headline="title"), require=["section"], labels=labels)
    model = make_pipeline(
        TfidfVectorizer(
            analyzer="char", ngram_range=(1, 3), min_df=2, max_features=300_000, sublinear_tf=True
        ),
        LinearSVC(random_state=0),
    )
    model.fit([f"{a.headline}\n{a.text}" for a in known], [a.section for a in known])
    said = model.predict([f"{a.headline}\n{a.text}" for a in new])
    return float(f1_score([a.section for a in new], said, average="macro"))


main()
