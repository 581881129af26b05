"""How many decisions about topics find their topic again after another training.

    python experiments/benchmarks/curation.py articles.jsonl [N_ARTICLES] [N_TOPICS]

Every topic of a first training gets an entry with its words, as ``run.drop`` and the like write it.
Ten further trainings have other seeds and 80 % of the articles each. The topic that an entry should
find is the one nearest to its own (Jensen-Shannon distance, matched one to one, at most 0.65);
where there is none, it should find nothing.
"""

import sys
from collections import Counter
from dataclasses import dataclass

import numpy as np

import research
from research.themes.curated import curate
from research.themes.curation import Curation, CurationEntry
from research.themes.curation_steps import TopicState
from research.themes.matching import match_topics
from research.themes.relevance import relevant_words

RETRAININGS = 10
SHARE = 0.8
WORDS = 8


@dataclass
class Trained:
    """A model with the word counts that it was trained on."""

    model: research.TopicModel
    counts: object

    def state(self):
        """Return its topics as decisions find them."""
        n_topics = len(self.model.components_)
        return TopicState(
            self.model.transform(self.counts),
            self.model.components_.astype(np.float64),
            tuple((topic,) for topic in range(n_topics)),
        )


def train(counts, n_topics, seed):
    """Return a model of one sample."""
    model = research.TopicModel(n_topics, eta=0.05, random_state=seed).fit(counts)
    return Trained(model, counts)


def entries_of(trained, vocabulary):
    """Return one entry for every topic: relevant words that no other topic has more of."""
    topic_word = trained.model.topic_word_
    usual = np.asarray(trained.counts.sum(axis=0)).ravel() / trained.counts.sum()
    entries = []
    for topic, columns in enumerate(relevant_words(topic_word, usual, 20)):
        own = [column for column in columns if topic_word[:, column].argmax() == topic]
        words = tuple(vocabulary[column] for column in own[:WORDS])
        entries.append(CurationEntry(parent=f"topic {topic}", of=(words,)))
    return entries


def main(path, n_articles=1393, n_topics=24):
    """Print what became of the entries in each training."""
    articles = research.read_corpus(path)
    rng = np.random.default_rng(0)
    chosen = sorted(rng.permutation(len(articles))[:n_articles].tolist())
    segmenter = research.Segmenter(min_length=2)
    counts, vocabulary = research.learn_words(
        [articles[i] for i in chosen], segmenter, min_df=4, max_df=0.1, max_words=50_000
    )
    first = train(counts, n_topics, 0)
    entries = entries_of(first, vocabulary)
    fates = Counter()
    for seed in range(1, RETRAININGS + 1):
        rows = np.sort(rng.permutation(len(chosen))[: int(SHARE * len(chosen))])
        again = train(counts[rows], n_topics, seed)
        matching = match_topics(first.model.topic_word_, again.model.topic_word_)
        expected = {old: new for old, new, _ in matching.same}
        curation = Curation(topic=tuple(entries))
        curated = curate(curation, again.state(), again.counts, vocabulary, seed)
        for topic, outcome in enumerate(curated.outcomes):
            found = outcome.topics[0] if outcome.topics else None
            there = "there" if topic in expected else "gone"
            same = found == expected.get(topic)
            fate = "same" if same else "none" if found is None else "another"
            fates[there, fate, "said" if outcome.problem else "silent"] += 1
    total = sum(fates.values())
    for key, n in sorted(fates.items()):
        print(*key, n, f"{n / total:.3f}")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
