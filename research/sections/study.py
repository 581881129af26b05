"""Studies of a section model: its articles, its features, what to label next, and drift."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone

from research.articles.article import Article, Text
from research.articles.near_duplicates import near_duplicates
from research.config import FeatureConfig, check_features
from research.files import Progress, report_progress
from research.sections.bootstrap import rounded
from research.sections.classifier import SectionClassifier
from research.sections.metrics import macro_f1, macro_f1_change

_N_PARTS = 5  # All articles, a half, … a sixteenth.
_MIN_ARTICLES_PER_PART = 40
_MAX_UNKNOWN_WORDS = 20
_MIN_SIMILARITY = 0.5  # Of texts of which only one need be labelled.
_ARTICLES_AT_A_TIME = 1000


def learning_curve(
    model: SectionClassifier,
    articles: Sequence[Article],
    sections: Sequence[str],
    weights: Sequence[float],
    tested: Sequence[Article],
    truth: Sequence[str],
    progress: Progress | None = None,
) -> list[dict[str, Any]]:
    """Fit *model* anew on halves, quarters, … of the training articles.

    Smaller parts lie within larger ones, drawn with the model's seed. Where the curve still climbs,
    more labels will help.

    Parameters
    ----------
    model
        The classifier; it is not changed.
    articles, sections, weights
        What it is trained on.
    tested, truth
        Articles it is tested on, and their sections.
    progress
        Called after each fit.

    Returns
    -------
    list
        Rows of ``articles``, ``macro_f1`` and its 95 % ``interval``, the smallest part first.
    """
    rng = np.random.default_rng(model.random_state)
    order = rng.permutation(len(articles))
    sizes = _part_sizes(len(articles))
    rows = []
    for done, size in enumerate(sizes, 1):
        part = np.sort(order[:size])
        part_sections = [sections[i] for i in part]
        n_sections = len(set(part_sections))
        if n_sections < len(set(sections)):
            continue
        part_articles = [articles[i] for i in part]
        part_weights = [weights[i] for i in part]
        part_model = clone(model)
        part_model.fit(part_articles, part_sections, part_weights)
        predicted = part_model.predict(tested)
        value, interval = macro_f1(truth, predicted.tolist())
        row = {"articles": size, "macro_f1": value, "interval": interval}
        rows.append(row)
        report_progress(progress, "learning curve", done, len(sizes))
    return rows


def _part_sizes(n_articles: int) -> list[int]:
    """Return the numbers of articles of the parts, the smallest first."""
    sizes = [n_articles]
    for n in range(1, _N_PARTS):
        size = n_articles // 2**n
        if size >= _MIN_ARTICLES_PER_PART:
            sizes.append(size)
    return sorted(sizes)


def ablation(
    model: SectionClassifier,
    articles: Sequence[Article],
    sections: Sequence[str],
    weights: Sequence[float],
    typical: Sequence[bool],
    progress: Progress | None = None,
) -> list[dict[str, Any]]:
    """Fit *model* with all blocks of features, then without each, and compare.

    Figures are of cross-validation on the *typical* articles.

    Parameters
    ----------
    model
        The classifier; it is not changed.
    articles, sections, weights, typical
        What it is trained on, as for ``fit``.
    progress
        Called after each fit.

    Returns
    -------
    list
        Rows of ``without``, ``macro_f1``, ``change`` and its 95 % ``interval`` (paired bootstrap
        over articles). A block whose interval lies below 0 improves the model. Empty where a
        section has one article, since there is no cross-validation then.
    """
    typical_rows = np.flatnonzero(typical).tolist()
    truth = [sections[i] for i in typical_rows]
    blocks = check_features(model.features)
    features = [list(blocks), *_without_each(blocks)]
    predictions: list[list[str]] = []
    for done, part_blocks in enumerate(features, 1):
        if part_blocks:
            part_model = clone(model)
            part_model.set_params(features=part_blocks)
            part_model.fit(articles, sections, weights, typical)
            proba = part_model.out_of_fold_
            if proba is None:
                return []
            best = proba[typical_rows].argmax(axis=1)
            predicted = part_model.classes_[best]
            predictions.append(predicted.tolist())
        report_progress(progress, "ablation", done, len(features))
    return _ablation_rows(blocks, truth, predictions)


def _ablation_rows(
    blocks: Sequence[FeatureConfig], truth: Sequence[str], predictions: Sequence[Sequence[str]]
) -> list[dict[str, Any]]:
    """Return macro-F1 with all blocks, which are predicted with first, then without each."""
    whole, *others = predictions
    value, _ = macro_f1(truth, whole)
    rows: list[dict[str, Any]] = [{"without": "", "macro_f1": value}]
    # The only block has no row: nothing is left without it.
    for block, without in zip(blocks, others, strict=False):
        value, _ = macro_f1(truth, without)
        change, interval = macro_f1_change(truth, whole, without)
        row = {
            "without": block.title,
            "macro_f1": value,
            "change": change,
            "interval": interval,
        }
        rows.append(row)
    return rows


def _without_each(blocks: Sequence[FeatureConfig]) -> Iterator[list[FeatureConfig]]:
    """Yield all blocks but the first, all but the second, …"""
    for number in range(len(blocks)):
        before = blocks[:number]
        after = blocks[number + 1 :]
        yield [*before, *after]


def drift(
    model: SectionClassifier, articles: Sequence[Text], proba: NDArray[np.float64] | None = None
) -> dict[str, Any]:
    """Return how far *articles* are from what the model was trained on.

    The figures are to be compared with those of its test articles.

    Parameters
    ----------
    model
        A fitted classifier.
    articles
        n articles or texts.
    proba
        n × n_sections probabilities, where they are known already.

    Returns
    -------
    dict
        ``articles``, their number; ``unknown_terms``, mean share of an article's n-grams that
        training never saw; ``mean_probability`` of the likeliest section, which is also the share
        of right labels that the model expects; ``share_sure``; ``mix``, the sections' shares as
        labelled; ``unknown_words``, the commonest words that no feature knows, with their numbers
        of articles.
    """
    articles = list(articles)
    if proba is None:
        proba = model.predict_proba(articles)
    predicted = proba.argmax(axis=1)
    mix = {}
    for k, name in enumerate(model.classes_):
        is_labelled = predicted == k
        mix[str(name)] = _mean(is_labelled)
    unknown, words = model.features_.unknown(articles)
    # Words of equally many articles are in the order of their characters.
    commonest = sorted(words.items(), key=lambda entry: (-entry[1], entry[0]))
    probabilities = proba.max(axis=1)
    is_sure = model.is_sure(proba, articles)
    return {
        "articles": len(articles),
        "unknown_terms": _mean(unknown),
        "mean_probability": _mean(probabilities),
        "share_sure": _mean(is_sure),
        "mix": mix,
        "unknown_words": [[word, n] for word, n in commonest[:_MAX_UNKNOWN_WORDS]],
    }


def _mean(values: NDArray[Any] | Sequence[float]) -> float:
    """Return the mean of numbers, rounded to what is reported."""
    mean = np.mean(values)
    return rounded(mean)


class Suggestion(NamedTuple):
    """An article to label next, by its *position*.

    The model is undecided between *section* and *rival*, whose probabilities differ by *margin*.
    """

    position: int
    section: str
    rival: str
    margin: float


def suggest(
    model: SectionClassifier, articles: Sequence[Article], n: int, progress: Progress | None = None
) -> list[Suggestion]:
    """Choose articles whose labels would improve *model* most.

    They are those of every section in turn whose likeliest section is hardly likelier than the
    next: uncertainty sampling by margin (Scheffer, Decomain & Wrobel 2001). The sections take turns
    so that none is left out, and of near-duplicates only the first is chosen.

    Parameters
    ----------
    model
        A fitted classifier.
    articles
        Articles without a section.
    n
        How many to choose.
    progress
        Called after some articles at a time.

    Returns
    -------
    list
        *n* suggestions, or fewer where there are no more.
    """
    undecided: dict[str, list[Suggestion]] = {}
    for start in range(0, len(articles), _ARTICLES_AT_A_TIME):
        end = start + _ARTICLES_AT_A_TIME
        batch = articles[start:end]
        for suggestion in _two_best(model, batch, start):
            section_suggestions = undecided.setdefault(suggestion.section, [])
            section_suggestions.append(suggestion)
        done = start + len(batch)
        report_progress(progress, "reading", done, len(articles))
    by_section = [undecided[section] for section in sorted(undecided)]
    queue = _in_turn(by_section)
    chosen: list[Suggestion] = []
    n_read = n
    # Comparing texts takes time, so no more of the queue is compared than is needed.
    n_queue = len(queue)
    n_needed = min(n, n_queue)
    while len(chosen) < n_needed and n_read < 2 * n_queue:
        n_read *= 2
        different = _without_near_duplicates(queue[:n_read], articles)
        chosen = different[:n]
    return chosen


def _two_best(
    model: SectionClassifier, articles: Sequence[Article], start: int
) -> Iterator[Suggestion]:
    """Yield each article's two likeliest sections; positions count from *start*."""
    proba = model.predict_proba(articles)
    order = np.argsort(-proba, axis=1, kind="stable")
    best = order[:, :2]
    for i, row in enumerate(proba):
        first, second = best[i]
        margin = row[first] - row[second]
        yield Suggestion(
            position=start + i,
            section=str(model.classes_[first]),
            rival=str(model.classes_[second]),
            margin=float(margin),
        )


def _in_turn(lists: Sequence[list[Suggestion]]) -> list[Suggestion]:
    """Return suggestions of every list in turn, those of the smallest margin first."""
    queues = [sorted(suggestions, key=attrgetter("margin")) for suggestions in lists]
    turns = zip_longest(*queues)
    suggestions = chain.from_iterable(turns)
    return [suggestion for suggestion in suggestions if suggestion]


def _without_near_duplicates(
    suggestions: Sequence[Suggestion], articles: Sequence[Article]
) -> list[Suggestion]:
    """Return suggestions without those whose text is much like an earlier one's."""
    texts = []
    for suggestion in suggestions:
        article = articles[suggestion.position]
        texts.append(article.text)
    pairs = near_duplicates(texts, texts, _MIN_SIMILARITY)
    # Texts are compared with themselves: each pair comes twice, and each text with itself.
    later = {pair.right for pair in pairs if pair.left < pair.right}
    return [suggestion for i, suggestion in enumerate(suggestions) if i not in later]
