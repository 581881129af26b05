"""Passages of long documents beside whole ones, and short texts beside plain topics.

Long: the government work reports. Topics of whole reports are provinces and eras; those of passages
are subjects. Short: headlines of ten classes, and headlines of television news with tags.

Coherence (NPMI of ten words) is judged on an outside corpus, the texts of news that nothing was
trained on; where texts are short, of the words that at least 20 of these have, since a name that no
outside text has says nothing. Stability is the overlap of 20 top words, topics matched one to one,
over three fits on 80 % of the articles. Purity and normalised mutual information compare each
headline's largest topic with its class.

    python experiments/benchmarks/passages.py
"""

import gzip
import json
import time
from itertools import combinations
from typing import NamedTuple

import numpy as np
from scipy import sparse
from shared_data import require_shared
from sklearn.metrics import normalized_mutual_info_score

from research import Segmenter, TopicModel, count_words
from research.text.passages import Counting
from research.text.segmenter import default_words
from research.text.vocabulary import WordLimits, learn_passages
from research.topics.metrics import diversity, matched_overlap, npmi, top_columns

PASSAGE_WORDS = (None, 1000, 300, 150)
LONG_TOPICS = 40
N_HEADLINES = 15_000
N_OUTSIDE = 12_000
SEEDS = range(3)
MIN_OUTSIDE_DF = 20
SEGMENTER = Segmenter(default_words(), min_length=2)


class Headlines(NamedTuple):
    """Headlines with their classes, "" where unknown, and texts of others to judge by."""

    name: str
    n_topics: int
    texts: list[str]
    classes: list[str]
    outside: list[str]


def rows(name):
    with gzip.open(require_shared() / name, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def sample(items, n, seed=0):
    chosen = np.random.default_rng(seed).choice(len(items), n, replace=False)
    return [items[i] for i in np.sort(chosen)]


def measure_long(news):
    reports = [f"{row['title']}\n{row['text']}" for row in rows("gov-reports.jsonl.gz")]
    outside_texts = [row["text"] for row in sample(news, N_OUTSIDE)]
    limits = WordLimits(min_df=5, max_df=0.5, max_words=30_000)
    for passage_words in PASSAGE_WORDS:
        counting = Counting({}, passage_words)
        learned = learn_passages(reports, SEGMENTER, counting, limits)
        passages = learned.passages
        began = time.perf_counter()
        model = TopicModel(LONG_TOPICS).fit(passages.counts)
        seconds = time.perf_counter() - began
        outside = count_words(outside_texts, SEGMENTER, learned.vocabulary)
        top = top_columns(model.components_, 10).tolist()
        name = "whole" if passage_words is None else f"passages of {passage_words}"
        print(
            f"reports, {name}: {passages.counts.shape[0]} documents, "
            f"NPMI outside {np.mean(npmi(top, outside)):.3f}, diversity {diversity(top):.2f}, "
            f"stability {stability_of(passages, len(reports)):.3f}, {seconds:.1f} s",
            flush=True,
        )


def stability_of(passages, n_articles):
    tops = []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        some = rng.choice(n_articles, int(0.8 * n_articles), replace=False)
        part = passages.counts[np.isin(passages.article_of, some)]
        model = TopicModel(LONG_TOPICS, random_state=seed).fit(part)
        tops.append(top_columns(model.components_, 20))
    return np.mean([matched_overlap(one, other).mean() for one, other in combinations(tops, 2)])


def class_headlines(news, inews):
    chosen = sample(rows("thucnews-titles.jsonl.gz"), N_HEADLINES)
    outside = inews + [row["text"] for row in sample(news, N_OUTSIDE, seed=1)]
    titles = [row["title"] for row in chosen]
    return Headlines("thucnews-titles", 30, titles, [str(row["label"]) for row in chosen], outside)


def news_headlines(news):
    one_item = [row for row in news if not row["title"].startswith("联播快讯")]
    order = np.random.default_rng(0).permutation(len(one_item))
    chosen = [one_item[i] for i in order[:N_HEADLINES]]
    others = [one_item[i]["text"] for i in order[N_HEADLINES : N_HEADLINES + N_OUTSIDE]]
    titles = [row["title"] for row in chosen]
    return Headlines("xwlb headlines", 50, titles, [first_tag(row) for row in chosen], others)


def first_tag(row):
    tags = row.get("tags") or [""]
    return tags if isinstance(tags, str) else tags[0]


def measure_short(headlines):
    limits = WordLimits(min_df=3, max_df=0.5, max_words=50_000)
    learned = learn_passages(headlines.texts, SEGMENTER, Counting(), limits)
    X = learned.passages.counts
    outside = count_words(headlines.outside, SEGMENTER, learned.vocabulary)
    for short_texts in (False, True):
        figures = []
        for seed in SEEDS:
            model = TopicModel(headlines.n_topics, short_texts=short_texts, random_state=seed)
            began = time.perf_counter()
            model.fit(X)
            seconds = time.perf_counter() - began
            figures.append([*judged(model, X, outside, headlines.classes), seconds])
        coherence, distinct, purity, information, seconds = np.mean(figures, axis=0)
        print(
            f"{headlines.name}, {'word network' if short_texts else 'plain'}: "
            f"NPMI outside {coherence:.3f}, diversity {distinct:.2f}, purity {purity:.3f}, "
            f"NMI {information:.3f}, {seconds:.1f} s",
            flush=True,
        )


def judged(model, X, outside, classes):
    common = outside.getnnz(axis=0) >= MIN_OUTSIDE_DF
    top = top_columns(model.components_ * common, 10).tolist()
    named = np.array(classes) != ""
    rows_judged = np.flatnonzero(named & model.has_evidence(X))
    topics = model.transform(X[rows_judged]).argmax(axis=1)
    kinds = np.unique(np.array(classes)[rows_judged], return_inverse=True)[1]
    ones = np.ones(len(topics))
    table = sparse.coo_matrix((ones, (topics, kinds))).toarray()
    purity = table.max(axis=1).sum() / table.sum()
    information = normalized_mutual_info_score(kinds, topics)
    return np.mean(npmi(top, outside)), diversity(top), purity, information


def main():
    news = rows("xwlb.jsonl.gz")
    inews = [f"{row.get('title') or ''}\n{row.get('text') or ''}" for row in rows("inews.jsonl.gz")]
    measure_short(class_headlines(news, inews))
    measure_short(news_headlines(news))
    measure_long(news)


if __name__ == "__main__":
    main()
