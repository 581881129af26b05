"""A section experiment: articles → classifier → figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from research.articles.article import Article
from research.articles.corpus import split_by_date, split_by_days
from research.articles.near_duplicates import near_duplicates
from research.config import SectionsExperiment, SplitConfig
from research.errors import InputError
from research.files import Progress
from research.runs import Draft
from research.sections import metrics
from research.sections.classifier import SectionClassifier
from research.sections.rules import LabelModel, RuleFigures, read_rules
from research.sections.study import ablation, drift, learning_curve
from research.text.counts import learn_article_vectors
from research.training.inputs import build_segmenter, in_batches, read_articles, tell, watched

_EXPLAINED = (
    200  # Mistakes whose words are told: a report shows fewer, and a person reads fewer still.
)
_WORDS_WHY = 5


@dataclass
class _Side:
    """Articles with sections, what each counts, and which are the main corpus's, labelled by hand."""

    articles: list[Article] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    typical: list[bool] = field(default_factory=list)

    def add(self, articles: Sequence[Article], weight: float, typical: bool) -> None:
        self.articles += articles
        self.weights += [weight] * len(articles)
        self.typical += [typical] * len(articles)

    def without(self, places: set[int]) -> _Side:
        kept = [i for i in range(len(self.articles)) if i not in places]
        return _Side(
            [self.articles[i] for i in kept],
            [self.weights[i] for i in kept],
            [self.typical[i] for i in kept],
        )

    @property
    def sections(self) -> list[str]:
        return [article.section or "" for article in self.articles]


def train_sections(
    config: SectionsExperiment, base: Path, draft: Draft, progress: Progress | None
) -> None:
    side, tested, unlabelled, figures = _read_sides(config, base, draft, progress)
    model = _build_model(config, base, side.articles, unlabelled, progress)
    tell(progress, f"training on {len(side.articles)} articles", 0, 1)
    model.fit(side.articles, side.sections, side.weights, side.typical)
    tell(progress, f"training on {len(side.articles)} articles", 1, 1)
    names = model.classes_.tolist()
    if tested is None:
        if model.out_of_fold_ is None:
            raise InputError("a section has one article only; widen the rules, or give [test]")
        tested, proba = side.articles, model.out_of_fold_
    else:
        proba = in_batches(model.predict_proba, tested, "labelling", progress)
    truth = [article.section or "" for article in tested]
    predicted = model.classes_[proba.argmax(axis=1)].tolist()
    figures |= metrics.section_figures(truth, predicted, proba, names)
    figures["sure"] = metrics.sure_figures(truth, predicted, model.is_sure(proba), model.precision)
    suspects = (
        []
        if model.out_of_fold_ is None
        else metrics.suspect_labels(side.sections, model.out_of_fold_, names)
    )
    figures["suspect_labels"] = len(suspects)
    figures["drift"] = drift(model, tested, proba)
    if config.study.learning_curve and tested is not side.articles:
        figures["learning_curve"] = learning_curve(
            model, side.articles, side.sections, side.weights, tested, truth, progress
        )
    if config.study.ablation:
        figures["ablation"] = ablation(
            model, side.articles, side.sections, side.weights, side.typical, progress
        )
    draft.json("figures.json", {"task": "sections", **figures})
    draft.table("suspects.csv", _suspect_rows(suspects, side.articles))
    draft.table("predictions.csv", _prediction_rows(model, tested, predicted, proba))
    facts, arrays = model.state()
    draft.model({"task": "sections", **facts}, arrays)


def _build_model(
    config: SectionsExperiment,
    base: Path,
    articles: Sequence[Article],
    unlabelled: Sequence[Article],
    progress: Progress | None,
) -> SectionClassifier:
    segmenter = build_segmenter(config.tokens, base, articles, progress)
    vectors = None
    if any(block.kind == "vectors" for block in config.features):
        vectors = learn_article_vectors(
            watched([*articles, *unlabelled], "segmenting", progress), segmenter, progress
        )
    settings = config.classifier
    features = [
        block.model_copy(update={"files": tuple(str(base / name) for name in block.files)})
        for block in config.features
    ]
    return SectionClassifier(
        features,
        segmenter,
        vectors,
        kind=settings.kind,
        C=settings.C,
        precision=settings.precision,
        random_state=config.seed,
    )


def _read_sides(
    config: SectionsExperiment, base: Path, draft: Draft, progress: Progress | None
) -> tuple[_Side, list[Article] | None, list[Article], dict[str, Any]]:
    """Read the corpora; return training and test side, unlabelled articles, and figures of what was left out or labelled by rule.

    The test side is None where there are labels by rule only. Training articles that nearly repeat a test article are left out.
    """
    articles = read_articles(
        config.corpus,
        base,
        progress,
        sections=config.sections,
        require_date=config.split is not None,
        require_section=config.rules is None,
    )
    figures: dict[str, Any] = {}
    side = _Side()
    tested: list[Article] | None = None
    rule = "drop"
    if config.split is not None:
        train, test = _split(articles, config.split, config.seed)
        side.add([articles[i] for i in train], 1.0, True)
        tested, rule = [articles[i] for i in test], config.split.near_identical
    else:
        side.add([article for article in articles if article.section], 1.0, True)
        tested = (
            None
            if config.test is None
            else read_articles(config.test, base, progress, sections=config.sections)
        )
    for corpus in config.also:
        side.add(
            read_articles(corpus, base, progress, sections=config.sections), corpus.weight, False
        )
    unlabelled = [article for article in articles if not article.section]
    for more in config.unlabelled:
        unlabelled += read_articles(more, base, progress, sections=None, require_section=False)
    if config.rules is not None:
        by_rule, figures["rules"] = _label_by_rules(config, base, side, unlabelled, draft, progress)
        side.add(by_rule, config.rules.weight, not side.articles)
    if tested is not None:
        twins = _twins(side.articles, tested, rule, progress)
        side = side.without(twins)
        figures["near_identical_dropped"] = len(twins)
        if not side.articles:
            raise InputError(
                "every training article nearly repeats a test article; give another [test] or [split]"
            )
    sizes = {
        "train_articles": len(side.articles),
        "test_articles": 0 if tested is None else len(tested),
        "unlabelled_articles": len(unlabelled),
    }
    return side, tested, unlabelled, sizes | {"near_identical_dropped": 0} | figures


def _twins(
    articles: Sequence[Article], tested: Sequence[Article], rule: str, progress: Progress | None
) -> set[int]:
    """Return which training articles nearly repeat a test article; raise InputError where that is not allowed."""
    pairs = near_duplicates([a.text for a in articles], [a.text for a in tested], progress=progress)
    if pairs and rule == "refuse":
        pair = pairs[0]
        raise InputError(
            f"{len(pairs)} training articles nearly repeat a test article, such as {articles[pair.left].id} and "
            f'{tested[pair.right].id} (similarity {pair.similarity}); take one out, or set split.near_identical = "drop"'
        )
    return {pair.left for pair in pairs}


def _split(
    articles: Sequence[Article], split: SplitConfig, seed: int
) -> tuple[list[int], list[int]]:
    if split.test_from is not None:
        return split_by_date(articles, split.test_from)
    return split_by_days(articles, split.test_share or 0.25, seed)


def _label_by_rules(
    config: SectionsExperiment,
    base: Path,
    side: _Side,
    unlabelled: Sequence[Article],
    draft: Draft,
    progress: Progress | None,
) -> tuple[list[Article], dict[str, Any]]:
    """Return the articles that the rules are surest of, under the sections they give, and how much the rules covered."""
    assert config.rules is not None  # the caller's own check says so
    if not unlabelled:
        raise InputError(
            "[rules] found every article labelled; take [rules] out, or give [[unlabelled]] articles"
        )
    rules = read_rules([base / name for name in config.rules.files], config.sections)
    votes = rules.votes(watched([*side.articles, *unlabelled], "rules", progress))
    model = LabelModel(rules, config.sections).fit(
        votes, [article.section for article in (*side.articles, *unlabelled)]
    )
    new = votes[len(side.articles) :]
    said, sure = model.predict(new), model.predict_proba(new).max(axis=1)
    chosen: list[int] = []
    for name in model.classes_:
        mine = np.flatnonzero(said == name)
        chosen += mine[np.argsort(-sure[mine], kind="stable")][: config.rules.most].tolist()
    if len({said[i] for i in chosen}) < 2:
        raise InputError(
            f"the rules found articles of fewer than two sections among {len(unlabelled)}; widen them"
        )
    draft.table("rules.csv", _rule_rows(model.figures(votes)))
    held = np.asarray(new.sum(axis=1)).ravel()
    covered = {
        "rules": len(rules),
        "covered": round(float((held > 0).mean()), 4),
        "undecided": round(float((said == "").mean()), 4),
    }
    kept = {str(name): sum(said[i] == name for i in chosen) for name in model.classes_}
    return [replace(unlabelled[i], section=str(said[i])) for i in sorted(chosen)], covered | {
        "kept": kept
    }


def _rule_rows(figures: Sequence[RuleFigures]) -> Iterable[Sequence[object]]:
    yield ["rule", "section", "articles", "coverage", "conflict", "accuracy", "weight"]
    for row in sorted(figures, key=lambda row: (-row.articles, row.name)):
        accuracy = "" if row.accuracy is None else f"{row.accuracy:.4f}"
        yield [
            row.name,
            row.section,
            row.articles,
            f"{row.coverage:.4f}",
            f"{row.conflict:.4f}",
            accuracy,
            f"{row.weight:.4f}",
        ]


def _prediction_rows(
    model: SectionClassifier,
    articles: Sequence[Article],
    predicted: Sequence[str],
    proba: NDArray[np.float64],
) -> Iterable[Sequence[object]]:
    yield [
        "id",
        "date",
        "headline",
        "section",
        "predicted",
        "sure",
        "why",
        *(f"p_{name}" for name in model.classes_),
    ]
    explained = 0
    for article, label, sure, row in zip(
        articles, predicted, model.is_sure(proba), proba, strict=True
    ):
        why = ""
        if (
            label != article.section
            and article.section in model.classes_
            and explained < _EXPLAINED
        ):
            explained += 1
            words = model.explain(article, label, article.section).words
            why = " ".join(
                islice((word for word, value in words if value > 0 and len(word) > 1), _WORDS_WHY)
            )
        yield [
            article.id,
            article.date or "",
            article.headline,
            article.section,
            label,
            int(sure),
            why,
            *(f"{p:.4f}" for p in row),
        ]


def _suspect_rows(
    suspects: Sequence[metrics.Suspect], articles: Sequence[Article]
) -> Iterable[Sequence[object]]:
    yield ["id", "date", "headline", "section", "suggested", "p_section", "p_suggested"]
    for place, suggested, p_given, p_suggested in suspects:
        article = articles[place]
        yield [
            article.id,
            article.date or "",
            article.headline,
            article.section,
            suggested,
            f"{p_given:.4f}",
            f"{p_suggested:.4f}",
        ]
