"""Topic models beside their peers: time, perplexity, coherence, stability, memory.

    python experiments/benchmarks/topics.py [DOCUMENTS TOPICS [ENGINE ...]]

DOCUMENTS 0 is all of them; left out, 20,000 with 50 topics and all with 100 are taken (more than an
hour). ENGINE is cvb0, cvb0-random, tomotopy, gensim, sklearn, stability or scaling (all where left
out). Every engine gets the same matrix, alpha 0.1, eta 0.01 and both cores, and runs in a process
of its own. Perplexity is document completion on the same held-out documents, with topic shares
inferred in the same way for all: only the topics differ. `make bench` installs what it needs.
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
from research.topics.metrics import npmi, top_columns

ALPHA, ETA, CORES = 0.1, 0.01, 2
SIZES = ((20_000, 50), (0, 100))  # Documents (0: all of them) and topics.
HELD_OUT = 20  # One document in so many.
PASSES = (1, 2, 5, 10, 12, 15, 18, 22, 30, 40, 60, 100, 200)
REPEATS, MOST_REPEATED_PASSES = 3, 22  # The median of three fits, where a fit is short.
TOMOTOPY_PASSES = (25, 100, 200, 300, 400, 600, 800, 1000)
GENSIM_PASSES = 12  # Its perplexity is best after the eighth.
SKLEARN_PASSES = (1, 3)
COHERENCE_WORDS = 10
SCALED_COPIES, KEPT_TOKENS = 10, 0.9  # Copies of the documents, and the share of tokens each keeps.


def build(folder: Path, n_documents: int) -> None:
    """Count the words of the corpus, or of a sample; write a matrix to train on, one held out."""
    fields = Fields(headline="title", section="")
    articles = list(iter_corpus(require_shared() / "xwlb.jsonl.gz", fields))
    rng = np.random.default_rng(0)
    if n_documents:
        sample = np.sort(rng.choice(len(articles), n_documents, replace=False))
        articles = [articles[i] for i in sample]
    X, vocabulary = learn_words(
        articles,
        Segmenter([], default_stop_words(), min_length=2),
        min_df=5 if n_documents else 10,
        max_df=0.3,
        max_words=50_000,
    )
    order = rng.permutation(X.shape[0])
    n_held_out = X.shape[0] // HELD_OUT
    train, held_out = X[np.sort(order[n_held_out:])], X[np.sort(order[:n_held_out])]
    sparse.save_npz(folder / "train.npz", train.astype(np.int32))
    sparse.save_npz(folder / "held.npz", held_out.astype(np.int32))
    print(
        f"{X.shape[0]:,} documents, {X.shape[1]:,} words, {int(X.sum()):,} tokens, "
        f"{len(vocabulary):,} words; {n_held_out:,} documents held out",
        flush=True,
    )


class Judge:
    """Perplexity and coherence of topics, whoever fitted them."""

    def __init__(self, folder: Path) -> None:
        self.train = sparse.load_npz(folder / "train.npz").tocsr()
        self.held_out = sparse.load_npz(folder / "held.npz").tocsr()

    def __call__(self, name: str, passes: int, seconds: float, topics: np.ndarray) -> None:
        """Print the figures of *topics*, n_topics × n_words, in any scale."""
        perplexity = self.perplexity(topics)
        coherence = self.coherence(topics)
        print(
            f"{name:12} {passes:5} passes {seconds:8.1f} s  perplexity {perplexity:7.1f}"
            f"  NPMI {coherence:.3f}  peak {peak_memory():,.0f} MB",
            flush=True,
        )

    def perplexity(self, topics: np.ndarray) -> float:
        n_topics, n_words = topics.shape
        probabilities = topics / topics.sum(axis=1, keepdims=True)
        arrays = {
            "components": probabilities.astype(np.float32),
            "alpha": np.full(n_topics, ALPHA, np.float32),
            "eta": np.full(n_words, ETA, np.float32),
        }
        model = TopicModel.from_state({"n_topics": n_topics}, arrays)
        return model.perplexity(self.held_out)

    def coherence(self, topics: np.ndarray) -> float:
        words = top_columns(topics, COHERENCE_WORDS)
        return float(np.mean(npmi(words.tolist(), self.train)))


def peak_memory() -> float:
    """Return the most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed_fit(model: TopicModel, X: sparse.csr_matrix) -> float:
    """Return the seconds that a fit takes."""
    began = time.perf_counter()
    model.fit(X)
    return time.perf_counter() - began


def cvb0(judge: Judge, n_topics: int) -> None:
    fit_cvb0(judge, n_topics, "cvb0", "factorised")


def cvb0_from_random(judge: Judge, n_topics: int) -> None:
    fit_cvb0(judge, n_topics, "cvb0-random", "random")


def fit_cvb0(judge: Judge, n_topics: int, name: str, start: str) -> None:
    seconds = timed_fit(TopicModel(2, passes=2, start=start), judge.train[:300])
    print(f"{name:12} compiled in {seconds:.1f} s, once a machine", flush=True)
    for passes in PASSES:
        model = TopicModel(n_topics, alpha=ALPHA, eta=ETA, passes=passes, tolerance=0, start=start)
        n_fits = REPEATS if passes <= MOST_REPEATED_PASSES else 1
        seconds = median(timed_fit(model, judge.train) for _ in range(n_fits))
        judge(name, passes, seconds, model.topic_word_)
    model = TopicModel(n_topics, alpha=ALPHA, eta=ETA, start=start)
    seconds = timed_fit(model, judge.train)
    judge(f"{name} default", model.bounds_[-1][0], seconds, model.topic_word_)


def tomotopy(judge: Judge, n_topics: int) -> None:
    import tomotopy

    X = judge.train
    model = tomotopy.LDAModel(k=n_topics, alpha=ALPHA, eta=ETA, seed=1)
    for row in X:
        model.add_doc([str(word) for word in np.repeat(row.indices, row.data)])
    model.optim_interval = 0
    model.train(0)
    columns = np.array([int(word) for word in model.used_vocabs])
    seconds, passes_done = 0.0, 0
    for passes in TOMOTOPY_PASSES:
        began = time.perf_counter()
        model.train(passes - passes_done, workers=CORES)
        seconds += time.perf_counter() - began
        passes_done = passes
        topics = np.full((n_topics, X.shape[1]), 1e-9)
        topics[:, columns] = [model.get_topic_word_dist(k) for k in range(n_topics)]
        judge("tomotopy", passes, seconds, topics)


def gensim(judge: Judge, n_topics: int) -> None:
    from gensim.matutils import Sparse2Corpus
    from gensim.models import LdaMulticore

    corpus = list(Sparse2Corpus(judge.train, documents_columns=False))
    model = LdaMulticore(
        num_topics=n_topics,
        id2word={i: str(i) for i in range(judge.train.shape[1])},
        alpha=ALPHA,
        eta=ETA,
        workers=CORES,
        eval_every=None,
        random_state=1,
    )
    seconds = 0.0
    for passes in range(1, GENSIM_PASSES + 1):
        began = time.perf_counter()
        model.update(corpus)
        seconds += time.perf_counter() - began
        judge("gensim", passes, seconds, model.get_topics())


def sklearn(judge: Judge, n_topics: int) -> None:
    from sklearn.decomposition import LatentDirichletAllocation

    for passes in SKLEARN_PASSES:
        model = LatentDirichletAllocation(
            n_topics,
            max_iter=passes,
            doc_topic_prior=ALPHA,
            topic_word_prior=ETA,
            learning_method="online",
            n_jobs=CORES,
            random_state=1,
        )
        judge("sklearn", passes, timed_fit(model, judge.train), model.components_)


def measure_stability(judge: Judge, n_topics: int) -> None:
    """Fit to convergence, on 80 % of the documents three times, and on all of them."""
    for start in ("factorised", "consensus", "random"):
        model = TopicModel(n_topics, alpha=ALPHA, eta=ETA, start=start)
        agreement = stability(judge.train, model)
        seconds = timed_fit(model, judge.train)
        judge(start, model.bounds_[-1][0], seconds, model.topic_word_)
        print(
            f"{'':12} stability {agreement.mean:.3f} over 3 resamples of 80 %; "
            f"a topic {agreement.topics.min():.2f} to {agreement.topics.max():.2f}",
            flush=True,
        )


def measure_scaling(judge: Judge, n_topics: int) -> None:
    """Fit to the documents, and to ten noisy copies of them."""
    rng = np.random.default_rng(0)
    copies = [noisy_copy(judge.train, rng) for _ in range(SCALED_COPIES)]
    model = TopicModel(n_topics, alpha=ALPHA, eta=ETA, passes=10, tolerance=0)
    once = timed_fit(model, copies[0])
    ten_times = timed_fit(model, sparse.vstack(copies, format="csr"))
    print(
        f"scaling      10 passes: {once:.1f} s, ten times the documents {ten_times:.1f} s: "
        f"{ten_times / once:.1f} times; peak {peak_memory():,.0f} MB",
        flush=True,
    )


def noisy_copy(X: sparse.csr_matrix, rng: np.random.Generator) -> sparse.csr_matrix:
    copy = X.copy()
    copy.data = rng.binomial(copy.data, KEPT_TOKENS)
    copy.eliminate_zeros()
    return copy


ENGINES = {
    "cvb0": cvb0,
    "tomotopy": tomotopy,
    "gensim": gensim,
    "sklearn": sklearn,
    "cvb0-random": cvb0_from_random,
    "stability": measure_stability,
    "scaling": measure_scaling,
}


def run_engine(engine: str, folder: str, n_topics: str) -> None:
    ENGINES[engine](Judge(Path(folder)), int(n_topics))


def run_in_own_process(engine: str, folder: str, n_topics: int) -> None:
    command = [sys.executable, __file__, "--engine", engine, folder, str(n_topics)]
    subprocess.run(command, check=True)


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--engine"]:
        run_engine(*arguments[1:])
        return
    sizes = SIZES
    if len(arguments) > 1:
        sizes = ((int(arguments[0]), int(arguments[1])),)
    for n_documents, n_topics in sizes:
        with tempfile.TemporaryDirectory() as folder:
            build(Path(folder), n_documents)
            for engine in arguments[2:] or ENGINES:
                run_in_own_process(engine, folder, n_topics)


if __name__ == "__main__":
    main(sys.argv[1:])
