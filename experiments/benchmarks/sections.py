"""The section model on real news it never saw (the gold items), beside plain TF-IDF + linear SVM on the same data.

The gold items are for testing only: no setting was chosen by them.
"""

import tempfile
from pathlib import Path

from shared_data import PROJECT, require_shared
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from research import Fields, read_corpus, train
from research.runs import read_figures

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
[test]
path = "{gold}"
fields = {{headline = "title"}}
{labels}
"""
FOUR = 'labels = {"其他" = ""}'


def main() -> None:
    shared = require_shared()
    gold = shared / "sections-gold.jsonl"
    print(f"{'trained on':24} {'sections':8} {'macro-F1':>8} {'95 %':>16} {'plain SVM':>9}")
    for name, corpus, headline, labels in (
        ("data/articles.jsonl", PROJECT / "data/articles.jsonl", "headline", ""),
        ("sections-train.jsonl", shared / "sections-train.jsonl", "title", ""),
        ("sections-silver.jsonl.gz", shared / "sections-silver.jsonl.gz", "", FOUR),
    ):
        with tempfile.TemporaryDirectory() as folder:
            config = Path(folder) / "sections.toml"
            text = CONFIG.format(corpus=corpus, gold=gold, headline=headline, labels=labels)
            config.write_text(text if headline else text.replace('field = "headline"\n', ""), "utf-8")
            figures = read_figures(train(config, folder).folder)
        low, high = figures["macro_f1_interval"]
        plain = plain_svm(corpus, headline, gold, {"其他": ""} if labels else None)
        print(f"{name:24} {4 if labels else 5:8} {figures['macro_f1']:8.3f} {low:7.3f} – {high:.3f} {plain:9.3f}")


def plain_svm(corpus: Path, headline: str, gold: Path, labels: dict[str, str] | None) -> float:
    known = read_corpus(corpus, Fields(headline=headline), require=["section"])
    new = read_corpus(gold, Fields(headline="title"), require=["section"], labels=labels)
    model = make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, max_features=300_000, sublinear_tf=True), LinearSVC(random_state=0))
    model.fit([f"{a.headline}\n{a.text}" for a in known], [a.section for a in known])
    said = model.predict([f"{a.headline}\n{a.text}" for a in new])
    return float(f1_score([a.section for a in new], said, average="macro"))


main()
