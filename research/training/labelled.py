"""Articles with sections, as training divides them. No file is read here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from research.articles.article import Article
from research.runs.figures import RuleCoverage
from research.sections.rules import RuleFigures


@dataclass(frozen=True)
class LabelledArticles:
    """Articles with sections.

    Attributes
    ----------
    articles : list[Article]
        The articles.
    weights : list[float]
        How much each counts in training.
    typical : list[bool]
        Which are of the main corpus, labelled by hand: probabilities are found on these.
    """

    articles: list[Article] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    typical: list[bool] = field(default_factory=list)

    def plus(self, articles: Sequence[Article], weight: float, typical: bool) -> LabelledArticles:
        """Return these and more articles."""
        more = LabelledArticles(
            articles=list(articles),
            weights=[weight] * len(articles),
            typical=[typical] * len(articles),
        )
        return LabelledArticles(
            articles=self.articles + more.articles,
            weights=self.weights + more.weights,
            typical=self.typical + more.typical,
        )

    def without(self, positions: set[int]) -> LabelledArticles:
        """Return all but the articles at some positions."""
        n_articles = len(self.articles)
        rows = [i for i in range(n_articles) if i not in positions]
        return LabelledArticles(
            articles=[self.articles[i] for i in rows],
            weights=[self.weights[i] for i in rows],
            typical=[self.typical[i] for i in rows],
        )

    @property
    def sections(self) -> list[str]:
        """The section of every article."""
        return [article.section or "" for article in self.articles]


@dataclass(frozen=True)
class SectionsData:
    """What was read.

    Attributes
    ----------
    training : LabelledArticles
        What is trained on.
    tested : list[Article] or None
        What is tested on; None where there are labels by rule only.
    unlabelled : list[Article]
        Articles without a section.
    near_duplicates_dropped : int
        Training articles that were left out, as they nearly repeat a test article.
    coverage, rules : RuleCoverage or None, tuple[RuleFigures, ...] or None
        How far labelling rules held, in all and one by one; None without rules.
    """

    training: LabelledArticles
    tested: list[Article] | None
    unlabelled: list[Article]
    near_duplicates_dropped: int = 0
    coverage: RuleCoverage | None = None
    rules: tuple[RuleFigures, ...] | None = None

    @property
    def articles(self) -> list[Article]:
        """All articles that were read and used."""
        return [*self.training.articles, *(self.tested or ()), *self.unlabelled]
