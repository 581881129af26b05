"""What is learned from, and the large models that label unlabelled news for the small one."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from research import Fields, SectionClassifier, iter_corpus, read_corpus
from research.articles.article import Article
from research.config import FeatureConfig
from research.text.counts import learn_article_vectors
from research.text.segmenter import Segmenter
from research.text.word_vectors import WordVectors

PROJECT = Path(__file__).parents[2]
LONGEST_ARTICLE = 1500  # Characters of an unlabelled one; the rest is left out.
SHORTEST_ARTICLE = 40
BEGINNING = 60  # Articles that begin with the same characters are near-identical.
ARGUABLE_WEIGHT = 0.5  # Of a real article whose label its reader called arguable.
SAMPLE_WEIGHT = 0.7  # Of an article of the sample in data/.
N_XWLB, N_INEWS = 10_000, 4_000  # Unlabelled articles for the small model.
N_IN_FOLDS = 5_000  # Of these, in cross-validation.

# The blocks of experiments/benchmarks/sections.py.
BLOCKS = [
    FeatureConfig(kind="char-tfidf", ngrams=(1, 3), min_df=3, max_features=150_000),
    FeatureConfig(kind="word-tfidf", ngrams=(1, 2), min_df=3, max_features=150_000),
    FeatureConfig(kind="char-tfidf", field="headline", ngrams=(1, 2), weight=0.6),
    FeatureConfig(kind="language", ngrams=(1, 3), weight=0.2),
    FeatureConfig(kind="language", first=200, ngrams=(1, 3), weight=0.2),
    FeatureConfig(kind="vectors", weight=1.5),
    FeatureConfig(kind="vectors", field="headline", weight=0.6),
    FeatureConfig(kind="vectors", field="lead", weight=0.6),
]


class Labelled(NamedTuple):
    """Articles with their weights; ``is_sure`` where no reader called the label arguable."""

    articles: list[Article]
    weights: NDArray[np.float64]
    is_sure: NDArray[np.bool_]

    @property
    def sections(self) -> NDArray[np.str_]:
        return np.array([article.section for article in self.articles])


def read_real(shared: Path) -> Labelled:
    """Read the real articles that were labelled by hand."""
    rows = _rows(shared / "sections-train.jsonl")
    is_sure = np.array([row["sure"] for row in rows])
    articles = [_article(row) for row in rows]
    return Labelled(articles, np.where(is_sure, 1.0, ARGUABLE_WEIGHT), is_sure)


def read_sample() -> Labelled:
    articles = read_corpus(PROJECT / "data/articles.jsonl", require=["section"])
    n = len(articles)
    return Labelled(articles, np.full(n, SAMPLE_WEIGHT), np.ones(n, dtype=bool))


def read_gold(shared: Path) -> Labelled:
    rows = _rows(shared / "sections-gold.jsonl")
    articles = [_article(row) for row in rows]
    return Labelled(articles, np.ones(len(rows)), np.array([row["sure"] for row in rows]))


def read_unlabelled(shared: Path) -> list[Article]:
    """Read the news without labels, without what anybody labelled and its like."""
    names = ("sections-gold", "sections-train", "sections-disputed")
    labelled = [row for name in names for row in _rows(shared / f"{name}.jsonl")]
    ids = {row["id"] for row in labelled}
    beginnings = {row["text"][:BEGINNING] for row in labelled}
    articles = []
    for name in ("xwlb", "inews"):
        fields = Fields(headline="title", section="")
        for article in iter_corpus(shared / f"{name}.jsonl.gz", fields):
            is_labelled = article.id in ids or article.text[:BEGINNING] in beginnings
            if is_labelled or len(article.text) < SHORTEST_ARTICLE:
                continue
            row = {"id": article.id, "title": article.headline, "text": article.text}
            articles.append(_article(row, source=name))
    return articles


def choose_pool(articles: Sequence[Article]) -> list[Article]:
    """Draw the unlabelled articles that the large models label, in random order."""
    rng = np.random.default_rng(0)
    sources = np.array([article.source for article in articles])
    drawn = [
        rng.choice(np.flatnonzero(sources == source), n, replace=False)
        for source, n in (("xwlb", N_XWLB), ("inews", N_INEWS))
    ]
    return [articles[i] for i in rng.permutation(np.concatenate(drawn))]


def learn_vectors(articles: Sequence[Article]) -> WordVectors:
    """Learn word vectors from half of the unlabelled articles."""
    return learn_article_vectors(articles[::2], Segmenter())


def fit_teacher(known: Labelled, sample: Labelled, vectors: WordVectors) -> SectionClassifier:
    model = SectionClassifier(BLOCKS, Segmenter(), vectors, kind="nb-svm", C=0.3, calibrate=False)
    return model.fit(
        [*known.articles, *sample.articles],
        [*known.sections, *sample.sections],
        [*known.weights, *sample.weights],
    )


def decide(model: SectionClassifier, articles: Sequence[Article]) -> NDArray[np.float64]:
    """Return decision values, some articles at a time: n_articles × n_sections."""
    parts = [model.decision_function(articles[i : i + 1000]) for i in range(0, len(articles), 1000)]
    return np.concatenate(parts)


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _article(row: dict[str, Any], source: str = "") -> Article:
    text = row["text"][:LONGEST_ARTICLE] if source else row["text"]
    return Article(
        id=row["id"],
        headline=row["title"],
        paragraphs=tuple(text.split("\n")),
        section=row.get("section"),
        source=source,
    )
