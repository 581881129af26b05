"""Train a section classifier: articles → classifier → figures, as steps on one object.

Nothing is written here; what is returned becomes a run in ``runs``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from research.articles.article import Article
from research.articles.near_duplicates import near_duplicates
from research.articles.problems import Problems
from research.articles.splits import split_by_date, split_by_days
from research.config import CorpusConfig, RulesConfig, SectionsExperiment, SplitConfig
from research.errors import InputError
from research.files import Progress, report_progress
from research.runs import SectionsResult
from research.runs.figures import SectionsFigures
from research.runs.rows import Prediction, SuspectLabel
from research.sections import metrics
from research.sections.classifier import SectionClassifier
from research.sections.rules import LabelModel, read_rules
from research.sections.study import ablation, drift, learning_curve
from research.text.counts import learn_article_vectors
from research.text.segmenter import Segmenter
from research.text.word_vectors import WordVectors
from research.training.inputs import build_segmenter, predict_in_batches, read_articles, watched
from research.training.labelled import LabelledArticles, SectionsData
from research.training.reading import bad_rows, reading_figures
from research.training.rule_labels import RuleLabels

_MAX_EXPLAINED = 200  # Mistakes with words: a report shows fewer, and a person reads fewer still.
_WORDS_PER_MISTAKE = 5
_DEFAULT_TEST_SHARE = 0.25


class Tested(NamedTuple):
    """Articles that figures are computed from, with probabilities and the likeliest section."""

    articles: Sequence[Article]
    proba: NDArray[np.float64]
    predicted: list[str]

    @property
    def truth(self) -> list[str]:
        """The section of every article."""
        return [article.section or "" for article in self.articles]


@dataclass(frozen=True)
class SectionsTraining:
    """The training of one experiment; its paths are relative to *base*."""

    config: SectionsExperiment
    base: Path
    progress: Progress | None = None
    problems: Problems = field(default_factory=Problems)

    def run(self) -> SectionsResult:
        """Read the articles, fit the classifier and describe it."""
        data = self.read()
        data = self.label_by_rules(data)
        data = self.drop_near_duplicates(data)
        model = self.fit(data)
        tested = self.test(model, data)
        suspects = find_suspects(model, data.training)
        return SectionsResult(
            model,
            self.measure(model, data, tested, len(suspects)),
            tuple(describe_predictions(model, tested)),
            suspects,
            data.rules,
            bad_rows(self.problems, self.base),
        )

    def read(self) -> SectionsData:
        """Read the corpora, and divide the main one into training and test articles."""
        config = self.config
        articles = self._read_main_corpus()
        training, tested = LabelledArticles(), None
        if config.split is not None:
            rows, test_rows = _split(articles, config.split, config.seed)
            training = training.plus([articles[i] for i in rows], 1.0, typical=True)
            tested = [articles[i] for i in test_rows]
        else:
            labelled = [article for article in articles if article.section]
            training = training.plus(labelled, 1.0, typical=True)
            tested = None if config.test is None else self._read_labelled(config.test)
        for corpus in config.also:
            training = training.plus(self._read_labelled(corpus), corpus.weight, typical=False)
        unlabelled = [article for article in articles if not article.section]
        for other in config.unlabelled:
            unlabelled += self._read_unlabelled(other)
        return SectionsData(training, tested, unlabelled)

    def label_by_rules(self, data: SectionsData) -> SectionsData:
        """Add the articles that the experiment's rules are surest of to the training articles."""
        rules_config = self.config.rules
        if rules_config is None:
            return data
        if not data.unlabelled:
            raise InputError(
                "[rules] found every article labelled; take [rules] out, or give [[unlabelled]] "
                "articles"
            )
        labels = self._apply_rules(rules_config, data)
        articles = labels.surest(data.unlabelled, rules_config.most)
        typical = not any(data.training.typical)
        training = data.training.plus(articles, rules_config.weight, typical)
        coverage = labels.coverage(articles)
        return replace(data, training=training, coverage=coverage, rules=labels.figures)

    def drop_near_duplicates(self, data: SectionsData) -> SectionsData:
        """Leave out the training articles that nearly repeat a test article.

        Raises InputError where the experiment refuses them, or none is left.
        """
        if data.tested is None:
            return data
        split = self.config.split
        rule = "drop" if split is None else split.near_duplicates
        positions = self._near_duplicates(data.training.articles, data.tested, rule)
        training = data.training.without(positions)
        if not training.articles:
            raise InputError(
                "every training article nearly repeats a test article; give another [test] or "
                "[split]"
            )
        return replace(data, training=training, near_duplicates_dropped=len(positions))

    def fit(self, data: SectionsData) -> SectionClassifier:
        """Fit the classifier."""
        training = data.training
        segmenter = build_segmenter(self.config.tokens, self.base, training.articles, self.progress)
        model = self._build(segmenter, self._learn_vectors(data, segmenter))
        stage = f"training on {len(training.articles)} articles"
        report_progress(self.progress, stage, 0, 1)
        model.fit(training.articles, training.sections, training.weights, training.typical)
        report_progress(self.progress, stage, 1, 1)
        return model

    def test(self, model: SectionClassifier, data: SectionsData) -> Tested:
        """Predict the test articles; without any, use the cross-validation of the training."""
        if data.tested is not None:
            articles = data.tested
            proba = predict_in_batches(model, articles, self.progress)
        elif model.out_of_fold_ is not None:
            articles, proba = data.training.articles, model.out_of_fold_
        else:
            raise InputError("a section has one article only; widen the rules, or give [test]")
        predicted = model.classes_[proba.argmax(axis=1)].tolist()
        return Tested(articles, proba, predicted)

    def measure(
        self, model: SectionClassifier, data: SectionsData, tested: Tested, n_suspects: int
    ) -> SectionsFigures:
        """Return the figures of a model."""
        truth, predicted, proba = tested.truth, tested.predicted, tested.proba
        sure = model.is_sure(proba, tested.articles)
        names = model.classes_.tolist()
        figures = {
            "task": "sections",
            "train_articles": len(data.training.articles),
            "test_articles": 0 if data.tested is None else len(data.tested),
            "unlabelled_articles": len(data.unlabelled),
            "near_duplicates_dropped": data.near_duplicates_dropped,
            "rules": data.coverage,
            **metrics.section_figures(truth, predicted, proba, names),
            "sure": metrics.sure_figures(truth, predicted, sure, model.precision),
            "suspect_labels": n_suspects,
            "drift": drift(model, tested.articles, proba),
            **reading_figures(self.problems, data.articles, self.base),
        }
        if data.tested is not None and model.out_of_fold_ is not None:
            proba = model.out_of_fold_
            figures["cross_validated"] = _cross_validated(model, data.training, proba)
        if self.config.study.learning_curve and data.tested is not None:
            figures["learning_curve"] = self._learning_curve(model, data.training, tested)
        if self.config.study.ablation:
            figures["ablation"] = self._ablation(model, data.training)
        return SectionsFigures.model_validate(figures)

    def _read_main_corpus(self) -> list[Article]:
        config = self.config
        return read_articles(
            config.corpus,
            self.base,
            self.progress,
            sections=config.sections,
            require_date=config.split is not None,
            require_section=config.rules is None,
            problems=self.problems,
        )

    def _read_labelled(self, corpus: CorpusConfig) -> list[Article]:
        return read_articles(
            corpus,
            self.base,
            self.progress,
            sections=self.config.sections,
            problems=self.problems,
        )

    def _read_unlabelled(self, corpus: CorpusConfig) -> list[Article]:
        return read_articles(
            corpus,
            self.base,
            self.progress,
            sections=None,
            require_section=False,
            problems=self.problems,
        )

    def _apply_rules(self, config: RulesConfig, data: SectionsData) -> RuleLabels:
        paths = [self.base / name for name in config.files]
        rules = read_rules(paths, self.config.sections)
        labelled = data.training.articles
        articles = [*labelled, *data.unlabelled]
        votes = rules.votes(watched(articles, "rules", self.progress))
        model = LabelModel(rules, self.config.sections)
        model.fit(votes, [article.section for article in articles])
        return RuleLabels.predict(model, votes, votes[len(labelled) :])

    def _near_duplicates(
        self,
        articles: Sequence[Article],
        tested: Sequence[Article],
        rule: Literal["drop", "refuse"],
    ) -> set[int]:
        """Return which articles nearly repeat a test article; raise InputError if none may."""
        texts = [article.text for article in articles]
        test_texts = [article.text for article in tested]
        pairs = near_duplicates(texts, test_texts, progress=self.progress)
        if pairs and rule == "refuse":
            pair = pairs[0]
            raise InputError(
                f"{len(pairs)} training articles nearly repeat a test article, such as "
                f"{articles[pair.left].id} and {tested[pair.right].id} (similarity "
                f'{pair.similarity}); take one out, or set split.near_duplicates = "drop"'
            )
        return {pair.left for pair in pairs}

    def _learn_vectors(self, data: SectionsData, segmenter: Segmenter) -> WordVectors | None:
        """Learn word vectors from all articles, where a block of features needs them."""
        if all(block.kind != "vectors" for block in self.config.features):
            return None
        articles = [*data.training.articles, *data.unlabelled]
        seen = watched(articles, "segmenting", self.progress)
        return learn_article_vectors(seen, segmenter, self.progress)

    def _build(self, segmenter: Segmenter, vectors: WordVectors | None) -> SectionClassifier:
        settings = self.config.classifier
        features = [block.relative_to(self.base) for block in self.config.features]
        return SectionClassifier(
            features,
            segmenter,
            vectors,
            kind=settings.kind,
            C=settings.C,
            precision=settings.precision,
            random_state=self.config.seed,
        )

    def _learning_curve(
        self, model: SectionClassifier, training: LabelledArticles, tested: Tested
    ) -> list[dict[str, Any]]:
        return learning_curve(
            model,
            training.articles,
            training.sections,
            training.weights,
            tested.articles,
            tested.truth,
            self.progress,
        )

    def _ablation(
        self, model: SectionClassifier, training: LabelledArticles
    ) -> list[dict[str, Any]]:
        return ablation(
            model,
            training.articles,
            training.sections,
            training.weights,
            training.typical,
            self.progress,
        )


def _split(
    articles: Sequence[Article], split: SplitConfig, seed: int
) -> tuple[list[int], list[int]]:
    """Return the positions of training and test articles."""
    if split.test_from is not None:
        return split_by_date(articles, split.test_from)
    return split_by_days(articles, split.test_share or _DEFAULT_TEST_SHARE, seed)


def _cross_validated(
    model: SectionClassifier, training: LabelledArticles, out_of_fold: NDArray[np.float64]
) -> dict[str, Any]:
    """Return macro-F1 of the training articles that are like those to be labelled."""
    rows = np.flatnonzero(training.typical)
    proba = out_of_fold[rows]
    truth = [training.sections[row] for row in rows]
    predicted = model.classes_[proba.argmax(axis=1)].tolist()
    figures = metrics.section_figures(truth, predicted, proba, model.classes_.tolist())
    return {
        "articles": len(truth),
        "macro_f1": figures["macro_f1"],
        "interval": figures["macro_f1_interval"],
    }


def find_suspects(model: SectionClassifier, training: LabelledArticles) -> tuple[SuspectLabel, ...]:
    """Return the labels that look wrong to models that did not learn from them."""
    if model.out_of_fold_ is None:
        return ()
    names = model.classes_.tolist()
    suspects = metrics.suspect_labels(training.sections, model.out_of_fold_, names)
    return tuple(_describe_suspect(suspect, training.articles) for suspect in suspects)


def _describe_suspect(suspect: metrics.Suspect, articles: Sequence[Article]) -> SuspectLabel:
    facts = _facts(articles[suspect.position])
    return SuspectLabel(*facts, suspect.suggested, suspect.p_given, suspect.p_suggested)


def _facts(article: Article) -> tuple[str, str | None, str, str | None]:
    """Return what tables of articles name: id, date, headline and section."""
    return article.id, article.date, article.headline, article.section


def describe_predictions(model: SectionClassifier, tested: Tested) -> Iterator[Prediction]:
    """Yield the test articles with what was predicted, and the words behind mistakes."""
    n_explained = 0
    names = model.classes_.tolist()
    sure = model.is_sure(tested.proba, tested.articles).tolist()
    for i, article in enumerate(tested.articles):
        predicted = tested.predicted[i]
        is_mistaken = predicted != article.section and article.section in names
        words = ""
        if is_mistaken and n_explained < _MAX_EXPLAINED:
            words = _words_behind(model, article, predicted)
            n_explained += 1
        proba = dict(zip(names, tested.proba[i].tolist(), strict=True))
        yield Prediction(*_facts(article), predicted, sure[i], words, proba)


def _words_behind(model: SectionClassifier, article: Article, predicted: str) -> str:
    """Return the words that speak most for a wrong section and against the right one."""
    contributions = model.explain(article, predicted, article.section).words
    words = (word for word, value in contributions if value > 0 and len(word) > 1)
    return " ".join(islice(words, _WORDS_PER_MISTAKE))
