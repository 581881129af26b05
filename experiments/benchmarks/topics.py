"""Topic models beside their peers: time, perplexity, coherence, stability, memory, on the same matrix and priors.

    python experiments/benchmarks/topics.py [DOCUMENTS TOPICS [ENGINE ...]]

DOCUMENTS 0 is all of them; left out, 20,000 with 50 topics and all with 100 are taken (more than an hour). ENGINE is
cvb0, cvb0-random, tomotopy, gensim, sklearn, stability or scaling (all where left out). Every engine gets alpha 0.1 and
eta 0.01 and both cores, and runs in a process of its own. Perplexity is document completion on the same held-out
documents, topic shares inferred in the same way for all: only the topics differ. `make bench` installs what it needs.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
from scipy import sparse
from shared_data import require_shared

from research import Fields, Segmenter, TopicModel, iter_corpus
from research.text.counts import learn_words
from research.text.segmenter import default_stop_words
from research.topics.choose import stability
from research.topics.metrics import npmi

ALPHA, ETA, CORES, REPEATS = 0.1, 0.01, 2, 3
SIZES = ((20_000, 50), (0, 100))
ENGINES = ("cvb0", "tomotopy", "gensim", "sklearn", "cvb0-random", "stability", "scaling")


def build(folder: Path, documents: int) -> None:
    rows = list(
        iter_corpus(require_shared() / "xwlb.jsonl.gz", Fields(headline="title", section=""))
    )
    rng = np.random.default_rng(0)
    if documents:
        rows = [rows[i] for i in np.sort(rng.choice(len(rows), documents, replace=False))]
    X, vocabulary = learn_words(
        rows,
        Segmenter([], default_stop_words(), min_length=2),
        min_df=10 if not documents else 5,
        max_df=0.3,
        max_words=50_000,
    )
    order = rng.permutation(X.shape[0])
    held = X.shape[0] // 20
    sparse.save_npz(folder / "train.npz", X[np.sort(order[held:])].astype(np.int32))
    sparse.save_npz(folder / "held.npz", X[np.sort(order[:held])].astype(np.int32))
    print(
        f"{X.shape[0]:,} documents, {X.shape[1]:,} words, {int(X.sum()):,} tokens, {len(vocabulary):,} words; {held:,} documents held out",
        flush=True,
    )


class Judge:
    """Perplexity and coherence of topics, whoever found them."""

    def __init__(self, folder: Path) -> None:
        self.train = sparse.load_npz(folder / "train.npz").tocsr()
        self.held = sparse.load_npz(folder / "held.npz").tocsr()

    def __call__(self, name: str, passes: int, seconds: float, topics: np.ndarray) -> float:
        """*topics* is n_topics × n_words, any scale."""
        arrays = {"components": (topics / topics.sum(axis=1, keepdims=True)).astype(np.float32)}
        arrays |= {
            "alpha": np.full(len(topics), ALPHA, np.float32),
            "eta": np.full(topics.shape[1], ETA, np.float32),
        }
        perplexity = TopicModel.from_state({"n_topics": len(topics)}, arrays).perplexity(self.held)
        coherence = np.mean(
            npmi(np.argsort(-topics, axis=1, kind="stable")[:, :10].tolist(), self.train)
        )
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{name:12} {passes:5} passes {seconds:8.1f} s  perplexity {perplexity:7.1f}  NPMI {coherence:.3f}  peak {memory:,.0f} MB",
            flush=True,
        )
        return perplexity


def cvb0(judge: Judge, n_topics: int, name: str = "cvb0", start: str = "factorised") -> None:
    began = time.perf_counter()
    TopicModel(2, passes=2, start=start).fit(judge.train[:300])
    print(f"{name:12} compiled in {time.perf_counter() - began:.1f} s, once a machine", flush=True)
    for passes in (1, 2, 5, 10, 12, 15, 18, 22, 30, 40, 60, 100, 200):
        seconds = []
        for _ in range(REPEATS if passes <= 22 else 1):
            began = time.perf_counter()
            model = TopicModel(
                n_topics, alpha=ALPHA, eta=ETA, passes=passes, tolerance=0, start=start
            ).fit(judge.train)
            seconds.append(time.perf_counter() - began)
        judge(name, passes, median(seconds), model.topic_word_)
    began = time.perf_counter()
    model = TopicModel(n_topics, alpha=ALPHA, eta=ETA, start=start).fit(judge.train)
    judge(f"{name} default", model.bounds_[-1][0], time.perf_counter() - began, model.topic_word_)


def tomotopy(judge: Judge, n_topics: int) -> None:
    import tomotopy

    X = judge.train
    model = tomotopy.LDAModel(k=n_topics, alpha=ALPHA, eta=ETA, seed=1)
    for first, last in zip(X.indptr[:-1], X.indptr[1:], strict=True):
        model.add_doc(
            [
                str(word)
                for word, count in zip(X.indices[first:last], X.data[first:last], strict=True)
                for _ in range(count)
            ]
        )
    model.optim_interval = 0
    model.train(0)
    columns = np.array([int(word) for word in model.used_vocabs])
    seconds, done = 0.0, 0
    for passes in (25, 100, 200, 300, 400, 600, 800, 1000):
        began = time.perf_counter()
        model.train(passes - done, workers=CORES)
        seconds, done = seconds + time.perf_counter() - began, passes
        topics = np.full((n_topics, X.shape[1]), 1e-9)
        topics[:, columns] = [model.get_topic_word_dist(k) for k in range(n_topics)]
        judge("tomotopy", passes, seconds, topics)


def gensim(judge: Judge, n_topics: int) -> None:
    from gensim.matutils import Sparse2Corpus
    from gensim.models import LdaMulticore

    seconds = 0.0
    words = {i: str(i) for i in range(judge.train.shape[1])}
    corpus = list(Sparse2Corpus(judge.train, documents_columns=False))
    model = LdaMulticore(
        num_topics=n_topics,
        id2word=words,
        alpha=ALPHA,
        eta=ETA,
        workers=CORES,
        eval_every=None,
        random_state=1,
    )
    for done in range(1, 13):  # Its perplexity is best after the eighth.
        began = time.perf_counter()
        model.update(corpus)
        seconds += time.perf_counter() - began
        judge("gensim", done, seconds, model.get_topics())


def sklearn(judge: Judge, n_topics: int) -> None:
    from sklearn.decomposition import LatentDirichletAllocation

    settings = {
        "doc_topic_prior": ALPHA,
        "topic_word_prior": ETA,
        "learning_method": "online",
        "n_jobs": CORES,
        "random_state": 1,
    }
    for passes in (1, 3):
        model = LatentDirichletAllocation(n_topics, max_iter=passes, **settings)
        began = time.perf_counter()
        model.fit(judge.train)
        judge("sklearn", passes, time.perf_counter() - began, model.components_)


def measure_stability(judge: Judge, n_topics: int) -> None:
    """At convergence: three times on 80 % of the documents, and once on all of them for perplexity, coherence and time."""
    for start in ("factorised", "consensus", "random"):
        model = TopicModel(n_topics, alpha=ALPHA, eta=ETA, start=start)
        found = stability(judge.train, model)
        began = time.perf_counter()
        model.fit(judge.train)
        judge(start, model.bounds_[-1][0], time.perf_counter() - began, model.topic_word_)
        print(
            f"{'':12} stability {found.mean:.3f} over 3 resamples of 80 %; a topic {found.topics.min():.2f} to {found.topics.max():.2f}",
            flush=True,
        )


def scaling(judge: Judge, n_topics: int) -> None:
    rng = np.random.default_rng(0)
    copies = []
    for _ in range(10):
        noisy = judge.train.copy()
        noisy.data = rng.binomial(noisy.data, 0.9)
        noisy.eliminate_zeros()
        copies.append(noisy)
    seconds = {}
    for name, X in (("once", copies[0]), ("ten times", sparse.vstack(copies, format="csr"))):
        began = time.perf_counter()
        TopicModel(n_topics, alpha=ALPHA, eta=ETA, passes=10, tolerance=0).fit(X)
        seconds[name] = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    once, ten = seconds["once"], seconds["ten times"]
    print(
        f"scaling      10 passes: {once:.1f} s, ten times the documents {ten:.1f} s: {ten / once:.1f} times; peak {memory:,.0f} MB",
        flush=True,
    )


def main() -> None:
    if sys.argv[1:2] == ["--engine"]:
        engine, folder, n_topics = sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
        own = {
            "cvb0-random": lambda judge, n: cvb0(judge, n, "cvb0-random", "random"),
            "stability": measure_stability,
        }
        (own.get(engine) or globals()[engine])(Judge(folder), n_topics)
        return
    sizes = [(int(sys.argv[1]), int(sys.argv[2]))] if len(sys.argv) > 2 else SIZES
    for documents, n_topics in sizes:
        with tempfile.TemporaryDirectory() as folder:
            build(Path(folder), documents)
            for engine in sys.argv[3:] or ENGINES:
                subprocess.run(
                    [sys.executable, __file__, "--engine", engine, folder, str(n_topics)],
                    check=True,
                )


main()
