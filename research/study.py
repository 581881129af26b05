"""What a section model owes to its articles and features, and whether new pages are still what it was trained on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone

from research.articles import Article, Text
from research.corpus import Progress
from research.features import DENSE
from research.metrics import macro_f1, macro_f1_change
from research.sections import SectionClassifier

_HALVINGS = 5
_LEAST = 40
_UNKNOWN = 20


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
    sizes = [len(articles) // 2**n for n in range(_HALVINGS) if n == 0 or len(articles) // 2**n >= _LEAST]
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
    blocks = list(model.features)
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
        name = f"{block.kind} {block.reads}" + ("" if block.kind in DENSE else f" {block.ngrams[0]}–{block.ngrams[1]}")
        rows.append({"without": name, "macro_f1": macro_f1(truth, without)[0], "change": change, "interval": interval})
    return rows


def drift(model: SectionClassifier, articles: Sequence[Text], proba: NDArray[np.float64] | None = None) -> dict[str, Any]:
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
        "mix": {str(name): round(float((said == k).mean()), 4) for k, name in enumerate(model.classes_)},
        "unknown_words": [[word, n] for word, n in commonest[:_UNKNOWN]],
    }
