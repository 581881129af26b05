"""What a section model owes to its articles and features, what to label next, and whether new pages are still what it was trained on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, islice, zip_longest
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

_HALVINGS = 5
_LEAST = 40
_UNKNOWN = 20
_ALIKE = 0.5
_BATCH = 1000


def learning_curve(
    model: SectionClassifier,
    articles: Sequence[Article],
    sections: Sequence[str],
    weights: Sequence[float],
    tested: Sequence[Article],
    truth: Sequence[str],
    progress: Progress | None = None,
) -> list[dict[str, Any]]:
    """Fit *model* anew on halves, quarters, … of the training articles; return rows of ``articles``, ``macro_f1`` and its 95 % interval.

    Smaller parts lie within larger ones, drawn by the model's own seed. Does the curve still climb, more labels will help.
    """
    order = np.random.default_rng(model.random_state).permutation(len(articles))
    sizes = [
        len(articles) // 2**n for n in range(_HALVINGS) if n == 0 or len(articles) // 2**n >= _LEAST
    ]
    rows = []
    for done, size in enumerate(sorted(sizes), 1):
        part = np.sort(order[:size])
        chosen = [sections[i] for i in part]
        if len(set(chosen)) < len(set(sections)):
            continue
        fit = clone(model).fit([articles[i] for i in part], chosen, [weights[i] for i in part])
        value, interval = macro_f1(truth, fit.predict(tested).tolist())
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
    """Fit *model* with all blocks of features, then without each, and compare by cross-validation on the *typical* articles.

    Rows hold ``without``, ``macro_f1``, ``change`` and its 95 % ``interval`` (bootstrap over articles, the same ones on both sides).
    A block whose interval lies below 0 earns its place.
    """
    counted = [i for i, like in enumerate(typical) if like]
    truth = [sections[i] for i in counted]
    blocks = check_features(model.features)
    said: list[list[str]] = []
    for left_out in range(-1, len(blocks)):
        kept = [block for k, block in enumerate(blocks) if k != left_out]
        if kept:
            fit = clone(model).set_params(features=kept).fit(articles, sections, weights, typical)
            if fit.out_of_fold_ is None:
                return []
            said.append(fit.classes_[fit.out_of_fold_[counted].argmax(axis=1)].tolist())
        if progress:
            progress("ablation", left_out + 2, len(blocks) + 1)
    rows: list[dict[str, Any]] = [{"without": "", "macro_f1": macro_f1(truth, said[0])[0]}]
    for block, without in zip(blocks, said[1:], strict=False):
        change, interval = macro_f1_change(truth, said[0], without)
        rows.append(
            {
                "without": block.title,
                "macro_f1": macro_f1(truth, without)[0],
                "change": change,
                "interval": interval,
            }
        )
    return rows


def drift(
    model: SectionClassifier, articles: Sequence[Text], proba: NDArray[np.float64] | None = None
) -> dict[str, Any]:
    """Say how far *articles* are from what the model was trained on, in figures to hold beside those of its test articles.

    ``unknown_terms``: mean share of an article's n-grams that training never saw; ``mean_probability`` of the likeliest section, which is
    also the share of right labels that the model expects; ``share_sure``; ``mix``, the sections' shares as labelled; ``unknown_words``,
    the commonest words that no feature knows, with the number of articles.
    """
    articles = list(articles)
    proba = model.predict_proba(articles) if proba is None else proba
    said = proba.argmax(axis=1)
    unknown, words = model.features_.unknown(articles)
    commonest = sorted(words.items(), key=lambda entry: (-entry[1], entry[0]))
    return {
        "articles": len(articles),
        "unknown_terms": round(float(np.mean(unknown)), 4),
        "mean_probability": round(float(proba.max(axis=1).mean()), 4),
        "share_sure": round(float(model.is_sure(proba).mean()), 4),
        "mix": {
            str(name): round(float((said == k).mean()), 4) for k, name in enumerate(model.classes_)
        },
        "unknown_words": [[word, n] for word, n in commonest[:_UNKNOWN]],
    }


class Suggestion(NamedTuple):
    """An article to label next, by its *position*: the model wavers between *section* and *rival*, so far apart in probability."""

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
    wavering: dict[str, list[Suggestion]] = {}
    for start in range(0, len(articles), _BATCH):
        proba = model.predict_proba(articles[start : start + _BATCH])
        best = np.argsort(-proba, axis=1, kind="stable")[:, :2]
        for position, (row, (first, second)) in enumerate(zip(proba, best, strict=True), start):
            found = Suggestion(
                position,
                str(model.classes_[first]),
                str(model.classes_[second]),
                float(row[first] - row[second]),
            )
            wavering.setdefault(found.section, []).append(found)
        if progress:
            progress("reading", min(start + _BATCH, len(articles)), len(articles))
    queues = [
        sorted(wavering[section], key=lambda found: found.margin) for section in sorted(wavering)
    ]
    queue = [found for found in chain.from_iterable(zip_longest(*queues)) if found]
    chosen: list[Suggestion] = []
    wanted = n
    while len(chosen) < min(n, len(queue)) and wanted < 2 * len(queue):
        wanted *= 2
        front = queue[:wanted]
        texts = [articles[found.position].text for found in front]
        repeats = {
            pair.right for pair in near_duplicates(texts, texts, _ALIKE) if pair.left < pair.right
        }
        chosen = list(islice((found for i, found in enumerate(front) if i not in repeats), n))
    return chosen
