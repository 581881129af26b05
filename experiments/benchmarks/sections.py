"""The section model on real news it never saw (the gold items), beside plain TF-IDF + linear SVM on the same data.

ECE is the expected calibration error; "sure", the share of the four sections' items that get one of them at the
threshold of 95 % precision (found by cross-validation on the training data), and "right", how many such labels are right.

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
from research.runs import read_figures, read_table

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
{also}
"""
ALSO = """
[[also]]
path = "{path}"
"""
FOUR = 'labels = {"其他" = ""}'


def main() -> None:
    shared = require_shared()
    gold = shared / "sections-gold.jsonl"
    sample = PROJECT / "data/articles.jsonl"
    print(f"{'trained on':36} {'macro-F1':>8} {'95 %':>15} {'plain SVM':>9} {'ECE':>5} {'sure':>6} {'right':>6}")
    for name, corpus, headline, labels, also in (
        ("data/articles.jsonl", sample, "headline", "", None),
        ("sections-train.jsonl", shared / "sections-train.jsonl", "title", "", None),
        ("sections-train.jsonl and the sample", shared / "sections-train.jsonl", "title", "", sample),
        ("silver (four sections)", shared / "sections-silver.jsonl.gz", "", FOUR, None),
    ):
        with tempfile.TemporaryDirectory() as folder:
            config = Path(folder) / "sections.toml"
            text = CONFIG.format(corpus=corpus, gold=gold, headline=headline, labels=labels, also=ALSO.format(path=also) if also else "")
            config.write_text(text if headline else text.replace('field = "headline"\n', ""), "utf-8")
            run = train(config, folder).folder
            figures, rows = read_figures(run), read_table(run / "predictions.csv")
        low, high = figures["macro_f1_interval"]
        plain = plain_svm([(corpus, headline)] + [(also, "headline")] * bool(also), gold, {"其他": ""} if labels else None)
        # Of the four sections' items: how many get one of them for sure; and how many of such labels are right.
        four = [row for row in rows if row["section"] != "其他"]
        sure = [row for row in rows if row["sure"] == "1" and row["predicted"] != "其他"]
        share = sum(row["sure"] == "1" and row["predicted"] != "其他" for row in four) / len(four)
        right = sum(row["predicted"] == row["section"] for row in sure) / max(1, len(sure))
        print(f"{name:36} {figures['macro_f1']:8.3f} {low:6.3f} – {high:.3f} {plain:9.3f} {figures['calibration_error']:5.3f} {share:6.1%} {right:6.1%}")


def plain_svm(corpora: list[tuple[Path, str]], gold: Path, labels: dict[str, str] | None) -> float:
    known = [article for corpus, headline in corpora for article in read_corpus(corpus, Fields(headline=headline), require=["section"])]
    new = read_corpus(gold, Fields(headline="title"), require=["section"], labels=labels)
    model = make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, max_features=300_000, sublinear_tf=True), LinearSVC(random_state=0))
    model.fit([f"{a.headline}\n{a.text}" for a in known], [a.section for a in known])
    said = model.predict([f"{a.headline}\n{a.text}" for a in new])
    return float(f1_score([a.section for a in new], said, average="macro"))


main()
