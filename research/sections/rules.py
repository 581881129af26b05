"""Labelling rules: sections from cue words and patterns, for archives that nobody labelled (weak supervision).

A rule votes for one section where it holds and for none elsewhere. Rules may contradict each other;
the label model weighs them. It does not read articles any further than its rules do: train a
classifier on the labels for that. Where there are a few labels, scores of rules can be features
beside the words.
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

# Labelled articles that the accuracy expected of a rule counts for, against its own.
_PRIOR_ARTICLES = 10.0
# Below and above these a rule's rarity is no evidence of how often it is right.
_EXPECTED_ACCURACY = (0.3, 0.95)


class RuleFigures(NamedTuple):
    """What a rule did.

    ``coverage`` is the share of articles where it holds; ``conflict``, of those, the share where
    the label became another; ``accuracy``, of the labelled ones among them, the share where it was
    right (None where none is labelled); ``weight``, that of its vote.
    """

    name: str
    section: str
    articles: int
    coverage: float
    conflict: float
    accuracy: float | None
    weight: float


class Rules:
    """Rules in order; ``votes(articles)`` returns which hold where."""

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
        """Return the numbers of the rules that hold in an article."""
        parts = parts_of(article)
        words_in: dict[ArticlePart, set[str]] = {}
        holding = []
        for k, (rule, pattern) in enumerate(zip(self.rules, self._patterns, strict=True)):
            part = rule.field
            if part not in words_in:
                words_in[part] = self._words_in(parts[part])
            if pattern is not None:
                holds = pattern.search(parts[part]) is not None
            else:
                holds = len(words_in[part].intersection(rule.words)) >= rule.at_least
            if holds:
                holding.append(k)
        return holding

    def places(self, article: Text) -> Iterator[tuple[int, ArticlePart, int, int]]:
        """Yield where the words or the pattern of each rule that holds occur.

        Each is the rule's number, its field, and the place in that field where a word begins and
        ends.
        """
        parts = parts_of(article)
        for k in self._holding(article):
            rule = self.rules[k]
            pattern = rule.pattern or "|".join(map(re.escape, rule.words))
            for match in re.finditer(pattern, parts[rule.field]):
                yield k, rule.field, match.start(), match.end()

    def _words_in(self, text: str) -> set[str]:
        """Return which of the rules' words occur in a text, also inside others."""
        matches: set[str] = set()
        for n, words in self._by_length.items():
            pieces = {text[i : i + n] for i in range(len(text) - n + 1)}
            matches |= words & pieces
        return matches

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
    """Read rules from TOML files.

    ``[cues]`` has sections with their cue words, each word a rule; ``[[rule]]`` tables are rules.
    None for *sections* allows any.

    Raises
    ------
    InputError
        With file and line, for an unknown section or key, or a pattern that is none.
    """
    return Rules([rule for path in paths for rule in read_rules_file(Path(path), sections)])


class LabelModel(BaseEstimator):  # type: ignore[misc]
    """Weigh the votes of rules.

    A vote has the weight ln(n_articles / n_where_it_holds): rare rules have more. Where some
    articles have labels, a rule's weight is drawn from there towards its log-odds of being right
    (Beta prior of ten articles). Learning the weights from the rules' agreement alone, as data
    programming does (Ratner et al. 2016), was tried and did worse on news: cue words of one section
    are not independent.
    """

    def __init__(self, rules: Rules, classes: Sequence[str] = SECTIONS) -> None:
        self.rules = rules
        self.classes = classes

    def fit(self, votes: sparse.csr_matrix, labels: Sequence[str | None] | None = None) -> Self:
        """Learn the weight of each rule.

        Parameters
        ----------
        votes
            n_articles × n_rules, 1 where a rule holds.
        labels
            n_articles sections, None where an article has none; None where none has.
        """
        self.classes_ = np.asarray([name for name in self.classes if name in self.rules.sections])
        if len(self.classes_) < 2:
            raise InputError(
                f"all rules are for {self.rules.sections[0]}; give rules for two sections at least"
            )
        number = {name: k for k, name in enumerate(self.classes_.tolist())}
        self._section_of_rule = np.array([number[name] for name in self.rules.sections])
        n_holding = np.asarray(votes.sum(axis=0), dtype=np.float64).ravel()
        rarity = np.log((votes.shape[0] + 1) / (n_holding + 1))
        self.weights_ = rarity
        self.accuracy_: list[float | None] = [None] * len(self.rules)
        pairs = [(i, number[label]) for i, label in enumerate(labels or ()) if label in number]
        if pairs:
            rows, numbers = np.array(pairs, dtype=np.intp).T
            self._learn(votes[rows], numbers, rarity)
        return self

    def _learn(
        self, votes: sparse.csr_matrix, labels: NDArray[np.intp], rarity: NDArray[np.float64]
    ) -> None:
        """Draw the weights towards each rule's log-odds of being right on labelled articles."""
        n_holding = np.asarray(votes.sum(axis=0), dtype=np.float64).ravel()
        is_right = labels[:, None] == self._section_of_rule[None, :]
        n_right = np.asarray(votes.multiply(is_right).sum(axis=0), dtype=np.float64).ravel()
        n_others = len(self.classes_) - 1
        chance = 1 / (1 + n_others * np.exp(-rarity / rarity.mean()))
        expected = np.clip(chance, *_EXPECTED_ACCURACY)
        accuracy = (n_right + _PRIOR_ARTICLES * expected) / (n_holding + _PRIOR_ARTICLES)
        log_odds = np.log(accuracy / (1 - accuracy) * n_others)
        expected_log_odds = np.log(expected / (1 - expected) * n_others)
        self.weights_ = np.maximum(rarity * log_odds / expected_log_odds, 0.0)
        self.accuracy_ = [
            float(right / holding) if holding else None
            for right, holding in zip(n_right, n_holding, strict=True)
        ]

    def scores(self, votes: sparse.csr_matrix) -> NDArray[np.float64]:
        """Return n × n_classes sums of the votes' weights, over the root of how many rules hold.

        The root, because votes pile up in long articles.
        """
        return score_votes(votes, self.weights_, self._section_of_rule)

    def predict_proba(self, votes: sparse.csr_matrix) -> NDArray[np.float64]:
        """Return n × n_classes shares of belief; equal ones where no rule holds.

        Rows sum to 1; they are no calibrated probabilities.
        """
        proba: NDArray[np.float64] = special.softmax(self.scores(votes), axis=1)
        return proba

    def predict(self, votes: sparse.csr_matrix, at_least: float = 0.0) -> NDArray[Any]:
        """Return the likeliest section of every article.

        "" where no rule holds, two are equal, or its belief is below *at_least*.
        """
        proba = self.predict_proba(votes)
        ranked = np.sort(proba, axis=1)
        certain = (ranked[:, -1] > ranked[:, -2] + 1e-9) & (ranked[:, -1] >= at_least)
        return np.where(certain, self.classes_[proba.argmax(axis=1)], "")

    def figures(self, votes: sparse.csr_matrix) -> list[RuleFigures]:
        """Return the figures of every rule, in the rules' order."""
        predicted = self.predict(votes)
        by_rule = votes.tocsc()
        figures = []
        for k, rule in enumerate(self.rules.rules):
            rows = by_rule.indices[by_rule.indptr[k] : by_rule.indptr[k + 1]]
            labels = predicted[rows]
            conflict = float(np.mean((labels != rule.section) & (labels != ""))) if rows.size else 0
            figures.append(
                RuleFigures(
                    name=rule.title,
                    section=rule.section,
                    articles=rows.size,
                    coverage=rows.size / votes.shape[0],
                    conflict=float(conflict),
                    accuracy=self.accuracy_[k],
                    weight=float(self.weights_[k]),
                )
            )
        return figures


def score_votes(
    votes: sparse.csr_matrix, weights: NDArray[np.floating[Any]], section_of_rule: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return n_articles × n_sections sums of the votes' weights, over the root of how many hold.

    Parameters
    ----------
    votes
        n_articles × n_rules, 1 where a rule holds.
    weights
        n_rules.
    section_of_rule
        n_rules numbers of sections.
    """
    n_rules = len(section_of_rule)
    shape = (n_rules, section_of_rule.max() + 1)
    table = sparse.csr_matrix((weights, (np.arange(n_rules), section_of_rule)), shape=shape)
    n_holding = np.asarray(votes.sum(axis=1), dtype=np.float64).ravel()
    sums = np.asarray((votes @ table).todense(), dtype=np.float64)
    return sums / np.sqrt(np.maximum(n_holding, 1))[:, None]
