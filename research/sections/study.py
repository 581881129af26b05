"""Studies of a section model: how it depends on articles and features, what to label next, drift."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone

from research.articles.article import Article, Text
from research.articles.near_duplicates import near_duplicates
from research.config import check_features
from research.files import Progress
from research.sections.classifier import SectionClassifier
from research.sections.metrics import macro_f1, macro_f1_change

_PARTS = 5  # All articles, a half, … a sixteenth.
_MIN_ARTICLES = 40  # Of a part.
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
    order = np.random.default_rng(model.random_state).permutation(len(articles))
    halves = [len(articles) // 2**n for n in range(1, _PARTS)]
    sizes = [len(articles), *(size for size in halves if size >= _MIN_ARTICLES)]
    rows = []
    for done, size in enumerate(sorted(sizes), 1):
        part = np.sort(order[:size])
        chosen = [sections[i] for i in part]
        if len(set(chosen)) < len(set(sections)):
            continue
        part_model = clone(model)
        part_model.fit([articles[i] for i in part], chosen, [weights[i] for i in part])
        value, interval = macro_f1(truth, part_model.predict(tested).tolist())
        rows.append({"articles": size, "macro_f1": value, "interval": interval})
        if progress:
            progress("learning curve", done, len(sizes))
    return rows


def ablation(
    model: SectionClassifier,
    articles: Sequence[Article],
    sections: Sequence[str],
    weights: Sequence[float],
    typical: Sequence[bool],
    progress: Progress | None = None,
) -> list[dict[str, Any]]:
    """Fit *model* with all blocks of features, then without each, and compare.

    Figures are of cross-validation on the *typical* articles; the other parameters are those of
    ``fit``. Rows have ``without``, ``macro_f1``, ``change`` and its 95 % ``interval`` (paired
    bootstrap over articles). A block whose interval lies below 0 improves the model.
    """
    rows_of_typical = [i for i, is_typical in enumerate(typical) if is_typical]
    truth = [sections[i] for i in rows_of_typical]
    blocks = check_features(model.features)
    predictions: list[list[str]] = []
    for left_out in range(-1, len(blocks)):
        others = [block for k, block in enumerate(blocks) if k != left_out]
        if others:
            part = clone(model).set_params(features=others)
            part.fit(articles, sections, weights, typical)
            if part.out_of_fold_ is None:
                return []
            best = part.out_of_fold_[rows_of_typical].argmax(axis=1)
            predictions.append(part.classes_[best].tolist())
        if progress:
            progress("ablation", left_out + 2, len(blocks) + 1)
    whole, *without = predictions
    rows: list[dict[str, Any]] = [{"without": "", "macro_f1": macro_f1(truth, whole)[0]}]
    for block, predicted in zip(blocks, without, strict=False):
        change, interval = macro_f1_change(truth, whole, predicted)
        rows.append(
            {
                "without": block.title,
                "macro_f1": macro_f1(truth, predicted)[0],
                "change": change,
                "interval": interval,
            }
        )
    return rows


def drift(
    model: SectionClassifier, articles: Sequence[Text], proba: NDArray[np.float64] | None = None
) -> dict[str, Any]:
    """Return how far *articles* are from what the model was trained on.

    The figures are to be compared with those of its test articles. ``unknown_terms``: mean share of
    an article's n-grams that training never saw; ``mean_probability`` of the likeliest section,
    which is also the share of right labels that the model expects; ``share_sure``; ``mix``, the
    sections' shares as labelled; ``unknown_words``, the commonest words that no feature knows, with
    their numbers of articles.
    """
    articles = list(articles)
    proba = model.predict_proba(articles) if proba is None else proba
    predicted = proba.argmax(axis=1)
    unknown, words = model.features_.unknown(articles)
    commonest = sorted(words.items(), key=lambda entry: (-entry[1], entry[0]))
    return {
        "articles": len(articles),
        "unknown_terms": round(float(np.mean(unknown)), 4),
        "mean_probability": round(float(proba.max(axis=1).mean()), 4),
        "share_sure": round(float(model.is_sure(proba).mean()), 4),
        "mix": {
            str(name): round(float((predicted == k).mean()), 4)
            for k, name in enumerate(model.classes_)
        },
        "unknown_words": [[word, n] for word, n in commonest[:_MAX_UNKNOWN_WORDS]],
    }


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
    """Choose *n* articles whose labels would teach *model* most: of every section in turn, those that it can hardly tell from another.

    Uncertainty sampling by margin (Scheffer, Decomain & Wrobel 2001). The sections take turns so that none is forgotten, and of
    articles with much text in common the first is taken only. Fewer than *n* where there are no more.
    """
    undecided: dict[str, list[Suggestion]] = {}
    for start in range(0, len(articles), _ARTICLES_AT_A_TIME):
        batch = articles[start : start + _ARTICLES_AT_A_TIME]
        for suggestion in _two_best(model, batch, start):
            undecided.setdefault(suggestion.section, []).append(suggestion)
        if progress:
            progress("reading", start + len(batch), len(articles))
    queue = _in_turn([undecided[section] for section in sorted(undecided)])
    chosen: list[Suggestion] = []
    n_read = n
    while len(chosen) < min(n, len(queue)) and n_read < 2 * len(queue):
        n_read *= 2
        chosen = _without_near_duplicates(queue[:n_read], articles)[:n]
    return chosen


def _two_best(
    model: SectionClassifier, articles: Sequence[Article], start: int
) -> Iterator[Suggestion]:
    """Yield each article's two likeliest sections; positions count from *start*."""
    proba = model.predict_proba(articles)
    best = np.argsort(-proba, axis=1, kind="stable")[:, :2]
    for position, (row, (first, second)) in enumerate(zip(proba, best, strict=True), start):
        margin = float(row[first] - row[second])
        section, rival = str(model.classes_[first]), str(model.classes_[second])
        yield Suggestion(position, section, rival, margin)


def _in_turn(lists: Sequence[list[Suggestion]]) -> list[Suggestion]:
    """Return suggestions of every list in turn, those of the smallest margin first."""
    queues = [
        sorted(suggestions, key=lambda suggestion: suggestion.margin) for suggestions in lists
    ]
    turns = chain.from_iterable(zip_longest(*queues))
    return [suggestion for suggestion in turns if suggestion]


def _without_near_duplicates(
    suggestions: Sequence[Suggestion], articles: Sequence[Article]
) -> list[Suggestion]:
    """Return suggestions without those whose text is much like an earlier one's."""
    texts = [articles[suggestion.position].text for suggestion in suggestions]
    pairs = near_duplicates(texts, texts, _MIN_SIMILARITY)
    later = {pair.right for pair in pairs if pair.left < pair.right}
    return [suggestion for i, suggestion in enumerate(suggestions) if i not in later]
