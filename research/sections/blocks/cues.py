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

    def _take(self, rules: Rules) -> None:
        self.rules = rules
        self.sections = tuple(dict.fromkeys(rules.sections))
        self.section_of_rule = np.array([self.sections.index(name) for name in rules.sections])

    @property
    def view(self) -> View:
        return View("all", None, "articles")

    @property
    def names(self) -> Sequence[str]:
        return self.sections

    def fit_transform(self, view: Sequence[Text], y: Sequence[str] | None) -> sparse.csr_matrix:
        self._take(_read(self.config))
        votes = self.rules.votes(view)
        model = LabelModel(self.rules, self.sections).fit(votes)
        length = np.sqrt(np.mean(np.sum(model.scores(votes) ** 2, axis=1)))
        self.rule_weights = (model.weights_ / (length or 1.0)).astype(np.float32)
        return self._score(votes)

    def transform(self, view: Sequence[Text]) -> sparse.csr_matrix:
        return self._score(self.rules.votes(view))

    def _score(self, votes: sparse.csr_matrix) -> sparse.csr_matrix:
        scores = score_votes(votes, self.rule_weights, self.section_of_rule)
        return sparse.csr_matrix(scores.astype(np.float32))

    def spread(self, text: ArticleText, weights: NDArray[np.float64]) -> None:
        holding = self.rules.votes([text.article]).indices
        section_weights = (weights * self.config.weight)[self.section_of_rule[holding]]
        root = np.sqrt(max(len(holding), 1))
        values = self.rule_weights[holding] * section_weights / root
        contributions = dict(zip(holding.tolist(), values.tolist(), strict=True))
        occurrences = []
        for rule, part, begin, end in self.rules.places(text.article):
            start = text.start_of(part)
            occurrences.append((rule, start + begin, start + end))
        text.lay(contributions, occurrences)

    def state(self) -> tuple[dict[str, Any], Arrays]:
        facts = {"rules": [rule.model_dump() for rule in self.rules.rules]}
        return facts, {"cues": self.rule_weights}

    def restore(self, facts: dict[str, Any], arrays: Arrays) -> None:
        rules = check_values(tuple[RuleConfig, ...], facts["rules"], "rules")
        self._take(Rules(rules))
        self.rule_weights = arrays["cues"]


def _read(config: CuesConfig) -> Rules:
    if not config.files:
        raise InputError('features of kind cues need rules; give files = ["cues.toml"]')
    return read_rules(config.files, sections=None)
