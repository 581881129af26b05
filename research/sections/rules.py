"""Labelling rules: sections from cue words and patterns, for archives that nobody labelled.

This is weak supervision. A rule votes for one section where it holds and for none elsewhere. Rules
may contradict each other; the label model weighs them. It does not read articles any further than
its rules do: train a classifier on the labels for that. Where there are a few labels, scores of
rules can be features beside the words.
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
from research.articles.traditional import is_traditional, simplified, simplified_article
from research.config import RuleConfig, read_rules_file
from research.errors import InputError

# Labelled articles that the accuracy expected of a rule counts for, beside labelled ones.
_PRIOR_ARTICLES = 10.0
# Below and above these a rule's rarity is no evidence of how often it is right.
_EXPECTED_ACCURACY = (0.3, 0.95)
# Shares of belief that differ by less are equal: sums of floats differ in their last digits.
_TIE = 1e-9
_NO_LABEL = ""


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
    """Rules in order; ``votes(articles)`` returns which hold where.

    Of articles that are mostly traditional also the text in simplified characters is read.
    """

    def __init__(self, rules: Sequence[RuleConfig]) -> None:
        if not rules:
            raise InputError("no rule at all; give cue words or a [[rule]]")
        self.rules = tuple(rules)
        self.sections = tuple(rule.section for rule in rules)

    def __len__(self) -> int:
        return len(self.rules)

    def votes(self, articles: Iterable[Text]) -> sparse.csr_matrix:
        """Return n_articles × n_rules, 1 where a rule holds."""
        rows: list[int] = []
        columns: list[int] = []
        n_articles = 0
        for row, article in enumerate(articles):
            holding = self._holding(article)
            n_holding = len(holding)
            rows += [row] * n_holding
            columns += holding
            n_articles = row + 1
        ones = np.ones(len(rows), np.float32)
        cells = (rows, columns)
        return sparse.csr_matrix(
            (ones, cells),
            shape=(n_articles, len(self)),
        )

    def _holding(self, article: Text) -> list[int]:
        """Return the numbers of the rules that hold in an article."""
        parts = parts_of(simplified_article(article))
        as_printed = parts_of(article)
        words_in: dict[ArticlePart, set[str]] = {}
        holding = []
        patterns = self._patterns
        for k, rule in enumerate(self.rules):
            part = rule.field
            text = parts[part]
            pattern = patterns[k]
            if part not in words_in:
                words_in[part] = self._words_in(text)
            if pattern is not None:
                holds = any(map(pattern.search, (text, as_printed[part])))
            else:
                words = words_in[part].intersection(self._words[k])
                holds = len(words) >= rule.at_least
            if holds:
                holding.append(k)
        return holding

    def places(self, article: Text) -> Iterator[tuple[int, ArticlePart, int, int]]:
        """Yield where the words or the pattern of each rule that holds occur.

        Each is the rule's number, its field, and the place in that field where a word begins and
        ends.
        """
        parts = parts_of(simplified_article(article))
        as_printed = parts_of(article)
        for k in self._holding(article):
            rule = self.rules[k]
            pattern = rule.pattern or "|".join(map(re.escape, self._words[k]))
            texts = dict.fromkeys((parts[rule.field], as_printed[rule.field]))
            places = [match.span() for text in texts for match in re.finditer(pattern, text)]
            for begin, end in dict.fromkeys(places):
                yield k, rule.field, begin, end

    def _words_in(self, text: str) -> set[str]:
        """Return which of the rules' words occur in a text, also inside others."""
        matches: set[str] = set()
        for n, words in self._by_length.items():
            n_pieces = len(text) - n + 1
            pieces = {text[i : i + n] for i in range(n_pieces)}
            matches_of_length = words & pieces
            matches |= matches_of_length
        return matches

    @cached_property
    def _by_length(self) -> dict[int, set[str]]:
        """Number of characters → the rules' words of that length."""
        by_length: dict[int, set[str]] = {}
        for words_of_rule in self._words:
            for word in words_of_rule:
                words = by_length.setdefault(len(word), set())
                words.add(word)
        return by_length

    @cached_property
    def _words(self) -> list[tuple[str, ...]]:
        """Each rule's words in simplified characters, as mostly traditional articles are read."""
        return [tuple(map(_simplified_word, rule.words)) for rule in self.rules]

    @cached_property
    def _patterns(self) -> list[re.Pattern[str] | None]:
        """Each rule's pattern; None for a rule of words."""
        patterns: list[re.Pattern[str] | None] = []
        for rule in self.rules:
            pattern = re.compile(rule.pattern) if rule.pattern else None
            patterns.append(pattern)
        return patterns


def _simplified_word(word: str) -> str:
    return simplified(word) if is_traditional(word) else word


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
    rules: list[RuleConfig] = []
    for path in paths:
        rules += read_rules_file(Path(path), sections)
    return Rules(rules)


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
        names = [name for name in self.classes if name in self.rules.sections]
        self.classes_ = np.asarray(names)
        if len(self.classes_) < 2:
            raise InputError(
                f"all rules are for {self.rules.sections[0]}; give rules for two sections at least"
            )
        number = {name: k for k, name in enumerate(names)}
        section_of_rule = [number[name] for name in self.rules.sections]
        self._section_of_rule = np.array(section_of_rule)
        n_articles = votes.shape[0]
        n_holding = _sum_by_rule(votes)
        inverse_share = (n_articles + 1) / (n_holding + 1)
        rarity = np.log(inverse_share)
        self.weights_ = rarity
        self.accuracy_: list[float | None] = [None] * len(self.rules)
        rows = []
        numbers = []
        for row, label in enumerate(labels or ()):
            if label in number:
                rows.append(row)
                numbers.append(number[label])
        if rows:
            labelled_votes = votes[rows]
            label_numbers = np.array(numbers, dtype=np.intp)
            self._learn(labelled_votes, label_numbers, rarity)
        return self

    def _learn(
        self, votes: sparse.csr_matrix, labels: NDArray[np.intp], rarity: NDArray[np.float64]
    ) -> None:
        """Draw the weights towards each rule's log-odds of being right on labelled articles.

        Parameters
        ----------
        votes
            n_labelled × n_rules.
        labels
            n_labelled numbers of sections.
        rarity
            n_rules weights where no article has a label.
        """
        n_holding = _sum_by_rule(votes)
        label_column = labels[:, None]
        is_right = label_column == self._section_of_rule
        right_votes = votes.multiply(is_right)
        n_right = _sum_by_rule(right_votes)
        n_others = len(self.classes_) - 1
        relative_rarity = rarity / rarity.mean()
        odds_against = n_others * np.exp(-relative_rarity)
        chance = 1 / (1 + odds_against)
        expected = np.clip(chance, *_EXPECTED_ACCURACY)
        prior_right = _PRIOR_ARTICLES * expected
        expected_right = n_right + prior_right
        accuracy = expected_right / (n_holding + _PRIOR_ARTICLES)
        odds = accuracy / (1 - accuracy)
        expected_odds = expected / (1 - expected)
        log_odds = np.log(odds * n_others)
        expected_log_odds = np.log(expected_odds * n_others)
        drawn = rarity * log_odds / expected_log_odds
        self.weights_ = np.maximum(drawn, 0.0)
        self.accuracy_ = []
        for right, holding in zip(n_right, n_holding, strict=True):
            rule_accuracy = float(right / holding) if holding else None
            self.accuracy_.append(rule_accuracy)

    def scores(self, votes: sparse.csr_matrix) -> NDArray[np.float64]:
        """Return n × n_classes sums of the votes' weights, over the root of how many rules hold.

        The root, because votes pile up in long articles.
        """
        return score_votes(votes, self.weights_, self._section_of_rule)

    def predict_proba(self, votes: sparse.csr_matrix) -> NDArray[np.float64]:
        """Return n × n_classes shares of belief; equal ones where no rule holds.

        Rows sum to 1; they are no calibrated probabilities.
        """
        scores = self.scores(votes)
        proba: NDArray[np.float64] = special.softmax(scores, axis=1)
        return proba

    def predict(self, votes: sparse.csr_matrix, at_least: float = 0.0) -> NDArray[Any]:
        """Return the likeliest section of every article.

        "" where no rule holds, two are equal, or its belief is below *at_least*.
        """
        proba = self.predict_proba(votes)
        best = proba.argmax(axis=1)
        likeliest = self.classes_[best]
        ranked = np.sort(proba, axis=1)
        second, first = ranked[:, -2:].T
        is_untied = first > second + _TIE
        is_certain = is_untied & (first >= at_least)
        return np.where(is_certain, likeliest, _NO_LABEL)

    def figures(self, votes: sparse.csr_matrix) -> list[RuleFigures]:
        """Return the figures of every rule, in the rules' order."""
        predicted = self.predict(votes)
        n_articles = votes.shape[0]
        by_rule = votes.tocsc()
        figures = []
        for k, rule in enumerate(self.rules.rules):
            begin, end = by_rule.indptr[k : k + 2]
            rows = by_rule.indices[begin:end]
            rule_figures = RuleFigures(
                name=rule.title,
                section=rule.section,
                articles=rows.size,
                coverage=rows.size / n_articles,
                conflict=_conflict(predicted[rows], rule.section),
                accuracy=self.accuracy_[k],
                weight=float(self.weights_[k]),
            )
            figures.append(rule_figures)
        return figures


def _conflict(labels: NDArray[Any], section: str) -> float:
    """Return the share of labels that are another section than a rule's; 0 where there is none."""
    if not labels.size:
        return 0.0
    is_other = (labels != section) & (labels != _NO_LABEL)
    return float(np.mean(is_other))


def _sum_by_rule(votes: sparse.csr_matrix) -> NDArray[np.float64]:
    """Return n_rules sums of n_articles × n_rules votes."""
    sums = votes.sum(axis=0)
    return np.asarray(sums, dtype=np.float64).ravel()


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
    n_sections = section_of_rule.max() + 1
    cells = (np.arange(n_rules), section_of_rule)
    table = sparse.csr_matrix(
        (weights, cells),
        shape=(n_rules, n_sections),
    )
    weighted = votes @ table
    sums = np.asarray(weighted.todense(), dtype=np.float64)
    n_holding = np.asarray(votes.sum(axis=1), dtype=np.float64)
    n_holding = np.maximum(n_holding, 1)
    roots = np.sqrt(n_holding)
    return sums / roots.reshape(-1, 1)
