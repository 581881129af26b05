"""The default start of topics beside tomotopy, over five seeds: CPU time and quality.

    python experiments/benchmarks/start.py [SEED ...]

20,000 items of `xwlb` (a twentieth held out), 50 topics, alpha 0.1, eta 0.01; tomotopy takes 500
iterations, ours stops where it converges. Fits alternate, so that both meet the same load, and CPU
seconds are those of all threads. Perplexity is document completion on held-out items, NPMI that of
the top 10 words in all the items that nobody trained on. Stability is the mean Jaccard overlap of
the top 20 words of matched topics: ours over fits to three samples of 80 %, tomotopy's over fits to
the same items with other seeds, which flatters it. `make bench` installs what it needs.
"""

import sys
import time
from itertools import combinations
from statistics import median
from typing import NamedTuple

import numpy as np
from scipy import sparse
from shared_data import require_shared

from research import Fields, Segmenter, TopicModel, count_words, iter_corpus, learn_words, stability
from research.text.segmenter import default_stop_words
from research.topics.metrics import matched_overlap, npmi, top_columns

N_DOCUMENTS, N_TOPICS, ALPHA, ETA = 20_000, 50, 0.1, 0.01
SEEDS = (0, 1, 2, 3, 4)
TOMOTOPY_PASSES, WORKERS = 500, 2
HELD_OUT = 20  # One document in so many.
COHERENCE_WORDS, STABILITY_WORDS = 10, 20
UNSEEN = 1e-9  # Probability of a word that tomotopy left out.


class Corpus(NamedTuple):
    """Counts over the same words: trained on, held out, and all the other items."""

    train: sparse.csr_matrix
    held_out: sparse.csr_matrix
    outside: sparse.csr_matrix


def read() -> Corpus:
    articles = list(iter_corpus(require_shared() / "xwlb.jsonl.gz", Fields(headline="title")))
    segmenter = Segmenter([], default_stop_words(), min_length=2)
    rng = np.random.default_rng(0)
    chosen = np.sort(rng.choice(len(articles), N_DOCUMENTS, replace=False))
    X, words = learn_words(
        [articles[i] for i in chosen], segmenter, min_df=10, max_df=0.3, max_words=50_000
    )
    rest = np.setdiff1d(np.arange(len(articles)), chosen)
    outside = count_words([articles[i] for i in rest], segmenter, words)
    held_out, train = np.split(rng.permutation(X.shape[0]), [X.shape[0] // HELD_OUT])
    return Corpus(X[np.sort(train)], X[np.sort(held_out)], outside)


def measure(corpus: Corpus, topics: np.ndarray) -> tuple[float, float]:
    """Return perplexity and NPMI of topics, n_topics × n_words, rows summing to 1."""
    arrays = {
        "components": topics.astype(np.float32),
        "alpha": np.full(len(topics), ALPHA, np.float32),
        "eta": np.full(topics.shape[1], ETA, np.float32),
    }
    model = TopicModel.from_state({"n_topics": len(topics)}, arrays)
    words = top_columns(topics, COHERENCE_WORDS).tolist()
    return model.perplexity(corpus.held_out), float(np.mean(npmi(words, corpus.outside)))


def fit_ours(X: sparse.csr_matrix, seed: int) -> tuple[np.ndarray, float]:
    """Return topics and CPU seconds."""
    began = time.process_time()
    model = TopicModel(N_TOPICS, alpha=ALPHA, eta=ETA, random_state=seed).fit(X)
    return model.topic_word_, time.process_time() - began


def fit_tomotopy(X: sparse.csr_matrix, seed: int) -> tuple[np.ndarray, float]:
    """Return topics and CPU seconds."""
    import tomotopy

    model = tomotopy.LDAModel(k=N_TOPICS, alpha=ALPHA, eta=ETA, seed=seed)
    for row in X:
        model.add_doc([str(word) for word in np.repeat(row.indices, row.data)])
    model.optim_interval = 0
    model.train(0)
    began = time.process_time()
    model.train(TOMOTOPY_PASSES, workers=WORKERS)
    seconds = time.process_time() - began
    topics = np.full((N_TOPICS, X.shape[1]), UNSEEN)
    columns = [int(word) for word in model.used_vocabs]
    topics[:, columns] = [model.get_topic_word_dist(k) for k in range(N_TOPICS)]
    return topics / topics.sum(axis=1, keepdims=True), seconds


def main(seeds: tuple[int, ...]) -> None:
    corpus = read()
    TopicModel(2, passes=2).fit(corpus.train[:300])  # Compiles.
    ours, peers, peer_words = [], [], []
    for seed in seeds:
        topics, seconds = fit_ours(corpus.train, seed)
        model = TopicModel(N_TOPICS, alpha=ALPHA, eta=ETA, random_state=seed)
        agreement = stability(corpus.train, model).mean
        ours.append((*measure(corpus, topics), agreement, seconds))
        show(f"ours, seed {seed}", ours[-1])
        topics, seconds = fit_tomotopy(corpus.train, seed)
        peer_words.append(top_columns(topics, STABILITY_WORDS))
        peers.append((*measure(corpus, topics), float("nan"), seconds))
        show(f"tomotopy, seed {seed}", peers[-1])
    pairs = combinations(peer_words, 2)
    overlaps = [float(matched_overlap(one, other).mean()) for one, other in pairs]
    show("ours, median", tuple(map(median, zip(*ours, strict=True))))
    perplexity, coherence, _, seconds = map(median, zip(*peers, strict=True))
    agreement = float(np.mean(overlaps)) if overlaps else float("nan")
    show("tomotopy, median", (perplexity, coherence, agreement, seconds))
    print(f"tomotopy takes {seconds / median(row[-1] for row in ours):.1f} times the CPU seconds")


def show(name: str, figures: tuple[float, ...]) -> None:
    perplexity, coherence, agreement, seconds = figures
    print(
        f"{name:18} perplexity {perplexity:7.1f}  NPMI {coherence:.3f}  "
        f"stability {agreement:.3f}  {seconds:6.1f} CPU s",
        flush=True,
    )


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SEEDS)
