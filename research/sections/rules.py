"""Labelling rules: sections from cue words and patterns, for archives that nobody labelled (weak supervision).

A rule votes for one section where it holds and says nothing elsewhere. Rules may contradict each other; the label model
weighs them. It does not read articles any further than its rules do: train a classifier on the labels for that. Where there are
a few labels, what the rules say can be a feature beside the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse, special
from sklearn.base import BaseEstimator

from research.articles.article import SECTIONS, ArticlePart, Text, parts_of
from research.config import RuleConfig, read_rules_file
from research.errors import InputError

_PRIOR = 10.0  # Labelled articles that a rule's rarity counts for, against what labels say of it.


class RuleFigures(NamedTuple):
    """What a rule did: ``coverage``, the share of articles where it holds; ``conflict``, of those, where the label became another;
    ``accuracy``, of the labelled ones among them, where it was right (None where none is labelled); ``weight``, what its vote counts."""

    name: str
    section: str
    articles: int
    coverage: float
    conflict: float
    accuracy: float | None
    weight: float


class Rules:
    """Rules read from files, in order; ``votes(articles)`` says which hold where."""

    def __init__(self, rules: Sequence[RuleConfig]) -> None:
        if not rules:
            raise InputError("no rule at all; give cue words or a [[rule]]")
        self.rules = tuple(rules)
        self.sections = tuple(rule.section for rule in rules)

    def __len__(self) -> int:
        return len(self.rules)

    def votes(self, articles: Iterable[Text]) -> sparse.csr_matrix:
        """Return n_articles × n_rules, 1 where a rule holds."""
        rows, columns, n = [], [], 0
        for n, article in enumerate(articles, 1):
            holding = self._holding(article)
            rows += [n - 1] * len(holding)
            columns += holding
        return sparse.csr_matrix(
            (np.ones(len(rows), np.float32), (rows, columns)), shape=(n, len(self))
        )

    def _holding(self, article: Text) -> list[int]:
        parts = parts_of(article)
        found: dict[ArticlePart, set[str]] = {}
        holding = []
        for k, (rule, pattern) in enumerate(zip(self.rules, self._patterns, strict=True)):
            if rule.field not in found:
                found[rule.field] = self._words_in(parts[rule.field])
            if (
                pattern.search(parts[rule.field])
                if pattern
                else len(found[rule.field].intersection(rule.words)) >= rule.at_least
            ):
                holding.append(k)
        return holding

    def places(self, article: Text) -> Iterator[tuple[int, ArticlePart, int, int]]:
        """Yield, of each rule that holds, its number, its field, and where in that field each of its words or its pattern begins and ends."""
        parts = parts_of(article)
        for k in self._holding(article):
            rule = self.rules[k]
            for found in re.finditer(
                rule.pattern or "|".join(map(re.escape, rule.words)), parts[rule.field]
            ):
                yield k, rule.field, found.start(), found.end()

    def _words_in(self, text: str) -> set[str]:
        """Return which of the rules' words stand in a text, also inside others."""
        return {
            word
            for n, words in self._by_length.items()
            for word in words.intersection({text[i : i + n] for i in range(len(text) - n + 1)})
        }

    @cached_property
    def _by_length(self) -> dict[int, frozenset[str]]:
        words = {word for rule in self.rules for word in rule.words}
        return {
            n: frozenset(word for word in words if len(word) == n)
            for n in sorted(set(map(len, words)))
        }

    @cached_property
    def _patterns(self) -> list[re.Pattern[str] | None]:
        return [re.compile(rule.pattern) if rule.pattern else None for rule in self.rules]


def read_rules(
    paths: Iterable[str | PathLike[str]], sections: Sequence[str] | None = SECTIONS
) -> Rules:
    """Read rules from TOML files: ``[cues]``, sections with their cue words, each word a rule of its own, and ``[[rule]]`` tables.

    None for *sections* allows any.

    Raises InputError that names file and line for an unknown section or key, or a pattern that is none.
    """
    return Rules([rule for path in paths for rule in read_rules_file(Path(path), sections)])


class LabelModel(BaseEstimator):  # type: ignore[misc]
    """Weigh the votes of rules.

    A vote counts ln(n_articles / n_where_it_holds): the rarer, the more it says. Where some articles have labels, what a rule counts is
    drawn from there towards its log-odds of being right (Beta prior worth ten articles). Learning the weights from the rules' agreement
    alone, as data programming does (Ratner et al. 2016), was tried and did worse on news: cue words of one section are not independent.
    """

    def __init__(self, rules: Rules, classes: Sequence[str] = SECTIONS) -> None:
        self.rules = rules
        self.classes = classes

    def fit(self, votes: sparse.csr_matrix, labels: Sequence[str | None] | None = None) -> Self:
        """Learn what each rule counts, from *votes* (n × n_rules) and, where given, *labels* (n, None where an article has none)."""
        self.classes_ = np.asarray([name for name in self.classes if name in self.rules.sections])
        if len(self.classes_) < 2:
            raise InputError(
                f"all rules are for {self.rules.sections[0]}; give rules for two sections at least"
            )
        self._own = np.array([self.classes_.tolist().index(name) for name in self.rules.sections])
        holds = np.asarray(votes.sum(axis=0), dtype=np.float64).ravel()
        rarity = np.log((votes.shape[0] + 1) / (holds + 1))
        self.weights_ = rarity
        self.accuracy_: list[float | None] = [None] * len(self.rules)
        given = np.array(
            []
            if labels is None
            else [i for i, label in enumerate(labels) if label in self.classes_],
            dtype=np.intp,
        )
        if labels is not None and given.size:
            self._learn(
                votes[given],
                np.array([self.classes_.tolist().index(labels[i]) for i in given]),
                rarity,
            )
        return self

    def _learn(
        self, votes: sparse.csr_matrix, labels: NDArray[np.intp], rarity: NDArray[np.float64]
    ) -> None:
        fired = np.asarray(votes.sum(axis=0), dtype=np.float64).ravel()
        hits = np.asarray(
            votes.multiply(labels[:, None] == self._own[None, :]).sum(axis=0), dtype=np.float64
        ).ravel()
        expected = np.clip(
            1 / (1 + (len(self.classes_) - 1) * np.exp(-rarity / rarity.mean())), 0.3, 0.95
        )
        accuracy = (hits + _PRIOR * expected) / (fired + _PRIOR)
        told = np.log(accuracy / (1 - accuracy) * (len(self.classes_) - 1))
        usual = np.log(expected / (1 - expected) * (len(self.classes_) - 1))
        self.weights_ = np.maximum(rarity * told / usual, 0.0)
        self.accuracy_ = [
            float(hits[k] / fired[k]) if fired[k] else None for k in range(len(self.rules))
        ]

    def scores(self, votes: sparse.csr_matrix) -> NDArray[np.float64]:
        """Return n × n_classes sums of the votes' weights, over the root of how many rules hold: votes pile up in long articles."""
        return _scores(votes, self.weights_, self._own)

    def predict_proba(self, votes: sparse.csr_matrix) -> NDArray[np.float64]:
        """Return n × n_classes shares of belief, rows summing to 1; equal shares where no rule holds. No calibrated probabilities."""
        proba: NDArray[np.float64] = special.softmax(self.scores(votes), axis=1)
        return proba

    def predict(self, votes: sparse.csr_matrix, at_least: float = 0.0) -> NDArray[Any]:
        """Return the likeliest section, "" where no rule holds, two are equal, or its belief is below *at_least*."""
        proba = self.predict_proba(votes)
        ranked = np.sort(proba, axis=1)
        certain = (ranked[:, -1] > ranked[:, -2] + 1e-9) & (ranked[:, -1] >= at_least)
        return np.where(certain, self.classes_[proba.argmax(axis=1)], "")

    def figures(self, votes: sparse.csr_matrix) -> list[RuleFigures]:
        """Return what every rule did, in the rules' order."""
        said = self.predict(votes)
        by_rule = votes.tocsc()
        found = []
        for k, rule in enumerate(self.rules.rules):
            where = by_rule.indices[by_rule.indptr[k] : by_rule.indptr[k + 1]]
            other = (
                float(np.mean((said[where] != rule.section) & (said[where] != "")))
                if where.size
                else 0.0
            )
            found.append(
                RuleFigures(
                    rule.title,
                    rule.section,
                    where.size,
                    where.size / votes.shape[0],
                    other,
                    self.accuracy_[k],
                    float(self.weights_[k]),
                )
            )
        return found


class CueScores:
    """The vectorizer of ``cues`` blocks: articles → what rules say for each section, n_articles × n_sections.

    Scores of a label model that saw no labels, over their root mean square length in training, so that the block's weight means what
    it means for other blocks.
    """

    def __init__(self, rules: Rules, weights: NDArray[np.float32] | None = None) -> None:
        self.rules = rules
        self.sections = tuple(dict.fromkeys(rules.sections))
        self.own = np.array([self.sections.index(name) for name in rules.sections])
        self.weights = np.zeros(len(rules), np.float32) if weights is None else weights

    def fit_transform(self, articles: Iterable[Text], y: object = None) -> sparse.csr_matrix:
        votes = self.rules.votes(articles)
        model = LabelModel(self.rules, self.sections).fit(votes)
        length = np.sqrt(np.mean(np.sum(model.scores(votes) ** 2, axis=1)))
        self.weights = (model.weights_ / (length or 1.0)).astype(np.float32)
        return self._scored(votes)

    def transform(self, articles: Iterable[Text]) -> sparse.csr_matrix:
        return self._scored(self.rules.votes(articles))

    def _scored(self, votes: sparse.csr_matrix) -> sparse.csr_matrix:
        return sparse.csr_matrix(_scores(votes, self.weights, self.own).astype(np.float32))

    def worth(self, article: Text, weights: NDArray[np.float64]) -> dict[int, float]:
        """Return what each rule that holds adds to ``transform([article]) @ weights``, by the rule's number."""
        holding = self.rules.votes([article]).indices
        return dict(
            zip(
                holding.tolist(),
                (
                    self.weights[holding]
                    * weights[self.own[holding]]
                    / np.sqrt(max(len(holding), 1))
                ).tolist(),
                strict=True,
            )
        )


def _scores(
    votes: sparse.csr_matrix, weights: NDArray[np.floating[Any]], own: NDArray[np.intp]
) -> NDArray[np.float64]:
    table = sparse.csr_matrix(
        (weights, (np.arange(len(own)), own)), shape=(len(own), own.max() + 1)
    )
    held = np.asarray(votes.sum(axis=1), dtype=np.float64).ravel()
    return (
        np.asarray((votes @ table).todense(), dtype=np.float64)
        / np.sqrt(np.maximum(held, 1))[:, None]
    )
