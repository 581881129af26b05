"""Blocks of cues: for each section, the weight of the labelling rules that hold in an article.

Scores of a label model that saw no labels, over their root mean square length in training, so that
a block's weight means what it means for other blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from research.articles.article import Text
from research.config import CuesConfig, RuleConfig
from research.errors import InputError
from research.sections.blocks.block import Arrays, Block
from research.sections.rules import LabelModel, Rules, read_rules, score_votes
from research.sections.views import ArticleText, View
from research.toml import check_values


class CuesBlock(Block[CuesConfig]):
    """Columns are the sections that rules vote for."""

    counts_terms: ClassVar[bool] = False

    def _set_rules(self, rules: Rules) -> None:
        """Set the rules, their sections (the columns), and the column of each rule."""
        self.rules = rules
        self.sections = tuple(dict.fromkeys(rules.sections))
        number = {name: k for k, name in enumerate(self.sections)}
        columns = [number[name] for name in rules.sections]
        self.section_of_rule = np.array(columns)

    @property
    def view(self) -> View:
        return View("all", None, "articles")

    @property
    def names(self) -> Sequence[str]:
        return self.sections

    def fit_transform(self, view: Sequence[Text], y: Sequence[str] | None) -> sparse.csr_matrix:
        rules = _read(self.config)
        self._set_rules(rules)
        votes = self.rules.votes(view)
        model = LabelModel(rules, self.sections)
        model.fit(votes)
        scores = model.scores(votes)
        squared_lengths = np.sum(scores**2, axis=1)
        mean = np.mean(squared_lengths)
        length = np.sqrt(mean)
        scale = length or 1.0
        scaled = model.weights_ / scale
        self.rule_weights = scaled.astype(np.float32)
        return self._score(votes)

    def transform(self, view: Sequence[Text]) -> sparse.csr_matrix:
        votes = self.rules.votes(view)
        return self._score(votes)

    def _score(self, votes: sparse.csr_matrix) -> sparse.csr_matrix:
        scores = score_votes(votes, self.rule_weights, self.section_of_rule)
        scores32 = scores.astype(np.float32)
        return sparse.csr_matrix(scores32)

    def spread(self, text: ArticleText, weights: NDArray[np.float64]) -> None:
        votes = self.rules.votes([text.article])
        holding = votes.indices
        columns = self.section_of_rule[holding]
        block_weights = weights * self.config.weight
        section_weights = block_weights[columns]
        n_holding = len(holding)
        root = np.sqrt(max(n_holding, 1))
        sums = self.rule_weights[holding] * section_weights
        values = sums / root
        pairs = zip(
            holding.tolist(),
            values.tolist(),
            strict=True,
        )
        contributions = dict(pairs)
        occurrences = []
        for rule, part, begin, end in self.rules.places(text.article):
            start = text.start_of(part)
            first = start + begin
            after = start + end
            occurrences.append((rule, first, after))
        text.lay(contributions, occurrences)

    def state(self) -> tuple[dict[str, Any], Arrays]:
        rules = [rule.model_dump() for rule in self.rules.rules]
        facts = {"rules": rules}
        arrays = {"cues": self.rule_weights}
        return facts, arrays

    def restore(self, facts: dict[str, Any], arrays: Arrays) -> None:
        rule_configs = check_values(tuple[RuleConfig, ...], facts["rules"], "rules")
        rules = Rules(rule_configs)
        self._set_rules(rules)
        self.rule_weights = arrays["cues"]


def _read(config: CuesConfig) -> Rules:
    if not config.files:
        raise InputError('features of kind cues need rules; give files = ["cues.toml"]')
    return read_rules(config.files, sections=None)
