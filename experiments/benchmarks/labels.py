"""Public tables, beside fastText and plain TF-IDF + linear SVM.

The tables are titles of ten classes (THUCNews) and messages to government (Tipdm C).

Settings were chosen on THUCNews' dev titles and by cross-validation; the test titles are read for
the last line alone. fastText gets the best of a small grid on the same dev titles, or folds.
"""

import gzip
import json
import tempfile
import time
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from shared_data import require_shared
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from research import SectionClassifier, Segmenter
from research.config import FeatureConfig

TITLES = (
    (
        FeatureConfig(kind="language", ngrams=(1, 3), weight=0.2),
        FeatureConfig(kind="char-tfidf", ngrams=(1, 2), edges=True),
        FeatureConfig(kind="word-tfidf", ngrams=(1, 2), edges=True),
    ),
    "nb-svm",
    0.1,
)
# A message opens with its subject. Chosen on other folds than those reported, of the same messages.
MESSAGES = (
    (
        FeatureConfig(kind="char-tfidf", ngrams=(1, 3), min_df=2),
        FeatureConfig(kind="word-tfidf", ngrams=(1, 2), min_df=2),
        FeatureConfig(kind="char-tfidf", ngrams=(1, 3), min_df=2, first=20, weight=0.5),
        FeatureConfig(kind="language", ngrams=(1, 3), first=100, weight=0.2),
    ),
    "nb-svm",
    0.3,
)
GRID = [(epochs, rate, grams) for epochs in (5, 10, 25) for rate in (0.1, 0.5) for grams in (2, 3)]
Learn = Callable[[Sequence[str], Sequence[str], Sequence[str]], list[str]]


def ours(setting: tuple[Sequence[FeatureConfig], str, float]) -> Learn:
    features, kind, strength = setting

    def learn(texts: Sequence[str], labels: Sequence[str], asked: Sequence[str]) -> list[str]:
        model = SectionClassifier(
            features, Segmenter(stop_words=(), numbers=True), kind=kind, C=strength, calibrate=False
        )  # type: ignore[arg-type]
        return model.fit(texts, labels).predict(asked).tolist()

    return learn


def plain(texts: Sequence[str], labels: Sequence[str], asked: Sequence[str]) -> list[str]:
    vectorizer = TfidfVectorizer(
        analyzer="char", ngram_range=(1, 4), sublinear_tf=True, dtype=np.float32
    )
    return (
        make_pipeline(vectorizer, LinearSVC(random_state=0))
        .fit(texts, labels)
        .predict(asked)
        .tolist()
    )


def fasttext(epochs: int, rate: float, grams: int) -> Learn:
    def learn(texts: Sequence[str], labels: Sequence[str], asked: Sequence[str]) -> list[str]:
        import fasttext as library

        segmenter = Segmenter(stop_words=(), numbers=True)
        known = [pieces(text, segmenter) for text in texts]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "train.txt"
            path.write_text(
                "".join(
                    f"__label__{label} {line}\n" for label, line in zip(labels, known, strict=True)
                ),
                "utf-8",
            )
            model = library.train_supervised(
                str(path),
                epoch=epochs,
                lr=rate,
                wordNgrams=grams,
                minn=0,
                maxn=0,
                dim=100,
                thread=2,
                verbose=0,
            )
        # Its own predict of many breaks with numpy 2; the inner call does not.
        said = [
            model.f.predict(pieces(text, segmenter) + "\n", 1, 0.0, "strict")[0][1]
            for text in asked
        ]
        return [label.removeprefix("__label__") for label in said]

    return learn


def pieces(text: str, segmenter: Segmenter) -> str:
    """Return a text's characters and its longer words.

    Of characters, words, both, and parts of words, these give fastText its best figures.
    """
    return " ".join(
        [
            *unicodedata.normalize("NFKC", text).lower().replace(" ", ""),
            *(word for word in segmenter.segment(text) if len(word) > 1),
        ]
    )


def main() -> None:
    shared = require_shared()
    rows = read(shared / "thucnews-titles.jsonl.gz")
    parts = {
        name: [row for row in rows if row["split"] == name]
        for name in ("train_subset", "dev", "test")
    }
    texts = {name: [row["title"] for row in part] for name, part in parts.items()}
    labels = {name: [str(row["label"]) for row in part] for name, part in parts.items()}

    def right(learn: Learn, asked: str) -> tuple[float, float]:
        known = ("train_subset",) if asked == "dev" else ("train_subset", "dev")
        start = time.perf_counter()
        said = learn(
            [text for name in known for text in texts[name]],
            [label for name in known for label in labels[name]],
            texts[asked],
        )
        return float(
            np.mean(np.array(said) == np.array(labels[asked]))
        ), time.perf_counter() - start

    learners: dict[str, Learn] = {
        "research": ours(TITLES),
        "… n-grams alone": ours((TITLES[0][1:], "nb-svm", 0.2)),
        "plain SVM": plain,
    }
    if grid := best_fasttext(lambda learn: right(learn, "dev")[0]):
        learners[f"fastText {grid}"] = fasttext(*grid)
    print(
        f"THUCNews titles, {len(rows) - len(parts['test']):,} for training: "
        "accuracy on dev (trained on the others), on test, seconds to train and test"
    )
    for name, learn in learners.items():
        dev, (test, seconds) = right(learn, "dev")[0], right(learn, "test")
        print(f"  {name:28} {dev:.4f} {test:.4f} {seconds:6.1f} s", flush=True)
    messages(shared)


def messages(shared: Path) -> None:
    rows = read(shared / "citizen-messages.jsonl.gz")
    tokens = [
        row["tokens"] if isinstance(row["tokens"], str) else " ".join(row["tokens"]) for row in rows
    ]
    labels = [row["label"] for row in rows]

    def folds(learn: Learn) -> tuple[float, float, float]:
        said, start = np.empty(len(rows), dtype=object), time.perf_counter()
        for train, test in StratifiedKFold(5, shuffle=True, random_state=0).split(tokens, labels):
            said[test] = learn(
                [tokens[i] for i in train], [labels[i] for i in train], [tokens[i] for i in test]
            )
        return (
            float(f1_score(labels, said.tolist(), average="macro")),
            float(np.mean(said == np.array(labels))),
            time.perf_counter() - start,
        )

    learners: dict[str, Learn] = {"research": ours(MESSAGES), "plain SVM": plain}
    if grid := best_fasttext(lambda learn: folds(learn)[0], GRID[-4:]):
        learners[f"fastText {grid}"] = fasttext(*grid)
    print(f"messages to government, {len(rows):,}, 5 folds: macro-F1, accuracy, seconds")
    for name, learn in learners.items():
        f1, accuracy, seconds = folds(learn)
        print(f"  {name:28} {f1:.4f} {accuracy:.4f} {seconds:6.1f} s", flush=True)


def best_fasttext(
    judge: Callable[[Learn], float], grid: Sequence[tuple[int, float, int]] = GRID
) -> tuple[int, float, int] | None:
    """Return the best of fastText's settings (epochs, rate, word n-grams).

    None where fastText is not installed.
    """
    try:
        import fasttext as library  # noqa: F401
    except ImportError:
        print("fastText is not installed (it has no wheels for this Python); left out")
        return None
    return max(grid, key=lambda setting: judge(fasttext(*setting)))


def read(path: Path) -> list[dict[str, object]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


main()
